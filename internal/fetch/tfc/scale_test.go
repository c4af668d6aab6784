package tfc_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/http/httptrace"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/strandline-tf/strandline/internal/fetch/tfc"
	standin "github.com/strandline-tf/strandline/internal/standin/tfc"
	"github.com/strandline-tf/strandline/internal/wire"
)

// near carries requests to a handler in the same process, as a network would:
// that takes some time.
type near struct {
	to    http.Handler
	takes func(*http.Request) time.Duration
}

func (n near) RoundTrip(r *http.Request) (*http.Response, error) {
	if trace := httptrace.ContextClientTrace(r.Context()); trace != nil {
		trace.WroteRequest(httptrace.WroteRequestInfo{})
	}
	time.Sleep(10 * time.Millisecond)
	rec, served := httptest.NewRecorder(), r.Clone(r.Context())
	if served.Body == nil {
		served.Body = http.NoBody // as a server has it
	}
	served.Host = r.URL.Host
	n.to.ServeHTTP(rec, served)
	time.Sleep(n.takes(r))
	resp := rec.Result()
	resp.Request = r
	return resp, nil
}

// An organization of a thousand workspaces that all have drifted, of which a
// hundredth fail and a fiftieth are slow, takes as long as its requests do at
// the limit, and never passes it.
func TestAThousandWorkspacesUnderTheRateLimit(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := standin.New(standin.Options{RateLimit: 30})
		defer s.Close()
		org := s.Org("acme")
		nth := map[string]int{} // by assessment
		for i := range 1000 {
			ws := org.Workspace(fmt.Sprintf("w%04d", i))
			setState(t, ws, oneResource)
			nth[ws.Assess(standin.Assessment{Drifted: 1, PlanJSON: []byte(driftPlan)})] = i
		}
		of := func(r *http.Request) int {
			parts := strings.Split(r.URL.Path, "/")
			n, ok := nth[parts[max(0, len(parts)-2)]]
			if !ok {
				return -1
			}
			return n
		}
		s.Fail(func(r *http.Request) (int, bool) {
			n := of(r)
			return []int{500, 404}[max(0, n)/100%2], n%100 == 7
		})
		client, err := tfc.New(tfc.Host{Address: "https://tfe.test", Token: "t"}, wire.Options{Transport: near{s, func(r *http.Request) time.Duration {
			if n := of(r); n >= 0 && n%50 == 20 {
				return 3 * time.Second
			}
			return 60 * time.Millisecond
		}}})
		if err != nil {
			t.Fatal(err)
		}
		start, work := time.Now(), make(chan tfc.Workspace)
		var read, failed atomic.Int32
		var g sync.WaitGroup
		for range 16 {
			g.Go(func() {
				for w := range work {
					d, err := client.OpenDrift(t.Context(), w, tfc.Refresh{MaxAge: day, Deadline: start.Add(time.Hour)})
					if err != nil {
						failed.Add(1)
						continue
					}
					read.Add(1)
					d.Plan.Close()
				}
			})
		}
		if err := client.EachWorkspace(t.Context(), tfc.Filter{Organization: "acme"}, tfc.WithAssessment, func(w tfc.Workspace) error { work <- w; return nil }); err != nil {
			t.Error(err)
		}
		close(work)
		g.Wait()
		requests := s.Requests()
		for _, q := range requests {
			if q.Status == http.StatusTooManyRequests {
				t.Fatal("passed the limit")
			}
		}
		took, ideal := time.Since(start), time.Duration(len(requests))*time.Second/30
		t.Logf("%d requests in %v, %.2f of the ideal", len(requests), took, took.Seconds()/ideal.Seconds())
		if read.Load() != 990 || failed.Load() != 10 || took > ideal*115/100 {
			t.Errorf("read %d, failed %d; %d requests took %v, ideally %v", read.Load(), failed.Load(), len(requests), took, ideal)
		}
	})
}
