package text

import (
	"strings"

	"github.com/olekukonko/tablewriter"
	"github.com/olekukonko/tablewriter/pkg/twwidth"
	"github.com/olekukonko/tablewriter/renderer"
	"github.com/olekukonko/tablewriter/tw"

	"github.com/strandline-tf/strandline/internal/render"
)

// maxCell is how much of a name a row shows, in characters; less where lines
// are short.
const maxCell = 28

// findings is the column that the findings of a workspace are joined in, and
// minFindings its least width.
const (
	findings    = 2
	minFindings = 16
)

// table writes the workspaces at a glance. Where the columns don't fit side by
// side, the findings of a workspace stand in one.
func (p *printer) table(t *render.Table) {
	header, rows := cells(t, min(maxCell, p.width/3))
	widths := tw.Mapper[int, int]{}
	if tableWidth(header, rows) > p.width {
		header, rows = folded(header, rows)
		widths[findings] = max(minFindings, p.width-tableWidth(header[:findings], rows)-2)
	}
	alignment := make(tw.Alignment, len(header))
	for i := range header {
		alignment[i] = tw.AlignLeft
		if len(header) == len(t.Columns) && t.Columns[i].Right {
			alignment[i] = tw.AlignRight
		}
	}
	cell := tw.CellConfig{
		Formatting: tw.CellFormatting{AutoFormat: tw.Off, AutoWrap: tw.WrapNormal},
		Alignment:  tw.CellAlignment{PerColumn: alignment},
		// Widths count a cell's padding.
		ColMaxWidths: tw.CellWidth{PerColumn: widths},
	}
	w := tablewriter.NewTable(p.w,
		tablewriter.WithRenderer(renderer.NewBlueprint(tw.Rendition{
			Borders:  tw.BorderNone,
			Symbols:  tw.NewSymbols(tw.StyleLight),
			Settings: tw.Settings{Separators: tw.Separators{BetweenRows: tw.Off}},
		})),
		tablewriter.WithConfig(tablewriter.Config{Header: cell, Row: cell}),
	)
	w.Header(header)
	// Errors are the writer's, which keeps the first one until it is flushed.
	_ = w.Bulk(rows)
	_ = w.Render()
	if t.More != "" {
		p.line(" ", " ", []piece{{t.More, none}})
	}
}

// cells are the table as plain text, of at most limit characters each.
func cells(t *render.Table, limit int) (header []string, rows [][]string) {
	for _, c := range t.Columns {
		header = append(header, c.Title)
	}
	for _, row := range t.Rows {
		var out []string
		for _, c := range row.Cells {
			var b strings.Builder
			for _, s := range c {
				b.WriteString(render.Short(s.Text, limit))
			}
			out = append(out, b.String())
		}
		rows = append(rows, out)
	}
	return header, rows
}

// folded joins the columns behind the second into one.
func folded(header []string, rows [][]string) ([]string, [][]string) {
	out := make([][]string, len(rows))
	for i, row := range rows {
		var all []string
		for j := findings; j < len(row); j++ {
			if row[j] != "" {
				all = append(all, strings.ToLower(header[j])+" "+row[j])
			}
		}
		out[i] = []string{row[0], row[1], strings.Join(all, ", ")}
	}
	return []string{header[0], header[1], "Findings"}, out
}

func tableWidth(header []string, rows [][]string) int {
	total := 0
	for i := range header {
		n := twwidth.Width(header[i])
		for _, row := range rows {
			n = max(n, twwidth.Width(row[i]))
		}
		total += n + 3
	}
	return total
}
