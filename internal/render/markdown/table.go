package markdown

import (
	"strings"

	"github.com/olekukonko/tablewriter"
	"github.com/olekukonko/tablewriter/renderer"
	"github.com/olekukonko/tablewriter/tw"

	"github.com/strandline-tf/strandline/internal/render"
)

// notDrawn stands where tablewriter refused. It has no reason to: a builder
// takes every write, and every row has a cell for each column.
const notDrawn = "*The table of workspaces could not be drawn.*\n"

// table spells the workspaces as a table.
func table(t *render.Table) string {
	var b strings.Builder
	header := make([]string, len(t.Columns))
	alignment := make(tw.Alignment, len(t.Columns))
	for i, c := range t.Columns {
		header[i] = c.Title
		alignment[i] = tw.AlignLeft
		if c.Right {
			alignment[i] = tw.AlignRight
		}
	}
	cfg := tw.CellConfig{
		Formatting: tw.CellFormatting{AutoFormat: tw.Off, AutoWrap: tw.WrapNone},
		Alignment:  tw.CellAlignment{PerColumn: alignment},
	}
	w := tablewriter.NewTable(&b,
		tablewriter.WithRenderer(renderer.NewMarkdown()),
		tablewriter.WithConfig(tablewriter.Config{Header: cfg, Row: cfg}),
	)
	w.Header(header)
	for _, row := range t.Rows {
		cells := make([]string, len(row.Cells))
		for i, c := range row.Cells {
			cells[i] = cell(c)
		}
		cells[1] = icon(row.Mood) + " " + cells[1]
		if err := w.Append(cells); err != nil {
			return notDrawn
		}
	}
	if err := w.Render(); err != nil {
		return notDrawn
	}
	if t.More != "" {
		b.WriteString("\n" + t.More + "\n")
	}
	return b.String()
}

func icon(m render.Mood) string {
	switch m {
	case render.Careful:
		return "⚠️"
	case render.Bad:
		return "❌"
	case render.Waiting:
		return "⏳"
	}
	return "✅"
}
