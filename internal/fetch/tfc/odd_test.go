package tfc_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/strandline-tf/strandline/internal/fetch/tfc"
	"github.com/strandline-tf/strandline/internal/model"
	standin "github.com/strandline-tf/strandline/internal/standin/tfc"
)

// routes answers by path under /api/v2/, and 404 elsewhere.
func routes(answers map[string]string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		body, ok := answers[strings.TrimPrefix(r.URL.Path, "/api/v2/")]
		if !ok {
			answer(404, `{"errors":[]}`)(w, r)
			return
		}
		answer(200, body)(w, r)
	}
}

const bareRun = `{"data":{"type":"runs","id":"run-a","attributes":{"status":"errored"},"relationships":{
	"workspace":{"data":{"type":"workspaces","id":"ws-1"}},
	"plan":{"data":{"type":"plans","id":"plan-a"}},
	"cost-estimate":{"data":{"type":"cost-estimates","id":"ce-1"}},
	"policy-checks":{"data":[{"type":"policy-checks","id":"polchk-1"}]},
	"task-stages":{"data":[{"type":"task-stages","id":"ts-1"}]},
	"tf-policy-evaluations":{"data":[{"type":"tf-policy-evaluations","id":"tfpe-1"}]}}}}`

// A server that includes nothing: all is read one by one.
func TestServerWithoutIncludes(t *testing.T) {
	c, _ := connect(t, routes(map[string]string{
		"runs/run-a":          bareRun,
		"workspaces/ws-1":     `{"data":{"type":"workspaces","id":"ws-1","attributes":{"name":"net","terraform-version":"1.9.0"},"relationships":{"organization":{"data":{"type":"organizations","id":"acme"}}}}}`,
		"plans/plan-a":        `{"data":{"type":"plans","id":"plan-a","attributes":{"status":"finished","log-read-url":"/logs/plan-a"}}}`,
		"cost-estimates/ce-1": `{"data":{"type":"cost-estimates","id":"ce-1","attributes":{"status":"finished","prior-monthly-cost":"1","proposed-monthly-cost":"2","delta-monthly-cost":"1"}}}`,
		"runs/run-a/task-stages": `{"data":[{"type":"task-stages","id":"ts-1","attributes":{"stage":"pre_plan"},"relationships":{
			"task-results":{"data":[{"type":"task-results","id":"tr-1"}]},"policy-evaluations":{"data":[{"type":"policy-evaluations","id":"pe-1"}]}}}]}`,
		"task-stages/ts-1": `{"data":{"type":"task-stages","id":"ts-1","attributes":{"stage":"pre_plan"},"relationships":{
			"task-results":{"data":[{"type":"task-results","id":"tr-1"}]}}}}`,
		"task-results/tr-1":                   `{"data":{"type":"task-results","id":"tr-1","attributes":{"status":"passed","task-name":"lint","workspace-task-enforcement-level":"advisory"}}}`,
		"task-stages/ts-1/policy-evaluations": `{"data":[{"type":"policy-evaluations","id":"pe-1","attributes":{"status":"overridden"}}]}`,
		"policy-evaluations/pe-1/policy-set-outcomes": `{"data":[{"type":"policy-set-outcomes","id":"pso-1","attributes":{"policy-set-name":"opa","error":null,"outcomes":[
			{"enforcement_level":"mandatory","query":"data.x","status":"failed","policy_name":null,"description":"why","output":[{"msg":"no"},"plain",7,null]},
			{"enforcement_level":"advisory","status":"failed","policy_name":"adv","description":"why","output":[]}]}},
			{"type":"policy-set-outcomes","id":"pso-2","attributes":{"policy-set-name":"broken","error":"no such file","outcomes":null}}]}`,
		"tf-policy-evaluations/tfpe-1/tf-policy-set-outcomes": `{"data":[{"type":"tf-policy-set-outcomes","id":"tso-1","attributes":{"policy-set-name":"tf","outcomes":[
			{"enforcement_level":"mandatory_overridable","status":"failed","policy_name":"p","diagnostics":[{"summary":"Bad","error_message":"too big","resources":[{"resource_name":"a.b","error_message":"is 9"}]}]},
			{"enforcement_level":"mandatory","status":"unknown","policy_name":"u"}]}}]}`,
		"runs/run-a/policy-checks": `{"data":[{"type":"policy-checks","id":"polchk-1","attributes":{"status":"hard_failed","scope":"organization","result":{"total-failed":2,"passed":3}}}]}`,
	}))
	run, err := c.Run(t.Context(), "run-a")
	if err != nil {
		t.Fatal(err)
	}
	if run.Workspace != "net" || run.Organization != "acme" || run.TerraformVersion != "1.9.0" || !run.PlanFinished() || !run.HasPolicies || !run.HasRunTasks {
		t.Errorf("%+v", run)
	}
	policies, err := c.Policies(t.Context(), run)
	if diff := cmp.Diff([]model.Policy{
		{Name: "Sentinel policies", Set: "organization", Level: "hard-mandatory", Status: "failed", Output: "2 failed, 3 passed"},
		{Name: "data.x", Set: "opa", Level: "mandatory", Status: "overridden", Output: "no\nplain\n7"},
		{Name: "adv", Set: "opa", Level: "advisory", Status: "failed", Output: "why"},
		{Name: "broken", Set: "broken", Status: "errored", Output: "no such file"},
		{Name: "p", Set: "tf", Level: "mandatory-overridable", Status: "failed", Output: "Bad: too big\na.b: is 9"},
		{Name: "u", Set: "tf", Level: "mandatory", Status: "errored"},
	}, policies); diff != "" || err != nil {
		t.Error(err, diff)
	}
	tasks, err := c.RunTasks(t.Context(), run)
	if diff := cmp.Diff([]model.RunTask{{Name: "lint", Status: "passed", Enforcement: "advisory", Stage: "pre_plan"}}, tasks); diff != "" || err != nil {
		t.Error(err, diff)
	}
	cost, err := c.Cost(t.Context(), run)
	if diff := cmp.Diff(&model.Cost{Prior: "1", Proposed: "2", Delta: "1", Currency: "USD"}, cost); diff != "" || err != nil {
		t.Error(err, diff)
	}
	if got, err := c.PlanLog(t.Context(), run); err != nil || got != nil {
		t.Errorf("a log that is missing: %v %v", got, err)
	}
}

// A server that knows of a run's extras, and has none of their routes.
func TestMissingExtrasAreNoError(t *testing.T) {
	c, _ := connect(t, routes(map[string]string{
		"runs/run-a":      bareRun,
		"workspaces/ws-1": `{"data":{"type":"workspaces","id":"ws-1","attributes":{"name":"net"}}}`,
	}))
	run, err := c.Run(t.Context(), "run-a")
	if err != nil {
		t.Fatal(err)
	}
	policies, err1 := c.Policies(t.Context(), run)
	tasks, err2 := c.RunTasks(t.Context(), run)
	cost, err3 := c.Cost(t.Context(), run)
	log, err4 := c.PlanLog(t.Context(), run)
	if len(policies)+len(tasks)+len(log) > 0 || cost != nil || err1 != nil || err2 != nil || err3 != nil || err4 != nil {
		t.Error(policies, tasks, cost, log, err1, err2, err3, err4)
	}
}

// A server that refuses includes altogether.
func TestIncludeRefused(t *testing.T) {
	good := routes(map[string]string{
		"runs/run-a":      bareRun,
		"workspaces/ws-1": `{"data":{"type":"workspaces","id":"ws-1","attributes":{"name":"net"}}}`,
	})
	c, _ := connect(t, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Query().Has("include") {
			answer(400, `{"errors":[{"status":"400","title":"Invalid include parameter"}]}`)(w, r)
			return
		}
		good(w, r)
	})
	if run, err := c.Run(t.Context(), "run-a"); err != nil || run.Workspace != "net" {
		t.Errorf("%+v %v", run, err)
	}
}

// Found, and then closed: the workspace is named with the reason, and the
// others are there.
func TestUnreadableWorkspaceBesideOthers(t *testing.T) {
	for _, without := range []bool{false, true} {
		w := start(t, standin.Options{NoOrganizationRuns: without})
		w.org.Workspace("open").Run(standin.RunSpec{Commit: sha, PlanOnly: true})
		closed := w.org.Workspace("closed")
		id := closed.Run(standin.RunSpec{Commit: sha, PlanOnly: true}).ID()
		w.Fail(func(r *http.Request) (int, bool) {
			return 403, strings.HasSuffix(r.URL.Path, "/runs/"+id) || strings.HasSuffix(r.URL.Path, closed.ID()+"/runs")
		})
		runs, failed, err := w.client.RunsOfCommit(t.Context(), tfc.Filter{Organization: "acme", Commit: sha})
		if err != nil || len(runs) != 1 || runs[0].Workspace != "open" || len(failed) != 1 || failed[0].Run.Workspace != "closed" ||
			!strings.Contains(failed[0].Err.Error(), "may not read it (403)") {
			t.Errorf("organization runs missing %t: %+v %+v %v", without, runs, failed, err)
		}
	}
}

func TestMatch(t *testing.T) {
	run := tfc.Run{Organization: "acme", Workspace: "net-prod", Project: "core", Tags: []string{"a", "b"}, Commit: sha}
	for _, tc := range []struct {
		filter tfc.Filter
		want   bool
	}{
		{tfc.Filter{}, true},
		{tfc.Filter{Organization: "acme", Commit: strings.ToUpper(sha), Workspaces: []string{"x", "net-*"}, Project: "core", Tags: []string{"b", "a"}}, true},
		{tfc.Filter{Organization: "other"}, false},
		{tfc.Filter{Commit: other}, false},
		{tfc.Filter{Commit: sha[:6]}, false},
		{tfc.Filter{Commit: sha + "0"}, false},
		{tfc.Filter{Workspaces: []string{"net"}}, false},
		{tfc.Filter{Workspaces: []string{"[a-"}}, false},
		{tfc.Filter{Project: "edge"}, false},
		{tfc.Filter{Tags: []string{"a", "c"}}, false},
	} {
		if got := tc.filter.Match(run); got != tc.want {
			t.Errorf("%+v: %t", tc.filter, got)
		}
	}
	if (tfc.Filter{Commit: sha}).Match(tfc.Run{}) {
		t.Error("a run without a commit is of none")
	}
}

func TestNullsInRelationships(t *testing.T) {
	for _, relation := range []string{"task-stages", "policy-checks", "tf-policy-evaluations", "workspace", "plan", "cost-estimate", "configuration-version"} {
		for _, data := range []string{"[null]", "null", "[{}]", "{}", "7"} {
			c, _ := connect(t, routes(map[string]string{
				"runs/run-a":              `{"data":{"type":"runs","id":"run-a","relationships":{"` + relation + `":{"data":` + data + `}}}}`,
				"organizations/acme/runs": `{"data":[{"type":"runs","id":"run-a","relationships":{"` + relation + `":{"data":` + data + `}}}]}`,
			}))
			// It is an error or a run; what it must not be is a panic.
			if run, err := c.Run(t.Context(), "run-a"); err == nil && run.ID != "run-a" {
				t.Errorf("%s %s: %+v", relation, data, run)
			}
			if runs, _, err := c.RunsOfCommit(t.Context(), tfc.Filter{Organization: "acme", Commit: sha}); err == nil && len(runs) > 0 {
				t.Errorf("%s %s: %+v", relation, data, runs)
			}
		}
	}
}
