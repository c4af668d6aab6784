package html

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/strandline-tf/strandline/internal/model"
	"github.com/strandline-tf/strandline/internal/render"
)

// largeReport has n changes over so many workspaces.
func largeReport(n, workspaces int) *model.Report {
	r := model.NewReport(model.KindPlan, "2026-01-02T03:04:05Z")
	r.Repository, r.PullRequest, r.Commit = "acme/infra", 7, "4f2c9b1e4f2c9b1e4f2c9b1e4f2c9b1e4f2c9b1e"
	actions := []string{model.ActionUpdate, model.ActionCreate, model.ActionUpdate, model.ActionReplace, model.ActionUpdate,
		model.ActionCreate, model.ActionUpdate, model.ActionDelete, model.ActionCreate, model.ActionForget}
	for i := range workspaces {
		w := model.NewWorkspace(fmt.Sprintf("workspace-%02d", i))
		w.Status = model.StatusPlanned
		w.RunURL = fmt.Sprintf("https://app.terraform.io/app/acme/workspace-%02d/runs/run-%02d", i, i)
		for j := range n / workspaces {
			w.Changes = append(w.Changes, largeChange(actions[j%len(actions)], i, j))
		}
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

// sample reads one of the reports that all formats are tested with.
func sample(t testing.TB, path string) *model.Report {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	r := &model.Report{}
	if err := json.Unmarshal(data, r); err != nil {
		t.Fatal(err)
	}
	if r.Show == "" {
		r.Finish()
	}
	return r
}

func samples(t testing.TB) []string {
	t.Helper()
	paths, err := filepath.Glob("../testdata/*/report.json")
	if err != nil || len(paths) == 0 {
		t.Fatal("no reports in ../testdata", err)
	}
	return paths
}

func written(t testing.TB, r *model.Report) string {
	t.Helper()
	var b bytes.Buffer
	if err := Write(&b, r, render.Options{}); err != nil {
		t.Fatal(err)
	}
	return b.String()
}
