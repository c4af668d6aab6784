package render

import "strings"

// Op is what a diff line does. Its value is the mark that GitHub's diff
// colouring knows.
type Op byte

// The marks of diff lines.
const (
	Same   Op = ' ' // context
	Add    Op = '+'
	Remove Op = '-'
	Alter  Op = '!' // before -> after on one line
	Note   Op = '#' // the program's remark
)

// Line is one line of a diff: printable characters only, without its mark.
type Line struct {
	Op   Op
	Text string
}

// lines collects the lines of one block, up to a number; what is over that is
// counted, so that a huge change costs no memory.
type lines struct {
	out   []Line
	limit int // 0: none
	over  int
}

func (l *lines) add(op Op, indent int, text string) {
	if l.limit > 0 && len(l.out) >= l.limit {
		l.over++
		return
	}
	l.out = append(l.out, Line{op, strings.Repeat(" ", indent) + text})
}

// done returns the lines, with a remark where some were left out.
func (l *lines) done() []Line {
	if l.over > 0 {
		l.out = append(l.out, Line{Note, Count(l.over, "more line", "more lines") + " left out"})
	}
	return l.out
}
