package propose

import (
	"slices"

	"github.com/hashicorp/hcl/v2/hclsyntax"
	tfjson "github.com/hashicorp/terraform-json"
	"github.com/zclconf/go-cty/cty"
)

// requiredString is the attribute that an argument is taken for whose schema
// isn't known.
func requiredString() *tfjson.SchemaAttribute {
	return &tfjson.SchemaAttribute{AttributeType: cty.String, Required: true}
}

// drop takes out what steps lead to.
func (b *body) drop(steps []step) bool {
	list := b.named(steps[0].name)
	if len(list) == 0 {
		return false
	}
	if len(steps) == 1 {
		b.without(steps[0].name)
		return true
	}
	if list[0].expression != "" {
		return false
	}
	if list[0].block == nil {
		v, ok := dropIn(list[0].value, steps[1:])
		if ok {
			list[0].value = v
		}
		return ok
	}
	it, rest := chosenBlock(list, steps[1:])
	switch {
	case it == nil:
		return false
	case len(rest) == 0:
		b.items = slices.DeleteFunc(b.items, func(other *item) bool { return other == it })
		return true
	}
	return it.block.drop(rest)
}

// chosenBlock returns the one of several blocks that steps begin with, and the
// steps within it.
func chosenBlock(list []*item, steps []step) (*item, []step) {
	if steps[0].index < 0 {
		if len(list) > 1 {
			return nil, nil
		}
		return list[0], steps
	}
	if steps[0].index >= len(list) {
		return nil, nil
	}
	return list[steps[0].index], steps[1:]
}

func dropIn(v cty.Value, steps []step) (cty.Value, bool) {
	if v == cty.NilVal || v.IsNull() {
		return v, false
	}
	at := steps[0]
	switch {
	case at.index < 0 && v.Type().IsObjectType() && v.Type().HasAttribute(at.name):
		members := v.AsValueMap()
		if len(steps) == 1 {
			delete(members, at.name)
			return cty.ObjectVal(members), true
		}
		inner, ok := dropIn(members[at.name], steps[1:])
		members[at.name] = inner
		return cty.ObjectVal(members), ok
	case at.index >= 0 && v.Type().IsTupleType() && at.index < v.LengthInt():
		list := v.AsValueSlice()
		if len(steps) == 1 {
			return cty.TupleVal(slices.Delete(list, at.index, at.index+1)), true
		}
		inner, ok := dropIn(list[at.index], steps[1:])
		list[at.index] = inner
		return cty.TupleVal(list), ok
	}
	return v, false
}

// set sets what steps lead to; block is the schema of the body, or nil.
func (b *body) set(steps []step, v cty.Value, block *tfjson.SchemaBlock) bool {
	name := steps[0].name
	list := b.named(name)
	var nested *tfjson.SchemaBlockType
	var attribute *tfjson.SchemaAttribute
	if block != nil {
		nested, attribute = block.NestedBlocks[name], block.Attributes[name]
		if nested == nil && (attribute == nil || !attribute.Required && !attribute.Optional) {
			return false
		}
	}
	if !hclsyntax.ValidIdentifier(name) || isReserved(name) {
		return false
	}
	isBlock := nested != nil || len(list) > 0 && list[0].block != nil
	switch {
	case !isBlock:
		return b.setArgument(list, name, steps[1:], v, attribute)
	case len(steps) == 1:
		return b.setBlocks(name, elementsOf(v), nested)
	}
	it, rest := chosenBlock(list, steps[1:])
	switch {
	case it == nil && steps[1].index == len(list) && len(steps) == 2 && !v.IsNull() && v.Type().IsObjectType():
		return b.addBlock(name, v, nested)
	case it == nil:
		return false
	case len(rest) == 0:
		if !v.Type().IsObjectType() {
			return false
		}
		it.block = blockOf(v, nested)
		return it.block != nil
	}
	var inner *tfjson.SchemaBlock
	if nested != nil {
		inner = nested.Block
	}
	return it.block.set(rest, v, inner)
}

func (b *body) setArgument(list []*item, name string, steps []step, v cty.Value, a *tfjson.SchemaAttribute) bool {
	if len(list) == 0 {
		list = []*item{{name: name, value: cty.NullVal(cty.DynamicPseudoType)}}
		b.items = append(b.items, list[0])
	}
	if list[0].expression != "" && len(steps) > 0 {
		return false
	}
	whole, ok := setIn(list[0].value, steps, v)
	if ok && a != nil {
		whole, ok = fitAttribute(whole, a)
	}
	list[0].value, list[0].variable, list[0].expression = whole, "", ""
	return ok
}

// setIn sets what steps lead to within a value; what is null becomes an
// object or a tuple as the steps say.
func setIn(in cty.Value, steps []step, v cty.Value) (cty.Value, bool) {
	if len(steps) == 0 {
		return v, true
	}
	at := steps[0]
	null := cty.NullVal(cty.DynamicPseudoType)
	if in == cty.NilVal {
		in = null
	}
	if at.index < 0 {
		members := map[string]cty.Value{}
		if !in.IsNull() {
			if !in.Type().IsObjectType() {
				return in, false
			}
			for name, m := range in.AsValueMap() {
				members[name] = m
			}
		}
		inner, ok := setIn(memberOf(members, at.name), steps[1:], v)
		members[at.name] = inner
		return cty.ObjectVal(members), ok
	}
	var list []cty.Value
	if !in.IsNull() {
		if !in.Type().IsTupleType() {
			return in, false
		}
		list = in.AsValueSlice()
	}
	switch {
	case at.index > len(list):
		return in, false
	case at.index == len(list):
		list = append(list, null)
	}
	inner, ok := setIn(list[at.index], steps[1:], v)
	list[at.index] = inner
	return cty.TupleVal(list), ok
}

func (b *body) setBlocks(name string, list []cty.Value, nested *tfjson.SchemaBlockType) bool {
	b.without(name)
	for _, e := range list {
		if e.IsNull() || !e.Type().IsObjectType() || !b.addBlock(name, e, nested) {
			return false
		}
	}
	return true
}

func (b *body) addBlock(name string, v cty.Value, nested *tfjson.SchemaBlockType) bool {
	made := blockOf(v, nested)
	b.items = append(b.items, &item{name: name, block: made})
	return made != nil
}

// blockOf makes the body of a nested block, nil where the schema can't have it.
func blockOf(v cty.Value, nested *tfjson.SchemaBlockType) *body {
	if nested == nil || nested.Block == nil {
		return plainBlock(v.AsValueMap())
	}
	s := &shaper{block: &tfjson.SchemaBlock{}}
	made := s.nested(nested.Block, v.AsValueMap())
	if len(s.missing) > 0 {
		return nil
	}
	return made
}
