package app

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/strandline-tf/strandline/internal/config"
	"github.com/strandline-tf/strandline/internal/model"
	"github.com/strandline-tf/strandline/internal/render"
	"github.com/strandline-tf/strandline/internal/userfault"
)

// matched returns which of the kinds of findings in failOn the report has.
func matched(failOn []string, report *model.Report) []string {
	s := &report.Summary
	found := map[string]bool{
		config.FailChanges:   s.HasChanges(),
		config.FailDestroy:   s.Destroy > 0,
		config.FailReplace:   s.Replace > 0,
		config.FailDrift:     report.HasDrift(),
		config.FailUnmanaged: len(report.Unmanaged) > 0,
		config.FailPolicy:    s.PolicyFailed > 0 || hasStatus(report, model.StatusPolicyFailed),
		config.FailChecks:    s.CheckFailed > 0,
		config.FailErrored:   hasStatus(report, model.StatusErrored),
	}
	var out []string
	for _, kind := range failOn {
		if found[kind] {
			out = append(out, kind)
		}
	}
	return out
}

func hasStatus(report *model.Report, s model.Status) bool {
	return slices.ContainsFunc(report.Workspaces, func(w model.Workspace) bool { return w.Status == s })
}

// verdict returns the exit code of a report, and what the report has to say
// about it: 1 where it is partial, 2 where --fail-on matches and the pull
// request doesn't carry --override-label.
func (p *program) verdict(ctx context.Context, cfg *config.Config, here *place, report *model.Report) (code int, note string) {
	if len(report.Problems) > 0 {
		return userfault.CodeIncomplete, ""
	}
	kinds := matched(cfg.FailOn, report)
	if len(kinds) == 0 {
		return userfault.CodeComplete, ""
	}
	if cfg.OverrideLabel != "" && slices.Contains(p.labels(ctx, here), cfg.OverrideLabel) {
		return userfault.CodeComplete, fmt.Sprintf("fail-on matched (%s), but the pull request carries the label %s: not failed.",
			strings.Join(kinds, ", "), render.Visible(cfg.OverrideLabel))
	}
	return userfault.CodeMatched, ""
}

// labels returns the pull request's labels as they are now: a workflow that
// is run again still has the event, and so the labels, of its first run.
func (p *program) labels(ctx context.Context, here *place) []string {
	if here.gh == nil || here.pullRequest == 0 {
		return here.labels
	}
	pr, err := p.pullRequest(ctx, here)
	if err != nil {
		p.log.Warn("the pull request's labels are taken from the event", "why", err)
		return here.labels
	}
	return pr.Labels
}
