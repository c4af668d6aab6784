package tfc

import (
	"context"
	"strings"
	"time"

	"github.com/hashicorp/go-tfe"

	"github.com/strandline-tf/strandline/internal/model"
)

// checkMessage is what Terraform Cloud shows of a run that was started to find
// drift.
const checkMessage = "Strandline: looks for drift (refresh-only and plan-only: nothing can be applied)"

// orLatest is what can be done about drift where no run can be started.
const orLatest = ", or choose --refresh latest"

func localExecution() error {
	return lasting("its execution mode is local: Terraform Cloud only keeps its state",
		"where it is run, make a plan (terraform plan -refresh-only -out=FILE, terraform show -json FILE) and pass it as a file")
}

// locked says who holds the workspace's lock, and why.
func (w *Workspace) locked() error {
	reason := "it is locked"
	if w.LockedBy != "" {
		reason += " by " + w.LockedBy
	}
	if w.LockReason != "" {
		reason += ": " + w.LockReason
	}
	return notCheckable(reason, "unlock it, or wait until it is; --refresh latest takes the last run's plan")
}

// driftByRun starts a run that only plans and only refreshes, waits for it, and
// opens its plan.
func (c *Client) driftByRun(ctx context.Context, w *Workspace, r Refresh) (Drift, error) {
	switch {
	case w.ExecutionMode == "local":
		return Drift{}, localExecution()
	case w.Locked:
		return Drift{}, w.locked()
	case w.mayRun != nil && !*w.mayRun:
		return Drift{}, mayNotRun(orLatest)
	case !r.Deadline.After(c.o.Now()):
		return Drift{}, notCheckable("there is no time to wait for a run", "raise --wait")
	}
	run, err := c.startRun(ctx, w, tfe.RunCreateOptions{Message: tfe.String(checkMessage), RefreshOnly: tfe.Bool(true)}, orLatest)
	if err != nil {
		return Drift{}, err
	}
	// What nobody waits for any more must not stand in the workspace's queue.
	defer func() { c.Abandon(ctx, run) }()
	waited, failed, err := c.Wait(ctx, []Run{run}, r.Deadline, nil)
	if len(waited) > 0 {
		run = waited[0]
	}
	if err != nil {
		return Drift{}, c.fault(0, err, "wait for "+run.label())
	}
	if len(failed) > 0 {
		return Drift{}, failed[0].Err
	}
	if !run.PlanFinished() {
		return Drift{}, c.unplanned(ctx, run)
	}
	return c.driftOfRun(ctx, run, model.DriftFromRun)
}

// abandonTime bounds the cancellation of a run, also when the program is being
// interrupted.
const abandonTime = 10 * time.Second

// Abandon cancels a run that isn't waited for any more, unless it has ended:
// discarded, if it is still in the queue or waits for a person, else canceled.
// It does so within seconds, also where ctx has ended.
func (c *Client) Abandon(ctx context.Context, run Run) {
	if run.ID == "" || phaseOf(run.Status).ended {
		return
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), abandonTime)
	defer cancel()
	why := tfe.String("Strandline doesn't wait for it any more")
	var err error
	for _, action := range []func(context.Context) error{
		func(ctx context.Context) error {
			return c.api.Runs.Discard(ctx, run.ID, tfe.RunDiscardOptions{Comment: why})
		},
		func(ctx context.Context) error {
			return c.api.Runs.Cancel(ctx, run.ID, tfe.RunCancelOptions{Comment: why})
		},
	} {
		if err = c.do(ctx, "cancel "+run.label(), action); err == nil {
			return
		}
	}
	c.o.Log.WarnContext(ctx, "a run that nobody waits for is left in its queue", "run", run.ID, "error", err)
}

// unplanned says why a run that was started to find drift has no plan.
func (c *Client) unplanned(ctx context.Context, run Run) error {
	status := strings.ReplaceAll(run.Status, "_", " ")
	p := phaseOf(run.Status)
	switch {
	case p.person:
		return notCheckable("the run to find its drift was paused ("+status+"), and is canceled", "see "+run.URL)
	case !p.ended:
		return notCheckable("the run to find its drift was still "+status+" when the time was up, and is canceled",
			"raise --wait: runs wait for those before them, and for a free place in the organization")
	}
	log, err := c.PlanLog(ctx, run)
	if err != nil && ctx.Err() != nil {
		return err
	}
	_, why := run.Outcome(nil, nil, log)
	reason := "the run to find its drift ended as " + status
	if why != "" {
		reason += ": " + oneLine(why)
	}
	return notCheckable(reason, "see "+run.URL)
}

// driftOfRun opens a run's plan.
func (c *Client) driftOfRun(ctx context.Context, run Run, source model.DriftSource) (Drift, error) {
	body, redacted, err := c.OpenPlan(ctx, run)
	if err != nil {
		return Drift{}, err
	}
	return Drift{Plan: body, Redacted: redacted, Source: source, At: run.CreatedAt, RunID: run.ID, RunURL: run.URL}, nil
}
