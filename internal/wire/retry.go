package wire

import (
	"context"
	"errors"
	"math"
	"math/rand/v2"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"github.com/hashicorp/go-retryablehttp"
)

// Backoff between retries where the server doesn't say how long to wait.
const (
	minBackoff = 500 * time.Millisecond
	maxBackoff = 20 * time.Second
)

// epochFrom tells the two meanings of X-RateLimit-Reset apart: GitHub sends
// seconds since 1970, Terraform Cloud the seconds to wait, as a fraction.
// https://docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api
// https://developer.hashicorp.com/terraform/cloud-docs/api-docs#rate-limiting
const epochFrom = 1e8

// call is what one call has used up; it travels in the request's context.
type call struct {
	method   string
	start    time.Time
	attempts int
	waited   time.Duration
	next     time.Duration // how long to wait before the next attempt
}

type callKey struct{}

func withCall(ctx context.Context, c *call) context.Context {
	return context.WithValue(ctx, callKey{}, c)
}

func callOf(ctx context.Context) *call {
	c, _ := ctx.Value(callKey{}).(*call)
	return c
}

// permanent marks an error that another attempt wouldn't mend.
type permanent struct{ error }

func (p permanent) Unwrap() error { return p.error }

// retrier is the retry policy, as go-retryablehttp's hooks.
type retrier struct{ o Options }

// check decides whether a call goes on, and leaves in it how long to wait.
func (r *retrier) check(ctx context.Context, resp *http.Response, err error) (bool, error) {
	if ctx.Err() != nil {
		return false, ctx.Err()
	}
	c := callOf(ctx)
	c.attempts++
	if !retriable(ctx, c.method, resp, err) {
		return false, err
	}
	now := r.o.Now()
	c.next = backoff(c.attempts)
	if asked, ok := askedWait(resp, now); ok {
		c.next = asked
	}
	if spent := max(c.waited, now.Sub(c.start)); spent+c.next > r.o.MaxWait {
		return false, err
	}
	return true, nil
}

// wait is called before a retry, when the last answer's connection is free
// again.
func (r *retrier) wait(req *http.Request) error {
	c := callOf(req.Context())
	c.waited += c.next
	return r.o.Sleep(req.Context(), c.next)
}

func retriable(ctx context.Context, method string, resp *http.Response, err error) bool {
	var fatal permanent
	if errors.As(err, &fatal) {
		return false
	}
	if err == nil && limited(resp) {
		return true
	}
	if again, _ := retryablehttp.DefaultRetryPolicy(ctx, resp, err); !again {
		return false
	}
	switch method {
	case http.MethodGet, http.MethodHead, http.MethodOptions, http.MethodPut, http.MethodDelete, http.MethodPatch:
		return true
	}
	var op *net.OpError
	return errors.As(err, &op) && op.Op == "dial"
}

// limited reports whether an answer refuses for a rate limit. GitHub's limits
// come as 403, too; then headers tell them from a lack of permission: a
// Retry-After, or nothing left until an instant. Terraform Cloud's answers have
// nothing left of their second whenever all of it is used, and mean no limit.
func limited(resp *http.Response) bool {
	switch resp.StatusCode {
	case http.StatusTooManyRequests:
		return true
	case http.StatusForbidden:
		_, epoch := instant(resp.Header.Get("X-RateLimit-Reset"))
		return resp.Header.Get("Retry-After") != "" || epoch && resp.Header.Get("X-RateLimit-Remaining") == "0"
	}
	return false
}

// askedWait returns how long the server asks to wait, and a little more so
// that not everybody comes back at once. ok is false where it doesn't say, or
// says nothing that makes sense.
func askedWait(resp *http.Response, now time.Time) (_ time.Duration, ok bool) {
	if resp == nil {
		return 0, false
	}
	jitter := rand.N(250 * time.Millisecond)
	after := resp.Header.Get("Retry-After")
	if s, ok := seconds(after); ok {
		return s + jitter, true
	}
	if at, err := http.ParseTime(after); err == nil {
		return max(at.Sub(now), 0) + jitter, true
	}
	if left := resp.Header.Get("X-RateLimit-Remaining"); left != "" && left != "0" || !limited(resp) {
		return 0, false // the reset is of a limit that isn't the cause
	}
	reset := resp.Header.Get("X-RateLimit-Reset")
	if at, ok := instant(reset); ok {
		return max(at.Sub(now), 0) + jitter, true
	}
	s, ok := seconds(reset)
	return s + jitter, ok
}

// instant parses a number of seconds since 1970.
func instant(s string) (time.Time, bool) {
	f, err := strconv.ParseFloat(s, 64)
	if err != nil || !(f >= epochFrom && f < math.MaxInt32*1000) {
		return time.Time{}, false
	}
	return time.Unix(int64(f), 0), true
}

// seconds parses a number of seconds, whole or not, of at most a day.
func seconds(s string) (time.Duration, bool) {
	f, err := strconv.ParseFloat(s, 64)
	if err != nil || !(f >= 0 && f <= 86400) {
		return 0, false
	}
	return time.Duration(f * float64(time.Second)), true
}

// backoff returns the wait after the n-th attempt (from 1): it doubles, and a
// quarter of it is chance.
func backoff(n int) time.Duration {
	d := retryablehttp.DefaultBackoff(minBackoff, maxBackoff, n-1, nil)
	return d*3/4 + rand.N(d/2)
}

// maxRedirects is what browsers and net/http allow.
const maxRedirects = 10

func checkRedirect(req *http.Request, via []*http.Request) error {
	if len(via) >= maxRedirects {
		return permanent{errors.New("stopped after 10 redirects")}
	}
	if via[len(via)-1].URL.Scheme == "https" && req.URL.Scheme != "https" {
		return permanent{errors.New("refused a redirect from https to " + req.URL.Scheme)}
	}
	return nil
}

// hopError takes net/http's own wrapping, whose address may be a signed one,
// off the error of a call to u, and names the host where a redirect led to
// another.
func hopError(u *url.URL, err error) error {
	var hop *url.Error
	if !errors.As(err, &hop) {
		return err
	}
	if at, parseErr := url.Parse(hop.URL); parseErr == nil && at.Host != u.Host {
		return &hostError{at.Host, hop.Err}
	}
	return hop.Err
}

// hostError is a failure of a host other than the one asked.
type hostError struct {
	host string
	err  error
}

func (e *hostError) Error() string { return "redirected to " + e.host + ": " + e.err.Error() }
func (e *hostError) Unwrap() error { return e.err }
