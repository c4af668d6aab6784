package github_test

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/strandline-tf/strandline/internal/standin/github"
	"github.com/strandline-tf/strandline/internal/testkit/contract"
)

// Tokens that every test's server knows.
const (
	actions  = "actions-token"
	readOnly = "fork-token"
	person   = "person-token"
	stranger = "stranger-token"
	otherApp = "app-token"
)

// clock is a settable time.
type clock struct{ t time.Time }

func (c *clock) now() time.Time { return c.t }

// world is a server with repository acme/net, served over HTTP: through the
// contract, and without it for requests that are wrong on purpose.
type world struct {
	t    *testing.T
	s    *github.Server
	repo *github.Repo
	api  *httptest.Server
	raw  *httptest.Server
	time *clock
}

func newWorld(t *testing.T) *world {
	t.Helper()
	w := &world{t: t, time: &clock{time.Date(2026, 1, 2, 3, 4, 5, 6, time.UTC)}}
	w.s = github.New(github.Options{Clock: w.time.now})
	w.s.Token(actions, github.Identity{App: github.ActionsApp})
	w.s.Token(readOnly, github.Identity{App: github.ActionsApp, ReadOnly: true})
	w.s.Token(person, github.Identity{User: "ann"})
	w.s.Token(stranger, github.Identity{User: "mallory", Outsider: true})
	w.s.Token(otherApp, github.Identity{App: "drift-bot"})
	w.repo = w.s.Repo("acme/net")
	w.api, w.raw = httptest.NewServer(contract.GitHub(t, w.s)), httptest.NewServer(w.s)
	t.Cleanup(w.api.Close)
	t.Cleanup(w.raw.Close)
	return w
}

// reply is an answer, read.
type reply struct {
	Status int
	Header http.Header
	Body   []byte
}

// get reads one field of a JSON object, by a path with dots.
func (r reply) get(path string) any {
	var v any
	if json.Unmarshal(r.Body, &v) != nil {
		return nil
	}
	for _, key := range strings.Split(path, ".") {
		o, _ := v.(map[string]any)
		v = o[key]
	}
	return v
}

func (r reply) list(t *testing.T) []map[string]any {
	t.Helper()
	var v []map[string]any
	if err := json.Unmarshal(r.Body, &v); err != nil {
		t.Fatalf("not a list: %s", r.Body)
	}
	return v
}

// do sends a request; body is JSON text, "" for none; path may be a full URL.
func (w *world) do(token, method, path, body string) reply {
	w.t.Helper()
	if !strings.HasPrefix(path, "http") {
		path = w.api.URL + path
	}
	req, err := http.NewRequest(method, path, strings.NewReader(body))
	if err != nil {
		w.t.Fatal(err)
	}
	if token != "" {
		req.Header.Set("Authorization", "Bearer "+token)
	}
	if body != "" {
		req.Header.Set("Content-Type", "application/json")
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		w.t.Fatal(err)
	}
	defer resp.Body.Close()
	b, err := io.ReadAll(resp.Body)
	if err != nil {
		w.t.Fatal(err)
	}
	return reply{resp.StatusCode, resp.Header, b}
}

// want does a request and fails the test where the status isn't as said. What
// is to be refused for its form goes past the contract.
func (w *world) want(status int, token, method, path, body string) reply {
	w.t.Helper()
	switch status {
	case http.StatusBadRequest, http.StatusConflict, http.StatusUnprocessableEntity:
		path = w.raw.URL + path
	}
	r := w.do(token, method, path, body)
	if r.Status != status {
		w.t.Fatalf("%s %s: status %d, want %d: %s", method, path, r.Status, status, r.Body)
	}
	return r
}
