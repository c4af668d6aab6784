package render

import "github.com/strandline-tf/strandline/internal/model"

// maxCleanRows is up to how many workspaces those without drift have rows, too.
const maxCleanRows = 12

// driftColumn is a column that is there when one workspace has something in it.
type driftColumn struct {
	Column
	of func(x *drifted) Text
}

func driftColumns(limits Limits) []driftColumn {
	return []driftColumn{
		{Column{"Drifted", true}, func(x *drifted) Text { return number(x.w.Summary.Drift) }},
		{Column{"Gone", true}, func(x *drifted) Text { return number(len(x.gone)) }},
		{Column{"Outputs", true}, func(x *drifted) Text { return number(x.w.Summary.Output) }},
		{Column{"Checks failed", true}, func(x *drifted) Text { return number(x.w.Summary.CheckFailed) }},
		{Column{"Newest", false}, func(x *drifted) Text {
			if x.newest == "" {
				return nil
			}
			return Text{plain(x.newest)}
		}},
		{Column{"Known from", false}, func(x *drifted) Text { return x.source(limits) }},
		{Column{"Owners", false}, func(x *drifted) Text { return x.owners(limits) }},
	}
}

// driftTable has a row for each workspace that drifted or was not checked.
func driftTable(all []*drifted, limits Limits) Table {
	var rows []*drifted
	clean := 0
	for _, x := range all {
		if len(all) > maxCleanRows && x.mood() == Fine {
			clean++
			continue
		}
		rows = append(rows, x)
	}
	over := max(0, len(rows)-limits.Rows)
	rows = rows[:len(rows)-over]

	t := Table{Columns: []Column{{Title: "Workspace"}, {Title: "Status"}}, More: moreDrift(over, clean)}
	for _, x := range rows {
		t.Rows = append(t.Rows, Row{x.mood(), []Text{{link(x.label, x.w.RunURL)}, {plain(x.status())}}})
	}
	for _, c := range driftColumns(limits) {
		t.add(c.Column, func(i int) Text { return c.of(rows[i]) })
	}
	return t
}

// add gives each row a cell more, unless all of them are empty.
func (t *Table) add(c Column, of func(i int) Text) {
	cells := make([]Text, len(t.Rows))
	empty := true
	for i := range cells {
		cells[i] = of(i)
		empty = empty && len(cells[i]) == 0
	}
	if empty {
		return
	}
	t.Columns = append(t.Columns, c)
	for i := range cells {
		t.Rows[i].Cells = append(t.Rows[i].Cells, cells[i])
	}
}

// moreDrift says what the rows leave out.
func moreDrift(over, clean int) string {
	switch {
	case over > 0 && clean > 0:
		return "and " + Number(over) + " more, and " + Count(clean, "workspace", "workspaces") + " without drift"
	case over > 0:
		return "and " + Count(over, "more workspace", "more workspaces")
	case clean > 0:
		return "and " + Count(clean, "workspace", "workspaces") + " without drift"
	}
	return ""
}

func (x *drifted) status() string {
	switch {
	case !x.checked:
		return "not checked"
	case x.isDrifted():
		return "drifted"
	case x.w.Summary.CheckFailed > 0:
		return "checks failed"
	}
	return "no drift"
}

func (x *drifted) mood() Mood {
	switch {
	case x.w.Status == model.StatusPending:
		return Waiting
	case !x.checked:
		return Bad
	case x.isDrifted(), x.w.Summary.CheckFailed > 0:
		return Careful
	}
	return Fine
}
