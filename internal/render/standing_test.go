package render_test

import (
	"bytes"
	"fmt"
	"regexp"
	"strings"
	"testing"

	"github.com/strandline-tf/strandline/internal/model"
	"github.com/strandline-tf/strandline/internal/render"
	"github.com/strandline-tf/strandline/internal/render/markdown"
	"github.com/strandline-tf/strandline/internal/render/text"
)

// issueRoom is what is left of an issue's body beside what else stands in it.
const issueRoom = 65536 - 6000

// largeDrift has n findings over so many workspaces, every tenth of a resource
// that is gone, the newest in the last workspace, and as many workspaces that
// could not be checked.
func largeDrift(n, workspaces int) *model.Report {
	r := model.NewReport(model.KindDrift, "2026-11-22T03:04:05Z")
	for i := range workspaces {
		w := model.NewWorkspace(fmt.Sprintf("workspace-%02d", i))
		w.Status, w.Source, w.Owners = model.StatusPlanned, model.DriftFromAssessment, []string{fmt.Sprintf("@acme/team-%d", i)}
		for j := range n / workspaces {
			d := model.Drift{Change: largeChange(model.ActionUpdate, i, j), FirstSeen: fmt.Sprintf("2026-%02d-%02d", 1+i/28, 1+i%28)}
			if j%10 == 9 {
				d.Change = largeChange(model.ActionDelete, i, j)
			}
			d.Suggestions = []model.Suggestion{{Kind: "revert", Why: "the next apply does it"}}
			w.Drift = append(w.Drift, d)
		}
		r.Workspaces = append(r.Workspaces, *w)
		w = model.NewWorkspace(fmt.Sprintf("locked-%02d", i))
		w.Checked, w.Message = false, "locked"
		r.Workspaces = append(r.Workspaces, *w)
	}
	r.Finish()
	return r
}

// TestIssueBudget: an issue of thousands of findings fits, names all that is
// gone, and accounts for the rest.
func TestIssueBudget(t *testing.T) {
	r := largeDrift(3000, 40)
	got := markdown.Issue(r, render.Options{Budget: issueRoom, SummaryURL: fullReport})
	if len(got) > issueRoom || len(got) < issueRoom*9/10 {
		t.Errorf("%d bytes: over the budget, or wasted", len(got))
	}
	if why := inert(withoutOwners(got, r), allowedLinks(r)); why != "" {
		t.Error(why)
	}
	_, parts, _ := strings.Cut(got, "<details>")
	if n := strings.Count(parts, "** was deleted"); n != 280 {
		t.Errorf("%d of 280 resources that are gone are named", n)
	}
	accounted := 280
	for _, m := range regexp.MustCompile(`([\d,]+) drifted resources?`).FindAllStringSubmatch(parts, -1) {
		var n int
		fmt.Sscan(m[1], &n)
		accounted += n
	}
	if accounted += strings.Count(parts, "** was changed"); accounted != r.Summary.Drift {
		t.Errorf("%d of %d findings are accounted for", accounted, r.Summary.Drift)
	}
	if first := strings.Index(got, "<code>workspace-39</code>"); first < 0 || first > strings.Index(got, "<code>workspace-00</code>") {
		t.Error("the workspace with the newest finding doesn't come first")
	}
	for budget := 200; budget < 200_000; budget += 1 + budget/2 {
		got := markdown.Issue(r, render.Options{Budget: budget, SummaryURL: fullReport})
		if why := inert(withoutOwners(got, r), allowedLinks(r)); why != "" || len(got) > budget {
			t.Fatalf("budget %d: %d bytes, %s", budget, len(got), why)
		}
	}
}

// TestUnmanagedBudget: so it is with thousands of objects.
func TestUnmanagedBudget(t *testing.T) {
	r := model.NewReport(model.KindUnmanaged, "2026-11-22T03:04:05Z")
	for i := range 3000 {
		u := model.Unmanaged{Type: fmt.Sprintf("aws_type_%d", i%90), ID: fmt.Sprintf("object-%04d", i), FirstSeen: "2026-11-02"}
		if i%40 > 0 {
			u.Suggestion = &model.Suggestion{Kind: "import", To: u.Type + ".x", Workspace: fmt.Sprintf("workspace-%02d", i%40), Why: "it resembles what is there",
				Files: []model.File{{Path: "imports.tf", Content: strings.Repeat("# a line\n", 10)}}}
		}
		r.Unmanaged = append(r.Unmanaged, u)
	}
	r.Finish()
	for budget := 200; budget < 400_000; budget += 1 + budget/2 {
		got := markdown.Issue(r, render.Options{Budget: budget, SummaryURL: fullReport})
		if why := inert(got, allowedLinks(r)); why != "" || len(got) > budget {
			t.Fatalf("budget %d: %d bytes, %s", budget, len(got), why)
		}
		if budget < 20_000 {
			continue
		}
		accounted := strings.Count(got, "**`object-")
		for _, m := range regexp.MustCompile(`\b(\d+) objects?\b`).FindAllStringSubmatch(regexp.MustCompile(`<summary>.*`).ReplaceAllString(got, ""), -1) {
			var n int
			fmt.Sscan(m[1], &n)
			accounted += n
		}
		if accounted != 3000 {
			t.Fatalf("budget %d: %d of 3000 objects are accounted for", budget, accounted)
		}
	}
}

// TestIssueStands: what a later check finds just the same changes nothing in an
// issue, but shows in the summary.
func TestIssueStands(t *testing.T) {
	now, later := readReport(t, "testdata/drift/report.json"), readReport(t, "testdata/drift/report.json")
	later.GeneratedAt = "2026-11-23T03:15:00Z"
	for i := range later.Workspaces {
		w := &later.Workspaces[i]
		if w.CheckedAt != "" {
			w.CheckedAt = "2026-11-23T02:00:00Z"
		}
		for j := range w.Drift {
			if w.Checked {
				w.Drift[j].LastSeen = "2026-11-23"
			}
		}
		w.Ignored = append(w.Ignored, model.Ignored{Address: "x.y", Attribute: "etag", Rule: model.RuleComputed})
	}
	later.Finish()
	o := render.Options{Budget: 65000}
	if a, b := markdown.Issue(now, o), markdown.Issue(later, o); a != b {
		t.Errorf("the issue would be edited:\n%s\n%s", a, b)
	}
	if a, b := markdown.Summary(now, o), markdown.Summary(later, o); a == b || !strings.Contains(b, "2026-11-23 02:00 UTC") {
		t.Error("the summary doesn't say as of when drift is known")
	}
}

// TestMentions: owners of what drifted are mentioned in an issue, and nowhere
// else; what is no mention stays inert.
func TestMentions(t *testing.T) {
	r := readReport(t, "testdata/drift/report.json")
	issue := markdown.Issue(r, render.Options{Budget: 65000})
	if !strings.Contains(issue, " @acme/network, @alice ") {
		t.Error("the owners are not mentioned")
	}
	var plain bytes.Buffer
	if err := text.Write(&plain, r, render.Options{Width: 300}); err != nil || !strings.Contains(plain.String(), "@acme/network") {
		t.Error("the text doesn't name the owners", err)
	}
	for _, doc := range []string{markdown.Comment(r, render.Options{}), markdown.Summary(r, render.Options{})} {
		if !strings.Contains(doc, "`@acme/network`") || inert(doc, allowedLinks(r)) != "" {
			t.Error("owners are mentioned where nobody asked for it, or not named")
		}
	}
	for i := range r.Workspaces {
		r.Workspaces[i].Drift, r.Workspaces[i].Outputs = nil, nil
		r.Workspaces[i].Count()
	}
	if why := inert(markdown.Issue(r, render.Options{}), allowedLinks(r)); why != "" {
		t.Errorf("owners of what did not drift: %s", why)
	}
}

func TestTitle(t *testing.T) {
	drift := func(n, gone, outputs int) model.Workspace {
		w := model.NewWorkspace("net-prod")
		for i := range n {
			d := model.Drift{Change: model.Change{Address: fmt.Sprint("x.", i), Action: model.ActionUpdate}}
			if i < gone {
				d.Action = model.ActionDelete
			}
			w.Drift = append(w.Drift, d)
		}
		w.Outputs = make([]model.Output, outputs)
		return *w
	}
	named := func(name string) model.Workspace {
		w := model.NewWorkspace(name)
		return *w
	}
	unchecked := named("locked")
	unchecked.Checked = false
	for _, c := range []struct {
		kind model.Kind
		all  []model.Workspace
		want string
	}{
		{model.KindDrift, nil, "Terraform drift: none"},
		{model.KindDrift, []model.Workspace{drift(0, 0, 0), unchecked}, "Terraform drift: none"},
		{model.KindDrift, []model.Workspace{drift(2, 0, 0), drift(1, 0, 0), unchecked}, "Terraform drift: 3 resources in 2 workspaces"},
		{model.KindDrift, []model.Workspace{drift(2, 1, 1), drift(0, 0, 0)}, "Terraform drift: 2 resources in 1 workspace, 1 gone, 1 output"},
		{model.KindDrift, []model.Workspace{drift(0, 0, 2), drift(0, 0, 0)}, "Terraform drift: 2 outputs in 1 workspace"},
		{model.KindDrift, []model.Workspace{drift(1, 0, 0)}, "Terraform drift in net-prod: 1 resource"},
		{model.KindDrift, []model.Workspace{named("a `b` @alice #1\u202e")}, "Terraform drift in `a 'b' @alice #1\\u{202E}`: none"},
		{model.KindUnmanaged, nil, "Unmanaged resources: none"},
		{model.KindAdopt, nil, "Adoption"},
	} {
		r := model.NewReport(c.kind, "")
		r.Workspaces = c.all
		r.Finish()
		if got := render.Title(r); got != c.want {
			t.Errorf("%q, want %q", got, c.want)
		}
	}
}

func TestNews(t *testing.T) {
	r := readReport(t, "testdata/drift/report.json")
	clean := readReport(t, "testdata/drift_clean/report.json")
	f := func(workspace string, names ...string) (out []markdown.Finding) {
		for _, n := range names {
			out = append(out, markdown.Finding{Workspace: workspace, Name: n})
		}
		return out
	}
	for name, c := range map[string]struct {
		report *model.Report
		t      markdown.Transition
		want   string
	}{
		"new": {r, markdown.Transition{Added: append(f("net-prod", "aws_route.default", "x.y"), f("data", "a.b")...)},
			"**New drift**: 3 findings, besides 4 known before\n\n- **`net-prod`** @acme/network @alice: `aws_route.default`, `x.y`\n- **`data`**: `a.b`\n"},
		"new and resolved": {r, markdown.Transition{Added: f("data", "a.b"), Resolved: f("dns", "x.y")},
			"**New drift**: 1 finding, besides 6 known before; 1 resolved\n\n- **`data`**: `a.b`\n"},
		"some resolved":    {r, markdown.Transition{Resolved: f("dns", "x.y")}, ""},
		"nothing happened": {clean, markdown.Transition{}, ""},
		"not looked at":    {clean, markdown.Transition{Resolved: f("dns", "x.y"), Carried: 1}, ""},
		"all clear": {clean, markdown.Transition{Resolved: f("dns", "x.y", "")},
			"**All clear**: nothing drifts any more. 2 findings were resolved:\n\n- **`dns`**: `x.y`, one whose name is not known any more\n"},
	} {
		if got := markdown.News(c.report, c.t, render.Options{}); got != c.want {
			t.Errorf("%s:\n got %q\nwant %q", name, got, c.want)
		}
	}
	many := markdown.Transition{Added: f("data", make([]string, 500)...)}
	if got := markdown.News(r, many, render.Options{Budget: 400}); len(got) > 400 || !strings.Contains(got, " more\n") {
		t.Errorf("%d bytes: %q", len(got), got)
	}
}

// TestLongOnes: a long file is whole in the summary, where it can be pasted
// from, and cut in what is posted; so is a long table of the coverage.
func TestLongOnes(t *testing.T) {
	r := readReport(t, "testdata/unmanaged/report.json")
	r.Unmanaged[1].Suggestion.Files[1].Content = strings.Repeat("# line\n", 1500)
	for i := range 300 {
		r.Coverage.ByType = append(r.Coverage.ByType, model.CoveredBy{Name: fmt.Sprintf("aws_type_%d", i)})
	}
	summary, comment := markdown.Summary(r, render.Options{}), markdown.Comment(r, render.Options{})
	if n := strings.Count(summary, "# line\n"); n != 1500 {
		t.Errorf("%d of 1500 lines of a file are in the summary", n)
	}
	for _, want := range []string{" more lines left out", "186 more lines left out"} { // 5 types and a heading among 120 lines
		if !strings.Contains(comment, want) {
			t.Errorf("the comment lacks %q", want)
		}
	}
	if n := strings.Count(comment, "# line\n"); n > 120 {
		t.Errorf("%d lines of a file are in the comment", n)
	}
}
