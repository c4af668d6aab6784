package propose

import (
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/hashicorp/hcl/v2/hclwrite"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/function/stdlib"

	"github.com/strandline-tf/strandline/internal/model"
)

// body is what stands in a resource block, or in a block of it. It holds values
// rather than text, so that it can be mended and be written anew.
type body struct{ items []*item }

// item is an argument or a nested block.
type item struct {
	name     string
	value    cty.Value // of an argument; in it, lists are tuples and maps are objects
	variable string    // an argument that is set to a variable instead
	// expression is the text of an argument that is no plain value, as an
	// earlier run wrote it; "" for one that is.
	expression string
	block      *body // nil for an argument
}

// isValue reports whether an item is an argument whose value is known.
func (it *item) isValue() bool { return it.block == nil && it.variable == "" && it.expression == "" }

// sort brings arguments before blocks, each by name; blocks of one name keep
// their order.
func (b *body) sort() {
	slices.SortStableFunc(b.items, func(x, y *item) int {
		if (x.block == nil) != (y.block == nil) {
			if x.block == nil {
				return -1
			}
			return 1
		}
		return strings.Compare(x.name, y.name)
	})
}

// named returns the items of a name.
func (b *body) named(name string) []*item {
	var out []*item
	for _, it := range b.items {
		if it.name == name {
			out = append(out, it)
		}
	}
	return out
}

// without takes the items of a name out.
func (b *body) without(name string) {
	b.items = slices.DeleteFunc(b.items, func(it *item) bool { return it.name == name })
}

// members is the body as a value, in which blocks of one name are a tuple.
func (b *body) members() map[string]cty.Value {
	out, blocks := map[string]cty.Value{}, map[string][]cty.Value{}
	for _, it := range b.items {
		switch {
		case it.block != nil:
			blocks[it.name] = append(blocks[it.name], cty.ObjectVal(it.block.members()))
		case it.isValue():
			out[it.name] = it.value
		}
	}
	for name, list := range blocks {
		out[name] = cty.TupleVal(list)
	}
	return out
}

// clone copies what edits change.
func (b *body) clone() *body {
	if b == nil {
		return nil
	}
	out := &body{}
	for _, it := range b.items {
		c := *it
		c.block = it.block.clone()
		out.items = append(out.items, &c)
	}
	return out
}

// strings calls do with all strings, each with the name of the argument or
// member that it stands in; document says that it stands in a string of JSON.
func (b *body) strings(do func(name, s string, document bool)) {
	for _, it := range b.items {
		switch {
		case it.block != nil:
			it.block.strings(do)
		case it.isValue() && !isFreeText(it.name):
			eachString(it.name, it.value, false, do)
		}
	}
}

func eachString(name string, v cty.Value, document bool, do func(name, s string, document bool)) {
	switch {
	case v.IsNull() || v == cty.NilVal:
	case v.Type() == cty.String:
		if parsed, ok := documentIn(v.AsString()); ok && !document {
			eachString(name, parsed, true, do)
			return
		}
		do(name, v.AsString(), document)
	case v.Type().IsObjectType():
		for _, member := range memberNames(v, v) {
			eachString(member, v.GetAttr(member), document, do)
		}
	case v.Type().IsTupleType():
		for it := v.ElementIterator(); it.Next(); {
			_, e := it.Element()
			eachString(name, e, document, do)
		}
	}
}

// isFreeText reports whether an argument holds a person's words, which mean
// nothing else even where they are spelled like an id.
func isFreeText(name string) bool {
	switch name {
	case "tags", "tags_all", "labels", "annotations", "description", "comment", "user_data":
		return true
	}
	return false
}

// documentIn returns what a string of JSON holds, if jsonencode makes exactly
// that string of it again.
func documentIn(s string) (cty.Value, bool) {
	if len(s) < len(`{"":""}`) || s[0] != '{' && s[0] != '[' {
		return cty.NilVal, false
	}
	v, ok := valueOf(model.Value(s))
	if !ok || isDeep(v, 0) {
		return cty.NilVal, false
	}
	again, err := stdlib.JSONEncode(v)
	return v, err == nil && again.AsString() == s
}

// isDeep reports whether values lie deeper in each other than a parser of HCL
// ought to be given.
func isDeep(v cty.Value, level int) bool {
	if level > maxNesting/2 {
		return true
	}
	if v.IsNull() || !v.CanIterateElements() {
		return false
	}
	for it := v.ElementIterator(); it.Next(); {
		if _, e := it.Element(); isDeep(e, level+1) {
			return true
		}
	}
	return false
}

// references says which strings are written as references: by the argument they
// are in, and themselves.
type references map[[2]string]reference

// reference is an attribute of another resource.
type reference struct {
	to        string // its address
	attribute string
}

// write adds the items to a block, with references for strings.
func (b *body) write(to *hclwrite.Body, refs references) {
	for i, it := range b.items {
		switch {
		case it.block != nil:
			if i > 0 && b.items[i-1].block == nil {
				to.AppendNewline()
			}
			it.block.write(to.AppendNewBlock(it.name, nil).Body(), refs)
		case it.variable != "":
			to.SetAttributeTraversal(it.name, hcl.Traversal{hcl.TraverseRoot{Name: "var"}, hcl.TraverseAttr{Name: it.variable}})
		case it.expression != "":
			to.SetAttributeRaw(it.name, hclwrite.Tokens{{Type: hclsyntax.TokenIdent, Bytes: []byte(it.expression)}})
		case isFreeText(it.name):
			to.SetAttributeRaw(it.name, tokensOf(it.value))
		default:
			to.SetAttributeRaw(it.name, refs.tokens(it.name, it.value, false))
		}
	}
}

// tokens is tokensOf with references and jsonencode.
func (refs references) tokens(name string, v cty.Value, document bool) hclwrite.Tokens {
	switch {
	case v.IsNull():
	case v.Type().IsTupleType():
		var parts []hclwrite.Tokens
		for it := v.ElementIterator(); it.Next(); {
			_, e := it.Element()
			parts = append(parts, refs.tokens(name, e, document))
		}
		return hclwrite.TokensForTuple(parts)
	case v.Type().IsObjectType():
		var parts []hclwrite.ObjectAttrTokens
		for _, member := range memberNames(v, v) {
			parts = append(parts, hclwrite.ObjectAttrTokens{Name: nameTokens(member), Value: refs.tokens(member, v.GetAttr(member), document)})
		}
		return hclwrite.TokensForObject(parts)
	case v.Type() == cty.String:
		s := v.AsString()
		if r, ok := refs[[2]string{name, s}]; ok {
			if t, diags := hclsyntax.ParseTraversalAbs([]byte(r.to+"."+r.attribute), "", hcl.InitialPos); !diags.HasErrors() {
				return hclwrite.TokensForTraversal(t)
			}
		}
		if parsed, ok := documentIn(s); ok && !document {
			return hclwrite.TokensForFunctionCall("jsonencode", refs.tokens(name, parsed, true))
		}
	}
	return tokensOf(v)
}
