package render

import (
	"github.com/strandline-tf/strandline/internal/model"
)

func actionSection(w *model.Workspace, limits Limits) Section {
	return Section{
		Kind: KindAction, Title: Text{plain("Actions")}, Len: len(w.Actions), Line: RankLaterLine, Detail: RankLaterDetail,
		Missing: counted("action invocation", "action invocations"),
		Item:    func(i int) Item { return actionItem(&w.Actions[i], limits) },
	}
}

func actionItem(a *model.Action, limits Limits) Item {
	t := Text{name(a.Address), plain(" invoked")}
	if a.DeferredReason != "" {
		t = Text{name(a.Address), plain(" deferred ("), code(a.DeferredReason), plain(")")}
	}
	if a.Event != "" {
		t = append(t, plain(" on "), code(a.Event))
	}
	if a.Trigger != "" {
		t = append(t, plain(" of "), code(a.Trigger))
	}
	if a.OnFailure != "" {
		t = append(t, plain(", on failure "), code(a.OnFailure))
	}
	it := Item{Line: t}
	if config := prettyJSON(string(a.Config)); config != "" && config != "{}\n" {
		it.Hidden = "its configuration"
		it.Detail = func() []Block { return []Block{textBlock("hcl", config, limits)} }
	}
	return it
}

// maxNamed is how many names stand in the line of an item for several things.
const maxNamed = 8

// names lists the first of n names.
func names(n int, of func(i int) string) Text {
	var out Text
	for i := range min(n, maxNamed) {
		if i > 0 {
			out = append(out, plain(", "))
		}
		out = append(out, code(of(i)))
	}
	if n > maxNamed {
		out = append(out, plain(" and "+Number(n-maxNamed)+" more"))
	}
	return out
}

// outputSection shows all outputs as one diff: most take one line.
func outputSection(w *model.Workspace, limits Limits) Section {
	n := len(w.Outputs)
	item := func() Item {
		return Item{
			Line:   append(Text{strong("Outputs"), plain(" · ")}, names(n, func(i int) string { return w.Outputs[i].Name })...),
			Hidden: "values",
			Detail: func() []Block {
				return []Block{{Language: "diff", Lines: outputLines(w.Outputs, limits)}}
			},
		}
	}
	return single(KindOutput, n, "output", "outputs", item, RankOutputLine, RankOutputDiff)
}

// outputLines are all outputs with their signs in one column.
func outputLines(outputs []model.Output, limits Limits) []Line {
	l := &lines{limit: limits.Lines}
	width := 0
	all := make([]model.Change, len(outputs))
	for i := range outputs {
		o := &outputs[i]
		all[i] = model.Change{Action: o.Action, Attributes: o.Attributes}
		if len(o.Attributes) == 0 {
			all[i].Attributes = []model.Attribute{{Path: o.Name, Before: o.Before, After: o.After, Sensitive: o.Sensitive, Unknown: o.Unknown}}
		}
		width = max(width, nameColumn(all[i].Attributes))
	}
	for i := range all {
		l.change(&all[i], width)
	}
	return l.done()
}
