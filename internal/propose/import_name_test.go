package propose

import (
	"math/rand"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/strandline-tf/strandline/internal/model"
)

// TestImportNamesOfParts names objects by ids that are made of several things,
// and by identities.
func TestImportNamesOfParts(t *testing.T) {
	const listener, certificate = "arn:aws:elasticloadbalancing:eu-west-1:123456789012:listener/app/shop/50dc6c495c0c9188/9b1e4c7d0a2f3e55", "arn:aws:acm:eu-west-1:123456789012:certificate/7e7a28d2-163f-4b8f-b9cd-822f96c08d6a"
	for _, tc := range []struct{ typ, id, identity, short, full string }{
		{"aws_iam_role_policy_attachment", "role1/arn:aws:iam::aws:policy/ReadOnlyAccess", "", "role1_read_only_access", "role1_policy_read_only_access"},
		{"aws_iam_role_policy_attachment", "role1/arn:aws:iam::aws:policy/service-role/AWSLambdaRole", "", "role1_awslambda", "role1_policy_service_role_awslambda_role"},
		{"aws_x_y", "arn:aws:iam::1:role/a,arn:aws:iam::1:role/path/b,c", "", "a_b_c", "role_a_role_path_b_c"},
		{"aws_x_y", "arn:aws:iam::1:role/a_arn:aws:iam::1:role/b", "", "a_b", "role_a_role_b"},
		{"aws_lb_listener_certificate", listener + "_" + certificate, "", "shop", "listener_app_shop_50dc6c495c0c9188"},
		{"aws_x_y", "learn:a:b:c:d:e", "", "learn_a_b_c_d_e", "learn_a_b_c_d_e"},
		{"aws_x_y", "a/arn:b", "", "a_arn_b", "a_arn_b"},
		{"shore_network", "", `{"name":"Main Net","id":"net-1"}`, "main_net", "main_net_net_1"},
		{"shore_network", "", `{"id":"net-1"}`, "net_1", "net_1"},
		{"aws_vpc", "", `{"id":"vpc-0123456789abcdef0","account_id":"123456789012","region":"eu-west-1"}`, "vpc_0123456789abcdef0", "vpc_0123456789abcdef0"},
		{"aws_s3_bucket", "", `{"account_id":"123456789012","bucket":"acme-logs","region":"eu-west-1"}`, "acme_logs", "acme_logs"},
		{"aws_ecs_service", "", `{"cluster":"prod","name":"web"}`, "web", "web_prod"},
		{"aws_iam_policy", "", `{"arn":"arn:aws:iam::1:policy/team/Deploy"}`, "deploy", "policy_team_deploy"},
		{"aws_iam_role_policy_attachment", "", `{"role":"role1","policy_arn":"arn:aws:iam::aws:policy/ReadOnlyAccess"}`, "read_only_access_role1", "policy_read_only_access_role1"},
		{"aws_sqs_queue", "", `{"url":"https://sqs.eu-west-1.amazonaws.com/123456789012/jobs"}`, "jobs", "jobs"},
		{"azurerm_storage_account", "", `{"id":"/subscriptions/x/resourceGroups/y/providers/Microsoft.Storage/storageAccounts/logs"}`, "logs", ""},
		{"x_y", "", `{"region":"north-1"}`, "north_1", "north_1"},
		{"x_y", "", `{"n":5,"list":["a"]}`, "y_5", "y_5"},
	} {
		n := nameOf(&model.Object{Type: tc.typ, ID: tc.id, Identity: model.Value(tc.identity)})
		if n.short != tc.short || tc.full != "" && !strings.HasPrefix(n.full, tc.full) {
			t.Errorf("%s %s%s: %q, %q", tc.typ, tc.id, tc.identity, n.short, n.full)
		}
	}
	a := nameOf(&model.Object{Type: "x_y", Identity: model.Value(`{"a":"1","b":"2"}`)})
	if b := nameOf(&model.Object{Type: "x_y", Identity: model.Value(`{"b": "2", "a": "1", "c": null}`)}); a != b {
		t.Error(a, b)
	}
}

// TestImportIdentityNamesStable gives objects that are called the same names of
// their own, in whatever order they come.
func TestImportIdentityNamesStable(t *testing.T) {
	var objects []model.Unmanaged
	for _, identity := range []string{`{"name":"web","cluster":"a"}`, `{"name":"web","cluster":"b"}`, `{"name":"job","cluster":"b"}`,
		`{"name":"twice","region":"a"}`, `{"name":"twice","region":"b"}`} {
		o := &model.Object{Type: "aws_ecs_service", Identity: model.Value(identity)}
		objects = append(objects, model.Unmanaged{Type: o.Type, Identity: o.Identity, Object: o})
	}
	names := func() map[string]string {
		Imports(objects, ImportOptions{})
		out := map[string]string{}
		for _, u := range objects {
			out[string(u.Identity)] = strings.TrimPrefix(u.Suggestion.To, "aws_ecs_service.")
		}
		return out
	}
	want := names()
	for identity, name := range map[string]string{`{"name":"web","cluster":"a"}`: "web_a", `{"name":"web","cluster":"b"}`: "web_b", `{"name":"job","cluster":"b"}`: "job"} {
		if want[identity] != name {
			t.Errorf("%s: %s", identity, want[identity])
		}
	}
	if a, b := want[`{"name":"twice","region":"a"}`], want[`{"name":"twice","region":"b"}`]; a == b || !strings.HasPrefix(a, "twice_") {
		t.Error(a, b)
	}
	for seed := range int64(5) {
		rand.New(rand.NewSource(seed)).Shuffle(len(objects), func(i, j int) { objects[i], objects[j] = objects[j], objects[i] })
		if diff := cmp.Diff(want, names()); diff != "" {
			t.Fatal(diff)
		}
	}
}
