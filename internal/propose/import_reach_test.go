package propose

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	tfjson "github.com/hashicorp/terraform-json"

	"github.com/strandline-tf/strandline/internal/model"
)

// Provider blocks: the default, and one for another place.
const (
	inEU = "provider \"aws\" {\n  region = \"eu-west-1\"\n}\n"
	inUS = "provider \"aws\" {\n  alias  = \"use1\"\n  region = \"us-east-1\"\n}\n"
)

// outcome is what becomes of each object, in their order: its address and what
// its import block says, or why it is left out.
func outcome(a *Adoption, objects []model.Unmanaged) []string {
	var out []string
	for i, u := range objects {
		text := u.Suggestion.Why
		for _, b := range a.Batches {
			for _, r := range b.Resources() {
				if r.Object == i {
					block, _, _ := strings.Cut(b.Blocks(r.Address), "}")
					text = b.Workspace + strings.TrimPrefix(strings.Join(strings.Fields(block), " "), "import {")
				}
			}
		}
		out = append(out, text)
	}
	return out
}

// TestImportReach chooses the workspace that reaches an object.
func TestImportReach(t *testing.T) {
	with := func(name, files string, more func(*model.Profile)) Target {
		out := profile(name, "1", "eu-west-1", more)
		out.Profile.Regions = map[string]int{}
		out.Files = map[string][]byte{"main.tf": []byte(files)}
		return out
	}
	shop := func(n int) func(*model.Profile) {
		return func(p *model.Profile) { p.Tags["team=shop"] = n }
	}
	us := strings.Replace(inUS, "  alias  = \"use1\"\n", "", 1)
	for name, tc := range map[string]struct {
		targets []Target
		want    string
	}{
		"another reaches it": {[]Target{with("a", inEU, shop(1)), with("b", us, nil)}, "b: `b` is the only workspace with a provider configuration that may reach account `1`, `us-east-1`"},
		"it does itself":     {[]Target{with("a", inEU+inUS, shop(1)), with("b", us, nil)}, "a: like `a`: the tag `team=shop`"},
		"none does":          {[]Target{with("a", inEU, shop(1)), with("b", inEU, nil)}, ": no provider configuration of the workspace reaches account `1`, `us-east-1`"},
		"others do, unlike it": {[]Target{with("a", inEU, shop(1)), with("b", us, nil), with("c", us, nil)},
			": `a` resembles it most, but no provider configuration there reaches account `1`, `us-east-1`"},
		"others do, like it": {[]Target{with("a", inEU, func(p *model.Profile) { p.Tags["team=shop"], p.Prefixes["shop"], p.Types["aws_sqs_queue"] = 1, 1, 1 }),
			with("b", us, nil), with("c", us, func(p *model.Profile) { p.Prefixes["shop"] = 1 })},
			"c: like `c`: names that begin with `shop`"},
	} {
		t.Run(name, func(t *testing.T) {
			objects := unmanaged(`aws_sqs_queue shop-q {"account":"1","region":"us-east-1","tags":{"team":"shop"}}`)
			Imports(objects, ImportOptions{Workspaces: tc.targets})
			if got := objects[0].Suggestion.Workspace + ": " + objects[0].Suggestion.Why; got != tc.want {
				t.Error(got)
			}
		})
	}
}

// TestImportOnce never writes two imports that Terraform can't tell apart, and
// writes the same in every run, in whatever order the objects are listed.
func TestImportOnce(t *testing.T) {
	group := func(account, region string) string {
		return fmt.Sprintf(`aws_cloudwatch_log_group /app {"account":%q,"region":%q}`, account, region)
	}
	eu, us, ap := group("1", "eu-west-1"), group("1", "us-east-1"), group("1", "ap-south-1")
	const imported = "it is in the configuration already: `aws_cloudwatch_log_group.x`, imported in `main.tf`"
	person := func(provider, resources string) string {
		return "import {\n  to = aws_cloudwatch_log_group.x\n  id = \"/app\"\n" + provider + "}\nresource \"aws_cloudwatch_log_group\" \"x\" {\n" + resources + "}\n"
	}
	const useAlias = "  provider = aws.use1\n"
	for name, tc := range map[string]struct {
		files   string
		objects []string
		want    []string
	}{
		"two regions":                {inEU + inUS, []string{eu, us}, []string{"w to = aws_cloudwatch_log_group.app_1efa93 id = \"/app\"", "w to = aws_cloudwatch_log_group.app_0b1d8b provider = aws.use1 id = \"/app\""}},
		"nobody knows the default's": {strings.Replace(inEU, "\"eu-west-1\"", "var.x", 1), []string{eu, us}, []string{"w to = aws_cloudwatch_log_group.app id = \"/app\"", "the same is imported with the same provider already, for what is in account `1`, `eu-west-1`: a provider configuration for each would tell them apart"}},
		"listed twice":               {inEU, []string{eu, eu}, []string{"w to = aws_cloudwatch_log_group.app id = \"/app\"", "it is listed twice, and imported once"}},
		"no configuration reaches":   {inEU, []string{eu, ap, group("2", "us-east-1")}, []string{"w to = aws_cloudwatch_log_group.app id = \"/app\"", "no provider configuration of the workspace reaches account `1`, `ap-south-1`", "no provider configuration of the workspace reaches account `2`, `us-east-1`"}},
		"a person's, the default's":  {inEU + inUS + person("", ""), []string{eu, us}, []string{imported, "w to = aws_cloudwatch_log_group.app provider = aws.use1 id = \"/app\""}},
		"a person's, named":          {inEU + inUS + person("  provider = aws\n", ""), []string{eu, us}, []string{imported, "w to = aws_cloudwatch_log_group.app provider = aws.use1 id = \"/app\""}},
		"a person's, an alias's":     {inEU + inUS + person(useAlias, useAlias), []string{eu, us}, []string{"w to = aws_cloudwatch_log_group.app id = \"/app\"", imported}},
		"by the resource":            {inEU + inUS + person("", useAlias), []string{eu, us}, []string{"w to = aws_cloudwatch_log_group.app id = \"/app\"", imported}},
		"for the same place":         {inEU + inUS + strings.Replace(inUS, "use1", "b", 1) + person(useAlias, useAlias), []string{us}, []string{imported}},
		"nobody knows where":         {inEU + inUS + person(useAlias, useAlias), []string{"aws_cloudwatch_log_group /app"}, []string{imported}},
	} {
		t.Run(name, func(t *testing.T) {
			folder := map[string][]byte{"main.tf": []byte(tc.files)}
			for run := range 3 {
				lines, want := slices.Clone(tc.objects), slices.Clone(tc.want)
				if run == 1 && lines[0] != lines[len(lines)-1] {
					slices.Reverse(lines)
					slices.Reverse(want)
				}
				objects := unmanaged(lines...)
				a := Imports(objects, ImportOptions{Into: "w", Workspaces: []Target{{Name: "w", Files: folder}}})
				if diff := cmp.Diff(want, outcome(a, objects)); diff != "" {
					t.Fatal(run, diff)
				}
				for _, f := range a.Batch("w").Files() {
					if was, ok := folder[f.Path]; run > 0 && (!ok || string(was) != f.Content) {
						t.Errorf("written anew: %s", f.Content)
					}
					folder[f.Path] = []byte(f.Content)
				}
			}
		})
	}
	// Where the workspace isn't known, both are suggested.
	objects := unmanaged(eu, us)
	if a := Imports(objects, ImportOptions{}); len(a.Left) > 0 {
		t.Error(a.Left)
	}
}

// TestImportOutdated leaves alone what the state has under an address of ours.
func TestImportOutdated(t *testing.T) {
	folder := map[string][]byte{"main.tf": []byte(inEU)}
	run := func(region string, state ...string) string {
		objects := unmanaged(`aws_cloudwatch_log_group /app {"account":"1","region":"` + region + `"}`)
		a := Imports(objects, ImportOptions{Into: "w", Workspaces: []Target{{Name: "w", Files: folder, Addresses: state}}})
		for _, f := range a.Batch("w").Files() {
			folder[f.Path] = []byte(f.Content)
		}
		return objects[0].Suggestion.To
	}
	first := run("eu-west-1")
	folder["main.tf"] = []byte(inEU + inUS)
	second := run("us-east-1", first)
	if first != "aws_cloudwatch_log_group.app" || second == first || !strings.Contains(string(folder["imports.tf"]), "to = "+first+"\n  id = ") {
		t.Errorf("%s, %s\n%s", first, second, folder["imports.tf"])
	}
}

// TestImportLearnsRegion takes in what no provider seemed to reach, once its
// type is known to say where it is.
func TestImportLearnsRegion(t *testing.T) {
	var schemas tfjson.ProviderSchemas
	if err := json.Unmarshal([]byte(testSchemas), &schemas); err != nil {
		t.Fatal(err)
	}
	const others = "provider \"aws\" {\n  alias  = \"b\"\n  region = \"eu-west-1\"\n  assume_role {\n    role_arn = \"arn:aws:iam::2:role/x\"\n  }\n}\n"
	folder := map[string][]byte{"main.tf": []byte(strings.Replace(inEU, "}", "  allowed_account_ids = [\"1\"]\n}", 1) + others)}
	thing := func(typ, account, region string) string {
		return fmt.Sprintf(`%s x {"engine":"e","login":[{"user":"u","token":"t"}],"account":%q,"region":%q}`, typ, account, region)
	}
	for run := range 2 {
		objects := unmanaged(thing("aws_old", "1", "eu-west-1"), thing("aws_old", "1", "us-east-1"), thing("aws_old", "2", "us-east-1"), thing("aws_old", "3", "us-east-1"), thing("aws_new", "1", "us-east-1"))
		a := Imports(objects, ImportOptions{Into: "w", Workspaces: []Target{{Name: "w", Files: folder}}})
		b := a.Batch("w")
		if len(b.Resources()) != 1 || len(b.Objects()) != 5 || len(a.Left) != 4 {
			t.Fatal(outcome(a, objects))
		}
		b.Learn(&schemas)
		const none = "no provider configuration of the workspace reaches account "
		got := outcome(a, objects)
		for i, want := range []string{`id = "x"`, `id = "x@us-east-1"`, `provider = aws.b id = "x@us-east-1"`, none + "`3`, `us-east-1`", none + "`1`, `us-east-1`"} {
			if !strings.HasSuffix(strings.TrimSpace(got[i]), want) || i > 0 && i < 3 && !strings.Contains(b.Blocks(objects[i].Suggestion.To), "\"us-east-1\"\n") {
				t.Errorf("%d: no %s in %s", run, want, got[i])
			}
		}
		for _, f := range b.Files() {
			if was := folder[f.Path]; run > 0 && string(was) != f.Content {
				t.Errorf("written anew: %s", f.Content)
			}
			folder[f.Path] = []byte(f.Content)
		}
	}
}

// What waits for the providers is among what they are asked about, unless all
// has been taken out.
func TestImportWaiting(t *testing.T) {
	waiting := func() *Batch {
		objects := unmanaged(`aws_sqs_queue q {"name":"q"}`)
		objects[0].Object.Region = "us-east-1"
		target := profile("w", "1", "eu-west-1", nil)
		target.Profile.Regions, target.Files = nil, map[string][]byte{"main.tf": []byte(inEU)}
		return Imports(objects, ImportOptions{Workspaces: []Target{target}, Into: "w"}).Batch("w")
	}
	b := waiting()
	if len(b.Resources()) != 0 || len(b.Objects()) != 1 {
		t.Errorf("%d, %d", len(b.Resources()), len(b.Objects()))
	}
	b.Leave("for a reason")
	if len(b.Objects()) != 0 {
		t.Error("it waits still")
	}
}
