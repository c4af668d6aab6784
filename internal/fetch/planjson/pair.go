package planjson

import (
	"cmp"
	"slices"
)

// maxCompared bounds, in bytes, what is compared to find out the likeness of
// all pairs of objects; above it only those are paired that have the same
// identity.
const maxCompared = 4 << 20

// identities returns the members that name an object among its like, the best
// first.
func identities() [12]string {
	return [...]string{"id", "arn", "key", "name", "rule_no", "priority", "sid", "device_name", "cidr", "cidr_block", "port", "path"}
}

// moved pairs objects that are equal but stand elsewhere. It reports whether
// anything is left over; if not, the order is all that differs, and what
// changed its place stays alone. With scalars too, for lists that are too long
// to look for an order.
func (m *matching) moved(scalars bool) bool {
	byClass := map[int][]int{}
	for i := range m.b {
		if e := &m.b[i]; m.toA[i] == alone && (scalars || e.isObject()) {
			byClass[e.class] = append(byClass[e.class], i)
		}
	}
	var pairs []int // indexes in a
	for j := range m.a {
		if m.toB[j] != alone {
			continue
		}
		class := m.a[j].class
		if same := byClass[class]; len(same) > 0 {
			m.pair(same[0], j, true)
			byClass[class] = same[1:]
			pairs = append(pairs, j)
		}
	}
	if len(m.leftover(m.toA)) > 0 || len(m.leftover(m.toB)) > 0 || slices.Contains(m.changed(), true) {
		return true
	}
	for _, j := range pairs {
		if i := m.toB[j]; i != j {
			m.part(i, j)
		}
	}
	return false
}

// changed says for each of a whether it has a counterpart that differs.
func (m *matching) changed() []bool {
	out := make([]bool, len(m.a))
	for j := range out {
		out[j] = m.toB[j] != alone && !m.still[j]
	}
	return out
}

// leftover returns the indexes without a counterpart.
func (m *matching) leftover(counterparts []int) []int {
	var out []int
	for i, to := range counterparts {
		if to == alone {
			out = append(out, i)
		}
	}
	return out
}

// candidate is a pair of objects that may be the same before and after.
type candidate struct {
	i, j  int
	score int // the more the liker
}

// alike pairs the objects left over by likeness, the most alike first. A
// container that is the only one left on both sides, at the same index, needs
// none: blocks of which there can be but one are lists too.
func (m *matching) alike() {
	if b, a := m.leftover(m.toA), m.leftover(m.toB); len(b) == 1 && len(a) == 1 && b[0] == a[0] {
		if kind := m.b[b[0]].kind(); kind != 0 && kind == m.a[a[0]].kind() {
			m.pair(b[0], a[0], false)
		}
		return
	}
	noObject := func(list []element) func(int) bool {
		return func(i int) bool { return list[i].value == nil || list[i].value.kind != '{' }
	}
	left := slices.DeleteFunc(m.leftover(m.toA), noObject(m.b))
	right := slices.DeleteFunc(m.leftover(m.toB), noObject(m.a))
	var found []candidate
	if len(left)*size(m.a, right)+len(right)*size(m.b, left) <= maxCompared {
		for _, i := range left {
			for _, j := range right {
				if score := m.likeness(m.b[i].value, m.a[j].value); score > 0 {
					found = append(found, candidate{i, j, score})
				}
			}
		}
	} else {
		found = m.sameIdentity(left, right)
	}
	slices.SortStableFunc(found, func(x, y candidate) int { return cmp.Compare(y.score, x.score) })
	for _, c := range found {
		if m.toA[c.i] == alone && m.toB[c.j] == alone {
			m.pair(c.i, c.j, false)
		}
	}
}

// sameIdentity returns the pairs with the same first identity.
func (m *matching) sameIdentity(left, right []int) []candidate {
	byIdentity := map[string]int{}
	for _, i := range left {
		if id := identity(m.b[i].value); id != "" {
			byIdentity[id] = i
		}
	}
	var found []candidate
	for _, j := range right {
		if i, ok := byIdentity[identity(m.a[j].value)]; ok {
			found = append(found, candidate{i, j, 1})
		}
	}
	return found
}

// identity returns the best identifying member of an object with its value.
func identity(n *node) string {
	for _, name := range identities() {
		if v := n.member([]byte(name)); !v.null() && !v.container() {
			return name + "=" + string(v.raw)
		}
	}
	return ""
}

// likeness returns how alike two objects are, 0 for not at all: they have an
// identity in common, or at least half of their members.
func (c comparer) likeness(b, a *node) int {
	common, all := 0, 0
	for x, y := b.kids, a.kids; len(x) > 0 || len(y) > 0; {
		switch order := compareFirst(x, y); {
		case order < 0:
			all += one(!x[0].null())
			x = x[1:]
		case order > 0:
			all += one(!y[0].null())
			y = y[1:]
		default:
			some := !x[0].null() || !y[0].null()
			all += one(some)
			common += one(some && c.equal(&x[0], &y[0]))
			x, y = x[1:], y[1:]
		}
	}
	const percent = 100
	score := percent * common / max(all, 1)
	for _, name := range identities() {
		x, y := b.member([]byte(name)), a.member([]byte(name))
		if !x.null() && !x.container() && c.equal(x, y) {
			return percent + score
		}
	}
	if 2*common < all || all == 0 {
		return 0
	}
	return max(score, 1)
}

// size returns how many bytes of text elements have.
func size(list []element, indexes []int) int {
	bytes := 0
	for _, i := range indexes {
		bytes += len(list[i].value.raw)
	}
	return bytes
}

func one(is bool) int {
	if is {
		return 1
	}
	return 0
}
