package propose

import (
	"bytes"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"
)

// expression reconciles what t decides with d.
func (r *reconciler) expression(t target, d *difference) {
	if d.leaf != nil && r.isWithheld(d) {
		return
	}
	t.expr = argument(t.expr, "toset", "tolist", "tomap", "tostring", "tonumber", "tobool")
	switch e := t.expr.(type) {
	case *hclsyntax.ScopeTraversalExpr:
		r.follow(t, e.Traversal, d)
		return
	case *hclsyntax.TemplateWrapExpr: // "${var.x}"
		r.expression(t.with(e.Wrapped), d)
		return
	case *hclsyntax.FunctionCallExpr:
		switch {
		case e.Name == "jsonencode" && len(e.Args) == 1 && d.leaf != nil:
			r.encoded(t, e.Args[0], d)
			return
		case e.Name == "merge" && !e.ExpandFinal && d.leaf == nil:
			r.merge(t, e.Args, d)
			return
		}
	case *hclsyntax.ObjectConsExpr:
		if d.leaf == nil && !d.hasItems() {
			r.object(t, e, d)
			return
		}
	case *hclsyntax.TupleConsExpr:
		if d.leaf == nil && d.hasItems() {
			r.tuple(t, e, d)
			return
		}
	}
	if isLiteral(t.expr) {
		r.literal(t, d)
		return
	}
	r.elsewhere(t, d)
}

func (d *difference) hasItems() bool { return len(d.kids) > 0 && d.kids[0].isItem }

// elsewhere says where d's value is decided by more than a literal, and what
// it is made of.
func (r *reconciler) elsewhere(t target, d *difference) {
	f := r.site.tree.folder(r.site.dirs[t.depth])
	var parts []string
	for _, v := range t.expr.Variables() {
		steps := reader{steps: v}
		root, name := steps.next(), steps.next()
		part := inCode(strings.TrimSuffix(root+"."+name, "."))
		if root == "var" && len(f.variables.get(name)) == 1 {
			part += " (" + f.variables.get(name)[0].place() + ")"
		}
		if root == "local" && len(f.locals.get(name)) == 1 {
			part += " (" + place(f.locals.get(name)[0].src, f.locals.get(name)[0].attr.SrcRange.Start.Line) + ")"
		}
		if !slices.Contains(parts, part) {
			parts = append(parts, part)
		}
	}
	made := ""
	if len(parts) > 0 {
		made = ", which is made from " + listed(parts)
	}
	r.leave(d, "comes from the expression at %s%s", t.place(), made)
}

// differs says that the configuration isn't what the state held.
func (r *reconciler) differs(t target, d *difference) {
	switch {
	case t.isInput && inputRank(t.src.path) > 0:
		r.leave(d, "comes from a variable of the root module that is set in the workspace or on the command line; its value at %s is another", t.place())
		return
	case t.isInput:
		r.leave(d, "comes from a variable of the root module that is set in the workspace or in a .tfvars file; its default, at %s, is another", t.place())
		return
	}
	r.leave(d, "is something else at %s than what was there before: the configuration changed since the last apply, or the provider writes the value differently", t.place())
}

// literal replaces a literal.
func (r *reconciler) literal(t target, d *difference) {
	if r.isWithheld(d) {
		return
	}
	lit, ok := literal(t.expr)
	was, ok1 := d.value(before)
	now, ok2 := d.value(after)
	switch {
	case !ok || !ok1 || !ok2:
		r.elsewhere(t, d)
	case isSameValue(lit, now) || isEmptyValue(lit) && isEmptyValue(now):
	case !isSameValue(lit, was) && !(isEmptyValue(lit) && isEmptyValue(was)), d.leaf == nil && !d.whole && !isEmptyValue(lit):
		r.differs(t, d)
	case now.IsNull() && t.hops > 0:
		r.leave(d, "is decided at %s, and would have to be null", t.place())
	default:
		if lit.Type() == cty.String && !now.IsNull() && (now.Type() == cty.Number || now.Type() == cty.Bool) {
			now = cty.StringVal(textOf(now, true)) // as it was written before
		}
		text, ok := t.src.rewrite(t.expr, now)
		if !ok {
			r.leave(d, "has a value that can't be written as HCL at %s", t.place())
			return
		}
		at := t.expr.Range()
		r.make(t, d, edit{t.src.path, at.Start.Byte, at.End.Byte, text, about("value", at.Start.Byte)})
	}
}

// rewrite writes a value in the place of expr: lines as a heredoc where it was
// one.
func (s *source) rewrite(expr hclsyntax.Expression, v cty.Value) (string, bool) {
	at := expr.Range()
	text, ok := write(v)
	if old := s.text[at.Start.Byte:at.End.Byte]; ok && bytes.HasPrefix(old, []byte("<<")) {
		if v.IsNull() || v.Type() != cty.String {
			return text, !bytes.HasSuffix(old, []byte("\n"))
		}
		return heredoc(string(old), v.AsString())
	}
	return strings.ReplaceAll(text, "\n", "\n"+s.indent(at.Start.Byte)), ok
}

// object reconciles the members of an object that is written out.
func (r *reconciler) object(t target, e *hclsyntax.ObjectConsExpr, d *difference) {
	items := itemList{src: t.src, open: e.OpenRange, end: e.SrcRange.End.Byte}
	isOpen := false // members may be named by an expression
	for _, item := range e.Items {
		if _, ok := itemName(item); !ok {
			isOpen = true
		}
		items.ranges = append(items.ranges, rangeOf(item))
	}
	for _, k := range d.kids {
		at := -1
		for i, item := range e.Items {
			if name, ok := itemName(item); ok && name == k.name {
				at = i
			}
		}
		switch {
		case at >= 0 && k.isGone():
			if _, ok := literal(e.Items[at].ValueExpr); ok && !t.isInput {
				items.remove(at)
			} else {
				r.elsewhere(t.with(e.Items[at].ValueExpr), k)
			}
		case at >= 0:
			r.expression(t.with(e.Items[at].ValueExpr), k)
		case r.isWithheld(k):
		case isOpen || t.isInput:
			r.elsewhere(t, k)
		case k.isGone():
			r.leave(k, "isn't set at %s", t.place())
		case !k.isNew():
			r.leave(k, "isn't set at %s, though it was there before", t.place())
		default:
			now, ok := k.value(after)
			text, written := "", false
			if ok {
				text, written = write(now)
			}
			if !written {
				r.leave(k, "has a value that can't be written as HCL at %s", t.place())
				continue
			}
			items.add(string(nameTokens(k.name).Bytes())+" = "+text, k.name)
		}
	}
	r.make(t, d, items.edits("\n")...)
}

// tuple reconciles the elements of a list that is written out.
func (r *reconciler) tuple(t target, e *hclsyntax.TupleConsExpr, d *difference) {
	items := itemList{src: t.src, open: e.OpenRange, end: e.SrcRange.End.Byte}
	m := chooser{unchanged: r.drift.Unchanged}
	for i, part := range e.Exprs {
		items.ranges = append(items.ranges, part.Range())
		m.candidates = append(m.candidates, candidate{at: i, expr: part})
	}
	if t.isInput {
		r.elsewhere(t, d)
		return
	}
	for _, k := range d.kids {
		if k.phase != changes {
			continue
		}
		if c, why := m.take(k, before); c != nil {
			r.expression(t.with(c.expr), k)
		} else if c, _ := m.take(k, after); c == nil {
			r.leave(k, "is an element of the list at %s, %s", t.place(), why)
		}
	}
	for _, k := range d.kids {
		if k.phase != goes {
			continue
		}
		if c, why := m.take(k, before); c != nil {
			items.remove(c.at)
		} else {
			r.leave(k, "is an element of the list at %s, %s", t.place(), why)
		}
	}
	for _, k := range d.kids {
		if k.phase != comes {
			continue
		}
		if c, _ := m.take(k, after); c != nil || r.isWithheld(k) {
			continue
		}
		now, ok := k.value(after)
		text, written := "", false
		if ok {
			text, written = write(now)
		}
		if !written {
			r.leave(k, "has a value that can't be written as HCL at %s", t.place())
			continue
		}
		items.add(text, k.path)
	}
	r.make(t, d, items.edits(",")...)
}

// merge reconciles the members of several objects that become one: the last
// one that has a member decides it.
func (r *reconciler) merge(t target, args []hclsyntax.Expression, d *difference) {
	byArg := make([]difference, len(args))
	for _, k := range d.kids {
		at, unknown := -1, -1
		for i := len(args) - 1; i >= 0 && at < 0; i-- {
			e, ok := args[i].(*hclsyntax.ObjectConsExpr)
			switch {
			case !ok && unknown < 0:
				unknown = i
			case ok && k.isNew():
				at = i
			case ok:
				if _, has := itemOf(e, k.name); has && unknown < 0 {
					at = i
				}
			}
		}
		switch {
		case at < 0 && unknown >= 0:
			r.expression(t.with(args[unknown]), k.under(d))
		case at < 0:
			r.elsewhere(t, k)
		case k.isGone() && !allObjects(args[:at]):
			r.leave(k, "is set at %s, but may come from what is merged before it as well", t.with(args[at]).place())
		default:
			byArg[at].kids = append(byArg[at].kids, k)
		}
	}
	for i := range byArg {
		if len(byArg[i].kids) > 0 {
			byArg[i].path = d.path
			r.expression(t.with(args[i]), &byArg[i])
		}
	}
}

// under is a difference like whole, with d alone in it.
func (d *difference) under(whole *difference) *difference {
	return &difference{path: whole.path, name: whole.name, kids: []*difference{d}}
}

func allObjects(args []hclsyntax.Expression) bool {
	for _, a := range args {
		if _, ok := a.(*hclsyntax.ObjectConsExpr); !ok {
			return false
		}
	}
	return true
}
