package model

// Show says how much of a change is told.
type Show string

// The levels of --show.
const (
	ShowValues Show = "values" // everything
	ShowNames  Show = "names"  // addresses and attribute names, no values: for public repositories
	ShowCounts Show = "counts" // counters only
)

// Limit takes out of a finished report what level does not allow to be told.
// Counters stay as they are.
func (r *Report) Limit(level Show) {
	if level == ShowValues || level == "" {
		return
	}
	r.Show = level
	for i := range r.Workspaces {
		w := &r.Workspaces[i]
		w.dropValues()
		if level == ShowCounts {
			w.dropLists()
		}
	}
	for i := range r.Unmanaged {
		r.Unmanaged[i].dropValues()
	}
	if level == ShowCounts {
		r.Unmanaged, r.Conflicts, r.Ignored = []Unmanaged{}, []Conflict{}, []Ignored{}
		r.Problems = countsOnly(r.Problems)
		r.Notes = []string{}
	}
}

// countsOnly keeps that something could not be read, and where, without the
// text that says what (an address, a path).
func countsOnly(problems []Problem) []Problem {
	out := make([]Problem, len(problems))
	for i, p := range problems {
		out[i] = Problem{Workspace: p.Workspace, Message: "something could not be read; the log says what"}
	}
	return out
}

// dropValues keeps what an object is told apart by, as an address is kept of a
// resource: its id or, where it has none, its identity.
func (u *Unmanaged) dropValues() {
	if u.ID != "" {
		u.Identity = nil
	}
	u.Tags = nil
	if g := u.Suggestion; g != nil { // where it belongs and what it would be called are names
		u.Suggestion = &Suggestion{Kind: g.Kind, To: g.To, Workspace: g.Workspace, Files: []File{}, Verified: g.Verified}
	}
}

func (w *Workspace) dropValues() {
	for i := range w.Changes {
		w.Changes[i].dropValues()
	}
	for i := range w.Drift {
		w.Drift[i].dropValues()
		w.Drift[i].Suggestions = []Suggestion{}
	}
	for i := range w.Deferred {
		w.Deferred[i].dropValues()
	}
	for i := range w.Outputs {
		o := &w.Outputs[i]
		o.Before, o.After = nil, nil
		dropValues(o.Attributes)
	}
	for i := range w.Actions {
		w.Actions[i].Config = nil
	}
	// What follows is free text that may quote any value.
	for i := range w.Checks {
		w.Checks[i].Problems = []string{}
	}
	for i := range w.Policies {
		w.Policies[i].Output = ""
	}
	for i := range w.RunTasks {
		w.RunTasks[i].Message = ""
	}
	for i := range w.Diagnostics {
		d := &w.Diagnostics[i]
		d.Detail, d.Snippet = "", ""
	}
	for i := range w.Risks {
		w.Risks[i].Message = w.Risks[i].Brief
	}
	w.Suggestions = []Suggestion{}
}

func (w *Workspace) dropLists() {
	w.Message = ""
	w.Changes, w.Drift, w.Outputs, w.Deferred = []Change{}, []Drift{}, []Output{}, []Deferred{}
	w.Actions, w.Checks, w.Policies, w.RunTasks = []Action{}, []Check{}, []Policy{}, []RunTask{}
	w.Diagnostics, w.Risks, w.Ignored = []Diagnostic{}, []Risk{}, []Ignored{}
	w.Cost = nil
}

func (c *Change) dropValues() {
	c.GeneratedConfig, c.Unchanged = "", nil
	if c.Import != nil {
		c.Import = &Import{Unknown: c.Import.Unknown}
	}
	dropValues(c.Attributes)
}

func dropValues(attributes []Attribute) {
	for i := range attributes {
		attributes[i].Before, attributes[i].After = nil, nil
	}
}
