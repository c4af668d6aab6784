package app

import (
	"path"
	"slices"

	"github.com/strandline-tf/strandline/internal/config"
	"github.com/strandline-tf/strandline/internal/fetch/github"
	"github.com/strandline-tf/strandline/internal/model"
	"github.com/strandline-tf/strandline/internal/userfault"
)

// repository is locate for what is about a repository rather than one of its
// pull requests: a schedule's report. It contacts nobody.
func (p *program) repository(cfg *config.Config) (*place, error) {
	here := &place{repository: cfg.Repo, event: cfg.GitHub.EventName}
	if cfg.Post == config.PostAlways {
		switch {
		case cfg.GitHub.Token == "":
			return nil, userfault.Usage("set GITHUB_TOKEN", "--post always, but there is no GitHub token")
		case here.repository == "":
			return nil, userfault.Usage("name it with --repo OWNER/NAME", "--post always, but nothing tells which repository to post to")
		}
	}
	if here.repository == "" {
		return here, nil
	}
	if cfg.Post == config.PostAuto && cfg.GitHub.Actions && cfg.GitHub.Token == "" {
		p.log.Warn("nothing is posted: there is no GitHub token", "hint", "set GITHUB_TOKEN, or the input github-token")
	}
	var err error
	here.gh, err = github.New(p.githubHTTP(cfg, cfg.GitHub.Token), cfg.GitHub.APIURL, here.repository)
	return here, err
}

// keeping reports whether issues and pull requests of the program's own are
// looked at and kept.
func keeping(cfg *config.Config, here *place) bool {
	switch cfg.Post {
	case config.PostAlways:
		return true
	case config.PostAuto:
		return cfg.GitHub.Actions && here.gh != nil && cfg.GitHub.Token != ""
	}
	return false
}

// own says whom the configuration names for w, which has these tags in
// Terraform Cloud.
func own(cfg *config.Config, w *model.Workspace, tags []string) {
	for _, o := range cfg.Issue.Owners {
		var values []string
		switch o.By {
		case "project":
			values = nonEmpty(w.Project)
		case "tag":
			values = tags
		default:
			values = []string{w.Name}
		}
		if slices.ContainsFunc(values, func(v string) bool { ok, _ := path.Match(o.Pattern, v); return ok }) {
			w.Owners, w.Assignees = append(w.Owners, o.Mention...), append(w.Assignees, o.Assign...)
		}
	}
	for _, list := range []*[]string{&w.Owners, &w.Assignees} {
		slices.Sort(*list)
		*list = slices.Compact(*list)
	}
}
