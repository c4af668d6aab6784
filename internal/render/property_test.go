package render_test

import (
	"bytes"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	east "github.com/yuin/goldmark/extension/ast"
	gtext "github.com/yuin/goldmark/text"
	"pgregory.net/rapid"

	"github.com/strandline-tf/strandline/internal/model"
	"github.com/strandline-tf/strandline/internal/render"
	"github.com/strandline-tf/strandline/internal/render/markdown"
	"github.com/strandline-tf/strandline/internal/render/text"
)

func TestMarkdownIsInert(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r := hostileReport().Draw(t, "report")
		budget := rapid.SampledFrom([]int{0, 400, 1500, 5000, 65000}).Draw(t, "budget")
		o := render.Options{Budget: budget, SummaryURL: rapid.SampledFrom([]string{"", fullReport, "javascript:alert(1)"}).Draw(t, "url")}
		news := transition(t, r)
		var alone []markdown.Left
		for _, f := range news.Resolved {
			alone = append(alone, markdown.Left{Finding: f, Why: f.Name})
		}
		for name, got := range map[string]string{
			"pull request": "### Accepts drift\n\n" + markdown.Pull("Makes the configuration agree.", news.Added, alone, render.Options{Budget: max(0, budget-30)}),
			"comment":      markdown.Comment(r, o), "summary": markdown.Summary(r, o), "issue": markdown.Issue(r, o), "news": markdown.News(r, news, o),
		} {
			if budget > 0 && len(got) > budget {
				t.Fatalf("%s: %d bytes, %d allowed", name, len(got), budget)
			}
			if name == "issue" || name == "news" {
				got = withoutOwners(got, r)
			}
			if why := inert(got, allowedLinks(r)); why != "" {
				t.Fatalf("%s: %s\n%s", name, why, got)
			}
		}
		if title := render.Title(r); hasHidden(title) || len(title) > 200 || strings.ContainsAny(regexp.MustCompile("`[^`]*`").ReplaceAllString(title, ""), "@#`<[") {
			t.Fatalf("title: %q", title)
		}
	})
}

// transition has hostile findings, some of them in workspaces of r.
func transition(t *rapid.T, r *model.Report) markdown.Transition {
	findings := func() []markdown.Finding {
		var out []markdown.Finding
		for range rapid.IntRange(0, 3).Draw(t, "findings") {
			f := markdown.Finding{Workspace: hostileString().Draw(t, "workspace"), Name: hostileString().Draw(t, "name")}
			if len(r.Workspaces) > 0 && rapid.Bool().Draw(t, "of the report") {
				f.Workspace = r.Workspaces[0].Name
			}
			out = append(out, f)
		}
		return out
	}
	return markdown.Transition{Added: findings(), Resolved: findings(), Carried: rapid.IntRange(0, 2).Draw(t, "carried")}
}

// withoutOwners takes out the mentions that a report asks for: what remains
// must mention nobody.
func withoutOwners(doc string, r *model.Report) string {
	shape := regexp.MustCompile(`^@[A-Za-z0-9-]+(/[A-Za-z0-9._-]+)?$`)
	for i := range r.Workspaces {
		for _, owner := range r.Workspaces[i].Owners {
			if shape.MatchString(owner) {
				spelled := regexp.QuoteMeta(strings.ReplaceAll(owner, "_", `\_`))
				doc = regexp.MustCompile(`(^|[ |])`+spelled+`([ |:,\n])`).ReplaceAllString(doc, "${1}owner$2")
				doc = regexp.MustCompile(`(^|[ |])`+spelled+`([ |:,\n])`).ReplaceAllString(doc, "${1}owner$2")
			}
		}
	}
	return doc
}

func TestTextHasNoForeignControls(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r := hostileReport().Draw(t, "report")
		var plain, colored bytes.Buffer
		if err := text.Write(&plain, r, render.Options{}); err != nil {
			t.Fatal(err)
		}
		if err := text.Write(&colored, r, render.Options{Color: true}); err != nil {
			t.Fatal(err)
		}
		for _, got := range []string{plain.String(), ansi().Replace(colored.String())} {
			for line := range strings.SplitSeq(got, "\n") {
				if hasHidden(line) {
					t.Fatalf("hidden characters in %q", line)
				}
			}
		}
	})
}

// allowedLinks are the links that a report asks for.
func allowedLinks(r *model.Report) []string {
	out := []string{fullReport}
	for i := range r.Workspaces {
		w := &r.Workspaces[i]
		out = append(out, render.SafeURL(w.RunURL))
		for j := range w.RunTasks {
			out = append(out, render.SafeURL(w.RunTasks[j].URL))
		}
	}
	return out
}

var (
	summaryLine = regexp.MustCompile(`^<details( open)?><summary>((<code>[^<>]*</code>|Ignored|Coverage|No workspace suggested) · [\pL\pN ,:-]*(<b>[\pL\pN ,]*</b>[\pL\pN ,:-]*)*(<code>[^<>]*</code>)?|Details|What to do: [a-z, ]*)</summary>$`)
	// What GitHub makes links and mentions of, and what renderers there act on.
	suspicious = regexp.MustCompile(`@|#\w|(?i:gh-)\d|://|www\.|\b[0-9a-f]{7,40}\b|[$~<>\[\]` + "`" + `\\|]|:\w+:`)
)

// inert returns why a document is not only what we wrote, or "".
func inert(doc string, links []string) string {
	visible := strings.NewReplacer("⚠️", "", "\n", "").Replace(doc)
	if hasHidden(visible) {
		return "hidden characters"
	}
	source := []byte(doc)
	md := goldmark.New(goldmark.WithExtensions(extension.GFM))
	root := md.Parser().Parse(gtext.NewReader(source))
	why := ""
	depth, headings := 0, 0
	_ = ast.Walk(root, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		if !entering || why != "" {
			return ast.WalkContinue, nil
		}
		switch n := n.(type) {
		case *ast.Heading:
			if headings++; headings > 1 || n.Level != 3 {
				why = "a heading"
			}
		case *ast.Link:
			if !slices.Contains(links, string(n.Destination)) {
				why = "a link to " + string(n.Destination)
			}
		case *ast.Image, *ast.AutoLink, *ast.RawHTML, *ast.CodeBlock, *ast.ThematicBreak, *east.TaskCheckBox, *east.Strikethrough:
			why = "a " + n.Kind().String()
		case *ast.FencedCodeBlock:
			if lang := string(n.Language(source)); !slices.Contains([]string{"diff", "hcl", "text"}, lang) {
				why = "a fence of " + lang
			}
			return ast.WalkSkipChildren, nil
		case *ast.CodeSpan:
			return ast.WalkSkipChildren, nil
		case *ast.HTMLBlock:
			for line := range strings.SplitSeq(strings.TrimRight(string(n.Lines().Value(source)), "\n"), "\n") {
				switch {
				case line == "</details>":
					depth--
				case summaryLine.MatchString(line):
					depth++
				default:
					why = "HTML: " + line
				}
				if depth < 0 || depth > 2 {
					why = "unbalanced details"
				}
			}
		case *east.Table:
			columns := n.FirstChild().ChildCount()
			for row := n.FirstChild(); row != nil; row = row.NextSibling() {
				if row.ChildCount() != columns {
					why = "a row of another width"
				}
			}
		case *ast.Text:
			if s := string(n.Value(source)); suspicious.MatchString(s) && s != "[!CAUTION]" && s != "[" && s != "!CAUTION" && s != "]" {
				why = "text outside code: " + s
			}
		}
		return ast.WalkContinue, nil
	})
	if why == "" && depth != 0 {
		why = "details not closed"
	}
	return why
}

// hasHidden reports whether s has a character that acts or that nobody sees; it
// is written apart from what it checks.
func hasHidden(s string) bool {
	return !utf8.ValidString(s) || strings.ContainsFunc(s, func(r rune) bool {
		return unicode.In(r, unicode.C, unicode.Zl, unicode.Zp, unicode.Variation_Selector) || unicode.Is(unicode.Zs, r) && r != ' '
	})
}

func TestInertFindsWhatItShould(t *testing.T) {
	for _, doc := range []string{
		"hello @alice", "see #1", "GH-12", "https://x.example", "www.x.example", "a@b.example", "![i](x)", "[l](https://x.example)",
		"# h\n\n# h", "<img src=x>", "<details>\n\nx", "</details>", "a `b", "~~s~~", "- [ ] x", "    code", "---", "4f2c9b1", "a\u202eb", "a\x1b[31m", "```sh\nx\n```", "|a|b|\n|-|-|\n|\\\\||",
	} {
		if inert("### t\n\n"+doc+"\n", nil) == "" {
			t.Errorf("passed: %q", doc)
		}
	}
	if why := inert("### t `@x` **1**\n\n> [!CAUTION]\n> - `#1`\n\n<details><summary><code>a</code> · <b>1 destroyed</b>, 2 x</summary>\n\n```diff\n- @x\n```\n\n</details>\n", nil); why != "" {
		t.Error(why)
	}
}
