package html

import (
	"html/template"
	"iter"
	"strconv"
	"strings"

	"github.com/strandline-tf/strandline/internal/model"
	"github.com/strandline-tf/strandline/internal/render"
)

// view is what the template is filled with.
type view struct {
	Policy   string
	Style    template.CSS
	Script   template.JS
	Name     string // of the browser's tab
	Grave    bool   // something must not be missed
	Facts    []fact
	Document *render.Document
	Rows     []row
	Kinds    []kindCount
	Items    int // that can be searched
}

// fact is one thing to know about the report as a whole.
type fact struct {
	Name string
	Text string
}

// row is one row of the table of workspaces.
type row struct {
	Mood   string
	Anchor string // of the workspace's details in the page; "": it has none
	Cells  []cell // the first is the workspace
}

type cell struct {
	Text  render.Text
	Right bool
}

// kindCount is one choice of what to show.
type kindCount struct {
	Kind  render.Kind
	Label string
	N     int
}

func newView(r *model.Report, style, script string) *view {
	d := render.New(r, render.Limits{Names: maxNames, Rows: maxRows, Lines: maxLines})
	v := &view{
		Policy:   policy(style, script),
		Style:    template.CSS(style),
		Script:   template.JS(script),
		Grave:    len(d.Dangers) > 0 || r.Summary.CheckFailed+r.Summary.PolicyFailed > 0,
		Facts:    facts(r),
		Document: d,
		Rows:     rows(d),
	}
	var name strings.Builder
	for _, s := range spans(d.Title) {
		name.WriteString(s.Text)
	}
	v.Name = name.String()
	v.count(d)
	return v
}

func facts(r *model.Report) []fact {
	var out []fact
	add := func(name, text string) {
		if text != "" {
			out = append(out, fact{name, render.Visible(text)})
		}
	}
	add("Repository", r.Repository)
	if r.PullRequest > 0 {
		add("Pull request", "#"+strconv.Itoa(r.PullRequest))
	}
	add("Commit", r.Commit)
	if len(r.Workspaces) == 1 {
		add("Terraform", r.Workspaces[0].TerraformVersion)
	}
	add("Report of", r.GeneratedAt)
	return out
}

// rows gives each row of the table the place of its workspace's details. Both
// stand in the order of the report.
func rows(d *render.Document) []row {
	at := map[string]string{}
	for i := range d.Parts {
		at[d.Parts[i].Name.Text] = anchor(i)
	}
	out := make([]row, len(d.Table.Rows))
	for i := range d.Table.Rows {
		from := &d.Table.Rows[i]
		out[i] = row{Mood: mood(from.Mood), Anchor: at[from.Cells[0][0].Text]}
		for j, c := range from.Cells {
			out[i].Cells = append(out[i].Cells, cell{c, d.Table.Columns[j].Right})
		}
	}
	return out
}

// count finds what there is to choose from.
func (v *view) count(d *render.Document) {
	n := map[render.Kind]int{}
	for i := range d.Parts {
		for _, s := range d.Parts[i].Sections {
			n[s.Kind] += s.Len
			v.Items += s.Len
		}
	}
	for _, c := range choices() {
		if n[c.Kind] > 0 {
			v.Kinds = append(v.Kinds, kindCount{c.Kind, c.Label, n[c.Kind]})
		}
	}
}

// chunk is how many items are one list. A browser leaves lists that are out of
// sight alone: with one list that would come to all or nothing, with a list for
// each item there is much to keep track of.
const chunk = 50

// chunks are a section's items in lists of a bearable size, built one by one.
func chunks(s render.Section) iter.Seq[iter.Seq[render.Item]] {
	return func(yield func(iter.Seq[render.Item]) bool) {
		for from := 0; from < s.Len; from += chunk {
			if !yield(items(s, from, min(from+chunk, s.Len))) {
				return
			}
		}
	}
}

func items(s render.Section, from, to int) iter.Seq[render.Item] {
	return func(yield func(render.Item) bool) {
		for i := from; i < to; i++ {
			if !yield(s.Item(i)) {
				return
			}
		}
	}
}

// heading names a section, with how much stands in it.
func heading(s render.Section) render.Text {
	if len(s.Title) > 0 {
		return s.Title
	}
	return render.Text{{Text: s.Missing(s.Len)}}
}
