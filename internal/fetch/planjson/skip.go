package planjson

import "bytes"

// What a byte outside a string means to skip.
const (
	plain byte = iota // number, literal, white space, comma, colon
	quote
	opening
	closing
	foreign // can't stand in JSON outside a string
)

// classes gives each byte's meaning. It is never written to.
var classes = func() (c [256]byte) {
	for i := range c {
		c[i] = foreign
	}
	for _, b := range []byte(" \t\r\n,:-+.eE0123456789truefalsn") {
		c[b] = plain
	}
	c['"'] = quote
	c['{'], c['['] = opening, opening
	c['}'], c[']'] = closing, closing
	return c
}()

// skip passes over the next value. Of a container it looks only at strings
// and brackets: most of a plan is passed over, and must be so at the speed of
// memory. Truncation, wrong brackets and too deep nesting are noticed.
func (s *scanner) skip() error {
	c, err := s.peek()
	if err != nil {
		return err
	}
	switch classes[c] {
	case quote:
		return s.skipString()
	case opening:
		return s.skipContainer()
	case plain:
		return s.skipScalar()
	}
	return s.unexpected()
}

func (s *scanner) skipContainer() error {
	due := 0 // closing brackets on s.stack
	i := s.pos
	for {
		buf := s.buf[:s.end]
		for i < len(buf) {
			switch c := buf[i]; classes[c] {
			case plain:
				i++
			case quote:
				// Most strings are whole in the buffer and have no escapes.
				n := bytes.IndexByte(buf[i+1:], '"')
				if n == 0 || n > 0 && buf[i+n] != '\\' {
					i += n + 2
					continue
				}
				s.pos = i
				if err := s.skipString(); err != nil {
					return err
				}
				i, buf = s.pos, s.buf[:s.end]
			case opening:
				if s.depth+due >= maxDepth {
					return fault(s.base+int64(i), tooDeep)
				}
				s.stack[due] = c + 2 // in ASCII, ] is [ + 2 and } is { + 2
				due++
				i++
			case closing:
				due--
				if s.stack[due] != c {
					s.pos = i
					return s.unexpected()
				}
				i++
				if due == 0 {
					s.pos = i
					return nil
				}
			default:
				s.pos = i
				return s.unexpected()
			}
		}
		s.pos = i
		if err := s.more(); err != nil {
			return err
		}
		i = s.pos
	}
}

// skipString passes over a string that begins at the next byte.
func (s *scanner) skipString() error {
	if s.hold() { // so that backslashes can be counted across reads
		defer s.release()
	}
	from := s.offset()
	s.pos++
	for {
		n := bytes.IndexByte(s.buf[s.pos:s.end], '"')
		if n < 0 {
			s.pos = s.end
			if err := s.more(); err != nil {
				return err
			}
			continue
		}
		s.pos += n + 1
		first := int(from-s.base) + 1
		if !escaped(s.buf[first : s.pos-1]) {
			return nil
		}
	}
}

// escaped reports whether what follows text is escaped: text ends in an odd
// number of backslashes.
func escaped(text []byte) bool {
	n := len(text)
	for n > 0 && text[n-1] == '\\' {
		n--
	}
	return (len(text)-n)%2 == 1
}

// skipScalar passes over a number, true, false or null.
func (s *scanner) skipScalar() error {
	if s.hold() {
		defer s.release()
	}
	from := s.offset()
	for {
		for s.pos < s.end {
			c := s.buf[s.pos]
			if classes[c] != plain || c == ',' || c == ':' || c <= ' ' {
				if !validScalar(s.bytes(span{from, s.offset()})) {
					s.pos = int(from - s.base)
					return s.unexpected()
				}
				return nil
			}
			s.pos++
		}
		if err := s.more(); err != nil {
			return err
		}
	}
}

func validScalar(text []byte) bool {
	switch string(text) {
	case "true", "false", "null":
		return true
	}
	return len(text) > 0 && numberEnd(text) == len(text)
}

// numberEnd returns the length of the JSON number that text begins with, 0
// where there is none.
func numberEnd(text []byte) int {
	i := 0
	digits := func() bool {
		from := i
		for i < len(text) && '0' <= text[i] && text[i] <= '9' {
			i++
		}
		return i > from
	}
	if i < len(text) && text[i] == '-' {
		i++
	}
	if i < len(text) && text[i] == '0' {
		i++
	} else if !digits() {
		return 0
	}
	if i < len(text) && text[i] == '.' {
		if i++; !digits() {
			return 0
		}
	}
	if i < len(text) && (text[i] == 'e' || text[i] == 'E') {
		i++
		if i < len(text) && (text[i] == '+' || text[i] == '-') {
			i++
		}
		if !digits() {
			return 0
		}
	}
	return i
}
