package render

import (
	"bytes"
	"encoding/json"
	"strings"

	"github.com/strandline-tf/strandline/internal/model"
)

// What stands for a value that can't be shown.
const (
	knownAfterApply = "(known after apply)"
	sensitiveValue  = "(sensitive value)"
)

// stringOf returns the string that v holds, and whether v holds one.
func stringOf(v model.Value) (string, bool) {
	if len(v) == 0 || v[0] != '"' {
		return "", false
	}
	var s string
	if json.Unmarshal(v, &s) != nil {
		return "", false
	}
	return s, true
}

// isAbsent reports whether there is no value, or null, which in a resource
// means the same.
func isAbsent(v model.Value) bool { return len(v) == 0 || string(v) == "null" }

// inlineValue returns v on one line, with its middle left out where it is long.
func inlineValue(v model.Value) string {
	if len(v) == 0 {
		return "null"
	}
	if s, ok := stringOf(v); ok {
		return shortQuoted(s, inlineLimit)
	}
	return Short(compact(v), 2*inlineLimit)
}

// compact takes the white space out of a value that was read from an indented
// report.
func compact(v model.Value) string {
	if bytes.IndexByte(v, '\n') < 0 {
		return string(v)
	}
	var b bytes.Buffer
	if json.Compact(&b, v) != nil {
		return string(v)
	}
	return b.String()
}

// InlineValue returns a value of the report as one line: strings quoted as in
// HCL, numbers digit for digit, what is long without its middle.
func InlineValue(v model.Value) string { return inlineValue(v) }

// wholeValue writes a value that is there only before or only after.
func (l *lines) wholeValue(op Op, indent int, name string, v model.Value, note string) {
	s, ok := stringOf(v)
	switch {
	case ok && l.wholeJSON(op, indent, name, s):
	case ok && isMultiline(s):
		l.wholeText(op, indent, name, s)
	default:
		l.add(op, indent, name+inlineValue(v)+note)
	}
}

// changedValue writes a value that is there on both sides.
func (l *lines) changedValue(indent int, name string, before, after model.Value, note string) {
	b, isText := stringOf(before)
	a, areText := stringOf(after)
	if isText && areText {
		l.changedString(indent, name, b, a, note)
		return
	}
	was, is := inlineValue(before), inlineValue(after)
	if was == is { // they differ in the part that was left out
		p := newPair(compact(before), compact(after))
		was, is, _ = p.windows(inlineLimit, Visible)
	}
	l.add(Alter, indent, name+was+" -> "+is+note)
}

// padded returns name and "= ", with the signs of one block in one column.
func padded(name string, width int) string {
	return name + strings.Repeat(" ", max(0, width-len(name))) + " = "
}
