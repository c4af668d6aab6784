package actions

import (
	"bytes"
	"io"
)

// JSONWriter is LogWriter for JSON: it lets the same values through, spelled
// so that no line is a workflow command. A line of JSON never begins with
// "::"; "##[", which only strings can hold, gets an escape.
type JSONWriter struct {
	w    io.Writer
	held []byte // "#" or "##" at the end of what was written: what follows decides
}

// NewJSONWriter returns a JSONWriter on w. What goes through it has to end
// with a newline, or in anything else but "#".
func NewJSONWriter(w io.Writer) *JSONWriter { return &JSONWriter{w: w} }

// Write takes all of p; errors are those of the underlying writer.
func (j *JSONWriter) Write(p []byte) (int, error) {
	text := append(j.held, p...)
	end := len(text)
	for end > 0 && len(text)-end < 2 && text[end-1] == '#' {
		end--
	}
	_, err := j.w.Write(bytes.ReplaceAll(text[:end], []byte("##["), []byte(`#\u0023[`)))
	j.held = bytes.Clone(text[end:])
	return len(p), err
}
