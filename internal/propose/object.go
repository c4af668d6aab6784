package propose

import (
	"cmp"
	"slices"
	"strings"
	"unsafe"

	"github.com/strandline-tf/strandline/internal/model"
	"github.com/strandline-tf/strandline/internal/secret"
)

// object is one side of a possible move: what is destroyed, or created.
type object struct {
	at     int // index in the plan's changes
	change *model.Change
	addr   address
	leaves []leaf          // sorted by path
	hidden map[string]bool // paths of what is sensitive, or known after apply
}

// leaf is a value as JSON, "" where it is hidden.
type leaf struct{ path, value string }

// candidates are all objects of a plan that may take part in a move.
type candidates struct {
	changes []model.Change
	kinds   []*kind // in the order of their first object
	parsed  []located
	odd     bool // there is a delete whose address can't be parsed
}

// kind is what is destroyed and created of one type by one provider.
type kind struct{ deleted, created []*object }

// pairs is how many pairs there could be.
func (k *kind) pairs() int { return len(k.deleted) * len(k.created) }

// located is the address of any change to a managed object.
type located struct {
	at   int
	addr address
}

// collect picks the candidates out of a plan's changes.
func collect(changes []model.Change) *candidates {
	c := &candidates{changes: changes}
	byType := map[[2]string]*kind{}
	p := parser{modules: map[string][]module{}}
	for i := range changes {
		change := &changes[i]
		if change.Mode != "managed" || change.Deposed != "" {
			continue
		}
		addr, ok := p.parse(change)
		if !ok {
			c.odd = c.odd || change.Action != model.ActionCreate
			continue
		}
		c.parsed = append(c.parsed, located{i, addr})
		isDelete := change.Action == model.ActionDelete && isGone(change.Reason)
		isCreate := change.Action == model.ActionCreate && change.Import == nil && !change.IndexUnknown
		if !isDelete && !isCreate {
			continue
		}
		key := [2]string{change.Type, change.Provider}
		k := byType[key]
		if k == nil {
			k = &kind{}
			byType[key] = k
			c.kinds = append(c.kinds, k)
		}
		o := &object{at: i, change: change, addr: addr}
		if isDelete {
			k.deleted = append(k.deleted, o)
		} else {
			k.created = append(k.created, o)
		}
	}
	for _, k := range c.kinds {
		for _, o := range k.deleted {
			o.read()
		}
		if len(k.deleted) == 0 {
			continue // nobody asks what these hold, and most plans create a lot
		}
		for _, o := range k.created {
			o.read()
		}
	}
	return c
}

// isGone reports whether a delete's reason says that its address is not in
// the configuration any more; Terraform refuses to move from one that is.
// Terraform gives reasons since 1.1, the version that learnt moved blocks.
func isGone(reason string) bool { return strings.HasPrefix(reason, "delete_because_") }

// isWholeGone reports whether no instance of the resource is configured.
func isWholeGone(reason string) bool {
	return reason == "delete_because_no_resource_config" || reason == "delete_because_no_module"
}

// read takes the object's values from its change.
func (o *object) read() {
	o.leaves = make([]leaf, 0, len(o.change.Attributes))
	for i := range o.change.Attributes {
		a := &o.change.Attributes[i]
		value := a.Before
		if o.change.Action == model.ActionCreate {
			value = a.After
		}
		switch {
		case a.Sensitive, a.Unknown, strings.Contains(string(value), secret.Withheld):
			// Two different secrets look alike where they are withheld.
			o.hide(a.Path)
		case value != nil:
			o.leaves = append(o.leaves, leaf{a.Path, unsafe.String(unsafe.SliceData(value), len(value))}) // nobody changes a value: no copy of a plan's worth of them
		}
	}
	slices.SortStableFunc(o.leaves, func(x, y leaf) int { return cmp.Compare(x.path, y.path) })
}

// value returns the value at path, "" where there is none or it is hidden.
func (o *object) value(path string) string {
	i, ok := slices.BinarySearchFunc(o.leaves, path, func(l leaf, path string) int { return cmp.Compare(l.path, path) })
	if !ok {
		return ""
	}
	return o.leaves[i].value
}

func (o *object) hide(path string) {
	o.leaves = append(o.leaves, leaf{path: path})
	if o.hidden == nil {
		o.hidden = map[string]bool{}
	}
	o.hidden[path] = true
}

// hides reports whether path, or something that it lies within, is hidden.
func (o *object) hides(path string) bool {
	if len(o.hidden) == 0 {
		return false
	}
	for i := 1; i < len(path); i++ {
		if (path[i] == '.' || path[i] == '[') && o.hidden[path[:i]] {
			return true
		}
	}
	return o.hidden[path]
}

// isZero reports whether a value is what many providers write for none.
func isZero(value string) bool {
	switch value {
	case `""`, "false", "0", "[]", "{}":
		return true
	}
	return false
}

// isDistinctive reports whether objects that aren't the same will hardly have
// value in common by chance, as they have a boolean, a 0 or a 1.
func isDistinctive(value string) bool {
	const shortest = 3 // bytes: a letter in quotes
	return value != "" && !isZero(value) && value != "true" && value != "1" && (value[0] != '"' || len(value) >= shortest)
}
