package render

import (
	"bytes"
	"encoding/json"
	"io"
	"strings"

	"github.com/strandline-tf/strandline/internal/secret"
)

// What is taken for JSON within a string. Indentation multiplies the size of
// deeply nested text, so depth and size are bounded.
const (
	maxJSONSize  = 256 << 10 // bytes
	maxJSONDepth = 32
)

// prettyJSON returns s in a canonical form, one member or element a line and
// keys sorted, where s holds an object or an array; "" where it doesn't.
// Numbers keep their digits. Every member and element ends with a comma, as HCL
// allows, so that a new last one does not change the one before it.
func prettyJSON(s string) string {
	t := strings.TrimLeft(s, " \t\r\n")
	if t == "" || (t[0] != '{' && t[0] != '[') || len(s) > maxJSONSize || !shallow(t) {
		return ""
	}
	dec := json.NewDecoder(strings.NewReader(s))
	dec.UseNumber()
	var v any
	if dec.Decode(&v) != nil {
		return ""
	}
	if _, err := dec.Token(); err != io.EOF {
		return ""
	}
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	if enc.Encode(v) != nil {
		return ""
	}
	return everyComma(b.String())
}

// everyComma puts a comma behind what is last in its object or array.
func everyComma(s string) string {
	var b strings.Builder
	body := strings.TrimSuffix(s, "\n")
	end := strings.LastIndexByte(body, '\n')
	for line := range strings.SplitAfterSeq(body[:end+1], "\n") {
		line, newline := strings.CutSuffix(line, "\n")
		b.WriteString(line)
		if newline {
			if !strings.HasSuffix(line, ",") && !strings.HasSuffix(line, "{") && !strings.HasSuffix(line, "[") {
				b.WriteByte(',')
			}
			b.WriteByte('\n')
		}
	}
	b.WriteString(body[end+1:] + "\n")
	return b.String()
}

// shallow reports whether brackets nest at most maxJSONDepth deep. Those within
// strings count too, which only ever makes a text look deeper.
func shallow(s string) bool {
	depth := 0
	for i := range len(s) {
		switch s[i] {
		case '{', '[':
			if depth++; depth > maxJSONDepth {
				return false
			}
		case '}', ']':
			depth--
		}
	}
	return true
}

// wholeJSON writes a string that holds an object or array and is there only
// before or only after; it reports whether s is one, and not a short one.
func (l *lines) wholeJSON(op Op, indent int, name, s string) bool {
	pretty := prettyJSON(s)
	if pretty == "" || len(s) <= inlineLimit/2 {
		return false
	}
	l.add(op, indent, name+"jsonencode(")
	for line := range strings.SplitSeq(strings.TrimSuffix(pretty, "\n"), "\n") {
		l.add(op, indent+4, shortLine(line, false))
	}
	l.add(op, indent, ")")
	return true
}

// changedJSON writes the change of a string as a diff of the JSON that both
// sides hold; it reports whether they do.
func (l *lines) changedJSON(indent int, name, before, after, note string) bool {
	b, a := prettyJSON(before), prettyJSON(after)
	if b == "" || a == "" {
		return false
	}
	if a == b {
		same := "the same JSON, written differently:"
		if strings.Contains(a, secret.Withheld) {
			same = "the same JSON but for what is withheld, written differently:"
		}
		l.add(Note, indent, same)
		p := newPair(before, after)
		was, is, _ := p.windows(inlineLimit, inner)
		l.add(Alter, indent, name+lengths(before, after)+note)
		l.add(Remove, indent+4, `"`+was+`"`)
		l.add(Add, indent+4, `"`+is+`"`)
		return true
	}
	l.add(Alter, indent, name+"jsonencode("+note)
	l.lineDiff(indent+4, b, a)
	l.add(Same, indent, ")")
	return true
}
