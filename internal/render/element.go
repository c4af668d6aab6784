package render

import (
	"strings"

	"github.com/strandline-tf/strandline/internal/model"
)

// element writes what the first attribute comes or goes together with (an
// element of a list, a map) as a block, and returns how many attributes that
// took; 0 where it changes alone. An old and a new element at one index make
// two blocks.
func (l *lines) element(attributes []model.Attribute, width int) int {
	element := attributes[0].Element
	depth := len(steps(element))
	n := 0
	for n < len(attributes) && isWithin(&attributes[n], element, depth) {
		n++
	}
	removed, added := divide(attributes[:n])
	l.side(Remove, removed, element, depth, width)
	l.side(Add, added, element, depth, width)
	return n
}

// isWithin reports whether a lies in element, which comes or goes as a whole.
func isWithin(a *model.Attribute, element string, depth int) bool {
	return element != "" && a.Element == element && strings.HasPrefix(a.Path, element) && len(steps(a.Path)) > depth
}

// divide tells what goes from what comes. Of sensitive attributes, and of those
// without values, that isn't known; they stand with what goes, if anything
// does.
func divide(attributes []model.Attribute) (removed, added []*model.Attribute) {
	var untold []*model.Attribute
	for i := range attributes {
		a := &attributes[i]
		switch opOf(a) {
		case Remove:
			removed = append(removed, a)
		case Add:
			added = append(added, a)
		default:
			untold = append(untold, a)
		}
	}
	if len(removed) > 0 {
		return append(removed, untold...), added
	}
	return nil, append(added, untold...)
}

// side writes what comes or goes of one element: as a block, or leaf by leaf
// where no leaf tells which of both it does, or where a line says it all.
func (l *lines) side(op Op, attributes []*model.Attribute, element string, depth, width int) {
	told := false
	root := &node{}
	for _, a := range attributes {
		told = told || opOf(a) == op
		root.put(steps(a.Path)[depth:], a)
	}
	if told && (len(attributes) > 1 || strings.HasSuffix(element, "]")) {
		root.write(l, op, 0, Visible(element)+" = ")
		return
	}
	for _, a := range attributes {
		l.leaf(a, padded(Visible(a.Path), width))
	}
}

// places tells where in a resource that stays a changed leaf lies: for each
// element of a list around it some of what stays as it is, once.
type places struct {
	unchanged []model.Leaf
	told      map[string]bool // by path of an element
}

// around writes a line for each element of a list that a lies in, if there is
// anything to know it by.
func (l *lines) around(a *model.Attribute, p *places) {
	if len(p.unchanged) == 0 {
		return
	}
	path := steps(a.Path)
	for i, s := range path[:len(path)-1] {
		element := a.Path[:s.end]
		if !s.index || a.Element != "" && len(element) >= len(a.Element) || p.told[element] {
			continue
		}
		p.told[element] = true
		if text := knownBy(p.unchanged, element, i+1); text != "" {
			l.add(Same, 0, Visible(element)+": "+text)
		}
	}
}

// knownBy returns, on one line, what stays of an element that is so many steps
// deep: scalars and lists of them. Booleans alone tell no two elements apart;
// then it returns "".
func knownBy(unchanged []model.Leaf, element string, depth int) string {
	root := &node{}
	for i := range unchanged {
		leaf := &unchanged[i]
		if path := steps(leaf.Path); strings.HasPrefix(leaf.Path, element) && len(path) > depth {
			root.put(path[depth:], &model.Attribute{Path: leaf.Path, After: leaf.Value})
		}
	}
	var line string
	tells := false
	for _, k := range root.kids {
		text, ok := k.oneLine(Add)
		if k.leaf != nil {
			text, ok = inlineValue(k.leaf.After), true
			tells = tells || text != "true" && text != "false"
		}
		if !ok {
			continue
		}
		tells = tells || k.leaf == nil
		text = Visible(k.key) + " = " + text
		if line != "" {
			text = ", " + text
		}
		if len(line)+len(text) > inlineLimit {
			line += ", " + ellipsis
			break
		}
		line += text
	}
	if !tells {
		return ""
	}
	return line
}
