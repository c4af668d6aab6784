package propose

import (
	"fmt"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"

	"github.com/strandline-tf/strandline/internal/model"
)

// reconciler finds the edits after which a resource's configuration says what
// the resource has become, and why there are none for the rest of it.
type reconciler struct {
	site   *site
	drift  *model.Drift
	undone map[string]bool // paths that the plan sets back to what they were
	edits  []edit
	left   []string // "`path` …": why it has no edit
}

// target is an expression that decides a value.
type target struct {
	src   *source
	expr  hclsyntax.Expression
	depth int    // it stands in dirs[depth] of the site
	own   levels // levels of the site of which it concerns one instance only
	hops  int    // references followed to get here
	// isInput: the default of a variable of the root module, or what a file sets
	// it to. It may be set elsewhere, and its type may ask for all members.
	isInput bool
}

// with returns the target for a part of t's expression.
func (t target) with(expr hclsyntax.Expression) target {
	t.expr = expr
	return t
}

// place is the file and line of the expression.
func (t target) place() string { return place(t.src, t.expr.Range().Start.Line) }

// leave says that d has no edit.
func (r *reconciler) leave(d *difference, format string, args ...any) {
	r.left = append(r.left, inCode(d.path)+" "+fmt.Sprintf(format, args...))
}

// make keeps edits at t for d, if nothing else depends on what stands there.
func (r *reconciler) make(t target, d *difference, edits ...edit) {
	if len(edits) == 0 {
		return
	}
	if why := r.site.shared(t.depth, t.own); why != "" {
		r.leave(d, "is at %s: %s", t.place(), why)
		return
	}
	r.edits = append(r.edits, edits...)
}

// isWithheld reports whether d has a value that may not be written, and says so.
func (r *reconciler) isWithheld(d *difference) bool {
	why := d.withheld()
	if why != "" {
		r.leave(d, "has no patch: %s", why)
	}
	return why != ""
}

// run reconciles all attributes of the drift.
func (r *reconciler) run() {
	root, odd := differencesOf(r.drift.Attributes)
	for _, path := range odd {
		r.left = append(r.left, inCode(path)+" can't be read as a path")
	}
	r.members(target{src: r.site.src, depth: len(r.site.calls)}, r.site.block, root)
}

// members reconciles what a block holds. Of at, the expression is set anew.
func (r *reconciler) members(at target, in *hclsyntax.Block, d *difference) {
	for _, k := range d.kids {
		attr, isAttribute := in.Body.Attributes[k.name]
		blocks, dynamic := blocksOf(in.Body, k.name)
		switch {
		case k.isItem:
			r.leave(k, "can't be read as a path")
		case isAttribute && k.isGone():
			r.drop(at.with(attr.Expr), attr, k)
		case isAttribute:
			r.expression(at.with(attr.Expr), k)
		case dynamic != nil:
			r.leave(k, "comes from the dynamic block at %s", place(at.src, dynamic.DefRange().Start.Line))
		case len(blocks) > 0:
			r.blocks(at, in, blocks, k)
		default:
			r.absent(at, in, k)
		}
	}
}

// blocksOf returns the blocks by a name, and the first dynamic one of it.
func blocksOf(body *hclsyntax.Body, name string) (blocks []*hclsyntax.Block, dynamic *hclsyntax.Block) {
	for _, b := range body.Blocks {
		switch {
		case b.Type == name:
			blocks = append(blocks, b)
		case b.Type == "dynamic" && dynamic == nil && len(b.Labels) == 1 && b.Labels[0] == name:
			dynamic = b
		}
	}
	return blocks, dynamic
}

// drop removes an argument that reality has no value for.
func (r *reconciler) drop(t target, attr *hclsyntax.Attribute, d *difference) {
	lit, ok := literal(argument(t.expr, "toset", "tolist", "tomap"))
	was, known := d.value(before)
	switch {
	case !ok || !known:
		r.elsewhere(t, d)
	case isEmptyValue(lit):
	case !d.whole && !isSameValue(lit, was), d.whole && !isSameContent(lit, was):
		r.differs(t, d)
	default:
		r.make(t, d, t.src.cut(attr.SrcRange))
	}
}

// blocks reconciles the nested blocks of one name.
func (r *reconciler) blocks(at target, in *hclsyntax.Block, blocks []*hclsyntax.Block, d *difference) {
	var named, items difference
	for _, k := range d.kids {
		if k.isItem {
			items.kids = append(items.kids, k)
		} else {
			named.kids = append(named.kids, k)
		}
	}
	switch {
	case d.leaf != nil:
		r.leave(d, "is written as a block at %s", place(at.src, blocks[0].DefRange().Start.Line))
	case len(named.kids) > 0 && len(blocks) > 1:
		r.leave(d, "is written as %d blocks, from %s on", len(blocks), place(at.src, blocks[0].DefRange().Start.Line))
	case len(named.kids) > 0 && d.isGone():
		r.make(at.with(standIn(blocks[0])), d, at.src.cut(blocks[0].Range()))
	case len(named.kids) > 0:
		r.members(at, blocks[0], &named)
	}
	if len(items.kids) == 0 {
		return
	}
	candidates := make([]candidate, len(blocks))
	for i, b := range blocks {
		candidates[i] = candidate{at: i, block: b}
	}
	m := chooser{candidates: candidates, unchanged: r.drift.Unchanged}
	for _, k := range items.kids {
		if k.phase != changes {
			continue
		}
		if c, why := m.take(k, before); c != nil {
			r.members(at, c.block, k)
		} else if c, _ := m.take(k, after); c == nil {
			r.leave(k, "is one of the blocks from %s on, %s", place(at.src, blocks[0].DefRange().Start.Line), why)
		}
	}
	for _, k := range items.kids {
		if k.phase != goes {
			continue
		}
		if c, why := m.take(k, before); c != nil {
			r.make(at.with(standIn(c.block)), k, at.src.cut(c.block.Range()))
		} else if why != isMissing {
			r.leave(k, "is one of the blocks from %s on, %s", place(at.src, blocks[0].DefRange().Start.Line), why)
		}
	}
	last := blocks[len(blocks)-1]
	for _, k := range items.kids {
		if k.phase != comes {
			continue
		}
		if c, _ := m.take(k, after); c == nil {
			r.addBlock(at, in, last, k)
		}
	}
}

// standIn is an expression that tells no more than where a block is.
func standIn(b *hclsyntax.Block) hclsyntax.Expression {
	return &hclsyntax.LiteralValueExpr{Val: cty.DynamicVal, SrcRange: b.DefRange()}
}

// absent adds what the configuration doesn't mention.
func (r *reconciler) absent(at target, in *hclsyntax.Block, d *difference) {
	where := place(at.src, in.DefRange().Start.Line)
	if r.isWithheld(d) {
		return
	}
	now, ok := d.value(after)
	switch {
	case !ok:
		r.leave(d, "has a value that can't be written as HCL")
	case now.IsNull():
		r.leave(d, "isn't set in the configuration (%s), so that there is nothing to take out", where)
	case isComputed(d.name) || r.drift.AffectsPlan != nil && !r.isUndone(d):
		r.leave(d, "isn't set in the configuration (%s), and an apply leaves it as it is", where)
	case d.leaf == nil && !d.isNew():
		r.leave(d, "isn't set in the configuration (%s), and not all that it holds is known", where)
	case d.leaf != nil && !r.isUndone(d) && r.mayBeComputed(d.leaf):
		r.leave(d, "isn't set in the configuration: where the provider lets it be set, it belongs at %s; else the provider made it so", where)
	case r.isBlock(d, now):
		for _, k := range d.kids {
			if !k.isItem {
				r.addBlock(at, in, nil, d)
				return
			}
			r.addBlock(at, in, nil, k)
		}
	default:
		text, ok := write(now)
		if !ok {
			r.leave(d, "has a value that can't be written as HCL")
			return
		}
		r.make(at.with(standIn(in)), d, at.src.addArgument(in, d.name, text)...)
	}
}

// addBlock writes d as a block of in, behind last or behind all else.
func (r *reconciler) addBlock(at target, in, last *hclsyntax.Block, d *difference) {
	if r.isWithheld(d) {
		return
	}
	now, ok := d.value(after)
	if !ok || now.IsNull() || !now.Type().IsObjectType() {
		r.leave(d, "has no value that can be written as a block at %s", place(at.src, in.DefRange().Start.Line))
		return
	}
	n := newBlock{tree: r.site.tree, typ: r.site.addr.typ}
	text, ok := n.text(pathOfNames(d.path), now)
	if !ok {
		r.leave(d, "has a value that can't be written as HCL")
		return
	}
	if len(n.skipped) > 0 {
		r.leave(d, "is written without %s, which no other such block sets", inCode(strings.Join(n.skipped, ", ")))
	}
	r.make(at.with(standIn(in)), d, at.src.addBlock(in, last, text, about("block", in.OpenBraceRange.Start.Byte, d.path))...)
}

// pathOfNames returns a path without its indexes.
func pathOfNames(path string) string {
	steps, diags := hclsyntax.ParseTraversalAbs([]byte(path), "", hcl.InitialPos)
	if diags.HasErrors() {
		return ""
	}
	var names []string
	for r := (reader{steps: steps}); r.at < len(steps); {
		if name := r.next(); name != "" {
			names = append(names, name)
		} else {
			r.at++
		}
	}
	return strings.Join(names, ".")
}

// mayBeComputed reports whether an attribute that isn't in the configuration
// may be one that none can set. It had a text then, which is no switch and no
// number, and no resource of the type in this tree sets it.
func (r *reconciler) mayBeComputed(a *model.Attribute) bool {
	return len(a.Before) > len(`""`) && a.Before[0] == '"' && r.site.tree.form(r.site.addr.typ, a.Path) == 0
}

// isUndone reports whether the plan sets back all of d.
func (r *reconciler) isUndone(d *difference) bool {
	return d.all(func(a *model.Attribute) bool { return r.undone[a.Path] })
}

// isBlock reports whether a new argument is written as a block: as other
// resources of the type write it; where none does, lists of objects are blocks.
func (r *reconciler) isBlock(d *difference, v cty.Value) bool {
	switch r.site.tree.form(r.site.addr.typ, d.name) {
	case asArgument:
		return false
	case asBlock:
		return d.leaf == nil
	}
	if d.leaf != nil || !v.Type().IsTupleType() {
		return false
	}
	for _, e := range v.AsValueSlice() {
		if e.IsNull() || !e.Type().IsObjectType() {
			return false
		}
	}
	return true
}

// isComputed reports whether an attribute of this name is the provider's to
// set, whatever the resource: no configuration may.
func isComputed(name string) bool {
	switch name {
	case "id", "arn", "etag", "urn", "self_link", "tags_all", "effective_labels", "terraform_labels", "unique_id", "owner_id", "creation_date", "create_date",
		"create_time", "created_at", "updated_at", "update_time", "last_modified", "last_updated", "version_id", "fingerprint",
		"generation", "resource_version":
		return true
	}
	return false
}
