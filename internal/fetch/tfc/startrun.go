package tfc

import (
	"context"
	"errors"
	"net/http"
	"strings"

	"github.com/hashicorp/go-tfe"
)

// startRun starts a run of w that only plans, whatever else o says. Otherwise
// is what can be done instead, for hints: "" or ", or …".
func (c *Client) startRun(ctx context.Context, w *Workspace, o tfe.RunCreateOptions, otherwise string) (Run, error) {
	o.Workspace, o.PlanOnly, o.AutoApply = &tfe.Workspace{ID: w.ID}, tfe.Bool(true), tfe.Bool(false)
	var got *tfe.Run
	err := c.do(ctx, "start a run of workspace "+w.label(), func(ctx context.Context) (err error) {
		got, err = c.api.Runs.Create(ctx, o)
		return err
	})
	var said *answered
	switch {
	case missing(err):
		return Run{}, mayNotRun(otherwise)
	case errors.As(err, &said) && said.status < http.StatusInternalServerError:
		if o.ConfigurationVersion == nil && strings.Contains(strings.ToLower(said.Error()), "configuration version") {
			return Run{}, lasting("it has no configuration that Terraform Cloud could plan", "upload a configuration, or connect the workspace to a repository")
		}
		return Run{}, notCheckable("a run could not be started: "+said.Error(), "see the workspace's page: "+w.URL)
	case err != nil:
		return Run{}, err
	}
	run := Run{ID: got.ID, Status: string(got.Status), PlanOnly: got.PlanOnly, RefreshOnly: got.RefreshOnly,
		Organization: w.Organization, Workspace: w.Name, WorkspaceID: w.ID, CreatedAt: got.CreatedAt}
	run.URL = c.runURL(&run)
	if !got.PlanOnly {
		// A server that doesn't know plan-only runs has made one that somebody
		// could apply.
		c.Abandon(ctx, run)
		return Run{}, lasting(c.base.Host+" doesn't know plan-only runs; the run that it made instead was canceled", "plan where Terraform is run instead"+otherwise)
	}
	if phaseOf(run.Status).ended { // nobody will look at it again, and the answer has nothing of its plan
		return c.Run(ctx, run.ID)
	}
	return run, nil
}

func mayNotRun(otherwise string) error {
	return notCheckable("the token may not start runs in it", "give the token's team permission to plan"+otherwise)
}
