package tfc

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/url"
	"time"

	"github.com/strandline-tf/strandline/internal/model"
	"github.com/strandline-tf/strandline/internal/userfault"
)

// health is what was found out about an organization's health assessments,
// where its lists don't tell.
type health struct {
	turn  chan struct{} // holds an element while one finds it out, or looks
	known bool
	none  bool
}

func (c *Client) healthOf(org string) *health {
	c.mu.Lock()
	defer c.mu.Unlock()
	h := c.healths[org]
	if h == nil {
		h = &health{turn: make(chan struct{}, 1)}
		c.healths[org] = h
	}
	return h
}

// isNone reports whether the organization was found to have no assessments.
func (h *health) isNone() bool {
	h.turn <- struct{}{}
	defer func() { <-h.turn }()
	return h.none
}

// assessment returns a workspace's current assessment, nil where there is
// none. Where the list told of it, that costs nothing. Of an organization (or a
// server) without assessments, only one workspace is asked for.
func (c *Client) assessment(ctx context.Context, w *Workspace) (*Assessment, error) {
	if w.assessment == nothing || w.assessment == included {
		return w.Assessment, nil
	}
	if w.assessment == untold && !w.Assessed && !w.everAssessed {
		return nil, nil
	}
	h := c.healthOf(w.Organization)
	select {
	case h.turn <- struct{}{}:
	case <-ctx.Done():
		return nil, c.fault(0, ctx.Err(), "read the assessment of workspace "+w.label())
	}
	if h.known {
		none := h.none
		<-h.turn
		if none {
			return nil, nil
		}
		return c.readAssessment(ctx, w)
	}
	defer func() { <-h.turn }()
	a, err := c.readAssessment(ctx, w)
	if err == nil {
		h.known, h.none = true, a == nil
	}
	return a, err
}

// readAssessment asks for a workspace's current assessment; nil where there is
// none (404).
func (c *Client) readAssessment(ctx context.Context, w *Workspace) (*Assessment, error) {
	var got struct {
		Data struct {
			ID         string         `json:"id"`
			Attributes assessmentData `json:"attributes"`
		} `json:"data"`
	}
	err := c.get(ctx, "read the assessment of workspace "+w.label(), "workspaces/"+url.PathEscape(w.ID)+"/current-assessment-result", nil, &got)
	var none *Unreadable
	if errors.As(err, &none) && none.Status == http.StatusNotFound {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return got.Data.Attributes.named(got.Data.ID), nil
}

// afterConflict is how long to wait for an assessment that the server would not
// start: one is under way, most likely, but it doesn't say.
const afterConflict = 10 * time.Minute

// assess starts an assessment and waits for its result. last is the one before,
// or nil.
func (c *Client) assess(ctx context.Context, w *Workspace, last *Assessment, r Refresh) (*Assessment, error) {
	const otherwise = ", or choose --refresh run"
	stale := "it has no health assessment"
	if last != nil {
		stale = "its last health assessment is of " + last.CreatedAt.UTC().Format(time.RFC3339)
	}
	switch {
	case w.ExecutionMode == "local":
		return nil, localExecution()
	case last == nil && (!w.Assessed || w.assessment == untold && c.healthOf(w.Organization).isNone()):
		return nil, lasting(stale, "switch health assessments on for it"+otherwise)
	case w.mayAssess != nil && !*w.mayAssess:
		return nil, notCheckable(stale+", and the token may not start one", "give the token's team admin on the workspace"+otherwise)
	case !r.Deadline.After(c.o.Now()):
		return nil, notCheckable(stale+", and there is no time to wait for a new one", "raise --wait")
	}
	deadline := r.Deadline
	err := c.do(ctx, "start a health assessment of workspace "+w.label(), func(ctx context.Context) error {
		req, err := c.api.NewRequest(http.MethodPost, "workspaces/"+url.PathEscape(w.ID)+"/actions/assess", nil)
		if err != nil {
			return err
		}
		return req.Do(ctx, nil)
	})
	var said *answered
	switch {
	case missing(err):
		return nil, notCheckable(stale+", and the token may not start one", "give the token's team admin on the workspace"+otherwise)
	case errors.As(err, &said) && said.status == http.StatusConflict:
		if w.Locked {
			return nil, w.locked()
		}
		if !w.Assessed {
			return nil, notCheckable(stale+", and none could be started: "+said.Error(), "switch health assessments on for it"+otherwise)
		}
		if soon := c.o.Now().Add(afterConflict); soon.Before(deadline) {
			deadline = soon
		}
	case err != nil:
		return nil, err
	}
	return c.awaitAssessment(ctx, w, last, deadline)
}

// awaitAssessment polls until there is another assessment than last.
func (c *Client) awaitAssessment(ctx context.Context, w *Workspace, last *Assessment, deadline time.Time) (*Assessment, error) {
	for interval := pollFirst; ; interval = min(time.Duration(float64(interval)*pollGrow), pollMax) {
		left := deadline.Sub(c.o.Now())
		if left <= 0 {
			return nil, notCheckable("its health assessment had not finished when the time was up", "raise --wait, or see the workspace's health page")
		}
		if err := c.o.Sleep(ctx, min(interval-rand.N(interval/5), left)); err != nil {
			return nil, c.fault(0, err, "wait for the assessment of workspace "+w.label())
		}
		a, err := c.readAssessment(ctx, w)
		switch {
		case err != nil && (final(err) || ctx.Err() != nil):
			return nil, err // other failures pass, maybe
		case a != nil && (last == nil || a.ID != last.ID || a.CreatedAt.After(last.CreatedAt)):
			return a, nil
		}
	}
}

// driftByAssessment returns what an assessment found.
func (c *Client) driftByAssessment(ctx context.Context, w *Workspace, a *Assessment) (Drift, error) {
	d := Drift{Source: model.DriftFromAssessment, At: a.CreatedAt, RunURL: w.URL}
	if !a.Succeeded {
		return Drift{}, c.failedAssessment(ctx, w, a)
	}
	if !a.Drifted {
		return d, nil
	}
	what := "read the assessment of workspace " + w.label()
	body, err := c.openJSON(ctx, notReadyTries, what, "assessment-results", a.ID, "json-output")
	if missing(err) {
		body, err = c.openJSON(ctx, notReadyTries, what, "assessment-results", a.ID, "sanitized-plan")
		d.Redacted = true
	}
	if missing(err) {
		return Drift{}, userfault.Wrap(&Unreadable{http.StatusNotFound, fmt.Sprintf("it drifted (resources: %d), but the token may not read where", a.Resources)},
			"give the token's team admin on the workspace, or choose --refresh run, whose plan can be read without values", "cannot %s", what)
	}
	if err != nil {
		return Drift{}, err
	}
	d.Plan = body
	return d, nil
}

// failedAssessment says why an assessment failed: its log does, if it may be
// read.
func (c *Client) failedAssessment(ctx context.Context, w *Workspace, a *Assessment) error {
	what := "read the log of an assessment of workspace " + w.label()
	text, err := c.readLog(ctx, what, c.base.JoinPath("api/v2/assessment-results", a.ID, "log-output"))
	if err != nil && ctx.Err() != nil {
		return err
	}
	reason := "its health assessment of " + a.CreatedAt.UTC().Format(time.RFC3339) + " failed"
	if why := errorText(parseLog(text)); why != "" {
		reason += ": " + oneLine(why)
	} else if a.Message != "" {
		reason += ": " + a.Message
	}
	return notCheckable(reason, "see the workspace's health page; --refresh run checks by a run instead")
}
