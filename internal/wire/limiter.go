package wire

import (
	"context"
	"net/http"
	"net/http/httptrace"
	"strconv"
	"sync"
	"time"
)

const (
	// window is the span that a limit is counted over, and a little more for
	// clocks that don't run alike.
	window = time.Second + 5*time.Millisecond
	// maxFlight is how much longer than another a request is taken to be on its
	// way, at most, once it has been written. What a server takes to answer is
	// beyond that, and isn't waited for.
	maxFlight = 40 * time.Millisecond
	// maxLimit is the highest limit that is believed, in requests a second.
	maxLimit = 1000
)

// Limiter keeps the requests to one host within the host's limit: in no span
// of a second does the host see more of them than it allows. All clients of a
// host share one; it is safe for concurrent use. (A token bucket, as
// golang.org/x/time/rate is, allows its burst and a second's worth besides, or
// has to stay below the limit.)
//
// When a request was sent doesn't tell when it arrives, so evenly spaced ones
// may still arrive bunched. What is certain is that it has arrived when it is
// answered: only a second after that does it stop to count (or, as answers can
// take long, a second after it was written and should have arrived). What that
// costs is maxFlight a second at most, a twenty-fifth of what is allowed.
//
// The limit follows the X-RateLimit headers of answers, as Terraform Cloud
// sends them: requests a second, those left, and seconds until there are more.
// https://developer.hashicorp.com/terraform/cloud-docs/api-docs#rate-limiting
type Limiter struct {
	mu    sync.Mutex
	limit int
	pause time.Time      // nothing is sent before
	slots map[*slot]bool // the requests that count, or did when last looked at
}

// NewLimiter returns a limiter that allows this many requests a second until
// the host says otherwise; 0 is no limit, whatever the host says.
func NewLimiter(perSecond int) *Limiter {
	return &Limiter{limit: perSecond, slots: map[*slot]bool{}}
}

// slot is one request that counts.
type slot struct {
	l    *Limiter
	now  func() time.Time
	free time.Time // when it stops to count; zero: not known yet
}

// acquire waits until a request may be sent, or ctx ends: then it returns
// ctx's error.
func (l *Limiter) acquire(ctx context.Context, o *Options) (*slot, error) {
	for {
		s, wait := l.try(o.Now)
		if s != nil {
			return s, nil
		}
		if err := o.Sleep(ctx, wait); err != nil {
			return nil, err
		}
	}
}

// try takes a slot, or says how long none will be free.
func (l *Limiter) try(clock func() time.Time) (*slot, time.Duration) {
	l.mu.Lock()
	defer l.mu.Unlock()
	s, now := &slot{l: l, now: clock}, clock()
	if l.limit <= 0 {
		return s, 0
	}
	if wait := l.pause.Sub(now); wait > 0 {
		return nil, wait
	}
	wait := window // for a slot that is still unanswered, at least
	for used := range l.slots {
		switch left := used.free.Sub(now); {
		case used.free.IsZero():
		case left <= 0:
			delete(l.slots, used)
		default:
			wait = min(wait, left)
		}
	}
	if len(l.slots) >= l.limit {
		return nil, wait
	}
	l.slots[s] = true
	return s, 0
}

// traced returns the request, made to tell when it has been written: that may
// be long after it was sent, where a connection is made first.
func (s *slot) traced(req *http.Request) *http.Request {
	return req.WithContext(httptrace.WithClientTrace(req.Context(), &httptrace.ClientTrace{
		WroteRequest: func(httptrace.WroteRequestInfo) {
			s.l.mu.Lock()
			defer s.l.mu.Unlock()
			s.free = s.now().Add(maxFlight + window)
		},
	}))
}

// answered notes that the request has been answered, or failed; resp is nil
// then.
func (s *slot) answered(resp *http.Response) {
	s.l.mu.Lock()
	defer s.l.mu.Unlock()
	now := s.now()
	// What a slow answer says was so when the request came, over a second ago.
	stale := !s.free.IsZero() && !now.Before(s.free)
	if free := now.Add(window); s.free.IsZero() || free.Before(s.free) {
		s.free = free
	}
	if resp != nil && s.l.limit > 0 {
		s.l.learn(resp, now, stale)
	}
}

// learn takes what an answer says about the limit. What makes no sense is
// passed over, and so is a limit over more than a second: those of single
// routes (lists of runs: 30 a minute) come in the same headers.
func (l *Limiter) learn(resp *http.Response, now time.Time, stale bool) {
	h := resp.Header
	reset, ok := seconds(h.Get("X-RateLimit-Reset"))
	if h.Get("X-RateLimit-Reset") != "" && (!ok || reset > time.Second) {
		return
	}
	if n, err := strconv.Atoi(h.Get("X-RateLimit-Limit")); err == nil && n > 0 && n <= maxLimit {
		l.limit = n
	}
	// Somebody else may use up the same user's limit.
	if left := h.Get("X-RateLimit-Remaining"); left == "0" && !stale || resp.StatusCode == http.StatusTooManyRequests {
		if until := now.Add(reset); until.After(l.pause) {
			l.pause = until
		}
	}
}
