package tfc

import (
	"cmp"
	"context"
	"errors"
	"io"

	"github.com/hashicorp/go-tfe"

	"github.com/strandline-tf/strandline/internal/userfault"
)

// SpeculateOptions says how a configuration is to be planned.
type SpeculateOptions struct {
	Message        string   // shown with the run; "" for one that says what it is
	GenerateConfig bool     // for imports into resources that the configuration lacks
	Targets        []string // addresses to plan only; none for all
}

// planMessage is what Terraform Cloud shows of a speculative run by default.
const planMessage = "Strandline: plans a proposed configuration (plan-only: nothing can be applied)"

// Speculate starts a run of w that plans the configuration in archive (as Pack
// writes it) with the workspace's own state, variables and credentials, and can
// never be applied. It returns as soon as there is a run: Wait for it, then
// OpenPlan or PlanLog tell what became of it. Whoever stops waiting should
// Abandon it.
//
// Errors: a NotCheckable where the workspace can't plan it as it is, the
// server's own words where the configuration isn't accepted.
func (c *Client) Speculate(ctx context.Context, w Workspace, archive io.ReadSeeker, o SpeculateOptions) (Run, error) {
	run, err := c.speculate(ctx, &w, archive, o)
	return run, checkless(&w, "plan", err)
}

// checkless wraps a NotCheckable of what was to be done in w.
func checkless(w *Workspace, what string, err error) error {
	var not *NotCheckable
	if errors.As(err, &not) {
		return userfault.Wrap(not, not.Hint, "cannot %s in workspace %s", what, w.label())
	}
	return err
}

func (c *Client) speculate(ctx context.Context, w *Workspace, archive io.ReadSeeker, o SpeculateOptions) (Run, error) {
	if err := w.plans(); err != nil {
		return Run{}, err
	}
	v, err := c.upload(ctx, w, archive)
	if err != nil {
		return Run{}, err
	}
	run, err := c.startRun(ctx, w, tfe.RunCreateOptions{
		Message: tfe.String(cmp.Or(o.Message, planMessage)), ConfigurationVersion: v,
		AllowConfigGeneration: tfe.Bool(o.GenerateConfig), TargetAddrs: o.Targets}, "")
	if err == nil && ctx.Err() != nil {
		c.Abandon(ctx, run)
		return Run{}, c.fault(0, ctx.Err(), "start a run of workspace "+w.label())
	}
	return run, err
}

// plans is nil where Terraform Cloud plans for the workspace, and the token may
// start that.
func (w *Workspace) plans() error {
	switch {
	case w.ExecutionMode == "local":
		return lasting("its execution mode is local: Terraform Cloud only keeps its state", "plan where Terraform is run instead")
	case w.mayRun != nil && !*w.mayRun:
		return mayNotRun("")
	}
	return nil
}
