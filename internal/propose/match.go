package propose

import (
	"cmp"
	"slices"
)

// pair is one object before and after a possible move.
type pair struct {
	from, to *object
	evidence
	grade grade
	near  relation // as far as moves of modules are known
}

// relation says how near two addresses are, the nearer the greater. It
// decides where values don't.
type relation int

const (
	unrelated  relation = iota
	sameHalf            // the same name or the same key
	sameBlock           // another instance of the same resource
	otherPlace          // the same resource and key in another module
	otherIndex          // … in another instance of the same module
	sameMove            // … in a module that others have moved to the same way
)

// move is a change of module, without the steps at the end that stay.
type move struct{ from, to string }

func moveOf(d, c *address) move {
	n := d.tail(c)
	return move{d.modulePath(len(d.modules) - n), c.modulePath(len(c.modules) - n)}
}

// relate returns how near d and c are, given the moves known so far.
func relate(d, c *address, known map[move]bool) relation {
	within := len(d.modules) == len(c.modules) && d.tail(c) == len(d.modules)
	switch {
	case d.sameWithin(c) && known[moveOf(d, c)]:
		return sameMove
	case d.sameWithin(c) && slices.EqualFunc(d.modules, c.modules, func(x, y module) bool { return x.name == y.name }):
		return otherIndex
	case d.sameWithin(c):
		return otherPlace
	case within && d.name == c.name:
		return sameBlock
	case d.name == c.name, d.key != "" && d.key == c.key:
		return sameHalf
	}
	return unrelated
}

// match finds the pairs of all kinds. The first pass shows which modules have
// moved; the second decides by that what was undecided.
func match(c *candidates) []*pair {
	kinds := slices.Clone(c.kinds) // the small ones are compared in full
	slices.SortStableFunc(kinds, func(a, b *kind) int { return cmp.Compare(a.pairs(), b.pairs()) })
	matchers := make([]*matcher, 0, len(kinds))
	left := maxComparisons
	for _, k := range kinds {
		full := k.pairs() <= left
		if full {
			left -= k.pairs()
		}
		matchers = append(matchers, newMatcher(k, full))
	}
	known := map[move]bool{}
	var pairs []*pair
	for range 2 {
		for _, m := range matchers {
			pairs = append(pairs, m.decide(known)...)
		}
		for _, p := range pairs {
			if p.grade > bare {
				known[moveOf(&p.from.addr, &p.to.addr)] = true
			}
		}
	}
	slices.SortFunc(pairs, func(a, b *pair) int { return cmp.Compare(a.from.at, b.from.at) })
	return pairs
}

// matcher decides among the possible pairs of one kind.
type matcher struct {
	open []*pair // undecided ones
}

// newMatcher finds the possible pairs of k: among all or, where those are too
// many, among those that an index leads to. Then only pairs count in which
// nothing differs, since a better one among the rest would not be seen.
func newMatcher(k *kind, full bool) *matcher {
	m := &matcher{}
	alone := k.pairs() == 1
	try := func(d, c *object) {
		e := compare(d, c)
		g := e.grade()
		if g == none || !full && e.differ > 0 {
			return
		}
		if g == sound || g == weak && alone || relate(&d.addr, &c.addr, nil) >= needed(g) {
			m.open = append(m.open, &pair{from: d, to: c, evidence: e, grade: g})
		}
	}
	if !full {
		newIndex(k.created).each(k.deleted, try)
		return m
	}
	for _, d := range k.deleted {
		for _, c := range k.created {
			try(d, c)
		}
	}
	return m
}

// needed is how near the addresses of a pair must be whose values say little.
func needed(g grade) relation {
	if g == bare {
		return sameBlock
	}
	return sameHalf
}

// maxRounds bounds how often decisions make others possible.
const maxRounds = 20

// decide returns the pairs in which each side prefers the other to all others
// that are left. A tie decides nothing.
func (m *matcher) decide(known map[move]bool) []*pair {
	var out []*pair
	for _, p := range m.open {
		p.near = relate(&p.from.addr, &p.to.addr, known)
	}
	for range maxRounds {
		byFrom := favourites(m.open, func(p *pair) *object { return p.from })
		byTo := favourites(m.open, func(p *pair) *object { return p.to })
		taken := map[*object]bool{}
		for _, p := range m.open {
			if byFrom[p.from] == p && byTo[p.to] == p {
				out = append(out, p)
				taken[p.from], taken[p.to] = true, true
			}
		}
		if len(taken) == 0 {
			break
		}
		m.open = slices.DeleteFunc(m.open, func(p *pair) bool { return taken[p.from] || taken[p.to] })
	}
	return out
}

// better reports whether p is to be preferred to q: by values where they
// decide, else by addresses.
func (p *pair) better(q *pair) bool {
	return p.clearlyBeats(q) || !q.clearlyBeats(p) && p.near > q.near
}

// clearlyBeats reports whether p's values leave no doubt against q's: no fewer
// are equal, and of q's at least twice as many differ.
func (p *pair) clearlyBeats(q *pair) bool {
	return p.equal >= q.equal && p.differ < q.differ && 2*p.differ <= q.differ
}

// favourites returns for each object on one side the pair that is better than
// all its others.
func favourites(open []*pair, side func(*pair) *object) map[*object]*pair {
	best := map[*object]*pair{}
	for _, p := range open {
		if q := best[side(p)]; q == nil || p.better(q) {
			best[side(p)] = p
		}
	}
	for _, p := range open { // better has no order: the last one must stand against each
		if q := best[side(p)]; q != nil && q != p && !q.better(p) {
			best[side(p)] = nil
		}
	}
	return best
}
