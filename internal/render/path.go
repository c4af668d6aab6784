package render

import "strings"

// step is one step of an attribute path: a name (.tags, ["a b"]) or an index
// ([0]).
type step struct {
	key   string // as it stands in HCL: tags, "a b"; for an index its digits
	index bool
	end   int // offset in the path just behind it
}

// maxSteps is how deep a path is followed; each step may cost indentation.
const maxSteps = 40

// steps splits a path as the model spells it into one step or more. What can't
// be a path, or is too deep, is one step.
func steps(path string) []step {
	var out []step
	for at := 0; at < len(path); {
		if len(out) == maxSteps {
			return whole(path)
		}
		var s step
		switch {
		case path[at] == '[' && strings.HasPrefix(path[at:], `["`):
			n := quotedLength(path[at+1:])
			if n == 0 || at+1+n >= len(path) || path[at+1+n] != ']' {
				return whole(path)
			}
			s = step{key: path[at+1 : at+1+n], end: at + n + 2}
		case path[at] == '[':
			n := strings.IndexByte(path[at:], ']')
			if n < 2 || strings.Trim(path[at+1:at+n], "0123456789") != "" {
				return whole(path)
			}
			s = step{key: path[at+1 : at+n], index: true, end: at + n + 1}
		default:
			from := at
			if path[at] == '.' && at > 0 {
				from++
			}
			n := strings.IndexAny(path[from:], ".[")
			if n < 0 {
				n = len(path) - from
			}
			if n == 0 {
				return whole(path)
			}
			s = step{key: path[from : from+n], end: from + n}
		}
		out = append(out, s)
		at = s.end
	}
	if len(out) == 0 {
		return whole(path)
	}
	return out
}

func whole(path string) []step { return []step{{key: path, end: len(path)}} }

// quotedLength returns the length of the quoted string that s begins with, 0
// where it doesn't end.
func quotedLength(s string) int {
	for i := 1; i < len(s); i++ {
		switch s[i] {
		case '\\':
			i++
		case '"':
			return i + 1
		}
	}
	return 0
}
