package propose

import (
	"bytes"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
)

// This file knows the lines of a file: where one ends that holds something,
// which comments belong to it, how far it is indented.

// lineStart returns the first byte of the line that at is in.
func (s *source) lineStart(at int) int { return bytes.LastIndexByte(s.text[:at], '\n') + 1 }

// indent returns the white space that the line of at begins with.
func (s *source) indent(at int) string {
	line := s.text[s.lineStart(at):]
	return string(line[:len(line)-len(bytes.TrimLeft(line, " \t"))])
}

// token returns the index of the first token that begins at or behind at.
func (s *source) token(at int) int {
	low, high := 0, len(s.tokens)
	for low < high {
		if mid := (low + high) / 2; s.tokens[mid].Range.Start.Byte < at {
			low = mid + 1
		} else {
			high = mid
		}
	}
	return low
}

// lineEnd returns where the line ends in which something ends at at: in front
// of the line break. past tells a comma on the way. False: more follows on the
// same line.
func (s *source) lineEnd(at int) (end int, comma, ok bool) {
	if at > 0 && s.text[at-1] == '\n' { // a heredoc takes its line break along
		return len(bytes.TrimRight(s.text[:at], "\r\n")), false, true
	}
	for _, t := range s.tokens[s.token(at):] {
		switch t.Type {
		case hclsyntax.TokenNewline, hclsyntax.TokenEOF:
			return t.Range.Start.Byte, comma, true
		case hclsyntax.TokenComment:
			if text := bytes.TrimRight(t.Bytes, "\r\n"); len(text) < len(t.Bytes) {
				return t.Range.Start.Byte + len(text), comma, true
			}
		case hclsyntax.TokenComma:
			if comma {
				return 0, true, false
			}
			comma = true
		default:
			return 0, comma, false
		}
	}
	return 0, comma, false
}

// isFirst reports whether what begins at at is the first on its line.
func (s *source) isFirst(at int) bool {
	return len(bytes.TrimLeft(s.text[s.lineStart(at):at], " \t")) == 0
}

// lines returns the whole lines that r takes, with the comments right above.
// False: it shares them with something else.
func (s *source) lines(r hcl.Range) (start, end int, ok bool) {
	end, _, ok = s.lineEnd(r.End.Byte)
	if !ok || !s.isFirst(r.Start.Byte) {
		return 0, 0, false
	}
	start = s.lineStart(r.Start.Byte)
	for start > 0 {
		above := s.lineStart(start - 1)
		line := strings.TrimSpace(string(s.text[above:start]))
		if !strings.HasPrefix(line, "#") && !strings.HasPrefix(line, "//") || !s.isComment(above) {
			break
		}
		start = above
	}
	if end < len(s.text) {
		end += bytes.IndexByte(s.text[end:], '\n') + 1
	}
	return start, end, true
}

// isComment reports whether the line that begins at at begins with a comment,
// and not with text of a heredoc that looks like one.
func (s *source) isComment(at int) bool {
	i := s.token(at)
	return i < len(s.tokens) && s.tokens[i].Type == hclsyntax.TokenComment && s.isFirst(s.tokens[i].Range.Start.Byte) &&
		s.lineStart(s.tokens[i].Range.Start.Byte) == at
}

// cut removes what r spans: its whole lines where it has them for itself, and
// one of the blank lines around it.
func (s *source) cut(r hcl.Range) edit {
	start, end, ok := s.lines(r)
	if !ok {
		start, end = r.Start.Byte, r.End.Byte
		for end < len(s.text) && s.text[end] == ' ' {
			end++
		}
		return edit{path: s.path, start: start, end: end, about: about("cut", r.Start.Byte)}
	}
	blankAbove, blankBelow := s.blank(s.lineStart(max(start-1, 0)), start), s.blank(end, s.nextLine(end))
	opens := strings.HasSuffix(strings.TrimSpace(string(s.text[s.lineStart(max(start-1, 0)):start])), "{")
	closes := strings.HasPrefix(strings.TrimSpace(string(s.text[end:s.nextLine(end)])), "}")
	switch {
	case blankBelow && (blankAbove || opens || start == 0):
		end = s.nextLine(end)
	case blankAbove && (closes || end == len(s.text)):
		start = s.lineStart(start - 1)
	}
	return edit{path: s.path, start: start, end: end, about: about("cut", r.Start.Byte)}
}

// nextLine returns where the line that begins at at ends, with its line break.
func (s *source) nextLine(at int) int {
	if n := bytes.IndexByte(s.text[at:], '\n'); n >= 0 {
		return at + n + 1
	}
	return len(s.text)
}

// blank reports whether a line is there and holds nothing.
func (s *source) blank(from, to int) bool {
	return from < to && len(bytes.TrimSpace(s.text[from:to])) == 0
}
