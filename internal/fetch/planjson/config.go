package planjson

import "slices"

// variables joins two sections that may come in either order: variables has
// the root module's values, configuration says which of them are sensitive.
type variables struct {
	values    map[string][]byte // JSON text by name, of those not yet known to be harmless
	sensitive map[string]bool   // by name
}

// variableValues reads the variables section.
func (d *decoder) variableValues() error {
	return d.object(func(key []byte) error {
		name := string(key)
		return d.element(func() error {
			var value span
			err := d.fields(func(key []byte) *span {
				if string(key) == "value" {
					return &value
				}
				return nil
			})
			if err != nil {
				return err
			}
			if d.variables.sensitive[name] {
				return d.collectWhole(d.bytes(value), value.from)
			}
			if d.variables.values == nil {
				d.variables.values = map[string][]byte{}
			}
			d.variables.values[name] = slices.Clone(d.bytes(value))
			return nil
		})
	})
}

// configuration passes over the configuration, and makes secret the values and
// defaults of sensitive variables.
func (d *decoder) configuration() error {
	return d.object(func(key []byte) error {
		if string(key) == "root_module" {
			return d.configModule(true)
		}
		return d.skip()
	})
}

func (d *decoder) configModule(root bool) error {
	return d.object(func(key []byte) error {
		switch string(key) {
		case "variables":
			return d.object(func(name []byte) error { return d.configVariable(string(name), root) })
		case "module_calls":
			return d.object(func([]byte) error { return d.moduleCall() })
		}
		return d.skip()
	})
}

func (d *decoder) moduleCall() error {
	return d.object(func(key []byte) error {
		if string(key) == "module" {
			return d.configModule(false)
		}
		return d.skip()
	})
}

func (d *decoder) configVariable(name string, root bool) error {
	return d.element(func() error {
		var byDefault, sensitive span
		err := d.fields(func(key []byte) *span {
			switch string(key) {
			case "default":
				return &byDefault
			case "sensitive":
				return &sensitive
			}
			return nil
		})
		if err != nil {
			return err
		}
		if !hasTrue(d.bytes(sensitive)) {
			return nil
		}
		if err := d.collectWhole(d.bytes(byDefault), byDefault.from); err != nil || !root {
			return err
		}
		if d.variables.sensitive == nil {
			d.variables.sensitive = map[string]bool{}
		}
		d.variables.sensitive[name] = true
		return d.collectWhole(d.variables.values[name], 0)
	})
}

// collectWhole makes secret all of a value whose text is src.
func (d *decoder) collectWhole(src []byte, at int64) error {
	value, err := d.parser.parse(src, at)
	if err != nil || value == nil {
		return err
	}
	d.collectAll(value)
	return nil
}
