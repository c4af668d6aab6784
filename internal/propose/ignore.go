package propose

import (
	"fmt"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"

	"github.com/strandline-tf/strandline/internal/model"
)

// ignore suggests to leave what drifted to others from now on. False: there is
// nothing left of the object that could be ignored.
func ignore(w *findings, d *model.Drift, tree *Tree) (model.Suggestion, bool) {
	s := model.Suggestion{Kind: "ignore", To: d.Address, Workspace: w.Name, Files: []model.File{}, Verified: unverified}
	if d.Action == model.ActionDelete || d.Deposed != "" || d.Mode != "managed" || len(d.Attributes) == 0 {
		return s, false
	}
	b := w.ignoring(d)
	site, why := tree.find(w.Folder, &d.Change)
	var in ignoreAdvice
	if why == "" {
		var known bool
		if in, known = b.done[site.block]; !known {
			in = site.ignoreAll(w, d, b.entries)
			b.done[site.block] = in
		}
		why, s.Patch = in.why, in.patch
	}
	switch {
	case why != "":
		s.Why = fmt.Sprintf("add %s to `ignore_changes` in its `lifecycle` block: %s", b.what, why)
	case in.already:
		s.Why = "in `ignore_changes` already, so that an apply leaves it alone: " + b.what
	case s.Patch == "":
		s.Why = fmt.Sprintf("add %s to `ignore_changes` in the `lifecycle` block at %s", b.what, site.place())
	default:
		s.Why = "Terraform then leaves alone, whoever changes it: " + b.what
		if site.addr.key != "" || len(site.calls) > 0 {
			s.Why += "; so it does for every object made from the block at " + site.place()
		}
	}
	return s, true
}

// ignoreAdvice is what came of adding entries to the ignore_changes of a block. It
// is the same for all instances.
type ignoreAdvice struct {
	already bool
	patch   string
	why     string // why it can't be done
}

// ignoreAll adds entries to ignore_changes, and tries the result out. d is one
// of the findings of the block.
func (s *site) ignoreAll(w *findings, d *model.Drift, entries []hcl.Traversal) ignoreAdvice {
	edits, why := s.ignore(entries)
	if why != "" || len(edits) == 0 {
		return ignoreAdvice{already: why == "", why: why}
	}
	var out ignoreAdvice
	if next, changes, isSound := s.tree.try(edits); isSound {
		if again, _ := next.find(w.Folder, &d.Change); again != nil {
			if more, why := again.ignore(entries); why == "" && len(more) == 0 {
				out.patch = s.tree.patch(changes)
			}
		}
	}
	return out
}

// ignored returns what ignore_changes has to name for what drifted: as narrow
// as Terraform allows, which takes the key of a map, but no element of a set,
// and no plan tells sets from lists.
func ignored(attributes []model.Attribute) []hcl.Traversal {
	out := []hcl.Traversal{}
	computedToo := true                  // unless something else drifted
	parsed := map[string]hcl.Traversal{} // by path: instances have the same ones; nil for none
	for i := range attributes {
		path := attributes[i].Path
		t, known := parsed[path]
		if !known {
			var diags hcl.Diagnostics
			if t, diags = hclsyntax.ParseTraversalAbs([]byte(path), "", hcl.InitialPos); diags.HasErrors() {
				t = nil
			}
			parsed[path] = t
		}
		computedToo = computedToo && t != nil && isComputed(t.RootName())
	}
	seen, written := map[[2]string]bool{}, map[string]bool{}
	for i := range attributes {
		a := &attributes[i]
		t := parsed[a.Path]
		if t == nil || isComputed(t.RootName()) && !computedToo {
			continue
		}
		key := mapKey(t, a)
		if seen[[2]string{t.RootName(), key}] {
			continue
		}
		seen[[2]string{t.RootName(), key}] = true
		entry := hcl.Traversal{hcl.TraverseRoot{Name: t.RootName()}}
		if key != "" {
			entry = append(entry, hcl.TraverseIndex{Key: cty.StringVal(key)})
		}
		if name := text(entry); !written[name] { // cty makes one key of some that differ
			written[name] = true
			out = append(out, entry)
		}
	}
	return out
}

// mapKey returns the key of a map that a path leads to, "" where it may be
// another thing than a map: an argument of a nested object has a name such as
// a provider gives them.
func mapKey(t hcl.Traversal, a *model.Attribute) string {
	if len(t) != 2 || a.Element == t.RootName() {
		return ""
	}
	r := reader{steps: t[1:]}
	key := r.next()
	if index, ok := t[1].(hcl.TraverseIndex); ok {
		if index.Key.Type() != cty.String {
			return ""
		}
		key = index.Key.AsString()
	}
	if !a.Null && (a.Before == nil || a.After == nil) && !a.Sensitive {
		return key // nothing else than a map lacks a member
	}
	switch t.RootName() {
	case "tags", "labels", "annotations", "metadata", "parameters", "variables", "environment_variables", "app_settings":
		return key
	}
	if strings.Trim(key, "abcdefghijklmnopqrstuvwxyz0123456789_") != "" {
		return key
	}
	return ""
}

// ignore returns the edits that add entries to ignore_changes, or why there are
// none.
func (s *site) ignore(entries []hcl.Traversal) ([]edit, string) {
	blocks, _ := blocksOf(s.block.Body, "lifecycle")
	if len(blocks) > 1 {
		return nil, fmt.Sprintf("the block at %s has several", s.place())
	}
	var names []string
	for _, e := range entries {
		names = append(names, text(e))
	}
	setting := "ignore_changes = [" + strings.Join(names, ", ") + "]"
	if len(blocks) == 0 {
		return s.src.addBlock(s.block, nil, "lifecycle {\n"+unit+setting+"\n}", about("lifecycle", s.block.OpenBraceRange.Start.Byte)), ""
	}
	attr := blocks[0].Body.Attributes["ignore_changes"]
	if attr == nil {
		return s.src.addLine(blocks[0], hcl.Range{}, setting, "", about("ignore", blocks[0].OpenBraceRange.Start.Byte)), ""
	}
	if hcl.ExprAsKeyword(attr.Expr) == "all" {
		return nil, ""
	}
	list, ok := attr.Expr.(*hclsyntax.TupleConsExpr)
	if !ok {
		return nil, fmt.Sprintf("its value at %s is no list", place(s.src, attr.SrcRange.Start.Line))
	}
	items := itemList{src: s.src, open: list.OpenRange, end: list.SrcRange.End.Byte}
	have := map[[2]string]bool{}
	for _, e := range list.Exprs {
		items.ranges = append(items.ranges, e.Range())
		if t, diags := hcl.AbsTraversalForExpr(e); !diags.HasErrors() {
			if names, ok := stepNames(t); ok {
				have[names] = true
			}
		}
	}
	for i, e := range entries {
		// What it lies within may be in the list already.
		whole, _ := stepNames(e[:1])
		if name, ok := stepNames(e); !have[whole] && !(ok && have[name]) {
			items.add(names[i], names[i])
		}
	}
	return items.edits(","), ""
}

// stepNames are the one or two steps of an entry, which are the same for
// tags.Env and tags["Env"]. False: it has more, or none by name.
func stepNames(t hcl.Traversal) (names [2]string, ok bool) {
	if len(t) > len(names) {
		return names, false
	}
	for i := range t {
		if names[i] = stepName(t[i]); names[i] == "" {
			return names, false
		}
	}
	return names, true
}

func stepName(s hcl.Traverser) string {
	r := reader{steps: hcl.Traversal{s}}
	if name := r.next(); name != "" {
		return name
	}
	v, ok := valueOf([]byte(r.key()))
	return textOf(v, ok)
}
