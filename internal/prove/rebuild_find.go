package prove

import (
	"fmt"
	"reflect"
	"slices"
)

// inOrder finds elements where the plan has them, if nothing says that the
// configuration has them elsewhere.
func (r *rebuilder) inOrder(list []any, changes []changed, depth int) bool {
	for n := range changes {
		c := &changes[n]
		if c.at = c.index; c.what == goes {
			continue
		}
		if c.index >= len(list) {
			return false
		}
		here := r.fits(list[c.index], *c, depth)
		if here < 0 || slices.ContainsFunc(list, func(e any) bool { return r.fits(e, *c, depth) > here }) {
			return false
		}
	}
	return true
}

// byContent finds elements by what the plan says of them, if that leaves no
// doubt.
func (r *rebuilder) byContent(list []any, changes []changed, depth int) bool {
	used := make([]bool, len(list))
	for n := range changes {
		c := &changes[n]
		if c.what == goes {
			continue
		}
		best := 0
		for i, e := range list {
			fit := r.fits(e, *c, depth)
			switch {
			case used[i] || fit <= 0 || fit < best:
			case fit > best:
				c.at, best = i, fit
			case !reflect.DeepEqual(e, list[c.at]):
				return false
			}
		}
		if best == 0 {
			return false
		}
		used[c.at] = true
	}
	return true
}

// fits returns how much of what the plan says of an element is true of one of
// the configuration; less than nothing where some of it is not.
func (r *rebuilder) fits(e any, c changed, depth int) int {
	said := slices.Clone(c.leaves)
	for _, l := range r.unchanged {
		if c.what == stays && len(l.steps) > depth+1 && slices.Equal(l.steps[:depth+1], c.leaves[0].steps[:depth+1]) {
			said = append(said, l)
		}
	}
	fit := 0
	for _, l := range said {
		rest := l.steps[depth+1:]
		has := within(e, rest)
		switch {
		case l.Unknown:
		case slices.ContainsFunc(has, func(v any) bool { return isSame(v, l.after) }):
			fit++
		case l.after == nil && slices.ContainsFunc(rest, func(s any) bool { _, isIndex := s.(int); return isIndex }):
			// Something is missing in a list within it, which says nothing of what is there.
		case len(rest) == 0 || l.after == nil && len(has) > 0 || l.after != nil && !isEmpty(has):
			return -1
		}
	}
	return fit
}

// isEmpty reports whether nothing is said, so that a default stands for it.
func isEmpty(has []any) bool {
	return !slices.ContainsFunc(has, func(v any) bool { return !isSame(v, nil) })
}

// within returns all that steps may lead to in a value: of lists within it the
// indexes are the plan's.
func within(v any, steps []any) []any {
	if v == nil {
		return nil
	}
	if len(steps) == 0 {
		return []any{v}
	}
	switch at := v.(type) {
	case map[string]any:
		if name, isName := steps[0].(string); isName {
			return within(at[name], steps[1:])
		}
	case []any:
		if _, isIndex := steps[0].(int); isIndex {
			steps = steps[1:]
		} // else it is the only block of its name
		var out []any
		for _, e := range at {
			out = append(out, within(e, steps)...)
		}
		return out
	}
	return nil
}

// isSame compares scalars, which the configuration may spell as strings, and
// what is empty; nothing is as good as empty.
func isSame(x, y any) bool { return plain(x) == plain(y) }

func plain(v any) string {
	switch v := v.(type) {
	case nil:
		return ""
	case []any:
		if len(v) == 0 {
			return ""
		}
	case map[string]any:
		if len(v) == 0 {
			return ""
		}
	}
	return fmt.Sprint(v)
}
