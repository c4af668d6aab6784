package planjson_test

import (
	"encoding/json"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/strandline-tf/strandline/internal/fetch/planjson"
	"github.com/strandline-tf/strandline/internal/model"
	"github.com/strandline-tf/strandline/internal/secret"
	"github.com/strandline-tf/strandline/internal/testkit/realtf"
)

const before = `
variable "password" {
  default   = "hunter2-but-longer"
  sensitive = true
}
variable "count_of" { default = 3 }
resource "terraform_data" "stays" { input = "x" }
resource "terraform_data" "updated" {
  input = { list = ["a", "b", "c"], text = "old", gone = 1, "odd key" = { "a.b" = true } }
}
resource "terraform_data" "secret" { input = { password = var.password, n = 1 } }
resource "terraform_data" "replaced" {
  input            = "x"
  triggers_replace = ["one", "two"]
}
resource "terraform_data" "counted" {
  count = var.count_of
  input = count.index
}
resource "terraform_data" "old_name" { input = "moves" }
resource "terraform_data" "gone" { input = "goes" }
resource "terraform_data" "forgotten" { input = "is forgotten" }
resource "terraform_data" "trigger" { input = 1 }
resource "terraform_data" "triggered" {
  input = "x"
  lifecycle { replace_triggered_by = [terraform_data.trigger] }
}
output "same" { value = "same" }
output "list" { value = ["a", "b"] }
output "password" {
  value     = var.password
  sensitive = true
}
`

const after = `
variable "password" {
  default   = "hunter3-but-longer"
  sensitive = true
}
variable "count_of" { default = 2 }
resource "terraform_data" "stays" { input = "x" }
resource "terraform_data" "updated" {
  input = { list = ["a", "x", "b", "c"], text = "new", "odd key" = { "a.b" = false } }
}
resource "terraform_data" "secret" { input = { password = var.password, n = 1 } }
resource "terraform_data" "replaced" {
  input            = "x"
  triggers_replace = ["one", "three"]
}
resource "terraform_data" "counted" {
  count = var.count_of
  input = count.index
}
moved {
  from = terraform_data.old_name
  to   = terraform_data.new_name
}
resource "terraform_data" "new_name" { input = "moves" }
removed {
  from = terraform_data.forgotten
  lifecycle { destroy = false }
}
resource "terraform_data" "trigger" { input = 2 }
resource "terraform_data" "triggered" {
  input = "x"
  lifecycle {
    replace_triggered_by  = [terraform_data.trigger]
    create_before_destroy = true
  }
}
import {
  to = terraform_data.imported
  id = "an-id"
}
resource "terraform_data" "imported" {}
resource "terraform_data" "created" { input = { nothing = null, empty = {}, list = [] } }
check "text" {
  assert {
    condition     = terraform_data.updated.input.text == "old"
    error_message = "The text is not old."
  }
}
output "same" { value = "same" }
output "list" { value = ["b", "c", "d"] }
output "password" {
  value     = var.password
  sensitive = true
}
output "late" { value = { id = terraform_data.created.id, name = "created" } }
`

// TestRealTerraform reads what the real terraform writes about most of what a
// configuration without providers can do.
func TestRealTerraform(t *testing.T) {
	dir := realtf.New(t)
	dir.Write(before)
	dir.Apply()
	dir.Write(after)
	plan, text := dir.Plan()
	var secrets secret.Set
	ws, err := planjson.Decode(strings.NewReader(string(plan)), &secrets)
	if err != nil {
		t.Fatal(err)
	}
	loseNothing(t, plan)

	line := regexp.MustCompile(`Plan: (.*)\.`).FindSubmatch(text)
	const counts = "1 to import, 3 to add, 3 to change, 4 to destroy"
	if line == nil || string(line[1]) != counts {
		t.Fatalf("Terraform counts %q, want %q", line, counts)
	}
	want := model.Summary{Import: 1, Add: 1, Change: 3, Replace: 2, Destroy: 2, Move: 1, Forget: 1, Output: 3, CheckFailed: 1}
	if diff := cmp.Diff(want, ws.Summary); diff != "" {
		t.Errorf("summary (-want +got):\n%s\n%s", diff, text)
	}
	got, err := json.Marshal(ws)
	if err != nil {
		t.Fatal(err)
	}
	for _, word := range []string{"hunter2", "hunter3"} {
		if strings.Contains(string(got), word) {
			t.Errorf("%s is in %s", word, got)
		}
	}
	paths := map[string][]string{}
	for _, c := range ws.Changes {
		for _, a := range c.Attributes {
			path := a.Path
			if a.ForcesReplacement {
				path += " forces"
			}
			paths[c.Address] = append(paths[c.Address], path)
		}
	}
	wantPaths := map[string][]string{
		"terraform_data.counted[2]": {"id", "input", "output"},
		"terraform_data.created":    {"id", "input.empty", "input.list", "output"},
		"terraform_data.gone":       {"id", "input", "output"},
		"terraform_data.replaced":   {"id", "output", "triggers_replace[1] forces"},
		"terraform_data.secret":     {"input.password", "output"},
		"terraform_data.trigger":    {"input", "output"},
		"terraform_data.triggered":  {"id", "output"},
		"terraform_data.updated":    {"input.gone", "input.list[1]", `input["odd key"]["a.b"]`, "input.text", "output"},
	}
	if diff := cmp.Diff(wantPaths, paths); diff != "" {
		t.Errorf("attributes (-want +got):\n%s\n%s", diff, text)
	}
}

// TestRealRefreshOnly: a refresh-only plan has no resource_changes, so nothing
// can be said about what drift affects.
func TestRealRefreshOnly(t *testing.T) {
	dir := realtf.New(t)
	dir.Write(before)
	dir.Apply()
	dir.Write(before + `output "new" { value = "n" }`)
	plan, _ := dir.Plan("-refresh-only")
	ws := decode(t, string(plan))
	if ws.Status != model.StatusPlanned || len(ws.Changes) != 0 || len(ws.Outputs) != 1 || ws.Outputs[0].Name != "new" {
		t.Errorf("got %+v", ws)
	}
}

// TestRealForeignOutput: the errors name what Terraform writes besides plans.
func TestRealForeignOutput(t *testing.T) {
	dir := realtf.New(t)
	dir.Write(`resource "terraform_data" "x" { input = 1 }`)
	dir.Apply()
	dir.Write(`resource "terraform_data" "x" { input = 2 }`)
	_, text := dir.Plan()
	for input, want := range map[string]string{
		string(text):                              "the plan as text",
		string(dir.Run("show", "-json")):          "a state in JSON",
		string(dir.Run("plan", "-json")):          "the log of `terraform plan -json`",
		string(dir.Run("plan", "-no-color")):      "the plan as text",
		string(dir.Run("plan")):                   "the plan as text",
		string(dir.Run("state", "pull")):          "a state file",
		string(dir.ReadFile("tfplan")):            "a binary plan file",
		string(dir.ReadFile("terraform.tfstate")): "a state file",
	} {
		_, err := planjson.Decode(strings.NewReader(input), new(secret.Set))
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want %q of %.80q", err, want, input)
		}
	}
}
