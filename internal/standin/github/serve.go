package github

import (
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strconv"
)

// object is a JSON object of an answer.
type object = map[string]any

// call is one request on its way through an endpoint, with the server locked.
type call struct {
	s      *Server
	r      *http.Request
	raw    []byte // the request's body
	params map[string]string
	actor  *actor // nil: no token
	repo   *Repo  // nil where the path names none
	api    string // the API's root in answers
}

// answer is what an endpoint returns. A []byte body is sent as it is, nil
// sends none, anything else is sent as JSON.
type answer struct {
	status int
	body   any
	header http.Header
}

func ok(body any) (answer, error) { return answer{status: http.StatusOK, body: body}, nil }

// created answers with a new object and, as GitHub does, its address.
func created(body object) (answer, error) {
	a := answer{status: http.StatusCreated, body: body, header: http.Header{}}
	if u, isString := body["url"].(string); isString {
		a.header.Set("Location", u)
	}
	return a, nil
}

func noContent() (answer, error) { return answer{status: http.StatusNoContent}, nil }

// maxRequest is how much of a request's body is read, in bytes; GitHub's own
// limit lies higher than anything that is sent to a stand-in.
const maxRequest = 64 << 20

// ServeHTTP answers one request.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	raw, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxRequest))
	if err != nil {
		http.Error(w, `{"message":"Problems reading the request"}`, http.StatusBadRequest)
		return
	}
	rewind := func() { r.Body = io.NopCloser(bytes.NewReader(raw)) }

	s.mu.Lock()
	index := len(s.requests)
	s.requests = append(s.requests, Request{Method: r.Method, Path: r.URL.Path, Query: r.URL.RawQuery})
	before, after, fail := s.before, s.after, s.fail
	s.mu.Unlock()

	for _, f := range before {
		rewind()
		f(r)
	}
	var a answer
	failed := false
	for _, f := range fail {
		rewind()
		if status, body, hit := f(r); hit {
			a, failed = answer{status: status, body: []byte(body)}, true
			break
		}
	}
	s.mu.Lock()
	if !failed {
		a = s.carryOut(r, raw)
	}
	body, etag := encode(a)
	if r.Method == http.MethodGet && a.status == http.StatusOK {
		w.Header().Set("ETag", etag)
		if r.Header.Get("If-None-Match") == etag {
			a.status, body = http.StatusNotModified, nil
		}
	}
	// Neither an answer "not modified" nor a look at the limits is charged for.
	s.limits.describe(w.Header(), s.now(), s.tokenOf(r), a.status != http.StatusNotModified && r.URL.Path != "/rate_limit")
	if index < len(s.requests) {
		s.requests[index].Status = a.status
	}
	s.mu.Unlock()

	for _, f := range after {
		rewind()
		f(r, a.status)
	}
	h := w.Header()
	h.Set("X-GitHub-Request-Id", fmt.Sprintf("57A4:%04X", index))
	h.Set("X-GitHub-Media-Type", "github.v3; format=json")
	if body != nil {
		h.Set("Content-Type", "application/json; charset=utf-8")
		h.Set("Content-Length", strconv.Itoa(len(body)))
	}
	for k, v := range a.header {
		h[k] = v
	}
	w.WriteHeader(a.status)
	if r.Method != http.MethodHead {
		_, _ = w.Write(body) // a client that is gone is no concern of the server's
	}
}

// carryOut answers r with the server locked.
func (s *Server) carryOut(r *http.Request, raw []byte) answer {
	c := &call{s: s, r: r, raw: raw, api: s.apiURL(r)}
	a, err := s.route(c)
	if err != nil {
		return asAPIError(err).answer()
	}
	return a
}

func (s *Server) apiURL(r *http.Request) string {
	if s.opts.APIURL != "" {
		return s.opts.APIURL
	}
	if r.TLS != nil {
		return "https://" + r.Host
	}
	return "http://" + r.Host
}

// encode returns the bytes of an answer's body and their entity tag.
func encode(a answer) ([]byte, string) {
	var body []byte
	switch b := a.body.(type) {
	case nil:
		return nil, ""
	case []byte:
		body = b
	default:
		var buf bytes.Buffer
		enc := json.NewEncoder(&buf)
		enc.SetEscapeHTML(false)
		if err := enc.Encode(b); err != nil {
			// Bodies are built of maps, strings and numbers only.
			body = []byte(`{"message":"Server Error"}`)
			break
		}
		body = buf.Bytes()
	}
	return body, fmt.Sprintf(`W/"%x"`, sha256.Sum256(body))
}
