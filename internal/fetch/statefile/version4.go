package statefile

import (
	"bytes"
	"strings"

	"github.com/go-json-experiment/json/jsontext"
	"github.com/hashicorp/hcl/v2/hclwrite"
	"github.com/zclconf/go-cty/cty"

	"github.com/strandline-tf/strandline/internal/model"
)

// resource reads one element of resources.
func (d *decoder) resource() error {
	var mode, module, typ, name, provider string
	var instances jsontext.Value
	err := members(d.json, func(key string) error {
		switch key {
		case "mode":
			return d.text(&mode)
		case "module":
			return d.text(&module)
		case "type":
			return d.text(&typ)
		case "name":
			return d.text(&name)
		case "provider":
			return d.text(&provider)
		case "instances":
			// Held as a whole: its length is bounded by one resource's count,
			// and what it belongs to may be named after it.
			v, err := d.json.ReadValue()
			instances = bytes.Clone(v)
			return err
		}
		return d.json.SkipValue()
	})
	if err != nil || mode != "managed" || instances == nil {
		return err
	}
	base := typ + "." + name
	if module != "" {
		base = module + "." + base
	}
	in := &instance{of: model.Managed{Type: typ, Provider: providerOf(provider)}, base: base, d: d}
	return elementsOf(instances, in.read)
}

// providerOf takes the source address out of a provider's configuration
// address: provider["registry.terraform.io/hashicorp/aws"].eu, or in old
// states provider.aws.
func providerOf(address string) string {
	if _, rest, ok := strings.Cut(address, `provider["`); ok {
		source, _, _ := strings.Cut(rest, `"`)
		return source
	}
	_, rest, ok := strings.Cut("."+address, ".provider.")
	if !ok {
		return ""
	}
	name, _, _ := strings.Cut(rest, ".")
	return name
}

// instance reads the instances of one resource.
type instance struct {
	of   model.Managed // what all have in common
	base string        // the resource's address
	d    *decoder
}

func (in *instance) read(text []byte) error {
	m := in.of
	m.Address = in.base
	if text[0] != '{' {
		return errShape
	}
	var attributes, flat, marks jsontext.Value
	membersOf(text, func(key, value []byte) {
		switch v := jsontext.Value(value); string(key) {
		case `"index_key"`:
			m.Address += index(v)
		case `"attributes"`:
			attributes = v
		case `"attributes_flat"`:
			flat = v
		case `"sensitive_attributes"`:
			marks = v
		case `"identity"`:
			if v.Kind() == '{' {
				m.Identity = model.Value(v)
			}
		}
	})
	for _, v := range []jsontext.Value{attributes, flat} {
		if len(v) > 0 && v.Kind() != '{' && v.Kind() != 'n' {
			return errShape
		}
	}
	if attributes.Kind() != '{' && flat.Kind() == '{' {
		var err error
		if attributes, err = expand(flat); err != nil {
			return in.d.fault("a resource's flat attributes are not a map of strings", "a state is what `terraform state pull` prints")
		}
	}
	if attributes.Kind() == '{' {
		m.Attributes = model.Value(attributes)
		in.d.collectMarked(attributes, marks)
		m.ID, m.ARN = names(attributes)
	}
	return in.d.hand(m)
}

// names returns the attributes id and arn.
func names(attributes jsontext.Value) (id, arn string) {
	membersOf(attributes, func(key, value []byte) {
		switch string(key) {
		case `"id"`:
			id = scalar(value)
		case `"arn"`:
			arn = scalar(value)
		}
	})
	return id, arn
}

// scalar returns a string's or a number's text, "" for anything else.
func scalar(v jsontext.Value) string {
	switch v.Kind() {
	case '"':
		return unquote(v)
	case '0':
		return string(v)
	}
	return ""
}

// index returns an instance key as it stands in an address: [0] or ["a"].
func index(v jsontext.Value) string {
	switch v.Kind() {
	case '0':
		return "[" + string(v) + "]"
	case '"':
		return "[" + string(hclwrite.TokensForValue(cty.StringVal(unquote(v))).Bytes()) + "]"
	}
	return ""
}
