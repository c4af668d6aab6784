package tfc_test

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	tfe "github.com/hashicorp/go-tfe"

	"github.com/strandline-tf/strandline/internal/standin/tfc"
)

func TestPolicyTasksAndCost(t *testing.T) {
	w := start(t, tfc.Options{})
	run := w.Org("acme").Workspace("a").Run(tfc.RunSpec{
		Status:       "policy_override",
		PolicyChecks: []tfc.PolicyCheck{{Status: "soft_failed", Passed: 2, SoftFailed: 1, Output: "Sentinel says no", Sentinel: map[string]any{"version": 1}}},
		Stages: []tfc.TaskStage{{
			Status: "failed",
			Tasks:  []tfc.TaskResult{{Name: "scan", Status: "failed", Message: "2 findings", URL: "https://scan.example.com/1", Enforcement: "mandatory"}},
			Evaluations: []tfc.PolicyEvaluation{{Sets: []tfc.PolicySet{{Name: "guard", Policies: []tfc.Policy{
				{Name: "no-public", Level: "mandatory", Status: "failed", Output: []string{"bucket is public"}},
				{Name: "tags", Level: "advisory", Status: "passed"},
			}}, {Name: "calm", Policies: []tfc.Policy{{Name: "x", Level: "advisory", Status: "passed"}}}}}},
		}},
		Cost: &tfc.CostEstimate{Prior: "1.00", Proposed: "3.50", Delta: "2.50", Resources: 3, Matched: 2, Unmatched: 1},
	})
	ctx := t.Context()
	checks, err := w.client.PolicyChecks.List(ctx, run.ID(), nil)
	if err != nil || len(checks.Items) != 1 || checks.Items[0].Result.SoftFailed != 1 || !checks.Items[0].Actions.IsOverridable {
		t.Fatalf("%+v %v", checks, err)
	}
	output, err := w.client.PolicyChecks.Logs(ctx, checks.Items[0].ID)
	if err != nil {
		t.Fatal(err)
	}
	if text, _ := io.ReadAll(output); string(text) != "Sentinel says no" {
		t.Errorf("output %q", text)
	}
	stages, err := w.client.TaskStages.List(ctx, run.ID(), nil)
	if err != nil || len(stages.Items) != 1 || stages.Items[0].Status != tfe.TaskStageFailed {
		t.Fatalf("%+v %v", stages, err)
	}
	stage, err := w.client.TaskStages.Read(ctx, stages.Items[0].ID, &tfe.TaskStageReadOptions{Include: []tfe.TaskStageIncludeOpt{tfe.TaskStageTaskResults, tfe.PolicyEvaluationsTaskResults}})
	if err != nil || len(stage.TaskResults) != 1 || stage.TaskResults[0].Message != "2 findings" || len(stage.PolicyEvaluations) != 1 {
		t.Fatalf("%+v %v", stage, err)
	}
	result, err := w.client.TaskResults.Read(ctx, stage.TaskResults[0].ID)
	if err != nil || result.WorkspaceTaskEnforcementLevel != tfe.Mandatory || result.URL != "https://scan.example.com/1" {
		t.Errorf("%+v %v", result, err)
	}
	evaluations, err := w.client.PolicyEvaluations.List(ctx, stage.ID, nil)
	if err != nil || len(evaluations.Items) != 1 || evaluations.Items[0].Status != tfe.PolicyEvaluationFailed || evaluations.Items[0].ResultCount.MandatoryFailed != 1 {
		t.Fatalf("%+v %v", evaluations, err)
	}
	outcomes, err := w.client.PolicySetOutcomes.List(ctx, evaluations.Items[0].ID, &tfe.PolicySetOutcomeListOptions{Filter: map[string]tfe.PolicySetOutcomeListFilter{
		"0": {Status: "failed", EnforcementLevel: "mandatory"},
	}})
	if err != nil || len(outcomes.Items) != 1 || outcomes.Items[0].PolicySetName != "guard" || outcomes.Items[0].Outcomes[0].Output[0].Print != "bucket is public" {
		t.Errorf("%+v %v", outcomes, err)
	}
	read, err := w.client.Runs.ReadWithOptions(ctx, run.ID(), &tfe.RunReadOptions{Include: []tfe.RunIncludeOpt{tfe.RunCostEstimate, tfe.RunTaskStages}})
	if err != nil || read.CostEstimate.DeltaMonthlyCost != "2.50" || read.TaskStages[0].Status != tfe.TaskStageFailed {
		t.Errorf("%+v %v", read, err)
	}
	cost, err := w.client.CostEstimates.Read(ctx, read.CostEstimate.ID)
	if err != nil || cost.ProposedMonthlyCost != "3.50" {
		t.Errorf("%+v %v", cost, err)
	}
}

const sampleState = `{"version":4,"terraform_version":"1.11.4","serial":3,"lineage":"abc","outputs":{"url":{"value":"https://x","type":"string"},"pw":{"value":"hunter22","type":"string","sensitive":true}},
"resources":[{"mode":"managed","type":"t","name":"a","provider":"provider[\"p/t\"]","instances":[{"index_key":"x","attributes":{}},{"index_key":1,"attributes":{}}]},
{"module":"module.m","mode":"managed","type":"t","name":"b","provider":"provider[\"p/t\"]","instances":[{"attributes":{}}]}]}`

func TestStates(t *testing.T) {
	w := start(t, tfc.Options{})
	ws := w.Org("acme").Workspace("a")
	w.Org("acme").Workspace("empty")
	if _, err := ws.SetState([]byte(sampleState)); err != nil {
		t.Fatal(err)
	}
	ctx := t.Context()
	for _, include := range []tfe.WSIncludeOpt{tfe.WSCurrentStateVer, "current_state_version"} {
		list, err := w.client.Workspaces.List(ctx, "acme", &tfe.WorkspaceListOptions{Include: []tfe.WSIncludeOpt{include}})
		if err != nil || len(list.Items) != 2 {
			t.Fatalf("%v %v", list, err)
		}
		if v := list.Items[0].CurrentStateVersion; v == nil || v.Serial != 3 || v.DownloadURL == "" {
			t.Errorf("include=%s: %+v", include, v)
		}
		if list.Items[1].CurrentStateVersion != nil || list.Items[0].ResourceCount != 3 {
			t.Errorf("%+v %d", list.Items[1].CurrentStateVersion, list.Items[0].ResourceCount)
		}
	}
	current, err := w.client.StateVersions.ReadCurrentWithOptions(ctx, ws.ID(), &tfe.StateVersionCurrentOptions{Include: []tfe.StateVersionIncludeOpt{tfe.SVoutputs}})
	if err != nil || len(current.Outputs) != 2 || current.Outputs[0].Value != nil || current.Outputs[1].Value != "https://x" {
		t.Fatalf("%+v %v", current, err)
	}
	file, err := w.client.StateVersions.Download(ctx, current.DownloadURL)
	if err != nil || string(file) != sampleState {
		t.Errorf("download: %v", err)
	}
	resources, err := w.client.WorkspaceResources.List(ctx, ws.ID(), nil)
	if err != nil || len(resources.Items) != 3 || resources.Items[0].Address != `t.a["x"]` || resources.Items[2].Address != "module.m.t.b" {
		t.Errorf("%+v %v", resources, err)
	}
	versions, err := w.client.StateVersions.List(ctx, &tfe.StateVersionListOptions{Organization: "acme", Workspace: "a"})
	if err != nil || len(versions.Items) != 1 {
		t.Errorf("%+v %v", versions, err)
	}
	if _, err := w.client.StateVersions.ReadCurrent(ctx, w.Org("acme").Workspace("empty").ID()); err != tfe.ErrResourceNotFound {
		t.Errorf("no state: %v", err)
	}
}

func TestAssessments(t *testing.T) {
	w := start(t, tfc.Options{})
	ws := w.Org("acme").Workspace("a")
	if a := w.post("/api/v2/workspaces/"+ws.ID()+"/actions/assess", ""); a.status != http.StatusConflict {
		t.Errorf("assess while switched off: %d", a.status)
	}
	id := ws.Assess(tfc.Assessment{Drifted: 2, Undrifted: 5, ChecksFailed: 1, PlanJSON: []byte(samplePlan), Log: []byte(`{"@level":"info"}` + "\n")})
	a := w.get("/api/v2/workspaces/"+ws.ID()+"/current-assessment-result", token)
	if a.at(t, "data", "id") != id || a.at(t, "data", "attributes", "drifted") != true || a.at(t, "data", "attributes", "all-checks-succeeded") != false {
		t.Error(a.body)
	}
	base := "/api/v2/assessment-results/" + id
	if b := w.get(base+"/json-output", token); b.body != samplePlan {
		t.Errorf("%d %s", b.status, b.body)
	}
	for _, path := range []string{base, base + "/json-schema", base + "/log-output"} {
		if b := w.get(path, token); b.status != http.StatusOK {
			t.Errorf("%s: %d", path, b.status)
		}
	}
	if b := w.post("/api/v2/workspaces/"+ws.ID()+"/actions/assess", ""); b.status != http.StatusOK {
		t.Errorf("assess: %d %s", b.status, b.body)
	}
	list := w.get("/api/v2/organizations/acme/workspaces?include=current_assessment_result", token)
	if got := list.at(t, "included", "0", "id"); got == id || list.at(t, "included", "0", "attributes", "resources-drifted") != 2.0 {
		t.Errorf("a new result should have taken the place of %v: %s", id, list.body)
	}
}

func TestAssessmentsTakeTime(t *testing.T) {
	c := newClock()
	w := start(t, tfc.Options{Clock: c.Now})
	ws := w.Org("acme").Workspace("a")
	old := ws.Assess(tfc.Assessment{SanitizedPlanJSON: []byte(samplePlan)})
	w.Assessor(func(org, workspace string) tfc.Assessment {
		return tfc.Assessment{Drifted: len(org + workspace), CreatedAt: c.now.Add(time.Minute)}
	})
	act, current := "/api/v2/workspaces/"+ws.ID()+"/actions/assess", "/api/v2/workspaces/"+ws.ID()+"/current-assessment-result"
	if a, b := w.post(act, ""), w.post(act, ""); a.status != http.StatusOK || b.status != http.StatusConflict {
		t.Errorf("started: %d, started again: %d", a.status, b.status)
	}
	if a := w.get(current, token); a.at(t, "data", "id") != old {
		t.Errorf("under way: %s", a.body)
	}
	c.now = c.now.Add(time.Minute)
	if a := w.get(current, token); a.at(t, "data", "id") == old || a.at(t, "data", "attributes", "resources-drifted") != 5.0 {
		t.Errorf("done: %s", a.body)
	}
	if a := w.get("/api/v2/assessment-results/"+old+"/sanitized-plan", token); a.body != samplePlan {
		t.Errorf("%d %s", a.status, a.body)
	}
	if a := w.post(act, ""); a.status != http.StatusOK {
		t.Errorf("and another: %d", a.status)
	}
}

func TestLockedWorkspaces(t *testing.T) {
	w := start(t, tfc.Options{})
	w.Org("acme").Workspace("a", tfc.Locked("moving"), tfc.ExecutionMode("local"))
	w.Org("acme").Workspace("b")
	a := w.get("/api/v2/organizations/acme/workspaces?include=locked_by", token)
	if a.at(t, "data", "0", "attributes", "locked") != true || a.at(t, "data", "0", "attributes", "locked-reason") != "moving" ||
		a.at(t, "data", "0", "attributes", "execution-mode") != "local" || a.at(t, "included", "0", "attributes", "username") != "user-owner" ||
		a.at(t, "data", "1", "attributes", "locked") != false || a.at(t, "data", "1", "attributes", "execution-mode") != "remote" {
		t.Error(a.body)
	}
}

func TestWorkspacesAreFound(t *testing.T) {
	w := start(t, tfc.Options{})
	acme := w.Org("acme")
	acme.Project("core").Bind("team", "sre")
	acme.Workspace("net-prod", tfc.InProject("core"), tfc.Tags("prod", "net"), tfc.TagBindings(map[string]string{"env": "prod"}))
	acme.Workspace("net-dev", tfc.Tags("net"))
	acme.Workspace("dns", tfc.TagBindings(map[string]string{"env": "dev"}))
	core := acme.Project("core").ID()
	for _, tc := range []struct {
		opts tfe.WorkspaceListOptions
		want string
	}{
		{tfe.WorkspaceListOptions{}, "dns net-dev net-prod"},
		{tfe.WorkspaceListOptions{Search: "net"}, "net-dev net-prod"},
		{tfe.WorkspaceListOptions{WildcardName: "*-prod"}, "net-prod"},
		{tfe.WorkspaceListOptions{WildcardName: "*et-*"}, "net-dev net-prod"},
		{tfe.WorkspaceListOptions{Tags: "net,prod"}, "net-prod"},
		{tfe.WorkspaceListOptions{Tags: "net", ExcludeTags: "prod"}, "net-dev"},
		{tfe.WorkspaceListOptions{ProjectID: core}, "net-prod"},
		{tfe.WorkspaceListOptions{TagBindings: []*tfe.TagBinding{{Key: "env", Value: "dev"}}}, "dns"},
		{tfe.WorkspaceListOptions{TagBindings: []*tfe.TagBinding{{Key: "team", Value: "sre"}}}, "net-prod"},
		{tfe.WorkspaceListOptions{Sort: "-name"}, "net-prod net-dev dns"},
	} {
		list, err := w.client.Workspaces.List(t.Context(), "acme", &tc.opts)
		if err != nil {
			t.Fatal(err)
		}
		var names []string
		for _, item := range list.Items {
			names = append(names, item.Name)
		}
		if got := strings.Join(names, " "); got != tc.want {
			t.Errorf("%+v: %s, want %s", tc.opts, got, tc.want)
		}
	}
	projects, err := w.client.Projects.List(t.Context(), "acme", &tfe.ProjectListOptions{Name: "core"})
	if err != nil || len(projects.Items) != 1 || projects.Items[0].ID != core {
		t.Errorf("%+v %v", projects, err)
	}
	one := w.get("/api/v2/organizations/acme/workspaces/net-prod?include=effective_tag_bindings,project", token)
	if one.at(t, "included", "1", "attributes", "value") != "sre" || one.at(t, "included", "2", "attributes", "name") != "core" {
		t.Error(one.body)
	}
	id := acme.Workspace("net-prod").ID()
	for path, want := range map[string]int{"/relationships/tags": 2, "/relationships/tag-bindings": 1, "/tag-bindings": 1, "/effective-tag-bindings": 2} {
		if n := len(w.get("/api/v2/workspaces/"+id+path, token).at(t, "data").([]any)); n != want {
			t.Errorf("%s: %d", path, n)
		}
	}
}

// TestEverythingCanBeRead walks the addresses that the other tests don't need; the
// contract checks what they answer.
func TestEverythingCanBeRead(t *testing.T) {
	w := start(t, tfc.Options{BaseURL: "https://tfe.example.com"})
	w.AddToken(tfc.Token{Secret: token})
	w.AddToken(tfc.Token{Secret: "org", Role: tfc.Organization})
	w.Org("other")
	acme := w.Org("acme")
	ws := acme.Workspace("a", tfc.InProject("core"), tfc.Repository("acme/infra"), tfc.TerraformVersion("1.9.8"), tfc.Assessments(),
		tfc.Variables(tfc.Variable{Key: "size", Value: "small"}, tfc.Variable{Key: "pw", Value: "hunter22", Category: "env", Sensitive: true}))
	acme.Project("core").Bind("team", "sre")
	state, err := ws.SetState([]byte(sampleState))
	if err != nil {
		t.Fatal(err)
	}
	run := ws.Run(tfc.RunSpec{Commit: "abc", PullRequest: 3, Stages: []tfc.TaskStage{{Evaluations: []tfc.PolicyEvaluation{{Sets: []tfc.PolicySet{{Name: "guard"}}}}}}})
	raw := w.get("/api/v2/runs/"+run.ID()+"?include=task_stages,apply", token)
	config := raw.at(t, "data", "relationships", "configuration-version", "data", "id").(string)
	evaluation := raw.at(t, "included", "0", "relationships", "policy-evaluations", "data", "0", "id").(string)
	outcomes := w.get("/api/v2/policy-evaluations/"+evaluation+"/policy-set-outcomes", token)
	project := "/api/v2/projects/" + acme.Project("core").ID()
	workspace := "/api/v2/workspaces/" + ws.ID()
	for path, want := range map[string]string{
		"/api/v2/organizations?q=acm":              `"id":"acme"`,
		project:                                    `"workspace-count":1`,
		project + "/relationships/tag-bindings":    `"value":"sre"`,
		"/api/v2/configuration-versions/" + config: `"status":"uploaded"`,
		"/api/v2/configuration-versions/" + config + "/ingress-attributes":                       `"pull-request-number":3`,
		workspace + "/configuration-versions":                                                    config,
		workspace + "/vars":                                                                      `"value":null`,
		workspace + "/current-state-version-outputs":                                             `"name":"url"`,
		"/api/v2/state-versions/" + state.ID():                                                   `"hosted-state-download-url":"https://tfe.example.com/api/`,
		"/api/v2/state-versions/" + state.ID() + "/outputs":                                      `"sensitive":true`,
		"/api/v2/policy-evaluations/" + evaluation:                                               `"policy-kind":"opa"`,
		"/api/v2/policy-set-outcomes/" + outcomes.at(t, "data", "0", "id").(string):              `"policy-set-name":"guard"`,
		"/api/v2/applies/" + raw.at(t, "included", "1", "id").(string):                           `"status":"unreachable"`,
		"/api/v2/runs/" + run.ID() + "/plan":                                                     run.PlanID(),
		"/api/v2/organizations/acme/workspaces?filter[current-run][status]=planned_and_finished": ws.ID(),
	} {
		if a := w.get(path, token); a.status != http.StatusOK || !strings.Contains(a.body, want) {
			t.Errorf("%s: %d, want %s in %s", path, a.status, want, a.body)
		}
	}
	if got := run.Path(); got != "/app/acme/a/runs/"+run.ID() {
		t.Error(got)
	}
	if a := w.get("/api/v2/account/details", "org"); a.at(t, "data", "attributes", "is-service-account") != true {
		t.Error(a.body)
	}
	if a := w.get("/api/v2/configuration-versions/"+config+"/download", token); a.status != http.StatusNotFound {
		t.Errorf("nothing was uploaded: %d", a.status)
	}
	if a := w.get("/api/v2/runs/"+run.ID()+"?include=plan", "org"); a.status != http.StatusOK {
		t.Errorf("%d", a.status)
	}
}

// post sends a POST with a JSON:API body.
func (w *world) post(path, body string) answer {
	w.t.Helper()
	req, err := http.NewRequestWithContext(context.WithoutCancel(w.t.Context()), http.MethodPost, w.url+path, strings.NewReader(body))
	if err != nil {
		w.t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+token)
	req.Header.Set("Content-Type", "application/vnd.api+json")
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		w.t.Fatal(err)
	}
	defer resp.Body.Close()
	var raw json.RawMessage
	_ = json.NewDecoder(resp.Body).Decode(&raw) // some answers have no body
	return answer{resp.StatusCode, resp.Header, string(raw)}
}
