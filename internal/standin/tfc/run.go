package tfc

import (
	"context"
	"maps"
	"slices"
	"strings"
	"time"
)

// Run is a run of a workspace.
type Run struct {
	ws     *Workspace
	id     string
	spec   RunSpec
	status string
	stamps map[string]time.Time // by status
	config *configVersion
	plan   *plan
	apply  *apply
	checks []*policyCheck
	stages []*taskStage
	cost   *costEstimate

	reads int           // since the last scripted step
	moved time.Time     // when that was
	done  chan struct{} // closed when no terraform works on it any more; nil: none ever did
}

// Run adds a run; what spec lacks is filled in.
func (w *Workspace) Run(spec RunSpec) *Run {
	s := w.org.s
	s.mu.Lock()
	defer s.mu.Unlock()
	config := w.configuration(configAttributes{autoQueue: true, speculative: spec.PlanOnly})
	config.status = "uploaded"
	if spec.Commit != "" {
		config.ingress = &ingress{config: config, commit: spec.Commit, branch: spec.Branch, pull: spec.PullRequest, message: spec.Message}
		s.add(config.ingress)
	}
	r := w.newRun(spec, config)
	if spec.Dir != "" {
		s.plan(r, copyOf(spec.Dir))
		return r
	}
	r.settle(spec)
	return r
}

// newRun makes a pending run.
func (w *Workspace) newRun(spec RunSpec, config *configVersion) *Run {
	s := w.org.s
	if spec.CreatedAt.IsZero() {
		spec.CreatedAt = s.opts.Clock()
	}
	if spec.TerraformVersion == "" {
		spec.TerraformVersion = w.version
	}
	if spec.Source == "" {
		spec.Source = "tfe-api"
		if spec.Commit != "" {
			spec.Source = "tfe-configuration-version"
		}
	}
	if spec.Message == "" {
		spec.Message = "Queued manually via the Terraform Enterprise API"
	}
	r := &Run{ws: w, id: s.newID("run"), spec: spec, config: config, status: "pending", stamps: map[string]time.Time{}, moved: spec.CreatedAt}
	r.plan = &plan{run: r, id: s.newID("plan")}
	r.apply = &apply{run: r, id: s.newID("apply")}
	w.runs = append(w.runs, r)
	s.add(r)
	s.add(r.plan)
	s.add(r.apply)
	return r
}

// settle gives the run its plan, results and status, as spec has them.
func (r *Run) settle(spec RunSpec) {
	r.plan.load(spec)
	r.attachPolicy(spec.PolicyChecks)
	r.attachStages(spec.Stages)
	r.attachCost(spec.Cost)
	r.spec.Script, r.spec.PlanStatus = spec.Script, spec.PlanStatus
	status := spec.Status
	if status == "" {
		status = "planned"
		if r.spec.PlanOnly || !r.plan.changes() {
			status = "planned_and_finished"
		}
	}
	r.move(status, r.spec.CreatedAt)
}

func (r *Run) move(status string, at time.Time) {
	r.status, r.moved, r.reads = status, at, 0
	r.stamps[status] = at
}

// ID is the run's id ("run-…").
func (r *Run) ID() string { return r.id }

// PlanID is the id of its plan ("plan-…").
func (r *Run) PlanID() string { return r.plan.id }

// Status is the run's status now.
func (r *Run) Status() string {
	s := r.ws.org.s
	s.mu.Lock()
	defer s.mu.Unlock()
	return r.status
}

// Wait returns when no terraform works on the run any more, or with ctx's error.
func (r *Run) Wait(ctx context.Context) error {
	if r.done == nil {
		return nil
	}
	select {
	case <-r.done:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// Path is the path of the run's page in the web application, which commit statuses
// point to.
func (r *Run) Path() string { return "/app/" + r.ws.org.name + "/" + r.ws.name + "/runs/" + r.id }

// Advance moves the run to a status.
func (r *Run) Advance(status string) {
	s := r.ws.org.s
	s.mu.Lock()
	defer s.mu.Unlock()
	r.move(status, s.opts.Clock())
}

// observe counts a read and takes the scripted steps that are due.
func (r *Run) observe(now time.Time) {
	r.reads++
	r.tick(now)
}

func (r *Run) tick(now time.Time) {
	for len(r.spec.Script) > 0 {
		step := r.spec.Script[0]
		byReads := step.Reads > 0 && r.reads > step.Reads
		byClock := step.After > 0 && !now.Before(r.moved.Add(step.After))
		if !byReads && !byClock {
			return
		}
		at := now
		if byClock {
			at = r.moved.Add(step.After)
		}
		r.spec.Script = r.spec.Script[1:]
		r.move(step.Status, at)
		r.reads = 1
	}
}

func (r *Run) key() string       { return r.id }
func (r *Run) scope() *Workspace { return r.ws }

func (r *Run) show(c *call) resource {
	r.observe(c.s.opts.Clock())
	sp := r.spec
	admin := c.token.Role == Owner
	stamps := attrs{}
	for status, at := range r.stamps {
		if status != "pending" {
			stamps[stampName(status)] = stamp(at)
		}
	}
	variables := []attrs{}
	for _, key := range slices.Sorted(maps.Keys(sp.Variables)) {
		variables = append(variables, attrs{"key": key, "value": sp.Variables[key]})
	}
	return resource{
		ID: r.id, Type: "runs",
		Attributes: attrs{
			"actions": attrs{
				"is-cancelable": !final[r.status] && !paused[r.status], "is-confirmable": paused[r.status] && r.status != "policy_override",
				"is-discardable": paused[r.status] || r.status == "pending", "is-force-cancelable": false,
			},
			"allow-config-generation": sp.AllowConfigGeneration, "allow-empty-apply": sp.AllowEmptyApply, "auto-apply": sp.AutoApply,
			"canceled-at": stampOrNil(r.stamps["canceled"]), "created-at": stamp(sp.CreatedAt), "has-changes": r.plan.changes(),
			"is-destroy": sp.IsDestroy, "message": sp.Message, "plan-only": sp.PlanOnly, "refresh": true, "refresh-only": sp.RefreshOnly,
			"replace-addrs": listOrNil(sp.ReplaceAddrs), "save-plan": sp.SavePlan, "source": sp.Source, "status-timestamps": stamps,
			"status": r.status, "target-addrs": listOrNil(sp.TargetAddrs), "trigger-reason": r.trigger(),
			"terraform-version": sp.TerraformVersion, "updated-at": stamp(r.moved), "variables": variables,
			"permissions": attrs{
				"can-apply": admin, "can-cancel": admin, "can-comment": admin, "can-discard": admin,
				"can-force-execute": admin, "can-force-cancel": admin, "can-override-policy-check": admin,
			},
		},
		Relationships: attrs{
			"workspace":             one("workspaces", r.ws.id),
			"apply":                 one("applies", r.apply.id),
			"configuration-version": one("configuration-versions", r.config.id),
			"cost-estimate":         one("cost-estimates", keyOf(r.cost)),
			"plan":                  one("plans", r.plan.id),
			"created-by":            one("users", creator),
			"task-stages":           many("task-stages", r.stages),
			"policy-checks":         many("policy-checks", r.checks),
			"run-events":            attrs{"data": []ref{}},
			"comments":              attrs{"data": []ref{}},
		},
		Links: attrs{"self": "/api/v2/runs/" + r.id},
	}
}

func (r *Run) trigger() string {
	if r.spec.Commit != "" {
		return "vcs"
	}
	return "manual"
}

// stampName is the name of a status in status-timestamps; two are irregular.
func stampName(status string) string {
	switch status {
	case "fetching_completed":
		return "fetched-at"
	case "queuing_apply":
		return "queuing-apply-at"
	}
	return strings.ReplaceAll(status, "_", "-") + "-at"
}

func listOrNil(items []string) any {
	if len(items) == 0 {
		return nil
	}
	return items
}
