package app

import (
	"context"
	"os"
	"path"
	"time"

	"github.com/strandline-tf/strandline/internal/fetch/tfc"
	"github.com/strandline-tf/strandline/internal/prove"
	"github.com/strandline-tf/strandline/internal/userfault"
)

// cloudPlanner plans as a speculative run of a workspace of Terraform Cloud,
// with the workspace's own variables and credentials. The run can't be applied,
// and is canceled where it isn't waited for.
type cloudPlanner struct {
	p         *program
	client    *tfc.Client
	workspace tfc.Workspace
	root      string // of the repository: a configuration version replaces everything
	folder    string // the workspace's working directory in it, with slashes
	wait      time.Duration
}

// cloudPlanner returns the planner for a workspace whose configuration is in
// folder of the repository at root. Each plan is waited for as long as wait.
func (p *program) cloudPlanner(client *tfc.Client, w tfc.Workspace, root, folder string, wait time.Duration) *cloudPlanner {
	return &cloudPlanner{p: p, client: client, workspace: w, root: root, folder: folder, wait: wait}
}

// Plan plans with files, as prove.Planner says.
func (c *cloudPlanner) Plan(ctx context.Context, files map[string][]byte, generate bool) (out prove.Outcome, err error) {
	archive, done, err := packed(c.root, c.folder, files)
	if err != nil {
		return out, err
	}
	defer done()
	run, err := c.client.Speculate(ctx, c.workspace, archive, tfc.SpeculateOptions{Message: "strandline adopt: what would be imported", GenerateConfig: generate})
	if err != nil {
		return out, err
	}
	defer func() { c.client.Abandon(ctx, run) }()
	runs, failed, err := c.client.Wait(ctx, []tfc.Run{run}, c.p.clock.Now().Add(c.wait), nil)
	if err != nil {
		return out, err
	}
	if len(failed) > 0 {
		return out, failed[0].Err
	}
	run = runs[0]
	if out.Diagnostics, err = c.client.PlanLog(ctx, run); err != nil {
		return out, err
	}
	if run.PlanFinished() {
		return c.read(ctx, run, out)
	}
	for _, d := range out.Diagnostics {
		if d.Severity != "error" {
			continue
		}
		// As far as it went, a plan that failed may be there as well, and tells
		// what is wrong where the log doesn't.
		if partial, err := c.read(ctx, run, out); err == nil {
			return partial, nil
		}
		return out, ctx.Err()
	}
	_, why := run.Outcome(nil, nil, out.Diagnostics)
	return out, userfault.New("see "+run.URL, "the speculative run of workspace %s came to no plan: %s", c.workspace.Name, why)
}

// packed is the repository at root as Terraform Cloud wants it, with files added
// in a folder of it. done removes it.
func packed(root, folder string, files map[string][]byte) (archive *os.File, done func(), err error) {
	if err := needTempOutside(root); err != nil {
		return nil, nil, err
	}
	if archive, err = os.CreateTemp("", "strandline-upload-*.tar.gz"); err != nil {
		return nil, nil, userfault.Wrap(err, "set TMPDIR to a folder that may be written", "the configuration can't be uploaded")
	}
	done = func() {
		archive.Close()
		_ = os.Remove(archive.Name())
	}
	overlay := map[string][]byte{}
	for name, text := range files {
		overlay[path.Join(folder, name)] = text
	}
	if err := tfc.Pack(archive, root, overlay); err != nil {
		done()
		return nil, nil, err
	}
	return archive, done, nil
}

// read reads the plan of a run.
func (c *cloudPlanner) read(ctx context.Context, run tfc.Run, out prove.Outcome) (prove.Outcome, error) {
	plan, redacted, err := c.client.OpenPlan(ctx, run)
	if err != nil {
		return out, err
	}
	defer plan.Close()
	if out.Plan, err = c.p.decode(plan); err != nil {
		return out, userfault.Wrap(err, hint(err), "the plan of a proof, run %s, can't be read", run.ID)
	}
	out.Plan.Redacted = out.Plan.Redacted || redacted
	out.Plan.RunID, out.Plan.RunURL = run.ID, run.URL
	return out, nil
}
