package render

import (
	"cmp"
	"slices"

	"github.com/strandline-tf/strandline/internal/model"
)

// drifted is one workspace of a drift report, as it is read.
type drifted struct {
	w       *model.Workspace
	label   string
	checked bool
	gone    []*model.Drift // deleted outside Terraform, newest first
	changed []*model.Drift // newest first
	newest  string         // day of the newest finding; "" where there is none
}

// maxShownAtOnce is up to how many findings nothing has to be unfolded.
const maxShownAtOnce = 10

func newDrift(r *model.Report, limits Limits) *Document {
	all := driftedWorkspaces(r)
	rest := told(r, all, limits)
	d := &Document{
		Title:    driftVerdict(r),
		Remarks:  driftRemarks(rest, all, limits),
		Dangers:  goneRemarks(all, limits),
		Sections: append(uncheckedSection(all), reportSections(rest)...),
	}
	if len(r.Workspaces) > 1 {
		d.Table = driftTable(all, limits)
	}
	for _, x := range all {
		sections := x.sections(limits)
		if len(sections) == 0 {
			continue
		}
		d.Parts = append(d.Parts, Part{
			Name: link(x.label, x.w.RunURL), Head: x.verdict(), Sections: sections,
			Open: r.Summary.Drift+r.Summary.Output <= maxShownAtOnce,
		})
	}
	if p := ignoredByAll(all, limits); !limits.Standing && len(p.Sections) > 0 {
		d.Parts = append(d.Parts, p) // it differs from night to night, whatever else is found
	}
	return d
}

// driftedWorkspaces puts the workspaces with the newest finding first, and of
// those without any the ones that could not be checked.
func driftedWorkspaces(r *model.Report) []*drifted {
	labels := labels(r)
	out := make([]*drifted, len(r.Workspaces))
	for i := range r.Workspaces {
		w := &r.Workspaces[i]
		x := &drifted{w: w, label: labels[i], checked: isChecked(w)}
		for j := range w.Drift {
			if f := &w.Drift[j]; f.Action == model.ActionDelete {
				x.gone = append(x.gone, f)
			} else {
				x.changed = append(x.changed, f)
			}
		}
		for _, list := range [][]*model.Drift{x.gone, x.changed} {
			slices.SortStableFunc(list, func(a, b *model.Drift) int { return cmp.Compare(dayOf(b.FirstSeen), dayOf(a.FirstSeen)) })
		}
		x.newest = max(newest(len(w.Drift), func(j int) string { return w.Drift[j].FirstSeen }),
			newest(len(w.Outputs), func(j int) string { return w.Outputs[j].FirstSeen }))
		out[i] = x
	}
	slices.SortStableFunc(out, func(a, b *drifted) int {
		return cmp.Or(cmp.Compare(b.weight(), a.weight()), cmp.Compare(b.newest, a.newest))
	})
	return out
}

func (x *drifted) weight() int {
	switch {
	case x.isDrifted():
		return 2
	case !x.checked:
		return 1
	}
	return 0
}

func (x *drifted) isDrifted() bool { return hasDrift(&x.w.Summary) }

func hasDrift(s *model.Summary) bool { return s.Drift+s.Output > 0 }

// sections are what there is to see of a workspace; what it ignores stands in a
// part of its own, at the end.
func (x *drifted) sections(limits Limits) []Section {
	all := []Section{
		diagnosticSection(x.w, "error", limits),
		x.findings(x.gone, KindGone, "resource that is gone", "resources that are gone", limits),
		x.findings(x.changed, KindDrift, "drifted resource", "drifted resources", limits),
		x.outputs(limits),
		checkSection(x.w, limits),
		suggestionSection(x.w, limits),
	}
	return slices.DeleteFunc(all, func(s Section) bool { return s.Len == 0 })
}

func (x *drifted) findings(list []*model.Drift, kind Kind, one, many string, limits Limits) Section {
	s := Section{
		Kind: kind, Len: len(list), Line: RankDriftLine, Detail: RankDriftDiff, Fold: RankDriftFold,
		Missing: counted(one, many),
		Item:    func(i int) Item { return x.item(list[i], limits) },
	}
	if kind == KindGone {
		s.Line, s.Detail, s.Fold = RankGraveLine, RankDestroyDiff, RankDestroyDiff
	}
	return s
}

func (x *drifted) outputs(limits Limits) Section {
	list := slices.Clone(x.w.Outputs)
	slices.SortStableFunc(list, func(a, b model.Output) int { return cmp.Compare(dayOf(b.FirstSeen), dayOf(a.FirstSeen)) })
	return Section{
		Kind: KindOutput, Title: Text{plain("Outputs")}, Len: len(list), Line: RankOutputLine, Detail: RankOutputDiff,
		Missing: counted("output", "outputs"),
		Item:    func(i int) Item { return x.output(&list[i], limits) },
	}
}

// ignoredByAll is what the workspaces ignore, an item for each of them and why.
func ignoredByAll(all []*drifted, limits Limits) Part {
	total, workspaces := 0, 0
	var items []Item
	for _, x := range all {
		if n := len(x.w.Ignored); n > 0 {
			total += n
			workspaces++
		}
		for _, s := range ignoredSections(x.w, limits) {
			for i := range s.Len {
				it := s.Item(i)
				it.Line = append(Text{name(x.label), plain(": ")}, it.Line...)
				items = append(items, it)
			}
		}
	}
	p := Part{Name: plain("Ignored"), Head: Text{plain(Count(total, "finding", "findings") + " in " + Count(workspaces, "workspace", "workspaces"))}}
	if len(items) > 0 {
		p.Sections = []Section{{
			Kind: KindIgnored, Len: len(items), Line: RankNote, Detail: RankNote,
			Item:    func(i int) Item { return items[i] },
			Missing: counted("list of what is ignored", "lists of what is ignored"),
		}}
	}
	return p
}
