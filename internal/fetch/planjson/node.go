package planjson

import (
	"bytes"
	"slices"
)

// node is a JSON value of one element, parsed. Members of an object are
// sorted by name and unique (the last of equal names counts, as everywhere in
// Go); Terraform writes them in that order already. A node is good as long as
// the text it was parsed from and until its parser's next reset.
type node struct {
	kind byte   // { [ " 0 t f n, as jsontext.Kind has them
	key  []byte // its name, unquoted, as a member of an object
	raw  []byte // its text as it stands in the document
	kids []node
	sure bool   // there is a true in it, at any depth
	hash uint64 // of a container, once comparer has asked for it; else 0
}

func (n *node) isTrue() bool { return n != nil && n.kind == 't' }

// null reports whether there is no value, which is the same as null here.
func (n *node) null() bool { return n == nil || n.kind == 'n' }

func (n *node) container() bool { return n != nil && (n.kind == '{' || n.kind == '[') }

// member returns the member of an object by name, or nil.
func (n *node) member(key []byte) *node {
	if n == nil || n.kind != '{' {
		return nil
	}
	i, ok := slices.BinarySearchFunc(n.kids, key, func(kid node, key []byte) int { return bytes.Compare(kid.key, key) })
	if !ok {
		return nil
	}
	return &n.kids[i]
}

// text returns the string that is the member of that name, or "".
func (n *node) text(name string) string {
	if m := n.member([]byte(name)); m != nil && m.kind == '"' {
		return string(unquote(m.raw))
	}
	return ""
}

// item returns the element of an array by index, or nil.
func (n *node) item(i int) *node {
	if n == nil || n.kind != '[' || i >= len(n.kids) {
		return nil
	}
	return &n.kids[i]
}

// anyTrue reports whether there is a true in n at any depth.
func (n *node) anyTrue() bool { return n != nil && n.sure }

// parser makes nodes. It has room that it uses again for each element.
type parser struct {
	src   []byte
	pos   int
	depth int
	open  []node   // kids of containers not closed yet
	rooms [][]node // where kids of closed containers are kept
	room  int
}

const roomSize = 512 // nodes

// reset makes all nodes made so far invalid.
func (p *parser) reset() {
	for i := range p.rooms {
		p.rooms[i] = p.rooms[i][:0]
	}
	p.room = 0
}

// parse parses the value at document offset at whose text is src; nil for no
// text.
func (p *parser) parse(src []byte, at int64) (*node, error) {
	if len(src) == 0 {
		return nil, nil
	}
	p.src, p.pos, p.depth, p.open = src, 0, 0, p.open[:0]
	n, ok := p.value()
	if ok {
		p.space()
		if p.pos == len(src) {
			one := p.settle(1)
			one[0] = n
			return &one[0], nil
		}
	}
	if p.depth > maxDepth {
		return nil, fault(at+int64(p.pos), tooDeep)
	}
	return nil, fault(at+int64(p.pos), "not JSON: an unexpected character")
}

// settle returns room for n nodes, zeroed.
func (p *parser) settle(n int) []node {
	for ; p.room < len(p.rooms); p.room++ {
		room := p.rooms[p.room]
		if at := len(room); at+n <= cap(room) {
			p.rooms[p.room] = room[:at+n]
			out := room[at : at+n : at+n]
			clear(out)
			return out
		}
	}
	p.rooms = append(p.rooms, make([]node, n, max(n, roomSize)))
	return p.rooms[p.room][:n:n]
}

func (p *parser) space() {
	for p.pos < len(p.src) {
		switch p.src[p.pos] {
		case ' ', '\t', '\r', '\n':
			p.pos++
		default:
			return
		}
	}
}

// next returns the next byte that is not white space, 0 at the end.
func (p *parser) next() byte {
	p.space()
	if p.pos == len(p.src) {
		return 0
	}
	return p.src[p.pos]
}

// value parses the next value. False: the text is no JSON at p.pos.
func (p *parser) value() (node, bool) {
	c, from := p.next(), p.pos
	n := node{kind: c}
	ok := false
	switch c {
	case '{', '[':
		if p.depth++; p.depth <= maxDepth {
			n.kids, ok = p.kids(c)
			n.sure = slices.ContainsFunc(n.kids, func(kid node) bool { return kid.sure })
		}
		if ok {
			p.depth--
		}
	case '"':
		ok = p.text()
	case 't':
		ok = p.literal("true")
		n.sure = ok
	case 'f':
		ok = p.literal("false")
	case 'n':
		ok = p.literal("null")
	default:
		n.kind = '0'
		end := numberEnd(p.src[p.pos:])
		p.pos += end
		ok = end > 0
	}
	n.raw = p.src[from:p.pos]
	return n, ok
}

func (p *parser) literal(word string) bool {
	if !bytes.HasPrefix(p.src[p.pos:], []byte(word)) {
		return false
	}
	p.pos += len(word)
	return true
}

// text passes over a string.
func (p *parser) text() bool {
	from := p.pos
	for at := from + 1; ; {
		n := bytes.IndexByte(p.src[at:], '"')
		if n < 0 {
			p.pos = len(p.src)
			return false
		}
		at += n + 1
		if p.src[at-2] != '\\' || !escaped(p.src[from+1:at-1]) {
			p.pos = at
			return true
		}
	}
}

// kids parses the members or elements of a container that kind opens.
func (p *parser) kids(kind byte) ([]node, bool) {
	last := kind + 2 // in ASCII, ] is [ + 2 and } is { + 2
	p.pos++
	from := len(p.open)
	c := p.next()
	for c != last {
		var key []byte
		if kind == '{' {
			at := p.pos
			if c != '"' || !p.text() {
				return nil, false
			}
			key = unquote(p.src[at:p.pos])
			if p.next() != ':' {
				return nil, false
			}
			p.pos++
		}
		kid, ok := p.value()
		if !ok {
			return nil, false
		}
		kid.key = key
		p.open = append(p.open, kid)
		if c = p.next(); c == ',' {
			p.pos++
			if c = p.next(); c == last {
				return nil, false
			}
		} else if c != last {
			return nil, false
		}
	}
	p.pos++
	if kind == '{' {
		p.open = p.open[:from+sortMembers(p.open[from:])]
	}
	kids := p.settle(len(p.open) - from)
	copy(kids, p.open[from:])
	p.open = p.open[:from]
	return kids, true
}

// sortMembers sorts members by name, keeps the last of equal names, and
// returns how many remain.
func sortMembers(kids []node) int {
	sorted := true
	for i := 1; i < len(kids) && sorted; i++ {
		sorted = bytes.Compare(kids[i-1].key, kids[i].key) < 0
	}
	if sorted {
		return len(kids)
	}
	slices.SortStableFunc(kids, func(a, b node) int { return bytes.Compare(a.key, b.key) })
	out := kids[:0]
	for i := range kids {
		if len(out) > 0 && bytes.Equal(out[len(out)-1].key, kids[i].key) {
			out[len(out)-1] = kids[i]
			continue
		}
		out = append(out, kids[i])
	}
	return len(out)
}
