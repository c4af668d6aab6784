package render

import "github.com/strandline-tf/strandline/internal/model"

// group is the changes of one kind, as one section.
type group struct {
	kind         Kind
	actions      []string
	one, many    string
	line, detail Rank
}

// groups are the kinds of changes in the order in which they are read.
func groups() []group {
	return []group{
		{KindDestroy, []string{model.ActionDelete}, "destroyed resource", "destroyed resources", RankGraveLine, RankDestroyDiff},
		{KindReplace, []string{model.ActionReplace, model.ActionReplaceForget}, "replaced resource", "replaced resources", RankGraveLine, RankReplaceDiff},
		{KindForget, []string{model.ActionForget}, "forgotten resource", "forgotten resources", RankChangeLine, RankDestroyDiff},
		{KindChange, []string{model.ActionUpdate}, "changed resource", "changed resources", RankChangeLine, RankChangeDiff},
		{KindAdd, []string{model.ActionCreate}, "added resource", "added resources", RankAddLine, RankAddDiff},
		{KindMove, []string{model.ActionNoOp}, "resource only imported or moved", "resources only imported or moved", RankChangeLine, RankAddDiff},
		{KindRead, []string{model.ActionRead}, "data source to read", "data sources to read", RankReadLine, RankReadDiff},
	}
}

// workspaceSections are the sections of one workspace in the order in which
// they are read; empty ones are absent.
func workspaceSections(w *model.Workspace, limits Limits) []Section {
	var out []Section
	add := func(sections ...Section) {
		for _, s := range sections {
			if s.Len > 0 {
				out = append(out, s)
			}
		}
	}
	add(diagnosticSection(w, "error", limits))
	add(changeSections(w, limits)...)
	add(
		deferredSection(w, limits),
		actionSection(w, limits),
		outputSection(w, limits),
		driftSection(w, limits),
		checkSection(w, limits),
		failedPolicySection(w, limits),
		taskSection(w),
		passedPolicySection(w),
		costSection(w),
		diagnosticSection(w, "warning", limits),
		suggestionSection(w, limits),
	)
	add(ignoredSections(w, limits)...)
	return out
}

func changeSections(w *model.Workspace, limits Limits) []Section {
	byAction := map[string][]*model.Change{}
	for i := range w.Changes {
		c := &w.Changes[i]
		byAction[c.Action] = append(byAction[c.Action], c)
	}
	var out []Section
	for _, g := range groups() {
		var list []*model.Change
		for _, a := range g.actions {
			list = append(list, byAction[a]...)
		}
		out = append(out, Section{
			Kind:    g.kind,
			Len:     len(list),
			Item:    func(i int) Item { return changeItem(list[i], limits) },
			Missing: counted(g.one, g.many),
			Line:    g.line,
			Detail:  g.detail,
		})
	}
	return out
}

// counted names n things that are left out.
func counted(one, many string) func(int) string {
	return func(n int) string { return Count(n, one, many) }
}

// single is a section of one item, which stands for several things.
func single(kind Kind, n int, one, many string, item func() Item, line, detail Rank) Section {
	if n == 0 {
		return Section{}
	}
	return Section{
		Kind:    kind,
		Len:     1,
		Item:    func(int) Item { return item() },
		Missing: func(int) string { return Count(n, one, many) },
		Line:    line,
		Detail:  detail,
	}
}

// reportSections are those of the report as a whole.
func reportSections(r *model.Report) []Section {
	var out []Section
	if n := len(r.Problems); n > 0 {
		out = append(out, Section{
			Kind: KindProblem, Title: Text{plain("Could not be read")}, Len: n, Line: RankProblem, Detail: RankProblem,
			Missing: counted("problem", "problems"),
			Item:    func(i int) Item { return problemItem(&r.Problems[i]) },
		})
	}
	if n := len(r.Notes); n > 0 {
		out = append(out, Section{
			Kind: KindNote, Title: Text{plain("Notes")}, Len: n, Line: RankNote, Detail: RankNote,
			Missing: counted("note", "notes"),
			Item:    func(i int) Item { return Item{Line: Text{words(r.Notes[i])}} },
		})
	}
	return out
}

func problemItem(p *model.Problem) Item {
	var t Text
	if p.Workspace != "" {
		t = Text{name(p.Workspace), plain(": ")}
	}
	t = append(t, words(p.Message))
	if p.Hint != "" {
		t = append(t, plain(" ("), words(p.Hint), plain(")"))
	}
	return Item{Line: t}
}
