// Package contract fails a test when an exchange between a client and a server is
// not one that the service's official OpenAPI description allows: an unknown path,
// method or query parameter, a body or an answer of another shape, a status that
// isn't foreseen.
//
// Before it comes a stand-in (packages standin/tfc, standin/github), whose handler
// it wraps; after it comes the client under test, which notices nothing. Since both
// sides are checked against what neither of them wrote, they can't agree on
// something that the real service doesn't do.
//
// The descriptions are not part of the repository: they are looked for in
// ../shared/contracts beside it, and where they are absent nothing is checked. What
// a description lacks or has wrong is listed in exceptions.go, with reasons.
package contract

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"strings"
	"sync"
	"testing"
)

// TerraformCloud wraps a handler that plays HCP Terraform, with its API under
// /api/v2. Without the description it returns h as it is and says so in t's log.
func TerraformCloud(t testing.TB, h http.Handler) http.Handler {
	return wrap(t, h, terraformCloud)
}

// GitHub wraps a handler that plays GitHub's REST API, at the root or under /api/v3
// as on GitHub Enterprise Server.
func GitHub(t testing.TB, h http.Handler) http.Handler {
	return wrap(t, h, github)
}

// The descriptions take a second to load and never change, so a process loads each
// once, when it is first needed.
var (
	terraformCloud = sync.OnceValues(func() (*description, error) {
		return load("tfc-openapi.json", []string{"/api/v2"}, terraformCloudExceptions, terraformCloudAmendments)
	})
	github = sync.OnceValues(func() (*description, error) {
		return load("github-openapi.json", []string{"/api/v3", ""}, githubExceptions, nil)
	})
)

func wrap(t testing.TB, h http.Handler, get func() (*description, error)) http.Handler {
	t.Helper()
	d, err := get()
	switch {
	case errors.Is(err, fs.ErrNotExist):
		t.Logf("contract: nothing is checked: %v", err)
		return h
	case err != nil:
		t.Fatalf("contract: %v", err)
	}
	c := &checker{t: t, next: h, description: d}
	t.Cleanup(c.end)
	return c
}

// checker is a wrapped handler.
type checker struct {
	t           testing.TB
	next        http.Handler
	description *description

	mu    sync.Mutex
	ended bool
}

// end stops reports: a late answer must not touch a test that is over.
func (c *checker) end() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.ended = true
}

func (c *checker) report(r *http.Request, format string, args ...any) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if !c.ended {
		c.t.Errorf("contract: %s %s: %s", r.Method, r.URL.RequestURI(), fmt.Sprintf(format, args...))
	}
}

// ServeHTTP checks the request, lets it through in any case, and checks the answer.
func (c *checker) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	found, err := c.description.find(r)
	if err != nil {
		c.report(r, "%v", err)
	}
	if found == nil || found.exempt() {
		c.next.ServeHTTP(w, r)
		return
	}
	if err := found.checkRequest(r); err != nil {
		c.report(r, "request: %v", short(err))
	}
	tee := &tee{ResponseWriter: w, status: http.StatusOK}
	c.next.ServeHTTP(tee, r)
	if tee.cutShort() {
		return // a test plays a broken connection: no answer, so nothing to check
	}
	if err := found.checkResponse(r, tee.status, w.Header(), tee.body.Bytes()); err != nil {
		c.report(r, "response %d: %v\n  body: %s", tee.status, short(err), excerpt(tee.body.Bytes()))
	}
}

// tee passes an answer on and keeps a copy.
type tee struct {
	http.ResponseWriter
	status int
	body   bytes.Buffer
}

func (t *tee) WriteHeader(status int) {
	t.status = status
	t.ResponseWriter.WriteHeader(status)
}

func (t *tee) Write(b []byte) (int, error) {
	t.body.Write(b)
	return t.ResponseWriter.Write(b)
}

// Unwrap lets http.ResponseController reach the connection.
func (t *tee) Unwrap() http.ResponseWriter { return t.ResponseWriter }

// cutShort reports whether less was written than the header promised.
func (t *tee) cutShort() bool {
	var promised int
	if _, err := fmt.Sscan(t.Header().Get("Content-Length"), &promised); err != nil {
		return false
	}
	return t.body.Len() < promised
}

// short keeps of a validation error what names the fault: kin-openapi appends the
// whole schema and value to each.
func short(err error) string {
	var kept []string
	for line := range strings.Lines(err.Error()) {
		line = strings.TrimRight(line, "\n")
		if strings.HasPrefix(line, "Schema:") {
			break
		}
		if strings.TrimSpace(line) != "" {
			kept = append(kept, line)
		}
	}
	return strings.Join(kept, " ")
}

// excerptLength is how much of a body a report quotes, in bytes.
const excerptLength = 600

func excerpt(body []byte) string {
	if len(body) > excerptLength {
		return string(body[:excerptLength]) + "…"
	}
	return string(body)
}
