package render_test

import (
	"encoding/json"
	"fmt"
	"regexp"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/strandline-tf/strandline/internal/model"
	"github.com/strandline-tf/strandline/internal/render"
	"github.com/strandline-tf/strandline/internal/render/markdown"
)

// largeReport has n changes of all kinds over so many workspaces, and some of
// everything else.
func largeReport(n, workspaces int) *model.Report {
	r := model.NewReport(model.KindPlan, "2026-01-02T03:04:05Z")
	actions := []string{model.ActionUpdate, model.ActionCreate, model.ActionUpdate, model.ActionCreate, model.ActionUpdate,
		model.ActionReplace, model.ActionUpdate, model.ActionDelete, model.ActionCreate, model.ActionForget}
	for i := range workspaces {
		w := model.NewWorkspace(fmt.Sprintf("workspace-%02d", i))
		w.Status = model.StatusPlanned
		w.RunURL = fmt.Sprintf("https://app.terraform.io/app/acme/workspace-%02d/runs/run-%02d", i, i)
		for j := range n / workspaces {
			w.Changes = append(w.Changes, largeChange(actions[j%len(actions)], i, j))
		}
		for j := range 5 {
			w.Outputs = append(w.Outputs, model.Output{Name: fmt.Sprintf("out_%d", j), Action: "create", After: value(j)})
			w.Drift = append(w.Drift, model.Drift{Change: largeChange(model.ActionUpdate, i, 100000+j)})
		}
		w.Diagnostics = []model.Diagnostic{{Severity: "warning", Summary: "Argument is deprecated", Detail: "Use another."}}
		w.Policies = []model.Policy{{Name: "tagged", Status: "failed", Level: "advisory", Output: "not tagged"}}
		w.Finish()
		r.Workspaces = append(r.Workspaces, *w)
	}
	r.Finish()
	return r
}

func largeChange(action string, i, j int) model.Change {
	c := model.Change{
		Address: fmt.Sprintf("module.m%d.aws_instance.web[%d]", i, j), Mode: "managed", Type: "aws_instance", Name: "web", Action: action,
	}
	for k := range 12 {
		a := model.Attribute{Path: fmt.Sprintf("attribute_%d", k)}
		if action != model.ActionCreate {
			a.Before = value(fmt.Sprintf("before %d %d", j, k))
		}
		if action != model.ActionDelete {
			a.After = value(fmt.Sprintf("after %d %d", j, k))
		}
		c.Attributes = append(c.Attributes, a)
	}
	return c
}

func value(v any) model.Value {
	b, err := json.Marshal(v)
	if err != nil {
		panic(err)
	}
	return b
}

// TestBudget: whatever the size, nothing is over it, nothing is cut, and what
// is left out is named with where it is.
func TestBudget(t *testing.T) {
	r := largeReport(600, 8)
	links := allowedLinks(r)
	left := 0
	for budget := 100; budget < 400_000; budget += 1 + budget/9 {
		got := markdown.Comment(r, render.Options{Budget: budget, SummaryURL: fullReport})
		if len(got) > budget {
			t.Fatalf("budget %d: %d bytes", budget, len(got))
		}
		if got == "" {
			if budget > 200 {
				t.Errorf("budget %d: nothing at all", budget)
			}
			continue
		}
		if why := inert(got, links); why != "" {
			t.Fatalf("budget %d: %s", budget, why)
		}
		if budget > 8000 {
			checkAccounted(t, r, got, budget)
		}
		if strings.Contains(got, "[full report]") {
			left++
		}
		if full := len(markdown.Comment(r, render.Options{})); budget > full && strings.Contains(got, "Left out") {
			t.Errorf("budget %d: something is left out of a report of %d bytes", budget, full)
		}
	}
	if left == 0 {
		t.Error("nothing was ever left out")
	}
}

var leftOut = regexp.MustCompile(`([\d,]+) (destroyed|replaced|changed|added|forgotten) resources?`)

// checkAccounted finds each change of each workspace by name, or counted as
// left out within its workspace.
func checkAccounted(t *testing.T, r *model.Report, doc string, budget int) {
	t.Helper()
	for i := range r.Workspaces {
		w := &r.Workspaces[i]
		_, part, ok := strings.Cut(doc, "<details><summary><code>"+w.Name+"</code>")
		if !ok {
			if !regexp.MustCompile(`Left out: .*workspaces? \(`).MatchString(doc) {
				t.Fatalf("budget %d: %s is missing without a word", budget, w.Name)
			}
			continue
		}
		part, _, _ = strings.Cut(part, "</details>")
		named := 0
		for j := range w.Changes {
			if strings.Contains(part, "**`"+w.Changes[j].Address+"`**") {
				named++
			}
		}
		for _, m := range leftOut.FindAllStringSubmatch(part, -1) {
			var n int
			fmt.Sscan(strings.ReplaceAll(m[1], ",", ""), &n)
			named += n
		}
		if named != len(w.Changes) {
			t.Fatalf("budget %d: %s accounts for %d of %d changes:\n%s", budget, w.Name, named, len(w.Changes), part)
		}
		for _, want := range []string{"drift", "Outputs|outputs", "olic"} {
			if !regexp.MustCompile(want).MatchString(part) {
				t.Fatalf("budget %d: %s says nothing of %s", budget, w.Name, want)
			}
		}
	}
}

// TestUseful: of 3,000 changes over 40 workspaces a comment names what matters.
func TestUseful(t *testing.T) {
	r := largeReport(3000, 40)
	got := markdown.Comment(r, render.Options{Budget: 65536, SummaryURL: fullReport})
	if len(got) > 65536 || len(got) < 60000 {
		t.Errorf("%d bytes: over the budget, or wasted", len(got))
	}
	for i := range r.Workspaces {
		if name := "<summary><code>" + r.Workspaces[i].Name + "</code>"; !strings.Contains(got, name) {
			t.Errorf("no details of %s", r.Workspaces[i].Name)
		}
	}
	if n := strings.Count(got, "** destroyed"); n < 240 {
		t.Errorf("only %d destroyed resources are named", n)
	}
	t.Logf("%d lines, %d changes with a diff, %d left-out lines", strings.Count(got, "\n"), strings.Count(got, "```diff"), strings.Count(got, "Left out"))
}

// abc are three lists of items of five bytes, of falling importance, the last
// two in a frame.
func abc() []*render.Node {
	list := func(name string, n int, rank render.Rank) *render.Node {
		return &render.Node{
			Open: name + ":", Len: n, Ranks: []render.Rank{rank, rank + 3},
			Version: func(i, version int) string { return fmt.Sprintf(" %s%d%s", name, i, []string{"..", "......"}[version]) },
			Missing: func(n int) string { return fmt.Sprintf("%d%s", n, name) },
		}
	}
	frame := &render.Node{
		Open: "{", Close: "}", Rank: 0, Nodes: []*render.Node{list("b", 2, 1), list("c", 2, 2)},
		Missing: func(n int) string { return fmt.Sprintf("%dF", n) },
	}
	return []*render.Node{list("a", 2, 0), frame}
}

func left(phrases []string) string { return "<" + strings.Join(phrases, ",") + ">" }

func TestFit(t *testing.T) {
	for _, c := range []struct {
		budget int
		want   string
	}{
		{6, ""},                       // not even the names of what is left out
		{7, "<2a,1F>"},                //
		{13, "<2a>{<2b,2c>}"},         // the frame
		{20, "a: a0..<1a>{<2b,2c>}"},  // then what ranks first
		{21, "a: a0.. a1..{<2b,2c>}"}, // without what says it is missing
		{28, "a: a0.. a1..{b: b0..<1b,2c>}"},
		{30, "a: a0.. a1..{b: b0.. b1..<2c>}"},
		{35, "a: a0...... a1..{b: b0.. b1..<2c>}"}, // details of a, where no line of c fits
		{render.NoLimit, "a: a0...... a1......{b: b0...... b1......c: c0...... c1......}"},
	} {
		if got := render.Fit(abc(), left, c.budget); got != c.want {
			t.Errorf("budget %d: got %q (%d bytes), want %q", c.budget, got, len(got), c.want)
		}
	}
}

// TestFitAccounts: never over the budget, and every item is there or counted.
func TestFitAccounts(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var nodes []*render.Node
		total := 0
		for i := range rapid.IntRange(1, 4).Draw(t, "nodes") {
			n := rapid.IntRange(1, 5).Draw(t, "items")
			total += n
			size := rapid.IntRange(0, 20).Draw(t, "size")
			rank := render.Rank(rapid.IntRange(0, 5).Draw(t, "rank"))
			nodes = append(nodes, &render.Node{
				Open: "(", Len: n, Ranks: []render.Rank{rank, rank + 1},
				Version: func(j, version int) string { return fmt.Sprintf("%d%d%s ", i, j, strings.Repeat("x", version*size)) },
				Missing: func(n int) string { return fmt.Sprintf("=%d", n) },
			})
		}
		budget := rapid.IntRange(0, 200).Draw(t, "budget")
		got := render.Fit(nodes, left, budget)
		if len(got) > budget {
			t.Fatalf("%q is over %d", got, budget)
		}
		if got == "" {
			return
		}
		counted := len(regexp.MustCompile(`\d\dx* `).FindAllString(got, -1))
		for _, m := range regexp.MustCompile(`=(\d)`).FindAllStringSubmatch(got, -1) {
			counted += int(m[1][0] - '0')
		}
		if counted != total {
			t.Fatalf("%q accounts for %d of %d", got, counted, total)
		}
	})
}

func BenchmarkComment(b *testing.B) {
	r := largeReport(10_000, 40)
	for b.Loop() {
		markdown.Comment(r, render.Options{Budget: 65536, SummaryURL: fullReport})
	}
	b.ReportAllocs()
}

func BenchmarkSummary(b *testing.B) {
	r := largeReport(10_000, 40)
	for b.Loop() {
		markdown.Summary(r, render.Options{})
	}
	b.ReportAllocs()
}
