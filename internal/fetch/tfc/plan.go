package tfc

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/hashicorp/go-tfe"

	"github.com/strandline-tf/strandline/internal/userfault"
	"github.com/strandline-tf/strandline/internal/wire"
)

// Plan JSON is answered with 204 until it is there. A finished run has it
// within moments, so little patience is needed.
const (
	notReadyFirst = time.Second
	notReadyTries = 5 // with doubling waits: 15 s in all
)

// signedTries is how often a download starts over, from the API on, when the
// signed address it was sent to refuses: such an address lives for a minute.
const signedTries = 2

// OpenPlan returns the run's plan as JSON: the whole where the token allows
// it, else Terraform Cloud's redacted form. It is streamed: nothing of it is
// read yet, its size has no bound, and a transfer that ends early or stalls
// gives an error. The caller closes it.
//
// Errors: an Unreadable where neither form may be read, or the plan has none;
// ErrNotReady where it isn't done.
func (c *Client) OpenPlan(ctx context.Context, run Run) (_ io.ReadCloser, redacted bool, _ error) {
	what := "read the plan of " + run.label()
	if run.PlanID == "" {
		return nil, false, userfault.Wrap(&Unreadable{Reason: "the run has no plan"}, "", "cannot %s", what)
	}
	tries := notReadyTries
	if run.PlanStatus == string(tfe.PlanErrored) {
		tries = 1 // what isn't there by now never will be
	}
	body, err := c.openJSON(ctx, tries, what, "plans", run.PlanID, "json-output")
	var refused *Unreadable
	if !errors.As(err, &refused) || refused.Status == http.StatusUnprocessableEntity {
		return body, false, err
	}
	body, again := c.openJSON(ctx, tries, what, "plans", run.PlanID, "json-output-redacted")
	if missing(again) {
		return nil, false, userfault.Wrap(&Unreadable{http.StatusNotFound, "the token may read the plan neither in full nor redacted"},
			"give the token's team at least read access to workspace "+run.Workspace+" (admin, to see values); an organization's token can't read plans",
			"cannot %s", what)
	}
	return body, again == nil, again
}

// openJSON opens what the API serves at a path of these parts: plan JSON of any
// form. It asks as often as tries says for what isn't ready.
func (c *Client) openJSON(ctx context.Context, tries int, what string, path ...string) (io.ReadCloser, error) {
	u := c.base.JoinPath("api/v2").JoinPath(path...)
	wait, signed := notReadyFirst, 0
	for try := 1; ; try++ {
		resp, err := c.fetch(ctx, u, "application/json")
		if err != nil {
			return nil, c.fault(0, err, what)
		}
		switch {
		case resp.StatusCode == http.StatusOK:
			return planBody{resp.Body, what}, nil
		case resp.StatusCode == http.StatusNoContent:
			resp.Body.Close()
			if try >= tries {
				return nil, userfault.Wrap(ErrNotReady, "wait for the run to finish (--wait)", "cannot %s", what)
			}
			if err := c.o.Sleep(ctx, wait); err != nil {
				return nil, c.fault(0, err, what)
			}
			wait *= 2
		case elsewhere(resp, u) && signed < signedTries:
			resp.Body.Close()
			signed++
		default:
			return nil, c.refused(resp, u, what)
		}
	}
}

// elsewhere reports whether an answer came from where a request for u was
// redirected to: another host, or an archive on the same.
func elsewhere(resp *http.Response, u *url.URL) bool {
	at := resp.Request.URL
	// JoinPath on a base without a path leaves out the first slash.
	return at.Host != u.Host || strings.TrimPrefix(at.Path, "/") != strings.TrimPrefix(u.Path, "/")
}

// refused turns an answer that isn't a plan into an error.
func (c *Client) refused(resp *http.Response, u *url.URL, what string) error {
	defer resp.Body.Close()
	// A part of it will do, or nothing.
	text, _ := io.ReadAll(io.LimitReader(resp.Body, 4*maxErrorText))
	if elsewhere(resp, u) {
		return userfault.New("try again", "cannot %s: the archive at %s, where it is kept, answered %d", what, resp.Request.URL.Host, resp.StatusCode)
	}
	if resp.StatusCode == http.StatusUnprocessableEntity {
		return userfault.Wrap(&Unreadable{resp.StatusCode, "its Terraform is too old to make JSON plans (422)"}, "", "cannot %s", what)
	}
	return c.fault(resp.StatusCode, errors.New(oneLine(string(text))), what)
}

// fetch makes a plain request, with no cap on the body.
func (c *Client) fetch(ctx context.Context, u *url.URL, accept string) (*http.Response, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, u.String(), nil)
	if err != nil {
		return nil, err
	}
	req.Header.Set("Accept", accept)
	return c.plain.Do(req)
}

// planBody says which plan, or state, a failing transfer was of.
type planBody struct {
	io.ReadCloser
	what string
}

// Read implements io.Reader.
func (b planBody) Read(p []byte) (int, error) {
	n, err := b.ReadCloser.Read(p)
	if err == nil || err == io.EOF {
		return n, err
	}
	if errors.Is(err, io.ErrUnexpectedEOF) {
		err = fmt.Errorf("the transfer ended early: %w", err)
	}
	return n, userfault.Wrap(wire.Redact(err), "run again; if it lasts, check the connection", "cannot %s", b.what)
}
