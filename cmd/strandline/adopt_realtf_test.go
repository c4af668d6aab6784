package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/strandline-tf/strandline/internal/app"
	"github.com/strandline-tf/strandline/internal/standin/github"
	"github.com/strandline-tf/strandline/internal/standin/tfc"
	"github.com/strandline-tf/strandline/internal/testkit/contract"
	"github.com/strandline-tf/strandline/internal/testkit/realtf"
)

// managedAlready is what a workspace has before it adopts anything.
const managedAlready = `
resource "shore_network" "main" {
  name = "main"
  cidr = "10.0.0.0/16"
  tags = { Team = "core" }
}
`

// found is an element of an inventory's file.
type found struct {
	Type       string         `json:"type"`
	ID         string         `json:"id"`
	Provider   string         `json:"provider"`
	Account    string         `json:"account"`
	Region     string         `json:"region"`
	Name       string         `json:"name,omitempty"`
	Attributes map[string]any `json:"attributes,omitempty"`
	Sensitive  []string       `json:"sensitive,omitempty"`
}

// settle makes sixty objects of six types, of which many refer to others, and
// returns an inventory of them as one that knows them well would tell it: with
// computed attributes, and without secrets.
func settle(sea *realtf.Shore) []found {
	var all []found
	put := func(typ, id string, o realtf.Object, computed map[string]any, sensitive ...string) {
		sea.Put(typ, id, o)
		f := found{Type: typ, ID: id, Provider: "strandline/shore", Account: "100000000001", Region: "north-1", Attributes: map[string]any{}, Sensitive: sensitive}
		maps.Copy(f.Attributes, o)
		maps.Copy(f.Attributes, computed)
		for _, name := range sensitive {
			delete(f.Attributes, name)
		}
		f.Name, _ = o["name"].(string)
		all = append(all, f)
	}
	main := sea.IDs("shore_network")[0]
	for i := range 10 {
		n := func(prefix string) string { return fmt.Sprintf("%s-%04d", prefix, i+2) }
		put("shore_network", n("net"), realtf.Object{"name": "zone " + string(rune('a'+i)), "cidr": fmt.Sprintf("10.%d.0.0/16", i+1), "tags": map[string]any{"Env": "prod"}},
			map[string]any{"arn": "arn:shore:north-1:100000000001:network/" + n("net"), "region": "north-1"})
		network := n("net")
		if i%2 == 1 {
			network = main
		}
		put("shore_subnet", n("subnet"), realtf.Object{"network_id": network, "cidr": fmt.Sprintf("10.%d.1.0/24", i+1), "public": i%3 == 0},
			map[string]any{"arn": "arn:shore:north-1:100000000001:subnet/" + n("subnet")})
		put("shore_instance", n("i"), realtf.Object{"name": fmt.Sprintf("web-%d", i), "image": "img-1", "subnet_id": n("subnet"),
			"disk": []any{map[string]any{"size": 10 + i, "kind": "ssd"}}},
			map[string]any{"size": "small", "last_seen": "2026-01-01T00:00:00Z", "private_ip": "10.0.0.9"})
		name := fmt.Sprintf("db-%d", i)
		put("shore_database", name, realtf.Object{"name": name, "engine": "tidesql", "password": fmt.Sprintf("correct-horse-%d", i), "subnet_ids": []any{n("subnet")},
			"parameters": map[string]any{"max connections": "100", "log": "${all}"}},
			map[string]any{"port": 5432, "endpoint": name + ".example", "engine_version": "16.2"}, "password")
		name = fmt.Sprintf("acme-prod-files-%d", i)
		put("shore_bucket", name, realtf.Object{"name": name, "versioning": i%2 == 0, "tags": map[string]any{"Team": "core", "quote": `"` + name + `"`}},
			map[string]any{"url": "https://" + name + ".example"})
		name = fmt.Sprintf("Reader %d", i)
		put("shore_role", name, realtf.Object{"name": name, "policy": fmt.Sprintf(`{"Statement":[{"Resource":"arn:shore:north-1:100000000001:bucket/acme-prod-files-%d"}],"Version":"1"}`, i)},
			map[string]any{"max_session": 3600})
	}
	return all
}

// run is one run of the program in the present directory.
func run(t *testing.T, env []string, args ...string) (code int, stdout, stderr string) {
	t.Helper()
	var out, errs bytes.Buffer
	code = app.Main(t.Context(), args, env, strings.NewReader(""), &out, &errs)
	return code, out.String(), errs.String()
}

func writeInventory(t *testing.T, path string, all []found) {
	t.Helper()
	text, err := json.Marshal(all)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, text, 0o600); err != nil {
		t.Fatal(err)
	}
}

// written are the files of a directory that adopt wrote, by name.
func written(t *testing.T, dir string) map[string]string {
	t.Helper()
	files := map[string]string{}
	paths, err := filepath.Glob(filepath.Join(dir, "*.tf"))
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range paths {
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if strings.Contains(string(text), "strandline adopt") {
			files[filepath.Base(path)] = string(text)
		}
	}
	return files
}

// Sixty objects made behind Terraform's back become files whose plan imports
// them and does nothing else; applied, they are managed.
func TestAdoptWithLocalTerraform(t *testing.T) {
	sea := realtf.NewShore(t)
	dir := sea.Dir()
	dir.Write(managedAlready)
	dir.Apply()
	all := settle(sea)
	inventory := filepath.Join(t.TempDir(), "inventory.json")
	writeInventory(t, inventory, all)
	env := append(sea.Env(), "PATH="+os.Getenv("PATH"), "HOME="+t.TempDir())
	t.Chdir(dir.Path())

	code, stdout, stderr := run(t, env, "adopt", "--inventory", "file:"+inventory, "--verify", "--write", "json=report.json")
	files := written(t, dir.Path())
	if code != 0 || !strings.Contains(strings.Join(strings.Fields(stdout), " "), "60 to import, 0 to add, 0 to change, 0 to destroy") {
		t.Fatalf("exit code %d:\n%s\n%s", code, stdout, stderr)
	}
	for _, want := range []string{"imports.tf", "subnet.tf", "database.tf"} {
		if files[want] == "" {
			t.Errorf("no %s among %v", want, slices.Sorted(maps.Keys(files)))
		}
	}
	for _, want := range []string{"shore_network.main.id", "shore_network.zone_a.id"} {
		if !strings.Contains(files["subnet.tf"], want) {
			t.Errorf("subnets don't refer to %s:\n%s", want, files["subnet.tf"])
		}
	}
	for where, text := range map[string]string{"output": stdout + stderr, "files": fmt.Sprint(files), "report": string(dir.ReadFile("report.json"))} {
		if strings.Contains(text, "correct-horse") {
			t.Errorf("the %s holds a secret", where)
		}
	}
	if _, text := dir.Plan(); !strings.Contains(string(text), "Plan: 60 to import, 0 to add, 0 to change, 0 to destroy.") {
		t.Fatalf("terraform itself plans:\n%s", text)
	}

	// Again: the same, and nothing is written. A file that a person changed stays.
	code, _, stderr = run(t, env, "adopt", "--inventory", "file:"+inventory, "--verify")
	if diff := cmp.Diff(files, written(t, dir.Path())); code != 0 || diff != "" || strings.Contains(stderr, "written") {
		t.Errorf("the second run: exit code %d (-first +second):\n%s\n%s", code, diff, stderr)
	}
	mine := strings.Replace(files["bucket.tf"], "resource", "# Ours since 2019.\nresource", 1)
	dir.WriteFile("bucket.tf", mine)
	if code, stdout, stderr = run(t, env, "adopt", "--inventory", "file:"+inventory, "--verify"); code != 0 {
		t.Errorf("with a person's file: exit code %d:\n%s\n%s", code, stdout, stderr)
	}
	if string(dir.ReadFile("bucket.tf")) != mine {
		t.Error("a person's file was changed")
	}
	if _, text := dir.Plan(); !strings.Contains(string(text), "Plan: 60 to import, 0 to add, 0 to change, 0 to destroy.") {
		t.Fatalf("with a person's file terraform plans:\n%s", text)
	}

	// Applied, there is nothing left.
	dir.Apply()
	if code, stdout, stderr = run(t, env, "unmanaged", "--state", "terraform.tfstate", "--inventory", "file:"+inventory, "--fail-on", "unmanaged"); code != 0 {
		t.Errorf("after the import: exit code %d:\n%s\n%s", code, stdout, stderr)
	}
}

// What the providers say of their types is known before anything is written or
// planned: an inventory that marks no secret gives none away, and the first
// plan is the last. In an initialised folder it takes no --verify.
func TestAdoptKnowsSchemas(t *testing.T) {
	sea := realtf.NewShore(t)
	dir := sea.Dir()
	dir.Write(managedAlready)
	dir.Apply()
	all := settle(sea)
	for i := range all {
		if all[i].Type == "shore_database" {
			all[i].Attributes["password"], all[i].Sensitive = fmt.Sprintf("correct-horse-%d", i/6), nil
		}
	}
	inventory := filepath.Join(t.TempDir(), "inventory.json")
	writeInventory(t, inventory, all)
	env := append(sea.Env(), "PATH="+os.Getenv("PATH"), "HOME="+t.TempDir())
	t.Chdir(dir.Path())

	args := []string{"adopt", "--inventory", "file:" + inventory, "--write", "json=report.json", "--log-level", "debug", "--format"}
	for _, format := range []string{"text", "markdown", "html", "sarif"} {
		code, stdout, stderr := run(t, env, append(args, format)...)
		files := written(t, dir.Path())
		if code != 0 || !strings.Contains(files["database.tf"], "password") || strings.Contains(files["database.tf"], "endpoint") {
			t.Fatalf("exit code %d, %s:\n%s", code, files["database.tf"], stderr)
		}
		for where, text := range map[string]string{"output": stdout + stderr, "files": fmt.Sprint(files), "report": string(dir.ReadFile("report.json"))} {
			if strings.Contains(text, "correct-horse") {
				t.Errorf("%s: the %s holds a secret", format, where)
			}
		}
	}
	code, stdout, stderr := run(t, env, "adopt", "--inventory", "file:"+inventory, "--verify")
	if code != 0 || !strings.Contains(strings.Join(strings.Fields(stdout), " "), "60 to import, 0 to add, 0 to change, 0 to destroy") ||
		strings.Count(stderr, "planning what is adopted") != 1 {
		t.Errorf("exit code %d:\n%s\n%s", code, stdout, stderr)
	}

	// The same for those who prefer variables.
	for name := range written(t, dir.Path()) {
		if err := os.Remove(filepath.Join(dir.Path(), name)); err != nil {
			t.Fatal(err)
		}
	}
	code, stdout, stderr = run(t, env, "adopt", "--inventory", "file:"+inventory, "--verify", "--sensitive", "variables")
	files := fmt.Sprint(written(t, dir.Path()))
	if code != 0 || !strings.Contains(files, "= var.db_0_password") || !strings.Contains(files, `variable "db_0_password"`) || strings.Contains(files+stdout+stderr, "correct-horse") {
		t.Errorf("with variables: exit code %d, %s\n%s\n%s", code, files, stdout, stderr)
	}
	if _, text := dir.Plan(); !strings.Contains(string(text), "Plan: 60 to import, 0 to add, 0 to change, 0 to destroy.") {
		t.Errorf("with variables terraform itself plans:\n%s", text)
	}
}

// The same through speculative runs of Terraform Cloud, into a pull request.
func TestAdoptThroughTerraformCloud(t *testing.T) {
	sea := realtf.NewShore(t)
	dir := sea.Dir()
	dir.Write(managedAlready)
	dir.Apply()
	all := settle(sea)
	sea.Put("shore_grant", "Reader 0/logs", realtf.Object{"role": "Reader 0", "bucket": "logs", "access": "read"})
	all = append(all, found{Type: "shore_grant", ID: "Reader 0/logs", Provider: "strandline/shore", Account: "100000000001", Region: "north-1"})
	all[4].Attributes = nil // of one bucket only the id is known

	cloud := tfc.New(tfc.Options{Terraform: realtf.Terraform(t), Env: append(sea.Env(), "PATH="+os.Getenv("PATH"), "HOME="+t.TempDir())})
	t.Cleanup(cloud.Close)
	cloud.AddToken(tfc.Token{Secret: cloudToken})
	cloudAPI := httptest.NewServer(contract.TerraformCloud(t, cloud))
	t.Cleanup(cloudAPI.Close)
	workspace := cloud.Org("acme").Workspace("core", tfc.Repository(repository), tfc.WorkingDirectory("infra/core"), tfc.TerraformVersion("1.11.4"))
	if _, err := workspace.SetState(dir.State()); err != nil {
		t.Fatal(err)
	}

	hub := github.New(github.Options{})
	hub.Token(hubToken, github.Identity{App: github.ActionsApp, Permissions: map[string]string{"contents": "read"}})
	hub.Token(personToken, github.Identity{User: "jane"})
	repo := hub.Repo(repository)
	hubAPI := httptest.NewServer(contract.GitHub(t, hub))
	t.Cleanup(hubAPI.Close)
	checkout := t.TempDir()
	tracked := map[string]string{"infra/core/main.tf": managedAlready, "infra/core/providers.tf": realtf.Providers, "README.md": "The network"}
	repo.Commit("main", "Add the network", tracked)
	for path, text := range tracked {
		if err := os.MkdirAll(filepath.Join(checkout, filepath.Dir(path)), 0o750); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(checkout, path), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Mkdir(filepath.Join(checkout, ".git"), 0o750); err != nil {
		t.Fatal(err)
	}
	inventory := filepath.Join(t.TempDir(), "inventory.json")
	writeInventory(t, inventory, all)
	t.Chdir(checkout)
	env := append(sea.Env(), "PATH="+os.Getenv("PATH"), "TFE_ADDRESS="+cloudAPI.URL, "TFE_TOKEN="+cloudToken, "GITHUB_API_URL="+hubAPI.URL, "GITHUB_TOKEN="+hubToken,
		"STRANDLINE_PR_TOKEN="+personToken)
	args := []string{"adopt", "--org", "acme", "--inventory", "file:" + inventory, "--verify", "--verify-with", "cloud", "--open-pr", "--post", "always",
		"--repo", repository}

	code, stdout, stderr := run(t, env, args...)
	if code != 0 || !strings.Contains(strings.Join(strings.Fields(stdout), " "), "60 to import, 0 to add, 0 to change, 0 to destroy") || !strings.Contains(stdout, "shore_grant") {
		t.Fatalf("exit code %d:\n%s\n%s", code, stdout, stderr)
	}
	if len(written(t, filepath.Join(checkout, "infra/core"))) > 0 {
		t.Error("--open-pr wrote into the checkout")
	}
	pulls := repo.PullRequests()
	if len(pulls) != 1 || !strings.Contains(repo.Issue(pulls[0]).Body, "60 to import") || !strings.Contains(repo.Issue(pulls[0]).Body, "shore_grant") {
		t.Fatalf("pull requests %v:\n%s\n%s", pulls, stdout, stderr)
	}
	hub.ResetRequests()
	if code, _, stderr = run(t, env, args...); code != 0 || len(hub.Writes()) > 0 {
		t.Errorf("the second run: exit code %d, %d writes:\n%s", code, len(hub.Writes()), stderr)
	}

	// What the pull request brings is what terraform itself imports.
	for _, name := range []string{"imports.tf", "network.tf", "subnet.tf", "instance.tf", "database.tf", "bucket.tf", "role.tf"} {
		text, ok := repo.File("strandline/adopt", "infra/core/"+name)
		if !ok {
			t.Fatalf("the pull request has no %s", name)
		}
		dir.WriteFile(name, text)
	}
	if _, text := dir.Plan(); !strings.Contains(string(text), "Plan: 60 to import, 0 to add, 0 to change, 0 to destroy.") {
		t.Errorf("terraform itself plans:\n%s", text)
	}
}
