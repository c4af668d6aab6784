package tfc

import (
	"encoding/json"
	"net/http"
	"slices"
)

// plan is a run's plan.
type plan struct {
	run            *Run
	id             string
	full, redacted []byte
	log            []byte
	counts         counts
	generated      bool
}

// counts are what the plan resource says of its JSON.
type counts struct{ add, change, destroy, imports, outputs, other int }

// load takes the plan's content from a spec.
func (p *plan) load(spec RunSpec) {
	p.full, p.redacted = spec.PlanJSON, spec.RedactedPlanJSON
	if len(p.full) == 0 && !spec.NoPlanJSON {
		p.full = []byte(emptyPlan)
	}
	if spec.NoPlanJSON {
		p.full = nil
	}
	p.log = []byte(spec.Log)
	p.counts = countsOf(p.full)
	if p.redacted == nil && p.full != nil {
		p.redacted = redact(p.full, p.run.ws.org.s.opts.RedactSensitiveOnly)
	}
}

// countsOf counts as Terraform's own summary line does. JSON that can't be read, as
// a test may want to serve, counts nothing.
func countsOf(planJSON []byte) counts {
	type change struct {
		Actions   []string
		Importing *struct{}
	}
	var doc struct {
		Resources []struct{ Change change } `json:"resource_changes"`
		Drift     []struct{ Change change } `json:"resource_drift"`
		Outputs   map[string]change         `json:"output_changes"`
	}
	var n counts
	if json.Unmarshal(planJSON, &doc) != nil {
		return n
	}
	for _, r := range doc.Resources {
		for _, action := range r.Change.Actions {
			switch action {
			case "create":
				n.add++
			case "update":
				n.change++
			case "delete":
				n.destroy++
			case "forget":
				n.other++
			}
		}
		if r.Change.Importing != nil {
			n.imports++
		}
	}
	for _, o := range doc.Outputs {
		if !slices.Equal(o.Actions, []string{"no-op"}) {
			n.outputs++
		}
	}
	if len(doc.Resources) == 0 {
		n.other += len(doc.Drift) // a refresh-only plan has changes when it found drift
	}
	return n
}

func (p *plan) changes() bool { return p.counts != counts{} }

func (p *plan) status() string {
	if p.run.spec.PlanStatus != "" && final[p.run.status] {
		return p.run.spec.PlanStatus
	}
	if s, ok := planStatus[p.run.status]; ok {
		return s
	}
	return "finished"
}

func (p *plan) ended() bool {
	s := p.status()
	return s != "pending" && s != "queued" && s != "running"
}

func (p *plan) key() string       { return p.id }
func (p *plan) scope() *Workspace { return p.run.ws }

func (p *plan) show(c *call) resource {
	self := "/api/v2/plans/" + p.id
	started, ended := p.run.spec.CreatedAt, any(nil)
	out := resource{
		ID: p.id, Type: "plans",
		Attributes: attrs{
			"execution-details": attrs{"mode": "remote"}, "generated-configuration": p.generated, "has-changes": false,
			"resource-additions": nil, "resource-changes": nil, "resource-destructions": nil, "resource-imports": nil,
			"structured-run-output-enabled": !c.s.opts.PlainLogs, "status": p.status(), "log-read-url": c.s.logURL(c, p.id, p.ended, func() []byte { return p.log }),
			"actions": attrs{"is-exportable": p.ended()}, "permissions": attrs{"can-export": c.token.Role == Owner},
		},
		Relationships: attrs{"state-versions": attrs{"data": []ref{}}, "exports": attrs{"data": []ref{}}},
		Links:         attrs{"self": self, "json-output": self + "/json-output"},
	}
	if !c.s.opts.NoRedactedPlans {
		out.Links["json-output-redacted"] = self + "/json-output-redacted"
	}
	if p.ended() {
		ended = stamp(p.run.moved)
		a := out.Attributes
		a["has-changes"] = p.changes()
		a["resource-additions"], a["resource-changes"] = p.counts.add, p.counts.change
		a["resource-destructions"], a["resource-imports"] = p.counts.destroy, p.counts.imports
	}
	out.Attributes["status-timestamps"] = attrs{
		"queued-at": stamp(started), "pending-at": stamp(started), "started-at": stamp(started), "finished-at": ended,
	}
	return out
}

// Markers around a log, which tell a reader that it has it from the beginning to
// the end.
const (
	startOfText = 0x02
	endOfText   = 0x03
)

// logURL is where the log of a plan or a query run can be read, by anyone who has
// the URL; of is its id.
func (s *Server) logURL(c *call, of string, ended func() bool, log func() []byte) string {
	key := "log-" + of
	if _, ok := s.archive[key]; !ok {
		s.archive[key] = &object{contentType: "text/plain", windowed: true, read: func() []byte {
			text := log()
			out := append([]byte{startOfText}, text...)
			if ended() {
				return append(out, endOfText)
			}
			return out[:1+len(text)/2] // what there is so far
		}}
	}
	return s.archiveBase(c.base) + key
}

// planOf finds the plan that the path names, by its own id or its run's.
func (c *call) planOf() (*plan, error) {
	id := c.r.PathValue("id")
	if run := c.r.PathValue("run"); run != "" {
		r, err := find[*Run](c, run)
		if err != nil {
			return nil, err
		}
		id = r.plan.id
	}
	p, err := find[*plan](c, id)
	if err == nil {
		p.run.tick(c.s.opts.Clock())
	}
	return p, err
}

func (c *call) readPlan() (answer, error) {
	p, err := c.planOf()
	if err != nil {
		return answer{}, err
	}
	return c.single(http.StatusOK, p)
}

// readPlanJSON takes admin on the workspace through a user or team token.
func (c *call) readPlanJSON() (answer, error) {
	p, err := c.planOf()
	if err == nil {
		err = c.admin()
	}
	if err != nil {
		return answer{}, err
	}
	if !p.ended() || p.full == nil {
		return noContent(), nil
	}
	return c.redirect(p.full), nil
}

// readRedactedPlan takes read on the workspace only.
func (c *call) readRedactedPlan() (answer, error) {
	p, err := c.planOf()
	if err != nil {
		return answer{}, err
	}
	if c.s.opts.NoRedactedPlans {
		return answer{}, errNotFound
	}
	if !p.ended() || p.redacted == nil {
		return noContent(), nil
	}
	return c.redirect(p.redacted), nil
}

// apply is a run's apply.
type apply struct {
	run *Run
	id  string
}

func (a *apply) key() string       { return a.id }
func (a *apply) scope() *Workspace { return a.run.ws }

func (a *apply) show(*call) resource {
	status := map[string]string{"applied": "finished", "applying": "running", "apply_queued": "queued", "errored": "unreachable"}[a.run.status]
	if status == "" {
		status = "pending"
		if final[a.run.status] {
			status = "unreachable"
		}
	}
	return resource{
		ID: a.id, Type: "applies",
		Attributes:    attrs{"status": status, "status-timestamps": attrs{}, "execution-details": attrs{"mode": "remote"}},
		Relationships: attrs{"state-versions": attrs{"data": []ref{}}},
		Links:         attrs{"self": "/api/v2/applies/" + a.id},
	}
}

func (c *call) readApply() (answer, error) {
	a, err := find[*apply](c, c.r.PathValue("id"))
	if err != nil {
		return answer{}, err
	}
	return c.single(http.StatusOK, a)
}
