package planjson

import (
	"bytes"
	"strings"
	"unicode/utf8"

	"github.com/go-json-experiment/json/jsontext"
)

// isSimple reports whether a quoted string stands for exactly its own bytes.
func isSimple(raw []byte) bool {
	for _, c := range raw[1 : len(raw)-1] {
		if c < ' ' || c == '\\' || c >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

// unquote returns what a quoted string stands for: valid UTF-8, with U+FFFD
// for anything that can't be (invalid bytes, lone surrogates). It shares raw's
// memory where it can. A string with an escape that JSON doesn't know stands
// for its own text.
func unquote(raw []byte) []byte {
	if isSimple(raw) {
		return raw[1 : len(raw)-1]
	}
	if out, err := jsontext.AppendUnquote(nil, raw); err == nil {
		return out
	}
	dec := jsontext.NewDecoder(bytes.NewReader(raw), jsontext.AllowInvalidUTF8(true))
	if tok, err := dec.ReadToken(); err == nil {
		return []byte(strings.ToValidUTF8(tok.String(), "\ufffd"))
	}
	return bytes.ToValidUTF8(raw[1:len(raw)-1], []byte("\ufffd"))
}

// appendText appends a quoted string in its plainest valid form.
func appendText(dst, raw []byte) []byte {
	if isSimple(raw) {
		return append(dst, raw...)
	}
	return appendQuoted(dst, unquote(raw))
}

// appendQuoted quotes text, which is valid UTF-8.
func appendQuoted(dst, text []byte) []byte {
	out, err := jsontext.AppendQuote(dst, text)
	if err != nil { // invalid UTF-8 only, which unquote doesn't let through
		return append(dst, `""`...)
	}
	return out
}

// appendValue appends n as compact, valid JSON; numbers as they stand.
func appendValue(dst []byte, n *node) []byte {
	if n == nil {
		return append(dst, "null"...)
	}
	switch n.kind {
	case '{', '[':
		dst = append(dst, n.kind)
		for i := range n.kids {
			if i > 0 {
				dst = append(dst, ',')
			}
			if n.kind == '{' {
				dst = append(appendQuoted(dst, n.kids[i].key), ':')
			}
			dst = appendValue(dst, &n.kids[i])
		}
		return append(dst, n.kind+2)
	case '"':
		return appendText(dst, n.raw)
	default:
		return append(dst, n.raw...)
	}
}
