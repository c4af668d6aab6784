package app

import (
	"context"
	"errors"
	"io"
	"os"

	"github.com/strandline-tf/strandline/internal/config"
	"github.com/strandline-tf/strandline/internal/fetch/planjson"
	"github.com/strandline-tf/strandline/internal/fetch/statefile"
	"github.com/strandline-tf/strandline/internal/model"
	"github.com/strandline-tf/strandline/internal/secret"
	"github.com/strandline-tf/strandline/internal/userfault"
)

// readFiles reads plan JSON files, some or all of cfg.Plans, into the report. One that can't be read
// becomes an unreadable workspace and a problem; the others are reported.
func (p *program) readFiles(ctx context.Context, cfg *config.Config, plans []config.PlanFile, report *model.Report) {
	for _, f := range plans {
		if ctx.Err() != nil {
			return
		}
		w, err := p.readFile(ctx, cfg, f)
		if err != nil {
			w = unreadable(f.Name, err)
			report.Problems = append(report.Problems, problems(f.Name, err)...)
		}
		w.Name = f.Name
		report.Workspaces = append(report.Workspaces, *w)
	}
}

func (p *program) readFile(ctx context.Context, cfg *config.Config, f config.PlanFile) (*model.Workspace, error) {
	if f.Path == "-" {
		w, err := decodeInterruptibly(ctx, p.stdin, p)
		if err != nil {
			return nil, userfault.Wrap(err, hint(err), "standard input can't be reported on")
		}
		return w, nil
	}
	file, err := os.Open(cfg.Resolve(f.Path))
	if err != nil {
		return nil, userfault.Wrap(err, "a plan file is made by `terraform show -json PLAN > FILE`", "the plan can't be read")
	}
	defer file.Close()
	w, err := p.decode(file)
	if err != nil {
		return nil, userfault.Wrap(err, hint(err), "%s can't be reported on", f.Path)
	}
	return w, nil
}

// decode reads one plan with a set of secrets of its own: what the reader
// withholds must not depend on which plans were read before, so that the same
// plans give the same report in any order. Whatever one of them makes secret
// is withheld from all once the report is whole.
func (p *program) decode(r io.Reader) (*model.Workspace, error) {
	own := &secret.Set{}
	w, err := planjson.Decode(r, own)
	p.secrets.Join(own)
	return w, err
}

// decodeInterruptibly is decode for a reader that may wait for ever:
// a terminal, or a pipe from a program that hangs. When ctx ends it leaves the
// read behind.
func decodeInterruptibly(ctx context.Context, r io.Reader, p *program) (*model.Workspace, error) {
	type result struct {
		w   *model.Workspace
		err error
	}
	done := make(chan result, 1)
	go func() {
		w, err := p.decode(r)
		done <- result{w, err}
	}()
	select {
	case <-ctx.Done():
		return nil, ctx.Err()
	case d := <-done:
		return d.w, d.err
	}
}

// unreadable is the workspace that stands for one that could not be read.
func unreadable(name string, err error) *model.Workspace {
	w := model.NewWorkspace(name)
	w.Status, w.Message = model.StatusUnreadable, oneLine(err.Error())
	return w
}

// problems returns what is missing from the report for err, and what to do
// about it; joined errors are one problem each.
func problems(workspace string, err error) []model.Problem {
	var out []model.Problem
	for _, e := range flatten(err) {
		out = append(out, model.Problem{Workspace: workspace, Message: oneLine(e.Error()), Hint: oneLine(hint(e))})
	}
	return out
}

// hint returns what to do about err.
func hint(err error) string {
	var plan *planjson.Error
	if errors.As(err, &plan) && plan.Hint != "" {
		return plan.Hint
	}
	var state *statefile.Error
	if errors.As(err, &state) && state.Hint != "" {
		return state.Hint
	}
	return userfault.Hint(err)
}
