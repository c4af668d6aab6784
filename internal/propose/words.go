package propose

import (
	"fmt"
	"strings"
	"unicode"
)

// inCode shows a name from outside as code. What doesn't show, or would end
// the code, is spelled out.
func inCode(name string) string {
	const longest = 200 // runes
	var b strings.Builder
	n := 0
	for _, r := range name {
		if n++; n > longest {
			b.WriteString("…")
			break
		}
		if r == '`' || !unicode.IsPrint(r) {
			fmt.Fprintf(&b, `\u%04x`, r)
			continue
		}
		b.WriteRune(r)
	}
	return "`" + b.String() + "`"
}

// listed joins a few of the items, and counts the rest.
func listed(items []string) string {
	const shown = 5
	out := strings.Join(items[:min(len(items), shown)], ", ")
	if more := len(items) - shown; more > 0 {
		out += fmt.Sprintf(" and %d more", more)
	}
	return out
}

// isHidden reports whether a rune doesn't show, as control and bidirectional
// marks don't.
func isHidden(r rune) bool { return !unicode.IsPrint(r) && r != '\n' && r != '\t' }
