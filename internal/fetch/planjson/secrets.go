package planjson

// collect makes secret what marks says is sensitive in value: every string
// and number below a true. marks mirrors value's shape, may miss branches and
// be shorter, and may be true for a whole.
func (d *decoder) collect(value, marks *node) {
	if value.null() || marks == nil {
		return
	}
	switch marks.kind {
	case 't':
		d.collectAll(value)
	case '{':
		for i := range marks.kids {
			d.collect(value.member(marks.kids[i].key), &marks.kids[i])
		}
	case '[':
		for i := range marks.kids {
			d.collect(value.item(i), &marks.kids[i])
		}
	}
}

func (d *decoder) collectAll(value *node) {
	switch value.kind {
	case '"':
		d.secrets.Add(string(unquote(value.raw)))
	case '0':
		d.secrets.Add(string(value.raw))
	}
	for i := range value.kids {
		d.collectAll(&value.kids[i])
	}
}

// collectMarked collects from captured text, parsing it only where the marks
// hold a true at all.
func (d *decoder) collectMarked(value, marks span) error {
	if value.empty() || !hasTrue(d.bytes(marks)) {
		return nil
	}
	var v, m *node
	if err := d.nodes(nodeAt{&v, value}, nodeAt{&m, marks}); err != nil {
		return err
	}
	d.collect(v, m)
	return nil
}
