package planjson_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/strandline-tf/strandline/internal/model"
	"github.com/strandline-tf/strandline/internal/testkit/realtf"
)

const driftedConfig = `
provider "shore" {}
locals { kinds = ["ssd"] }
resource "shore_network" "main" {
  name = "main"
  cidr = "10.0.0.0/16"
}
resource "shore_subnet" "a" {
  network_id = shore_network.main.id
  cidr       = "10.0.1.0/24"
}
module "fleet" {
  source = "./fleet"
  for_each = toset(["x", "a.b[0]"])
  name   = each.key
  subnet = shore_subnet.a.id
}
resource "shore_database" "main" {
  name     = "main"
  engine   = "pg"
  password = "not-so-secret-0"
  tags     = { Env = "prod" }
}
resource "shore_database" "settled" {
  name           = "settled"
  engine         = "pg"
  engine_version = null
}
resource "shore_database" "gone" {
  name   = "gone"
  engine = "pg"
}
resource "shore_secret" "key" {
  name  = "key"
  value = "a-value-nobody-sees"
}
resource "shore_role" "r" {
  name   = "r"
  policy = jsonencode({ Statement = [] })
}
resource "shore_bucket" "b" {
  name = "b"
  dynamic "lifecycle_rule" {
    for_each = local.kinds
    content { prefix = lifecycle_rule.value }
  }
}
resource "shore_bucket" "read" { name = "read" }
output "url" { value = shore_bucket.read.url }
`

const fleetModule = `
terraform {
  required_providers {
    shore = { source = "terraform.test/strandline/shore" }
  }
}
variable "name" {}
variable "subnet" {}
resource "shore_instance" "web" {
  count     = 1
  name      = var.name
  image     = "ami-1"
  subnet_id = var.subnet
  disk { size = 10 }
}
`

// TestDriftOfRealTerraform changes a cloud behind the real terraform's back
// and says of every change whether it is real.
func TestDriftOfRealTerraform(t *testing.T) {
	shore := realtf.NewShore(t)
	dir := shore.Dir()
	dir.Write(driftedConfig)
	dir.WriteFile("fleet/main.tf", fleetModule)
	dir.Apply()
	plan, _ := dir.Drift()
	ws := decode(t, string(plan))
	ws.QuietComputed()
	if len(ws.Drift) != 0 || ws.Status != model.StatusNoChanges || len(ws.Ignored) != 2 {
		t.Errorf("nobody changed anything, but: %s", pretty(t, ws))
	}

	web := shore.IDs("shore_instance")
	shore.Edit("shore_instance", web[0], func(o realtf.Object) {
		o["private_ip"] = "10.9.9.9"
		o["size"] = "large"
		o["disk"].([]any)[0].(map[string]any)["device"] = "/dev/xvda"
	})
	shore.Edit("shore_database", "main", func(o realtf.Object) {
		o["port"], o["multi_zone"], o["endpoint"] = 5433, true, "other.db.shore.test"
		o["tags"] = map[string]any{"Env": "prod", "Owner": ""}
		o["parameters"] = map[string]any{}
	})
	shore.Edit("shore_database", "settled", func(o realtf.Object) {
		o["engine_version"] = "17"
		o["tags"] = map[string]any{}
		o["subnet_ids"] = []any{}
	})
	shore.Remove("shore_database", "gone")
	shore.Edit("shore_secret", "key", func(o realtf.Object) { o["value"] = "another-value-nobody-sees" })
	shore.Edit("shore_role", "r", func(o realtf.Object) { o["max_session"], o["description"] = 7200, "" })
	shore.Edit("shore_bucket", "b", func(o realtf.Object) {
		o["lifecycle_rule"].([]any)[0].(map[string]any)["prefix"] = "hdd"
		o["url"] = "10.1.2.3"
	})
	shore.Edit("shore_bucket", "read", func(o realtf.Object) { o["url"] = "https://elsewhere.test" })

	fleet := func(key, attribute string) string {
		return fmt.Sprintf("module.fleet[%q].shore_instance.web[0]:%s", key, attribute)
	}
	first := map[bool]string{true: "x", false: "a.b[0]"}[strings.Contains(fmt.Sprint(shore.Get("shore_instance", web[0])["name"]), "x")]
	real := []string{
		"shore_database.gone",                     // gone
		"shore_database.main:multi_zone",          // defaults of the provider, which Terraform restores
		"shore_database.main:port",                //
		"shore_role.r:max_session",                //
		"shore_database.main:tags.Owner",          // an empty tag is a tag
		"shore_secret.key:value",                  // in the configuration
		"shore_bucket.b:lifecycle_rule[0].prefix", // from a dynamic block
		"shore_bucket.read:url", "output.url:url", // read by an output
	}
	noise := []string{
		fleet("x", "last_seen"), fleet("a.b[0]", "last_seen"), fleet(first, "private_ip"),
		"shore_database.main:parameters",
		"shore_database.settled:tags", "shore_database.settled:subnet_ids",
		"shore_role.r:description",
		"shore_secret.key:checksum",
	}
	// What only a plan proves to be nobody's choice: it leaves it alone.
	unproven := []string{
		fleet(first, "size"), fleet(first, "disk[0].device"), "shore_database.main:endpoint", "shore_database.settled:engine_version",
		"shore_bucket.b:url",
	}
	plan, _ = dir.Drift()
	wantDrift(t, plan, slices.Concat(real, unproven), noise)
	plan, _ = dir.Plan()
	wantDrift(t, plan, real, slices.Concat(noise, unproven))
}

// wantDrift checks which findings of a plan are kept, and which are not, by
// address:attribute.
func wantDrift(t *testing.T, plan []byte, real, noise []string) {
	t.Helper()
	ws := decode(t, string(plan))
	all := findings(ws)
	ws.QuietComputed()
	var quiet []string
	for _, ignored := range ws.Ignored {
		if ignored.Rule != model.RuleComputed || ignored.Reason == "" || ignored.Pattern != "" {
			t.Errorf("got %+v", ignored)
		}
		quiet = append(quiet, ignored.Address+":"+ignored.Attribute)
	}
	slices.Sort(quiet)
	for _, list := range [][]string{real, noise} {
		slices.Sort(list)
	}
	if diff := cmp.Diff(real, findings(ws), cmpopts.EquateEmpty()); diff != "" {
		t.Errorf("what is kept (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(noise, quiet, cmpopts.EquateEmpty()); diff != "" {
		t.Errorf("what is not (-want +got):\n%s", diff)
	}
	if sum := slices.Sorted(slices.Values(slices.Concat(findings(ws), quiet))); !slices.Equal(sum, all) {
		t.Errorf("together they are %q, of %q", sum, all)
	}
	if ws.Summary.Drift != len(ws.Drift) || ws.Summary.Ignored != len(ws.Ignored) {
		t.Errorf("counted as %+v", ws.Summary)
	}
}

// findings lists what drifted and which outputs change, sorted, by
// address:attribute.
func findings(ws *model.Workspace) []string {
	var out []string
	for i := range ws.Drift {
		d := &ws.Drift[i]
		if d.Action != model.ActionUpdate {
			out = append(out, d.Address)
			continue
		}
		for j := range d.Attributes {
			out = append(out, d.Address+":"+d.Attributes[j].Path)
		}
	}
	for i := range ws.Outputs {
		for _, a := range ws.Outputs[i].Attributes {
			out = append(out, "output."+ws.Outputs[i].Name+":"+a.Path)
		}
	}
	slices.Sort(out)
	return out
}
