package jsonout

import (
	"bytes"
	_ "embed"
	"encoding/json"
	"reflect"
	"strings"

	"github.com/strandline-tf/strandline/internal/model"
)

// fields says in words what each field of the report is, one a line: its type
// and name, a description and, where only some strings can stand there, those.
//
//go:embed fields.tsv
var fields string

// schema is a JSON Schema, its keywords in the order of output.
type schema struct {
	Schema      string   `json:"$schema,omitempty"`
	Ref         string   `json:"$ref,omitempty"`
	Title       string   `json:"title,omitempty"`
	Description string   `json:"description,omitempty"`
	Type        any      `json:"type,omitempty"` // a name or several
	Const       any      `json:"const,omitempty"`
	Enum        []string `json:"enum,omitempty"`
	Minimum     *int     `json:"minimum,omitempty"`
	Items       *schema  `json:"items,omitempty"`
	Properties  members  `json:"properties,omitzero"`
	Required    []string `json:"required,omitempty"`
	Additional  *extra   `json:"additionalProperties,omitempty"`
	Defs        members  `json:"$defs,omitzero"`
}

// extra is what else an object may hold: nothing, or values of one kind.
type extra struct{ of *schema }

// MarshalJSON writes false or the schema.
func (a extra) MarshalJSON() ([]byte, error) {
	if a.of == nil {
		return []byte("false"), nil
	}
	return json.Marshal(a.of)
}

// members are an object's, in their order.
type members []member

type member struct {
	name string
	*schema
}

// MarshalJSON writes the object.
func (m members) MarshalJSON() ([]byte, error) {
	var b bytes.Buffer
	b.WriteByte('{')
	for i, x := range m {
		if i > 0 {
			b.WriteByte(',')
		}
		name, err := json.Marshal(x.name)
		if err != nil {
			return nil, err
		}
		value, err := json.Marshal(x.schema)
		if err != nil {
			return nil, err
		}
		b.Write(name)
		b.WriteByte(':')
		b.Write(value)
	}
	b.WriteByte('}')
	return b.Bytes(), nil
}

// Schema returns the JSON Schema (draft 2020-12) of the report, made from the
// model's types, so that it says what Write writes. Fields are added over time:
// it doesn't refuse those that it doesn't know.
func Schema() []byte { return newSchema(false) }

// newSchema makes the schema; strict, it refuses fields that it doesn't know.
func newSchema(strict bool) []byte {
	m := &maker{strict: strict, words: parseFields(), made: map[reflect.Type]bool{}}
	m.object(reflect.TypeFor[model.Report]())
	root := m.defs[len(m.defs)-1] // defined when all that it refers to is
	root.Schema = "https://json-schema.org/draft/2020-12/schema"
	root.Title = "Strandline report"
	root.Defs = m.defs[:len(m.defs)-1]
	var out bytes.Buffer
	enc := json.NewEncoder(&out)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	// Strings, numbers and what is made of them above can't fail to encode.
	_ = enc.Encode(root.schema)
	return out.Bytes()
}

// words are what fields says of one field.
type words struct {
	description string
	enum        []string
}

func parseFields() map[string]words {
	out := map[string]words{}
	for line := range strings.Lines(fields) {
		name, rest, _ := strings.Cut(strings.TrimSuffix(line, "\n"), "\t")
		description, enum, _ := strings.Cut(rest, "\t")
		out[name] = words{description, strings.Fields(enum)}
	}
	return out
}

// maker turns types into schemas.
type maker struct {
	strict bool
	words  map[string]words
	made   map[reflect.Type]bool
	defs   members
}

// object defines the schema of a struct once, and refers to it.
func (m *maker) object(t reflect.Type) *schema {
	if !m.made[t] {
		m.made[t] = true
		s := &schema{Type: "object", Description: m.words[t.Name()].description}
		m.fields(s, t)
		if m.strict {
			s.Additional = &extra{}
		}
		m.defs = append(m.defs, member{t.Name(), s})
	}
	return &schema{Ref: "#/$defs/" + t.Name()}
}

// fields adds the fields of t to an object; those of an embedded struct stand
// among them, as in JSON.
func (m *maker) fields(s *schema, t reflect.Type) {
	for i := range t.NumField() {
		f := t.Field(i)
		tag := f.Tag.Get("json")
		name, options, _ := strings.Cut(tag, ",")
		switch {
		case f.Anonymous && tag == "":
			m.fields(s, f.Type)
			continue
		case name == "-":
			continue
		}
		value := m.value(f.Type)
		about := m.words[t.Name()+"."+name]
		value.Description, value.Enum = about.description, about.enum
		if f.Type.Kind() == reflect.Pointer && options == "" {
			value.Type = []string{value.Type.(string), "null"}
		}
		if t == reflect.TypeFor[model.Report]() && name == "version" {
			value.Const = model.Version
		}
		s.Properties = append(s.Properties, member{name, value})
		if options == "" {
			s.Required = append(s.Required, name)
		}
	}
}

// value is the schema of a field's type.
func (m *maker) value(t reflect.Type) *schema {
	if t == reflect.TypeFor[model.Value]() {
		return &schema{} // any JSON
	}
	switch t.Kind() {
	case reflect.Pointer:
		return m.value(t.Elem())
	case reflect.Struct:
		return m.object(t)
	case reflect.Slice:
		return &schema{Type: "array", Items: m.value(t.Elem())}
	case reflect.Map:
		return &schema{Type: "object", Additional: &extra{m.value(t.Elem())}}
	case reflect.Bool:
		return &schema{Type: "boolean"}
	case reflect.Int:
		return &schema{Type: "integer", Minimum: new(int)}
	case reflect.Float64:
		return &schema{Type: "number"}
	}
	return &schema{Type: "string"}
}
