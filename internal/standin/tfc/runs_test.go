package tfc_test

import (
	"crypto/md5"
	"encoding/base64"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	tfe "github.com/hashicorp/go-tfe"

	"github.com/strandline-tf/strandline/internal/standin/tfc"
)

// TestRunFilters names runs by their message.
func TestRunFilters(t *testing.T) {
	c := newClock()
	w := start(t, tfc.Options{Clock: c.Now})
	a, b := w.Org("acme").Workspace("a"), w.Org("acme").Workspace("b")
	a.Run(tfc.RunSpec{Message: "old", Status: "applied", CreatedAt: c.now.AddDate(-2, 0, 0)})
	a.Run(tfc.RunSpec{Message: "waits", Status: "policy_checked", CreatedAt: c.now.Add(-3 * time.Hour)})
	b.Run(tfc.RunSpec{Message: "works", Status: "planning", CreatedAt: c.now.Add(-2 * time.Hour), Commit: "abc"})
	b.Run(tfc.RunSpec{Message: "broke", Status: "errored", CreatedAt: c.now.Add(-time.Hour)})
	b.Run(tfc.RunSpec{Message: "refreshes", RefreshOnly: true})
	b.Run(tfc.RunSpec{Message: "tries", PlanOnly: true, RefreshOnly: true})
	for _, tc := range []struct {
		opts tfe.RunListForOrganizationOptions
		want string
	}{
		{tfe.RunListForOrganizationOptions{}, "refreshes broke works waits"},
		{tfe.RunListForOrganizationOptions{Operation: allOperations}, "tries refreshes broke works waits"},
		{tfe.RunListForOrganizationOptions{Operation: "refresh_only"}, "refreshes"},
		{tfe.RunListForOrganizationOptions{Timeframe: "2024"}, "old"},
		{tfe.RunListForOrganizationOptions{Timeframe: "year", WorkspaceNames: "a"}, "waits"},
		{tfe.RunListForOrganizationOptions{StatusGroup: "final"}, "refreshes broke"},
		{tfe.RunListForOrganizationOptions{StatusGroup: "non_final"}, "works waits"},
		{tfe.RunListForOrganizationOptions{StatusGroup: "discardable"}, "waits"},
		{tfe.RunListForOrganizationOptions{Status: "errored,planning"}, "broke works"},
		{tfe.RunListForOrganizationOptions{Source: "tfe-configuration-version"}, "works"},
		{tfe.RunListForOrganizationOptions{Commit: "abcd"}, ""},
		{tfe.RunListForOrganizationOptions{Basic: "brok"}, "broke"},
	} {
		runs, err := w.client.Runs.ListForOrganization(t.Context(), "acme", &tc.opts)
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, r := range runs.Items {
			got = append(got, r.Message)
		}
		if s := strings.Join(got, " "); s != tc.want {
			t.Errorf("%+v: %q, want %q", tc.opts, s, tc.want)
		}
	}
	// Without a timeframe a workspace's list goes back to its beginning.
	if inWorkspace, err := w.client.Runs.List(t.Context(), a.ID(), nil); err != nil || len(inWorkspace.Items) != 2 {
		t.Errorf("%v %v", inWorkspace, err)
	}
}

func TestEveryStatus(t *testing.T) {
	w := start(t, tfc.Options{})
	run := w.Org("acme").Workspace("a").Run(tfc.RunSpec{PlanJSON: []byte(samplePlan)})
	for status, plan := range map[string]tfe.PlanStatus{
		"pending": tfe.PlanPending, "fetching": tfe.PlanPending, "fetching_completed": tfe.PlanPending, "pre_plan_running": tfe.PlanPending,
		"pre_plan_completed": tfe.PlanPending, "queuing": tfe.PlanPending, "plan_queued": tfe.PlanQueued, "planning": tfe.PlanRunning,
		"planned": tfe.PlanFinished, "cost_estimating": tfe.PlanFinished, "cost_estimated": tfe.PlanFinished, "policy_checking": tfe.PlanFinished,
		"policy_override": tfe.PlanFinished, "policy_soft_failed": tfe.PlanFinished, "policy_checked": tfe.PlanFinished,
		"post_plan_running": tfe.PlanFinished, "post_plan_completed": tfe.PlanFinished, "confirmed": tfe.PlanFinished,
		"pre_apply_running": tfe.PlanFinished, "pre_apply_completed": tfe.PlanFinished, "queuing_apply": tfe.PlanFinished,
		"apply_queued": tfe.PlanFinished, "applying": tfe.PlanFinished, "applied": tfe.PlanFinished, "planned_and_finished": tfe.PlanFinished,
		"planned_and_saved": tfe.PlanFinished, "discarded": tfe.PlanFinished, "errored": tfe.PlanErrored, "canceled": tfe.PlanCanceled,
		"force_canceled": tfe.PlanCanceled,
	} {
		run.Advance(status)
		got, err := w.client.Runs.ReadWithOptions(t.Context(), run.ID(), &tfe.RunReadOptions{Include: []tfe.RunIncludeOpt{tfe.RunPlan, tfe.RunApply, tfe.RunCreatedBy}})
		if err != nil {
			t.Fatal(err)
		}
		if string(got.Status) != status || got.Plan.Status != plan || got.CreatedBy.Username != "user-owner" {
			t.Errorf("run %s, plan %s, want %s, %s", got.Status, got.Plan.Status, status, plan)
		}
	}
}

func TestRunActions(t *testing.T) {
	w := start(t, tfc.Options{})
	ws := w.Org("acme").Workspace("a")
	for _, tc := range []struct {
		status, action string
		want           int
		then           string
	}{
		{"planned", "apply", http.StatusAccepted, "applied"},
		{"policy_override", "apply", http.StatusConflict, "policy_override"},
		{"planning", "cancel", http.StatusAccepted, "canceled"},
		{"applied", "cancel", http.StatusConflict, "applied"},
		{"cost_estimated", "discard", http.StatusAccepted, "discarded"},
	} {
		run := ws.Run(tfc.RunSpec{Status: tc.status})
		a := w.post("/api/v2/runs/"+run.ID()+"/actions/"+tc.action, `{"comment":"why not"}`)
		if a.status != tc.want || run.Status() != tc.then {
			t.Errorf("%s of a %s run: %d, then %s", tc.action, tc.status, a.status, run.Status())
		}
	}
}

func TestStateUpload(t *testing.T) {
	w := start(t, tfc.Options{})
	ws := w.Org("acme").Workspace("a")
	create := func(serial int64) error {
		state := fmt.Sprintf(`{"version":4,"serial":%d,"lineage":"l"}`, serial)
		_, err := w.client.StateVersions.Create(t.Context(), ws.ID(), tfe.StateVersionCreateOptions{
			Serial: tfe.Int64(serial), Lineage: tfe.String("l"), MD5: tfe.String(fmt.Sprintf("%x", md5.Sum([]byte(state)))),
			State: tfe.String(base64.StdEncoding.EncodeToString([]byte(state))),
		})
		return err
	}
	if err := create(1); err != nil {
		t.Fatal(err)
	}
	if err := create(1); err == nil {
		t.Error("the same serial again must conflict")
	}
	if err := create(2); err != nil {
		t.Error(err)
	}
}
