package secret

import (
	"bytes"
	"io"
	"sync"
)

// Writer withholds secrets from everything written through it, line by line:
// what follows the last newline is held back until Flush, since a secret could
// be cut in two by two writes.
type Writer struct {
	mu  sync.Mutex
	w   io.Writer
	set *Set
	buf []byte
}

// NewWriter returns a Writer on w that withholds what set knows at the time of
// each write.
func NewWriter(w io.Writer, set *Set) *Writer { return &Writer{w: w, set: set} }

// Write takes all of p; errors are those of the underlying writer.
func (w *Writer) Write(p []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.buf = append(w.buf, p...)
	end := bytes.LastIndexByte(w.buf, '\n') + 1
	if end == 0 {
		return len(p), nil
	}
	_, err := io.WriteString(w.w, w.set.Text(string(w.buf[:end])))
	w.buf = append(w.buf[:0], w.buf[end:]...)
	return len(p), err
}

// Flush writes what is held back.
func (w *Writer) Flush() error {
	w.mu.Lock()
	defer w.mu.Unlock()
	_, err := io.WriteString(w.w, w.set.Text(string(w.buf)))
	w.buf = w.buf[:0]
	return err
}
