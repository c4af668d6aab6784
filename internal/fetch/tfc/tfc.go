// Package tfc reads Terraform Cloud (HCP Terraform, Terraform Enterprise, and
// servers that resemble them): it finds the runs of a commit, waits for them,
// opens their plans, and reads what Terraform Cloud knows beside a plan:
// policies, run tasks, cost, and Terraform's own messages from the plan's log.
// It lists workspaces (EachWorkspace) and finds out what drifted in one
// (OpenDrift), for which it may start an assessment or a run; it reads states
// (EachState), plans configurations that are only proposed (Pack, Speculate) and
// lists what exists (Query). Whatever it starts only plans, and can't be applied.
//
// Before it comes the configuration (hosts and tokens) and fetch/github (the
// commit statuses that lead to runs); after it come fetch/planjson, which
// walks the stream that OpenPlan returns, fetch/statefile and
// fetch/inventory/tfquery, which do so with states and query logs, and the
// model's values.
//
// One plan costs at most four requests: the run with everything it refers to
// (Run), json-output, json-output-redacted where that is refused, and the
// download. Policies, RunTasks, Cost and PlanLog add theirs where a run has
// such a thing.
//
// API: https://developer.hashicorp.com/terraform/cloud-docs/api-docs
package tfc

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"github.com/hashicorp/go-tfe"

	"github.com/strandline-tf/strandline/internal/userfault"
	"github.com/strandline-tf/strandline/internal/wire"
)

// Host is one Terraform Cloud and the token for it.
type Host struct {
	Address string // https://app.terraform.io, say; a bare host name means https
	Token   string
}

// The documented limit of requests for one user.
// https://developer.hashicorp.com/terraform/cloud-docs/api-docs#rate-limiting
const requestsPerSecond = 30

// parallel is how many requests of one kind are under way at a time.
const parallel = 8

// Client reads one host. It is safe for concurrent use.
type Client struct {
	base  *url.URL // scheme and host only
	host  Host
	api   *tfe.Client
	plain *http.Client // for plans and logs: no cap on the body
	o     wire.Options

	mu       sync.Mutex
	projects map[string]map[string]string // organization -> project id -> name
	includes map[string]string            // what lists can include -> how the server spells it, "" where it doesn't know it
	healths  map[string]*health           // by organization
}

// New returns a client of host; it contacts nobody. Of o, Host, Path,
// Header, MaxBody and, unless set, Limiter are filled in. A bad address is a
// userfault with the code for usage.
func New(host Host, o wire.Options) (*Client, error) {
	base, err := parseAddress(host.Address)
	if err != nil {
		return nil, err
	}
	host.Address = base.String()
	if host.Token == "" {
		return nil, userfault.Usage("set "+host.tokenVariables(), "no token for %s", base.Host)
	}
	// An archive that Terraform Enterprise serves beside its API is none of it:
	// downloads are at addresses that are signed, and need no token.
	o.Host, o.Path = wire.HostOf(base), "/api/"
	o.Header = http.Header{"Authorization": {"Bearer " + host.Token}}
	if o.Limiter == nil {
		o.Limiter = wire.NewLimiter(requestsPerSecond)
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Sleep == nil {
		o.Sleep = wire.Sleep
	}
	c := &Client{base: base, host: host, o: o, projects: map[string]map[string]string{},
		includes: map[string]string{}, healths: map[string]*health{}}
	o.MaxBody = 0
	c.plain = wire.New(o)
	o.MaxBody = wire.APIBody
	// The token that go-tfe gets is a placeholder: wire puts the real one on
	// requests to this host, and takes whatever there is off all others.
	c.api, err = tfe.NewClient(&tfe.Config{Address: base.String(), Token: "placeholder",
		HTTPClient: &http.Client{Transport: tame{wire.New(o).Transport}}})
	if err != nil {
		return nil, userfault.Wrap(err, "check TFE_ADDRESS", "cannot use %s", base.Host)
	}
	return c, nil
}

// Address returns scheme and host of what the client reads.
func (c *Client) Address() string { return c.host.Address }

func parseAddress(address string) (*url.URL, error) {
	raw := address
	if !strings.Contains(raw, "://") {
		raw = "https://" + raw
	}
	u, err := url.Parse(raw)
	if err != nil || u.Hostname() == "" || u.User != nil || strings.Trim(u.Path, "/") != "" || u.RawQuery != "" ||
		u.Scheme != "https" && u.Scheme != "http" {
		return nil, userfault.Usage("TFE_ADDRESS is scheme and host, https://app.terraform.io for example",
			"%q is not the address of a Terraform Cloud", address)
	}
	return &url.URL{Scheme: u.Scheme, Host: strings.ToLower(u.Host)}, nil
}

// tokenVariables names the environment variables that hold the host's token.
// https://developer.hashicorp.com/terraform/cli/config/config-file#environment-variable-credentials
func (h Host) tokenVariables() string {
	name := "the token's environment variable"
	if u, err := parseAddress(h.Address); err == nil {
		name = "TF_TOKEN_" + strings.NewReplacer(".", "_", "-", "__").Replace(u.Hostname())
	}
	return "TFE_TOKEN or " + name
}

// tame stands between wire and go-tfe: wire has done all that is to be done
// about limits, while go-tfe would retry a 429 thirty times more, and end the
// whole program (log.Fatal) on a malformed rate limit header. It also answers
// the ping that go-tfe makes when it is constructed.
type tame struct{ next http.RoundTripper }

var errRateLimited = errors.New("the rate limit is used up")

// RoundTrip implements http.RoundTripper.
func (t tame) RoundTrip(req *http.Request) (*http.Response, error) {
	if strings.HasSuffix(req.URL.Path, "/"+tfe.PingEndpoint) {
		return &http.Response{StatusCode: http.StatusNoContent, Header: http.Header{}, Body: http.NoBody, Request: req}, nil
	}
	resp, err := t.next.RoundTrip(req)
	if err == nil && resp.StatusCode == http.StatusTooManyRequests {
		resp.Body.Close()
		return nil, errRateLimited
	}
	return resp, err
}

// do makes calls of go-tfe and turns what goes wrong into one of this
// package's errors; what says what was tried ("read run run-x of acme/net").
// The library decodes by reflection and can panic on an answer of a shape it
// doesn't expect: that is an error here.
func (c *Client) do(ctx context.Context, what string, f func(context.Context) error) (err error) {
	status := 0
	defer func() {
		if p := recover(); p != nil {
			err = c.fault(status, fmt.Errorf("cannot decode it: %v", p), what)
		}
	}()
	err = f(tfe.ContextWithResponseHeaderHook(ctx, func(s int, _ http.Header) { status = s }))
	if err == nil {
		return nil
	}
	return c.fault(status, err, what)
}

// get reads what go-tfe has no method or no fitting type for: the JSON of path
// (relative to the API's root) into v.
func (c *Client) get(ctx context.Context, what, path string, query any, v any) error {
	return c.do(ctx, what, func(ctx context.Context) error {
		req, err := c.api.NewRequest(http.MethodGet, path, query)
		if err != nil {
			return err
		}
		var buf bytes.Buffer
		if err := req.Do(ctx, &buf); err != nil {
			return err
		}
		return json.Unmarshal(buf.Bytes(), v)
	})
}
