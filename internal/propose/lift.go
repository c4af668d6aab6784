package propose

import (
	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
)

// block is one moved block with the pairs that it covers, in order.
type block struct {
	from, to hcl.Traversal
	module   bool // of a whole module
	pairs    []*pair
}

// lifter joins pairs into blocks.
type lifter struct {
	pairOf     map[int]*pair // by the index of what is destroyed
	inModule   map[string][]located
	inResource map[string][]located
	live       map[string]bool // module paths that stay in the configuration
	odd        bool            // something destroyed or staying has no place in inModule or live
	fit        map[move]bool   // known results of fits
}

// lift joins pairs into blocks, each as large as it can be and say the same:
// first modules from the outermost that changed, then resources.
//
// Instances of one module call are moved one by one: that no instance of the
// call is left can't be told from a plan.
func (c *candidates) lift(pairs []*pair, live []string) []block {
	l := c.newLifter(pairs, live)
	done := map[*pair]bool{}
	var blocks []block
	for _, p := range pairs {
		if done[p] {
			continue
		}
		b, ok := l.module(p)
		if !ok {
			b, ok = l.resource(p)
		}
		if !ok {
			b = block{from: p.from.addr.full(), to: p.to.addr.full(), pairs: []*pair{p}}
		}
		for _, p := range b.pairs {
			done[p] = true
		}
		blocks = append(blocks, b)
	}
	return blocks
}

func (c *candidates) newLifter(pairs []*pair, live []string) *lifter {
	l := &lifter{pairOf: map[int]*pair{}, inModule: map[string][]located{}, inResource: map[string][]located{},
		live: map[string]bool{}, odd: c.odd, fit: map[move]bool{}}
	for _, p := range pairs {
		l.pairOf[p.from.at] = p
	}
	for _, at := range c.parsed {
		for n := range at.addr.modules {
			path := at.addr.modulePath(n + 1)
			l.inModule[path] = append(l.inModule[path], at)
		}
		resource := at.addr.resource()
		l.inResource[resource] = append(l.inResource[resource], at)
	}
	for _, text := range live {
		t, diags := hclsyntax.ParseTraversalAbs([]byte(text), "", hcl.InitialPos)
		r := reader{steps: t}
		a := address{modules: r.modules()}
		l.odd = l.odd || diags.HasErrors() || r.at < len(t)
		for n := range a.modules {
			l.live[a.modulePath(n+1)] = true
		}
	}
	return l
}

// module returns the block of the largest module that p is part of and that
// moved as a whole.
func (l *lifter) module(p *pair) (block, bool) {
	d, c := &p.from.addr, &p.to.addr
	if !d.sameWithin(c) {
		return block{}, false
	}
	for n := d.tail(c); n >= 0; n-- {
		from, to := len(d.modules)-n, len(c.modules)-n
		if from == 0 || to == 0 || !l.fits(d, c, from, to) {
			continue
		}
		b := block{from: d.moduleSteps(from), to: c.moduleSteps(to), module: true}
		for _, at := range l.inModule[d.modulePath(from)] {
			b.pairs = append(b.pairs, l.pairOf[at.at])
		}
		return b, true
	}
	return block{}, false
}

// fits reports whether all that the plan says about the module that the first
// from steps of d lead to is that it has gone to where the first to steps of c
// lead.
func (l *lifter) fits(d, c *address, from, to int) bool {
	m := move{d.modulePath(from), c.modulePath(to)}
	fit, known := l.fit[m]
	if known {
		return fit
	}
	fit = !l.odd && !l.live[m.from]
	for _, at := range l.inModule[m.from] {
		if !fit {
			break
		}
		p := l.pairOf[at.at]
		fit = p != nil && isWholeGone(p.from.change.Reason) &&
			p.from.addr.sameWithin(&p.to.addr) && p.goesBy(m, from, to)
	}
	l.fit[m] = fit
	return fit
}

// goesBy reports whether the pair's module path changes just as m says, in its
// first steps.
func (p *pair) goesBy(m move, from, to int) bool {
	d, c := &p.from.addr, &p.to.addr
	rest := len(d.modules) - from
	return len(c.modules)-to == rest && d.tail(c) >= rest && c.modulePath(to) == m.to
}

// resource returns the block for all instances of p's resource, if they have
// gone to another resource with their keys, and none is left.
func (l *lifter) resource(p *pair) (block, bool) {
	d, c := &p.from.addr, &p.to.addr
	if d.resource() == c.resource() {
		return block{}, false
	}
	b := block{from: d.resourceSteps(), to: c.resourceSteps()}
	for _, at := range l.inResource[d.resource()] {
		q := l.pairOf[at.at]
		if q == nil || !isWholeGone(q.from.change.Reason) ||
			q.from.addr.key != q.to.addr.key || q.to.addr.resource() != c.resource() {
			return block{}, false
		}
		b.pairs = append(b.pairs, q)
	}
	return b, true
}
