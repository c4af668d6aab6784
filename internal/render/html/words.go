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
	var out []span
	for _, s := range t {
		one := span{As: "text", Text: s.Text, URL: render.SafeURL(s.URL)}
		switch s.Style {
		case render.Strong:
			one.As = "strong"
		case render.Words:
			out = append(out, sentence(s, one.URL)...)
			continue
		case render.Code, render.Mention:
			one.As, one.Text = "code", shown(s.Text)
		case render.Name:
			one.As, one.Text = "name", shown(s.Text)
		}
		out = append(out, one)
	}
	return out
}

// sentence is a sentence from outside, with what it puts between single
// backticks as code.
func sentence(s render.Span, url string) []span {
	text := render.Visible(strings.Join(strings.Fields(s.Text), " "))
	parts := strings.Split(text, "`")
	if len(parts)%2 == 0 { // one is not closed
		parts = []string{text}
	}
	var out []span
	for i, part := range parts {
		switch {
		case part == "":
		case i%2 == 1:
			out = append(out, span{As: "code", Text: part, URL: url})
		default:
			out = append(out, span{As: "text", Text: part, URL: url})
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
