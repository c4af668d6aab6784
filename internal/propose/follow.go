package propose

import (
	"fmt"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"
)

const usedElsewhere = "which is used elsewhere as well: "

// maxHops is how many references are followed from an argument to the literal
// that decides it.
const maxHops = 4

// follow reconciles what an expression refers to, where nothing else does.
func (r *reconciler) follow(t target, to hcl.Traversal, d *difference) {
	steps := reader{steps: to}
	root, name := steps.next(), steps.next()
	ref := inCode(text(to))
	if t.hops == maxHops {
		r.leave(d, "comes from %s at %s", ref, t.place())
		return
	}
	next, why := target{}, ""
	switch root {
	case "local":
		next, why = r.local(t, name, to)
	case "var":
		next, why = r.variable(t, name, to)
	case "each":
		next, why = r.each(t, name)
	default:
		why = fmt.Sprintf("at %s", t.place())
	}
	if why == "" {
		next, why = next.down(to[steps.at:])
	}
	if why != "" {
		r.leave(d, "comes from %s %s", ref, why)
		return
	}
	next.hops = t.hops + 1
	r.expression(next, d)
}

// local returns the definition of a local value.
func (r *reconciler) local(t target, name string, to hcl.Traversal) (target, string) {
	f := r.site.tree.folder(r.site.dirs[t.depth])
	if f == nil || len(f.locals.get(name)) != 1 {
		return t, fmt.Sprintf("at %s, which isn't defined in the files there", t.place())
	}
	def := f.locals.get(name)[0]
	at := place(def.src, def.attr.SrcRange.Start.Line)
	if why := f.otherUses("local."+name, to, hcl.Range{}); why != "" {
		return t, fmt.Sprintf("(%s), %s", at, why)
	}
	t.src, t.expr = def.src, def.attr.Expr
	return t, ""
}

// variable returns what sets a variable: the module's call; of the root module, a
// file of variables; else the default.
func (r *reconciler) variable(t target, name string, to hcl.Traversal) (target, string) {
	f := r.site.tree.folder(r.site.dirs[t.depth])
	if f == nil || len(f.variables.get(name)) != 1 {
		return t, fmt.Sprintf("at %s, which isn't declared in the files there", t.place())
	}
	v := f.variables.get(name)[0]
	at := v.place()
	if isSensitive(v) {
		return t, fmt.Sprintf("(%s), which is sensitive", at)
	}
	why := f.otherUses("var."+name, to, v.block.Range())
	if t.depth > 0 {
		call := r.site.calls[t.depth-1]
		if attr := call.block.Body.Attributes[name]; attr != nil {
			if why != "" {
				return t, fmt.Sprintf("(set at %s), %s", place(call.src, attr.SrcRange.Start.Line), why)
			}
			t.src, t.expr, t.depth = call.src, attr.Expr, t.depth-1
			return t, ""
		}
	} else {
		switch in, elsewhere := r.site.tree.input(r.site.dirs[0], name); {
		case elsewhere != "":
			return t, fmt.Sprintf("(%s), %s", at, elsewhere)
		case in.attr != nil && why != "":
			return t, fmt.Sprintf("(set at %s), %s", place(in.src, in.attr.SrcRange.Start.Line), why)
		case in.attr != nil:
			t.src, t.expr, t.isInput = in.src, in.attr.Expr, true
			return t, ""
		}
	}
	def := v.block.Body.Attributes["default"]
	switch {
	case def == nil:
		return t, fmt.Sprintf("(%s), which is set in the workspace or in a .tfvars file", at)
	case why != "":
		return t, fmt.Sprintf("(%s), %s", at, why)
	}
	t.src, t.expr, t.isInput = v.src, def.Expr, t.depth == 0
	return t, ""
}

// each returns the element of for_each that the instance is made from.
func (r *reconciler) each(t target, what string) (target, string) {
	level := t.depth
	p, key := r.site.level(level)
	each := p.block.Body.Attributes["for_each"]
	if what != "value" || each == nil || key == "" || p.src != t.src || !p.block.Range().ContainsPos(t.expr.Range().Start) {
		return t, fmt.Sprintf("at %s", t.place())
	}
	if l, ok := each.Expr.(*hclsyntax.ScopeTraversalExpr); ok {
		steps := reader{steps: l.Traversal}
		if root, name := steps.next(), steps.next(); root == "local" && steps.at == len(l.Traversal) {
			next, why := r.local(t.with(each.Expr), name, l.Traversal)
			if why != "" {
				return t, why
			}
			t = next
		}
	} else {
		t.expr = each.Expr
	}
	name, ok := valueOf([]byte(key))
	e, isObject := t.expr.(*hclsyntax.ObjectConsExpr)
	if !ok || !isObject {
		return t, fmt.Sprintf("at %s", t.place())
	}
	item, ok := itemOf(e, textOf(name, ok))
	if !ok {
		return t, fmt.Sprintf("at %s", t.place())
	}
	t.expr, t.own = item.ValueExpr, t.own.with(level)
	return t, ""
}

// down returns the part of an object that is written out to which steps lead.
func (t target) down(steps hcl.Traversal) (target, string) {
	for _, s := range steps {
		name := ""
		switch s := s.(type) {
		case hcl.TraverseAttr:
			name = s.Name
		case hcl.TraverseIndex:
			if s.Key.Type() == cty.String {
				name = s.Key.AsString()
			}
		}
		e, ok := t.expr.(*hclsyntax.ObjectConsExpr)
		if !ok || name == "" {
			return t, fmt.Sprintf("(%s)", t.place())
		}
		item, ok := itemOf(e, name)
		if !ok {
			return t, fmt.Sprintf("(%s)", t.place())
		}
		t.expr = item.ValueExpr
	}
	return t, ""
}

// otherUses says where else the value is used that a traversal leads to, "" for
// nowhere. Uses within except don't count: a variable's own validation.
func (f *folder) otherUses(name string, to hcl.Traversal, except hcl.Range) string {
	var places []string
	for _, u := range f.uses.get(name) {
		at := u.traversal.SourceRange()
		isSame := at == to.SourceRange()
		if isSame || except.Filename == at.Filename && except.ContainsPos(at.Start) || !overlap(u.traversal, to) {
			continue
		}
		places = append(places, place(u.src, at.Start.Line))
	}
	if len(places) == 0 {
		return ""
	}
	return usedElsewhere + listed(places)
}

// overlap reports whether one traversal may lead to the other's value or a part
// of it: nowhere do they take different ways.
func overlap(a, b hcl.Traversal) bool {
	for i := range min(len(a), len(b)) {
		x, y := reader{steps: a[i : i+1]}, reader{steps: b[i : i+1]}
		if nx, ny := x.next(), y.next(); nx != "" && ny != "" && nx != ny {
			return false
		}
		if kx, ky := x.key(), y.key(); kx != "" && ky != "" && kx != ky {
			return false
		}
	}
	return true
}
