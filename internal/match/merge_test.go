package match_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/strandline-tf/strandline/internal/match"
	"github.com/strandline-tf/strandline/internal/model"
)

// permutations calls yield with all orders of the numbers below n.
func permutations(n int, yield func([]int)) {
	var grow func(order []int)
	grow = func(order []int) {
		if len(order) == n {
			yield(order)
			return
		}
		for i := range n {
			if !slices.Contains(order, i) {
				grow(append(slices.Clone(order), i))
			}
		}
	}
	grow(nil)
}

// What several objects tell of one doesn't depend on the order in which they come.
func TestOrderOfObjects(t *testing.T) {
	const lb = "arn:aws:elasticloadbalancing:eu-west-1:111111111111:loadbalancer/app/x/1"
	rule := func(typ, id, attributes string) model.Object {
		return model.Object{Type: typ, ID: id, Attributes: model.Value(attributes)}
	}
	newer := rule("aws_vpc_security_group_ingress_rule", "sgr-1", `{"security_group_id":"sg-1","ip_protocol":"tcp","from_port":22,"to_port":22,"cidr_ipv4":"10.0.0.0/8"}`)
	for _, tc := range []struct {
		name string
		in   []model.Object
		want string
	}{
		{"aws before awscc", []model.Object{{Type: "awscc_s3_bucket", ID: "b", Name: "a"}, {Type: "aws_s3_bucket", ID: "b", Tags: map[string]string{"x": "y"}}}, "aws_s3_bucket b a map[x:y]"},
		{"its own name before another", []model.Object{{Type: "aws_alb", ID: lb}, {Type: "aws_lb", ID: lb}}, "aws_lb " + lb + "  map[]"},
		{"the smallest name", []model.Object{{Type: "aws_s3_bucket", ID: "b", Name: "n2"}, {Type: "aws_s3_bucket", ID: "b", Name: "n1", Source: "z"}, {Type: "aws_s3_bucket", ID: "b"}}, "aws_s3_bucket b n1 map[]"},
		{"different tags", []model.Object{{Type: "aws_s3_bucket", ID: "b", Tags: map[string]string{"x": "2"}}, {Type: "aws_s3_bucket", ID: "b", Tags: map[string]string{"x": "1"}}, {Type: "aws_s3_bucket", ID: "b"}}, "aws_s3_bucket b  map[x:1]"},
		{"one of unknown account", []model.Object{{Type: "aws_iam_role", ID: "r"}, {Type: "aws_iam_role", ID: "r", Account: "111111111111"}, {Type: "aws_iam_role", ID: "r", Account: "222222222222"}}, "aws_iam_role r  map[], aws_iam_role r  map[]"},
		{"a rule in two shapes", []model.Object{newer, rule("aws_security_group_rule", "sg-1_ingress_tcp_22_22_10.0.0.0/8", "")}, "aws_vpc_security_group_ingress_rule sgr-1  map[]"},
		{"a rule that tells the other's id", []model.Object{{Type: newer.Type, ID: "sgr-1"}, rule("aws_security_group_rule", "sgrule-1", `{"security_group_rule_id":"sgr-1"}`)}, "aws_vpc_security_group_ingress_rule sgr-1  map[]"},
		{"a rule under two ids", []model.Object{rule("aws_security_group_rule", "sg-1_ingress_tcp_22_22_self", ""), rule("aws_security_group_rule", "sgrule-1", `{"security_group_id":"sg-1","type":"ingress","protocol":"tcp","from_port":22,"to_port":22,"self":true}`)}, "aws_security_group_rule sg-1_ingress_tcp_22_22_self  map[]"},
		{"a rule that allows more", []model.Object{newer, rule("aws_security_group_rule", "sg-1_ingress_tcp_22_22_10.0.0.0/8_self", "")}, "aws_security_group_rule sg-1_ingress_tcp_22_22_10.0.0.0/8_self  map[], aws_vpc_security_group_ingress_rule sgr-1  map[]"},
		{"a rule of another account", []model.Object{{Type: newer.Type, ID: newer.ID, Attributes: newer.Attributes, Account: "111111111111"}, {Type: "aws_security_group_rule", ID: "sg-1_ingress_tcp_22_22_10.0.0.0/8", Account: "222222222222"}}, "aws_security_group_rule sg-1_ingress_tcp_22_22_10.0.0.0/8  map[], aws_vpc_security_group_ingress_rule sgr-1  map[]"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			var first *match.Result
			permutations(len(tc.in), func(order []int) {
				j := match.NewIndex().NewJudge(match.Options{})
				for _, i := range order {
					j.Add(tc.in[i])
				}
				r := j.Result()
				var got []string
				for _, u := range r.Unmanaged {
					got = append(got, fmt.Sprint(u.Type, " ", u.ID, " ", u.Name, " ", u.Tags))
				}
				if got := strings.Join(got, ", "); got != tc.want || r.Coverage.Unmanaged != len(r.Unmanaged) {
					t.Errorf("%v: %s (%d), want %s", order, got, r.Coverage.Unmanaged, tc.want)
				}
				if first == nil {
					first = &r
				}
				if diff := cmp.Diff(*first, r); diff != "" {
					t.Errorf("%v: %s", order, diff)
				}
				if diff := cmp.Diff(r, j.Result()); diff != "" {
					t.Errorf("asked again: %s", diff)
				}
			})
		})
	}
}
