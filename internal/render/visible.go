package render

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// maxMarks is how many combining marks in a row are shown as they are. No
// language needs more; stacks of them are used to paint over other lines.
const maxMarks = 4

// Visible returns s with every character that a reader would not see, or that
// would change how others are seen, spelled out: \n, \r, \t, \u{202E} for
// control, format, bidirectional and other invisible characters and for spaces
// that are not the ordinary one, \x{FF} for a byte that is no UTF-8. What
// remains is one line of printable characters.
func Visible(s string) string {
	if isPlainASCII(s) {
		return s
	}
	var b strings.Builder
	b.Grow(len(s) + 8)
	marks := 0
	for i, r := range s {
		if unicode.Is(unicode.M, r) {
			marks++
		} else {
			marks = 0
		}
		switch {
		case r == '\n':
			b.WriteString(`\n`)
		case r == '\r':
			b.WriteString(`\r`)
		case r == '\t':
			b.WriteString(`\t`)
		case r == utf8.RuneError && isInvalid(s[i:]):
			fmt.Fprintf(&b, `\x{%02X}`, s[i])
		case isHidden(r), marks > maxMarks:
			fmt.Fprintf(&b, `\u{%04X}`, r)
		default:
			b.WriteRune(r)
		}
	}
	return b.String()
}

func isPlainASCII(s string) bool {
	for i := range len(s) {
		if s[i] < ' ' || s[i] > '~' {
			return false
		}
	}
	return true
}

func isInvalid(s string) bool {
	_, n := utf8.DecodeRuneInString(s)
	return n == 1
}

// isHidden reports whether r leaves no mark of its own on a screen.
func isHidden(r rune) bool {
	if r < utf8.RuneSelf {
		return r < ' ' || r == 0x7f
	}
	return !unicode.IsPrint(r) || // controls, formats, private use, unassigned, all spaces but ' '
		unicode.In(r, unicode.Other_Default_Ignorable_Code_Point, unicode.Variation_Selector) ||
		r == '\u2800' // the blank Braille pattern, a symbol by category
}
