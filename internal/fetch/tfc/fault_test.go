package tfc_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/strandline-tf/strandline/internal/fetch/tfc"
	"github.com/strandline-tf/strandline/internal/userfault"
	"github.com/strandline-tf/strandline/internal/wire"
)

// connect returns a client of h, with a clock of its own.
func connect(t *testing.T, h http.HandlerFunc) (*tfc.Client, *clock) {
	t.Helper()
	web := httptest.NewServer(h)
	t.Cleanup(web.Close)
	clk := newClock()
	c, err := tfc.New(tfc.Host{Address: web.URL, Token: "tok3n"}, wire.Options{Now: clk.Now, Sleep: clk.Sleep,
		Limiter: wire.NewLimiter(0), IdleTimeout: 100 * time.Millisecond, HeaderTimeout: 2 * time.Second})
	if err != nil {
		t.Fatal(err)
	}
	return c, clk
}

func answer(status int, body string, headers ...string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/vnd.api+json")
		for i := 0; i+1 < len(headers); i += 2 {
			w.Header().Set(headers[i], headers[i+1])
		}
		w.WriteHeader(status)
		io.WriteString(w, body)
	}
}

// Whatever a server answers, reading a run is an error that names the run and
// says what to do, or a run; it neither panics, nor hangs, nor ends the program.
func TestAnswersThatAreNone(t *testing.T) {
	for _, tc := range []struct {
		name   string
		answer http.HandlerFunc
		want   string
	}{
		{"401", answer(401, `{"errors":[{"status":"401"}]}`), "does not accept the token"},
		{"403", answer(403, `{"errors":[]}`), "may not read it (403)"},
		{"404", answer(404, `not json`), "may not read it (404)"},
		{"429 for ever", answer(429, "", "X-RateLimit-Reset", "nonsense", "X-RateLimit-Limit", "nonsense"), "the rate limit is used up"},
		{"500 for ever", answer(500, "<html>oops</html>"), "answered 500"},
		{"malformed limit", answer(200, "{}", "X-RateLimit-Limit", "12abc"), "not the API's"},
		{"a proxy's page", answer(200, "<html>Log in</html>"), "not the API's"},
		{"empty", answer(200, ""), "cannot read run run-a"},
		{"cut short", answer(200, `{"data":{"type":"runs","id":"ru`), "not the API's"},
		{"list instead of a run", answer(200, `{"data":[{"type":"runs","id":"run-a"}]}`), "cannot read run run-a"},
		{"wrong types", answer(200, `{"data":{"type":"runs","id":"run-a","attributes":{"status":{"a":[1]},"created-at":7,"target-addrs":3,"actions":"x"}}}`), "cannot read run run-a"},
		{"null among what is included", answer(200, `{"data":{"type":"runs","id":"run-a","relationships":{"workspace":{"data":{"type":"workspaces","id":"w"}}}},"included":[null]}`), "not the API's"},
		{"redirect loop", func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, r.URL.Path, http.StatusFound) }, "10 redirects"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			c, _ := connect(t, tc.answer)
			_, err := c.Run(t.Context(), "run-a")
			if err == nil || !strings.Contains(err.Error(), tc.want) || !strings.Contains(err.Error(), "run run-a") {
				t.Fatalf("got %v, want %q", err, tc.want)
			}
			if strings.Contains(err.Error(), "\n") || strings.Contains(err.Error()+userfault.Hint(err), "tok3n") {
				t.Errorf("%q", err)
			}
		})
	}
}

func TestUnauthorizedNamesTheVariable(t *testing.T) {
	c, _ := connect(t, answer(401, ""))
	_, err := c.Run(t.Context(), "run-a")
	var un *tfc.Unauthorized
	if !errors.As(err, &un) || !strings.Contains(userfault.Hint(err), "TFE_TOKEN or TF_TOKEN_127_0_0_1") {
		t.Errorf("%v: %s", err, userfault.Hint(err))
	}
}

func TestAddresses(t *testing.T) {
	for address, want := range map[string]string{
		"https://app.terraform.io":  "https://app.terraform.io",
		"https://App.Terraform.io/": "https://app.terraform.io",
		"tfe.example.test:8443":     "https://tfe.example.test:8443",
		"ftp://h":                   "", "": "", "https://h/path": "", "https://u:p@h": "", "://": "",
	} {
		c, err := tfc.New(tfc.Host{Address: address, Token: "t"}, wire.Options{})
		switch {
		case want == "" && userfault.Code(err) != userfault.CodeUsage:
			t.Errorf("%q: %v", address, err)
		case want != "" && (err != nil || c.Address() != want):
			t.Errorf("%q: %v", address, err)
		}
	}
	if _, err := tfc.New(tfc.Host{Address: "https://h-1.test"}, wire.Options{}); !strings.Contains(userfault.Hint(err), "TF_TOKEN_h__1_test") {
		t.Errorf("no token: %v", userfault.Hint(err))
	}
}

func TestListsThatNeverEnd(t *testing.T) {
	for name, next := range map[string]string{"same page": "1", "backwards": "-3", "far away": "99999999"} {
		t.Run(name, func(t *testing.T) {
			n := 0
			c, _ := connect(t, func(w http.ResponseWriter, r *http.Request) {
				n++
				answer(200, `{"data":[],"meta":{"pagination":{"current-page":1,"next-page":`+next+`}}}`)(w, r)
			})
			_, _, err := c.RunsOfCommit(t.Context(), tfc.Filter{Organization: "acme", Commit: sha})
			if err == nil || n > 3 {
				t.Errorf("%v after %d requests", err, n)
			}
		})
	}
}

// A server that ignores search and include, with one run of another commit
// posted as if it were of ours.
func TestARunMustItselfBeOfTheCommit(t *testing.T) {
	c, _ := connect(t, func(w http.ResponseWriter, r *http.Request) {
		const run = `{"type":"runs","id":"%s","attributes":{"status":"planned_and_finished","created-at":"2026-01-0%dT03:04:05Z"},` +
			`"relationships":{"workspace":{"data":{"type":"workspaces","id":"ws-1"}},"configuration-version":{"data":{"type":"configuration-versions","id":"cv-%[2]d"}}}}`
		forged, ours := fmt.Sprintf(run, "run-2", 2), fmt.Sprintf(run, "run-1", 1)
		switch strings.TrimPrefix(r.URL.Path, "/api/v2/") {
		case "organizations/acme/runs":
			answer(200, `{"data":[`+forged+`,`+ours+`]}`)(w, r)
		case "runs/run-2":
			answer(200, `{"data":`+forged+`}`)(w, r)
		case "runs/run-1":
			answer(200, `{"data":`+ours+`}`)(w, r)
		case "workspaces/ws-1":
			answer(200, `{"data":{"type":"workspaces","id":"ws-1","attributes":{"name":"net"}}}`)(w, r)
		case "configuration-versions/cv-2/ingress-attributes":
			answer(200, `{"data":{"type":"ingress-attributes","id":"ia","attributes":{"commit-sha":"`+other+`"}}}`)(w, r)
		case "configuration-versions/cv-1/ingress-attributes":
			answer(200, `{"data":{"type":"ingress-attributes","id":"ia","attributes":{"commit-sha":"`+sha+`"}}}`)(w, r)
		default:
			answer(404, "")(w, r)
		}
	})
	runs, failed, err := c.RunsOfCommit(t.Context(), tfc.Filter{Organization: "acme", Commit: sha})
	if err != nil || len(failed) > 0 || len(runs) != 1 || runs[0].ID != "run-1" || runs[0].Workspace != "net" {
		t.Errorf("%+v %v %v", runs, failed, err)
	}
}

var finished = tfc.Run{ID: "run-a", Organization: "acme", Workspace: "net", PlanID: "plan-a", PlanStatus: "finished"}

func TestOpenPlan(t *testing.T) {
	type step = http.HandlerFunc
	for _, tc := range []struct {
		name     string
		full     []step // answers of json-output, the last one stays
		redacted step
		want     string // the body, or a part of the error
		withheld bool
		fails    bool
	}{
		{"inline", []step{answer(200, "whole")}, nil, "whole", false, false},
		{"not yet, then there", []step{answer(204, ""), answer(204, ""), answer(200, "whole")}, nil, "whole", false, false},
		{"never there", []step{answer(204, "")}, nil, "not finished", false, true},
		{"throttled, then there", []step{answer(429, "", "X-RateLimit-Reset", "0.5"), answer(200, "whole")}, nil, "whole", false, false},
		{"broken, then there", []step{answer(502, ""), answer(200, "whole")}, nil, "whole", false, false},
		{"forbidden", []step{answer(403, "")}, answer(200, "shape"), "shape", true, false},
		{"not found", []step{answer(404, "")}, answer(200, "shape"), "shape", true, false},
		{"both refused", []step{answer(404, "")}, answer(403, ""), "neither in full nor redacted", false, true},
		{"redacted broken", []step{answer(404, "")}, answer(500, "boom"), "answered 500: boom", false, true},
		{"too old", []step{answer(422, "")}, nil, "too old", false, true},
		{"unauthorized", []step{answer(401, "")}, nil, "does not accept the token", false, true},
	} {
		t.Run(tc.name, func(t *testing.T) {
			n := 0
			c, _ := connect(t, func(w http.ResponseWriter, r *http.Request) {
				switch r.URL.Path {
				case "/api/v2/plans/plan-a/json-output":
					n++
					tc.full[min(n, len(tc.full))-1](w, r)
				case "/api/v2/plans/plan-a/json-output-redacted":
					tc.redacted(w, r)
				default:
					t.Errorf("request of %s", r.URL.Path)
				}
			})
			body, withheld, err := c.OpenPlan(t.Context(), finished)
			if tc.fails {
				if err == nil || !strings.Contains(err.Error(), tc.want) || !strings.Contains(err.Error(), "run run-a in acme/net") {
					t.Errorf("got %v", err)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			defer body.Close()
			if text, err := io.ReadAll(body); string(text) != tc.want || err != nil || withheld != tc.withheld {
				t.Errorf("%q %v %t", text, err, withheld)
			}
		})
	}
	c, _ := connect(t, answer(500, ""))
	var un *tfc.Unreadable
	if _, _, err := c.OpenPlan(t.Context(), tfc.Run{ID: "run-a"}); !errors.As(err, &un) {
		t.Errorf("a run without a plan: %v", err)
	}
}

func TestWaitsForAPlanGrow(t *testing.T) {
	c, clk := connect(t, answer(204, ""))
	if _, _, err := c.OpenPlan(t.Context(), finished); !errors.Is(err, tfc.ErrNotReady) {
		t.Errorf("got %v", err)
	}
	if want := []time.Duration{time.Second, 2 * time.Second, 4 * time.Second, 8 * time.Second}; !slices.Equal(clk.sleeps, want) {
		t.Errorf("waited %v", clk.sleeps)
	}
}

// An address that has expired means asking the API for another, and no token
// goes to the archive.
func TestSignedAddressThatExpired(t *testing.T) {
	asked := 0
	archive := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Authorization") != "" {
			t.Error("the archive got the token")
		}
		if r.URL.Path == "/object/1" {
			w.WriteHeader(http.StatusForbidden)
			return
		}
		io.WriteString(w, "whole")
	}))
	t.Cleanup(archive.Close)
	c, _ := connect(t, func(w http.ResponseWriter, r *http.Request) {
		asked++
		http.Redirect(w, r, fmt.Sprintf("%s/object/%d?sig=S1GNATURE", archive.URL, asked), http.StatusTemporaryRedirect)
	})
	body, redacted, err := c.OpenPlan(t.Context(), finished)
	if err != nil {
		t.Fatal(err)
	}
	defer body.Close()
	if text, err := io.ReadAll(body); string(text) != "whole" || err != nil || redacted || asked != 2 {
		t.Errorf("%q %v, asked %d times", text, err, asked)
	}
	asked = 0
	same, _ := connect(t, func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/archive/1":
			w.WriteHeader(http.StatusForbidden)
		case "/archive/2":
			io.WriteString(w, "whole")
		default:
			asked++
			http.Redirect(w, r, fmt.Sprintf("/archive/%d", asked), http.StatusTemporaryRedirect)
		}
	})
	if body, redacted, err := same.OpenPlan(t.Context(), finished); err != nil || redacted || asked != 2 {
		t.Errorf("an archive on the same host: %v, asked %d times", err, asked)
	} else {
		body.Close()
	}
	archive.Close()
	if _, _, err := c.OpenPlan(t.Context(), finished); err == nil || strings.Contains(err.Error(), "S1GNATURE") || strings.Contains(err.Error(), "object") {
		t.Errorf("archive away: %v", err)
	}
}

func TestTransfersThatBreak(t *testing.T) {
	release := make(chan struct{})
	t.Cleanup(func() { close(release) })
	for name, tc := range map[string]struct {
		serve http.HandlerFunc
		want  error
	}{
		"truncated": {func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Length", "1000")
			io.WriteString(w, "half")
		}, io.ErrUnexpectedEOF},
		"stalled": {func(w http.ResponseWriter, r *http.Request) {
			io.WriteString(w, "half")
			w.(http.Flusher).Flush()
			select {
			case <-release:
			case <-r.Context().Done():
			}
		}, wire.ErrStalled},
	} {
		t.Run(name, func(t *testing.T) {
			c, _ := connect(t, tc.serve)
			body, _, err := c.OpenPlan(t.Context(), finished)
			if err != nil {
				t.Fatal(err)
			}
			defer body.Close()
			if text, err := io.ReadAll(body); !errors.Is(err, tc.want) || string(text) != "half" || !strings.Contains(err.Error(), "run run-a in acme/net") {
				t.Errorf("%q %v", text, err)
			}
		})
	}
}

func TestCancelEndsEverything(t *testing.T) {
	c, _ := connect(t, answer(204, ""))
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, _, err := c.OpenPlan(ctx, finished); !errors.Is(err, context.Canceled) {
		t.Errorf("plan: %v", err)
	}
	if _, err := c.Run(ctx, "run-a"); !errors.Is(err, context.Canceled) {
		t.Errorf("run: %v", err)
	}
	if _, _, err := c.Wait(ctx, []tfc.Run{{ID: "run-a", Status: "planning"}}, time.Now().Add(time.Hour), nil); !errors.Is(err, context.Canceled) {
		t.Errorf("wait: %v", err)
	}
}

func runAnswer(status string) string {
	return `{"data":{"type":"runs","id":"run-a","attributes":{"status":"` + status + `","plan-only":true}}}`
}

func TestWait(t *testing.T) {
	run := func(status string) tfc.Run { return tfc.Run{ID: "run-a", Status: status, PlanOnly: true} }
	t.Run("deadline", func(t *testing.T) {
		c, clk := connect(t, answer(200, runAnswer("planning")))
		start := clk.Now()
		got, _, err := c.Wait(t.Context(), []tfc.Run{run("planning")}, start.Add(10*time.Minute), nil)
		if err != nil || got[0].Status != "planning" || clk.Now().Sub(start) != 10*time.Minute {
			t.Errorf("%+v %v after %v", got, err, clk.Now().Sub(start))
		}
		if n := len(clk.sleeps); n < 15 || n > 40 || clk.sleeps[0] > 2*time.Second {
			t.Errorf("%d polls: %v", n, clk.sleeps)
		}
	})
	t.Run("no waiting at all", func(t *testing.T) {
		c, clk := connect(t, answer(500, ""))
		if got, _, err := c.Wait(t.Context(), []tfc.Run{run("planning")}, clk.Now(), nil); err != nil || len(got) != 1 || len(clk.sleeps) > 0 {
			t.Errorf("%+v %v", got, err)
		}
	})
	t.Run("a passing status settles", func(t *testing.T) {
		c, clk := connect(t, answer(200, runAnswer("planned")))
		start := clk.Now()
		if _, _, err := c.Wait(t.Context(), []tfc.Run{run("planned")}, start.Add(time.Hour), nil); err != nil {
			t.Fatal(err)
		}
		if d := clk.Now().Sub(start); d < 15*time.Second || d > 40*time.Second {
			t.Errorf("after %v", d)
		}
	})
	t.Run("gone", func(t *testing.T) {
		c, clk := connect(t, answer(404, ""))
		got, failed, err := c.Wait(t.Context(), []tfc.Run{run("planning"), run("applied")}, clk.Now().Add(time.Hour), nil)
		var un *tfc.Unreadable
		if err != nil || len(got) != 1 || got[0].Status != "applied" || len(failed) != 1 || !errors.As(failed[0].Err, &un) {
			t.Errorf("%+v %+v %v", got, failed, err)
		}
	})
	t.Run("passing failure", func(t *testing.T) {
		n := 0
		c, clk := connect(t, func(w http.ResponseWriter, r *http.Request) {
			if n++; n < 7 {
				answer(500, "")(w, r)
				return
			}
			answer(200, runAnswer("applied"))(w, r)
		})
		got, failed, err := c.Wait(t.Context(), []tfc.Run{run("planning")}, clk.Now().Add(time.Hour), nil)
		if err != nil || len(failed) > 0 || got[0].Status != "applied" {
			t.Errorf("%+v %+v %v", got, failed, err)
		}
	})
}
