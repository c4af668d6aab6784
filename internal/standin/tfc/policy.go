package tfc

import (
	"net/http"
	"time"
)

// PolicyCheck is the outcome of a Sentinel policy check.
type PolicyCheck struct {
	// Status is passed, soft_failed, hard_failed, overridden, errored, …
	Status string
	// Scope is "organization" by default.
	Scope                                          string
	Passed, HardFailed, SoftFailed, AdvisoryFailed int
	// Sentinel is the low-level detail under result.sentinel, whose structure may
	// change at any time.
	Sentinel map[string]any
	// Output is the log that a person reads.
	Output string
}

type policyCheck struct {
	PolicyCheck
	run *Run
	id  string
	at  time.Time
}

func (r *Run) attachPolicy(checks []PolicyCheck) {
	s := r.ws.org.s
	for _, spec := range checks {
		if spec.Scope == "" {
			spec.Scope = "organization"
		}
		p := &policyCheck{PolicyCheck: spec, run: r, id: s.newID("polchk"), at: s.opts.Clock()}
		r.checks = append(r.checks, p)
		s.add(p)
	}
}

func (p *policyCheck) key() string       { return p.id }
func (p *policyCheck) scope() *Workspace { return p.run.ws }

func (p *policyCheck) show(c *call) resource {
	self := "/api/v2/policy-checks/" + p.id
	failures := p.HardFailed + p.SoftFailed + p.AdvisoryFailed
	var sentinel any
	if p.Sentinel != nil {
		sentinel = p.Sentinel
	}
	out := resource{
		ID: p.id, Type: "policy-checks",
		Attributes: attrs{
			"scope": p.Scope, "status": p.Status, "status-timestamps": attrs{"queued-at": stamp(p.at), stampName(p.Status): stamp(p.at)},
			"actions":     attrs{"is-overridable": p.Status == "soft_failed"},
			"permissions": attrs{"can-override": c.token.Role == Owner},
			"result":      nil,
		},
		Relationships: attrs{"run": one("runs", p.run.id)},
		Links:         attrs{"output": self + "/output"},
	}
	if p.Status != "pending" && p.Status != "queued" {
		out.Attributes["result"] = attrs{
			"result": p.HardFailed+p.SoftFailed == 0, "passed": p.Passed, "total-failed": failures, "hard-failed": p.HardFailed,
			"soft-failed": p.SoftFailed, "advisory-failed": p.AdvisoryFailed, "duration-ms": 0, "sentinel": sentinel,
		}
	}
	return out
}

func (c *call) listPolicyChecks() (answer, error) {
	r, err := find[*Run](c, c.r.PathValue("id"))
	if err != nil {
		return answer{}, err
	}
	return list(c, r.checks, true)
}

func (c *call) readPolicyCheck() (answer, error) {
	p, err := find[*policyCheck](c, c.r.PathValue("id"))
	if err != nil {
		return answer{}, err
	}
	return c.single(http.StatusOK, p)
}

func (c *call) readPolicyOutput() (answer, error) {
	p, err := find[*policyCheck](c, c.r.PathValue("id"))
	if err != nil {
		return answer{}, err
	}
	return answer{status: http.StatusOK, contentType: "application/octet-stream", body: []byte(p.Output)}, nil
}

// CostEstimate is a run's cost estimate; amounts are decimal strings in US dollars
// a month, as the API has them ("25.488").
type CostEstimate struct {
	// Status is "finished" by default.
	Status, Error                 string
	Prior, Proposed, Delta        string
	Resources, Matched, Unmatched int
}

type costEstimate struct {
	CostEstimate
	run *Run
	id  string
	at  time.Time
}

func (r *Run) attachCost(spec *CostEstimate) {
	if spec == nil {
		return
	}
	s := r.ws.org.s
	r.cost = &costEstimate{CostEstimate: *spec, run: r, id: s.newID("ce"), at: s.opts.Clock()}
	if r.cost.Status == "" {
		r.cost.Status = "finished"
	}
	s.add(r.cost)
}

func (e *costEstimate) key() string       { return e.id }
func (e *costEstimate) scope() *Workspace { return e.run.ws }

func (e *costEstimate) show(*call) resource {
	return resource{
		ID: e.id, Type: "cost-estimates",
		Attributes: attrs{
			"status": e.Status, "error-message": textOrNil(e.Error),
			"status-timestamps":     attrs{"queued-at": stamp(e.at), stampName(e.Status): stamp(e.at)},
			"prior-monthly-cost":    textOrNil(e.Prior),
			"proposed-monthly-cost": textOrNil(e.Proposed), "delta-monthly-cost": textOrNil(e.Delta),
			"resources-count": e.Resources, "matched-resources-count": e.Matched, "unmatched-resources-count": e.Unmatched,
			"resources": attrs{"matched": []any{}, "unmatched": []any{}},
		},
	}
}

func (c *call) readCost() (answer, error) {
	e, err := find[*costEstimate](c, c.r.PathValue("id"))
	if err != nil {
		return answer{}, err
	}
	return c.single(http.StatusOK, e)
}
