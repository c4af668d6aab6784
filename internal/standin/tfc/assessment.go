package tfc

import (
	"net/http"
	"time"
)

// Assessment is the result of a health assessment.
type Assessment struct {
	// Failed: the assessment itself didn't succeed, for the reason in Error.
	Failed bool
	Error  string
	// Drifted and Undrifted count resources.
	Drifted, Undrifted                                       int
	ChecksPassed, ChecksFailed, ChecksErrored, ChecksUnknown int
	CreatedAt                                                time.Time
	// PlanJSON is the refresh-only plan; Log its log, in JSON lines.
	// SanitizedPlanJSON is what organisations that hold their own keys have
	// besides: a plan without values, for all who may read the workspace.
	PlanJSON, SanitizedPlanJSON, Log []byte

	ws *Workspace
	id string
}

// Assess sets the workspace's current assessment result and returns its id
// ("asmtres-…").
func (w *Workspace) Assess(a Assessment) string {
	s := w.org.s
	s.mu.Lock()
	defer s.mu.Unlock()
	if a.CreatedAt.IsZero() {
		a.CreatedAt = s.opts.Clock()
	}
	w.assess = true
	w.setAssessment(a)
	w.assessed = w.assessment
	return w.assessment.id
}

func (w *Workspace) setAssessment(a Assessment) {
	a.ws, a.id = w, w.org.s.newID("asmtres")
	w.assessment = &a
	w.org.s.add(&a)
}

// currentAssessment is the newest result, nil for none: one that is under way is
// done, and has a result, at its CreatedAt.
func (w *Workspace) currentAssessment(now time.Time) *Assessment {
	if w.assessment != nil && !w.assessment.CreatedAt.After(now) {
		w.assessed = w.assessment
	}
	return w.assessed
}

func (w *Workspace) assessedAt(now time.Time) any {
	if a := w.currentAssessment(now); a != nil {
		return stamp(a.CreatedAt)
	}
	return nil
}

// Assessor sets what becomes of assessments started through the API: the
// returned Assessment is the result from its CreatedAt on, which may be later
// than now. Without it an assessment ends at once, with what the last one found.
// It must not call the server.
func (s *Server) Assessor(assess func(org, workspace string) Assessment) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.assessor = assess
}

func (a *Assessment) key() string       { return a.id }
func (a *Assessment) scope() *Workspace { return a.ws }

func (a *Assessment) show(*call) resource {
	self := "/api/v2/assessment-results/" + a.id
	out := resource{
		ID: a.id, Type: "assessment-results",
		Attributes: attrs{
			"drifted": a.Drifted > 0, "succeeded": !a.Failed, "error-message": textOrNil(a.Error), "created-at": stamp(a.CreatedAt),
			"all-checks-succeeded": a.ChecksFailed+a.ChecksErrored+a.ChecksUnknown == 0,
			"resources-drifted":    a.Drifted, "resources-undrifted": a.Undrifted, "checks-passed": a.ChecksPassed,
			"checks-failed": a.ChecksFailed, "checks-errored": a.ChecksErrored, "checks-unknown": a.ChecksUnknown,
		},
		Relationships: attrs{"workspace": one("workspaces", a.ws.id)},
		Links: attrs{
			"self": self, "json-output": self + "/json-output", "json-schema": self + "/json-schema",
			"log-output": self + "/log-output", "sanitized-plan": nil,
		},
	}
	if a.SanitizedPlanJSON != nil {
		out.Links["sanitized-plan"] = self + "/sanitized-plan"
	}
	return out
}

func (c *call) readCurrentAssessment() (answer, error) {
	w, err := c.workspace()
	if err != nil {
		return answer{}, err
	}
	a := w.currentAssessment(c.s.opts.Clock())
	if c.s.opts.NoAssessments || a == nil {
		return answer{}, errNotFound
	}
	return c.single(http.StatusOK, a)
}

func (c *call) assessmentResult() (*Assessment, error) {
	a, err := find[*Assessment](c, c.r.PathValue("id"))
	if err == nil && c.s.opts.NoAssessments {
		err = errNotFound
	}
	return a, err
}

func (c *call) readAssessment() (answer, error) {
	a, err := c.assessmentResult()
	if err != nil {
		return answer{}, err
	}
	return c.single(http.StatusOK, a)
}

// assessmentFile makes the handler of one of an assessment's files, which take
// admin on the workspace through a user or team token.
func assessmentFile(contentType string, content func(*Assessment) []byte) handler {
	return func(c *call) (answer, error) {
		a, err := c.assessmentResult()
		if err == nil {
			err = c.admin()
		}
		if err != nil {
			return answer{}, err
		}
		body := content(a)
		if body == nil {
			return answer{}, errNotFound
		}
		return answer{status: http.StatusOK, contentType: contentType, body: body}, nil
	}
}

// readSanitizedPlan takes read on the workspace only.
func (c *call) readSanitizedPlan() (answer, error) {
	a, err := c.assessmentResult()
	if err == nil && a.SanitizedPlanJSON == nil {
		err = errNotFound
	}
	if err != nil {
		return answer{}, err
	}
	return answer{status: http.StatusOK, contentType: "application/json", body: a.SanitizedPlanJSON}, nil
}

// assess starts an assessment; 409 where assessments aren't switched on for the
// workspace, or one is under way.
func (c *call) assess() (answer, error) {
	w, err := c.workspace()
	if err == nil {
		err = c.admin()
	}
	if err != nil {
		return answer{}, err
	}
	now := c.s.opts.Clock()
	last := w.currentAssessment(now)
	switch {
	case c.s.opts.NoAssessments:
		return answer{}, errNotFound
	case !w.assess:
		return answer{}, &failure{http.StatusConflict, "Assessments are not enabled for this workspace"}
	case w.assessment != last:
		return answer{}, &failure{http.StatusConflict, "An assessment is already pending for this workspace"}
	}
	next := Assessment{}
	switch {
	case c.s.assessor != nil:
		next = c.s.assessor(w.org.name, w.name)
	case last != nil:
		next = *last
		next.CreatedAt = now
	}
	if next.CreatedAt.IsZero() {
		next.CreatedAt = now
	}
	w.setAssessment(next)
	return c.single(http.StatusOK, w)
}
