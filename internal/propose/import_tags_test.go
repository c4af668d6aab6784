package propose

import (
	"encoding/json"
	"strings"
	"testing"

	tfjson "github.com/hashicorp/terraform-json"

	"github.com/strandline-tf/strandline/internal/model"
)

// TestImportTags writes the tags that are told beside the attributes.
func TestImportTags(t *testing.T) {
	const taggable = `{"format_version":"1.0","provider_schemas":{"registry.terraform.io/x/shore":{"resource_schemas":{
"shore_tagged":{"version":0,"block":{"attributes":{"name":{"type":"string","optional":true},"tags":{"type":["map","string"],"optional":true}}}},
"shore_listed":{"version":0,"block":{"attributes":{"name":{"type":"string","optional":true},"tags":{"type":["set","string"],"optional":true}}}},
"shore_nested":{"version":0,"block":{"attributes":{"name":{"type":"string","optional":true},"tags":{"nested_type":{"nesting_mode":"set","attributes":{"key":{"type":"string","optional":true}}},"optional":true}}}},
"shore_computed":{"version":0,"block":{"attributes":{"name":{"type":"string","optional":true},"tags":{"type":["map","string"],"computed":true}}}}}}}}`
	var schemas tfjson.ProviderSchemas
	if err := json.Unmarshal([]byte(taggable), &schemas); err != nil {
		t.Fatal(err)
	}
	for name, tc := range map[string]struct {
		typ        string // aws_sqs_queue
		attributes string // {"name":"q"}
		provider   string // HCL of a provider block
		sensitive  string
		want       string // "" for none
	}{
		"by the table":               {want: `tags = { Env = "prod" Team = "x" }`},
		"the schema":                 {typ: "shore_tagged", want: `tags = { Env = "prod" Team = "x" }`},
		"the schema wants a list":    {typ: "shore_listed"},
		"the schema wants objects":   {typ: "shore_nested"},
		"the schema computes them":   {typ: "shore_computed"},
		"nothing known":              {typ: "shore_bucket"},
		"in blocks":                  {typ: "aws_autoscaling_group"},
		"not in CloudFormation":      {typ: "aws_iam_policy", want: `tags = {`},
		"not at all":                 {typ: "aws_iam_role_policy_attachment"},
		"of the other provider":      {typ: "awscc_sqs_queue"},
		"the attributes have them":   {attributes: `{"name":"q","tags":{"Env":"test"}}`, want: `tags = { Env = "test" }`},
		"the attributes have none":   {attributes: `{"name":"q","tags":{}}`},
		"the attributes don't say":   {attributes: `{"name":"q","tags":null,"tags_all":null}`, want: `tags = {`},
		"they may be the provider's": {attributes: `{"name":"q","tags_all":{"Env":"prod","Team":"x"}}`},
		"some are the provider's":    {provider: "default_tags {\n tags = { Team = \"x\" }\n}", want: `tags = { Env = "prod" }`},
		"another value":              {provider: "default_tags {\n tags = { Team = \"y\" }\n}", want: `tags = { Env = "prod" Team = "x" }`},
		"all are the provider's":     {provider: "default_tags {\n tags = { Team = \"x\", Env = \"prod\" }\n}"},
		"secret, in blocks":          {typ: "aws_autoscaling_group", sensitive: "tags"},
		"secret, nothing known":      {typ: "shore_bucket", sensitive: "tags", want: "ignore_changes = [tags]"},
		"secret":                     {sensitive: "tags", want: "ignore_changes = [tags]"},
	} {
		t.Run(name, func(t *testing.T) {
			if tc.typ == "" {
				tc.typ = "aws_sqs_queue"
			}
			o := &model.Object{Type: tc.typ, ID: "q", Source: "file", Attributes: model.Value(`{"name":"q"}`),
				Tags: map[string]string{"Env": "prod", "Team": "x", "aws:cloudformation:stack-name": "s"}}
			if tc.attributes != "" {
				o.Attributes = model.Value(tc.attributes)
			}
			if tc.sensitive != "" {
				o.Sensitive = []string{tc.sensitive}
			}
			target := Target{Name: "w", Schemas: &schemas, Files: map[string][]byte{"main.tf": []byte("provider \"aws\" {\n" + tc.provider + "\n}\nprovider \"shore\" {}\nprovider \"awscc\" {}\n")}}
			b := Imports([]model.Unmanaged{{Type: o.Type, ID: o.ID, Object: o}}, ImportOptions{Into: "w", Workspaces: []Target{target}}).Batch("w")
			text := strings.Join(strings.Fields(b.Blocks(tc.typ+".q")), " ")
			if !strings.Contains(text, "name = ") || !strings.Contains(text, tc.want) || (tc.want == "") == strings.Contains(text, "tags") || strings.Contains(text, "aws:") {
				t.Errorf("no %s in %s", tc.want, text)
			}
		})
	}
}
