package planjson

import (
	"slices"

	"github.com/strandline-tf/strandline/internal/model"
)

// outputChange reads a member of output_changes, whose name is key.
func (d *decoder) outputChange(key []byte) error {
	name := slices.Clone(key)
	return d.element(func() error {
		var raw rawChange
		if err := d.fields(raw.change); err != nil {
			return err
		}
		var c model.Change
		c.Address = "output." + string(name)
		if err := d.action(raw.actions, &c); err != nil {
			return err
		}
		if c.Action == model.ActionNoOp {
			return d.collectChange(&raw)
		}
		out, err := d.output(name, &raw, c.Action)
		if err != nil {
			return asFault(err, c.Address)
		}
		d.ws.Outputs = append(d.ws.Outputs, out)
		return nil
	})
}

// output makes an output of a captured change. An output that is sensitive
// anywhere inside is sensitive as a whole: it is one value to its reader.
func (d *decoder) output(name []byte, raw *rawChange, action string) (model.Output, error) {
	out := model.Output{Name: string(name), Action: action,
		Sensitive: hasTrue(d.bytes(raw.beforeMarks)) || hasTrue(d.bytes(raw.afterMarks)),
		Unknown:   hasTrue(d.bytes(raw.unknown))}
	if out.Sensitive {
		path := string(appendKey(nil, name))
		out.Attributes = []model.Attribute{{Path: path, Sensitive: true, Unknown: out.Unknown}}
		return out, d.collectChange(raw)
	}
	var before, after *node
	if err := d.nodes(nodeAt{&before, raw.before}, nodeAt{&after, raw.after}); err != nil {
		return out, err
	}
	if !before.null() {
		out.Before = appendValue(nil, before)
	}
	if !after.null() {
		out.After = appendValue(nil, after)
	}
	var err error
	out.Attributes, _, err = d.attributes(raw, appendKey(nil, name), action)
	return out, err
}
