package tfc_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/strandline-tf/strandline/internal/fetch/tfc"
	"github.com/strandline-tf/strandline/internal/model"
	standin "github.com/strandline-tf/strandline/internal/standin/tfc"
	"github.com/strandline-tf/strandline/internal/userfault"
	"github.com/strandline-tf/strandline/internal/wire"
)

const driftPlan = `{"format_version":"1.2","resource_drift":[{"address":"a.b","mode":"managed","type":"a","name":"b","provider_name":"p",` +
	`"change":{"actions":["update"],"before":{"x":"old"},"after":{"x":"clear"},"after_unknown":{},"before_sensitive":false,"after_sensitive":false}}]}`

const day = 24 * time.Hour

// open opens the drift of the workspace of that name, and reads it.
func (w *world) open(t *testing.T, name string, r tfc.Refresh) (tfc.Drift, string, error) {
	t.Helper()
	all := w.list(t, tfc.Filter{Workspaces: []string{name}}, tfc.WithAssessment)
	if len(all) != 1 {
		t.Fatalf("%d workspaces", len(all))
	}
	w.ForgetRequests()
	d, err := w.client.OpenDrift(t.Context(), all[0], r)
	if d.Plan == nil {
		return d, "", err
	}
	defer d.Plan.Close()
	text, readErr := io.ReadAll(d.Plan)
	if readErr != nil {
		t.Fatal(readErr)
	}
	return d, string(text), err
}

// paths returns what was asked for, without the archive.
func (w *world) paths() (out []string) {
	for _, q := range w.Requests() {
		if strings.HasPrefix(q.Path, "/api/v2/") {
			out = append(out, q.Method+" "+q.Path[strings.LastIndex(q.Path, "/")+1:])
		}
	}
	return out
}

// notCheckable fails unless err is a NotCheckable that says so, names the
// workspace and has a hint.
func notCheckable(t *testing.T, err error, want string) {
	t.Helper()
	var not *tfc.NotCheckable
	if !errors.As(err, &not) || !strings.Contains(not.Reason, want) || userfault.Hint(err) == "" || strings.Contains(err.Error(), "\n") ||
		!strings.Contains(err.Error(), "workspace acme/") {
		t.Errorf("got %v (hint %q), want %q", err, userfault.Hint(err), want)
	}
}

// Drift or not, for a hundred workspaces a request; two more at most for each
// that drifted.
func TestFreshAssessmentsCostNextToNothing(t *testing.T) {
	for _, role := range []standin.Role{standin.Owner, standin.Reader} {
		w, clk := startAt(t, standin.Options{})
		w.AddToken(standin.Token{Secret: "reader-token", Role: role})
		const n, drifted = 350, 7
		for i := range n {
			ws := w.org.Workspace(fmt.Sprintf("w-%03d", i), standin.InProject(fmt.Sprint("p", i%5)))
			setState(t, ws, oneResource)
			a := standin.Assessment{Undrifted: 4, CreatedAt: clk.now.Add(-3 * time.Hour)}
			if i%50 == 3 {
				a.Drifted, a.PlanJSON, a.SanitizedPlanJSON = 1, []byte(driftPlan), []byte(strings.ReplaceAll(driftPlan, "clear", "REDACTED"))
			}
			ws.Assess(a)
		}
		found := 0
		err := w.client.EachWorkspace(t.Context(), tfc.Filter{Organization: "acme"}, tfc.WithAssessment, func(ws tfc.Workspace) error {
			d, err := w.client.OpenDrift(t.Context(), ws, tfc.Refresh{MaxAge: day, Deadline: clk.now.Add(time.Hour)})
			if err != nil || d.Source != model.DriftFromAssessment || !d.At.Equal(clk.now.Add(-3*time.Hour)) || d.RunURL != ws.URL {
				t.Errorf("%+v %v", d, err)
			}
			if d.Plan != nil {
				found++
				text, err := io.ReadAll(d.Plan)
				if err != nil || d.Redacted != (role == standin.Reader) || strings.Contains(string(text), "clear") == d.Redacted || !strings.Contains(string(text), "a.b") {
					t.Errorf("redacted %t, %v: %s", d.Redacted, err, text)
				}
				return d.Plan.Close()
			}
			return nil
		})
		if err != nil || found != drifted {
			t.Errorf("found %d, %v", found, err)
		}
		if requests := len(w.Requests()); requests > n/100+10+2*drifted || len(clk.sleeps) > 0 {
			t.Errorf("%d requests, waited %v", requests, clk.sleeps)
		}
	}
}

// A run that looks for drift can't be applied, and says what it is.
func TestARunIsStartedWhereNoAssessmentIsFresh(t *testing.T) {
	for name, prepare := range map[string]func(*standin.Workspace, *clock) tfc.Refresh{
		"none": func(ws *standin.Workspace, clk *clock) tfc.Refresh { return tfc.Refresh{MaxAge: day} },
		"too old": func(ws *standin.Workspace, clk *clock) tfc.Refresh {
			ws.Assess(standin.Assessment{CreatedAt: clk.now.Add(-25 * time.Hour)})
			return tfc.Refresh{Mode: tfc.RefreshAuto, MaxAge: day}
		},
		"run asked for": func(ws *standin.Workspace, clk *clock) tfc.Refresh {
			ws.Assess(standin.Assessment{})
			return tfc.Refresh{Mode: tfc.RefreshRun, MaxAge: day}
		},
	} {
		t.Run(name, func(t *testing.T) {
			w, clk := startAt(t, standin.Options{})
			ws := w.org.Workspace("net")
			setState(t, ws, oneResource)
			ws.Run(standin.RunSpec{Status: "applied"})
			var asked standin.NewRun
			w.Planner(func(r standin.NewRun) standin.RunSpec {
				asked = r
				return standin.RunSpec{PlanJSON: []byte(driftPlan), Status: "pending",
					Script: []standin.Step{{Status: "planning", After: 90 * time.Second}, {Status: "planned_and_finished", After: 20 * time.Second}}}
			})
			r := prepare(ws, clk)
			r.Deadline = clk.now.Add(time.Hour)
			d, text, err := w.open(t, "net", r)
			if err != nil || !strings.Contains(text, "a.b") || d.Redacted || d.Source != model.DriftFromRun ||
				!strings.HasPrefix(d.RunID, "run-") || !strings.HasSuffix(d.RunURL, "/app/acme/net/runs/"+d.RunID) || d.At.IsZero() {
				t.Errorf("%v %+v %s", err, d, text)
			}
			if s := asked.Run; !s.PlanOnly || !s.RefreshOnly || s.AutoApply || s.SavePlan || s.AllowEmptyApply || s.IsDestroy || !strings.Contains(s.Message, "drift") {
				t.Errorf("%+v", s)
			}
			for _, p := range w.paths() {
				if strings.Contains(p, "apply") || p == "POST discard" || p == "POST cancel" {
					t.Errorf("asked for %s", p)
				}
			}
		})
	}
}

// Where the time is up, or the program is interrupted, what it started goes.
func TestARunThatNobodyWaitsForIsCanceled(t *testing.T) {
	for _, tc := range []struct{ status, want, becomes string }{
		{"pending", "still pending when the time was up", "discarded"},
		{"plan_queued", "still plan queued when the time was up", "canceled"},
		{"planning", "still planning when the time was up", "canceled"},
		{"pre_plan_awaiting_decision", "paused (pre plan awaiting decision)", "canceled"},
	} {
		t.Run(tc.status, func(t *testing.T) {
			w, clk := startAt(t, standin.Options{})
			ws := w.org.Workspace("net")
			setState(t, ws, oneResource)
			ws.Run(standin.RunSpec{Status: "applied"})
			w.Planner(func(standin.NewRun) standin.RunSpec { return standin.RunSpec{Status: tc.status} })
			until := clk.now.Add(10 * time.Minute)
			_, _, err := w.open(t, "net", tfc.Refresh{Deadline: until})
			notCheckable(t, err, tc.want)
			if clk.now.After(until) {
				t.Errorf("waited until %v", clk.now)
			}
			latest := w.list(t, tfc.Filter{}, 0)[0].LatestRunID
			run, err := w.client.Run(t.Context(), latest)
			if err != nil || run.Status != tc.becomes {
				t.Errorf("the run is %s, %v", run.Status, err)
			}
		})
	}
	t.Run("interrupted", func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		w := startWith(t, standin.Options{}, wire.Options{Sleep: func(context.Context, time.Duration) error { cancel(); return context.Canceled }})
		ws := w.org.Workspace("net")
		setState(t, ws, oneResource)
		ws.Run(standin.RunSpec{Status: "applied"})
		w.Planner(func(standin.NewRun) standin.RunSpec { return standin.RunSpec{Status: "planning"} })
		_, err := w.client.OpenDrift(ctx, w.list(t, tfc.Filter{}, 0)[0], tfc.Refresh{Mode: tfc.RefreshRun, Deadline: time.Now().Add(time.Hour)})
		if !errors.Is(err, context.Canceled) {
			t.Error(err)
		}
		if p := w.paths(); p[len(p)-1] != "POST cancel" {
			t.Errorf("%v", p)
		}
	})
}

func TestWorkspacesThatCannotBeChecked(t *testing.T) {
	queue := func(status, log string) func(standin.NewRun) standin.RunSpec {
		return func(standin.NewRun) standin.RunSpec {
			return standin.RunSpec{Status: status, Log: log, NoPlanJSON: true}
		}
	}
	failing := `{"@level":"error","type":"diagnostic","diagnostic":{"severity":"error","summary":"No valid credential sources found","detail":"d"}}` + "\n"
	for _, tc := range []struct {
		name       string
		mode       tfc.RefreshMode
		options    []standin.WorkspaceOption
		configured bool
		assessment *standin.Assessment
		planner    func(standin.NewRun) standin.RunSpec
		role       standin.Role
		late       bool
		lasting    bool
		want       string
		requests   int // at most
	}{
		{name: "locked", mode: "run", options: []standin.WorkspaceOption{standin.Locked("maintenance")}, want: "locked by user user-owner: maintenance"},
		{name: "local", mode: "auto", options: []standin.WorkspaceOption{standin.ExecutionMode("local")}, lasting: true, want: "execution mode is local"},
		{name: "local, assessment", mode: "assessment", options: []standin.WorkspaceOption{standin.ExecutionMode("local")}, lasting: true, want: "execution mode is local"},
		{name: "no configuration", mode: "auto", lasting: true, want: "no configuration", requests: 1},
		{name: "may not run", mode: "run", configured: true, role: standin.Reader, want: "may not start runs"},
		{name: "no time", mode: "run", configured: true, late: true, want: "no time to wait"},
		{name: "errored", mode: "run", configured: true, planner: queue("errored", failing), want: "ended as errored: No valid credential sources found", requests: 3},
		{name: "canceled by somebody", mode: "run", configured: true, planner: queue("canceled", ""), want: "ended as canceled", requests: 3},
		{name: "assessments are off", mode: "assessment", configured: true, lasting: true, want: "it has no health assessment"},
		{name: "local, latest", mode: "latest", options: []standin.WorkspaceOption{standin.ExecutionMode("local")}, lasting: true, want: "execution mode is local"},
		{name: "may not assess", mode: "assessment", configured: true, role: standin.Reader, assessment: &standin.Assessment{CreatedAt: newClock().now.Add(-50 * time.Hour)},
			want: "is of 2025-12-31T01:04:05Z, and the token may not start one"},
		{name: "no time to assess", mode: "assessment", options: []standin.WorkspaceOption{standin.Assessments()}, late: true, want: "no time to wait"},
		{name: "failed", mode: "auto", assessment: &standin.Assessment{Failed: true, Error: "it failed", Log: []byte(failing)}, want: "failed: No valid credential sources found", requests: 1},
		{name: "failed without a log", mode: "assessment", assessment: &standin.Assessment{Failed: true, Error: "it\nfailed"}, want: "failed: it failed", requests: 1},
		{name: "failed, log unreadable", mode: "auto", role: standin.Reader, assessment: &standin.Assessment{Failed: true, Error: "it failed", Log: []byte(failing)}, want: "failed: it failed", requests: 1},
		{name: "no run", mode: "latest", want: "none of its last runs", requests: 1},
	} {
		t.Run(tc.name, func(t *testing.T) {
			w, clk := startAt(t, standin.Options{})
			w.AddToken(standin.Token{Secret: "reader-token", Role: tc.role})
			ws := w.org.Workspace("net", tc.options...)
			setState(t, ws, oneResource)
			if tc.configured {
				ws.Run(standin.RunSpec{Status: "applied"})
			}
			if tc.assessment != nil {
				ws.Assess(*tc.assessment)
			}
			w.Planner(tc.planner)
			r := tfc.Refresh{Mode: tc.mode, MaxAge: day, Deadline: clk.now.Add(time.Hour)}
			if tc.late {
				r.Deadline = clk.now
			}
			d, _, err := w.open(t, "net", r)
			notCheckable(t, err, tc.want)
			var not *tfc.NotCheckable
			if errors.As(err, &not) && not.Lasting != tc.lasting {
				t.Errorf("lasting: %t", not.Lasting)
			}
			if d.Plan != nil || len(w.paths()) > tc.requests {
				t.Errorf("%d requests: %v", len(w.paths()), w.paths())
			}
		})
	}
}

// A locked workspace whose assessment is fresh has been checked already, and
// one without a state has nothing that could drift.
func TestWorkspacesThatNeedNoRun(t *testing.T) {
	w, clk := startAt(t, standin.Options{})
	locked := w.org.Workspace("locked", standin.Locked(""))
	setState(t, locked, oneResource)
	locked.Assess(standin.Assessment{})
	w.org.Workspace("new", standin.ExecutionMode("local"))
	for name, source := range map[string]model.DriftSource{"locked": model.DriftFromAssessment, "new": ""} {
		d, _, err := w.open(t, name, tfc.Refresh{MaxAge: day, Deadline: clk.now})
		if err != nil || d.Plan != nil || d.Source != source || !d.At.Equal(clk.now) || len(w.Requests()) > 0 {
			t.Errorf("%s: %+v %v", name, d, err)
		}
	}
	if _, _, err := w.open(t, "locked", tfc.Refresh{Mode: "guess"}); userfault.Code(err) != userfault.CodeUsage {
		t.Errorf("an unknown mode: %v", err)
	}
}

// What drifted is known, but nobody may read it: that is no "no drift".
func TestDriftThatMayNotBeRead(t *testing.T) {
	for _, refusal := range []int{403, 404} {
		w, clk := startAt(t, standin.Options{})
		w.AddToken(standin.Token{Secret: "reader-token", Role: standin.Reader, Refusal: refusal})
		ws := w.org.Workspace("net")
		setState(t, ws, oneResource)
		ws.Assess(standin.Assessment{Drifted: 12, PlanJSON: []byte(driftPlan)})
		_, _, err := w.open(t, "net", tfc.Refresh{MaxAge: day, Deadline: clk.now})
		var un *tfc.Unreadable
		if !errors.As(err, &un) || !strings.Contains(err.Error(), "acme/net: it drifted (resources: 12)") || len(w.paths()) > 2 {
			t.Errorf("%v after %v", err, w.paths())
		}
	}
}

func TestAnAssessmentIsStartedAndWaitedFor(t *testing.T) {
	for _, tc := range []struct {
		name   string
		takes  time.Duration
		before bool // somebody else started one
		want   string
	}{
		{"at once", 0, false, ""},
		{"in a while", 4 * time.Minute, false, ""},
		{"already under way", 4 * time.Minute, true, ""},
		{"too long", 2 * time.Hour, false, "had not finished when the time was up"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			w, clk := startAt(t, standin.Options{})
			ws := w.org.Workspace("net")
			setState(t, ws, oneResource)
			ws.Assess(standin.Assessment{CreatedAt: clk.now.Add(-30 * time.Hour)})
			w.Assessor(func(org, workspace string) standin.Assessment {
				return standin.Assessment{Drifted: 1, PlanJSON: []byte(driftPlan), CreatedAt: clk.Now().Add(tc.takes)}
			})
			all := w.list(t, tfc.Filter{}, tfc.WithAssessment)
			deadline := clk.now.Add(time.Hour)
			if tc.before {
				post(t, w, "/api/v2/workspaces/"+ws.ID()+"/actions/assess")
			}
			w.ForgetRequests()
			d, err := w.client.OpenDrift(t.Context(), all[0], tfc.Refresh{Mode: tfc.RefreshAssessment, MaxAge: day, Deadline: deadline})
			if tc.want != "" {
				notCheckable(t, err, tc.want)
			} else if err != nil || d.Plan == nil || d.At.Before(clk.now.Add(-time.Hour)) {
				t.Errorf("%+v %v", d, err)
			} else {
				d.Plan.Close()
			}
			if clk.now.After(deadline) || len(w.Requests()) > 160 {
				t.Errorf("%d requests until %v", len(w.Requests()), clk.now)
			}
		})
	}
}

func post(t *testing.T, w *world, path string) {
	t.Helper()
	req, _ := http.NewRequest(http.MethodPost, w.client.Address()+path, nil)
	req.Header.Set("Authorization", "Bearer reader-token")
	resp, err := http.DefaultClient.Do(req)
	if err != nil || resp.StatusCode != http.StatusOK {
		t.Fatal(resp, err)
	}
	resp.Body.Close()
}

func TestAssessmentsThatWereSwitchedOff(t *testing.T) {
	c, clk := connect(t, func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodPost {
			answer(409, `{"errors":[{"status":"409","title":"conflict","detail":"not enabled"}]}`)(w, r)
			return
		}
		answer(200, `{"data":[{"id":"ws-1","attributes":{"name":"net"},"relationships":{"current-assessment-result":{"data":{"id":"a-1","type":"assessment-results"}}}}],`+
			`"included":[{"id":"a-1","type":"assessment-results","attributes":{"succeeded":true,"created-at":"2025-06-01T00:00:00Z"}}]}`)(w, r)
	})
	err := c.EachWorkspace(t.Context(), tfc.Filter{Organization: "acme"}, tfc.WithAssessment, func(w tfc.Workspace) error {
		_, err := c.OpenDrift(t.Context(), w, tfc.Refresh{Mode: tfc.RefreshAssessment, MaxAge: day, Deadline: clk.now.Add(time.Hour)})
		return err
	})
	notCheckable(t, err, "is of 2025-06-01T00:00:00Z, and none could be started: ")
	if !strings.Contains(err.Error(), "not enabled") || len(clk.sleeps) > 0 {
		t.Errorf("%v, waited %v", err, clk.sleeps)
	}
}

// Of an organization without assessments one is asked for, once, however many
// workspaces are checked at a time; and nothing is said about it.
func TestOrganizationsWithoutAssessments(t *testing.T) {
	w, clk := startAt(t, standin.Options{NoAssessments: true})
	for i := range 40 {
		ws := w.org.Workspace(fmt.Sprint("w", i), standin.Assessments())
		setState(t, ws, oneResource)
		ws.Run(standin.RunSpec{Status: "applied"})
	}
	w.Planner(func(standin.NewRun) standin.RunSpec { return standin.RunSpec{PlanJSON: []byte(driftPlan)} })
	all := w.list(t, tfc.Filter{}, tfc.WithAssessment)
	refusedLists := w.refused()
	deadline := clk.now.Add(time.Hour)
	var g sync.WaitGroup
	for _, ws := range all {
		g.Go(func() {
			d, err := w.client.OpenDrift(t.Context(), ws, tfc.Refresh{MaxAge: day, Deadline: deadline})
			if err != nil || d.Source != model.DriftFromRun {
				t.Errorf("%+v %v", d, err)
				return
			}
			d.Plan.Close()
		})
	}
	g.Wait()
	if n := w.refused() - refusedLists; n != 1 || refusedLists > 2 {
		t.Errorf("%d requests for assessments failed, and %d lists", n, refusedLists)
	}
	if log := w.log.String(); strings.Contains(log, "level=WARN") || strings.Contains(log, "level=INFO") {
		t.Error(log)
	}
	_, err := w.client.OpenDrift(t.Context(), all[0], tfc.Refresh{Mode: tfc.RefreshAssessment, MaxAge: day, Deadline: deadline})
	notCheckable(t, err, "no health assessment")
	if n := w.refused() - refusedLists; n != 1 {
		t.Errorf("%d requests failed", n)
	}
}

func TestTheLatestPlan(t *testing.T) {
	mark := func(s string) []byte { return []byte(strings.ReplaceAll(driftPlan, "clear", s)) }
	for _, tc := range []struct {
		name     string
		runs     []standin.RunSpec // oldest first
		want     string
		requests int // at most, projects aside
	}{
		{"the newest", []standin.RunSpec{{PlanJSON: mark("one")}, {PlanOnly: true, PlanJSON: mark("two")}}, "two", 2},
		{"one whose policy failed", []standin.RunSpec{{PlanJSON: mark("one"), Status: "errored", PlanStatus: "finished"}}, "one", 2},
		{"not one without a plan", []standin.RunSpec{{PlanJSON: mark("one")}, {Status: "errored", NoPlanJSON: true}, {Status: "planning"}}, "one", 5},
		{"not one that destroys", []standin.RunSpec{{PlanJSON: mark("one")}, {IsDestroy: true, PlanJSON: mark("two")}}, "one", 4},
		{"not one of a few resources", []standin.RunSpec{{PlanJSON: mark("one")}, {TargetAddrs: []string{"a.c"}, PlanJSON: mark("two")}}, "one", 4},
	} {
		t.Run(tc.name, func(t *testing.T) {
			w, clk := startAt(t, standin.Options{})
			ws := w.org.Workspace("net")
			setState(t, ws, oneResource)
			for i, spec := range tc.runs {
				spec.CreatedAt = clk.now.Add(time.Duration(i-len(tc.runs)) * time.Hour)
				ws.Run(spec)
			}
			d, text, err := w.open(t, "net", tfc.Refresh{Mode: tfc.RefreshLatest})
			if err != nil || !strings.Contains(text, tc.want) || d.Source != model.DriftFromLatest || d.RunID == "" || !d.At.Before(clk.now) {
				t.Errorf("%v %+v %s", err, d, text)
			}
			paths := slices.DeleteFunc(w.paths(), func(p string) bool { return p == "GET projects" })
			if len(paths) > tc.requests {
				t.Errorf("%v", paths)
			}
		})
	}
}

// A server that doesn't know plan-only runs makes one that could be applied: it
// is canceled at once, and never waited for.
func TestAServerWithoutPlanOnlyRuns(t *testing.T) {
	var asked []string
	c, clk := connect(t, func(w http.ResponseWriter, r *http.Request) {
		asked = append(asked, r.Method+" "+r.URL.Path)
		switch r.Method + " " + r.URL.Path {
		case "POST /api/v2/runs":
			answer(201, `{"data":{"id":"run-1","type":"runs","attributes":{"status":"pending","auto-apply":true}}}`)(w, r)
		case "POST /api/v2/runs/run-1/actions/discard":
			answer(409, `{"errors":[{"status":"409","title":"transition not allowed"}]}`)(w, r)
		default:
			answer(202, "")(w, r)
		}
	})
	_, err := c.OpenDrift(t.Context(), tfc.Workspace{ID: "ws-1", Name: "net", Organization: "acme"}, tfc.Refresh{Mode: tfc.RefreshRun, Deadline: clk.now.Add(time.Hour)})
	notCheckable(t, err, "doesn't know plan-only runs")
	if want := []string{"POST /api/v2/runs", "POST /api/v2/runs/run-1/actions/discard", "POST /api/v2/runs/run-1/actions/cancel"}; !slices.Equal(asked, want) {
		t.Errorf("%v", asked)
	}
}

// Whatever a server answers, checking a workspace ends, with an error that
// names it.
func TestAnswersAboutDriftThatAreNone(t *testing.T) {
	for _, mode := range []tfc.RefreshMode{tfc.RefreshAuto, tfc.RefreshAssessment, tfc.RefreshRun, tfc.RefreshLatest} {
		for name, h := range map[string]http.HandlerFunc{
			"401": answer(401, ""), "403": answer(403, ""), "404": answer(404, "<html>"), "409": answer(409, "{"), "422": answer(422, `{"errors":[{"detail":"a\n\nb"}]}`),
			"429": answer(429, ""), "500": answer(500, ""), "empty": answer(200, ""), "null": answer(200, "null"), "a list": answer(200, `{"data":[]}`),
			"another type": answer(200, `{"data":{"id":"x","type":"users","attributes":{"status":[],"created-at":7}}}`),
		} {
			t.Run(string(mode)+" "+name, func(t *testing.T) {
				c, clk := connect(t, h)
				w := tfc.Workspace{ID: "ws-1", Name: "net", Organization: "acme", Assessed: true, LatestRunID: "run-1"}
				d, err := c.OpenDrift(t.Context(), w, tfc.Refresh{Mode: mode, MaxAge: day, Deadline: clk.now.Add(time.Hour)})
				if err == nil || d.Plan != nil || strings.Contains(err.Error(), "\n") || !strings.Contains(err.Error(), "net") && !strings.Contains(err.Error(), "run-1") {
					t.Errorf("%+v %v", d, err)
				}
			})
		}
	}
}
