package prove

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	tfjson "github.com/hashicorp/terraform-json"

	"github.com/strandline-tf/strandline/internal/fetch/planjson"
	"github.com/strandline-tf/strandline/internal/model"
	"github.com/strandline-tf/strandline/internal/propose"
	"github.com/strandline-tf/strandline/internal/secret"
	"github.com/strandline-tf/strandline/internal/testkit/realtf"
)

// realPlanner plans in a directory of the test provider's.
type realPlanner struct {
	t    *testing.T
	dir  *realtf.Dir
	last map[string][]byte
	said []string // Terraform's summary of each plan, "" where it failed
	// cloud has it tell what Terraform Cloud tells: no file of generated
	// configuration, which is in the plan alone.
	cloud   bool
	secrets *secret.Set // what plans have told to be secret
}

func (p *realPlanner) Plan(_ context.Context, files map[string][]byte, generate bool) (out Outcome, err error) {
	at := func(name string) string { return filepath.Join(p.dir.Path(), name) }
	if p.last == nil {
		p.dir.Init()
	}
	for name := range p.last {
		_ = os.Remove(at(name))
	}
	_, _ = os.Remove(at("generated.tf")), os.Remove(at("tfplan"))
	for name, text := range files {
		p.dir.WriteFile(name, string(text))
	}
	p.last = files
	args := []string{"plan", "-json", "-no-color", "-out=tfplan"}
	if generate {
		args = append(args, "-generate-config-out=generated.tf")
	}
	said, _ := p.dir.Try(args...)
	summary := ""
	for line := range bytes.Lines(said) {
		m, err := tfjson.UnmarshalLogMessage(line)
		if err != nil {
			continue
		}
		if d, ok := m.(tfjson.DiagnosticLogMessage); ok {
			one := model.Diagnostic{Severity: string(d.Severity), Summary: d.Summary, Detail: d.Detail, Address: d.Address}
			if d.Range != nil {
				one.File, one.Line = d.Range.Filename, d.Range.Start.Line
			}
			if one.Severity == "error" {
				p.t.Logf("%+v", one)
			}
			out.Diagnostics = append(out.Diagnostics, one)
		}
		if strings.Contains(m.Message(), "Plan: ") {
			summary = m.Message()
		}
	}
	p.said = append(p.said, summary)
	if !p.cloud {
		out.Generated, _ = os.ReadFile(at("generated.tf"))
	}
	if _, err := os.Stat(at("tfplan")); err != nil {
		return out, nil
	}
	own := &secret.Set{}
	out.Plan, err = planjson.Decode(bytes.NewReader(p.dir.Run("show", "-json", "tfplan")), own)
	p.secrets.Join(own)
	return out, err
}

// world is a cloud, what an inventory tells of it, and a workspace.
type world struct {
	t       *testing.T
	shore   *realtf.Shore
	dir     *realtf.Dir
	objects []model.Unmanaged
	blind   bool // the workspace's schemas aren't known
	cloud   bool // it is planned in Terraform Cloud

	terraform string // the version that wrote its state; "" for the one that plans
}

func newWorld(t *testing.T) *world {
	shore := realtf.NewShore(t)
	return &world{t: t, shore: shore, dir: shore.Dir()}
}

// tell has an inventory tell of an object with these attributes, which may be
// more, fewer and others than the object has; nil for none.
func (w *world) tell(typ, id string, attributes realtf.Object, sensitive ...string) {
	w.t.Helper()
	o := &model.Object{Provider: "strandline/shore", Type: typ, ID: id, Region: "north-1", Account: "100000000001", Source: "file", Sensitive: sensitive}
	if attributes != nil {
		text, err := json.Marshal(attributes)
		if err != nil {
			w.t.Fatal(err)
		}
		o.Attributes = text
		o.Name, _ = attributes["name"].(string)
	}
	w.objects = append(w.objects, model.Unmanaged{Type: typ, ID: id, Name: o.Name, Region: o.Region, Account: o.Account, Object: o})
}

// adopt proposes what was told of for the workspace.
func (w *world) adopt(variables bool) (*propose.Adoption, *propose.Batch) {
	w.t.Helper()
	target := propose.Target{Name: "core", Terraform: cmp.Or(w.terraform, "1.11.4"), Files: map[string][]byte{"providers.tf": []byte(realtf.Providers)}}
	if !w.blind {
		w.dir.Init()
		var schemas tfjson.ProviderSchemas
		if err := json.Unmarshal(w.dir.Schemas(), &schemas); err != nil {
			w.t.Fatal(err)
		}
		target.Schemas = &schemas
	}
	a := propose.Imports(w.objects, propose.ImportOptions{Workspaces: []propose.Target{target}, Into: "core", Variables: variables})
	b := a.Batch("core")
	if b == nil {
		w.t.Fatalf("nothing is adopted: %+v", a.Left)
	}
	return a, b
}

func (w *world) verify(variables bool) (Result, *realPlanner, *propose.Adoption, *propose.Batch) {
	w.t.Helper()
	a, b := w.adopt(variables)
	p := &realPlanner{t: w.t, dir: w.dir, cloud: w.cloud, secrets: &secret.Set{}}
	isSecret := func(text string) bool { return p.secrets.Text(text) != text }
	r := Verify(w.t.Context(), b, p, Options{Objects: w.objects, Secret: isSecret})
	for _, repair := range r.Repairs {
		w.t.Log(repair)
	}
	if w.t.Failed() {
		for _, f := range b.Files() {
			w.t.Logf("%s:\n%s", f.Path, f.Content)
		}
	}
	return r, p, a, b
}

// sixty makes 60 objects of 6 types behind Terraform's back, some of which
// refer to others, told with the noise that inventories have: computed
// attributes, defaults, what is deprecated, nothing and secret.
func (w *world) sixty() {
	put := func(typ, id string, o, noise realtf.Object, sensitive ...string) {
		w.shore.Put(typ, id, o)
		told := realtf.Object{"id": id, "arn": "arn:shore:north-1:100000000001:" + strings.TrimPrefix(typ, "shore_") + "/" + id, "region": "north-1", "tags": nil}
		for _, more := range []realtf.Object{o, noise} {
			for name, v := range more {
				told[name] = v
			}
		}
		for _, name := range sensitive {
			delete(told, name)
		}
		w.tell(typ, id, told, sensitive...)
	}
	for i := range 10 {
		network, subnet, host := fmt.Sprintf("net-%04d", i+1), fmt.Sprintf("subnet-%04d", i+1), fmt.Sprintf("i-%04d", i+1)
		put("shore_network", network, realtf.Object{"name": fmt.Sprintf("main %d", i), "cidr": fmt.Sprintf("10.%d.0.0/16", i), "tags": realtf.Object{"Env": "prod"}}, nil)
		put("shore_subnet", subnet, realtf.Object{"network_id": network, "cidr": fmt.Sprintf("10.%d.1.0/24", i)}, realtf.Object{"public": nil})
		put("shore_instance", host, realtf.Object{"name": fmt.Sprintf("web-%d", i), "image": "img-1", "subnet_id": subnet,
			"user_data": "#!/bin/sh\necho ${HOME}\n",
			"disk":      []any{realtf.Object{"size": 10}, realtf.Object{"size": 20, "kind": "hdd"}},
			"interface": []any{realtf.Object{"network_id": network, "groups": []string{"web", "ssh"}}}},
			realtf.Object{"size": "small", "private_ip": "10.0.0.1", "last_seen": "2026-01-01", "placement": nil})
		put("shore_database", fmt.Sprintf("db%d", i), realtf.Object{"engine": "postgres", "password": "correct horse battery", "port": 5432 + i%2,
			"backup_hour": 3, "subnet_ids": []string{subnet}},
			realtf.Object{"name": fmt.Sprintf("db%d", i), "engine_version": "16.2", "multi_zone": false, "endpoint": "db.example"}, "password")
		bucket := fmt.Sprintf("logs-%d", i)
		put("shore_bucket", bucket, realtf.Object{"tags": realtf.Object{"Env": "prod", "a b": "${x}"}},
			realtf.Object{"name": bucket, "versioning": false, "url": "https://" + bucket})
		put("shore_secret", fmt.Sprintf("key%d", i), realtf.Object{"value": "very secret value"},
			realtf.Object{"name": fmt.Sprintf("key%d", i), "checksum": "abc"}, "value")
	}
}

const sixtyClean = "Plan: 60 to import, 0 to add, 0 to change, 0 to destroy."

func TestVerifySixty(t *testing.T) {
	for name, tc := range map[string]struct{ blind, variables bool }{
		"schemas known":         {},
		"schemas not known":     {blind: true},
		"secrets are variables": {variables: true},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			w.blind = tc.blind
			w.sixty()
			r, p, a, b := w.verify(tc.variables)
			if r.Status != NoChanges || r.Import != 60 || p.said[len(p.said)-1] != sixtyClean {
				t.Fatalf("%s (%s) after %d plans: %q", r.Status, r.Why, r.Plans, p.said)
			}
			if len(a.Left)+len(r.Left) > 0 {
				t.Errorf("left out: %v %v", a.Left, r.Left)
			}
			for _, u := range w.objects {
				if u.Suggestion.Verified != NoChanges {
					t.Errorf("%s %s: %s", u.Type, u.ID, u.Suggestion.Verified)
				}
			}
			for _, f := range b.Files() {
				for _, hidden := range []string{"very secret value", "correct horse battery"} {
					if strings.Contains(f.Content, hidden) {
						t.Errorf("%s shows a secret:\n%s", f.Path, f.Content)
					}
				}
			}
		})
	}
}

// TestVerifyHard has one object at a time that can't be adopted as it is told,
// beside one that can.
func TestVerifyHard(t *testing.T) {
	for name, tc := range map[string]struct {
		put    func(*world)
		blind  bool
		left   string // why it is left out; "" for that it is adopted
		plans  int    // at most
		has    string // what its configuration says in the end
		hasNot string
	}{
		"no such object": {put: func(w *world) {
			w.tell("shore_network", "net-0404", realtf.Object{"name": "gone", "cidr": "10.9.0.0/16"})
		}, left: "Cannot import non-existent remote object", plans: 2},
		"no such object, and nothing known of it": {put: func(w *world) { w.tell("shore_network", "net-0404", nil) },
			left: "Cannot import non-existent remote object", plans: 3},
		"no import": {put: func(w *world) {
			w.shore.Put("shore_grant", "reader/logs", realtf.Object{"role": "reader", "bucket": "logs", "access": "read"})
			w.tell("shore_grant", "reader/logs", realtf.Object{"role": "reader", "bucket": "logs", "access": "read"})
		}, left: "import", plans: 2},
		"no import, generated": {put: func(w *world) {
			w.shore.Put("shore_grant", "reader/logs", realtf.Object{"role": "reader", "bucket": "logs", "access": "read"})
			w.tell("shore_grant", "reader/logs", nil)
		}, left: "import", plans: 3},
		"id of another form": {put: func(w *world) {
			w.tell("shore_rule", "web-in", realtf.Object{"group": "web", "direction": "in", "port": 1})
		},
			left: "group/direction/port", plans: 2},
		"another default": {put: func(w *world) {
			w.shore.Put("shore_database", "odd", realtf.Object{"engine": "postgres", "port": 6000, "multi_zone": true})
			w.tell("shore_database", "odd", realtf.Object{"name": "odd", "engine": "postgres"})
		}, plans: 2, has: "6000"},
		"told otherwise": {put: func(w *world) {
			w.shore.Put("shore_bucket", "odd", realtf.Object{"versioning": true, "tags": realtf.Object{"A": "real", "B": "b"}})
			w.tell("shore_bucket", "odd", realtf.Object{"name": "odd", "versioning": false, "tags": realtf.Object{"A": "told", "C d": "none"}})
		}, plans: 2, has: "real", hasNot: "told"},
		"replaced if told so": {put: func(w *world) {
			w.shore.Put("shore_instance", "i-0077", realtf.Object{"name": "odd", "image": "img-real", "subnet_id": "subnet-0001"})
			w.tell("shore_instance", "i-0077", realtf.Object{"name": "odd", "image": "img-told", "subnet_id": "subnet-0001"})
		}, plans: 2, has: "img-real", hasNot: "img-told"},
		"blocks not told": {put: func(w *world) {
			w.shore.Put("shore_instance", "i-0077", realtf.Object{"name": "odd", "image": "img-1", "subnet_id": "subnet-0001",
				"disk":      []any{realtf.Object{"size": 10}, realtf.Object{"size": 20, "kind": "hdd"}},
				"interface": []any{realtf.Object{"network_id": "net-0001", "groups": []string{"web", "ssh"}}}, "placement": realtf.Object{"zone": "a"}})
			w.tell("shore_instance", "i-0077", realtf.Object{"name": "odd", "image": "img-1", "subnet_id": "subnet-0001"})
		}, plans: 3, has: "hdd"},
		"blocks not told, blind": {put: func(w *world) {
			w.shore.Put("shore_instance", "i-0077", realtf.Object{"name": "odd", "image": "img-1", "subnet_id": "subnet-0001",
				"disk": []any{realtf.Object{"size": 10}, realtf.Object{"size": 20, "kind": "hdd"}}})
			w.tell("shore_instance", "i-0077", realtf.Object{"name": "odd", "image": "img-1", "subnet_id": "subnet-0001"})
		}, plans: 4, blind: true},
		"required argument not told": {put: func(w *world) {
			w.shore.Put("shore_network", "net-0077", realtf.Object{"name": "odd", "cidr": "10.77.0.0/16"})
			w.tell("shore_network", "net-0077", realtf.Object{"name": "odd"})
		}, plans: 3, has: "10.77.0.0/16"},
		"required argument not told, blind": {put: func(w *world) {
			w.shore.Put("shore_network", "net-0077", realtf.Object{"name": "odd", "cidr": "10.77.0.0/16"})
			w.tell("shore_network", "net-0077", realtf.Object{"name": "odd"})
		}, plans: 3, blind: true, has: "10.77.0.0/16"},
		"required secret, blind": {put: func(w *world) {
			w.shore.Put("shore_secret", "odd", realtf.Object{"value": "very secret value"})
			w.tell("shore_secret", "odd", realtf.Object{"name": "odd"})
		}, plans: 4, blind: true, has: "ignore_changes", hasNot: "very secret value"},
		"secret told, blind": {put: func(w *world) {
			w.shore.Put("shore_database", "odd", realtf.Object{"engine": "postgres", "password": "correct horse battery"})
			w.tell("shore_database", "odd", realtf.Object{"name": "odd", "engine": "postgres"})
		}, plans: 3, blind: true, has: "ignore_changes", hasNot: "correct horse"},
		"read-only and unknown arguments, blind": {put: func(w *world) {
			w.shore.Put("shore_bucket", "odd", realtf.Object{})
			w.tell("shore_bucket", "odd", realtf.Object{"name": "odd", "url": "https://odd", "colour": "red", "creation": realtf.Object{"by": "me"}})
		}, plans: 4, blind: true, hasNot: "colour"},
		"nothing known": {put: func(w *world) {
			w.shore.Put("shore_instance", "i-0077", realtf.Object{"name": "odd", "image": "img-1", "subnet_id": "subnet-0001", "disk": []any{realtf.Object{"size": 10}}})
			w.tell("shore_instance", "i-0077", nil)
		}, plans: 2, has: "img-1"},
		"nothing known of a secret": {put: func(w *world) {
			w.shore.Put("shore_secret", "odd", realtf.Object{"value": "very secret value"})
			w.tell("shore_secret", "odd", nil)
		}, plans: 2, has: "ignore_changes", hasNot: "very secret value"},
		"nothing known of a secret, blind": {put: func(w *world) {
			w.shore.Put("shore_secret", "odd", realtf.Object{"value": "very secret value"})
			w.tell("shore_secret", "odd", nil)
		}, plans: 4, blind: true, has: "ignore_changes", hasNot: "very secret value"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			w.blind = tc.blind
			w.shore.Put("shore_role", "sound", realtf.Object{"policy": `{"allow":["read"]}`})
			w.tell("shore_role", "sound", realtf.Object{"name": "sound", "policy": `{"allow":["read"]}`})
			tc.put(w)
			r, p, a, b := w.verify(false)
			why := ""
			if len(a.Left) == 1 {
				why = a.Left[0].Why
			}
			imported := 2
			if tc.left != "" {
				imported = 1
			}
			if r.Status != NoChanges || r.Import != imported || r.Plans > tc.plans || !strings.Contains(why, tc.left) || (why == "") != (tc.left == "") {
				t.Errorf("%s (%s), %d imported, after %d plans %q; left out: %q", r.Status, r.Why, r.Import, r.Plans, p.said, why)
			}
			text := ""
			for _, f := range b.Files() {
				text += f.Content
			}
			if !strings.Contains(text, tc.has) || tc.hasNot != "" && strings.Contains(text, tc.hasNot) {
				t.Errorf("not with %q and without %q:\n%s", tc.has, tc.hasNot, text)
			}
			if t.Failed() {
				t.Log(text)
			}
		})
	}
}
