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
	PlanJSON, Log []byte

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
	a.ws, a.id, w.assess = w, s.newID("asmtres"), true
	w.assessment = &a
	s.add(&a)
	return a.id
}

func (w *Workspace) assessedAt() any {
	if w.assessment == nil {
		return nil
	}
	return stamp(w.assessment.CreatedAt)
}

func (a *Assessment) key() string       { return a.id }
func (a *Assessment) scope() *Workspace { return a.ws }

func (a *Assessment) show(*call) resource {
	self := "/api/v2/assessment-results/" + a.id
	return resource{
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
}

func (c *call) readCurrentAssessment() (answer, error) {
	w, err := c.workspace()
	if err != nil {
		return answer{}, err
	}
	if c.s.opts.NoAssessments || w.assessment == nil {
		return answer{}, errNotFound
	}
	return c.single(http.StatusOK, w.assessment)
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

// assess starts an assessment. It ends at once, with what the last one found but a
// new id and time; 409 where assessments aren't switched on for the workspace.
func (c *call) assess() (answer, error) {
	w, err := c.workspace()
	if err == nil {
		err = c.admin()
	}
	if err != nil {
		return answer{}, err
	}
	switch {
	case c.s.opts.NoAssessments:
		return answer{}, errNotFound
	case !w.assess:
		return answer{}, &failure{http.StatusConflict, "Assessments are not enabled for this workspace"}
	}
	next := Assessment{}
	if w.assessment != nil {
		next = *w.assessment
	}
	next.ws, next.id, next.CreatedAt = w, c.s.newID("asmtres"), c.s.opts.Clock()
	w.assessment = &next
	c.s.add(&next)
	return c.single(http.StatusOK, w)
}
