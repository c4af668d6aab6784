// Package html renders a report as one page that needs nothing else: a file to
// open, to attach or to keep.
//
// Before it come package render, whose Document says what to tell and in which
// order; after it come standard output and files. Here is decided how it looks
// in a browser, and that nothing from outside acts in it: every word goes
// through html/template's escaping, links lead to http and https only, and the
// page's own policy lets it load nothing and run no script but its own. Without
// that script all of it can be read; with it, it can be searched.
package html

import (
	"bufio"
	"crypto/sha256"
	"embed"
	"encoding/base64"
	"html/template"
	"io"
	"strings"

	"github.com/strandline-tf/strandline/internal/model"
	"github.com/strandline-tf/strandline/internal/render"
	"github.com/strandline-tf/strandline/internal/userfault"
)

// What is shown of a report: as much as a browser takes without effort. The
// JSON report has the rest.
const (
	maxNames = 25    // destroyed, replaced and risky resources up front; all stand below, too
	maxRows  = 10000 // of the table of workspaces
	maxLines = 2000  // of one diff or message
)

//go:embed page.tmpl
var layout string

//go:embed page.css page.js
var assets embed.FS

// Write writes the report as one HTML document. It streams: an item is built
// when its turn comes, so that the text of a large plan is never in memory as a
// whole. Of o it needs nothing. It fails only where w does.
func Write(w io.Writer, r *model.Report, _ render.Options) error {
	out := bufio.NewWriterSize(w, 64<<10)
	err := write(out, r)
	if err == nil {
		err = out.Flush()
	}
	if err != nil {
		return userfault.Wrap(err, "", "the HTML report could not be written")
	}
	return nil
}

func write(w io.Writer, r *model.Report) error {
	page, err := template.New("page").Funcs(functions()).Parse(layout)
	if err != nil {
		return err
	}
	style, err := assets.ReadFile("page.css")
	if err != nil {
		return err
	}
	script, err := assets.ReadFile("page.js")
	if err != nil {
		return err
	}
	return page.Execute(w, newView(r, string(style), string(script)))
}

// policy is the page's content security policy: it may run and apply what
// stands in it, word for word, and reach nothing else. The icon is an empty one
// in the page itself, so that no browser asks a server for one.
func policy(style, script string) string {
	return strings.Join([]string{
		"default-src 'none'",
		"style-src '" + hash(style) + "'",
		"script-src '" + hash(script) + "'",
		"img-src data:",
		"base-uri 'none'",
		"form-action 'none'",
	}, "; ")
}

func hash(s string) string {
	sum := sha256.Sum256([]byte(s))
	return "sha256-" + base64.StdEncoding.EncodeToString(sum[:])
}
