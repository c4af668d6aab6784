package model

import (
	"bytes"
	"cmp"
	"slices"
)

// NewReport returns an empty report of kind, generated at (RFC 3339).
func NewReport(kind Kind, at string) *Report {
	return &Report{Version: Version, Kind: kind, GeneratedAt: at}
}

// NewWorkspace returns a workspace of which nothing is known but its name: no
// plan has been read, so nothing in it is incomplete or errored.
func NewWorkspace(name string) *Workspace {
	w := &Workspace{Name: name, Complete: true, Checked: true}
	w.fill()
	return w
}

// Finish puts the report into its published form once nothing is added any
// more: lists sorted and never nil, counters counted and summed.
func (r *Report) Finish() {
	slices.SortStableFunc(r.Workspaces, func(a, b Workspace) int {
		return cmp.Or(cmp.Compare(a.Name, b.Name), cmp.Compare(a.Organization, b.Organization), cmp.Compare(a.RunID, b.RunID))
	})
	r.Summary = Summary{}
	for i := range r.Workspaces {
		w := &r.Workspaces[i]
		w.Finish()
		r.Summary.Merge(w.Summary)
	}
	slices.SortStableFunc(r.Unmanaged, func(a, b Unmanaged) int {
		return cmp.Or(cmp.Compare(a.Type, b.Type), cmp.Compare(a.Account, b.Account), cmp.Compare(a.Region, b.Region),
			compareAddress(a.ID, b.ID), bytes.Compare(a.Identity, b.Identity), cmp.Compare(a.Source, b.Source))
	})
	for i := range r.Unmanaged {
		if g := r.Unmanaged[i].Suggestion; g != nil {
			notNil(&g.Files)
		}
	}
	slices.SortStableFunc(r.Conflicts, func(a, b Conflict) int {
		return cmp.Or(cmp.Compare(a.Type, b.Type), compareAddress(a.ID, b.ID), slices.Compare(a.Workspaces, b.Workspaces))
	})
	for i := range r.Conflicts {
		notNil(&r.Conflicts[i].Workspaces)
	}
	slices.SortStableFunc(r.Ignored, func(a, b Ignored) int {
		return cmp.Or(cmp.Compare(a.Type, b.Type), compareAddress(a.ID, b.ID), cmp.Compare(a.Pattern, b.Pattern), cmp.Compare(a.Rule, b.Rule))
	})
	if r.Coverage != nil {
		r.Coverage.finish()
	}
	// Said once of everything, however many workspaces or shards it was said of.
	slices.SortStableFunc(r.Problems, func(a, b Problem) int {
		return cmp.Or(cmp.Compare(a.Workspace, b.Workspace), cmp.Compare(a.Message, b.Message), cmp.Compare(a.Hint, b.Hint))
	})
	r.Problems = slices.Compact(r.Problems)
	slices.Sort(r.Notes)
	r.Notes = slices.Compact(r.Notes)
	notNil(&r.Workspaces)
	notNil(&r.Unmanaged)
	notNil(&r.Conflicts)
	notNil(&r.Ignored)
	notNil(&r.Objectives)
	notNil(&r.Notes)
	notNil(&r.Problems)
}

// Finish does for one workspace what Report.Finish does for all. Changes are
// sorted by address, then deposed key; Terraform's own order (a tree walk) is
// not stable over renames.
func (w *Workspace) Finish() {
	byAddress := func(a, b *Change) int {
		return cmp.Or(compareAddress(a.Address, b.Address), cmp.Compare(a.Deposed, b.Deposed))
	}
	slices.SortStableFunc(w.Changes, func(a, b Change) int { return byAddress(&a, &b) })
	slices.SortStableFunc(w.Drift, func(a, b Drift) int { return byAddress(&a.Change, &b.Change) })
	slices.SortStableFunc(w.Deferred, func(a, b Deferred) int { return byAddress(&a.Change, &b.Change) })
	slices.SortStableFunc(w.Outputs, func(a, b Output) int { return cmp.Compare(a.Name, b.Name) })
	slices.SortStableFunc(w.Actions, func(a, b Action) int {
		return cmp.Or(compareAddress(a.Trigger, b.Trigger), compareAddress(a.Address, b.Address))
	})
	slices.SortStableFunc(w.Checks, func(a, b Check) int { return compareAddress(a.Address, b.Address) })
	slices.SortStableFunc(w.Policies, func(a, b Policy) int {
		return cmp.Or(cmp.Compare(a.Set, b.Set), cmp.Compare(a.Name, b.Name))
	})
	slices.SortStableFunc(w.RunTasks, func(a, b RunTask) int {
		return cmp.Or(cmp.Compare(a.Stage, b.Stage), cmp.Compare(a.Name, b.Name))
	})
	slices.SortStableFunc(w.Ignored, func(a, b Ignored) int {
		return cmp.Or(compareAddress(a.Address, b.Address), cmp.Compare(a.Attribute, b.Attribute))
	})
	for i := range w.Checks {
		slices.Sort(w.Checks[i].Problems)
	}
	w.fill()
	w.Count()
}

// finish sorts the shares by name.
func (c *Coverage) finish() {
	for _, list := range []*[]CoveredBy{&c.ByType, &c.ByAccount, &c.ByRegion, &c.ByWorkspace} {
		slices.SortStableFunc(*list, func(a, b CoveredBy) int { return cmp.Compare(a.Name, b.Name) })
		notNil(list)
	}
}

// fill replaces nil lists: the published report has no null lists.
func (w *Workspace) fill() {
	for i := range w.Changes {
		notNil(&w.Changes[i].Attributes)
	}
	for i := range w.Drift {
		notNil(&w.Drift[i].Attributes)
		notNil(&w.Drift[i].Suggestions)
		for j := range w.Drift[i].Suggestions {
			notNil(&w.Drift[i].Suggestions[j].Files)
		}
	}
	for i := range w.Deferred {
		notNil(&w.Deferred[i].Attributes)
	}
	for i := range w.Outputs {
		notNil(&w.Outputs[i].Attributes)
	}
	for i := range w.Checks {
		notNil(&w.Checks[i].Problems)
	}
	for i := range w.Suggestions {
		notNil(&w.Suggestions[i].Files)
	}
	notNil(&w.Changes)
	notNil(&w.Drift)
	notNil(&w.Outputs)
	notNil(&w.Deferred)
	notNil(&w.Actions)
	notNil(&w.Checks)
	notNil(&w.Policies)
	notNil(&w.RunTasks)
	notNil(&w.Diagnostics)
	notNil(&w.Risks)
	notNil(&w.Suggestions)
	notNil(&w.Ignored)
}

func notNil[T any](list *[]T) {
	if *list == nil {
		*list = []T{}
	}
}

// compareAddress orders addresses as a person would: numbers within them by
// value, so that web[10] comes after web[9].
func compareAddress(a, b string) int {
	for a != "" && b != "" {
		if isDigit(a[0]) && isDigit(b[0]) {
			na, nb := digits(a), digits(b)
			if c := compareNumber(na, nb); c != 0 {
				return c
			}
			a, b = a[len(na):], b[len(nb):]
			continue
		}
		if a[0] != b[0] {
			return cmp.Compare(a[0], b[0])
		}
		a, b = a[1:], b[1:]
	}
	return cmp.Compare(len(a), len(b))
}

func isDigit(c byte) bool { return '0' <= c && c <= '9' }

func digits(s string) string {
	n := 0
	for n < len(s) && isDigit(s[n]) {
		n++
	}
	return s[:n]
}

// compareNumber orders runs of digits by value, and equal values by length so
// that the order is total.
func compareNumber(a, b string) int {
	za, zb := trimZeros(a), trimZeros(b)
	return cmp.Or(cmp.Compare(len(za), len(zb)), cmp.Compare(za, zb), cmp.Compare(len(a), len(b)))
}

func trimZeros(s string) string {
	for len(s) > 1 && s[0] == '0' {
		s = s[1:]
	}
	return s
}
