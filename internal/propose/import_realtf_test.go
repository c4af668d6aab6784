package propose

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	tfjson "github.com/hashicorp/terraform-json"

	"github.com/strandline-tf/strandline/internal/model"
	"github.com/strandline-tf/strandline/internal/testkit/realtf"
)

// shoreObjects makes 60 and some objects behind Terraform's back, and returns
// them as an inventory tells of them.
func shoreObjects(shore *realtf.Shore) []model.Unmanaged {
	var out []model.Unmanaged
	put := func(typ, id string, o realtf.Object, sensitive ...string) {
		shore.Put(typ, id, o)
		told := realtf.Object{"id": id, "arn": "arn:shore:north-1:100000000001:" + strings.TrimPrefix(typ, "shore_") + "/" + id, "tags": nil}
		if typ != "shore_role" && typ != "shore_rule" {
			told["region"] = "north-1"
		}
		for name, v := range o {
			told[name] = v
		}
		if typ == "shore_rule" {
			part := strings.Split(id, "/")
			told["group"], told["direction"], told["port"] = part[0], part[1], json.Number(part[2])
			delete(told, "arn")
			delete(told, "tags")
		} else if _, ok := told["name"]; !ok && typ != "shore_subnet" {
			told["name"] = id
		}
		for _, name := range sensitive {
			delete(told, name)
		}
		text, _ := json.Marshal(told)
		name, _ := told["name"].(string)
		object := &model.Object{Provider: "strandline/shore", Type: typ, ID: id, Name: name, Region: "north-1", Source: "file",
			Attributes: text, Sensitive: sensitive}
		out = append(out, model.Unmanaged{Type: typ, ID: id, Name: name, Region: "north-1", Object: object})
	}
	for i := range 6 {
		net, sub := fmt.Sprintf("net-%04d", i+1), fmt.Sprintf("subnet-%04d", i+1)
		env := []string{"prod", "test"}[i%2]
		put("shore_network", net, realtf.Object{"name": fmt.Sprintf("main %s %d", env, i), "cidr": fmt.Sprintf("10.%d.0.0/16", i), "tags": realtf.Object{"Env": env}})
		put("shore_subnet", sub, realtf.Object{"network_id": net, "cidr": fmt.Sprintf("10.%d.1.0/24", i), "public": i%2 == 0})
		put("shore_instance", fmt.Sprintf("i-%04d", i+1), realtf.Object{"name": "web-" + fmt.Sprint(i), "image": "img-1", "subnet_id": sub,
			"size": "large", "user_data": "#!/bin/sh\necho ${HOME} %{if}\n", "private_ip": "10.0.0.1", "last_seen": "2026-01-01",
			"disk":      []any{realtf.Object{"size": 10, "device": "/dev/a", "kind": "ssd"}, realtf.Object{"size": 20, "kind": "hdd", "device": "/dev/b"}},
			"interface": []any{realtf.Object{"network_id": net, "groups": []string{"web", "ssh"}}},
			"placement": realtf.Object{"zone": "a"}})
		put("shore_database", fmt.Sprintf("main%d", i), realtf.Object{"engine": "postgres", "password": "correct horse battery", "storage_gb": 0.1,
			"engine_version": "16.2", "port": 5432, "multi_zone": false, "subnet_ids": []string{sub}, "backup_hour": 3,
			"backup":   realtf.Object{"hour": 3, "days": 7},
			"replicas": []any{realtf.Object{"region": "south-1", "token": "staple staple"}}, "parameters": realtf.Object{"a b": "${x}"}}, "password", "replicas")
		put("shore_secret", fmt.Sprintf("key%d", i), realtf.Object{"value": "very secret value"}, "value")
		bucket := fmt.Sprintf("acme-logs-%d", i)
		put("shore_bucket", bucket, realtf.Object{"versioning": i%2 == 0, "lifecycle_rule": []any{realtf.Object{"prefix": "old/",
			"transition": []any{realtf.Object{"days": 30, "class": "cold"}}}}, "encryption": realtf.Object{"algorithm": "tide256"}})
		put("shore_bucket", fmt.Sprintf("lo gs/${x}%d\u202e\"\n", i), realtf.Object{"tags": realtf.Object{"a\n}": "%{ if \u202e \" }", "Env": ""}})
		put("shore_role", fmt.Sprintf("reader%d", i), realtf.Object{"max_session": 3600, "permissions": []string{"b", "a"},
			"policy": `{"allow":["read"],"on":"arn:shore:north-1:100000000001:bucket/` + bucket + `"}`})
		put("shore_rule", fmt.Sprintf("web/in/%d", 443+i), realtf.Object{"sources": []any{
			realtf.Object{"cidr": "0.0.0.0/0"}, realtf.Object{"cidr": "::/0", "description": "six"}}})
		put("shore_rule", fmt.Sprintf("db%d/in/5432", i), realtf.Object{"description": "", "sources": []any{realtf.Object{"cidr": "10.0.0.0/8"}}})
	}
	return out
}

func shoreSchemas(t *testing.T, dir *realtf.Dir) *tfjson.ProviderSchemas {
	t.Helper()
	var schemas tfjson.ProviderSchemas
	if err := json.Unmarshal(dir.Schemas(), &schemas); err != nil {
		t.Fatal(err)
	}
	return &schemas
}

// TestImportsWithTerraform takes the files at their word: planned with the real
// Terraform, they import everything and change nothing.
func TestImportsWithTerraform(t *testing.T) {
	for _, variables := range []bool{false, true} {
		t.Run(fmt.Sprint("variables=", variables), func(t *testing.T) {
			t.Parallel()
			shore := realtf.NewShore(t)
			objects := shoreObjects(shore)
			dir := shore.Dir()
			dir.Init()
			target := Target{Name: "here", Terraform: "1.11.4", Schemas: shoreSchemas(t, dir), Files: map[string][]byte{"providers.tf": []byte(realtf.Providers)}}
			a := Imports(objects, ImportOptions{Workspaces: []Target{target}, Into: "here", Variables: variables})
			if len(a.Left) > 0 {
				t.Fatal(a.Left)
			}
			b := a.Batch("here")
			var arguments []string
			for _, v := range b.Variables() {
				if v.Required {
					arguments = append(arguments, "-var="+v.Name+"="+strings.Trim(v.Any, `"`))
				}
			}
			for _, f := range b.Files() {
				dir.WriteFile(f.Path, f.Content)
				if strings.Contains(f.Content, "horse") || strings.Contains(f.Content, "very secret") || strings.Contains(f.Content, "staple") {
					t.Errorf("%s holds a secret", f.Path)
				}
				t.Logf("== %s\n%s", f.Path, f.Content)
			}
			_, text := dir.Plan(arguments...)
			want := fmt.Sprintf("Plan: %d to import, 0 to add, 0 to change, 0 to destroy.", len(objects))
			if !strings.Contains(string(text), want) {
				t.Errorf("want %q:\n%s", want, text)
			}
		})
	}
}

// TestImportsGeneratedWithTerraform knows nothing but ids, lets Terraform write
// the configuration, cleans it, and then makes it all again of the values that
// the provider itself has told.
func TestImportsGeneratedWithTerraform(t *testing.T) {
	for _, knowsSchemas := range []bool{true, false} {
		t.Run(fmt.Sprint("schemas=", knowsSchemas), func(t *testing.T) {
			t.Parallel()
			shore := realtf.NewShore(t)
			objects := shoreObjects(shore)
			for i := range objects {
				o := *objects[i].Object
				o.Attributes, o.Sensitive = nil, nil
				objects[i].Object = &o
			}
			dir := shore.Dir()
			dir.Init()
			target := Target{Name: "here", Terraform: "1.11.4"}
			if knowsSchemas {
				target.Schemas = shoreSchemas(t, dir)
			}
			b := Imports(objects, ImportOptions{Workspaces: []Target{target}, Into: "here"}).Batch("here")
			files := b.Files()
			if len(files) != 1 || files[0].Path != "imports.tf" {
				t.Fatalf("%d files", len(files))
			}
			dir.WriteFile("imports.tf", files[0].Content)
			dir.Try("plan", "-generate-config-out=generated.tf") // fails: secrets are null in it
			src, ok := parse("generated.tf", dir.ReadFile("generated.tf"))
			if !ok {
				t.Fatal("no configuration")
			}
			for _, block := range src.body.Blocks {
				address := strings.Join(block.Labels, ".")
				end := block.CloseBraceRange.End.Byte
				if !b.Replace(address, string(src.text[block.Range().Start.Byte:end])) {
					t.Errorf("%s: not taken", address)
				}
			}
			dir.WriteFile("generated.tf", "")
			if !knowsSchemas { // then Terraform is who says what is required
				for _, r := range b.Resources() {
					if strings.HasPrefix(r.Address, "shore_secret.") && !b.Placeholder(r.Address, "value") {
						t.Error(r.Address)
					}
				}
			}
			// Terraform generates neither what is deprecated nor what is "".
			for _, f := range b.Files() {
				dir.WriteFile(f.Path, f.Content)
			}
			for _, c := range plan(t, dir).Changes {
				for _, at := range c.Attributes {
					if at.Sensitive || !b.Set(c.Address, at.Path, at.Before) {
						t.Errorf("%s: %s", c.Address, at.Path)
					}
				}
			}
			write := func(b *Batch) []byte {
				for _, f := range b.Files() {
					dir.WriteFile(f.Path, f.Content)
				}
				planJSON, text := dir.Plan()
				want := fmt.Sprintf("Plan: %d to import, 0 to add, 0 to change, 0 to destroy.", len(objects))
				if !strings.Contains(string(text), want) {
					t.Fatalf("want %q:\n%s", want, text)
				}
				return planJSON
			}
			planJSON := write(b)
			if !strings.Contains(b.Blocks("shore_subnet.subnet_0001"), "shore_network.main_prod_0.id") {
				t.Error(b.Blocks("shore_subnet.subnet_0001"))
			}
			var planned tfjson.Plan
			if err := json.Unmarshal(planJSON, &planned); err != nil {
				t.Fatal(err)
			}
			before := map[string]*tfjson.Change{}
			for _, c := range planned.ResourceChanges {
				before[c.Address] = c.Change
			}
			for _, r := range b.Resources() {
				o := objects[r.Object].Object
				members := before[r.Address].Before.(map[string]any)
				marks, _ := before[r.Address].BeforeSensitive.(map[string]any)
				for name, mark := range marks {
					if isMarked(mark) {
						delete(members, name)
						o.Sensitive = append(o.Sensitive, name)
					}
				}
				o.Attributes, _ = json.Marshal(members)
			}
			if knowsSchemas {
				write(Imports(objects, ImportOptions{Workspaces: []Target{target}, Into: "here"}).Batch("here"))
			}
		})
	}
}

func isMarked(mark any) bool {
	switch m := mark.(type) {
	case bool:
		return m
	case map[string]any:
		for _, e := range m {
			if isMarked(e) {
				return true
			}
		}
	case []any:
		for _, e := range m {
			if isMarked(e) {
				return true
			}
		}
	}
	return false
}
