package github_test

import (
	"encoding/base64"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	gh "github.com/google/go-github/v60/github"

	"github.com/strandline-tf/strandline/internal/standin/github"
)

// treeOfThree is what git write-tree says of the files a, a.b and d/e, each of
// them "hello\n".
const treeOfThree = "aa282e0e8fa8278a2fd596c07c742e49fb170c58"

// TestObjectNames compares names with git's own.
func TestObjectNames(t *testing.T) {
	w := newWorld(t)
	if got := w.want(201, actions, "POST", repo+"/git/blobs", `{"content":"hello\n"}`).get("sha"); got != "ce013625030ba8dba906f756967f9e9ca394464a" {
		t.Errorf("blob %v", got)
	}
	if got := w.want(200, actions, "GET", repo+"/git/trees/main", "").get("sha"); got != "4b825dc642cb6eb9a060e54bf8d69288fbee4904" {
		t.Errorf("empty tree %v", got)
	}
	w.repo.Commit("main", "x", map[string]string{"a": "hello\n", "a.b": "hello\n", "d/e": "hello\n"})
	if got := w.want(200, actions, "GET", repo+"/git/trees/main", "").get("sha"); got != treeOfThree {
		t.Errorf("tree %v", got)
	}
}

func TestContents(t *testing.T) {
	w := newWorld(t)
	content := strings.Repeat("resource {}\n", 30)
	encoded := base64.StdEncoding.EncodeToString([]byte(content))
	path := repo + "/contents/env/main.tf"
	w.want(404, actions, "GET", path, "")
	w.want(404, actions, "PUT", path, `{"message":"m","content":"","branch":"none"}`)
	made := w.want(201, actions, "PUT", path, `{"message":"m","content":"`+encoded+`"}`)
	got := w.want(200, actions, "GET", path+"?ref=main", "")
	lines := strings.Split(strings.TrimSpace(got.get("content").(string)), "\n")
	back, err := base64.StdEncoding.DecodeString(strings.Join(lines, ""))
	if err != nil || string(back) != content || len(lines) < 2 || len(lines[0]) != 60 {
		t.Errorf("%v %q", err, lines)
	}
	w.want(422, actions, "PUT", path, `{"message":"m","content":""}`)
	w.want(409, actions, "PUT", path, `{"message":"m","content":"","sha":"old"}`)
	w.want(200, actions, "PUT", path, fmt.Sprintf(`{"message":"m","content":"eA==","sha":%q}`, made.get("content.sha")))
	if text, exists := w.repo.File("main", "env/main.tf"); text != "x" || !exists {
		t.Errorf("%q %v", text, exists)
	}
	// The description has no form for the root, whose path is empty.
	root := w.want(200, actions, "GET", w.raw.URL+repo+"/contents/", "").list(t)
	if len(root) != 1 || root[0]["type"] != "dir" || root[0]["path"] != "env" {
		t.Errorf("%v", root)
	}
	inside := w.want(200, actions, "GET", repo+"/contents/env", "").list(t)
	if len(inside) != 1 || inside[0]["type"] != "file" || inside[0]["path"] != "env/main.tf" {
		t.Errorf("%v", inside)
	}
}

func TestBranchIsBuiltOfTreeAndCommit(t *testing.T) {
	w := newWorld(t)
	w.repo.Commit("main", "Begin", map[string]string{"keep.tf": "k", "drop.tf": "d"})
	head := w.want(200, actions, "GET", repo+"/git/ref/heads/main", "").get("object.sha")
	base := w.want(200, actions, "GET", fmt.Sprintf("%s/git/commits/%s", repo, head), "").get("tree.sha")
	tree := w.want(201, actions, "POST", repo+"/git/trees", fmt.Sprintf(
		`{"base_tree":%q,"tree":[{"path":"in/new.tf","mode":"100644","type":"blob","content":"n"},{"path":"drop.tf","mode":"100644","type":"blob","sha":null}]}`, base)).get("sha")
	commit := w.want(201, actions, "POST", repo+"/git/commits", fmt.Sprintf(`{"message":"m","tree":%q,"parents":[%q]}`, tree, head)).get("sha")
	w.want(201, actions, "POST", repo+"/git/refs", fmt.Sprintf(`{"ref":"refs/heads/adopt/one","sha":%q}`, commit))
	w.want(422, actions, "POST", repo+"/git/refs", fmt.Sprintf(`{"ref":"refs/heads/adopt/one","sha":%q}`, commit))
	if got := w.repo.Branches(); !slices.Equal(got, []string{"adopt/one", "main"}) {
		t.Errorf("%v", got)
	}
	if text, _ := w.repo.File("adopt/one", "in/new.tf"); text != "n" {
		t.Errorf("%q", text)
	}
	if _, exists := w.repo.File("adopt/one", "drop.tf"); exists {
		t.Error("the removed file is there")
	}
	all := w.want(200, actions, "GET", fmt.Sprintf("%s/git/trees/%s?recursive=1", repo, tree), "").get("tree").([]any)
	if len(all) != 3 { // in, in/new.tf, keep.tf
		t.Errorf("%v", all)
	}
	w.want(422, actions, "PATCH", repo+"/git/refs/heads/adopt/one", fmt.Sprintf(`{"sha":%q}`, head))
	w.want(200, actions, "PATCH", repo+"/git/refs/heads/adopt/one", fmt.Sprintf(`{"sha":%q,"force":true}`, head))
	w.want(204, actions, "DELETE", repo+"/git/refs/heads/adopt/one", "")
	w.want(404, actions, "GET", repo+"/git/ref/heads/adopt/one", "")
	if got := w.want(200, actions, "GET", repo+"/commits/main", "").get("commit.message"); got != "Begin" {
		t.Errorf("%v", got)
	}
}

// TestGoGitHub uses a client that knows nothing of this server.
func TestGoGitHub(t *testing.T) {
	w := newWorld(t)
	w.repo.PullRequest(github.PR{Head: sha, Files: map[string]string{"a.tf": "x\n"}})
	ctx := t.Context()
	client := gh.NewClient(nil).WithAuthToken(actions)
	client.BaseURL, _ = client.BaseURL.Parse(w.api.URL + "/")
	for range 31 {
		w.repo.AddComment(1, "ann", "x")
	}
	made, _, err := client.Issues.CreateComment(ctx, "acme", "net", 1, &gh.IssueComment{Body: gh.String("hi")})
	if err != nil || made.GetUser().GetType() != "Bot" {
		t.Fatalf("%v %v", made, err)
	}
	opts := &gh.IssueListCommentsOptions{}
	seen := 0
	for {
		list, resp, err := client.Issues.ListComments(ctx, "acme", "net", 1, opts)
		if err != nil {
			t.Fatal(err)
		}
		seen += len(list)
		if resp.Rate.Limit != 1000 || resp.Rate.Remaining == 0 {
			t.Errorf("rate %+v", resp.Rate)
		}
		if resp.NextPage == 0 {
			break
		}
		opts.Page = resp.NextPage
	}
	if seen != 32 {
		t.Errorf("%d comments", seen)
	}
	pr, _, err := client.PullRequests.Get(ctx, "acme", "net", 1)
	if err != nil || pr.GetHead().GetSHA() != sha {
		t.Errorf("%v %v", pr, err)
	}
	check, _, err := client.Checks.CreateCheckRun(ctx, "acme", "net", gh.CreateCheckRunOptions{Name: "plan", HeadSHA: sha, Conclusion: gh.String("success"), Status: gh.String("completed")})
	if err != nil || check.GetConclusion() != "success" || check.GetApp().GetSlug() != github.ActionsApp {
		t.Errorf("%v %v", check, err)
	}
	file, _, _, err := client.Repositories.GetContents(ctx, "acme", "net", "a.tf", &gh.RepositoryContentGetOptions{Ref: "feature"})
	if err != nil {
		t.Fatal(err)
	}
	if text, err := file.GetContent(); err != nil || text != "x\n" {
		t.Errorf("%q %v", text, err)
	}
	w.s.LimitWrites(&github.SecondaryLimit{RetryAfter: 60 * time.Second})
	_, _, err = client.Issues.CreateComment(ctx, "acme", "net", 1, &gh.IssueComment{Body: gh.String("hi")})
	if abuse, isAbuse := err.(*gh.AbuseRateLimitError); !isAbuse || abuse.GetRetryAfter() != 60*time.Second {
		t.Errorf("go-github doesn't know the secondary limit: %v", err)
	}
	w.s.LimitRate(0, time.Now().Add(time.Hour))
	client = gh.NewClient(nil).WithAuthToken(actions) // the old one still waits by itself
	client.BaseURL, _ = client.BaseURL.Parse(w.api.URL + "/")
	_, _, err = client.Repositories.Get(ctx, "acme", "net")
	if _, isLimit := err.(*gh.RateLimitError); !isLimit {
		t.Errorf("go-github doesn't know the primary limit: %v", err)
	}
}
