package terraformer

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/hashicorp/hcl/v2/hclwrite"
	"github.com/zclconf/go-cty/cty"
	ctyjson "github.com/zclconf/go-cty/cty/json"

	"github.com/strandline-tf/strandline/internal/fetch/inventory/details"
	"github.com/strandline-tf/strandline/internal/model"
)

// literal makes every attribute of body a literal: what it refers to is
// resolved, else the state's own value is taken, else it is left out.
// attributes are nil within nested blocks, whose order in a state tells nothing.
func (b *blocks) literal(read *hclsyntax.Body, write *hclwrite.Body, attributes map[string]json.RawMessage) {
	for _, name := range slices.Sorted(maps.Keys(read.Attributes)) {
		expr := read.Attributes[name].Expr
		if _, diags := expr.Value(nil); !diags.HasErrors() {
			continue
		}
		value, ok := b.known.evaluate(expr)
		if !ok {
			value, ok = fromState(attributes[name])
		}
		if !ok {
			write.RemoveAttribute(name)
			continue
		}
		write.SetAttributeValue(name, value)
	}
	writable := write.Blocks()
	for i, nested := range read.Blocks {
		if nested.Type == "provisioner" || nested.Type == "connection" { // terraformer writes none: nothing of these is to be run
			write.RemoveBlock(writable[i])
			continue
		}
		b.literal(nested.Body, writable[i].Body(), nil)
	}
}

func fromState(v json.RawMessage) (cty.Value, bool) {
	typ, err := ctyjson.ImpliedType(v)
	if err != nil {
		return cty.NilVal, false
	}
	value, err := ctyjson.Unmarshal(v, typ)
	return value, err == nil
}

// typed returns attributes with those top-level texts made numbers and booleans
// that the block has as such: version 3 of the state knows only texts.
func typed(attributes model.Value, read *hclsyntax.Body) model.Value {
	all := details.Members(attributes)
	changed := false
	for name, a := range read.Attributes {
		value, diags := a.Expr.Value(nil)
		if diags.HasErrors() || value.IsNull() || !value.IsKnown() || value.Type() != cty.Bool && value.Type() != cty.Number {
			continue
		}
		var text string
		plain, err := ctyjson.Marshal(value, value.Type())
		if err == nil && json.Unmarshal(all[name], &text) == nil && text == string(plain) {
			all[name], changed = plain, true
		}
	}
	if !changed {
		return attributes
	}
	return details.Object(all)
}

// resolver knows what references lead to: first in the same folder, then in all.
type resolver struct{ near, all index }

func (r resolver) of(address string) map[string]json.RawMessage {
	if found := r.near[address]; found != nil {
		return found
	}
	return r.all[address]
}

// evaluate returns what expr is once its references are resolved.
func (r resolver) evaluate(expr hclsyntax.Expression) (cty.Value, bool) {
	tree := map[string]any{}
	for _, reference := range expr.Variables() {
		path := steps(reference)
		value, ok := r.resolve(path)
		if !ok {
			return cty.NilVal, false
		}
		at := tree
		for _, step := range path[:len(path)-1] {
			next, ok := at[step].(map[string]any)
			if !ok {
				next = map[string]any{}
				at[step] = next
			}
			at = next
		}
		at[path[len(path)-1]] = value
	}
	variables := map[string]cty.Value{}
	for name, branch := range tree {
		variables[name] = object(branch)
	}
	value, diags := expr.Value(&hcl.EvalContext{Variables: variables})
	return value, !diags.HasErrors() && value.IsWhollyKnown()
}

func object(branch any) cty.Value {
	switch branch := branch.(type) {
	case cty.Value:
		return branch
	case map[string]any:
		out := map[string]cty.Value{}
		for name, b := range branch {
			out[name] = object(b)
		}
		return cty.ObjectVal(out)
	}
	return cty.NilVal // evaluate puts nothing else in
}

// steps returns the names of a reference, nil where it has other steps too.
func steps(reference hcl.Traversal) []string {
	var out []string
	for _, s := range reference {
		switch s := s.(type) {
		case hcl.TraverseRoot:
			out = append(out, s.Name)
		case hcl.TraverseAttr:
			out = append(out, s.Name)
		default:
			return nil
		}
	}
	return out
}

// resolve returns what TYPE.LABEL.ATTRIBUTE or
// data.terraform_remote_state.SERVICE.outputs.TYPE_LABEL_ATTRIBUTE leads to.
func (r resolver) resolve(path []string) (cty.Value, bool) {
	if len(path) == 3 {
		return fromState(r.of(path[0] + "." + path[1])[path[2]])
	}
	if len(path) != 5 || path[0] != "data" || path[1] != "terraform_remote_state" || path[3] != "outputs" {
		return cty.NilVal, false
	}
	typ, rest, ok := strings.Cut(path[4], "_"+prefix)
	if !ok {
		return cty.NilVal, false
	}
	// Names and attributes both may have underscores.
	for i := len(rest) - 1; i > 0; i-- {
		if rest[i] == '_' {
			if value, ok := fromState(r.of(typ + "." + prefix + rest[:i])[rest[i+1:]]); ok {
				return value, true
			}
		}
	}
	return cty.NilVal, false
}
