package render

import "github.com/strandline-tf/strandline/internal/model"

// danger is a resource that is destroyed or replaced, with what it holds.
type danger struct {
	workspace *model.Workspace
	change    *model.Change
	holds     string // a risk's own words; "": nothing known
}

// dangers name what is destroyed or replaced, what holds data first, and then
// the other risks; each list is bounded, and counts what is over.
func dangers(r *model.Report, limits Limits) []Text {
	var ranked [4][]danger // data destroyed, data replaced, other destroyed, other replaced
	total := 0
	for i := range r.Workspaces {
		w := &r.Workspaces[i]
		holds := dataRisks(w)
		for j := range w.Changes {
			c := &w.Changes[j]
			at := 0
			switch c.Action {
			case model.ActionDelete:
			case model.ActionReplace, model.ActionReplaceForget:
				at = 1
			default:
				continue
			}
			total++
			message, ok := holds[c.Address]
			if !ok {
				at += 2
			}
			if len(ranked[at]) < limits.Names {
				ranked[at] = append(ranked[at], danger{w, c, message})
			}
		}
	}
	var out []Text
	for _, list := range ranked {
		for _, d := range list {
			if len(out) < limits.Names {
				out = append(out, d.text(r))
			}
		}
	}
	if over := total - len(out); over > 0 {
		out = append(out, Text{plain("and " + Number(over) + " more destroyed or replaced")})
	}
	return append(out, otherRisks(r, limits)...)
}

// dataRisks maps the address of what holds data to the words for it.
func dataRisks(w *model.Workspace) map[string]string {
	holds := map[string]string{}
	for i := range w.Risks {
		if k := &w.Risks[i]; isDataRisk(k) {
			holds[k.Address] = k.Message
		}
	}
	return holds
}

func isDataRisk(k *model.Risk) bool { return k.Kind == "destroy_data" || k.Kind == "replace_data" }

func (d danger) text(r *model.Report) Text {
	verb := "Destroys"
	if d.change.Action != model.ActionDelete {
		verb = "Replaces"
	}
	out := Text{strong(verb), plain(" ")}
	if d.change.Deposed != "" {
		out = append(out, plain("a deposed object of "))
	}
	out = append(out, code(d.change.Address))
	if len(r.Workspaces) > 1 {
		out = append(out, plain(" in "), code(label(r, d.workspace)))
	}
	var why []Text
	if d.holds != "" {
		why = append(why, Text{words(d.holds)})
	}
	why = append(why, reason(d.change))
	if d.change.Action == model.ActionReplaceForget {
		why = append(why, Text{plain("the old object lives on, unmanaged")})
	} else if order := Order(d.change); order != "" {
		why = append(why, Text{plain(order)})
	}
	if all := join("; ", why...); len(all) > 0 {
		out = append(append(append(out, plain(" (")), all...), plain(")"))
	}
	return out
}

// Why says why Terraform does what it does to a change's resource, where it
// said so; nil where it didn't.
func Why(c *model.Change) Text { return reason(c) }

// maxForcing is how many attributes that force a replacement are named.
const maxForcing = 3

// reason says why Terraform does it, where it said so: for a replacement, which
// attributes force it.
func reason(c *model.Change) Text {
	var out Text
	more := 0
	if c.Action == model.ActionReplace || c.Action == model.ActionReplaceForget {
		for i := range c.Attributes {
			switch a := &c.Attributes[i]; {
			case !a.ForcesReplacement:
			case len(out) >= 2*maxForcing-1:
				more++
			default:
				if len(out) > 0 {
					out = append(out, plain(", "))
				}
				out = append(out, code(a.Path))
			}
		}
	}
	switch {
	case len(out) > 0 && more > 0:
		return append(out, plain(" and "+Number(more)+" more can't be changed in place"))
	case len(out) > 0:
		return append(out, plain(" can't be changed in place"))
	case c.ReasonText != "":
		return Text{words(c.ReasonText)}
	case c.Reason != "":
		return Text{code(c.Reason)}
	}
	return nil
}

// otherRisks are security relevant changes, one line each.
func otherRisks(r *model.Report, limits Limits) []Text {
	var out []Text
	over := 0
	for i := range r.Workspaces {
		w := &r.Workspaces[i]
		for j := range w.Risks {
			k := &w.Risks[j]
			if isDataRisk(k) {
				continue
			}
			if len(out) >= limits.Names {
				over++
				continue
			}
			t := Text{strong("Risk"), plain(" in "), code(k.Address)}
			if len(r.Workspaces) > 1 {
				t = append(t, plain(" of "), code(label(r, w)))
			}
			if k.Path != "" {
				t = append(t, plain(", "), code(k.Path))
			}
			if k.Message != "" {
				t = append(t, plain(": "), words(k.Message))
			}
			out = append(out, t)
		}
	}
	if over > 0 {
		out = append(out, Text{plain("and " + Count(over, "more risk", "more risks"))})
	}
	return out
}
