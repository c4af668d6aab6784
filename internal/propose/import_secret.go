package propose

import (
	"slices"

	tfjson "github.com/hashicorp/terraform-json"
	"github.com/zclconf/go-cty/cty"
)

// Placeholder is what a sensitive argument is set to that must be set to
// something. It stands under ignore_changes, so that the real value stays what
// it is; it is long enough for what most providers ask of a password, and tells
// whoever meets it where to look.
const Placeholder = "set-outside-terraform"

// Why a secret argument is under ignore_changes.
const (
	whySecret            = "is secret: its value stays what it is, and is not written here"
	whySecretVariable    = "is secret: its value stays what it is; take it out of this list once the variable has it"
	whySecretPlaceholder = "is secret: its value stays what it is; the one above only stands for it, and must be replaced before this is ever created anew"
)

// isSecret reports whether a top-level argument's value must not be written.
func (s *shaper) isSecret(name string, a *tfjson.SchemaAttribute, v cty.Value) bool {
	return slices.Contains(s.sensitive, name) && !(a.WriteOnly && !a.Required) ||
		a.Required && (a.Sensitive || a.WriteOnly) || !v.IsNull() && hasSecret(a, v)
}

// withhold returns what stands for a secret argument, nil for nothing, and
// leaves its value to whoever set it.
func (s *shaper) withhold(name string, a *tfjson.SchemaAttribute) *item {
	s.ignored[name] = whySecret
	if s.variable != nil {
		s.ignored[name] = whySecretVariable
		return &item{name: name, variable: s.variable(name, a)}
	}
	if !a.Required {
		return nil
	}
	s.ignored[name] = whySecretPlaceholder
	return &item{name: name, value: placeholderFor(a)}
}

// hasSecret reports whether v holds something under an attribute that the
// schema marks sensitive.
func hasSecret(a *tfjson.SchemaAttribute, v cty.Value) bool {
	if v.IsNull() {
		return false
	}
	if a.Sensitive {
		return true
	}
	if a.AttributeNestedType == nil {
		return false
	}
	list := elementsOf(v)
	if a.AttributeNestedType.NestingMode == tfjson.SchemaNestingModeMap && v.Type().IsObjectType() {
		list = nil
		for _, e := range v.AsValueMap() {
			list = append(list, e)
		}
	}
	return slices.ContainsFunc(list, func(e cty.Value) bool {
		return !e.IsNull() && e.Type().IsObjectType() && hasSecretAmong(a.AttributeNestedType.Attributes, e.AsValueMap())
	})
}

func hasSecretAmong(attributes map[string]*tfjson.SchemaAttribute, members map[string]cty.Value) bool {
	for name, a := range attributes {
		if hasSecret(a, memberOf(members, name)) {
			return true
		}
	}
	return false
}

func hasSecretInBlock(b *tfjson.SchemaBlock, v cty.Value) bool {
	return slices.ContainsFunc(elementsOf(v), func(e cty.Value) bool {
		if e.IsNull() || !e.Type().IsObjectType() {
			return false
		}
		members := e.AsValueMap()
		if hasSecretAmong(b.Attributes, members) {
			return true
		}
		for name, inner := range b.NestedBlocks {
			if inner.Block != nil && hasSecretInBlock(inner.Block, memberOf(members, name)) {
				return true
			}
		}
		return false
	})
}

// placeholderFor returns a value that fits an attribute and says nothing.
func placeholderFor(a *tfjson.SchemaAttribute) cty.Value {
	if n := a.AttributeNestedType; n != nil {
		if n.NestingMode != tfjson.SchemaNestingModeSingle && n.NestingMode != tfjson.SchemaNestingModeGroup {
			return emptyOf(n.NestingMode == tfjson.SchemaNestingModeMap)
		}
		members := map[string]cty.Value{}
		for name, m := range n.Attributes {
			if m.Required {
				members[name] = placeholderFor(m)
			}
		}
		return cty.ObjectVal(members)
	}
	return placeholderOf(a.AttributeType)
}

func placeholderOf(t cty.Type) cty.Value {
	switch {
	case t == cty.Number:
		return cty.Zero
	case t == cty.Bool:
		return cty.False
	case t == cty.NilType || t == cty.String || t == cty.DynamicPseudoType:
		return cty.StringVal(Placeholder)
	case t.IsObjectType():
		members := map[string]cty.Value{}
		for name, m := range t.AttributeTypes() {
			members[name] = placeholderOf(m)
		}
		return cty.ObjectVal(members)
	}
	return emptyOf(t.IsMapType())
}

func emptyOf(isMap bool) cty.Value {
	if isMap {
		return cty.EmptyObjectVal
	}
	return cty.EmptyTupleVal
}

// typeWord is the type of a variable for an attribute.
func typeWord(a *tfjson.SchemaAttribute) string {
	switch a.AttributeType {
	case cty.String:
		return "string"
	case cty.Number:
		return "number"
	case cty.Bool:
		return "bool"
	}
	return "any"
}
