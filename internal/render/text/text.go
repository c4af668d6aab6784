// Package text renders a report for a terminal or a log: everything, nothing
// folded, in the order of the comment.
//
// Before it comes package render, whose Document says what to tell; after it
// come standard output and files. Here is decided how it looks in columns and
// colours. The only control sequences it writes are its own: whatever comes
// from outside has its control characters spelled out.
package text

import (
	"bufio"
	"io"

	"github.com/strandline-tf/strandline/internal/model"
	"github.com/strandline-tf/strandline/internal/render"
	"github.com/strandline-tf/strandline/internal/userfault"
)

const (
	defaultWidth = 80
	minWidth     = 40 // below that, lines are longer than asked for
)

// Write writes the report in lines of o.Width columns, with colours if o.Color
// is set. It fails only where w does.
func Write(w io.Writer, r *model.Report, o render.Options) error {
	width := o.Width
	if width == 0 {
		width = defaultWidth
	}
	p := &printer{w: bufio.NewWriter(w), width: max(width, minWidth), color: o.Color}
	p.document(render.New(r, render.Limits{Names: 100, Rows: 1000}))
	if err := p.w.Flush(); err != nil {
		return userfault.Wrap(err, "", "the text report could not be written")
	}
	return nil
}

// printer writes a document. Errors of the writer stay in it until Flush.
type printer struct {
	w     *bufio.Writer
	width int // columns
	color bool
}

func (p *printer) document(d *render.Document) {
	p.line("", "", p.pieces(d.Title))
	if url := titleURL(d); url != "" {
		p.line("", "", []piece{{url, dim}})
	}
	if len(d.Remarks) > 0 {
		p.gap()
	}
	for _, t := range d.Remarks {
		p.line("* ", "  ", p.pieces(t))
	}
	if len(d.Dangers) > 0 {
		p.gap()
	}
	for _, t := range d.Dangers {
		p.line("! ", "  ", p.pieces(t))
	}
	if len(d.Table.Rows) > 0 {
		p.gap()
		p.table(&d.Table)
	}
	for i := range d.Sections {
		p.section(&d.Sections[i], "")
	}
	for i := range d.Parts {
		p.part(&d.Parts[i], d.Alone())
	}
}

// titleURL is where the only workspace's run is to be seen.
func titleURL(d *render.Document) string {
	for _, s := range d.Title {
		if url := render.SafeURL(s.URL); url != "" {
			return url
		}
	}
	return ""
}

func (p *printer) gap() { p.w.WriteByte('\n') }

// part writes one workspace; alone, it needs no heading: the title is one.
func (p *printer) part(part *render.Part, alone bool) {
	indent := ""
	if !alone {
		indent = "  "
		p.gap()
		head := append([]piece{{render.Visible(part.Name.Text), bold}, {": ", none}}, p.pieces(part.Head)...)
		p.line("", "  ", head)
		if url := render.SafeURL(part.Name.URL); url != "" {
			p.line(indent, indent, []piece{{url, dim}})
		}
	}
	for i := range part.Sections {
		p.section(&part.Sections[i], indent)
	}
}

func (p *printer) section(s *render.Section, indent string) {
	p.gap()
	if len(s.Title) > 0 {
		title := append(p.pieces(s.Title), piece{text: ":"})
		for i := range title {
			title[i].style = bold
		}
		p.line(indent, indent, title)
	}
	for i := range s.Len {
		it := s.Item(i)
		p.item(&it, indent, "- ")
	}
}

func (p *printer) item(it *render.Item, indent, bullet string) {
	p.line(indent+bullet, indent+"  ", p.itemPieces(it.Line))
	if it.Detail != nil {
		for _, b := range it.Detail() {
			p.block(&b, indent+"    ")
		}
	}
	if it.Fold == "" {
		return
	}
	for _, k := range it.Folded() {
		p.item(&k, indent+"    ", "* ") // a dash would read as a line of the diff above
	}
}

// block writes a diff or text; a line too long goes on below, further in, but
// for a patch, which is there to be applied.
func (p *printer) block(b *render.Block, indent string) {
	for _, line := range b.Lines {
		lead, style := "", none
		switch b.Language {
		case "diff":
			lead, style = string(line.Op)+" ", opStyle(line.Op)
		case "patch":
			p.w.WriteString(indent)
			p.styled(line.Text, opStyle(line.Op))
			p.gap()
			continue
		}
		p.hard(indent+lead, indent+"      ", line.Text, style)
	}
}

func opStyle(op render.Op) style {
	switch op {
	case render.Add:
		return green
	case render.Remove:
		return red
	case render.Alter:
		return yellow
	case render.Note:
		return dim
	}
	return none
}
