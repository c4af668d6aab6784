package github_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/strandline-tf/strandline/internal/standin/github"
)

const comments = "/repos/acme/net/issues/1/comments"

func TestCommentIsWrittenReadEditedAndDeleted(t *testing.T) {
	w := newWorld(t)
	pr := w.repo.PullRequest(github.PR{Branch: "feature"})
	made := w.want(201, actions, "POST", comments, `{"body":"one"}`)
	if made.get("user.login") != "github-actions[bot]" || made.get("user.type") != "Bot" ||
		made.get("performed_via_github_app.slug") != "github-actions" {
		t.Errorf("author: %s", made.Body)
	}
	if got, want := made.get("html_url"), fmt.Sprintf("https://github.com/acme/net/pull/1#issuecomment-%.0f", made.get("id")); got != want {
		t.Errorf("html_url %v, want %v", got, want)
	}
	w.time.t = w.time.t.Add(time.Minute)
	one := fmt.Sprintf("/repos/acme/net/issues/comments/%.0f", made.get("id"))
	edited := w.want(200, actions, "PATCH", one, `{"body":"two"}`)
	if edited.get("updated_at") == edited.get("created_at") {
		t.Error("an edit left updated_at as it was")
	}
	if got := w.want(200, "", "GET", one, "").get("body"); got != "two" {
		t.Errorf("body %v", got)
	}
	left := w.repo.Comments(pr.Number)
	if len(left) != 1 || left[0].Body != "two" || left[0].Edits != 1 || left[0].App != github.ActionsApp {
		t.Errorf("%+v", left)
	}
	w.want(204, actions, "DELETE", one, "")
	w.want(404, actions, "GET", one, "")
	if len(w.repo.Comments(pr.Number)) != 0 {
		t.Error("deleted comment is still there")
	}
}

func TestCommentsComeInPagesOldestFirst(t *testing.T) {
	w := newWorld(t)
	w.repo.PullRequest(github.PR{})
	for i := range 205 {
		w.repo.AddComment(1, "ann", fmt.Sprint(i))
	}
	if n := len(w.want(200, actions, "GET", comments, "").list(t)); n != 30 {
		t.Errorf("%d comments on a page by default, want 30", n)
	}
	next := regexp.MustCompile(`<([^>]*)>; rel="next"`)
	var seen []string
	lastID := 0.0
	for path := comments + "?per_page=1000"; path != ""; {
		r := w.want(200, actions, "GET", path, "")
		page := r.list(t)
		if len(page) > 100 {
			t.Fatalf("%d comments on a page", len(page))
		}
		for _, cm := range page {
			seen = append(seen, cm["body"].(string))
			if id := cm["id"].(float64); id <= lastID {
				t.Fatalf("ids don't rise: %v after %v", id, lastID)
			} else {
				lastID = id
			}
		}
		path = ""
		if m := next.FindStringSubmatch(r.Header.Get("Link")); m != nil {
			path = m[1]
		}
	}
	if len(seen) != 205 || seen[0] != "0" || seen[204] != "204" {
		t.Errorf("read %d comments from %q to %q", len(seen), seen[0], seen[len(seen)-1])
	}
	if n := len(w.want(200, actions, "GET", comments+"?page=9", "").list(t)); n != 0 {
		t.Errorf("%d comments beyond the last page", n)
	}
}

func TestBodyLimit(t *testing.T) {
	w := newWorld(t)
	w.repo.PullRequest(github.PR{})
	body := func(n int) string {
		b, _ := json.Marshal(map[string]string{"body": strings.Repeat("é", n)})
		return string(b)
	}
	w.want(201, actions, "POST", comments, body(65536))
	r := w.want(422, actions, "POST", comments, body(65537))
	var e struct {
		Message string
		Errors  []struct{ Resource, Code, Field, Message string }
	}
	if err := json.Unmarshal(r.Body, &e); err != nil || len(e.Errors) != 1 {
		t.Fatalf("%v: %s", err, r.Body)
	}
	if e.Message != "Validation Failed" || e.Errors[0].Message != "Body is too long (maximum is 65536 characters)" {
		t.Errorf("%+v", e)
	}
	if len(w.repo.Comments(1)) != 1 {
		t.Error("the refused comment was kept")
	}
}

func TestWhoMayEditAComment(t *testing.T) {
	w := newWorld(t)
	w.repo.PullRequest(github.PR{})
	bots := fmt.Sprintf("/repos/acme/net/issues/comments/%d", w.repo.AddComment(1, "github-actions[bot]", "x"))
	strangers := fmt.Sprintf("/repos/acme/net/issues/comments/%d", w.repo.AddComment(1, "mallory", "x"))
	for _, tc := range []struct {
		token, path string
		want        int
	}{
		{actions, bots, 200},
		{actions, strangers, 200}, // write permission covers what others wrote
		{person, bots, 200},
		{stranger, strangers, 200},
		{stranger, bots, 403},
		{readOnly, bots, 403},
		{"", bots, 401},
		{"wrong", bots, 401},
	} {
		if r := w.do(tc.token, "PATCH", tc.path, `{"body":"y"}`); r.Status != tc.want {
			t.Errorf("%q edits %s: %d, want %d: %s", tc.token, tc.path, r.Status, tc.want, r.Body)
		}
	}
}

func TestConcurrentWritersGetTheirOwnIDs(t *testing.T) {
	w := newWorld(t)
	w.repo.PullRequest(github.PR{})
	var wg sync.WaitGroup
	for range 40 {
		wg.Go(func() {
			if r := w.do(actions, "POST", comments, `{"body":"x"}`); r.Status != 201 {
				t.Errorf("status %d", r.Status)
			}
			w.repo.Comments(1)
		})
	}
	wg.Wait()
	ids := map[int64]bool{}
	for _, cm := range w.repo.Comments(1) {
		ids[cm.ID] = true
	}
	if len(ids) != 40 {
		t.Errorf("%d ids", len(ids))
	}
}

func TestAConcurrentRunBeforeAndAfterACreate(t *testing.T) {
	for _, when := range []string{"before", "after"} {
		t.Run(when, func(t *testing.T) {
			w := newWorld(t)
			w.repo.PullRequest(github.PR{})
			other := func(r *http.Request) {
				if r.Method == http.MethodPost {
					w.repo.AddComment(1, "github-actions[bot]", "theirs")
				}
			}
			want := "ours"
			if when == "before" {
				w.s.Before(other)
				want = "theirs"
			} else {
				w.s.After(func(r *http.Request, _ int) { other(r) })
			}
			w.want(201, actions, "POST", comments, `{"body":"ours"}`)
			got := w.repo.Comments(1)
			if len(got) != 2 || got[0].Body != want || got[0].ID >= got[1].ID {
				t.Errorf("%+v", got)
			}
		})
	}
}
