package app

import (
	"context"
	"errors"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/strandline-tf/strandline/internal/config"
	"github.com/strandline-tf/strandline/internal/fetch/planjson"
	"github.com/strandline-tf/strandline/internal/fetch/tfc"
	"github.com/strandline-tf/strandline/internal/model"
	"github.com/strandline-tf/strandline/internal/userfault"
)

// readRuns waits for the runs until the deadline and reads them into the
// report, several at a time. Whatever can't be read becomes an unreadable
// workspace and a problem.
func (p *program) readRuns(ctx context.Context, cfg *config.Config, f *finds, deadline time.Time, report *model.Report) error {
	lostRuns := f.lost
	runs, failed, err := p.wait(ctx, f.runs, deadline)
	lostRuns = append(lostRuns, failed...)

	var mu sync.Mutex
	var g errgroup.Group
	g.SetLimit(cfg.Parallel)
	for _, r := range runs {
		g.Go(func() error {
			w, missing := p.readRun(ctx, cfg, r)
			if ctx.Err() != nil {
				w, missing = unread(r), nil
			}
			mu.Lock()
			defer mu.Unlock()
			report.Workspaces = append(report.Workspaces, *w)
			report.Problems = append(report.Problems, missing...)
			return nil // one run's trouble is its own
		})
	}
	_ = g.Wait()
	for _, l := range lostRuns {
		name := l.workspace
		if name == "" {
			name = l.runID
		}
		report.Problems = append(report.Problems, problems(name, l.err)...)
		if name != "" {
			w := unreadable(name, l.err)
			w.Organization, w.RunID = l.organization, l.runID
			report.Workspaces = append(report.Workspaces, *w)
		}
	}
	return err
}

// wait waits for all runs, those of each host in a loop of its own.
func (p *program) wait(ctx context.Context, runs []found, deadline time.Time) ([]found, []lost, error) {
	byClient := map[*tfc.Client][]tfc.Run{}
	for _, r := range runs {
		byClient[r.client] = append(byClient[r.client], r.run)
	}
	var mu sync.Mutex
	var out []found
	var gone []lost
	var g errgroup.Group
	for client, list := range byClient {
		g.Go(func() error {
			waited, failed, err := client.Wait(ctx, list, deadline, func(r tfc.Run) {
				p.log.Info("run", "workspace", r.Workspace, "run", r.ID, "status", r.Status)
			})
			mu.Lock()
			defer mu.Unlock()
			for _, r := range waited {
				out = append(out, found{client, r})
			}
			for _, x := range failed {
				gone = append(gone, lost{x.Run.Workspace, x.Run.Organization, x.Run.ID, x.Err})
			}
			return err
		})
	}
	err := g.Wait()
	return out, gone, err
}

// readRun reads one run: its plan, and what Terraform Cloud knows beside it.
func (p *program) readRun(ctx context.Context, cfg *config.Config, r found) (*model.Workspace, []model.Problem) {
	w := model.NewWorkspace(r.run.Workspace)
	var missing []model.Problem
	trouble := func(err error) {
		if err != nil {
			missing = append(missing, problems(r.run.Workspace, err)...)
		}
	}
	if r.run.PlanFinished() {
		plan, err := p.readPlan(ctx, r)
		if err != nil {
			trouble(err)
			w = unreadable(r.run.Workspace, err)
		} else {
			w = plan
		}
	}
	p.readBeside(ctx, r, w, trouble)
	status, message := r.run.Outcome(w.Policies, w.RunTasks, w.Diagnostics)
	switch {
	case w.Status == model.StatusUnreadable:
	case status == model.StatusPlanned: // what kind of plan, its reader knows
	default:
		w.Status, w.Message = status, message
	}
	if status == model.StatusPending {
		// With --wait 0 what is there was asked for; otherwise the plan is missing.
		if cfg.Wait > 0 {
			trouble(userfault.New("wait longer with --wait, or run the workflow again",
				"run %s of workspace %s has not finished within %s: %s", r.run.ID, r.run.Workspace, cfg.Wait, message))
		}
	}
	r.name(w)
	return w, missing
}

// name says of w whose it is.
func (r *found) name(w *model.Workspace) {
	w.Name, w.Organization, w.Project = r.run.Workspace, r.run.Organization, r.run.Project
	w.RunID, w.RunURL = r.run.ID, r.run.URL
	if w.TerraformVersion == "" {
		w.TerraformVersion = r.run.TerraformVersion
	}
}

// readPlan streams the run's plan through its reader. A plan that can't be
// read is asked for once more: a transfer may be cut without HTTP noticing.
func (p *program) readPlan(ctx context.Context, r found) (*model.Workspace, error) {
	w, err := p.readPlanOnce(ctx, r)
	var bad *planjson.Error
	if errors.As(err, &bad) && ctx.Err() == nil {
		p.log.Warn("the plan is read again", "run", r.run.ID, "why", err)
		w, err = p.readPlanOnce(ctx, r)
	}
	if err != nil {
		return nil, userfault.Wrap(err, hint(err), "the plan of run %s, workspace %s/%s, can't be read",
			r.run.ID, r.run.Organization, r.run.Workspace)
	}
	return w, nil
}

func (p *program) readPlanOnce(ctx context.Context, r found) (*model.Workspace, error) {
	body, redacted, err := r.client.OpenPlan(ctx, r.run)
	if err != nil {
		return nil, err
	}
	defer body.Close()
	w, err := p.decode(body)
	if err != nil {
		return nil, err
	}
	w.Redacted = w.Redacted || redacted
	return w, nil
}

// readBeside reads what Terraform Cloud knows beside the plan, where the run
// has it.
func (p *program) readBeside(ctx context.Context, r found, w *model.Workspace, trouble func(error)) {
	var err error
	if r.run.HasPolicies {
		w.Policies, err = r.client.Policies(ctx, r.run)
		trouble(about("policies", r, err))
	}
	if r.run.HasRunTasks {
		w.RunTasks, err = r.client.RunTasks(ctx, r.run)
		trouble(about("run tasks", r, err))
	}
	w.Cost, err = r.client.Cost(ctx, r.run)
	trouble(about("cost estimate", r, err))
	if !r.run.Finished() {
		return
	}
	w.Diagnostics, err = r.client.PlanLog(ctx, r.run)
	if err = about("plan log", r, err); err != nil && w.Status != model.StatusUnreadable && r.run.PlanFinished() {
		// The plan itself says what will happen; only warnings may be missing.
		w.Diagnostics = append(w.Diagnostics, model.Diagnostic{Severity: "warning",
			Summary: "Terraform's log could not be read, so its warnings are not here", Detail: oneLine(err.Error())})
		return
	}
	trouble(err)
}

func about(what string, r found, err error) error {
	if err == nil || errors.Is(err, context.Canceled) {
		return nil
	}
	return userfault.Wrap(err, hint(err), "the %s of run %s, workspace %s, can't be read", what, r.run.ID, r.run.Workspace)
}
