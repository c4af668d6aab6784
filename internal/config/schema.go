package config

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
)

// property describes one key in JSON Schema; fields in the order of output.
type property struct {
	Description string     `json:"description,omitempty"`
	Default     any        `json:"default,omitempty"`
	Type        string     `json:"type,omitempty"`
	Enum        []string   `json:"enum,omitempty"`
	Const       any        `json:"const,omitempty"`
	Pattern     string     `json:"pattern,omitempty"`
	Minimum     int        `json:"minimum,omitempty"`
	Maximum     int        `json:"maximum,omitempty"`
	Items       *property  `json:"items,omitempty"`
	AnyOf       []property `json:"anyOf,omitempty"`
	Additional  *property  `json:"additionalProperties,omitempty"`
}

const (
	patternNotBlank = `\S`
	// What time.ParseDuration takes, short of a minus sign.
	patternDuration = `^\+?(0|(([0-9]+\.?[0-9]*|\.[0-9]+)(ns|us|µs|μs|ms|s|m|h))+)$`
)

// Schema returns the JSON Schema (draft 2020-12) of the configuration file,
// made from the same table by which the file is checked.
func Schema() []byte {
	type keyed struct {
		key string
		property
	}
	var keys []keyed
	for _, s := range settings() {
		if !s.flagOnly {
			keys = append(keys, keyed{s.name, s.property()})
		}
	}
	// Properties keep the table's order, which a Go map would not.
	var properties bytes.Buffer
	for i, k := range keys {
		if i > 0 {
			properties.WriteByte(',')
		}
		fmt.Fprintf(&properties, "%q:%s", k.key, marshal(k.property))
	}
	var out bytes.Buffer
	raw := marshal(struct {
		Schema      string          `json:"$schema"`
		Title       string          `json:"title"`
		Description string          `json:"description"`
		Type        []string        `json:"type"`
		Additional  bool            `json:"additionalProperties"`
		Properties  json.RawMessage `json:"properties"`
	}{
		"https://json-schema.org/draft/2020-12/schema", fileName,
		"Settings of Strandline. Each is also a flag and an action input of the same name, which go before the file.",
		[]string{"object", "null"}, false, json.RawMessage("{" + properties.String() + "}"),
	})
	// Indent fails only on what is not JSON, and it was made by marshal.
	_ = json.Indent(&out, raw, "", "  ")
	out.WriteByte('\n')
	return out.Bytes()
}

// marshal encodes without escaping < and >, which occur in descriptions.
func marshal(v any) []byte {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	// Plain structs of strings and numbers can't fail to encode.
	_ = enc.Encode(v)
	return bytes.TrimSpace(b.Bytes())
}

// property describes the values of s in the file.
func (s *setting) property() property {
	p := property{Type: "string"}
	switch s.kind {
	case kindBool:
		p.Type = "boolean"
	case kindInt:
		p = property{Type: "integer", Minimum: s.min, Maximum: s.max}
	case kindDuration:
		p = property{AnyOf: []property{{Type: "string", Pattern: patternDuration}, {Const: 0}}}
	case kindWords:
		p = property{AnyOf: []property{{Enum: s.allowed}, {Type: "string", Pattern: listPattern(s.allowed)}}}
	default:
		if p.Enum, p.Pattern = s.allowed, s.pattern; s.allowed == nil && s.pattern == "" {
			p.Pattern = patternNotBlank
		}
	}
	if s.kind.many() {
		item := p
		p = property{AnyOf: []property{item, {Type: "array", Items: &item}}}
	}
	if s.kind == kindPairs {
		text := property{Type: "string", Pattern: patternNames}
		p.AnyOf = append(p.AnyOf, property{Type: "object", Additional: &property{AnyOf: []property{text, {Type: "array", Items: &text}}}})
	}
	p.Description, p.Default = s.help, s.defaultValue()
	return p
}

// defaultValue returns the default as the file would write it, nil for none.
func (s *setting) defaultValue() any {
	switch {
	case s.def == "":
		return nil
	case s.kind == kindBool, s.kind == kindInt:
		return json.RawMessage(s.def)
	}
	return s.def
}

// listPattern matches words separated by commas; empty ones are passed over.
func listPattern(words []string) string {
	word := `\s*(` + strings.Join(words, "|") + `)?\s*`
	return "^" + word + "(," + word + ")*$"
}
