package render

import (
	"math"
	"strings"
)

// NoLimit is a budget without a limit.
const NoLimit = math.MaxInt

// Node is a part of a rendering as a format spells it: a frame with nodes in
// it, or a list of items. What a budget has no room for is left out: a frame, a
// list, some items of a list, or the details of some items; each is named where
// it was.
type Node struct {
	Open, Close string // what stands around the nodes, or (Open only) before the items
	Nodes       []*Node
	Rank        Rank // when the frame is given up

	// Items are built when asked for: an item's first version is its line, the
	// second the same with its details, the third with what is folded, too.
	Len     int
	Version func(i, version int) string
	Ranks   []Rank // when each version is given up, ascending

	// Missing names n items left out, or n frames beside each other.
	Missing func(n int) string

	parent *Node
	open   bool
	kept   map[int]string // of a list
	phrase string         // of a list: what it lacks now
	size   int            // of an open frame: the lines that say what it lacks
}

// maxVersions is how many versions an item has at most.
const maxVersions = 3

// maxRefused is after how many items that don't fit the rest of their rank is
// not even built: with thousands of items, building costs more than is won.
const maxRefused = 24

// Fit returns the nodes as one text of at most budget bytes, keeping what ranks
// first; of one rank, the first items of all lists before the second ones, so
// that no workspace takes the room of all others. left makes the line that
// names things as left out. Fit returns "" where not even those lines fit.
func Fit(nodes []*Node, left func(phrases []string) string, budget int) string {
	f := &fitter{room: budget, left: left, root: &Node{Nodes: nodes}}
	if !f.openFrame(f.root) {
		return ""
	}
	for rank := range rankEnd {
		f.openFrames(f.root, rank)
		for version := range maxVersions {
			f.keepItems(rank, version)
		}
	}
	var b strings.Builder
	f.write(&b, f.root)
	return b.String()
}

type fitter struct {
	room int // bytes
	left func(phrases []string) string
	root *Node
}

// pay takes size bytes of the room; size may be negative.
func (f *fitter) pay(size int) bool {
	if size > f.room {
		return false
	}
	f.room -= size
	return true
}

// openFrame opens a frame in which all is left out so far. That changes what
// its parent lacks, too.
func (f *fitter) openFrame(n *Node) bool {
	for _, k := range n.Nodes {
		k.parent = n
		if k.Len > 0 {
			k.phrase = k.Missing(k.Len)
		}
	}
	n.open = true
	size, around := f.lacks(n), 0
	if n.parent != nil {
		around = f.lacks(n.parent)
	}
	if !f.pay(len(n.Open) + len(n.Close) + size + f.growth(n.parent, around)) {
		n.open = false
		return false
	}
	n.size = size
	if n.parent != nil {
		n.parent.size = around
	}
	return true
}

// growth is how much longer the lines of a frame become.
func (f *fitter) growth(n *Node, size int) int {
	if n == nil {
		return 0
	}
	return size - n.size
}

// lacks is the size of the lines that say what a frame lacks.
func (f *fitter) lacks(n *Node) int {
	size := 0
	f.walk(n, func(*Node) {}, func(line string) { size += len(line) })
	return size
}

// walk visits the open nodes of a frame and, in their places, the lines that
// name what is left out between them: one for all that stood together.
func (f *fitter) walk(n *Node, visit func(*Node), line func(string)) {
	var phrases []string
	frames := 0
	flush := func(k *Node) {
		if frames > 0 {
			phrases = append(phrases, k.Missing(frames))
		}
		if len(phrases) > 0 {
			line(f.left(phrases))
		}
		phrases, frames = nil, 0
	}
	for _, k := range n.Nodes {
		if k.open {
			flush(k)
			visit(k)
		}
		switch {
		case k.phrase != "":
			phrases = append(phrases, k.phrase)
		case !k.open:
			frames++
		}
	}
	if len(n.Nodes) > 0 {
		flush(n.Nodes[len(n.Nodes)-1])
	}
}

// openFrames opens the frames of a rank within open ones.
func (f *fitter) openFrames(n *Node, rank Rank) {
	for _, k := range n.Nodes {
		if k.Len > 0 {
			continue
		}
		if !k.open && k.Rank == rank {
			f.openFrame(k)
		}
		if k.open {
			f.openFrames(k, rank)
		}
	}
}

// keepItems takes one version of the items of a rank, as many as fit.
func (f *fitter) keepItems(rank Rank, version int) {
	var lists []*Node
	longest := 0
	collect(f.root, func(n *Node) {
		if version < len(n.Ranks) && n.Ranks[version] == rank {
			lists = append(lists, n)
			longest = max(longest, n.Len)
		}
	})
	refused := 0
	for i := 0; i < longest && refused < maxRefused; i++ {
		for _, n := range lists {
			if i < n.Len && refused < maxRefused && !f.keep(n, i, version) {
				refused++
			}
		}
	}
}

// collect visits the lists within open frames.
func collect(n *Node, visit func(*Node)) {
	for _, k := range n.Nodes {
		switch {
		case k.Len > 0:
			visit(k)
		case k.open:
			collect(k, visit)
		}
	}
}

// keep takes a version of an item, in place of the one before it, if there is
// room.
func (f *fitter) keep(n *Node, i, version int) bool {
	was, known := n.kept[i]
	if version > 0 {
		if !known {
			return true // its line did not fit, and was refused then
		}
		text := n.Version(i, version)
		if !f.pay(len(text) - len(was)) {
			return false
		}
		n.kept[i] = text
		return true
	}
	text := n.Version(i, version)
	size := len(text)
	if !n.open {
		size += len(n.Open)
	}
	open, phrase := n.open, n.phrase
	n.open, n.phrase = true, ""
	if missing := n.Len - len(n.kept) - 1; missing > 0 {
		n.phrase = n.Missing(missing)
	}
	around := f.lacks(n.parent)
	if !f.pay(size + f.growth(n.parent, around)) {
		n.open, n.phrase = open, phrase
		return false
	}
	n.parent.size = around
	if n.kept == nil {
		n.kept = map[int]string{}
	}
	n.kept[i] = text
	return true
}

func (f *fitter) write(b *strings.Builder, n *Node) {
	b.WriteString(n.Open)
	for i := range n.Len {
		b.WriteString(n.kept[i])
	}
	f.walk(n, func(k *Node) { f.write(b, k) }, func(line string) { b.WriteString(line) })
	b.WriteString(n.Close)
}
