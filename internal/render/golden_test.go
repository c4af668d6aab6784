package render_test

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/strandline-tf/strandline/internal/model"
	"github.com/strandline-tf/strandline/internal/render"
	"github.com/strandline-tf/strandline/internal/render/markdown"
	"github.com/strandline-tf/strandline/internal/render/text"
	"github.com/strandline-tf/strandline/internal/testkit/golden"
)

const fullReport = "https://github.com/o/r/actions/runs/1/attempts/1#summary-2"

// TestGolden renders each testdata/CASE/report.json in every format; a new case
// is a new folder with a report.json and a run with -update.
func TestGolden(t *testing.T) {
	cases, err := filepath.Glob("testdata/*/report.json")
	if err != nil || len(cases) == 0 {
		t.Fatal("no cases", err)
	}
	for _, path := range cases {
		dir := filepath.Dir(path)
		t.Run(filepath.Base(dir), func(t *testing.T) {
			r := readReport(t, path)
			golden.Check(t, filepath.Join(dir, "comment.md"), markdown.Comment(r, render.Options{Budget: 65000, SummaryURL: fullReport}))
			golden.Check(t, filepath.Join(dir, "summary.md"), markdown.Summary(r, render.Options{}))
			if r.Kind != model.KindPlan {
				issue := markdown.Issue(r, render.Options{Budget: 65000, SummaryURL: fullReport})
				golden.Check(t, filepath.Join(dir, "issue.md"), "Title: "+render.Title(r)+"\n\n"+issue)
			}
			var plain, colored bytes.Buffer
			if err := text.Write(&plain, r, render.Options{Width: 80}); err != nil {
				t.Fatal(err)
			}
			golden.Check(t, filepath.Join(dir, "report.txt"), plain.String())
			if err := text.Write(&colored, r, render.Options{Width: 80, Color: true}); err != nil {
				t.Fatal(err)
			}
			if got := ansi().Replace(colored.String()); got != plain.String() {
				t.Errorf("colours change the text:\n%s", got)
			}
		})
	}
}

// ansi takes out the control sequences that package text writes.
func ansi() *strings.Replacer {
	var pairs []string
	for _, code := range []string{"0", "1", "2", "31", "32", "33", "1;31"} {
		pairs = append(pairs, "\x1b["+code+"m", "")
	}
	return strings.NewReplacer(pairs...)
}

func readReport(t *testing.T, path string) *model.Report {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var r model.Report
	dec := json.NewDecoder(bytes.NewReader(data))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&r); err != nil {
		t.Fatalf("%s: %v", path, err)
	}
	if r.Show == "" {
		r.Finish() // cases leave out counters and empty lists
	}
	return &r
}
