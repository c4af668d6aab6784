package schema

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/strandline-tf/strandline/internal/model"
)

const printed = `{"format_version": "1.0", "provider_schemas": {
  "registry.terraform.io/hashicorp/aws": {
    "resource_schemas": {
      "aws_a": {"version": 0, "block": {
        "attributes": {"name": {"type": "string", "required": true}, "key": {"type": "string", "optional": true, "sensitive": true},
          "users": {"optional": true, "nested_type": {"nesting_mode": "list", "attributes": {"name": {"type": "string", "optional": true}, "token": {"type": "string", "optional": true, "write_only": true}}}}},
        "block_types": {"login": {"nesting_mode": "list", "block": {"attributes": {"region": {"type": "string", "optional": true}, "password": {"type": "string", "optional": true, "sensitive": true}}}}}}},
      "aws_b": {"version": 0, "block": {"attributes": {"name": {"type": "string", "required": true}}}},
      "aws_c": null},
    "list_resource_schemas": {
      "aws_b": {"version": 0, "block": {"attributes": {}}},
      "aws_c": {"version": 0, "block": {"attributes": {"parent": {"type": "string", "required": true}}}}}},
  "registry.terraform.io/strand/shore": {"resource_schemas": {"shore_x": {"version": 0, "block": {}}}},
  "terraform.io/builtin/terraform": {}}}`

func TestRead(t *testing.T) {
	listable, err := Read([]byte(printed), nil)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]List{{"aws_b", "registry.terraform.io/hashicorp/aws"}}, listable.Lists); diff != "" || !slices.Equal(listable.Bound, []string{"aws_c"}) {
		t.Error(diff, listable.Bound)
	}
	if listable.Knows("aws_a") || !listable.Knows("aws_b") || listable.Provider("aws_a") != "" || listable.Provider("aws_b") != "aws" {
		t.Errorf("%+v", listable.sources)
	}
	wanted, err := Read([]byte(printed), func(typ string) bool { return typ == "aws_a" || typ == "shore_x" })
	if err != nil {
		t.Fatal(err)
	}
	if !wanted.Knows("aws_a") || wanted.Knows("aws_b") || wanted.Provider("shore_x") != "strand/shore" || len(wanted.Providers.Schemas) != 2 {
		t.Errorf("%+v", wanted.sources)
	}
	if !wanted.Requires("aws_a", "name") || wanted.Requires("aws_a", "key") || wanted.Requires("aws_a", "none") || wanted.Requires("aws_b", "name") {
		t.Error("what is required")
	}
	var none *Schemas
	if none.Knows("aws_a") || none.Provider("aws_a") != "" || none.Sensitive("aws_a") != nil || none.Requires("aws_a", "name") {
		t.Error("nil knows something")
	}
}

// Of an object only what is sensitive itself is a secret, not what stands
// beside it.
func TestSecrets(t *testing.T) {
	s, err := Read([]byte(printed), func(string) bool { return true })
	if err != nil {
		t.Fatal(err)
	}
	o := model.Object{Type: "aws_a", Attributes: model.Value(`{"name":"n","key":"secret-1","users":[{"name":"u","token":"secret-2"},{"name":"v","token":"secret-3"}],"login":[{"region":"eu-west-1","password":"secret-4"}]}`)}
	got := s.Secrets(&o)
	slices.Sort(got)
	if diff := cmp.Diff([]string{"secret-1", "secret-2", "secret-3", "secret-4"}, got); diff != "" {
		t.Error(diff)
	}
	for _, attributes := range []string{``, `{"login":[{"region":"eu-west-1"}],"users":[{"name":"u"}],"key":null}`} {
		if got := s.Secrets(&model.Object{Type: "aws_a", Attributes: model.Value(attributes)}); got != nil {
			t.Error(got)
		}
	}
}

func TestReadRefuses(t *testing.T) {
	for _, in := range []string{``, `{}`, `{"format_version":"9.0"}`, `[`, strings.Replace(printed, `"required": true`, `"required": 7`, 1)} {
		if _, err := Read([]byte(in), func(string) bool { return true }); err == nil {
			t.Errorf("%.40s is read", in)
		}
	}
}
