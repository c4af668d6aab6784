package file

import (
	"bytes"
	"errors"
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/strandline-tf/strandline/internal/fetch/inventory/details"
	"github.com/strandline-tf/strandline/internal/model"
	"github.com/strandline-tf/strandline/internal/secret"
)

// decoder reads elements. It walks over the tokens itself: a million objects
// through encoding/json take several times as long.
type decoder struct {
	json     *jsontext.Decoder
	in       *limited
	elements int               // begun so far
	known    map[string]string // texts that come again and again, once each
	types    map[string]struct{}
	secrets  *secret.Set
	faults   []string // of elements that were passed over, each with its place
	faulty   int      // how many those are
}

// maxFaults is how many faulty elements are told one by one.
const maxFaults = 20

// fault says what is wrong with an element.
type fault struct{ text string }

func (f *fault) Error() string { return f.text }

// refusal carries an error of yield past those of the decoder.
type refusal struct{ err error }

func (r *refusal) Error() string { return r.err.Error() }

// all reads arrays of elements and single elements until the input ends.
func (d *decoder) all(yield func(model.Object) error) error {
	for {
		switch d.json.PeekKind() {
		case '[', ']':
			if _, err := d.json.ReadToken(); err != nil {
				return err
			}
			if d.json.StackDepth() > 1 {
				d.elements++
				if err := d.passOver(1, d.place(), &fault{"an array where an object is expected"}); err != nil {
					return err
				}
			}
		case '{':
			depth := d.json.StackDepth()
			var wrong *fault
			if err := d.element(yield); errors.As(err, &wrong) {
				if err := d.passOver(depth, d.place(), wrong); err != nil {
					return err
				}
			} else if err != nil {
				return err
			}
		case 0:
			if _, err := d.json.ReadToken(); d.in.err != nil || d.json.StackDepth() > 0 || len(bytes.TrimSpace(d.json.UnreadBuffer())) > 0 {
				return err
			}
			return nil // the end
		default:
			d.elements++
			depth, at, wrong := d.json.StackDepth(), d.place(), &fault{kindName(d.json.PeekKind()) + " where an object is expected"}
			if err := d.json.SkipValue(); err != nil {
				return err
			}
			if err := d.passOver(depth, at, wrong); err != nil {
				return err
			}
		}
	}
}

// passOver reads on to the end of an element that can't be used, whose
// beginning lies at this depth, and keeps what is wrong with it.
func (d *decoder) passOver(depth int, at string, wrong *fault) error {
	d.faulty++
	if len(d.faults) < maxFaults {
		d.faults = append(d.faults, at+": "+wrong.text)
	}
	for d.json.StackDepth() > depth {
		if kind := d.json.PeekKind(); kind == '}' || kind == ']' {
			if _, err := d.json.ReadToken(); err != nil {
				return err
			}
		} else if err := d.json.SkipValue(); err != nil {
			return err
		}
	}
	return nil
}

// element reads one object of the inventory.
func (d *decoder) element(yield func(model.Object) error) error {
	d.elements++
	d.in.start = d.json.InputOffset()
	o := model.Object{Source: "file"}
	var sensitive []string
	if _, err := d.json.ReadToken(); err != nil {
		return err
	}
	for d.json.PeekKind() != '}' {
		name, err := d.json.ReadValue()
		if err != nil {
			return err
		}
		if err := d.member(string(name), &o, &sensitive); err != nil {
			return err
		}
	}
	if _, err := d.json.ReadToken(); err != nil {
		return err
	}
	switch {
	case o.Type == "":
		return &fault{"it has no type"}
	case o.ID == "" && o.Identity == nil:
		return &fault{"it has neither id nor identity"}
	case o.ID == "":
		details.Fill(&o, nil) // a state that has no identities may know it by what that tells
	}
	details.WithholdAt(&o, steps(sensitive), d.secrets)
	details.WithholdKnown(&o, d.secrets)
	d.types[o.Type] = struct{}{}
	if err := yield(o); err != nil {
		return &refusal{err}
	}
	return nil
}

// member reads one member of an element; name is as it stands, in quotes.
func (d *decoder) member(name string, o *model.Object, sensitive *[]string) (err error) {
	switch name {
	case `"provider"`:
		o.Provider, err = d.repeated("provider")
	case `"type"`:
		o.Type, err = d.repeated("type")
	case `"account"`:
		o.Account, err = d.repeated("account")
	case `"region"`:
		o.Region, err = d.repeated("region")
	case `"id"`:
		if d.json.PeekKind() == '0' {
			var number jsontext.Value
			number, err = d.json.ReadValue()
			o.ID = string(number)
			break
		}
		o.ID, err = d.text("id")
	case `"name"`:
		o.Name, err = d.text("name")
	case `"arn"`:
		o.ARN, err = d.text("arn")
	case `"config"`:
		o.Config, err = d.text("config")
	case `"identity"`:
		if o.Identity, err = d.object("identity"); isEmpty(o.Identity) {
			o.Identity = nil // it identifies nothing
		}
	case `"attributes"`:
		o.Attributes, err = d.object("attributes")
	case `"tags"`:
		o.Tags, err = d.tags()
	case `"sensitive"`:
		*sensitive, err = d.list("sensitive")
	default:
		err = d.json.SkipValue()
	}
	return err
}

func isEmpty(object model.Value) bool {
	members, ok := bytes.CutPrefix(object, []byte("{"))
	return ok && string(bytes.TrimSpace(members)) == "}"
}

// steps splits paths of attributes as Terraform writes them: replicas[0].token,
// settings["key"]. Indexes are left out: what is secret in one element is so in
// all that have it.
func steps(paths []string) [][]string {
	var out [][]string
	for _, p := range paths {
		var path []string
		for p != "" {
			end := strings.IndexAny(p, ".[")
			switch {
			case end < 0:
				end = len(p)
			case end == 0 && p[0] == '.':
				p = p[1:]
				continue
			case end == 0:
				var key string
				if key, p = index(p[1:]); key != "" {
					path = append(path, key)
				}
				continue
			}
			path, p = append(path, p[:end]), p[end:]
		}
		if len(path) > 0 {
			out = append(out, path)
		}
	}
	return out
}

// index reads what stands in brackets: the key of a map, or "" for a place in a
// list.
func index(p string) (key, rest string) {
	if quoted, ok := strings.CutPrefix(p, `"`); ok {
		if key, rest, ok = strings.Cut(quoted, `"]`); ok {
			return key, rest
		}
	}
	_, rest, _ = strings.Cut(p, "]")
	return "", rest
}

// value reads a value of the wanted kind, or null, which is as good as absent.
func (d *decoder) value(name string, want jsontext.Kind) (jsontext.Value, error) {
	v, err := d.json.ReadValue()
	if err != nil || v.Kind() == 'n' {
		return nil, err
	}
	if v.Kind() != want {
		return nil, &fault{name + " is " + kindName(v.Kind()) + ", not " + kindName(want)}
	}
	return v, nil
}

func (d *decoder) text(name string) (string, error) {
	v, err := d.value(name, '"')
	return unquote(v), err
}

// maxKnown bounds what known holds: the input may be all different.
const maxKnown = 10_000

// repeated is text for what many objects share.
func (d *decoder) repeated(name string) (string, error) {
	v, err := d.value(name, '"')
	if err != nil || len(v) == 0 {
		return "", err
	}
	if s, ok := d.known[string(v)]; ok {
		return s, nil
	}
	s := unquote(v)
	if len(d.known) < maxKnown {
		d.known[string(v)] = s
	}
	return s, nil
}

func (d *decoder) object(name string) (model.Value, error) {
	v, err := d.value(name, '{')
	return model.Value(bytes.Clone(v)), err
}

func (d *decoder) list(name string) ([]string, error) {
	var out []string
	v, err := d.value(name, '[')
	if err != nil || v == nil {
		return nil, err
	}
	in := jsontext.NewDecoder(bytes.NewBuffer(v), jsontext.AllowInvalidUTF8(true), jsontext.AllowDuplicateNames(true))
	_, _ = in.ReadToken() // [
	for in.PeekKind() != ']' {
		e, err := in.ReadValue()
		if err != nil {
			return nil, err
		}
		if e.Kind() != '"' {
			return nil, &fault{name + " holds " + kindName(e.Kind()) + ", not only strings"}
		}
		out = append(out, unquote(e))
	}
	return out, nil
}

func (d *decoder) tags() (map[string]string, error) {
	switch kind := d.json.PeekKind(); kind {
	case '{':
	case 'n', 0:
		_, err := d.json.ReadToken()
		return nil, err
	default:
		return nil, &fault{"tags is " + kindName(kind) + ", not an object"}
	}
	if _, err := d.json.ReadToken(); err != nil {
		return nil, err
	}
	out := map[string]string{}
	for d.json.PeekKind() != '}' {
		key, err := d.repeated("tags")
		if err != nil {
			return nil, err
		}
		if out[key], err = d.text("a value of tags"); err != nil {
			return nil, err
		}
	}
	_, err := d.json.ReadToken()
	return out, err
}

// unquote returns the text of a JSON string that the decoder has let through.
func unquote(v jsontext.Value) string {
	if len(v) == 0 {
		return ""
	}
	text, _ := jsontext.AppendUnquote(nil, v) // it is well formed
	return string(text)
}

func kindName(k jsontext.Kind) string {
	switch k {
	case '"':
		return "a string"
	case '0':
		return "a number"
	case 't', 'f':
		return "a boolean"
	case '{':
		return "an object"
	case '[':
		return "an array"
	}
	return "null"
}
