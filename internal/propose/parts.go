package propose

import (
	"bytes"
	"sort"
)

// isCRLF reports whether lines end in a carriage return and a line feed.
func (s *source) isCRLF() bool {
	if s.crlf == 0 {
		s.crlf = 1
		if bytes.Contains(s.text, []byte("\r\n")) {
			s.crlf = 2
		}
	}
	return s.crlf == 2
}

// part returns the part of the file that edits are in: it begins and ends
// outside of all blocks, behind a blank line or at an end of the file.
func (s *source) part(edits []edit) (from, to int) {
	if s.bounds == nil {
		s.bounds = s.findBounds()
	}
	low, high := len(s.text), 0
	for _, e := range edits {
		low, high = min(low, e.start), max(high, e.end)
	}
	i := min(sort.SearchInts(s.bounds, low+1)-1, len(s.bounds)-2) // the last up to low
	j := sort.SearchInts(s.bounds, high)
	if j == i {
		j++ // something put in at a bound
	}
	return s.bounds[i], s.bounds[min(j, len(s.bounds)-1)]
}

func (s *source) findBounds() []int {
	if len(s.body.Attributes) > 0 {
		return []int{0, len(s.text)} // a file of variables
	}
	bounds := []int{0}
	at := 0 // where the last block ends
	for _, b := range s.body.Blocks {
		r := b.Range()
		gap := s.text[at:b.TypeRange.Start.Byte]
		if at > 0 && !bytes.Contains(gap, []byte("/*")) {
			if n := blankLine(gap); n > 0 {
				bounds = append(bounds, at+n)
			}
		}
		at = max(at, r.End.Byte, b.CloseBraceRange.End.Byte)
	}
	return append(bounds, len(s.text))
}

// blankLine returns where the first blank line of text ends, which begins at
// the end of a line that holds something; 0 where there is none.
func blankLine(text []byte) int {
	for at := bytes.IndexByte(text, '\n') + 1; at > 0 && at < len(text); {
		n := bytes.IndexByte(text[at:], '\n')
		if n < 0 {
			return 0
		}
		if len(bytes.TrimSpace(text[at:at+n])) == 0 {
			return at + n + 1
		}
		at += n + 1
	}
	return 0
}

// endsBlank reports whether text ends in a blank line.
func endsBlank(text []byte) bool {
	rest, ok := bytes.CutSuffix(text, []byte("\n"))
	if !ok {
		return false
	}
	at := bytes.LastIndexByte(rest, '\n')
	return at >= 0 && len(bytes.TrimSpace(rest[at:])) == 0
}
