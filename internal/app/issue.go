package app

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"maps"
	"slices"

	"github.com/strandline-tf/strandline/internal/config"
	"github.com/strandline-tf/strandline/internal/history"
	"github.com/strandline-tf/strandline/internal/model"
	"github.com/strandline-tf/strandline/internal/render"
	"github.com/strandline-tf/strandline/internal/render/markdown"
	"github.com/strandline-tf/strandline/internal/sink/github"
)

// blockShare is how much of an issue's room the hidden block may take, the
// rest is the report's: one part of three.
const blockShare = 3

// keepIssues brings the issues up to date and returns the address of the one,
// or of the first of several, that is open or was closed just now.
func (p *program) keepIssues(ctx context.Context, cfg *config.Config, here *place, report *model.Report, known *memory) (string, error) {
	if known == nil {
		return "", nil
	}
	var url string
	var errs []error
	for _, key := range slices.Sorted(maps.Keys(known.issues)) {
		r := known.issues[key]
		if r.report == nil && known.split {
			continue // nothing is known of it this time
		}
		if r.standing == nil && known.split && r.transition.IsClean {
			continue // as most of many workspaces are: none of them costs a request
		}
		result, err := p.keepIssue(ctx, cfg, here, key, known.about(r, report), r)
		errs = append(errs, err)
		if err == nil && result.Outcome != github.Absent {
			p.tellOutcome("issue", result)
		}
		if url == "" {
			url = result.URL
		}
	}
	return url, errors.Join(errs...)
}

func (p *program) keepIssue(ctx context.Context, cfg *config.Config, here *place, key string, report *model.Report, r *remembered) (github.Result, error) {
	issue := github.Issue{Key: key, Run: workflowRun(cfg), Title: render.Title(report), Labels: cfg.Issue.Labels, Open: !r.transition.IsClean}
	for i := range report.Workspaces {
		if w := &report.Workspaces[i]; len(w.Drift)+len(w.Outputs) > 0 {
			issue.Assignees = append(issue.Assignees, w.Assignees...)
		}
	}
	slices.Sort(issue.Assignees)
	issue.Assignees = slices.Compact(issue.Assignees)
	issue.Digest = "0123456789abcdef" // of the length that it will have, for Room
	room := issue.Room(r.standing)
	room -= room % 1024 // so that a marker of another length, a run's number say, leaves out nothing else
	block := r.book.Block(room/blockShare, report.Show)
	body := func(r *model.Report, summaryURL string) string {
		return markdown.Issue(r, render.Options{Budget: room - len(block) - 1, SummaryURL: summaryURL}) + "\n" + block
	}
	// Links into runs change with every run, and nothing else does: what is
	// said is compared without them.
	sum := sha256.Sum256(fmt.Appendf(nil, "%s\n%s\n%q %q", issue.Title, body(unlinked(report), ""), issue.Labels, issue.Assignees))
	issue.Digest = hex.EncodeToString(sum[:])[:len(issue.Digest)]
	issue.Body = body(report, runURL(cfg))
	issue.Comment = markdown.News(report, news(r.transition), render.Options{SummaryURL: runURL(cfg)})
	return here.poster(cfg).KeepIssue(ctx, issue, r.standing)
}

// unlinked returns report without what names this run of the check.
func unlinked(report *model.Report) *model.Report {
	out := *report
	out.Workspaces = slices.Clone(report.Workspaces)
	for i := range out.Workspaces {
		out.Workspaces[i].RunID, out.Workspaces[i].RunURL = "", ""
	}
	return &out
}

// news puts a transition into the words of a notification.
func news(t history.Transition) markdown.Transition {
	findings := func(list []history.Finding) []markdown.Finding {
		var out []markdown.Finding
		for _, f := range list {
			name := f.Address
			if f.Kind == history.KindOutput && name != "" {
				name = "output." + name
			}
			out = append(out, markdown.Finding{Workspace: f.Workspace, Name: name})
		}
		return out
	}
	return markdown.Transition{Added: findings(t.New), Resolved: findings(t.Resolved), Carried: t.Carried}
}
