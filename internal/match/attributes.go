package match

import (
	"bytes"
	"encoding/json"
	"unicode/utf8"
)

// attributes are the members of a JSON object, not yet decoded. A state has
// been parsed by the time it comes here, so finding where each member ends is
// all that is left to do; of what isn't valid JSON the rest is left out.
type attributes struct{ names, values [][]byte }

// read fills a with the members of object, without copying.
func (a *attributes) read(object []byte) {
	a.names, a.values = a.names[:0], a.values[:0]
	i := space(object, 0)
	if i >= len(object) || object[i] != '{' {
		return
	}
	for i++; ; i++ {
		i = space(object, i)
		end := valueEnd(object, i)
		if end < 0 || object[i] != '"' {
			return
		}
		name := object[i+1 : end-1]
		i = space(object, end)
		if i >= len(object) || object[i] != ':' {
			return
		}
		i = space(object, i+1)
		if end = valueEnd(object, i); end < 0 {
			return
		}
		a.names, a.values = append(a.names, name), append(a.values, object[i:end])
		i = space(object, end)
		if i >= len(object) || object[i] != ',' {
			return
		}
	}
}

// raw is the value of a member, nil where there is none.
func (a *attributes) raw(name string) []byte {
	for i, n := range a.names {
		if string(n) == name {
			return a.values[i]
		}
	}
	return nil
}

// text is the value of a member that is a string or a number.
func (a *attributes) text(name string) (string, bool) {
	t := text(a.raw(name))
	return t, t != ""
}

// text decodes a JSON string, number or boolean; anything else is "".
func text(raw []byte) string {
	if len(raw) == 0 {
		return ""
	}
	switch raw[0] {
	case '"':
		if inner := raw[1 : len(raw)-1]; bytes.IndexByte(inner, '\\') < 0 && utf8.Valid(inner) {
			return string(inner)
		}
		var s string
		_ = json.Unmarshal(raw, &s) // what isn't valid says nothing
		return s
	case '{', '[', 'n':
		return ""
	}
	return string(raw)
}

// space is where the first byte that is no space stands, from i on.
func space(b []byte, i int) int {
	for i < len(b) && (b[i] == ' ' || b[i] == '\n' || b[i] == '\t' || b[i] == '\r') {
		i++
	}
	return i
}

// valueEnd is where the value ends that begins at i, -1 where it doesn't.
func valueEnd(b []byte, i int) int {
	depth := 0
	for ; i < len(b); i++ {
		switch b[i] {
		case '"':
			if i = stringEnd(b, i); i < 0 {
				return -1
			}
			if depth == 0 {
				return i + 1
			}
		case '{', '[':
			depth++
		case '}', ']':
			if depth--; depth <= 0 {
				return scalarOr(depth, i)
			}
		case ',', ':', ' ', '\n', '\t', '\r':
			if depth == 0 {
				return i
			}
		}
	}
	return -1
}

// scalarOr tells the bracket that closes the value from the one that closes
// what a number or a word stands in.
func scalarOr(depth, i int) int {
	if depth < 0 {
		return i
	}
	return i + 1
}

// stringEnd is where the closing quote of the string stands that begins at i.
func stringEnd(b []byte, i int) int {
	for i++; i < len(b); i++ {
		at := bytes.IndexByte(b[i:], '"')
		if at < 0 {
			return -1
		}
		i += at
		slashes := 0
		for b[i-1-slashes] == '\\' {
			slashes++
		}
		if slashes%2 == 0 {
			return i
		}
	}
	return -1
}
