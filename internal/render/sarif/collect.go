package sarif

import (
	"strings"

	"github.com/strandline-tf/strandline/internal/model"
	"github.com/strandline-tf/strandline/internal/render"
)

// collector turns a report into results.
type collector struct {
	report  *model.Report
	locate  Locator
	rules   []rule
	results []result
}

func (c *collector) workspaces() {
	c.results = []result{} // the list is never null: it means that nothing was looked at
	for i := range c.report.Workspaces {
		w := &c.report.Workspaces[i]
		c.run(w)
		if c.report.Kind == model.KindDrift {
			c.drift(w)
		} else {
			c.changes(w)
			c.risks(w)
		}
		c.gates(w)
	}
	c.conflicts()
	if c.report.Kind != model.KindAdopt { // there they are what was adopted
		c.unmanaged()
	}
}

// in names the workspace, where there are several.
func (c *collector) in(w *model.Workspace, before string) render.Text {
	if len(c.report.Workspaces) < 2 {
		return nil
	}
	return render.Text{plain(before), code(w.Name)}
}

// run tells of a run that failed, by Terraform's own errors where there are any.
func (c *collector) run(w *model.Workspace) {
	told := false
	for i := range w.Diagnostics {
		d := &w.Diagnostics[i]
		if d.Severity != "error" {
			continue
		}
		told = true
		text := c.in(w, "In workspace ")
		if len(text) > 0 {
			text = append(text, plain(": "))
		}
		text = append(text, said(d.Summary))
		if d.Detail != "" {
			text = append(text, plain(": "), said(d.Detail))
		}
		c.add(w, finding{rule: ruleTerraform, address: d.Address, file: d.File, line: d.Line,
			text: text, also: []string{d.File, d.Summary}})
	}
	if told || w.Status != model.StatusErrored && !w.Errored {
		return
	}
	text := append(render.Text{plain("The run")}, c.in(w, " of workspace ")...)
	if text = append(text, plain(" errored")); w.Message != "" {
		text = append(text, plain(": "), said(w.Message))
	}
	c.add(w, finding{rule: ruleErrored, text: text})
}

// changes tells of what is destroyed or replaced.
func (c *collector) changes(w *model.Workspace) {
	holds := map[string]string{}
	for i := range w.Risks {
		if k := &w.Risks[i]; k.Kind == model.RiskDestroyData || k.Kind == model.RiskReplaceData {
			holds[k.Address] = k.Message
		}
	}
	for i := range w.Changes {
		change := &w.Changes[i]
		f := finding{address: change.Address, also: []string{change.Deposed}}
		data := holds[change.Address]
		switch change.Action {
		case model.ActionDelete:
			if f.rule = ruleDestroy; data != "" {
				f.rule = ruleDestroyData
			}
			f.text = render.Text{plain("Destroys ")}
		case model.ActionReplace, model.ActionReplaceForget:
			if f.rule = ruleReplace; data != "" {
				f.rule = ruleReplaceData
			}
			f.text = render.Text{plain("Replaces ")}
		default:
			continue
		}
		if change.Deposed != "" {
			f.text = append(f.text, plain("a deposed object of "))
		}
		f.text = append(append(f.text, code(change.Address)), c.in(w, " in workspace ")...)
		separator := ": "
		for _, why := range []render.Text{{said(data)}, render.Why(change), {plain(how(change))}} {
			if flat(why) != "" {
				f.text = append(append(f.text, plain(separator)), why...)
				separator = "; "
			}
		}
		c.add(w, f)
	}
}

// how says what becomes of the old object of a replacement.
func how(c *model.Change) string {
	if c.Action == model.ActionReplaceForget {
		return "the old object lives on, unmanaged"
	}
	return render.Order(c)
}

// risks tells of what is opened; what is lost stands among the changes.
func (c *collector) risks(w *model.Workspace) {
	for i := range w.Risks {
		k := &w.Risks[i]
		f := finding{rule: ruleRisk, address: k.Address, also: []string{k.Kind, k.Path, k.Brief}}
		switch k.Kind {
		case model.RiskDestroyData, model.RiskReplaceData:
			continue
		case model.RiskPublicIngress:
			f.rule = rulePublicIngress
		case model.RiskPublicAccess:
			f.rule = rulePublicAccess
		case model.RiskWildcard:
			f.rule = ruleWildcard
		}
		f.text = render.Text{code(k.Address)}
		if k.Path != "" {
			f.text = append(f.text, plain(", "), code(k.Path))
		}
		f.text = append(append(f.text, c.in(w, " in workspace ")...), plain(": "), said(k.Message))
		c.add(w, f)
	}
}

// gates tells of failed policies and checks.
func (c *collector) gates(w *model.Workspace) {
	for i := range w.Policies {
		p := &w.Policies[i]
		if !p.Failed() {
			continue
		}
		f := finding{rule: rulePolicy, also: []string{p.Set, p.Name}, text: render.Text{plain("Policy "), code(p.Name)}}
		if p.Level == "advisory" {
			f.level = levelWarning
		}
		if p.Set != "" {
			f.text = append(f.text, plain(" of "), code(p.Set))
		}
		if f.text = append(f.text, plain(" failed")); p.Status == "errored" {
			f.text[len(f.text)-1] = plain(" could not be evaluated")
		}
		f.text = append(f.text, c.in(w, " in workspace ")...)
		if p.Output != "" {
			f.text = append(f.text, plain(": "), said(p.Output))
		}
		c.add(w, f)
	}
	for i := range w.Checks {
		k := &w.Checks[i]
		if !k.Failed() {
			continue
		}
		f := finding{rule: ruleCheck, address: k.Address, text: append(render.Text{code(k.Address), plain(" failed")}, c.in(w, " in workspace ")...)}
		if k.Kind != "check" && k.Kind != "" { // of a check block Terraform itself makes a warning
			f.level = levelError
		}
		if len(k.Problems) > 0 {
			f.text = append(f.text, plain(": "), said(strings.Join(k.Problems, "; ")))
		}
		c.add(w, f)
	}
}

// invocation says whether all that was to be looked at could be, §3.20.
func (c *collector) invocation() invocation {
	out := invocation{Successful: len(c.report.Problems) == 0}
	for i := range c.report.Problems {
		p := &c.report.Problems[i]
		text := render.Text{said(p.Message)}
		if p.Workspace != "" {
			text = append(render.Text{code(p.Workspace), plain(": ")}, text...)
		}
		out.Notifications = append(out.Notifications, notification{levelError, message{Text: flat(text)}})
	}
	return out
}
