package tfc

import (
	"net/http"
	"time"
)

// TaskStage is a stage of a run with its run tasks and its policy evaluations (OPA,
// and Sentinel as policy evaluations).
type TaskStage struct {
	// Stage is pre_plan, post_plan (the default), pre_apply or post_apply.
	Stage string
	// Status is passed, failed, awaiting_override, errored, running, …; by default
	// "passed".
	Status      string
	Tasks       []TaskResult
	Evaluations []PolicyEvaluation
}

// TaskResult is the result of a run task.
type TaskResult struct {
	Name, Status, Message, URL string
	// Enforcement is "advisory" (the default) or "mandatory".
	Enforcement string
}

type taskStage struct {
	TaskStage
	run         *Run
	id          string
	at          time.Time
	results     []*taskResult
	evaluations []*policyEvaluation
}

func (r *Run) attachStages(stages []TaskStage) {
	s := r.ws.org.s
	for _, spec := range stages {
		if spec.Stage == "" {
			spec.Stage = "post_plan"
		}
		if spec.Status == "" {
			spec.Status = "passed"
		}
		t := &taskStage{TaskStage: spec, run: r, id: s.newID("ts"), at: s.opts.Clock()}
		for _, result := range spec.Tasks {
			if result.Enforcement == "" {
				result.Enforcement = "advisory"
			}
			res := &taskResult{TaskResult: result, stage: t, id: s.newID("taskrs")}
			t.results = append(t.results, res)
			s.add(res)
		}
		for _, evaluation := range spec.Evaluations {
			t.evaluations = append(t.evaluations, t.evaluate(evaluation))
		}
		r.stages = append(r.stages, t)
		s.add(t)
	}
}

func (t *taskStage) key() string       { return t.id }
func (t *taskStage) scope() *Workspace { return t.run.ws }

func (t *taskStage) show(c *call) resource {
	admin := c.token.Role == Owner
	return resource{
		ID: t.id, Type: "task-stages",
		Attributes: attrs{
			"stage": t.Stage, "status": t.Status, "status-timestamps": attrs{stampName(t.Status): stamp(t.at)},
			"created-at": stamp(t.at), "updated-at": stamp(t.at),
			"permissions": attrs{"can-override-policy": admin, "can-override-tasks": admin, "can-override": admin},
			"actions":     attrs{"is-overridable": t.Status == "awaiting_override"},
		},
		Relationships: attrs{
			"run":                one("runs", t.run.id),
			"task-results":       many("task-results", t.results),
			"policy-evaluations": many("policy-evaluations", t.evaluations),
		},
		Links: attrs{"self": "/api/v2/task-stages/" + t.id},
	}
}

type taskResult struct {
	TaskResult
	stage *taskStage
	id    string
}

func (t *taskResult) key() string       { return t.id }
func (t *taskResult) scope() *Workspace { return t.stage.run.ws }

func (t *taskResult) show(*call) resource {
	at := stamp(t.stage.at)
	return resource{
		ID: t.id, Type: "task-results",
		Attributes: attrs{
			"message": textOrNil(t.Message), "status": t.Status, "status-timestamps": attrs{stampName(t.Status): at},
			"url": textOrNil(t.URL), "created-at": at, "updated-at": at, "task-id": "task-" + t.id, "task-name": t.Name,
			"task-url": "https://tasks.example.com/" + t.Name, "stage": t.stage.Stage, "is-speculative": t.stage.run.spec.PlanOnly,
			"workspace-task-id": "wstask-" + t.id, "workspace-task-enforcement-level": t.Enforcement, "agent-pool-id": nil,
			"task-result-outcomes-count": 0,
		},
		Relationships: attrs{
			"task-stage":           one("task-stages", t.stage.id),
			"task-result-outcomes": attrs{"data": []ref{}},
		},
		Links: attrs{"self": "/api/v2/task-results/" + t.id},
	}
}

func (c *call) listTaskStages() (answer, error) {
	r, err := find[*Run](c, c.r.PathValue("id"))
	if err != nil {
		return answer{}, err
	}
	return list(c, r.stages, true)
}

func (c *call) readTaskStage() (answer, error) {
	t, err := find[*taskStage](c, c.r.PathValue("id"))
	if err != nil {
		return answer{}, err
	}
	return c.single(http.StatusOK, t)
}

func (c *call) readTaskResult() (answer, error) {
	t, err := find[*taskResult](c, c.r.PathValue("id"))
	if err != nil {
		return answer{}, err
	}
	return c.single(http.StatusOK, t)
}
