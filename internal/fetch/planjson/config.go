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

// configuration passes over the configuration, makes secret the values and
// defaults of sensitive variables, and the constants of sensitive outputs, and
// notes which arguments of resources it gives and which attributes it reads.
func (d *decoder) configuration() error {
	d.arguments.choose(d)
	return d.object(func(key []byte) error {
		switch string(key) {
		case "root_module":
			return d.configModule("", &d.variables)
		case "provider_config":
			return d.object(func([]byte) error { return d.configProvider() })
		}
		return d.skip()
	})
}

// configModule reads the module whose addresses begin with prefix.
func (d *decoder) configModule(prefix string, v *variables) error {
	return d.object(func(key []byte) error {
		switch string(key) {
		case "resources":
			if d.arguments.idle() {
				return d.skip()
			}
			return d.array(func() error { return d.configResource(prefix) })
		case "variables":
			return d.object(func(name []byte) error { return d.configVariable(string(name), v) })
		case "outputs":
			return d.object(func([]byte) error { return d.configOutput(prefix) })
		case "module_calls":
			return d.object(func(name []byte) error { return d.moduleCall(prefix, string(name)) })
		}
		return d.skip()
	})
}

// moduleCall reads a call, in the module of prefix, with the module that it
// calls.
func (d *decoder) moduleCall(prefix, name string) error {
	var v variables
	return d.object(func(key []byte) error {
		switch string(key) {
		case "module":
			return d.configModule(prefix+"module."+name+".", &v)
		case "count_expression", "for_each_expression":
			return d.expression(prefix, func(*node) error { return nil })
		case "expressions":
			return d.object(func(name []byte) error {
				argument := string(name)
				return d.expression(prefix, func(n *node) error {
					if value := constantOf(n); value != nil {
						return v.set(d, argument, appendValue(nil, value), 0)
					}
					return nil
				})
			})
		}
		return d.skip()
	})
}

// expression reads an expression of the module of prefix, notes what it reads,
// and hands it on.
func (d *decoder) expression(prefix string, use func(*node) error) error {
	return d.element(func() error {
		at, err := d.value()
		if err != nil {
			return err
		}
		n, err := d.node(at)
		if err != nil || n == nil {
			return err
		}
		d.arguments.reads(prefix, n)
		return use(n)
	})
}

// constantOf returns the value of a constant expression, nil for another.
func constantOf(expression *node) *node { return expression.member([]byte("constant_value")) }

func (d *decoder) configOutput(prefix string) error {
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
		hidden := hasTrue(d.bytes(sensitive))
		if err != nil || !hidden && d.arguments.idle() {
			return err
		}
		n, err := d.node(expression)
		if err != nil || n == nil {
			return err
		}
		d.arguments.reads(prefix, n)
		if value := constantOf(n); value != nil && hidden {
			d.collectAll(value)
		}
		return nil
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
