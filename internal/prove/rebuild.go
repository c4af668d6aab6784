package prove

import (
	"cmp"
	"slices"

	"github.com/strandline-tf/strandline/internal/model"
)

// rebuilder takes back, in a value of the configuration, what a plan would
// change: what comes out is what is real. That is exact, or is not done: where
// the plan's indexes don't fit the configuration, as in sets, elements are found
// by what the plan says of them.
type rebuilder struct {
	computed  map[string]bool // members that the provider fills in, see computedMembers
	unchanged []leaf          // what the plan says of elements beside what differs
}

// leaf is a model.Attribute, or a model.Leaf, taken apart.
type leaf struct {
	model.Attribute
	steps   []any
	element int // how many of the steps lead to what comes or goes as a whole; 0 for none
	after   any
}

func leafOf(a model.Attribute) leaf {
	l := leaf{Attribute: a, steps: stepsOf(a.Path), after: decoded(a.After)}
	if a.Element != "" {
		l.element = len(stepsOf(a.Element))
	}
	return l
}

// at returns what is real of a value that differs in leaves, whose first steps,
// so many, lead to it; nil for nothing.
func (r *rebuilder) at(value any, leaves []leaf, depth int) (any, bool) {
	if slices.ContainsFunc(leaves, func(l leaf) bool { return l.element == depth || len(l.steps) <= depth }) {
		return r.gathered(leaves, depth)
	}
	if _, isIndex := leaves[0].steps[depth].(int); isIndex {
		return r.list(value, leaves, depth)
	}
	return r.members(value, leaves, depth)
}

// gathered puts together what is real where the plan would put something else
// in the place of all of it.
func (r *rebuilder) gathered(leaves []leaf, depth int) (whole any, ok bool) {
	any := false
	for _, l := range leaves {
		if !hasValue(l.Before) {
			continue
		}
		any = true
		if r.computed[indexes.ReplaceAllString(l.Path, "")] {
			continue
		}
		if len(l.steps) < depth {
			return nil, false
		}
		if whole, ok = place(whole, l.steps[depth:], l.Before); !ok {
			return nil, false
		}
	}
	return whole, !any || whole != nil
}

// members does it for an object, which may be the only block of its name.
func (r *rebuilder) members(value any, leaves []leaf, depth int) (any, bool) {
	if list, isList := value.([]any); isList {
		if len(list) != 1 {
			return nil, false
		}
		one, ok := r.members(list[0], leaves, depth)
		return []any{one}, ok
	}
	object, isObject := value.(map[string]any)
	if !isObject && value != nil {
		return nil, false
	}
	out := map[string]any{}
	for name, m := range object {
		out[name] = m
	}
	byName := map[string][]leaf{}
	for _, l := range leaves {
		name, isName := l.steps[depth].(string)
		if !isName {
			return nil, false
		}
		byName[name] = append(byName[name], l)
	}
	for name, part := range byName {
		real, ok := r.at(out[name], part, depth+1)
		if !ok {
			return nil, false
		}
		out[name] = real
		if real == nil {
			delete(out, name)
		}
	}
	return out, true
}

// What a plan would do with an element of a list.
const (
	goes  = iota // it is real and not in the configuration
	comes        // it is in the configuration only
	stays        // something of it differs
)

// changed is an element of a list that a plan tells of.
type changed struct {
	index  int // where it is real, if it goes; else where the plan has it
	what   int
	leaves []leaf
	at     int // where the configuration has it
}

// list does it for a list or set.
func (r *rebuilder) list(value any, leaves []leaf, depth int) (any, bool) {
	list, isList := value.([]any)
	if !isList && value != nil { // blocks that aren't there are a list without elements
		return nil, false
	}
	changes, ok := changesOf(leaves, depth)
	if !ok {
		return nil, false
	}
	ordered := r.inOrder(list, changes, depth)
	if !ordered && !r.byContent(list, changes, depth) {
		return nil, false
	}
	out := []any{}
	for i, e := range list {
		n := slices.IndexFunc(changes, func(c changed) bool { return c.what != goes && c.at == i })
		switch {
		case n < 0:
			out = append(out, e)
		case changes[n].what == stays:
			real, ok := r.at(e, changes[n].leaves, depth+1)
			if !ok || real == nil {
				return nil, false
			}
			out = append(out, real)
		}
	}
	// What goes is told by where it is real, in that order.
	for _, c := range changes {
		if c.what != goes {
			continue
		}
		real, ok := r.at(nil, c.leaves, depth+1)
		if !ok || real == nil || ordered && c.index > len(out) {
			return nil, false
		}
		out = slices.Insert(out, min(c.index, len(out)), real)
	}
	return out, true
}

// changesOf sorts leaves by the elements of a list that they lie in.
func changesOf(leaves []leaf, depth int) (out []changed, ok bool) {
	for _, l := range leaves {
		i, isIndex := l.steps[depth].(int)
		if !isIndex {
			return nil, false
		}
		before, after, what := hasValue(l.Before), hasValue(l.After), stays
		switch itself := len(l.steps) == depth+1; {
		case itself && (l.Null || !before && !after): // a null takes a place in a list, but is no value
			return nil, false
		case !itself && l.element != depth+1, itself && before && (after || l.Unknown):
		case before:
			what = goes
		default:
			what = comes
		}
		n := slices.IndexFunc(out, func(c changed) bool { return c.index == i && c.what == what })
		if n < 0 {
			n = len(out)
			out = append(out, changed{index: i, what: what})
		}
		out[n].leaves = append(out[n].leaves, l)
	}
	slices.SortStableFunc(out, func(x, y changed) int { return cmp.Compare(x.index, y.index) })
	return out, true
}
