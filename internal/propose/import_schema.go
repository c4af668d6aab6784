package propose

import (
	"slices"
	"strings"

	tfjson "github.com/hashicorp/terraform-json"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/convert"
)

// shaper makes a resource block of what is known of an object's attributes, as
// the schema of its type wants it.
type shaper struct {
	block     *tfjson.SchemaBlock
	sensitive []string                                                // top-level names whose values the source held back
	region    string                                                  // the region that the workspace's provider has by itself; "" where not known
	variable  func(argument string, a *tfjson.SchemaAttribute) string // nil: none are wanted
	// What comes of it beside the body:
	ignored map[string]string // top-level arguments for ignore_changes, and why
	missing []string          // required arguments and blocks that nothing is known about
}

// legacy reports whether the type is made with the provider SDK to which unset
// and empty are the same; it is the one that lets id be set.
func (s *shaper) legacy() bool {
	id := s.block.Attributes["id"]
	return id != nil && id.Optional && id.Computed
}

// shape returns the body of the resource block.
func (s *shaper) shape(members map[string]cty.Value) *body {
	s.ignored, s.missing = map[string]string{}, nil
	out := &body{}
	for name, a := range s.block.Attributes {
		if name == "timeouts" {
			continue
		}
		v := memberOf(members, name)
		switch {
		case !a.Required && !a.Optional:
		case s.isSecret(name, a, v):
			if it := s.withhold(name, a); it != nil {
				out.items = append(out.items, it)
			}
		case !a.Required && a.WriteOnly, a.Optional && a.Computed && s.isNoise(name, v, members):
		case a.Deprecated && !a.Required:
			if !a.Computed && !isZeroValue(v) {
				s.ignored[name] = "is deprecated: what it is set to stays, and is not written here"
			}
		case s.legacy() && !a.Required && isEmptyValue(v):
		default:
			s.add(out, name, a, v)
		}
	}
	for name, b := range s.block.NestedBlocks {
		if name != "timeouts" {
			s.blocks(out, name, b, memberOf(members, name), true)
		}
	}
	out.sort()
	slices.Sort(s.missing)
	return out
}

// add sets an argument.
func (s *shaper) add(to *body, name string, a *tfjson.SchemaAttribute, v cty.Value) {
	if !v.IsNull() {
		if fitted, ok := fitAttribute(v, a); ok {
			to.items = append(to.items, &item{name: name, value: fitted})
			return
		}
	}
	if a.Required {
		s.missing = append(s.missing, name)
	}
}

// isNoise reports whether an argument that the provider fills in where it is
// not set says nothing that a person would say.
func (s *shaper) isNoise(name string, v cty.Value, members map[string]cty.Value) bool {
	switch {
	case isZeroValue(v), name == "id", name == "tags_all":
		return true
	case name == "region":
		return textOf(v, true) == s.region
	}
	whole, isPrefix := strings.CutSuffix(name, "_prefix")
	if !isPrefix {
		return false
	}
	rest := memberOf(members, whole) // bucket_prefix, and bucket
	return !rest.IsNull()
}

// blocks adds nested blocks of a name.
func (s *shaper) blocks(to *body, name string, b *tfjson.SchemaBlockType, v cty.Value, top bool) {
	if b.Block == nil {
		return
	}
	needed := b.MinItems > 0
	held := top && slices.Contains(s.sensitive, name)
	if held || !v.IsNull() && hasSecretInBlock(b.Block, v) {
		if top {
			s.ignored[name] = whySecret
		}
		if !needed {
			return
		}
	}
	list := elementsOf(v)
	if b.NestingMode == tfjson.SchemaNestingModeMap || b.Block.Deprecated && !needed || len(list) == 0 {
		if needed {
			s.missing = append(s.missing, name)
		}
		return
	}
	if b.MaxItems == 1 || b.NestingMode == tfjson.SchemaNestingModeSingle || b.NestingMode == tfjson.SchemaNestingModeGroup {
		list = list[:1]
	}
	for _, e := range list {
		if e.IsNull() || !e.Type().IsObjectType() {
			continue
		}
		to.items = append(to.items, &item{name: name, block: s.nested(b.Block, e.AsValueMap())})
	}
}

func (s *shaper) nested(block *tfjson.SchemaBlock, members map[string]cty.Value) *body {
	out := &body{}
	for name, a := range block.Attributes {
		v := memberOf(members, name)
		switch {
		case !a.Required && (!a.Optional || a.Sensitive || a.WriteOnly):
		case a.Sensitive || a.WriteOnly:
			out.items = append(out.items, &item{name: name, value: placeholderFor(a)})
		case a.Computed && !a.Required && (isZeroValue(v) || a.Deprecated),
			s.legacy() && !a.Required && isEmptyValue(v):
		default:
			s.add(out, name, a, v)
		}
	}
	for name, b := range block.NestedBlocks {
		s.blocks(out, name, b, memberOf(members, name), false)
	}
	out.sort()
	return out
}

func memberOf(members map[string]cty.Value, name string) cty.Value {
	if v, ok := members[name]; ok && v != cty.NilVal {
		return v
	}
	return cty.NullVal(cty.DynamicPseudoType)
}

// elementsOf returns the elements of a list, or the one object that stands for
// a list of one.
func elementsOf(v cty.Value) []cty.Value {
	switch {
	case v.IsNull():
		return nil
	case v.Type().IsObjectType():
		return []cty.Value{v}
	case v.Type().IsTupleType():
		return v.AsValueSlice()
	}
	return nil
}

// isZeroValue reports whether a value is empty, false or 0.
func isZeroValue(v cty.Value) bool {
	return isEmptyValue(v) || v.Type() == cty.Bool && v.False() || v.Type() == cty.Number && v.AsBigFloat().Sign() == 0
}

// fitAttribute brings a value into the form of an attribute. False: it can't be.
func fitAttribute(v cty.Value, a *tfjson.SchemaAttribute) (cty.Value, bool) {
	if a.AttributeNestedType != nil {
		return fitNested(v, a.AttributeNestedType)
	}
	if a.AttributeType == cty.NilType {
		return cty.NilVal, false
	}
	return fit(v, a.AttributeType)
}

// fitNested leaves out of objects what no configuration may set.
func fitNested(v cty.Value, n *tfjson.SchemaNestedAttributeType) (cty.Value, bool) {
	if v.IsNull() {
		return v, true
	}
	one := func(e cty.Value) (cty.Value, bool) {
		if e.IsNull() || !e.Type().IsObjectType() {
			return cty.NilVal, false
		}
		out := map[string]cty.Value{}
		for name, a := range n.Attributes {
			m := memberOf(e.AsValueMap(), name)
			if m.IsNull() && !a.Required || !a.Required && !a.Optional || a.WriteOnly || a.Optional && a.Computed && isZeroValue(m) {
				continue
			}
			fitted, ok := fitAttribute(m, a)
			if !ok || fitted.IsNull() {
				return cty.NilVal, false
			}
			out[name] = fitted
		}
		return cty.ObjectVal(out), true
	}
	switch n.NestingMode {
	case tfjson.SchemaNestingModeSingle, tfjson.SchemaNestingModeGroup:
		return one(v)
	case tfjson.SchemaNestingModeMap:
		return eachMember(v, one)
	}
	return eachElement(v, one)
}

// fit converts a value to a type, with tuples for lists and sets and objects
// for maps. Members that an object lacks are null: where an argument is made of
// objects all of them have to be there.
func fit(v cty.Value, t cty.Type) (cty.Value, bool) {
	switch {
	case v.IsNull() || t == cty.DynamicPseudoType:
		return v, true
	case t.IsPrimitiveType():
		out, err := convert.Convert(v, t)
		return out, err == nil
	case t.IsSetType() && t.ElementType().IsPrimitiveType():
		out, ok := eachElement(v, func(e cty.Value) (cty.Value, bool) { return fit(e, t.ElementType()) })
		if ok && out.LengthInt() > 0 {
			list := out.AsValueSlice()
			slices.SortStableFunc(list, func(a, b cty.Value) int { return strings.Compare(textOf(a, true), textOf(b, true)) })
			out = cty.TupleVal(list)
		}
		return out, ok
	case t.IsListType() || t.IsSetType():
		return eachElement(v, func(e cty.Value) (cty.Value, bool) { return fit(e, t.ElementType()) })
	case t.IsMapType():
		return eachMember(v, func(e cty.Value) (cty.Value, bool) { return fit(e, t.ElementType()) })
	case t.IsObjectType() && v.Type().IsObjectType():
		out := map[string]cty.Value{}
		for name, mt := range t.AttributeTypes() {
			m, ok := fit(memberOf(v.AsValueMap(), name), mt)
			if !ok {
				return cty.NilVal, false
			}
			out[name] = m
		}
		return cty.ObjectVal(out), true
	case t.IsTupleType() && v.Type().IsTupleType():
		return v, t.Length() == v.LengthInt()
	}
	return cty.NilVal, false
}

func eachElement(v cty.Value, do func(cty.Value) (cty.Value, bool)) (cty.Value, bool) {
	if v.IsNull() || !v.Type().IsTupleType() {
		return cty.NilVal, false
	}
	list := make([]cty.Value, 0, v.LengthInt())
	for it := v.ElementIterator(); it.Next(); {
		_, e := it.Element()
		fitted, ok := do(e)
		if !ok {
			return cty.NilVal, false
		}
		list = append(list, fitted)
	}
	return cty.TupleVal(list), true
}

func eachMember(v cty.Value, do func(cty.Value) (cty.Value, bool)) (cty.Value, bool) {
	if v.IsNull() || !v.Type().IsObjectType() {
		return cty.NilVal, false
	}
	out := map[string]cty.Value{}
	for name, e := range v.AsValueMap() {
		fitted, ok := do(e)
		if !ok {
			return cty.NilVal, false
		}
		out[name] = fitted
	}
	return cty.ObjectVal(out), true
}
