package app

import (
	_ "embed"
	"html/template"
	"io"
	"regexp"
	"strings"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/renderer/html"
)

//go:embed demo/page.html
var demoPageSource string

var (
	alertRE = regexp.MustCompile(`<blockquote>\s*<p>\[!(CAUTION|WARNING|IMPORTANT|NOTE|TIP)\]\s*`)
	diffRE  = regexp.MustCompile(`(?s)<pre><code class="language-diff">(.*?)</code></pre>`)
)

// demoPost is something that the demo put on its GitHub.
type demoPost struct {
	Author, What, Title string // Title of an issue
	Markdown            string
}

// demoPage writes a page that shows posts about as GitHub does: their
// Markdown, their alerts and their coloured diffs.
func demoPage(w io.Writer, posts []demoPost) error {
	md := goldmark.New(goldmark.WithExtensions(extension.GFM), goldmark.WithRendererOptions(html.WithUnsafe()))
	type shown struct {
		demoPost
		Body template.HTML
	}
	var all []shown
	for _, post := range posts {
		var body strings.Builder
		if err := md.Convert([]byte(post.Markdown), &body); err != nil {
			return err
		}
		// The HTML passes as it is: it is what the page is there to show, and
		// whatever strangers have put into it the renderer has made inert.
		all = append(all, shown{post, template.HTML(asGitHub(body.String()))})
	}
	page, err := template.New("page").Parse(demoPageSource)
	if err != nil {
		return err
	}
	return page.Execute(w, all)
}

// asGitHub does what GitHub does to a comment's HTML beyond GFM.
func asGitHub(body string) string {
	body = alertRE.ReplaceAllStringFunc(body, func(s string) string {
		kind := alertRE.FindStringSubmatch(s)[1]
		return `<blockquote class="alert ` + strings.ToLower(kind) + `"><p class="kind">` + kind[:1] + strings.ToLower(kind[1:]) + `</p><p>`
	})
	return diffRE.ReplaceAllStringFunc(body, func(s string) string {
		var out strings.Builder
		out.WriteString(`<pre><code class="language-diff">`)
		for line := range strings.Lines(diffRE.FindStringSubmatch(s)[1]) {
			class := map[byte]string{'+': "add", '-': "remove", '!': "alter", '#': "note"}[line[0]]
			out.WriteString(`<span class="` + class + `">` + line + `</span>`)
		}
		out.WriteString(`</code></pre>`)
		return out.String()
	})
}
