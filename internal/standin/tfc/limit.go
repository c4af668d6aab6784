package tfc

import (
	"net/http"
	"strconv"
	"strings"
	"time"
)

// window holds when one token's requests came, of those within a span of time
// that were let through.
type window struct{ times []time.Time }

// admit counts a request against its token's limit and sets the rate headers. The
// service counts by user; here each token is a user of its own. The limit is one a
// second, but a minute for lists of runs (API documentation, "List Runs in a
// Workspace": 30 requests per minute); it holds for every such span, whenever it
// begins, which is as strict as a service can be.
func (s *Server) admit(h http.Header, r *http.Request, secret string) bool {
	if s.opts.RateLimit <= 0 {
		return true
	}
	span, name := time.Second, secret
	if r.Method == http.MethodGet && strings.HasSuffix(r.URL.Path, "/runs") {
		span, name = time.Minute, secret+" run lists"
	}
	w := s.windows[name]
	if w == nil {
		w = &window{}
		s.windows[name] = w
	}
	now := s.opts.Clock()
	for len(w.times) > 0 && now.Sub(w.times[0]) >= span {
		w.times = w.times[1:]
	}
	ok := len(w.times) < s.opts.RateLimit
	if ok {
		w.times = append(w.times, now)
	}
	left := w.times[0].Add(span).Sub(now)
	h.Set("X-RateLimit-Limit", strconv.Itoa(s.opts.RateLimit))
	h.Set("X-RateLimit-Remaining", strconv.Itoa(s.opts.RateLimit-len(w.times)))
	h.Set("X-RateLimit-Reset", strconv.FormatFloat(left.Seconds(), 'f', 3, 64)) // seconds from now
	return ok
}

func tooMany() answer {
	return failed(http.StatusTooManyRequests, "You have exceeded the API's rate limit.")
}
