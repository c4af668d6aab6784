package github_test

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/strandline-tf/strandline/internal/standin/github"
)

const repo = "/repos/acme/net"

func TestIssueLivesThroughCloseAndReopen(t *testing.T) {
	w := newWorld(t)
	w.s.User("bob")
	made := w.want(201, actions, "POST", repo+"/issues", `{"title":"Drift","body":"a","labels":["drift"],"assignees":["bob"]}`)
	if made.get("user.login") != "github-actions[bot]" || made.get("assignee.login") != "bob" {
		t.Errorf("%s", made.Body)
	}
	closed := w.want(200, actions, "PATCH", repo+"/issues/1", `{"state":"closed","state_reason":"not_planned"}`)
	if closed.get("state") != "closed" || closed.get("state_reason") != "not_planned" || closed.get("closed_at") == nil {
		t.Errorf("%s", closed.Body)
	}
	opened := w.want(200, actions, "PATCH", repo+"/issues/1", `{"state":"open","body":"b","labels":["x"]}`)
	if opened.get("state_reason") != "reopened" || opened.get("closed_at") != nil || opened.get("body") != "b" {
		t.Errorf("%s", opened.Body)
	}
	got := w.repo.Issues()
	if len(got) != 1 || got[0].Edits != 2 || !slices.Equal(got[0].Labels, []string{"x"}) || got[0].Assignees[0] != "bob" || got[0].Title != "Drift" {
		t.Errorf("%+v", got)
	}
	w.want(422, actions, "POST", repo+"/issues", `{"title":""}`)
	w.want(422, actions, "POST", repo+"/issues", `{"title":"x","assignees":["nobody"]}`)
	w.want(422, actions, "PATCH", repo+"/issues/1", `{"state":"half"}`)
	w.want(404, actions, "GET", repo+"/issues/2", "")
}

func TestIssueFilters(t *testing.T) {
	w := newWorld(t)
	w.s.User("bob")
	w.repo.AddIssue(github.Issue{Title: "one", Labels: []string{"a", "b"}, Author: "bob"})
	w.repo.AddIssue(github.Issue{Title: "two", State: "closed"})
	w.repo.PullRequest(github.PR{Title: "three", Labels: []string{"a"}})
	w.time.t = w.time.t.Add(time.Hour)
	w.repo.AddIssue(github.Issue{Title: "four", Assignees: []string{"bob"}})
	for query, want := range map[string]string{
		"":                              "four three one", // pull requests are issues too
		"state=all":                     "four three two one",
		"state=closed":                  "two",
		"labels=a":                      "three one",
		"labels=a,b":                    "one",
		"creator=bob":                   "one",
		"assignee=bob":                  "four",
		"assignee=none":                 "three one",
		"assignee=*":                    "four",
		"direction=asc":                 "one three four",
		"since=2026-01-02T04:00:00Z":    "four",
		"per_page=1&page=2":             "three",
		"sort=updated&direction=asc":    "one three four",
		"sort=comments&state=all":       "four three two one",
		"labels=absent":                 "",
		"state=all&labels=a&page=5":     "",
		"creator=github-actions%5Bbot]": "",
	} {
		var titles []string
		for _, i := range w.want(200, actions, "GET", repo+"/issues?"+query, "").list(t) {
			titles = append(titles, i["title"].(string))
			if _, isPull := i["pull_request"]; isPull != (i["title"] == "three") {
				t.Errorf("pull_request of %v: %v", i["title"], isPull)
			}
		}
		if got := strings.Join(titles, " "); got != want {
			t.Errorf("?%s: %q, want %q", query, got, want)
		}
	}
}

func TestLabels(t *testing.T) {
	w := newWorld(t)
	w.repo.PullRequest(github.PR{})
	const on = repo + "/issues/1/labels"
	has := func(want ...string) {
		t.Helper()
		if got := w.repo.Labels(1); !slices.Equal(got, want) {
			t.Errorf("labels %v, want %v", got, want)
		}
	}
	w.want(200, actions, "POST", on, `{"labels":["terraform:destroy","b"]}`)
	w.want(200, actions, "POST", on, `{"labels":["B"]}`) // names know no case
	has("terraform:destroy", "b")
	if n := len(w.want(200, actions, "GET", on, "").list(t)); n != 2 {
		t.Errorf("%d listed", n)
	}
	w.want(200, actions, "DELETE", on+"/terraform%3Adestroy", "")
	has("b")
	if got := w.want(404, actions, "DELETE", on+"/gone", "").get("message"); got != "Label does not exist" {
		t.Errorf("%v", got)
	}
	w.want(200, actions, "PUT", on, `{"labels":["c","d"]}`)
	has("c", "d")
	w.want(204, actions, "DELETE", on, "")
	has()

	w.want(201, actions, "POST", repo+"/labels", `{"name":"new","color":"ff0000","description":"x"}`)
	w.want(422, actions, "POST", repo+"/labels", `{"name":"NEW"}`)
	if got := w.want(200, actions, "PATCH", repo+"/labels/new", `{"new_name":"newer"}`).get("color"); got != "ff0000" {
		t.Errorf("color %v", got)
	}
	w.want(200, actions, "GET", repo+"/labels/newer", "")
	w.want(204, actions, "DELETE", repo+"/labels/newer", "")
	w.want(404, actions, "GET", repo+"/labels/newer", "")
	if n := len(w.want(200, actions, "GET", repo+"/labels", "").list(t)); n != 4 {
		t.Errorf("%d labels in the repository", n)
	}
}

func TestLimits(t *testing.T) {
	w := newWorld(t)
	w.repo.PullRequest(github.PR{})
	w.s.LimitWrites(&github.SecondaryLimit{After: 1, Times: 2, Status: 429, RetryAfter: 3 * time.Second})
	const note = `{"body":"x"}`
	var got []int
	for range 4 {
		r := w.do(actions, "POST", comments, note)
		got = append(got, r.Status)
		if r.Status == 429 && r.Header.Get("Retry-After") != "3" {
			t.Errorf("Retry-After %q", r.Header.Get("Retry-After"))
		}
		w.want(200, actions, "GET", comments, "") // reads go on
	}
	if !slices.Equal(got, []int{201, 429, 429, 201}) {
		t.Errorf("%v", got)
	}

	w.s.LimitRate(1, w.time.t.Add(time.Minute))
	w.want(200, actions, "GET", repo, "")
	r := w.want(403, actions, "GET", repo, "")
	if r.Header.Get("X-RateLimit-Remaining") != "0" || r.Header.Get("X-RateLimit-Reset") != fmt.Sprint(w.time.t.Add(time.Minute).Unix()) {
		t.Errorf("%v", r.Header)
	}
	if got := w.want(200, actions, "GET", "/rate_limit", "").get("resources.core.remaining"); got != 0.0 {
		t.Errorf("remaining %v", got)
	}
	w.time.t = w.time.t.Add(time.Minute)
	w.want(200, actions, "GET", repo, "")
}

func TestNotModified(t *testing.T) {
	w := newWorld(t)
	w.repo.PullRequest(github.PR{})
	ask := func(etag string) *http.Response {
		req, _ := http.NewRequest("GET", w.api.URL+repo+"/pulls/1", nil)
		req.Header.Set("If-None-Match", etag)
		resp, err := http.DefaultClient.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		resp.Body.Close()
		return resp
	}
	first := ask("")
	again := ask(first.Header.Get("ETag"))
	if again.StatusCode != 304 || again.Header.Get("X-RateLimit-Used") != first.Header.Get("X-RateLimit-Used") {
		t.Errorf("%d %v", again.StatusCode, again.Header)
	}
	w.repo.AddComment(1, "ann", "x")
	if got := ask(first.Header.Get("ETag")).StatusCode; got != 200 {
		t.Errorf("changed, and yet %d", got)
	}
}

func TestRequestsAndFail(t *testing.T) {
	w := newWorld(t)
	w.repo.PullRequest(github.PR{})
	w.s.Fail(func(r *http.Request) (int, string, bool) {
		return 502, `{"message":"Bad Gateway"}`, r.Method == http.MethodPost
	})
	w.want(200, actions, "GET", comments+"?per_page=5", "")
	if r := w.want(502, actions, "POST", comments, `{"body":"x"}`); r.get("message") != "Bad Gateway" {
		t.Errorf("%s", r.Body)
	}
	want := []github.Request{{Method: "GET", Path: comments, Query: "per_page=5", Status: 200}, {Method: "POST", Path: comments, Status: 502}}
	if got := w.s.Requests(); !slices.Equal(got, want) {
		t.Errorf("%+v", got)
	}
	if got := w.s.Writes(); len(got) != 1 || len(w.repo.Comments(1)) != 0 {
		t.Errorf("%+v", got)
	}
	w.s.ResetRequests()
	if len(w.s.Requests()) != 0 {
		t.Error("requests were not forgotten")
	}
}
