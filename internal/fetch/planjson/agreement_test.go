package planjson_test

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/strandline-tf/strandline/internal/model"
	"github.com/strandline-tf/strandline/internal/testkit/realtf"
)

// TestAgreesWithTerraform runs the cases of testdata/agree through the real
// terraform and compares what is decoded from the plan's JSON with what
// Terraform's text says of the same plan: the counts, the addresses with what
// happens to them, and the set of changed attribute paths (see normal).
//
// A case is a folder: before.tf, if there is one, is applied; then broken.tf,
// if there is one, which must fail; then after.tf is planned, with the
// arguments that stand in args, one a line. Folders in it are modules.
func TestAgreesWithTerraform(t *testing.T) {
	cases, err := filepath.Glob("testdata/agree/*/after.tf")
	if err != nil || len(cases) < 40 {
		t.Fatal("there are few cases", len(cases), err)
	}
	for _, file := range cases {
		t.Run(filepath.Base(filepath.Dir(file)), func(t *testing.T) {
			t.Parallel()
			agree(t, filepath.Dir(file))
		})
	}
}

func agree(t *testing.T, folder string) {
	dir := realtf.New(t)
	read := func(name string) string {
		content, err := os.ReadFile(filepath.Join(folder, name))
		if err != nil && !os.IsNotExist(err) {
			t.Fatal(err)
		}
		return string(content)
	}
	if err := os.CopyFS(dir.Path(), os.DirFS(folder)); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"before.tf", "broken.tf", "after.tf"} {
		if err := os.Remove(filepath.Join(dir.Path(), name)); err != nil && !os.IsNotExist(err) {
			t.Fatal(err)
		}
	}
	use := func(config string) {
		dir.Write(config)
		if strings.Contains(config, "module ") { // all else works without an init
			dir.Run("get", "-no-color")
		}
	}
	if before := read("before.tf"); before != "" {
		use(before)
		dir.Run("apply", "-auto-approve", "-no-color", "-refresh=false")
	}
	if broken := read("broken.tf"); broken != "" {
		use(broken)
		if out, err := dir.Try("apply", "-auto-approve", "-no-color"); err == nil {
			t.Fatalf("broken.tf does not fail:\n%s", out)
		}
	}
	use(read("after.tf"))
	args := append([]string{"plan", "-no-color", "-out=tfplan"}, strings.FieldsFunc(read("args"), func(r rune) bool { return r == '\n' })...)
	out, failed := dir.Try(args...)
	if _, err := os.Stat(filepath.Join(dir.Path(), "tfplan")); err != nil {
		t.Fatalf("no plan: %v\n%s", failed, out)
	}
	ws := decode(t, string(dir.Run("show", "-json", "tfplan")))
	text := string(dir.Run("show", "-no-color", "tfplan"))
	if ws.Errored != (failed != nil) {
		t.Errorf("errored is %t, the plan's error %v", ws.Errored, failed)
	}
	if diff := cmp.Diff(fromText(parseText(text)), fromModel(ws)); diff != "" {
		t.Errorf("Terraform's text (-) and the report (+) differ:\n%s\n%s", diff, text)
	}
}

// told is what both sides say, in a form to compare.
type told struct {
	Counts  string
	Changes map[string]string   // by address: what happens, from where, imported as what
	Paths   map[string][]string // by address, sorted
	Outputs []string
}

func fromText(p *textPlan) told {
	out := told{Counts: p.counts, Changes: map[string]string{}, Paths: map[string][]string{}, Outputs: sorted(p.outputs)}
	for address, c := range p.changes {
		out.Changes[address] = strings.Join([]string{c.action, c.from, c.id}, " ")
		if c.action != model.ActionForget && len(c.paths) > 0 { // of what is forgotten the report shows no values
			out.Paths[address] = sorted(c.paths)
		}
	}
	return out
}

func fromModel(ws *model.Workspace) told {
	out := told{Changes: map[string]string{}, Paths: map[string][]string{}}
	s := ws.Summary
	if len(ws.Changes) > 0 {
		out.Counts = fmt.Sprintf("%d to add, %d to change, %d to destroy", s.Add+s.Replace, s.Change, s.Destroy+s.Replace)
		if s.Import > 0 {
			out.Counts = fmt.Sprintf("%d to import, ", s.Import) + out.Counts
		}
	}
	for i := range ws.Changes {
		c := &ws.Changes[i]
		address, id := c.Address+c.Deposed, ""
		if c.Import != nil {
			id = c.Import.ID
		}
		out.Changes[address] = strings.Join([]string{c.Action, c.PreviousAddress, id}, " ")
		paths := map[string]bool{}
		for _, a := range c.Attributes {
			paths[normal(a.Path)] = true
		}
		if len(paths) > 0 {
			out.Paths[address] = sorted(paths)
		}
	}
	paths := map[string]bool{}
	for i := range ws.Outputs {
		for _, a := range ws.Outputs[i].Attributes {
			paths[normal(a.Path)] = true
		}
	}
	out.Outputs = sorted(paths)
	return out
}

func sorted(set map[string]bool) []string { return slices.Sorted(maps.Keys(set)) }
