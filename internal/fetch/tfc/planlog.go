package tfc

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/url"

	"github.com/strandline-tf/strandline/internal/model"
)

// maxLog is how much of a log is read, in bytes. Terraform prints diagnostics
// last, but a log this long holds refreshes by the ten thousand: what can be
// found in its beginning has to do.
const maxLog = 32 << 20

// PlanLog returns the warnings and errors of the run's plan in Terraform's own
// words, in its order; none where there is no log (yet).
func (c *Client) PlanLog(ctx context.Context, run Run) ([]model.Diagnostic, error) {
	if run.logURL == "" {
		return nil, nil
	}
	what := "read the plan log of " + run.label()
	// The address may be relative to the API's host on servers that keep their
	// logs themselves.
	u, err := c.base.Parse(run.logURL)
	if err != nil {
		return nil, c.fault(0, errors.New("the log has no valid address"), what)
	}
	text, err := c.readLog(ctx, what, u)
	if missing(err) {
		return nil, nil
	}
	return parseLog(text), err
}

// readLog reads a log of at most maxLog bytes. A log that breaks off is
// returned as far as it goes: it is no document.
func (c *Client) readLog(ctx context.Context, what string, u *url.URL) ([]byte, error) {
	resp, err := c.fetch(ctx, u, "*/*")
	if err != nil {
		return nil, c.fault(0, err, what)
	}
	if resp.StatusCode == http.StatusNoContent {
		return nil, resp.Body.Close()
	}
	if resp.StatusCode != http.StatusOK {
		return nil, c.refused(resp, u, what)
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(io.LimitReader(resp.Body, maxLog))
	if err != nil && len(text) == 0 {
		return nil, c.fault(0, err, what)
	}
	return text, ctx.Err()
}
