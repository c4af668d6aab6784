package propose

import (
	"cmp"
	"encoding/json"
	"strings"
	"testing"

	tfjson "github.com/hashicorp/terraform-json"

	"github.com/strandline-tf/strandline/internal/model"
)

// TestImportAliases chooses among the provider blocks of a workspace.
func TestImportAliases(t *testing.T) {
	const eu = "provider \"aws\" {\n  region = \"eu-west-1\"\n}\n"
	const us = "provider \"aws\" {\n  alias  = \"use1\"\n  region = \"us-east-1\"\n}\n"
	role := func(block, alias, region, account string) string {
		return "provider \"aws\" {\n  alias = \"" + alias + "\"\n  region = " + region + "\n  " + block + " {\n    role_arn = \"arn:aws:iam::" + account + ":role/x\"\n  }\n}\n"
	}
	for name, tc := range map[string]struct {
		files           string
		typ, id         string // aws_sqs_queue, q
		regions         map[string]int
		account, region string
		config          string
		provider        string // of the object
		want            string // "" for the default
		left            string // why it is left out
	}{
		"by region":                    {files: eu + us, region: "us-east-1", want: "aws.use1"},
		"the default's":                {files: eu + us, region: "eu-west-1"},
		"of none":                      {files: eu + us, region: "ap-south-1", left: "no provider configuration of the workspace reaches `ap-south-1`"},
		"of none, google's":            {files: strings.ReplaceAll(eu+us, "aws", "google"), typ: "google_redis_instance", region: "ap-south-1"},
		"of none, by an id with it":    {files: strings.ReplaceAll(eu+us, "aws", "tide"), typ: "tide_queue", id: "ap-south-1/q", region: "ap-south-1"},
		"of no account":                {files: strings.Replace(eu, "}", "  allowed_account_ids = [\"1\"]\n}", 1), account: "2", region: "eu-west-1", left: "no provider configuration of the workspace reaches account `2`, `eu-west-1`"},
		"of no account, global":        {files: role("assume_role", "b", "\"eu-west-1\"", "1"), typ: "aws_iam_role", account: "2", region: "us-east-1", left: "no provider configuration of the workspace reaches account `2`"},
		"of none, aliases alone":       {files: us, region: "eu-west-1", left: "no provider configuration of the workspace reaches `eu-west-1`"},
		"aliases alone, in use":        {files: us, region: "eu-west-1", regions: map[string]int{"eu-west-1": 1}},
		"aliases alone, global":        {files: us, typ: "aws_iam_role", region: "eu-west-1"},
		"the default isn't known":      {files: strings.Replace(eu, "\"eu-west-1\"", "var.x", 1) + us, region: "ap-south-1"},
		"no region":                    {files: eu + us},
		"global":                       {files: eu + us, typ: "aws_iam_role", region: "us-east-1"},
		"the default isn't literal":    {files: "provider \"aws\" {\n  region = var.region\n}\n" + us, region: "us-east-1", want: "aws.use1"},
		"no default":                   {files: us, region: "us-east-1", want: "aws.use1"},
		"the alias isn't literal":      {files: eu + "provider \"aws\" {\n  alias  = \"b\"\n  region = var.b\n}\n", region: "us-east-1", want: "aws.b"},
		"two aliases aren't":           {files: eu + "provider \"aws\" {\n  alias  = \"b\"\n  region = var.b\n}\nprovider \"aws\" {\n  alias  = \"c\"\n  region = var.c\n}\n", region: "us-east-1", left: "reaches `us-east-1` isn't known: `aws.b`, `aws.c` may"},
		"the default comes first":      {files: us + strings.Replace(us, "alias  = \"use1\"\n", "", 1), region: "us-east-1"},
		"then by name":                 {files: strings.Replace(us, "use1", "z", 1) + strings.Replace(us, "use1", "b", 1) + eu, region: "us-east-1", want: "aws.b"},
		"another provider's":           {files: strings.ReplaceAll(us, "\"aws\"", "\"gcp\"") + eu, region: "us-east-1", left: "no provider configuration of the workspace reaches `us-east-1`"},
		"another's by source":          {files: "terraform {\n  required_providers {\n    aws = { source = \"x/aws\" }\n  }\n}\n" + us, provider: "hashicorp/aws", region: "us-east-1"},
		"the default has the account":  {files: eu + role("assume_role", "b", "\"eu-west-1\"", "2"), account: "1", region: "eu-west-1"},
		"the alias has the account":    {files: eu + role("assume_role", "b", "\"eu-west-1\"", "2"), account: "2", region: "eu-west-1", want: "aws.b"},
		"by web identity":              {files: eu + role("assume_role_with_web_identity", "b", "\"eu-west-1\"", "2"), account: "2", region: "eu-west-1", want: "aws.b"},
		"the account alone":            {files: eu + role("assume_role", "b", "\"eu-west-1\"", "2"), typ: "aws_iam_role", account: "2", want: "aws.b"},
		"of another account":           {files: eu + role("assume_role", "b", "\"us-east-1\"", "2"), account: "1", region: "us-east-1", left: "no provider configuration of the workspace reaches account `1`, `us-east-1`"},
		"of another account, allowed":  {files: eu + strings.Replace(us, "}", "  allowed_account_ids = [\"2\", \"3\"]\n}", 1), account: "1", region: "us-east-1", left: "no provider configuration of the workspace reaches account `1`, `us-east-1`"},
		"of an account that's allowed": {files: eu + strings.Replace(us, "}", "  allowed_account_ids = [\"2\", \"1\"]\n}", 1), account: "1", region: "us-east-1", want: "aws.use1"},
		"the region wins by account":   {files: eu + role("assume_role", "b", "var.x", "2"), account: "2", region: "eu-west-1"},
		"another type":                 {files: strings.ReplaceAll(eu+us, "aws", "google"), typ: "google_redis_instance", region: "us-east-1", want: "google.use1"},
		"under another name": {files: "terraform {\n  required_providers {\n    cloud = { source = \"hashicorp/aws\" }\n  }\n}\n" + strings.ReplaceAll(us, "\"aws\"", "\"cloud\""),
			provider: "hashicorp/aws", region: "us-east-1", want: "cloud.use1"},
		"under another name, by the type": {files: "terraform {\n  required_providers {\n    cloud = { source = \"hashicorp/aws\" }\n  }\n}\n" + strings.ReplaceAll(eu, "\"aws\"", "\"cloud\""),
			region: "eu-west-1", want: "cloud"},
		"under another name, of another": {files: "terraform {\n  required_providers {\n    cloud = { source = \"hashicorp/aws\" }\n    aws = { source = \"x/aws\" }\n  }\n}\n", region: "eu-west-1"},
		"its configuration says so":      {files: eu + us, config: "resource \"aws_sqs_queue\" \"x\" {\n  provider = aws.use1\n  name     = \"q\"\n}\n", want: "aws.use1"},
		"its configuration is of elsewhere": {files: eu + us, region: "eu-west-1",
			config: "resource \"aws_sqs_queue\" \"x\" {\n  provider = aws.use1\n  name     = \"q\"\n}\n"},
		"nobody has what its configuration says": {files: eu, config: "resource \"aws_sqs_queue\" \"x\" {\n  provider = aws.use1\n  name     = \"q\"\n}\n"},
	} {
		t.Run(name, func(t *testing.T) {
			if tc.typ == "" {
				tc.typ = "aws_sqs_queue"
			}
			objects := unmanaged(tc.typ + ` q {"name":"q"}`)
			o := objects[0].Object
			o.Account, o.Region, o.Config, o.Provider, o.ID, o.Name = tc.account, tc.region, tc.config, tc.provider, cmp.Or(tc.id, "q"), "q"
			a := Imports(objects, ImportOptions{Into: "w", Workspaces: []Target{{Name: "w", Profile: model.Profile{Regions: tc.regions}, Files: map[string][]byte{"main.tf": []byte(tc.files)}}}})
			b := a.Batch("w")
			if tc.left != "" {
				if len(a.Left) != 1 || !strings.HasSuffix(a.Left[0].Why, tc.left) || len(b.Resources()) > 0 {
					t.Error(a.Left, b.Blocks(tc.typ+".q"))
				}
				return
			}
			text := strings.Join(strings.Fields(b.Blocks(tc.typ+".q")), " ")
			if n := strings.Count(text, "provider = "+tc.want+" "); tc.want != "" && n != 2 || tc.want == "" && strings.Contains(text, "provider") || !strings.Contains(text, "name = ") {
				t.Error(text)
			}
		})
	}
}

// TestImportAliasSchema has types that can say themselves where they are.
func TestImportAliasSchema(t *testing.T) {
	var schemas tfjson.ProviderSchemas
	if err := json.Unmarshal([]byte(testSchemas), &schemas); err != nil {
		t.Fatal(err)
	}
	const login = `"engine":"x","login":[{"user":"u","token":"t"}]`
	folder := map[string][]byte{"main.tf": []byte("provider \"aws\" {\n  region = \"b\"\n}\nprovider \"aws\" {\n  alias  = \"c\"\n  region = \"c\"\n}\n")}
	run := func() *Batch {
		objects := unmanaged(`aws_old near {`+login+`,"region":"b"}`, `aws_old other {`+login+`,"region":"c"}`, `aws_old away {`+login+`,"region":"d"}`)
		target := Target{Name: "w", Files: folder, Schemas: &schemas, Profile: model.Profile{Workspace: "w", Regions: map[string]int{"b": 1, "c": 5, "d": 1}}}
		return Imports(objects, ImportOptions{Workspaces: []Target{target}, Into: "w"}).Batch("w")
	}
	check := func(b *Batch) {
		t.Helper()
		for address, want := range map[string]string{
			"aws_old.near":  "to = aws_old.near id = \"near\"",
			"aws_old.other": "to = aws_old.other provider = aws.c id = \"other\"",
			"aws_old.away":  "to = aws_old.away id = \"away@d\"",
		} {
			text := strings.Join(strings.Fields(b.Blocks(address)), " ")
			if !strings.Contains(text, want) || strings.Contains(text, `region = "d"`) != (address == "aws_old.away") || strings.Contains(text, `region = "c"`) {
				t.Errorf("no %s in %s", want, text)
			}
		}
	}
	main := folder["main.tf"]
	delete(folder, "main.tf") // as long as there is no alias, it says where it is
	b := run()
	if text := b.Blocks("aws_old.near"); !strings.Contains(text, `"near@b"`) {
		t.Error(text)
	}
	for _, f := range b.Files() {
		folder[f.Path] = []byte(f.Content)
	}
	if n := len(run().Resources()); n != 3 || strings.Join(addressesOf(run()), " ") != "aws_old.away aws_old.near aws_old.other" {
		t.Error(addressesOf(run()))
	}
	folder = map[string][]byte{"main.tf": main}
	b = run()
	check(b)
	// Once more, over the files that it wrote.
	for _, f := range b.Files() {
		folder[f.Path] = []byte(f.Content)
	}
	check(run())
	// What an earlier version wrote for the default provider is written anew.
	for name, text := range folder {
		content, ours := withoutHeader(string(text))
		if ours {
			content = strings.ReplaceAll(content, "  provider     = aws.c\n", "  region = \"c\"\n")
			folder[name] = []byte(withHeader(strings.ReplaceAll(content, "  provider = aws.c\n", "")))
		}
	}
	check(run())
}

func addressesOf(b *Batch) []string {
	var out []string
	for _, r := range b.Resources() {
		out = append(out, r.Address)
	}
	return out
}

// TestImportOverride merges a provider block with the one that it overrides.
func TestImportOverride(t *testing.T) {
	folder := map[string][]byte{
		"a_override.tf": []byte("provider \"aws\" {\n  alias = \"b\"\n  region = \"us-east-1\"\n}\n"),
		"providers.tf":  []byte("provider \"aws\" {\n  alias = \"b\"\n  region = \"eu-west-1\"\n}\nprovider \"aws\" {\n  alias = \"c\"\n  region = \"eu-west-1\"\n}\n"),
		"override.tf":   []byte("provider \"aws\" {\n  alias = \"c\"\n  region = \"ap-south-1\"\n}\n"),
	}
	for region, want := range map[string]string{"us-east-1": "aws.b", "ap-south-1": "aws.c"} {
		objects := unmanaged(`aws_sqs_queue q {"name":"q","region":"` + region + `"}`)
		b := Imports(objects, ImportOptions{Into: "w", Workspaces: []Target{{Name: "w", Files: folder}}}).Batch("w")
		if got := b.resources["aws_sqs_queue.q"].provider; got != want {
			t.Errorf("%s: %q", region, got)
		}
	}
}

// A workspace reaches regions that it has set a provider up for, though it
// manages nothing there yet.
func TestImportIntoAConfiguredRegion(t *testing.T) {
	const eu = "provider \"aws\" {\n  region = \"eu-west-1\"\n}\n"
	for files, want := range map[string]bool{eu: false, eu + "provider \"aws\" {\n  alias  = \"use1\"\n  region = \"us-east-1\"\n}\n": true} {
		objects := unmanaged(`aws_sqs_queue q {"name":"q"}`)
		objects[0].Object.Account, objects[0].Object.Region = "1", "us-east-1"
		target := profile("w", "1", "eu-west-1", nil)
		target.Files = map[string][]byte{"main.tf": []byte(files)}
		a := Imports(objects, ImportOptions{Workspaces: []Target{target}, Into: "w"})
		if got := len(a.Left) == 0 && strings.Contains(a.Batch("w").Blocks("aws_sqs_queue.q"), "aws.use1"); got != want {
			t.Errorf("%t, want %t: %+v", got, want, a.Left)
		}
	}
}
