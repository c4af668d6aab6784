package wire

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/http/httptrace"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// strict is a server that allows limit requests in any second, counted as they
// arrive, and refuses the rest.
type strict struct {
	limit   int
	arrive  func() time.Duration // how long requests travel
	answer  func() time.Duration // how long answers take
	headers bool

	mu      sync.Mutex
	times   []time.Time // of arrivals within the last second
	served  int
	refused int
}

func (s *strict) RoundTrip(r *http.Request) (*http.Response, error) {
	httptrace.ContextClientTrace(r.Context()).WroteRequest(httptrace.WroteRequestInfo{})
	time.Sleep(s.arrive())
	status, header := s.admit()
	time.Sleep(s.answer())
	return &http.Response{StatusCode: status, Header: header, Request: r, Body: io.NopCloser(strings.NewReader(""))}, nil
}

func (s *strict) admit() (int, http.Header) {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := time.Now()
	for len(s.times) > 0 && now.Sub(s.times[0]) >= time.Second {
		s.times = s.times[1:]
	}
	h := http.Header{}
	if s.headers {
		h.Set("X-RateLimit-Limit", fmt.Sprint(s.limit))
		h.Set("X-RateLimit-Remaining", fmt.Sprint(max(0, s.limit-len(s.times)-1)))
		h.Set("X-RateLimit-Reset", "0.3")
	}
	if len(s.times) >= s.limit {
		s.refused++
		return http.StatusTooManyRequests, h
	}
	s.times = append(s.times, now)
	s.served++
	return http.StatusOK, h
}

// load makes n requests with workers and returns how long they took.
func load(t *testing.T, n, workers int, limiter *Limiter, server http.RoundTripper) time.Duration {
	t.Helper()
	client := New(Options{Transport: server, Host: "api.test", Limiter: limiter})
	start, work := time.Now(), make(chan int)
	var g sync.WaitGroup
	for range workers {
		g.Go(func() {
			for range work {
				resp, err := client.Get("https://api.test/")
				if err != nil || resp.StatusCode != http.StatusOK {
					t.Errorf("%v %v", resp, err)
					continue
				}
				resp.Body.Close()
			}
		})
	}
	for i := range n {
		work <- i
	}
	close(work)
	g.Wait()
	return time.Since(start)
}

func upTo(d time.Duration) func() time.Duration {
	r := rand.New(rand.NewPCG(1, 2))
	var mu sync.Mutex
	return func() time.Duration {
		mu.Lock()
		defer mu.Unlock()
		return d/8 + time.Duration(r.Int64N(int64(d)))
	}
}

// All of the limit is used, and nothing beyond it, however requests and
// answers travel.
func TestLimiterUsesAllOfItAndNoMore(t *testing.T) {
	ms := time.Millisecond
	for _, tc := range []struct {
		name           string
		workers        int
		arrive, answer time.Duration
		headers        bool
	}{
		{"near", 8, ms, 10 * ms, false},
		{"with headers", 8, ms, 30 * ms, true},
		{"bunched on the way", 8, 35 * ms, ms, false},
		{"slow answers", 32, 10 * ms, 700 * ms, false},
		{"many workers", 100, 20 * ms, 60 * ms, true},
	} {
		t.Run(tc.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := &strict{limit: 30, arrive: upTo(tc.arrive), answer: upTo(tc.answer), headers: tc.headers}
				took := load(t, 300, tc.workers, NewLimiter(30), s)
				if s.refused > 0 || s.served != 300 {
					t.Errorf("%d served, %d refused", s.served, s.refused)
				}
				if took < 9*time.Second || took > 11500*ms {
					t.Errorf("took %v, want 300 requests at 30 a second", took)
				}
				t.Logf("%v", took)
			})
		})
	}
}

func TestLimiterFollowsTheServer(t *testing.T) {
	at := func(status int, headers ...string) *http.Response {
		resp, _ := answer(status, headers...)(nil)
		return resp
	}
	const limit, left, reset = "X-RateLimit-Limit", "X-RateLimit-Remaining", "X-RateLimit-Reset"
	for _, tc := range []struct {
		name  string
		resp  *http.Response
		limit int
		pause time.Duration
	}{
		{"nothing", at(200), 30, 0},
		{"more", at(200, limit, "90", left, "80", reset, "0.5"), 90, 0},
		{"less", at(200, limit, "5", left, "3", reset, "0.5"), 5, 0},
		{"limit alone", at(200, limit, "60"), 60, 0},
		{"none left", at(200, limit, "30", left, "0", reset, "0.4"), 30, 400 * time.Millisecond},
		{"refused", at(429, reset, "0.7"), 30, 700 * time.Millisecond},
		{"a minute's limit", at(429, limit, "12", left, "0", reset, "44.5"), 30, 0},
		{"an hour's limit, until an instant", at(200, limit, "5000", left, "0", reset, "1800003600"), 30, 0},
		{"no number", at(200, limit, "thirty", left, "x", reset, "soon"), 30, 0},
		{"zero", at(200, limit, "0", left, "7", reset, "0.2"), 30, 0},
		{"negative", at(200, limit, "-3", left, "-1", reset, "-1"), 30, 0},
		{"beyond belief", at(200, limit, "1000000000", left, "9", reset, "0.1"), 30, 0},
		{"too large for a number", at(200, limit, "99999999999999999999", left, "9", reset, "1e400"), 30, 0},
		{"not finite", at(200, limit, "NaN", left, "0", reset, "NaN"), 30, 0},
	} {
		t.Run(tc.name, func(t *testing.T) {
			clk, l := newClock(), NewLimiter(30)
			s, _ := l.try(clk.Now)
			s.answered(tc.resp)
			if l.limit != tc.limit || max(0, l.pause.Sub(clk.now)) != tc.pause {
				t.Errorf("limit %d, pause %v", l.limit, l.pause.Sub(clk.now))
			}
			if next, wait := l.try(clk.Now); (next == nil) != (tc.pause > 0) || wait != tc.pause {
				t.Errorf("the next one waits %v", wait)
			}
		})
	}
	l := NewLimiter(0)
	for range 2000 {
		s, _ := l.try(time.Now)
		if s == nil {
			t.Fatal("no limit is none")
		}
		s.answered(at(429, limit, "1", left, "0", reset, "1"))
	}
}

// A server that allows less than was thought is obeyed from its first answer.
func TestLimiterComesDown(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &strict{limit: 10, arrive: upTo(time.Millisecond), answer: upTo(20 * time.Millisecond), headers: true}
		took := load(t, 100, 8, NewLimiter(30), s)
		if s.refused > 8 || took < 9*time.Second || took > 11500*time.Millisecond {
			t.Errorf("took %v, %d refused", took, s.refused)
		}
	})
}

func TestLimiterCountsOnlyItsHost(t *testing.T) {
	tr := &script{steps: []func(*http.Request) (*http.Response, error){answer(200)}}
	clk := newClock()
	client := New(Options{Transport: tr, Host: "api.test", Limiter: NewLimiter(1), Now: clk.Now, Sleep: clk.Sleep})
	for i, tc := range []struct {
		url    string
		sleeps int
	}{{"https://other.test", 0}, {"https://api.test", 0}, {"https://other.test", 0}, {"https://api.test", 1}} {
		resp, err := client.Get(tc.url)
		if err != nil || len(clk.sleeps) != tc.sleeps {
			t.Fatalf("%d: %v, %v", i, clk.sleeps, err)
		}
		resp.Body.Close()
	}
}

func TestLimiterEndsWithTheContext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := NewLimiter(1)
		o := Options{}.withDefaults()
		if _, err := l.acquire(t.Context(), &o); err != nil { // and is never answered
			t.Fatal(err)
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		if _, err := l.acquire(ctx, &o); !errors.Is(err, context.DeadlineExceeded) {
			t.Error(err)
		}
	})
}

// A slow answer tells how things were when its request came.
func TestLimiterPassesOverWhatIsPast(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		for _, tc := range []struct {
			took time.Duration
			wait bool
		}{{100 * time.Millisecond, true}, {3 * time.Second, false}} {
			l := NewLimiter(30)
			s, _ := l.try(time.Now)
			s.free = time.Now().Add(maxFlight + window)
			time.Sleep(tc.took)
			s.answered(&http.Response{StatusCode: http.StatusOK, Header: http.Header{"X-Ratelimit-Remaining": {"0"}, "X-Ratelimit-Reset": {"0.9"}}})
			if next, wait := l.try(time.Now); (next == nil) != tc.wait {
				t.Errorf("answered after %v: wait %v", tc.took, wait)
			}
		}
	})
}
