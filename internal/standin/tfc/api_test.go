package tfc_test

import (
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	tfe "github.com/hashicorp/go-tfe"

	"github.com/strandline-tf/strandline/internal/standin/tfc"
)

const allOperations = "plan_only,plan_and_apply,refresh_only,destroy,empty_apply,save_plan"

func TestRunsOfACommit(t *testing.T) {
	w := start(t, tfc.Options{})
	acme := w.Org("acme")
	net, dns := acme.Workspace("net-prod", tfc.Repository("acme/infra")), acme.Workspace("dns")
	sha := strings.Repeat("4f2c", 10)
	speculative := net.Run(tfc.RunSpec{Commit: sha, PullRequest: 7, Branch: "feature", Message: "Open the port", PlanOnly: true, PlanJSON: []byte(samplePlan)})
	dns.Run(tfc.RunSpec{Commit: sha, Status: "errored", Log: "boom\n", NoPlanJSON: true})
	dns.Run(tfc.RunSpec{Message: "from the command line"})

	ctx := t.Context()
	runs, err := w.client.Runs.ListForOrganization(ctx, "acme", &tfe.RunListForOrganizationOptions{Commit: sha, Operation: allOperations})
	if err != nil {
		t.Fatal(err)
	}
	if len(runs.Items) != 2 || runs.Items[0].Status != tfe.RunErrored || runs.Items[1].Status != tfe.RunPlannedAndFinished {
		t.Fatalf("want the errored run first, then the planned one: %+v", runs.Items)
	}
	// The documentation: plan-only runs are left out unless filter[operation] names them.
	runs, err = w.client.Runs.ListForOrganization(ctx, "acme", &tfe.RunListForOrganizationOptions{Commit: sha})
	if err != nil || len(runs.Items) != 1 {
		t.Fatalf("plan-only runs must be left out by default: %v %v", runs, err)
	}
	inWorkspace, err := w.client.Runs.List(ctx, net.ID(), &tfe.RunListOptions{Commit: sha, Operation: "plan_only"})
	if err != nil || len(inWorkspace.Items) != 1 || inWorkspace.TotalCount != 1 {
		t.Fatalf("%v %v", inWorkspace, err)
	}
	run, err := w.client.Runs.ReadWithOptions(ctx, speculative.ID(), &tfe.RunReadOptions{
		Include: []tfe.RunIncludeOpt{tfe.RunPlan, tfe.RunWorkspace, tfe.RunConfigVerIngress},
	})
	if err != nil {
		t.Fatal(err)
	}
	if got := run.ConfigurationVersion.IngressAttributes.CommitSHA; got != sha {
		t.Errorf("commit %q", got)
	}
	if run.Workspace.Name != "net-prod" || run.Plan.ResourceAdditions != 2 || run.Plan.ResourceDestructions != 1 || run.Plan.ResourceImports != 1 {
		t.Errorf("run %+v plan %+v", run.Workspace, run.Plan)
	}
}

func TestListsPage(t *testing.T) {
	w := start(t, tfc.Options{})
	acme := w.Org("acme")
	for range 23 {
		acme.Workspace("one").Run(tfc.RunSpec{})
	}
	withTotals := w.get("/api/v2/workspaces/"+acme.Workspace("one").ID()+"/runs", token)
	without := w.get("/api/v2/organizations/acme/runs?page[size]=10&page[number]=2", token)
	if n := len(withTotals.at(t, "data").([]any)); n != 20 {
		t.Errorf("default page size: %d", n)
	}
	if total := withTotals.at(t, "meta", "pagination", "total-count"); total != 23.0 {
		t.Errorf("total %v", total)
	}
	pagination := without.at(t, "meta", "pagination").(map[string]any)
	if _, ok := pagination["total-count"]; ok || pagination["next-page"] != 3.0 || pagination["prev-page"] != 1.0 {
		t.Errorf("the organisation's runs page by next and previous only: %v", pagination)
	}
	if size := w.get("/api/v2/organizations/acme/runs?page[size]=500", token).at(t, "meta", "pagination", "page-size"); size != 100.0 {
		t.Errorf("page size %v, want it cut to 100", size)
	}
}

func TestPlanJSON(t *testing.T) {
	c := newClock()
	w := start(t, tfc.Options{Clock: c.Now, ArchiveURL: ""})
	run := w.Org("acme").Workspace("a").Run(tfc.RunSpec{Status: "planning", PlanJSON: []byte(samplePlan), Log: "line 1\nline 2\n"})
	path := "/api/v2/plans/" + run.PlanID() + "/json-output"
	if a := w.get(path, token); a.status != http.StatusNoContent {
		t.Fatalf("unfinished: %d", a.status)
	}
	run.Advance("planned")
	a := w.get(path, token)
	location := a.header.Get("Location")
	if a.status != http.StatusTemporaryRedirect || location == "" {
		t.Fatalf("%d %q", a.status, location)
	}
	if b := w.get(location, token); b.status != http.StatusBadRequest {
		t.Errorf("a token sent on to the storage must be refused: %d", b.status)
	}
	if b := w.get(location, ""); b.status != http.StatusOK || b.body != samplePlan {
		t.Errorf("%d %s", b.status, b.body)
	}
	c.now = c.now.Add(time.Minute)
	if b := w.get(location, ""); b.status != http.StatusNotFound {
		t.Errorf("after a minute: %d", b.status)
	}
	viaClient, err := w.client.Plans.ReadJSONOutput(t.Context(), run.PlanID())
	if err != nil || string(viaClient) != samplePlan {
		t.Errorf("go-tfe: %v", err)
	}
	log, err := w.client.Plans.Logs(t.Context(), run.PlanID())
	if err != nil {
		t.Fatal(err)
	}
	if text, err := io.ReadAll(log); err != nil || strings.Trim(string(text), "\x00") != "line 1\nline 2\n" {
		t.Errorf("log %q %v", text, err)
	}
}

func TestRedactedPlan(t *testing.T) {
	for name, tc := range map[string]struct {
		opts          tfc.Options
		holds, misses []string
	}{
		"every value":    {tfc.Options{}, []string{`"name":null`, `"plan_format_version":"1.2"`, `"replace_paths":[["name"]]`}, []string{"hunter22", "shown", `"format_version":"1.2","terraform`, "prior_state", "variables"}},
		"sensitive only": {tfc.Options{RedactSensitiveOnly: true}, []string{`"name":"shown"`, `"password":null`, "provider_schemas"}, []string{"hunter22"}},
	} {
		t.Run(name, func(t *testing.T) {
			w := start(t, tc.opts)
			w.AddToken(tfc.Token{Secret: "reader", Role: tfc.Reader})
			run := w.Org("acme").Workspace("a").Run(tfc.RunSpec{PlanJSON: []byte(samplePlan)})
			if a := w.get("/api/v2/plans/"+run.PlanID()+"/json-output", "reader"); a.status != http.StatusNotFound {
				t.Errorf("full plan for a reader: %d", a.status)
			}
			a := w.get("/api/v2/plans/"+run.PlanID()+"/json-output-redacted", "reader")
			body := w.get(a.header.Get("Location"), "").body
			for _, s := range tc.holds {
				if !strings.Contains(body, s) {
					t.Errorf("lacks %s: %s", s, body)
				}
			}
			for _, s := range tc.misses {
				if strings.Contains(body, s) {
					t.Errorf("holds %s: %s", s, body)
				}
			}
		})
	}
}

func TestTokens(t *testing.T) {
	w := start(t, tfc.Options{})
	acme := w.Org("acme")
	run := acme.Workspace("a").Run(tfc.RunSpec{})
	hidden := acme.Workspace("hidden").Run(tfc.RunSpec{})
	plan := "/api/v2/plans/" + run.PlanID() + "/json-output"
	if a := w.get("/api/v2/runs/"+run.ID(), ""); a.status != http.StatusUnauthorized {
		t.Errorf("no token at all: %d", a.status)
	}
	w.AddToken(tfc.Token{Secret: "org", Role: tfc.Organization})
	w.AddToken(tfc.Token{Secret: "strict", Role: tfc.Reader, Refusal: http.StatusForbidden})
	w.AddToken(tfc.Token{Secret: "partial", Denied: []string{"hidden"}})
	w.AddToken(tfc.Token{Secret: "elsewhere", Orgs: []string{"other"}})
	for _, tc := range []struct {
		path, token string
		want        int
	}{
		{"/api/v2/runs/" + run.ID(), "unknown", http.StatusUnauthorized},
		{plan, "org", http.StatusNotFound},
		{plan, "strict", http.StatusForbidden},
		{plan, "partial", http.StatusTemporaryRedirect},
		{"/api/v2/runs/" + hidden.ID(), "partial", http.StatusNotFound},
		{"/api/v2/plans/" + hidden.PlanID(), "partial", http.StatusNotFound},
		{"/api/v2/organizations/acme/workspaces/hidden", "partial", http.StatusNotFound},
		{"/api/v2/organizations/acme", "elsewhere", http.StatusNotFound},
		{"/api/v2/runs/" + run.ID(), "elsewhere", http.StatusNotFound},
		{"/api/v2/account/details", "strict", http.StatusOK},
	} {
		a := w.get(tc.path, tc.token)
		if a.status != tc.want {
			t.Errorf("%s as %s: %d, want %d", tc.path, tc.token, a.status, tc.want)
		}
		if a.status >= 400 && a.at(t, "errors", "0", "title") == "" {
			t.Errorf("no JSON:API error: %s", a.body)
		}
	}
	if n := len(w.get("/api/v2/organizations/acme/workspaces", "partial").at(t, "data").([]any)); n != 1 {
		t.Errorf("list shows %d workspaces, want only the visible one", n)
	}
}

func TestRateLimit(t *testing.T) {
	c := newClock()
	w := start(t, tfc.Options{Clock: c.Now, RateLimit: 3})
	c.now = c.now.Add(time.Second)
	w.Org("acme")
	for i, want := range []int{200, 200, 200, 429} {
		a := w.get("/api/v2/organizations/acme", token)
		if a.status != want || a.header.Get("X-RateLimit-Limit") != "3" || a.header.Get("X-RateLimit-Reset") != "1.000" {
			t.Errorf("request %d: %d %v", i, a.status, a.header)
		}
	}
	c.now = c.now.Add(time.Second)
	if a := w.get("/api/v2/organizations/acme", token); a.status != 200 || a.header.Get("X-RateLimit-Remaining") != "2" {
		t.Errorf("a second later: %d %v", a.status, a.header)
	}
	// The limit holds for any second, whenever it begins.
	for i, step := range []struct {
		after time.Duration
		want  int
	}{{2 * time.Second, 200}, {900 * time.Millisecond, 200}, {0, 200}, {200 * time.Millisecond, 200}, {0, 429}, {800 * time.Millisecond, 200}} {
		c.now = c.now.Add(step.after)
		if a := w.get("/api/v2/organizations/acme", token); a.status != step.want {
			t.Errorf("step %d: %d, want %d", i, a.status, step.want)
		}
	}
	// Run lists have a limit of their own, a minute long.
	for i, want := range []int{200, 200, 200, 429} {
		c.now = c.now.Add(time.Second)
		if a := w.get("/api/v2/organizations/acme/runs", token); a.status != want {
			t.Errorf("run list %d: %d", i, a.status)
		}
	}
}

func TestFeaturesCanBeMissing(t *testing.T) {
	w := start(t, tfc.Options{NoAssessments: true, NoOrganizationRuns: true, NoRedactedPlans: true, NoStateInclude: true})
	ws := w.Org("acme").Workspace("a")
	if _, err := ws.SetState([]byte(`{"version":4,"serial":1,"lineage":"l"}`)); err != nil {
		t.Fatal(err)
	}
	run := ws.Run(tfc.RunSpec{})
	ws.Assess(tfc.Assessment{})
	for _, path := range []string{
		"/api/v2/organizations/acme/runs", "/api/v2/plans/" + run.PlanID() + "/json-output-redacted",
		"/api/v2/workspaces/" + ws.ID() + "/current-assessment-result",
	} {
		if a := w.get(path, token); a.status != http.StatusNotFound {
			t.Errorf("%s: %d", path, a.status)
		}
	}
	list := w.get("/api/v2/organizations/acme/workspaces?include=current_state_version", token)
	if strings.Contains(list.body, `"included"`) {
		t.Errorf("include must be passed over: %s", list.body)
	}
}

func TestScript(t *testing.T) {
	c := newClock()
	w := start(t, tfc.Options{Clock: c.Now})
	run := w.Org("acme").Workspace("a").Run(tfc.RunSpec{Status: "pending", Script: []tfc.Step{
		{Status: "planning", Reads: 2}, {Status: "planned", After: time.Minute},
	}})
	var seen []string
	read := func() {
		r, err := w.client.Runs.Read(t.Context(), run.ID())
		if err != nil {
			t.Fatal(err)
		}
		seen = append(seen, string(r.Status))
	}
	for range 4 {
		read()
	}
	c.now = c.now.Add(time.Minute)
	read()
	if got := strings.Join(seen, " "); got != "pending pending planning planning planned" {
		t.Error(got)
	}
}

func TestFaultsAndRecord(t *testing.T) {
	w := start(t, tfc.Options{})
	w.Org("acme")
	w.ForgetRequests()
	calls := 0
	w.Fail(func(r *http.Request) (int, bool) { calls++; return http.StatusInternalServerError, calls == 1 })
	w.get("/api/v2/organizations/acme", token)
	w.get("/api/v2/organizations/acme?include=default-project", token)
	w.Fail(func(*http.Request) (int, bool) { return 0, true })
	req, _ := http.NewRequestWithContext(t.Context(), http.MethodGet, w.url+"/api/v2/organizations/acme", nil)
	req.Header.Set("Authorization", "Bearer "+token)
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	if _, err := io.ReadAll(resp.Body); !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Errorf("the answer should break off: %v", err)
	}
	got := w.Requests()
	if len(got) != 3 || got[0].Status != 500 || got[1].Status != 200 || got[1].Query.Get("include") != "default-project" || got[2].Path != "/api/v2/organizations/acme" {
		t.Errorf("%+v", got)
	}
}
