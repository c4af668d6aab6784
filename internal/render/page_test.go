package render_test

import (
	"bytes"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"
	"pgregory.net/rapid"

	"github.com/strandline-tf/strandline/internal/render"
	page "github.com/strandline-tf/strandline/internal/render/html"
)

func TestPageIsInert(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r := hostileReport().Draw(t, "report")
		var b bytes.Buffer
		if err := page.Write(&b, r, render.Options{}); err != nil {
			t.Fatal(err)
		}
		if why := inertPage(b.String(), allowedLinks(r)); why != "" {
			t.Fatalf("%s\n%s", why, b.String())
		}
	})
}

// pageTags are the elements that the page is made of, with their attributes.
// For each, what stands in it and closes it is balanced.
func pageTags() map[string]string {
	return map[string]string{
		"html": "lang", "head": "", "meta": "charset http-equiv content name", "link": "rel href", "title": "", "style": "", "script": "",
		"body": "", "header": "class", "main": "id tabindex", "footer": "", "section": "class id aria-labelledby", "div": "class role aria-labelledby tabindex",
		"h1": "", "h2": "id", "h3": "", "p": "id hidden", "a": "class href rel aria-label", "ul": "class", "li": "class", "dl": "", "dt": "", "dd": "",
		"table": "", "thead": "", "tbody": "", "tr": "class", "th": "scope class", "td": "class", "code": "class", "strong": "", "small": "",
		"details": "", "summary": "", "pre": "class", "ins": "", "del": "", "b": "", "i": "", "span": "",
		"form": "id role aria-label autocomplete hidden", "label": "for", "input": "id type placeholder spellcheck autocapitalize name value",
		"select": "id", "option": "value", "fieldset": "", "legend": "", "output": "id role", "button": "type id",
	}
}

// inertPage returns why a page is not only what we wrote, or "".
func inertPage(doc string, links []string) string {
	if hasHidden(strings.ReplaceAll(doc, "\n", "")) {
		return "hidden characters"
	}
	tags := pageTags()
	void := []string{"meta", "link", "input"}
	var open []string
	z := html.NewTokenizer(strings.NewReader(doc))
	for scripts := 0; ; {
		switch z.Next() {
		case html.ErrorToken:
			if len(open) > 0 || scripts != 2 {
				return "what is opened is not closed, or there are scripts besides ours"
			}
			return ""
		case html.CommentToken:
			return "a comment"
		case html.SelfClosingTagToken:
			return "an element that closes itself"
		case html.StartTagToken:
			tag := z.Token()
			if allowed, ours := tags[tag.Data]; !ours {
				return "an element " + tag.Data
			} else if why := attributes(tag, strings.Fields(allowed), links); why != "" {
				return why
			}
			if tag.Data == "script" || tag.Data == "style" {
				scripts++
			}
			if !slices.Contains(void, tag.Data) {
				open = append(open, tag.Data)
			}
		case html.EndTagToken:
			name, _ := z.TagName()
			if len(open) == 0 || open[len(open)-1] != string(name) {
				return "unbalanced " + string(name)
			}
			open = open[:len(open)-1]
		}
	}
}

func attributes(tag html.Token, allowed, links []string) string {
	for _, a := range tag.Attr {
		if !slices.Contains(allowed, a.Key) {
			return tag.Data + " has " + a.Key
		}
		if a.Key == "href" && !strings.HasPrefix(a.Val, "#") && a.Val != "data:," &&
			a.Val != "https://github.com/strandline-tf/strandline" && !slices.Contains(links, a.Val) {
			return "a link to " + a.Val
		}
	}
	return ""
}

func TestInertPageFindsWhatItShould(t *testing.T) {
	around := func(s string) string { return "<style></style><p>" + s + "</p><script></script>" }
	for _, s := range []string{
		"<img src=x>", "<script>x</script>", "</p>", "<p>", "<!-- c -->", `<a href="javascript:x">a</a>`, `<a href="https://evil.example">a</a>`,
		`<p onclick="x">a</p>`, `<p style="x">a</p>`, "a\u202eb", "a\x1b[31m", "<b/>",
	} {
		if inertPage(around(s), nil) == "" {
			t.Errorf("passed: %q", s)
		}
	}
	if why := inertPage(around(`&lt;img&gt; <code>x</code> <a href="https://ok.example">a</a>`), []string{"https://ok.example"}); why != "" {
		t.Error(why)
	}
}
