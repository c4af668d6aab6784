package propose

import (
	"encoding/json"
	"strings"
	"testing"

	tfjson "github.com/hashicorp/terraform-json"
)

// TestImportRefersByID refers to what an argument's name says it means, by ids
// of whatever form, and to nothing else.
func TestImportRefersByID(t *testing.T) {
	const policy, topic, key = "arn:aws:iam::1:policy/p", "arn:aws:sns:a:1:news", "arn:aws:kms:a:1:key/k"
	others := []string{
		`aws_security_group sg-1 {"name":"one"}`,
		`aws_security_group sg-2 {"name":"two"}`,
		`aws_subnet subnet-n {"cidr_block":"10.0.0.0/24"}`,
		`aws_iam_policy ` + policy + ` {"name":"p"}`,
		`aws_sns_topic ` + topic + ` {"name":"news"}`,
		`aws_kms_key k {"arn":"` + key + `"}`,
		`aws_sfn_activity arn:aws:states:a:1:activity:act {"name":"act"}`,
		`shore_thing arn:shore:a:1:thing/t {"name":"t"}`,
		`shore_token t-1 {"name":"x"}`,
	}
	var schemas tfjson.ProviderSchemas
	if err := json.Unmarshal([]byte(`{"format_version":"1.0","provider_schemas":{"registry.terraform.io/x/shore":{"resource_schemas":{
"shore_thing":{"version":0,"block":{"attributes":{"id":{"type":"string","computed":true},"name":{"type":"string","optional":true},"arn":{"type":"string","computed":true}}}}}}}}`), &schemas); err != nil {
		t.Fatal(err)
	}
	for _, tc := range []struct{ line, want string }{
		{`aws_instance i {"vpc_security_group_ids":["sg-1","sg-2"]}`, `vpc_security_group_ids = [aws_security_group.one.id, aws_security_group.two.id]`},
		{`aws_instance i {"security_group_ids":["sg-1","sg-3"]}`, `security_group_ids = [aws_security_group.one.id, "sg-3"]`},
		{`aws_security_group_rule r {"source_security_group_id":"sg-1"}`, `source_security_group_id = aws_security_group.one.id`},
		{`aws_lb l {"subnet_mapping":[{"subnet_id":"subnet-n"}]}`, `subnet_id = aws_subnet.n.id`},
		{`aws_lb l {"outer_subnet_ids":["subnet-n"]}`, `outer_subnet_ids = [aws_subnet.n.id]`},
		// Another type, another provider, no id, or no more than a word in common.
		{`aws_instance i {"outer_subnet_ids":["sg-1"]}`, `outer_subnet_ids = ["sg-1"]`},
		{`google_instance i {"vpc_security_group_ids":["sg-1"]}`, `vpc_security_group_ids = ["sg-1"]`},
		{`aws_instance i {"vpc_security_group":"sg-1"}`, `vpc_security_group = "sg-1"`},
		{`aws_instance i {"vpc_security_group_names":["one"]}`, `vpc_security_group_names = ["one"]`},
		{`aws_instance i {"target_group_id":"sg-1"}`, `target_group_id = "sg-1"`},
		{`aws_instance i {"owner":"sg-1","note":"sg-1","tags":{"security_group_id":"sg-1"}}`, `note = "sg-1" owner = "sg-1" tags = { security_group_id = "sg-1" }`},
		// What stands for an ARN is the attribute that holds it.
		{`aws_iam_role_policy_attachment a {"policy_arn":"` + policy + `"}`, `policy_arn = aws_iam_policy.p.arn`},
		{`aws_iam_role r {"managed_policy_arns":["` + policy + `"],"permissions_boundary":"` + policy + `"}`,
			`managed_policy_arns = [aws_iam_policy.p.arn] permissions_boundary = aws_iam_policy.p.arn`},
		{`aws_iam_user_policy p {"policy":"{\"Resource\":\"` + topic + `\"}"}`, `policy = jsonencode({ Resource = aws_sns_topic.news.arn })`},
		{`aws_sns_topic_policy ` + topic + ` {"arn":"` + topic + `"}`, `arn = aws_sns_topic.news.arn`},
		{`aws_ebs_volume v {"kms_key_id":"` + key + `"}`, `kms_key_id = aws_kms_key.k.arn`},
		{`aws_x x {"activity_arn":"arn:aws:states:a:1:activity:act"}`, `activity_arn = aws_sfn_activity.act.id`},
		{`shore_x x {"thing_arn":"arn:shore:a:1:thing/t","thing":"arn:shore:a:1:thing/t"}`, `thing = shore_thing.t.id thing_arn = shore_thing.t.arn`},
	} {
		objects := unmanaged(append([]string{tc.line}, others...)...)
		b := Imports(objects, ImportOptions{Into: "w", Workspaces: []Target{{Name: "w", Schemas: &schemas}}}).Batch("w")
		text := strings.Join(strings.Fields(b.Blocks(objects[0].Suggestion.To)), " ")
		if !strings.Contains(text, tc.want) {
			t.Errorf("no %s in %s", tc.want, text)
		}
	}
	// The same with what is managed.
	find := func(q Query) (Place, bool) {
		return Place{"w", "aws_security_group.web", "aws_security_group"}, q.Type == "aws_security_group" && q.ID == "sg-9"
	}
	target := profile("w", "", "", nil)
	target.Profile.Types["aws_security_group"] = 1
	b := Imports(unmanaged(`aws_instance i {"vpc_security_group_ids":["sg-9"]}`), ImportOptions{Into: "w", Find: find, Workspaces: []Target{target}}).Batch("w")
	if text := b.Blocks("aws_instance.i"); !strings.Contains(text, "= [aws_security_group.web.id]") {
		t.Error(text)
	}
}
