package planjson

import (
	"bytes"
	"hash/maphash"
	"math/bits"
)

// comparer compares values by content. It hashes each container once, so that
// one with a difference deep inside isn't searched for it at every level.
type comparer struct{ seed maphash.Seed }

// longText is the length in bytes above which hashes are compared before text.
const longText = 4 << 10

// equal reports whether two values are the same; null and absent are.
func (c comparer) equal(a, b *node) bool {
	if a.null() || b.null() {
		return a.null() && b.null()
	}
	if a.kind != b.kind {
		return false
	}
	if len(a.raw) <= longText && bytes.Equal(a.raw, b.raw) {
		return true
	}
	switch a.kind {
	case '{':
		return c.hash(a) == c.hash(b) && c.equalMembers(a.kids, b.kids)
	case '[':
		if len(a.kids) != len(b.kids) || c.hash(a) != c.hash(b) {
			return false
		}
		for i := range a.kids {
			if !c.equal(&a.kids[i], &b.kids[i]) {
				return false
			}
		}
		return true
	case '"':
		return bytes.Equal(a.raw, b.raw) ||
			!(isSimple(a.raw) && isSimple(b.raw)) && bytes.Equal(unquote(a.raw), unquote(b.raw))
	case '0':
		return bytes.Equal(plainNumber(a.raw), plainNumber(b.raw))
	}
	return true
}

func (c comparer) equalMembers(a, b []node) bool {
	for len(a) > 0 || len(b) > 0 {
		order := compareFirst(a, b)
		switch {
		case order < 0:
			if !a[0].null() {
				return false
			}
			a = a[1:]
		case order > 0:
			if !b[0].null() {
				return false
			}
			b = b[1:]
		default:
			if !c.equal(&a[0], &b[0]) {
				return false
			}
			a, b = a[1:], b[1:]
		}
	}
	return true
}

// hash returns a number that is the same for equal values.
func (c comparer) hash(n *node) uint64 {
	if n.null() {
		return 'n'
	}
	switch n.kind {
	case '"':
		return mix('"', maphash.Bytes(c.seed, unquote(n.raw)))
	case '0':
		return mix('0', maphash.Bytes(c.seed, plainNumber(n.raw)))
	case '{', '[':
		if n.hash == 0 {
			n.hash = c.hashKids(n) | 1 // so that it isn't 0
		}
		return n.hash
	}
	return uint64(n.kind)
}

func (c comparer) hashKids(n *node) uint64 {
	sum := uint64(n.kind)
	for i := range n.kids {
		kid := &n.kids[i]
		if n.kind == '{' {
			if kid.null() {
				continue
			}
			sum = mix(sum, maphash.Bytes(c.seed, kid.key))
		}
		sum = mix(sum, c.hash(kid))
	}
	return sum
}

// mix adds a hash to a sum of hashes; their order matters.
func mix(sum, hash uint64) uint64 {
	const odd = 0x9e3779b97f4a7c15 // 2^64 over the golden ratio
	return bits.RotateLeft64(sum, 5)*odd ^ hash
}

// compareFirst compares the names of the first members of two sorted lists;
// one that has ended comes last.
func compareFirst(a, b []node) int {
	switch {
	case len(a) == 0 && len(b) == 0:
		return 0
	case len(a) == 0:
		return 1
	case len(b) == 0:
		return -1
	}
	return bytes.Compare(a[0].key, b[0].key)
}

// plainNumber removes what doesn't change a number: zeros at the end of a
// fraction, the sign of zero. Exponents are compared as they stand: Terraform
// writes each number in one way only.
func plainNumber(raw []byte) []byte {
	if bytes.ContainsAny(raw, "eE") {
		return raw
	}
	if bytes.IndexByte(raw, '.') >= 0 {
		raw = bytes.TrimRight(raw, "0")
		raw = bytes.TrimSuffix(raw, []byte("."))
	}
	if string(raw) == "-0" {
		return raw[1:]
	}
	return raw
}
