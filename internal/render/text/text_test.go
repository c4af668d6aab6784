package text

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/olekukonko/tablewriter/pkg/twwidth"
	"pgregory.net/rapid"

	"github.com/strandline-tf/strandline/internal/model"
	"github.com/strandline-tf/strandline/internal/render"
)

func printed(width int, do func(p *printer)) []string {
	var b bytes.Buffer
	p := &printer{w: bufio.NewWriter(&b), width: width}
	do(p)
	p.w.Flush()
	return strings.Split(strings.TrimSuffix(b.String(), "\n"), "\n")
}

// TestHardKeepsEverything: a long line of a diff is broken at the width, and
// nothing of it is lost but spaces.
func TestHardKeepsEverything(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := rapid.StringOfN(rapid.SampledFrom([]rune("ab 日é\"")), 1, 300, -1).Draw(t, "s")
		got := ""
		for i, line := range printed(50, func(p *printer) { p.hard("  + ", "      ", s, none) }) {
			if twwidth.Width(line) > 50 {
				t.Fatalf("%q is too wide", line)
			}
			if i == 0 {
				line = strings.TrimPrefix(line, "  +")
			}
			got += line
		}
		if strings.ReplaceAll(got, " ", "") != strings.ReplaceAll(s, " ", "") {
			t.Fatalf("%q became %q", s, got)
		}
	})
}

func TestLineBreaksAtSpaces(t *testing.T) {
	got := printed(20, func(p *printer) {
		p.line("- ", "  ", []piece{{"aws_instance.a", bold}, {" destroyed (", none}, {"no longer", red}, {" there)", none}})
	})
	want := []string{"- aws_instance.a", "  destroyed (no", "  longer there)"}
	if strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("got %q", got)
	}
}

// TestTableFits: with all columns in use the findings stand in one column.
func TestTableFits(t *testing.T) {
	r := &model.Report{Summary: model.Summary{Import: 1, Add: 1, Change: 1, Replace: 1, Destroy: 1, Move: 1, Forget: 1, Output: 1, Drift: 1}}
	for i := range 3 {
		r.Workspaces = append(r.Workspaces, model.Workspace{Name: fmt.Sprintf("workspace-with-quite-a-long-name-%d", i), Status: model.StatusAwaiting, Summary: r.Summary})
	}
	for _, width := range []int{60, 80, 200} {
		var b bytes.Buffer
		if err := Write(&b, r, render.Options{Width: width}); err != nil {
			t.Fatal(err)
		}
		for line := range strings.SplitSeq(b.String(), "\n") {
			if twwidth.Width(line) > width {
				t.Errorf("width %d: %q", width, line)
			}
		}
	}
}

type brokenWriter struct{}

func (brokenWriter) Write([]byte) (int, error) { return 0, errors.New("disk full") }

func TestWriteErrors(t *testing.T) {
	if err := Write(brokenWriter{}, &model.Report{}, render.Options{}); err == nil || !strings.Contains(err.Error(), "disk full") {
		t.Errorf("got %v", err)
	}
}
