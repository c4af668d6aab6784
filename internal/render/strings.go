package render

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/strandline-tf/strandline/internal/secret"
)

// Sizes of what is shown of one line of a value, in characters.
const (
	inlineLimit  = 100 // before -> after, together, on one line
	contextLimit = 24  // on both sides of a change within a long value
	markLimit    = 3   // a change of so few characters is pointed at by code point
)

// pair is a text before and after with what both begin and end with apart.
type pair struct{ prefix, before, after, suffix string }

// newPair finds the longest common beginning and end, on character boundaries.
func newPair(before, after string) pair {
	n := 0
	for n < len(before) && n < len(after) {
		r, size := utf8.DecodeRuneInString(before[n:])
		r2, size2 := utf8.DecodeRuneInString(after[n:])
		if r != r2 || size != size2 || before[n:n+size] != after[n:n+size] {
			break
		}
		n += size
	}
	p := pair{prefix: before[:n]}
	before, after = before[n:], after[n:]
	m := 0
	for m < len(before) && m < len(after) {
		r, size := utf8.DecodeLastRuneInString(before[:len(before)-m])
		r2, size2 := utf8.DecodeLastRuneInString(after[:len(after)-m])
		if r != r2 || size != size2 || before[len(before)-m-size:] != after[len(after)-m-size:] {
			break
		}
		m += size
	}
	p.before, p.after, p.suffix = before[:len(before)-m], after[:len(after)-m], before[len(before)-m:]
	return p
}

// windows returns both texts cut down to where they differ, with so much
// around it that the place can be found: the same beginning on both, hence the
// difference at the same column. spell spells a piece.
func (p pair) windows(limit int, spell func(string) string) (before, after string, column int) {
	head := p.prefix
	lead := ""
	if n := utf8.RuneCountInString(head); n > contextLimit {
		head, lead = head[runeOffset(head, n-contextLimit):], ellipsis
	}
	tail, trail := p.suffix, ""
	if utf8.RuneCountInString(tail) > contextLimit {
		tail, trail = tail[:runeOffset(tail, contextLimit)], ellipsis
	}
	start := lead + spell(head)
	end := spell(tail) + trail
	middle := func(s string) string {
		h, t, left := shorten(s, limit)
		if left == 0 {
			return spell(s)
		}
		return spell(h) + ellipsis + spell(t)
	}
	return start + middle(p.before) + end, start + middle(p.after) + end, utf8.RuneCountInString(start)
}

// hint names the characters that differ where a reader could take them for
// each other: where few differ and one of them is not ASCII.
func (p pair) hint() string {
	if isASCII(p.before) && isASCII(p.after) {
		return ""
	}
	if utf8.RuneCountInString(p.before) > markLimit || utf8.RuneCountInString(p.after) > markLimit {
		return ""
	}
	return codePoints(p.before) + " -> " + codePoints(p.after)
}

func codePoints(s string) string {
	if s == "" {
		return "nothing"
	}
	var out []string
	for _, r := range s {
		out = append(out, fmt.Sprintf("U+%04X", r))
	}
	return strings.Join(out, " ")
}

func isASCII(s string) bool {
	for i := range len(s) {
		if s[i] > unicode.MaxASCII {
			return false
		}
	}
	return true
}

// changedString writes the change of a string: as JSON where both sides hold
// an object or array, line by line where one has several lines, else on one
// line or, where that would be too long, on two that are cut to the place.
func (l *lines) changedString(indent int, name, before, after, note string) {
	if before == after && strings.Contains(before, secret.Withheld) {
		l.onlyWithheld(indent, name, before, note)
		return
	}
	if l.changedJSON(indent, name, before, after, note) {
		return
	}
	if isMultiline(before) || isMultiline(after) {
		l.changedText(indent, name, before, after, note)
		return
	}
	p := newPair(before, after)
	if hint := p.hint(); hint != "" {
		note += "   # " + hint
	}
	if utf8.RuneCountInString(before)+utf8.RuneCountInString(after) <= inlineLimit {
		l.add(Alter, indent, name+quoted(before)+" -> "+quoted(after)+note)
		return
	}
	b, a, column := p.windows(inlineLimit, inner)
	l.add(Alter, indent, name+lengths(before, after)+note)
	l.add(Remove, indent+4, `"`+b+`"`)
	l.add(Add, indent+4, `"`+a+`"`)
	if column > 0 {
		width := max(1, min(inlineLimit, max(utf8.RuneCountInString(inner(p.before)), utf8.RuneCountInString(inner(p.after)))))
		l.add(Note, indent+4, strings.Repeat(" ", column+1)+strings.Repeat("^", width))
	}
}

// onlyWithheld writes a string that differs in nothing but what is withheld.
func (l *lines) onlyWithheld(indent int, name, text, note string) {
	shown := quoted(text)
	if isMultiline(text) || utf8.RuneCountInString(text) > inlineLimit {
		shown = lengths(text, text)
	}
	l.add(Alter, indent, name+shown+note+"   # differs in what is withheld")
}

// lengths tells the length of a text before and after, in characters.
func lengths(before, after string) string {
	b, a := utf8.RuneCountInString(before), utf8.RuneCountInString(after)
	if a == b {
		return "(" + Count(a, "character", "characters") + ")"
	}
	return "(" + Number(b) + " -> " + Count(a, "character", "characters") + ")"
}

// isMultiline reports whether s has more than one line; a newline at its very
// end makes no second one.
func isMultiline(s string) bool {
	i := strings.IndexByte(s, '\n')
	return i >= 0 && i < len(s)-1
}
