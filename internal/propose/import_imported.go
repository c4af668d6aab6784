package propose

import (
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/function"
	"github.com/zclconf/go-cty/cty/function/stdlib"

	"github.com/strandline-tf/strandline/internal/model"
)

// importAt is an import block.
type importAt struct {
	address, file string
	provider      string // what it says of it, "" for nothing
	inModule      bool   // its provider is the module's affair
	ours          bool
}

// importBlock is one that is yet to be read: it may refer to locals.
type importBlock struct {
	body *hclsyntax.Body
	at   importAt
	typ  string
}

// addImport notes an import block and returns its key among pieces.
func (e *existing) addImport(src *source, b *hclsyntax.Block, by owner) string {
	to := b.Body.Attributes["to"]
	if to == nil {
		return ""
	}
	typ, inModule := typeIn(wordsOf(to.Expr))
	if typ == "" {
		return ""
	}
	address := string(to.Expr.Range().SliceBytes(src.text))
	if t, diags := hcl.AbsTraversalForExpr(to.Expr); !diags.HasErrors() {
		address = text(t)
	}
	at := importAt{address: address, file: src.path, inModule: inModule, ours: by == ours}
	at.provider = providerIn(b.Body)
	e.pending = append(e.pending, importBlock{b.Body, at, typ})
	return "import " + address
}

// providerIn returns what a block says of its provider.
func providerIn(body *hclsyntax.Body) string {
	if attr := body.Attributes["provider"]; attr != nil {
		if t, diags := hcl.AbsTraversalForExpr(attr.Expr); !diags.HasErrors() {
			return text(t)
		}
	}
	return ""
}

// wordsOf returns the names that the address of a resource is made of, without
// the keys of instances, which needn't be known.
func wordsOf(expr hclsyntax.Expression) []string {
	var out []string
	var rest hcl.Traversal
	switch e := expr.(type) {
	case *hclsyntax.ScopeTraversalExpr:
		rest = e.Traversal
	case *hclsyntax.IndexExpr:
		return wordsOf(e.Collection)
	case *hclsyntax.RelativeTraversalExpr:
		out, rest = wordsOf(e.Source), e.Traversal
	}
	return append(out, namesIn(rest)...)
}

func namesIn(t hcl.Traversal) []string {
	var out []string
	for _, part := range t {
		switch part := part.(type) {
		case hcl.TraverseRoot:
			out = append(out, part.Name)
		case hcl.TraverseAttr:
			out = append(out, part.Name)
		}
	}
	return out
}

// typeIn returns the type of the resource that an address is of, and whether
// that is in a module.
func typeIn(words []string) (typ string, inModule bool) {
	for len(words) > 2 && words[0] == "module" {
		words, inModule = words[2:], true
	}
	if len(words) == 0 {
		return "", inModule
	}
	return words[0], inModule
}

// addLocals takes in the locals that are literal.
func (e *existing) addLocals(body *hclsyntax.Body) {
	for name, attr := range body.Attributes {
		if v, ok := literal(attr.Expr); ok {
			e.locals[name] = v
		}
	}
}

// Reading import blocks with for_each ends, in one workspace, after so many
// instances, of which each block counts as some more: what is short may stand
// for a lot.
const (
	mostInstances = 20000
	perBlock      = 100
	mostParts     = 20 // of a template
)

// readImports notes what the import blocks import, once all files are read.
func (e *existing) readImports() {
	if len(e.locals) > 0 {
		e.local = map[string]cty.Value{"local": cty.ObjectVal(e.locals)}
	}
	left := mostInstances
	for _, p := range e.pending {
		loop := p.body.Attributes["for_each"]
		if loop == nil {
			e.noteImports(p.typ, e.valuesIn(p.body, nil), &p.at)
			continue
		}
		over, ok := cty.NilVal, false
		if left -= perBlock; left > 0 {
			over, ok = e.evaluate(loop.Expr, nil)
		}
		if !ok || over.IsNull() || !over.CanIterateElements() || over.LengthInt() > left {
			e.loops[p.typ] = p.at
			continue
		}
		left -= over.LengthInt()
		for it := over.ElementIterator(); it.Next(); {
			key, value := it.Element()
			values := e.valuesIn(p.body, map[string]cty.Value{"each": cty.ObjectVal(map[string]cty.Value{"key": key, "value": value})})
			if len(values) == 0 {
				e.loops[p.typ] = p.at
			}
			e.noteImports(p.typ, values, &p.at)
		}
	}
	e.pending = nil
}

// valuesIn returns what an import block imports, as far as it can be told.
func (e *existing) valuesIn(body *hclsyntax.Body, variables map[string]cty.Value) map[string]cty.Value {
	values := map[string]cty.Value{}
	for _, name := range []string{"id", "identity"} {
		if attr := body.Attributes[name]; attr != nil {
			if v, ok := e.evaluate(attr.Expr, variables); ok {
				values[name] = v
			}
		}
	}
	return values
}

// evaluate returns what an expression comes to that needs nothing but variables
// for that, or is a local or a set of one: many of these, or parts, may come to
// far more than the files hold.
func (e *existing) evaluate(expr hclsyntax.Expression, variables map[string]cty.Value) (cty.Value, bool) {
	guard := &costs{}
	if diags := hclsyntax.Walk(expr, guard); diags.HasErrors() || guard.tooMuch || hasManyParts(expr) {
		return cty.NilVal, false
	}
	inner := expr
	if call, ok := expr.(*hclsyntax.FunctionCallExpr); ok && len(call.Args) == 1 {
		inner = call.Args[0]
	}
	if t, ok := inner.(*hclsyntax.ScopeTraversalExpr); ok && t.Traversal.RootName() == "local" {
		variables = e.local
	}
	v, diags := expr.Value(&hcl.EvalContext{Variables: variables,
		Functions: map[string]function.Function{"toset": stdlib.MakeToFunc(cty.Set(cty.DynamicPseudoType))}})
	return v, !diags.HasErrors() && v.IsWhollyKnown() && !v.IsMarked()
}

// hasManyParts reports whether a template in an expression has very many parts.
func hasManyParts(expr hclsyntax.Expression) bool {
	many := false
	hclsyntax.VisitAll(expr, func(node hclsyntax.Node) hcl.Diagnostics {
		t, ok := node.(*hclsyntax.TemplateExpr)
		many = many || ok && len(t.Parts) > mostParts
		return nil
	})
	return many
}

// noteImports notes what an import block imports.
func (e *existing) noteImports(typ string, values map[string]cty.Value, at *importAt) {
	if id := textOf(memberOf(values, "id"), true); id != "" {
		e.noteImport([2]string{typ, id}, at)
	}
	if v := memberOf(values, "identity"); !v.IsNull() && v.Type().IsObjectType() {
		e.noteImport([2]string{typ, string(jsonOf(v))}, at)
	}
}

func (e *existing) noteImport(key [2]string, at *importAt) {
	e.imports[key] = append(e.imports[key], at)
}

// importOf returns the block that imports an object, a person's before ours,
// nil for none. One of ours that imports another object counts no longer.
func (b *Batch) importOf(o *model.Object) *importAt {
	var own *importAt
	for _, at := range b.importsOf(o, b.isAway(o)) {
		switch {
		case !b.isFor(at, o):
		case !at.ours:
			return at
		case own == nil && b.resources[at.address] == nil:
			own = at
		}
	}
	return own
}

// outdatedImportOf returns a block of ours that imports something called like
// the object with a provider that isn't the object's, nil for none: it was
// written before the workspace told its providers apart. What the state has by
// now is another object.
func (b *Batch) outdatedImportOf(o *model.Object) *importAt {
	for _, at := range b.importsOf(o, false) {
		if at.ours && b.resources[at.address] == nil && !slices.Contains(b.target.Addresses, at.address) {
			return at
		}
	}
	return nil
}

// importsOf returns the blocks that import what is called like an object,
// wherever that is. What is away, the bare id doesn't mean.
func (b *Batch) importsOf(o *model.Object, isAway bool) []*importAt {
	if len(b.folder.imports) == 0 {
		return nil
	}
	var out []*importAt
	add := func(id string) {
		if id != "" {
			out = append(out, b.folder.imports[[2]string{o.Type, id}]...)
		}
	}
	add(awayID(o)) // which says more
	if !isAway {
		add(o.ID)
		for _, id := range o.Aliases {
			add(id)
		}
	}
	if members := identityOf(o); len(members) > 0 {
		add(string(jsonOf(cty.ObjectVal(members))))
	}
	return out
}

// isFor reports whether an import block that names an object's id means the
// object: in two regions or accounts, two may have the same id.
func (b *Batch) isFor(at *importAt, o *model.Object) bool {
	if at.inModule && at.provider == "" {
		return true // nobody knows
	}
	said := at.provider
	if said == "" {
		said = b.folder.with[withoutKey(at.address)]
	}
	with := b.settingOf(o)
	said, own := plainProvider(o, said), plainProvider(o, with.name)
	if said == own || o.Region == "" && o.Account == "" && !with.alias {
		return true
	}
	// Another one may be for the same place.
	fit := b.fitOf(o, said)
	return fit != unfitting && fit >= b.fitOf(o, own)
}

// fitOf says how well the configuration of a name fits an object.
func (b *Batch) fitOf(o *model.Object, name string) int {
	for _, c := range b.configurationsOf(o) {
		if plainProvider(o, c.name()) == name {
			return c.fits(o)
		}
	}
	return unsaid
}

// plainProvider is what a block says of its provider, without what goes without
// saying.
func plainProvider(o *model.Object, name string) string {
	if prefix, _, _ := strings.Cut(o.Type, "_"); name == prefix {
		return ""
	}
	return name
}
