package github_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/strandline-tf/strandline/internal/standin/github"
)

func TestLockedConversation(t *testing.T) {
	w := newWorld(t)
	w.repo.AddIssue(github.Issue{Title: "one"})
	w.repo.Lock(1)
	const on = repo + "/issues/1/comments"
	for _, token := range []string{actions, stranger} {
		if got := w.want(403, token, "POST", on, `{"body":"x"}`).get("message"); got != "Unable to create comment because issue is locked." {
			t.Errorf("%v", got)
		}
	}
	w.want(201, person, "POST", on, `{"body":"x"}`)
	if got := w.want(200, actions, "PATCH", repo+"/issues/1", `{"body":"edited"}`).get("locked"); got != true {
		t.Errorf("locked %v", got)
	}
}

func TestDisabledIssues(t *testing.T) {
	w := newWorld(t)
	w.repo.AddIssue(github.Issue{Title: "one"})
	w.repo.PullRequest(github.PR{Title: "two"})
	w.repo.DisableIssues()
	w.want(410, actions, "POST", repo+"/issues", `{"title":"x"}`)
	w.want(410, actions, "GET", repo+"/issues/1", "")
	w.want(410, actions, "PATCH", repo+"/issues/1", `{"title":"x"}`)
	w.want(200, actions, "GET", repo+"/issues/2", "") // a pull request
	if list := w.want(200, actions, "GET", repo+"/issues", "").list(t); len(list) != 1 || list[0]["title"] != "two" {
		t.Errorf("%v", list)
	}
	if got := w.want(200, actions, "GET", repo, "").get("has_issues"); got != false {
		t.Errorf("has_issues %v", got)
	}
}

func TestDeletedAndTransferredIssues(t *testing.T) {
	w := newWorld(t)
	w.repo.AddIssue(github.Issue{Title: "one"})
	w.repo.AddIssue(github.Issue{Title: "two"})
	other := w.s.Repo("acme/other")
	other.AddIssue(github.Issue{Title: "theirs"})
	w.repo.DeleteIssue(1)
	w.repo.TransferIssue(2, other)
	if got := w.want(410, actions, "GET", repo+"/issues/1", "").get("message"); got != "This issue was deleted" {
		t.Errorf("%v", got)
	}
	// The client follows the redirect: a GET to the issue, a PATCH likewise as a GET.
	for _, method := range []string{"GET", "PATCH"} {
		r := w.want(200, actions, method, repo+"/issues/2", "")
		if r.get("number") != 2.0 || !strings.HasSuffix(r.get("repository_url").(string), "/repos/acme/other") {
			t.Errorf("%s: %s", method, r.Body)
		}
	}
	if list := w.want(200, actions, "GET", repo+"/issues?state=all", "").list(t); len(list) != 0 {
		t.Errorf("%v", list)
	}
	if got := w.repo.Issues(); len(got) != 0 || len(w.repo.PullRequests()) != 0 {
		t.Errorf("%v", got)
	}
	if got := w.repo.AddIssue(github.Issue{Title: "three"}); got != 3 {
		t.Errorf("number %d was given again", got)
	}
}

func TestAssignees(t *testing.T) {
	w := newWorld(t)
	w.want(204, actions, "GET", repo+"/assignees/ann", "")
	w.want(404, actions, "GET", repo+"/assignees/nobody", "")
	w.want(404, actions, "GET", repo+"/assignees/github-actions%5Bbot%5D", "")
}

func TestTitleTooLong(t *testing.T) {
	w := newWorld(t)
	w.want(201, actions, "POST", repo+"/issues", `{"title":"`+strings.Repeat("ü", 256)+`"}`)
	w.want(422, actions, "POST", repo+"/issues", `{"title":"`+strings.Repeat("ü", 257)+`"}`)
}

func TestMerge(t *testing.T) {
	w := newWorld(t)
	w.repo.Commit("main", "Begin", map[string]string{"a": "1", "b": "1"})
	pr := w.repo.PullRequest(github.PR{Files: map[string]string{"a": "2"}})
	w.repo.Commit("main", "On", map[string]string{"b": "2"})
	w.repo.Pull(pr.Number).Merge()
	for path, want := range map[string]string{"a": "2", "b": "2"} {
		if got, _ := w.repo.File("main", path); got != want {
			t.Errorf("%s is %q", path, got)
		}
	}
	if r := w.want(http.StatusOK, actions, "GET", repo+"/pulls/1", ""); r.get("merged") != true || r.get("merged_at") == nil || r.get("state") != "closed" {
		t.Errorf("%s", r.Body)
	}
	if got := w.repo.Issue(1); got.State != "closed" {
		t.Errorf("%+v", got)
	}
}
