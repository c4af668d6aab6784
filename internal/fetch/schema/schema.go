// Package schema reads what `terraform providers schema -json` prints: which
// attributes the types of a configuration's providers have, which of them are
// sensitive, and which types can be listed.
//
// Before it comes the terraform program, which package app or tfquery runs;
// after it come tfquery, which writes list blocks and withholds what is
// sensitive, and package propose, which writes what a schema lets be set.
//
// The command: https://developer.hashicorp.com/terraform/cli/commands/providers/schema
package schema

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"

	tfjson "github.com/hashicorp/terraform-json"

	"github.com/strandline-tf/strandline/internal/fetch/inventory/details"
	"github.com/strandline-tf/strandline/internal/model"
)

// Schemas is what providers say of their types. A nil *Schemas knows nothing.
type Schemas struct {
	// Providers are those with a type that was wanted, by source address, with
	// those types' schemas and nothing else.
	Providers *tfjson.ProviderSchemas
	Lists     []List   // types that can be listed as they are, sorted by type and source
	Bound     []string // types that can be listed only with arguments, sorted
	sources   map[string]string
}

// List is a type that can be listed: aws_instance of
// registry.terraform.io/hashicorp/aws.
type List struct{ Type, Source string }

// Read reads what `terraform providers schema -json` prints, and keeps the
// types that want says yes to; with a nil want, those that can be listed. The
// schemas of a large cloud are tens of megabytes, of which hardly any are wanted.
func Read(in []byte, want func(typ string) bool) (*Schemas, error) {
	var all struct {
		FormatVersion string `json:"format_version"`
		Providers     map[string]struct {
			Resources map[string]json.RawMessage `json:"resource_schemas"`
			Lists     map[string]*tfjson.Schema  `json:"list_resource_schemas"`
		} `json:"provider_schemas"`
	}
	if err := json.Unmarshal(in, &all); err != nil {
		return nil, err
	}
	s := &Schemas{Providers: &tfjson.ProviderSchemas{FormatVersion: all.FormatVersion, Schemas: map[string]*tfjson.ProviderSchema{}}, sources: map[string]string{}}
	if err := s.Providers.Validate(); err != nil {
		return nil, err
	}
	for _, source := range slices.Sorted(maps.Keys(all.Providers)) {
		provider := all.Providers[source]
		for _, typ := range slices.Sorted(maps.Keys(provider.Lists)) {
			if l := provider.Lists[typ]; l != nil && needsArguments(l.Block) {
				s.Bound = append(s.Bound, typ)
			} else {
				s.Lists = append(s.Lists, List{typ, source})
			}
		}
		for typ, text := range provider.Resources {
			_, listable := provider.Lists[typ]
			if want == nil && !listable || want != nil && !want(typ) {
				continue
			}
			if err := s.keep(source, typ, text); err != nil {
				return nil, err
			}
		}
	}
	slices.Sort(s.Bound)
	return s, nil
}

func (s *Schemas) keep(source, typ string, text json.RawMessage) error {
	var one *tfjson.Schema
	if err := json.Unmarshal(text, &one); err != nil || one == nil || one.Block == nil {
		return err
	}
	if s.Providers.Schemas[source] == nil {
		s.Providers.Schemas[source] = &tfjson.ProviderSchema{ResourceSchemas: map[string]*tfjson.Schema{}}
	}
	s.Providers.Schemas[source].ResourceSchemas[typ] = one
	s.sources[typ] = source
	return nil
}

// block returns what is known of a type, nil for nothing.
func (s *Schemas) block(typ string) *tfjson.SchemaBlock {
	if s == nil || s.sources[typ] == "" {
		return nil
	}
	return s.Providers.Schemas[s.sources[typ]].ResourceSchemas[typ].Block
}

// Knows reports whether the schema of a type was kept.
func (s *Schemas) Knows(typ string) bool { return s.block(typ) != nil }

// Provider returns the provider of a type as model.Object has it, "" where not
// known.
func (s *Schemas) Provider(typ string) string {
	if !s.Knows(typ) {
		return ""
	}
	parts := strings.Split(s.sources[typ], "/")
	switch {
	case len(parts) != 3:
		return s.sources[typ]
	case parts[1] == "hashicorp":
		return parts[2]
	}
	return parts[1] + "/" + parts[2]
}

// Requires reports whether a top-level attribute must be set.
func (s *Schemas) Requires(typ, attribute string) bool {
	b := s.block(typ)
	return b != nil && b.Attributes[attribute] != nil && b.Attributes[attribute].Required
}

// Sensitive returns the paths of a type's sensitive and write-only attributes,
// without indexes.
func (s *Schemas) Sensitive(typ string) [][]string {
	b := s.block(typ)
	if b == nil {
		return nil
	}
	return sensitivePaths(nil, b)
}

// Secrets returns the values of an object's attributes that the schema of its
// type marks sensitive; what stands beside one that has no value is none.
func (s *Schemas) Secrets(o *model.Object) []string {
	var out []string
	all := details.Members(o.Attributes)
	for _, path := range s.Sensitive(o.Type) {
		if value, ok := details.Find(all[path[0]], path[1:]); ok {
			out = append(out, details.Leaves(value)...)
		}
	}
	return out
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

// step returns path with one more step, in memory of its own.
func step(path []string, name string) []string {
	return append(append(make([]string, 0, len(path)+1), path...), name)
}
