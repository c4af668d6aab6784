package tfc

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/hashicorp/go-tfe"

	"github.com/strandline-tf/strandline/internal/model"
)

// Run is one run with what is needed of its workspace, plan and configuration.
type Run struct {
	ID           string
	URL          string // of its page
	Organization string
	Workspace    string // name
	WorkspaceID  string
	Project      string // name; "" where unknown
	Tags         []string

	Status           string // Terraform Cloud's own word; see Run.Outcome
	Message          string // why it was started: a commit's first line, say
	Commit           string // of the version control, in full; "" for a run that the API or the CLI started
	Source           string
	CreatedAt        time.Time
	TerraformVersion string
	PlanOnly         bool
	RefreshOnly      bool
	Destroy          bool

	PlanID     string
	PlanStatus string // pending | managed_queued | queued | running | errored | canceled | finished | unreachable

	// What the run has beside its plan; each costs requests of its own.
	HasPolicies bool
	HasRunTasks bool

	partial      bool   // its plan looked at some resources only, or didn't refresh
	logURL       string // signed
	projectID    string
	policyChecks int
	stages       []stage
	tfPolicies   []string // ids of Terraform policy evaluations
	costID       string
	cost         *model.Cost // where it came with the run
}

// stage is a task stage: a point of a run at which run tasks or policies run.
type stage struct {
	id, name           string
	tasks, evaluations []string // ids
}

// PlanFinished reports whether there is a plan to open.
func (r *Run) PlanFinished() bool { return r.PlanStatus == string(tfe.PlanFinished) }

// runIncludes brings all that Run needs in one request. Not among them are
// tf_policy_evaluations, which older servers don't know: their ids come anyway.
func runIncludes() []tfe.RunIncludeOpt {
	return []tfe.RunIncludeOpt{tfe.RunWorkspace, tfe.RunConfigVerIngress, tfe.RunPlan, tfe.RunTaskStages, tfe.RunCostEstimate}
}

// Run reads a run with its workspace, plan and commit: one request, where the
// server sends what is included.
func (c *Client) Run(ctx context.Context, id string) (Run, error) {
	what := "read run " + id
	var got *tfe.Run
	read := func(o *tfe.RunReadOptions) error {
		return c.do(ctx, what, func(ctx context.Context) (err error) {
			got, err = c.api.Runs.ReadWithOptions(ctx, id, o)
			return err
		})
	}
	err := read(&tfe.RunReadOptions{Include: runIncludes()})
	if errors.Is(err, tfe.ErrInvalidIncludeValue) {
		err = read(nil) // a server that only resembles Terraform Cloud
	}
	if err != nil {
		return Run{}, err
	}
	if err := c.complete(ctx, what, got); err != nil {
		return Run{}, err
	}
	return c.runOf(ctx, got), nil
}

// complete reads what was asked to be included and wasn't.
func (c *Client) complete(ctx context.Context, what string, r *tfe.Run) error {
	if w := r.Workspace; w != nil && w.Name == "" {
		if err := c.do(ctx, what+": its workspace", func(ctx context.Context) (err error) {
			r.Workspace, err = c.api.Workspaces.ReadByID(ctx, w.ID)
			return err
		}); err != nil {
			return err
		}
	}
	if p := r.Plan; p != nil && p.Status == "" {
		if err := c.do(ctx, what+": its plan", func(ctx context.Context) (err error) {
			r.Plan, err = c.api.Plans.Read(ctx, p.ID)
			return err
		}); err != nil && !missing(err) {
			return err
		}
	}
	cv := r.ConfigurationVersion
	included := cv != nil && (cv.Status != "" || cv.Source != "")
	if cv == nil || included && cv.IngressAttributes == nil ||
		cv.IngressAttributes != nil && cv.IngressAttributes.CommitSHA != "" {
		return nil
	}
	var ingress struct {
		Data struct {
			Attributes struct {
				CommitSHA string `json:"commit-sha"`
			} `json:"attributes"`
		} `json:"data"`
	}
	err := c.get(ctx, what+": its commit", "configuration-versions/"+cv.ID+"/ingress-attributes", nil, &ingress)
	if err != nil && !missing(err) {
		return err
	}
	cv.IngressAttributes = &tfe.IngressAttributes{CommitSHA: ingress.Data.Attributes.CommitSHA}
	return nil
}

// runOf makes a Run of a complete answer.
func (c *Client) runOf(ctx context.Context, r *tfe.Run) Run {
	run := Run{
		ID: r.ID, Status: string(r.Status), Message: r.Message, Source: string(r.Source), CreatedAt: r.CreatedAt,
		TerraformVersion: r.TerraformVersion, PlanOnly: r.PlanOnly, RefreshOnly: r.RefreshOnly, Destroy: r.IsDestroy,
		partial: !r.Refresh || len(r.TargetAddrs) > 0, policyChecks: len(r.PolicyChecks),
	}
	if w := r.Workspace; w != nil {
		run.Workspace, run.WorkspaceID, run.Tags = w.Name, w.ID, slices.Clone(w.TagNames)
		if w.Organization != nil {
			run.Organization = w.Organization.Name
		}
		if w.Project != nil {
			run.projectID = w.Project.ID
			run.Project = c.projectName(ctx, run.Organization, run.projectID)
		}
		if run.TerraformVersion == "" {
			run.TerraformVersion = w.TerraformVersion
		}
	}
	run.URL = c.runURL(&run)
	if p := r.Plan; p != nil {
		run.PlanID, run.PlanStatus, run.logURL = p.ID, string(p.Status), p.LogReadURL
	}
	if cv := r.ConfigurationVersion; cv != nil && cv.IngressAttributes != nil {
		run.Commit = cv.IngressAttributes.CommitSHA
	}
	for _, s := range r.TaskStages {
		run.stages = append(run.stages, stageOf(s))
	}
	for _, e := range r.TFPolicyEvaluations {
		run.tfPolicies = append(run.tfPolicies, e.ID)
	}
	if e := r.CostEstimate; e != nil {
		run.costID, run.cost = e.ID, costOf(e)
	}
	run.HasPolicies = run.policyChecks > 0 || len(run.tfPolicies) > 0
	for _, s := range run.stages {
		// A stage that came as a mere id may hold either.
		run.HasPolicies = run.HasPolicies || s.name == "" || len(s.evaluations) > 0
		run.HasRunTasks = run.HasRunTasks || s.name == "" || len(s.tasks) > 0
	}
	return run
}

func (c *Client) runURL(r *Run) string {
	return c.base.JoinPath("app", r.Organization, r.Workspace, "runs", r.ID).String()
}

func stageOf(s *tfe.TaskStage) stage {
	out := stage{id: s.ID, name: string(s.Stage)}
	for _, t := range s.TaskResults {
		out.tasks = append(out.tasks, t.ID)
	}
	for _, e := range s.PolicyEvaluations {
		out.evaluations = append(out.evaluations, e.ID)
	}
	return out
}
