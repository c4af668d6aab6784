package details

import (
	"bytes"
	"encoding/json"
	"slices"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/hashicorp/hcl/v2/hclwrite"

	"github.com/strandline-tf/strandline/internal/model"
	"github.com/strandline-tf/strandline/internal/secret"
)

// Withhold takes the top-level attributes and blocks of these names out of
// o.Attributes and o.Config, makes their values secret and lists them in
// o.Sensitive. Names that o doesn't have are listed too: whoever named
// them knows the provider's schema.
func Withhold(o *model.Object, names []string, secrets *secret.Set) {
	if len(names) == 0 {
		return
	}
	all := Members(o.Attributes)
	for _, name := range names {
		secrets.Add(Leaves(all[name])...)
		delete(all, name)
		if !slices.Contains(o.Sensitive, name) {
			o.Sensitive = append(o.Sensitive, name)
		}
	}
	slices.Sort(o.Sensitive)
	if all != nil {
		o.Attributes = Object(all)
	}
	o.Config = Without(o.Config, names)
}

// At returns what path leads to in value, through every element of lists on the
// way; all of value where it leads nowhere: better too much than a leak.
func At(value json.RawMessage, path []string) json.RawMessage {
	if len(path) == 0 {
		return value
	}
	var list []json.RawMessage
	if json.Unmarshal(value, &list) == nil {
		var found []json.RawMessage
		for _, e := range list {
			found = append(found, At(e, path))
		}
		out, _ := json.Marshal(found) // of what was JSON
		return out
	}
	next, ok := Members(model.Value(value))[path[0]]
	if !ok {
		return value
	}
	return At(next, path[1:])
}

// Leaves returns every string and number in v.
func Leaves(v model.Value) []string {
	in := json.NewDecoder(bytes.NewReader(v))
	in.UseNumber()
	var value any
	if in.Decode(&value) != nil {
		return nil
	}
	return leaves(value, nil)
}

func leaves(v any, to []string) []string {
	switch v := v.(type) {
	case string:
		return append(to, v)
	case json.Number:
		return append(to, v.String())
	case []any:
		for _, e := range v {
			to = leaves(e, to)
		}
	case map[string]any:
		for _, e := range v {
			to = leaves(e, to)
		}
	}
	return to
}

// Without returns config without the attributes and blocks of these names in
// its resource blocks; nothing where config can't be parsed, since then nobody
// knows what is in it.
func Without(config string, names []string) string {
	if config == "" || len(names) == 0 {
		return config
	}
	tokens, diags := hclsyntax.LexConfig([]byte(config), "", hcl.InitialPos)
	if diags.HasErrors() || Deep(tokens) {
		return ""
	}
	file, diags := hclwrite.ParseConfig([]byte(config), "", hcl.InitialPos)
	if diags.HasErrors() {
		return ""
	}
	for _, resource := range file.Body().Blocks() {
		for _, name := range names {
			resource.Body().RemoveAttribute(name)
		}
		for _, block := range resource.Body().Blocks() {
			if slices.Contains(names, block.Type()) {
				resource.Body().RemoveBlock(block)
			}
		}
	}
	return string(file.Bytes())
}
