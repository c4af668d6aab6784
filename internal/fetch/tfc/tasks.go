package tfc

import (
	"context"
	"fmt"

	"github.com/hashicorp/go-tfe"

	"github.com/strandline-tf/strandline/internal/model"
)

// RunTasks returns the results of the run's run tasks: one request for each
// task stage that has any, none for a run without.
func (c *Client) RunTasks(ctx context.Context, run Run) ([]model.RunTask, error) {
	if !run.HasRunTasks {
		return nil, nil
	}
	stages, err := c.taskStages(ctx, run)
	if err != nil {
		return nil, err
	}
	var out []model.RunTask
	for _, s := range stages {
		if len(s.tasks) == 0 {
			continue
		}
		results, err := c.taskResults(ctx, run, s)
		if err != nil && !missing(err) {
			return out, err
		}
		for _, r := range results {
			out = append(out, model.RunTask{Name: r.TaskName, Status: string(r.Status), Message: r.Message,
				URL: r.URL, Enforcement: string(r.WorkspaceTaskEnforcementLevel), Stage: s.name})
		}
	}
	return out, nil
}

// taskStages returns the run's task stages, listing them where the run came
// with nothing but their ids.
func (c *Client) taskStages(ctx context.Context, run Run) ([]stage, error) {
	known := true
	for _, s := range run.stages {
		known = known && s.name != ""
	}
	if known {
		return run.stages, nil
	}
	var out []stage
	err := c.do(ctx, "read the task stages of "+run.label(), func(ctx context.Context) error {
		all, err := pages(func(l tfe.ListOptions) ([]*tfe.TaskStage, int, error) {
			list, err := c.api.TaskStages.List(ctx, run.ID, &tfe.TaskStageListOptions{ListOptions: l})
			if err != nil {
				return nil, 0, err
			}
			return list.Items, nextPage(list.Pagination), nil
		})
		for _, s := range all {
			out = append(out, stageOf(s))
		}
		return err
	})
	if missing(err) {
		return nil, nil
	}
	return out, err
}

// taskResults reads a stage with its results; one by one where the server
// doesn't include them.
func (c *Client) taskResults(ctx context.Context, run Run, s stage) (results []*tfe.TaskResult, err error) {
	what := "read the run tasks of " + run.label()
	err = c.do(ctx, what, func(ctx context.Context) error {
		got, err := c.api.TaskStages.Read(ctx, s.id, &tfe.TaskStageReadOptions{Include: []tfe.TaskStageIncludeOpt{tfe.TaskStageTaskResults}})
		if err != nil {
			return err
		}
		results = got.TaskResults
		return nil
	})
	if err != nil {
		return nil, err
	}
	for i, r := range results {
		if r.Status != "" {
			continue
		}
		if err := c.do(ctx, what, func(ctx context.Context) error {
			got, err := c.api.TaskResults.Read(ctx, r.ID)
			if err == nil {
				results[i] = got
			}
			return err
		}); err != nil {
			return results[:i], err
		}
	}
	return results, nil
}

// label names a run in an error.
func (r *Run) label() string {
	return fmt.Sprintf("run %s in %s/%s", r.ID, r.Organization, r.Workspace)
}
