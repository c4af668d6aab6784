package github_test

import (
	"testing"

	"github.com/strandline-tf/strandline/internal/standin/github"
)

// TestRefusals asks what each kind of token may do, and with what words it
// is refused.
func TestRefusals(t *testing.T) {
	const note = `{"body":"x"}`
	for _, tc := range []struct {
		name, token, method, path, body string
		status                          int
		message                         string
	}{
		{"GITHUB_TOKEN has no user", actions, "GET", "/user", "", 403, "Resource not accessible by integration"},
		{"an App has no user", otherApp, "GET", "/user", "", 403, "Resource not accessible by integration"},
		{"a person has", person, "GET", "/user", "", 200, ""},
		{"nobody is no user", "", "GET", "/user", "", 401, "Requires authentication"},
		{"wrong token", "wrong", "GET", "/repos/acme/net", "", 401, "Bad credentials"},
		{"no token reads what is public", "", "GET", "/repos/acme/net", "", 200, ""},
		{"no token writes nothing", "", "POST", "/repos/acme/net/issues/1/comments", note, 401, "Requires authentication"},
		{"a fork's token reads", readOnly, "GET", "/repos/acme/net/pulls/1", "", 200, ""},
		{"a fork's token writes nothing", readOnly, "POST", "/repos/acme/net/issues/1/comments", note, 403, "Resource not accessible by integration"},
		{"a stranger comments", stranger, "POST", "/repos/acme/net/issues/1/comments", note, 201, ""},
		{"a stranger doesn't label", stranger, "POST", "/repos/acme/net/issues/1/labels", `{"labels":["x"]}`, 403, "Must have admin rights to Repository."},
		{"no such repository", actions, "GET", "/repos/acme/none", "", 404, "Not Found"},
		{"no such issue", actions, "POST", "/repos/acme/net/issues/99/comments", note, 404, "Not Found"},
		{"no token sees nothing private", "", "GET", "/repos/acme/secret", "", 404, "Not Found"},
		{"nor does a stranger", stranger, "GET", "/repos/acme/secret", "", 404, "Not Found"},
		{"GITHUB_TOKEN does", actions, "GET", "/repos/acme/secret", "", 200, ""},
		{"a person makes no check run", person, "POST", "/repos/acme/net/check-runs", `{"name":"x","head_sha":"x"}`, 403, "You must authenticate via a GitHub App."},
		{"blank comment", actions, "POST", "/repos/acme/net/issues/1/comments", `{"body":" "}`, 422, "Validation Failed"},
		{"comment without body", actions, "POST", "/repos/acme/net/issues/1/comments", `{}`, 422, "Invalid request.\n\n\"body\" wasn't supplied."},
		{"no JSON", actions, "POST", "/repos/acme/net/issues/1/comments", `{`, 400, "Problems parsing JSON"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			w := newWorld(t)
			w.s.Repo("acme/secret").Private()
			w.repo.PullRequest(github.PR{})
			r := w.want(tc.status, tc.token, tc.method, tc.path, tc.body)
			if tc.message != "" && r.get("message") != tc.message {
				t.Errorf("message %v, want %v", r.get("message"), tc.message)
			}
			if tc.status >= 400 && len(w.repo.Comments(1)) > 0 {
				t.Error("refused, and yet done")
			}
		})
	}
}

func TestPermissionsOfAWorkflow(t *testing.T) {
	w := newWorld(t)
	w.repo.PullRequest(github.PR{})
	w.repo.AddIssue(github.Issue{Title: "Drift"})
	w.s.Token("pulls", github.Identity{App: github.ActionsApp, Permissions: map[string]string{"pull-requests": "write", "contents": "read"}})
	w.s.Token("issues", github.Identity{App: github.ActionsApp, Permissions: map[string]string{"issues": "write"}})
	const note = `{"body":"x"}`
	w.want(201, "pulls", "POST", "/repos/acme/net/issues/1/comments", note)
	w.want(403, "pulls", "POST", "/repos/acme/net/issues/2/comments", note)
	w.want(201, "issues", "POST", "/repos/acme/net/issues/1/comments", note)
	w.want(201, "issues", "POST", "/repos/acme/net/issues/2/comments", note)
	w.want(403, "issues", "PATCH", "/repos/acme/net/pulls/1", `{"title":"x"}`)
	w.want(403, "pulls", "POST", "/repos/acme/net/statuses/x", `{"state":"success"}`)
	private := w.s.Repo("acme/private")
	private.Private()
	private.PullRequest(github.PR{})
	w.want(200, "pulls", "GET", "/repos/acme/private/pulls/1", "")
	w.want(403, "pulls", "GET", "/repos/acme/private/commits/main/status", "")
}

func TestViewer(t *testing.T) {
	w := newWorld(t)
	const query = `{"query":"query {\n viewer { login }\n}"}`
	for token, want := range map[string]string{actions: "github-actions[bot]", otherApp: "drift-bot[bot]", person: "ann"} {
		if got := w.want(200, token, "POST", "/graphql", query).get("data.viewer.login"); got != want {
			t.Errorf("viewer %v, want %s", got, want)
		}
	}
	w.want(401, "", "POST", "/graphql", query)
	if w.want(200, actions, "POST", "/graphql", `{"query":"{ repository { id } }"}`).get("errors") == nil {
		t.Error("an unknown query was answered")
	}
}
