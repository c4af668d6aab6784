package tfc

import (
	"cmp"
	"fmt"
	"strings"

	"github.com/hashicorp/go-tfe"

	"github.com/strandline-tf/strandline/internal/model"
)

// phase says what a run's status means for a report.
type phase struct {
	status model.Status
	ended  bool // nothing more will happen
	person bool // nothing more will happen until a person decides
}

// phaseOf knows every status that go-tfe v1.111 and the API's description have;
// those that aren't named are on their way, and an unknown one is taken to be.
// https://developer.hashicorp.com/terraform/cloud-docs/api-docs/run#run-states
func phaseOf(status string) phase {
	switch tfe.RunStatus(status) {
	case tfe.RunApplied:
		return phase{status: model.StatusApplied, ended: true}
	case tfe.RunPlannedAndFinished, tfe.RunPlannedAndSaved, "assessed":
		return phase{status: model.StatusPlanned, ended: true}
	case tfe.RunPolicySoftFailed:
		return phase{status: model.StatusPolicyFailed, ended: true}
	case tfe.RunErrored:
		return phase{status: model.StatusErrored, ended: true}
	case tfe.RunDiscarded:
		return phase{status: model.StatusDiscarded, ended: true}
	case tfe.RunCanceled, "force_canceled":
		return phase{status: model.StatusCanceled, ended: true}
	case tfe.RunPlanned, tfe.RunCostEstimated, tfe.RunPolicyChecked, tfe.RunPolicyOverride,
		tfe.RunPostPlanAwaitingDecision, "pre_plan_awaiting_decision", "tf_policy_override":
		return phase{status: model.StatusAwaiting, person: true}
	}
	return phase{status: model.StatusPending}
}

// Finished reports whether there is nothing to wait for: the run has ended, or
// only a person can take it further.
func (r *Run) Finished() bool {
	p := phaseOf(r.Status)
	return p.ended || p.person
}

// passing reports whether a run whose status waits for a person will go on by
// itself all the same: a plan-only run can't be confirmed, it merely passes
// through these on its way to planned_and_finished.
func (r *Run) passing() bool {
	switch tfe.RunStatus(r.Status) {
	case tfe.RunPlanned, tfe.RunCostEstimated, tfe.RunPolicyChecked:
		return r.PlanOnly
	}
	return false
}

// Outcome says what became of a run, and why, in words, where that isn't
// success. A StatusPlanned becomes StatusNoChanges where the plan changes
// nothing; that is for its reader to find out. Policies, tasks and diagnostics
// are the run's, as far as they were read: a run that a policy or a run task
// stopped is "errored" to Terraform Cloud, and so is one whose plan failed.
func (r *Run) Outcome(policies []model.Policy, tasks []model.RunTask, diagnostics []model.Diagnostic) (model.Status, string) {
	p := phaseOf(r.Status)
	switch p.status {
	case model.StatusErrored:
		if r.PlanFinished() {
			return r.stopped(policies, tasks, diagnostics)
		}
		return model.StatusErrored, cmp.Or(errorText(diagnostics), "Terraform could not make the plan; its log says why")
	case model.StatusPolicyFailed:
		return model.StatusPolicyFailed, cmp.Or(policyText(policies), "a policy failed")
	case model.StatusAwaiting:
		return model.StatusAwaiting, r.awaits(policies)
	case model.StatusCanceled:
		return model.StatusCanceled, cmp.Or(errorText(diagnostics), "the run was canceled")
	case model.StatusDiscarded:
		return model.StatusDiscarded, "the run was discarded"
	case model.StatusPending:
		return model.StatusPending, "the run has not finished: " + strings.ReplaceAll(r.Status, "_", " ")
	}
	return p.status, ""
}

// stopped explains a run that errored although its plan was made.
func (r *Run) stopped(policies []model.Policy, tasks []model.RunTask, diagnostics []model.Diagnostic) (model.Status, string) {
	if text := policyText(policies); text != "" {
		return model.StatusPolicyFailed, text
	}
	for _, t := range tasks {
		if t.Enforcement == string(tfe.Mandatory) && t.Status != string(tfe.TaskPassed) {
			return model.StatusErrored, strings.TrimSuffix(fmt.Sprintf("run task %s: %s: %s", t.Name, t.Status, t.Message), ": ")
		}
	}
	return model.StatusErrored, cmp.Or(errorText(diagnostics), "the run failed after its plan was made")
}

func (r *Run) awaits(policies []model.Policy) string {
	text := policyText(policies)
	switch {
	case strings.HasSuffix(r.Status, "override") && text != "":
		return "waits for somebody to override: " + text
	case strings.HasSuffix(r.Status, "override"):
		return "waits for somebody to override a failed policy"
	case strings.HasSuffix(r.Status, "awaiting_decision"):
		return "waits for somebody to decide about a failed check"
	}
	return "waits for somebody to approve it"
}

// policyText names the policies that failed and stop a run; advisory ones
// don't.
func policyText(policies []model.Policy) string {
	var names []string
	for i := range policies {
		if p := &policies[i]; p.Failed() && p.Level != "advisory" {
			name := p.Name
			if p.Level != "" {
				name += " (" + p.Level + ")"
			}
			names = append(names, name)
		}
	}
	switch len(names) {
	case 0:
		return ""
	case 1:
		return "policy failed: " + names[0]
	}
	return "policies failed: " + strings.Join(names, ", ")
}

// errorText returns the first error in Terraform's own words, and how many
// more there are.
func errorText(diagnostics []model.Diagnostic) string {
	var text string
	more := 0
	for _, d := range diagnostics {
		switch {
		case d.Severity != severityError:
		case text == "":
			text = d.Summary
		default:
			more++
		}
	}
	if more > 0 {
		text += fmt.Sprintf(" (and %d more)", more)
	}
	return text
}
