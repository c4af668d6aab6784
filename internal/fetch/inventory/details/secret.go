package details

import (
	"bytes"
	"encoding/json"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/hashicorp/hcl/v2/hclwrite"

	"github.com/strandline-tf/strandline/internal/model"
	"github.com/strandline-tf/strandline/internal/secret"
)

// WithholdAt makes secret what paths lead to in o.Attributes, and leaves out the
// whole attributes and blocks that they begin with, as LeaveOut does.
func WithholdAt(o *model.Object, paths [][]string, secrets *secret.Set) {
	if len(paths) == 0 {
		return
	}
	all := Members(o.Attributes)
	var names []string
	for _, path := range paths {
		secrets.Add(Leaves(At(all[path[0]], path[1:]))...)
		names = append(names, path[0])
	}
	LeaveOut(o, names)
}

// LeaveOut takes the top-level attributes and blocks of these names out of
// o.Attributes and o.Config, and lists them in o.Sensitive. Names that o doesn't
// have are listed too: whoever named them knows the provider's schema.
func LeaveOut(o *model.Object, names []string) {
	if len(names) == 0 {
		return
	}
	all := Members(o.Attributes)
	for _, name := range names {
		delete(all, name)
	}
	o.Sensitive = append(o.Sensitive, names...)
	slices.Sort(o.Sensitive)
	o.Sensitive = slices.Compact(o.Sensitive)
	if all != nil {
		o.Attributes = Object(all)
	}
	o.Config = Without(o.Config, names)
}

// At returns what path leads to in value, through every element of lists on the
// way, with or without an index; all of value where it leads nowhere: better
// too much than a leak.
func At(value json.RawMessage, path []string) json.RawMessage {
	if found, ok := Find(value, path); ok {
		return found
	}
	return value
}

// Find is At, but false where path leads nowhere. In a list it is enough that it
// leads somewhere in one of the elements: others need not have the attribute.
func Find(value json.RawMessage, path []string) (json.RawMessage, bool) {
	var list []json.RawMessage
	if len(path) == 0 {
		return value, true
	}
	if json.Unmarshal(value, &list) != nil || list == nil {
		next, ok := Members(model.Value(value))[path[0]]
		if !ok {
			return nil, false
		}
		return Find(next, path[1:])
	}
	if strings.Trim(path[0], "0123456789") == "" {
		path = path[1:]
	}
	var found []json.RawMessage
	for _, e := range list {
		if v, ok := Find(e, path); ok {
			found = append(found, v)
		}
	}
	out, _ := json.Marshal(found) // of what was JSON
	return out, len(found) > 0 || len(list) == 0
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
