package app

import (
	"context"
	"errors"
	"time"

	"github.com/strandline-tf/strandline/internal/config"
	"github.com/strandline-tf/strandline/internal/model"
)

// afterInterrupt is how long the program goes on when it is interrupted, to
// leave the pull request with a comment that is true. GitHub kills a cancelled
// step 7.5 s after its first signal:
// https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-cancellation
const afterInterrupt = 5 * time.Second

// interrupted makes the report one that says it is none.
func interrupted(report *model.Report) announcement {
	missing := "runs"
	if report.Kind != model.KindPlan {
		missing = "workspaces"
	}
	report.Problems = append(report.Problems, model.Problem{
		Message: "interrupted before all " + missing + " were read", Hint: "run the workflow again"})
	return partial
}

// leave tells the pull request that the program was interrupted: where the
// comment is about an older commit it would be taken for this one's. A report
// of this commit stays as it is.
func (p *program) leave(ctx context.Context, cfg *config.Config, here *place, report *model.Report) error {
	ctx, stop := outlive(ctx, afterInterrupt)
	defer stop()
	report.Limit(model.Show(cfg.Show))
	url, err := p.comment(ctx, cfg, here, report, partial)
	if err != nil {
		p.log.Warn("the pull request is not told of the interruption", "why", err)
	}
	if cfg.GitHub.Actions {
		err = errors.Join(err, p.tellRunner(cfg, report, posted{comment: url}))
	}
	return err
}

// unread is the workspace of a run that could not be read for lack of time.
func unread(r found) *model.Workspace {
	w := model.NewWorkspace(r.run.Workspace)
	w.Status, w.Message = model.StatusPending, "interrupted before it was read"
	r.name(w)
	return w
}

// outlive returns a context that is cancelled d after ctx is.
func outlive(ctx context.Context, d time.Duration) (context.Context, context.CancelFunc) {
	out, cancel := context.WithCancel(context.WithoutCancel(ctx))
	stop := context.AfterFunc(ctx, func() { time.AfterFunc(d, cancel) })
	return out, func() { stop(); cancel() }
}
