package github_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/strandline-tf/strandline/internal/standin/github"
)

const sha = "4f2c00000000000000000000000000000000dead"

func TestPullRequestOfAFork(t *testing.T) {
	w := newWorld(t)
	pr := w.repo.PullRequest(github.PR{Branch: "fix", Fork: "mallory", Head: sha, Labels: []string{"ok"}})
	w.repo.PullRequest(github.PR{Branch: "fix"})
	r := w.want(200, actions, "GET", repo+"/pulls/1", "")
	for path, want := range map[string]any{
		"head.sha": sha, "head.ref": "fix", "head.label": "mallory:fix", "head.repo.full_name": "mallory/net",
		"base.ref": "main", "base.repo.full_name": "acme/net", "user.login": "mallory", "state": "open",
	} {
		if got := r.get(path); got != want {
			t.Errorf("%s is %v, want %v", path, got, want)
		}
	}
	if r.get("merge_commit_sha") == sha {
		t.Error("the merge commit is the head")
	}
	for query, want := range map[string]string{
		"head=mallory:fix": "1", "head=acme:fix": "2", "head=fix": "2 1", "state=closed": "", "base=other": "",
		"direction=asc": "1 2",
	} {
		var got []string
		for _, p := range w.want(200, actions, "GET", repo+"/pulls?"+query, "").list(t) {
			got = append(got, fmt.Sprint(p["number"]))
		}
		if strings.Join(got, " ") != want {
			t.Errorf("?%s: %v, want %q", query, got, want)
		}
	}
	pushed := pr.Push("", map[string]string{"a.tf": "x\n"})
	if got := w.want(200, actions, "GET", repo+"/pulls/1", "").get("head.sha"); got != pushed || pr.Head() != pushed || pushed == sha {
		t.Errorf("head %v after a push of %s", got, pushed)
	}
	own := w.repo.PullRequest(github.PR{Branch: "own"}).Head()
	for commit, want := range map[string]int{pushed: 0, own: 1} {
		if n := len(w.want(200, actions, "GET", repo+"/commits/"+commit+"/pulls", "").list(t)); n != want {
			t.Errorf("%d pull requests of commit %s, want %d", n, commit, want)
		}
	}
}

func TestPullRequestIsOpenedAndEdited(t *testing.T) {
	w := newWorld(t)
	w.repo.Commit("adopt", "Import", map[string]string{"imports.tf": "import {}\n"})
	const body = `{"title":"Adopt","head":"adopt","base":"main","body":"b"}`
	r := w.want(201, actions, "POST", repo+"/pulls", body)
	if r.get("changed_files") != 1.0 || r.get("additions") != 1.0 {
		t.Errorf("%s", r.Body)
	}
	again := w.want(422, actions, "POST", repo+"/pulls", body)
	if !strings.Contains(string(again.Body), "A pull request already exists for acme:adopt.") {
		t.Errorf("%s", again.Body)
	}
	w.want(422, actions, "POST", repo+"/pulls", `{"title":"x","head":"none","base":"main"}`)
	w.want(422, actions, "POST", repo+"/pulls", `{"title":"x","head":"main","base":"main"}`)
	if got := w.want(200, actions, "PATCH", repo+"/pulls/1", `{"title":"Adopted","state":"closed"}`); got.get("title") != "Adopted" || got.get("body") != "b" {
		t.Errorf("%s", got.Body)
	}
	w.repo.ForbidActionsPulls()
	if got := w.want(403, actions, "POST", repo+"/pulls", body).get("message"); got != "GitHub Actions is not permitted to create or approve pull requests." {
		t.Errorf("%v", got)
	}
	w.want(201, person, "POST", repo+"/pulls", body)
}

func TestFilesOfAPullRequest(t *testing.T) {
	w := newWorld(t)
	w.repo.Commit("main", "Begin", map[string]string{"a.tf": "one\ntwo\n", "same.tf": "x\n"})
	w.repo.PullRequest(github.PR{Files: map[string]string{"a.tf": "one\nthree\n", "mod/b.tf": "new\n"}})
	files := w.want(200, actions, "GET", repo+"/pulls/1/files", "").list(t)
	if len(files) != 2 {
		t.Fatalf("%v", files)
	}
	a, b := files[0], files[1]
	if a["filename"] != "a.tf" || a["status"] != "modified" || a["additions"] != 1.0 || a["deletions"] != 1.0 ||
		a["patch"] != "@@ -1,2 +1,2 @@\n one\n-two\n+three" {
		t.Errorf("%v", a)
	}
	if b["filename"] != "mod/b.tf" || b["status"] != "added" {
		t.Errorf("%v", b)
	}
}

func TestStatuses(t *testing.T) {
	w := newWorld(t)
	w.repo.PullRequest(github.PR{Head: sha})
	w.repo.AddStatus(sha, github.Status{Context: "atlas/net", State: "pending", TargetURL: "https://app.terraform.io/app/acme/net/runs/run-1"})
	w.want(201, actions, "POST", repo+"/statuses/"+sha, `{"state":"success","context":"atlas/net","description":"ok"}`)
	for i := range 120 {
		w.repo.AddStatus(sha, github.Status{Context: fmt.Sprintf("ci/%03d", i), State: "success"})
	}
	if n := len(w.want(200, actions, "GET", repo+"/commits/"+sha+"/statuses?per_page=100&page=2", "").list(t)); n != 22 {
		t.Errorf("%d on the second page of statuses", n)
	}
	all := w.want(200, actions, "GET", repo+"/commits/"+sha+"/status?per_page=100", "")
	if all.get("total_count") != 121.0 || all.get("state") != "success" || len(all.get("statuses").([]any)) != 100 {
		t.Errorf("%v %v", all.get("total_count"), all.get("state"))
	}
	if first := all.get("statuses").([]any)[0].(map[string]any); first["context"] != "atlas/net" || first["state"] != "success" {
		t.Errorf("the latest of a context counts: %v", first)
	}
	if !strings.Contains(all.Header.Get("Link"), `rel="next"`) {
		t.Errorf("Link %q", all.Header.Get("Link"))
	}
	w.repo.AddStatus(sha, github.Status{Context: "x", State: "error"})
	if got := w.want(200, actions, "GET", repo+"/commits/feature/status", "").get("state"); got != "failure" {
		t.Errorf("state of the branch %v", got)
	}
	if got := w.want(200, actions, "GET", repo+"/commits/main/status", "").get("state"); got != "pending" {
		t.Errorf("state without any status %v", got)
	}
	w.want(404, actions, "GET", repo+"/commits/"+strings.Repeat("0", 40)+"/status", "")
	w.want(422, actions, "POST", repo+"/statuses/"+sha, `{"state":"fine"}`)
	w.want(422, actions, "POST", repo+"/statuses/"+strings.Repeat("0", 40), `{"state":"success"}`)
}

func TestCheckRuns(t *testing.T) {
	w := newWorld(t)
	w.repo.PullRequest(github.PR{Head: sha})
	note := `{"path":"a.tf","start_line":1,"end_line":1,"annotation_level":"warning","message":"m"}`
	notes := func(n int) string { return strings.TrimSuffix(strings.Repeat(note+",", n), ",") }
	body := func(n int) string {
		return `{"name":"plan","head_sha":"` + sha + `","output":{"title":"t","summary":"s","annotations":[` + notes(n) + `]}}`
	}
	made := w.want(201, actions, "POST", repo+"/check-runs", body(50))
	if got := w.want(422, actions, "POST", repo+"/check-runs", body(51)).get("message"); got != "Invalid request.\n\nNo more than 50 items are allowed; 51 were supplied." {
		t.Errorf("%v", got)
	}
	one := fmt.Sprintf("%s/check-runs/%.0f", repo, made.get("id"))
	done := w.want(200, actions, "PATCH", one, `{"conclusion":"failure","status":"completed","output":{"summary":"s2","annotations":[`+notes(2)+`]}}`)
	if done.get("status") != "completed" || done.get("completed_at") == nil || done.get("output.annotations_count") != 52.0 || done.get("output.title") != "t" {
		t.Errorf("%s", done.Body)
	}
	if n := len(w.want(200, actions, "GET", one+"/annotations?per_page=100", "").list(t)); n != 52 {
		t.Errorf("%d annotations", n)
	}
	w.want(403, otherApp, "PATCH", one, `{"name":"x"}`)
	w.want(201, actions, "POST", repo+"/check-runs", `{"name":"plan","head_sha":"`+sha+`","status":"in_progress"}`)
	w.repo.AddCheckRun(sha, github.CheckRun{Name: "plan", App: "terraform-cloud", Conclusion: "success", DetailsURL: "https://app.terraform.io/x"})
	for query, want := range map[string]float64{"": 2, "?filter=all": 3, "?filter=latest&status=completed": 1, "?check_name=none": 0, "?app_id=15368": 1} {
		if got := w.want(200, actions, "GET", repo+"/commits/"+sha+"/check-runs"+query, "").get("total_count"); got != want {
			t.Errorf("%q: %v check runs, want %v", query, got, want)
		}
	}
	got := w.repo.CheckRuns(sha)
	if len(got) != 3 || got[0].Updates != 1 || got[0].Conclusion != "failure" || got[0].Summary != "s2" || got[2].Status != "completed" {
		t.Errorf("%+v", got)
	}
}
