package main

import (
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/goccy/go-yaml"
	"github.com/rogpeppe/go-internal/testscript"

	"github.com/strandline-tf/strandline/internal/standin/github"
	"github.com/strandline-tf/strandline/internal/standin/tfc"
	"github.com/strandline-tf/strandline/internal/testkit/contract"
)

// What the world is made of where a script's file doesn't say.
const (
	repository = "acme/net"
	headSHA    = "4f2c0e1a9b8d7c6e5f4a3b2c1d0e9f8a7b6c5d4e"
	cloudToken = "user.atlasv1.0123456789abcdefghijklmnop"
	hubToken   = "ghs_0123456789abcdefghijklmnopqrstuvwxyz"

	personToken = "ghp_0123456789abcdefghijklmnopqrstuvwxyz"
)

// description is the YAML of the world command. What is in it is added to what
// there is. Keys are the names of the fields in lower case; those of the
// stand-ins' own types are theirs.
type description struct {
	Clouds     map[string]cloudSpec // by name; its address is the script's variable of that name
	GitHub     hubSpec
	Pulls      []github.PR
	Push       string // a new head of the first pull request
	Runs       []runSpec
	Workspaces []workspaceSpec
	Nightly    bool     // the environment is that of a workflow on a schedule
	Repository []string // files of the script that are in the repository's branch main, too, below repo/
	Edits      []editSpec
	Users      []string // who can be assigned to issues
	Aggregated []string // organisations of cloud tfc with one status for all runs
	Statuses   []github.Status
	Comments   []struct{ Author, Body string }
	Late       int // statuses of this description are there from this look at them on
	Slow       []delay
	Env        map[string]string // of the script
}

type cloudSpec struct {
	Tokens      []tfc.Token
	Archive     string // "same": plans are downloaded from the API's own host
	Fail        []failure
	tfc.Options `yaml:",inline"`
}

type hubSpec struct {
	Tokens map[string]github.Identity
	Fail   []failure
}

// delay makes requests take longer.
type delay struct {
	Path string // regular expression over METHOD PATH
	By   time.Duration
}

// failure answers requests in a server's place.
type failure struct {
	Path   string // regular expression over METHOD PATH
	Status int    // 0 cuts the answer (Terraform Cloud only)
	Skip   int    // so many are let through first
	Times  int    // so many are answered; 0: all
}

// runSpec is one run, announced on the head commit.
type runSpec struct {
	Cloud, Org, Workspace, Project string
	Tags                           []string
	Commit                         string // "": the head; "none": started by hand
	Plan                           string // file
	Age                            time.Duration
	Announce                       string // status (the default), older (URL of the older form), check or none
	tfc.RunSpec                    `yaml:",inline"`
}

// world is what a script runs against.
type world struct {
	t      testing.TB
	dir    string
	clouds map[string]*cloud
	hub    *github.Server
	repo   *github.Repo
	pull   *github.PullRequest

	awaited    *exec.Cmd
	inWorkflow bool // the environment is a workflow's

	mu      sync.Mutex
	checks  map[string]tfc.RunSpec    // by ORG/WORKSPACE: what becomes of a run that is started there
	next    map[string]tfc.Assessment // likewise of an assessment
	queries map[string]tfc.Query      // and of a query run
	looks   int                       // at the statuses
	late    []struct {
		from int
		add  func()
	}
	seen *sync.Cond // signalled at each request
	log  []string   // METHOD PATH of all
	slow []delay
}

type cloud struct {
	*tfc.Server
	url string
}

type worldKey struct{}

// setup gives a script an empty world and an environment without any other.
func setup(env *testscript.Env) error {
	w := &world{t: env.T().(testing.TB), dir: env.WorkDir, clouds: map[string]*cloud{},
		checks: map[string]tfc.RunSpec{}, next: map[string]tfc.Assessment{}, queries: map[string]tfc.Query{}, hub: github.New(github.Options{})}
	w.seen = sync.NewCond(&w.mu)
	w.repo = w.hub.Repo(repository)
	w.hub.Before(w.look)
	server := httptest.NewServer(w.watch(contract.GitHub(w.t, w.hub)))
	env.Defer(server.Close)
	env.Values[worldKey{}] = w
	env.Setenv("GITHUB_API_URL", server.URL)
	env.Setenv("HOME", filepath.Join(env.WorkDir, ".home"))
	env.Setenv("head", headSHA)
	env.Setenv("cloudtoken", cloudToken)
	env.Setenv("hubtoken", hubToken)
	return nil
}

// watch keeps note of requests.
func (w *world) watch(h http.Handler) http.Handler {
	return http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		w.mu.Lock()
		w.log = append(w.log, r.Method+" "+r.URL.Path)
		w.seen.Broadcast()
		slow := w.slow
		w.mu.Unlock()
		for _, s := range slow {
			if regexp.MustCompile(s.Path).MatchString(r.Method + " " + r.URL.Path) {
				time.Sleep(s.By)
			}
		}
		h.ServeHTTP(rw, r)
	})
}

// look adds late statuses.
func (w *world) look(r *http.Request) {
	if !strings.HasSuffix(r.URL.Path, "/status") {
		return
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.looks++
	for _, l := range w.late {
		if l.from == w.looks {
			l.add()
		}
	}
}

// post calls add at the from-th look at the statuses, at once for 0.
func (w *world) post(from int, add func()) {
	if from == 0 {
		add()
		return
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.late = append(w.late, struct {
		from int
		add  func()
	}{from, add})
}

// worldCommand is `world FILE`.
func worldCommand(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: world FILE")
	}
	var d description
	text := os.Expand(ts.ReadFile(args[0]), func(name string) string {
		if v := ts.Getenv(name); v != "" {
			return v
		}
		return "$" + name
	})
	ts.Check(yaml.UnmarshalWithOptions([]byte(text), &d, yaml.Strict()))
	w := ts.Value(worldKey{}).(*world)
	w.mu.Lock()
	w.slow = d.Slow
	w.mu.Unlock()
	w.servers(ts, &d)
	for _, pr := range d.Pulls {
		if pr.Head == "" {
			pr.Head = headSHA
		}
		made := w.repo.PullRequest(pr)
		if w.pull == nil {
			w.pull = made
			w.workflow(ts, pr)
		}
	}
	if d.Push != "" {
		ts.Setenv("head", w.pull.Push(d.Push, nil))
		w.workflow(ts, github.PR{})
	}
	for i := range d.Runs {
		w.run(ts, &d, &d.Runs[i])
	}
	for i := range d.Workspaces {
		w.workspace(ts, &d.Workspaces[i])
	}
	if d.Nightly {
		w.nightly(ts)
	}
	files := map[string]string{}
	for _, path := range d.Repository {
		files[path] = ts.ReadFile("repo/" + path)
	}
	if len(files) > 0 {
		w.repo.Commit("main", "Add the configuration", files)
	}
	for _, login := range d.Users {
		w.hub.User(login)
	}
	for _, e := range d.Edits {
		w.edit(ts, e)
	}
	for _, org := range d.Aggregated {
		w.announce(d.Late, "Terraform Cloud/"+org, w.clouds["tfc"].url+"/app/"+org+"/aggregated-commit-statuses/acs-"+org)
	}
	for _, s := range d.Statuses {
		w.post(d.Late, func() { w.repo.AddStatus(w.head(), s) })
	}
	for _, c := range d.Comments {
		w.repo.AddComment(w.pull.Number, c.Author, c.Body)
	}
	for k, v := range d.Env {
		ts.Setenv(k, v)
	}
}

func (w *world) head() string {
	if w.pull == nil {
		return headSHA
	}
	return w.pull.Head()
}

// servers starts the Terraform Clouds, of which the one called tfc is the
// default, and makes tokens known.
func (w *world) servers(ts *testscript.TestScript, d *description) {
	for name, spec := range d.Clouds {
		if w.clouds[name] == nil {
			w.clouds[name] = w.start(ts, name, spec)
		}
		for _, t := range spec.Tokens {
			w.clouds[name].AddToken(t)
		}
		fail := failing(spec.Fail)
		w.clouds[name].Fail(func(r *http.Request) (int, bool) { return fail(r) })
	}
	for token, id := range d.GitHub.Tokens {
		w.hub.Token(token, id)
		ts.Setenv("GITHUB_TOKEN", token)
	}
	if d.GitHub.Tokens == nil && ts.Getenv("GITHUB_TOKEN") == "" {
		w.hub.Token(hubToken, github.Identity{App: github.ActionsApp, Permissions: map[string]string{
			"contents": "read", "pull-requests": "write", "statuses": "read", "checks": "read"}})
		if d.Nightly {
			w.hub.Token(hubToken, github.Identity{App: github.ActionsApp, Permissions: map[string]string{"contents": "read", "issues": "write"}})
			w.hub.Token(personToken, github.Identity{User: "jane"})
		}
		ts.Setenv("GITHUB_TOKEN", hubToken)
	}
	fail := failing(d.GitHub.Fail)
	w.hub.Fail(func(r *http.Request) (int, string, bool) {
		status, ok := fail(r)
		return status, `{"message":"made to fail"}`, ok
	})
}

// start starts a Terraform Cloud. Archives are on another host than the API,
// as in reality, if this machine's other name counts as one.
func (w *world) start(ts *testscript.TestScript, name string, spec cloudSpec) *cloud {
	server := httptest.NewUnstartedServer(nil)
	_, port, err := net.SplitHostPort(server.Listener.Addr().String())
	ts.Check(err)
	if spec.Archive != "same" {
		spec.ArchiveURL = "http://localhost:" + port
	}
	c := &cloud{tfc.New(spec.Options), "http://127.0.0.1:" + port}
	server.Config.Handler = w.watch(contract.TerraformCloud(w.t, c.Server))
	server.Start()
	w.answers(c)
	ts.Defer(func() { server.Close(); c.Close() })
	ts.Setenv(name, c.url)
	if len(spec.Tokens) == 0 {
		c.AddToken(tfc.Token{Secret: cloudToken})
	}
	if name == "tfc" {
		ts.Setenv("TFE_ADDRESS", c.url)
		ts.Setenv("TFE_TOKEN", cloudToken)
		if len(spec.Tokens) > 0 {
			ts.Setenv("TFE_TOKEN", spec.Tokens[0].Secret)
		}
	} else { // called by another name of this machine, for a token of its own
		c.url = "http://localhost:" + port
		ts.Setenv(name, c.url)
	}
	return c
}

func failing(failures []failure) func(*http.Request) (int, bool) {
	var mu sync.Mutex
	count := make([]int, len(failures))
	return func(r *http.Request) (int, bool) {
		mu.Lock()
		defer mu.Unlock()
		for i, f := range failures {
			if !regexp.MustCompile(f.Path).MatchString(r.Method + " " + r.URL.Path) {
				continue
			}
			count[i]++
			if count[i] > f.Skip && (f.Times == 0 || count[i] <= f.Skip+f.Times) {
				return f.Status, true
			}
		}
		return 0, false
	}
}

// run adds a run and announces it. Its id is the script's variable run_WORKSPACE.
func (w *world) run(ts *testscript.TestScript, d *description, r *runSpec) {
	if r.Cloud == "" {
		r.Cloud = "tfc"
	}
	if r.Org == "" {
		r.Org = "acme"
	}
	if r.Age == 0 {
		r.Age = time.Hour
	}
	spec := r.RunSpec
	switch spec.Commit = r.Commit; r.Commit {
	case "":
		spec.Commit = w.head()
	case "none":
		spec.Commit = ""
	}
	spec.CreatedAt = time.Now().Add(-r.Age)
	if r.Plan != "" {
		spec.PlanJSON = []byte(ts.ReadFile(r.Plan))
	}
	options := []tfc.WorkspaceOption{tfc.Tags(r.Tags...)}
	if r.Project != "" {
		options = append(options, tfc.InProject(r.Project))
	}
	c := w.clouds[r.Cloud]
	run := c.Org(r.Org).Workspace(r.Workspace, options...).Run(spec)
	ts.Setenv("run_"+strings.ReplaceAll(r.Workspace, "-", "_"), run.ID())
	target := c.url + run.Path()
	name := "Terraform Cloud/" + r.Org + "/" + r.Workspace + "/" + run.ID()
	switch r.Announce {
	case "none":
	case "older":
		w.announce(d.Late, name, strings.Replace(target, "/app/"+r.Org+"/", "/app/"+r.Org+"/workspaces/", 1))
	case "check":
		w.post(d.Late, func() {
			w.repo.AddCheckRun(w.head(), github.CheckRun{Name: name, App: "terraform-cloud", DetailsURL: target, Status: "in_progress"})
		})
	case "", "status":
		w.announce(d.Late, name, target)
	default:
		ts.Fatalf("announce: %s", r.Announce)
	}
}

func (w *world) announce(late int, context, target string) {
	w.post(late, func() {
		w.repo.AddStatus(w.head(), github.Status{State: "pending", Context: context, TargetURL: target})
	})
}

// workflow sets the environment of a workflow for the pull request, as GitHub
// Actions does. The merge commit is another than the head, as it always is.
func (w *world) workflow(ts *testscript.TestScript, pr github.PR) {
	repo := map[string]any{"id": 1, "full_name": repository}
	head := map[string]any{"sha": w.pull.Head(), "ref": "feature", "repo": repo}
	if pr.Fork != "" {
		head["repo"] = map[string]any{"id": 2, "full_name": pr.Fork + "/net"}
	}
	var labels []map[string]any
	for _, l := range pr.Labels {
		labels = append(labels, map[string]any{"name": l})
	}
	event, err := json.Marshal(map[string]any{"repository": repo, "pull_request": map[string]any{
		"number": w.pull.Number, "labels": labels, "head": head, "base": map[string]any{"repo": repo}}})
	ts.Check(err)
	ts.Setenv("pr", fmt.Sprint(w.pull.Number))
	w.runner(ts, "pull_request", event)
}

// nightly sets the environment of a workflow that a schedule started.
func (w *world) nightly(ts *testscript.TestScript) {
	event, err := json.Marshal(map[string]any{"schedule": "7 3 * * *", "repository": map[string]any{"id": 1, "full_name": repository}})
	ts.Check(err)
	w.runner(ts, "schedule", event)
}

// runner sets the environment that GitHub Actions gives a job.
func (w *world) runner(ts *testscript.TestScript, name string, event []byte) {
	temp := filepath.Join(w.dir, "runner")
	ts.Check(os.MkdirAll(temp, 0o755))
	ts.Check(os.WriteFile(filepath.Join(temp, "event.json"), event, 0o644))
	if w.inWorkflow { // the script may have changed what follows
		return
	}
	w.inWorkflow = true
	for k, v := range map[string]string{
		"GITHUB_ACTIONS": "true", "GITHUB_EVENT_NAME": name, "GITHUB_EVENT_PATH": filepath.Join(temp, "event.json"),
		"GITHUB_REPOSITORY": repository, "GITHUB_SHA": strings.Repeat("e", 40), "GITHUB_RUN_ID": "100", "GITHUB_RUN_ATTEMPT": "1",
		"GITHUB_OUTPUT": filepath.Join(temp, "output"), "GITHUB_STEP_SUMMARY": filepath.Join(temp, "summary.md"), "RUNNER_TEMP": temp,
	} {
		ts.Setenv(k, v)
	}
}
