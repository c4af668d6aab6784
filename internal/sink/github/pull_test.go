package github_test

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	gogithub "github.com/google/go-github/v60/github"

	"github.com/strandline-tf/strandline/internal/sink/github"
	standin "github.com/strandline-tf/strandline/internal/standin/github"
)

const ours = "strandline/drift"

// pullWorld is a world whose main has files; its branch is ours.
func pullWorld(t *testing.T) *world {
	w := newWorld(t)
	w.repo.Commit("main", "Begin", map[string]string{"main.tf": "a\n", "net/vpc.tf": "v\n", "net/deep/x.tf": "x\n", "README.md": "r\n"})
	return w
}

// accept is a pull request that brings main.tf and net/vpc.tf in step.
func accept(run string) github.PullRequest {
	return github.PullRequest{Key: "drift", Run: run, Branch: ours, Title: "Accept drift", Body: "accepts 2", Message: "Accept drift", Closing: "nothing left",
		Files: []github.File{
			{Path: "main.tf", Was: []byte("a\n"), Content: []byte("b\n")},
			{Path: "net/vpc.tf", Was: []byte("v\n"), Content: []byte("w\r\nü\n")},
		}}
}

func (c client) propose(pr github.PullRequest) github.Result {
	c.w.t.Helper()
	r, err := c.KeepPullRequest(c.w.t.Context(), pr)
	if err != nil {
		c.w.t.Fatal(err)
	}
	return r
}

// on checks files of a branch: PATH, CONTENT, PATH, CONTENT, …; "-" is no file.
func (w *world) on(branch string, want ...string) {
	w.t.Helper()
	for pair := range slices.Chunk(want, 2) {
		got, exists := w.repo.File(branch, pair[0])
		if !exists {
			got = "-"
		}
		if got != pair[1] {
			w.t.Errorf("%s on %s is %q, want %q", pair[0], branch, got, pair[1])
		}
	}
}

// pulls checks the pull requests beside the world's own: "#NUMBER STATE TITLE".
func (w *world) pulls(want ...string) {
	w.t.Helper()
	var got []string
	for _, n := range w.repo.PullRequests() {
		if i := w.repo.Issue(n); n != w.pr.Number {
			got = append(got, fmt.Sprintf("#%d %s %s", n, i.State, i.Title))
		}
	}
	if !slices.Equal(got, want) {
		w.t.Errorf("pull requests %q, want %q", got, want)
	}
}

func (w *world) hasBranch(want bool) {
	w.t.Helper()
	if slices.Contains(w.repo.Branches(), ours) != want {
		w.t.Errorf("branches %q", w.repo.Branches())
	}
}

// head is the commit of a branch.
func (w *world) head(branch string) *gogithub.RepositoryCommit {
	w.t.Helper()
	api := w.client(personalToken).api
	ref, _, err := api.Git.GetRef(w.t.Context(), "acme", "net", "heads/"+branch)
	if err != nil {
		w.t.Fatal(err)
	}
	c, _, err := api.Repositories.GetCommit(w.t.Context(), "acme", "net", ref.GetObject().GetSHA(), nil)
	if err != nil {
		w.t.Fatal(err)
	}
	return c
}

func (w *world) conflict(r github.Result, why string) {
	w.t.Helper()
	if r.Outcome != github.Conflict || !strings.Contains(r.Why, why) {
		w.t.Errorf("outcome %s (%s), want a conflict about %q", r.Outcome, r.Why, why)
	}
}

func TestPullRequestLives(t *testing.T) {
	w := pullWorld(t)
	us := w.client(workflowToken)
	nothing := accept("1.1")
	nothing.Files = nil
	w.came(us.propose(nothing), github.Absent)

	r := us.propose(accept("1.1"))
	w.came(r, github.Created)
	if !strings.HasSuffix(r.URL, "/pull/2") {
		t.Errorf("URL %s", r.URL)
	}
	w.pulls("#2 open Accept drift")
	w.on(ours, "main.tf", "b\n", "net/vpc.tf", "w\r\nü\n", "README.md", "r\n", "net/deep/x.tf", "x\n")
	first := w.head(ours)
	if len(first.Parents) != 1 || first.Parents[0].GetSHA() != w.head("main").GetSHA() || !strings.HasPrefix(first.GetCommit().GetMessage(), "Accept drift\n\nStrandline-Key: drift\n") {
		t.Errorf("commit %+v", first)
	}

	w.repo.Commit("main", "Elsewhere", map[string]string{"other.tf": "o\n"})
	w.server.ResetRequests()
	w.came(us.propose(accept("2.1")), github.Unchanged)
	if writes := w.server.Writes(); len(writes) > 0 {
		t.Errorf("writes %v", writes)
	}

	more := accept("3.1")
	more.Title, more.Body = "Accept more", "accepts 3"
	more.Files = append(more.Files, github.File{Path: "net/deep/x.tf", Was: []byte("x\n")}, github.File{Path: "new/n.tf", Content: []byte{}},
		github.File{Path: "bin", Content: []byte{0xff, 0}})
	w.came(us.propose(more), github.Edited)
	w.pulls("#2 open Accept more")
	w.on(ours, "main.tf", "b\n", "net/deep/x.tf", "-", "new/n.tf", "", "bin", "\xff\x00", "other.tf", "o\n")
	if c := w.head(ours); len(c.Parents) != 1 || c.Parents[0].GetSHA() != w.head("main").GetSHA() {
		t.Errorf("parents %v", c.Parents)
	}
	if body := w.repo.Issue(2).Body; !strings.Contains(body, "\naccepts 3\n") {
		t.Errorf("body %q", body)
	}

	w.want(us.propose(accept("2.2")), github.Stale)
	nothing.Run = "4.1"
	r = us.propose(nothing)
	w.came(r, github.Closed)
	w.pulls("#2 closed Accept more")
	w.told(2, "nothing left")
	w.hasBranch(false)
	w.came(us.propose(nothing), github.Absent)

	more.Run = "5.1"
	w.came(us.propose(more), github.Created) // the program closed it, not a person
	w.pulls("#2 closed Accept more", "#3 open Accept more")
}

func TestPullRequestMerged(t *testing.T) {
	w := pullWorld(t)
	us := w.client(workflowToken)
	us.propose(accept("1.1"))
	w.repo.Pull(2).Merge()
	w.on("main", "main.tf", "b\n", "net/vpc.tf", "w\r\nü\n")
	w.came(us.propose(accept("2.1")), github.Absent)
	w.hasBranch(false)

	next := accept("3.1")
	next.Files = []github.File{{Path: "main.tf", Was: []byte("b\n"), Content: []byte("c\n")}}
	w.came(us.propose(next), github.Created)
	w.pulls("#2 closed Accept drift", "#3 open Accept drift")
}

func TestPullRequestMergedWithItsBranchLeft(t *testing.T) {
	w := pullWorld(t)
	us := w.client(workflowToken)
	us.propose(accept("1.1"))
	w.repo.Pull(2).Merge()
	next := accept("3.1")
	next.Files = []github.File{{Path: "main.tf", Was: []byte("b\n"), Content: []byte("c\n")}}
	w.came(us.propose(next), github.Created)
	w.on(ours, "main.tf", "c\n", "net/vpc.tf", "w\r\nü\n")
}

func TestPullRequestClosedByAPerson(t *testing.T) {
	w := pullWorld(t)
	us := w.client(workflowToken)
	us.propose(accept("1.1"))
	w.person(2, gogithub.IssueRequest{State: gogithub.String("closed")})
	w.server.ResetRequests()
	w.conflict(us.propose(accept("2.1")), "closed")
	if writes := w.server.Writes(); len(writes) > 0 {
		t.Errorf("writes %v", writes)
	}
	other := accept("3.1")
	other.Files = other.Files[:1]
	w.came(us.propose(other), github.Created)
	w.pulls("#2 closed Accept drift", "#3 open Accept drift")
	w.on(ours, "main.tf", "b\n", "net/vpc.tf", "v\n")
}

func TestPullRequestOfPeople(t *testing.T) {
	other := func(run string) github.PullRequest {
		pr := accept(run)
		pr.Files = pr.Files[:1]
		return pr
	}
	t.Run("text and title", func(t *testing.T) {
		w := pullWorld(t)
		us := w.client(workflowToken)
		us.propose(accept("1.1"))
		w.personWrites(2, func(body string) string { return "Reviewed.\r\n" + body })
		w.person(2, gogithub.IssueRequest{Title: gogithub.String("Mine")})
		pr := accept("2.1")
		pr.Body, pr.Title = "accepts, again", "Accept again"
		w.came(us.propose(pr), github.Edited)
		w.pulls("#2 open Mine")
		if body := w.repo.Issue(2).Body; !strings.HasPrefix(body, "Reviewed.\r\n<!--") || !strings.Contains(body, "\naccepts, again\n") {
			t.Errorf("body %q", body)
		}
	})
	t.Run("commits", func(t *testing.T) {
		w := pullWorld(t)
		us := w.client(workflowToken)
		us.propose(accept("1.1"))
		theirs := w.repo.Commit(ours, "Mine", map[string]string{"mine.tf": "m"})
		w.came(us.propose(accept("2.1")), github.Unchanged) // the same is wanted still
		w.conflict(us.propose(other("3.1")), "pushed")
		if w.head(ours).GetSHA() != theirs {
			t.Error("the commit of a person is gone")
		}
		nothing := accept("4.1")
		nothing.Files = nil
		w.came(us.propose(nothing), github.Closed)
		w.hasBranch(true)
	})
	t.Run("amended", func(t *testing.T) {
		w := pullWorld(t)
		us := w.client(workflowToken)
		us.propose(accept("1.1"))
		message := w.head(ours).GetCommit().GetMessage()
		theirs := w.repo.Commit(ours, message, map[string]string{"main.tf": "mine"})
		w.came(us.propose(accept("2.1")), github.Unchanged)
		w.conflict(us.propose(other("3.1")), "pushed")
		if w.head(ours).GetSHA() != theirs {
			t.Error("the commit of a person is gone")
		}
	})
	t.Run("commits while we work", func(t *testing.T) {
		w := pullWorld(t)
		us := w.client(workflowToken)
		us.propose(accept("1.1"))
		var theirs string
		w.once("POST", "commits", func() { theirs = w.repo.Commit(ours, "Mine", map[string]string{"mine.tf": "m"}) })
		w.conflict(us.propose(other("2.1")), "this moment")
		if w.head(ours).GetSHA() != theirs {
			t.Error("the commit of a person is gone")
		}
	})
	t.Run("a branch of that name", func(t *testing.T) {
		w := pullWorld(t)
		w.repo.Commit(ours, "Mine", map[string]string{"mine.tf": "m"})
		w.conflict(w.client(workflowToken).propose(accept("1.1")), "pushed")
		nothing := accept("1.1")
		nothing.Files = nil
		w.came(w.client(workflowToken).propose(nothing), github.Absent)
		w.hasBranch(true)
	})
	t.Run("a pull request from it", func(t *testing.T) {
		w := pullWorld(t)
		us := w.client(workflowToken)
		us.propose(accept("1.1"))
		body := w.repo.Issue(2).Body
		w.person(2, gogithub.IssueRequest{State: gogithub.String("closed")})
		theirs := &gogithub.NewPullRequest{Title: gogithub.String("Mine"), Head: gogithub.String(ours), Base: gogithub.String("main"), Body: &body}
		if _, _, err := w.client(personalToken).api.PullRequests.Create(t.Context(), "acme", "net", theirs); err != nil {
			t.Fatal(err)
		}
		w.came(us.propose(other("2.1")), github.Edited) // the branch, not the text
		w.pulls("#2 closed Accept drift", "#3 open Mine")
		if w.repo.Issue(3).Body != body {
			t.Error("a person's text was edited")
		}
		nothing := accept("3.1")
		nothing.Files = nil
		us.propose(nothing)
		w.pulls("#2 closed Accept drift", "#3 open Mine")
		w.hasBranch(true)
	})
}

func TestPullRequestNeedsTheBaseItWasMadeFrom(t *testing.T) {
	for name, tt := range map[string]struct {
		file github.File
		why  string
	}{
		"changed":       {github.File{Path: "main.tf", Was: []byte("old"), Content: []byte("b")}, "main.tf is not what"},
		"deleted":       {github.File{Path: "gone.tf", Was: []byte("old"), Content: []byte("b")}, "gone.tf is not there"},
		"made":          {github.File{Path: "main.tf", Content: []byte("b")}, "main.tf is there already"},
		"a folder":      {github.File{Path: "net", Content: []byte("b")}, "net is there already"},
		"below a file":  {github.File{Path: "main.tf/x.tf", Content: []byte("b")}, "main.tf/x.tf is there already"},
		"to be deleted": {github.File{Path: "main.tf", Was: []byte("old")}, "main.tf is not what"},
	} {
		t.Run(name, func(t *testing.T) {
			w := pullWorld(t)
			pr := accept("1.1")
			pr.Files = append(pr.Files, tt.file)
			w.conflict(w.client(workflowToken).propose(pr), tt.why)
			w.pulls()
			w.hasBranch(false)
		})
	}
	t.Run("which has moved since", func(t *testing.T) {
		w := pullWorld(t)
		us := w.client(workflowToken)
		us.propose(accept("1.1"))
		w.repo.Commit("main", "Change", map[string]string{"main.tf": "a2\n"})
		w.conflict(us.propose(accept("2.1")), "main.tf")
		pr := accept("3.1")
		pr.Files[0] = github.File{Path: "main.tf", Was: []byte("a2\n"), Content: []byte("b\n")}
		w.came(us.propose(pr), github.Edited)
		if c := w.head(ours); c.Parents[0].GetSHA() != w.head("main").GetSHA() {
			t.Error("the commit does not stand on the new base")
		}
	})
	t.Run("partly there already", func(t *testing.T) {
		w := pullWorld(t)
		w.repo.Commit("main", "Change", map[string]string{"main.tf": "b\n"})
		w.came(w.client(workflowToken).propose(accept("1.1")), github.Created)
	})
}

func TestExecutableStaysSo(t *testing.T) {
	w := pullWorld(t)
	api := w.client(personalToken).api
	main := w.head("main")
	tree, _, err := api.Git.CreateTree(t.Context(), "acme", "net", main.GetCommit().GetTree().GetSHA(), []*gogithub.TreeEntry{
		{Path: gogithub.String("run.sh"), Mode: gogithub.String("100755"), Type: gogithub.String("blob"), Content: gogithub.String("#!")}})
	if err != nil {
		t.Fatal(err)
	}
	commit, _, err := api.Git.CreateCommit(t.Context(), "acme", "net", &gogithub.Commit{Message: gogithub.String("x"), Tree: tree,
		Parents: []*gogithub.Commit{{SHA: main.SHA}}}, nil)
	if err != nil {
		t.Fatal(err)
	}
	ref := &gogithub.Reference{Ref: gogithub.String("heads/main"), Object: &gogithub.GitObject{SHA: commit.SHA}}
	if _, _, err := api.Git.UpdateRef(t.Context(), "acme", "net", ref, false); err != nil {
		t.Fatal(err)
	}
	pr := accept("1.1")
	pr.Files = append(pr.Files, github.File{Path: "run.sh", Was: []byte("#!"), Content: []byte("#!/bin/sh")})
	w.came(w.client(workflowToken).propose(pr), github.Created)
	made, _, err := api.Git.GetTree(t.Context(), "acme", "net", w.head(ours).GetCommit().GetTree().GetSHA(), false)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range made.Entries {
		if want := map[string]string{"run.sh": "100755", "main.tf": "100644"}[e.GetPath()]; want != "" && e.GetMode() != want {
			t.Errorf("%s has mode %s", e.GetPath(), e.GetMode())
		}
	}
}

func TestPullRequestRefused(t *testing.T) {
	w := pullWorld(t)
	w.repo.ForbidActionsPulls()
	r := w.client(workflowToken).propose(accept("1.1"))
	if r.Outcome != github.Refused || !strings.Contains(r.Why, "pr-token") || !strings.Contains(r.Why, "Settings") || !strings.Contains(r.Why, ours) {
		t.Errorf("%+v", r)
	}
	w.hasBranch(true)
	w.came(w.client(personalToken).propose(accept("2.1")), github.Created) // with the branch that is there
	w.pulls("#2 open Accept drift")

	w = pullWorld(t)
	r = w.client(forkToken).propose(accept("1.1"))
	if r.Outcome != github.Refused || !strings.Contains(r.Why, "contents: write") {
		t.Errorf("%+v", r)
	}
	w.server.Token("ghs_issues", standin.Identity{App: standin.ActionsApp, Permissions: map[string]string{"contents": "write"}})
	if r = w.client("ghs_issues").propose(accept("1.1")); r.Outcome != github.Refused {
		t.Errorf("%+v", r)
	}
}

func TestPullRequestThatCannotBe(t *testing.T) {
	for _, path := range []string{"", ".", "../x.tf", "/etc/x", "a//b", ".git/config", "a/.GIT/hooks/x"} {
		w := pullWorld(t)
		pr := accept("1.1")
		pr.Files = []github.File{{Path: path, Content: []byte("x")}}
		if r, err := w.client(workflowToken).KeepPullRequest(t.Context(), pr); err == nil || len(w.server.Requests()) > 0 {
			t.Errorf("%q: %+v", path, r)
		}
	}
	w := pullWorld(t)
	pr := accept("1.1")
	pr.Base = "release"
	w.conflict(w.client(workflowToken).propose(pr), "no branch release")
	pr.Base, pr.Branch = "main", "main"
	w.conflict(w.client(workflowToken).propose(pr), "main")
}

// Another run makes the branch or the pull request between our look and ours.
func TestConcurrentPullRequests(t *testing.T) {
	for _, at := range []string{"refs", "pulls"} {
		t.Run(at, func(t *testing.T) {
			w := pullWorld(t)
			w.once("POST", at, func() { w.client(workflowToken).propose(accept("1.1")) })
			r := w.client(workflowToken).propose(accept("2.1"))
			if r.Outcome != github.Unchanged || !strings.HasSuffix(r.URL, "/pull/2") {
				t.Errorf("%+v", r)
			}
			w.pulls("#2 open Accept drift")
		})
	}
}

func TestPullRequestLostAnswers(t *testing.T) {
	for _, what := range []string{"trees", "commits", "refs", "pulls"} {
		t.Run(what, func(t *testing.T) {
			w := pullWorld(t)
			failed := false
			w.server.Fail(func(r *http.Request) (int, string, bool) {
				if failed || r.Method != http.MethodPost || kind(r.URL.Path) != what {
					return 0, "", false
				}
				failed = true
				return http.StatusBadGateway, `{"message":"Server Error"}`, true
			})
			w.came(w.client(workflowToken).propose(accept("1.1")), github.Created)
			w.on(ours, "main.tf", "b\n")
			if !failed {
				t.Error("nothing failed")
			}
		})
	}
}
