package render

import (
	"strings"

	"github.com/strandline-tf/strandline/internal/model"
)

func suggestionSection(w *model.Workspace, limits Limits) Section {
	return Section{
		Kind: KindSuggestion, Title: Text{plain("Suggestions")}, Len: len(w.Suggestions), Line: RankSuggestion, Detail: RankSuggestionFile,
		Missing: counted("suggestion", "suggestions"),
		Item: func(i int) Item {
			g := &w.Suggestions[i]
			t := Text{words(g.Why)}
			if g.To != "" {
				t = append(Text{name(g.To), plain(": ")}, t...)
			}
			if g.Verified != "" {
				t = append(append(t, plain(" · ")), proven(g.Verified)...)
			}
			return withSuggestion(Item{Line: t}, g, limits)
		},
	}
}

// withSuggestion gives an item the files and the patch of a suggestion.
func withSuggestion(it Item, g *model.Suggestion, limits Limits) Item {
	if len(g.Files) > 0 || g.Patch != "" {
		it.Hidden = "to paste"
		it.Detail = func() []Block { return suggestionBlocks(g, limits) }
	}
	return it
}

// suggestionBlocks are the files and the patch of a suggestion.
func suggestionBlocks(g *model.Suggestion, limits Limits) []Block {
	var out []Block
	for i := range g.Files {
		f := &g.Files[i]
		b := fileBlock("hcl", f.Content, limits)
		if f.Path != "" {
			b.Lines = append([]Line{{Same, "# " + Visible(f.Path)}}, b.Lines...)
		}
		out = append(out, b)
	}
	if g.Patch != "" {
		b := fileBlock("patch", g.Patch, limits)
		for i := range b.Lines {
			b.Lines[i].Op = patchOp(b.Lines[i])
		}
		out = append(out, b)
	}
	return out
}

// fileBlock is a text to paste: what it is cut to, if at all, is for the
// caller's files to say.
func fileBlock(language, text string, limits Limits) Block {
	b := textBlock(language, text, Limits{Lines: limits.Files})
	for i, l := range b.Lines {
		if l.Op == Note { // the one line of ours; in HCL as in a patch it must not count
			b.Lines[i].Text = "# " + l.Text
		}
	}
	return b
}

// patchOp tells by its mark what a line of a patch does.
func patchOp(l Line) Op {
	if l.Text != "" {
		switch op := Op(l.Text[0]); op {
		case Add, Remove, Same:
			return op
		}
	}
	return Note
}

// advice is what can be done about a finding, one item for each way.
func advice(suggestions []model.Suggestion, limits Limits) []Item {
	out := make([]Item, len(suggestions))
	for i := range suggestions {
		g := &suggestions[i]
		t := Text{strong(strings.ToUpper(adviceWord(g.Kind)[:1]) + adviceWord(g.Kind)[1:])}
		if g.Why != "" {
			t = append(t, plain(" · "), words(g.Why))
		}
		out[i] = withSuggestion(Item{Line: t}, g, limits)
	}
	return out
}

// adviceTitle names the ways there are, each once.
func adviceTitle(suggestions []model.Suggestion) string {
	var kinds []string
	seen := map[string]bool{}
	for i := range suggestions {
		if word := adviceWord(suggestions[i].Kind); !seen[word] {
			seen[word] = true
			kinds = append(kinds, word)
		}
	}
	if len(kinds) == 0 {
		return ""
	}
	return "What to do: " + strings.Join(kinds, ", ")
}

func adviceWord(kind string) string {
	switch kind {
	case "accept", "revert", "ignore", "moved", "import":
		return kind
	}
	return "other"
}

// proven says what a plan with a suggestion came to.
func proven(verified string) Text {
	switch verified {
	case "", "unverified":
		return Text{plain("not proven by a plan")}
	case "no_changes":
		return Text{plain("proven: a plan with it changes nothing")}
	case "changes":
		return Text{strong("a plan with it still changes something")}
	case "failed":
		return Text{strong("no plan could be made with it")}
	}
	return Text{plain("a plan with it: "), code(verified)}
}
