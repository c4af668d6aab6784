package propose

import (
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
)

// keepOwn takes the resource block that an earlier run wrote for r, as it
// stands: it may have been proven and mended since, which what an inventory
// tells has not. Of what this run would have written come the arguments that
// aren't plain values in the block, such as references. A block that was
// written for another provider is written anew; one for another way of treating
// secrets is not taken.
func (b *Batch) keepOwn(r *adopted) {
	made := r.body
	if made == nil {
		made = &body{}
	}
	if b.folder.declared[r.address] != ours {
		return
	}
	own := b.folder.own[r.address]
	src, ok := parse("own.tf", []byte(own))
	if !ok || len(src.body.Blocks) != 1 {
		return
	}
	block := src.body.Blocks[0].Body
	if !slices.Equal(variablesIn(block), made.variables()) {
		return
	}
	ignored := ignoredIn(src, block)
	read, ok := readResource(r.object.Type, own)
	if !ok {
		return
	}
	for name, attr := range block.Attributes {
		if isReserved(name) || len(read.body.named(name)) > 0 {
			continue
		}
		if instead := made.named(name); len(instead) == 1 && instead[0].block == nil {
			read.body.items = append(read.body.items, instead[0])
			continue
		}
		text := string(attr.Expr.Range().SliceBytes(src.text))
		read.body.items = append(read.body.items, &item{name: name, expression: text})
	}
	provider := ""
	if read.provider != nil {
		provider = text(read.provider)
	}
	if provider != r.provider { // the workspace configures others now, or it was written before they were told apart
		own = ""
		if with := b.settingOf(r.object); with.alias && textOf(memberOf(read.body.members(), "region"), true) == with.region {
			read.body.without("region")
		}
	}
	read.body.sort()
	r.body, r.ignored, r.kept = read.body, ignored, own
}

// forget writes the block of r anew where what is kept of it refers to address.
func (r *adopted) forget(address string) {
	if strings.Contains(r.kept, address+".") {
		r.kept = ""
	}
}

// variablesIn returns the names of the arguments that are set to variables, sorted.
func variablesIn(in *hclsyntax.Body) []string {
	var out []string
	for name, attr := range in.Attributes {
		if t, diags := hcl.AbsTraversalForExpr(attr.Expr); !diags.HasErrors() && t.RootName() == "var" {
			out = append(out, name)
		}
	}
	slices.Sort(out)
	return out
}

// variables returns the names of the arguments that are set to variables, sorted.
func (b *body) variables() []string {
	var out []string
	for _, it := range b.items {
		if it.variable != "" {
			out = append(out, it.name)
		}
	}
	slices.Sort(out)
	return out
}

// ignoredIn reads what stands under ignore_changes, and the reasons that
// writeIgnored has put in front.
func ignoredIn(src *source, in *hclsyntax.Body) map[string]string {
	out := map[string]string{}
	for _, b := range in.Blocks {
		if b.Type != "lifecycle" || b.Body.Attributes["ignore_changes"] == nil {
			continue
		}
		list, diags := hcl.ExprList(b.Body.Attributes["ignore_changes"].Expr)
		if diags.HasErrors() {
			continue
		}
		for _, e := range list {
			if name := hcl.ExprAsKeyword(e); name != "" {
				out[name] = ""
			}
		}
		for line := range strings.Lines(string(b.Range().SliceBytes(src.text))) {
			said, isComment := strings.CutPrefix(strings.TrimSpace(line), "# ")
			name, why, _ := strings.Cut(said, " ")
			if _, listed := out[name]; listed && isComment {
				out[name] = why
			}
		}
	}
	return out
}
