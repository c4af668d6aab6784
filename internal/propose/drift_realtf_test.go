package propose

import (
	"bytes"
	"encoding/json"
	"os/exec"
	"path"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"

	"github.com/strandline-tf/strandline/internal/fetch/planjson"
	"github.com/strandline-tf/strandline/internal/model"
	"github.com/strandline-tf/strandline/internal/secret"
	"github.com/strandline-tf/strandline/internal/testkit/golden"
	"github.com/strandline-tf/strandline/internal/testkit/realtf"
)

// TestDriftWithTerraform applies a configuration, edits the cloud behind
// Terraform's back as the case's file "cloud" says, and takes the suggestions
// at their word: with all accept patches applied, or with all ignore patches
// applied, Terraform plans no change, but for what the file "remains" lists.
//
// Each case is an archive: .tf files and files of variables; cloud, with lines "TYPE ID JSON", whose
// members are set in the object, or "TYPE ID gone"; want, which -update writes.
func TestDriftWithTerraform(t *testing.T) {
	cases, err := filepath.Glob("testdata/drift/*.txtar")
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
			cloud := realtf.NewShore(t)
			dir := cloud.Dir()
			files := map[string][]byte{}
			for _, f := range a.Files {
				if inputRank(f.Name) > 0 {
					files[f.Name] = f.Data
					dir.WriteFile(f.Name, string(f.Data))
				}
				if strings.HasSuffix(f.Name, ".tf") {
					files[f.Name] = f.Data
					dir.WriteFile(f.Name, string(f.Data))
					dir.WriteFile(path.Join(path.Dir(f.Name), "providers.tf"), realtf.Providers)
				}
			}
			dir.Apply()
			editCloud(t, cloud, section(a, "cloud"))
			refreshed, _ := dir.Drift()
			w := decode(t, refreshed)
			w.QuietComputed()
			tree := NewTree(files)
			Drift(w, tree)

			golden.Check(t, strings.TrimSuffix(file, ".txtar")+".want", describe(w))
			for _, kind := range []string{"accept", "ignore"} {
				for name, data := range files {
					dir.WriteFile(name, string(data))
				}
				applyPatches(t, dir, w, kind)
				data, text := dir.Plan()
				var got strings.Builder
				for _, c := range decode(t, data).Changes {
					got.WriteString(c.Action + " " + c.Address + "\n")
				}
				if diff := cmp.Diff(section(a, "remains after "+kind), got.String()); diff != "" {
					t.Errorf("after %s (-want +got):\n%s\n%s", kind, diff, text)
				}
			}
			all := Accept([]*model.Workspace{w}, tree)
			for name, data := range files {
				dir.WriteFile(name, string(data))
			}
			for name, data := range all.Files {
				dir.WriteFile(name, string(data))
			}
			data, text := dir.Plan()
			var got strings.Builder
			for _, c := range decode(t, data).Changes {
				got.WriteString(c.Action + " " + c.Address + "\n")
			}
			want := section(a, "remains after all accepts")
			if want == "" {
				want = section(a, "remains after accept")
			}
			if diff := cmp.Diff(want, got.String()); diff != "" {
				t.Errorf("after Accept (-want +got):\n%s\n%s", diff, text)
			}
		})
	}
}

// applyPatches applies the patches of one kind, one after the other, as git
// does: of several for one file, each is made against the file as it was.
func applyPatches(t *testing.T, dir *realtf.Dir, w *model.Workspace, kind string) {
	t.Helper()
	done := map[string]bool{}
	for i := range w.Drift {
		for _, s := range w.Drift[i].Suggestions {
			if s.Kind != kind || s.Patch == "" || done[s.Patch] {
				continue
			}
			done[s.Patch] = true
			cmd := exec.CommandContext(t.Context(), "git", "apply", "--unidiff-zero", "-C1", "-")
			cmd.Dir, cmd.Stdin = dir.Path(), strings.NewReader(s.Patch)
			if out, err := cmd.CombinedOutput(); err != nil {
				t.Fatalf("git apply: %v\n%s\n%s", err, out, s.Patch)
			}
		}
	}
}

func decode(t *testing.T, data []byte) *model.Workspace {
	t.Helper()
	w, err := planjson.Decode(bytes.NewReader(data), new(secret.Set))
	if err != nil {
		t.Fatal(err)
	}
	w.Finish()
	w.Folder = "."
	return w
}

func editCloud(t *testing.T, cloud *realtf.Shore, lines string) {
	t.Helper()
	for line := range strings.Lines(lines) {
		fields := strings.SplitN(strings.TrimSpace(line), " ", 3)
		if len(fields) != 3 {
			t.Fatalf("cloud: %q", line)
		}
		typ, id, what := fields[0], fields[1], fields[2]
		if n := strings.TrimPrefix(id, "#"); n != id { // the nth that was assigned
			id = cloud.IDs(typ)[n[0]-'1']
		}
		if what == "gone" {
			cloud.Remove(typ, id)
			continue
		}
		var members map[string]any
		if err := json.Unmarshal([]byte(what), &members); err != nil {
			t.Fatalf("cloud: %q: %v", line, err)
		}
		cloud.Edit(typ, id, func(o realtf.Object) {
			for name, v := range members {
				o[name] = v
			}
		})
	}
}

// describe is all that is suggested, for a person to read.
func describe(w *model.Workspace) string {
	var b strings.Builder
	for i := range w.Drift {
		d := &w.Drift[i]
		b.WriteString("# " + d.Address + "\n")
		for _, s := range d.Suggestions {
			b.WriteString(s.Kind + ": " + s.Why + "\n" + s.Patch)
		}
	}
	return b.String()
}
