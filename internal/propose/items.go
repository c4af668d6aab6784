package propose

import (
	"bytes"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
)

// itemList changes which items a list or an object has that is written out,
// on one line or on several.
type itemList struct {
	src     *source
	open    hcl.Range   // the bracket it begins with
	end     int         // behind the one it ends with
	ranges  []hcl.Range // of its items
	removed map[int]bool
	added   []string // HCL of new items
	names   []string // what each of them is about
}

func rangeOf(item hclsyntax.ObjectConsItem) hcl.Range {
	return hcl.RangeBetween(item.KeyExpr.Range(), item.ValueExpr.Range())
}

func (l *itemList) remove(i int) {
	if l.removed == nil {
		l.removed = map[int]bool{}
	}
	l.removed[i] = true
}

func (l *itemList) add(text, name string) {
	l.added = append(l.added, text)
	l.names = append(l.names, name)
}

// edits returns what makes the changes. separator is a comma, or a line break
// where that separates the items of a list on several lines.
func (l *itemList) edits(separator string) []edit {
	var out []edit
	kept := -1 // the last item that stays
	for i := range l.ranges {
		if l.removed[i] {
			out = append(out, l.cut(i, kept >= 0))
			continue
		}
		kept = i
	}
	if len(l.added) == 0 {
		return out
	}
	if kept < 0 {
		return append(out, l.first(separator))
	}
	return append(out, l.append(kept, separator)...)
}

// cut removes an item with its comma. follows: an item that stays is before it.
func (l *itemList) cut(i int, follows bool) edit {
	r := l.ranges[i]
	e := edit{path: l.src.path, start: r.Start.Byte, end: r.End.Byte, about: about("cut", r.Start.Byte)}
	if start, end, ok := l.src.lines(r); ok && end < l.end {
		e.start, e.end = start, end
		return e
	}
	switch {
	case follows:
		e.start = l.ranges[i-1].End.Byte
	case i+1 < len(l.ranges):
		e.end = l.ranges[i+1].Start.Byte
	default: // none is left: nor may its comma be
		if rest := l.src.tokens[l.src.token(e.end):]; len(rest) > 0 && rest[0].Type == hclsyntax.TokenComma {
			e.end = rest[0].Range.End.Byte
		}
	}
	return e
}

// first puts new items into a list that has none, or none any more.
func (l *itemList) first(separator string) edit {
	at := l.open.End.Byte
	isOpen := bytes.ContainsRune(l.src.text[at:l.end], '\n')
	e := edit{path: l.src.path, start: at, end: at, about: about("items", at)}
	if separator == "," && !isOpen {
		e.text = strings.Join(l.added, ", ")
		return e
	}
	base := l.src.indent(l.open.Start.Byte)
	for _, text := range l.added {
		e.text += "\n" + base + unit + strings.ReplaceAll(text, "\n", "\n"+base+unit)
		if separator == "," {
			e.text += ","
		}
	}
	if !isOpen {
		e.text += "\n" + base
	}
	return e
}

// append puts new items behind item last.
func (l *itemList) append(last int, separator string) []edit {
	r := l.ranges[last]
	var out []edit
	end, comma, ok := l.src.lineEnd(r.End.Byte)
	onLines := ok && l.src.isFirst(r.Start.Byte) && end < l.end
	base := l.src.indent(r.Start.Byte)
	if onLines && !comma && separator == "," {
		out = append(out, edit{l.src.path, r.End.Byte, r.End.Byte, ",", about("comma", r.End.Byte)})
	}
	for i, text := range l.added {
		e := edit{path: l.src.path, start: r.End.Byte, end: r.End.Byte, about: about("item", l.open.Start.Byte, l.names[i])}
		text = strings.ReplaceAll(text, "\n", "\n"+base)
		if onLines {
			if comma || separator == "," {
				text += ","
			}
			e.start = l.src.nextLine(end)
			e.end, e.text = e.start, base+text+"\n"
		} else {
			e.text = ", " + text
		}
		out = append(out, e)
	}
	return out
}
