package github_test

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/strandline-tf/strandline/internal/sink/github"
	standin "github.com/strandline-tf/strandline/internal/standin/github"
	"github.com/strandline-tf/strandline/internal/userfault"
)

// check is a report of the current head by a run, with n annotations.
func (w *world) check(run, digest string, n int) github.Check {
	c := github.Check{Name: "terraform", HeadSHA: w.pr.Head(), Key: "plan", Run: run, Digest: digest, Conclusion: github.Success,
		Title: "no changes", Summary: "report " + digest, DetailsURL: "https://github.com/acme/net/actions/runs/1"}
	for i := range n {
		c.Annotations = append(c.Annotations, github.Annotation{Path: "main.tf", Line: i + 1, Level: github.WarningLevel,
			Title: "Destroys", Message: fmt.Sprintf("aws_instance.a[%d]", i)})
	}
	return c
}

func (c client) check(check github.Check) github.Result {
	c.w.t.Helper()
	r, err := c.Check(c.w.t.Context(), check)
	if err != nil {
		c.w.t.Fatal(err)
	}
	return r
}

// checks checks the head's check runs: "APP: LAST LINE (CONCLUSION, N lines)".
func (w *world) checks(want ...string) {
	w.t.Helper()
	var got []string
	for _, k := range w.repo.CheckRuns(w.pr.Head()) {
		lines := strings.Split(k.Summary, "\n")
		got = append(got, fmt.Sprintf("%s: %s (%s, %d lines)", k.App, lines[len(lines)-1], k.Conclusion, len(k.Annotations)))
	}
	if !slices.Equal(got, want) {
		w.t.Errorf("check runs:\n%s\nwant:\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

// shape is requests in short, with the kinds that check runs add.
func (w *world) shape() string {
	var got []string
	for _, r := range w.server.Requests() {
		what := kind(r.Path)
		switch {
		case strings.HasSuffix(r.Path, "/annotations"):
			what = "annotations"
		case strings.Contains(r.Path, "/check-runs/"):
			what = "check"
		case strings.HasSuffix(r.Path, "/check-runs"):
			what = "checks"
		case strings.Contains(r.Path, "/labels"):
			what = r.Path[strings.Index(r.Path, "labels"):]
		}
		got = append(got, r.Method+" "+what)
	}
	w.server.ResetRequests()
	return strings.Join(got, ", ")
}

func (w *world) wantShape(want string) {
	w.t.Helper()
	if got := w.shape(); got != want {
		w.t.Errorf("requests: %s\nwant:     %s", got, want)
	}
}

func TestCheckCreatedThenEditedThenLeftAlone(t *testing.T) {
	for _, tt := range []struct{ name, token, app, whoAmI string }{
		{"workflow", workflowToken, standin.ActionsApp, ""},
		{"App", appToken, "acme-bot", "POST graphql, "},
	} {
		t.Run(tt.name, func(t *testing.T) {
			w := newWorld(t)
			r := w.client(tt.token).check(w.check("10.1", "one", 0))
			w.want(r, github.Created)
			w.wantShape("GET checks, POST checks")
			w.checks(tt.app + ": report one (success, 0 lines)")
			made := w.repo.CheckRuns(w.pr.Head())[0]
			if made.Name != "terraform" || made.ExternalID != "plan" || made.Title != "no changes" ||
				made.DetailsURL != "https://github.com/acme/net/actions/runs/1" || made.Status != "completed" {
				t.Errorf("made %+v", made)
			}
			if r.URL == "" {
				t.Error("no URL")
			}

			again := w.client(tt.token).check(w.check("11.1", "one", 0)) // another run, the same report
			w.want(again, github.Unchanged)
			w.wantShape(strings.TrimSuffix("GET checks, "+tt.whoAmI, ", "))
			if again.URL != r.URL {
				t.Errorf("URL changed from %s to %s", r.URL, again.URL)
			}

			c := w.check("12.1", "one", 0) // the same report judged otherwise
			c.Conclusion = github.Failure
			w.want(w.client(tt.token).check(c), github.Edited)
			w.wantShape("GET checks, " + tt.whoAmI + "PATCH check")
			w.checks(tt.app + ": report one (failure, 0 lines)")

			w.want(w.client(tt.token).check(w.check("13.1", "two", 0)), github.Edited)
			w.checks(tt.app + ": report two (success, 0 lines)")
		})
	}
}

func TestCheckOfAnotherKeyNameOrAuthor(t *testing.T) {
	w := newWorld(t)
	own := w.client(workflowToken)
	w.want(own.check(w.check("10.1", "one", 0)), github.Created)
	other := w.check("10.1", "key", 0)
	other.Key = "plan/net"
	w.want(own.check(other), github.Created)
	named := w.check("10.1", "name", 0)
	named.Name = "terraform net"
	w.want(own.check(named), github.Created)
	w.want(w.client(appToken).check(w.check("10.1", "app", 0)), github.Created)
	// A workflow's job is a check run of the same App, and may have the name.
	w.repo.AddCheckRun(w.pr.Head(), standin.CheckRun{Name: "terraform", Conclusion: "success", ExternalID: "6f1f", Summary: "job"})
	w.want(own.check(w.check("10.2", "two", 0)), github.Edited)
	w.checks("github-actions: report two (success, 0 lines)", "github-actions: report key (success, 0 lines)",
		"github-actions: report name (success, 0 lines)", "acme-bot: report app (success, 0 lines)", "github-actions: job (success, 0 lines)")
}

func TestCheckOfAnOlderRunComesTooLate(t *testing.T) {
	w := newWorld(t)
	w.want(w.client(workflowToken).check(w.check("11.1", "new", 0)), github.Created)
	w.want(w.client(workflowToken).check(w.check("10.3", "old", 0)), github.Stale)
	w.checks("github-actions: report new (success, 0 lines)")
}

func TestAnnotations(t *testing.T) {
	const n = 120
	for _, tt := range []struct {
		name     string
		then     func(*github.Check) // the second report
		outcome  github.Outcome
		requests string
		want     []string
	}{
		{"the same", func(*github.Check) {}, github.Edited, "GET checks, GET annotations, GET annotations, PATCH check",
			[]string{"two 120"}},
		{"more", func(c *github.Check) {
			c.Annotations = append(c.Annotations, w60()...)
		}, github.Edited, "GET checks, GET annotations, GET annotations, PATCH check, PATCH check", []string{"two 180"}},
		{"fewer", func(c *github.Check) { c.Annotations = c.Annotations[1:] }, github.Created,
			"GET checks, GET annotations, GET annotations, POST checks, PATCH check, PATCH check", []string{"one 120", "two 119"}},
		{"none", func(c *github.Check) { c.Annotations = nil }, github.Created,
			"GET checks, GET annotations, GET annotations, POST checks", []string{"one 120", "two 0"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			w := newWorld(t)
			w.want(w.client(workflowToken).check(w.check("10.1", "one", n)), github.Created)
			w.wantShape("GET checks, POST checks, PATCH check, PATCH check")
			second := w.check("11.1", "two", n)
			tt.then(&second)
			w.want(w.client(workflowToken).check(second), tt.outcome)
			w.wantShape(tt.requests)
			var got []string
			for _, k := range w.repo.CheckRuns(w.pr.Head()) {
				lines := strings.Split(k.Summary, "report ")
				got = append(got, fmt.Sprintf("%s %d", lines[1], len(k.Annotations)))
			}
			if !slices.Equal(got, tt.want) {
				t.Errorf("check runs %q, want %q", got, tt.want)
			}
			// Whatever was made last is the one that counts from then on.
			w.want(w.client(workflowToken).check(second), github.Unchanged)
		})
	}
}

func w60() []github.Annotation {
	var out []github.Annotation
	for i := range 60 {
		out = append(out, github.Annotation{Path: "other.tf", Line: i + 1, Level: github.NoticeLevel, Message: "m"})
	}
	return out
}

func TestAnnotationsCutShortAreCompletedByTheNextRun(t *testing.T) {
	w := newWorld(t)
	broken := true
	w.server.Fail(func(r *http.Request) (int, string, bool) {
		return http.StatusUnprocessableEntity, `{"message":"made to fail"}`, broken && r.Method == http.MethodPatch
	})
	if r, err := w.client(workflowToken).Check(t.Context(), w.check("10.1", "one", 60)); err == nil {
		t.Errorf("result %+v, want an error", r)
	}
	broken = false
	w.checks("github-actions: report one (success, 50 lines)")
	w.want(w.client(workflowToken).check(w.check("10.2", "one", 60)), github.Edited)
	w.checks("github-actions: report one (success, 60 lines)")
}

func TestCheckAsLongAsGitHubTakes(t *testing.T) {
	w := newWorld(t)
	c := w.check("10.1", "one", 0)
	c.Summary = strings.Repeat("x", c.Room())
	w.want(w.client(workflowToken).check(c), github.Created)
	if got := len(w.repo.CheckRuns(w.pr.Head())[0].Summary); got != github.MaxCheckSummary {
		t.Errorf("%d bytes", got)
	}
	w.server.ResetRequests()
	c.Summary += "x"
	if _, err := w.client(workflowToken).Check(t.Context(), c); err == nil || len(w.server.Requests()) > 0 {
		t.Errorf("error %v after %d requests", err, len(w.server.Requests()))
	}
}

func TestCheckRefused(t *testing.T) {
	w := newWorld(t)
	w.server.Token("ghs_reads", standin.Identity{App: standin.ActionsApp, Permissions: map[string]string{"checks": "read", "pull-requests": "write"}})
	for _, token := range []string{personalToken, forkToken, "ghs_reads"} {
		r := w.client(token).check(w.check("10.1", "one", 0))
		w.want(r, github.Refused)
		if !strings.Contains(r.Why, "checks: write") {
			t.Errorf("%s: %q", token, r.Why)
		}
	}
	w.checks()
	_, err := w.client("ghs_unknown").Check(t.Context(), w.check("10.1", "one", 0))
	if err == nil || !strings.Contains(userfault.Hint(err), "GITHUB_TOKEN") || !strings.Contains(err.Error(), `"terraform"`) {
		t.Errorf("error %v, hint %q", err, userfault.Hint(err))
	}
}

func TestEndlessPagesOfChecks(t *testing.T) {
	requests := 0
	p := canned(t, func(w http.ResponseWriter, r *http.Request) {
		requests++
		w.Header().Set("Link", `<https://api.github.com/x?page=2>; rel="next"`)
		if strings.HasSuffix(r.URL.Path, "/annotations") {
			_, _ = w.Write([]byte(`[null,{}]`))
			return
		}
		_, _ = w.Write([]byte(`{"check_runs":[null,{},{"id":1,"output":{"summary":"<!-- strandline key=plan -->"}}]}`))
	})
	_, err := p.Check(t.Context(), github.Check{Name: "x", HeadSHA: "abc", Key: "plan"})
	if err == nil || !strings.Contains(err.Error(), "more than") || requests > 100 {
		t.Errorf("error %v after %d requests", err, requests)
	}
}
