package render

import (
	"strings"

	"github.com/aymanbagabas/go-udiff"
)

// contextLines is how many unchanged lines are shown around a changed one.
const contextLines = 3

// lineLimit is how much of one line of a text is shown, in characters.
const lineLimit = 160

// wholeText writes a text of several lines that is there only before or only
// after.
func (l *lines) wholeText(op Op, indent int, name, text string) {
	end := terminator(text)
	l.add(op, indent, name+"<<-"+end)
	body, missing := strings.CutSuffix(text, "\n")
	for line := range strings.SplitSeq(body, "\n") {
		l.add(op, indent+4, shortLine(line, false))
	}
	l.add(op, indent, end)
	if !missing {
		l.add(Note, indent, "without a newline at the end")
	}
}

// changedText writes a text of several lines as a line diff.
func (l *lines) changedText(indent int, name, before, after, note string) {
	end := terminator(before, after)
	l.add(Alter, indent, name+"<<-"+end+note)
	l.lineDiff(indent+4, before, after)
	l.add(Same, indent, end)
}

// terminator returns a heredoc's end mark that is no line of any text.
func terminator(texts ...string) string {
	end := "EOT"
	for _, text := range texts {
		for strings.Contains("\n"+text+"\n", "\n"+end+"\n") {
			end += "_"
		}
	}
	return end
}

// lineDiff writes the lines that differ with a few around them.
func (l *lines) lineDiff(indent int, before, after string) {
	// The diff is of whole lines, and the last line's newline is part of it.
	diff, err := udiff.ToUnifiedDiff("", "", before, udiff.Lines(before, after), contextLines)
	if err != nil {
		// Only edits that don't fit the text are an error, and these are of it.
		l.add(Remove, indent, shortLine(before, true))
		l.add(Add, indent, shortLine(after, true))
		return
	}
	next := 1
	for _, h := range diff.Hunks {
		l.unchanged(indent, h.FromLine-next)
		next = h.FromLine
		for at := 0; at < len(h.Lines); {
			if h.Lines[at].Kind == udiff.Equal {
				l.add(Same, indent, shortLine(h.Lines[at].Content, false))
				next++
				at++
				continue
			}
			var removed, added []string
			for ; at < len(h.Lines) && h.Lines[at].Kind != udiff.Equal; at++ {
				if h.Lines[at].Kind == udiff.Delete {
					removed = append(removed, h.Lines[at].Content)
					next++
				} else {
					added = append(added, h.Lines[at].Content)
				}
			}
			l.block(indent, removed, added)
		}
	}
	total := strings.Count(before, "\n")
	if !strings.HasSuffix(before, "\n") {
		total++
	}
	l.unchanged(indent, total-next+1)
}

func (l *lines) unchanged(indent, n int) {
	if n > 0 {
		l.add(Same, indent, ellipsis+" "+Count(n, "unchanged line", "unchanged lines"))
	}
}

// block writes lines that others took the place of. Where a removed and an
// added line differ in white space only, that is spelled out; where lines are
// too long, pairs are cut to where they differ; where they look alike, the
// characters are named.
func (l *lines) block(indent int, removed, added []string) {
	exact := onlySpaceDiffers(removed, added)
	var hints []string
	if len(removed) == len(added) {
		for i := range removed {
			if hint := newPair(removed[i], added[i]).hint(); hint != "" {
				hints = append(hints, hint)
			}
		}
	}
	if len(removed) == len(added) && longest(removed, added) > lineLimit {
		for i := range removed {
			b, a, _ := newPair(removed[i], added[i]).windows(inlineLimit, func(s string) string { return spell(s, exact) })
			removed[i], added[i] = b, a
		}
	} else {
		for _, list := range [][]string{removed, added} {
			for i := range list {
				list[i] = shortLine(list[i], exact)
			}
		}
	}
	for _, s := range removed {
		l.add(Remove, indent, s)
	}
	for _, s := range added {
		l.add(Add, indent, s)
	}
	for _, s := range hints {
		l.add(Note, indent, s)
	}
}

func onlySpaceDiffers(removed, added []string) bool {
	seen := map[string]bool{}
	for _, s := range removed {
		seen[strings.Join(strings.Fields(s), "")] = true
	}
	for _, s := range added {
		if seen[strings.Join(strings.Fields(s), "")] {
			return true
		}
	}
	return false
}

func longest(lists ...[]string) int {
	n := 0
	for _, list := range lists {
		for _, s := range list {
			n = max(n, len(s))
		}
	}
	return n
}

// shortLine is one line of a text as it is shown.
func shortLine(s string, exact bool) string {
	head, tail, left := shorten(s, lineLimit)
	if left == 0 {
		return spell(s, exact)
	}
	return spell(head, exact) + ellipsis + spell(tail, exact) + " (" + Count(lineLimit+left, "character", "characters") + ")"
}

// spell makes a piece of a line printable. Tabs become spaces and the newline
// at the end goes, unless exact, where both and the spaces before the end are
// spelled out.
func spell(s string, exact bool) string {
	if !exact {
		return Visible(strings.ReplaceAll(strings.TrimSuffix(s, "\n"), "\t", "    "))
	}
	body := strings.TrimRight(s, " \n")
	if body == s {
		return Visible(s)
	}
	end := strings.NewReplacer(" ", `\u{20}`, "\n", `\n`).Replace(s[len(body):])
	return Visible(body) + end
}
