package github

import (
	"net/http"
	"strconv"
	"time"
)

// SecondaryLimit refuses writes, as GitHub does when they come too fast:
// https://docs.github.com/rest/using-the-rest-api/rate-limits-for-the-rest-api#about-secondary-rate-limits
type SecondaryLimit struct {
	After      int           // writes let through first
	Times      int           // writes refused then; 0: all
	Status     int           // 403 or 429; 0: 403
	RetryAfter time.Duration // whole seconds, in Retry-After; 0: no such header
}

// limits is the state of both limits.
type limits struct {
	secondary *SecondaryLimit
	used      int       // requests charged, of all tokens together
	exhausted bool      // the primary limit is set by LimitRate
	left      int       // requests left, when exhausted is set
	reset     time.Time // when they are given anew
}

// Requests an hour, of the primary limit:
// https://docs.github.com/rest/using-the-rest-api/rate-limits-for-the-rest-api#about-primary-rate-limits
const (
	hourlyActions = 1000 // GITHUB_TOKEN, a repository
	hourlyToken   = 5000
	hourlyNobody  = 60
)

// LimitWrites sets the secondary limit; nil takes it away.
func (s *Server) LimitWrites(l *SecondaryLimit) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.limits.secondary = nil
	if l != nil {
		own := *l
		s.limits.secondary = &own
	}
}

// LimitRate lets left more requests through; later ones are answered by 403
// with X-RateLimit-Remaining 0, until the clock has passed reset.
func (s *Server) LimitRate(left int, reset time.Time) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.limits.exhausted, s.limits.left, s.limits.reset = true, left, reset.Truncate(time.Second)
}

// check refuses a request that is over a limit.
func (l *limits) check(r *http.Request, now time.Time) error {
	if l.exhausted && !now.Before(l.reset) {
		l.exhausted = false
	}
	if l.exhausted && l.left <= 0 {
		return &apiError{status: http.StatusForbidden, message: msgPrimary,
			docs: docs + "/overview/rate-limits-for-the-rest-api"}
	}
	s := l.secondary
	if s == nil || !(Request{Method: r.Method, Path: r.URL.Path}).IsWrite() {
		return nil
	}
	if s.After > 0 {
		s.After--
		return nil
	}
	status := s.Status
	if status == 0 {
		status = http.StatusForbidden
	}
	if s.Times > 0 {
		s.Times--
		if s.Times == 0 {
			l.secondary = nil
		}
	}
	return &apiError{status: status, message: msgSecondary, retryAfter: s.RetryAfter,
		docs: docs + "/overview/rate-limits-for-the-rest-api#about-secondary-rate-limits"}
}

// describe charges a request and sets the rate limit's headers.
func (l *limits) describe(h http.Header, now time.Time, a *actor, charge bool) {
	if charge {
		l.used++
		if l.exhausted && l.left > 0 {
			l.left--
		}
	}
	limit, left, used, reset := l.figures(now, a)
	h.Set("X-RateLimit-Limit", strconv.Itoa(limit))
	h.Set("X-RateLimit-Remaining", strconv.Itoa(left))
	h.Set("X-RateLimit-Used", strconv.Itoa(used))
	h.Set("X-RateLimit-Reset", strconv.FormatInt(reset.Unix(), 10))
	h.Set("X-RateLimit-Resource", "core")
}

func (l *limits) figures(now time.Time, a *actor) (limit, left, used int, reset time.Time) {
	limit = hourlyToken
	switch {
	case a == nil:
		limit = hourlyNobody
	case a.app != nil && a.app.slug == ActionsApp:
		limit = hourlyActions
	}
	if l.exhausted {
		return limit, l.left, limit - l.left, l.reset
	}
	return limit, max(limit-l.used, 0), l.used, now.Truncate(time.Hour).Add(time.Hour)
}

func getRateLimit(c *call) (answer, error) {
	limit, left, used, reset := c.s.limits.figures(c.s.now(), c.actor)
	core := object{"limit": limit, "remaining": left, "used": used, "reset": reset.Unix(), "resource": "core"}
	search := object{"limit": 30, "remaining": 30, "used": 0, "reset": reset.Unix(), "resource": "search"}
	return ok(object{"resources": object{"core": core, "search": search, "graphql": core}, "rate": core})
}
