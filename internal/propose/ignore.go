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
func ignore(w *model.Workspace, d *model.Drift, tree *Tree) (model.Suggestion, bool) {
	s := model.Suggestion{Kind: "ignore", To: d.Address, Workspace: w.Name, Files: []model.File{}, Verified: unverified}
	if d.Action == model.ActionDelete || d.Deposed != "" || d.Mode != "managed" || len(d.Attributes) == 0 {
		return s, false
	}
	// One block may stand for several instances, and has one list for all.
	var attributes []model.Attribute
	for i := range w.Drift {
		if o := &w.Drift[i]; model.ConfigAddress(o.Address) == model.ConfigAddress(d.Address) && o.Action != model.ActionDelete {
			attributes = append(attributes, o.Attributes...)
		}
	}
	entries := ignored(attributes)
	names := make([]string, len(entries))
	for i, e := range entries {
		names[i] = inCode(text(e))
	}
	what := listed(names)
	site, why := tree.find(w.Folder, &d.Change)
	if why != "" {
		s.Why = fmt.Sprintf("add %s to `ignore_changes` in its `lifecycle` block: %s", what, why)
		return s, true
	}
	edits, why := site.ignore(entries)
	if why != "" {
		s.Why = fmt.Sprintf("add %s to `ignore_changes` in its `lifecycle` block: %s", what, why)
		return s, true
	}
	if len(edits) == 0 {
		s.Why = "in `ignore_changes` already, so that an apply leaves it alone: " + what
		return s, true
	}
	files, ok := tree.edited(edits)
	if next, isSound := tree.with(files); ok && isSound {
		if again, _ := next.find(w.Folder, &d.Change); again != nil {
			if more, why := again.ignore(entries); why == "" && len(more) == 0 {
				s.Patch = tree.patch(files)
			}
		}
	}
	s.Why = "Terraform then leaves alone, whoever changes it: " + what
	if site.addr.key != "" || len(site.calls) > 0 {
		s.Why += "; so it does for every object made from the block at " + site.place()
	}
	if s.Patch == "" {
		s.Why = fmt.Sprintf("add %s to `ignore_changes` in the `lifecycle` block at %s", what, site.place())
	}
	return s, true
}

// ignored returns what ignore_changes has to name for what drifted: as narrow
// as Terraform allows, which takes the key of a map, but no element of a set,
// and no plan tells sets from lists.
func ignored(attributes []model.Attribute) []hcl.Traversal {
	var out []hcl.Traversal
	seen := map[string]bool{}
	computedToo := true // unless something else drifted
	for i := range attributes {
		t, diags := hclsyntax.ParseTraversalAbs([]byte(attributes[i].Path), "", hcl.InitialPos)
		computedToo = computedToo && !diags.HasErrors() && isComputed(t.RootName())
	}
	for i := range attributes {
		a := &attributes[i]
		t, diags := hclsyntax.ParseTraversalAbs([]byte(a.Path), "", hcl.InitialPos)
		if diags.HasErrors() || isComputed(t.RootName()) && !computedToo {
			continue
		}
		entry := hcl.Traversal{hcl.TraverseRoot{Name: t.RootName()}}
		if key := mapKey(t, a); key != "" {
			entry = append(entry, hcl.TraverseIndex{Key: cty.StringVal(key)})
		}
		if name := text(entry); !seen[name] {
			seen[name] = true
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
	var covered []hcl.Traversal
	for _, e := range list.Exprs {
		items.ranges = append(items.ranges, e.Range())
		if t, diags := hcl.AbsTraversalForExpr(e); !diags.HasErrors() {
			covered = append(covered, t)
		}
	}
	for i, e := range entries {
		if !isCovered(e, covered) {
			items.add(names[i], names[i])
		}
	}
	return items.edits(","), ""
}

// isCovered reports whether an entry, or one that it lies within, is in a list
// already.
func isCovered(entry hcl.Traversal, list []hcl.Traversal) bool {
	for _, t := range list {
		if len(t) <= len(entry) && isSameKeys(t, entry[:len(t)]) {
			return true
		}
	}
	return false
}

// isSameKeys is isSame for traversals in which tags.Env and tags["Env"] are one.
func isSameKeys(a, b hcl.Traversal) bool {
	for i := range a {
		if stepName(a[i]) != stepName(b[i]) || stepName(a[i]) == "" {
			return false
		}
	}
	return true
}

func stepName(s hcl.Traverser) string {
	r := reader{steps: hcl.Traversal{s}}
	if name := r.next(); name != "" {
		return name
	}
	v, ok := valueOf([]byte(r.key()))
	return textOf(v, ok)
}
