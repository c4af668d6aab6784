package realtf_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/strandline-tf/strandline/internal/testkit/realtf"
)

const coast = `
resource "shore_network" "main" {
  name = "main"
  cidr = "10.0.0.0/16"
  tags = { Env = "prod" }
}
resource "shore_subnet" "a" {
  network_id = shore_network.main.id
  cidr       = "10.0.1.0/24"
}
resource "shore_instance" "web" {
  name      = "web"
  image     = "img-1"
  subnet_id = shore_subnet.a.id
  disk { size = 10 }
  disk {
    size = 20
    kind = "hdd"
  }
  interface {
    network_id = shore_network.main.id
    groups     = ["web", "ssh"]
  }
  placement { zone = "a" }
}
resource "shore_database" "main" {
  name     = "main"
  engine   = "postgres"
  password = "correct horse battery"
  backup   = { hour = 3 }
  replicas = [{ region = "south-1", token = "staple staple" }]
}
resource "shore_secret" "key" {
  name  = "key"
  value = "very secret value"
}
resource "shore_bucket" "logs" {
  name = "logs"
  lifecycle_rule {
    prefix = "old/"
    transition {
      days  = 30
      class = "cold"
    }
  }
}
resource "shore_role" "reader" {
  name   = "reader"
  policy = jsonencode({ allow = ["read"], on = shore_bucket.logs.arn })
}
resource "shore_rule" "https" {
  group     = "web"
  direction = "in"
  port      = 443
  sources   = [{ cidr = "0.0.0.0/0" }, { cidr = "::/0", description = "six" }]
}
resource "shore_grant" "logs" {
  role   = shore_role.reader.name
  bucket = shore_bucket.logs.name
  access = "read"
}
data "shore_network" "main" { name = shore_network.main.name }
output "cidr" { value = data.shore_network.main.cidr }
`

// plan is as much of a plan as these tests read.
type plan struct {
	Drift   []change `json:"resource_drift"`
	Changes []change `json:"resource_changes"`
}

type change struct {
	Address string
	Change  struct {
		Actions       []string
		Before, After map[string]any
		Importing     *struct{ ID string }
	}
}

func decode(t *testing.T, text []byte) plan {
	t.Helper()
	var p plan
	if err := json.Unmarshal(text, &p); err != nil {
		t.Fatal(err)
	}
	return p
}

func TestShoreDrifts(t *testing.T) {
	shore := realtf.NewShore(t)
	dir := shore.Dir()
	dir.Write(coast)
	dir.Apply()
	if _, text := dir.Plan(); !strings.Contains(string(text), "No changes.") {
		t.Fatalf("what was applied isn't what was planned:\n%s", text)
	}

	shore.Edit("shore_database", "main", func(o realtf.Object) { o["port"] = 5433 })
	shore.Edit("shore_rule", "web/in/443", func(o realtf.Object) { o["sources"] = []any{realtf.Object{"cidr": "::/0"}} })
	shore.Remove("shore_secret", "key")

	text, _ := dir.Drift()
	drifted := map[string]change{}
	for _, d := range decode(t, text).Drift {
		drifted[d.Address] = d
	}
	if len(drifted) != 4 {
		t.Errorf("%d resources have drifted: %v", len(drifted), drifted)
	}
	if c := drifted["shore_database.main"].Change; c.Before["port"] != 5432.0 || c.After["port"] != 5433.0 {
		t.Errorf("database: port from %v to %v", c.Before["port"], c.After["port"])
	}
	if c := drifted["shore_rule.https"].Change; c.After["sources"] == nil || len(c.After["sources"].([]any)) != 1 {
		t.Errorf("rule: %v", c.After)
	}
	if c := drifted["shore_secret.key"].Change; len(c.Actions) != 1 || c.Actions[0] != "delete" {
		t.Errorf("secret: %v", c.Actions)
	}
	if c := drifted["shore_instance.web"].Change; c.Before["last_seen"] == c.After["last_seen"] {
		t.Errorf("instance: last seen at %v, and again", c.After["last_seen"])
	}
}

// What Terraform itself changes ends up in the files, and plans clean again.
func TestShoreUpdates(t *testing.T) {
	shore := realtf.NewShore(t)
	dir := shore.Dir()
	dir.Write(coast)
	dir.Apply()
	shore.Edit("shore_network", "net-0001", func(o realtf.Object) { o["tags"] = realtf.Object{"Env": "test", "Owner": "sre"} })
	ip := shore.Get("shore_instance", "i-0001")["private_ip"]

	dir.Write(strings.NewReplacer(
		"disk { size = 10 }\n", "",
		`kind = "hdd"`, "",
		"backup   = { hour = 3 }", "",
		`value = "very secret value"`, `value = "another value"`,
		`image     = "img-1"`, `image     = "img-2"`,
		`name = "logs"`, `name = "logs-2"`,
	).Replace(coast))
	if _, text := dir.Plan(); !strings.Contains(string(text), "Plan: 3 to add, 4 to change, 3 to destroy.") {
		t.Errorf("the plan is\n%s", text)
	}
	dir.Apply()
	if _, text := dir.Plan(); !strings.Contains(string(text), "No changes.") {
		t.Errorf("after applying:\n%s", text)
	}

	if tags := shore.Get("shore_network", "net-0001")["tags"].(map[string]any); len(tags) != 1 || tags["Env"] != "prod" {
		t.Errorf("the network's tags are %v", tags)
	}
	instance := shore.Get("shore_instance", shore.IDs("shore_instance")[0])
	disks := instance["disk"].([]any)
	if len(disks) != 1 || disks[0].(map[string]any)["kind"] != "ssd" {
		t.Errorf("the instance's disks are %v", disks)
	}
	if instance["private_ip"] != ip { // of the same id, which was free again
		t.Errorf("the instance has the address %v, not %v", instance["private_ip"], ip)
	}
	if backup := shore.Get("shore_database", "main")["backup"]; backup != nil {
		t.Errorf("the database still has the backup %v", backup)
	}
	if ids := shore.IDs("shore_bucket"); len(ids) != 1 || ids[0] != "logs-2" {
		t.Errorf("there are the buckets %q", ids)
	}
	dir.Run("destroy", "-auto-approve", "-no-color")
	for _, typ := range []string{"shore_network", "shore_instance", "shore_bucket", "shore_rule"} {
		if ids := shore.IDs(typ); len(ids) != 0 {
			t.Errorf("%s %q outlived their end", typ, ids)
		}
	}
}

// What has drifted deep inside of objects is put back in place by applying
// again; what the configuration leaves to the cloud stays as it is.
func TestShoreReverts(t *testing.T) {
	shore := realtf.NewShore(t)
	dir := shore.Dir()
	dir.Write(coast)
	dir.Apply()
	shore.Edit("shore_instance", "i-0001", func(o realtf.Object) {
		o["disk"] = append(o["disk"].([]any), realtf.Object{"size": 5})
		o["interface"].([]any)[0].(map[string]any)["groups"] = []string{"ssh"}
		o["size"] = "large"
		delete(o, "placement")
	})
	shore.Edit("shore_bucket", "logs", func(o realtf.Object) {
		o["lifecycle_rule"].([]any)[0].(map[string]any)["transition"] = []any{}
		o["encryption"] = realtf.Object{"algorithm": "tide512"}
	})
	shore.Edit("shore_database", "main", func(o realtf.Object) {
		o["replicas"].([]any)[0].(map[string]any)["token"] = "another token"
	})
	if _, text := dir.Plan(); !strings.Contains(string(text), "Plan: 0 to add, 3 to change, 0 to destroy.") || strings.Contains(string(text), "another token") {
		t.Errorf("the plan is\n%s", text)
	}
	dir.Apply()
	if _, text := dir.Plan(); !strings.Contains(string(text), "No changes.") {
		t.Errorf("after applying:\n%s", text)
	}
	instance := shore.Get("shore_instance", "i-0001")
	if disks := instance["disk"].([]any); len(disks) != 2 || instance["placement"] == nil || instance["size"] != "large" {
		t.Errorf("the instance is %v", instance)
	}
	if e := shore.Get("shore_bucket", "logs")["encryption"].(map[string]any); e["algorithm"] != "tide512" {
		t.Errorf("the bucket's encryption is %v", e)
	}
}

// Objects with a name of their own can't be made twice.
func TestShoreRefusesATakenName(t *testing.T) {
	shore := realtf.NewShore(t)
	shore.Put("shore_bucket", "logs", realtf.Object{})
	dir := shore.Dir()
	dir.Write(`resource "shore_bucket" "logs" { name = "logs" }`)
	dir.Init()
	if out, err := dir.Try("apply", "-auto-approve", "-no-color"); err == nil || !strings.Contains(string(out), `"logs" exists`) {
		t.Errorf("%v\n%s", err, out)
	}
}

func TestShoreSchemas(t *testing.T) {
	dir := realtf.NewShore(t).Dir()
	dir.Init()
	var schemas struct {
		Providers map[string]struct {
			Resources map[string]any `json:"resource_schemas"`
		} `json:"provider_schemas"`
	}
	if err := json.Unmarshal(dir.Schemas(), &schemas); err != nil {
		t.Fatal(err)
	}
	if n := len(schemas.Providers["terraform.test/strandline/shore"].Resources); n != 9 {
		t.Errorf("%d types of resources in %v", n, schemas)
	}
}
