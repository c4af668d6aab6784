package secret

import (
	"sort"
	"strings"
)

// span is a half-open range of bytes.
type span struct{ from, to int }

// finder finds all occurrences of many patterns in one pass: patterns are
// grouped by their first bytes, and a position is looked at closely only where
// those agree.
type finder struct {
	prefix   int // bytes that select a group: the shortest pattern's length, at most minInside
	byPrefix map[string][]string
	first    [256]bool
}

func newFinder(secrets map[string]struct{}) *finder {
	f := &finder{prefix: minInside, byPrefix: map[string][]string{}}
	seen := map[string]struct{}{}
	for v := range secrets {
		for _, form := range forms(v) {
			if form == "" {
				continue
			}
			seen[form] = struct{}{}
			f.prefix = min(f.prefix, len(form))
		}
	}
	for form := range seen {
		p := form[:f.prefix]
		f.byPrefix[p] = append(f.byPrefix[p], form)
		f.first[form[0]] = true
	}
	return f
}

// spans returns the parts of text that are covered by patterns, in order,
// touching and overlapping ones joined.
func (f *finder) spans(text string) []span {
	var found []span
	for i := 0; i+f.prefix <= len(text); i++ {
		if !f.first[text[i]] {
			continue
		}
		longest := 0
		for _, p := range f.byPrefix[text[i:i+f.prefix]] {
			if len(p) > longest && strings.HasPrefix(text[i:], p) {
				longest = len(p)
			}
		}
		if longest > 0 {
			found = append(found, span{i, i + longest})
		}
	}
	sort.Slice(found, func(a, b int) bool { return found[a].from < found[b].from })
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
