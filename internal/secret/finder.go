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
// so a group is a part of one sorted list and no list of its own. Within a
// group, however many of its patterns begin alike, the longest one that stands
// at a position is found in logarithmic time.
type finder struct {
	prefix   int    // bytes that select a group: the shortest pattern's length, at most minInside
	patterns []form // sorted, each text once
	links    []link // by pattern
	groups   map[string]group
	first    [256]bool
}

// group is a half-open range of patterns.
type group struct{ from, to int32 }

// link leads from a pattern to those that it begins with.
type link struct {
	shorter int32 // the longest of them, none for no other pattern
	// far is one that several steps to shorter lead to, so many that each of
	// them can be reached in logarithmically many steps. steps counts them all.
	far, steps int32
}

const none = -1

func newFinder(secrets map[string]struct{}) *finder {
	f := &finder{prefix: minInside, groups: make(map[string]group, len(secrets))}
	all := make([]form, 0, 4*len(secrets)) // most have that many
	for v := range secrets {
		for _, form := range forms(v) {
			all = append(all, form)
			f.prefix = min(f.prefix, len(form.text))
			f.first[form.text[0]] = true
		}
	}
	slices.SortFunc(all, func(a, b form) int { return cmp.Compare(a.text, b.text) })
	f.patterns = all[:0]
	for _, p := range all {
		if n := len(f.patterns); n > 0 && f.patterns[n-1].text == p.text {
			// Where one stands, so does the other: what either needs.
			last := &f.patterns[n-1]
			last.before, last.after = max(last.before, p.before), max(last.after, p.after)
			continue
		}
		f.patterns = append(f.patterns, p)
	}
	f.links = make([]link, len(f.patterns))
	begin := 0
	for i := range f.patterns {
		f.link(int32(i))
		prefix := f.patterns[begin].text[:f.prefix]
		if next := i + 1; next == len(f.patterns) || f.patterns[next].text[:f.prefix] != prefix {
			f.groups[prefix] = group{int32(begin), int32(next)}
			begin = next
		}
	}
	return f
}

// link sets how pattern i leads to shorter ones, which stand before it.
func (f *finder) link(i int32) {
	p := &f.patterns[i]
	// What p begins with, the pattern before it is, or begins with too.
	shorter := i - 1
	for shorter != none && !strings.HasPrefix(p.text, f.patterns[shorter].text) {
		shorter = f.links[shorter].shorter
	}
	if shorter == none {
		f.links[i] = link{none, none, 0}
		return
	}
	p.before = max(p.before, f.patterns[shorter].before) // where p stands, so does that
	// Two leaps of the same length make one: Myers, "An applicative
	// random-access stack", 1983.
	s := f.links[shorter]
	to := link{shorter, shorter, s.steps + 1}
	if s.far != none {
		if next := f.links[s.far]; next.far != none && s.steps-next.steps == next.steps-f.links[next.far].steps {
			to.far = next.far
		}
	}
	f.links[i] = to
}

// spans returns the parts of text that are covered by secrets, however they
// are escaped, in order, touching and overlapping ones joined.
func (f *finder) spans(text string) []span {
	var out []span
	views(text, func(v view) {
		var found []span
		for i := 0; i+f.prefix <= len(v.text); i++ {
			if f.first[v.text[i]] {
				if sp, ok := f.at(v.text, i); ok {
					found = join(found, v.original(sp))
				}
			}
		}
		if len(out) == 0 || len(found) == 0 {
			out = append(out, found...)
			return
		}
		found = append(found, out...)
		slices.SortFunc(found, func(a, b span) int { return cmp.Compare(a.from, b.from) })
		out = out[:0]
		for _, sp := range found {
			out = join(out, sp)
		}
	})
	return out
}

// join adds a span to joined ones in order, the last of which begins before it
// ends.
func join(spans []span, sp span) []span {
	for n := len(spans); n > 0 && sp.from <= spans[n-1].to; n-- {
		sp = span{min(sp.from, spans[n-1].from), max(sp.to, spans[n-1].to)}
		spans = spans[:n-1]
	}
	return append(spans, sp)
}

// at returns what the patterns cover that text has from byte i on: all of them
// begin there, so that it is one span.
func (f *finder) at(text string, i int) (span, bool) {
	g, ok := f.groups[text[i:i+f.prefix]]
	if !ok {
		return span{}, false
	}
	n := f.longest(g, text[i:])
	if n == none {
		return span{}, false
	}
	p := &f.patterns[n]
	out := p.widen(span{i, i + len(p.text)}, text)
	// One that is hardly shorter may reach further.
	for n = f.links[n].shorter; n != none && len(f.patterns[n].text)+maxWiden > len(p.text); n = f.links[n].shorter {
		s := &f.patterns[n]
		out.to = max(out.to, s.widen(span{i, i + len(s.text)}, text).to)
	}
	return out, true
}

// longest returns the index of the longest pattern of a group that text begins
// with, none where there is no such pattern.
func (f *finder) longest(g group, text string) int32 {
	// The last one up to text in the order of patterns is it, or begins with it:
	// whatever stands between a text and what it begins with, begins so too.
	low, high := g.from, g.to
	for low < high {
		if mid := (low + high) / 2; f.patterns[mid].text <= text {
			low = mid + 1
		} else {
			high = mid
		}
	}
	if low == g.from {
		return none
	}
	stands := func(n int32) bool { return n == none || strings.HasPrefix(text, f.patterns[n].text) }
	n := low - 1
	for !stands(n) {
		if to := f.links[n]; stands(to.far) {
			n = to.shorter
		} else {
			n = to.far
		}
	}
	return n
}
