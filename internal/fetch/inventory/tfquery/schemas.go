package tfquery

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"

	tfjson "github.com/hashicorp/terraform-json"
)

// schemas is what `terraform providers schema -json` says, as far as a query
// needs it. A nil *schemas knows nothing.
type schemas struct {
	types map[string]typeSchema // resource types, by name
	lists []listType            // sorted by type and source
	bound []string              // types that can be listed only with arguments, sorted
}

type typeSchema struct {
	provider  string     // as model.Object has it
	sensitive [][]string // paths of sensitive attributes, without indexes
	block     *tfjson.SchemaBlock
}

// requires reports whether the top-level attribute of this name must be set.
func (t typeSchema) requires(name string) bool {
	return t.block != nil && t.block.Attributes[name] != nil && t.block.Attributes[name].Required
}

// listType is a type that can be listed as it is.
type listType struct{ typ, source string } // aws_instance, registry.terraform.io/hashicorp/aws

func (s *schemas) of(typ string) (typeSchema, bool) {
	if s == nil {
		return typeSchema{}, false
	}
	t, ok := s.types[typ]
	return t, ok
}

func (s *schemas) provider(typ string) string {
	if t, ok := s.of(typ); ok {
		return t.provider
	}
	return prefixProvider(typ)
}

// readSchemas reads the output of `terraform providers schema -json`.
func readSchemas(in []byte) (*schemas, error) {
	var all tfjson.ProviderSchemas
	if err := json.Unmarshal(in, &all); err != nil {
		return nil, err
	}
	out := &schemas{types: map[string]typeSchema{}}
	for _, source := range slices.Sorted(maps.Keys(all.Schemas)) {
		provider := all.Schemas[source]
		if provider == nil {
			continue
		}
		for _, typ := range slices.Sorted(maps.Keys(provider.ListResourceSchemas)) {
			if s := provider.ListResourceSchemas[typ]; s != nil && needsArguments(s.Block) {
				out.bound = append(out.bound, typ)
			} else {
				out.lists = append(out.lists, listType{typ, source})
			}
			if s := provider.ResourceSchemas[typ]; s != nil && s.Block != nil {
				out.types[typ] = typeSchema{short(source), sensitivePaths(nil, s.Block), s.Block}
			}
		}
	}
	slices.Sort(out.bound)
	return out, nil
}

// short returns a provider's source address as model.Object has it.
func short(source string) string {
	parts := strings.Split(source, "/")
	if len(parts) != 3 {
		return source
	}
	if parts[1] == "hashicorp" {
		return parts[2]
	}
	return parts[1] + "/" + parts[2]
}

// needsArguments reports whether a list block of this schema can't do without
// its config block. Terraform wraps what the provider declares in a block named
// config (internal/plugin/convert, ProtoToListSchema), and not in every version
// shows it so.
func needsArguments(b *tfjson.SchemaBlock) bool {
	if b == nil {
		return false
	}
	for _, a := range b.Attributes {
		if a != nil && a.Required {
			return true
		}
	}
	for _, nested := range b.NestedBlocks {
		if nested != nil && nested.MinItems > 0 {
			return true
		}
	}
	config := b.NestedBlocks["config"]
	return config != nil && needsArguments(config.Block)
}

func sensitivePaths(path []string, b *tfjson.SchemaBlock) [][]string {
	out := sensitiveAttributes(path, b.Attributes)
	for name, nested := range b.NestedBlocks {
		if nested != nil && nested.Block != nil {
			out = append(out, sensitivePaths(step(path, name), nested.Block)...)
		}
	}
	return out
}

func sensitiveAttributes(path []string, attributes map[string]*tfjson.SchemaAttribute) (out [][]string) {
	for name, a := range attributes {
		switch {
		case a == nil:
		case a.Sensitive || a.WriteOnly:
			out = append(out, step(path, name))
		case a.AttributeNestedType != nil:
			out = append(out, sensitiveAttributes(step(path, name), a.AttributeNestedType.Attributes)...)
		}
	}
	return out
}
