package secret

import (
	"cmp"
	"slices"
	"strings"
)

// span is a half-open range of bytes.
type span struct{ from, to int }

// finder finds all occurrences of many patterns in one pass: patterns are
// grouped by their first bytes, and a position is looked at closely only where
// those agree. A plan may hold ten thousand secrets, each with several forms,
// so a group is a part of one sorted list and no list of its own.
type finder struct {
	prefix   int            // bytes that select a group: the shortest pattern's length, at most minInside
	patterns []form         // sorted
	groups   map[string]int // by prefix: index of the group's first pattern
	first    [256]bool
}

func newFinder(secrets map[string]struct{}) *finder {
	f := &finder{prefix: minInside, groups: make(map[string]int, len(secrets))}
	for v := range secrets {
		for _, form := range forms(v) {
			f.patterns = append(f.patterns, form)
			f.prefix = min(f.prefix, len(form.text))
			f.first[form.text[0]] = true
		}
	}
	slices.SortFunc(f.patterns, func(a, b form) int { return cmp.Compare(a.text, b.text) })
	for i, p := range slices.Backward(f.patterns) {
		f.groups[p.text[:f.prefix]] = i
	}
	return f
}

// spans returns the parts of text that are covered by secrets, however they
// are escaped, in order, touching and overlapping ones joined.
func (f *finder) spans(text string) []span {
	var found []span
	views(text, func(v view) {
		for i := 0; i+f.prefix <= len(v.text); i++ {
			if f.first[v.text[i]] {
				found = f.at(found, v, i)
			}
		}
	})
	slices.SortFunc(found, func(a, b span) int { return cmp.Compare(a.from, b.from) })
	var out []span
	for _, sp := range found {
		if n := len(out); n > 0 && sp.from <= out[n-1].to {
			out[n-1].to = max(out[n-1].to, sp.to)
			continue
		}
		out = append(out, sp)
	}
	return out
}

// at appends to found the patterns that v.text has from byte i on.
func (f *finder) at(found []span, v view, i int) []span {
	prefix := v.text[i : i+f.prefix]
	n, ok := f.groups[prefix]
	if !ok {
		return found
	}
	for ; n < len(f.patterns) && strings.HasPrefix(f.patterns[n].text, prefix); n++ {
		if p := &f.patterns[n]; strings.HasPrefix(v.text[i:], p.text) {
			found = append(found, v.original(p.widen(span{i, i + len(p.text)}, v.text)))
		}
	}
	return found
}
