package propose

import (
	"bytes"
	"encoding/json"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"
	"pgregory.net/rapid"

	"github.com/strandline-tf/strandline/internal/model"
	"github.com/strandline-tf/strandline/internal/secret"
)

// driftOf is a workspace in which the resource x_y.r changed.
func driftOf(attributes ...model.Attribute) *model.Workspace {
	d := model.Drift{Change: model.Change{Address: "x_y.r", Mode: "managed", Type: "x_y", Name: "r", Action: model.ActionUpdate, Attributes: attributes}}
	w := model.NewWorkspace("w")
	w.Folder, w.Drift = ".", []model.Drift{d}
	return w
}

// leafAt is an attribute; "" for no value.
func leafAt(path, before, after string) model.Attribute {
	a := model.Attribute{Path: path}
	if before != "" {
		a.Before = model.Value(before)
	}
	if after != "" {
		a.After = model.Value(after)
	}
	return a
}

func tree(main string) *Tree { return NewTree(map[string][]byte{"main.tf": []byte(main)}) }

// TestAcceptText pins what becomes of a resource's text, down to white space.
func TestAcceptText(t *testing.T) {
	for _, tc := range []struct {
		name         string
		before, want string // what stands within the block
		attributes   []model.Attribute
	}{
		{"a number in quotes stays in them", `size = "1"`, `size = "2"`, []model.Attribute{leafAt("size", "1", "2")}},
		{"exact number", `size = 1`, `size = 123456789012345678901234567890.123456789`, []model.Attribute{leafAt("size", "1", "123456789012345678901234567890.123456789")}},
		{"odd layout stays", "a=1 # one\n\tb  =  2", "a=3 # one\n\tb  =  2", []model.Attribute{leafAt("a", "1", "3")}},
		{"inline object", `tags = { a = "1", b = "2" }`, `tags = { a = "1", c = "3" }`, []model.Attribute{leafAt("tags.b", `"2"`, ""), leafAt("tags.c", "", `"3"`)}},
		{"inline object, first", `tags = { a = "1", b = "2" }`, `tags = { b = "2" }`, []model.Attribute{leafAt("tags.a", `"1"`, "")}},
		{"inline object, all", `tags = { a = "1", b = "2", }`, `tags = {}`, []model.Attribute{leafAt("tags.a", `"1"`, ""), leafAt("tags.b", `"2"`, "")}},
		{"empty object", `tags = {}`, "tags = {\n    a = \"1\"\n  }", []model.Attribute{leafAt("tags.a", "", `"1"`)}},
		{"quoted and colon", `tags = { "a b" : "1" }`, `tags = { "a b" : "2" }`, []model.Attribute{leafAt(`tags["a b"]`, `"1"`, `"2"`)}},
		{"object with commas", "tags = {\n    a = 1, # one\n  }", "tags = {\n    a = 1, # one\n    b = 2,\n  }", []model.Attribute{leafAt("tags.b", "", "2")}},
		{"key that is a keyword", `tags = {}`, "tags = {\n    \"for\" = \"1\"\n  }", []model.Attribute{leafAt("tags.for", "", `"1"`)}},
		{"list", `l = ["a", "b", "c"]`, `l = ["b", "d"]`, []model.Attribute{leafAt("l[0]", `"a"`, ""), leafAt("l[1]", "", `"d"`), leafAt("l[2]", `"c"`, "")}},
		{"list of lines", "l = [\n    \"a\", # first\n    \"b\"\n  ]", "l = [\n    \"b\",\n    \"c\",\n  ]", []model.Attribute{leafAt("l[0]", `"a"`, ""), leafAt("l[1]", "", `"c"`)}},
		{"list emptied", `l = toset(["a"])`, `l = toset([])`, []model.Attribute{leafAt("l[0]", `"a"`, "")}},
		{"list filled", `l = []`, `l = ["a", "b"]`, []model.Attribute{leafAt("l[0]", "", `"a"`), leafAt("l[1]", "", `"b"`)}},
		{"list in another order", `l = ["b", "a"]`, `l = ["b", "c"]`, []model.Attribute{leafAt("l[0]", `"a"`, `"c"`)}},
		{"argument taken out", "a = 1\n  # why\n  b = 2 # so\n  c = 3", "a = 1\n  c = 3", []model.Attribute{leafAt("b", "2", "")}},
		{"argument that was null", `a = null`, `a = "x"`, []model.Attribute{leafAt("a", "", `"x"`)}},
		{"argument added before blocks", "a = 1\n\n  b {\n    c = 1\n  }", "a = 1\n  d = true\n\n  b {\n    c = 1\n  }", []model.Attribute{leafAt("d", "", "true")}},
		{"the right one of two blocks", "b {\n    n = \"x\"\n    v = 1\n  }\n  b {\n    n = \"y\"\n    v = 1\n  }", "b {\n    n = \"x\"\n    v = 1\n  }\n  b {\n    n = \"y\"\n    v = 2\n  }",
			[]model.Attribute{leafAt("b[0].v", "1", "2")}},
		{"block on one line", `b { v = 1 }`, "b {\n    v = 1\n    w = 2\n  }", []model.Attribute{leafAt("b[0].w", "", "2")}},
		{"heredoc", "t = <<EOT\na\nEOT\n  u = 1", "t = <<EOT\nb $${x}\nEOT\n  u = 1", []model.Attribute{leafAt("t", `"a\n"`, `"b ${x}\n"`)}},
		{"heredoc to a line", "t = <<EOT\na\nEOT\n  u = 1", "t = \"b\"\n  u = 1", []model.Attribute{leafAt("t", `"a\n"`, `"b"`)}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			w := driftOf(tc.attributes...)
			if tc.name == "the right one of two blocks" {
				w.Drift[0].Unchanged = []model.Leaf{{Path: "b[0].n", Value: model.Value(`"y"`)}}
			}
			main := "resource \"x_y\" \"r\" {\n  " + tc.before + "\n}\n"
			Drift(w, tree(main))
			got := gitApply(t, map[string][]byte{"main.tf": []byte(main)}, w.Drift[0].Suggestions[0].Patch)["main.tf"]
			want := "resource \"x_y\" \"r\" {\n  " + tc.want + "\n}\n"
			if diff := cmp.Diff(want, string(got)); diff != "" {
				t.Errorf("%s\n(-want +got):\n%s", w.Drift[0].Suggestions[0].Why, diff)
			}
		})
	}
}

// gitApply applies a patch with git and returns the files as they are then.
func gitApply(t testing.TB, files map[string][]byte, patch string) map[string][]byte {
	t.Helper()
	dir := t.TempDir()
	for name, text := range files {
		if err := os.MkdirAll(filepath.Dir(filepath.Join(dir, name)), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, name), text, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if patch != "" {
		cmd := exec.CommandContext(t.Context(), "git", "apply", "--whitespace=nowarn", "-")
		cmd.Dir, cmd.Stdin = dir, strings.NewReader(patch)
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("git apply: %v\n%s\n%q", err, out, patch)
		}
	}
	out := map[string][]byte{}
	for name := range files {
		text, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		out[name] = text
	}
	return out
}

// TestDriftIsExact: whatever the strings, a patch applies, and what it leaves
// says exactly what exists, and says nothing else than before otherwise.
func TestDriftIsExact(t *testing.T) {
	if _, err := exec.LookPath("git"); err != nil {
		t.Skip("SKIPPED: this test needs git on PATH; nothing was tested")
	}
	layouts := []string{
		"resource \"x_y\" \"r\" {\n  name = \"n\" # keep\n  tags = {\n    Env = \"p\"\n  }\n}\n",
		"resource \"x_y\" \"r\" {\n  name=\"n\"\n\ttags={Env=\"p\",Other=\"${var.o}\"}\n}", // no line break at the end
		"# é\r\nresource x_y r {\r\n  name = \"n\"\r\n  tags = {\r\n    Env = \"p\"\r\n  }\r\n}\r\n",
		"locals {\n  n = \"n\"\n  t = { Env = \"p\" }\n}\n\nresource \"x_y\" \"r\" {\n  name = local.n\n  tags = merge(local.t, { More = 1 })\n}\n",
		"resource \"x_y\" \"r\" {\n  name = <<-EOT\n    n\n  EOT\n  tags = {\n    \"Env\" = \"p\", /* so */ }\n}\n",
	}
	rapid.Check(t, func(rt *rapid.T) {
		text := rapid.Map(rapid.SliceOfN(rapid.SampledFrom(hostile), 0, 6), func(parts []string) string { return strings.Join(parts, "") })
		main := rapid.SampledFrom(layouts).Draw(rt, "layout")
		name, env, added := text.Draw(rt, "name"), text.Draw(rt, "env"), text.Draw(rt, "added")
		key := "k" + text.Draw(rt, "key")
		was := `"n"`
		if strings.Contains(main, "EOT") {
			was = `"n\n"`
		}
		path := "tags[" + string(hclString(key)) + "]"
		w := driftOf(leafAt("name", was, jsonText(name)), leafAt("tags.Env", `"p"`, jsonText(env)), leafAt(path, "", jsonText(added)))
		files := map[string][]byte{"a b/é.tf": []byte(main)}
		w.Folder = "a b"
		Drift(w, NewTree(files))
		s := w.Drift[0].Suggestions[0]
		if s.Patch == "" {
			rt.Fatalf("no patch: %s", s.Why)
		}
		for _, r := range s.Why {
			if isHidden(r) {
				rt.Fatalf("%q", s.Why)
			}
		}
		after := gitApply(t, files, s.Patch)["a b/é.tf"]
		got := argumentsOf(rt, after)
		want := argumentsOf(rt, []byte(main))
		want["name"] = cty.StringVal(name)
		tags := want["tags"].AsValueMap()
		tags["Env"], tags[cty.StringVal(key).AsString()] = cty.StringVal(env), cty.StringVal(added)
		want["tags"] = cty.ObjectVal(tags)
		if !cty.ObjectVal(got).RawEquals(cty.ObjectVal(want)) {
			rt.Fatalf("got %#v\nwant %#v\n%s", got, want, after)
		}
		if strings.Count(string(after), "#") < strings.Count(main, "#") || strings.Contains(main, "\r") && bytes.Count(after, []byte("\n")) != bytes.Count(after, []byte("\r\n")) {
			rt.Fatalf("%q", after)
		}
	})
}

// argumentsOf evaluates the resource of a file, with the little that the
// layouts refer to.
func argumentsOf(t *rapid.T, text []byte) map[string]cty.Value {
	src, ok := parse("main.tf", text)
	if !ok {
		t.Fatalf("%s", text)
	}
	scope := &hcl.EvalContext{Variables: map[string]cty.Value{"var": cty.ObjectVal(map[string]cty.Value{"o": cty.StringVal("o")})}}
	out := map[string]cty.Value{}
	for _, b := range src.body.Blocks {
		values := map[string]cty.Value{}
		for name, attr := range b.Body.Attributes {
			parts := []hclsyntax.Expression{attr.Expr}
			if call, ok := attr.Expr.(*hclsyntax.FunctionCallExpr); ok {
				parts = call.Args
			}
			members := map[string]cty.Value{}
			for _, e := range parts {
				v, diags := e.Value(scope)
				if diags.HasErrors() {
					t.Fatal(diags)
				}
				if !v.Type().IsObjectType() {
					values[name] = v
					continue
				}
				maps.Copy(members, v.AsValueMap())
				values[name] = cty.ObjectVal(members)
			}
		}
		if b.Type == "locals" {
			scope.Variables["local"] = cty.ObjectVal(values)
			continue
		}
		out = values
	}
	return out
}

func jsonText(s string) string {
	text, _ := json.Marshal(s) // a string
	return string(text)
}

// hclString writes a string as paths do.
func hclString(s string) []byte { return quoted(s).Bytes() }

// TestAcceptLeaves says where there is no patch, and what is told instead.
func TestAcceptLeaves(t *testing.T) {
	const plain = "resource \"x_y\" \"r\" {\n  a = 1\n}\n"
	one := leafAt("a", "1", "2")
	for _, tc := range []struct {
		name, main, want string
		attribute        model.Attribute
		change           func(w *model.Workspace)
	}{
		{name: "as it is", main: plain},
		{"sensitive", plain, "it is sensitive", model.Attribute{Path: "a", Sensitive: true}, nil},
		{"withheld", plain, "holds a secret", leafAt("a", "1", `"x `+secret.Withheld+`"`), nil},
		{"redacted", plain, "withheld the values", one, func(w *model.Workspace) { w.Redacted = true }},
		{"no folder", plain, "is not known", one, func(w *model.Workspace) { w.Folder = "" }},
		{"another folder", plain, "`b` holds no configuration", one, func(w *model.Workspace) { w.Folder = "b" }},
		{"deposed", plain, "deposed", one, func(w *model.Workspace) { w.Drift[0].Deposed = "0badc0de" }},
		{"not there", "", "its block isn't in `.`", one, nil},
		{"no such block", "resource \"x_y\" \"s\" {}\n", "its block isn't in `.`", one, nil},
		{"twice", plain + plain, "stands 2 times in `.`, at `main.tf:1`, at `main.tf:4`", one, nil},
		{"broken", plain + "resource {", "holds no configuration", one, nil},
		{"changed since", "resource \"x_y\" \"r\" {\n  a = 3\n}\n", "something else at `main.tf:2`", one, nil},
		{"an expression", "resource \"x_y\" \"r\" {\n  a = var.a + local.b\n}\nlocals {\n  b = 1\n}\n", "made from `var.a`, `local.b` (`main.tf:5`)", one, nil},
		{"a variable without default", "resource \"x_y\" \"r\" {\n  a = var.a\n}\nvariable \"a\" {}\n", "comes from `var.a` (`main.tf:4`), which is set in the workspace or in a .tfvars file", one, nil},
		{"a variable that is set", "resource \"x_y\" \"r\" {\n  a = var.a\n}\nvariable \"a\" {\n  default = 5\n}\n", "its default, at `main.tf:5`, is another", one, nil},
		{"a sensitive variable", "resource \"x_y\" \"r\" {\n  a = var.a\n}\nvariable \"a\" {\n  default   = 1\n  sensitive = true\n}\n", "is sensitive", one, nil},
		{"a shared local", "resource \"x_y\" \"r\" {\n  a = local.a\n}\nlocals {\n  a = 1\n  b = local.a\n}\n", "used elsewhere as well: `main.tf:6`", one, nil},
		{"another resource", "resource \"x_y\" \"r\" {\n  a = x_z.s.id\n}\n", "comes from `x_z.s.id` at `main.tf:2`", one, nil},
		{"count", "resource \"x_y\" \"r\" {\n  count = 2\n  a = 1\n}\n", "once for all instances of `x_y.r`", one, nil},
		{"dynamic", "resource \"x_y\" \"r\" {\n  dynamic \"b\" {\n    for_each = []\n    content {}\n  }\n}\n", "the dynamic block at `main.tf:2`", leafAt("b[0].c", "1", "2"), nil},
		{"computed", plain, "an apply leaves it as it is", leafAt("arn", `"x"`, `"y"`), nil},
		{"perhaps computed", plain, "belongs at `main.tf:1`", leafAt("address", `"x"`, `"y"`), nil},
		{"not undone", plain, "an apply leaves it as it is", leafAt("b", "true", "false"), func(w *model.Workspace) { w.Drift[0].AffectsPlan = new(bool) }},
		{"a number beyond all", plain, "can't be written", leafAt("b", "", "1e99999999"), nil},
		{"an odd path", plain, "can't be read as a path", leafAt("a[", "1", "2"), nil},
	} {
		t.Run(tc.name, func(t *testing.T) {
			if tc.attribute.Path == "" {
				tc.attribute = one
			}
			w := driftOf(tc.attribute)
			if tc.change != nil {
				tc.change(w)
			}
			Drift(w, tree(tc.main))
			s := w.Drift[0].Suggestions[0]
			if (s.Patch == "") != (tc.want != "") || !strings.Contains(s.Why, tc.want) {
				t.Errorf("got %q, want %q\n%s", s.Why, tc.want, s.Patch)
			}
		})
	}
}

// TestInputs: a variable of the root module is changed where it is set, if
// nothing else is shown or changed by that.
func TestInputs(t *testing.T) {
	const main = "resource \"x_y\" \"r\" {\n  a = var.a\n}\nvariable \"a\" {\n  default = 1\n}\nvariable \"b\" {}\n"
	const set, byJSON = "a = 1\n", "{\n  \"b\": {\"a\": [3]},\n  \"a\": 1}"
	for _, tc := range []struct {
		name  string
		files map[string]string
		want  string // what Why says; or FILE: the one that the patch changes
	}{
		{"no file", nil, "main.tf:"},
		{"another variable", map[string]string{"terraform.tfvars": "b = 1\n"}, "main.tf:"},
		{"a file", map[string]string{"terraform.tfvars": set}, "terraform.tfvars:"},
		{"a file beside", map[string]string{"terraform.tfvars": "b = 2\na = 1\n"}, "terraform.tfvars:"},
		{"a file of another folder", map[string]string{"x/terraform.tfvars": set}, "main.tf:"},
		{"a file that is not read unasked", map[string]string{"prod.tfvars": set}, "main.tf:"},
		{"the last of several", map[string]string{"terraform.tfvars": set, "a.auto.tfvars": set, "b.auto.tfvars": set, "c.auto.tfvars": ""}, "b.auto.tfvars:"},
		{"JSON", map[string]string{"terraform.tfvars": set, "terraform.tfvars.json": byJSON}, "comes from `var.a` (`main.tf:4`), which is set at `terraform.tfvars.json:3`"},
		{"JSON that is overruled", map[string]string{"terraform.tfvars.json": byJSON, "x.auto.tfvars": set}, "x.auto.tfvars:"},
		{"JSON of another variable", map[string]string{"x.auto.tfvars.json": `{"b": {"a": 1}}`}, "main.tf:"},
		{"broken JSON", map[string]string{"x.auto.tfvars.json": `{"b": [`}, "may be set in `x.auto.tfvars.json`, which can't be read"},
		{"JSON of something else", map[string]string{"x.auto.tfvars.json": `[]`}, "may be set in `x.auto.tfvars.json`"},
		{"broken", map[string]string{"x.auto.tfvars": "b = {\n"}, "may be set in `x.auto.tfvars`, which can't be read"},
		{"not read", map[string]string{"x.auto.tfvars": "unread"}, "may be set in `x.auto.tfvars`"},
		{"set to something else", map[string]string{"terraform.tfvars": "a = 5\n"}, "set in the workspace or on the command line; its value at `terraform.tfvars:1` is another"},
		{"no literal", map[string]string{"terraform.tfvars": "a = 1 + 0\n"}, "comes from the expression at `terraform.tfvars:1`"},
		{"beside what is sensitive", map[string]string{"s.tf": "variable \"s\" {\n  sensitive = true\n}\n", "terraform.tfvars": "s = \"x\"\n" + set},
			"is set at `terraform.tfvars:2`, beside `var.s`, which is sensitive: no patch"},
		{"beside what isn't declared", map[string]string{"terraform.tfvars": "s = \"x\"\n" + set}, "beside `var.s`, which isn't declared"},
		{"used elsewhere", map[string]string{"o.tf": "output \"o\" {\n  value = var.a\n}\n", "terraform.tfvars": set},
			"comes from `var.a` (set at `terraform.tfvars:1`), which is used elsewhere as well: `o.tf:2`"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			files := map[string][]byte{"main.tf": []byte(main)}
			for name, text := range tc.files {
				if files[name] = []byte(text); text == "unread" {
					files[name] = nil
				}
			}
			w := driftOf(leafAt("a", "1", "2"))
			Drift(w, NewTree(files))
			s := w.Drift[0].Suggestions[0]
			file, isPatched := strings.CutSuffix(tc.want, ":")
			if !isPatched {
				if s.Patch != "" || !strings.Contains(s.Why, tc.want) {
					t.Errorf("got %q, want %q\n%s", s.Why, tc.want, s.Patch)
				}
				return
			}
			if strings.Count(s.Patch, "--- ") != 1 || !strings.HasPrefix(s.Patch, "--- a/"+file+"\n") || !strings.Contains(s.Patch, " = 2\n") {
				t.Errorf("%s\n%s", s.Why, s.Patch)
			}
			changed := Accept([]*model.Workspace{w}, NewTree(files)).Files
			if len(changed) != 1 || changed[file] == nil {
				t.Errorf("Accept changes %q", changed)
			}
		})
	}
}

// TestEncoded: what jsonencode would write otherwise is told, with a patch or
// without.
func TestEncoded(t *testing.T) {
	const otherwise = "`policy` is written otherwise than `jsonencode` at `main.tf:2` writes the same JSON"
	for _, tc := range []struct {
		name, after string
		tells       bool
		patched     bool
	}{
		{"as jsonencode writes it", `"{\"a\":2,\"b\":\"\\u003c\"}"`, false, true},
		{"with white space", `"{ \"a\": 2, \"b\": \"<\" }"`, true, true},
		{"members in another order", `"{\"b\":\"\\u003c\",\"a\":2}"`, true, true},
		{"not escaped", `"{\"a\":2,\"b\":\"<\"}"`, true, true},
		{"the same JSON", `"{\"a\": 1,\"b\":\"<\"}"`, true, false},
		{"null", `"null"`, false, true},
	} {
		t.Run(tc.name, func(t *testing.T) {
			w := driftOf(leafAt("policy", `"{\"a\":1,\"b\":\"\\u003c\"}"`, tc.after))
			Drift(w, tree("resource \"x_y\" \"r\" {\n  policy = jsonencode({ a = 1, b = \"<\" })\n}\n"))
			s := w.Drift[0].Suggestions[0]
			if strings.Contains(s.Why, otherwise) != tc.tells || (s.Patch != "") != tc.patched {
				t.Errorf("%q\n%s", s.Why, s.Patch)
			}
		})
	}
}

// TestIgnoreText pins what becomes of ignore_changes.
func TestIgnoreText(t *testing.T) {
	for _, tc := range []struct{ name, before, want string }{
		{"nothing yet", "a = 1", "a = 1\n\n  lifecycle {\n    ignore_changes = [size, tags[\"Env\"]]\n  }"},
		{"a block on one line", "lifecycle { prevent_destroy = true }", "lifecycle {\n    prevent_destroy = true\n    ignore_changes  = [size, tags[\"Env\"]]\n  }"},
		{"an empty block", "lifecycle {}", "lifecycle {\n    ignore_changes = [size, tags[\"Env\"]]\n  }"},
		{"a list", "lifecycle {\n    ignore_changes = [tags] # all\n  }", "lifecycle {\n    ignore_changes = [tags, size] # all\n  }"},
		{"a list of lines", "lifecycle {\n    ignore_changes = [\n      tags.Env,\n    ]\n  }", "lifecycle {\n    ignore_changes = [\n      tags.Env,\n      size,\n    ]\n  }"},
		{"all", "lifecycle {\n    ignore_changes = all\n  }", "lifecycle {\n    ignore_changes = all\n  }"},
		{"an empty list", "lifecycle {\n    ignore_changes = []\n  }", "lifecycle {\n    ignore_changes = [size, tags[\"Env\"]]\n  }"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			w := driftOf(leafAt("size", "1", "2"), leafAt("tags.Env", `"a"`, `"b"`))
			main := "resource \"x_y\" \"r\" {\n  " + tc.before + "\n}\n"
			Drift(w, tree(main))
			s := w.Drift[0].Suggestions[2]
			got := gitApply(t, map[string][]byte{"main.tf": []byte(main)}, s.Patch)["main.tf"]
			if diff := cmp.Diff("resource \"x_y\" \"r\" {\n  "+tc.want+"\n}\n", string(got)); diff != "" {
				t.Errorf("%s\n(-want +got):\n%s", s.Why, diff)
			}
		})
	}
}

// TestRevert pins what an apply is said to do.
func TestRevert(t *testing.T) {
	yes, no := true, false
	for _, tc := range []struct {
		name, want string
		change     func(w *model.Workspace)
	}{
		{"refreshed only", "an apply sets back what the configuration decides: `a` from `2` to `1`; whether it can be done in place, a plan tells", func(*model.Workspace) {}},
		{"no effect", "an apply would not revert it: nothing in the plan changes it back", func(w *model.Workspace) { w.Drift[0].AffectsPlan = &no }},
		{"in place", "an apply changes it in place: `a` from `2` to `1`", func(w *model.Workspace) {
			w.Drift[0].AffectsPlan = &yes
			w.Changes = []model.Change{{Address: "x_y.r", Action: model.ActionUpdate, Attributes: []model.Attribute{leafAt("a", "2", "1")}}}
		}},
		{"replaced", "an apply replaces it, which `a` forces; the same apply reverts 1 other finding in this workspace", func(w *model.Workspace) {
			forced := leafAt("a", "2", "1")
			forced.ForcesReplacement = true
			w.Changes = []model.Change{{Address: "x_y.r", Action: model.ActionReplace, Attributes: []model.Attribute{forced}}}
			w.Drift = append(w.Drift, model.Drift{})
		}},
		{"gone", "an apply creates it again, if it is still in the configuration", func(w *model.Workspace) { w.Drift[0].Action = model.ActionDelete }},
	} {
		t.Run(tc.name, func(t *testing.T) {
			w := driftOf(leafAt("a", "1", "2"))
			tc.change(w)
			Drift(w, nil)
			if s := w.Drift[0].Suggestions[1]; s.Kind != "revert" || s.Why != tc.want {
				t.Errorf("got %q", s.Why)
			}
			kinds := []string{}
			for _, s := range w.Drift[0].Suggestions {
				kinds = append(kinds, s.Kind)
			}
			want := []string{"accept", "revert", "ignore"}
			if tc.name == "gone" {
				want = want[:2]
			}
			if !slices.Equal(kinds, want) {
				t.Errorf("%q", kinds)
			}
		})
	}
}

// TestDeep: no file can exhaust the stack of the parser.
func TestDeep(t *testing.T) {
	const n = 500_000
	for name, text := range map[string]string{
		"brackets": "a = " + strings.Repeat("[", n), "blocks": strings.Repeat("a {\n", n), "not": "a = " + strings.Repeat("!", n) + "true",
		"minus": "a = " + strings.Repeat("-", n) + "1", "ternary": "a = " + strings.Repeat("b ?\n", n), "in parentheses": "a = (" + strings.Repeat("b ?\n", n),
		"templates": "a = " + strings.Repeat(`"${`, n), "directives": `a = "` + strings.Repeat("%{if b}", n) + `"`, "plus": "a = 1" + strings.Repeat("+1", n),
		"commented": "a = (" + strings.Repeat("b ? # c\n", n),
	} {
		t.Run(name, func(t *testing.T) {
			if _, ok := parse("main.tf", []byte(text)); ok {
				t.Error("parsed")
			}
		})
	}
	wide := "a = [" + strings.Repeat("-1, 2 - 1,\n", 10_000) + "]\nb = 1\n" + strings.Repeat("c {\n  d = 1 - 1\n}\n", 10_000)
	if _, ok := parse("main.tf", []byte(wide)); !ok {
		t.Error("a long file that is not deep isn't parsed")
	}
}

// FuzzDrift: whatever a file holds, nothing panics, and what a patch leaves can
// be parsed.
func FuzzDrift(f *testing.F) {
	f.Add("resource \"x_y\" \"r\" {\n  a = 1\n}\n", "a", `1`, `"x"`)
	f.Add("resource x_y r {\n  a = 1e999999999\n  b = \"a${1e999999999}\"\n}\n", "a", `"1"`, `2`)
	f.Add("resource x_y r {\n  b = \"a${1e999999999}\"\n}\n", "b", `"1"`, `"2"`)
	f.Add("resource x_y r {\n  c = { 1e-999999999 = 1 }\n}\n", "c.a", ``, `2`)
	f.Add("resource x_y r {\n  tags = { a = 1 }\n  b { c = [1, 2] }\n}", "tags.a", `1`, ``)
	f.Add("resource x_y r {\n  b { c = [1, 2,] }\n lifecycle { ignore_changes=[a] } }", "b[0].c[1]", `2`, `[3]`)
	f.Add("resource x_y r {\n  a = jsonencode({b=[1]})\n}", "a", `"{\"b\":[1]}"`, `"{\"b\":[2,3]}"`)
	f.Fuzz(func(t *testing.T, main, path, before, after string) {
		if !json.Valid([]byte(before)) {
			before = ""
		}
		if !json.Valid([]byte(after)) {
			after = ""
		}
		w := driftOf(leafAt(path, before, after))
		x := tree(main)
		Drift(w, x)
		for name, text := range Accept([]*model.Workspace{w}, x).Files {
			if _, ok := parse(name, text); !ok {
				t.Errorf("%q -> %q", main, text)
			}
		}
	})
}
