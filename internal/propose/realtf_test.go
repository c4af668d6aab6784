package propose

import (
	"bytes"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"

	"github.com/strandline-tf/strandline/internal/fetch/planjson"
	"github.com/strandline-tf/strandline/internal/model"
	"github.com/strandline-tf/strandline/internal/secret"
	"github.com/strandline-tf/strandline/internal/testkit/realtf"
)

// TestMovedWithTerraform applies the configuration in before/, plans the one
// in after/, and takes what is suggested at its word: with the suggested
// blocks beside it, the same configuration must destroy and create nothing
// but what the case lists as destroyed.
func TestMovedWithTerraform(t *testing.T) {
	cases, err := filepath.Glob("testdata/*.txtar")
	if err != nil || len(cases) == 0 {
		t.Fatal("no cases", err)
	}
	for _, file := range cases {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txtar"), func(t *testing.T) {
			t.Parallel()
			a, err := txtar.ParseFile(file)
			if err != nil {
				t.Fatal(err)
			}
			dir := realtf.New(t)
			put(t, dir, a, "before/")
			dir.Apply()
			put(t, dir, a, "after/")
			suggestions := Moved(plan(t, dir))
			var got strings.Builder
			for i, s := range suggestions {
				from, to, ok := readMoved([]byte(s.Files[0].Content))
				if !ok || s.To != text(to) {
					t.Errorf("to %q: %s", s.To, s.Files[0].Content)
				}
				_, why, _ := strings.Cut(s.Why, "`: ")
				got.WriteString(text(from) + " -> " + text(to) + "\n  " + why + "\n")
				dir.WriteFile("moved"+string(rune('a'+i))+".tf", s.Files[0].Content)
			}
			if diff := cmp.Diff(section(a, "want"), got.String()); diff != "" {
				t.Fatalf("suggestions (-want +got):\n%s", diff)
			}
			if len(suggestions) == 0 {
				return
			}
			var destroyed strings.Builder
			for _, c := range plan(t, dir).Changes {
				switch c.Action {
				case model.ActionDelete:
					destroyed.WriteString(c.Address + "\n")
				case model.ActionNoOp, model.ActionUpdate:
				default:
					t.Errorf("with the suggestions applied: %s %s", c.Action, c.Address)
				}
			}
			if diff := cmp.Diff(section(a, "destroyed"), destroyed.String()); diff != "" {
				t.Errorf("still destroyed (-want +got):\n%s", diff)
			}
		})
	}
}

// put makes the files of a case that begin with prefix the configuration.
func put(t *testing.T, dir *realtf.Dir, a *txtar.Archive, prefix string) {
	t.Helper()
	err := filepath.WalkDir(dir.Path(), func(path string, _ os.DirEntry, err error) error {
		if err == nil && filepath.Ext(path) == ".tf" {
			err = os.Remove(path)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range a.Files {
		if name, ok := strings.CutPrefix(f.Name, prefix); ok {
			dir.WriteFile(name, string(f.Data))
		}
	}
}

func plan(t *testing.T, dir *realtf.Dir) *model.Workspace {
	t.Helper()
	data, _ := dir.Plan()
	w, err := planjson.Decode(bytes.NewReader(data), new(secret.Set))
	if err != nil {
		t.Fatal(err)
	}
	return w
}

func section(a *txtar.Archive, name string) string {
	i := slices.IndexFunc(a.Files, func(f txtar.File) bool { return f.Name == name })
	if i < 0 {
		return ""
	}
	return string(a.Files[i].Data)
}
