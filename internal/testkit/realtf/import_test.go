package realtf_test

import (
	"strings"
	"testing"

	"github.com/strandline-tf/strandline/internal/testkit/realtf"
)

// strewn makes an object of each type that can be imported, with no more in
// it than a person would say.
func strewn(shore *realtf.Shore) {
	shore.Put("shore_network", "net-0007", realtf.Object{"name": "main", "cidr": "10.0.0.0/16"})
	shore.Put("shore_subnet", "subnet-0003", realtf.Object{"network_id": "net-0007", "cidr": "10.0.1.0/24", "region": "south-1"})
	shore.Put("shore_instance", "i-0001", realtf.Object{
		"name": "web", "image": "img-1", "subnet_id": "subnet-0003", "size": "large", "user_data": "#!/bin/sh\necho hello\n",
		"disk":      []any{realtf.Object{"size": 10}, realtf.Object{"size": 20, "kind": "hdd"}},
		"interface": []any{realtf.Object{"network_id": "net-0007", "groups": []string{"web", "ssh"}}},
		"placement": realtf.Object{"zone": "a"},
	})
	shore.Put("shore_instance", "i-0002", realtf.Object{"name": "bare", "image": "img-1", "subnet_id": "subnet-0003"})
	shore.Put("shore_bucket", "bare", realtf.Object{"lifecycle_rule": []any{realtf.Object{}}})
	shore.Put("shore_database", "main", realtf.Object{
		"engine": "postgres", "password": "correct horse battery", "storage_gb": 0.1,
		"replicas": []any{realtf.Object{"region": "south-1", "token": "staple staple"}},
	})
	shore.Put("shore_secret", "key", realtf.Object{"value": "very secret value"})
	shore.Put("shore_bucket", "lo gs/${x}", realtf.Object{"tags": realtf.Object{"Env": "prod"}, "lifecycle_rule": []any{realtf.Object{
		"prefix": "old/", "transition": []any{realtf.Object{"days": 30, "class": "cold"}},
	}}})
	shore.Put("shore_role", "reader", realtf.Object{"policy": `{"allow":["read"]}`})
	shore.Put("shore_rule", "web/in/443", realtf.Object{"sources": []any{
		realtf.Object{"cidr": "0.0.0.0/0"}, realtf.Object{"cidr": "::/0", "description": "six"}}})
}

// imports is what a person would write to adopt what is strewn, once the plans
// of the generated configuration have shown what to mend.
const imports = `
import {
  to = shore_network.main
  id = "net-0007"
}
resource "shore_network" "main" {
  name = "main"
  cidr = "10.0.0.0/16"
}
import {
  to = shore_subnet.a
  id = "subnet-0003"
}
resource "shore_subnet" "a" {
  network_id = shore_network.main.id
  cidr       = "10.0.1.0/24"
  region     = "south-1"
}
import {
  to = shore_instance.web
  id = "i-0001"
}
resource "shore_instance" "web" {
  name      = "web"
  image     = "img-1"
  subnet_id = shore_subnet.a.id
  user_data = "#!/bin/sh\necho hello\n"
  disk { size = 10 }
  disk {
    size = 20
    kind = "hdd"
  }
  interface {
    network_id = shore_network.main.id
    groups     = ["ssh", "web"]
  }
  placement { zone = "a" }
}
import {
  to = shore_database.main
  id = "main"
}
resource "shore_database" "main" {
  name       = "main"
  engine     = "postgres"
  storage_gb = 0.1
  lifecycle { ignore_changes = [password, replicas] }
}
import {
  to = shore_secret.key
  id = "key"
}
resource "shore_secret" "key" {
  name  = "key"
  value = "known elsewhere"
  lifecycle { ignore_changes = [value] }
}
import {
  to = shore_bucket.logs
  id = "lo gs/$${x}"
}
resource "shore_bucket" "logs" {
  name = "lo gs/$${x}"
  tags = { Env = "prod" }
  lifecycle_rule {
    prefix = "old/"
    transition {
      days  = 30
      class = "cold"
    }
  }
}
import {
  to = shore_role.reader
  id = "reader"
}
resource "shore_role" "reader" {
  name   = "reader"
  policy = jsonencode({ allow = ["read"] })
}
import {
  to = shore_rule.https
  id = "web/in/443"
}
resource "shore_rule" "https" {
  group     = "web"
  direction = "in"
  port      = 443
  sources   = [{ cidr = "::/0", description = "six" }, { cidr = "0.0.0.0/0" }]
}
`

func TestShoreImports(t *testing.T) {
	shore := realtf.NewShore(t)
	strewn(shore)
	dir := shore.Dir()
	dir.Write(imports)
	text, shown := dir.Plan()
	if want := "Plan: 8 to import, 0 to add, 0 to change, 0 to destroy."; !strings.Contains(string(shown), want) {
		t.Fatalf("not %q:\n%s", want, shown)
	}
	for _, c := range decode(t, text).Changes {
		if c.Change.Importing == nil {
			t.Errorf("%s is not imported", c.Address)
		}
	}
	dir.Apply()
	if _, shown := dir.Plan(); !strings.Contains(string(shown), "No changes.") {
		t.Errorf("after the imports:\n%s", shown)
	}
}

// What Terraform itself generates needs a person's hand, as with real
// providers: a required value that is sensitive comes out as null, and so does an
// optional one.
func TestShoreGeneratedConfiguration(t *testing.T) {
	shore := realtf.NewShore(t)
	strewn(shore)
	for name, tc := range map[string]struct{ typ, id, want string }{
		"in another namespace": {"shore_network", "net-0007", "Plan: 1 to import, 0 to add, 0 to change, 0 to destroy."},
		"nested blocks":        {"shore_instance", "i-0001", "Plan: 1 to import, 0 to add, 0 to change, 0 to destroy."},
		"no blocks":            {"shore_instance", "i-0002", "Plan: 1 to import, 0 to add, 0 to change, 0 to destroy."},
		"no inner blocks":      {"shore_bucket", "bare", "Plan: 1 to import, 0 to add, 0 to change, 0 to destroy."},
		"set of objects":       {"shore_rule", "web/in/443", "Plan: 1 to import, 0 to add, 0 to change, 0 to destroy."},
		"optional secret":      {"shore_database", "main", "Plan: 1 to import, 0 to add, 1 to change, 0 to destroy."},
		"required secret":      {"shore_secret", "key", "Missing Configuration for Required Attribute"},
		"no such object":       {"shore_network", "net-0001", "Cannot import non-existent remote object"},
		"no import at all":     {"shore_grant", "reader/logs", "does not support import"},
		"incomplete id":        {"shore_rule", "web/in", "should be group/direction/port"},
	} {
		t.Run(name, func(t *testing.T) {
			dir := shore.Dir()
			dir.Write("import {\n  to       = " + tc.typ + ".x\n  id       = \"" + tc.id + "\"\n  provider = shore\n}\n")
			dir.Init()
			out, _ := dir.Try("plan", "-no-color", "-generate-config-out=generated.tf")
			if !strings.Contains(string(out), tc.want) {
				t.Errorf("not %q:\n%s", tc.want, out)
			}
		})
	}
}
