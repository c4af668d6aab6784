package planjson

// A plan repeats the whole state twice, before (prior_state) and after
// (planned_values). Nothing of it is reported; but it marks values sensitive
// that may stand unmarked elsewhere.

// priorState passes over prior_state, collecting secrets.
func (d *decoder) priorState() error {
	return d.object(func(key []byte) error {
		if string(key) == "values" {
			return d.stateValues()
		}
		return d.skip()
	})
}

// stateValues passes over a values representation: outputs and root module.
func (d *decoder) stateValues() error {
	return d.object(func(key []byte) error {
		switch string(key) {
		case "outputs":
			return d.object(func([]byte) error { return d.stateOutput() })
		case "root_module":
			return d.stateModule()
		}
		return d.skip()
	})
}

func (d *decoder) stateModule() error {
	return d.object(func(key []byte) error {
		switch string(key) {
		case "resources":
			return d.array(d.stateResource)
		case "child_modules":
			return d.array(d.stateModule)
		}
		return d.skip()
	})
}

func (d *decoder) stateOutput() error {
	return d.element(func() error {
		var value, sensitive span
		err := d.fields(func(key []byte) *span {
			switch string(key) {
			case "value":
				return &value
			case "sensitive":
				return &sensitive
			}
			return nil
		})
		if err != nil {
			return err
		}
		return d.collectMarked(value, sensitive)
	})
}

func (d *decoder) stateResource() error {
	return d.element(func() error {
		var values, marks span
		err := d.fields(func(key []byte) *span {
			switch string(key) {
			case "values":
				return &values
			case "sensitive_values":
				return &marks
			}
			return nil
		})
		if err != nil {
			return err
		}
		return d.collectMarked(values, marks)
	})
}
