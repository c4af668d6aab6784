package render

import (
	"slices"

	"github.com/strandline-tf/strandline/internal/model"
)

// driftCounts is what a drift report comes to.
type driftCounts struct {
	workspaces, drifted, unchecked   int // workspaces
	resources, gone, outputs, checks int
}

func countDrift(r *model.Report) driftCounts {
	n := driftCounts{workspaces: len(r.Workspaces), resources: r.Summary.Drift, outputs: r.Summary.Output, checks: r.Summary.CheckFailed}
	for i := range r.Workspaces {
		w := &r.Workspaces[i]
		if hasDrift(&w.Summary) {
			n.drifted++
		}
		if !isChecked(w) {
			n.unchecked++
		}
		for j := range w.Drift {
			if w.Drift[j].Action == model.ActionDelete {
				n.gone++
			}
		}
	}
	return n
}

// isChecked reports whether what a workspace holds is what is true now, not
// what was known before.
func isChecked(w *model.Workspace) bool { return w.Checked && hasResult(w) }

// driftVerdict is a drift report in one line.
func driftVerdict(r *model.Report) Text {
	n := countDrift(r)
	out := Text{plain(title(r.Kind))}
	if n.workspaces == 1 {
		out = append(out, plain(" in "), link(r.Workspaces[0].Name, r.Workspaces[0].RunURL))
	}
	out = append(out, plain(": "))
	if n.workspaces == 0 {
		return append(out, plain("no workspaces to report on"))
	}
	parts := n.words()
	if n.checks > 0 {
		parts = append(parts, Text{strong(Count(n.checks, "check failed", "checks failed"))})
	}
	switch {
	case n.unchecked == 0:
	case n.workspaces == 1:
		parts = append(parts, Text{strong("not checked")})
	default:
		parts = append(parts, Text{strong(Count(n.unchecked, "workspace", "workspaces") + " could not be checked")})
	}
	return append(out, join(", ", parts...)...)
}

// words are the counts of what drifted, and where.
func (n driftCounts) words() []Text {
	where := ""
	if n.workspaces > 1 {
		where = " in " + Count(n.drifted, "workspace", "workspaces")
	}
	var out []Text
	if n.resources > 0 {
		out = append(out, Text{strong(Count(n.resources, "resource", "resources") + where)})
		where = ""
	}
	if n.gone > 0 {
		out = append(out, Text{strong(Number(n.gone) + " gone")})
	}
	if n.outputs > 0 {
		out = append(out, Text{plain(Count(n.outputs, "output", "outputs") + where)})
	}
	if len(out) > 0 {
		return out
	}
	switch checked := n.workspaces - n.unchecked; {
	case checked == 0:
		return nil
	case n.unchecked > 0:
		return []Text{{plain("none in the " + Count(checked, "workspace that was", "workspaces that were") + " checked")}}
	case n.workspaces > 1:
		return []Text{{plain("none in " + Number(n.workspaces) + " workspaces")}}
	}
	return []Text{{plain("none")}}
}

// verdict is what one workspace's heading says.
func (x *drifted) verdict() Text {
	s := &x.w.Summary
	var out []Text
	if !x.checked {
		out = append(out, Text{strong("not checked")})
	}
	if n := len(x.gone); n > 0 {
		out = append(out, Text{strong(Number(n) + " gone")})
	}
	if n := s.Drift - len(x.gone); n > 0 {
		out = append(out, Text{plain(Number(n) + " changed")})
	}
	if s.Output > 0 {
		out = append(out, Text{plain(Count(s.Output, "output", "outputs"))})
	}
	if s.CheckFailed > 0 {
		out = append(out, Text{strong(Count(s.CheckFailed, "check failed", "checks failed"))})
	}
	if x.newest != "" {
		out = append(out, Text{plain("newest of " + x.newest)})
	}
	return join(", ", out...)
}

// driftRemarks say what to know before one relies on a drift report.
func driftRemarks(r *model.Report, all []*drifted, limits Limits) []Text {
	out := reportRemarks(r)
	for _, x := range all {
		if x.w.Redacted && x.isDrifted() {
			out = append(out, Text{link(x.label, x.w.RunURL), plain(": "), strong("values withheld"), plain(": the token in use may read only Terraform Cloud's redacted plan")})
		}
	}
	if len(all) == 1 {
		x := all[0]
		if owners := x.owners(limits); len(owners) > 0 {
			out = append(out, append(Text{plain("Owners: ")}, owners...))
		}
		if source := x.source(limits); len(source) > 0 {
			out = append(out, append(Text{plain("Known from ")}, source...))
		}
	}
	if over := len(out) - limits.Names; over > 0 {
		out = append(out[:limits.Names], Text{plain("And " + Count(over, "more remark", "more remarks") + " like these.")})
	}
	return out
}

// told is the report without the problems that the list of unchecked workspaces
// tells already, and with notes on what its findings don't tell.
func told(r *model.Report, all []*drifted, limits Limits) *model.Report {
	type problem struct{ workspace, message string }
	seen := map[problem]bool{}
	for _, x := range all {
		if !x.checked {
			seen[problem{x.w.Name, x.w.Message}] = true
		}
	}
	out := *r
	out.Problems = slices.DeleteFunc(slices.Clone(r.Problems), func(p model.Problem) bool { return seen[problem{p.Workspace, p.Message}] })
	out.Notes = slices.Clone(r.Notes)
	if slices.ContainsFunc(all, (*drifted).isUntold) {
		out.Notes = append(out.Notes, "Where nothing is said of the next apply, a refresh-only plan could not tell.")
	}
	if limits.Standing && Findings(r) > 0 {
		out.Notes = append(out.Notes, "What is ignored, by pattern or as merely computed anew (--computed-drift), stands in the full report only.")
	}
	return &out
}

// isUntold reports whether of some finding it isn't known if it affects the
// next apply.
func (x *drifted) isUntold() bool {
	return slices.ContainsFunc(x.w.Drift, func(d model.Drift) bool { return d.AffectsPlan == nil })
}

// goneRemarks name the resources that are gone.
func goneRemarks(all []*drifted, limits Limits) []Text {
	var out []Text
	over := 0
	for _, x := range all {
		for _, f := range x.gone {
			if len(out) >= limits.Names {
				over++
				continue
			}
			t := Text{strong("Gone"), plain(": "), code(f.Address)}
			if len(all) > 1 {
				t = append(t, plain(" in "), code(x.label))
			}
			out = append(out, append(t, since(f.FirstSeen)...))
		}
	}
	if over > 0 {
		out = append(out, Text{plain("and " + Number(over) + " more that are gone")})
	}
	return out
}

// owners are whom to ask.
func (x *drifted) owners(limits Limits) Text {
	var out []Text
	for _, owner := range x.w.Owners {
		span := code(owner)
		if limits.Standing && x.isDrifted() {
			span.Style = Mention
		}
		out = append(out, Text{span})
	}
	return join(", ", out...)
}

// source says how a workspace's drift was found out and, where the document
// doesn't stand for long, as of when.
func (x *drifted) source(limits Limits) Text {
	var t Text
	switch x.w.Source {
	case "":
		return nil
	case model.DriftFromAssessment:
		t = Text{plain("health assessment")}
	case model.DriftFromRun:
		t = Text{plain("refresh-only run")}
	case model.DriftFromLatest:
		t = Text{plain("last run")}
	case model.DriftFromFile:
		t = Text{plain("plan file")}
	default:
		t = Text{code(string(x.w.Source))}
	}
	if x.w.CheckedAt != "" && !limits.Standing {
		t = append(t, plain(", "), minuteText(x.w.CheckedAt))
	}
	return t
}
