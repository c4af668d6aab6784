package model

import "strings"

// glob is a compiled pattern in which * matches any characters, also dots,
// brackets and quotes. Since each piece between two stars is looked for only
// once, from where the one before it ended, matching takes no backtracking.
type glob struct {
	pieces []string // what stands between the stars
}

// compileGlob compiles a pattern. A backslash takes the special meaning of the
// character after it, for those that have one in an ignore file, and of the
// dot, which older ignore files escape; any other backslash is itself.
func compileGlob(pattern string) glob {
	var g glob
	var piece strings.Builder
	for i := 0; i < len(pattern); i++ {
		switch c := pattern[i]; {
		case c == '*':
			g.pieces = append(g.pieces, piece.String())
			piece.Reset()
		case c == '\\' && i+1 < len(pattern) && strings.IndexByte(`*.:#!`, pattern[i+1]) >= 0:
			i++
			piece.WriteByte(pattern[i])
		default:
			piece.WriteByte(c)
		}
	}
	g.pieces = append(g.pieces, piece.String())
	return g
}

// match reports whether g matches all of s.
func (g glob) match(s string) bool {
	s, ok := g.begin(s)
	last := len(g.pieces) - 1
	return ok && (last == 0 && s == "" || last > 0 && strings.HasSuffix(s, g.pieces[last]))
}

// matchUpTo reports whether g matches all of s, or all that comes before one
// of the marks in s.
func (g glob) matchUpTo(s string, mark byte) bool {
	s, ok := g.begin(s)
	last := len(g.pieces) - 1
	if !ok || last == 0 {
		return ok && (s == "" || s[0] == mark)
	}
	if g.pieces[last] == "" {
		return true
	}
	for {
		at := strings.Index(s, g.pieces[last])
		if at < 0 {
			return false
		}
		end := at + len(g.pieces[last])
		if end == len(s) || s[end] == mark {
			return true
		}
		s = s[at+1:]
	}
}

// begin matches all pieces but the last of several, each as early as possible,
// and returns what is left of s.
func (g glob) begin(s string) (rest string, ok bool) {
	s, ok = strings.CutPrefix(s, g.pieces[0])
	for i := 1; ok && i < len(g.pieces)-1; i++ {
		_, s, ok = strings.Cut(s, g.pieces[i])
	}
	return s, ok
}
