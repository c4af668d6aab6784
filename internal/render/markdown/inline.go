package markdown

import (
	"html"
	"strings"

	"github.com/strandline-tf/strandline/internal/render"
)

// inline spells one line of text.
func inline(t render.Text) string { return spans(t, codeSpan) }

// cell is inline within a table.
func cell(t render.Text) string { return spans(t, codeCell) }

func spans(t render.Text, code func(string) string) string {
	var b strings.Builder
	for _, s := range t {
		switch s.Style {
		case render.Plain:
			b.WriteString(s.Text)
		case render.Strong:
			b.WriteString("**" + s.Text + "**")
		case render.Words:
			b.WriteString(prose(s.Text, code))
		case render.Code:
			b.WriteString(linked(code(s.Text), s.URL))
		case render.Name:
			b.WriteString("**" + linked(code(s.Text), s.URL) + "**")
		case render.Mention:
			b.WriteString(mention(s.Text, code))
		}
	}
	return b.String()
}

// bold spells a heading, whose spans are not strong by themselves.
func bold(t render.Text) string { return "**" + inline(t) + "**" }

func linked(text, url string) string {
	if url = render.SafeURL(url); url != "" {
		return "[" + text + "](" + url + ")"
	}
	return text
}

// codeSpan puts s into a code span that it can't end: its fence of backticks is
// longer than any run of them in s.
func codeSpan(s string) string {
	s = render.Visible(s)
	if s == "" {
		s = `""`
	}
	fence := strings.Repeat("`", longestRun(s)+1)
	// A space beside the fence is taken off if there is one on both sides and
	// something between.
	spaced := strings.HasPrefix(s, " ") && strings.HasSuffix(s, " ") && strings.TrimSpace(s) != ""
	if spaced || strings.HasPrefix(s, "`") || strings.HasSuffix(s, "`") {
		s = " " + s + " "
	}
	return fence + s + fence
}

// codeCell is codeSpan within a table, whose cells end at a pipe, even in code.
// An escaped pipe doesn't end one; a backslash before it would take the escape
// away, so that one is spelled out.
func codeCell(s string) string {
	s = strings.ReplaceAll(codeSpan(s), `\|`, `\u{5C}|`)
	return strings.ReplaceAll(s, "|", `\|`)
}

func longestRun(s string) int {
	longest, run := 0, 0
	for i := range len(s) {
		if s[i] != '`' {
			run = 0
			continue
		}
		run++
		longest = max(longest, run)
	}
	return longest
}

// inlineHTML spells text within an HTML block, where no Markdown is read.
func inlineHTML(t render.Text) string {
	var b strings.Builder
	for _, s := range t {
		switch s.Style {
		case render.Plain:
			b.WriteString(escapeHTML(s.Text))
		case render.Strong:
			b.WriteString("<b>" + escapeHTML(s.Text) + "</b>")
		default:
			b.WriteString("<code>" + escapeHTML(s.Text) + "</code>")
		}
	}
	return b.String()
}

func escapeHTML(s string) string { return html.EscapeString(render.Visible(s)) }
