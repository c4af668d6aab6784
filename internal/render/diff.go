package render

import (
	"strings"
	"unicode/utf8"

	"github.com/strandline-tf/strandline/internal/model"
)

// DiffLines returns a change's attributes as at most limit lines (0: all of
// them). What is made or destroyed as a whole is put together again from its
// leaves; of what changes, each leaf stands with its path below what tells the
// element of a list that it lies in, and an element that comes or goes as one
// block.
func DiffLines(c *model.Change, limit int) []Line {
	l := &lines{limit: limit}
	l.change(c, 0)
	return l.done()
}

// change writes one change with its names padded to width at least.
func (l *lines) change(c *model.Change, width int) {
	attributes := c.Attributes
	switch c.Action {
	case model.ActionCreate, model.ActionRead:
		l.whole(Add, attributes, width)
	case model.ActionDelete, model.ActionForget:
		l.whole(Remove, attributes, width)
	default:
		l.changed(attributes, &places{c.Unchanged, map[string]bool{}}, width)
	}
}

// minUnknown is from how many top-level attributes on those known only after
// apply share one line: a new resource has many, and they say little.
const minUnknown = 3

// whole writes a resource that is made or destroyed, put together again.
func (l *lines) whole(op Op, attributes []model.Attribute, width int) {
	var known []*model.Attribute
	var unknown []string
	for i := range attributes {
		a := &attributes[i]
		if op == Add && a.Unknown && !a.Sensitive && !a.ForcesReplacement && len(steps(a.Path)) == 1 {
			unknown = append(unknown, Visible(a.Path))
		} else {
			known = append(known, a)
		}
	}
	if len(unknown) < minUnknown { // then they stand among the others
		unknown, known = nil, known[:0]
		for i := range attributes {
			known = append(known, &attributes[i])
		}
	}
	root := &node{}
	for _, a := range known {
		if isNameOnly(a) {
			l.add(op, 0, Visible(a.Path))
			continue
		}
		root.put(steps(a.Path), a)
	}
	root.list = false
	root.writeKids(l, op, 0, max(width, root.nameColumn()))
	if len(unknown) > 0 {
		l.unknowns(unknown)
	}
}

// unknowns lists names on lines of a bearable length.
func (l *lines) unknowns(names []string) {
	line := "known after apply: "
	for i, n := range names {
		if i < len(names)-1 {
			n += ", "
		}
		if utf8.RuneCountInString(line+n) > inlineLimit {
			l.add(Note, 0, strings.TrimRight(line, " "))
			line = "    "
		}
		line += n
	}
	l.add(Note, 0, line)
}

// opOf tells what happens to one leaf of a resource that stays.
func opOf(a *model.Attribute) Op {
	switch {
	case a.Sensitive || isNameOnly(a):
		return Alter
	case a.Unknown && isAbsent(a.Before):
		return Add
	case a.Unknown:
		return Alter
	case isAbsent(a.Before) && !isAbsent(a.After):
		return Add
	case isAbsent(a.After) && !isAbsent(a.Before):
		return Remove
	default:
		return Alter
	}
}

// changed writes what changes of a resource that stays.
func (l *lines) changed(attributes []model.Attribute, p *places, width int) {
	width = max(width, nameColumn(attributes))
	for at := 0; at < len(attributes); {
		a := &attributes[at]
		l.around(a, p)
		if n := l.element(attributes[at:], width); n > 0 {
			at += n
			continue
		}
		l.leaf(a, padded(Visible(a.Path), width))
		at++
	}
}

// nameColumn is how far the paths of one change are padded.
func nameColumn(attributes []model.Attribute) int {
	width := 0
	for i := range attributes {
		if w := len(Visible(attributes[i].Path)); w <= maxNameColumn {
			width = max(width, w)
		}
	}
	return width
}

// leaf writes one leaf of a resource that stays.
func (l *lines) leaf(a *model.Attribute, name string) {
	note := forces(a)
	op := opOf(a)
	switch {
	case isNameOnly(a):
		l.add(op, 0, Visible(a.Path)+note)
	case a.Sensitive && a.Unknown:
		l.add(op, 0, name+"(sensitive value, known after apply)"+note)
	case a.Sensitive:
		l.add(op, 0, name+sensitiveValue+note)
	case a.Unknown && op == Add:
		l.add(op, 0, name+knownAfterApply+note)
	case a.Unknown:
		l.add(op, 0, name+inlineValue(a.Before)+" -> "+knownAfterApply+note)
	case op == Add:
		l.wholeValue(op, 0, name, a.After, note)
	case op == Remove:
		l.wholeValue(op, 0, name, a.Before, note)
	default:
		l.changedValue(0, name, a.Before, a.After, note)
	}
}
