package details

import (
	"encoding/json"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	ctyjson "github.com/zclconf/go-cty/cty/json"
)

// secretConfig is Secret of what the resource block in config sets to literals.
// What refers to something else is no secret that stands there.
func secretConfig(typ, config string) (names, values []string) {
	if config == "" || len(marked()[typ]) == 0 && !goesByName(typ) {
		return nil, nil
	}
	tokens, diags := hclsyntax.LexConfig([]byte(config), "", hcl.InitialPos)
	if diags.HasErrors() || Deep(tokens) {
		return nil, nil
	}
	file, diags := hclsyntax.ParseConfig([]byte(config), "", hcl.InitialPos)
	if diags.HasErrors() {
		return nil, nil
	}
	for _, block := range file.Body.(*hclsyntax.Body).Blocks {
		if block.Type == "resource" {
			n, v := secretIn(typ, literals(block.Body))
			names, values = append(names, n...), append(values, v...)
		}
	}
	return names, values
}

// literals returns the arguments of a body that need nothing else to be known,
// and its blocks as lists of objects.
func literals(body *hclsyntax.Body) map[string]any {
	out := map[string]any{}
	for name, a := range body.Attributes {
		if v, ok := literal(a.Expr); ok {
			out[name] = v
		}
	}
	for _, block := range body.Blocks {
		list, _ := out[block.Type].([]any)
		out[block.Type] = append(list, literals(block.Body))
	}
	return out
}

// literal returns the value of an expression; of an object or a list what of it
// is known.
func literal(e hclsyntax.Expression) (any, bool) {
	switch e := e.(type) {
	case *hclsyntax.ObjectConsExpr:
		out := map[string]any{}
		for _, item := range e.Items {
			key, known := literal(item.KeyExpr)
			name, isText := key.(string)
			if v, ok := literal(item.ValueExpr); ok && known && isText {
				out[name] = v
			}
		}
		return out, true
	case *hclsyntax.TupleConsExpr:
		out := []any{}
		for _, element := range e.Exprs {
			if v, ok := literal(element); ok {
				out = append(out, v)
			}
		}
		return out, true
	case *hclsyntax.FunctionCallExpr:
		if e.Name == "jsonencode" && len(e.Args) == 1 {
			return literal(e.Args[0])
		}
	}
	v, diags := e.Value(nil)
	if diags.HasErrors() || !v.IsWhollyKnown() {
		return nil, false
	}
	text, err := ctyjson.SimpleJSONValue{Value: v}.MarshalJSON()
	if err != nil {
		return nil, false
	}
	in := json.NewDecoder(strings.NewReader(string(text)))
	in.UseNumber()
	var out any
	return out, in.Decode(&out) == nil
}
