package contract

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// spy is a test that records what is reported to it.
type spy struct {
	testing.TB
	reports []string
	logs    []string
}

func (s *spy) Errorf(format string, args ...any) {
	s.reports = append(s.reports, fmt.Sprintf(format, args...))
}
func (s *spy) Logf(format string, args ...any) { s.logs = append(s.logs, fmt.Sprintf(format, args...)) }

const (
	jsonAPI = "application/vnd.api+json"
	goodRun = `{"data":{"id":"run-1","type":"runs","attributes":{"status":"planned"}}}`
)

// exchange sends one request to a handler that gives one answer, both checked.
type exchange struct {
	method, target, body string // "GET" where no method is given
	status               int    // 200 where none is given
	header               http.Header
	answer               string
}

func (e exchange) run(t *testing.T, wrap func(testing.TB, http.Handler) http.Handler) *spy {
	t.Helper()
	s := &spy{TB: t}
	if e.method == "" {
		e.method = http.MethodGet
	}
	if e.status == 0 {
		e.status = http.StatusOK
	}
	h := wrap(s, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if got, err := io.ReadAll(r.Body); err != nil || string(got) != e.body {
			t.Errorf("the handler must still get the body: %q %v", got, err)
		}
		for name, values := range e.header {
			w.Header()[name] = values
		}
		if w.Header().Get("Content-Type") == "" {
			w.Header().Set("Content-Type", jsonAPI)
		}
		w.WriteHeader(e.status)
		_, _ = io.WriteString(w, e.answer)
	}))
	if len(s.logs) > 0 {
		t.Skip(s.logs[0])
	}
	r := httptest.NewRequest(e.method, e.target, strings.NewReader(e.body))
	r.Header.Set("Content-Type", jsonAPI)
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	if w.Code != e.status || w.Body.String() != e.answer {
		t.Errorf("the client must get the answer as it is: %d %q", w.Code, w.Body)
	}
	return s
}

func TestTerraformCloud(t *testing.T) {
	const run = "/api/v2/runs/run-1"
	for name, tc := range map[string]struct {
		exchange
		want string // in the only report; empty: none
	}{
		"right":                     {exchange{target: run + "?include=plan,workspace", answer: goodRun}, ""},
		"wrong type of a field":     {exchange{target: run, answer: `{"data":{"id":7,"type":"runs","attributes":{}}}`}, "/data/id"},
		"wrong value of a field":    {exchange{target: run, answer: `{"data":{"type":"runs","attributes":{"status":"sleeping"}}}`}, "/data/attributes/status"},
		"missing field":             {exchange{target: run, answer: `{"data":{"type":"runs"}}`}, "attributes"},
		"amended value":             {exchange{target: run, answer: `{"data":{"type":"runs","attributes":{"status":"force_canceled"}}}`}, ""},
		"no JSON":                   {exchange{target: run, answer: `{"data":`}, "decode"},
		"other media type":          {exchange{target: run, header: http.Header{"Content-Type": {"text/html"}}, answer: "hi"}, "text/html"},
		"unknown path":              {exchange{target: "/api/v2/nonsense", answer: "{}"}, "no such path"},
		"path outside of the base":  {exchange{target: "/runs/run-1", answer: goodRun}, "no such path"},
		"unknown method":            {exchange{method: "DELETE", target: run, answer: "{}"}, "not with this method"},
		"unknown parameter":         {exchange{target: run + "?colour=red", answer: goodRun}, "unknown query parameter colour"},
		"unknown include":           {exchange{target: run + "?include=plan,moon", answer: goodRun}, "include"},
		"parameter of another path": {exchange{target: run + "?search%5Bcommit%5D=1", answer: goodRun}, "search[commit]"},
		"excepted parameter":        {exchange{target: "/api/v2/organizations/acme/runs?search%5Bcommit%5D=1", answer: `{"data":[]}`}, ""},
		"bad request body":          {exchange{method: "POST", target: "/api/v2/runs", body: `{"data":{"type":"walks","attributes":{}}}`, status: 201, answer: goodRun}, "request"},
		"good request body":         {exchange{method: "POST", target: "/api/v2/runs", body: `{"data":{"type":"runs","attributes":{}}}`, status: 201, answer: goodRun}, ""},
		"error document":            {exchange{target: run, status: 404, answer: `{"errors":[{"status":"404","title":"not found"}]}`}, ""},
		"wrong error":               {exchange{target: run, status: 404, answer: `{"errors":"no"}`}, "/errors"},
		"no content":                {exchange{target: "/api/v2/plans/p/json-output", status: 204}, ""},
		"redirect":                  {exchange{target: "/api/v2/plans/p/json-output", status: 307, header: http.Header{"Location": {"https://x"}}}, ""},
		"redirect nowhere":          {exchange{target: "/api/v2/plans/p/json-output", status: 307}, "Location"},
		"unforeseen redirect":       {exchange{target: run, status: 307, header: http.Header{"Location": {"https://x"}}}, "no such redirect"},
		"unforeseen status":         {exchange{target: "/api/v2/feature-sets", status: 418, answer: "{}"}, "status is not supported"},
		"download":                  {exchange{target: "/_archivist/v1/object/x", header: http.Header{"Content-Type": {"text/plain"}}, answer: "log"}, ""},
		"ping":                      {exchange{target: "/api/v2/ping", status: 204}, ""},
		"broken off":                {exchange{target: run, header: http.Header{"Content-Length": {"9999"}}, answer: `{"data":`}, ""},
	} {
		t.Run(name, func(t *testing.T) { expect(t, tc.run(t, TerraformCloud), tc.want) })
	}
}

func TestGitHub(t *testing.T) {
	const comments = "/repos/o/r/issues/7/comments"
	asJSON := http.Header{"Content-Type": {"application/json; charset=utf-8"}}
	for name, tc := range map[string]struct {
		exchange
		want string
	}{
		"right":             {exchange{target: comments + "?per_page=100", header: asJSON, answer: "[]"}, ""},
		"enterprise":        {exchange{target: "/api/v3" + comments, header: asJSON, answer: "[]"}, ""},
		"wrong type":        {exchange{target: comments, header: asJSON, answer: `[{"id":"seven"}]`}, "/0"},
		"unknown parameter": {exchange{target: comments + "?per-page=100", header: asJSON, answer: "[]"}, "per-page"},
		"unknown path":      {exchange{target: "/repos/o/r/wishes", header: asJSON, answer: "[]"}, "no such path"},
		"path with slashes": {exchange{target: "/repos/o/r/git/ref/heads/main", header: asJSON, status: 404, answer: "{}"}, ""},
		"GraphQL":           {exchange{method: "POST", target: "/graphql", body: "{}", header: asJSON, answer: "{}"}, ""},
	} {
		t.Run(name, func(t *testing.T) { expect(t, tc.run(t, GitHub), tc.want) })
	}
}

func expect(t *testing.T, s *spy, want string) {
	t.Helper()
	switch {
	case want == "" && len(s.reports) > 0:
		t.Errorf("unexpected: %s", s.reports)
	case want != "" && (len(s.reports) != 1 || !strings.Contains(s.reports[0], want)):
		t.Errorf("want one report with %q: %q", want, s.reports)
	}
}

func TestExceptionsHaveReasons(t *testing.T) {
	for _, e := range append(append([]exception{}, terraformCloudExceptions...), githubExceptions...) {
		if e.Reason == "" {
			t.Errorf("%s %s", e.Method, e.Path)
		}
	}
}

func TestWithoutDescription(t *testing.T) {
	t.Chdir(t.TempDir())
	_, err := load("tfc-openapi.json", []string{"/api/v2"}, nil, nil)
	s := &spy{TB: t}
	h := http.NotFoundHandler()
	wrapped := wrap(s, h, func() (*description, error) { return nil, err })
	if _, checked := wrapped.(*checker); checked || len(s.logs) != 1 {
		t.Errorf("want the handler as it is and one line in the log: %v", s.logs)
	}
}
