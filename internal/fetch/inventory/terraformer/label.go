package terraformer

import (
	"encoding/hex"
	"regexp"
	"strings"
	"unicode/utf8"
)

// prefix stands before every name that terraformer makes.
const prefix = "tfer--"

// escaped is a character that terraformer escaped: the hexadecimal form of its
// UTF-8 bytes, at least four digits, between hyphens. See TfSanitize in
// terraformutils/hcl.go of its source.
var escaped = regexp.MustCompile(`-(?:[0-9A-F]{2}){2,4}-`)

// decode takes back what terraformer did to a name. What merely looks escaped,
// as newer versions leave hyphens alone, stays.
func decode(label string) string {
	rest := strings.TrimPrefix(label, prefix)
	var out strings.Builder
	for {
		at := escaped.FindStringIndex(rest)
		if at == nil {
			return out.String() + rest
		}
		out.WriteString(rest[:at[0]])
		if char, ok := unescape(rest[at[0]+1 : at[1]-1]); ok {
			out.WriteString(char)
			rest = rest[at[1]:]
			continue
		}
		out.WriteString(rest[at[0] : at[0]+1]) // the hyphen behind may begin another
		rest = rest[at[0]+1:]
	}
}

// unescape returns the character that the digits stand for.
func unescape(digits string) (string, bool) {
	raw, err := hex.DecodeString(digits)
	if err != nil {
		return "", false
	}
	if raw[0] == 0 && len(raw) == 2 { // filled up to four digits
		raw = raw[1:]
	}
	char, size := utf8.DecodeRune(raw)
	if char == utf8.RuneError && size == 1 || size != len(raw) || isSafe(char) {
		return "", false
	}
	return string(raw), true
}

// isSafe reports whether terraformer leaves the character as it is.
func isSafe(c rune) bool {
	return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9' || c == '_'
}

// identifier returns name as a label of a block.
func identifier(name string) string {
	var out strings.Builder
	gap := false
	for _, c := range name {
		if !isSafe(c) {
			gap = out.Len() > 0
			continue
		}
		if gap {
			out.WriteByte('_')
			gap = false
		}
		out.WriteRune(c)
	}
	switch text := out.String(); {
	case text == "":
		return "this"
	case text[0] <= '9':
		return "_" + text
	default:
		return text
	}
}
