package tfc

import (
	"testing"

	"github.com/strandline-tf/strandline/internal/model"
)

// Every status that go-tfe and the API's description know.
func TestOutcomeOfEveryStatus(t *testing.T) {
	groups := map[model.Status][]string{
		model.StatusPlanned: {"planned_and_finished", "planned_and_saved", "assessed"},
		model.StatusApplied: {"applied"},
		model.StatusAwaiting: {"planned", "cost_estimated", "policy_checked", "policy_override", "tf_policy_override",
			"post_plan_awaiting_decision", "pre_plan_awaiting_decision"},
		model.StatusPolicyFailed: {"policy_soft_failed"},
		model.StatusErrored:      {"errored"},
		model.StatusCanceled:     {"canceled", "force_canceled"},
		model.StatusDiscarded:    {"discarded"},
		model.StatusPending: {"pending", "fetching", "fetching_completed", "pre_plan_running", "pre_plan_completed", "queuing", "plan_queued",
			"planning", "tf_policy_checked", "post_plan_running", "post_plan_completed", "cost_estimating", "policy_checking", "confirmed",
			"pre_apply_running", "pre_apply_completed", "queuing_apply", "apply_queued", "applying", "post_apply_running",
			"post_apply_completed", "assessing", "a status of next year", ""},
	}
	for want, statuses := range groups {
		for _, s := range statuses {
			r := Run{Status: s}
			got, why := r.Outcome(nil, nil, nil)
			if got != want {
				t.Errorf("%q is %s, want %s", s, got, want)
			}
			if silent := want == model.StatusPlanned || want == model.StatusApplied; (why == "") != silent {
				t.Errorf("%q says %q", s, why)
			}
			if r.Finished() != (want != model.StatusPending) {
				t.Errorf("%q: finished is %t", s, r.Finished())
			}
		}
	}
}

func TestOutcomeSaysWhy(t *testing.T) {
	hard := model.Policy{Name: "ports", Level: "hard-mandatory", Status: "failed"}
	broken := model.Policy{Name: "tags", Level: "mandatory", Status: "errored"}
	advisory := model.Policy{Name: "names", Level: "advisory", Status: "failed"}
	warning := model.Diagnostic{Severity: "warning", Summary: "Deprecated"}
	fault := model.Diagnostic{Severity: "error", Summary: "No bucket"}
	for _, tc := range []struct {
		name        string
		run         Run
		policies    []model.Policy
		tasks       []model.RunTask
		diagnostics []model.Diagnostic
		status      model.Status
		why         string
	}{
		{"plan failed", Run{Status: "errored", PlanStatus: "errored"}, nil, nil, []model.Diagnostic{warning, fault}, model.StatusErrored, "No bucket"},
		{"several errors", Run{Status: "errored", PlanStatus: "errored"}, nil, nil, []model.Diagnostic{fault, warning, fault, fault}, model.StatusErrored, "No bucket (and 2 more)"},
		{"hard policy", Run{Status: "errored", PlanStatus: "finished"}, []model.Policy{advisory, hard}, nil, nil, model.StatusPolicyFailed, "policy failed: ports (hard-mandatory)"},
		{"two policies", Run{Status: "errored", PlanStatus: "finished"}, []model.Policy{hard, broken}, nil, nil, model.StatusPolicyFailed, "policies failed: ports (hard-mandatory), tags (mandatory)"},
		{"advisory policy only", Run{Status: "errored", PlanStatus: "finished"}, []model.Policy{advisory}, nil, nil, model.StatusErrored, "the run failed after its plan was made"},
		{"policies of an unmade plan", Run{Status: "errored", PlanStatus: "errored"}, []model.Policy{hard}, nil, []model.Diagnostic{fault}, model.StatusErrored, "No bucket"},
		{"run task", Run{Status: "errored", PlanStatus: "finished"}, nil, []model.RunTask{{Name: "lint", Status: "failed", Enforcement: "advisory"},
			{Name: "scan", Status: "failed", Enforcement: "mandatory", Message: "2 findings"}}, nil, model.StatusErrored, "run task scan: failed: 2 findings"},
		{"soft policy", Run{Status: "policy_soft_failed", PlanStatus: "finished"}, []model.Policy{hard}, nil, nil, model.StatusPolicyFailed, "policy failed: ports (hard-mandatory)"},
		{"override", Run{Status: "policy_override"}, []model.Policy{hard}, nil, nil, model.StatusAwaiting, "waits for somebody to override: policy failed: ports (hard-mandatory)"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			if status, why := tc.run.Outcome(tc.policies, tc.tasks, tc.diagnostics); status != tc.status || why != tc.why {
				t.Errorf("%s: %q, want %s: %q", status, why, tc.status, tc.why)
			}
		})
	}
}
