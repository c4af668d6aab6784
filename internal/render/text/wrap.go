package text

import (
	"strings"

	"github.com/olekukonko/tablewriter/pkg/twwidth"

	"github.com/strandline-tf/strandline/internal/render"
)

// style is one of the few looks that text has where there are colours: the
// parameter of an ANSI "select graphic rendition" sequence.
type style string

const (
	none   style = ""
	bold   style = "1"
	dim    style = "2"
	red    style = "31"
	green  style = "32"
	yellow style = "33"
	alert  style = "1;31"
)

// piece is some text in one style, printable characters only.
type piece struct {
	text  string
	style style
}

// pieces are a line's spans as they look here.
func (p *printer) pieces(t render.Text) []piece {
	out := make([]piece, len(t))
	for i, s := range t {
		out[i] = piece{text: s.Text}
		switch s.Style {
		case render.Strong:
			out[i].style = alert
		case render.Words:
			out[i].text = render.Visible(strings.Join(strings.Fields(s.Text), " "))
		case render.Code, render.Mention:
			out[i].text = shown(s.Text)
		case render.Name:
			out[i] = piece{shown(s.Text), bold}
		}
	}
	return out
}

// shown is a name from outside; an empty one would read as if it were missing.
func shown(s string) string {
	if s == "" {
		return `""`
	}
	return render.Visible(s)
}

// itemPieces are pieces with addresses spelled out behind what they belong to.
func (p *printer) itemPieces(t render.Text) []piece {
	var out []piece
	for i, own := range p.pieces(t) {
		out = append(out, own)
		if url := render.SafeURL(t[i].URL); url != "" {
			out = append(out, piece{" <" + url + ">", dim})
		}
	}
	return out
}

func (p *printer) styled(s string, look style) {
	if p.color && look != none && s != "" {
		p.w.WriteString("\x1b[" + string(look) + "m" + s + "\x1b[0m")
		return
	}
	p.w.WriteString(s)
}

// line writes pieces as a paragraph: broken at spaces, the first line after
// first, the others after rest.
func (p *printer) line(first, rest string, pieces []piece) {
	p.w.WriteString(first)
	at := len(first)
	fresh := true // nothing but the indentation stands on this line
	for _, word := range splitWords(pieces) {
		space := 1
		if fresh {
			space = 0
		}
		n := word.width()
		if !fresh && at+space+n > p.width {
			p.w.WriteString("\n" + rest)
			at, space = len(rest), 0
		}
		p.w.WriteString(" "[:space])
		for _, part := range word {
			p.styled(part.text, part.style)
		}
		at += space + n
		fresh = false
	}
	p.w.WriteByte('\n')
}

// word is what stands between two spaces, in one style or several.
type word []piece

func (w word) width() int {
	n := 0
	for _, part := range w {
		n += twwidth.Width(part.text)
	}
	return n
}

func splitWords(pieces []piece) []word {
	var out []word
	glue := false // the next part belongs to the word before
	for _, pc := range pieces {
		for i, text := range strings.Split(pc.text, " ") {
			if i > 0 {
				glue = false
			}
			if text == "" {
				continue
			}
			if glue && len(out) > 0 {
				last := &out[len(out)-1]
				*last = append(*last, piece{text, pc.style})
			} else {
				out = append(out, word{{text, pc.style}})
			}
			glue = true
		}
	}
	return out
}

// hard writes one line of a diff or text, broken wherever the width ends, so
// that every space of it is kept.
func (p *printer) hard(first, rest, s string, look style) {
	if strings.TrimSpace(first+s) == "" {
		p.gap()
		return
	}
	lead := first
	for {
		room := max(p.width-len(lead), minWidth/2)
		n := fitting(s, room)
		p.w.WriteString(lead[:len(lead)-marks(lead)])
		p.styled(strings.TrimRight(lead[len(lead)-marks(lead):]+s[:n], " "), look)
		p.w.WriteByte('\n')
		if s = s[n:]; s == "" {
			return
		}
		lead = rest
	}
}

// marks is how much of a lead is a diff line's mark, which takes its colour.
func marks(lead string) int {
	if n := len(lead); n >= 2 && lead[n-2] != ' ' {
		return 2
	}
	return 0
}

// fitting returns how many bytes of s fill at most room columns, one character
// at least.
func fitting(s string, room int) int {
	if len(s) <= room {
		return len(s)
	}
	columns := 0
	for i, r := range s {
		columns += twwidth.Width(string(r))
		if columns > room && i > 0 {
			return i
		}
	}
	return len(s)
}
