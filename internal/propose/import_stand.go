package propose

import (
	"maps"
	"slices"

	"github.com/hashicorp/hcl/v2/hclsyntax"
	tfjson "github.com/hashicorp/terraform-json"
	"github.com/zclconf/go-cty/cty"
)

// Begin gives a resource that Terraform could write no configuration for one
// that says only what is known to be required: a plan tells the rest.
func (b *Batch) Begin(address string) bool {
	r := b.resources[address]
	if r == nil || !b.needsConfig(r) {
		return false
	}
	r.body, r.ignored, r.kept, r.fresh = &body{}, nil, "", true
	if block := b.schema(r.object.Type); block != nil {
		for _, name := range slices.Sorted(maps.Keys(block.Attributes)) {
			if a := block.Attributes[name]; a.Required && !a.Sensitive && !a.WriteOnly {
				b.Guess(address, name, "")
			}
		}
	}
	b.linked = false
	return true
}

// Guess gives a required top-level argument a value for the time being, which a
// plan compares to what is real: what the source tells, else the object's name
// or id. kind is what a value must be by Terraform's words (number, bool, list,
// set, map, object), "" for what isn't known.
func (b *Batch) Guess(address, attribute, kind string) bool {
	return b.edit(address, attribute, func(r *adopted, at *body, steps []step) bool {
		name := steps[0].name
		if len(steps) != 1 || !hclsyntax.ValidIdentifier(name) || isReserved(name) || slices.Contains(r.object.Sensitive, name) {
			return false
		}
		v := b.guess(r, name, kind)
		if block := b.schema(r.object.Type); block != nil {
			a := block.Attributes[name]
			if a == nil || a.Sensitive || a.WriteOnly {
				return false
			}
			var ok bool
			if v, ok = fitAttribute(v, a); !ok {
				v = placeholderFor(a)
			}
		}
		at.without(name)
		at.items = append(at.items, &item{name: name, value: v})
		return true
	})
}

func (b *Batch) guess(r *adopted, name, kind string) cty.Value {
	if v := memberOf(r.members, name); kind == "" && !v.IsNull() {
		return v
	}
	switch kind {
	case "number":
		return cty.Zero
	case "bool":
		return cty.False
	case "list", "set", "tuple":
		return cty.EmptyTupleVal
	case "map", "object":
		return cty.EmptyObjectVal
	}
	if name == "name" && r.object.Name != "" {
		return cty.StringVal(r.object.Name)
	}
	if id := b.importID(r.object); id != "" {
		return cty.StringVal(id)
	}
	return cty.StringVal("unknown")
}

// Holding returns the top-level arguments of a resource that secret says yes to
// a text in, sorted.
func (b *Batch) Holding(address string, secret func(text string) bool) []string {
	r := b.resources[address]
	if r == nil || r.body == nil {
		return nil
	}
	b.link()
	found := map[string]bool{}
	for _, it := range r.body.items {
		found[it.name] = found[it.name] || r.holds(it, secret)
	}
	maps.DeleteFunc(found, func(_ string, holds bool) bool { return !holds })
	return slices.Sorted(maps.Keys(found))
}

func (r *adopted) holds(it *item, secret func(text string) bool) bool {
	if it.block != nil {
		return slices.ContainsFunc(it.block.items, func(inner *item) bool { return r.holds(inner, secret) })
	}
	if !it.isValue() {
		return it.expression != "" && secret(it.expression)
	}
	return r.holdsValue(it.name, it.value, secret)
}

func (r *adopted) holdsValue(name string, v cty.Value, secret func(text string) bool) bool {
	switch {
	case v == cty.NilVal || v.IsNull():
	case v.Type() == cty.String:
		_, isReference := r.refs[[2]string{name, v.AsString()}]
		return !(isReference && !isFreeText(name)) && secret(v.AsString())
	case v.Type() == cty.Number:
		return secret(textOf(v, true))
	case v.Type().IsObjectType():
		for member, m := range v.AsValueMap() {
			if secret(member) || r.holdsValue(member, m, secret) {
				return true
			}
		}
	case v.Type().IsTupleType():
		return slices.ContainsFunc(v.AsValueSlice(), func(e cty.Value) bool { return r.holdsValue(name, e, secret) })
	}
	return false
}

// Withhold takes the value of a top-level argument out for being secret, and
// leaves it to whoever set it. Where no schema tells whether something has to
// stand there, needed does, and a string is taken for it.
func (b *Batch) Withhold(address, attribute string, needed bool) bool {
	return b.edit(address, attribute, func(r *adopted, at *body, steps []step) bool {
		name := steps[0].name
		if len(steps) != 1 || !hclsyntax.ValidIdentifier(name) || isReserved(name) {
			return false
		}
		s := shaper{ignored: map[string]string{}}
		if b.variables {
			s.variable = func(argument string, a *tfjson.SchemaAttribute) string { return b.variableFor(r, argument, a) }
		}
		a := &tfjson.SchemaAttribute{AttributeType: cty.DynamicPseudoType, Optional: true}
		list := at.named(name)
		if needed && len(list) == 1 && list[0].isValue() && list[0].value.Type() == cty.String {
			a = requiredString()
		}
		block := b.schema(r.object.Type)
		switch {
		case block != nil && block.Attributes[name] != nil:
			a = block.Attributes[name]
		case block != nil && block.NestedBlocks[name] != nil, len(list) > 0 && list[0].block != nil:
			a = nil // of blocks nothing can be left but that they are ignored
		}
		at.without(name)
		s.ignored[name] = whySecret
		if a != nil {
			if it := s.withhold(name, a); it != nil {
				at.items = append(at.items, it)
			}
		}
		ignored := maps.Clone(r.ignored)
		if ignored == nil {
			ignored = map[string]string{}
		}
		maps.Copy(ignored, s.ignored)
		r.ignored = ignored
		return true
	})
}

// IsSecretID reports whether secret says yes to what an import block has to
// say: the address, the id or the identity.
func (a *Adopted) IsSecretID(secret func(text string) bool) bool {
	if secret(a.ImportID) || secret(a.Address) {
		return true
	}
	if len(a.Identity) == 0 {
		return false
	}
	found := false
	if v, ok := valueOf(a.Identity); ok {
		eachString("", v, false, func(_, s string, _ bool) { found = found || secret(s) })
	}
	return found
}
