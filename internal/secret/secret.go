// Package secret knows the values that must never leave the program, and is
// the one place that withholds them from text.
//
// It is a leaf. Before it come the readers (plan JSON marks values sensitive;
// the configuration holds tokens), which Add what they find; after it comes
// everything that lets text out: the model's values, logs, errors.
//
// How far a value is withheld depends on its length, so that a short password
// does not blank out half of a report:
//
//   - from 8 bytes on, wherever it occurs, also inside longer text, and in its
//     JSON-escaped, HTML-escaped, percent-encoded and base64 forms; so are long
//     lines of it, which is how copies of keys and certificates differ;
//   - from 4 to 7 bytes, where it is a whole value;
//   - shorter or trivial ones (true, null, small numbers) only in their own
//     place, which is the reader's business and not this package's.
package secret

import (
	"sort"
	"strings"
	"sync"
)

// Withheld stands where a secret stood.
const Withheld = "(sensitive value)"

// Lengths, in bytes, from which a value is withheld.
const (
	minWhole  = 4
	minInside = 8
	minLine   = 20 // of a line of a longer value, without white space: a line of a script is no secret
)

// Set is a set of secrets. The zero value is empty and ready to use; it is
// safe for concurrent use. A nil *Set knows no secrets.
type Set struct {
	mu     sync.RWMutex
	whole  map[string]struct{} // values of minWhole bytes and more
	inside map[string]struct{} // values of minInside bytes and more, and short tokens
	find   *finder             // over the forms of inside; nil: to be built again
	marked bool                // something came by Add
}

// Add makes values secret. Empty, short and trivial ones are passed over.
func (s *Set) Add(values ...string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, v := range values {
		if len(v) < minWhole || trivial(v) {
			continue
		}
		s.marked = true
		s.add(v, len(v) >= minInside)
		for line := range strings.Lines(v) {
			if line = strings.TrimSpace(line); len(line) >= minLine && line != v && !strings.ContainsAny(line, " \t") {
				s.add(line, true)
			}
		}
	}
}

// AddToken makes credentials secret: they are withheld wherever they occur,
// from minWhole bytes on (real ones have dozens).
func (s *Set) AddToken(tokens ...string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, v := range tokens {
		if len(v) >= minWhole {
			s.add(v, true)
		}
	}
}

func (s *Set) add(v string, inside bool) {
	if s.whole == nil {
		s.whole, s.inside = map[string]struct{}{}, map[string]struct{}{}
	}
	s.whole[v] = struct{}{}
	if _, known := s.inside[v]; inside && !known {
		s.inside[v] = struct{}{}
		s.find = nil
	}
}

// trivial reports whether v is so common a word or number that withholding it
// everywhere would hide nothing and blank out much: booleans, null, and whole
// numbers of up to five digits (ports, counts, sizes).
func trivial(v string) bool {
	switch strings.ToLower(v) {
	case "true", "false", "null", "none":
		return true
	}
	if len(v) > 5 {
		return false
	}
	return strings.Trim(v, "0123456789") == ""
}

// Whole reports whether value itself is a secret.
func (s *Set) Whole(value string) bool {
	if s == nil {
		return false
	}
	s.mu.RLock()
	defer s.mu.RUnlock()
	_, ok := s.whole[value]
	return ok
}

// Text returns text with every secret in it replaced by Withheld. A text that
// is a secret as a whole becomes Withheld. Overlapping secrets are withheld
// together, so that no tail of one survives beside the other.
func (s *Set) Text(text string) string {
	if s == nil || text == "" {
		return text
	}
	if s.Whole(text) {
		return Withheld
	}
	spans := s.finder().spans(text)
	if len(spans) == 0 {
		return text
	}
	var b strings.Builder
	at := 0
	for _, sp := range spans {
		b.WriteString(text[at:sp.from])
		b.WriteString(Withheld)
		at = sp.to
	}
	b.WriteString(text[at:])
	return b.String()
}

func (s *Set) finder() *finder {
	s.mu.RLock()
	f := s.find
	s.mu.RUnlock()
	if f != nil {
		return f
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.find == nil {
		s.find = newFinder(s.inside)
	}
	return s.find
}

// Masks returns, sorted, the secrets of 8 bytes and more, and all tokens: what
// a workflow registers with add-mask.
func (s *Set) Masks() []string {
	s.mu.RLock()
	defer s.mu.RUnlock()
	out := make([]string, 0, len(s.inside))
	for v := range s.inside {
		out = append(out, v)
	}
	sort.Strings(out)
	return out
}

// Marked reports whether s knows anything but tokens: a value that what was
// read marks as sensitive.
func (s *Set) Marked() bool {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.marked
}

// Empty reports whether the set knows no secret at all.
func (s *Set) Empty() bool {
	if s == nil {
		return true
	}
	s.mu.RLock()
	defer s.mu.RUnlock()
	return len(s.whole) == 0
}
