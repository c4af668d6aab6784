// Package fault makes a server fail on purpose: it delays, cuts, corrupts,
// throttles and refuses answers by a plan that is the same in every run.
//
// It stands between a client under test and a server that works: before it
// comes a stand-in's handler (Wrap) or the address of any server (Proxy), after
// it the client, which has to live with what it gets. Only tests import it.
//
// A plan's draws depend on its seed, the rule, and the request with how often
// that was asked before, not on the order in which concurrent requests arrive:
// the seed in a failing test's log is enough to see the failure again.
package fault

import (
	"fmt"
	"hash/fnv"
	"math/rand/v2"
	"net/http"
	"net/http/httputil"
	"net/url"
	"sync"
	"time"
)

// Plan says what goes wrong.
type Plan struct {
	Seed  uint64
	Rules []Rule // of those that match a request and strike, the first does
}

// Rule is one way to fail. Its zero value matches every request and leaves it
// alone; the faults can be combined.
type Rule struct {
	Match  func(*http.Request) bool // nil: every request
	Chance float64                  // how likely a match strikes, from 0 to 1; 0: always
	Skip   int                      // matches that are let through first
	Times  int                      // strikes after which the rule is spent; 0: never

	Delay  time.Duration // before the answer begins
	Reset  bool          // the connection is reset in place of an answer
	Status int           // answered in the server's place, which never sees the request
	Header http.Header   // with Status
	Body   string        // with Status

	Cut     float64 // part of the body that is sent before the connection breaks, above 0 and below 1
	Framing Framing // how a body that is cut was announced
	Corrupt int     // bytes of the body that are changed, its length staying as it is
	Rate    int     // bytes a second at which the body is sent
}

// Framing is how a client can know where a body ends:
// https://www.rfc-editor.org/rfc/rfc9112#section-6.3
type Framing int

// The ways to announce a body's length.
const (
	Length  Framing = iota // by Content-Length: a cut is noticed
	Chunked                // in chunks, the last of which a cut takes away: noticed, too
	Close                  // by closing the connection: HTTP doesn't notice a cut
)

// Proxy is a server that fails by a plan. It is safe for concurrent use.
type Proxy struct {
	next http.Handler
	plan Plan

	mu      sync.Mutex
	asked   map[string]int // how often a request came
	matched []int          // by rule
	struck  []int          // by rule
}

// Wrap puts a plan before a handler.
func Wrap(h http.Handler, p Plan) *Proxy {
	return &Proxy{next: h, plan: p, asked: map[string]int{}, matched: make([]int, len(p.Rules)), struck: make([]int, len(p.Rules))}
}

// To puts a plan before the server at a URL.
func To(target *url.URL, p Plan) *Proxy {
	return Wrap(httputil.NewSingleHostReverseProxy(target), p)
}

// Struck returns how often a rule, counted from 0, has struck: a test of what
// a fault does should see that there was one.
func (p *Proxy) Struck(rule int) int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.struck[rule]
}

// choose returns the rule that strikes r, nil for none, and its source of draws.
func (p *Proxy) choose(r *http.Request) (*Rule, *rand.Rand) {
	p.mu.Lock()
	defer p.mu.Unlock()
	request := r.Method + " " + r.URL.RequestURI()
	p.asked[request]++
	for i := range p.plan.Rules {
		rule := &p.plan.Rules[i]
		if rule.Match != nil && !rule.Match(r) {
			continue
		}
		p.matched[i]++
		if p.matched[i] <= rule.Skip || rule.Times > 0 && p.struck[i] >= rule.Times {
			continue
		}
		h := fnv.New64a()
		fmt.Fprintf(h, "%d %s %d", i, request, p.asked[request]) // a hash takes every write
		draw := rand.New(rand.NewPCG(p.plan.Seed, h.Sum64()))
		if rule.Chance > 0 && draw.Float64() >= rule.Chance {
			continue
		}
		p.struck[i]++
		return rule, draw
	}
	return nil, nil
}
