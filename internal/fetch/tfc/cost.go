package tfc

import (
	"context"

	"github.com/hashicorp/go-tfe"

	"github.com/strandline-tf/strandline/internal/model"
)

// currency of all estimates.
// https://developer.hashicorp.com/terraform/cloud-docs/cost-estimation
const currency = "USD"

// Cost returns the run's cost estimate by month, nil where it has none. It
// takes a request only where the run came without it.
func (c *Client) Cost(ctx context.Context, run Run) (*model.Cost, error) {
	if run.cost != nil || run.costID == "" {
		return run.cost, nil
	}
	var cost *model.Cost
	err := c.do(ctx, "read the cost estimate of "+run.label(), func(ctx context.Context) error {
		e, err := c.api.CostEstimates.Read(ctx, run.costID)
		if err == nil {
			cost = costOf(e)
		}
		return err
	})
	if missing(err) {
		return nil, nil
	}
	return cost, err
}

// costOf returns nil for an estimate that isn't there: not finished, failed,
// skipped, or a mere id.
func costOf(e *tfe.CostEstimate) *model.Cost {
	if e.Status != tfe.CostEstimateFinished || e.ProposedMonthlyCost == "" {
		return nil
	}
	return &model.Cost{Prior: e.PriorMonthlyCost, Proposed: e.ProposedMonthlyCost, Delta: e.DeltaMonthlyCost, Currency: currency}
}
