package app

import (
	"context"
	"path"
	"strings"

	"github.com/strandline-tf/strandline/internal/config"
	"github.com/strandline-tf/strandline/internal/fetch/tfc"
)

// concerned says where an unmanaged report goes: to the pull request that the
// workflow is about, else to the repository's issue. Of a pull request, changed
// are the files that it changes.
func (p *program) concerned(ctx context.Context, cfg *config.Config) (here *place, changed []string, err error) {
	event, err := readEvent(cfg)
	if err != nil {
		return nil, nil, err
	}
	number := cfg.PullRequest
	if number == 0 {
		number = event.PullRequest
	}
	if here, err = p.repository(cfg); err != nil || number == 0 || here.gh == nil {
		return here, nil, err
	}
	here.pullRequest, here.head, here.fork, here.labels = number, event.HeadSHA, event.Fork, event.Labels
	if cfg.PullRequest != 0 && cfg.PullRequest != event.PullRequest {
		pr, err := p.pullRequest(ctx, here)
		if err != nil {
			return nil, nil, err
		}
		here.head, here.fork, here.labels = pr.HeadSHA, pr.Fork, pr.Labels
	}
	changed, err = here.gh.ChangedFiles(ctx, number)
	return here, changed, err
}

// touches reports whether files of a repository are of workspace w: those in
// the folder that it runs in. One that isn't connected to the repository and
// names no folder could be any.
func touches(w *tfc.Workspace, repository string, files []string) bool {
	if w.Repository != "" && !strings.EqualFold(w.Repository, repository) || w.Repository == "" && w.WorkingDirectory == "" {
		return false
	}
	folder := path.Clean("/" + w.WorkingDirectory)
	for _, f := range files {
		dir := path.Dir(path.Clean("/" + f))
		if dir == folder || strings.HasPrefix(dir+"/", strings.TrimSuffix(folder, "/")+"/") {
			return true
		}
	}
	return false
}
