package main

import (
	"bytes"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/go-tfe"

	"github.com/strandline-tf/strandline/internal/app"
	"github.com/strandline-tf/strandline/internal/standin/github"
	"github.com/strandline-tf/strandline/internal/standin/tfc"
	"github.com/strandline-tf/strandline/internal/testkit/contract"
	"github.com/strandline-tf/strandline/internal/testkit/realtf"
)

// shore is what is applied before somebody edits the cloud.
const shore = `
variable "zone" { default = "tide.example" }

resource "shore_network" "main" {
  name = "main"
  cidr = "10.0.0.0/16"
}

# What the application keeps.
resource "shore_bucket" "logs" {
  name       = "logs"
  versioning = false # cheap
  tags       = { Env = "prod", Zone = var.zone }
}

resource "shore_database" "main" {
  name     = "main"
  engine   = "tidesql"
  password = "battery-staple-9"
  port     = 5432
}

resource "shore_role" "gone" {
  name   = "gone"
  policy = jsonencode({ Version = "1" })
}

output "port" { value = shore_database.main.port }
`

// Things are edited behind Terraform's back; the check starts a refresh-only
// run of the real terraform, keeps the issue, and opens a pull request after
// which Terraform has nothing left to do.
func TestDriftToPullRequest(t *testing.T) {
	sea := realtf.NewShore(t)
	dir := sea.Dir()
	dir.Write(shore)
	dir.Apply()

	cloud := tfc.New(tfc.Options{Terraform: realtf.Terraform(t), Env: append(sea.Env(), "PATH="+os.Getenv("PATH"), "HOME="+t.TempDir())})
	t.Cleanup(cloud.Close)
	cloud.AddToken(tfc.Token{Secret: cloudToken})
	cloudAPI := httptest.NewServer(contract.TerraformCloud(t, cloud))
	t.Cleanup(cloudAPI.Close)
	workspace := cloud.Org("acme").Workspace("net", tfc.Repository(repository))
	if _, err := workspace.SetState(dir.State()); err != nil {
		t.Fatal(err)
	}
	upload(t, cloudAPI.URL, workspace.ID(), dir.Path())

	hub := github.New(github.Options{})
	hub.Token(hubToken, github.Identity{App: github.ActionsApp, Permissions: map[string]string{
		"contents": "write", "pull-requests": "write", "issues": "write"}})
	repo := hub.Repo(repository)
	repo.Commit("main", "Add the network", map[string]string{"main.tf": shore, "providers.tf": realtf.Providers})
	hubAPI := httptest.NewServer(contract.GitHub(t, hub))
	t.Cleanup(hubAPI.Close)

	t.Chdir(dir.Path())
	check := func(wantCode int) string {
		t.Helper()
		var stdout, stderr bytes.Buffer
		code := app.Main(t.Context(), []string{"drift", "--org", "acme", "--refresh", "run", "--open-pr", "--post", "always", "--repo", repository, "--fail-on", "drift"},
			[]string{"TFE_ADDRESS=" + cloudAPI.URL, "TFE_TOKEN=" + cloudToken, "GITHUB_API_URL=" + hubAPI.URL, "GITHUB_TOKEN=" + hubToken},
			strings.NewReader(""), &stdout, &stderr)
		if code != wantCode {
			t.Fatalf("exit code %d, not %d:\n%s\n%s", code, wantCode, &stdout, &stderr)
		}
		return stdout.String() + stderr.String()
	}
	check(0)
	if writes := hub.Writes(); len(writes) > 0 {
		t.Fatalf("nothing has drifted, and GitHub was written to: %+v", writes)
	}

	sea.Edit("shore_bucket", "logs", func(o realtf.Object) {
		o["versioning"] = true
		o["tags"] = map[string]any{"Env": "prod", "Zone": "tide.example", "Team": "net"}
	})
	sea.Edit("shore_database", "main", func(o realtf.Object) { o["port"], o["password"] = 5433, "changed-by-hand-7" })
	sea.Remove("shore_role", "gone")
	said := check(2)
	issues, pulls := repo.Issues(), repo.PullRequests()
	if len(issues) != 1 || len(pulls) != 1 {
		t.Fatalf("%d issues and %d pull requests:\n%s", len(issues), len(pulls), said)
	}
	for _, want := range []string{"shore_bucket.logs", "shore_database.main", "shore_role.gone", "versioning"} {
		for where, text := range map[string]string{"output": said, "issue": issues[0].Body} {
			if !strings.Contains(text, want) {
				t.Errorf("the %s doesn't have %s:\n%s", where, want, text)
			}
		}
	}
	accepted, _ := repo.File("strandline/drift", "main.tf")
	for _, secret := range []string{"battery-staple-9", "changed-by-hand-7"} {
		for where, text := range map[string]string{"output": said, "issue": issues[0].Body, "pull request": repo.Issue(pulls[0]).Body,
			"branch": strings.Replace(accepted, "battery-staple-9", "", 1)} { // where it stands since before
			if strings.Contains(text, secret) {
				t.Errorf("the %s holds the secret %s:\n%s", where, secret, text)
			}
		}
	}
	hub.ResetRequests()
	check(2)
	if writes := hub.Writes(); len(writes) > 0 {
		t.Errorf("the second check of the same wrote %+v", writes)
	}

	// The password is a person's to say; all else the pull request has settled.
	sea.Edit("shore_database", "main", func(o realtf.Object) { o["password"] = "battery-staple-9" })
	dir.WriteFile("main.tf", accepted)
	if _, text := dir.Plan(); !strings.Contains(string(text), "No changes.") && !onlyOutputs(string(text)) {
		t.Errorf("after the pull request Terraform plans:\n%s", text)
	}
	if diff := cmp.Diff(shore, accepted); !strings.Contains(accepted, "versioning = true # cheap") || !strings.Contains(accepted, "Zone = var.zone") {
		t.Errorf("the accepts don't keep the layout (-before +after):\n%s", diff)
	}

	// Merged, applied and checked again: all is clear, and the pull request too.
	repo.Pull(pulls[0]).Merge()
	dir.Apply()
	if _, err := workspace.SetState(dir.State()); err != nil {
		t.Fatal(err)
	}
	upload(t, cloudAPI.URL, workspace.ID(), dir.Path())
	check(0)
	if issue := repo.Issues()[0]; issue.State != "closed" || len(repo.Comments(issue.Number)) != 1 {
		t.Errorf("the issue is %s with %d comments", issue.State, len(repo.Comments(issue.Number)))
	}
}

// onlyOutputs reports whether a plan changes outputs and nothing else.
func onlyOutputs(text string) bool {
	return strings.Contains(text, "Changes to Outputs:") && !strings.Contains(text, "Terraform will perform the following actions")
}

// upload gives a workspace the configuration of a folder.
func upload(t *testing.T, address, workspace, dir string) {
	t.Helper()
	client, err := tfe.NewClient(&tfe.Config{Address: address, Token: cloudToken})
	if err != nil {
		t.Fatal(err)
	}
	version, err := client.ConfigurationVersions.Create(t.Context(), workspace, tfe.ConfigurationVersionCreateOptions{AutoQueueRuns: tfe.Bool(false)})
	if err != nil {
		t.Fatal(err)
	}
	only := t.TempDir()
	for _, name := range []string{"main.tf", "providers.tf"} {
		data, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(only, name), data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := client.ConfigurationVersions.Upload(t.Context(), version.UploadURL, only); err != nil {
		t.Fatal(err)
	}
}
