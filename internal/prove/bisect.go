package prove

import (
	"context"
	"maps"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclwrite"
)

// bisect looks for what makes a plan fail that doesn't say why: it plans
// halves of what is adopted, as far as the attempts go, and with the last one
// all but what it has narrowed it down to. Only if that succeeds is it left
// out; else nothing is, and bisect returns false.
func (v *verifier) bisect(ctx context.Context) bool {
	files := v.files()
	groups := groupsOf(readBlocks(files))
	suspects := groups
	for len(suspects) > 1 && v.left() > 1 {
		half := suspects[:len(suspects)/2]
		rest := slices.Concat(difference(groups, half)...)
		failed, err := v.fails(ctx, files, rest)
		if err != nil {
			return false
		}
		if failed {
			suspects = half
		} else {
			suspects = suspects[len(half):]
		}
	}
	if len(suspects) != 1 || len(groups) == 1 {
		return false
	}
	out, err := v.plan(ctx, without(files, suspects[0]))
	if err != nil {
		return false
	}
	f := v.judge(out, without(files, suspects[0]))
	if f.broken {
		return false
	}
	for _, address := range suspects[0] {
		v.remove(address, "can't be imported: with it the plan fails, and Terraform doesn't say why")
	}
	f.forget(suspects[0])
	v.result.count(f)
	if v.leaveElsewhere(f) {
		v.end(Unverified, elsewhereLast)
	} else if f.clean() {
		v.end(NoChanges, "")
	} else {
		v.end(Changes, "")
	}
	return true
}

// forget drops what is known of resources that weren't planned on purpose.
func (f *findings) forget(addresses []string) {
	gone := func(a string) bool { return slices.Contains(addresses, a) }
	f.missing, f.unwritten = slices.DeleteFunc(f.missing, gone), slices.DeleteFunc(f.unwritten, gone)
}

// fails reports whether a plan without some resources fails.
func (v *verifier) fails(ctx context.Context, files map[string][]byte, addresses []string) (bool, error) {
	part := without(files, addresses)
	out, err := v.plan(ctx, part)
	return v.judge(out, part).broken, err
}

func difference(groups, less [][]string) [][]string {
	return slices.DeleteFunc(slices.Clone(groups), func(g []string) bool {
		return slices.ContainsFunc(less, func(l []string) bool { return l[0] == g[0] })
	})
}

// groupsOf returns the addresses that blocks adopt, those together that refer
// to each other; sorted.
func groupsOf(list blocks) [][]string {
	member := map[string]string{} // address -> the group's smallest
	for _, w := range list {
		member[w.address] = w.address
	}
	for _, w := range list {
		for _, to := range w.references() {
			from, of := member[w.address], member[to]
			if of == "" || of == from {
				continue
			}
			for address, group := range member {
				if group == max(from, of) {
					member[address] = min(from, of)
				}
			}
		}
	}
	groups := map[string][]string{}
	for _, address := range slices.Sorted(maps.Keys(member)) {
		groups[member[address]] = append(groups[member[address]], address)
	}
	var out [][]string
	for _, of := range slices.Sorted(maps.Keys(groups)) {
		out = append(out, groups[of])
	}
	return out
}

// without returns files without the blocks of some resources.
func without(files map[string][]byte, addresses []string) map[string][]byte {
	out := map[string][]byte{}
	for name, text := range files {
		out[name] = text
		f, diags := hclwrite.ParseConfig(text, name, hcl.InitialPos)
		if diags.HasErrors() {
			continue
		}
		for _, b := range f.Body().Blocks() {
			address := ""
			switch labels := b.Labels(); {
			case b.Type() == "resource" && len(labels) == 2:
				address = labels[0] + "." + labels[1]
			case b.Type() == "import" && b.Body().GetAttribute("to") != nil:
				address = string(b.Body().GetAttribute("to").Expr().BuildTokens(nil).Bytes())
			}
			if slices.Contains(addresses, strings.TrimSpace(address)) {
				f.Body().RemoveBlock(b)
			}
		}
		out[name] = f.Bytes()
	}
	return out
}
