package app

import (
	"context"
	"strings"

	"github.com/strandline-tf/strandline/internal/config"
	"github.com/strandline-tf/strandline/internal/model"
)

// prLabel is a label of a pull request, and when it holds.
type prLabel struct {
	name  string
	holds func(*model.Report) bool
}

// labelNoChanges is what can't be said before all is known.
const labelNoChanges = "terraform:no-changes"

// prLabels is the closed list of the labels that --pr-labels keeps in step.
// All others are somebody else's.
func prLabels() []prLabel {
	return []prLabel{
		{"terraform:errored", func(r *model.Report) bool { return hasStatus(r, model.StatusErrored) }},
		{"terraform:destroy", func(r *model.Report) bool { return r.Summary.Destroy > 0 }},
		{"terraform:replace", func(r *model.Report) bool { return r.Summary.Replace > 0 }},
		{"terraform:policy-failed", func(r *model.Report) bool {
			return r.Summary.PolicyFailed > 0 || hasStatus(r, model.StatusPolicyFailed)
		}},
		{"terraform:drift", func(r *model.Report) bool { return r.Summary.Drift > 0 }},
		{"terraform:changes", func(r *model.Report) bool { return r.Summary.HasChanges() }},
		{labelNoChanges, func(r *model.Report) bool {
			return len(r.Workspaces) > 0 && !r.Summary.HasChanges() && isKnown(r)
		}},
	}
}

// isKnown reports whether it is known of every workspace what would change.
func isKnown(r *model.Report) bool {
	return !isPartial(r) && !hasStatus(r, model.StatusErrored) && !hasStatus(r, model.StatusCanceled)
}

// labelsOf returns which of the labels a report asks for, and which it takes
// back: while something isn't known, no warning is.
func labelsOf(report *model.Report) (wanted, unwanted []string) {
	known := isKnown(report)
	for _, l := range prLabels() {
		switch {
		case l.holds(report):
			wanted = append(wanted, l.name)
		case known, l.name == labelNoChanges:
			unwanted = append(unwanted, l.name)
		}
	}
	return wanted, unwanted
}

// keepLabels brings the pull request's labels in step with the report, where
// that is of its present head.
func (p *program) keepLabels(ctx context.Context, cfg *config.Config, here *place, report *model.Report, say announcement) error {
	if !cfg.PRLabels || say == silent || !posting(cfg, here) {
		return nil
	}
	pr, err := p.pullRequest(ctx, here)
	if err != nil {
		return err
	}
	if !strings.HasPrefix(pr.HeadSHA, strings.ToLower(here.head)) {
		p.log.Info("labels stale", "why", "the head of the pull request is "+pr.HeadSHA+" by now, this report is of "+here.head)
		return nil
	}
	wanted, unwanted := labelsOf(report)
	result, err := here.poster(cfg).Labels(ctx, here.pullRequest, pr.Labels, wanted, unwanted)
	if err == nil {
		p.tellOutcome("labels", result)
	}
	return err
}
