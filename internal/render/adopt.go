package render

import (
	"slices"

	"github.com/strandline-tf/strandline/internal/model"
)

// adopted is what an adoption came to in one workspace.
type adopted struct {
	group    *objectGroup
	w        *model.Workspace // nil where the report has none of that name
	files    []paste
	verified string // the least that any of it was proven to
	why      string // what remains, in words
}

func newAdopt(r *model.Report, limits Limits) *Document {
	taken, left := splitAdopted(r)
	all := adoptedWorkspaces(r, taken)
	d := &Document{
		Title:    adoptVerdict(all, left),
		Remarks:  append(reportRemarks(r), adoptRemarks(all, limits)...),
		Sections: append(leftOutSection(left), reportSections(r)...),
	}
	if len(all) > 1 {
		d.Table = adoptTable(all, limits)
	}
	say := sayingOf(r)
	say.proven = false // the workspace's heading says it
	for _, a := range all {
		d.Parts = append(d.Parts, Part{Name: a.name(), Head: a.verdict(), Sections: a.sections(say, limits)})
	}
	if p := ignoredPart(r, limits); len(p.Sections) > 0 {
		d.Parts = append(d.Parts, p)
	}
	return d
}

// splitAdopted tells what was adopted, as a report of its own, from what was
// left out.
func splitAdopted(r *model.Report) (taken *model.Report, left []*model.Unmanaged) {
	taken = &model.Report{}
	for i := range r.Unmanaged {
		u := &r.Unmanaged[i]
		if u.Suggestion != nil && u.Suggestion.To != "" {
			taken.Unmanaged = append(taken.Unmanaged, *u)
		} else {
			left = append(left, u)
		}
	}
	return taken, left
}

// adoptedWorkspaces are those that something was written for, or that could not
// be planned.
func adoptedWorkspaces(r *model.Report, taken *model.Report) []*adopted {
	groups := objectGroups(taken)
	var out []*adopted
	for i := range r.Workspaces {
		w := &r.Workspaces[i]
		g := &objectGroup{workspace: w.Name}
		if at := slices.IndexFunc(groups, func(g *objectGroup) bool { return g.workspace == w.Name }); at >= 0 {
			g = groups[at]
			groups = slices.Delete(groups, at, at+1)
		}
		a := &adopted{group: g, w: w, files: importFiles(w.Suggestions, g)}
		if len(g.objects)+len(a.files)+len(w.Changes) > 0 || !hasResult(w) {
			a.judge(w.Suggestions)
			out = append(out, a)
		}
	}
	for _, g := range groups { // of workspaces that the report doesn't have
		a := &adopted{group: g, files: importFiles(nil, g)}
		a.judge(nil)
		out = append(out, a)
	}
	return out
}

// judge finds what the adoption was proven to: by a workspace's own
// suggestions, else by those for each object.
func (a *adopted) judge(own []model.Suggestion) {
	var all []*model.Suggestion
	for i := range own {
		if own[i].Kind == kindImport {
			all = append(all, &own[i])
		}
	}
	if len(all) == 0 {
		for _, u := range a.group.objects {
			all = append(all, u.Suggestion)
		}
	} else {
		a.why = all[0].Why
	}
	if a.w != nil && a.w.Message != "" {
		a.why = a.w.Message
	}
	for i, s := range all {
		if i == 0 || doubt(s.Verified) > doubt(a.verified) {
			a.verified = s.Verified
		}
	}
}

// doubt orders what can be said of a proposal, the best first.
func doubt(verified string) int {
	return 1 + slices.Index([]string{"no_changes", "unverified", "changes", "failed"}, verified)
}

// adoptVerdict is an adoption in one line.
func adoptVerdict(all []*adopted, left []*model.Unmanaged) Text {
	objects, proved, unproved, differ := 0, 0, 0, 0
	for _, a := range all {
		objects += a.imports()
		switch a.verified {
		case "no_changes":
			proved++
		case "", "unverified":
			unproved++
		default:
			differ++
		}
	}
	out := Text{plain(title(model.KindAdopt) + ": ")}
	if objects == 0 {
		out = append(out, plain("nothing to adopt"))
	} else {
		out = append(out, plain(Count(objects, "object", "objects")+" in "+Count(len(all), "workspace", "workspaces")))
	}
	switch {
	case len(all) == 0:
	case proved == len(all):
		out = append(out, plain(", proven: a plan imports them and changes nothing"))
	case differ > 0:
		out = append(out, plain(", "), strong(Count(differ, "workspace is", "workspaces are")+" not clean yet"))
	}
	if unproved > 0 {
		out = append(out, plain(", "+Count(unproved, "workspace", "workspaces")+" not proven by a plan"))
	}
	if len(left) > 0 {
		out = append(out, plain(", "+Number(len(left))+" left out"))
	}
	return out
}

// imports is how many objects are imported; where --show took them out, what
// the last plan counted.
func (a *adopted) imports() int {
	n := len(a.group.objects)
	if a.w != nil {
		n = max(n, a.w.Summary.Import)
	}
	return n
}

func (a *adopted) name() Span {
	s := a.group.name()
	if a.w != nil {
		s.URL = a.w.RunURL
	}
	return s
}

func (a *adopted) verdict() Text {
	out := Text{plain(Count(a.imports(), "object", "objects") + ", ")}
	return append(out, proven(a.verified)...)
}

// adoptRemarks spell out what the plans say, and what remains where one is not
// clean.
func adoptRemarks(all []*adopted, limits Limits) []Text {
	var out []Text
	for _, a := range all {
		if doubt(a.verified) == doubt("unverified") || doubt(a.verified) == doubt("") || a.why == "" {
			continue
		}
		if len(out) == limits.Names {
			return append(out, Text{plain("And more remarks like these.")})
		}
		out = append(out, append(append(append(Text{a.name(), plain(": ")}, proven(a.verified)...), plain(": ")), words(a.why)))
	}
	return out
}

func adoptTable(all []*adopted, limits Limits) Table {
	over := max(0, len(all)-limits.Rows)
	all = all[:len(all)-over]
	t := Table{Columns: []Column{{Title: "Workspace"}, {Title: "A plan with it"}}}
	for _, a := range all {
		t.Rows = append(t.Rows, Row{a.mood(), []Text{{a.name()}, {plain(a.status())}}})
	}
	t.add(Column{"Objects", true}, func(i int) Text { return number(all[i].imports()) })
	t.add(Column{"Files", true}, func(i int) Text { return number(len(all[i].files)) })
	if over > 0 {
		t.More = "and " + Count(over, "more workspace", "more workspaces")
	}
	return t
}

func (a *adopted) status() string {
	switch a.verified {
	case "no_changes":
		return "changes nothing"
	case "changes":
		return "still changes something"
	case "failed":
		return "could not be made"
	}
	return "not made"
}

func (a *adopted) mood() Mood {
	switch a.verified {
	case "no_changes":
		return Fine
	case "changes":
		return Careful
	case "failed":
		return Bad
	}
	return Waiting
}

// sections are what remains, what was adopted and what was written.
func (a *adopted) sections(say saying, limits Limits) []Section {
	var out []Section
	if a.w != nil {
		remains := *a.w
		remains.Changes = slices.DeleteFunc(slices.Clone(a.w.Changes), func(c model.Change) bool { return c.Action == model.ActionNoOp })
		out = append(out, diagnosticSection(a.w, "error", limits))
		out = append(out, changeSections(&remains, limits)...)
		out = slices.DeleteFunc(out, func(s Section) bool { return s.Len == 0 })
	}
	out = append(out, typeSections(a.group.objects, say)...)
	return append(out, pasteSections(a.files, limits)...)
}

// leftOutSection lists what could not be adopted, and why.
func leftOutSection(left []*model.Unmanaged) []Section {
	if len(left) == 0 {
		return nil
	}
	return []Section{{
		Kind: KindObject, Title: Text{plain("Left out")}, Len: len(left), Line: RankObjectLine, Detail: RankObjectLine,
		Missing: counted("object", "objects"),
		Item: func(i int) Item {
			u := left[i]
			t := Text{code(u.Type), plain(" "), name(objectID(u))}
			if u.Suggestion != nil && u.Suggestion.Why != "" {
				t = append(t, plain(": "), words(u.Suggestion.Why))
			}
			return Item{Line: t}
		},
	}}
}
