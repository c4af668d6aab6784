package app

import (
	"context"
	"fmt"

	"github.com/strandline-tf/strandline/internal/config"
	"github.com/strandline-tf/strandline/internal/model"
	"github.com/strandline-tf/strandline/internal/render"
	"github.com/strandline-tf/strandline/internal/render/markdown"
	"github.com/strandline-tf/strandline/internal/sink/github"
)

// announcement is what there is to tell a pull request.
type announcement int

const (
	tell    announcement = iota // the report
	correct                     // nothing was found: only a comment of an earlier commit has to say so
	silent                      // nothing that this run may or should write
	partial                     // what is known of an interrupted run: it must not take a report's place
)

// comment brings the pull request's comment up to date and returns its
// address, "" where there is none.
func (p *program) comment(ctx context.Context, cfg *config.Config, here *place, report *model.Report, say announcement) (string, error) {
	if say == silent || !posting(cfg, here) {
		return "", nil
	}
	sum, err := digest(report)
	if err != nil {
		return "", err
	}
	c := github.Comment{PullRequest: here.pullRequest, Key: commentKey(cfg), Head: here.head, Run: workflowRun(cfg), Digest: sum,
		EditOnly: say == correct || say == partial && len(report.Workspaces) == 0, Provisional: say == partial}
	c.Body = markdown.Comment(report, render.Options{Budget: c.Room(), SummaryURL: runURL(cfg)})
	result, err := here.poster(cfg).Upsert(ctx, c, func(ctx context.Context) (string, error) {
		pr, err := p.pullRequest(ctx, here)
		return pr.HeadSHA, err
	})
	if err != nil {
		return "", err
	}
	p.tellOutcome("comment", result)
	return result.URL, nil
}

// tellOutcome says in the log what became of something on GitHub, as a warning
// where there is something to be said about it.
func (p *program) tellOutcome(what string, result github.Result) {
	var about []any
	if result.URL != "" {
		about = append(about, "url", result.URL)
	}
	level := p.log.Info
	if result.Why != "" {
		level, about = p.log.Warn, append(about, "why", result.Why)
	}
	level(what+" "+string(result.Outcome), about...)
}

// workflowRun names the workflow run and its attempt; "" outside of one.
func workflowRun(cfg *config.Config) string {
	if cfg.GitHub.RunID == 0 {
		return ""
	}
	return fmt.Sprintf("%d.%d", cfg.GitHub.RunID, cfg.GitHub.RunAttempt)
}

// commentKey tells the comments of one pull request apart: by command, and by
// --key for several on purpose.
func commentKey(cfg *config.Config) string {
	if cfg.Key == "" {
		return cfg.Command
	}
	return cfg.Command + "/" + cfg.Key
}
