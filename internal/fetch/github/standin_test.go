package github_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/strandline-tf/strandline/internal/fetch/github"
	standin "github.com/strandline-tf/strandline/internal/standin/github"
	"github.com/strandline-tf/strandline/internal/testkit/contract"
)

// reader returns a Client that reads acme/net at the stand-in with a token of
// these permissions.
func reader(t *testing.T, server *standin.Server, permissions map[string]string) *github.Client {
	t.Helper()
	server.Token("ghs_t", standin.Identity{App: standin.ActionsApp, Permissions: permissions})
	served := httptest.NewServer(contract.GitHub(t, server))
	t.Cleanup(served.Close)
	c, err := github.New(&http.Client{Transport: withToken{}}, served.URL, "acme/net")
	if err != nil {
		t.Fatal(err)
	}
	return c
}

type withToken struct{}

func (withToken) RoundTrip(r *http.Request) (*http.Response, error) {
	r = r.Clone(r.Context())
	r.Header.Set("Authorization", "Bearer ghs_t")
	return http.DefaultTransport.RoundTrip(r)
}

func TestStandInTargetsOverPages(t *testing.T) {
	server := standin.New(standin.Options{})
	repo := server.Repo("acme/net")
	var want []string
	for i := range 130 {
		repo.AddStatus(sha, standin.Status{State: "success", Context: fmt.Sprint("c", i), TargetURL: fmt.Sprint("https://app.terraform.io/s/", i)})
		want = append(want, fmt.Sprint("https://app.terraform.io/s/", i))
	}
	for i := range 210 {
		repo.AddCheckRun(sha, standin.CheckRun{Name: fmt.Sprint("r", i), DetailsURL: fmt.Sprint("https://app.terraform.io/c/", i), App: "hcp-terraform"})
		want = append(want, fmt.Sprint("https://app.terraform.io/c/", i))
	}
	repo.AddStatus(strings.Repeat("ab", 20), standin.Status{State: "success", TargetURL: "https://app.terraform.io/other"})
	found, err := reader(t, server, nil).Targets(t.Context(), sha)
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]bool{}
	for _, target := range found.List {
		got[target.URL] = true
	}
	for _, u := range want {
		if !got[u] {
			t.Errorf("%s is missing", u)
		}
	}
	if len(found.List) != len(want) || len(server.Requests()) != 2+3 {
		t.Errorf("%d targets in %d requests, want %d in 5", len(found.List), len(server.Requests()), len(want))
	}
}

func TestStandInPermissions(t *testing.T) {
	server := standin.New(standin.Options{})
	repo := server.Repo("acme/net")
	repo.Private()
	repo.AddStatus(sha, standin.Status{State: "success", TargetURL: "https://app.terraform.io/s"})
	repo.AddCheckRun(sha, standin.CheckRun{Name: "c", DetailsURL: "https://app.terraform.io/c"})
	for _, tt := range []struct {
		may    map[string]string
		target string
		note   string
	}{
		{map[string]string{"statuses": "read"}, "https://app.terraform.io/s", "checks: read"},
		{map[string]string{"checks": "read"}, "https://app.terraform.io/c", "statuses: read"},
	} {
		found, err := reader(t, server, tt.may).Targets(t.Context(), sha)
		if err != nil {
			t.Fatal(err)
		}
		if len(found.List) != 1 || found.List[0].URL != tt.target || len(found.Notes) != 1 || !strings.Contains(found.Notes[0], tt.note) {
			t.Errorf("with %v: %+v", tt.may, found)
		}
	}
	if found, err := reader(t, server, map[string]string{}).Targets(t.Context(), sha); err == nil {
		t.Errorf("with no permission: %+v, want an error", found)
	}
}

func TestStandInPullRequests(t *testing.T) {
	server := standin.New(standin.Options{})
	repo := server.Repo("acme/net")
	own := repo.PullRequest(standin.PR{Branch: "feature", Labels: []string{"infra"}})
	fork := repo.PullRequest(standin.PR{Branch: "feature", Fork: "mallory"})
	c := reader(t, server, nil)

	got, err := c.PullRequest(t.Context(), own.Number)
	if err != nil {
		t.Fatal(err)
	}
	want := github.PullRequest{Number: own.Number, HeadSHA: own.Head(), HeadRef: "feature", HeadRepo: "acme/net", BaseRepo: "acme/net",
		Labels: []string{"infra"}, State: "open", URL: fmt.Sprintf("https://github.com/acme/net/pull/%d", own.Number)}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	got, found, err := c.PullRequestOf(t.Context(), "mallory", "feature", fork.Head())
	if err != nil || !found || got.Number != fork.Number || !got.Fork || got.HeadSHA != fork.Head() {
		t.Errorf("of the fork's branch: %+v, %v, %v; want #%d", got, found, err, fork.Number)
	}
	if got, found, err := c.PullRequestOf(t.Context(), "eve", "feature", fork.Head()); err != nil || found {
		t.Errorf("of nobody's branch: %+v, %v", got, err)
	}
}
