package tfc_test

import (
	"errors"
	"fmt"
	"net/http"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/strandline-tf/strandline/internal/fetch/tfc"
	standin "github.com/strandline-tf/strandline/internal/standin/tfc"
)

const oneResource = `{"version":4,"terraform_version":"1.11.4","serial":7,"lineage":"l","outputs":{},"resources":[{"mode":"managed","type":"a","name":"b",` +
	`"provider":"provider[\"p\"]","instances":[{"attributes":{}}]}]}`

func setState(t *testing.T, w *standin.Workspace, file string) *standin.StateVersion {
	t.Helper()
	v, err := w.SetState([]byte(file))
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func (w *world) list(t *testing.T, f tfc.Filter, with tfc.Include) []tfc.Workspace {
	t.Helper()
	f.Organization = "acme"
	var all []tfc.Workspace
	if err := w.client.EachWorkspace(t.Context(), f, with, func(ws tfc.Workspace) error { all = append(all, ws); return nil }); err != nil {
		t.Fatal(err)
	}
	return all
}

func names(all []tfc.Workspace) (out []string) {
	for _, w := range all {
		out = append(out, w.Name)
	}
	return out
}

// refused counts the requests to the API that failed.
func (w *world) refused() (n int) {
	for _, q := range w.Requests() {
		if q.Status >= 400 && strings.HasPrefix(q.Path, "/api/v2/") {
			n++
		}
	}
	return n
}

func TestWorkspacesAreListedWhole(t *testing.T) {
	w, clk := startAt(t, standin.Options{})
	net := w.org.Workspace("net", standin.InProject("core"), standin.Tags("prod"), standin.Repository("acme/infra"),
		standin.WorkingDirectory("envs/prod"), standin.TerraformVersion("1.9.0"), standin.Locked("  moving\nhouse "), standin.ExecutionMode("agent"))
	run := net.Run(standin.RunSpec{})
	speculative := net.Run(standin.RunSpec{PlanOnly: true})
	state := setState(t, net, oneResource)
	result := net.Assess(standin.Assessment{Drifted: 3})
	w.org.Workspace("bare")
	got := w.list(t, tfc.Filter{}, tfc.WithAssessment|tfc.WithState)
	want := []tfc.Workspace{
		{Name: "bare", ID: got[0].ID, Organization: "acme", Project: "Default Project", URL: w.client.Address() + "/app/acme/workspaces/bare", Tags: []string{},
			TerraformVersion: "1.11.4", ExecutionMode: "remote"},
		{Name: "net", ID: net.ID(), Organization: "acme", Project: "core", URL: w.client.Address() + "/app/acme/workspaces/net", Tags: []string{"prod"},
			TerraformVersion: "1.9.0", ExecutionMode: "agent", WorkingDirectory: "envs/prod", Repository: "acme/infra", Resources: 1, Locked: true,
			LockedBy: "user user-owner", LockReason: "moving house", CurrentRunID: run.ID(), LatestRunID: speculative.ID(), Assessed: true,
			Assessment: &tfc.Assessment{ID: result, CreatedAt: clk.now, Succeeded: true, Drifted: true, Resources: 3},
			State: &tfc.StateVersion{ID: state.ID(), DownloadURL: w.client.Address() + "/api/state-versions/" + state.ID() + "/hosted_state",
				Serial: 7, Size: int64(len(oneResource)), CreatedAt: clk.now, TerraformVersion: "1.11.4"}},
	}
	if diff := cmp.Diff(want, got, cmpopts.IgnoreUnexported(tfc.Workspace{})); diff != "" {
		t.Error(diff)
	}
	if !got[0].Stateless() || got[1].Stateless() || len(w.Requests()) != 1 {
		t.Errorf("stateless %t %t, %d requests", got[0].Stateless(), got[1].Stateless(), len(w.Requests()))
	}
}

func TestWorkspacesAreNarrowed(t *testing.T) {
	w := start(t, standin.Options{})
	for i := range 230 {
		w.org.Workspace(fmt.Sprintf("app-%03d", i), standin.Tags("app"))
	}
	w.org.Workspace("net-prod", standin.InProject("core"), standin.Tags("net", "prod"))
	w.org.Workspace("net-dev", standin.Tags("net"))
	for _, tc := range []struct {
		name     string
		filter   tfc.Filter
		want     []string
		requests int
	}{
		{"a name", tfc.Filter{Workspaces: []string{"net-dev"}}, []string{"net-dev"}, 1},
		{"a part of a name is another", tfc.Filter{Workspaces: []string{"net"}}, nil, 1},
		{"a beginning", tfc.Filter{Workspaces: []string{"net-*"}}, []string{"net-dev", "net-prod"}, 1},
		{"several", tfc.Filter{Workspaces: []string{"*-dev", "app-00[12]"}}, []string{"app-001", "app-002", "net-dev"}, 3},
		{"tags", tfc.Filter{Tags: []string{"net", "prod"}}, []string{"net-prod"}, 1},
		{"a project", tfc.Filter{Project: "core"}, []string{"net-prod"}, 2},
		{"nothing", tfc.Filter{Tags: []string{"none"}}, nil, 1},
	} {
		t.Run(tc.name, func(t *testing.T) {
			w.ForgetRequests()
			if got := names(w.list(t, tc.filter, 0)); !slices.Equal(got, tc.want) || len(w.Requests()) != tc.requests {
				t.Errorf("%v in %d requests", got, len(w.Requests()))
			}
		})
	}
	if n := len(w.list(t, tfc.Filter{}, 0)); n != 232 {
		t.Errorf("%d workspaces", n)
	}
	stop, n := errors.New("enough"), 0
	err := w.client.EachWorkspace(t.Context(), tfc.Filter{Organization: "acme"}, 0, func(tfc.Workspace) error {
		if n++; n == 3 {
			return stop
		}
		return nil
	})
	if err != stop || n != 3 {
		t.Errorf("%v after %d", err, n)
	}
}

// A server that refuses an include gets it once, whatever else it knows.
func TestIncludesThatAServerDoesNotKnow(t *testing.T) {
	const ws = `{"data":[{"id":"ws-1","type":"workspaces","attributes":{"name":"net"},"relationships":{"project":{"data":{"id":"prj-1","type":"projects"}},` +
		`"current-state-version":{"data":{"id":"sv-1","type":"state-versions"}}}}],"included":[%s]}`
	for _, tc := range []struct {
		knows    string // all that it does
		included string
		project  string
		state    string
	}{
		{"", "", "core", ""},
		{"locked_by", "", "core", ""},
		{"current-state-version", `{"id":"sv-1","type":"state-versions","attributes":{"hosted-state-download-url":"https://x.test/s"}}`, "core", "https://x.test/s"},
		{"project,current_state_version", `{"id":"prj-1","type":"projects","attributes":{"name":"base"}},` +
			`{"id":"sv-1","type":"state-versions","attributes":{"hosted-state-download-url":"https://x.test/s"}}`, "base", "https://x.test/s"},
	} {
		t.Run(tc.knows, func(t *testing.T) {
			requests, bad := 0, 0
			c, _ := connect(t, func(w http.ResponseWriter, r *http.Request) {
				requests++
				if strings.HasSuffix(r.URL.Path, "/projects") {
					answer(200, `{"data":[{"id":"prj-1","type":"projects","attributes":{"name":"core"}}]}`)(w, r)
					return
				}
				for _, name := range strings.Split(r.URL.Query().Get("include"), ",") {
					if name != "" && !slices.Contains(strings.Split(tc.knows, ","), name) {
						bad++
						answer(400, `{"errors":[{"status":"400","title":"Invalid include parameter"}]}`)(w, r)
						return
					}
				}
				answer(200, fmt.Sprintf(ws, tc.included))(w, r)
			})
			for round := range 2 {
				before := bad
				err := c.EachWorkspace(t.Context(), tfc.Filter{Organization: "acme"}, tfc.WithAssessment|tfc.WithState, func(w tfc.Workspace) error {
					if w.Project != tc.project || w.State == nil || w.State.ID != "sv-1" || w.State.DownloadURL != tc.state || w.Assessment != nil {
						t.Errorf("%+v %+v", w, w.State)
					}
					return nil
				})
				if err != nil || round == 1 && bad != before {
					t.Errorf("round %d: %v, %d refused of %d", round, err, bad-before, requests)
				}
			}
			if requests > 10 {
				t.Errorf("%d requests", requests)
			}
		})
	}
}

func TestListsOfWorkspacesThatAreNone(t *testing.T) {
	item := `{"data":[{"id":"ws-1","attributes":{"name":"net"}}],"meta":{"pagination":{"next-page":%s}}}`
	for _, tc := range []struct{ name, body, want string }{
		{"a page that follows itself", fmt.Sprintf(item, "1"), "followed by page 1"},
		{"backwards", fmt.Sprintf(item, "-7"), "followed by page -7"},
		{"far away", fmt.Sprintf(item, "99999999"), "followed by page"},
		{"a proxy's page", "<html>", "not the API's"},
		{"cut short", `{"data":[{"id":"ws-`, "not the API's"},
		{"wrong types", `{"data":[{"id":7,"attributes":[]}]}`, "not the API's"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			n := 0
			c, _ := connect(t, func(w http.ResponseWriter, r *http.Request) { n++; answer(200, tc.body)(w, r) })
			err := c.EachWorkspace(t.Context(), tfc.Filter{Organization: "acme"}, tfc.WithAssessment, func(tfc.Workspace) error { return nil })
			if err == nil || !strings.Contains(err.Error(), tc.want) || !strings.Contains(err.Error(), "acme") || n > 3 {
				t.Errorf("%v after %d requests", err, n)
			}
		})
	}
	c, _ := connect(t, answer(200, `{"data":[null,{"id":"ws-1","attributes":null,"relationships":{"project":null,"locked-by":{"data":[]}}}],"included":[null],"meta":null}`))
	if err := c.EachWorkspace(t.Context(), tfc.Filter{Organization: "acme"}, tfc.WithAssessment, func(tfc.Workspace) error { return nil }); err != nil {
		t.Error(err)
	}
	if err := c.EachWorkspace(t.Context(), tfc.Filter{}, 0, nil); err == nil || !strings.Contains(err.Error(), "organization") {
		t.Errorf("no organization: %v", err)
	}
}

// pagesOf serves a list of n workspaces without holding it.
func pagesOf(n int) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		var page int
		fmt.Sscan(r.URL.Query().Get("page[number]"), &page)
		var data, included []string
		for i := (page - 1) * 100; i < min(page*100, n); i++ {
			data = append(data, fmt.Sprintf(`{"id":"ws-%d","type":"workspaces","attributes":{"name":"w%[1]d","assessments-enabled":true},"relationships":`+
				`{"current-assessment-result":{"data":{"id":"a-%[1]d","type":"assessment-results"}}}}`, i))
			included = append(included, fmt.Sprintf(`{"id":"a-%d","type":"assessment-results","attributes":{"succeeded":true,"drifted":false,"created-at":"2026-01-02T03:00:00Z"}}`, i))
		}
		next := "null"
		if page*100 < n {
			next = fmt.Sprint(page + 1)
		}
		answer(200, fmt.Sprintf(`{"data":[%s],"included":[%s],"meta":{"pagination":{"next-page":%s}}}`,
			strings.Join(data, ","), strings.Join(included, ","), next))(w, r)
	}
}

// Memory doesn't grow with the number of workspaces.
func TestListingKeepsAPageAtMost(t *testing.T) {
	held := func(n int) (most uint64) {
		c, clk := connect(t, pagesOf(n))
		i := 0
		err := c.EachWorkspace(t.Context(), tfc.Filter{Organization: "acme"}, tfc.WithAssessment, func(w tfc.Workspace) error {
			d, err := c.OpenDrift(t.Context(), w, tfc.Refresh{MaxAge: 24 * time.Hour, Deadline: clk.now})
			if err != nil || d.Plan != nil {
				t.Fatal(err)
			}
			if i++; i%(n/4) == 0 {
				var m runtime.MemStats
				runtime.GC()
				runtime.ReadMemStats(&m)
				most = max(most, m.HeapAlloc)
			}
			return nil
		})
		if err != nil || i != n {
			t.Fatal(i, err)
		}
		return most
	}
	few, many := held(400), held(20_000)
	t.Logf("%d KiB for 400, %d KiB for 20,000", few>>10, many>>10)
	if many > few+few/4+1<<20 {
		t.Errorf("%d bytes are held for 400 workspaces, %d for 20,000", few, many)
	}
}

// What a server does not narrow is narrowed here, and what it lists twice,
// since a workspace was made meanwhile, counts once.
func TestServersThatNarrowNothing(t *testing.T) {
	item := func(n int, project, tag string) string {
		return fmt.Sprintf(`{"id":"ws-%d","attributes":{"name":"w%[1]d","tag-names":["%s"]},"relationships":{"project":{"data":{"id":"%s","type":"projects"}}}}`, n, tag, project)
	}
	c, _ := connect(t, func(w http.ResponseWriter, r *http.Request) {
		switch {
		case strings.HasSuffix(r.URL.Path, "/projects"):
			answer(200, `{"data":[{"id":"prj-1","type":"projects","attributes":{"name":"core"}}]}`)(w, r)
		case r.URL.Query().Get("page[number]") == "1":
			answer(200, `{"data":[`+item(1, "prj-1", "a")+","+item(2, "prj-2", "a")+","+item(3, "prj-1", "a")+`],"meta":{"pagination":{"next-page":2}}}`)(w, r)
		default:
			answer(200, `{"data":[`+item(3, "prj-1", "a")+","+item(4, "prj-1", "b")+","+item(5, "prj-1", "a")+`]}`)(w, r)
		}
	})
	var got []string
	err := c.EachWorkspace(t.Context(), tfc.Filter{Organization: "acme", Project: "core", Tags: []string{"a"}}, 0, func(w tfc.Workspace) error {
		got = append(got, w.Name+" in "+w.Project)
		return nil
	})
	if want := []string{"w1 in core", "w3 in core", "w5 in core"}; err != nil || !slices.Equal(got, want) {
		t.Errorf("%v %v", got, err)
	}
}
