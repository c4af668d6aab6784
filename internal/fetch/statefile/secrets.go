package statefile

import (
	"bytes"
	"encoding/json"

	"github.com/go-json-experiment/json/jsontext"
)

// outputs reads the root outputs of version 4 for what they mark sensitive.
func (d *decoder) outputs() error {
	return members(d.json, func(string) error {
		var value jsontext.Value
		sensitive := false
		err := members(d.json, func(key string) error {
			v, err := d.json.ReadValue()
			switch key {
			case "value":
				value = bytes.Clone(v)
			case "sensitive":
				sensitive = v.Kind() == 't'
			}
			return err
		})
		if sensitive {
			d.collect(value)
		}
		return err
	})
}

// step is one step of a path in sensitive_attributes, as Terraform's
// internal/states/statefile/marks.go writes it.
type step struct {
	Type  string          `json:"type"` // get_attr | index
	Value json.RawMessage `json:"value"`
}

// collectMarked makes secret what the paths in marks lead to. Marks that can't
// be read, or that lead nowhere, as those into a set do, make all of what they
// got to secret: better too much than a leak.
func (d *decoder) collectMarked(attributes, marks jsontext.Value) {
	if len(marks) <= len("[]") {
		return
	}
	var paths [][]step
	if json.Unmarshal(marks, &paths) != nil {
		d.collect(attributes)
		return
	}
	for _, path := range paths {
		at := json.RawMessage(attributes)
		for _, s := range path {
			next := s.of(at)
			if next == nil {
				break
			}
			at = next
		}
		if len(path) > 0 && bytes.Equal(at, attributes) { // a name that isn't there
			continue
		}
		d.collect(jsontext.Value(at))
	}
}

// of returns what the step leads to in value, nil where it leads nowhere.
func (s *step) of(value json.RawMessage) json.RawMessage {
	key := s.Value
	if s.Type == "index" {
		var wrapped struct {
			Value json.RawMessage `json:"value"`
		}
		if json.Unmarshal(s.Value, &wrapped) != nil {
			return nil
		}
		key = wrapped.Value
	}
	var name string
	if json.Unmarshal(key, &name) == nil {
		var object map[string]json.RawMessage
		if json.Unmarshal(value, &object) != nil {
			return nil
		}
		return object[name]
	}
	var at int
	var list []json.RawMessage
	if json.Unmarshal(key, &at) != nil || json.Unmarshal(value, &list) != nil || at < 0 || at >= len(list) {
		return nil
	}
	return list[at]
}

// collect makes every string and number in value secret.
func (d *decoder) collect(value jsontext.Value) {
	in := jsontext.NewDecoder(bytes.NewBuffer(value), jsontext.AllowDuplicateNames(true), jsontext.AllowInvalidUTF8(true))
	for {
		isName := false
		if kind, n := in.StackIndex(in.StackDepth()); kind == '{' {
			isName = n%2 == 0
		}
		token, err := in.ReadToken()
		if err != nil {
			return // the end: it was read once already
		}
		switch {
		case isName:
		case token.Kind() == '"', token.Kind() == '0':
			d.secrets.Add(token.String())
		}
	}
}
