package tfc

import (
	"net/http"
	"net/url"
	"slices"
)

// Request is one request that was answered.
type Request struct {
	Method string
	Path   string
	Query  url.Values
	Status int
}

// Requests returns all requests answered so far, downloads included, in the order
// of their answers. Whoever has an answer finds its request here.
func (s *Server) Requests() []Request {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.requests)
}

// ForgetRequests empties the record.
func (s *Server) ForgetRequests() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.requests = nil
}

func (s *Server) record(r *http.Request, status int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.requests = append(s.requests, Request{r.Method, r.URL.Path, r.URL.Query(), status})
}

// recorder notes the status before it goes out.
type recorder struct {
	http.ResponseWriter
	s *Server
	r *http.Request
}

func (r *recorder) WriteHeader(status int) {
	r.s.record(r.r, status)
	r.ResponseWriter.WriteHeader(status)
}

// cutter holds an answer back, to send half of it and then break off.
type cutter struct {
	*recorder
	body []byte
}

func (c *cutter) Write(b []byte) (int, error) {
	c.body = append(c.body, b...)
	return len(b), nil
}

func (c *cutter) WriteHeader(status int) {
	c.Header().Set("Content-Length", "1048576") // promises more than will come
	c.recorder.WriteHeader(status)
}

func (c *cutter) cut() {
	_, _ = c.recorder.Write(c.body[:len(c.body)/2])
}
