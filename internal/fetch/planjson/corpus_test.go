package planjson_test

import (
	"bytes"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/strandline-tf/strandline/internal/model"
)

// corpus returns plans by others: those in the folder shared between this
// repository's neighbours, and the test data of terraform-json.
func corpus(t testing.TB) []string {
	t.Helper()
	files, err := filepath.Glob("../../../../shared/fixtures/*.json")
	if err != nil {
		t.Fatal(err)
	}
	if out, err := exec.Command("go", "list", "-m", "-f", "{{.Dir}}", "github.com/hashicorp/terraform-json").Output(); err == nil {
		more, err := filepath.Glob(filepath.Join(strings.TrimSpace(string(out)), "testdata", "*", "plan.json"))
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, more...)
	}
	return files
}

// rawResource is a resource change as encoding/json reads it.
type rawResource struct {
	Address  string
	Previous string `json:"previous_address"`
	Deposed  string
	Change   struct {
		Actions       []string
		Before, After any
		BeforeMarks   any `json:"before_sensitive"`
		AfterMarks    any `json:"after_sensitive"`
		Unknown       any `json:"after_unknown"`
	}
}

// TestCorpusLosesNothing walks the raw JSON of real plans and looks for every
// changed leaf in the result.
func TestCorpusLosesNothing(t *testing.T) {
	files := corpus(t)
	if len(files) == 0 {
		t.Skip("SKIPPED: neither the shared fixtures nor terraform-json's test data are here; nothing was tested")
	}
	looked := 0
	for _, file := range files {
		t.Run(filepath.Base(filepath.Dir(file))+"/"+filepath.Base(file), func(t *testing.T) {
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			if !json.Valid(text) {
				t.Skip("not JSON, on purpose")
			}
			looked += loseNothing(t, text)
		})
	}
	if looked < 5*len(files) { // the walk itself would be broken
		t.Errorf("only %d changed leaves were looked for", looked)
	}
}

// loseNothing returns how many changed leaves it looked for.
func loseNothing(t *testing.T, text []byte) int {
	t.Helper()
	var raw struct {
		Changes []rawResource `json:"resource_changes"`
		Drift   []rawResource `json:"resource_drift"`
	}
	dec := json.NewDecoder(bytes.NewReader(text))
	dec.UseNumber()
	if err := dec.Decode(&raw); err != nil {
		t.Fatal(err)
	}
	ws := decode(t, string(text))
	kept := map[string][]model.Attribute{}
	for _, c := range ws.Changes {
		kept[c.Address+c.Deposed] = c.Attributes
	}
	drift := map[string][]model.Attribute{}
	for _, d := range ws.Drift {
		drift[d.Address] = d.Attributes
	}
	looked := 0
	for _, r := range raw.Changes {
		if r.Change.Actions[0] != "no-op" && r.Change.Actions[0] != "forget" {
			looked += findLeaves(t, r, kept[r.Address+r.Deposed])
		}
	}
	for _, r := range raw.Drift {
		looked += findLeaves(t, r, drift[r.Address])
	}
	return looked
}

func findLeaves(t *testing.T, r rawResource, attributes []model.Attribute) int {
	t.Helper()
	was, will := leaves(r.Change.Before), leaves(r.Change.After)
	told := map[string]bool{}  // "b/path=value", "a/path=value"
	whole := map[string]bool{} // path of what is sensitive, unknown or withheld
	for _, a := range attributes {
		told["b"+erase(a.Path)+"="+string(a.Before)] = true
		told["a"+erase(a.Path)+"="+string(a.After)] = true
		if a.Sensitive || a.Unknown || strings.Contains(string(a.Before)+string(a.After), "(sensitive value)") {
			whole[erase(a.Path)] = true
		}
	}
	looked := 0
	look := func(side string, these, others map[string]int) {
		for leaf, n := range these {
			path, value, _ := strings.Cut(leaf, "=")
			if n <= others[leaf] || value == "{}" || value == "[]" {
				continue
			}
			looked++
			found := told[side+leaf]
			for up := path; up != "" && !found; up = up[:strings.LastIndexByte(up, '/')] {
				found = whole[up]
			}
			if !found {
				t.Errorf("%s: %s %s is not in the result", r.Address, side, leaf)
			}
		}
	}
	look("b", was, will)
	look("a", will, was)
	for _, path := range trues("", r.Change.Unknown) {
		looked++
		if !whole[path] {
			t.Errorf("%s: %s is known after apply, and not in the result", r.Address, path)
		}
	}
	return looked
}

// trues returns the paths of what a mark says is so.
func trues(path string, mark any) []string {
	var out []string
	switch mark := mark.(type) {
	case bool:
		if mark {
			return []string{path}
		}
	case map[string]any:
		for key, member := range mark {
			out = append(out, trues(path+"/"+key, member)...)
		}
	case []any:
		for _, element := range mark {
			out = append(out, trues(path+"/*", element)...)
		}
	}
	return out
}
