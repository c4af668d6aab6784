package render

import (
	"strconv"
	"strings"

	"github.com/strandline-tf/strandline/internal/model"
)

// diagnosticSection shows what Terraform itself said; severity is error or
// warning. Anything that is not an error counts as a warning.
func diagnosticSection(w *model.Workspace, severity string, limits Limits) Section {
	var list []*model.Diagnostic
	for i := range w.Diagnostics {
		if d := &w.Diagnostics[i]; (d.Severity == "error") == (severity == "error") {
			list = append(list, d)
		}
	}
	s := Section{
		Kind: KindWarning, Len: len(list), Line: RankWarning, Detail: RankWarning,
		Missing: counted("warning", "warnings"),
		Item:    func(i int) Item { return diagnosticItem(list[i], limits) },
	}
	if severity == "error" {
		s.Kind, s.Missing = KindError, counted("error", "errors")
		s.Line, s.Detail = RankError, RankErrorDetail
	}
	return s
}

func diagnosticItem(d *model.Diagnostic, limits Limits) Item {
	t := Text{strong("Warning"), plain(": "), words(d.Summary)}
	if d.Severity == "error" {
		t[0] = strong("Error")
	}
	if d.Address != "" {
		t = append(t, plain(" with "), code(d.Address))
	}
	if d.File != "" {
		place := d.File
		if d.Line > 0 {
			place += ":" + strconv.Itoa(d.Line)
		}
		t = append(t, plain(" at "), code(place))
	}
	return withText(Item{Line: t}, "what it says", strings.Trim(d.Snippet+"\n\n"+d.Detail, "\r\n"), limits)
}

// withText gives an item a text to show, where there is one.
func withText(it Item, hidden, text string, limits Limits) Item {
	if strings.TrimSpace(text) != "" {
		it.Hidden = hidden
		it.Detail = func() []Block { return []Block{textBlock("text", text, limits)} }
	}
	return it
}

func checkSection(w *model.Workspace, limits Limits) Section {
	var list []*model.Check
	for i := range w.Checks {
		if c := &w.Checks[i]; c.Failed() || len(c.Problems) > 0 {
			list = append(list, c)
		}
	}
	return Section{
		Kind: KindCheck, Title: Text{plain("Checks")}, Len: len(list), Line: RankGate, Detail: RankGateDetail,
		Missing: counted("check", "checks"),
		Item: func(i int) Item {
			c := list[i]
			t := Text{name(c.Address), plain(" "), strong(checkWords(c.Status))}
			return withText(Item{Line: t}, Count(len(c.Problems), "problem", "problems"), strings.Join(c.Problems, "\n"), limits)
		},
	}
}

func checkWords(status string) string {
	switch status {
	case "pass":
		return "passed"
	case "fail":
		return "failed"
	case "error":
		return "could not be evaluated"
	}
	return "known after apply"
}

// outcome is the status of a policy or run task: our own word for those that
// are known, so that a failure stands out.
func outcome(status string) Span {
	switch status {
	case "passed", "overridden", "pending", "running", "canceled":
		return plain(status)
	case "failed", "errored", "unreachable":
		return strong(status)
	}
	return code(status)
}

func failedPolicySection(w *model.Workspace, limits Limits) Section {
	var list []*model.Policy
	for i := range w.Policies {
		if p := &w.Policies[i]; p.Status != "passed" {
			list = append(list, p)
		}
	}
	return Section{
		Kind: KindPolicy, Title: Text{plain("Policies")}, Len: len(list), Line: RankGate, Detail: RankGateDetail,
		Missing: counted("policy", "policies"),
		Item: func(i int) Item {
			p := list[i]
			t := Text{name(p.Name), plain(" "), outcome(p.Status)}
			if p.Level != "" {
				t = append(t, plain(", "), code(p.Level))
			}
			if p.Set != "" {
				t = append(t, plain(", in "), code(p.Set))
			}
			return withText(Item{Line: t}, "what it says", p.Output, limits)
		},
	}
}

func passedPolicySection(w *model.Workspace) Section {
	var list []string
	for i := range w.Policies {
		if w.Policies[i].Status == "passed" {
			list = append(list, w.Policies[i].Name)
		}
	}
	n := len(list)
	item := func() Item {
		return Item{Line: append(Text{plain(Count(n, "policy", "policies") + " passed: ")},
			names(n, func(i int) string { return list[i] })...)}
	}
	return single(KindPolicy, n, "policy that passed", "policies that passed", item, RankTask, RankTask)
}

func taskSection(w *model.Workspace) Section {
	rank := RankTask
	for i := range w.RunTasks {
		if w.RunTasks[i].Status != "passed" {
			rank = RankGate
		}
	}
	return Section{
		Kind: KindTask, Title: Text{plain("Run tasks")}, Len: len(w.RunTasks), Line: rank, Detail: rank,
		Missing: counted("run task", "run tasks"),
		Item: func(i int) Item {
			task := &w.RunTasks[i]
			title := name(task.Name)
			title.URL = task.URL
			t := Text{title, plain(" "), outcome(task.Status)}
			if task.Enforcement != "" {
				t = append(t, plain(", "), code(task.Enforcement))
			}
			if task.Stage != "" {
				t = append(t, plain(", "), code(task.Stage))
			}
			if task.Message != "" {
				t = append(t, plain(": "), words(task.Message))
			}
			return Item{Line: t}
		},
	}
}

func costSection(w *model.Workspace) Section {
	n := 0
	if w.Cost != nil {
		n = 1
	}
	item := func() Item {
		c := w.Cost
		return Item{Line: Text{strong("Cost"), plain(" a month: "), code(c.Prior), plain(" before, "), code(c.Proposed),
			plain(" after, a difference of "), code(strings.TrimSpace(c.Delta + " " + c.Currency))}}
	}
	return single(KindCost, n, "cost estimate", "cost estimates", item, RankTask, RankTask)
}
