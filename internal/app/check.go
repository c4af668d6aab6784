package app

import (
	"context"
	"slices"
	"strings"

	"github.com/strandline-tf/strandline/internal/config"
	"github.com/strandline-tf/strandline/internal/model"
	"github.com/strandline-tf/strandline/internal/render"
	"github.com/strandline-tf/strandline/internal/render/markdown"
	"github.com/strandline-tf/strandline/internal/sink/github"
	"github.com/strandline-tf/strandline/internal/userfault"
)

// checkRun brings the check run that --check names up to date. It belongs to
// the commit, so that it needs no pull request: a merge queue has none.
func (p *program) checkRun(ctx context.Context, cfg *config.Config, here *place, report *model.Report, say announcement) error {
	if cfg.Check == "" || say == silent || !checking(cfg, here) {
		return nil
	}
	commit, err := p.fullHead(ctx, here)
	if err != nil {
		return err
	}
	if commit == "" {
		p.log.Warn("no check run: the commit is not known in full", "commit", here.head)
		return nil
	}
	sum, err := digest(report)
	if err != nil {
		return err
	}
	c := github.Check{
		Name: cfg.Check, HeadSHA: commit, Key: commentKey(cfg), Run: workflowRun(cfg), Digest: sum,
		Conclusion:  conclusion(cfg, p.code, report, say),
		Title:       inWords(render.New(report, render.Limits{}).Title),
		DetailsURL:  runURL(cfg),
		Annotations: p.checkLines(cfg, report),
	}
	c.Summary = markdown.Comment(report, render.Options{Budget: c.Room(), SummaryURL: runURL(cfg)})
	result, err := here.poster(cfg).Check(ctx, c)
	if err == nil {
		p.tellOutcome("check run", result)
	}
	return err
}

// checking reports whether a check run can and may be written.
func checking(cfg *config.Config, here *place) bool {
	may := cfg.Post == config.PostAlways || cfg.Post == config.PostAuto && cfg.GitHub.Actions
	return may && here.gh != nil && here.head != ""
}

// fullHead returns the commit reported on in full, as a check run takes it; ""
// where only a part of it is known that isn't the pull request's head's.
func (p *program) fullHead(ctx context.Context, here *place) (string, error) {
	const full = 40
	switch {
	case len(here.head) == full:
		return here.head, nil
	case here.pullRequest == 0:
		return "", nil
	}
	pr, err := p.pullRequest(ctx, here)
	if err != nil || !strings.HasPrefix(pr.HeadSHA, strings.ToLower(here.head)) {
		return "", err
	}
	return pr.HeadSHA, nil
}

// conclusion says what the check run of a report comes to. What fails it is
// what fails the step by --fail-on, and nothing else. A check that others
// require is a gate, though, and with --fail-on it doesn't open for what
// nobody has seen: then a report that lacks something asks for a person.
func conclusion(cfg *config.Config, code int, report *model.Report, say announcement) github.Conclusion {
	switch {
	case say == correct && !isPartial(report):
		return github.Skipped
	case code == userfault.CodeMatched:
		return github.Failure
	case isPartial(report) && len(cfg.FailOn) > 0:
		return github.ActionRequired
	case isPartial(report), inTrouble(report):
		return github.Neutral
	}
	return github.Success
}

// isPartial reports whether the report lacks a plan that it should have.
func isPartial(report *model.Report) bool {
	return len(report.Problems) > 0 || hasStatus(report, model.StatusPending) || hasStatus(report, model.StatusUnreadable)
}

// inTrouble reports whether a run didn't end as runs should.
func inTrouble(report *model.Report) bool {
	return slices.ContainsFunc([]model.Status{model.StatusErrored, model.StatusPolicyFailed, model.StatusCanceled, model.StatusDiscarded},
		func(s model.Status) bool { return hasStatus(report, s) })
}

// inWords is a text without its styles, for where there are none.
func inWords(t render.Text) string {
	var b strings.Builder
	for _, span := range t {
		b.WriteString(render.Visible(span.Text))
	}
	return b.String()
}
