package github_test

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"
	"testing/iotest"

	"github.com/strandline-tf/strandline/internal/sink/github"
	standin "github.com/strandline-tf/strandline/internal/standin/github"
	"github.com/strandline-tf/strandline/internal/userfault"
)

const bot = "github-actions[bot]"

func TestCreateThenEditThenNothing(t *testing.T) {
	for _, tt := range []struct{ name, token, author, whoAmI string }{
		{"workflow", workflowToken, bot, ""},
		{"App", appToken, "acme-bot[bot]", "POST graphql"},
		{"person", personalToken, "alice", "GET user"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			w := newWorld(t)
			asked := func(want ...string) {
				t.Helper()
				if tt.whoAmI != "" { // right after the list
					want = append([]string{want[0], tt.whoAmI}, want[1:]...)
				}
				w.requests(want...)
			}
			r := w.client(tt.token).upsert(w.comment("10.1", "one"))
			w.want(r, github.Created)
			w.comments(tt.author + ": report one")
			w.requests("GET comments", "GET pull", "POST comments", "GET comments")

			posted := w.repo.Comments(w.pr.Number)[0]
			if want := fmt.Sprintf("#issuecomment-%d", posted.ID); !strings.HasSuffix(r.URL, want) {
				t.Errorf("URL %s, want one that ends in %s", r.URL, want)
			}
			first, _, _ := strings.Cut(posted.Body, "\n")
			if want := "<!-- strandline key=plan head=" + w.pr.Head() + " run=10.1 digest=one -->"; first != want {
				t.Errorf("first line %q, want %q", first, want)
			}

			again := w.client(tt.token).upsert(w.comment("11.1", "one")) // another run, the same report
			w.want(again, github.Unchanged)
			asked("GET comments")

			again = w.client(tt.token).upsert(w.comment("11.1", "two"))
			w.want(again, github.Edited)
			w.comments(tt.author + ": report two")
			asked("GET comments", "GET pull", "PATCH comment")
			if again.URL != r.URL {
				t.Errorf("URL changed from %s to %s", r.URL, again.URL)
			}
		})
	}
}

func TestTheSameReportOfANewHeadIsWritten(t *testing.T) {
	w := newWorld(t)
	w.client(workflowToken).upsert(w.comment("10.1", "one"))
	w.pr.Push("", nil)
	w.want(w.client(workflowToken).upsert(w.comment("11.1", "one")), github.Edited)
}

func TestProgressThenResultOfOneRun(t *testing.T) {
	w := newWorld(t)
	c := w.client(appToken)
	w.want(c.upsert(w.comment("10.1", "waiting")), github.Created)
	w.server.ResetRequests()
	w.want(c.upsert(w.comment("10.1", "done")), github.Edited)
	w.comments("acme-bot[bot]: report done")
	w.requests("GET comments", "GET pull", "PATCH comment") // who we are is known by now
}

func TestKeysAreApart(t *testing.T) {
	w := newWorld(t)
	for _, key := range []string{"plan", "plan:net", "plan--> <b>", "Plan"} {
		c := w.comment("10.1", key)
		c.Key = key
		w.want(w.client(workflowToken).upsert(c), github.Created)
	}
	c := w.comment("11.1", "new")
	c.Key = "plan--> <b>"
	w.want(w.client(workflowToken).upsert(c), github.Edited)
	w.comments(bot+": report plan", bot+": report plan:net", bot+": report new", bot+": report Plan")
}

func TestStale(t *testing.T) {
	for _, tt := range []struct {
		name string
		late func(w *world) github.Comment
		why  string
	}{
		{"older run", func(w *world) github.Comment { return w.comment("9.7", "late") }, "10.2"},
		{"older attempt", func(w *world) github.Comment { return w.comment("10.1", "late") }, "10.2"},
		{"older head", func(w *world) github.Comment {
			c := w.comment("11.1", "late")
			w.pr.Push("", nil)
			return c
		}, "head"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			w := newWorld(t)
			first := w.client(workflowToken).upsert(w.comment("10.2", "one"))
			c := tt.late(w)
			w.server.ResetRequests()
			r := w.client(workflowToken).upsert(c)
			w.want(r, github.Stale)
			w.comments(bot + ": report one")
			if writes := w.server.Writes(); len(writes) > 0 || r.URL != first.URL || !strings.Contains(r.Why, tt.why) {
				t.Errorf("writes %v, URL %q, reason %q", writes, r.URL, r.Why)
			}
		})
	}
	t.Run("older head, no comment yet", func(t *testing.T) {
		w := newWorld(t)
		c := w.comment("11.1", "late")
		w.pr.Push("", nil)
		w.want(w.client(workflowToken).upsert(c), github.Stale)
		w.comments()
	})
	t.Run("no head to compare", func(t *testing.T) {
		w := newWorld(t)
		c := w.comment("", "local")
		c.Head = ""
		w.want(w.client(workflowToken).upsert(c), github.Created)
		w.requests("GET comments", "POST comments", "GET comments")
	})
	t.Run("not in a workflow", func(t *testing.T) {
		w := newWorld(t)
		w.client(workflowToken).upsert(w.comment("10.2", "one"))
		w.want(w.client(workflowToken).upsert(w.comment("", "local")), github.Edited)
	})
}

func TestCopiedMarkerMeansNothing(t *testing.T) {
	for _, tt := range []struct {
		name, token, us, copier string
		requests                string
	}{
		{"by a person, with a workflow's token", workflowToken, bot, "mallory", ""},
		{"by another App, with a workflow's token", workflowToken, bot, "evil[bot]", "POST graphql"},
		{"by a person, with a personal token", personalToken, "alice", "mallory", "GET user"},
		{"by a workflow, with a personal token", personalToken, "alice", bot, "GET user"},
		{"by a person, with an App's token", appToken, "acme-bot[bot]", "mallory", ""},
		{"by a person with the App's name", appToken, "acme-bot[bot]", "acme-bot", ""},
		{"by another App, with an App's token", appToken, "acme-bot[bot]", "evil[bot]", "POST graphql"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			w := newWorld(t)
			marker := "<!-- strandline key=plan head=" + w.pr.Head() + " run=99.1 digest=one -->\n"
			w.repo.AddComment(w.pr.Number, tt.copier, marker+"copied")
			w.want(w.client(tt.token).upsert(w.comment("10.1", "one")), github.Created)
			w.comments(tt.copier+": copied", tt.us+": report one")
			want := []string{"GET comments", "GET pull", "POST comments", "GET comments"}
			if tt.requests != "" {
				want = append([]string{want[0], tt.requests}, want[1:]...)
			}
			w.requests(want...)

			w.want(w.client(tt.token).upsert(w.comment("11.1", "two")), github.Edited)
			w.comments(tt.copier+": copied", tt.us+": report two")
		})
	}
}

func TestMarkerCountsOnlyAtTheBeginning(t *testing.T) {
	w := newWorld(t)
	marker := "<!-- strandline key=plan head=x run=99.1 digest=one -->\n"
	w.repo.AddComment(w.pr.Number, bot, "> "+marker+"quoted")
	w.repo.AddComment(w.pr.Number, bot, "edited by a person\n"+marker+"below")
	w.want(w.client(workflowToken).upsert(w.comment("10.1", "one")), github.Created)
	w.comments(bot+": quoted", bot+": below", bot+": report one")
}

func TestEditOnly(t *testing.T) {
	w := newWorld(t)
	c := w.comment("10.1", "nothing found")
	c.EditOnly = true
	r := w.client(workflowToken).upsert(c)
	w.want(r, github.Absent)
	w.requests("GET comments")

	w.client(workflowToken).upsert(w.comment("9.1", "one"))
	w.want(w.client(workflowToken).upsert(c), github.Edited)
	w.comments(bot + ": report nothing found")

	c.Digest = "still nothing"
	w.fail("PATCH", "comment", 404, "Not Found") // deleted in between
	w.server.ResetRequests()
	w.want(w.client(workflowToken).upsert(c), github.Absent)
	w.requests("GET comments", "GET pull", "PATCH comment")
}

func TestProvisional(t *testing.T) {
	w := newWorld(t)
	us := w.client(workflowToken)
	c := w.comment("10.1", "interrupted")
	c.Provisional = true
	w.want(us.upsert(c), github.Created)
	w.want(us.upsert(w.comment("10.2", "one")), github.Edited)
	c.Run = "11.1"
	w.want(us.upsert(c), github.Stale)
	w.comments(bot + ": report one")

	w.pr.Push("", nil)
	c.Head = w.pr.Head()
	w.want(us.upsert(c), github.Edited)
	w.comments(bot + ": report interrupted")
}

// An older run's report comes while a newer run makes its provisional comment.
func TestProvisionalAgainstConcurrentReport(t *testing.T) {
	for name, tc := range map[string]struct {
		list int // the report is there at this list of ours
		want github.Outcome
	}{"before ours": {1, github.Stale}, "after ours": {2, github.Created}} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			lists := 0
			add := func() {
				w.repo.AddComment(w.pr.Number, bot, "<!-- strandline key=plan head="+w.pr.Head()+" run=9.1 digest=theirs -->\nreport theirs")
			}
			w.server.Before(func(r *http.Request) {
				if r.Method == "GET" && kind(r.URL.Path) == "comments" {
					if lists++; tc.list == 2 && lists == 2 {
						add()
					}
				}
			})
			w.server.After(func(r *http.Request, _ int) {
				if r.Method == "GET" && kind(r.URL.Path) == "pull" && tc.list == 1 {
					add()
				}
			})
			c := w.comment("10.1", "interrupted")
			c.Provisional = true
			w.want(w.client(workflowToken).upsert(c), tc.want)
			w.comments(map[github.Outcome]string{github.Stale: bot + ": report theirs", github.Created: bot + ": report interrupted"}[tc.want])
		})
	}
}

func TestAbbreviatedHead(t *testing.T) {
	for digits, outcome := range map[int]github.Outcome{40: github.Created, 7: github.Created, 6: github.Stale} {
		w := newWorld(t)
		c := w.comment("10.1", "one")
		c.Head = strings.ToUpper(c.Head[:digits])
		w.want(w.client(workflowToken).upsert(c), outcome)
	}
}

func TestAmongManyComments(t *testing.T) {
	w := newWorld(t)
	chat := func(n int) {
		for i := range n {
			w.repo.AddComment(w.pr.Number, "alice", fmt.Sprint("remark ", i))
		}
	}
	chat(120)
	w.client(workflowToken).upsert(w.comment("10.1", "one"))
	chat(130)
	w.server.ResetRequests()
	w.want(w.client(workflowToken).upsert(w.comment("11.1", "two")), github.Edited)
	if got := w.repo.Comments(w.pr.Number); len(got) != 251 || !strings.HasSuffix(got[120].Body, "report two") {
		t.Errorf("%d comments, the 121st %q", len(got), got[120].Body)
	}
	w.requests("GET comments", "GET comments", "GET comments", "GET pull", "PATCH comment")
}

// Where GitHub doesn't say who an App is, the answer to a new comment does.
func TestIdentityLearnedByCreating(t *testing.T) {
	w := newWorld(t)
	old := w.client(appToken).upsert(w.comment("10.1", "one"))
	w.fail("POST", "graphql", 403, "Resource not accessible by integration")
	w.server.ResetRequests()
	r := w.client(appToken).upsert(w.comment("11.1", "two"))
	w.want(r, github.Edited)
	w.comments("acme-bot[bot]: report two")
	w.requests("GET comments", "POST graphql", "GET pull", "POST comments", "GET comments", "PATCH comment", "DELETE comment")
	if r.URL != old.URL {
		t.Errorf("URL %s, want the older comment's %s", r.URL, old.URL)
	}

	w.want(w.client(appToken).upsert(w.comment("9.1", "late")), github.Stale)
	w.comments("acme-bot[bot]: report two")
	w.want(w.client(appToken).upsert(w.comment("12.1", "two")), github.Unchanged)
	w.comments("acme-bot[bot]: report two")
}

// A token that GET /user refuses and that doesn't look like an installation's.
func TestUnknownKindOfToken(t *testing.T) {
	w := newWorld(t)
	w.server.Token("v1.abc", standin.Identity{App: standin.ActionsApp})
	w.client("v1.abc").upsert(w.comment("10.1", "one"))
	w.server.ResetRequests()
	w.want(w.client("v1.abc").upsert(w.comment("11.1", "two")), github.Edited)
	w.requests("GET comments", "GET user", "GET pull", "PATCH comment")
}

// Another run makes its comment between our list and ours.
func TestConcurrentCreationOtherFirst(t *testing.T) {
	for _, tt := range []struct {
		name, other string
		outcome     github.Outcome
		report      string
	}{
		{"ours is newer", "9.1", github.Edited, "ours"},
		{"ours is older", "11.1", github.Stale, "theirs"},
		{"neither is in a workflow", "", github.Edited, "ours"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			w := newWorld(t)
			var theirs github.Result
			w.once("POST", "comments", func() { theirs = w.client(workflowToken).upsert(w.comment(tt.other, "theirs")) })
			r := w.client(workflowToken).upsert(w.comment("10.1", "ours"))
			w.want(r, tt.outcome)
			w.comments(bot + ": report " + tt.report)
			if r.URL != theirs.URL {
				t.Errorf("the higher id stayed: %s, not %s", r.URL, theirs.URL)
			}
		})
	}
}

// Another run makes its comment after ours and before we list again.
func TestConcurrentCreationOursFirst(t *testing.T) {
	w := newWorld(t)
	marker := "<!-- strandline key=plan head=" + w.pr.Head() + " run=%s digest=theirs -->\nreport theirs"
	race := func(run string) github.Result {
		lists := 0
		w.server.Before(func(r *http.Request) {
			if r.Method == "GET" && kind(r.URL.Path) == "comments" {
				if lists++; lists == 2 {
					w.repo.AddComment(w.pr.Number, bot, fmt.Sprintf(marker, run))
				}
			}
		})
		return w.client(workflowToken).upsert(w.comment("10.1", "ours"))
	}
	w.want(race("9.1"), github.Created)
	w.comments(bot + ": report ours")

	w = newWorld(t)
	w.want(race("11.1"), github.Stale)
	// The other run, which has seen ours, joins them; ours must not be gone then.
	w.comments(bot+": report ours", bot+": report theirs")
}

// However many runs make their comments at once, one with the newest report
// stays.
func TestConcurrentCreationOfMany(t *testing.T) {
	const n = 6
	w := newWorld(t)
	var listed, created sync.WaitGroup
	listed.Add(n)
	created.Add(n)
	w.server.Before(func(r *http.Request) {
		if r.Method == "POST" && kind(r.URL.Path) == "comments" {
			listed.Done()
			listed.Wait()
		}
	})
	w.server.After(func(r *http.Request, _ int) {
		if r.Method == "POST" && kind(r.URL.Path) == "comments" {
			created.Done()
			created.Wait()
		}
	})
	var all sync.WaitGroup
	for i := range n {
		c, comment := w.client(workflowToken), w.comment(fmt.Sprintf("%d.1", 10+i), fmt.Sprint(i))
		all.Go(func() {
			r, err := c.Upsert(t.Context(), comment, c.head)
			if err != nil || strings.Contains(r.Why, "could not") {
				t.Errorf("%+v, %v", r, err)
			}
		})
	}
	all.Wait()
	w.comments(fmt.Sprintf("%s: report %d", bot, n-1))
}

func TestDuplicatesAreCleanedUp(t *testing.T) {
	setUp := func(t *testing.T, runs ...string) *world {
		w := newWorld(t)
		for _, run := range runs {
			w.repo.AddComment(w.pr.Number, bot, fmt.Sprintf("<!-- strandline key=plan head=%s run=%s digest=d%s -->\nold", w.pr.Head(), run, run))
		}
		return w
	}
	t.Run("edit", func(t *testing.T) {
		w := setUp(t, "8.1", "9.1", "7.1")
		w.want(w.client(workflowToken).upsert(w.comment("10.1", "new")), github.Edited)
		w.comments(bot + ": report new")
		w.requests("GET comments", "GET pull", "PATCH comment", "DELETE comment", "DELETE comment")
	})
	t.Run("unchanged", func(t *testing.T) {
		w := setUp(t, "8.1", "9.1")
		w.want(w.client(workflowToken).upsert(w.comment("10.1", "d8.1")), github.Unchanged)
		w.comments(bot + ": old")
	})
	t.Run("one is newer", func(t *testing.T) {
		w := setUp(t, "8.1", "11.1")
		w.want(w.client(workflowToken).upsert(w.comment("10.1", "new")), github.Stale)
		w.comments(bot+": old", bot+": old")
	})
	t.Run("may not delete", func(t *testing.T) {
		w := setUp(t, "8.1", "9.1")
		w.fail("DELETE", "comment", 403, "Must have admin rights to Repository.")
		r := w.client(workflowToken).upsert(w.comment("10.1", "new"))
		if r.Outcome != github.Edited || !strings.Contains(r.Why, "superfluous") {
			t.Errorf("outcome %s (%s), want edited with a remark", r.Outcome, r.Why)
		}
	})
}

func TestDeletedInBetween(t *testing.T) {
	w := newWorld(t)
	first := w.client(workflowToken).upsert(w.comment("10.1", "one"))
	c := w.client(workflowToken)
	w.once("PATCH", "comment", func() {
		id := w.repo.Comments(w.pr.Number)[0].ID
		if _, err := c.api.Issues.DeleteComment(t.Context(), "acme", "net", id); err != nil {
			t.Error(err)
		}
	})
	r := c.upsert(w.comment("11.1", "two"))
	w.want(r, github.Created)
	w.comments(bot + ": report two")
	if r.URL == first.URL {
		t.Error("the URL is that of the deleted comment")
	}
}

func TestListThatLagsBehind(t *testing.T) {
	w := newWorld(t)
	w.server.Fail(func(r *http.Request) (int, string, bool) {
		return 200, "[]", r.Method == "GET" && kind(r.URL.Path) == "comments"
	})
	w.want(w.client(workflowToken).upsert(w.comment("10.1", "one")), github.Created)
	w.comments(bot + ": report one")
}

func TestRefused(t *testing.T) {
	t.Run("fork", func(t *testing.T) {
		w := newWorld(t)
		r := w.client(forkToken).upsert(w.comment("10.1", "one"))
		w.want(r, github.Refused)
		if !strings.Contains(r.Why, "Resource not accessible by integration") || !strings.Contains(r.Why, "pull-requests: write") {
			t.Errorf("reason %q", r.Why)
		}
	})
	t.Run("fork, edit", func(t *testing.T) {
		w := newWorld(t)
		w.client(workflowToken).upsert(w.comment("10.1", "one"))
		w.want(w.client(forkToken).upsert(w.comment("11.1", "two")), github.Refused)
		w.comments(bot + ": report one")
	})
	t.Run("no such pull request", func(t *testing.T) {
		w := newWorld(t)
		c := w.comment("10.1", "one")
		c.PullRequest = 99
		w.want(w.client(workflowToken).upsert(c), github.Refused)
	})
	t.Run("pull request unreadable", func(t *testing.T) {
		w := newWorld(t)
		w.fail("GET", "pull", 403, "Resource not accessible by integration")
		w.want(w.client(workflowToken).upsert(w.comment("10.1", "one")), github.Refused)
		w.comments()
	})
	t.Run("no token", func(t *testing.T) {
		w := newWorld(t)
		w.fail("POST", "comments", 401, "Requires authentication")
		w.want(w.client(workflowToken).upsert(w.comment("10.1", "one")), github.Refused)
	})
}

func TestErrorsSayWhatToDo(t *testing.T) {
	for _, tt := range []struct {
		name    string
		status  int
		message string
		hint    string
	}{
		{"locked", 403, "Unable to create comment because issue is locked.", "unlock"},
		{"validation", 422, "Validation Failed", "job summary"},
		{"gone", 410, "Issues are disabled for this repo", "--post never"},
		{"trouble", 500, "Server Error", "reachable"},
		{"rate limit that doesn't end", 403, "You have exceeded a secondary rate limit.", "rate limit"},
		{"rate limit by its own status", 429, "Too many requests", "rate limit"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			w := newWorld(t)
			w.fail("POST", "comments", tt.status, tt.message)
			c := w.client(workflowToken)
			r, err := c.Upsert(t.Context(), w.comment("10.1", "one"), c.head)
			if err == nil || !strings.Contains(userfault.Hint(err), tt.hint) || !strings.Contains(err.Error(), "#") {
				t.Errorf("result %+v, error %v, hint %q; want a hint about %q", r, err, userfault.Hint(err), tt.hint)
			}
			w.comments()
		})
	}
	t.Run("wrong token", func(t *testing.T) {
		w := newWorld(t)
		c := w.client("ghp_wrong")
		_, err := c.Upsert(t.Context(), w.comment("10.1", "one"), c.head)
		if err == nil || !strings.Contains(userfault.Hint(err), "GITHUB_TOKEN") || strings.Contains(err.Error(), "ghp_wrong") {
			t.Errorf("error %v, hint %q", err, userfault.Hint(err))
		}
	})
	t.Run("too long", func(t *testing.T) {
		w := newWorld(t)
		c, comment := w.client(workflowToken), w.comment("10.1", "one")
		comment.Body = strings.Repeat("x", comment.Room()+1)
		if _, err := c.Upsert(t.Context(), comment, c.head); err == nil || !strings.Contains(err.Error(), "1 bytes too long") {
			t.Errorf("error %v", err)
		}
		w.requests()
		comment.Body = comment.Body[1:]
		w.want(c.upsert(comment), github.Created)
	})
}

// A new comment whose answer is lost may be there or not: it is looked for
// before it is made again.
func TestPassingTrouble(t *testing.T) {
	for name, carriedOut := range map[string]bool{"carried out": true, "not carried out": false} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			comment, failed := w.comment("10.1", "one"), false
			w.server.Fail(func(r *http.Request) (int, string, bool) {
				if r.Method != http.MethodPost || failed {
					return 0, "", false
				}
				failed = true
				if carriedOut {
					w.repo.AddComment(w.pr.Number, bot, w.marked(t, comment))
				}
				return http.StatusBadGateway, `{"message":"Server Error"}`, true
			})
			r := w.client(workflowToken).upsert(comment)
			if !failed || r.URL == "" {
				t.Errorf("failed %t, %+v", failed, r)
			}
			w.comments(bot + ": report one")
		})
	}
}

// marked is the body that comment gets, read off another world.
func (*world) marked(t *testing.T, comment github.Comment) string {
	w := newWorld(t)
	comment.Head = ""
	w.client(workflowToken).upsert(comment)
	return w.repo.Comments(w.pr.Number)[0].Body
}

// cut breaks the first answers to a method off, once the server has done what
// was asked.
type cut struct {
	next   http.RoundTripper
	method string
	left   int
}

func (c *cut) RoundTrip(r *http.Request) (*http.Response, error) {
	resp, err := c.next.RoundTrip(r)
	if err != nil || r.Method != c.method || c.left == 0 {
		return resp, err
	}
	c.left--
	text, err := io.ReadAll(resp.Body)
	resp.Body = io.NopCloser(io.MultiReader(bytes.NewReader(text[:len(text)/2]), iotest.ErrReader(io.ErrUnexpectedEOF)))
	return resp, err
}

// An answer that breaks off is asked for again, and makes no second comment.
func TestBrokenAnswers(t *testing.T) {
	for _, method := range []string{http.MethodGet, http.MethodPost, http.MethodPatch} {
		w := newWorld(t)
		w.via = &cut{w.via, method, 1}
		c := w.client(workflowToken)
		for i, text := range []string{"one", "two"} {
			if r := c.upsert(w.comment(fmt.Sprintf("1%d.1", i), text)); r.URL == "" {
				t.Errorf("%s: %+v", method, r)
			}
		}
		w.comments(bot + ": report two")
	}
}

func TestSecondaryLimitIsWaitedFor(t *testing.T) {
	w := newWorld(t)
	w.server.LimitWrites(&standin.SecondaryLimit{Times: 1, RetryAfter: 3e9})
	w.want(w.client(workflowToken).upsert(w.comment("10.1", "one")), github.Created)
	w.comments(bot + ": report one")
	if len(w.waited) != 1 || w.waited[0] < 3e9 {
		t.Errorf("waited %v, want once for 3 s", w.waited)
	}
}

// A run that is cancelled once its comment is there still joins it with the
// older one.
func TestCancelledAfterCreating(t *testing.T) {
	w := newWorld(t)
	w.client(appToken).upsert(w.comment("10.1", "one"))
	w.fail("POST", "graphql", 403, "no")
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	posted := false
	w.server.After(func(r *http.Request, _ int) { posted = posted || r.Method == "POST" && kind(r.URL.Path) == "comments" })
	w.server.Before(func(r *http.Request) {
		if posted {
			cancel()
		}
	})
	c := w.client(appToken)
	r, err := c.Upsert(ctx, w.comment("11.1", "two"), c.head)
	if err != nil {
		t.Fatal(err)
	}
	w.want(r, github.Edited)
	w.comments("acme-bot[bot]: report two")
}

func TestCancelledBefore(t *testing.T) {
	w := newWorld(t)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	c := w.client(workflowToken)
	if r, err := c.Upsert(ctx, w.comment("10.1", "one"), c.head); err == nil {
		t.Errorf("result %+v, want an error", r)
	}
	w.comments()
}
