package render

import (
	"cmp"
	"slices"

	"github.com/strandline-tf/strandline/internal/model"
)

// objectGroup is what would be imported into one workspace.
type objectGroup struct {
	workspace string // "": none is suggested
	objects   []*model.Unmanaged
	newest    string
}

func newUnmanaged(r *model.Report, limits Limits) *Document {
	groups := objectGroups(r)
	d := &Document{
		Title:    unmanagedVerdict(r),
		Remarks:  append(reportRemarks(r), coverageRemarks(r)...),
		Table:    objectTable(r, groups, limits),
		Sections: append(conflictSection(r), reportSections(r)...),
	}
	say := sayingOf(r)
	for _, g := range groups {
		d.Parts = append(d.Parts, g.part(r, say, limits))
	}
	if p := coveragePart(r, limits); len(p.Sections) > 0 {
		d.Parts = append(d.Parts, p)
	}
	if p := ignoredPart(r, limits); len(p.Sections) > 0 {
		d.Parts = append(d.Parts, p)
	}
	return d
}

// objectGroups puts the workspaces with the newest object first, then those
// with the most; what has no workspace stands last.
func objectGroups(r *model.Report) []*objectGroup {
	by := map[string]*objectGroup{}
	var out []*objectGroup
	for i := range r.Unmanaged {
		u := &r.Unmanaged[i]
		workspace := ""
		if u.Suggestion != nil {
			workspace = u.Suggestion.Workspace
		}
		g := by[workspace]
		if g == nil {
			g = &objectGroup{workspace: workspace}
			by[workspace] = g
			out = append(out, g)
		}
		g.objects = append(g.objects, u)
	}
	for _, g := range out {
		g.newest = newest(len(g.objects), func(i int) string { return g.objects[i].FirstSeen })
	}
	slices.SortFunc(out, func(a, b *objectGroup) int {
		if a.workspace == "" || b.workspace == "" {
			return cmp.Compare(b.workspace, a.workspace)
		}
		return cmp.Or(cmp.Compare(b.newest, a.newest), cmp.Compare(len(b.objects), len(a.objects)), cmp.Compare(a.workspace, b.workspace))
	})
	return out
}

// unmanagedCount is how many objects are in no state, also where --show took
// the objects out.
func unmanagedCount(r *model.Report) int {
	if r.Coverage != nil {
		return max(r.Coverage.Unmanaged, len(r.Unmanaged))
	}
	return len(r.Unmanaged)
}

// unmanagedVerdict is the report in one line.
func unmanagedVerdict(r *model.Report) Text {
	out := Text{plain(title(r.Kind) + ": ")}
	switch n := unmanagedCount(r); {
	case n > 0:
		out = append(out, strong(Number(n)+" in no state"))
	case len(r.Problems) > 0:
		out = append(out, plain("none found, but not all could be read"))
	default:
		out = append(out, plain("none"))
	}
	if n := len(r.Conflicts); n > 0 {
		out = append(out, plain(", "), strong(Count(n, "object", "objects")+" in several states"))
	}
	if c := r.Coverage; c != nil && c.Managed+c.Unmanaged > 0 { // of nothing, all is covered; that would mislead
		out = append(out, plain(", "+percent(r.Coverage.Percent)+" covered"))
	}
	return out
}

// name is how a group is called.
func (g *objectGroup) name() Span {
	if g.workspace == "" {
		return plain("No workspace suggested")
	}
	return code(g.workspace)
}

// own are the suggestions that the report holds for the group's workspace as a
// whole.
func (g *objectGroup) own(r *model.Report) []model.Suggestion {
	var out []model.Suggestion
	for i := range r.Workspaces {
		if w := &r.Workspaces[i]; w.Name == g.workspace {
			out = append(out, w.Suggestions...)
		}
	}
	return out
}

func (g *objectGroup) part(r *model.Report, say saying, limits Limits) Part {
	head := Text{plain(Count(len(g.objects), "object", "objects"))}
	if g.newest != "" {
		head = append(head, plain(", newest of "+g.newest))
	}
	return Part{
		Name: g.name(), Head: head, Open: len(r.Unmanaged) <= maxShownAtOnce,
		Sections: append(typeSections(g.objects, say), pasteSections(importFiles(g.own(r), g), limits)...),
	}
}

// typeSections are the objects by type, of each type the newest first.
func typeSections(objects []*model.Unmanaged, say saying) []Section {
	sorted := slices.Clone(objects)
	slices.SortStableFunc(sorted, func(a, b *model.Unmanaged) int {
		return cmp.Or(cmp.Compare(a.Type, b.Type), cmp.Compare(dayOf(b.FirstSeen), dayOf(a.FirstSeen)))
	})
	var out []Section
	for from := 0; from < len(sorted); {
		to := from + 1
		for to < len(sorted) && sorted[to].Type == sorted[from].Type {
			to++
		}
		list := sorted[from:to]
		out = append(out, Section{
			Kind: KindObject, Title: Text{code(list[0].Type), plain(" · " + Number(len(list)))}, Len: len(list), Line: RankObjectLine, Detail: RankObjectLine,
			Item:    func(i int) Item { return say.object(list[i]) },
			Missing: counted("object", "objects"),
		})
		from = to
	}
	return out
}

// saying is what is said of each object. Where all are in one region or
// account, naming it with each is noise.
type saying struct{ account, region, proven bool }

func sayingOf(r *model.Report) saying {
	s := saying{proven: true}
	for i := range r.Unmanaged {
		s.account = s.account || r.Unmanaged[i].Account != r.Unmanaged[0].Account
		s.region = s.region || r.Unmanaged[i].Region != r.Unmanaged[0].Region
	}
	return s
}

// object is one object in no state, and what to make of it.
func (s saying) object(u *model.Unmanaged) Item {
	t := Text{name(objectID(u))}
	if u.Name != "" && u.Name != u.ID {
		t = append(t, plain(" "), code(u.Name))
	}
	if s.region && u.Region != "" {
		t = append(t, plain(" in "), code(u.Region))
	}
	if s.account && u.Account != "" {
		t = append(t, plain(" of "), code(u.Account))
	}
	t = append(t, since(u.FirstSeen)...)
	if u.LastSeen != "" {
		t = append(t, plain(", not looked for this time, last seen "), dayText(u.LastSeen))
	}
	if g := u.Suggestion; g != nil {
		if g.To != "" {
			t = append(t, plain(" · import as "), code(g.To))
		}
		if g.Why != "" {
			t = append(t, plain(": "), words(g.Why))
		}
		if s.proven && doubt(g.Verified) > doubt("unverified") {
			t = append(append(t, plain(" · ")), proven(g.Verified)...)
		}
	}
	return Item{Line: t}
}

// objectID is what an object is imported by.
func objectID(u *model.Unmanaged) string {
	if u.ID != "" || len(u.Identity) == 0 {
		return u.ID
	}
	return InlineValue(u.Identity)
}

// conflictSection lists the objects that several states manage: two workspaces
// undo each other's changes there.
func conflictSection(r *model.Report) []Section {
	if len(r.Conflicts) == 0 {
		return nil
	}
	return []Section{{
		Kind: KindConflict, Title: Text{plain("In several states")}, Len: len(r.Conflicts), Line: RankGate, Detail: RankGate,
		Missing: counted("object in several states", "objects in several states"),
		Item: func(i int) Item {
			c := &r.Conflicts[i]
			t := Text{code(c.Type), plain(" "), name(c.ID), plain(" is managed by ")}
			t = append(t, names(len(c.Workspaces), func(j int) string { return c.Workspaces[j] })...)
			return Item{Line: append(t, since(c.FirstSeen)...)}
		},
	}}
}

// ignoredPart is what is in no state and left out on purpose.
func ignoredPart(r *model.Report, limits Limits) Part {
	p := Part{Name: plain("Ignored"), Head: Text{plain(Count(len(r.Ignored), "object", "objects") + " in no state")}}
	if s := ignoredObjects(r, limits); s.Len > 0 {
		p.Sections = []Section{s}
	}
	return p
}
