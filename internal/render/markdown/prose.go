package markdown

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/strandline-tf/strandline/internal/render"
)

// prose spells a sentence from outside so that it reads as one: ordinary words
// and numbers stand as they are, all else in code spans, as does what the
// sentence itself puts between single backticks. Escaping would not do:
// GitHub looks for mentions, references and addresses in the text that remains
// once escapes are resolved, but never in code.
func prose(s string, code func(string) string) string {
	parts := strings.Split(s, "`")
	if len(parts)%2 == 0 { // one is not closed
		parts = []string{s}
	}
	var out []string
	for i, part := range parts {
		if i%2 == 1 {
			if strings.TrimSpace(part) != "" {
				out = append(out, code(part))
			}
			continue
		}
		if i > 0 && len(out) > 0 { // a comma behind a span stays there
			rest := strings.TrimLeft(part, ".,;:!?)")
			if rest == "" || rest[0] == ' ' {
				out[len(out)-1] += part[:len(part)-len(rest)]
				part = rest
			}
		}
		out = append(out, sentence(part, code)...)
	}
	return strings.Join(out, " ")
}

// sentence returns the ordinary words of s, and the others in code spans, which
// leave out the punctuation of the sentence.
func sentence(s string, code func(string) string) []string {
	var out []string
	var pending []string
	opening := ""
	flush := func(closing string) {
		if len(pending) > 0 {
			out = append(out, opening+code(strings.Join(pending, " "))+closing)
			pending, opening = nil, ""
		}
	}
	for _, word := range strings.Fields(s) {
		if isOrdinary(word) {
			flush("")
			out = append(out, word)
			continue
		}
		before, core, behind := punctuated(word)
		if before != "" {
			flush("")
			opening = before
		}
		if pending = append(pending, core); behind != "" {
			flush(behind)
		}
	}
	flush("")
	return out
}

// punctuated splits off what punctuation of the sentence a word has around it:
// parentheses that the word itself doesn't pair, or that are around all of it,
// and a single mark. Dots or colons in a row are the word's own.
func punctuated(word string) (before, core, behind string) {
	core = word
	mark := func() {
		rest := strings.TrimRight(core, ".,;:!?")
		if rest != "" && len(rest) == len(core)-1 {
			core, behind = rest, core[len(rest):]+behind
		}
	}
	mark()
	if strings.HasPrefix(core, "(") && strings.Count(core, "(") >= strings.Count(core, ")") &&
		(strings.HasSuffix(core, ")") || !strings.Contains(core, ")")) {
		before, core = "(", core[1:]
	}
	if strings.HasSuffix(core, ")") && strings.Count(core, ")") > strings.Count(core, "(") {
		core, behind = core[:len(core)-1], ")"+behind
		mark()
	}
	if strings.Trim(core, "().,;:!?") == "" {
		return "", word, ""
	}
	return before, core, behind
}

// maxUnsuspicious is the length of a word that can't be an abbreviated commit,
// which has seven characters or more.
const maxUnsuspicious = 6

// isOrdinary reports whether a word means nothing but itself, to Markdown as to
// GitHub: letters with single apostrophes or hyphens between them, or a short
// mix of letters and digits, with the usual punctuation around. A number with a
// dot or parenthesis behind it could begin a list, the letters a to f alone
// could be a commit.
func isOrdinary(word string) bool {
	core := strings.TrimRight(strings.TrimLeft(word, "("), ".,;:!?)")
	if core == "" || render.Visible(word) != word {
		return false
	}
	if strings.ContainsAny(core, "0123456789") {
		return len(core) <= maxUnsuspicious && isAlphanumeric(core) &&
			(strings.HasPrefix(word, "(") || !strings.ContainsAny(word, ".)"))
	}
	if len(core) > maxUnsuspicious && strings.Trim(core, "abcdefABCDEF") == "" {
		return false
	}
	between := false // the last character joined letters
	for i, r := range core {
		switch {
		case unicode.IsLetter(r), unicode.IsMark(r) && i > 0:
			between = false
		case (r == '\'' || r == '-' || r == '’') && i > 0 && !between && i+utf8.RuneLen(r) < len(core):
			between = true
		default:
			return false
		}
	}
	return true
}

func isAlphanumeric(s string) bool {
	for i := range len(s) {
		if c := s[i] | 0x20; (c < 'a' || c > 'z') && (s[i] < '0' || s[i] > '9') {
			return false
		}
	}
	return true
}
