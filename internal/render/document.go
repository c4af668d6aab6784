package render

import "github.com/strandline-tf/strandline/internal/model"

// Limits bound the parts of a Document that are there whatever the size of the
// report.
type Limits struct {
	Names int // destroyed, replaced and risky resources by name; remarks on workspaces
	Rows  int // rows of the table of workspaces
	Lines int // lines of one diff or message; 0: all
	Files int // lines of a file to paste; 0: all

	// Standing says that the document stays where it is for as long as nothing
	// else is found, as an issue does: it names no moment that a check of
	// tomorrow would move, and it mentions owners.
	Standing bool
}

// Document is a report as it is read: from the top until one knows enough.
type Document struct {
	Title    Text      // what this is, and the verdict
	Remarks  []Text    // what to know before one relies on the counts
	Dangers  []Text    // what is destroyed, replaced, opened or gone, by name
	Table    Table     // one row a workspace; empty where there is but one
	Sections []Section // of the report as a whole
	Parts    []Part    // workspaces that have more to tell than a row, then the rest
}

// Alone reports whether there is but one part, which needs no name.
func (d *Document) Alone() bool { return len(d.Parts) == 1 && len(d.Table.Rows) == 0 }

// Part is one workspace, or (its name is Plain then) what belongs to none.
type Part struct {
	Name     Span // links to its run
	Head     Text // its verdict
	Open     bool // short enough to be shown at once
	Sections []Section
}

// Section is a list of items of one kind. Items are built when asked for.
type Section struct {
	Kind    Kind               //
	Title   Text               // nil where the items speak for themselves
	Len     int                // at least 1
	Item    func(i int) Item   //
	Missing func(n int) string // what n items left out are, with their number
	Line    Rank               // when the items' lines are given up
	Detail  Rank               // when their details are given up; not before Line
	Fold    Rank               // when what they have folded is given up, not before Detail; 0: they have nothing folded
}

// Item is one finding: a line, and what there is to see.
type Item struct {
	Line   Text
	Hidden string         // what Detail holds, in a word or two: "12 attributes"
	Detail func() []Block // nil: the line says it all
	Fold   string         // what Folded holds, as its heading: "What to do: revert"; "": nothing
	Folded func() []Item  // what not everybody needs who reads the details
}

// Block is a diff, or a text in some language.
type Block struct {
	Language string // diff | patch | hcl | text; the marks of Lines count in a diff and in a patch, whose texts begin with them
	Lines    []Line
}

// New makes the document of a report.
func New(r *model.Report, limits Limits) *Document {
	switch r.Kind {
	case model.KindDrift:
		return newDrift(r, limits)
	case model.KindUnmanaged:
		return newUnmanaged(r, limits)
	case model.KindAdopt:
		return newAdopt(r, limits)
	}
	return newPlan(r, limits)
}

func newPlan(r *model.Report, limits Limits) *Document {
	d := &Document{
		Title:    verdict(r),
		Remarks:  remarks(r, limits),
		Dangers:  dangers(r, limits),
		Sections: reportSections(r),
	}
	if len(r.Workspaces) > 1 {
		d.Table = newTable(r, limits)
	}
	for i := range r.Workspaces {
		w := &r.Workspaces[i]
		sections := workspaceSections(w, limits)
		if len(sections) == 0 || len(d.Table.Rows) > 0 && isToldByRow(sections) {
			continue
		}
		d.Parts = append(d.Parts, Part{
			Name:     link(label(r, w), w.RunURL),
			Head:     workspaceVerdict(w),
			Sections: sections,
		})
	}
	return d
}

// isToldByRow reports whether a workspace's row in the table says as much as
// its sections: that policies and tasks passed, and what it costs.
func isToldByRow(sections []Section) bool {
	for _, s := range sections {
		if s.Line != RankTask {
			return false
		}
	}
	return true
}

// label is the name of a workspace, with its organization where another one
// has the same name.
func label(r *model.Report, w *model.Workspace) string {
	for i := range r.Workspaces {
		if o := &r.Workspaces[i]; o != w && o.Name == w.Name && w.Organization != "" {
			return w.Organization + "/" + w.Name
		}
	}
	return w.Name
}

// labels are the labels of all workspaces of a report.
func labels(r *model.Report) []string {
	named := map[string]int{}
	for i := range r.Workspaces {
		named[r.Workspaces[i].Name]++
	}
	out := make([]string, len(r.Workspaces))
	for i := range out {
		w := &r.Workspaces[i]
		if out[i] = w.Name; named[w.Name] > 1 && w.Organization != "" {
			out[i] = w.Organization + "/" + w.Name
		}
	}
	return out
}
