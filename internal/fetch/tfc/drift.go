package tfc

import (
	"context"
	"errors"
	"io"
	"time"

	"github.com/strandline-tf/strandline/internal/model"
	"github.com/strandline-tf/strandline/internal/userfault"
)

// RefreshMode says where drift comes from.
type RefreshMode string

// The modes of --refresh.
const (
	// RefreshAuto takes the health assessment where there is one that is fresh,
	// else starts a run.
	RefreshAuto RefreshMode = "auto"
	// RefreshAssessment takes the health assessment, and starts one where there
	// is none that is fresh.
	RefreshAssessment RefreshMode = "assessment"
	// RefreshRun starts a refresh-only, plan-only run: it queues, and never
	// applies.
	RefreshRun RefreshMode = "run"
	// RefreshLatest takes the plan of the newest run that has one.
	RefreshLatest RefreshMode = "latest"
)

// Refresh says how fresh drift is to be found out.
type Refresh struct {
	Mode     RefreshMode   // "" is RefreshAuto
	MaxAge   time.Duration // of an assessment; with 0, none is fresh
	Deadline time.Time     // until when to wait for what was started; once it is over, nothing is started
}

// Drift is what a workspace's source of drift has to say.
type Drift struct {
	// Plan is a plan as JSON whose resource_drift says what drifted, streamed as
	// by OpenPlan; the caller closes it. It is nil where the source says that
	// nothing drifted, and where there is no state that could.
	Plan     io.ReadCloser
	Redacted bool // values are withheld from the plan
	// Source is "" where there is no state.
	Source model.DriftSource
	At     time.Time // as of when
	RunID  string    // of the plan; "" for an assessment
	RunURL string    // the page of the run, or of the workspace
}

// NotCheckable says that a workspace can't be checked for drift, or be planned
// in, as it is, and not for a failure of ours: it is locked, say, or the token
// may not.
type NotCheckable struct {
	Reason  string // in words, "it is locked by user jane"
	Hint    string // what to do about it
	Lasting bool   // it is so by the settings of workspace or server, and will be so tomorrow
}

func (e *NotCheckable) Error() string { return e.Reason }

func notCheckable(reason, hint string) error {
	return &NotCheckable{Reason: reason, Hint: hint}
}

func lasting(reason, hint string) error {
	return &NotCheckable{Reason: reason, Hint: hint, Lasting: true}
}

// OpenDrift finds out what drifted in a workspace that EachWorkspace (with
// WithAssessment, or it costs a request more) returned. Fresh assessments cost
// no request where nothing drifted, and at most two where something did. It
// ends by the deadline, but for a request under way.
//
// Errors: a NotCheckable where the workspace can't be checked; a run that it
// started and that hasn't ended by then is canceled. Unreadable where
// something drifted, and the token may not read what.
func (c *Client) OpenDrift(ctx context.Context, w Workspace, r Refresh) (Drift, error) {
	d, err := c.openDrift(ctx, &w, r)
	var not *NotCheckable
	if errors.As(err, &not) {
		err = userfault.Wrap(not, not.Hint, "cannot check workspace %s for drift", w.label())
	}
	return d, err
}

func (c *Client) openDrift(ctx context.Context, w *Workspace, r Refresh) (Drift, error) {
	if w.Stateless() {
		return Drift{At: c.o.Now(), RunURL: w.URL}, nil
	}
	switch r.Mode {
	case RefreshRun:
		return c.driftByRun(ctx, w, r)
	case RefreshLatest:
		return c.driftByLatest(ctx, w)
	case RefreshAuto, RefreshAssessment, "":
	default:
		return Drift{}, userfault.Usage("it is one of auto, assessment, run, latest", "%q is no source of drift", r.Mode)
	}
	a, err := c.assessment(ctx, w)
	if err != nil {
		return Drift{}, err
	}
	if a == nil || c.o.Now().Sub(a.CreatedAt) >= r.MaxAge {
		if r.Mode != RefreshAssessment {
			return c.driftByRun(ctx, w, r)
		}
		if a, err = c.assess(ctx, w, a, r); err != nil {
			return Drift{}, err
		}
	}
	return c.driftByAssessment(ctx, w, a)
}
