package github_test

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	gogithub "github.com/google/go-github/v60/github"

	"github.com/strandline-tf/strandline/internal/sink/github"
	standin "github.com/strandline-tf/strandline/internal/standin/github"
	"github.com/strandline-tf/strandline/internal/userfault"
)

// issue is a report of a run.
func issue(run, digest string) github.Issue {
	return github.Issue{Key: "drift", Run: run, Digest: digest, Title: "Drift: " + digest, Body: "report " + digest, Open: digest != "clear"}
}

// find finds the issue of one key.
func (c client) find(key string) (*github.StandingIssue, error) {
	found, err := c.FindIssues(c.w.t.Context(), func(k string) bool { return k == key })
	return found[key], err
}

func (c client) keep(i github.Issue) github.Result {
	c.w.t.Helper()
	standing, err := c.find(i.Key)
	if err != nil {
		c.w.t.Fatal(err)
	}
	r, err := c.KeepIssue(c.w.t.Context(), i, standing)
	if err != nil {
		c.w.t.Fatal(err)
	}
	return r
}

// came checks an outcome, and that nothing was left undone.
func (w *world) came(r github.Result, outcome github.Outcome) {
	w.t.Helper()
	if r.Outcome != outcome || r.Why != "" {
		w.t.Errorf("outcome %s (%s), want %s", r.Outcome, r.Why, outcome)
	}
}

// issues checks the issues: "#NUMBER STATE TITLE: visible lines, joined by |".
func (w *world) issues(want ...string) {
	w.t.Helper()
	var got []string
	for _, i := range w.repo.Issues() {
		var seen []string
		for line := range strings.Lines(i.Body) {
			if line = strings.TrimSpace(line); line != "" && !strings.HasPrefix(line, "<!--") {
				seen = append(seen, line)
			}
		}
		state := i.State
		if state == "closed" {
			state = i.StateReason
		}
		got = append(got, fmt.Sprintf("#%d %s %s: %s", i.Number, state, i.Title, strings.Join(seen, "|")))
	}
	if !slices.Equal(got, want) {
		w.t.Errorf("issues:\n%s\nwant:\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

// told checks the comments on an issue, last lines only.
func (w *world) told(number int, want ...string) {
	w.t.Helper()
	var got []string
	for _, c := range w.repo.Comments(number) {
		lines := strings.Split(c.Body, "\n")
		got = append(got, lines[len(lines)-1])
	}
	if !slices.Equal(got, want) {
		w.t.Errorf("comments %q, want %q", got, want)
	}
}

// person edits an issue as somebody with a role in the repository does.
func (w *world) person(number int, edit gogithub.IssueRequest) {
	w.t.Helper()
	if _, _, err := w.client(personalToken).api.Issues.Edit(w.t.Context(), "acme", "net", number, &edit); err != nil {
		w.t.Fatal(err)
	}
}

func (w *world) personWrites(number int, change func(body string) string) {
	w.t.Helper()
	body := change(w.repo.Issue(number).Body)
	w.person(number, gogithub.IssueRequest{Body: &body})
}

func TestIssueLives(t *testing.T) {
	for _, token := range []string{workflowToken, appToken, personalToken} {
		t.Run(token, func(t *testing.T) {
			w := newWorld(t)
			w.came(w.client(token).keep(issue("1.1", "clear")), github.Absent)
			w.issues()

			i := issue("2.1", "one")
			i.Comment = "not posted on creation"
			w.came(w.client(token).keep(i), github.Created)
			w.issues("#2 open Drift: one: report one") // #1 is the pull request
			w.server.ResetRequests()

			w.came(w.client(token).keep(issue("3.1", "one")), github.Unchanged)
			if writes := w.server.Writes(); len(writes) > 0 {
				t.Errorf("writes %v", writes)
			}

			i = issue("4.1", "two")
			i.Comment = "new drift"
			w.came(w.client(token).keep(i), github.Edited)
			w.issues("#2 open Drift: two: report two")
			w.told(2, "new drift")

			i = issue("5.1", "clear")
			i.Comment = "all clear"
			w.came(w.client(token).keep(i), github.Closed)
			w.came(w.client(token).keep(i), github.Unchanged)
			w.issues("#2 completed Drift: clear: report clear")
			i.Body, i.Digest = "report clear, more", "more"
			w.came(w.client(token).keep(i), github.Edited) // and nobody is told of what is closed
			w.told(2, "new drift", "all clear")

			i = issue("6.1", "two")
			i.Comment = "back again"
			w.came(w.client(token).keep(i), github.Reopened)
			w.issues("#2 open Drift: two: report two")
			w.told(2, "new drift", "all clear", "back again")

			w.want(w.client(token).keep(issue("5.2", "late")), github.Stale)
			w.issues("#2 open Drift: two: report two")
		})
	}
}

func TestIssueIsReadBack(t *testing.T) {
	w := newWorld(t)
	c := w.client(workflowToken)
	if s, err := c.find("drift"); s != nil || err != nil {
		t.Errorf("found %+v, %v", s, err)
	}
	r := c.keep(issue("1.1", "one"))
	w.personWrites(2, func(body string) string { return "Hello\r\n" + strings.ReplaceAll(body, "\n", "\r\n") + "\r\nBye" })
	s, err := c.find("drift")
	if err != nil || s.Number != 2 || s.URL != r.URL || !s.Open || s.Title != "Drift: one" || s.Region != "report one" || s.Damaged != "" || !strings.HasPrefix(s.Body, "Hello\r\n") {
		t.Errorf("found %+v, %v", s, err)
	}
}

func TestIssueOfPeople(t *testing.T) {
	w := newWorld(t)
	w.server.User("bob")
	i := issue("1.1", "one")
	i.Labels, i.Assignees = []string{"drift"}, []string{"alice"}
	w.client(workflowToken).keep(i)
	w.person(2, gogithub.IssueRequest{Title: gogithub.String("Ours"), Labels: &[]string{"infra", "mine"}, Assignees: &[]string{}})
	w.personWrites(2, func(body string) string { return "Before\r\n\r\n" + body + "\r\n\r\n- [ ] after" })

	i = issue("2.1", "two")
	i.Labels, i.Assignees = []string{"Infra", "drift"}, []string{"alice", "bob"}
	w.came(w.client(workflowToken).keep(i), github.Edited)
	w.issues("#2 open Ours: Before|report two|- [ ] after")
	got := w.repo.Issue(2)
	if !strings.HasPrefix(got.Body, "Before\r\n\r\n<!--") || !strings.HasSuffix(got.Body, "-->\r\n\r\n- [ ] after") {
		t.Errorf("body %q", got.Body)
	}
	if !slices.Equal(got.Labels, []string{"infra", "mine", "drift"}) || !slices.Equal(got.Assignees, []string{"bob"}) {
		t.Errorf("labels %q, assignees %q", got.Labels, got.Assignees)
	}
	w.came(w.client(workflowToken).keep(i), github.Unchanged)

	w.person(2, gogithub.IssueRequest{State: gogithub.String("closed")})
	w.came(w.client(workflowToken).keep(i), github.Reopened)
}

func TestIssueAssigneesThatGitHubRefuses(t *testing.T) {
	w := newWorld(t)
	i := issue("1.1", "one")
	i.Assignees = []string{"nobody", "alice"}
	r := w.client(workflowToken).keep(i)
	if r.Outcome != github.Created || !strings.Contains(r.Why, "nobody") || strings.Contains(r.Why, "alice") {
		t.Errorf("%+v", r)
	}
	if got := w.repo.Issue(2).Assignees; !slices.Equal(got, []string{"alice"}) {
		t.Errorf("assignees %q", got)
	}
	i.Digest = "two"
	if r := w.client(workflowToken).keep(i); r.Outcome != github.Edited || !strings.Contains(r.Why, "nobody") {
		t.Errorf("%+v", r)
	}
}

func TestIssueOfManyOwners(t *testing.T) {
	w := newWorld(t)
	i := issue("1.1", "one")
	for n := range 12 {
		login := fmt.Sprintf("owner%02d", n)
		w.server.User(login)
		i.Assignees = append(i.Assignees, login)
	}
	for _, digest := range []string{"one", "two"} {
		i.Digest = digest
		if r := w.client(workflowToken).keep(i); !strings.Contains(r.Why, "owner10, owner11") {
			t.Errorf("%+v", r)
		}
		if got := w.repo.Issue(2).Assignees; len(got) != 10 || got[9] != "owner09" {
			t.Errorf("assignees %q", got)
		}
	}
}

func TestCopiedIssueMarkerMeansNothing(t *testing.T) {
	for _, copier := range []string{"mallory", "evil[bot]", "github-actions"} {
		w := newWorld(t)
		w.client(workflowToken).keep(issue("1.1", "one"))
		body := w.repo.Issue(2).Body
		w = newWorld(t)
		w.repo.AddIssue(standin.Issue{Title: "Trap", Body: body, Author: copier})
		if s, err := w.client(workflowToken).find("drift"); s != nil || err != nil {
			t.Errorf("%s: found %+v, %v", copier, s, err)
		}
		w.came(w.client(workflowToken).keep(issue("2.1", "one")), github.Created)
		w.issues("#2 open Trap: report one", "#3 open Drift: one: report one")
	}
}

// What a report quotes doesn't make its issue one of another key.
func TestQuotedIssueMarkerMeansNothing(t *testing.T) {
	w := newWorld(t)
	i := issue("1.1", "one")
	i.Body = "quotes\n<!-- strandline key=unmanaged run=9.1 -->\n<!-- /strandline key=unmanaged -->\n<!-- /strandline key=drift -->\nends"
	w.client(workflowToken).keep(i)
	if s, err := w.client(workflowToken).find("unmanaged"); s != nil || err != nil {
		t.Errorf("found %+v, %v", s, err)
	}
	if s, err := w.client(workflowToken).find("drift"); err != nil || s.Region != i.Body || s.Damaged != "" {
		t.Errorf("found %+v, %v", s, err)
	}
}

func TestPullRequestIsNoIssue(t *testing.T) {
	w := newWorld(t)
	w.client(workflowToken).keep(issue("1.1", "one"))
	body := w.repo.Issue(2).Body
	w = newWorld(t)
	w.repo.PullRequest(standin.PR{Branch: "other", Body: body, Author: bot})
	w.came(w.client(workflowToken).keep(issue("2.1", "one")), github.Created)
}

func TestIssueAmongMany(t *testing.T) {
	w := newWorld(t)
	for n := range 130 {
		w.repo.AddIssue(standin.Issue{Title: fmt.Sprint(n), Author: bot, State: "closed"})
	}
	w.client(workflowToken).keep(issue("1.1", "one"))
	for n := range 130 {
		w.repo.AddIssue(standin.Issue{Title: fmt.Sprint(n), Author: bot})
	}
	w.came(w.client(workflowToken).keep(issue("2.1", "two")), github.Edited)
	if got := w.repo.Issue(132).Title; got != "Drift: two" {
		t.Errorf("title %q", got)
	}
}

func TestIssueKeysAreApart(t *testing.T) {
	w := newWorld(t)
	for _, key := range []string{"drift", "drift:net", "drift--> <b>"} {
		i := issue("1.1", "one")
		i.Key = key
		w.came(w.client(workflowToken).keep(i), github.Created)
	}
	i := issue("2.1", "two")
	i.Key = "drift--> <b>"
	w.came(w.client(workflowToken).keep(i), github.Edited)
	w.issues("#2 open Drift: one: report one", "#3 open Drift: one: report one", "#4 open Drift: two: report two")

	found, err := w.client(workflowToken).FindIssues(t.Context(), func(key string) bool { return strings.HasPrefix(key, "drift:") })
	if err != nil || len(found) != 1 || found["drift:net"].Number != 3 {
		t.Errorf("found %v, %v", found, err)
	}
}

func TestDamagedIssueSaysSo(t *testing.T) {
	w := newWorld(t)
	w.client(workflowToken).keep(issue("1.1", "one"))
	w.personWrites(2, func(body string) string {
		begin, _, _ := strings.Cut(body, "\n")
		return begin + "\nmine"
	})
	r := w.client(workflowToken).keep(issue("2.1", "one")) // though the report is the same
	if r.Outcome != github.Edited || !strings.Contains(r.Why, "damaged") {
		t.Errorf("%+v", r)
	}
	w.issues("#2 open Drift: one: report one|mine")
	w.came(w.client(workflowToken).keep(issue("3.1", "two")), github.Edited)
	w.issues("#2 open Drift: two: report two|mine")
}

func TestIssueIsGone(t *testing.T) {
	for name, leave := range map[string]func(w *world){
		"deleted": func(w *world) { w.repo.DeleteIssue(2) },
		"transferred": func(w *world) { // with the same number
			other := w.server.Repo("acme/other")
			other.AddIssue(standin.Issue{Title: "theirs"})
			w.repo.TransferIssue(2, other)
		},
	} {
		t.Run(name+" before", func(t *testing.T) {
			w := newWorld(t)
			w.client(workflowToken).keep(issue("1.1", "one"))
			leave(w)
			w.came(w.client(workflowToken).keep(issue("2.1", "one")), github.Created)
		})
		t.Run(name+" in between", func(t *testing.T) {
			w := newWorld(t)
			w.client(workflowToken).keep(issue("1.1", "one"))
			w.once("PATCH", "issue", func() { leave(w) })
			w.came(w.client(workflowToken).keep(issue("2.1", "two")), github.Created)
			w.issues("#3 open Drift: two: report two")
		})
	}
}

func TestIssueRefused(t *testing.T) {
	for name, tt := range map[string]struct {
		set   func(w *world)
		token string
		why   string
	}{
		"may only read": {func(*world) {}, forkToken, "issues: write"},
		"disabled":      {func(w *world) { w.repo.DisableIssues() }, workflowToken, "disabled"},
		"listing, too":  {func(w *world) { w.fail("GET", "issues", 410, "Issues are disabled for this repo") }, workflowToken, "disabled"},
		"invisible":     {func(w *world) { w.fail("GET", "issues", 404, "Not Found") }, workflowToken, "issues: write"},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			tt.set(w)
			r := w.client(tt.token).keep(issue("1.1", "one"))
			if r.Outcome != github.Refused || !strings.Contains(r.Why, tt.why) {
				t.Errorf("%+v", r)
			}
		})
	}
	w := newWorld(t)
	w.client(workflowToken).keep(issue("1.1", "one"))
	if r := w.client(forkToken).keep(issue("2.1", "two")); r.Outcome != github.Refused {
		t.Errorf("%+v", r)
	}
}

func TestIssueErrors(t *testing.T) {
	w := newWorld(t)
	i := issue("1.1", "one")
	i.Body = strings.Repeat("x", i.Room(nil)+3)
	if _, err := w.client(workflowToken).KeepIssue(t.Context(), i, nil); err == nil || !strings.Contains(err.Error(), "too long") {
		t.Errorf("error %v", err)
	}
	i.Body = i.Body[3:]
	w.came(w.client(workflowToken).keep(i), github.Created)
	i.Body, i.Digest = "small", "small"
	w.came(w.client(workflowToken).keep(i), github.Edited)
	w.personWrites(2, func(body string) string { return strings.Repeat("y", 1000) + "\n" + body })
	s, err := w.client(workflowToken).find("drift")
	if err != nil || i.Room(s) != i.Room(nil)-1001 {
		t.Errorf("room %d, %v", i.Room(s), err)
	}
	_, err = w.client("ghp_wrong").KeepIssue(t.Context(), issue("1.1", "one"), nil)
	if err == nil || !strings.Contains(userfault.Hint(err), "GITHUB_TOKEN") {
		t.Errorf("error %v", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if r, err := w.client(workflowToken).KeepIssue(ctx, issue("9.1", "x"), nil); err == nil {
		t.Errorf("%+v", r)
	}
}

func TestLockedIssueIsEditedWithoutAComment(t *testing.T) {
	w := newWorld(t)
	w.client(workflowToken).keep(issue("1.1", "one"))
	w.repo.Lock(2)
	i := issue("2.1", "two")
	i.Comment = "new drift"
	r := w.client(workflowToken).keep(i)
	if r.Outcome != github.Edited || !strings.Contains(r.Why, "locked") {
		t.Errorf("%+v", r)
	}
	w.issues("#2 open Drift: two: report two")
}

// An answer that is lost makes neither a second issue nor a second comment.
func TestLostAnswers(t *testing.T) {
	for _, tt := range []struct {
		method, what string
		outcome      github.Outcome
	}{{"POST", "issues", github.Created}, {"PATCH", "issue", github.Edited}, {"POST", "comments", github.Edited}} {
		for name, carriedOut := range map[string]bool{"carried out": true, "not carried out": false} {
			t.Run(tt.method+" "+tt.what+" "+name, func(t *testing.T) {
				w := newWorld(t)
				i := issue("2.1", "two")
				i.Comment = "new drift"
				if tt.outcome == github.Edited {
					w.client(workflowToken).keep(issue("1.1", "one"))
				}
				again := w.client(workflowToken)
				left := map[string]int{"PATCH": 5, "POST": 1}[tt.method] // PATCH is sent again by itself
				w.server.Fail(func(r *http.Request) (int, string, bool) {
					if left == 0 || r.Method != tt.method || kind(r.URL.Path) != tt.what {
						return 0, "", false
					}
					left--
					if n := left; carriedOut && (tt.method == "POST" || n == 0) {
						left = 0
						if resp, err := again.api.Client().Do(clone(r, w.url)); err != nil || resp.StatusCode > 299 {
							t.Errorf("%v, %v", resp, err)
						}
						left = n
					}
					return http.StatusBadGateway, `{"message":"Server Error"}`, true
				})
				w.came(w.client(workflowToken).keep(i), tt.outcome)
				w.issues("#2 open Drift: two: report two")
				if tt.outcome == github.Edited {
					w.told(2, "new drift")
				} else {
					w.told(2)
				}
			})
		}
	}
}

// clone is a request to be sent once more.
func clone(r *http.Request, to string) *http.Request {
	out, _ := http.NewRequest(r.Method, strings.TrimSuffix(to, "/")+r.URL.Path, r.Body)
	out.Header.Set("Content-Type", "application/json")
	return out
}

func TestConcurrentIssues(t *testing.T) {
	for _, tt := range []struct {
		name, other string
		outcome     github.Outcome
		report      string
	}{
		{"ours is newer", "9.1", github.Edited, "ours"},
		{"ours is older", "11.1", github.Stale, "theirs"},
		{"same", "10.1", github.Edited, "ours"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			w := newWorld(t)
			w.once("POST", "issues", func() { w.came(w.client(workflowToken).keep(issue(tt.other, "theirs")), github.Created) })
			r := w.client(workflowToken).keep(issue("10.1", "ours"))
			if r.Outcome != tt.outcome || !strings.HasSuffix(r.URL, "/issues/2") {
				t.Errorf("%+v", r)
			}
			w.issues("#2 open Drift: "+tt.report+": report "+tt.report,
				"#3 not_planned Drift: ours: Another run has opened #2 at the same time; that one is kept up to date.")
			w.came(w.client(workflowToken).keep(issue("12.1", tt.report)), github.Unchanged)
		})
	}
}

func TestIssueListThatLagsBehind(t *testing.T) {
	w := newWorld(t)
	w.server.Fail(func(r *http.Request) (int, string, bool) {
		return 200, "[]", r.Method == "GET" && kind(r.URL.Path) == "issues"
	})
	w.came(w.client(workflowToken).keep(issue("1.1", "one")), github.Created)
	w.issues("#2 open Drift: one: report one")
}

// Where GitHub doesn't say who an App is, the answer to a new issue does.
func TestIssueIdentityLearnedByCreating(t *testing.T) {
	w := newWorld(t)
	w.client(appToken).keep(issue("10.1", "one"))
	w.fail("POST", "graphql", 403, "Resource not accessible by integration")
	w.came(w.client(appToken).keep(issue("11.1", "two")), github.Edited)
	w.issues("#2 open Drift: two: report two", "#3 not_planned Drift: two: Another run has opened #2 at the same time; that one is kept up to date.")
}
