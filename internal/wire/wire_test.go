package wire

import (
	"context"
	"crypto/tls"
	"errors"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/strandline-tf/strandline/internal/secret"
)

// clock is a clock that passes only by sleeping.
type clock struct {
	now    time.Time
	sleeps []time.Duration
}

func newClock() *clock { return &clock{now: time.Unix(1_800_000_000, 0)} }

func (c *clock) Now() time.Time { return c.now }
func (c *clock) Sleep(ctx context.Context, d time.Duration) error {
	c.sleeps = append(c.sleeps, d)
	c.now = c.now.Add(d)
	return ctx.Err()
}

// script answers with one function after another; the last one stays.
type script struct {
	steps []func(*http.Request) (*http.Response, error)
	calls int
}

func (s *script) RoundTrip(r *http.Request) (*http.Response, error) {
	if r.Body != nil {
		if _, err := io.Copy(io.Discard, r.Body); err != nil {
			return nil, err
		}
		r.Body.Close()
	}
	step := s.steps[min(s.calls, len(s.steps)-1)]
	s.calls++
	return step(r)
}

func answer(status int, headers ...string) func(*http.Request) (*http.Response, error) {
	return func(r *http.Request) (*http.Response, error) {
		h := http.Header{}
		for i := 0; i+1 < len(headers); i += 2 {
			h.Set(headers[i], headers[i+1])
		}
		return &http.Response{StatusCode: status, Status: http.StatusText(status), Header: h, Request: r,
			Body: io.NopCloser(strings.NewReader("body " + strconv.Itoa(status)))}, nil
	}
}

func fail(err error) func(*http.Request) (*http.Response, error) {
	return func(*http.Request) (*http.Response, error) { return nil, err }
}

var (
	errReset = &net.OpError{Op: "read", Err: errors.New("connection reset")}
	errDial  = &net.OpError{Op: "dial", Err: errors.New("connection refused")}
	errCert  = &tls.CertificateVerificationError{Err: errors.New("unknown authority")}
)

func TestRetries(t *testing.T) {
	type steps = []func(*http.Request) (*http.Response, error)
	epoch := func(d time.Duration) string { return strconv.FormatInt(newClock().now.Add(d).Unix(), 10) }
	for _, tc := range []struct {
		name   string
		method string
		steps  steps
		calls  int
		status int           // 0: an error
		wait   time.Duration // of the first retry, at least; and at most a quarter of a second more
	}{
		{"ok", "GET", steps{answer(200)}, 1, 200, 0},
		{"5xx then ok", "GET", steps{answer(502), answer(200)}, 2, 200, 0},
		{"5xx for ever", "GET", steps{answer(503)}, 5, 503, 0},
		{"501", "GET", steps{answer(501)}, 1, 501, 0},
		{"404", "GET", steps{answer(404)}, 1, 404, 0},
		{"reset, GET", "GET", steps{fail(errReset), answer(200)}, 2, 200, 0},
		{"reset, PATCH", "PATCH", steps{fail(errReset), answer(200)}, 2, 200, 0},
		{"reset, POST", "POST", steps{fail(errReset), answer(200)}, 1, 0, 0},
		{"5xx, POST", "POST", steps{answer(502), answer(200)}, 1, 502, 0},
		{"no connection, POST", "POST", steps{fail(errDial), answer(201)}, 2, 201, 0},
		{"429, POST", "POST", steps{answer(429), answer(201)}, 2, 201, 0},
		{"certificate", "GET", steps{fail(errCert), answer(200)}, 1, 0, 0},
		{"retry-after", "GET", steps{answer(429, "Retry-After", "7"), answer(200)}, 2, 200, 7 * time.Second},
		{"retry-after date", "GET", steps{answer(503, "Retry-After", newClock().now.Add(9*time.Second).UTC().Format(http.TimeFormat)), answer(200)}, 2, 200, 9 * time.Second},
		{"secondary limit", "POST", steps{answer(403, "Retry-After", "60"), answer(200)}, 2, 200, time.Minute},
		{"primary limit, soon", "GET", steps{answer(403, "X-RateLimit-Remaining", "0", "X-RateLimit-Reset", epoch(30*time.Second)), answer(200)}, 2, 200, 30 * time.Second},
		{"primary limit, in an hour", "GET", steps{answer(403, "X-RateLimit-Remaining", "0", "X-RateLimit-Reset", epoch(time.Hour)), answer(200)}, 1, 403, 0},
		{"reset of another limit", "GET", steps{answer(429, "X-RateLimit-Remaining", "4000", "X-RateLimit-Reset", epoch(time.Hour)), answer(200)}, 2, 200, 0},
		{"terraform cloud", "GET", steps{answer(429, "X-RateLimit-Remaining", "0", "X-RateLimit-Reset", "0.9"), answer(200)}, 2, 200, 900 * time.Millisecond},
		{"403 that used up its second", "GET", steps{answer(403, "X-RateLimit-Remaining", "0", "X-RateLimit-Reset", "0.4"), answer(200)}, 1, 403, 0},
		{"plain 403", "GET", steps{answer(403, "X-RateLimit-Remaining", "9"), answer(200)}, 1, 403, 0},
		{"senseless headers", "GET", steps{answer(429, "Retry-After", "NaN", "X-RateLimit-Reset", "-Inf"), answer(200)}, 2, 200, 0},
	} {
		t.Run(tc.name, func(t *testing.T) {
			clk, tr := newClock(), &script{steps: tc.steps}
			client := New(Options{Transport: tr, Now: clk.Now, Sleep: clk.Sleep})
			var reqBody io.Reader
			if tc.method == "POST" || tc.method == "PATCH" {
				reqBody = strings.NewReader("payload")
			}
			req, err := http.NewRequest(tc.method, "https://example.test/x", reqBody)
			if err != nil {
				t.Fatal(err)
			}
			resp, err := client.Do(req)
			if tr.calls != tc.calls {
				t.Errorf("%d exchanges, want %d", tr.calls, tc.calls)
			}
			if tc.status == 0 {
				if err == nil {
					t.Fatal("no error")
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			defer resp.Body.Close()
			if text, err := io.ReadAll(resp.Body); resp.StatusCode != tc.status || err != nil || string(text) != "body "+strconv.Itoa(tc.status) {
				t.Errorf("got %d %q %v, want %d with its body", resp.StatusCode, text, err, tc.status)
			}
			if tc.wait > 0 && (clk.sleeps[0] < tc.wait || clk.sleeps[0] > tc.wait+250*time.Millisecond) {
				t.Errorf("waited %v, want %v", clk.sleeps, tc.wait)
			}
		})
	}
}

func TestMaxWaitBoundsTheWhole(t *testing.T) {
	clk, tr := newClock(), &script{steps: []func(*http.Request) (*http.Response, error){answer(429, "Retry-After", "25")}}
	resp, err := New(Options{Transport: tr, Now: clk.Now, Sleep: clk.Sleep, MaxRetries: 100, MaxWait: time.Minute}).Get("https://example.test")
	if err != nil {
		t.Fatal(err)
	}
	resp.Body.Close()
	if tr.calls != 3 || resp.StatusCode != 429 {
		t.Errorf("%d exchanges ending in %d, want 3 ending in 429", tr.calls, resp.StatusCode)
	}
}

func TestCancelEndsAWait(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	tr := &script{steps: []func(*http.Request) (*http.Response, error){func(r *http.Request) (*http.Response, error) {
		time.AfterFunc(20*time.Millisecond, cancel)
		return answer(429, "Retry-After", "60")(r)
	}}}
	req, _ := http.NewRequestWithContext(ctx, "GET", "https://example.test", nil)
	start := time.Now()
	if _, err := New(Options{Transport: tr}).Do(req); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v, want canceled", err)
	}
	if d := time.Since(start); d > 5*time.Second {
		t.Errorf("took %v", d)
	}
}

func serve(t *testing.T, h http.HandlerFunc) *url.URL {
	t.Helper()
	s := httptest.NewServer(h)
	t.Cleanup(s.Close)
	u, err := url.Parse(s.URL)
	if err != nil {
		t.Fatal(err)
	}
	return u
}

func TestCredentialsStayWithTheirHost(t *testing.T) {
	var elsewhere http.Header
	other := serve(t, func(w http.ResponseWriter, r *http.Request) { elsewhere = r.Header.Clone() })
	var here http.Header
	home := serve(t, func(w http.ResponseWriter, r *http.Request) {
		here = r.Header.Clone()
		http.Redirect(w, r, other.String()+"/object?sig=1", http.StatusTemporaryRedirect)
	})
	client := New(Options{Host: HostOf(home), Header: http.Header{"Authorization": {"Bearer tok"}}, UserAgent: "ua/1"})
	req, _ := http.NewRequest("GET", home.String(), nil)
	req.Header.Set("Authorization", "Bearer placeholder")
	resp, err := client.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	resp.Body.Close()
	if got := here.Get("Authorization"); got != "Bearer tok" {
		t.Errorf("home got %q", got)
	}
	if got := elsewhere.Values("Authorization"); len(got) != 0 {
		t.Errorf("the other host got %q", got)
	}
	if got := elsewhere.Get("User-Agent"); got != "ua/1" {
		t.Errorf("User-Agent %q", got)
	}
	if resp.Request.URL.Host != other.Host {
		t.Errorf("the answer's request is %s", resp.Request.URL)
	}
}

func TestCredentialsStayWithTheAPI(t *testing.T) {
	got := map[string]string{}
	home := serve(t, func(w http.ResponseWriter, r *http.Request) {
		got[r.URL.Path] = r.Header.Get("Authorization")
		if r.URL.Path == "/api/v2/plan" {
			http.Redirect(w, r, "/archive/object?sig=1", http.StatusTemporaryRedirect)
		}
	})
	client := New(Options{Host: HostOf(home), Path: "/api/", Header: http.Header{"Authorization": {"Bearer tok"}}})
	resp, err := client.Get(home.String() + "/api/v2/plan")
	if err != nil {
		t.Fatal(err)
	}
	resp.Body.Close()
	if got["/api/v2/plan"] != "Bearer tok" || got["/archive/object"] != "" {
		t.Errorf("got %v", got)
	}
}

func TestHostNeedsItsPort(t *testing.T) {
	for _, tc := range []struct{ raw, host string }{
		{"https://App.Example.test/x", "app.example.test:443"},
		{"http://app.example.test", "app.example.test:80"},
		{"https://app.example.test:8443", "app.example.test:8443"},
	} {
		u, err := url.Parse(tc.raw)
		if err != nil {
			t.Fatal(err)
		}
		if got := HostOf(u); got != tc.host {
			t.Errorf("HostOf(%s) = %s, want %s", tc.raw, got, tc.host)
		}
	}
	var got string
	tr := &script{steps: []func(*http.Request) (*http.Response, error){func(r *http.Request) (*http.Response, error) {
		got = r.Header.Get("Authorization")
		return answer(200)(r)
	}}}
	client := New(Options{Transport: tr, Host: "app.example.test", Header: http.Header{"Authorization": {"t"}}})
	for raw, want := range map[string]string{"https://app.example.test/": "t", "http://app.example.test/": ""} {
		resp, err := client.Get(raw)
		if err != nil {
			t.Fatal(err)
		}
		resp.Body.Close()
		if got != want {
			t.Errorf("%s got %q, want %q", raw, got, want)
		}
	}
}

func TestRetryStartsOverFromTheFirstAddress(t *testing.T) {
	var other *url.URL
	signed := 0
	home := serve(t, func(w http.ResponseWriter, r *http.Request) {
		signed++
		http.Redirect(w, r, other.String()+"/?n="+strconv.Itoa(signed), http.StatusFound)
	})
	other = serve(t, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Query().Get("n") == "1" {
			w.WriteHeader(http.StatusServiceUnavailable)
		}
	})
	clk := newClock()
	resp, err := New(Options{Now: clk.Now, Sleep: clk.Sleep}).Get(home.String())
	if err != nil {
		t.Fatal(err)
	}
	resp.Body.Close()
	if signed != 2 || resp.StatusCode != 200 {
		t.Errorf("%d signed addresses, status %d", signed, resp.StatusCode)
	}
}

func TestRedirectsThatAreRefused(t *testing.T) {
	for name, target := range map[string]string{
		"loop":      "https://example.test/",
		"downgrade": "http://example.test/",
		"scheme":    "file:///etc/passwd",
	} {
		t.Run(name, func(t *testing.T) {
			tr := &script{steps: []func(*http.Request) (*http.Response, error){answer(302, "Location", target)}}
			clk := newClock()
			_, err := New(Options{Transport: tr, Now: clk.Now, Sleep: clk.Sleep}).Get("https://example.test/")
			if err == nil || len(clk.sleeps) > 0 {
				t.Errorf("error %v after %d waits", err, len(clk.sleeps))
			}
		})
	}
}

func TestErrorsAndLogsHoldNoSignature(t *testing.T) {
	var log strings.Builder
	secrets := &secret.Set{}
	secrets.AddToken("tok3n")
	tr := &script{steps: []func(*http.Request) (*http.Response, error){
		answer(302, "Location", "https://archive.test/v1/object/SIGNATURE?sig=SIGNATURE"), fail(errReset),
	}}
	client := New(Options{Transport: tr, Host: "api.test", MaxRetries: -1, Secrets: secrets,
		Log: slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug}))})
	_, err := client.Get("https://api.test/path/tok3n?q=SIGNATURE")
	err = Redact(err)
	if err == nil || strings.Contains(err.Error(), "SIGNATURE") || !strings.Contains(err.Error(), "archive.test") {
		t.Errorf("error: %v", err)
	}
	if got := log.String(); strings.Contains(got, "SIGNATURE") || strings.Contains(got, "tok3n") ||
		!strings.Contains(got, "status=302") || !strings.Contains(got, "attempt=1") || !strings.Contains(got, "https://api.test/path/") {
		t.Errorf("log: %s", got)
	}
}

func TestMaxBody(t *testing.T) {
	u := serve(t, func(w http.ResponseWriter, r *http.Request) { io.WriteString(w, strings.Repeat("x", 101)) })
	for limit, want := range map[int64]bool{100: true, 101: false, 0: false} {
		resp, err := New(Options{MaxBody: limit}).Get(u.String())
		if err != nil {
			t.Fatal(err)
		}
		_, err = io.Copy(io.Discard, resp.Body)
		resp.Body.Close()
		var large *TooLarge
		if errors.As(err, &large) != want {
			t.Errorf("limit %d: %v", limit, err)
		}
	}
}

func TestNothingHangs(t *testing.T) {
	for _, name := range []string{"header", "body"} {
		t.Run(name, func(t *testing.T) {
			release := make(chan struct{})
			u := serve(t, func(w http.ResponseWriter, r *http.Request) {
				if name == "body" {
					io.WriteString(w, "begin")
					w.(http.Flusher).Flush()
				}
				<-release
			})
			t.Cleanup(func() { close(release) })
			client := New(Options{HeaderTimeout: 50 * time.Millisecond, IdleTimeout: 50 * time.Millisecond, MaxRetries: -1})
			resp, err := client.Get(u.String())
			if name == "header" {
				if err == nil {
					t.Error("no error")
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			defer resp.Body.Close()
			if text, err := io.ReadAll(resp.Body); !errors.Is(err, ErrStalled) || string(text) != "begin" {
				t.Errorf("read %q, %v", text, err)
			}
		})
	}
}

func TestASlowReaderIsNoStall(t *testing.T) {
	u := serve(t, func(w http.ResponseWriter, r *http.Request) { io.WriteString(w, "abc") })
	resp, err := New(Options{IdleTimeout: 20 * time.Millisecond}).Get(u.String())
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	time.Sleep(60 * time.Millisecond)
	if text, err := io.ReadAll(resp.Body); string(text) != "abc" || err != nil {
		t.Errorf("read %q, %v", text, err)
	}
}

func TestTruncatedTransferIsAnError(t *testing.T) {
	u := serve(t, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Length", "100")
		io.WriteString(w, "half")
	})
	resp, err := New(Options{}).Get(u.String())
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	if _, err := io.ReadAll(resp.Body); !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Errorf("got %v", err)
	}
}

// An answer that breaks off is one more that isn't whole: asked for again, but
// for what may have done something.
func TestWholeAnswers(t *testing.T) {
	n := 0
	u := serve(t, func(w http.ResponseWriter, r *http.Request) {
		if n++; n < 3 {
			w.Header().Set("Content-Length", "100")
		}
		io.WriteString(w, "whole")
	})
	o := Options{Host: u.Host, Whole: true, MaxBody: 10, Sleep: func(context.Context, time.Duration) error { return nil }}
	resp, err := New(o).Get(u.String())
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	if text, err := io.ReadAll(resp.Body); string(text) != "whole" || err != nil || n != 3 {
		t.Errorf("%q %v after %d", text, err, n)
	}
	n = 0
	if _, err := New(o).Post(u.String(), "text/plain", nil); !errors.Is(err, io.ErrUnexpectedEOF) || n != 1 {
		t.Errorf("%v after %d", err, n)
	}
	o.MaxBody, n = 2, 5
	var large *TooLarge
	if _, err := New(o).Get(u.String()); !errors.As(err, &large) || n != 6 {
		t.Errorf("%v after %d", err, n)
	}
}
