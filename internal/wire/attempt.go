package wire

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
)

// attempt makes one exchange.
type attempt struct{ o Options }

// RoundTrip implements http.RoundTripper.
func (a *attempt) RoundTrip(req *http.Request) (*http.Response, error) {
	ctx, cancel := context.WithCancelCause(req.Context())
	home := a.o.home(req.URL)
	req = req.Clone(ctx)
	if a.o.UserAgent != "" {
		req.Header.Set("User-Agent", a.o.UserAgent)
	}
	for name, values := range a.o.Header {
		req.Header.Del(name)
		if home {
			req.Header[http.CanonicalHeaderKey(name)] = values
		}
	}
	var held *slot
	if a.o.Limiter != nil && (home || a.o.Host == "") {
		var err error
		if held, err = a.o.Limiter.acquire(ctx, &a.o); err != nil {
			cancel(nil)
			if req.Body != nil {
				req.Body.Close()
			}
			return nil, permanent{err}
		}
		req = held.traced(req)
	}
	start := a.o.Now()
	resp, err := a.o.Transport.RoundTrip(req)
	if held != nil {
		held.answered(resp)
	}
	a.log(req, resp, err, slog.Duration("duration", a.o.Now().Sub(start)))
	if err != nil {
		cancel(nil)
		return nil, err
	}
	guarded := newBody(ctx, cancel, resp.Body, a.o)
	if resp.Body = guarded; !a.o.Whole || !home {
		return resp, nil
	}
	defer guarded.Close()
	text, err := io.ReadAll(guarded)
	var large *TooLarge
	switch {
	case errors.As(err, &large):
		err = permanent{err}
	case err == nil:
		resp.Body = io.NopCloser(bytes.NewReader(text))
		return resp, nil
	}
	a.log(req, nil, err, slog.Duration("duration", a.o.Now().Sub(start)))
	return nil, err
}

func (a *attempt) log(req *http.Request, resp *http.Response, err error, duration slog.Attr) {
	attrs := []slog.Attr{slog.String("method", req.Method), slog.String("url", a.o.Secrets.Text(a.show(req.URL))), duration}
	if c := callOf(req.Context()); c != nil {
		attrs = append(attrs, slog.Int("attempt", c.attempts+1))
	}
	if err != nil {
		attrs = append(attrs, slog.String("error", a.o.Secrets.Text(err.Error())))
	} else {
		attrs = append(attrs, slog.Int("status", resp.StatusCode))
	}
	a.o.Log.LogAttrs(req.Context(), slog.LevelDebug, "http", attrs...)
}

// show returns an address for a log: without its query, and of other hosts
// without the path, since Terraform Cloud's archive puts the signature there.
func (a *attempt) show(u *url.URL) string {
	if a.o.Host != "" && !a.o.home(u) {
		return u.Scheme + "://" + u.Host + "/…"
	}
	return u.Scheme + "://" + u.Host + u.EscapedPath()
}

// home reports whether u is an address of Host's API.
func (o *Options) home(u *url.URL) bool {
	return o.Host != "" && HostOf(u) == withPort(o.Host) && strings.HasPrefix(u.Path, o.Path)
}

// HostOf returns the host and port that u leads to, in lower case; the port is
// the scheme's own where u has none.
func HostOf(u *url.URL) string {
	port := u.Port()
	if port == "" {
		port = map[string]string{"http": "80", "https": "443"}[u.Scheme]
	}
	return strings.ToLower(u.Hostname()) + ":" + port
}

func withPort(host string) string { return HostOf(&url.URL{Scheme: "https", Host: host}) }

// Redact takes addresses that may be signed out of an error of an
// http.Client: only scheme and host stay.
func Redact(err error) error {
	var ue *url.Error
	if !errors.As(err, &ue) {
		return err
	}
	at := "an address"
	if u, parseErr := url.Parse(ue.URL); parseErr == nil {
		at = u.Scheme + "://" + u.Host
	}
	return fmt.Errorf("%s %s: %w", strings.ToUpper(ue.Op), at, ue.Err)
}
