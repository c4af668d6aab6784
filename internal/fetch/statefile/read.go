package statefile

import (
	"errors"
	"strconv"

	"github.com/go-json-experiment/json/jsontext"
)

// errShape says that a value is of another kind than a state has there.
var errShape = errors.New("not of the form of a state")

// members reads an object: each is called with the name of each member and
// must read its value. null is one without members.
func members(d *jsontext.Decoder, each func(key string) error) error {
	return inside(d, '{', func() error {
		name, err := d.ReadToken()
		if err != nil {
			return err
		}
		return each(name.String())
	})
}

// elements reads an array: each must read one element. null is an empty one.
func elements(d *jsontext.Decoder, each func() error) error { return inside(d, '[', each) }

func inside(d *jsontext.Decoder, open jsontext.Kind, each func() error) error {
	if kind := d.PeekKind(); kind == 'n' {
		return d.SkipValue()
	} else if kind != open && kind != 0 {
		return errShape
	}
	if _, err := d.ReadToken(); err != nil {
		return err
	}
	for {
		switch d.PeekKind() {
		case '}', ']':
			_, err := d.ReadToken()
			return err
		case 0: // an error, which reading tells
			_, err := d.ReadToken()
			return err
		}
		if err := each(); err != nil {
			return err
		}
	}
}

// text reads a string, or null, into out.
func (d *decoder) text(out *string) error {
	v, err := d.json.ReadValue()
	switch {
	case err != nil:
		return err
	case v.Kind() == '"':
		*out = unquote(v)
	case v.Kind() != 'n':
		return errShape
	}
	return nil
}

// number reads a whole number into out; anything else is passed over.
func (d *decoder) number(out any) error {
	v, err := d.json.ReadValue()
	if err != nil || v.Kind() != '0' {
		return err
	}
	n, err := strconv.ParseInt(string(v), 10, 64)
	if err != nil {
		return d.fault("not a whole number", "a state is what `terraform state pull` prints")
	}
	switch out := out.(type) {
	case *int:
		*out = int(n)
	case *int64:
		*out = n
	}
	return nil
}

// unquote returns the text of a JSON string that a decoder has let through.
func unquote(v jsontext.Value) string {
	// Without an escape, by far the most frequent, there is nothing to undo.
	for _, b := range v {
		if b == '\\' || b >= 0x80 {
			text, _ := jsontext.AppendUnquote(nil, v) // it is well formed
			return string(text)
		}
	}
	return string(v[1 : len(v)-1])
}
