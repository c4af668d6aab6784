package tfc

import (
	"net/http"
	"strings"
)

// PolicyEvaluation is what the policy sets of one kind made of a run.
type PolicyEvaluation struct {
	// Kind is "opa" (the default) or "sentinel".
	Kind string
	// Status is passed, failed, overridden, errored, …; by default it follows from
	// the sets' policies.
	Status string
	Sets   []PolicySet
}

// PolicySet is the outcome of one policy set.
type PolicySet struct {
	Name, Description, Error string
	Overridable              bool
	Policies                 []Policy
}

// Policy is the outcome of one policy.
type Policy struct {
	Name, Description, Query string
	// Level is advisory or mandatory.
	Level string
	// Status is passed, failed or errored.
	Status string
	// Output is what the rule printed, one entry a print.
	Output []string
}

type policyEvaluation struct {
	PolicyEvaluation
	stage    *taskStage
	id       string
	outcomes []*setOutcome
}

type setOutcome struct {
	PolicySet
	evaluation *policyEvaluation
	id         string
}

func (t *taskStage) evaluate(spec PolicyEvaluation) *policyEvaluation {
	s := t.run.ws.org.s
	if spec.Kind == "" {
		spec.Kind = "opa"
	}
	e := &policyEvaluation{PolicyEvaluation: spec, stage: t, id: s.newID("poleval")}
	for _, set := range spec.Sets {
		o := &setOutcome{PolicySet: set, evaluation: e, id: s.newID("psout")}
		e.outcomes = append(e.outcomes, o)
		s.add(o)
	}
	if e.Status == "" {
		e.Status = "passed"
		if n := e.count(); n["mandatory-failed"].(int)+n["errored"].(int) > 0 {
			e.Status = "failed"
		}
	}
	s.add(e)
	return e
}

func (e *policyEvaluation) count() attrs {
	var all []Policy
	for _, o := range e.outcomes {
		all = append(all, o.Policies...)
	}
	return resultCount(all)
}

func resultCount(policies []Policy) attrs {
	var passed, advisory, mandatory, errored int
	for _, p := range policies {
		switch {
		case p.Status == "passed":
			passed++
		case p.Status == "errored":
			errored++
		case p.Level == "mandatory":
			mandatory++
		default:
			advisory++
		}
	}
	return attrs{"advisory-failed": advisory, "mandatory-failed": mandatory, "passed": passed, "errored": errored}
}

func (e *policyEvaluation) key() string       { return e.id }
func (e *policyEvaluation) scope() *Workspace { return e.stage.run.ws }

func (e *policyEvaluation) show(*call) resource {
	self, at := "/api/v2/policy-evaluations/"+e.id, stamp(e.stage.at)
	return resource{
		ID: e.id, Type: "policy-evaluations",
		Attributes: attrs{
			"status": e.Status, "policy-kind": e.Kind, "policy-tool-version": "0.44.0", "result-count": e.count(),
			"status-timestamps": attrs{"queued-at": at, stampName(e.Status): at}, "created-at": at, "updated-at": at,
		},
		Relationships: attrs{
			"policy-attachable":   one("task-stages", e.stage.id),
			"policy-set-outcomes": attrs{"links": attrs{"related": self + "/policy-set-outcomes"}},
		},
		Links: attrs{"self": self},
	}
}

func (o *setOutcome) key() string       { return o.id }
func (o *setOutcome) scope() *Workspace { return o.evaluation.stage.run.ws }

func (o *setOutcome) show(*call) resource {
	outcomes := []attrs{}
	for _, p := range o.Policies {
		output := []attrs{}
		for _, line := range p.Output {
			output = append(output, attrs{"print": line})
		}
		outcomes = append(outcomes, attrs{
			"enforcement_level": p.Level, "query": textOrNil(p.Query), "status": p.Status,
			"policy_name": p.Name, "description": p.Description, "output": output,
		})
	}
	return resource{
		ID: o.id, Type: "policy-set-outcomes",
		Attributes: attrs{
			"outcomes": outcomes, "error": o.Error, "warnings": []string{}, "overridable": o.Overridable, "policy-set-name": o.Name,
			"policy-set-description": textOrNil(o.Description), "result-count": resultCount(o.Policies), "policy-tool-version": "0.44.0",
		},
		Relationships: attrs{"policy-evaluation": one("policy-evaluations", o.evaluation.id)},
	}
}

func (c *call) listEvaluations() (answer, error) {
	t, err := find[*taskStage](c, c.r.PathValue("id"))
	if err != nil {
		return answer{}, err
	}
	return list(c, t.evaluations, true)
}

func (c *call) readEvaluation() (answer, error) {
	e, err := find[*policyEvaluation](c, c.r.PathValue("id"))
	if err != nil {
		return answer{}, err
	}
	return c.single(http.StatusOK, e)
}

func (c *call) listOutcomes() (answer, error) {
	e, err := find[*policyEvaluation](c, c.r.PathValue("id"))
	if err != nil {
		return answer{}, err
	}
	var out []*setOutcome
	for _, o := range e.outcomes {
		if c.wanted(o) {
			out = append(out, o)
		}
	}
	return list(c, out, true)
}

// wanted applies filter[n][status] and filter[n][enforcementLevel]: any n may match,
// by any one policy of the set. go-tfe writes enforcement_level.
func (c *call) wanted(o *setOutcome) bool {
	q, filtered := c.r.URL.Query(), false
	for name, values := range q {
		n, ok := strings.CutSuffix(name, "[status]")
		if !ok || !strings.HasPrefix(n, "filter[") {
			continue
		}
		filtered = true
		level := q.Get(n+"[enforcementLevel]") + q.Get(n+"[enforcement_level]")
		for _, p := range o.Policies {
			if p.Status == values[0] && (level == "" || p.Level == level) {
				return true
			}
		}
	}
	return !filtered
}

func (c *call) readOutcome() (answer, error) {
	o, err := find[*setOutcome](c, c.r.PathValue("id"))
	if err != nil {
		return answer{}, err
	}
	return c.single(http.StatusOK, o)
}
