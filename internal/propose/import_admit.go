package propose

import (
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"

	"github.com/strandline-tf/strandline/internal/model"
)

// importKey is what Terraform tells imports apart by: the type, the provider
// and what the import block names. Where the workspace isn't known, neither is
// the provider, and the place stands for it.
type importKey struct{ typ, provider, name, account, region string }

func (b *Batch) importKey(o *model.Object) importKey {
	k := importKey{typ: o.Type, provider: plainProvider(o, b.settingOf(o).name), name: b.importID(o)}
	if b.byIdentity(o) {
		k.name = string(jsonOf(cty.ObjectVal(identityOf(o))))
	}
	if b.Workspace == "" {
		k.account, k.region = o.Account, o.Region
	}
	return k
}

// admit takes in those of a list that can be adopted, gives them addresses, and
// returns them in the order of these.
func (b *Batch) admit(list []*adopted) []*adopted {
	imported := map[importKey]*model.Object{}
	for _, r := range b.resources {
		imported[b.importKey(r.object)] = r.object
	}
	// Of those that Terraform can't tell apart, the one that is where its provider
	// looks is meant.
	isThere := func(r *adopted) bool { return r.object.Region != "" && r.object.Region == b.settingOf(r.object).region }
	list = slices.Clone(list)
	slices.SortStableFunc(list, func(x, y *adopted) int {
		switch {
		case isThere(x) == isThere(y):
			return 0
		case isThere(x):
			return -1
		}
		return 1
	})
	var rest, open, done []*adopted
	take := func(r *adopted, at *importAt) {
		r.address = at.address
		b.take(r)
		done = append(done, r)
	}
	for _, r := range list {
		o := r.object
		if why := b.refuses(o); why != "" {
			b.wait(r, why)
			continue
		}
		at := b.importOf(o)
		if at != nil && !b.isMendable(at, o) {
			b.adoption.leave(r.known, "it is in the configuration already: "+inCode(at.address)+", imported in "+inCode(at.file))
			continue
		}
		key := b.importKey(o)
		if other := imported[key]; other != nil {
			b.wait(r, twice(o, other))
			continue
		}
		imported[key] = o
		r.provider = b.settingOf(o).name
		if at != nil {
			take(r, at)
			continue
		}
		rest = append(rest, r)
	}
	for _, r := range rest { // what is in our files as it should be comes first
		if at := b.outdatedImportOf(r.object); at != nil && b.isMendable(at, r.object) {
			take(r, at)
			continue
		}
		if at, ok := b.folder.loops[r.object.Type]; ok {
			r.why += "; " + inCode(at.address) + ", which is imported with for_each in " + inCode(at.file) + ", may be the same"
		}
		open = append(open, r)
	}
	b.name(open)
	done = append(done, open...)
	slices.SortFunc(done, byAddress)
	return done
}

// isMendable reports whether what an import block and its resource say of an
// object can be written anew.
func (b *Batch) isMendable(at *importAt, o *model.Object) bool {
	_, name, _ := strings.Cut(at.address, ".")
	return at.ours && b.folder.declared[at.address] != persons && at.address == o.Type+"."+name && hclsyntax.ValidIdentifier(name)
}

// twice says why an object isn't imported beside another.
func twice(o, other *model.Object) string {
	if o.Account == other.Account && o.Region == other.Region {
		return "it is listed twice, and imported once"
	}
	return "the same is imported with the same provider already, for what is in " + whereabouts(other) + ": a provider configuration for each would tell them apart"
}

// wait leaves r out for as long as nobody knows whether its type can say where
// it is.
func (b *Batch) wait(r *adopted, why string) {
	b.adoption.leave(r.known, why)
	if b.target.Schemas == nil && r.object.Region != "" {
		b.waiting = append(b.waiting, r)
	}
}

// admitWaiting takes in what can be adopted now that the schemas are known.
func (b *Batch) admitWaiting() []*adopted {
	list := b.waiting
	b.waiting = nil
	for _, r := range list {
		b.adoption.Left = slices.DeleteFunc(b.adoption.Left, func(l Left) bool { return l.Object == r.index })
	}
	done := b.admit(list)
	b.adoption.sortLeft()
	return done
}
