package app

import (
	"encoding/json"
	"slices"

	"github.com/strandline-tf/strandline/internal/model"
)

// guard takes out of what an inventory told of an object all values that
// something else has marked as secret: configuration is written from it. An
// attribute with such a value is as one that is sensitive itself.
func (p *program) guard(o *model.Object) {
	if o == nil {
		return
	}
	if p.secrets.Text(o.Name) != o.Name {
		o.Name = "" // an address would be made of it
	}
	hidden := len(o.Sensitive)
	for _, value := range o.Tags {
		if p.secrets.Text(value) != value {
			o.Tags, o.Sensitive = nil, withName(o.Sensitive, "tags")
			break
		}
	}
	if p.secrets.Text(o.Config) != o.Config {
		o.Config = "" // what it says is in Attributes, or Terraform generates it
	}
	var attributes map[string]json.RawMessage
	if p.secrets.Empty() || json.Unmarshal(o.Attributes, &attributes) != nil {
		return
	}
	for name, value := range attributes {
		if p.secrets.Text(string(value)) == string(value) && !p.holdsSecret(value) {
			continue
		}
		delete(attributes, name)
		o.Sensitive = withName(o.Sensitive, name)
	}
	if len(o.Sensitive) > hidden {
		o.Attributes, _ = json.Marshal(attributes) // it was JSON before
	}
}

// withName returns a sorted list with a name in it, once.
func withName(list []string, name string) []string {
	if slices.Contains(list, name) {
		return list
	}
	list = append(slices.Clone(list), name)
	slices.Sort(list)
	return list
}

// holdsSecret reports whether a string in value is a secret as a whole, which
// in JSON's quotes isn't seen where it is short.
func (p *program) holdsSecret(value []byte) bool {
	var v any
	if len(value) == 0 {
		return false
	}
	if json.Unmarshal(value, &v) != nil {
		return true
	}
	var walk func(v any) bool
	walk = func(v any) bool {
		switch v := v.(type) {
		case string:
			return p.secrets.Whole(v)
		case []any:
			return slices.ContainsFunc(v, walk)
		case map[string]any:
			for _, kid := range v {
				if walk(kid) {
					return true
				}
			}
		}
		return false
	}
	return walk(v)
}
