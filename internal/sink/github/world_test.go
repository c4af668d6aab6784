package github_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	gogithub "github.com/google/go-github/v60/github"

	"github.com/strandline-tf/strandline/internal/sink/github"
	standin "github.com/strandline-tf/strandline/internal/standin/github"
	"github.com/strandline-tf/strandline/internal/testkit/contract"
	"github.com/strandline-tf/strandline/internal/wire"
)

// Tokens of the world, each of another kind.
const (
	workflowToken = "ghs_workflow" // github-actions[bot]
	appToken      = "ghs_app"      // acme-bot[bot]
	personalToken = "ghp_alice"    // alice
	forkToken     = "ghs_fork"     // github-actions[bot], may only read
)

// world is GitHub with one pull request.
type world struct {
	t      *testing.T
	server *standin.Server
	repo   *standin.Repo
	pr     *standin.PullRequest
	url    string
	via    http.RoundTripper // all clients' connections
	waited []time.Duration   // by clients, for rate limits
}

func newWorld(t *testing.T) *world {
	t.Helper()
	return newWorldUntil(t, t.Cleanup)
}

// newWorldUntil makes a world that ends when what is given to cleanup is called.
func newWorldUntil(t *testing.T, cleanup func(func())) *world {
	t.Helper()
	w := &world{t: t, server: standin.New(standin.Options{})}
	w.server.Token(workflowToken, standin.Identity{App: standin.ActionsApp})
	w.server.Token(appToken, standin.Identity{App: "acme-bot"})
	w.server.Token(personalToken, standin.Identity{User: "alice"})
	w.server.Token(forkToken, standin.Identity{App: standin.ActionsApp, ReadOnly: true})
	w.repo = w.server.Repo("acme/net")
	w.pr = w.repo.PullRequest(standin.PR{})
	served := httptest.NewServer(contract.GitHub(t, w.server))
	cleanup(served.Close)
	w.url, w.via = served.URL+"/", served.Client().Transport
	return w
}

// client is one run of the program, with a token.
type client struct {
	w   *world
	api *gogithub.Client
	*github.Poster
}

func (w *world) client(token string) client {
	w.t.Helper()
	base, err := url.Parse(w.url)
	if err != nil {
		w.t.Fatal(err)
	}
	api := gogithub.NewClient(wire.New(wire.Options{
		Transport: w.via, Host: wire.HostOf(base), MaxBody: wire.APIBody, Whole: true, Header: http.Header{"Authorization": {"Bearer " + token}},
		Sleep: func(_ context.Context, d time.Duration) error { w.waited = append(w.waited, d); return nil },
	}))
	api.BaseURL = base
	p := github.NewPoster(api, "acme/net", github.IsInstallationToken(token))
	p.Hurry()
	return client{w, api, p}
}

// head reads the pull request's head, as package fetch/github does.
func (c client) head(ctx context.Context) (string, error) {
	pr, _, err := c.api.PullRequests.Get(ctx, "acme", "net", c.w.pr.Number)
	return pr.GetHead().GetSHA(), err
}

// comment is a report of the current head by a run.
func (w *world) comment(run, digest string) github.Comment {
	return github.Comment{PullRequest: w.pr.Number, Key: "plan", Head: w.pr.Head(), Run: run, Digest: digest,
		Body: "report " + digest}
}

func (c client) upsert(comment github.Comment) github.Result {
	c.w.t.Helper()
	r, err := c.Upsert(c.w.t.Context(), comment, c.head)
	if err != nil {
		c.w.t.Fatal(err)
	}
	return r
}

// want checks an outcome.
func (w *world) want(r github.Result, outcome github.Outcome) {
	w.t.Helper()
	if r.Outcome != outcome {
		w.t.Errorf("outcome %s (%s), want %s", r.Outcome, r.Why, outcome)
	}
	if explained := r.Why != ""; explained != (outcome == github.Stale || outcome == github.Refused) {
		w.t.Errorf("outcome %s has the reason %q", r.Outcome, r.Why)
	}
}

// comments checks who says what: "AUTHOR: LAST LINE".
func (w *world) comments(want ...string) {
	w.t.Helper()
	var got []string
	for _, c := range w.repo.Comments(w.pr.Number) {
		lines := strings.Split(c.Body, "\n")
		got = append(got, c.Author+": "+lines[len(lines)-1])
	}
	if strings.Join(got, "\n") != strings.Join(want, "\n") {
		w.t.Errorf("comments:\n%s\nwant:\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

// requests checks what has been sent since the last call, in short: "GET
// comments", "PATCH comment", "GET pull", "GET user", "POST graphql".
func (w *world) requests(want ...string) {
	w.t.Helper()
	var got []string
	for _, r := range w.server.Requests() {
		got = append(got, r.Method+" "+kind(r.Path))
	}
	if strings.Join(got, ", ") != strings.Join(want, ", ") {
		w.t.Errorf("requests: %s\nwant:     %s", strings.Join(got, ", "), strings.Join(want, ", "))
	}
	w.server.ResetRequests()
}

func kind(path string) string {
	switch {
	case strings.HasSuffix(path, "/comments"):
		return "comments"
	case strings.Contains(path, "/issues/comments/"):
		return "comment"
	case strings.Contains(path, "/pulls/"):
		return "pull"
	case strings.HasSuffix(path, "/issues"):
		return "issues"
	case strings.Contains(path, "/issues/"):
		return "issue"
	case strings.HasSuffix(path, "/pulls"):
		return "pulls"
	case strings.Contains(path, "/git/"):
		_, what, _ := strings.Cut(path, "/git/")
		what, _, _ = strings.Cut(what, "/")
		return what
	}
	return strings.TrimPrefix(path, "/")
}

// once calls do before the first request of a kind is carried out.
func (w *world) once(method, what string, do func()) {
	done := false // requests that do sends come here too
	w.server.Before(func(r *http.Request) {
		if !done && r.Method == method && kind(r.URL.Path) == what {
			done = true
			do()
		}
	})
}

// fail answers all requests of a kind with an error.
func (w *world) fail(method, what string, status int, message string) {
	w.server.Fail(func(r *http.Request) (int, string, bool) {
		return status, `{"message":"` + message + `"}`, r.Method == method && kind(r.URL.Path) == what
	})
}
