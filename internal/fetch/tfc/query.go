package tfc

import (
	"bytes"
	"context"
	"errors"
	"io"
	"math/rand/v2"
	"net/http"
	"net/url"
	"slices"
	"time"

	"github.com/hashicorp/go-tfe"

	"github.com/strandline-tf/strandline/internal/userfault"
)

// NoQueryRuns says that a server has no query runs, as Terraform Enterprise
// hasn't, or that the token may not start one.
type NoQueryRuns struct{ Host string }

func (e *NoQueryRuns) Error() string {
	return e.Host + " has no query runs, or the token may not start one (404)"
}

// Query runs the list blocks in archive's configuration (as Pack writes it, the
// .tfquery.hcl in the workspace's working directory) where the workspace's runs
// are run, with its credentials, and returns what they found once the query
// run is done: the log that `terraform query -json` prints, lines of JSON with
// plain ones between them. The caller closes it. A query run that is not done
// by the deadline, or when ctx ends, is canceled.
//
// Where some lists failed, the log tells of it besides what the others found.
//
// Errors: a NoQueryRuns; a NotCheckable where the workspace can't run queries as
// it is, or nothing was listed, with Terraform's words.
//
// https://developer.hashicorp.com/terraform/cloud-docs/api-docs/queries
func (c *Client) Query(ctx context.Context, w Workspace, archive io.ReadSeeker, deadline time.Time) (io.ReadCloser, error) {
	log, err := c.query(ctx, &w, archive, deadline)
	var none *NoQueryRuns
	if errors.As(err, &none) {
		return nil, userfault.Wrap(none, "query runs are HCP Terraform's; elsewhere run terraform query -json (Terraform 1.14 or newer) and pass what it prints: --inventory terraform-query:FILE",
			"cannot query in workspace %s", w.label())
	}
	return log, checkless(&w, "query", err)
}

func (c *Client) query(ctx context.Context, w *Workspace, archive io.ReadSeeker, deadline time.Time) (io.ReadCloser, error) {
	if err := w.plans(); err != nil {
		return nil, err
	}
	what := "query in workspace " + w.label()
	// Asked first, as nothing needs to be uploaded where there are none.
	err := c.get(ctx, what, "workspaces/"+url.PathEscape(w.ID)+"/queries", tfe.ListOptions{PageSize: 1}, &struct{}{})
	if missing(err) {
		return nil, &NoQueryRuns{c.base.Host}
	}
	if err != nil {
		return nil, err
	}
	v, err := c.upload(ctx, w, archive)
	if err != nil {
		return nil, err
	}
	q, err := c.startQuery(ctx, w, v)
	if err != nil {
		return nil, err
	}
	defer func() {
		if !queried(q) {
			c.cancelQuery(ctx, q.ID)
		}
	}()
	for interval := pollFirst; !queried(q); interval = min(time.Duration(float64(interval)*pollGrow), pollMax) {
		left := deadline.Sub(c.o.Now())
		if left <= 0 {
			return nil, notCheckable("the query run was still "+string(q.Status)+" when the time was up, and is canceled", "raise --wait")
		}
		if err := c.o.Sleep(ctx, min(interval-rand.N(interval/5), left)); err != nil {
			return nil, c.fault(0, err, what)
		}
		got, err := c.readQuery(ctx, what, q.ID)
		switch {
		case err == nil:
			q = got
		case final(err) || ctx.Err() != nil:
			return nil, err // other failures pass, maybe
		}
	}
	return c.queryLog(ctx, what, q)
}

// queried reports whether a query run has ended.
func queried(q *tfe.QueryRun) bool {
	switch q.Status {
	case tfe.QueryRunFinished, tfe.QueryRunErrored, tfe.QueryRunCanceled, "force_canceled":
		return true
	}
	return false
}

// startQuery starts a query run; the configuration that it would generate for
// what it finds comes by default.
func (c *Client) startQuery(ctx context.Context, w *Workspace, v *tfe.ConfigurationVersion) (*tfe.QueryRun, error) {
	var q *tfe.QueryRun
	err := c.do(ctx, "start a query run of workspace "+w.label(), func(ctx context.Context) (err error) {
		q, err = c.api.QueryRuns.Create(ctx, tfe.QueryRunCreateOptions{
			Source: tfe.QueryRunSourceAPI, ConfigurationVersion: v, Workspace: &tfe.Workspace{ID: w.ID}})
		return err
	})
	var said *answered
	switch {
	case missing(err):
		return nil, &NoQueryRuns{c.base.Host}
	case errors.As(err, &said) && said.status < http.StatusInternalServerError:
		return nil, notCheckable("a query run could not be started: "+said.Error(), "it takes a workspace with Terraform 1.14 or newer; see "+w.URL)
	}
	return q, err
}

func (c *Client) readQuery(ctx context.Context, what, id string) (q *tfe.QueryRun, err error) {
	err = c.do(ctx, what, func(ctx context.Context) (err error) {
		q, err = c.api.QueryRuns.Read(ctx, id)
		return err
	})
	return q, err
}

// cancelQuery cancels a query run that nobody waits for any more.
func (c *Client) cancelQuery(ctx context.Context, id string) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), abandonTime)
	defer cancel()
	err := c.do(ctx, "cancel query run "+id, func(ctx context.Context) error { return c.api.QueryRuns.Cancel(ctx, id) })
	if err != nil {
		c.o.Log.WarnContext(ctx, "a query run that nobody waits for is left in its queue", "query", id, "error", err)
	}
}

// queryLog opens the log of a query run that has ended; of one that failed only
// where it listed something.
func (c *Client) queryLog(ctx context.Context, what string, q *tfe.QueryRun) (io.ReadCloser, error) {
	u, err := c.base.Parse(q.LogReadURL)
	if err != nil || q.LogReadURL == "" {
		return nil, c.fault(0, errors.New("its log has no valid address"), what)
	}
	if q.Status == tfe.QueryRunFinished {
		resp, err := c.fetch(ctx, u, "*/*")
		if err != nil {
			return nil, c.fault(0, err, what)
		}
		if resp.StatusCode != http.StatusOK {
			return nil, c.refused(resp, u, what)
		}
		return unframed{planBody{resp.Body, what}}, nil
	}
	text, err := c.readLog(ctx, what, u)
	if err != nil && !missing(err) {
		return nil, err
	}
	if q.Status == tfe.QueryRunErrored && bytes.Contains(text, []byte(`"list_start"`)) {
		return unframed{io.NopCloser(bytes.NewReader(text))}, nil
	}
	reason := "the query run ended as " + string(q.Status)
	if why := errorText(parseLog(text)); why != "" {
		reason += ": " + oneLine(why)
	}
	return nil, notCheckable(reason, "see the workspace's page; it takes Terraform 1.14 or newer, and providers with list resources")
}

// The marks around a log.
const (
	startOfText = '\x02'
	endOfText   = '\x03'
)

// unframed leaves out the marks at the beginning and the end of a log, which
// are in none of its lines: JSON has no control characters but escaped ones.
type unframed struct{ io.ReadCloser }

// Read implements io.Reader.
func (u unframed) Read(p []byte) (int, error) {
	n, err := u.ReadCloser.Read(p)
	return len(slices.DeleteFunc(p[:n], func(b byte) bool { return b == startOfText || b == endOfText })), err
}
