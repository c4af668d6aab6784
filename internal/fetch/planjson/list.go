package planjson

// Lists and sets look the same in plan JSON. So that one inserted element is
// one addition, elements are matched by content before anything is compared:
//
//  1. The longest common subsequence of equal elements stays unmentioned.
//  2. Between two of those, equally many scalars on both sides are values that
//     changed in place.
//  3. Objects that are equal but stand elsewhere are unchanged if anything else
//     in the list differs: sets reorder freely. If nothing else does, the order
//     is the change, and they are removed and added.
//  4. Objects left over are paired by likeness (pair.go) and compared; so is a
//     container that is alone on both sides, under one index.
//  5. The rest is removed (under its old index) and added (under its new one).

// maxTable is the size of the table up to which the longest common subsequence
// is looked for. Longer lists are matched by content alone, so that none can
// take forever.
const maxTable = 250_000

// alone marks an element without a counterpart.
const alone = -1

// length returns the number of elements, known or unknown.
func (s side) length() int {
	n := 0
	if s.value != nil && s.value.kind == '[' {
		n = len(s.value.kids)
	}
	if s.unknown != nil && s.unknown.kind == '[' {
		for i := len(s.unknown.kids); i > n; i-- {
			if s.unknown.kids[i-1].anyTrue() {
				return i
			}
		}
	}
	return n
}

// list names the leaves that differ between two lists.
func (sp *splitter) list(b, a side, active []forced) {
	m := newMatching(sp.comparer, b, a)
	m.match()
	length := len(sp.path)
	for i := range max(len(m.b), len(m.a)) {
		sp.path = appendIndex(sp.path, i)
		if i < len(m.b) && m.toA[i] == alone {
			sp.element(m.b[i].side, side{}, stepIndex(active, i, i))
		}
		if i < len(m.a) {
			switch j := m.toB[i]; {
			case j == alone:
				sp.element(side{}, m.a[i].side, stepIndex(active, i, i))
			case m.still[i]:
				sp.still(m.b[j].side, m.a[i].side)
			default:
				outer := sp.enter()
				sp.diff(m.b[j].side, m.a[i].side, stepIndex(active, j, i))
				sp.around = outer
			}
		}
		sp.path = sp.path[:length]
	}
}

// element names the leaves of an element that goes or comes. Here a null is a
// value: it takes a place in the list.
func (sp *splitter) element(b, a side, active []forced) {
	if b.absent() && a.absent() {
		sp.add(b, a, false, active)
		return
	}
	sp.diff(b, a, active)
}

// matching says which elements of two lists belong together.
type matching struct {
	comparer
	b, a  []element
	toA   []int  // for each of b the index of its counterpart in a, or alone
	toB   []int  // for each of a the index of its counterpart in b, or alone
	still []bool // for each of a: it equals its counterpart
}

type element struct {
	side
	class int // equal elements have the same one
}

func (e *element) isScalar() bool { return !e.value.null() && !e.value.container() }

func (e *element) isObject() bool {
	return !e.value.null() && e.value.kind == '{' && !e.unknown.anyTrue()
}

func newMatching(c comparer, b, a side) *matching {
	m := &matching{comparer: c, b: elements(b), a: elements(a)}
	m.toA, m.toB = make([]int, len(m.b)), make([]int, len(m.a))
	for i := range m.toA {
		m.toA[i] = alone
	}
	for i := range m.toB {
		m.toB[i] = alone
	}
	m.still = make([]bool, len(m.a))
	return m
}

func elements(s side) []element {
	out := make([]element, s.length())
	for i := range out {
		out[i].side = s.item(i)
	}
	return out
}

// pair makes b[i] and a[j] counterparts.
func (m *matching) pair(i, j int, equal bool) { m.toA[i], m.toB[j], m.still[j] = j, i, equal }

func (m *matching) part(i, j int) { m.toA[i], m.toB[j], m.still[j] = alone, alone, false }

func (m *matching) same(i, j int) bool {
	return !m.a[j].unknown.anyTrue() && m.equal(m.b[i].value, m.a[j].value)
}

func (m *matching) match() {
	// What is equal at both ends needs no search.
	from := 0
	for from < len(m.b) && from < len(m.a) && m.same(from, from) {
		m.pair(from, from, true)
		from++
	}
	toB, toA := len(m.b), len(m.a)
	for toB > from && toA > from && m.same(toB-1, toA-1) {
		toB--
		toA--
		m.pair(toB, toA, true)
	}
	if from == toB || from == toA {
		return
	}
	m.classify(from, toB, toA)
	inOrder := (toB-from)*(toA-from) <= maxTable
	if inOrder {
		m.longestCommon(from, toB, toA)
		m.inPlace()
	}
	if m.moved(!inOrder) {
		m.alike()
	}
}

// classify gives equal elements of b[from:toB] and a[from:toA] the same class.
// What is unknown in part equals nothing.
func (m *matching) classify(from, toB, toA int) {
	type class struct {
		number int
		first  *node
	}
	classes := map[uint64]class{}
	count := 0
	find := func(e *element) {
		count++
		e.class = count
		if e.unknown.anyTrue() {
			return
		}
		// Should different values have the same hash, the second is in a
		// class of its own: at worst, more is told than had to be.
		hash := m.hash(e.value)
		if known, ok := classes[hash]; !ok {
			classes[hash] = class{count, e.value}
		} else if m.equal(known.first, e.value) {
			e.class = known.number
		}
	}
	for i := from; i < toB; i++ {
		find(&m.b[i])
	}
	for j := from; j < toA; j++ {
		find(&m.a[j])
	}
}

// longestCommon pairs the longest common subsequence of equal elements of
// b[from:toB] and a[from:toA].
func (m *matching) longestCommon(from, toB, toA int) {
	rows, columns := toB-from, toA-from
	// best[i*(columns+1)+j] is its length for b[from+i:toB] and a[from+j:toA].
	best := make([]int32, (rows+1)*(columns+1))
	at := func(i, j int) *int32 { return &best[i*(columns+1)+j] }
	for i := rows - 1; i >= 0; i-- {
		for j := columns - 1; j >= 0; j-- {
			if m.b[from+i].class == m.a[from+j].class {
				*at(i, j) = *at(i+1, j+1) + 1
			} else {
				*at(i, j) = max(*at(i+1, j), *at(i, j+1))
			}
		}
	}
	for i, j := 0, 0; i < rows && j < columns; {
		switch {
		case m.b[from+i].class == m.a[from+j].class:
			m.pair(from+i, from+j, true)
			i++
			j++
		case *at(i+1, j) >= *at(i, j+1):
			i++
		default:
			j++
		}
	}
}

// inPlace pairs scalars between two common elements, where there are equally
// many on both sides. It runs before anything is paired out of order.
func (m *matching) inPlace() {
	for i, j := 0, 0; i < len(m.b) && j < len(m.a); {
		startB, startA := i, j
		for i < len(m.b) && m.toA[i] == alone {
			i++
		}
		for j < len(m.a) && m.toB[j] == alone {
			j++
		}
		if i-startB == j-startA {
			for k := range i - startB {
				b, a := &m.b[startB+k], &m.a[startA+k]
				if a.wholly() || b.isScalar() && a.isScalar() {
					m.pair(startB+k, startA+k, false)
				}
			}
		}
		i++
		j++
	}
}
