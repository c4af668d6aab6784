package html

import (
	"html/template"
	"iter"
	"strconv"
	"strings"

	"github.com/strandline-tf/strandline/internal/render"
)

// functions are what the template calls.
func functions() template.FuncMap {
	return template.FuncMap{
		"spans":   spans,
		"chunks":  chunks,
		"items":   func(s render.Section) iter.Seq[render.Item] { return items(s, 0, s.Len) },
		"heading": heading,
		"anchor":  anchor,
		"named":   named,
		"visible": render.Visible,
		"number":  render.Number,
		"isDiff":  func(b render.Block) bool { return b.Language == "diff" },
		"isPatch": func(b render.Block) bool { return b.Language == "patch" },
		"mark":    func(l render.Line) string { return string(rune(l.Op)) },
		"safe":    render.SafeURL,
	}
}

// span is a piece of text as the template writes it.
type span struct {
	As   string // text | strong | code | name
	Text string
	URL  string // http or https; "": leads nowhere
}

func spans(t render.Text) []span {
	out := make([]span, len(t))
	for i, s := range t {
		out[i] = span{As: "text", Text: s.Text, URL: render.SafeURL(s.URL)}
		switch s.Style {
		case render.Strong:
			out[i].As = "strong"
		case render.Words:
			out[i].Text = render.Visible(strings.Join(strings.Fields(s.Text), " "))
		case render.Code, render.Mention:
			out[i].As, out[i].Text = "code", shown(s.Text)
		case render.Name:
			out[i].As, out[i].Text = "name", shown(s.Text)
		}
	}
	return out
}

// shown is a name from outside; an empty one would read as if it were missing.
func shown(s string) string {
	if s == "" {
		return `""`
	}
	return render.Visible(s)
}

// named is a part's name, which leads nowhere: its run has a link of its own.
func named(s render.Span) render.Text { return render.Text{{Style: s.Style, Text: s.Text}} }

// anchor is the id of the i-th workspace's details.
func anchor(i int) string { return "workspace-" + strconv.Itoa(i) }

func mood(m render.Mood) string {
	switch m {
	case render.Careful:
		return "careful"
	case render.Bad:
		return "bad"
	case render.Waiting:
		return "waiting"
	}
	return "fine"
}

// choices are the kinds of findings that one can choose among, gravest first.
func choices() []kindCount {
	return []kindCount{
		{Kind: render.KindError, Label: "Errors"},
		{Kind: render.KindDestroy, Label: "Destroyed"},
		{Kind: render.KindGone, Label: "Gone"},
		{Kind: render.KindReplace, Label: "Replaced"},
		{Kind: render.KindForget, Label: "Forgotten"},
		{Kind: render.KindChange, Label: "Changed"},
		{Kind: render.KindAdd, Label: "Added"},
		{Kind: render.KindMove, Label: "Imported or moved"},
		{Kind: render.KindRead, Label: "Read"},
		{Kind: render.KindDeferred, Label: "Deferred"},
		{Kind: render.KindAction, Label: "Actions"},
		{Kind: render.KindOutput, Label: "Outputs"},
		{Kind: render.KindDrift, Label: "Drift"},
		{Kind: render.KindObject, Label: "Objects"},
		{Kind: render.KindCheck, Label: "Checks"},
		{Kind: render.KindPolicy, Label: "Policies"},
		{Kind: render.KindTask, Label: "Run tasks"},
		{Kind: render.KindCost, Label: "Cost"},
		{Kind: render.KindWarning, Label: "Warnings"},
		{Kind: render.KindSuggestion, Label: "Suggestions"},
		{Kind: render.KindCoverage, Label: "Coverage"},
		{Kind: render.KindIgnored, Label: "Ignored"},
	}
}
