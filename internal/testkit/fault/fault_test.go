package fault_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/strandline-tf/strandline/internal/testkit/fault"
)

var whole = bytes.Repeat([]byte("0123456789"), 100)

func works(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "text/plain")
	_, _ = w.Write(whole)
}

// ask sends one request to a server with a plan.
func ask(t *testing.T, rule fault.Rule) (status int, body []byte, h http.Header, err error) {
	t.Helper()
	p := fault.Wrap(http.HandlerFunc(works), fault.Plan{Seed: 1, Rules: []fault.Rule{rule}})
	srv := httptest.NewServer(p)
	defer srv.Close()
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
	defer cancel()
	// A POST, which Go's client doesn't send again by itself.
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, srv.URL, strings.NewReader("x"))
	if err != nil {
		t.Fatal(err)
	}
	resp, err := http.DefaultClient.Do(req)
	if p.Struck(0) != 1 {
		t.Errorf("struck %d times", p.Struck(0))
	}
	if err != nil {
		return 0, nil, nil, err
	}
	defer resp.Body.Close()
	body, err = io.ReadAll(resp.Body)
	return resp.StatusCode, body, resp.Header, err
}

func TestCut(t *testing.T) {
	for _, tc := range []struct {
		framing fault.Framing
		noticed bool
	}{{fault.Length, true}, {fault.Chunked, true}, {fault.Close, false}} {
		status, body, h, err := ask(t, fault.Rule{Cut: 0.5, Framing: tc.framing})
		if noticed := errors.Is(err, io.ErrUnexpectedEOF); noticed != tc.noticed {
			t.Errorf("framing %d: error %v", tc.framing, err)
		}
		if status != 200 || !bytes.Equal(body, whole[:500]) || h.Get("Content-Type") != "text/plain" {
			t.Errorf("framing %d: status %d, %d bytes, %v", tc.framing, status, len(body), h)
		}
		if announced := h.Get("Content-Length") == "1000"; announced != (tc.framing == fault.Length) {
			t.Errorf("framing %d: Content-Length %q", tc.framing, h.Get("Content-Length"))
		}
	}
	if _, body, _, _ := ask(t, fault.Rule{Cut: 0.9999, Framing: fault.Close}); len(body) != 999 {
		t.Errorf("%d bytes: nothing was cut", len(body))
	}
}

func TestCorrupt(t *testing.T) {
	_, first, _, err := ask(t, fault.Rule{Corrupt: 3})
	if err != nil || len(first) != len(whole) {
		t.Fatalf("%d bytes, %v", len(first), err)
	}
	changed := 0
	for i := range whole {
		if first[i] != whole[i] {
			changed++
		}
	}
	if changed != 3 {
		t.Errorf("%d bytes changed", changed)
	}
	if _, again, _, _ := ask(t, fault.Rule{Corrupt: 3}); !bytes.Equal(first, again) {
		t.Error("the same seed corrupts differently")
	}
}

func TestRefuse(t *testing.T) {
	status, body, h, err := ask(t, fault.Rule{Status: 429, Body: "slow", Header: http.Header{"Retry-After": {"7"}}})
	if err != nil || status != 429 || string(body) != "slow" || h.Get("Retry-After") != "7" {
		t.Errorf("%d %q %v %v", status, body, h, err)
	}
	if _, _, _, err := ask(t, fault.Rule{Reset: true}); !errors.Is(err, syscall.ECONNRESET) && !errors.Is(err, io.EOF) {
		t.Errorf("reset: %v", err)
	}
}

func TestDelayAndThrottle(t *testing.T) {
	start := time.Now()
	if _, body, _, err := ask(t, fault.Rule{Delay: 60 * time.Millisecond}); err != nil || !bytes.Equal(body, whole) || time.Since(start) < 60*time.Millisecond {
		t.Errorf("delayed by %v: %v", time.Since(start), err)
	}
	start = time.Now()
	if _, body, _, err := ask(t, fault.Rule{Rate: 10_000}); err != nil || !bytes.Equal(body, whole) || time.Since(start) < 70*time.Millisecond {
		t.Errorf("1000 bytes at 10000 a second in %v: %v", time.Since(start), err)
	}
}

// TestPlanDoesNotDependOnOrder asks in parallel, twice.
func TestPlanDoesNotDependOnOrder(t *testing.T) {
	run := func(seed uint64) string {
		p := fault.Wrap(http.HandlerFunc(works), fault.Plan{Seed: seed, Rules: []fault.Rule{{Chance: 0.5, Status: 500}}})
		var wg sync.WaitGroup
		got := make([]byte, 64)
		for i := range got {
			wg.Go(func() {
				rec := httptest.NewRecorder()
				p.ServeHTTP(rec, httptest.NewRequest("GET", fmt.Sprintf("/%d", i), nil))
				got[i] = "0123456789"[rec.Code/100]
			})
		}
		wg.Wait()
		return string(got)
	}
	first := run(7)
	if n := strings.Count(first, "5"); n < 16 || n > 48 {
		t.Errorf("%d of 64 failed at even odds", n)
	}
	if again := run(7); again != first {
		t.Errorf("one seed, two plans:\n%s\n%s", first, again)
	}
	if run(8) == first {
		t.Error("two seeds, one plan")
	}
}

func TestSkipTimesMatchAndProxy(t *testing.T) {
	behind := httptest.NewServer(http.HandlerFunc(works))
	defer behind.Close()
	target, err := url.Parse(behind.URL)
	if err != nil {
		t.Fatal(err)
	}
	p := fault.To(target, fault.Plan{Rules: []fault.Rule{{
		Match: func(r *http.Request) bool { return r.URL.Path == "/a" }, Skip: 1, Times: 2, Status: 503}}})
	var got []int
	for _, path := range []string{"/a", "/b", "/a", "/b", "/a", "/a"} {
		rec := httptest.NewRecorder()
		p.ServeHTTP(rec, httptest.NewRequest("GET", path, nil))
		got = append(got, rec.Code)
	}
	if fmt.Sprint(got) != "[200 200 503 200 503 200]" || p.Struck(0) != 2 {
		t.Errorf("%v, struck %d", got, p.Struck(0))
	}
}
