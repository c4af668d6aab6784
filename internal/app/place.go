package app

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"time"

	"github.com/strandline-tf/strandline/internal/config"
	"github.com/strandline-tf/strandline/internal/fetch/github"
	sinkgithub "github.com/strandline-tf/strandline/internal/sink/github"
	"github.com/strandline-tf/strandline/internal/userfault"
	"github.com/strandline-tf/strandline/internal/wire"
)

// place is what a report is about and where it goes: a repository, a commit
// and, mostly, a pull request. Fields that nothing tells are zero.
type place struct {
	repository  string // OWNER/NAME
	pullRequest int
	head        string // commit in full where GitHub told it, else as given
	fork        bool
	labels      []string
	event       string         // GITHUB_EVENT_NAME
	gh          *github.Client // nil where there is no repository

	pull   github.PullRequest // as it was at pullAt
	pullAt time.Time

	writer *sinkgithub.Poster // see poster
}

// poster returns what writes to the repository, which remembers who we are;
// there must be one.
func (here *place) poster(cfg *config.Config) *sinkgithub.Poster {
	if here.writer == nil {
		here.writer = sinkgithub.NewPoster(here.gh.API(), here.repository, sinkgithub.IsInstallationToken(cfg.GitHub.Token))
	}
	return here.writer
}

// pullFresh is how long what GitHub says of a pull request is taken for its
// present state: for as long as it takes to read the plans of runs that have
// finished, so that this needs no second request.
const pullFresh = 10 * time.Second

// pullRequest returns the pull request as it is now.
func (p *program) pullRequest(ctx context.Context, here *place) (github.PullRequest, error) {
	if !here.pullAt.IsZero() && p.clock.Now().Sub(here.pullAt) < pullFresh {
		return here.pull, nil
	}
	pr, err := here.gh.PullRequest(ctx, here.pullRequest)
	if err == nil {
		here.pull, here.pullAt = pr, p.clock.Now()
	}
	return pr, err
}

// locate finds out where the program runs, from flags and the event that
// started the workflow. GitHub is asked only where those don't tell.
func (p *program) locate(ctx context.Context, cfg *config.Config) (*place, error) {
	if cfg.Post == config.PostAlways && cfg.GitHub.Token == "" {
		return nil, userfault.Usage("set GITHUB_TOKEN", "--post always, but there is no GitHub token")
	}
	here := &place{repository: cfg.Repo, pullRequest: cfg.PullRequest, head: cfg.Commit}
	event, err := readEvent(cfg)
	if err != nil {
		return nil, err
	}
	here.event = event.Name
	here.fork, here.labels = event.Fork, event.Labels
	// --pr may name another pull request than the event's; then what the event
	// says of its own is of no use.
	if here.pullRequest == 0 || here.pullRequest == event.PullRequest {
		here.pullRequest = event.PullRequest
		if here.head == "" {
			here.head = event.HeadSHA
		}
	} else {
		here.fork, here.labels = false, nil
	}
	if here.repository == "" {
		here.repository = event.Repository
	}
	if here.repository == "" || here.pullRequest == 0 && event.HeadOwner == "" { // GitHub can't tell either
		if err := needPullRequest(cfg, here); err != nil || here.repository == "" {
			return here, err
		}
	}
	if len(cfg.Plans)+len(cfg.TerraformCloud.Hosts) == 0 && !here.fork {
		return nil, noToken(cfg.TerraformCloud.Default.Address) // before GitHub is asked for anything
	}
	if here.gh, err = github.New(p.githubHTTP(cfg, cfg.GitHub.Token), cfg.GitHub.APIURL, here.repository); err != nil {
		return nil, err
	}
	if here.pullRequest == 0 && event.HeadOwner != "" {
		pr, found, err := here.gh.PullRequestOf(ctx, event.HeadOwner, event.HeadBranch, event.HeadSHA)
		if err != nil {
			return nil, err
		}
		if found {
			here.pullRequest, here.fork, here.labels = pr.Number, pr.Fork, pr.Labels
		}
	}
	if here.pullRequest != 0 && here.head == "" && (len(cfg.Plans) == 0 || posting(cfg, here)) {
		pr, err := p.pullRequest(ctx, here)
		switch {
		case err == nil:
			here.head, here.fork, here.labels = pr.HeadSHA, pr.Fork, pr.Labels
		case len(cfg.Plans) == 0:
			return nil, err
		default: // the plans can be reported on all the same
			p.log.Warn("the head commit is not known", "why", err)
		}
	}
	if here.head == "" && here.pullRequest == 0 {
		here.head = cfg.GitHub.SHA
	}
	return here, needPullRequest(cfg, here)
}

// needPullRequest refuses to go on where --post always can't be kept.
func needPullRequest(cfg *config.Config, here *place) error {
	if cfg.Post == config.PostAlways && (here.repository == "" || here.pullRequest == 0) {
		return userfault.Usage("name it with --repo OWNER/NAME and --pr N",
			"--post always, but nothing tells which pull request to post to")
	}
	return nil
}

func readEvent(cfg *config.Config) (github.Event, error) {
	// Without a name, the file could be any event's.
	if cfg.GitHub.EventPath == "" || cfg.GitHub.EventName == "" {
		return github.Event{Name: cfg.GitHub.EventName}, nil
	}
	f, err := os.Open(cfg.GitHub.EventPath)
	if err != nil {
		return github.Event{}, userfault.Wrap(err, "GITHUB_EVENT_PATH should name the file that the runner wrote; unset it outside of GitHub Actions",
			"the event file can't be read")
	}
	defer f.Close()
	return github.ReadEvent(cfg.GitHub.EventName, f)
}

// githubHTTP returns the HTTP client for GitHub's API.
func (p *program) githubHTTP(cfg *config.Config, token string) *http.Client {
	header := http.Header{}
	if token != "" {
		header.Set("Authorization", "Bearer "+token)
	}
	var host string
	if u, err := url.Parse(cfg.GitHub.APIURL); err == nil {
		host = wire.HostOf(u)
	}
	return wire.New(wire.Options{
		UserAgent: "strandline/" + version(), Host: host, Header: header, MaxBody: wire.APIBody, Whole: true, Log: p.log, Secrets: p.secrets,
		Now: p.clock.Now, Sleep: p.clock.Sleep,
	})
}

// runURL is the page of the workflow run, where the job summary is.
func runURL(cfg *config.Config) string {
	if cfg.GitHub.RunID == 0 || cfg.GitHub.Repository == "" {
		return ""
	}
	return fmt.Sprintf("%s/%s/actions/runs/%d", cfg.GitHub.ServerURL, cfg.GitHub.Repository, cfg.GitHub.RunID)
}

// posting reports whether a comment is to be written.
func posting(cfg *config.Config, here *place) bool {
	switch cfg.Post {
	case config.PostAlways:
		return true
	case config.PostAuto:
		return cfg.GitHub.Actions && here.gh != nil && here.pullRequest != 0
	}
	return false
}
