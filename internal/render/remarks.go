package render

import "github.com/strandline-tf/strandline/internal/model"

// remarks say what to know before one relies on the counts: what the report
// does not show, and which workspaces have no whole plan.
func remarks(r *model.Report, limits Limits) []Text {
	out := reportRemarks(r)
	named, over := 0, 0
	for i := range r.Workspaces {
		for _, t := range workspaceRemarks(r, &r.Workspaces[i]) {
			if named++; named > limits.Names {
				over++
				continue
			}
			out = append(out, t)
		}
	}
	if over > 0 {
		out = append(out, Text{plain("And " + Count(over, "more remark", "more remarks") + " like these.")})
	}
	return out
}

func workspaceRemarks(r *model.Report, w *model.Workspace) []Text {
	var out []Text
	say := func(t ...Span) {
		if len(r.Workspaces) > 1 {
			t = append(Text{link(label(r, w), w.RunURL), plain(": ")}, t...)
		}
		out = append(out, t)
	}
	for _, s := range troubles() {
		if w.Status != s {
			continue
		}
		t := Text{strong(StatusWords(s))}
		if w.Message != "" {
			t = append(t, plain(": "), words(w.Message))
		}
		say(t...)
	}
	if hasResult(w) {
		switch {
		case w.Errored:
			say(strong("planning stopped part way"), plain(": what is shown is not all that would change"))
		case !w.Complete:
			say(strong("partial plan"), plain(" (targeted or deferred): more may change once it is applied"))
		}
	}
	if w.Redacted {
		say(strong("values withheld"), plain(": the token in use may read only Terraform Cloud's redacted plan"))
	}
	return out
}

// reportRemarks say what the report as a whole does not show.
func reportRemarks(r *model.Report) []Text {
	var out []Text
	switch r.Show {
	case model.ShowNames:
		out = append(out, Text{plain("Values are not shown here, on purpose: names only.")})
	case model.ShowCounts:
		out = append(out, Text{plain("Details are not shown here, on purpose: counts only.")})
	}
	if n := len(r.Problems); n > 0 {
		out = append(out, Text{strong("The report is partial"), plain(": " + Count(n, "thing", "things") + " could not be read.")})
	}
	return out
}
