package render

import "github.com/strandline-tf/strandline/internal/model"

// troubles are the states of a workspace that its counts don't tell of, in the
// order in which a verdict names them.
func troubles() []model.Status {
	return []model.Status{model.StatusErrored, model.StatusUnreadable, model.StatusPolicyFailed,
		model.StatusCanceled, model.StatusDiscarded, model.StatusPending}
}

// hasResult reports whether a workspace's counts are those of a finished plan.
func hasResult(w *model.Workspace) bool {
	switch w.Status {
	case model.StatusErrored, model.StatusUnreadable, model.StatusCanceled, model.StatusDiscarded, model.StatusPending:
		return false
	}
	return true
}

// verdict is the report in one line: what went wrong, then the counts.
func verdict(r *model.Report) Text {
	out := Text{plain(title(r.Kind))}
	if len(r.Workspaces) == 1 {
		out = append(out, plain(" for "), link(r.Workspaces[0].Name, r.Workspaces[0].RunURL))
	}
	out = append(out, plain(": "))
	if len(r.Workspaces) == 0 {
		return append(out, plain("no workspaces to report on"))
	}
	finished := 0
	for i := range r.Workspaces {
		if hasResult(&r.Workspaces[i]) {
			finished++
		}
	}
	none := ""
	switch {
	case r.Summary.HasChanges() || finished == 0:
	case finished == len(r.Workspaces):
		none = "no changes"
	default:
		none = "no changes in the other " + Number(finished)
	}
	return append(out, join(", ", append(troubleWords(r), tallyWords(&r.Summary, none)...)...)...)
}

// troubleWords counts the workspaces in trouble, by kind.
func troubleWords(r *model.Report) []Text {
	var out []Text
	for _, s := range troubles() {
		n := 0
		for i := range r.Workspaces {
			if r.Workspaces[i].Status == s {
				n++
			}
		}
		switch {
		case n == 0, s == model.StatusPolicyFailed && r.Summary.PolicyFailed > 0:
		case len(r.Workspaces) == 1:
			out = append(out, Text{strong(StatusWords(s))})
		default:
			out = append(out, Text{strong(Count(n, "workspace", "workspaces") + " " + StatusWords(s))})
		}
	}
	return out
}

// tallyWords are the counts; none, if not "", says that nothing would change,
// and stands behind what must not be missed.
func tallyWords(s *model.Summary, none string) []Text {
	var grave, rest []Text
	for _, t := range Tallies(s) {
		if t.Strong {
			grave = append(grave, Text{strong(t.Words)})
		} else {
			rest = append(rest, Text{plain(t.Words)})
		}
	}
	if none != "" {
		grave = append(grave, Text{plain(none)})
	}
	return append(grave, rest...)
}

// workspaceVerdict is what one workspace's heading says.
func workspaceVerdict(w *model.Workspace) Text {
	var status []Text
	none := ""
	switch {
	case !hasResult(w), w.Status == model.StatusPolicyFailed && w.Summary.PolicyFailed == 0:
		status = []Text{{strong(StatusWords(w.Status))}}
	case !w.Summary.HasChanges():
		none = "no changes"
	}
	return join(", ", append(status, tallyWords(&w.Summary, none)...)...)
}
