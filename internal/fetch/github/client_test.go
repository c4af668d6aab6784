package github_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/strandline-tf/strandline/internal/fetch/github"
	"github.com/strandline-tf/strandline/internal/userfault"
)

const sha = "4f2c0a9d1e8b7c6a5f4e3d2c1b0a99887766554d"

// answers is a server of canned answers, by path (with the query where a test
// tells pages apart); each "STATUS BODY". It counts the requests.
type answers struct {
	*github.Client
	requests []string
}

func serve(t *testing.T, header http.Header, canned map[string]string) *answers {
	t.Helper()
	a := &answers{}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		a.requests = append(a.requests, r.Method+" "+r.URL.RequestURI())
		answer, ok := canned[r.URL.RequestURI()]
		if !ok {
			answer, ok = canned[r.URL.Path]
		}
		if !ok {
			answer = `404 {"message":"Not Found"}`
		}
		var status int
		if _, err := fmt.Sscan(answer, &status); err != nil {
			t.Errorf("canned answer %q: %v", answer, err)
		}
		for k, v := range header {
			w.Header()[k] = v
		}
		w.WriteHeader(status)
		_, _ = w.Write([]byte(answer[4:]))
	}))
	t.Cleanup(server.Close)
	c, err := github.New(server.Client(), server.URL+"/api/v3", "acme/net")
	if err != nil {
		t.Fatal(err)
	}
	a.Client = c
	return a
}

const (
	statusPath = "/api/v3/repos/acme/net/commits/" + sha + "/status"
	checksPath = "/api/v3/repos/acme/net/commits/" + sha + "/check-runs"
	twoStatus  = `200 {"statuses":[{"context":"Terraform Cloud/acme/net","state":"pending","target_url":"https://app.terraform.io/app/acme/net/runs/run-1","updated_at":"2026-01-02T03:04:05Z"},{"context":"ci","state":"success","target_url":null}]}`
	twoChecks  = `200 {"total_count":2,"check_runs":[{"name":"done","status":"completed","conclusion":"failure","details_url":"https://tfe.example/app/a/b/runs/run-2","started_at":"2026-01-02T03:00:00Z","completed_at":"2026-01-02T03:04:05Z","app":{"slug":"hcp"}},{"name":"busy","status":"in_progress","conclusion":null,"details_url":"https://x.example/","started_at":"2026-01-02T03:00:00Z","completed_at":null,"app":null}]}`
)

func TestTargets(t *testing.T) {
	a := serve(t, nil, map[string]string{statusPath: twoStatus, checksPath: twoChecks})
	got, err := a.Targets(t.Context(), sha)
	if err != nil {
		t.Fatal(err)
	}
	late := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	want := github.Targets{List: []github.Target{
		{URL: "https://app.terraform.io/app/acme/net/runs/run-1", Context: "Terraform Cloud/acme/net", State: "pending", UpdatedAt: late},
		{URL: "https://tfe.example/app/a/b/runs/run-2", Context: "done", State: "failure", App: "hcp", UpdatedAt: late},
		{URL: "https://x.example/", Context: "busy", State: "in_progress", UpdatedAt: late.Add(-4*time.Minute - 5*time.Second)},
	}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]string{"GET " + statusPath + "?per_page=100", "GET " + checksPath + "?per_page=100"}, a.requests); diff != "" {
		t.Error(diff)
	}
}

func TestTargetsWithoutPermission(t *testing.T) {
	const (
		forbidden = `403 {"message":"Resource not accessible by integration"}`
		notFound  = `404 {"message":"Not Found"}`
		limited   = `403 {"message":"You have exceeded a secondary rate limit."}`
	)
	for _, tt := range []struct {
		name, statuses, checks string
		targets                int
		note, hint             string // in the note; in the error's hint
	}{
		{"no checks", twoStatus, forbidden, 1, "checks: read", ""},
		{"no statuses", notFound, twoChecks, 2, "statuses: read", ""},
		{"neither", forbidden, notFound, 0, "", "token"},
		{"bad token", `401 {"message":"Bad credentials"}`, twoChecks, 0, "", "GITHUB_TOKEN"},
		{"rate limit is no lack of permission", twoStatus, limited, 0, "", "rate limit"},
		{"trouble", twoStatus, `502 <html>`, 0, "", "reachable"},
		{"no JSON", `200 <html>`, twoChecks, 0, "", "reachable"},
		{"null", "200 null", "200 null", 0, "", ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got, err := serve(t, nil, map[string]string{statusPath: tt.statuses, checksPath: tt.checks}).Targets(t.Context(), sha)
			if (err != nil) != (tt.hint != "") || !strings.Contains(userfault.Hint(err), tt.hint) {
				t.Fatalf("error %v (hint %q), want hint %q", err, userfault.Hint(err), tt.hint)
			}
			if len(got.List) != tt.targets || (len(got.Notes) == 1) != (tt.note != "") || !strings.Contains(strings.Join(got.Notes, ""), tt.note) {
				t.Errorf("%d targets, notes %q; want %d, note %q", len(got.List), got.Notes, tt.targets, tt.note)
			}
		})
	}
}

func TestPagesWithoutEndAreAnError(t *testing.T) {
	a := serve(t, http.Header{"Link": {`<https://api.github.com/x?page=2>; rel="next"`}}, map[string]string{statusPath: twoStatus})
	if _, err := a.Targets(t.Context(), sha); err == nil || !strings.Contains(err.Error(), "more than") {
		t.Errorf("error %v, want one that says that pages don't end", err)
	}
	if len(a.requests) > 100 {
		t.Errorf("%d requests", len(a.requests))
	}
}

// go-github of itself refuses to go on after an answer that says so.
func TestNoneRemainingIsTheHTTPClientsConcern(t *testing.T) {
	reset := fmt.Sprint(time.Now().Add(time.Hour).Unix())
	a := serve(t, http.Header{"X-Ratelimit-Remaining": {"0"}, "X-Ratelimit-Reset": {reset}},
		map[string]string{statusPath: twoStatus, checksPath: twoChecks})
	if _, err := a.Targets(t.Context(), sha); err != nil {
		t.Error(err)
	}
}

func TestPullRequest(t *testing.T) {
	a := serve(t, nil, map[string]string{
		"/api/v3/repos/acme/net/pulls/7": `200 {"number":7,"state":"open","html_url":"https://github.com/acme/net/pull/7","labels":[{"name":"infra"}],"head":{"ref":"feature","sha":"` + sha + `","repo":{"full_name":"mallory/net"}},"base":{"repo":{"full_name":"acme/net"}}}`,
		"/api/v3/repos/acme/net/pulls/8": `200 {"number":8,"head":{"ref":"feature","sha":"` + sha + `","repo":null},"base":{"repo":{"full_name":"acme/net"}}}`,
		"/api/v3/repos/acme/net/pulls/9": `200 {}`,
	})
	got, err := a.PullRequest(t.Context(), 7)
	if err != nil {
		t.Fatal(err)
	}
	want := github.PullRequest{Number: 7, HeadSHA: sha, HeadRef: "feature", HeadRepo: "mallory/net", BaseRepo: "acme/net",
		Fork: true, Labels: []string{"infra"}, State: "open", URL: "https://github.com/acme/net/pull/7"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if got, err := a.PullRequest(t.Context(), 8); err != nil || !got.Fork {
		t.Errorf("from a deleted fork: %+v, %v", got, err)
	}
	for _, n := range []int{9, 10} {
		if _, err := a.PullRequest(t.Context(), n); err == nil || userfault.Hint(err) == "" || !strings.Contains(err.Error(), fmt.Sprintf("#%d", n)) {
			t.Errorf("pull request %d: error %v, want one that names it, with a hint", n, err)
		}
	}
}

func TestPullRequestOf(t *testing.T) {
	pull := func(n int, state, owner, ref, sha string) string {
		return fmt.Sprintf(`{"number":%d,"state":%q,"head":{"ref":%q,"sha":%q,"user":{"login":%q},"repo":{"full_name":"%s/net"}},"base":{"repo":{"full_name":"acme/net"}}}`, n, state, ref, sha, owner, owner)
	}
	for _, tt := range []struct {
		name  string
		pulls []string
		want  int
	}{
		{"none", nil, 0},
		{"of this commit before younger ones", []string{pull(9, "open", "mallory", "feature", "other"), pull(8, "closed", "mallory", "feature", sha)}, 8},
		{"open before closed", []string{pull(9, "closed", "mallory", "feature", sha), pull(8, "open", "mallory", "feature", sha)}, 8},
		{"the youngest", []string{pull(9, "open", "Mallory", "feature", sha), pull(8, "open", "mallory", "feature", sha)}, 9},
		{"moved on", []string{pull(9, "open", "mallory", "feature", "other")}, 9},
		{"a filter that was left out", []string{pull(9, "open", "eve", "feature", sha), pull(8, "open", "mallory", "other", sha)}, 0},
	} {
		t.Run(tt.name, func(t *testing.T) {
			a := serve(t, nil, map[string]string{"/api/v3/repos/acme/net/pulls": "200 [" + strings.Join(tt.pulls, ",") + "]"})
			got, found, err := a.PullRequestOf(t.Context(), "mallory", "feature", sha)
			if err != nil || found != (tt.want != 0) || got.Number != tt.want {
				t.Errorf("found %v #%d, %v; want #%d", found, got.Number, err, tt.want)
			}
			if len(a.requests) != 1 || !strings.Contains(a.requests[0], "head=mallory%3Afeature") {
				t.Errorf("requests %q", a.requests)
			}
		})
	}
}

func TestNewRefuses(t *testing.T) {
	for _, tt := range [][2]string{
		{"", "acme/net"}, {"api.github.com", "acme/net"}, {"file:///etc", "acme/net"}, {"https://%zz", "acme/net"},
		{"https://api.github.com", ""}, {"https://api.github.com", "acme"}, {"https://api.github.com", "acme/net/x"},
		{"https://api.github.com", "acme/net?x"}, {"https://api.github.com", "../net x"},
	} {
		if _, err := github.New(http.DefaultClient, tt[0], tt[1]); userfault.Code(err) != userfault.CodeUsage || userfault.Hint(err) == "" {
			t.Errorf("New(%q, %q): %v, want a usage error with a hint", tt[0], tt[1], err)
		}
	}
}

func TestCancelled(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := serve(t, nil, nil).Targets(ctx, sha); err == nil || !strings.Contains(err.Error(), "canceled") {
		t.Errorf("error %v, want context canceled", err)
	}
}
