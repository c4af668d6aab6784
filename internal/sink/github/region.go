package github

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// An issue's or a pull request's body belongs to people as well, so the
// program keeps to a region of it, between two hidden lines:
//
//	what a person wrote
//	<!-- strandline key=drift run=12.1 digest=9b1e title=… assigned=… size=120 sum=… -->
//	what the program wrote
//	<!-- /strandline key=drift run=12.1 digest=9b1e title=… assigned=… size=120 sum=… -->
//	what a person wrote
//
// Both lines say the same, with the region's size in bytes and its sum, so that
// nothing is forgotten where one of the two is lost, and so that no text inside
// the region can pass for its end. Line endings don't count: GitHub's editor makes all of
// them CRLF.
const regionEnd = "<!-- /strandline "

// stamp is what the lines around a region say of it.
type stamp struct {
	key, run, digest string
	title            string   // sum of the title that the program gave last
	assigned         []string // logins that the program has assigned, so that none is assigned twice
}

// region is a body, taken apart at the program's region.
type region struct {
	stamp         stamp
	before, after string // what people wrote, byte for byte
	text          string // the region, with LF
	intact        bool   // the region is as the program wrote it
	damaged       string // what was wrong with the lines around it, in words; "" where nothing was
}

// compose returns the body with text as its region. The room for it is what
// MaxBody leaves: see frame.
func (r region) compose(s stamp, text string) string {
	begin, end := s.lines(text)
	before, after := r.before, r.after
	if before != "" && !strings.HasSuffix(before, "\n") {
		before += "\n"
	}
	return before + begin + "\n" + text + "\n" + end + after
}

// frame is the most bytes that a body has beside the region's text.
func (r region) frame(s stamp) int {
	begin, end := s.lines(strings.Repeat(" ", MaxBody))
	return len(r.before) + 1 + len(begin) + 1 + 1 + len(end) + len(r.after)
}

// lines returns the lines before and after a region.
func (s stamp) lines(text string) (begin, end string) {
	fields := fmt.Sprintf("key=%s run=%s digest=%s title=%s assigned=%s size=%d sum=%s", escape(s.key), escape(s.run), escape(s.digest),
		s.title, escape(strings.Join(s.assigned, ",")), len(withLF(text)), sumOf(withLF(text)))
	return markerStart + fields + markerEnd, regionEnd + fields + markerEnd
}

func withLF(text string) string { return strings.ReplaceAll(text, "\r\n", "\n") }

// sumOf tells texts apart; it guards nothing.
func sumOf(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:8])
}

// mark is one of the lines around a region, found in a body.
type mark struct {
	from, to int // where the mark itself stands, without the line's end
	begins   bool
	key      string
	fields   map[string]string
}

// marksOf returns the marks that stand at the beginning of a line.
func marksOf(body string) []mark {
	var out []mark
	at := 0
	for line := range strings.Lines(body) {
		for _, start := range []string{markerStart, regionEnd} {
			fields, after, ok := cutFields(line, start)
			if key, has := fields["key"]; ok && has {
				out = append(out, mark{from: at, to: at + len(line) - len(after), begins: start == markerStart, key: key, fields: fields})
			}
		}
		at += len(line)
	}
	return out
}

// span is a part of a body between marks, or a lone mark.
type span struct {
	from, to int // with the marks
	inner    int // where the text begins
	text     string
	whole    bool // with its text
	intact   bool // and that is as it was written
	repaired bool // though a mark was lost
	stamp    stamp
}

// spansOf returns the spans of all keys, in order. Marks inside a region are
// text that the report quotes, and count for nothing.
func spansOf(body string) []span {
	var spans []span
	for marks := marksOf(body); len(marks) > 0; {
		s, used := cutSpan(body, marks)
		if overlaps := func(e span) bool { return e.from < s.from && e.to > s.from }; slices.ContainsFunc(spans, overlaps) {
			s = span{from: marks[0].from, to: marks[0].to, inner: marks[0].to, stamp: s.stamp}
		}
		// What begins inside a text that is found backwards is quoted, too.
		spans = append(slices.DeleteFunc(spans, func(e span) bool { return e.from >= s.from }), s)
		marks = slices.DeleteFunc(marks[used:], func(m mark) bool { return m.from < s.to })
	}
	return spans
}

// keysOf returns the keys of the regions in a body, each once.
func keysOf(body string) []string {
	var keys []string
	for _, s := range spansOf(body) {
		if !slices.Contains(keys, s.stamp.key) {
			keys = append(keys, s.stamp.key)
		}
	}
	return keys
}

// findRegion takes a body apart at the region of key; false where nothing of
// one is left. Of what is damaged only that is taken for the program's which
// surely is: what is between two marks, as much text beside one mark as it
// measures and sums up, or a lone mark. The rest is people's.
func findRegion(body, key string) (region, bool) {
	spans := slices.DeleteFunc(spansOf(body), func(s span) bool { return s.stamp.key != key })
	if len(spans) == 0 {
		return region{}, false
	}
	at := max(slices.IndexFunc(spans, func(s span) bool { return s.whole }), 0)
	it := spans[at]
	r := region{stamp: it.stamp, text: it.text, intact: it.intact,
		before: people(body, 0, it.from, spans[:at]), after: people(body, it.to, len(body), spans[at+1:])}
	switch {
	case !it.whole:
		r.text = withLF(body[it.inner:])
		r.damaged = "the hidden lines around the report were damaged; what stood there may hold somebody's own text and was left below it"
	case len(spans) > 1:
		r.damaged = "the hidden lines around the report stood there more than once; all but the first were removed"
	case it.repaired:
		r.damaged = "one of the hidden lines around the report was gone; it was put back"
	case !it.intact:
		r.damaged = "the report had been edited by hand; it was written anew"
	}
	if r.damaged != "" && r.after != "" && !strings.HasPrefix(withLF(r.after), "\n") {
		r.after = "\n\n" + r.after
	}
	return r, true
}

// cutSpan returns the span of the first mark, and how many marks it has used.
func cutSpan(body string, marks []mark) (span, int) {
	first := marks[0]
	s := span{from: first.from, to: first.to, inner: first.to, stamp: first.stamp()}
	if !first.begins {
		if from, text, ok := backwards(body, first); ok {
			s.from, s.inner, s.text, s.whole, s.intact, s.repaired = from, from, text, true, true, true
		}
		return s, 1
	}
	s.inner = len(body) - len(trimLineEnd(body[first.to:]))
	for i, m := range marks[1:] {
		if !m.begins && m.key == first.key && m.fields["sum"] == first.fields["sum"] {
			s.text = strings.TrimSuffix(withLF(body[s.inner:max(m.from, s.inner)]), "\n")
			s.to, s.whole, s.intact = m.to, true, sumOf(s.text) == first.fields["sum"]
			return s, i + 2
		}
	}
	if text, to, ok := forwards(body, first, s.inner); ok {
		s.text, s.to, s.whole, s.intact, s.repaired = text, to, true, true, true
	}
	return s, 1
}

// forwards returns the text from from on that mark m, whose counterpart is
// lost, stands before.
func forwards(body string, m mark, from int) (text string, to int, ok bool) {
	left := m.size()
	for to = from; left > 0 && to < len(body); to++ {
		if !strings.HasPrefix(body[to:], "\r\n") {
			left--
		}
	}
	text = withLF(body[from:to])
	return text, to, left == 0 && text != "" && sumOf(text) == m.fields["sum"]
}

// backwards returns the text that stands before mark m, whose counterpart is
// lost, and where it begins.
func backwards(body string, m mark) (from int, text string, ok bool) {
	to := len(strings.TrimSuffix(strings.TrimSuffix(body[:m.from], "\n"), "\r"))
	left := m.size()
	for from = to; left > 0 && from > 0; from-- {
		if !strings.HasPrefix(body[from-1:], "\r\n") {
			left--
		}
	}
	if from > 0 && strings.HasPrefix(body[from-1:to], "\r\n") {
		from--
	}
	text = withLF(body[from:to])
	return from, text, left == 0 && text != "" && sumOf(text) == m.fields["sum"]
}

func (m mark) stamp() stamp {
	s := stamp{key: m.key, run: m.fields["run"], digest: m.fields["digest"], title: m.fields["title"]}
	if assigned := m.fields["assigned"]; assigned != "" {
		s.assigned = strings.Split(assigned, ",")
	}
	return s
}

// size is the size that a mark tells, -1 where that is none.
func (m mark) size() int {
	n, err := strconv.Atoi(m.fields["size"])
	if err != nil {
		return -1
	}
	return n
}

func trimLineEnd(s string) string { return strings.TrimPrefix(strings.TrimPrefix(s, "\r"), "\n") }

// people returns what is people's in body[from:to], where other spans are: all
// but the marks, and but text that surely is the program's. The line's end
// after what is taken out goes with it.
func people(body string, from, to int, others []span) string {
	var b strings.Builder
	for _, s := range others {
		b.WriteString(body[from:s.from])
		if s.whole && !s.intact {
			b.WriteString(s.text + "\n")
		}
		from = min(len(body)-len(trimLineEnd(body[s.to:])), to)
	}
	b.WriteString(body[from:max(from, to)])
	return b.String()
}
