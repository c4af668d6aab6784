package prove

import (
	"bytes"
	"encoding/json"
	"regexp"
	"slices"

	"github.com/strandline-tf/strandline/internal/model"
)

// A plan tells of a list, and of a set, which looks the same in it, only what
// differs, by index; and what stands at an index is not always what the
// configuration says there. To set one element after the other would make a
// list of some that are real and some that were told, which no plan could be
// clean with. So a list is only ever set as a whole: to what rebuild.go makes of
// it, or to what the plan says of an argument that isn't set any more.

var index = regexp.MustCompile(`\[\d`)

// inList reports whether some of what differs lies in a list.
func inList(differing []model.Attribute) bool {
	return slices.ContainsFunc(differing, func(a model.Attribute) bool { return index.MatchString(a.Path) })
}

// How the comments on lists end that are ignored though a plan could perhaps do
// without.
const (
	unseenReason = "is set to what is real, but there was no plan left to see it"
	partReason   = "isn't what is real, which no plan has told as a whole"
)

// settleList does something about differences in a top-level argument that is,
// or has within it, a list. True: it is left to Terraform to write the whole
// resource, and nothing else is to be done to it.
func (v *verifier) settleList(c model.Change, name string, differing []model.Attribute, redacted bool) bool {
	key := c.Address + " " + name
	set, dropped, met := key+" set", key+" dropped to be told", key+" met in a list"
	forbidden := v.tried[set] > 0 && v.tried[met] == 0 // an error has said that it may not stand there
	v.tried[met]++
	secret := redacted || slices.ContainsFunc(differing, func(a model.Attribute) bool { return a.Sensitive || isWithheld(a.Before) })
	switch {
	case secret:
		v.tried[set]++
		v.ignore(c.Address, name, reason(differing))
		return false
	case v.tried[set] <= v.tried[dropped] && (v.left() > 1 || v.guessed[key]) && v.restoreList(c, name, differing):
		v.tried[set]++
		v.note("%s: %s set to what it is", c.Address, name)
		return false
	// One plan to tell it and one to see it, when it is set.
	case v.tried[dropped] == 0 && v.left() > 2 && v.dropList(c.Address, name):
		v.tried[dropped]++
		v.tried[set] = max(v.tried[set], 1)
		v.note("%s: %s left away, so that a plan tells it as a whole", c.Address, name)
		return false
	case v.tried[set] == 0 && v.regenerate(c.Address):
		v.tried[set]++
		return true
	}
	why := partReason
	if forbidden {
		why = reason(differing)
	} else if v.restoreList(c, name, differing) {
		why = unseenReason
		if v.tried[set] > 0 {
			why = reason(differing)
		}
	}
	v.tried[set]++
	v.ignore(c.Address, name, why)
	return false
}

// dropList leaves an argument away, and remembers whether it was written as
// blocks, which nothing tells any more where there is no schema.
func (v *verifier) dropList(address, name string) bool {
	if v.batch.HasBlocks(address, name) {
		v.tried[address+" "+name+" was blocks"]++
	}
	return v.batch.Drop(address, name)
}

// restoreList sets a top-level argument to what is real, as a whole or not at
// all.
func (v *verifier) restoreList(c model.Change, name string, differing []model.Attribute) bool {
	said, plain := v.batch.Value(c.Address, name)
	r := rebuilder{computed: computedMembers(c)}
	for _, l := range c.Unchanged {
		if topOf(l.Path) == name {
			r.unchanged = append(r.unchanged, leaf{steps: stepsOf(l.Path), after: decoded(l.Value)})
		}
	}
	var leaves []leaf
	whole := true // nothing of what is said stays
	for _, a := range differing {
		l := leafOf(a)
		whole = whole && (l.element == 1 || len(l.steps) == 1)
		leaves = append(leaves, l)
	}
	if !plain && !whole {
		return false
	}
	real, ok := r.at(decoded(said), leaves, 1)
	if !ok {
		return false
	}
	if real == nil {
		return v.batch.Drop(c.Address, name)
	}
	text, err := json.Marshal(real)
	if err != nil || !v.batch.Set(c.Address, name, text) {
		return false
	}
	if v.tried[c.Address+" "+name+" was blocks"] > 0 {
		v.batch.AsBlocks(c.Address, name) // they may be so already
	}
	return true
}

// decoded returns what a JSON value holds, with its numbers as they are written;
// nil for none.
func decoded(v model.Value) (out any) {
	d := json.NewDecoder(bytes.NewReader(v))
	d.UseNumber()
	if d.Decode(&out) != nil {
		return nil
	}
	return out
}
