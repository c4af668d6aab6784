package tfc_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	tfe "github.com/hashicorp/go-tfe"

	"github.com/strandline-tf/strandline/internal/standin/tfc"
)

// config writes a configuration to a new directory.
func config(t *testing.T, hcl string) string {
	t.Helper()
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "main.tf"), []byte(hcl), 0o600); err != nil {
		t.Fatal(err)
	}
	return dir
}

// finished waits for the run and returns it with its plan.
func (w *world) finished(id string) *tfe.Run {
	w.t.Helper()
	for deadline := time.Now().Add(time.Minute); time.Now().Before(deadline); time.Sleep(50 * time.Millisecond) {
		r, err := w.client.Runs.ReadWithOptions(w.t.Context(), id, &tfe.RunReadOptions{Include: []tfe.RunIncludeOpt{tfe.RunPlan}})
		if err != nil {
			w.t.Fatal(err)
		}
		if r.Status != tfe.RunPending && r.Status != tfe.RunPlanning {
			return r
		}
	}
	w.t.Fatal("the run doesn't finish")
	return nil
}

// log reads a plan's whole log.
func (w *world) log(planID string) string {
	w.t.Helper()
	r, err := w.client.Plans.Logs(w.t.Context(), planID)
	if err != nil {
		w.t.Fatal(err)
	}
	text, err := io.ReadAll(r)
	if err != nil {
		w.t.Fatal(err)
	}
	return strings.Trim(string(text), "\x00")
}

const twoResources = `
terraform {
  cloud {
    organization = "acme"
    workspaces { name = "a" }
  }
}
variable "size" { default = "small" }
resource "terraform_data" "one" { input = var.size }
resource "terraform_data" "two" { input = "fixed" }
`

func TestRealPlans(t *testing.T) {
	w := start(t, tfc.Options{Terraform: terraform(t)})
	ws := w.Org("acme").Workspace("a", tfc.Variables(tfc.Variable{Key: "size", Value: "lar\"ge"}))
	dir := config(t, twoResources)
	if err := ws.Apply(dir); err != nil {
		t.Fatal(err)
	}
	for name, tc := range map[string]struct {
		spec    tfc.RunSpec
		status  tfe.RunStatus
		actions string
	}{
		"no changes":   {tfc.RunSpec{Dir: dir}, tfe.RunPlannedAndFinished, "no-op no-op"},
		"variable":     {tfc.RunSpec{Dir: dir, Variables: map[string]string{"size": `"huge"`}}, tfe.RunPlanned, "update no-op"},
		"speculative":  {tfc.RunSpec{Dir: dir, PlanOnly: true, Variables: map[string]string{"size": `"huge"`}}, tfe.RunPlannedAndFinished, "update no-op"},
		"target":       {tfc.RunSpec{Dir: dir, TargetAddrs: []string{"terraform_data.two"}, ReplaceAddrs: []string{"terraform_data.two"}}, tfe.RunPlanned, "delete+create"},
		"refresh only": {tfc.RunSpec{Dir: dir, RefreshOnly: true}, tfe.RunPlannedAndFinished, ""},
		"with policy":  {tfc.RunSpec{Dir: dir, Status: "policy_override", IsDestroy: true, PolicyChecks: []tfc.PolicyCheck{{Status: "soft_failed"}}}, tfe.RunPolicyOverride, "delete delete"},
		"destroy":      {tfc.RunSpec{Dir: dir, IsDestroy: true}, tfe.RunPlanned, "delete delete"},
	} {
		t.Run(name, func(t *testing.T) {
			run := w.finished(ws.Run(tc.spec).ID())
			if run.Status != tc.status {
				t.Errorf("status %s, want %s\n%s", run.Status, tc.status, w.log(run.Plan.ID))
			}
			body, err := w.client.Plans.ReadJSONOutput(t.Context(), run.Plan.ID)
			if err != nil {
				t.Fatal(err)
			}
			if got := actionsOf(t, body); got != tc.actions {
				t.Errorf("actions %q, want %q", got, tc.actions)
			}
		})
	}
}

// actionsOf lists the actions of a plan's resource changes.
func actionsOf(t *testing.T, planJSON []byte) string {
	t.Helper()
	var doc struct {
		Changes []struct{ Change struct{ Actions []string } } `json:"resource_changes"`
	}
	if err := json.Unmarshal(planJSON, &doc); err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, c := range doc.Changes {
		out = append(out, strings.Join(c.Change.Actions, "+"))
	}
	return strings.Join(out, " ")
}

func TestRealPlanLogs(t *testing.T) {
	for name, tc := range map[string]struct {
		plain bool
		hcl   string
		want  []string
	}{
		"JSON lines": {false, twoResources, []string{"Terraform v", "\n{\"@level\":\"info\"", `"type":"change_summary"`}},
		"plain":      {true, twoResources, []string{"Plan: 2 to add, 0 to change, 0 to destroy."}},
		"plan error": {false, `resource "terraform_data" "x" { input = file("absent.txt") }`, []string{`"@level":"error"`, "absent.txt"}},
		"init error": {false, `resource "terraform_data" "x" {`, []string{"Terraform v", "Error: "}},
	} {
		t.Run(name, func(t *testing.T) {
			w := start(t, tfc.Options{Terraform: terraform(t), PlainLogs: tc.plain})
			run := w.finished(w.Org("acme").Workspace("a").Run(tfc.RunSpec{Dir: config(t, tc.hcl)}).ID())
			log := w.log(run.Plan.ID)
			for _, want := range tc.want {
				if !strings.Contains(log, want) {
					t.Errorf("the log lacks %q:\n%s", want, log)
				}
			}
			if failed := strings.Contains(name, "error"); failed != (run.Status == tfe.RunErrored) || failed != (run.Plan.Status == tfe.PlanErrored) {
				t.Errorf("run %s, plan %s", run.Status, run.Plan.Status)
			}
		})
	}
}

func TestUploadedConfiguration(t *testing.T) {
	w := start(t, tfc.Options{Terraform: terraform(t)})
	ws := w.Org("acme").Workspace("a", tfc.WorkingDirectory("live"))
	ctx := t.Context()
	cv, err := w.client.ConfigurationVersions.Create(ctx, ws.ID(), tfe.ConfigurationVersionCreateOptions{AutoQueueRuns: tfe.Bool(false), Speculative: tfe.Bool(true)})
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	if err := os.Mkdir(filepath.Join(dir, "live"), 0o700); err != nil {
		t.Fatal(err)
	}
	hcl := `
import {
  to = terraform_data.adopted
  id = "an-id"
}
resource "terraform_data" "new" {}
`
	if err := os.WriteFile(filepath.Join(dir, "live", "main.tf"), []byte(hcl), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := w.client.ConfigurationVersions.Upload(ctx, cv.UploadURL, dir); err != nil {
		t.Fatal(err)
	}
	run, err := w.client.Runs.Create(ctx, tfe.RunCreateOptions{
		Workspace: &tfe.Workspace{ID: ws.ID()}, ConfigurationVersion: cv, AllowConfigGeneration: tfe.Bool(true), Message: tfe.String("prove"),
	})
	if err != nil || run.Status != tfe.RunPending || !run.PlanOnly {
		t.Fatalf("%+v %v", run, err)
	}
	done := w.finished(run.ID)
	body, err := w.client.Plans.ReadJSONOutput(ctx, done.Plan.ID)
	if err != nil {
		t.Fatalf("%v\n%s", err, w.log(done.Plan.ID))
	}
	if !done.Plan.GeneratedConfiguration || done.Plan.ResourceImports != 1 || !bytes.Contains(body, []byte(`"generated_config":"resource \"terraform_data\" \"adopted\"`)) {
		t.Errorf("plan %+v: %s", done.Plan, body)
	}
}

func TestBadUpload(t *testing.T) {
	w := start(t, tfc.Options{})
	ws := w.Org("acme").Workspace("a")
	ctx := t.Context()
	cv, err := w.client.ConfigurationVersions.Create(ctx, ws.ID(), tfe.ConfigurationVersionCreateOptions{AutoQueueRuns: tfe.Bool(true)})
	if err != nil {
		t.Fatal(err)
	}
	if err := w.client.ConfigurationVersions.UploadTarGzip(ctx, cv.UploadURL, strings.NewReader("no archive")); err != nil {
		t.Fatal(err)
	}
	read, err := w.client.ConfigurationVersions.Read(ctx, cv.ID)
	if err != nil || read.Status != tfe.ConfigurationErrored || read.ErrorMessage == "" {
		t.Errorf("%+v %v", read, err)
	}
	if _, err := w.client.Runs.Create(ctx, tfe.RunCreateOptions{Workspace: &tfe.Workspace{ID: ws.ID()}, ConfigurationVersion: cv, Message: tfe.String("x")}); err == nil {
		t.Error("a run of it must be refused")
	}
}

func TestPlannerStandsInForTerraform(t *testing.T) {
	w := start(t, tfc.Options{})
	ws := w.Org("acme").Workspace("a")
	ctx := t.Context()
	var asked tfc.NewRun
	w.Planner(func(n tfc.NewRun) tfc.RunSpec {
		asked = n
		return tfc.RunSpec{PlanJSON: []byte(samplePlan)}
	})
	cv, err := w.client.ConfigurationVersions.Create(ctx, ws.ID(), tfe.ConfigurationVersionCreateOptions{AutoQueueRuns: tfe.Bool(false)})
	if err != nil {
		t.Fatal(err)
	}
	if err := w.client.ConfigurationVersions.Upload(ctx, cv.UploadURL, config(t, twoResources)); err != nil {
		t.Fatal(err)
	}
	run, err := w.client.Runs.Create(ctx, tfe.RunCreateOptions{Workspace: &tfe.Workspace{ID: ws.ID()}, RefreshOnly: tfe.Bool(true), PlanOnly: tfe.Bool(true)})
	if err != nil {
		t.Fatal(err)
	}
	if done := w.finished(run.ID); done.Status != tfe.RunPlannedAndFinished || !done.RefreshOnly {
		t.Errorf("%+v", done)
	}
	if asked.Workspace != "a" || !asked.Run.RefreshOnly || len(asked.Configuration) == 0 {
		t.Errorf("the planner was asked %+v", asked.Run)
	}
	if err := w.client.Runs.Cancel(ctx, run.ID, tfe.RunCancelOptions{}); err == nil {
		t.Error("a finished run can't be canceled")
	}
}

func TestCloseEndsTerraform(t *testing.T) {
	slow := filepath.Join(t.TempDir(), "terraform")
	script := "#!/bin/sh\ntrap '' INT\n[ \"$1\" = version ] || exec sleep 60\n"
	if err := os.WriteFile(slow, []byte(script), 0o700); err != nil { //nolint:gosec // it must be executable
		t.Fatal(err)
	}
	tmp := t.TempDir()
	t.Setenv("TMPDIR", tmp)
	s := tfc.New(tfc.Options{Terraform: slow, Env: []string{"PATH=" + os.Getenv("PATH")}})
	run := s.Org("acme").Workspace("a").Run(tfc.RunSpec{Dir: t.TempDir()})
	soon, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
	defer cancel()
	if err := run.Wait(soon); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("Wait: %v", err)
	}
	began := time.Now()
	s.Close()
	if took := time.Since(began); took > 20*time.Second {
		t.Errorf("Close took %s", took)
	}
	if err := run.Wait(t.Context()); err != nil || run.Status() != "errored" {
		t.Errorf("Wait: %v, status %s", err, run.Status())
	}
	left, err := os.ReadDir(tmp)
	if err != nil || len(left) > 0 {
		t.Errorf("left behind: %v %v", left, err)
	}
}
