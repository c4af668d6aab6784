package match_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/strandline-tf/strandline/internal/match"
	"github.com/strandline-tf/strandline/internal/model"
)

// instance reads "workspace address type id" and attributes.
func instance(line, attributes string) model.Managed {
	f := strings.Fields(line)
	m := model.Managed{Workspace: f[0], Address: f[1], Type: f[2], ID: f[3], Attributes: model.Value(attributes)}
	if len(f) > 4 {
		m.ARN = f[4]
	}
	return m
}

func TestConflicts(t *testing.T) {
	const role = "arn:aws:iam::111111111111:role/x"
	for _, tc := range []struct {
		name, want string
		in         []model.Managed
	}{
		{"two states", "aws_s3_bucket logs [a b]", []model.Managed{instance("b x.y aws_s3_bucket logs", `{"bucket":"logs"}`), instance("a x.y aws_s3_bucket logs", "")}},
		{"twice in one", "aws_s3_bucket logs [a]", []model.Managed{instance("a x.y aws_s3_bucket logs", ""), instance("a x.z aws_s3_bucket logs", "")}},
		{"three states", "aws_s3_bucket logs [a b c]", []model.Managed{instance("a x.y aws_s3_bucket logs", ""), instance("b x.y aws_s3_bucket logs", ""), instance("c x.y aws_s3_bucket logs", "")}},
		{"deposed", "", []model.Managed{instance("a x.y aws_s3_bucket logs", ""), instance("a x.y aws_s3_bucket logs", "")}},
		{"same account", "aws_iam_role x [a b]", []model.Managed{instance("a r aws_iam_role x "+role, ""), instance("b r aws_iam_role x "+role, "")}},
		{"other account", "", []model.Managed{instance("a r aws_iam_role x "+role, ""), instance("b r aws_iam_role x arn:aws:iam::222222222222:role/x", "")}},
		{"other region", "", []model.Managed{instance("a r aws_cloudwatch_log_group x arn:aws:logs:eu-west-1:111111111111:log-group:x", ""), instance("b r aws_cloudwatch_log_group x arn:aws:logs:us-east-1:111111111111:log-group:x", "")}},
		{"no account anywhere", "aws_iam_role x [a b]", []model.Managed{instance("a r aws_iam_role x", ""), instance("b r aws_iam_role x", "")}},
		{"an account of several", "", []model.Managed{
			instance("a r aws_iam_role_policy p:q", ""), instance("a s aws_iam_role s arn:aws:iam::111111111111:role/s", ""), instance("a t aws_iam_role t arn:aws:iam::222222222222:role/t", ""),
			instance("b r aws_iam_role_policy p:q", ""), instance("b s aws_iam_role u arn:aws:iam::111111111111:role/u", "")}},
		{"two shapes", "aws_lb arn:aws:elasticloadbalancing:eu-west-1:111111111111:loadbalancer/app/x/1 [a b]", []model.Managed{
			instance("a r aws_lb arn:aws:elasticloadbalancing:eu-west-1:111111111111:loadbalancer/app/x/1", ""), instance("b r aws_alb arn:aws:elasticloadbalancing:eu-west-1:111111111111:loadbalancer/app/x/1", "")}},
		{"both sides of a peering", "", []model.Managed{instance("a r aws_vpc_peering_connection pcx-0123456789abcdef0", ""), instance("b r aws_vpc_peering_connection_accepter pcx-0123456789abcdef0", "")}},
		{"statement of two functions", "", []model.Managed{instance("a r aws_lambda_permission Allow", `{"function_name":"f","statement_id":"Allow"}`), instance("b r aws_lambda_permission Allow", `{"function_name":"g","statement_id":"Allow"}`)}},
		{"nothing real", "", []model.Managed{instance("a r null_resource 1", ""), instance("b r null_resource 1", ""), instance("a s random_pet cat", ""), instance("b s random_pet cat", "")}},
		{"another cloud", "google_storage_bucket x [a b]", []model.Managed{instance("a r google_storage_bucket x", ""), instance("b r google_storage_bucket x", "")}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			x := match.NewIndex()
			for _, m := range tc.in {
				x.Add(m)
			}
			var got []string
			for _, c := range x.Conflicts() {
				got = append(got, fmt.Sprint(c.Type, " ", c.ID, " ", c.Workspaces))
			}
			if strings.Join(got, "\n") != tc.want {
				t.Errorf("got %q, want %q", got, tc.want)
			}
		})
	}
}

func TestFind(t *testing.T) {
	x := match.NewIndex()
	x.Add(instance("a aws_iam_role.x aws_iam_role x arn:aws:iam::111111111111:role/x", `{"name":"x"}`))
	x.Add(instance("b aws_iam_role.x aws_iam_role x arn:aws:iam::222222222222:role/x", `{"name":"x"}`))
	x.Add(instance("a thing.t aws_new_thing t arn:aws:new:eu-west-1:111111111111:thing/t", ""))
	for _, tc := range []struct {
		q    match.Query
		want string
	}{
		{match.Query{Type: "aws_iam_role", ID: "x", Account: "222222222222"}, "b aws_iam_role.x"},
		{match.Query{Type: "aws_iam_role", ID: "x"}, "a aws_iam_role.x"},
		{match.Query{Type: "aws_iam_role", ID: "x", Account: "333333333333"}, " "},
		{match.Query{ID: "arn:aws:iam::222222222222:role/x"}, "b aws_iam_role.x"},
		{match.Query{ID: "arn:aws:new:eu-west-1:111111111111:thing/t"}, "a thing.t"},
		{match.Query{ID: "x"}, " "},
		{match.Query{}, " "},
	} {
		p, _ := x.Find(tc.q)
		if got := p.Workspace + " " + p.Address; got != tc.want {
			t.Errorf("%+v: %q, want %q", tc.q, got, tc.want)
		}
	}
}

func TestIgnoreLinesComeFirst(t *testing.T) {
	rules, err := model.ParseIgnore(".strandlineignore", strings.NewReader(strings.Join([]string{
		`aws_iam_role.AWSReserved* # reason=SSO`, `aws_sns_topic.arn:aws:sns:*:legacy-*`, `aws_route53_record.Z1_www\.example\.com_A`, `aws_sqs_queue`,
		`!aws_iam_role.AWSServiceRoleForShown`, `aws_s3_bucket.*`, `!aws_s3_bucket.keep`, `aws_instance.i-1:tags`, `aws_vpc.* # until=2026-01-01`,
	}, "\n")))
	if err != nil {
		t.Fatal(err)
	}
	j := match.NewIndex().NewJudge(match.Options{Rules: rules, Today: time.Date(2026, 2, 1, 0, 0, 0, 0, time.UTC)})
	for _, o := range []string{
		"aws_iam_role AWSReservedX", "aws_sns_topic arn:aws:sns:eu-west-1:111111111111:legacy-a", "aws_route53_record Z1_www.example.com_A", "aws_sqs_queue q",
		"aws_sqs_queue_policy q", "aws_iam_role AWSServiceRoleForShown", "aws_iam_role AWSServiceRoleForHidden", "aws_s3_bucket logs", "aws_s3_bucket keep", "aws_instance i-1", "aws_vpc v",
	} {
		typ, id, _ := strings.Cut(o, " ")
		j.Add(model.Object{Type: typ, ID: id})
	}
	r := j.Result()
	var got []string
	for _, u := range r.Unmanaged {
		got = append(got, u.ID)
	}
	for _, i := range r.Ignored {
		got = append(got, i.ID+" by "+i.Pattern+i.Rule+" "+i.Reason)
	}
	want := []string{
		"AWSServiceRoleForShown", "i-1", "keep", "q", "v",
		"AWSReservedX by aws_iam_role.AWSReserved* SSO", "AWSServiceRoleForHidden by default a role that an AWS service made for itself",
		`Z1_www.example.com_A by aws_route53_record.Z1_www\.example\.com_A `, "logs by aws_s3_bucket.* ",
		"arn:aws:sns:eu-west-1:111111111111:legacy-a by aws_sns_topic.arn:aws:sns:*:legacy-* ", "q by aws_sqs_queue ",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if len(r.Notes) != 1 || !strings.Contains(r.Notes[0], "aws_vpc.*") {
		t.Error(r.Notes)
	}
}

// The same object from two sources, or in several regions, counts once and
// knows what both do, in whichever order they come.
func TestObjectsMerge(t *testing.T) {
	objects := []model.Object{
		{Type: "aws_iam_role", ID: "x", Region: "us-east-1", Source: "aws", Account: "111111111111"},
		{Type: "aws_iam_role", ID: "x", Region: "eu-west-1", Source: "aws", ARN: "arn:aws:iam::111111111111:role/x"},
		{Type: "aws_iam_role", ID: "arn:aws:iam::111111111111:role/x", Source: "file", Tags: map[string]string{"a": "b"}, Attributes: model.Value(`{"path":"/"}`)},
		{Type: "aws_iam_role", ID: "x", Account: "222222222222", Source: "aws"},
		{Type: "aws_cloudwatch_log_group", ID: "g", Region: "us-east-1"}, {Type: "aws_cloudwatch_log_group", ID: "g", Region: "eu-west-1"},
	}
	var first match.Result
	for turn := range len(objects) {
		j := match.NewIndex().NewJudge(match.Options{})
		for i := range objects {
			j.Add(objects[(i+turn)%len(objects)])
		}
		r := j.Result()
		if turn == 0 {
			first = r
			if len(r.Unmanaged) != 4 || r.Unmanaged[2].ID != "x" || r.Unmanaged[2].Tags["a"] != "b" || r.Unmanaged[2].Object.Attributes == nil || r.Unmanaged[2].Source != "aws" {
				t.Errorf("%+v", r.Unmanaged)
			}
		}
		if diff := cmp.Diff(first, r); diff != "" {
			t.Errorf("turn %d: %s", turn, diff)
		}
	}
}

func TestCoverage(t *testing.T) {
	x := match.NewIndex()
	x.Add(instance("w1 a aws_instance i-0000000000000001 arn:aws:ec2:eu-west-1:111111111111:instance/i-1", ""))
	x.Add(instance("w1 b aws_sns_topic t arn:aws:sns:eu-west-1:111111111111:t", ""))
	x.Add(instance("w2 c aws_alb l arn:aws:elasticloadbalancing:us-east-1:111111111111:loadbalancer/app/x/1", ""))
	j := x.NewJudge(match.Options{})
	j.Listed("aws_instance", "aws_lb")
	j.Unsupported("ec2:thing", "111111111111", "eu-west-1", 3)
	j.Add(model.Object{Type: "aws_instance", ID: "i-0000000000000001"})
	j.Add(model.Object{Type: "aws_instance", ID: "i-0000000000000002", Account: "111111111111", Region: "eu-west-1"})
	j.Add(model.Object{Type: "aws_cloudwatch_event_bus", ID: "default"})
	c := j.Result().Coverage
	if want := (model.Covered{Managed: 2, Unmanaged: 1, Ignored: 1, Unsupported: 3, NotListed: 1, Percent: 66.7}); c.Covered != want {
		t.Errorf("got %+v", c.Covered)
	}
	names := func(list []model.CoveredBy) (out []string) {
		for _, by := range list {
			out = append(out, fmt.Sprintf("%s %d/%d %.1f", by.Name, by.Managed, by.Unmanaged, by.Percent))
		}
		return out
	}
	got := [][]string{names(c.ByType), names(c.ByAccount), names(c.ByRegion), names(c.ByWorkspace)}
	want := [][]string{
		{"aws_cloudwatch_event_bus 0/0 100.0", "aws_instance 1/1 50.0", "aws_lb 1/0 100.0", "aws_sns_topic 0/0 100.0", "ec2:thing 0/0 100.0"},
		{" 0/0 100.0", "111111111111 2/1 66.7"}, {" 0/0 100.0", "eu-west-1 1/1 50.0", "us-east-1 1/0 100.0"}, {"w1 1/0 100.0", "w2 1/0 100.0"},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	found := []model.Unmanaged{{Type: "aws_s3_bucket", Suggestion: &model.Suggestion{Workspace: "w2"}}, {Type: "aws_new_thing", Region: "eu-west-1"}}
	ignored, unsupported, notListed := c.Ignored, c.Unsupported, c.NotListed
	j.Tally().Recount(&c, found, nil)
	if got := names(c.ByWorkspace)[1]; got != "w2 1/1 50.0" || c.Unmanaged != 2 || c.Ignored != ignored || c.Unsupported != unsupported || c.NotListed != notListed ||
		!slices.Contains(names(c.ByType), "aws_new_thing 0/1 0.0") || !slices.Contains(names(c.ByRegion), "eu-west-1 1/1 50.0") {
		t.Errorf("%+v", c)
	}
	// Of one workspace, only what is its own.
	j.Tally().Recount(&c, found[:1], func(workspace string) bool { return workspace == "w2" })
	if got := names(c.ByWorkspace); !slices.Equal(got, []string{"w2 1/1 50.0"}) || c.Managed != 1 || c.Unmanaged != 1 || c.Ignored+c.Unsupported != 0 {
		t.Errorf("%v %+v", got, c.Covered)
	}
}

func TestProfiles(t *testing.T) {
	x := match.NewIndex()
	x.Add(instance("w aws_instance.a aws_instance i-0000000000000001 arn:aws:ec2:eu-west-1:111111111111:instance/i-1", `{"vpc_id":"vpc-1","tags":{"Name":"shop-prod-api","Env":"prod"},"tags_all":{"Name":"shop-prod-api","Env":"prod","Team":"x"}}`))
	x.Add(instance("w aws_s3_bucket.b aws_s3_bucket shop-logs", `{"bucket":"shop-logs","tags":null}`))
	want := []model.Profile{{
		Workspace: "w", Resources: 2, Accounts: map[string]int{"111111111111": 1}, Regions: map[string]int{"eu-west-1": 1},
		Tags: map[string]int{"Env=prod": 1, "Team=x": 1}, Prefixes: map[string]int{"shop": 2, "shop-prod": 1}, VPCs: map[string]int{"vpc-1": 1},
		Services: map[string]int{"instance": 1, "s3": 1}, Types: map[string]int{"aws_instance": 1, "aws_s3_bucket": 1},
	}}
	if diff := cmp.Diff(want, x.Profiles()); diff != "" {
		t.Error(diff)
	}
}
