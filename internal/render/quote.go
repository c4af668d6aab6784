package render

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

// ellipsis stands where something was left out of a long value.
const ellipsis = "…"

// quoted returns s as an HCL string literal would spell it, with everything
// invisible spelled out.
func quoted(s string) string { return `"` + inner(s) + `"` }

// inner is quoted without the quotation marks, for values put together from
// pieces. Only the two characters that would be ambiguous are escaped: this is
// to be read, not to be parsed.
func inner(s string) string {
	if strings.ContainsAny(s, `"\`) {
		s = strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(s)
	}
	return Visible(s)
}

// shorten leaves out the middle of s where s has more than limit characters,
// and counts the characters left out; 0: s is head as a whole.
func shorten(s string, limit int) (head, tail string, left int) {
	n := utf8.RuneCountInString(s)
	if n <= limit {
		return s, "", 0
	}
	keep := limit / 2
	return s[:runeOffset(s, keep)], s[runeOffset(s, n-keep):], n - 2*keep
}

// shortQuoted is quoted for a value that may be long: its middle is left out,
// and its length told.
func shortQuoted(s string, limit int) string {
	head, tail, left := shorten(s, limit)
	if left == 0 {
		return quoted(s)
	}
	return fmt.Sprintf(`"%s%s%s" (%s characters)`, inner(head), ellipsis, inner(tail), Number(utf8.RuneCountInString(s)))
}

// Short returns s, made visible, in at most about limit characters: the middle
// of a longer one is left out. It is for names in places that must stay small.
func Short(s string, limit int) string {
	head, tail, left := shorten(s, limit)
	if left == 0 {
		return Visible(s)
	}
	return Visible(head) + ellipsis + Visible(tail)
}

// runeOffset returns the byte offset of the n-th rune of s.
func runeOffset(s string, n int) int {
	at := 0
	for range n {
		_, size := utf8.DecodeRuneInString(s[at:])
		at += size
	}
	return at
}
