package propose

import (
	"encoding/json"
	"fmt"
	"math/rand"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/function"
	"github.com/zclconf/go-cty/cty/function/stdlib"
	"pgregory.net/rapid"

	"github.com/strandline-tf/strandline/internal/model"
	"github.com/strandline-tf/strandline/internal/secret"
)

// unmanaged makes objects of lines "TYPE ID {attributes}".
func unmanaged(lines ...string) []model.Unmanaged {
	var out []model.Unmanaged
	for _, line := range lines {
		part := strings.SplitN(line, " ", 3)
		o := &model.Object{Type: part[0], ID: part[1], Source: "file"}
		if len(part) == 3 {
			o.Attributes = model.Value(part[2])
			var known struct {
				Name, ARN, Account, Region string
				Tags                       map[string]string
			}
			if err := json.Unmarshal(o.Attributes, &known); err != nil {
				panic(err)
			}
			o.Name, o.ARN, o.Tags, o.Account, o.Region = known.Name, known.ARN, known.Tags, known.Account, known.Region
		}
		out = append(out, model.Unmanaged{Type: o.Type, ID: o.ID, Object: o})
	}
	return out
}

func TestImportNames(t *testing.T) {
	for _, tc := range []struct {
		typ, id, name, tag, region string
		want                       string
	}{
		{"aws_s3_bucket", "acme-logs-bucket", "", "", "", "acme_logs"},
		{"aws_s3_bucket", "acme-logs-123456789012-ap-northeast-1", "", "", "", "acme_logs"},
		{"aws_s3_bucket", "logs-9f86d081884c7d65", "", "", "", "logs"},
		{"aws_s3_bucket", "bucket", "", "", "", "bucket"},
		{"aws_instance", "i-0123456789abcdef0", "", "Web Server 1", "", "web_server_1"},
		{"aws_instance", "i-0123456789abcdef0", "", "", "", "i_0123456789abcdef0"},
		{"aws_subnet", "subnet-0001", "", "", "", "subnet_0001"},
		{"aws_iam_role", "AcmeDeployRole", "AcmeDeployRole", "", "", "acme_deploy"},
		{"aws_iam_role", "café", "Café-Größe", "", "", "cafe_gro_e"},
		{"aws_lb", "arn:aws:elasticloadbalancing:eu-west-1:123456789012:loadbalancer/app/shop/50dc6c495c0c9188", "", "", "", "shop"},
		{"aws_ecs_service", "arn:aws:ecs:eu-west-1:123456789012:service/prod/web", "", "", "", "web"},
		{"aws_sns_topic", "arn:aws:sns:eu-west-1:123456789012:alarms", "", "", "", "alarms"},
		{"aws_sqs_queue", "https://sqs.eu-west-1.amazonaws.com/123456789012/jobs", "", "", "", "jobs"},
		{"aws_sqs_queue", "https://sqs.eu-west-1.amazonaws.com/123456789012/jobs", "jobs", "", "", "jobs"},
		{"aws_iam_role", "2fast", "2fast", "", "", "role_2fast"},
		{"shore_bucket", "north-1-logs", "", "", "north-1", "logs"},
	} {
		got := nameOf(&model.Object{Type: tc.typ, ID: tc.id, Name: tc.name, Region: tc.region, Tags: map[string]string{"Name": tc.tag}}).short
		if got != tc.want {
			t.Errorf("%s %q: %q, want %q", tc.typ, tc.id, got, tc.want)
		}
	}
	for _, hostile := range []string{"🦀🦀", "", "\"${x}\n", strings.Repeat("x", 300), strings.Repeat("ab-", 100), "日本", "\u202e", "\xff\xfe"} {
		n := nameOf(&model.Object{Type: "aws_s3_bucket", ID: hostile})
		for _, name := range []string{n.short, n.full, n.only} {
			if !hclsyntax.ValidIdentifier(name) || len(name) > 64 || strings.ContainsFunc(name, func(r rune) bool { return r > 'z' }) {
				t.Errorf("%q: %q", hostile, name)
			}
		}
	}
}

// TestImportNamesStable lists the same objects in any order.
func TestImportNamesStable(t *testing.T) {
	var lines []string
	for i := range 30 {
		lines = append(lines, fmt.Sprintf("aws_s3_bucket logs-%012d", i), fmt.Sprintf("aws_s3_bucket data-%d", i%7), "aws_s3_bucket 🦀"+fmt.Sprint(i))
	}
	lines = append(lines, "aws_s3_bucket logs-eu-west-1", "aws_s3_bucket logs-us-east-1", "aws_s3_bucket logs")
	addresses := func(lines []string) map[string]string {
		objects := unmanaged(lines...)
		a := Imports(objects, ImportOptions{})
		out, seen := map[string]string{}, map[string]bool{}
		for _, r := range a.Batch("").Resources() {
			if seen[r.Address] {
				t.Errorf("%s twice", r.Address)
			}
			seen[r.Address] = true
			if !strings.HasPrefix(objects[r.Object].ID, "data-") { // these are there several times, in no order
				out[objects[r.Object].ID] = r.Address
			}
		}
		return out
	}
	want := addresses(lines)
	if want["logs-eu-west-1"] != "aws_s3_bucket.logs_eu_west_1" {
		t.Error(want["logs-eu-west-1"])
	}
	for seed := range int64(5) {
		shuffled := slices.Clone(lines)
		rand.New(rand.NewSource(seed)).Shuffle(len(shuffled), func(i, j int) { shuffled[i], shuffled[j] = shuffled[j], shuffled[i] })
		if diff := cmp.Diff(want, addresses(shuffled)); diff != "" {
			t.Fatal(diff)
		}
	}
	more := addresses(append([]string{"aws_s3_bucket another", "aws_iam_role logs"}, lines...))
	delete(more, "another")
	delete(more, "logs") // of two types
	delete(want, "logs")
	if diff := cmp.Diff(want, more); diff != "" {
		t.Error(diff)
	}
}

func profile(name, account, region string, more func(*model.Profile)) Target {
	p := model.Profile{Workspace: name, Resources: 10, Accounts: map[string]int{account: 10}, Regions: map[string]int{region: 10},
		Tags: map[string]int{}, Prefixes: map[string]int{}, VPCs: map[string]int{}, Types: map[string]int{"aws_vpc": 1}}
	if more != nil {
		more(&p)
	}
	return Target{Name: name, Profile: p}
}

func TestImportWorkspaces(t *testing.T) {
	targets := []Target{
		profile("shop", "1", "a", func(p *model.Profile) {
			p.Tags["team=shop"], p.Prefixes["shop"], p.Prefixes["shop-prod"], p.VPCs["vpc-00000001"] = 5, 5, 5, 5
		}),
		profile("blog", "1", "a", func(p *model.Profile) { p.Tags["team=blog"], p.Prefixes["blog"], p.Types["aws_s3_bucket"] = 5, 5, 3 }),
		profile("far", "1", "b", nil),
		profile("other", "2", "a", nil),
	}
	find := func(q Query) (Place, bool) {
		if q.ID == "vpc-00000001" && q.Type == "aws_vpc" || q.ID == "arn:aws:ec2:a:1:vpc/vpc-00000001" {
			return Place{"shop", "aws_vpc.main", "aws_vpc"}, true
		}
		return Place{}, false
	}
	objects := unmanaged(
		`aws_s3_bucket a {"account":"1","region":"a","tags":{"team":"shop"}}`,
		`aws_s3_bucket blog-x {"account":"1","region":"a"}`,
		`aws_s3_bucket b {"account":"1","region":"b"}`,
		`aws_s3_bucket c {"account":"2"}`,
		`aws_s3_bucket d {"account":"3"}`,
		`aws_sqs_queue e {"account":"1","region":"a"}`,
		`aws_sqs_queue blog-f {"account":"1","region":"a","tags":{"team":"shop"}}`,
		`aws_subnet subnet-00000001 {"account":"1","region":"a","vpc_id":"vpc-00000001"}`,
		`aws_instance i-00000001 {"account":"1","region":"a","subnet_id":"subnet-00000001"}`,
	)
	a := Imports(objects, ImportOptions{Workspaces: targets, Find: find})
	var got []string
	for _, u := range objects {
		got = append(got, u.ID+" -> "+u.Suggestion.Workspace+": "+u.Suggestion.Why)
	}
	want := []string{
		"a -> shop: like `shop` in account `1`, `a`: the tag `team=shop`",
		"blog-x -> blog: like `blog` in account `1`, `a`: names that begin with `blog`, resources of the same type",
		"b -> far: `far` is the only workspace with resources in account `1`, `b`",
		"c -> other: `other` is the only workspace with resources in account `2`",
		"d -> : no workspace has resources in account `3`",
		"e -> : no workspace resembles it enough",
		"blog-f -> : it may belong to `shop` (the tag `team=shop`) as well as to `blog` (names that begin with `blog`)",
		"subnet-00000001 -> shop: like `shop` in account `1`, `a`: the same VPC, 1 neighbour",
		"i-00000001 -> shop: like `shop` in account `1`, `a`: 1 neighbour",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if text := a.Batch("shop").Blocks("aws_subnet.subnet_00000001"); !strings.Contains(text, "= aws_vpc.main.id\n") {
		t.Error(text)
	}
	for into, want := range map[string]string{"": "`shop` is the only workspace", "shop": "`shop` is the only workspace"} {
		Imports(objects[:1], ImportOptions{Workspaces: targets[:1], Into: into})
		if why := objects[0].Suggestion.Why; why != want {
			t.Errorf("%q: %s", into, why)
		}
	}
	a = Imports(objects, ImportOptions{Workspaces: targets, Find: find, Into: "shop"})
	if len(a.Batches) != 1 || len(a.Left) != 4 || len(a.Batches[0].Resources()) != 5 {
		t.Errorf("%d batches, left %v", len(a.Batches), a.Left)
	}
}

func TestImportReferences(t *testing.T) {
	objects := unmanaged(
		`aws_security_group sg-00000001 {"name":"web","arn":"arn:aws:ec2:a:1:security-group/sg-00000001","ingress":[{"security_groups":["sg-00000002"],"from_port":80}]}`,
		`aws_security_group sg-00000002 {"name":"db","ingress":[{"security_groups":["sg-00000001","sg-00000002"],"from_port":80}]}`,
		`aws_iam_role deploy {"id":"deploy","name":"deploy","arn":"arn:aws:iam::1:role/deploy","description":"sg-00000001"}`,
		`aws_iam_role_policy deploy:x {"name":"x","role":"deploy","policy":"{\"Statement\":[{\"Resource\":[\"arn:aws:s3:::logs\",\"arn:aws:s3:::logs/*\"]}]}"}`,
		`aws_s3_bucket logs {"bucket":"logs","arn":"arn:aws:s3:::logs","tags":{"role":"deploy"}}`,
		`aws_s3_bucket_policy logs {"bucket":"logs","policy":"{ \"a\": 1 }"}`,
	)
	a := Imports(objects, ImportOptions{})
	b := a.Batch("")
	for address, want := range map[string]string{
		"aws_iam_role_policy.x":     "role = aws_iam_role.deploy.name",
		"aws_s3_bucket_policy.logs": "bucket = aws_s3_bucket.logs.bucket\n  policy = \"{ \\\"a\\\": 1 }\"",
		"aws_s3_bucket.logs":        `role = "deploy"`,
		"aws_security_group.db":     `security_groups = [aws_security_group.web.id, "sg-00000002"]`,
		"aws_security_group.web":    `security_groups = ["sg-00000002"]`,
		"aws_iam_role.deploy":       `description = "sg-00000001"`,
	} {
		text := b.Blocks(address)
		if !strings.Contains(strings.Join(strings.Fields(text), " "), strings.Join(strings.Fields(want), " ")) {
			t.Errorf("%s: no %s in\n%s", address, want, text)
		}
	}
	if text := b.Blocks("aws_iam_role_policy.x"); !strings.Contains(text, `Resource = [aws_s3_bucket.logs.arn, "arn:aws:s3:::logs/*"]`) {
		t.Error(text)
	}
	if n := b.Literal("aws_s3_bucket.logs"); n != 2 || strings.Contains(b.Blocks("aws_iam_role_policy.x"), "logs.arn") {
		t.Errorf("%d\n%s", n, b.Blocks("aws_iam_role_policy.x"))
	}
	if !b.Remove("aws_iam_role.deploy", "gone") || strings.Contains(b.Blocks("aws_iam_role_policy.x"), "aws_iam_role.deploy") {
		t.Error("removed, and yet referred to")
	}
	if len(a.Left) != 1 || a.Left[0] != (Left{2, "gone"}) || objects[2].Suggestion.To != "" {
		t.Error(a.Left, objects[2].Suggestion)
	}
}

func TestImportVersions(t *testing.T) {
	objects := unmanaged("aws_s3_bucket logs")
	objects[0].Object.Identity = model.Value(`{"bucket":"logs","region":null,"n":1}`)
	for version, want := range map[string]string{
		"":        `id = "logs"`,
		"1.5.0":   `id = "logs"`,
		"1.11.4":  `id = "logs"`,
		"1.12.0":  "identity = {\n    bucket = \"logs\"\n    n      = 1\n  }",
		"v1.14.3": "identity = {",
		"1.4.9":   "",
		"0.12.31": "",
	} {
		a := Imports(objects, ImportOptions{Into: "w", Workspaces: []Target{{Name: "w", Terraform: version}}})
		b := a.Batch("w")
		text := b.Blocks("aws_s3_bucket.logs")
		if want == "" && (len(a.Left) != 1 || !strings.Contains(a.Left[0].Why, "terraform import") || len(b.Files()) != 0) {
			t.Errorf("%s: %v %s", version, a.Left, text)
		}
		if !strings.Contains(text, want) || strings.Contains(text, "identity") && strings.Contains(text, "id ") {
			t.Errorf("%s: %s", version, text)
		}
	}
	objects[0].Object.ID = ""
	if a := Imports(objects, ImportOptions{Into: "w", Workspaces: []Target{{Name: "w", Terraform: "1.11.0"}}}); len(a.Left) != 1 {
		t.Error("identity before 1.12")
	}
}

func TestImportProvider(t *testing.T) {
	for _, tc := range []struct{ files, provider, want string }{
		{"terraform {\n required_providers {\n  shore = { source = \"x/shore\" }\n }\n}", "x/shore", ""},
		{"terraform {\n required_providers {\n  beach = { source = \"x/shore\" }\n }\n}", "x/shore", "provider = beach"},
		{"terraform {\n required_providers {\n  beach = { source = \"y/shore\" }\n }\n}", "x/shore", ""},
		{``, "x/shore", ""},
	} {
		objects := unmanaged(`shore_bucket logs {"name":"logs"}`)
		objects[0].Object.Provider = tc.provider
		a := Imports(objects, ImportOptions{Into: "w", Workspaces: []Target{{Name: "w", Files: map[string][]byte{"main.tf": []byte(tc.files)}}}})
		text := a.Batch("w").Blocks("shore_bucket.logs")
		if n := strings.Count(strings.Join(strings.Fields(text), " "), tc.want); tc.want != "" && n != 2 || tc.want == "" && strings.Contains(text, "provider") {
			t.Errorf("%s: %s", tc.files, text)
		}
	}
}

// TestImportExisting adopts into a folder in which something stands already.
func TestImportExisting(t *testing.T) {
	folder := map[string][]byte{"s3.tf": []byte("# mine\nresource \"aws_s3_bucket\" \"logs\" {}\n")}
	run := func(lines ...string) *Adoption {
		a := Imports(unmanaged(lines...), ImportOptions{Into: "w", Workspaces: []Target{{Name: "w", Files: folder}}})
		for _, f := range a.Batch("w").Files() {
			if _, ok := withoutHeader(string(folder[f.Path])); !ok && folder[f.Path] != nil {
				t.Fatalf("%s is overwritten", f.Path)
			}
			folder[f.Path] = []byte(f.Content)
		}
		return a
	}
	first := []string{`aws_s3_bucket logs {"bucket":"logs"}`, `aws_s3_bucket data {"bucket":"data"}`, `aws_iam_role r {"name":"r"}`}
	run(first...)
	if got := strings.Join(slices.Sorted(keysOf(folder)), " "); got != "iam.tf imports.tf s3.tf s3_adopted.tf" {
		t.Error(got)
	}
	before := string(folder["s3_adopted.tf"]) + string(folder["imports.tf"])
	run(first...)
	if again := string(folder["s3_adopted.tf"]) + string(folder["imports.tf"]); again != before {
		t.Error(cmp.Diff(before, again))
	}
	// The bucket data is managed by now, and another one comes.
	run(first[0], first[2], `aws_s3_bucket more {"bucket":"more"}`)
	if text := string(folder["s3_adopted.tf"]); !strings.Contains(text, `"data"`) || !strings.Contains(text, `"more"`) {
		t.Error(text)
	}
	if text := string(folder["imports.tf"]); strings.Count(text, "import {") != 4 {
		t.Error(text)
	}
	// Somebody works on the file: it is theirs, and so is what stands in it.
	folder["s3_adopted.tf"] = append(folder["s3_adopted.tf"], "# mine too\n"...)
	a := run(first[0], `aws_s3_bucket last {"bucket":"last"}`)
	if len(a.Left) != 1 || !strings.Contains(a.Left[0].Why, "in the configuration already: `aws_s3_bucket.") {
		t.Error(a.Left)
	}
	if text := string(folder["s3_adopted_2.tf"]); !strings.Contains(text, `"last"`) || strings.Contains(text, `"logs"`) {
		t.Error(text)
	}
}

func keysOf(m map[string][]byte) func(func(string) bool) {
	return func(yield func(string) bool) {
		for k := range m {
			if !yield(k) {
				return
			}
		}
	}
}

func TestImportSecretsWithoutSchema(t *testing.T) {
	objects := unmanaged(`aws_db_instance main {"engine":"x","arn":"arn:aws:rds:a:1:db/main","tags_all":{"a":"b"},"blank":"","port":0}`)
	objects[0].Object.Sensitive = []string{"password", "tags\"] # }"}
	for _, variables := range []bool{false, true} {
		a := Imports(objects, ImportOptions{Variables: variables})
		text := a.Batch("").Blocks("aws_db_instance.main")
		if !strings.Contains(text, "ignore_changes = [password]") || strings.Contains(text, "tags") || strings.Contains(text, "blank") || strings.Contains(text, "arn") ||
			variables != strings.Contains(text, "password = var.main_password") || !strings.Contains(text, "port") {
			t.Error(text)
		}
		if n := len(a.Batch("").Variables()); n != map[bool]int{true: 1}[variables] {
			t.Error(n)
		}
	}
	var imports int
	for _, u := range unmanaged("aws_s3_bucket x") {
		u.Object.Source = "aws"
		list := []model.Unmanaged{u}
		r := Imports(list, ImportOptions{}).Batch("").Resources()
		if !r[0].NeedsConfig || len(list[0].Suggestion.Files) != 1 || !strings.Contains(list[0].Suggestion.Why, "-generate-config-out") {
			t.Errorf("%+v %+v", r, list[0].Suggestion)
		}
		imports++
	}
}

func TestImportRepairs(t *testing.T) {
	const config = `resource "shore_instance" "x" {
  name   = "server"
  tags   = { Env = "prod", "a b" = "c" }
  list   = [{ n = 1 }, { n = 2 }]
  disk { size = 1 }
  disk { size = 2 }
  secret = null # sensitive
  none   = null
}`
	for _, tc := range []struct {
		name string
		do   func(b *Batch, at string) bool
		want string // "" where it can't be done
		gone string
	}{
		{"drop an argument", func(b *Batch, at string) bool { return b.Drop(at, "name") }, "tags", `server`},
		{"drop a member", func(b *Batch, at string) bool { return b.Drop(at, `tags["a b"]`) }, "Env", "a b"},
		{"drop an element", func(b *Batch, at string) bool { return b.Drop(at, `list[0]`) }, "n = 2", "n = 1"},
		{"drop a block", func(b *Batch, at string) bool { return b.Drop(at, `disk[1]`) }, "size = 1", "size = 2"},
		{"drop in a block", func(b *Batch, at string) bool { return b.Drop(at, `disk[0].size`) }, "disk { }", "size = 1"},
		{"drop what isn't there", func(b *Batch, at string) bool { return b.Drop(at, "nothing") }, "", ""},
		{"drop nonsense", func(b *Batch, at string) bool { return b.Drop(at, "a b${") }, "", ""},
		{"drop elsewhere", func(b *Batch, at string) bool { return b.Drop("shore_instance.y", "name") }, "", ""},
		{"set an argument", func(b *Batch, at string) bool { return b.Set(at, "name", model.Value(`"x"`)) }, `name = "x"`, "server"},
		{"set a new one", func(b *Batch, at string) bool { return b.Set(at, "size", model.Value(`7`)) }, "size = 7", ""},
		{"set a member", func(b *Batch, at string) bool { return b.Set(at, "tags.New", model.Value(`"${x}"`)) }, `New = "$${x}"`, ""},
		{"set a new map", func(b *Batch, at string) bool { return b.Set(at, "labels.New", model.Value(`true`)) }, `labels = { New = true }`, ""},
		{"set in a block", func(b *Batch, at string) bool { return b.Set(at, "disk[1].kind", model.Value(`"ssd"`)) }, `kind = "ssd"`, ""},
		{"add a block", func(b *Batch, at string) bool { return b.Set(at, "disk[2]", model.Value(`{"size":3}`)) }, `size = 3`, ""},
		{"set blocks", func(b *Batch, at string) bool { return b.Set(at, "disk", model.Value(`[{"size":9}]`)) }, `size = 9`, "size = 2"},
		{"set in a list", func(b *Batch, at string) bool { return b.Set(at, "list[1].n", model.Value(`5`)) }, `n = 5`, "n = 2"},
		{"set far out", func(b *Batch, at string) bool { return b.Set(at, "list[9].n", model.Value(`5`)) }, ``, ""},
		{"set to null", func(b *Batch, at string) bool { return b.Set(at, "name", model.Value(`null`)) }, `tags`, `"server"`},
		{"set to nonsense", func(b *Batch, at string) bool { return b.Set(at, "name", model.Value(`{`)) }, ``, ""},
		{"set what is Terraform's", func(b *Batch, at string) bool { return b.Set(at, "provider", model.Value(`1`)) }, ``, ""},
		{"ignore", func(b *Batch, at string) bool { return b.IgnoreChanges(at, "disk[0].size", "moves\n}\n") }, "# disk moves }\n", ""},
		{"placeholder", func(b *Batch, at string) bool { return b.Placeholder(at, "secret") }, `secret = "set-outside-terraform"`, ""},
		{"replace", func(b *Batch, at string) bool {
			return b.Replace(at, `resource "shore_instance" "y" { a = 1 }`)
		}, "a = 1", "server"},
		{"replace with another type", func(b *Batch, at string) bool { return b.Replace(at, `resource "shore_bucket" "y" {}`) }, "", ""},
		{"regenerate", func(b *Batch, at string) bool { return b.Regenerate(at) }, "import {", "resource"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			objects := unmanaged("shore_instance web")
			objects[0].Object.Config = config
			b := Imports(objects, ImportOptions{}).Batch("")
			at := b.Resources()[0].Address
			before := b.Blocks(at)
			if !strings.Contains(before, "ignore_changes = [secret]") || strings.Contains(before, "none") {
				t.Fatal(before)
			}
			done := tc.do(b, at)
			after := b.Blocks(at)
			flat := strings.Join(strings.Fields(after), " ")
			if _, diags := hclsyntax.ParseConfig([]byte(after), "", hcl.InitialPos); diags.HasErrors() {
				t.Errorf("%s\n%s", diags, after)
			}
			switch {
			case tc.want == "":
				if done || after != before {
					t.Errorf("done: %v\n%s", done, after)
				}
			case !done || !strings.Contains(flat, strings.TrimSpace(tc.want)) || tc.gone != "" && strings.Contains(flat, tc.gone):
				t.Errorf("done: %v\n%s", done, after)
			}
			b.Verified("no_changes", "proven")
			if s := objects[0].Suggestion; s.Verified != "no_changes" || !strings.Contains(s.Why, "; proven") || s.Files[0].Content == "" {
				t.Errorf("%+v", s)
			}
		})
	}
}

// TestImportHostile gives hostile names and values everywhere: what is written
// parses, holds nothing but literals, and these are the values that were told.
func TestImportHostile(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.OneOf(rapid.String(), rapid.StringMatching(`["$%{}\\\n\r#/*<\x{202e}\x{0}a-c ]{0,12}`),
			rapid.SampledFrom([]string{"${x}", "%{ if true }", "$${", "%%{", "\"\n}\nresource", "EOT\n", "*/", strings.Repeat("é", 300), "🦀"}))
		attributes := map[string]any{}
		for i := range rapid.IntRange(1, 4).Draw(t, "n") {
			attributes[fmt.Sprint("a", i)] = text.Draw(t, "s")
			attributes[fmt.Sprint("m", i)] = map[string]any{"x" + text.Draw(t, "k"): text.Draw(t, "v"), "l": []any{text.Draw(t, "e")}}
		}
		raw, err := json.Marshal(attributes)
		if err != nil {
			t.Fatal(err)
		}
		want, ok := valueOf(raw)
		if !ok {
			t.Skip("no value")
		}
		o := &model.Object{Type: "shore_bucket", ID: "x" + text.Draw(t, "id"), Name: text.Draw(t, "name"), Source: text.Draw(t, "source") + "x",
			Account: text.Draw(t, "account"), Region: text.Draw(t, "region"), Tags: map[string]string{"Name": text.Draw(t, "tag"), text.Draw(t, "key"): "v"},
			Attributes: raw, Sensitive: []string{text.Draw(t, "sensitive")}}
		b := Imports([]model.Unmanaged{{Type: o.Type, ID: o.ID, Object: o}}, ImportOptions{}).Batch("")
		address := b.Resources()[0].Address
		b.IgnoreChanges(address, "a0", text.Draw(t, "why"))
		for _, f := range b.Files() {
			parsed, diags := hclsyntax.ParseConfig([]byte(f.Content), f.Path, hcl.InitialPos)
			if diags.HasErrors() {
				t.Fatalf("%s\n%s", diags, f.Content)
			}
			body := parsed.Body.(*hclsyntax.Body)
			if len(body.Blocks) != 1 || len(body.Attributes) != 0 {
				t.Fatalf("more than one block:\n%s", f.Content)
			}
			in := body.Blocks[0].Body
			evaluate := func(a *hclsyntax.Attribute) cty.Value {
				v, diags := a.Expr.Value(&hcl.EvalContext{Functions: map[string]function.Function{"jsonencode": stdlib.JSONEncodeFunc}})
				if diags.HasErrors() {
					t.Fatalf("%s\n%s", diags, f.Content)
				}
				return v
			}
			if body.Blocks[0].Type == "import" {
				if id := evaluate(in.Attributes["id"]); id != cty.StringVal(o.ID) && !id.RawEquals(cty.StringVal(o.ID)) {
					t.Fatalf("%#v is not %q", id, o.ID)
				}
				continue
			}
			for name, v := range want.AsValueMap() {
				if isEmptyValue(v) {
					continue
				}
				if in.Attributes[name] == nil || !evaluate(in.Attributes[name]).RawEquals(v) {
					t.Fatalf("%s is not %#v:\n%s", name, v, f.Content)
				}
			}
		}
	})
}

// FuzzImportConfig gives any text as what a source wrote.
func FuzzImportConfig(f *testing.F) {
	f.Add(`resource "shore_bucket" "x" { name = "y" }`, "name")
	f.Add("resource \"shore_bucket\" \"x\" {\n policy = jsonencode({a=[1]})\n rule {\n a = <<E\nx\nE\n }\n dynamic \"x\" {}\n}", "rule[0].a")
	f.Fuzz(func(t *testing.T, config, path string) {
		objects := unmanaged("shore_bucket x")
		objects[0].Object.Config = config
		b := Imports(objects, ImportOptions{}).Batch("")
		at := b.Resources()[0].Address
		b.Drop(at, path)
		b.Set(at, path, model.Value(`{"a":["$${x}"]}`))
		b.IgnoreChanges(at, path, path)
		for _, f := range b.Files() {
			if _, diags := hclsyntax.ParseConfig([]byte(f.Content), f.Path, hcl.InitialPos); diags.HasErrors() {
				t.Fatalf("%s\n%s", diags, f.Content)
			}
		}
	})
}

func BenchmarkImports(b *testing.B) {
	var lines []string
	for i := range 2000 {
		lines = append(lines, fmt.Sprintf(`aws_vpc vpc-%08x {"cidr_block":"10.0.0.0/16","tags":{"team":"t%d"}}`, i, i%50),
			fmt.Sprintf(`aws_subnet subnet-%08x {"vpc_id":"vpc-%08x","cidr_block":"10.0.0.0/24"}`, i, i),
			fmt.Sprintf(`aws_instance i-%08x {"subnet_id":"subnet-%08x","ami":"ami-1","root_block_device":[{"size":1}],"name":"default"}`, i, i),
			fmt.Sprintf(`aws_s3_bucket logs-%d {"bucket":"logs-%d","arn":"arn:aws:s3:::logs-%d"}`, i, i, i),
			fmt.Sprintf(`aws_iam_role role-%d {"name":"role-%d","assume_role_policy":"{\"Resource\":\"arn:aws:s3:::logs-%d\"}"}`, i, i, i))
	}
	objects := unmanaged(lines...)
	var targets []Target
	for i := range 500 {
		targets = append(targets, profile(fmt.Sprintf("w%03d", i), "1", "a", func(p *model.Profile) { p.Tags[fmt.Sprintf("team=t%d", i)] = 1 }))
	}
	for b.Loop() {
		a := Imports(objects, ImportOptions{Workspaces: targets, Variables: true})
		for _, batch := range a.Batches {
			batch.Files()
		}
	}
}

// TestImportGeneratedStays keeps what Terraform has generated in an earlier run,
// as long as nobody wants it anew.
func TestImportGeneratedStays(t *testing.T) {
	folder := map[string][]byte{}
	run := func() *Batch {
		return Imports(unmanaged("aws_s3_bucket logs"), ImportOptions{Into: "w", Workspaces: []Target{{Name: "w", Files: folder}}}).Batch("w")
	}
	b := run()
	if !b.Replace("aws_s3_bucket.logs", `resource "aws_s3_bucket" "logs" { bucket = "logs" }`) {
		t.Fatal("not taken")
	}
	first := b.Files()
	for _, f := range first {
		folder[f.Path] = []byte(f.Content)
	}
	b = run()
	if r := b.Resources()[0]; r.NeedsConfig || r.File != "s3.tf" || !slices.Equal(b.Files(), first) {
		t.Errorf("%+v %v", r, b.Files())
	}
	if !b.Regenerate("aws_s3_bucket.logs") || !b.Resources()[0].NeedsConfig {
		t.Error("not left to Terraform again")
	}
	if files := b.Files(); len(files) != 2 || files[1].Path != "s3.tf" || strings.Contains(files[1].Content, "resource") {
		t.Error(files)
	}
}

// TestImportWithheld writes nothing that stands where a secret was.
func TestImportWithheld(t *testing.T) {
	b := Imports(unmanaged(`aws_db_instance main {"engine":"x","url":"https://`+secret.Withheld+`@x"}`), ImportOptions{}).Batch("")
	if text := b.Blocks("aws_db_instance.main"); strings.Contains(text, "https") || !strings.Contains(text, "ignore_changes = [url]") {
		t.Error(text)
	}
}
