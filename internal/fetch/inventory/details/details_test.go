package details

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/strandline-tf/strandline/internal/model"
	"github.com/strandline-tf/strandline/internal/secret"
)

func TestFill(t *testing.T) {
	for _, tc := range []struct {
		name, attributes string
		in, want         model.Object
	}{
		{"nothing", ``, model.Object{}, model.Object{}},
		{"an ARN tells the place", `{"id":"i","arn":"arn:aws:sns:eu-west-1:1:t"}`, model.Object{Type: "t"}, model.Object{Type: "t", ID: "i", ARN: "arn:aws:sns:eu-west-1:1:t", Account: "1", Region: "eu-west-1"}},
		{"an id that is an ARN", `{"id":"arn:aws:sns:eu-west-1:1:t"}`, model.Object{Type: "t"}, model.Object{Type: "t", ID: "arn:aws:sns:eu-west-1:1:t", ARN: "arn:aws:sns:eu-west-1:1:t", Account: "1", Region: "eu-west-1"}},
		{"the identity alone makes the import id", `{}`, model.Object{Type: "aws_s3_bucket", Identity: model.Value(`{"bucket":"logs"}`)},
			model.Object{Type: "aws_s3_bucket", Identity: model.Value(`{"bucket":"logs"}`), ID: "logs"}},
		{"the identity comes first", `{"region":"a","account_id":"b"}`, model.Object{Identity: model.Value(`{"region":"c","account_id":7}`)},
			model.Object{Identity: model.Value(`{"region":"c","account_id":7}`), Region: "c", Account: "7"}},
		{"what is set stays", `{"id":"i","name":"n","tags":{"a":"b"},"region":"r"}`, model.Object{ID: "x", Name: "y", Tags: map[string]string{}, Region: "z"},
			model.Object{ID: "x", Aliases: []string{"i"}, Name: "y", Tags: map[string]string{}, Region: "z"}},
		{"tags", `{"tags":{"Name":"n"},"tags_all":{"Name":"n","Team":"t","no":null}}`, model.Object{}, model.Object{Name: "n", Tags: map[string]string{"Name": "n", "Team": "t"}}},
		{"an import id of its own", `{"id":"arn:aws:ecs:r:1:cluster/c","name":"c"}`, model.Object{Type: "aws_ecs_cluster"},
			model.Object{Type: "aws_ecs_cluster", ID: "c", Aliases: []string{"arn:aws:ecs:r:1:cluster/c"}, ARN: "arn:aws:ecs:r:1:cluster/c", Name: "c", Account: "1", Region: "r"}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			Fill(&tc.in, model.Value(tc.attributes))
			if diff := cmp.Diff(tc.want, tc.in); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestWithholdAt(t *testing.T) {
	secrets := &secret.Set{}
	o := model.Object{Attributes: model.Value(`{"a":{"b":["secret-b",123456789]},"c":1}`), Config: "resource \"t\" \"n\" {\n  c = 1\n  a {\n    b = \"secret-b\"\n  }\n}\n", Sensitive: []string{"z"}}
	WithholdAt(&o, [][]string{{"a"}, {"absent"}}, secrets)
	want := model.Object{Attributes: model.Value(`{"c":1}`), Config: "resource \"t\" \"n\" {\n  c = 1\n}\n", Sensitive: []string{"a", "absent", "z"}}
	if diff := cmp.Diff(want, o); diff != "" {
		t.Error(diff)
	}
	if !secrets.Whole("secret-b") || !secrets.Whole("123456789") {
		t.Error(secrets.Masks())
	}
	for config, want := range map[string]bool{"a = ": false, nested(999): true, nested(1001): false, "x = " + strings.Repeat("!", 1001) + "true\n": false} {
		if got := Without(config, []string{"a"}); (got == config) != want || !want && got != "" {
			t.Errorf("%.20s: %.20s", config, got)
		}
	}
}

func nested(n int) string {
	return "x = " + strings.Repeat("[", n) + strings.Repeat("]", n) + "\n"
}
