package tfc

import "time"

// RunSpec describes a run. Every field may be left out.
type RunSpec struct {
	// Commit is the VCS commit that the run's configuration came from; empty: the
	// run came from the CLI or the API.
	Commit, Branch string
	// PullRequest is its number; zero: none.
	PullRequest int
	Message     string
	// Source is the run's source; by default "tfe-configuration-version" for a
	// commit and "tfe-api" otherwise.
	Source string
	// Status is one of the run states of the API; by default the one in which
	// such a run comes to rest: "planned_and_finished" for a plan-only run and one
	// without changes, else "planned".
	Status string
	// PlanStatus is the plan's; by default it follows from Status. A run that
	// "errored" after its plan (in a policy, in the apply) has PlanStatus "finished".
	PlanStatus string

	PlanOnly, RefreshOnly, IsDestroy, SavePlan, AllowEmptyApply, AutoApply, AllowConfigGeneration bool

	TargetAddrs, ReplaceAddrs []string
	// Variables are the run's own; values are HCL literals.
	Variables map[string]string

	// CreatedAt is the server's now by default.
	CreatedAt        time.Time
	TerraformVersion string

	// PlanJSON is what `terraform show -json` printed; by default a plan that
	// changes nothing. RedactedPlanJSON is derived from it by default.
	PlanJSON, RedactedPlanJSON []byte
	// Log is the plan's log, without the markers around it.
	Log string
	// NoPlanJSON leaves the plan without JSON, as an errored one is.
	NoPlanJSON bool

	PolicyChecks []PolicyCheck
	Stages       []TaskStage
	Cost         *CostEstimate

	// Script moves the run on by itself; see Step.
	Script []Step

	// Dir is a configuration that the terraform binary plans for this run, in the
	// background, with the workspace's state. It replaces PlanJSON and Log; Status,
	// results and Script come after a plan without errors.
	Dir string
}

// Step is a later transition of a run. It happens after Reads reads (of the run
// alone, in a list or as an include) saw the status before it, or when After has
// passed since that began, whichever is set.
type Step struct {
	Status string
	Reads  int
	After  time.Duration
}

// NewRun is a run that somebody created through the API, as a planner sees it.
type NewRun struct {
	Org, Workspace string
	// Run holds what the request asked for (kind, addresses, variables, message).
	Run RunSpec
	// Configuration is the uploaded tar.gz; nil where the run had none.
	Configuration []byte
}

// emptyPlan is the plan JSON of a run that changes nothing.
const emptyPlan = `{"format_version":"1.2","terraform_version":"` + defaultVersion + `",` +
	`"planned_values":{"root_module":{}},"configuration":{"root_module":{}},` +
	`"timestamp":"2026-01-02T03:04:05Z","applyable":false,"complete":true,"errored":false}`
