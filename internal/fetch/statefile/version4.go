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
	list := jsontext.NewDecoder(bytes.NewBuffer(instances), jsontext.AllowDuplicateNames(true), jsontext.AllowInvalidUTF8(true))
	return elements(list, func() error { return in.read(list) })
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

func (in *instance) read(list *jsontext.Decoder) error {
	m := in.of
	m.Address = in.base
	var attributes, flat, marks jsontext.Value
	err := members(list, func(key string) error {
		v, err := list.ReadValue()
		if err != nil {
			return err
		}
		switch key { // the values live until the next read: copied only where kept
		case "index_key":
			m.Address += index(v)
		case "attributes":
			attributes = bytes.Clone(v)
		case "attributes_flat":
			flat = bytes.Clone(v)
		case "sensitive_attributes":
			if len(v) > len("[]") {
				marks = bytes.Clone(v)
			}
		case "identity":
			if v.Kind() == '{' {
				m.Identity = model.Value(bytes.Clone(v))
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	if attributes.Kind() != '{' && flat.Kind() == '{' {
		if attributes, err = expand(flat); err != nil {
			return err
		}
	}
	if attributes.Kind() == '{' {
		m.Attributes = model.Value(attributes)
		in.d.collectMarked(attributes, marks)
		if m.ID, m.ARN, err = names(attributes); err != nil {
			return err
		}
	}
	return in.d.hand(m)
}

// names returns the attributes id and arn.
func names(attributes jsontext.Value) (id, arn string, err error) {
	d := jsontext.NewDecoder(bytes.NewBuffer(attributes), jsontext.AllowDuplicateNames(true), jsontext.AllowInvalidUTF8(true))
	err = members(d, func(key string) error {
		if key != "id" && key != "arn" {
			return d.SkipValue()
		}
		v, err := d.ReadValue()
		switch {
		case err != nil || v.Kind() != '"' && v.Kind() != '0':
		case key == "arn":
			arn = scalar(v)
		default:
			id = scalar(v)
		}
		return err
	})
	return id, arn, err
}

func scalar(v jsontext.Value) string {
	if v.Kind() == '"' {
		return unquote(v)
	}
	return string(v)
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
