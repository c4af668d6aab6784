package tfc

import (
	"context"
	"net/url"
	"strings"

	"github.com/hashicorp/go-tfe"

	"github.com/strandline-tf/strandline/internal/model"
)

// The outcomes of a policy, as the report has them.
const (
	policyPassed     = "passed"
	policyFailed     = "failed"
	policyErrored    = "errored"
	policyOverridden = "overridden"
)

// Policies returns the outcome of every policy of the run, whichever way it is
// checked: Sentinel policy checks (one request, and one for the output of each
// check that didn't pass), policy evaluations of task stages (OPA, Sentinel;
// one for a stage, one for an evaluation), Terraform policy evaluations (one
// for each). None for a run without. Beside an error, what was read is
// returned.
func (c *Client) Policies(ctx context.Context, run Run) (all []model.Policy, err error) {
	if run.policyChecks > 0 {
		all, err = c.policyChecks(ctx, run)
	}
	for _, f := range []func(context.Context, Run) ([]model.Policy, error){c.policyEvaluations, c.terraformPolicies} {
		if err != nil {
			break
		}
		var more []model.Policy
		more, err = f(ctx, run)
		all = append(all, more...)
	}
	return all, err
}

// policyChecks reads Sentinel policy checks.
// https://developer.hashicorp.com/terraform/cloud-docs/api-docs/policy-checks
func (c *Client) policyChecks(ctx context.Context, run Run) ([]model.Policy, error) {
	what := "read the policy checks of " + run.label()
	var checks []*tfe.PolicyCheck
	err := c.do(ctx, what, func(ctx context.Context) (err error) {
		checks, err = pages(func(l tfe.ListOptions) ([]*tfe.PolicyCheck, int, error) {
			list, err := c.api.PolicyChecks.List(ctx, run.ID, &tfe.PolicyCheckListOptions{ListOptions: l})
			if err != nil {
				return nil, 0, err
			}
			return list.Items, nextPage(list.Pagination), nil
		})
		return err
	})
	if err != nil {
		if missing(err) {
			return nil, nil
		}
		return nil, err
	}
	var out []model.Policy
	for _, check := range checks {
		var log []byte
		switch check.Status {
		case tfe.PolicyPending, tfe.PolicyQueued, tfe.PolicyCanceled, tfe.PolicyUnreachable:
			continue // there is no outcome
		case tfe.PolicyPasses:
		default:
			u := c.base.JoinPath("api/v2/policy-checks", url.PathEscape(check.ID), "output")
			if log, err = c.readLog(ctx, what, u); err != nil && !missing(err) {
				return out, err
			}
		}
		out = append(out, sentinelPolicies(check, string(log))...)
	}
	return out, nil
}

// outcomeSet is what a policy set of an evaluation came to. The description
// leaves the elements of output open, go-tfe does not.
type outcomeSet struct {
	Data []struct {
		Attributes struct {
			SetName  string    `json:"policy-set-name"`
			Error    any       `json:"error"` // a string, or an object with summary and detail
			Outcomes []outcome `json:"outcomes"`
		} `json:"attributes"`
	} `json:"data"`
	Meta struct {
		Pagination *tfe.Pagination `json:"pagination"`
	} `json:"meta"`
}

type outcome struct {
	Level       string           `json:"enforcement_level"`
	Status      string           `json:"status"`
	Name        string           `json:"policy_name"`
	Query       string           `json:"query"`
	Description string           `json:"description"`
	Output      []any            `json:"output"`
	Diagnostics []map[string]any `json:"diagnostics"`
}

// policyEvaluations reads the policies of task stages.
// https://developer.hashicorp.com/terraform/cloud-docs/api-docs/policy-evaluations
func (c *Client) policyEvaluations(ctx context.Context, run Run) ([]model.Policy, error) {
	if len(run.stages) == 0 {
		return nil, nil
	}
	stages, err := c.taskStages(ctx, run)
	if err != nil {
		return nil, err
	}
	var out []model.Policy
	for _, s := range stages {
		if len(s.evaluations) == 0 {
			continue
		}
		var evaluations []*tfe.PolicyEvaluation
		err := c.do(ctx, "read the policy evaluations of "+run.label(), func(ctx context.Context) (err error) {
			evaluations, err = pages(func(l tfe.ListOptions) ([]*tfe.PolicyEvaluation, int, error) {
				list, err := c.api.PolicyEvaluations.List(ctx, s.id, &tfe.PolicyEvaluationListOptions{ListOptions: l})
				if err != nil {
					return nil, 0, err
				}
				return list.Items, nextPage(list.Pagination), nil
			})
			return err
		})
		if err != nil && !missing(err) {
			return out, err
		}
		for _, e := range evaluations {
			more, err := c.outcomes(ctx, run, "policy-evaluations/"+url.PathEscape(e.ID)+"/policy-set-outcomes", string(e.Status))
			if err != nil {
				return out, err
			}
			out = append(out, more...)
		}
	}
	return out, nil
}

// terraformPolicies reads Terraform policy evaluations, which are beta.
func (c *Client) terraformPolicies(ctx context.Context, run Run) ([]model.Policy, error) {
	var out []model.Policy
	for _, id := range run.tfPolicies {
		more, err := c.outcomes(ctx, run, "tf-policy-evaluations/"+url.PathEscape(id)+"/tf-policy-set-outcomes", "")
		if err != nil {
			return out, err
		}
		out = append(out, more...)
	}
	return out, nil
}

// outcomes reads the policy set outcomes at path, of an evaluation with status.
func (c *Client) outcomes(ctx context.Context, run Run, path, status string) ([]model.Policy, error) {
	out, err := pages(func(l tfe.ListOptions) ([]model.Policy, int, error) {
		var sets outcomeSet
		if err := c.get(ctx, "read the policy outcomes of "+run.label(), path, &l, &sets); err != nil {
			return nil, 0, err
		}
		var page []model.Policy
		for _, s := range sets.Data {
			a := s.Attributes
			for _, o := range a.Outcomes {
				page = append(page, o.policy(a.SetName, status))
			}
			if text := words(a.Error); text != "" {
				page = append(page, model.Policy{Name: a.SetName, Set: a.SetName, Status: policyErrored, Output: text})
			}
		}
		return page, nextPage(sets.Meta.Pagination), nil
	})
	if missing(err) {
		return nil, nil
	}
	return out, err
}

// policy returns the outcome of one policy within a set.
func (o outcome) policy(set, evaluation string) model.Policy {
	p := model.Policy{Name: o.Name, Set: set, Level: strings.ReplaceAll(o.Level, "_", "-"), Status: o.Status}
	if p.Name == "" {
		p.Name = o.Query
	}
	if p.Status == policyFailed && evaluation == policyOverridden && p.Level != "advisory" {
		p.Status = policyOverridden
	}
	if p.Status == "unknown" {
		p.Status = policyErrored // it could not be evaluated
	}
	if p.Status != policyPassed {
		p.Output = o.words()
	}
	return p
}
