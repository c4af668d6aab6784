package tfc

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"os"
	"strconv"
	"strings"
	"sync"
	"time"
)

// Options configure a Server. The zero value is HCP Terraform without a rate
// limit and without a terraform binary.
type Options struct {
	// Clock tells the time; nil is time.Now.
	Clock func() time.Time
	// Terraform is the path of a terraform binary that makes real plans; empty:
	// plans are those that the runs bring along.
	Terraform string
	// Env is the environment of that binary ("KEY=value"), whole: nothing is
	// inherited. TF_CLI_CONFIG_FILE and PATH go here.
	Env []string
	// PlanTimeout ends a terraform that takes longer; zero is two minutes.
	PlanTimeout time.Duration
	// RateLimit is how many API requests one token may make a second before it
	// is answered 429 (HCP Terraform: 30), and how many lists of runs a minute;
	// zero: no limit and no headers, as Terraform Enterprise comes out of the box.
	RateLimit int
	// BaseURL ("https://host") is put before links; empty: the request's host.
	BaseURL string
	// ArchiveURL ("https://host") is where temporary download and upload URLs
	// point, archivist.terraform.io in reality; empty: the same host.
	ArchiveURL string
	// PlainLogs switches structured run output off: plan logs are what a person
	// reads in a terminal, not JSON lines.
	PlainLogs bool
	// RedactSensitiveOnly derives redacted plans that withhold what is marked
	// sensitive only, instead of every value.
	RedactSensitiveOnly bool
	// NoRedactedPlans, NoOrganizationRuns, NoAssessments and NoStateInclude
	// leave those features out, as older Terraform Enterprise does and servers
	// that only resemble it: 404 for the first three, while an include of
	// current_state_version is silently passed over.
	NoRedactedPlans, NoOrganizationRuns, NoAssessments, NoStateInclude bool
}

// Server is the stand-in. It is an http.Handler, safe for concurrent use; its API
// is under /api/v2.
type Server struct {
	opts   Options
	mux    *http.ServeMux
	ctx    context.Context // ends with Close; every terraform runs under it
	cancel context.CancelFunc
	work   sync.WaitGroup
	slots  chan struct{} // how many terraform processes may run at a time

	mu       sync.Mutex // guards all below
	closed   bool
	orgs     []*Org
	entities map[string]entity
	archive  map[string]*object
	tokens   map[string]Token
	windows  map[string]*window
	requests []Request
	fail     func(*http.Request) (int, bool)
	planner  func(NewRun) RunSpec
	queries  func(NewQuery) Query
	assessor func(org, workspace string) Assessment
	lastID   int // of ids given out
	objects  int // ever put into the archive
	tempDirs []string
}

// parallelTerraform is how many terraform processes run at a time.
const parallelTerraform = 2

// New returns a server without any organisation. Close it when done.
func New(opts Options) *Server {
	if opts.Clock == nil {
		opts.Clock = time.Now
	}
	if opts.PlanTimeout == 0 {
		opts.PlanTimeout = 2 * time.Minute
	}
	s := &Server{
		opts:     opts,
		slots:    make(chan struct{}, parallelTerraform),
		entities: map[string]entity{},
		archive:  map[string]*object{},
		tokens:   map[string]Token{},
		windows:  map[string]*window{},
	}
	s.ctx, s.cancel = context.WithCancel(context.Background())
	s.mux = s.routes()
	s.add(user{Owner})
	return s
}

// Close ends every terraform that still runs, waits for them, and removes the
// temporary directories.
func (s *Server) Close() {
	s.mu.Lock()
	s.closed = true
	s.mu.Unlock()
	s.cancel()
	s.work.Wait()
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, dir := range s.tempDirs {
		_ = os.RemoveAll(dir) // best effort; the system empties its temporary directory too
	}
	s.tempDirs = nil
}

// Fail installs a hook that is asked before each request: ok means that the
// request is refused with that status. Status 0 cuts the connection in the middle
// of the answer. A nil hook removes it.
func (s *Server) Fail(hook func(*http.Request) (status int, ok bool)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.fail = hook
}

// Planner sets what becomes of runs created through the API while there is no
// terraform binary: the returned RunSpec's plan, log, status and results become
// the run's. Without it such a run changes nothing. It must not call the server.
func (s *Server) Planner(plan func(NewRun) RunSpec) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.planner = plan
}

// call is one request on its way through.
type call struct {
	s     *Server
	r     *http.Request
	token Token
	base  string
}

// handler answers one route while the server is locked.
type handler func(*call) (answer, error)

// ServeHTTP implements http.Handler.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	rec := &recorder{w, s, r}
	s.mu.Lock()
	hook := s.fail
	s.mu.Unlock()
	if hook != nil {
		if status, ok := hook(r); ok {
			s.refuse(rec, r, status)
			return
		}
	}
	s.mux.ServeHTTP(rec, r)
}

// refuse plays the fault that a hook asked for.
func (s *Server) refuse(w *recorder, r *http.Request, status int) {
	switch status {
	case 0:
		cut := &cutter{recorder: w}
		s.mux.ServeHTTP(cut, r)
		cut.cut()
	case http.StatusTooManyRequests:
		w.Header().Set("X-RateLimit-Limit", strconv.Itoa(max(s.opts.RateLimit, 1)))
		w.Header().Set("X-RateLimit-Remaining", "0")
		w.Header().Set("X-RateLimit-Reset", "0.01")
		tooMany().write(w)
	default:
		failed(status, "").write(w)
	}
}

// api wraps a route of the API: headers, rate limit, token, lock.
func (s *Server) api(h handler) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("TFP-API-Version", "2.6")
		w.Header().Set("TFP-AppName", "HCP Terraform")
		// The body is read first: a client that stalls must not hold the lock.
		body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxUpload))
		if err != nil {
			failed(http.StatusBadRequest, "unreadable body").write(w)
			return
		}
		r.Body = io.NopCloser(bytes.NewReader(body))
		c := &call{s: s, r: r, base: s.base(r)}
		s.locked(w, c, h).write(w)
	}
}

func (s *Server) locked(w http.ResponseWriter, c *call, h handler) answer {
	s.mu.Lock()
	defer s.mu.Unlock()
	secret := strings.TrimPrefix(c.r.Header.Get("Authorization"), "Bearer ")
	if !s.admit(w.Header(), c.r, secret) {
		return tooMany()
	}
	token, ok := s.tokenOf(secret)
	if !ok {
		return failed(http.StatusUnauthorized, "")
	}
	c.token = token
	a, err := h(c)
	var f *failure
	switch {
	case errors.As(err, &f):
		return failed(f.status, f.detail)
	case err != nil:
		return failed(http.StatusInternalServerError, err.Error())
	}
	return a
}

// base is what links begin with.
func (s *Server) base(r *http.Request) string {
	if s.opts.BaseURL != "" {
		return s.opts.BaseURL
	}
	if r.TLS != nil || r.Header.Get("X-Forwarded-Proto") == "https" {
		return "https://" + r.Host
	}
	return "http://" + r.Host
}
