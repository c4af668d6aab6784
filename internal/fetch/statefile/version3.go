package statefile

import (
	"bytes"
	"encoding/json"
	"slices"
	"sort"
	"strconv"
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/strandline-tf/strandline/internal/model"
)

// module reads one element of modules, of version 3.
func (d *decoder) module() error {
	var path []string
	var resources jsontext.Value
	err := members(d.json, func(key string) error {
		v, err := d.json.ReadValue()
		if err != nil {
			return err
		}
		switch key {
		case "path":
			if json.Unmarshal(v, &path) != nil {
				return d.fault("a module's path is no list of names", "a state is what `terraform state pull` prints")
			}
		case "outputs":
			d.outputs3(v)
		case "resources":
			resources = bytes.Clone(v)
		}
		return nil
	})
	if err != nil {
		return err
	}
	var prefix string
	for _, name := range path[min(1, len(path)):] { // the first is "root"
		prefix += "module." + name + "."
	}
	list := jsontext.NewDecoder(bytes.NewBuffer(resources), jsontext.AllowDuplicateNames(true), jsontext.AllowInvalidUTF8(true))
	if resources == nil {
		return nil
	}
	return members(list, func(key string) error {
		v, err := list.ReadValue()
		if err != nil || strings.HasPrefix(key, "data.") {
			return err
		}
		return d.resource3(prefix, key, v)
	})
}

func (d *decoder) outputs3(v jsontext.Value) {
	var outputs map[string]struct {
		Sensitive bool            `json:"sensitive"`
		Value     json.RawMessage `json:"value"`
	}
	if json.Unmarshal(v, &outputs) != nil {
		return
	}
	for _, o := range outputs {
		if o.Sensitive {
			d.collect(jsontext.Value(o.Value))
		}
	}
}

// resource3 reads the resource at key: TYPE.NAME, with .N where it has a count.
func (d *decoder) resource3(prefix, key string, v jsontext.Value) error {
	type object struct {
		ID         string          `json:"id"`
		Attributes json.RawMessage `json:"attributes"`
	}
	var r struct {
		Type     string   `json:"type"`
		Provider string   `json:"provider"`
		Primary  *object  `json:"primary"`
		Deposed  []object `json:"deposed"`
	}
	if json.Unmarshal(v, &r) != nil {
		return d.fault("a resource is not of the form of version 3", "a state is what `terraform state pull` prints")
	}
	address := key
	if parts := strings.Split(key, "."); len(parts) == 3 {
		if _, err := strconv.Atoi(parts[2]); err == nil {
			address = parts[0] + "." + parts[1] + "[" + parts[2] + "]"
		}
	}
	objects := r.Deposed
	if r.Primary != nil {
		objects = append([]object{*r.Primary}, objects...)
	}
	for _, o := range objects {
		attributes, err := expand(jsontext.Value(o.Attributes))
		if err != nil {
			return d.fault("a resource's attributes are not of the form of version 3", "a state is what `terraform state pull` prints")
		}
		m := model.Managed{Address: prefix + address, Type: r.Type, Provider: providerOf(r.Provider), Attributes: model.Value(attributes)}
		m.ID, m.ARN = names(attributes)
		if o.ID != "" {
			m.ID = o.ID
		}
		if err := d.hand(m); err != nil {
			return err
		}
	}
	return nil
}

// expand turns a flat map of attributes, as version 3 holds them, into nested
// JSON: "tags.%" = "1", "tags.a" = "x" become {"tags":{"a":"x"}}; "ports.#" =
// "2" with "ports.0", or in a set "ports.1234", a list. All values stay
// strings. See the comments in internal/configs/hcl2shim/flatmap.go of
// Terraform up to 1.5.
func expand(flat jsontext.Value) (jsontext.Value, error) {
	values := map[string]string{}
	if len(flat) > 0 {
		if err := json.Unmarshal(flat, &values); err != nil {
			return nil, err
		}
	}
	root := &branch{}
	for _, key := range sortedKeys(values) {
		root.put(key, values)
	}
	out, err := json.Marshal(root.value())
	return jsontext.Value(out), err
}

// branch is a container on its way from flat to nested.
type branch struct {
	list bool
	leaf string
	kids map[string]*branch
}

// put files values[key]. What a key's steps mean only the flat map itself can
// tell: in a map, whose size stands under "%", all that is left is one key.
func (b *branch) put(key string, values map[string]string) {
	at, path, rest := b, "", key
	for {
		step, tail, more := strings.Cut(rest, ".")
		if _, isMap := values[join(path, "%")]; isMap && path != "" && rest != "%" {
			step, tail, more = rest, "", false
		}
		switch {
		case step == "#" && !more:
			at.list = true
			return
		}
		if at.kids == nil {
			at.kids = map[string]*branch{}
		}
		if step == "%" && !more {
			return
		}
		next := at.kids[step]
		if next == nil {
			next = &branch{}
			at.kids[step] = next
		}
		at, path = next, join(path, step)
		if !more {
			at.leaf = values[key]
			if _, isList := values[join(path, "#")]; isList {
				at.list = true
			}
			return
		}
		rest = tail
	}
}

func join(path, step string) string {
	if path == "" {
		return step
	}
	return path + "." + step
}

// value returns the branch as encoding/json takes it.
func (b *branch) value() any {
	switch {
	case b.list:
		keys := sortedKeys(b.kids)
		// By number: indexes of a list in their order, hashes of a set in any.
		sort.SliceStable(keys, func(i, j int) bool {
			a, errA := strconv.Atoi(keys[i])
			c, errC := strconv.Atoi(keys[j])
			return errA == nil && errC == nil && a < c
		})
		out := []any{}
		for _, k := range keys {
			out = append(out, b.kids[k].value())
		}
		return out
	case b.kids != nil:
		out := map[string]any{}
		for k, kid := range b.kids {
			out[k] = kid.value()
		}
		return out
	}
	return b.leaf
}

func sortedKeys[V any](m map[string]V) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}
