package app

import (
	"context"
	"maps"
	"slices"

	"github.com/strandline-tf/strandline/internal/config"
	"github.com/strandline-tf/strandline/internal/fetch/checkout"
	fetchgithub "github.com/strandline-tf/strandline/internal/fetch/github"
	"github.com/strandline-tf/strandline/internal/model"
	"github.com/strandline-tf/strandline/internal/propose"
	"github.com/strandline-tf/strandline/internal/render"
	"github.com/strandline-tf/strandline/internal/render/markdown"
	"github.com/strandline-tf/strandline/internal/sink/github"
)

// configuration is the checkout that advice is about.
type configuration struct {
	files *checkout.Tree
	tree  *propose.Tree
}

// accepts are all the changes to the configuration by which it would agree with
// what is there, as one pull request; nil where none is asked for.
func accepts(cfg *config.Config, report *model.Report, c *configuration) *github.PullRequest {
	if !cfg.OpenPR || c == nil {
		return nil
	}
	all := make([]*model.Workspace, len(report.Workspaces))
	for i := range report.Workspaces {
		w := &report.Workspaces[i]
		if all[i] = w; !w.Checked && len(w.Drift) > 0 {
			return nil // the pull request may hold what can't be proposed again this time
		}
	}
	accepted := propose.Accept(all, c.tree)
	key := issueKey(cfg, report.Kind)
	pr := &github.PullRequest{
		Key: key, Run: workflowRun(cfg), Branch: "strandline/" + key,
		Title:   "Accept drift: make the configuration agree with what is there",
		Message: "Accept drift\n\nMake the configuration agree with what changed outside Terraform.",
		Closing: "Nothing is left to accept: the drift is gone, or the configuration agrees with it.",
	}
	for _, path := range slices.Sorted(maps.Keys(accepted.Files)) {
		pr.Files = append(pr.Files, github.File{Path: path, Was: c.files.Files[path], Content: accepted.Files[path]})
	}
	var done []markdown.Finding
	for _, d := range accepted.Done {
		done = append(done, markdown.Finding{Workspace: d.Workspace, Name: d.Address})
	}
	var left []markdown.Left
	for _, l := range accepted.Left {
		left = append(left, markdown.Left{Finding: markdown.Finding{Workspace: l.Workspace, Name: l.Address}, Why: l.Why})
	}
	pr.Body = markdown.Pull("These resources were changed outside Terraform. This pull request takes the changes over into the configuration, "+
		"so that the next apply leaves them as they are. Close it to have the next apply put them back.", done, left, render.Options{Budget: pr.Room()})
	return pr
}

// keepPull opens the pull request, brings it up to date or closes it, with the
// token for pull requests: those opened with a workflow's own token start no
// workflows.
func (p *program) keepPull(ctx context.Context, cfg *config.Config, here *place, pr *github.PullRequest) error {
	if pr == nil || !keeping(cfg, here) {
		return nil
	}
	client, err := fetchgithub.New(p.githubHTTP(cfg, cfg.GitHub.PRToken), cfg.GitHub.APIURL, here.repository)
	if err != nil {
		return err
	}
	poster := github.NewPoster(client.API(), here.repository, github.IsInstallationToken(cfg.GitHub.PRToken))
	result, err := poster.KeepPullRequest(ctx, *pr)
	if err == nil {
		p.tellOutcome("pull request", result)
	}
	return err
}
