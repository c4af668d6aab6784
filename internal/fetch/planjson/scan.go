package planjson

import (
	"bytes"
	"errors"
	"io"
)

// Limits of what is read. They bound memory and stack whatever the input.
const (
	bufferSize = 128 << 10 // bytes; grows while one element needs more
	maxElement = 64 << 20  // bytes of one element that has to be seen as a whole
	maxDepth   = 1000      // levels of nesting
)

// scanner walks over one JSON document as it comes from a reader. Whoever
// walks says what is of interest: objects and arrays are entered by object
// and array, values passed over by skip, or remembered by capture. It has one
// buffer; bytes before keep are forgotten as soon as room is needed.
type scanner struct {
	r     io.Reader
	buf   []byte
	pos   int   // next byte
	end   int   // end of what was read into buf
	base  int64 // offset in the document of buf[0]
	keep  int   // first byte that must stay in buf; -1: none but from pos on
	depth int
	stack [maxDepth + 1]byte // closing brackets due, of the value skipped
}

// span is a part of the document by offsets; empty where there is none.
type span struct{ from, to int64 }

func (p span) empty() bool { return p.from == p.to }

func newScanner(r io.Reader) *scanner {
	return &scanner{r: r, buf: make([]byte, bufferSize), keep: -1}
}

// offset returns the offset in the document of the next byte.
func (s *scanner) offset() int64 { return s.base + int64(s.pos) }

// bytes returns the text of a captured span, good until the next read. It may
// be called only while what it belongs to is still being captured.
func (s *scanner) bytes(p span) []byte {
	if p.empty() {
		return nil
	}
	return s.buf[p.from-s.base : p.to-s.base]
}

// more reads on, so that at least one more byte stands behind s.end. Its
// error is a truncation unless the reader gave another reason.
func (s *scanner) more() error {
	if s.end == len(s.buf) {
		if err := s.makeRoom(); err != nil {
			return err
		}
	}
	for range 100 {
		n, err := s.r.Read(s.buf[s.end:])
		s.end += n
		if n > 0 {
			return nil
		}
		if err == io.EOF {
			return fault(s.base+int64(s.end), truncated)
		}
		if err != nil {
			return readFault(s.base+int64(s.end), err)
		}
	}
	return readFault(s.base+int64(s.end), io.ErrNoProgress)
}

// makeRoom forgets what is not needed any more, and grows the buffer where
// that is too little to be worth the copying.
func (s *scanner) makeRoom() error {
	from := s.pos
	if s.keep >= 0 && s.keep < from {
		from = s.keep
	}
	into := s.buf
	if from < len(s.buf)/2 {
		if len(s.buf) >= maxElement {
			return fault(s.base+int64(from), "an element larger than 64 MiB begins")
		}
		into = make([]byte, min(2*len(s.buf), maxElement))
	}
	copy(into, s.buf[from:s.end])
	s.buf = into
	s.base += int64(from)
	s.pos -= from
	s.end -= from
	if s.keep >= 0 {
		s.keep -= from
	}
	return nil
}

// capture runs walk, which consumes something, and returns where that stood.
// Its bytes can be had until release, which the outermost capture needs.
func (s *scanner) capture(walk func() error) (span, error) {
	s.hold()
	from := s.offset()
	err := walk()
	return span{from, s.offset()}, err
}

// hold makes the buffer keep everything from here on; nested holds are the
// outermost one's.
func (s *scanner) hold() bool {
	if s.keep >= 0 {
		return false
	}
	s.keep = s.pos
	return true
}

// release ends what hold began.
func (s *scanner) release() { s.keep = -1 }

// value captures the next value.
func (s *scanner) value() (span, error) {
	if _, err := s.peek(); err != nil {
		return span{}, err
	}
	return s.capture(s.skip)
}

// peek returns the next byte that is not white space, without consuming it.
func (s *scanner) peek() (byte, error) {
	for {
		for s.pos < s.end {
			c := s.buf[s.pos]
			if c != ' ' && c != '\n' && c != '\t' && c != '\r' {
				return c, nil
			}
			s.pos++
		}
		if err := s.more(); err != nil {
			return 0, err
		}
	}
}

// object walks over the next value if it is an object: field is called for
// each member, with the scanner in front of the member's value, which field
// has to consume. key is good until the scanner moves. A null has no members.
func (s *scanner) object(field func(key []byte) error) error {
	return s.container('{', '}', "an object", func() error {
		key, err := s.key()
		if err != nil {
			return err
		}
		return field(key)
	})
}

// array walks over the next value if it is an array: element is called in
// front of each element, which it has to consume. A null has no elements.
func (s *scanner) array(element func() error) error {
	return s.container('[', ']', "an array", element)
}

func (s *scanner) container(open, closing byte, what string, item func() error) error {
	c, err := s.peek()
	if err != nil {
		return err
	}
	if c == 'n' {
		return s.skip()
	}
	if c != open {
		return fault(s.offset(), "not plan JSON: "+what+" is expected")
	}
	if s.depth++; s.depth > maxDepth {
		return fault(s.offset(), tooDeep)
	}
	s.pos++
	if c, err = s.peek(); err != nil {
		return err
	}
	for c != closing {
		if err := item(); err != nil {
			return err
		}
		if c, err = s.peek(); err != nil {
			return err
		}
		if c != ',' && c != closing {
			return s.unexpected()
		}
		if c == ',' {
			s.pos++
			if c, err = s.peek(); err != nil {
				return err
			}
			if c == closing {
				return s.unexpected()
			}
		}
	}
	s.pos++
	s.depth--
	return nil
}

// key consumes a member's name and the colon after it.
func (s *scanner) key() ([]byte, error) {
	c, err := s.peek()
	if err != nil {
		return nil, err
	}
	if c != '"' {
		return nil, s.unexpected()
	}
	if s.hold() {
		defer s.release()
	}
	name, err := s.capture(s.skipString)
	if err != nil {
		return nil, err
	}
	if c, err = s.peek(); err != nil {
		return nil, err
	}
	if c != ':' {
		return nil, s.unexpected()
	}
	s.pos++
	return unquote(s.bytes(name)), nil
}

func (s *scanner) unexpected() error {
	return fault(s.offset(), "not JSON: an unexpected character")
}

// atEnd consumes white space up to the end of the input; false where
// something else comes first.
func (s *scanner) atEnd() (bool, error) {
	_, err := s.peek()
	var f *Error
	if errors.As(err, &f) && f.Reason == truncated {
		return true, nil
	}
	return false, err
}

// start reads enough of the input to judge what it is, and returns that
// without consuming it: up to n bytes, fewer only at the end of the input.
func (s *scanner) start(n int) ([]byte, error) {
	for s.end < n {
		err := s.more()
		var f *Error
		if errors.As(err, &f) && f.Reason == truncated {
			break
		}
		if err != nil {
			return nil, err
		}
	}
	return s.buf[:min(n, s.end)], nil
}

// hasTrue reports whether a captured mark (*_sensitive, after_unknown) may
// hold a true; a name that contains the word is a harmless false alarm.
func hasTrue(mark []byte) bool { return bytes.Contains(mark, []byte("true")) }
