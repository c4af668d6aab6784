package config

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestGitHub(t *testing.T) {
	c := world{env: []string{
		"GITHUB_ACTIONS=true", "GITHUB_API_URL=https://ghe.example.com/api/v3/", "GITHUB_SERVER_URL=https://ghe.example.com",
		"GITHUB_REPOSITORY=acme/infra", "GITHUB_EVENT_NAME=pull_request", "GITHUB_EVENT_PATH=/e.json", "GITHUB_SHA=abc", "GITHUB_REF=refs/pull/7/merge",
		"GITHUB_RUN_ID=12345678901", "GITHUB_RUN_ATTEMPT=2", "GITHUB_OUTPUT=/o", "GITHUB_STEP_SUMMARY=/s", "GITHUB_WORKSPACE=/w", "GITHUB_TOKEN= t \n",
	}}.mustLoad(t)
	want := GitHub{Token: "t", PRToken: "t", APIURL: "https://ghe.example.com/api/v3", ServerURL: "https://ghe.example.com", Actions: true,
		Repository: "acme/infra", EventName: "pull_request", EventPath: "/e.json", SHA: "abc", Ref: "refs/pull/7/merge", RunID: 12345678901, RunAttempt: 2,
		OutputPath: "/o", SummaryPath: "/s", Workspace: "/w"}
	if diff := cmp.Diff(want, c.GitHub); diff != "" {
		t.Error(diff)
	}
	if c.Repo != "acme/infra" || !c.Given("repo") || c.Commit != "" {
		t.Errorf("repo is %q, commit %q", c.Repo, c.Commit)
	}
}

func TestGitHubTokens(t *testing.T) {
	for _, tc := range []struct{ env, token string }{
		{"", ""},
		{"GH_TOKEN=gh-token", "gh-token"},
		{"GITHUB_TOKEN=github GH_TOKEN=gh-token", "github"},
		{"INPUT_GITHUB-TOKEN=input GITHUB_TOKEN=github", "input"},
		{"INPUT_GITHUB_TOKEN=input", "input"},
		{"GITHUB_TOKEN= GH_TOKEN=gh-token", "gh-token"},
	} {
		c := world{env: strings.Fields(tc.env)}.mustLoad(t)
		if c.GitHub.Token != tc.token {
			t.Errorf("%s: token %q", tc.env, c.GitHub.Token)
		}
		for entry := range strings.FieldsSeq(tc.env) {
			if _, token, _ := strings.Cut(entry, "="); token != "" && !c.Secrets.Whole(token) {
				t.Errorf("%s is not a secret", token)
			}
		}
	}
}

func TestAmbient(t *testing.T) {
	for _, tc := range []struct {
		env     string
		ci      bool
		columns int
		date    string
	}{
		{"", false, 0, ""},
		{"CI=true COLUMNS=80 SOURCE_DATE_EPOCH=0", true, 80, "1970-01-01T00:00:00Z"},
		{"CI=false COLUMNS=wide SOURCE_DATE_EPOCH=253402300799", false, 0, "9999-12-31T23:59:59Z"},
		{"CI=1 COLUMNS=-1 SOURCE_DATE_EPOCH=", true, 0, ""},
	} {
		c := world{env: strings.Fields(tc.env)}.mustLoad(t)
		date := ""
		if c.SourceDate != nil {
			date = c.SourceDate.Format(time.RFC3339)
		}
		if c.CI != tc.ci || c.Columns != tc.columns || date != tc.date {
			t.Errorf("%s: CI %v, columns %d, date %s", tc.env, c.CI, c.Columns, date)
		}
	}
}

// An input that is empty, which is how GitHub passes one that is not given, is
// not set; of the two spellings GitHub's own goes first.
func TestInputs(t *testing.T) {
	c := world{env: []string{"INPUT_ORG=", "INPUT_WORKSPACE=\n \n", "INPUT_FAIL-ON=drift", "INPUT_FAIL_ON=changes", "TF_WORKSPACE=env"}}.mustLoad(t)
	if c.Given("org") || strings.Join(c.TerraformCloud.Workspaces, " ") != "env" || strings.Join(c.FailOn, " ") != "drift" {
		t.Errorf("workspaces %q, fail on %q", c.TerraformCloud.Workspaces, c.FailOn)
	}
}

// A demonstration is shown whatever is wrong outside.
func TestDemoReadsNothingOutside(t *testing.T) {
	c := world{command: "demo", args: []string{"--no-color", "--log-level=warn"}, env: []string{"TFE_ADDRESS=ftp://", "TFE_TOKEN=t", "TF_WORKSPACE=[", "INPUT_SHOW=x", "GITHUB_RUN_ID=x"},
		files: map[string]string{"w/.strandline.yml": "broken: ["}}.mustLoad(t)
	if !c.NoColor || c.LogLevel != "warn" || c.TerraformCloud.Default.Token != "" || c.File != "" {
		t.Errorf("got %+v", c)
	}
	if _, err := (world{command: "demo", args: []string{"--org=x"}}).load(t); err == nil {
		t.Error("demo has --org")
	}
}
