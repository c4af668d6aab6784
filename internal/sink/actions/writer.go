package actions

import (
	"io"
	"sync"
)

// LogWriter lets a log through so that no line of it is a workflow command,
// whatever strangers have put into it: a space goes into the first "::" of a
// line that begins with it and into every "##[". The runner takes a line as a
// command that begins with "::" after white space, or that has "##["
// anywhere: https://github.com/actions/runner/blob/main/src/Runner.Common/ActionCommand.cs
type LogWriter struct {
	mu    sync.Mutex
	w     io.Writer
	state state
}

// NewLogWriter returns a LogWriter on w.
func NewLogWriter(w io.Writer) *LogWriter { return &LogWriter{w: w} }

// Write takes all of p; errors are those of the underlying writer. A command
// can't slip through in pieces.
func (w *LogWriter) Write(p []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	out := make([]byte, 0, len(p)+8)
	for _, c := range p {
		out = w.state.append(out, c)
	}
	if _, err := w.w.Write(out); err != nil {
		return 0, err
	}
	return len(p), nil
}

// state is what of a line has gone by. The zero state is its beginning.
type state struct {
	inText bool // something other than white space has gone by
	last   [2]byte
}

// append appends c to out, after a space where it would complete the beginning
// of a command.
func (s *state) append(out []byte, c byte) []byte {
	if c == '\n' || c == '\r' { // the runner ends a line at either
		*s = state{}
		return append(out, c)
	}
	if (c == ':' && !s.inText && s.last[1] == ':') || (c == '[' && s.last == [2]byte{'#', '#'}) {
		out = append(out, ' ')
		s.inText = true
	}
	// White space is also what lies beyond ASCII (a no-break space, say), and
	// .NET overlooks invisible characters when it compares: no byte of those is
	// taken for text.
	if c > ' ' && c < 0x7f && c != ':' {
		s.inText = true
	}
	s.last = [2]byte{s.last[1], c}
	return append(out, c)
}
