package tfc_test

import (
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/strandline-tf/strandline/internal/fetch/tfc"
	"github.com/strandline-tf/strandline/internal/model"
	standin "github.com/strandline-tf/strandline/internal/standin/tfc"
	"github.com/strandline-tf/strandline/internal/testkit/contract"
	"github.com/strandline-tf/strandline/internal/wire"
)

const (
	sha   = "4f2c4f2c4f2c4f2c4f2c4f2c4f2c4f2c4f2c4f2c"
	other = "0123456789012345678901234567890123456789"
	plan  = `{"format_version":"1.2","resource_changes":[{"address":"a.b","mode":"managed","type":"a","name":"b",` +
		`"provider_name":"p","change":{"actions":["create"],"before":null,"after":{"x":"clear"},"after_unknown":{},"before_sensitive":false,"after_sensitive":{}}}]}`
)

// world is a stand-in, whose exchanges are checked against the official
// description, and our client of it.
type world struct {
	*standin.Server
	client *tfc.Client
	org    *standin.Org
	log    *strings.Builder
}

func start(t *testing.T, opts standin.Options) *world {
	t.Helper()
	return startWith(t, opts, wire.Options{})
}

// startAt is start with a clock for both, that passes only by sleeping.
func startAt(t *testing.T, opts standin.Options) (*world, *clock) {
	t.Helper()
	clk := newClock()
	opts.Clock = clk.Now
	return startWith(t, opts, wire.Options{Now: clk.Now, Sleep: clk.Sleep}), clk
}

func startWith(t *testing.T, opts standin.Options, o wire.Options) *world {
	t.Helper()
	web := httptest.NewUnstartedServer(nil)
	_, port, _ := strings.Cut(web.Listener.Addr().String(), ":")
	opts.ArchiveURL = "http://localhost:" + port // another host, as in reality
	s := standin.New(opts)
	web.Config.Handler = contract.TerraformCloud(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasPrefix(r.Host, "localhost") && r.Header.Get("Authorization") != "" {
			t.Errorf("the archive got credentials at %s", r.URL.Path)
		}
		s.ServeHTTP(w, r)
	}))
	web.Start()
	t.Cleanup(func() { web.Close(); s.Close() })
	var log strings.Builder
	o.Limiter = wire.NewLimiter(0)
	o.Log = slog.New(slog.NewTextHandler(&syncWriter{w: &log}, &slog.HandlerOptions{Level: slog.LevelDebug}))
	client, err := tfc.New(tfc.Host{Address: web.URL, Token: "reader-token"}, o)
	if err != nil {
		t.Fatal(err)
	}
	if n := len(s.Requests()); n != 0 {
		t.Errorf("%d requests at construction", n)
	}
	return &world{s, client, s.Org("acme"), &log}
}

func (w *world) find(t *testing.T, f tfc.Filter) []string {
	t.Helper()
	f.Organization, f.Commit = "acme", sha
	runs, failed, err := w.client.RunsOfCommit(t.Context(), f)
	if err != nil || len(failed) > 0 {
		t.Fatal(err, failed)
	}
	var names []string
	for _, r := range runs {
		names = append(names, r.Workspace)
	}
	return names
}

func TestRunIsReadWhole(t *testing.T) {
	w := start(t, standin.Options{})
	ws := w.org.Workspace("net-prod", standin.InProject("core"), standin.Tags("prod", "net"))
	at := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	r := ws.Run(standin.RunSpec{Commit: sha, PlanOnly: true, Message: "Open the port", CreatedAt: at, TerraformVersion: "1.11.4", PlanJSON: []byte(plan)})
	got, err := w.client.Run(t.Context(), r.ID())
	if err != nil {
		t.Fatal(err)
	}
	want := tfc.Run{ID: r.ID(), URL: w.client.Address() + r.Path(), Organization: "acme", Workspace: "net-prod", WorkspaceID: ws.ID(),
		Project: "core", Tags: []string{"net", "prod"}, Status: "planned_and_finished", Message: "Open the port", Commit: sha,
		Source: "tfe-configuration-version", CreatedAt: at, TerraformVersion: "1.11.4", PlanOnly: true, PlanID: r.PlanID(), PlanStatus: "finished"}
	slices.Sort(got.Tags)
	if diff := cmp.Diff(want, got, cmp.FilterPath(func(p cmp.Path) bool {
		f, ok := p.Last().(cmp.StructField)
		return ok && f.Name()[0] >= 'a'
	}, cmp.Ignore())); diff != "" {
		t.Error(diff)
	}
}

func TestRunsOfACommit(t *testing.T) {
	for _, without := range []bool{false, true} {
		t.Run(fmt.Sprintf("organization runs missing: %t", without), func(t *testing.T) {
			w := start(t, standin.Options{NoOrganizationRuns: without})
			for i, name := range []string{"net-prod", "net-dev", "dns"} {
				ws := w.org.Workspace(name, standin.InProject([]string{"core", "core", "edge"}[i]), standin.Tags("t", name))
				at := time.Date(2026, 1, 2, 3, 4, i, 0, time.UTC)
				ws.Run(standin.RunSpec{Commit: sha, PlanOnly: true, CreatedAt: at})
				ws.Run(standin.RunSpec{Commit: sha, PlanOnly: true, CreatedAt: at.Add(time.Hour), Message: "newest"})
				ws.Run(standin.RunSpec{Commit: other, PlanOnly: true, CreatedAt: at.Add(2 * time.Hour)})
				ws.Run(standin.RunSpec{CreatedAt: at.Add(3 * time.Hour)})
			}
			w.org.Workspace("quiet", standin.Tags("t"))
			for _, tc := range []struct {
				name   string
				filter tfc.Filter
				want   []string
			}{
				{"all", tfc.Filter{}, []string{"dns", "net-dev", "net-prod"}},
				{"glob", tfc.Filter{Workspaces: []string{"net-*"}}, []string{"net-dev", "net-prod"}},
				{"inner glob", tfc.Filter{Workspaces: []string{"n*-d?v"}}, []string{"net-dev"}},
				{"name", tfc.Filter{Workspaces: []string{"dns"}}, []string{"dns"}},
				{"part of a name is none", tfc.Filter{Workspaces: []string{"net"}}, nil},
				{"two globs", tfc.Filter{Workspaces: []string{"*prod", "dns"}}, []string{"dns", "net-prod"}},
				{"project", tfc.Filter{Project: "core"}, []string{"net-dev", "net-prod"}},
				{"all tags", tfc.Filter{Tags: []string{"t", "dns"}}, []string{"dns"}},
				{"together", tfc.Filter{Workspaces: []string{"*"}, Project: "core", Tags: []string{"net-dev"}}, []string{"net-dev"}},
				{"nothing", tfc.Filter{Workspaces: []string{"x"}}, nil},
			} {
				t.Run(tc.name, func(t *testing.T) {
					if got := w.find(t, tc.filter); !slices.Equal(got, tc.want) {
						t.Errorf("got %v, want %v", got, tc.want)
					}
				})
			}
			runs, _, err := w.client.RunsOfCommit(t.Context(), tfc.Filter{Organization: "acme", Commit: sha[:7]})
			if err != nil || len(runs) != 3 || runs[0].Message != "newest" {
				t.Errorf("abbreviated: %v %+v", err, runs)
			}
		})
	}
}

func TestNothingToFind(t *testing.T) {
	w := start(t, standin.Options{})
	if _, _, err := w.client.RunsOfCommit(t.Context(), tfc.Filter{Organization: "nobody", Commit: sha}); err == nil || !strings.Contains(err.Error(), "nobody") {
		t.Errorf("unknown organization: %v", err)
	}
	if _, _, err := w.client.RunsOfCommit(t.Context(), tfc.Filter{Organization: "acme", Commit: sha, Project: "none"}); err == nil || !strings.Contains(err.Error(), `"none"`) {
		t.Errorf("unknown project: %v", err)
	}
	if _, _, err := w.client.RunsOfCommit(t.Context(), tfc.Filter{Organization: "acme", Commit: "abc"}); err == nil {
		t.Error("a commit of three characters is none")
	}
}

// At most four requests a run, whatever form its plan is readable in.
func TestPlanTakesFourRequests(t *testing.T) {
	for name, role := range map[string]standin.Role{"whole": standin.Owner, "redacted": standin.Reader} {
		for _, refusal := range []int{403, 404} {
			t.Run(fmt.Sprint(name, refusal), func(t *testing.T) {
				w := start(t, standin.Options{})
				w.AddToken(standin.Token{Secret: "reader-token", Role: role, Refusal: refusal})
				r := w.org.Workspace("net").Run(standin.RunSpec{Commit: sha, PlanOnly: true, PlanJSON: []byte(plan)})
				run, err := w.client.Run(t.Context(), r.ID())
				if err != nil {
					t.Fatal(err)
				}
				body, redacted, err := w.client.OpenPlan(t.Context(), run)
				if err != nil {
					t.Fatal(err)
				}
				defer body.Close()
				text, err := io.ReadAll(body)
				if err != nil || redacted != (name == "redacted") || strings.Contains(string(text), "clear") == redacted || !strings.Contains(string(text), "a.b") {
					t.Errorf("redacted %t, %v: %s", redacted, err, text)
				}
				n := 0
				for _, q := range w.Requests() {
					if !strings.HasSuffix(q.Path, "/projects") { // once for all runs of an organization
						n++
					}
				}
				if n > 4 {
					t.Errorf("%d requests: %v", n, w.Requests())
				}
				if strings.Contains(w.log.String(), "reader-token") || strings.Contains(w.log.String(), "search") {
					t.Errorf("log: %s", w.log)
				}
			})
		}
	}
}

func TestProjectsAreListedOnce(t *testing.T) {
	w := start(t, standin.Options{})
	for i := range 12 {
		w.org.Workspace(fmt.Sprint("w", i)).Run(standin.RunSpec{Commit: sha, PlanOnly: true})
	}
	w.find(t, tfc.Filter{})
	if n := len(w.Requests()); n != 14 {
		t.Errorf("%d requests, want a list of runs, one of projects, and 12 runs", n)
	}
}

func TestUnreadable(t *testing.T) {
	w := start(t, standin.Options{NoRedactedPlans: true})
	w.AddToken(standin.Token{Secret: "reader-token", Role: standin.Reader, Denied: []string{"closed"}})
	closed := w.org.Workspace("closed").Run(standin.RunSpec{Commit: sha})
	open := w.org.Workspace("open").Run(standin.RunSpec{Commit: sha})
	var un *tfc.Unreadable
	if _, err := w.client.Run(t.Context(), closed.ID()); !errors.As(err, &un) || !strings.Contains(err.Error(), closed.ID()) {
		t.Errorf("run: %v", err)
	}
	run, err := w.client.Run(t.Context(), open.ID())
	if err != nil {
		t.Fatal(err)
	}
	un = nil
	if _, _, err := w.client.OpenPlan(t.Context(), run); !errors.As(err, &un) || !strings.Contains(err.Error(), "acme/open") {
		t.Errorf("plan: %v", err)
	}
}

func TestWaitFollowsRuns(t *testing.T) {
	w := start(t, standin.Options{})
	a := w.org.Workspace("a").Run(standin.RunSpec{Commit: sha, PlanOnly: true, Status: "pending",
		Script: []standin.Step{{Status: "planning", Reads: 2}, {Status: "planned_and_finished", Reads: 2}}})
	b := w.org.Workspace("b").Run(standin.RunSpec{Commit: sha, Status: "planned"})
	clk := newClock()
	client, err := tfc.New(tfc.Host{Address: w.client.Address(), Token: "t"}, wire.Options{Now: clk.Now, Sleep: clk.Sleep})
	if err != nil {
		t.Fatal(err)
	}
	var runs []tfc.Run
	for _, id := range []string{a.ID(), b.ID()} {
		r, err := client.Run(t.Context(), id)
		if err != nil {
			t.Fatal(err)
		}
		runs = append(runs, r)
	}
	var seen []string
	got, failed, err := client.Wait(t.Context(), runs, clk.Now().Add(time.Hour), func(r tfc.Run) { seen = append(seen, r.Status) })
	if err != nil || len(failed) > 0 {
		t.Fatal(err, failed)
	}
	if got[0].Status != "planned_and_finished" || got[1].Status != "planned" || !slices.Equal(seen, []string{"planning", "planned_and_finished"}) {
		t.Errorf("ended in %s and %s by way of %v", got[0].Status, got[1].Status, seen)
	}
}

func TestWhatARunHasBesideItsPlan(t *testing.T) {
	w := start(t, standin.Options{})
	r := w.org.Workspace("net").Run(standin.RunSpec{
		Commit: sha, PlanOnly: true, Status: "policy_soft_failed", PlanStatus: "finished",
		PolicyChecks: []standin.PolicyCheck{{Status: "soft_failed", Passed: 1, SoftFailed: 1, Output: sentinelOutput,
			Sentinel: map[string]any{"data": map[string]any{"guard": map[string]any{"policies": []any{
				map[string]any{"policy": "guard/tags", "result": true, "trace": map[string]any{}},
				map[string]any{"policy": "guard/ports", "result": false, "trace": map[string]any{"print": "port 22 is open\n"}},
			}}}}}},
		Stages: []standin.TaskStage{{Stage: "post_plan",
			Tasks: []standin.TaskResult{{Name: "scan", Status: "failed", Message: "2 findings", URL: "https://scan.test/1", Enforcement: "mandatory"}},
			Evaluations: []standin.PolicyEvaluation{{Kind: "opa", Sets: []standin.PolicySet{{Name: "opa-set", Policies: []standin.Policy{
				{Name: "naming", Level: "mandatory", Status: "failed", Description: "names", Output: []string{"bad name: x"}},
				{Name: "size", Level: "advisory", Status: "passed"},
			}}}}},
		}},
		Cost: &standin.CostEstimate{Prior: "1.0", Proposed: "3.5", Delta: "2.5"},
		Log:  `{"@level":"warn","type":"diagnostic","diagnostic":{"severity":"warning","summary":"Old","detail":"d"}}` + "\n",
	})
	run, err := w.client.Run(t.Context(), r.ID())
	if err != nil {
		t.Fatal(err)
	}
	w.ForgetRequests()
	policies, err := w.client.Policies(t.Context(), run)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]model.Policy{
		{Name: "tags", Set: "guard", Level: "advisory", Status: "passed"},
		{Name: "ports", Set: "guard", Level: "soft-mandatory", Status: "failed", Output: "Description:\nNo open ports.\n\nPrint messages:\n\nport 22 is open"},
		{Name: "naming", Set: "opa-set", Level: "mandatory", Status: "failed", Output: "bad name: x"},
		{Name: "size", Set: "opa-set", Level: "advisory", Status: "passed"},
	}, policies); diff != "" {
		t.Error(diff)
	}
	tasks, err := w.client.RunTasks(t.Context(), run)
	if diff := cmp.Diff([]model.RunTask{{Name: "scan", Status: "failed", Message: "2 findings", URL: "https://scan.test/1",
		Enforcement: "mandatory", Stage: "post_plan"}}, tasks); diff != "" || err != nil {
		t.Error(err, diff)
	}
	cost, err := w.client.Cost(t.Context(), run)
	if diff := cmp.Diff(&model.Cost{Prior: "1.0", Proposed: "3.5", Delta: "2.5", Currency: "USD"}, cost); diff != "" || err != nil {
		t.Error(err, diff)
	}
	diagnostics, err := w.client.PlanLog(t.Context(), run)
	if diff := cmp.Diff([]model.Diagnostic{{Severity: "warning", Summary: "Old", Detail: "d"}}, diagnostics); diff != "" || err != nil {
		t.Error(err, diff)
	}
	if status, why := run.Outcome(policies, tasks, diagnostics); status != model.StatusPolicyFailed || why != "policies failed: ports (soft-mandatory), naming (mandatory)" {
		t.Errorf("%s: %s", status, why)
	}
	if n := len(w.Requests()); n != 6 {
		t.Errorf("%d requests: %v", n, w.Requests())
	}
}

func TestARunWithNothingBesideItsPlanCostsNothing(t *testing.T) {
	w := start(t, standin.Options{})
	r := w.org.Workspace("net").Run(standin.RunSpec{Commit: sha, PlanOnly: true})
	run, err := w.client.Run(t.Context(), r.ID())
	if err != nil {
		t.Fatal(err)
	}
	w.ForgetRequests()
	policies, err1 := w.client.Policies(t.Context(), run)
	tasks, err2 := w.client.RunTasks(t.Context(), run)
	cost, err3 := w.client.Cost(t.Context(), run)
	if len(policies)+len(tasks) > 0 || cost != nil || errors.Join(err1, err2, err3) != nil || len(w.Requests()) > 0 {
		t.Error(policies, tasks, cost, err1, err2, err3, w.Requests())
	}
}
