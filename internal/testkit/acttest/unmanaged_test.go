package acttest

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/strandline-tf/strandline/internal/standin/github"
	"github.com/strandline-tf/strandline/internal/standin/tfc"
	"github.com/strandline-tf/strandline/internal/testkit/contract"
)

// prToken is the token that pull requests are opened with.
const prToken = "ghp_" + "0123456789abcdefghijklmnopqrstuvwxyz"

// cloudControl answers as AWS does, in one account with two buckets, of which
// one is managed.
func cloudControl(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	switch target := r.Header.Get("X-Amz-Target"); {
	case strings.HasSuffix(target, ".ListResources") && strings.Contains(string(body), `"AWS::S3::Bucket"`):
		fmt.Fprint(w, `{"TypeName": "AWS::S3::Bucket", "ResourceDescriptions": [
			{"Identifier": "acme-media", "Properties": "{\"BucketName\":\"acme-media\"}"},
			{"Identifier": "acme-logs", "Properties": "{\"BucketName\":\"acme-logs\"}"}]}`)
	case strings.HasSuffix(target, ".ListResources"):
		fmt.Fprint(w, `{"ResourceDescriptions": []}`)
	case strings.HasSuffix(target, ".GetResource"):
		fmt.Fprint(w, `{"TypeName": "AWS::S3::Bucket", "ResourceDescription": {"Identifier": "acme-logs", "Properties": "{\"BucketName\":\"acme-logs\"}"}}`)
	case strings.HasSuffix(target, ".GetResources"):
		fmt.Fprint(w, `{"ResourceTagMappingList": []}`)
	case strings.Contains(string(body), "Action=GetCallerIdentity"):
		fmt.Fprint(w, `<GetCallerIdentityResponse><GetCallerIdentityResult><Arn>arn:aws:iam::123456789012:role/r</Arn><Account>123456789012</Account></GetCallerIdentityResult></GetCallerIdentityResponse>`)
	case strings.Contains(string(body), "Action=DescribeRegions"):
		fmt.Fprint(w, `<DescribeRegionsResponse><regionInfo><item><regionName>eu-west-1</regionName><optInStatus>opted-in</optInStatus></item></regionInfo></DescribeRegionsResponse>`)
	default:
		http.Error(w, target, http.StatusBadRequest)
	}
}

// importing is the plan of a run that imports the bucket which no state knows,
// with the configuration that Terraform generates for it.
const importing = `{"format_version": "1.2", "terraform_version": "1.11.4", "complete": true, "resource_changes": [{
	"address": "aws_s3_bucket.acme_logs", "mode": "managed", "type": "aws_s3_bucket", "name": "acme_logs",
	"provider_name": "registry.terraform.io/hashicorp/aws",
	"change": {"actions": ["no-op"], "before": {"bucket": "acme-logs"}, "after": {"bucket": "acme-logs"}, "importing": {"id": "acme-logs"},
		"generated_config": "resource \"aws_s3_bucket\" \"acme_logs\" {\n  bucket = \"acme-logs\"\n}"}}]}`

// The README's workflows for what no state knows, as they stand there, on an
// account with one bucket too many: an issue at night, and on demand a pull
// request that imports it.
func TestActionOnUnmanagedResources(t *testing.T) {
	needAct(t)
	gh := github.New(github.Options{})
	gh.Token(githubToken, github.Identity{App: github.ActionsApp, Permissions: map[string]string{"contents": "read", "issues": "write"}})
	gh.Token(prToken, github.Identity{User: "jane"})
	repo := gh.Repo(repositoryName)
	repo.Commit("main", "Begin", map[string]string{"main.tf": "# nothing yet\n"})
	ghAPI := httptest.NewServer(contract.GitHub(t, gh))
	t.Cleanup(ghAPI.Close)
	cloud := tfc.New(tfc.Options{})
	t.Cleanup(cloud.Close)
	cloud.AddToken(tfc.Token{Secret: tfeToken})
	cloud.Planner(func(tfc.NewRun) tfc.RunSpec { return tfc.RunSpec{PlanJSON: []byte(importing)} })
	cloudAPI := httptest.NewServer(contract.TerraformCloud(t, cloud))
	t.Cleanup(cloudAPI.Close)
	workspace := cloud.Org("acme").Workspace("net-prod", tfc.Repository(repositoryName))
	if _, err := workspace.SetState([]byte(`{"version": 4, "terraform_version": "1.11.4", "serial": 1, "lineage": "l", "outputs": {}, "resources": [
		{"mode": "managed", "type": "aws_s3_bucket", "name": "media", "provider": "provider[\"registry.terraform.io/hashicorp/aws\"]",
		 "instances": [{"attributes": {"id": "acme-media", "bucket": "acme-media", "arn": "arn:aws:s3:::acme-media"}}]}]}`)); err != nil {
		t.Fatal(err)
	}
	aws := httptest.NewServer(http.HandlerFunc(cloudControl))
	t.Cleanup(aws.Close)

	run := func(name, job, event string, inputs map[string]string) string {
		t.Helper()
		dir := t.TempDir()
		for file, text := range map[string]string{"w.yml": readmeWorkflow(t, name), "main.tf": "# nothing yet\n"} {
			if err := os.WriteFile(filepath.Join(dir, file), []byte(text), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		payload, err := json.Marshal(map[string]any{"inputs": inputs,
			"repository": map[string]any{"full_name": repositoryName, "name": "net", "owner": map[string]any{"login": "acme"}, "default_branch": "main"}})
		if err != nil {
			t.Fatal(err)
		}
		noAction := filepath.Join(repository(t), "internal/testkit/acttest/testdata/no-action")
		flags := []string{"--use-new-action-cache", "--local-repository", actionRepository + "@main=" + repository(t)}
		for _, action := range []string{"actions/checkout@v5", "actions/setup-go@v5", "aws-actions/configure-aws-credentials@v5"} {
			flags = append(flags, "--local-repository", action+"="+noAction)
		}
		log, err := workflow{dir: dir, file: "w.yml", job: job, event: event, payload: payload, flags: flags,
			secrets: map[string]string{"GITHUB_TOKEN": githubToken, "TFE_TOKEN": tfeToken, "PR_TOKEN": prToken},
			env: map[string]string{"GITHUB_API_URL": ghAPI.URL, "TFE_ADDRESS": cloudAPI.URL, "AWS_ENDPOINT_URL": aws.URL,
				"AWS_ACCESS_KEY_ID": "a", "AWS_SECRET_ACCESS_KEY": "s", "AWS_REGION": "eu-west-1"},
		}.run(t)
		if err != nil {
			t.Fatalf("%s failed: %v\n%s", name, err, log)
		}
		return log
	}

	log := run("Unmanaged resources", "unmanaged", "schedule", nil)
	issues := repo.Issues()
	if len(issues) != 1 || !strings.Contains(issues[0].Body, "acme-logs") || strings.Contains(issues[0].Body, "`acme-media`") {
		t.Fatalf("issues %+v:\n%s", issues, log)
	}
	gh.ResetRequests()
	run("Unmanaged resources", "unmanaged", "schedule", nil)
	if writes := gh.Writes(); len(writes) > 0 {
		t.Errorf("the second night wrote %+v", writes)
	}

	inputs := map[string]string{"org": "acme", "workspaces": "net-*", "regions": "eu-west-1", "open-pr": "false"}
	log = run("Adopt resources", "adopt", "workflow_dispatch", inputs)
	if pulls := repo.PullRequests(); len(pulls) > 0 || !strings.Contains(log, "aws_s3_bucket.acme_logs") {
		t.Errorf("nobody asked for a pull request: %v\n%s", pulls, log)
	}
	inputs["open-pr"], inputs["regions"] = "true", ""
	log = run("Adopt resources", "adopt", "workflow_dispatch", inputs)
	imports, _ := repo.File("strandline/adopt", "imports.tf")
	if pulls := repo.PullRequests(); len(pulls) != 1 || !strings.Contains(imports, `id = "acme-logs"`) ||
		!strings.Contains(repo.Issue(pulls[0]).Body, "1 to import, 0 to add, 0 to change, 0 to destroy") {
		t.Errorf("pull requests %v, imports.tf:\n%s\n%s", pulls, imports, log)
	}
}
