package tfc

import (
	"encoding/json"
	"net/http"
)

// runRequest is the body of POST /runs.
type runRequest struct {
	Data struct {
		Attributes struct {
			Message               string   `json:"message"`
			PlanOnly              *bool    `json:"plan-only"`
			RefreshOnly           bool     `json:"refresh-only"`
			IsDestroy             bool     `json:"is-destroy"`
			SavePlan              bool     `json:"save-plan"`
			AutoApply             bool     `json:"auto-apply"`
			AllowEmptyApply       bool     `json:"allow-empty-apply"`
			AllowConfigGeneration bool     `json:"allow-config-generation"`
			TargetAddrs           []string `json:"target-addrs"`
			ReplaceAddrs          []string `json:"replace-addrs"`
			TerraformVersion      string   `json:"terraform-version"`
			Variables             []struct {
				Key   string `json:"key"`
				Value string `json:"value"`
			} `json:"variables"`
		} `json:"attributes"`
		Relationships struct {
			Workspace     relation `json:"workspace"`
			ConfigVersion relation `json:"configuration-version"`
		} `json:"relationships"`
	} `json:"data"`
}

type relation struct {
	Data ref `json:"data"`
}

func (c *call) createRun() (answer, error) {
	var body runRequest
	if err := json.NewDecoder(c.r.Body).Decode(&body); err != nil {
		return answer{}, invalid("malformed body: %v", err)
	}
	w, err := find[*Workspace](c, body.Data.Relationships.Workspace.Data.ID)
	if err == nil {
		err = c.admin()
	}
	if err != nil {
		return answer{}, err
	}
	config, err := c.configFor(w, body.Data.Relationships.ConfigVersion.Data.ID)
	if err != nil {
		return answer{}, err
	}
	a := body.Data.Attributes
	spec := RunSpec{
		Message: a.Message, PlanOnly: config.attrs.speculative, RefreshOnly: a.RefreshOnly, IsDestroy: a.IsDestroy,
		SavePlan: a.SavePlan, AutoApply: a.AutoApply, AllowEmptyApply: a.AllowEmptyApply,
		AllowConfigGeneration: a.AllowConfigGeneration, TargetAddrs: a.TargetAddrs, ReplaceAddrs: a.ReplaceAddrs,
		TerraformVersion: a.TerraformVersion, Variables: map[string]string{},
	}
	if a.PlanOnly != nil {
		spec.PlanOnly = *a.PlanOnly
	}
	if config.ingress != nil {
		spec.Commit = config.ingress.commit
		spec.Source = "tfe-api"
	}
	if spec.RefreshOnly && spec.IsDestroy {
		return answer{}, invalid("refresh-only and is-destroy are mutually exclusive")
	}
	if a.TerraformVersion != "" && !spec.PlanOnly {
		return answer{}, invalid("terraform-version can only be set for plan-only runs")
	}
	for _, v := range a.Variables {
		spec.Variables[v.Key] = v.Value
	}
	r := w.newRun(spec, config)
	created := r.show(c) // before anything happens to it, as in reality
	c.s.start(r)
	return document(http.StatusCreated, created, nil), nil
}

// configFor finds the configuration version of a new run: the one asked for, or the
// workspace's newest that isn't speculative.
func (c *call) configFor(w *Workspace, id string) (*configVersion, error) {
	if id != "" {
		v, err := find[*configVersion](c, id)
		if err == nil && v.status != "uploaded" {
			err = invalid("Configuration version is not uploaded: %s", v.status)
		}
		return v, err
	}
	for _, v := range newestFirst(w.configs) {
		if v.status == "uploaded" && !v.attrs.speculative {
			return v, nil
		}
	}
	return nil, invalid("Configuration version is missing")
}

// start gives a run that came through the API its plan: a real one, or the
// planner's.
func (s *Server) start(r *Run) {
	if s.opts.Terraform != "" && r.config.body != nil {
		s.plan(r, r.config.unpack)
		return
	}
	spec := RunSpec{}
	if s.planner != nil {
		spec = s.planner(NewRun{Org: r.ws.org.name, Workspace: r.ws.name, Run: r.spec, Configuration: r.config.body})
	}
	r.settle(spec)
}

// act makes the handler of a run's action: 202 and the new status, or 409 where the
// run's state doesn't allow it. That is all that happens: an apply changes no state.
func act(allowed func(status string) bool, status string) handler {
	return func(c *call) (answer, error) {
		r, err := find[*Run](c, c.r.PathValue("id"))
		if err == nil {
			err = c.admin()
		}
		if err != nil {
			return answer{}, err
		}
		if !allowed(r.status) {
			return answer{}, &failure{http.StatusConflict, "transition not allowed"}
		}
		r.spec.Script = nil
		r.move(status, c.s.opts.Clock())
		return answer{status: http.StatusAccepted}, nil
	}
}

func confirmable(status string) bool { return paused[status] && status != "policy_override" }
func discardable(status string) bool { return paused[status] || status == "pending" }
func cancelable(status string) bool  { return !final[status] && !paused[status] }

// newestFirst returns items turned round.
func newestFirst[E any](items []E) []E {
	out := make([]E, 0, len(items))
	for i := len(items) - 1; i >= 0; i-- {
		out = append(out, items[i])
	}
	return out
}
