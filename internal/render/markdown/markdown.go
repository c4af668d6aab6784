// Package markdown renders a report for GitHub: as the comment on a pull
// request and as the summary of a job.
//
// Before it comes package render, whose Document says what to tell and in
// which order; after it come the sinks, which post the bytes. Here is decided
// how it looks in GitHub's dialect of Markdown, and that nothing from outside
// acts in it: names and values stand in code spans, code elements and fences
// only, where GitHub makes neither mentions nor links of them.
package markdown

import (
	"slices"
	"strings"

	"github.com/strandline-tf/strandline/internal/model"
	"github.com/strandline-tf/strandline/internal/render"
)

// summaryLimit is GitHub's limit for a step's job summary, in bytes, less a
// reserve for what else the step writes to it. See
// https://docs.github.com/en/actions/writing-workflows/choosing-what-your-workflow-does/workflow-commands-for-github-actions#step-isolation-and-limits
const summaryLimit = 1<<20 - 64<<10

// Lines shown of one diff or message.
const (
	commentLines = 120
	summaryLines = 1000
)

// Comment returns the report as the body of a comment, of at most o.Budget
// bytes. What is left out is named, with o.SummaryURL as the place to look.
func Comment(r *model.Report, o render.Options) string {
	return posted(o).report(r)
}

// Issue returns the report as the body of the issue that stands for its
// findings, of at most o.Budget bytes. The same findings give the same bytes
// (addresses of runs aside), whenever they are looked for; the owners of what
// was found are mentioned.
func Issue(r *model.Report, o render.Options) string {
	w := posted(o)
	w.standing = true
	return w.report(r)
}

// posted is the writer of what is posted, with less in it than the summary has.
func posted(o render.Options) writer {
	w := writer{budget: o.Budget, lines: commentLines, files: commentLines, names: 25, where: "the job summary"}
	if url := render.SafeURL(o.SummaryURL); url != "" {
		w.where = "[full report]"
		w.footer = "\n[full report]: " + url + "\n"
	}
	return w
}

// Summary returns the report for the job summary, of at most o.Budget bytes or,
// where that is 0, what GitHub allows.
func Summary(r *model.Report, o render.Options) string {
	w := writer{budget: o.Budget, lines: summaryLines, names: 200, where: "the JSON report"}
	if w.budget == 0 {
		w.budget = summaryLimit
	}
	return w.report(r)
}

// writer makes one document.
type writer struct {
	budget   int    // bytes; 0: none
	lines    int    // of one diff or message
	files    int    // lines of one file to paste; 0: all
	names    int    // of what is destroyed, replaced or gone, up front
	standing bool   // as an issue does
	where    string // where what is left out can be found, as Markdown
	footer   string
}

// report renders the document with as much of its head as leaves room for
// details.
func (w writer) report(r *model.Report) string {
	budget := w.budget
	if budget == 0 {
		budget = render.NoLimit
	}
	for names := w.names; names > 0; names /= 2 {
		limits := render.Limits{Names: names, Rows: 4 * names, Lines: w.lines, Files: w.files, Standing: w.standing}
		d := render.New(r, limits)
		head := w.head(d)
		room := budget - len(head) - len(w.footer)
		if room < budget/2 && names > 1 || room < 0 {
			continue
		}
		nodes := w.nodes(d)
		if len(nodes) == 0 {
			return head
		}
		if body := render.Fit(nodes, w.left, room); body != "" {
			return head + body + w.footer
		}
	}
	// Not even the names of what is left out fit: the verdict alone, or nothing.
	if title := heading(render.New(r, render.Limits{})); len(title) <= budget {
		return title
	}
	return ""
}

func heading(d *render.Document) string { return "### " + inline(d.Title) + "\n" }

// head is what is always there: the verdict, remarks, dangers and the table.
func (w writer) head(d *render.Document) string {
	var b strings.Builder
	b.WriteString(heading(d))
	if len(d.Remarks) > 0 {
		b.WriteString("\n")
	}
	for _, t := range d.Remarks {
		b.WriteString("- " + inline(t) + "\n")
	}
	if len(d.Dangers) > 0 {
		b.WriteString("\n> [!CAUTION]\n")
	}
	for _, t := range d.Dangers {
		b.WriteString("> - " + inline(t) + "\n")
	}
	if len(d.Table.Rows) > 0 {
		b.WriteString("\n" + table(&d.Table))
	}
	return b.String()
}

// nodes are the details: the sections of the report, then a fold for each
// workspace.
func (w writer) nodes(d *render.Document) []*render.Node {
	var out []*render.Node
	for i := range d.Sections {
		out = append(out, w.section(&d.Sections[i]))
	}
	mixed := slices.ContainsFunc(d.Parts, func(p render.Part) bool { return p.Name.Style == render.Plain })
	for i := range d.Parts {
		p := &d.Parts[i]
		summary := inlineHTML(append(render.Text{p.Name, {Text: " · "}}, p.Head...))
		if d.Alone() {
			summary = "Details"
		}
		n := &render.Node{
			Open:  "\n" + details(summary, p.Open),
			Close: "\n</details>\n",
			Rank:  render.RankWorkspace,
			Missing: func(n int) string {
				if mixed {
					return render.Count(n, "section", "sections")
				}
				return render.Count(n, "workspace", "workspaces")
			},
		}
		for j := range p.Sections {
			n.Nodes = append(n.Nodes, w.section(&p.Sections[j]))
		}
		out = append(out, n)
	}
	return out
}

func (w writer) section(s *render.Section) *render.Node {
	n := &render.Node{
		Len:     s.Len,
		Ranks:   []render.Rank{s.Line, s.Detail},
		Missing: s.Missing,
		Version: func(i, version int) string {
			it := s.Item(i)
			return w.item(&it, version)
		},
	}
	if s.Fold > 0 {
		n.Ranks = append(n.Ranks, s.Fold)
	}
	if len(s.Title) > 0 {
		n.Open = "\n" + bold(s.Title) + "\n\n"
	}
	return n
}

// item is one version of an item: its line, the same with its details, and with
// what is folded. What a version lacks it names.
func (w writer) item(it *render.Item, version int) string {
	var hidden []string
	if it.Detail != nil && version < 1 {
		hidden = append(hidden, it.Hidden)
	}
	if it.Fold != "" && version < 2 {
		hidden = append(hidden, "what to do")
	}
	shown := version > 0 && it.Detail != nil || version > 1 && it.Fold != ""
	switch {
	case !shown && len(hidden) == 0:
		return "- " + inline(it.Line) + "\n"
	case !shown:
		return "- " + inline(it.Line) + " (" + strings.Join(hidden, ", ") + ": " + w.where + ")\n"
	case len(hidden) > 0:
		return block(it) + w.left(hidden)[1:]
	case it.Fold != "":
		return block(it) + folded(it)
	}
	return block(it)
}

// left is the line that names what is left out.
func (w writer) left(phrases []string) string {
	return "\n*Left out: " + strings.Join(phrases, ", ") + " (" + w.where + ")*\n\n"
}
