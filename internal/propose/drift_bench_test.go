package propose

import (
	"fmt"
	"strings"
	"testing"

	"github.com/strandline-tf/strandline/internal/model"
)

// instances is a workspace in which n instances of one block drifted, and are
// changed back by its plan.
func instances(n int) (*model.Workspace, string) {
	w := model.NewWorkspace("w")
	w.Folder = "."
	for i := range n {
		c := model.Change{Address: fmt.Sprintf("x_y.r[%d]", i), Mode: "managed", Type: "x_y", Name: "r", Index: fmt.Append(nil, i), Action: model.ActionUpdate,
			Attributes: []model.Attribute{leafAt("acl", `"a"`, `"b"`), leafAt("size", fmt.Sprint(i), fmt.Sprint(i+1))}}
		w.Drift = append(w.Drift, model.Drift{Change: c})
		c.Attributes = []model.Attribute{leafAt("acl", `"b"`, `"a"`), leafAt("size", fmt.Sprint(i+1), fmt.Sprint(i))}
		w.Changes = append(w.Changes, c)
	}
	return w, fmt.Sprintf("resource \"x_y\" \"r\" {\n  count = %d\n  acl   = \"a\"\n  size  = count.index\n}\n", n)
}

// oneFile is a workspace in which n resources of one file drifted.
func oneFile(n int) (*model.Workspace, string) {
	w := model.NewWorkspace("w")
	w.Folder = "."
	var main strings.Builder
	for i := range n {
		name := fmt.Sprintf("r%d", i)
		w.Drift = append(w.Drift, model.Drift{Change: model.Change{Address: "x_y." + name, Mode: "managed", Type: "x_y", Name: name, Action: model.ActionUpdate,
			Attributes: []model.Attribute{leafAt("acl", `"a"`, `"b"`), leafAt("size", "1", "2")}}})
		fmt.Fprintf(&main, "resource \"x_y\" \"%s\" {\n  # %d\n  name = \"a name of it\"\n  acl  = \"a\"\n  size = 1\n}\n\n", name, i)
	}
	return w, strings.TrimSuffix(main.String(), "\n")
}

// tags is a workspace in which each of n instances of one block got a tag that
// no other has.
func tags(n int) (*model.Workspace, string) {
	w, main := instances(n)
	for i := range w.Drift {
		w.Drift[i].Attributes = []model.Attribute{leafAt(fmt.Sprintf("tags.k%d", i), "", `"v"`)}
	}
	return w, main
}

// modules is a workspace in which one resource of each of n modules drifted, of
// which the configuration is not known.
func modules(n int) (*model.Workspace, string) {
	w := model.NewWorkspace("w")
	for i := range n {
		module := fmt.Sprintf("module.m%d[\"k\"]", i)
		w.Drift = append(w.Drift, model.Drift{Change: model.Change{Address: module + ".x_y.r", Module: module, Mode: "managed", Type: "x_y", Name: "r", Action: model.ActionUpdate,
			Attributes: []model.Attribute{leafAt("acl", `"a"`, `"b"`)}}})
	}
	return w, ""
}

// BenchmarkDrift suggests what to do about many findings of one workspace.
func BenchmarkDrift(b *testing.B) {
	for _, bc := range []struct {
		name string
		of   func(n int) (*model.Workspace, string)
		n    int
	}{{"instances", instances, 5000}, {"tags", tags, 5000}, {"modules", modules, 5000}, {"file", oneFile, 500}, {"file", oneFile, 2000}} {
		b.Run(fmt.Sprintf("%s-%d", bc.name, bc.n), func(b *testing.B) {
			w, main := bc.of(bc.n)
			for b.Loop() {
				Drift(w, tree(main))
			}
		})
	}
}

// BenchmarkAccept applies all that can be accepted in one file.
func BenchmarkAccept(b *testing.B) {
	w, main := oneFile(500)
	for b.Loop() {
		Accept([]*model.Workspace{w}, tree(main))
	}
}

// TestDriftIsLinear: four times as many findings take about four times the
// work.
func TestDriftIsLinear(t *testing.T) {
	for name, of := range map[string]func(n int) (*model.Workspace, string){"instances": instances, "tags": tags, "modules": modules, "file": oneFile} {
		t.Run(name, func(t *testing.T) {
			cost := func(n int) float64 {
				w, main := of(n)
				return testing.AllocsPerRun(1, func() { Drift(w, tree(main)) })
			}
			if few, many := cost(50), cost(200); many > 6*few {
				t.Errorf("50 findings take %.0f allocations, 200 take %.0f", few, many)
			}
		})
	}
}
