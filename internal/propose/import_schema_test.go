package propose

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	tfjson "github.com/hashicorp/terraform-json"

	"github.com/strandline-tf/strandline/internal/model"
)

// testSchemas has one type of the older provider SDK and one of the newer.
const testSchemas = `{"format_version":"1.0","provider_schemas":{"registry.terraform.io/hashicorp/aws":{"resource_schemas":{
"aws_old":{"version":0,"block":{"attributes":{
  "id":{"type":"string","optional":true,"computed":true},
  "arn":{"type":"string","computed":true},
  "name":{"type":"string","optional":true,"computed":true},
  "name_prefix":{"type":"string","optional":true,"computed":true},
  "engine":{"type":"string","required":true},
  "port":{"type":"number","optional":true},
  "wait":{"type":"bool","optional":true},
  "blank":{"type":"string","optional":true},
  "kind":{"type":"string","optional":true,"computed":true},
  "count_of":{"type":"number","optional":true,"computed":true},
  "aged":{"type":"string","optional":true,"deprecated":true},
  "aged_computed":{"type":"string","optional":true,"computed":true,"deprecated":true},
  "password":{"type":"string","optional":true,"sensitive":true},
  "password_wo":{"type":"string","optional":true,"write_only":true},
  "key_material":{"type":"string","required":true,"sensitive":true},
  "zones":{"type":["set","string"],"optional":true},
  "rules":{"type":["list",["object",{"port":"number","note":"string"}]],"optional":true,"computed":true},
  "tags":{"type":["map","string"],"optional":true},
  "tags_all":{"type":["map","string"],"optional":true,"computed":true},
  "region":{"type":"string","optional":true,"computed":true}},
 "block_types":{
  "disk":{"nesting_mode":"list","max_items":1,"block":{"attributes":{"size":{"type":"number","required":true},"device":{"type":"string","computed":true}}}},
  "login":{"nesting_mode":"list","min_items":1,"block":{"attributes":{"user":{"type":"string","required":true},"token":{"type":"string","required":true,"sensitive":true}}}},
  "versioning":{"nesting_mode":"list","block":{"deprecated":true,"attributes":{"enabled":{"type":"bool","optional":true}}}},
  "timeouts":{"nesting_mode":"single","block":{"attributes":{"create":{"type":"string","optional":true}}}}}}},
"aws_new":{"version":0,"block":{"attributes":{
  "id":{"type":"string","computed":true},
  "engine":{"type":"string","required":true},
  "blank":{"type":"string","optional":true},
  "nested":{"nested_type":{"nesting_mode":"list","attributes":{"a":{"type":"number","required":true},"b":{"type":"string","computed":true},"c":{"type":"string","optional":true}}},"optional":true},
  "hidden":{"nested_type":{"nesting_mode":"map","attributes":{"token":{"type":"string","optional":true,"sensitive":true}}},"optional":true}}}}
}}}}`

func TestImportSchema(t *testing.T) {
	var schemas tfjson.ProviderSchemas
	if err := json.Unmarshal([]byte(testSchemas), &schemas); err != nil {
		t.Fatal(err)
	}
	target := profile("w", "", "a", nil)
	target.Schemas, target.Addresses = &schemas, []string{"aws_old.main[0]", "module.x.aws_old.other"}
	target.Profile.Accounts = nil
	for _, tc := range []struct{ name, typ, id, region, attributes, sensitive, want string }{
		{"old", "aws_old", "main", "a", `{"id":"main","arn":"arn:aws:x:a:1:main","name":"n","name_prefix":"n","engine":5,"port":"80","wait":false,"blank":"",
			"kind":"","count_of":0,"aged":"x","aged_computed":"y","password":"not to be seen","password_wo":null,"zones":["b","a"],"rules":[{"port":1}],
			"tags":{"a":"b"},"tags_all":{"a":"b"},"region":"a","disk":[{"size":"10","device":"/dev/x"}],"login":[{"user":"u","token":"not to be seen"}],
			"versioning":[{"enabled":true}],"timeouts":{"create":"1m"},"unheard_of":1}`, "", `
import { to = aws_old.n id = "main" }
resource "aws_old" "n" {
  engine = "5" key_material = "set-outside-terraform" name = "n" port = 80
  rules = [{ note = null port = 1 }] tags = { a = "b" } wait = false zones = ["a", "b"]
  disk { size = 10 }
  login { token = "set-outside-terraform" user = "u" }
  lifecycle {
    # aged is deprecated: what it is set to stays, and is not written here
    # key_material is secret: its value stays what it is; the one above only stands for it, and must be replaced before this is ever created anew
    # login is secret: its value stays what it is, and is not written here
    # password is secret: its value stays what it is, and is not written here
    ignore_changes = [aged, key_material, login, password]
  }
}`},
		{"new", "aws_new", "main", "", `{"engine":"x","blank":"","nested":[{"a":1,"b":"c","c":null}],"hidden":{"k":{"token":"not to be seen"}}}`, "", `
import { to = aws_new.main id = "main" }
resource "aws_new" "main" {
  blank = "" engine = "x" nested = [{ a = 1 }]
  lifecycle {
    # hidden is secret: its value stays what it is, and is not written here
    ignore_changes = [hidden]
  }
}`},
		{"required and not known", "aws_new", "main", "", `{"blank":"x"}`, "", `import { to = aws_new.main id = "main" }`},
		{"of the wrong type", "aws_new", "main", "", `{"engine":{"a":1}}`, "", `import { to = aws_new.main id = "main" }`},
		{"taken", "aws_old", "main", "a", `{"engine":"x","login":[{"user":"u"}]}`, "login", `

import { to = aws_old.main_9a2639 id = "main" }
resource "aws_old" "main_9a2639" {
  engine = "x" key_material = "set-outside-terraform"
  login { token = "set-outside-terraform" user = "u" }
  lifecycle {
    # key_material is secret: its value stays what it is; the one above only stands for it, and must be replaced before this is ever created anew
    # login is secret: its value stays what it is, and is not written here
    ignore_changes = [key_material, login]
  }
}`},
		{"elsewhere", "aws_new", "main", "b", `{"engine":"x"}`, "blank", `
import { to = aws_new.main id = "main" }
resource "aws_new" "main" { engine = "x" lifecycle {
  # blank is secret: its value stays what it is, and is not written here
  ignore_changes = [blank] } }`},
	} {
		t.Run(tc.name, func(t *testing.T) {
			objects := unmanaged(tc.typ + " " + tc.id + " " + tc.attributes)
			o := objects[0].Object
			o.Region = tc.region
			if tc.sensitive != "" {
				o.Sensitive = []string{tc.sensitive}
			}
			in := target
			if tc.name == "elsewhere" {
				in.Profile.Regions = map[string]int{"a": 5, "b": 2}
			}
			b := Imports(objects, ImportOptions{Workspaces: []Target{in}, Into: "w"}).Batch("w")
			flat := func(s string) string { return strings.Join(strings.Fields(s), " ") }
			got := flat(b.Blocks(b.Resources()[0].Address))
			if strings.Contains(got, "not to be seen") {
				t.Error("a secret is written")
			}
			if diff := cmp.Diff(flat(tc.want), got); diff != "" {
				t.Error(diff)
			}
			// To learn of the schemas later comes to the same.
			in.Schemas = nil
			b = Imports(objects, ImportOptions{Workspaces: []Target{in}, Into: "w"}).Batch("w")
			b.Learn(&schemas)
			got = flat(b.Blocks(b.Resources()[0].Address))
			if diff := cmp.Diff(flat(tc.want), got); diff != "" || !strings.Contains(flat(objects[0].Suggestion.Files[0].Content), "import") {
				t.Error("learnt later:", diff)
			}
		})
	}
	// A type that can say where it is says so, where that isn't where the provider is.
	objects := unmanaged(`aws_old main {"engine":"x","login":[{"user":"u","token":"t"}]}`)
	objects[0].Object.Region = "b"
	target.Profile.Regions = map[string]int{"a": 5, "b": 2}
	b := Imports(objects, ImportOptions{Workspaces: []Target{target}, Into: "w"}).Batch("w")
	if text := b.Blocks(b.Resources()[0].Address); !strings.Contains(text, `"main@b"`) || !strings.Contains(text, `region       = "b"`) {
		t.Error(text)
	}
	if b.Set(b.Resources()[0].Address, "arn", model.Value(`"x"`)) || b.IgnoreChanges(b.Resources()[0].Address, "unheard_of", "") {
		t.Error("what the schema doesn't have is set")
	}
	if !b.Set(b.Resources()[0].Address, "disk[0]", model.Value(`{"size":"7","device":"x"}`)) || !strings.Contains(b.Blocks(b.Resources()[0].Address), "disk {\n    size = 7\n  }") {
		t.Error(b.Blocks(b.Resources()[0].Address))
	}
}
