package planjson

import (
	"fmt"
	"strconv"
	"unicode"
	"unicode/utf8"

	"github.com/hashicorp/hcl/v2/hclsyntax"
)

// appendKey appends the step to a member named key to a path, as HCL writes
// it: .key where key is an identifier (without the dot at the beginning of a
// path), else ["key"].
func appendKey(path, key []byte) []byte {
	if isIdentifier(key) {
		if len(path) > 0 {
			path = append(path, '.')
		}
		return append(path, key...)
	}
	path = append(path, `["`...)
	for i := 0; i < len(key); {
		r, n := utf8.DecodeRune(key[i:])
		path = appendEscaped(path, r, key[i+n:])
		i += n
	}
	return append(path, `"]`...)
}

// appendEscaped appends r as it is written within an HCL string. rest is what
// follows it: a $ or % begins a template only in front of a brace.
func appendEscaped(path []byte, r rune, rest []byte) []byte {
	switch r {
	case '"', '\\':
		return append(path, '\\', byte(r))
	case '\n':
		return append(path, `\n`...)
	case '\r':
		return append(path, `\r`...)
	case '\t':
		return append(path, `\t`...)
	case '$', '%':
		if len(rest) > 0 && rest[0] == '{' {
			path = append(path, byte(r))
		}
		return append(path, byte(r))
	}
	// Control, bidirectional and other characters that don't show; a space
	// that is no plain one shows, but not as what it is.
	if unicode.IsControl(r) || unicode.In(r, unicode.Cf, unicode.Zl, unicode.Zp) {
		if r > 0xffff {
			return fmt.Appendf(path, `\U%08x`, r)
		}
		return fmt.Appendf(path, `\u%04x`, r)
	}
	return utf8.AppendRune(path, r)
}

func appendIndex(path []byte, i int) []byte {
	path = strconv.AppendInt(append(path, '['), int64(i), 10)
	return append(path, ']')
}

// isIdentifier reports whether key is an HCL identifier.
func isIdentifier(key []byte) bool {
	for i, c := range key {
		switch {
		case 'a' <= c && c <= 'z', 'A' <= c && c <= 'Z', c == '_':
		case i > 0 && ('0' <= c && c <= '9' || c == '-'):
		case c >= utf8.RuneSelf:
			return hclsyntax.ValidIdentifier(string(key))
		default:
			return false
		}
	}
	return len(key) > 0
}
