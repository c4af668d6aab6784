package propose

import (
	"slices"
	"strings"
)

// nobody is no index of a change.
const nobody = -1

// supported drops pairs whose new object may belong elsewhere: an attribute
// that pointed at another object, and will point at something that is hidden
// or that only apply can tell. If what it pointed at is destroyed, that must be moved too; if the
// attribute names what the object is a part of, and that stays, the new one is
// a part of something else.
func (c *candidates) supported(pairs []*pair) []*pair {
	needs := c.needs(pairs)
	moved := map[int]bool{}
	for _, p := range pairs {
		moved[p.from.at] = true
	}
	for dropped := true; dropped; {
		dropped = false
		for i, p := range pairs {
			if moved[p.from.at] && slices.ContainsFunc(needs[i], func(at int) bool { return at == nobody || !moved[at] }) {
				moved[p.from.at], dropped = false, true
			}
		}
	}
	return slices.DeleteFunc(pairs, func(p *pair) bool { return !moved[p.from.at] })
}

// needs returns for each pair the changes that must be moved for it to hold;
// nobody for something that doesn't happen.
func (c *candidates) needs(pairs []*pair) [][]int {
	owners := map[string][]int{} // id or ARN -> changes that destroy it
	for _, k := range c.kinds {
		for _, d := range k.deleted {
			for _, path := range []string{"id", "arn"} {
				if v := d.value(path); strings.HasPrefix(v, `"`) && isDistinctive(v) {
					owners[v] = append(owners[v], d.at)
				}
			}
		}
	}
	out := make([][]int, len(pairs))
	for i, p := range pairs {
		for _, l := range p.from.leaves {
			if l.path == "id" || l.path == "arn" || l.value == "" || !p.to.hides(l.path) {
				continue
			}
			count := len(out[i])
			for _, at := range owners[l.value] {
				if at != p.from.at {
					out[i] = append(out[i], at)
				}
			}
			if len(out[i]) == count && namesParent(p.from.change.Type, l.path) {
				out[i] = append(out[i], nobody)
			}
		}
	}
	return out
}

// settle joins the pairs into blocks, and drops the bare ones that nothing
// else speaks for until all that remain have their block.
func (c *candidates) settle(pairs []*pair, live []string) []block {
	for {
		blocks := c.lift(pairs, live)
		unfounded := map[*pair]bool{}
		for _, b := range blocks {
			for _, p := range b.pairs {
				if p.grade == bare && !b.module && !p.changesRepetition() {
					unfounded[p] = true
				}
			}
		}
		if len(unfounded) == 0 {
			return blocks
		}
		pairs = c.supported(slices.DeleteFunc(pairs, func(p *pair) bool { return unfounded[p] }))
	}
}

// changesRepetition reports whether the pair is an instance of one resource
// that went from count, or none, to for_each, or back.
func (p *pair) changesRepetition() bool {
	return p.from.addr.resource() == p.to.addr.resource() &&
		strings.HasPrefix(p.from.addr.key, `"`) != strings.HasPrefix(p.to.addr.key, `"`)
}
