package render

import (
	"github.com/strandline-tf/strandline/internal/model"
)

func actionSection(w *model.Workspace, limits Limits) Section {
	return Section{
		Kind: KindAction, Title: "Actions", Len: len(w.Actions), Line: RankLaterLine, Detail: RankLaterDetail,
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

func suggestionSection(w *model.Workspace, limits Limits) Section {
	return Section{
		Kind: KindSuggestion, Title: "Suggestions", Len: len(w.Suggestions), Line: RankSuggestion, Detail: RankSuggestionFile,
		Missing: counted("suggestion", "suggestions"),
		Item: func(i int) Item {
			g := &w.Suggestions[i]
			t := Text{words(g.Why)}
			if g.To != "" {
				t = append(Text{name(g.To), plain(": ")}, t...)
			}
			if g.Verified != "" {
				t = append(t, plain(" · a plan with it: "), code(g.Verified))
			}
			it := Item{Line: t}
			if len(g.Files) > 0 || g.Patch != "" {
				it.Hidden = "to paste"
				it.Detail = func() []Block { return suggestionBlocks(g, limits) }
			}
			return it
		},
	}
}

// suggestionBlocks are the files and the patch of a suggestion.
func suggestionBlocks(g *model.Suggestion, limits Limits) []Block {
	var out []Block
	for i := range g.Files {
		f := &g.Files[i]
		b := textBlock("hcl", f.Content, limits)
		if f.Path != "" {
			b.Lines = append([]Line{{Same, "# " + Visible(f.Path)}}, b.Lines...)
		}
		out = append(out, b)
	}
	if g.Patch != "" {
		b := textBlock("diff", g.Patch, limits)
		for i, line := range b.Lines {
			b.Lines[i] = patchLine(line)
		}
		out = append(out, b)
	}
	return out
}

// patchLine takes the mark of a patch's line for our own.
func patchLine(l Line) Line {
	if l.Text == "" || l.Op == Note {
		return l
	}
	switch op := Op(l.Text[0]); op {
	case Add, Remove, Same:
		return Line{op, l.Text[1:]}
	}
	return Line{Note, l.Text}
}

func ignoredSection(w *model.Workspace, limits Limits) Section {
	n := len(w.Ignored)
	item := func() Item {
		return Item{
			Line:   Text{plain(Count(n, "finding", "findings") + " ignored by pattern")},
			Hidden: "which and why",
			Detail: func() []Block {
				l := &lines{limit: limits.Lines}
				for i := range w.Ignored {
					l.add(Same, 0, ignoredLine(&w.Ignored[i]))
				}
				return []Block{{Language: "text", Lines: l.done()}}
			},
		}
	}
	return single(KindIgnored, n, "ignored finding", "ignored findings", item, RankNote, RankNote)
}

func ignoredLine(g *model.Ignored) string {
	what := g.Address
	if what == "" {
		what = g.Type + "." + g.ID
	}
	if g.Attribute != "" {
		what += ":" + g.Attribute
	}
	s := Short(what, maxName) + "  by " + Short(g.Pattern, maxName)
	if g.Reason != "" {
		s += "  (" + Short(g.Reason, maxWords) + ")"
	}
	return s
}
