// Package wire is the HTTP client that everything which reads or writes an API
// shares: it retries what may be retried, keeps to rate limits, bounds answers,
// notices transfers that stall, and keeps credentials where they belong.
//
// It is a leaf. Before it comes the configuration (addresses, tokens); after
// it come the fetch and sink packages, which hand the client to go-tfe and
// go-github or use it as it is: New returns a plain *http.Client.
//
// A request passes through three layers, outermost first:
//
//   - transport (this file) follows redirects and starts a call over from its
//     first address when a later hop fails, since signed addresses expire;
//   - retrier (retry.go), on top of go-retryablehttp, decides what is retried
//     and after how long;
//   - attempt (attempt.go) makes one exchange: credentials, limiter
//     (limiter.go), log, and the guard around the body (body.go).
package wire

import (
	"context"
	"log/slog"
	"net/http"
	"time"

	"github.com/hashicorp/go-retryablehttp"

	"github.com/strandline-tf/strandline/internal/secret"
)

// Defaults of Options.
const (
	DefaultMaxRetries    = 4
	DefaultMaxWait       = 2 * time.Minute
	DefaultHeaderTimeout = time.Minute
	DefaultIdleTimeout   = time.Minute
)

// APIBody is the MaxBody for answers of an API, in bytes: far more than a page
// of a list holds, far less than would exhaust the memory of a runner.
const APIBody = 64 << 20

// Options configures New. The zero value is usable.
type Options struct {
	UserAgent string

	// Host is the one host that Header goes to, as HostOf returns it; without
	// a port, 443 is meant.
	Host string
	// Path is what the paths of Host's API begin with; "" is all of them. What
	// Host serves beside it, as an archive whose addresses are signed, is
	// treated as another host: it needs no credentials, and may refuse them.
	Path string
	// Header is added to every request to Host (Authorization, say), and taken
	// off every request to another host, be it a redirect's.
	Header http.Header

	// Limiter, if any, is waited for before each request to Host (to any host
	// where Host is empty). Clients of one host share one.
	Limiter *Limiter

	// MaxBody is the number of bytes after which reading an answer fails with
	// a TooLarge; 0 is no limit.
	MaxBody int64

	// Whole has an answer of Host read before it is returned, so that one that
	// breaks off is retried as others are. It is for a small MaxBody.
	Whole bool
	// MaxRetries is how often a request is sent again; 0 is
	// DefaultMaxRetries, a negative number never.
	MaxRetries int
	// MaxWait bounds the time from a request's start to its last retry,
	// waiting included; 0 is DefaultMaxWait. A server that asks for more
	// patience than that gets its answer returned at once.
	MaxWait time.Duration
	// HeaderTimeout bounds the wait for an answer's header; 0 is
	// DefaultHeaderTimeout. It applies where Transport is nil or an
	// *http.Transport.
	HeaderTimeout time.Duration
	// IdleTimeout bounds each wait for more of a body; 0 is
	// DefaultIdleTimeout. How long a reader takes between reads doesn't count.
	IdleTimeout time.Duration

	// Transport makes the exchanges; nil is a copy of http.DefaultTransport,
	// which honours HTTPS_PROXY, NO_PROXY and SSL_CERT_FILE.
	Transport http.RoundTripper

	// Log receives one debug record for each exchange; nil is silence. Secrets
	// are withheld from it.
	Log     *slog.Logger
	Secrets *secret.Set

	// Now and Sleep are the clock; nil is the real one. Sleep returns early,
	// with the context's error, when the context ends.
	Now   func() time.Time
	Sleep func(context.Context, time.Duration) error
}

func (o Options) withDefaults() Options {
	if o.MaxRetries == 0 {
		o.MaxRetries = DefaultMaxRetries
	}
	o.MaxRetries = max(o.MaxRetries, 0)
	setDefault(&o.MaxWait, DefaultMaxWait)
	setDefault(&o.HeaderTimeout, DefaultHeaderTimeout)
	setDefault(&o.IdleTimeout, DefaultIdleTimeout)
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Sleep == nil {
		o.Sleep = Sleep
	}
	if o.Transport == nil {
		o.Transport = http.DefaultTransport
	}
	if t, ok := o.Transport.(*http.Transport); ok {
		t = t.Clone()
		t.ResponseHeaderTimeout = o.HeaderTimeout
		t.MaxIdleConnsPerHost = t.MaxIdleConns // all requests go to one or two hosts
		o.Transport = t
	}
	return o
}

func setDefault(d *time.Duration, v time.Duration) {
	if *d == 0 {
		*d = v
	}
}

// Sleep waits for d, or until ctx ends: then it returns ctx's error.
func Sleep(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-t.C:
		return nil
	}
}

// New returns a client that behaves as Options says.
//
// Retried are: connection errors and 5xx (but 501) of GET, HEAD, OPTIONS, PUT,
// DELETE and PATCH (the APIs in use here PATCH absolute values, so that a
// second one does what the first did); a POST only where no connection was
// made; and, for every method, answers that refuse for a rate limit, as
// nothing was done then. When it gives up, the last answer is returned as it
// is, body included.
//
// Redirects are followed within the client: its CheckRedirect is never asked.
func New(o Options) *http.Client {
	o = o.withDefaults()
	r := &retrier{o}
	return &http.Client{Transport: &transport{o, &retryablehttp.Client{
		HTTPClient:   &http.Client{Transport: &attempt{o}, CheckRedirect: checkRedirect},
		RetryMax:     o.MaxRetries,
		CheckRetry:   r.check,
		Backoff:      func(_, _ time.Duration, _ int, _ *http.Response) time.Duration { return 0 },
		PrepareRetry: r.wait,
		ErrorHandler: retryablehttp.PassthroughErrorHandler,
	}}}
}

// transport makes a whole call look like one exchange.
type transport struct {
	o    Options
	next *retryablehttp.Client
}

// RoundTrip implements http.RoundTripper. Errors name no address but the
// host's where a redirect led elsewhere; the caller's http.Client adds the
// address that was asked for.
func (t *transport) RoundTrip(req *http.Request) (*http.Response, error) {
	c := &call{method: req.Method, start: t.o.Now()}
	rewindable, err := retryablehttp.FromRequest(req.WithContext(withCall(req.Context(), c)))
	if err != nil {
		return nil, err
	}
	resp, err := t.next.Do(rewindable)
	if err == nil {
		return resp, nil
	}
	if resp != nil {
		resp.Body.Close()
	}
	return nil, hopError(req.URL, err)
}

// CloseIdleConnections lets http.Client.CloseIdleConnections reach the
// connections.
func (t *transport) CloseIdleConnections() {
	if c, ok := t.o.Transport.(interface{ CloseIdleConnections() }); ok {
		c.CloseIdleConnections()
	}
}
