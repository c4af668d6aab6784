package match

// postings lead from a key to the instances that have it: mostly one.
type postings struct {
	byKey map[uint64]uint32 // a record or, with several, a list
	lists [][]uint32
}

// several marks a value of postings.byKey as the number of a list.
const several = 1 << 31

func newPostings() postings { return postings{byKey: map[uint64]uint32{}} }

// add files record at under key. Where there was one already, taken is true
// and before is the first.
func (p *postings) add(key uint64, at uint32) (before uint32, taken bool) {
	v, taken := p.byKey[key]
	switch {
	case !taken:
		p.byKey[key] = at
		return 0, false
	case v&several == 0:
		p.byKey[key] = several | uint32(len(p.lists))
		p.lists = append(p.lists, []uint32{v, at})
		return v, true
	}
	list := &p.lists[v&^several]
	*list = append(*list, at)
	return (*list)[0], true
}

// get returns the records with a key; one is room for a single one.
func (p *postings) get(key uint64, one *[1]uint32) []uint32 {
	v, ok := p.byKey[key]
	switch {
	case !ok:
		return nil
	case v&several == 0:
		one[0] = v
		return one[:]
	}
	return p.lists[v&^several]
}
