package acttest

import (
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/strandline-tf/strandline/internal/standin/github"
	"github.com/strandline-tf/strandline/internal/standin/tfc"
	"github.com/strandline-tf/strandline/internal/testkit/contract"
)

// readmeWorkflow is the workflow of that name in the README, as people copy it.
func readmeWorkflow(t *testing.T, name string) string {
	t.Helper()
	for _, block := range regexp.MustCompile("(?s)```yaml\n(.*?)```").FindAllStringSubmatch(read(t, filepath.Join(repository(t), "README.md")), -1) {
		if strings.HasPrefix(block[1], "name: "+name+"\n") {
			return block[1]
		}
	}
	t.Fatalf("README.md has no workflow called %q", name)
	return ""
}

// The README's nightly workflows, to the letter, in one job and in parts: an
// issue with what drifted in all workspaces, and no needless write at night.
// The actions that they use and that can't be fetched here are stood in for.
func TestActionEveryNight(t *testing.T) {
	needAct(t)
	for name, job := range map[string]string{"Terraform drift": "drift", "Terraform drift, in parts": "report"} {
		t.Run(job, func(t *testing.T) {
			text := readmeWorkflow(t, name)
			gh := github.New(github.Options{})
			gh.Token(githubToken, github.Identity{App: github.ActionsApp, Permissions: map[string]string{"contents": "read", "issues": "write"}})
			repo := gh.Repo(repositoryName)
			ghAPI := httptest.NewServer(contract.GitHub(t, gh))
			t.Cleanup(ghAPI.Close)
			cloud := tfc.New(tfc.Options{RateLimit: 30})
			t.Cleanup(cloud.Close)
			cloud.AddToken(tfc.Token{Secret: tfeToken})
			cloudAPI := httptest.NewServer(contract.TerraformCloud(t, cloud))
			t.Cleanup(cloudAPI.Close)
			names := []string{"apps", "data", "dns", "net"}
			for _, name := range names {
				workspace := cloud.Org("acme").Workspace(name)
				if _, err := workspace.SetState([]byte(`{"version":4,"terraform_version":"1.11.4","serial":1,"lineage":"l","outputs":{},` +
					`"resources":[{"mode":"managed","type":"shore_bucket","name":"logs","provider":"p","instances":[{}]}]}`)); err != nil {
					t.Fatal(err)
				}
				workspace.Assess(tfc.Assessment{Drifted: 1, CreatedAt: time.Now().Add(-time.Hour), PlanJSON: []byte(`{"format_version":"1.2",` +
					`"resource_drift":[{"address":"shore_bucket.` + name + `","mode":"managed","type":"shore_bucket","name":"` + name + `","provider_name":"p",` +
					`"change":{"actions":["update"],"before":{"versioning":false},"after":{"versioning":true},"after_unknown":{},"before_sensitive":{},"after_sensitive":{}}}]}`)})
			}
			dir := t.TempDir()
			if err := os.WriteFile(filepath.Join(dir, "drift.yml"), []byte(text), 0o600); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(filepath.Join(dir, "main.tf"), []byte("resource \"shore_bucket\" \"net\" {\n  versioning = false\n}\n"), 0o600); err != nil {
				t.Fatal(err)
			}
			testdata := filepath.Join(repository(t), "internal/testkit/acttest/testdata")
			night := workflow{dir: dir, file: "drift.yml", event: "schedule", job: job,
				secrets: map[string]string{"GITHUB_TOKEN": githubToken, "TFE_TOKEN": tfeToken},
				env:     map[string]string{"GITHUB_API_URL": ghAPI.URL, "TFE_ADDRESS": cloudAPI.URL, "ARTIFACTS": t.TempDir()},
				flags:   []string{"--use-new-action-cache", "--insecure-secrets"}} // so that the log shows what act would mask
			for _, used := range regexp.MustCompile(`uses: (\S+)`).FindAllStringSubmatch(text, -1) {
				stands := ""
				switch action, _, _ := strings.Cut(used[1], "@"); action {
				case "actions/checkout": // act's own
					continue
				case actionRepository:
					stands = repository(t)
				case "actions/setup-go": // there is a Go
					stands = filepath.Join(testdata, "no-action")
				case "actions/upload-artifact":
					stands = filepath.Join(testdata, "upload")
				case "actions/download-artifact":
					stands = filepath.Join(testdata, "download")
				default:
					t.Fatalf("no action stands in for %s", action)
				}
				night.flags = append(night.flags, "--local-repository", used[1]+"="+stands)
			}
			log, err := night.run(t)
			if err != nil {
				t.Fatalf("the job failed: %v\n%s", err, log)
			}
			issues := repo.Issues()
			if len(issues) != 1 || issues[0].Title != "Terraform drift: 4 resources in 4 workspaces" || issues[0].Author != "github-actions[bot]" {
				t.Fatalf("%+v\n%s", issues, log)
			}
			for _, name := range names {
				if !strings.Contains(issues[0].Body, "shore_bucket."+name) {
					t.Errorf("the issue doesn't name shore_bucket.%s:\n%s", name, issues[0].Body)
				}
			}
			if writes := gh.Writes(); len(writes) != 1 {
				t.Errorf("want one write to GitHub, the issue; got %+v", writes)
			}
			for _, secret := range []string{githubToken, tfeToken} {
				if strings.Contains(log, secret) {
					t.Errorf("the log holds the secret %s", secret)
				}
			}
			gh.ResetRequests()
			if log, err := night.run(t); err != nil || len(gh.Writes()) > 0 {
				t.Errorf("the second night: %v, %+v\n%s", err, gh.Writes(), log)
			}
		})
	}
}
