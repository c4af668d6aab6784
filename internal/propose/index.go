package propose

import (
	"cmp"
	"slices"
)

// Bounds on the work for one plan, so that 10,000 destroyed and 10,000 created
// objects of one type take a fraction of a second.
const (
	// maxComparisons is how many pairs of objects are compared, of all types
	// together: 300 destroyed and 300 created ones of one type. Types for which
	// that does not suffice are looked up in an index.
	maxComparisons = 100_000
	// maxSharers is how many objects may share what leads to them: where more
	// do, it tells nothing about who belongs to whom.
	maxSharers = 16
	// maxClues is how many values of an object are followed, the rarest first.
	maxClues = 4
)

// index finds created objects by a value that they have, and by name and key.
type index struct {
	byLeaf map[leaf][]*object
	byName map[[2]string][]*object
}

func newIndex(created []*object) *index {
	x := &index{byLeaf: map[leaf][]*object{}, byName: map[[2]string][]*object{}}
	for _, o := range created {
		for _, l := range o.leaves {
			if isDistinctive(l.value) {
				x.byLeaf[l] = append(x.byLeaf[l], o)
			}
		}
		for _, name := range nameClues(o) {
			x.byName[name] = append(x.byName[name], o)
		}
	}
	return x
}

// nameClues are the ways in which an address leads to another.
func nameClues(o *object) [][2]string {
	clues := [][2]string{{o.addr.name, o.addr.key}}
	if o.addr.key != "" {
		clues = append(clues, [2]string{"", o.addr.key})
	}
	return clues
}

// each calls do once for each pair that some clue leads to.
func (x *index) each(deleted []*object, do func(d, c *object)) {
	for _, d := range deleted {
		var lists [][]*object
		for _, l := range d.leaves {
			lists = append(lists, x.byLeaf[l]) // none for what is hidden
		}
		slices.SortStableFunc(lists, func(a, b []*object) int { return cmp.Compare(len(a), len(b)) })
		lists = slices.DeleteFunc(lists, func(list []*object) bool { return len(list) == 0 })
		lists = lists[:min(len(lists), maxClues)]
		for _, name := range nameClues(d) {
			lists = append(lists, x.byName[name])
		}
		seen := map[*object]bool{}
		for _, list := range lists {
			if len(list) > maxSharers {
				continue
			}
			for _, c := range list {
				if !seen[c] {
					seen[c] = true
					do(d, c)
				}
			}
		}
	}
}
