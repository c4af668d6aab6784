package jsonout

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/strandline-tf/strandline/internal/fetch/planjson"
	"github.com/strandline-tf/strandline/internal/model"
	"github.com/strandline-tf/strandline/internal/secret"
)

// TestPlansAreValid makes reports of the plans in the folder shared between
// this repository's neighbours.
func TestPlansAreValid(t *testing.T) {
	paths, err := filepath.Glob("../../../../shared/fixtures/*.json")
	if err != nil {
		t.Fatal(err)
	}
	if len(paths) == 0 {
		t.Skip("SKIPPED: there are no plans in ../shared/fixtures")
	}
	strict := compile(t, newSchema(true))
	for _, path := range paths {
		t.Run(filepath.Base(path), func(t *testing.T) {
			f, err := os.Open(path)
			if err != nil {
				t.Fatal(err)
			}
			defer f.Close()
			w, err := planjson.Decode(f, &secret.Set{})
			if err != nil {
				t.Fatal(err)
			}
			w.Name, w.Status = "plan", model.StatusPlanned
			w.Judge()
			r := model.NewReport(model.KindPlan, "2026-01-02T03:04:05Z")
			r.Workspaces = append(r.Workspaces, *w)
			r.Finish()
			if err := validate(t, strict, r); err != nil {
				t.Error(err)
			}
		})
	}
}
