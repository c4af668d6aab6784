package acttest

import (
	"encoding/json"
	"net"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/strandline-tf/strandline/internal/model"
	"github.com/strandline-tf/strandline/internal/standin/github"
	"github.com/strandline-tf/strandline/internal/standin/tfc"
	"github.com/strandline-tf/strandline/internal/testkit/contract"
	"github.com/strandline-tf/strandline/internal/testkit/realtf"
)

// A pull request's configuration, planned by the real Terraform through the
// Terraform Cloud stand-in, becomes a comment on the GitHub stand-in: through
// action.yml, twice, with one comment and no needless write.
func TestActionOnPullRequest(t *testing.T) {
	needAct(t)
	before := realtf.New(t)
	before.Write(read(t, "testdata/before/main.tf"))
	before.Apply()

	gh := github.New(github.Options{})
	gh.Token(githubToken, github.Identity{App: github.ActionsApp, Permissions: map[string]string{
		"contents": "read", "pull-requests": "write", "statuses": "read", "checks": "read"}})
	repo := gh.Repo(repositoryName)
	for range pullNumber - 1 {
		repo.AddIssue(github.Issue{Title: "earlier"})
	}
	pr := repo.PullRequest(github.PR{Branch: "feature"})
	if pr.Number != pullNumber {
		t.Fatalf("the pull request has number %d, not %d", pr.Number, pullNumber)
	}
	ghAPI := httptest.NewServer(contract.GitHub(t, gh))
	t.Cleanup(ghAPI.Close)

	terraform, err := exec.LookPath("terraform")
	if err != nil {
		t.Fatal(err)
	}
	cloudAPI := httptest.NewUnstartedServer(nil)
	_, port, _ := net.SplitHostPort(cloudAPI.Listener.Addr().String())
	cloud := tfc.New(tfc.Options{Terraform: terraform, Env: []string{"PATH=" + os.Getenv("PATH"), "HOME=" + t.TempDir()},
		ArchiveURL: "http://localhost:" + port}) // another host than the API's, as in reality
	t.Cleanup(cloud.Close)
	cloud.AddToken(tfc.Token{Secret: tfeToken})
	cloudAPI.Config.Handler = contract.TerraformCloud(t, cloud)
	cloudAPI.Start()
	t.Cleanup(cloudAPI.Close)
	workspace := cloud.Org("acme").Workspace("net-prod", tfc.Repository(repositoryName))
	if _, err := workspace.SetState([]byte(read(t, filepath.Join(before.Path(), "terraform.tfstate")))); err != nil {
		t.Fatal(err)
	}
	run := workspace.Run(tfc.RunSpec{Commit: pr.Head(), Branch: "feature", PullRequest: pr.Number, PlanOnly: true, Dir: "testdata/after"})
	repo.AddStatus(pr.Head(), github.Status{State: "pending", Context: "Terraform Cloud/acme/net-prod", TargetURL: cloudAPI.URL + run.Path()})

	outputs := t.TempDir()
	log, err := workflow{
		dir: repository(t), file: ".github/workflows/action.yml", job: "pull-request", head: pr.Head(),
		vars:    map[string]string{"STRANDLINE_OUTPUTS": outputs, "STRANDLINE_TFE_ADDRESS": cloudAPI.URL},
		secrets: map[string]string{"GITHUB_TOKEN": githubToken, "TFE_TOKEN": tfeToken},
		env:     map[string]string{"GITHUB_API_URL": ghAPI.URL},
		flags:   []string{"--insecure-secrets"}, // so that the log shows what act would mask
	}.run(t)
	if err != nil {
		t.Fatalf("the job failed: %v\n%s", err, log)
	}

	comments := repo.Comments(pr.Number)
	if len(comments) != 1 || comments[0].Author != "github-actions[bot]" || comments[0].Edits != 0 {
		t.Fatalf("want one comment, never edited, by github-actions[bot]; got %+v", comments)
	}
	if writes := gh.Writes(); len(writes) != 1 {
		t.Errorf("want one write to GitHub, the comment; got %+v", writes)
	}
	want := map[string]string{"import": "1", "add": "1", "change": "2", "replace": "1", "destroy": "1", "move": "1", "forget": "1",
		"read": "0", "drift": "0", "output": "1", "deferred": "0", "action": "0", "check_failed": "1", "policy_failed": "0", "ignored": "0",
		"has-changes": "true", "has-destroys": "true", "has-drift": "false",
		"has-unmanaged": "", "coverage": "", "issue-url": ""}
	for _, file := range []string{"first.json", "second.json"} {
		got := map[string]string{}
		decode(t, filepath.Join(outputs, file), &got)
		for _, address := range []string{"report", "markdown", "comment-url"} {
			if got[address] == "" {
				t.Errorf("%s: output %s is empty", file, address)
			}
			delete(got, address)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s: outputs (-want +got):\n%s", file, diff)
		}
	}
	var report model.Report
	decode(t, filepath.Join(outputs, "report.json"), &report)
	if diff := cmp.Diff(changes(), actionsOf(report)); diff != "" {
		t.Errorf("report (-want +got):\n%s", diff)
	}

	body := comments[0].Body
	for address := range changes() {
		if !strings.Contains(body, address) {
			t.Errorf("the comment doesn't name %s:\n%s", address, body)
		}
	}
	if !strings.Contains(log, "Summary - ### Terraform plan") { // act prints what a step put into the job summary
		t.Errorf("the job summary doesn't hold the report:\n%s", log)
	}
	texts := map[string]string{"the comment": body, "the log": log}
	for _, file := range []string{"report.json", "report.md"} {
		texts[file] = read(t, filepath.Join(outputs, file))
	}
	for where, text := range texts {
		for _, secret := range []string{"battery-staple", githubToken, tfeToken} {
			if strings.Contains(text, secret) {
				t.Errorf("%s holds the secret %s:\n%s", where, secret, text)
			}
		}
	}
}

// changes are what testdata/after does to testdata/before, by address.
func changes() map[string]string {
	return map[string]string{
		"terraform_data.created":   model.ActionCreate,
		"terraform_data.updated":   model.ActionUpdate,
		"terraform_data.login":     model.ActionUpdate,
		"terraform_data.replaced":  model.ActionReplace,
		"terraform_data.deleted":   model.ActionDelete,
		"terraform_data.new_name":  model.ActionNoOp,
		"terraform_data.imported":  model.ActionNoOp,
		"terraform_data.forgotten": model.ActionForget,
	}
}

func actionsOf(r model.Report) map[string]string {
	actions := map[string]string{}
	for _, w := range r.Workspaces {
		for _, c := range w.Changes {
			actions[c.Address] = c.Action
		}
	}
	return actions
}

func decode(t *testing.T, file string, into any) {
	t.Helper()
	data := read(t, file)
	if err := json.Unmarshal([]byte(data), into); err != nil {
		t.Fatalf("%s: %v\n%s", file, err, data)
	}
}
