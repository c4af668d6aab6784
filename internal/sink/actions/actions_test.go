package actions_test

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/strandline-tf/strandline/internal/sink/actions"
	"github.com/strandline-tf/strandline/internal/userfault"
)

type step struct {
	*actions.Actions
	output, summary string
	commands        bytes.Buffer
}

func newStep(t *testing.T) *step {
	s := &step{output: filepath.Join(t.TempDir(), "output"), summary: filepath.Join(t.TempDir(), "summary")}
	s.Actions = actions.New(actions.Settings{OutputPath: s.output, SummaryPath: s.summary, Commands: &s.commands})
	return s
}

// outputs reads a file of outputs as the runner does: NAME<<DELIMITER, lines,
// DELIMITER; or NAME=VALUE.
// https://github.com/actions/runner/blob/main/src/Runner.Worker/FileCommandManager.cs
func outputs(t *testing.T, path string) map[string]string {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]string{}
	lines := strings.Split(strings.TrimSuffix(string(data), "\n"), "\n")
	for len(lines) > 0 {
		name, end, heredoc := strings.Cut(lines[0], "<<")
		lines = lines[1:]
		if !heredoc {
			name, value, ok := strings.Cut(name, "=")
			if !ok {
				t.Fatalf("the runner could not read the outputs:\n%s", data)
			}
			got[name] = value
			continue
		}
		var value []string
		for len(lines) > 0 && lines[0] != end {
			value, lines = append(value, lines[0]), lines[1:]
		}
		if len(lines) == 0 {
			t.Fatalf("the value of %s has no end:\n%s", name, data)
		}
		got[name], lines = strings.Join(value, "\n"), lines[1:]
	}
	return got
}

func TestSetOutput(t *testing.T) {
	s := newStep(t)
	want := map[string]string{
		"report":      "/tmp/a b.json",
		"markdown":    "line one\nx=y\nz<<EOF\n\nEOF",
		"has-changes": "true",
		"issue-url":   "",
	}
	for name, value := range want {
		if err := s.SetOutput(name, value); err != nil {
			t.Fatal(err)
		}
	}
	if diff := cmp.Diff(want, outputs(t, s.output)); diff != "" {
		t.Error(diff)
	}
}

func TestSetOutputCannotSetOthers(t *testing.T) {
	s := newStep(t)
	if err := s.SetOutput("first", "1"); err != nil {
		t.Fatal(err)
	}
	if err := s.SetOutput("second", "2"); err != nil {
		t.Fatal(err)
	}
	// The delimiter is whatever stands in the file.
	data, err := os.ReadFile(s.output)
	if err != nil {
		t.Fatal(err)
	}
	_, delimiter, _ := strings.Cut(strings.Split(string(data), "\n")[0], "<<")
	for _, hostile := range [][2]string{
		{"report", "x\n" + delimiter + "\nevil=1"},
		{"report\nevil", "1"},
		{"evil=1\nx", "1"},
		{"", "1"},
	} {
		if err := s.SetOutput(hostile[0], hostile[1]); err == nil && len(outputs(t, s.output)) != 2 {
			t.Errorf("SetOutput(%q, %q) set %v", hostile[0], hostile[1], outputs(t, s.output))
		} else if err != nil && userfault.Hint(err) == "" {
			t.Errorf("%v has no hint", err)
		}
	}
	if diff := cmp.Diff(map[string]string{"first": "1", "second": "2"}, outputs(t, s.output)); diff != "" {
		t.Error(diff)
	}
}

func TestSummaryLimit(t *testing.T) {
	s := newStep(t)
	if err := s.Summary(strings.Repeat("a", actions.SummaryLimit-11)); err != nil {
		t.Fatal(err)
	}
	err := s.Summary(strings.Repeat("b", 10)) // one newline each: 1 byte over
	if err == nil || !strings.Contains(err.Error(), "1 bytes over") {
		t.Errorf("error %v, want one that says by how much", err)
	}
	if err := s.Summary(strings.Repeat("c", 9)); err != nil {
		t.Errorf("a summary that just fits: %v", err)
	}
	info, err := os.Stat(s.summary)
	if err != nil || info.Size() != actions.SummaryLimit {
		t.Errorf("summary has %d bytes, %v; want %d", info.Size(), err, actions.SummaryLimit)
	}
}

type brokenWriter struct{}

func (brokenWriter) Write([]byte) (int, error) { return 0, errors.New("broken pipe") }

func TestFailuresAreErrors(t *testing.T) {
	dir := t.TempDir() // a folder can't be written to as a file
	a := actions.New(actions.Settings{OutputPath: dir, SummaryPath: dir, Commands: brokenWriter{}})
	none := actions.New(actions.Settings{Commands: brokenWriter{}})
	for name, err := range map[string]error{
		"output":           a.SetOutput("x", "y"),
		"summary":          a.Summary("x"),
		"mask":             a.Mask("longenough"),
		"annotation":       a.Annotate([]actions.Annotation{{Level: actions.LevelError, Message: "m"}}),
		"output, no file":  none.SetOutput("x", "y"),
		"summary, no file": none.Summary("x"),
	} {
		if err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}

func TestMask(t *testing.T) {
	s := newStep(t)
	if err := s.Mask("hunter22", "", "two\r\nlines", "100%", "::error::x"); err != nil {
		t.Fatal(err)
	}
	want := "::add-mask::hunter22\n::add-mask::two%0D%0Alines\n::add-mask::100%25\n::add-mask::::error::x\n"
	if diff := cmp.Diff(want, s.commands.String()); diff != "" {
		t.Error(diff)
	}
}

func TestAnnotate(t *testing.T) {
	s := newStep(t)
	err := s.Annotate([]actions.Annotation{
		{Level: actions.LevelNotice, Message: "n"},
		{Level: actions.LevelError, Title: "a,b: c\n::error::", Message: "100%\n::add-mask::x\r", File: "x,y/main.tf", Line: 3},
		{Level: actions.LevelWarning, Message: "w", Line: 3},
	})
	if err != nil {
		t.Fatal(err)
	}
	want := "::error file=x%2Cy/main.tf,line=3,title=a%2Cb%3A c%0A%3A%3Aerror%3A%3A::100%25%0A::add-mask::x%0D\n" +
		"::warning::w\n::notice::n\n"
	if diff := cmp.Diff(want, s.commands.String()); diff != "" {
		t.Error(diff)
	}
}

func TestAnnotateCountsTheRest(t *testing.T) {
	for _, tt := range []struct{ n, lines, rest int }{{10, 10, 0}, {11, 10, 2}, {23, 10, 14}} {
		t.Run(fmt.Sprint(tt.n), func(t *testing.T) {
			s := newStep(t)
			var list []actions.Annotation
			for i := range tt.n {
				list = append(list, actions.Annotation{Level: actions.LevelError, Message: fmt.Sprintf("e%d", i)},
					actions.Annotation{Level: actions.LevelWarning, Message: fmt.Sprintf("w%d", i)})
			}
			if err := s.Annotate(list); err != nil {
				t.Fatal(err)
			}
			got := strings.Split(strings.TrimSpace(s.commands.String()), "\n")
			if len(got) != 2*tt.lines {
				t.Fatalf("%d annotations, want %d", len(got), 2*tt.lines)
			}
			last := "::error::e9"
			if tt.rest > 0 {
				last = fmt.Sprintf("::error::and %d more of this kind: see the report in the job summary", tt.rest)
			}
			if got[8] != "::error::e8" || got[9] != last || got[10] != "::warning::w0" {
				t.Errorf("around the last one: %q, want %q last", got[8:11], last)
			}
		})
	}
}
