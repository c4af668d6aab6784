package render

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/strandline-tf/strandline/internal/model"
)

// percent spells a share with one decimal, or none where that is zero.
func percent(p float64) string {
	if !(p > 0) { // nor is it a number, perhaps
		p = 0
	}
	return strings.TrimSuffix(strconv.FormatFloat(min(p, 100), 'f', 1, 64), ".0") + " %"
}

// coverageRemarks tell what a coverage is made of and what it leaves aside.
func coverageRemarks(r *model.Report) []Text {
	c := r.Coverage
	if c == nil {
		return nil
	}
	out := Text{plain("Coverage " + percent(c.Percent) + ": " + Number(c.Managed) + " managed, " + Number(c.Unmanaged) + " in no state. Beside it: " +
		Number(c.Ignored) + " ignored, " + Number(c.Unsupported) + " of types that no source here can list, " +
		Number(c.NotListed) + " managed of types that were not listed.")}
	return []Text{out}
}

// axis is one way to look at a coverage.
type axis struct {
	by        string
	one, many string
	list      []model.CoveredBy
}

func coveragePart(r *model.Report, limits Limits) Part {
	if r.Coverage == nil {
		return Part{}
	}
	c := r.Coverage
	p := Part{Name: plain("Coverage"), Head: Text{plain("by type, account, region and workspace")}}
	var shown []axis
	for _, a := range []axis{
		{"type", "type", "types", c.ByType}, {"account", "account", "accounts", c.ByAccount},
		{"region", "region", "regions", c.ByRegion}, {"workspace", "workspace", "workspaces", c.ByWorkspace},
	} {
		if len(a.list) > 0 {
			shown = append(shown, a)
		}
	}
	if len(shown) == 0 {
		return p
	}
	p.Sections = []Section{{
		Kind: KindCoverage, Len: len(shown), Line: RankCoverage, Detail: RankCoverage,
		Missing: counted("table of the coverage", "tables of the coverage"),
		Item: func(i int) Item {
			a := &shown[i]
			return Item{
				Line:   Text{strong("By " + a.by)},
				Hidden: Count(len(a.list), a.one, a.many),
				Detail: func() []Block { return []Block{{Language: "text", Lines: coverageLines(a.list, limits)}} },
			}
		},
	}}
	return p
}

// coverageLines is a coverage as a table of text, what lacks most first.
func coverageLines(list []model.CoveredBy, limits Limits) []Line {
	sorted := slices.Clone(list)
	slices.SortStableFunc(sorted, func(a, b model.CoveredBy) int {
		return cmp.Or(cmp.Compare(b.Unmanaged, a.Unmanaged), cmp.Compare(b.Unsupported, a.Unsupported), cmp.Compare(b.Managed, a.Managed))
	})
	columns := coverageColumns(sorted)
	widths := make([]int, len(columns))
	for j, column := range columns {
		for _, cell := range column {
			widths[j] = max(widths[j], utf8.RuneCountInString(cell))
		}
	}
	l := &lines{limit: limits.Lines}
	for i := range columns[0] {
		var row strings.Builder
		for j, column := range columns {
			cell := column[i]
			if pad := strings.Repeat(" ", widths[j]-utf8.RuneCountInString(cell)); j == 0 {
				cell += pad
			} else {
				cell = "  " + pad + cell
			}
			row.WriteString(cell)
		}
		l.add(Same, 0, strings.TrimRight(row.String(), " "))
	}
	return l.done()
}

// coverageColumns are the cells by column, headings first; of the counters that
// stand beside a coverage only those that count something.
func coverageColumns(list []model.CoveredBy) [][]string {
	columns := [][]string{{""}, {"coverage"}, {"managed"}, {"in no state"}}
	for i := range list {
		c := &list[i]
		who := Short(c.Name, maxLabel)
		if c.Name == "" {
			who = "(not known)"
		}
		share := percent(c.Percent)
		if c.Managed+c.Unmanaged == 0 { // of nothing, all is covered; that would mislead
			share = "-"
		}
		columns[0] = append(columns[0], who)
		columns[1] = append(columns[1], share)
		columns[2] = append(columns[2], Number(c.Managed))
		columns[3] = append(columns[3], Number(c.Unmanaged))
	}
	for _, k := range []struct {
		title string
		of    func(c *model.CoveredBy) int
	}{
		{"ignored", func(c *model.CoveredBy) int { return c.Ignored }},
		{"unsupported", func(c *model.CoveredBy) int { return c.Unsupported }},
		{"not listed", func(c *model.CoveredBy) int { return c.NotListed }},
	} {
		column, counts := []string{k.title}, 0
		for i := range list {
			counts += k.of(&list[i])
			column = append(column, Number(k.of(&list[i])))
		}
		if counts > 0 {
			columns = append(columns, column)
		}
	}
	return columns
}

// maxLabel is how much of a name a row of a coverage shows, in characters.
const maxLabel = 60
