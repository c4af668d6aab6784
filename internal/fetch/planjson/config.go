package planjson

import "slices"

// variables joins two places that may come in either order: what a module's
// variables are set to (the section variables for the root module, the
// expressions of its call for another), and which of them are sensitive.
type variables struct {
	values    map[string][]byte // JSON text by name, of those not yet known to be harmless
	sensitive map[string]bool   // by name
}

// set says what a variable is set to. value is copied.
func (v *variables) set(d *decoder, name string, value []byte, at int64) error {
	if v.sensitive[name] {
		return d.collectWhole(value, at)
	}
	if v.values == nil {
		v.values = map[string][]byte{}
	}
	v.values[name] = slices.Clone(value)
	return nil
}

// hide says that a variable is sensitive.
func (v *variables) hide(d *decoder, name string) error {
	if v.sensitive == nil {
		v.sensitive = map[string]bool{}
	}
	v.sensitive[name] = true
	return d.collectWhole(v.values[name], 0)
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
			return d.variables.set(d, name, d.bytes(value), value.from)
		})
	})
}

// configuration passes over the configuration, and makes secret the values and
// defaults of sensitive variables, and the constants of sensitive outputs.
func (d *decoder) configuration() error {
	return d.object(func(key []byte) error {
		if string(key) == "root_module" {
			return d.configModule(&d.variables)
		}
		return d.skip()
	})
}

func (d *decoder) configModule(v *variables) error {
	return d.object(func(key []byte) error {
		switch string(key) {
		case "variables":
			return d.object(func(name []byte) error { return d.configVariable(string(name), v) })
		case "outputs":
			return d.object(func([]byte) error { return d.configOutput() })
		case "module_calls":
			return d.object(func([]byte) error { return d.moduleCall() })
		}
		return d.skip()
	})
}

// moduleCall reads a call with the module that it calls.
func (d *decoder) moduleCall() error {
	var v variables
	return d.object(func(key []byte) error {
		switch string(key) {
		case "module":
			return d.configModule(&v)
		case "expressions":
			return d.object(func(name []byte) error {
				argument := string(name)
				return d.constant(func(value *node) error { return v.set(d, argument, appendValue(nil, value), 0) })
			})
		}
		return d.skip()
	})
}

// constant reads an expression and hands on its value, if it is a constant.
func (d *decoder) constant(use func(*node) error) error {
	return d.element(func() error {
		expression, err := d.value()
		if err != nil {
			return err
		}
		return d.constantOf(expression, use)
	})
}

func (d *decoder) constantOf(expression span, use func(*node) error) error {
	n, err := d.node(expression)
	if err != nil || n == nil || n.kind != '{' {
		return err
	}
	if value := n.member([]byte("constant_value")); value != nil {
		return use(value)
	}
	return nil
}

func (d *decoder) configOutput() error {
	return d.element(func() error {
		var expression, sensitive span
		err := d.fields(func(key []byte) *span {
			switch string(key) {
			case "expression":
				return &expression
			case "sensitive":
				return &sensitive
			}
			return nil
		})
		if err != nil || !hasTrue(d.bytes(sensitive)) {
			return err
		}
		return d.constantOf(expression, func(value *node) error {
			d.collectAll(value)
			return nil
		})
	})
}

func (d *decoder) configVariable(name string, v *variables) error {
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
		if err != nil || !hasTrue(d.bytes(sensitive)) {
			return err
		}
		if err := d.collectWhole(d.bytes(byDefault), byDefault.from); err != nil {
			return err
		}
		return v.hide(d, name)
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
