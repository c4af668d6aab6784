package render

import (
	"strings"
	"unicode/utf8"

	"github.com/strandline-tf/strandline/internal/model"
)

// Columns up to which names are padded, and up to which a list stands on one
// line.
const (
	maxNameColumn = 32
	maxListColumn = 60
)

// node is a value put together again from its leaves: of a resource that is
// made or destroyed, of an element of a list that comes or goes.
type node struct {
	key  string
	list bool // kids are elements
	kids []*node
	leaf *model.Attribute // nil: kids
}

// put adds a leaf under the steps that lead to it.
func (n *node) put(path []step, a *model.Attribute) {
	for i, s := range path {
		n.list = s.index
		if i == len(path)-1 {
			n.kids = append(n.kids, &node{key: s.key, leaf: a})
			return
		}
		n = n.kid(s.key)
	}
}

// kid returns the node below n that leaves with this key go to.
func (n *node) kid(key string) *node {
	if k := len(n.kids); k > 0 && n.kids[k-1].key == key && n.kids[k-1].leaf == nil {
		return n.kids[k-1]
	}
	k := &node{key: key}
	n.kids = append(n.kids, k)
	return k
}

// leafValue returns what is shown of a leaf of which only one side exists, and the
// value itself where it may take several lines.
func leafValue(op Op, a *model.Attribute) (placeholder string, v model.Value) {
	switch {
	case a.Sensitive:
		return sensitiveValue, nil
	case a.Unknown:
		return knownAfterApply, nil
	case op == Remove:
		return "", a.Before
	default:
		return "", a.After
	}
}

// write writes n and what is below it, all with the same mark.
func (n *node) write(l *lines, op Op, indent int, name string) {
	if n.leaf != nil {
		n.writeLeaf(l, op, indent, name)
		return
	}
	if text, ok := n.oneLine(op); ok {
		l.add(op, indent, name+text)
		return
	}
	opening, closing := "{", "}"
	if n.list {
		opening, closing = "[", "]"
	}
	l.add(op, indent, name+opening)
	n.writeKids(l, op, indent+4, n.nameColumn())
	l.add(op, indent, closing)
}

// nameColumn is how far the names below n are padded.
func (n *node) nameColumn() int {
	width := 0
	for _, k := range n.kids {
		if w := len(Visible(k.key)); w <= maxNameColumn {
			width = max(width, w)
		}
	}
	return width
}

func (n *node) writeKids(l *lines, op Op, indent, width int) {
	for _, k := range n.kids {
		if n.list {
			k.write(l, op, indent, "")
		} else {
			k.write(l, op, indent, padded(Visible(k.key), width))
		}
	}
}

func (n *node) writeLeaf(l *lines, op Op, indent int, name string) {
	note := forces(n.leaf)
	if isNameOnly(n.leaf) {
		l.add(op, indent, strings.TrimRight(name, " =")+note)
		return
	}
	placeholder, v := leafValue(op, n.leaf)
	if placeholder != "" {
		l.add(op, indent, name+placeholder+note)
		return
	}
	l.wholeValue(op, indent, name, v, note)
}

// oneLine returns a short list of scalars as one line.
func (n *node) oneLine(op Op) (string, bool) {
	if !n.list {
		return "", false
	}
	var parts []string
	size := 0
	for _, k := range n.kids {
		if k.leaf == nil || isNameOnly(k.leaf) {
			return "", false
		}
		text, v := leafValue(op, k.leaf)
		if text == "" {
			if len(v) > maxListColumn {
				return "", false
			}
			text = inlineValue(v)
		}
		if size += utf8.RuneCountInString(text) + 2; size > maxListColumn {
			return "", false
		}
		parts = append(parts, text)
	}
	return "[" + strings.Join(parts, ", ") + "]", true
}

// isNameOnly reports whether of an attribute no more than its name is told.
func isNameOnly(a *model.Attribute) bool {
	return len(a.Before) == 0 && len(a.After) == 0 && !a.Sensitive && !a.Unknown
}

// forces returns the remark on an attribute that forces a replacement.
func forces(a *model.Attribute) string {
	if a.ForcesReplacement {
		return "   # forces replacement"
	}
	return ""
}
