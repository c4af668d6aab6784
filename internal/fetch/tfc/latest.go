package tfc

import (
	"cmp"
	"context"
	"strings"

	"github.com/hashicorp/go-tfe"

	"github.com/strandline-tf/strandline/internal/model"
)

// refreshing names the kinds of runs whose plan can tell what drifted.
func refreshing() string {
	return strings.Join([]string{string(tfe.RunOperationPlanOnly), string(tfe.RunOperationPlanApply), string(tfe.RunOperationSavePlan),
		string(tfe.RunOperationRefreshOnly), string(tfe.RunOperationEmptyApply)}, ",")
}

// driftByLatest opens the plan of the workspace's newest run that has one which
// looked at the whole state. The workspace itself names its newest run; only
// where that won't do are its runs listed, which Terraform Cloud allows thirty
// times a minute.
func (c *Client) driftByLatest(ctx context.Context, w *Workspace) (Drift, error) {
	if w.ExecutionMode == "local" {
		return Drift{}, localExecution()
	}
	newest := cmp.Or(w.LatestRunID, w.CurrentRunID)
	if newest != "" {
		run, err := c.Run(ctx, newest)
		if err != nil && !missing(err) {
			return Drift{}, err
		}
		if err == nil && run.tellsDrift() {
			return c.driftOfRun(ctx, run, model.DriftFromLatest)
		}
	}
	var listed []*tfe.Run
	err := c.do(ctx, "list the runs of workspace "+w.label(), func(ctx context.Context) error {
		list, err := c.api.Runs.List(ctx, w.ID, &tfe.RunListOptions{ListOptions: tfe.ListOptions{PageSize: maxTries}, Operation: refreshing()})
		if err == nil {
			listed = list.Items
		}
		return err
	})
	if err != nil {
		return Drift{}, err
	}
	for _, ref := range listed {
		if ref.ID == newest {
			continue
		}
		run, err := c.Run(ctx, ref.ID)
		if err != nil {
			return Drift{}, err
		}
		if run.tellsDrift() {
			return c.driftOfRun(ctx, run, model.DriftFromLatest)
		}
	}
	return Drift{}, notCheckable("none of its last runs has a plan that tells what drifted", "choose --refresh run")
}

// tellsDrift reports whether the run's plan looked at all that is in the state.
func (r *Run) tellsDrift() bool { return r.PlanFinished() && !r.Destroy && !r.partial }
