package tfc

import (
	"net/http"
	"strconv"
	"strings"
	"time"
)

// window counts one token's requests within a span of time.
type window struct {
	start time.Time
	count int
}

// admit counts a request against its token's limit and sets the rate headers. The
// service counts by user; here each token is a user of its own. The limit is one a
// second, but a minute for lists of runs (API documentation, "List Runs in a
// Workspace": 30 requests per minute).
func (s *Server) admit(h http.Header, r *http.Request, secret string) bool {
	if s.opts.RateLimit <= 0 {
		return true
	}
	span, name := time.Second, secret
	if r.Method == http.MethodGet && strings.HasSuffix(r.URL.Path, "/runs") {
		span, name = time.Minute, secret+" run lists"
	}
	now := s.opts.Clock()
	w := s.windows[name]
	if w == nil || now.Sub(w.start) >= span {
		w = &window{start: now}
		s.windows[name] = w
	}
	w.count++
	left := w.start.Add(span).Sub(now)
	h.Set("X-RateLimit-Limit", strconv.Itoa(s.opts.RateLimit))
	h.Set("X-RateLimit-Remaining", strconv.Itoa(max(0, s.opts.RateLimit-w.count)))
	h.Set("X-RateLimit-Reset", strconv.FormatFloat(left.Seconds(), 'f', 3, 64)) // seconds from now
	return w.count <= s.opts.RateLimit
}

func tooMany() answer {
	return failed(http.StatusTooManyRequests, "You have exceeded the API's rate limit.")
}
