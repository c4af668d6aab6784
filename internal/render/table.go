package render

import (
	"slices"
	"strings"

	"github.com/strandline-tf/strandline/internal/model"
)

// Mood is how a row of the table feels to its reader.
type Mood int

// The moods of a row.
const (
	Fine    Mood = iota // done
	Careful             // destroys or replaces, or a policy or check failed without stopping it
	Bad                 // failed
	Waiting             // not there yet
)

// Table is the workspaces at a glance.
type Table struct {
	Columns []Column
	Rows    []Row
	More    string // what the rows leave out; "": nothing
}

// Column is one column of a Table.
type Column struct {
	Title string
	Right bool // numbers, to the right
}

// Row is one workspace; Cells are as many as there are columns.
type Row struct {
	Mood  Mood
	Cells []Text
}

// counterColumn is a column that is there when one workspace has something in it.
type counterColumn struct {
	title string
	of    func(s *model.Summary) int
}

func counterColumns() []counterColumn {
	return []counterColumn{
		{"Import", func(s *model.Summary) int { return s.Import }},
		{"Add", func(s *model.Summary) int { return s.Add }},
		{"Change", func(s *model.Summary) int { return s.Change }},
		{"Replace", func(s *model.Summary) int { return s.Replace }},
		{"Destroy", func(s *model.Summary) int { return s.Destroy }},
		{"Move", func(s *model.Summary) int { return s.Move }},
		{"Forget", func(s *model.Summary) int { return s.Forget }},
		{"Output", func(s *model.Summary) int { return s.Output }},
		{"Deferred", func(s *model.Summary) int { return s.Deferred }},
		{"Action", func(s *model.Summary) int { return s.Action }},
		{"Drift", func(s *model.Summary) int { return s.Drift }},
	}
}

// newTable makes the table: the first two columns are the workspace and what
// became of it; columns with nothing in them are left out. Where there are more
// workspaces than rows, those with the most to see stay, in their order.
func newTable(r *model.Report, limits Limits) Table {
	t := Table{Columns: []Column{{Title: "Workspace"}, {Title: "Status"}}}
	var counters []counterColumn
	for _, c := range counterColumns() {
		if c.of(&r.Summary) > 0 {
			counters = append(counters, c)
			t.Columns = append(t.Columns, Column{Title: c.title, Right: true})
		}
	}
	gates, cost := false, false
	for i := range r.Workspaces {
		gates = gates || gateCell(&r.Workspaces[i]) != nil
		cost = cost || r.Workspaces[i].Cost != nil
	}
	if gates {
		t.Columns = append(t.Columns, Column{Title: "Checks"})
	}
	if cost {
		t.Columns = append(t.Columns, Column{Title: "Cost", Right: true})
	}
	shown := mostToSee(r.Workspaces, limits.Rows)
	for _, i := range shown {
		w := &r.Workspaces[i]
		cells := []Text{{link(label(r, w), w.RunURL)}, {plain(StatusWords(w.Status))}}
		for _, c := range counters {
			cells = append(cells, number(c.of(&w.Summary)))
		}
		if gates {
			cells = append(cells, gateCell(w))
		}
		if cost {
			cells = append(cells, costCell(w.Cost))
		}
		t.Rows = append(t.Rows, Row{Mood: mood(w), Cells: cells})
	}
	if over := len(r.Workspaces) - len(shown); over > 0 {
		t.More = "and " + Count(over, "more workspace", "more workspaces")
	}
	return t
}

func number(n int) Text {
	if n == 0 {
		return nil
	}
	return Text{plain(Number(n))}
}

// mostToSee returns the indexes of at most limit workspaces, ascending.
func mostToSee(workspaces []model.Workspace, limit int) []int {
	all := make([]int, len(workspaces))
	for i := range all {
		all[i] = i
	}
	if len(all) <= limit {
		return all
	}
	slices.SortStableFunc(all, func(a, b int) int {
		return weight(&workspaces[b]) - weight(&workspaces[a])
	})
	all = all[:limit]
	slices.Sort(all)
	return all
}

func weight(w *model.Workspace) int {
	switch s := &w.Summary; {
	case mood(w) == Bad:
		return 4
	case s.Destroy+s.Replace > 0:
		return 3
	case s.HasChanges(), s.Drift > 0:
		return 2
	case mood(w) == Waiting:
		return 1
	}
	return 0
}

func mood(w *model.Workspace) Mood {
	switch w.Status {
	case model.StatusErrored, model.StatusUnreadable, model.StatusPolicyFailed, model.StatusCanceled, model.StatusDiscarded:
		return Bad
	case model.StatusPending:
		return Waiting
	}
	switch {
	case w.Errored:
		return Bad
	case w.Summary.Destroy+w.Summary.Replace+w.Summary.PolicyFailed+w.Summary.CheckFailed > 0:
		return Careful
	}
	return Fine
}

// gateCell counts policies and checks.
func gateCell(w *model.Workspace) Text {
	var parts []Text
	if n := w.Summary.PolicyFailed; n > 0 {
		parts = append(parts, Text{strong(Count(n, "policy failed", "policies failed"))})
	}
	if n := w.Summary.CheckFailed; n > 0 {
		parts = append(parts, Text{strong(Count(n, "check failed", "checks failed"))})
	}
	passed := 0
	for i := range w.Policies {
		if w.Policies[i].Status == "passed" {
			passed++
		}
	}
	if passed > 0 {
		parts = append(parts, Text{plain(Number(passed) + " passed")})
	}
	return join(", ", parts...)
}

func costCell(c *model.Cost) Text {
	if c == nil || c.Delta == "" {
		return nil
	}
	return Text{code(strings.TrimSpace(c.Delta + " " + c.Currency))}
}
