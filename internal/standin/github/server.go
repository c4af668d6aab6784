package github

import (
	"net/http"
	"sort"
	"strings"
	"sync"
	"time"
)

// Options configure a Server. The zero value is usable.
type Options struct {
	// Clock gives the time of every timestamp; nil means time.Now.
	Clock func() time.Time
	// WebURL is where html_url values point, without a slash at the end; ""
	// means https://github.com.
	WebURL string
	// APIURL is where url values and Link headers point, without a slash at
	// the end; "" means the host that a request was sent to.
	APIURL string
}

// Server is the in-memory GitHub. It is an http.Handler for everything below
// the API's root and safe for concurrent use.
type Server struct {
	opts      Options
	endpoints []endpoint

	mu       sync.Mutex // guards all below, and all that hangs on repos
	lastID   int64
	users    map[string]*user
	apps     map[string]*app
	tokens   map[string]*actor
	repos    map[string]*Repo
	requests []Request
	limits   limits
	fail     []func(*http.Request) (int, string, bool)
	before   []func(*http.Request)
	after    []func(*http.Request, int)
}

// firstID is where ids begin: like real ones, beyond 32 bits' signed range.
const firstID = 3_000_000_000

// New returns a Server without repositories or tokens.
func New(opts Options) *Server {
	if opts.Clock == nil {
		opts.Clock = time.Now
	}
	if opts.WebURL == "" {
		opts.WebURL = "https://github.com"
	}
	return &Server{
		opts: opts, endpoints: endpoints(), lastID: firstID,
		users: map[string]*user{}, apps: map[string]*app{}, tokens: map[string]*actor{}, repos: map[string]*Repo{},
	}
}

// Request is one request as it was answered.
type Request struct {
	Method string
	Path   string
	Query  string // raw, without the question mark
	Status int    // 0 until it is answered
}

// IsWrite reports whether the request asked for a change of a repository.
func (r Request) IsWrite() bool {
	return r.Method != http.MethodGet && r.Method != http.MethodHead && r.Path != "/graphql"
}

// Requests returns all requests so far, in the order in which they came.
func (s *Server) Requests() []Request {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]Request(nil), s.requests...)
}

// Writes returns the requests that asked for a change, refused ones included.
func (s *Server) Writes() []Request {
	var out []Request
	for _, r := range s.Requests() {
		if r.IsWrite() {
			out = append(out, r)
		}
	}
	return out
}

// ResetRequests forgets the requests so far.
func (s *Server) ResetRequests() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.requests = nil
}

// Fail adds a function that may answer a request in the server's place: with
// ok, nothing is done and status and body (JSON) are sent. The body may be
// read; the server still sees it.
func (s *Server) Fail(f func(*http.Request) (status int, body string, ok bool)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.fail = append(s.fail, f)
}

// Before adds a function that runs before each request is carried out. It may
// use the server in any way, as a concurrent program would; requests that it
// sends itself pass through it too.
func (s *Server) Before(f func(*http.Request)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.before = append(s.before, f)
}

// After adds a function that runs once a request has been carried out and
// before its answer is sent, so that what it changes came after the request
// but before the client knows. It may use the server as Before's may.
func (s *Server) After(f func(r *http.Request, status int)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.after = append(s.after, f)
}

// Repo returns the repository of a full name (OWNER/NAME), which is made if
// there is none yet: public, with an empty branch main.
func (s *Server) Repo(fullName string) *Repo {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.repo(fullName)
}

func (s *Server) repo(fullName string) *Repo {
	if r := s.repos[strings.ToLower(fullName)]; r != nil {
		return r
	}
	owner, name, _ := strings.Cut(fullName, "/")
	r := newRepo(s, s.user(owner), name)
	s.repos[strings.ToLower(fullName)] = r
	return r
}

func (s *Server) nextID() int64 {
	s.lastID++
	return s.lastID
}

// now is the current time as GitHub shows it: UTC, whole seconds.
func (s *Server) now() time.Time { return s.opts.Clock().UTC().Truncate(time.Second) }

// sortedKeys returns the keys of m in order.
func sortedKeys[V any](m map[string]V) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	sort.Strings(keys)
	return keys
}
