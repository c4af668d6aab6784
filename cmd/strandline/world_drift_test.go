package main

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/strandline-tf/strandline/internal/standin/tfc"
)

// workspaceSpec is a workspace that nightly checks look at, or what becomes of
// one that is there.
type workspaceSpec struct {
	Cloud, Org, Name, Project, Directory, Repository, Execution string

	Tags       []string
	Locked     string // why; "": it isn't
	Assesses   bool   // assessments are switched on
	Empty      bool   // it has no state, and so nothing that could drift
	Bare       bool   // it has no configuration: no run was ever made
	Assessment *struct {
		PlanSpec `yaml:",inline"`
		Age      time.Duration
		Failed   string // why
	}
	// Check is what a run that a check starts, and Next what an assessment that
	// it starts, comes to.
	Check  *runOutcome
	Latest *runOutcome
	Next   *PlanSpec
	Gone   bool
	// Query is what a query run comes to; see queried.
	Query *querySpec
}

// PlanSpec is a refresh-only plan: a file, or what drifted in it, each as
// "ADDRESS gone" or "ADDRESS ATTRIBUTE BEFORE AFTER" with values in JSON
// without spaces.
type PlanSpec struct {
	Plan   string
	Drifts []string
}

// json is the plan, nil for one in which nothing drifted.
func (p *PlanSpec) json(ts *testscript.TestScript) []byte {
	if p.Plan != "" {
		return []byte(ts.ReadFile(p.Plan))
	}
	changes := map[string]map[string]any{}
	var drift []map[string]any
	for _, line := range p.Drifts {
		words := strings.Fields(line)
		address := words[0]
		change := changes[address]
		if change == nil {
			change = map[string]any{"actions": []string{"update"}, "before": map[string]any{}, "after": map[string]any{}}
			changes[address] = change
			typ, name, _ := strings.Cut(address[strings.LastIndex("."+address, ".shore_"):], ".")
			drift = append(drift, map[string]any{"address": address, "mode": "managed", "type": typ, "name": name,
				"provider_name": "terraform.test/strandline/shore", "change": change})
		}
		switch len(words) {
		case 2:
			change["actions"], change["after"] = []string{"delete"}, nil
		case 4:
			change["before"].(map[string]any)[words[1]] = json.RawMessage(words[2])
			change["after"].(map[string]any)[words[1]] = json.RawMessage(words[3])
		default:
			ts.Fatalf("not a drift: %s", line)
		}
	}
	if drift == nil {
		return nil
	}
	text, err := json.Marshal(map[string]any{"format_version": "1.2", "terraform_version": "1.11.4", "resource_drift": drift})
	ts.Check(err)
	return text
}

// runOutcome is what becomes of a run.
type runOutcome struct {
	PlanSpec    `yaml:",inline"`
	Age         time.Duration
	tfc.RunSpec `yaml:",inline"`
}

func (o *runOutcome) spec(ts *testscript.TestScript) tfc.RunSpec {
	spec := o.RunSpec
	spec.CreatedAt = time.Now().Add(-o.Age)
	spec.PlanJSON = o.json(ts)
	return spec
}

// editSpec is what a person does to an issue.
type editSpec struct {
	Issue         int
	Replace, With string // in the body; "" for Replace: With goes before it
	State         string // open | closed
}

// oneResource is a state with one resource, which is all that is asked of it.
const oneResource = `{"version":4,"terraform_version":"1.11.4","serial":1,"lineage":"l","outputs":{},
 "resources":[{"mode":"managed","type":"shore_bucket","name":"logs","provider":"p","instances":[{}]}]}`

// workspace makes or changes a workspace.
func (w *world) workspace(ts *testscript.TestScript, spec *workspaceSpec) {
	c := w.clouds[cmp.Or(spec.Cloud, "tfc")]
	org := cmp.Or(spec.Org, "acme")
	options := []tfc.WorkspaceOption{tfc.Tags(spec.Tags...), tfc.Repository(spec.Repository), tfc.WorkingDirectory(spec.Directory)}
	if spec.Project != "" {
		options = append(options, tfc.InProject(spec.Project))
	}
	if spec.Locked != "" {
		options = append(options, tfc.Locked(spec.Locked))
	}
	if spec.Execution != "" {
		options = append(options, tfc.ExecutionMode(spec.Execution))
	}
	if spec.Assesses {
		options = append(options, tfc.Assessments())
	}
	c.Org(org).Workspace(spec.Name).Delete() // made anew
	if spec.Gone {
		return
	}
	ws := c.Org(org).Workspace(spec.Name, options...)
	if !spec.Empty {
		_, err := ws.SetState([]byte(oneResource))
		ts.Check(err)
	}
	if !spec.Bare {
		ws.Run(tfc.RunSpec{Status: "applied", CreatedAt: time.Now().Add(-72 * time.Hour)})
	}
	if spec.Latest != nil {
		ws.Run(spec.Latest.spec(ts))
	}
	if a := spec.Assessment; a != nil {
		ws.Assess(tfc.Assessment{Drifted: drifted(a.json(ts)), PlanJSON: a.json(ts), Failed: a.Failed != "", Error: a.Failed,
			CreatedAt: time.Now().Add(-a.Age)})
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	at := org + "/" + spec.Name
	delete(w.checks, at)
	delete(w.next, at)
	if spec.Check != nil {
		w.checks[at] = spec.Check.spec(ts)
	}
	delete(w.queries, at)
	if spec.Query != nil {
		w.queries[at] = spec.Query.outcome(ts)
		c.Queries(w.queried)
	}
	if spec.Next != nil {
		w.next[at] = tfc.Assessment{Drifted: drifted(spec.Next.json(ts)), PlanJSON: spec.Next.json(ts)}
	}
}

// drifted counts the resources of an assessment that drifted, as well as
// anybody needs to know.
func drifted(plan []byte) int {
	if plan == nil {
		return 0
	}
	return 1
}

// answers makes a cloud do what the workspaces' descriptions say when a check
// starts something.
func (w *world) answers(c *cloud) {
	c.Planner(func(r tfc.NewRun) tfc.RunSpec {
		w.mu.Lock()
		defer w.mu.Unlock()
		return w.checks[r.Org+"/"+r.Workspace]
	})
	c.Assessor(func(org, workspace string) tfc.Assessment {
		w.mu.Lock()
		defer w.mu.Unlock()
		return w.next[org+"/"+workspace]
	})
}

// edit does what a person does to an issue, through the API.
func (w *world) edit(ts *testscript.TestScript, e editSpec) {
	body := w.repo.Issue(e.Issue).Body
	if e.Replace == "" {
		body = e.With + body
	} else if !strings.Contains(body, e.Replace) {
		ts.Fatalf("issue %d has no %q:\n%s", e.Issue, e.Replace, body)
	} else {
		body = strings.ReplaceAll(body, e.Replace, e.With)
	}
	fields, err := json.Marshal(map[string]string{"body": body, "state": cmp.Or(e.State, w.repo.Issue(e.Issue).State)})
	ts.Check(err)
	req, err := http.NewRequest(http.MethodPatch, fmt.Sprintf("%s/repos/%s/issues/%d", ts.Getenv("GITHUB_API_URL"), repository, e.Issue),
		bytes.NewReader(fields))
	ts.Check(err)
	req.Header.Set("Authorization", "Bearer "+personToken)
	req.Header.Set("Content-Type", "application/json")
	resp, err := http.DefaultClient.Do(req)
	ts.Check(err)
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		said, _ := io.ReadAll(resp.Body)
		ts.Fatalf("editing issue %d: %s: %s", e.Issue, resp.Status, said)
	}
}

// issuesCommand is `issues [STATE:EDITS:COMMENTS...]`: the issues, in order.
// Their bodies become the files issue1, issue2, …, their titles, labels and
// assignees, a line each, title1, …, and what was said below them reply1, ….
func issuesCommand(ts *testscript.TestScript, neg bool, args []string) {
	w := ts.Value(worldKey{}).(*world)
	var got []string
	for i, issue := range w.repo.Issues() {
		said := w.repo.Comments(issue.Number)
		got = append(got, fmt.Sprintf("%s:%d:%d", issue.State, issue.Edits, len(said)))
		var replies strings.Builder
		for _, c := range said {
			replies.WriteString(c.Body + "\n\n")
		}
		about := fmt.Sprintf("%s\nlabels: %s\nassignees: %s\n", issue.Title, strings.Join(issue.Labels, ","), strings.Join(issue.Assignees, ","))
		for name, text := range map[string]string{"issue": issue.Body, "title": about, "reply": replies.String()} {
			ts.Check(os.WriteFile(filepath.Join(w.dir, fmt.Sprint(name, i+1)), []byte(text), 0o644))
		}
	}
	if strings.Join(got, " ") == strings.Join(args, " ") == neg {
		ts.Fatalf("issues: %v", got)
	}
}

// pullsCommand is `pulls [STATE:AUTHOR...]`: the pull requests, in order. Their
// bodies become the files pull1, pull2, ….
func pullsCommand(ts *testscript.TestScript, neg bool, args []string) {
	w := ts.Value(worldKey{}).(*world)
	var got []string
	for i, number := range w.repo.PullRequests() {
		pr := w.repo.Issue(number)
		got = append(got, pr.State+":"+pr.Author)
		ts.Check(os.WriteFile(filepath.Join(w.dir, fmt.Sprint("pull", i+1)), []byte(pr.Title+"\n\n"+pr.Body), 0o644))
	}
	if strings.Join(got, " ") == strings.Join(args, " ") == neg {
		ts.Fatalf("pull requests: %v", got)
	}
}

// branchfileCommand is `branchfile BRANCH PATH FILE`: FILE becomes what a branch
// has at PATH. With !, there is no such file.
func branchfileCommand(ts *testscript.TestScript, neg bool, args []string) {
	if len(args) != 3 {
		ts.Fatalf("usage: branchfile BRANCH PATH FILE")
	}
	w := ts.Value(worldKey{}).(*world)
	text, exists := w.repo.File(args[0], args[1])
	if exists == neg {
		ts.Fatalf("%s has %s: %t; there are the branches %v", args[0], args[1], exists, w.repo.Branches())
	}
	ts.Check(os.WriteFile(ts.MkAbs(args[2]), []byte(text), 0o644))
}

// outputCommand is `output NAME WANT`: the action's output as it was set last,
// "" where it was never.
func outputCommand(ts *testscript.TestScript, neg bool, args []string) {
	if len(args) != 2 {
		ts.Fatalf("usage: output NAME WANT")
	}
	got := ""
	for _, m := range regexp.MustCompile(`(?sm)^`+args[0]+`<<(\S+)\n(.*?)\n?(_GitHub\w+)$`).FindAllStringSubmatch(ts.ReadFile("runner/output"), -1) {
		got = m[2]
	}
	if (got == args[1]) == neg {
		ts.Fatalf("output %s is %q", args[0], got)
	}
}
