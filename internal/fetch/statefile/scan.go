package statefile

// cursor walks over JSON that a decoder has let through already. Each instance
// is read a second time, for its parts, and states hold millions: where nothing
// can be malformed, finding the end of a value takes no parsing.
type cursor struct {
	text []byte
	at   int
}

// membersOf calls each with the raw key, in its quotes, and the value of every
// member of an object; nothing for any other value.
func membersOf(object []byte, each func(key, value []byte)) {
	c := cursor{text: object}
	if c.next() != '{' {
		return
	}
	for c.at++; c.next() == '"'; {
		key := c.value()
		each(key, c.value())
	}
}

// elementsOf calls each with every element of an array, until it returns an
// error. null is an empty one; any other value is errShape.
func elementsOf(array []byte, each func(value []byte) error) error {
	c := cursor{text: array}
	switch c.next() {
	case '[':
	case 'n':
		return nil
	default:
		return errShape
	}
	for c.at++; c.next() != ']'; {
		if err := each(c.value()); err != nil {
			return err
		}
	}
	return nil
}

// next moves to the next byte that is neither white space nor a separator, and
// returns it.
func (c *cursor) next() byte {
	for {
		switch b := c.text[c.at]; b {
		case ' ', '\t', '\r', '\n', ',', ':':
			c.at++
		default:
			return b
		}
	}
}

// value moves past the next value and returns its text.
func (c *cursor) value() []byte {
	first := c.next()
	from := c.at
	switch first {
	case '"':
		c.skipString()
	case '{', '[':
		c.skipContainer()
	default:
		c.skipScalar()
	}
	return c.text[from:c.at]
}

func (c *cursor) skipContainer() {
	for depth := 0; ; {
		switch c.text[c.at] {
		case '"':
			c.skipString()
			continue
		case '{', '[':
			depth++
		case '}', ']':
			depth--
		}
		if c.at++; depth == 0 {
			return
		}
	}
}

func (c *cursor) skipString() {
	for c.at++; ; c.at++ {
		switch c.text[c.at] {
		case '\\':
			c.at++
		case '"':
			c.at++
			return
		}
	}
}

func (c *cursor) skipScalar() {
	for ; c.at < len(c.text); c.at++ {
		switch c.text[c.at] {
		case ',', ']', '}', ' ', '\t', '\r', '\n':
			return
		}
	}
}
