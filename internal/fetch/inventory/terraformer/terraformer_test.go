package terraformer

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"golang.org/x/tools/txtar"
	"pgregory.net/rapid"

	"github.com/strandline-tf/strandline/internal/fetch/inventory"
	"github.com/strandline-tf/strandline/internal/model"
	"github.com/strandline-tf/strandline/internal/secret"
	"github.com/strandline-tf/strandline/internal/userfault"
)

// tree returns the files of an archive.
func tree(t testing.TB, file string) fstest.MapFS {
	t.Helper()
	archive, err := txtar.ParseFile("testdata/" + file)
	if err != nil {
		t.Fatal(err)
	}
	out := fstest.MapFS{}
	for _, f := range archive.Files {
		out[f.Name] = &fstest.MapFile{Data: f.Data}
	}
	return out
}

func list(t testing.TB, dir fs.FS, secrets *secret.Set) ([]model.Object, inventory.Listing, error) {
	t.Helper()
	var out []model.Object
	l, err := New("DIR", dir, secrets).List(t.Context(), func(o model.Object) error { out = append(out, o); return nil })
	return out, l, err
}

func TestDefaultLayout(t *testing.T) {
	got, l, err := list(t, tree(t, "default.txtar"), &secret.Set{})
	if err != nil {
		t.Fatal(err)
	}
	want := []model.Object{
		{Provider: "aws", Type: "aws_iam_role", ID: "in", Aliases: []string{"adm/in"}, ARN: "arn:aws:iam::123456789012:role/adm/in", Name: "adm/in", Account: "123456789012",
			Source: "terraformer", Attributes: model.Value(`{"arn":"arn:aws:iam::123456789012:role/adm/in","id":"adm/in"}`)},
		{Provider: "aws", Type: "aws_subnet", ID: "subnet-1", Name: `a "b" ${c}`, Region: "eu-west-1", Tags: map[string]string{"Name": `a "b" ${c}`}, Source: "terraformer",
			Attributes: model.Value(`{"cidr_block":"10.0.0.0/24","id":"subnet-1","ipv6_native":false,"map_public_ip_on_launch":"true","tags":{"Name":"a \"b\" ${c}"},"vpc_id":"vpc-1"}`),
			Config: `resource "aws_subnet" "subnet_1" {
  cidr_block              = "10.0.0.0/24"
  map_public_ip_on_launch = "true"
  ipv6_native             = false

  tags = {
    Name = "a \"b\" $${c}"
  }

  vpc_id = "vpc-1"
}
`},
		{Provider: "aws", Type: "aws_vpc", ID: "vpc-1", ARN: "arn:aws:ec2:eu-west-1:123456789012:vpc/vpc-1", Name: "vpc-1", Account: "123456789012", Region: "eu-west-1", Source: "terraformer",
			Attributes: model.Value(`{"arn":"arn:aws:ec2:eu-west-1:123456789012:vpc/vpc-1","cidr_block":"10.0.0.0/16","id":"vpc-1","region":"eu-west-1"}`),
			Config: `resource "aws_vpc" "vpc_1" {
  cidr_block = "10.0.0.0/16"
  other      = "vpc-1/x"
  region     = "eu-west-1"

  nested {
    back = "arn:aws:ec2:eu-west-1:123456789012:vpc/vpc-1"
    kept = "7"
  }

}
`},
	}
	want[0].ID, want[0].Aliases = got[0].ID, got[0].Aliases // importid's business
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	wantListing := inventory.Listing{
		Types: []string{"aws_iam_role", "aws_subnet", "aws_vpc"},
		Problems: []model.Problem{
			{Message: "DIR/generated/aws/sns/eu-west-1: what terraformer found was not seen: its state is truncated at byte 72", Hint: "the file or the download ended early: fetch it again"},
			{Message: "DIR/generated/aws/sqs/eu-west-1: what terraformer found was not seen: there is no terraform.tfstate", Hint: "give terraformer's local output, or copy the state from its bucket beside the .tf files"},
		},
		Notes: []string{"DIR/generated/aws/iam: iam.tf is not valid HCL: its configuration is not used"},
	}
	if diff := cmp.Diff(wantListing, l); diff != "" {
		t.Error(diff)
	}
}

func TestVersion4(t *testing.T) {
	secrets := &secret.Set{}
	got, l, err := list(t, tree(t, "v4.txtar"), secrets)
	if err != nil {
		t.Fatal(err)
	}
	want := []model.Object{
		{Provider: "aws", Type: "aws_db_instance", ID: "main", Aliases: []string{"db-ABC"}, Name: "main", Region: "us-east-2", Source: "terraformer", Sensitive: []string{"password"},
			Attributes: model.Value(`{"id":"db-ABC","identifier":"main","instance_class":"db.t3.micro","port":5432}`),
			Config:     "resource \"aws_db_instance\" \"main\" {\n  instance_class = \"db.t3.micro\"\n}\n"},
		{Provider: "datadog/datadog", Type: "datadog_monitor", ID: "1", Name: "Disk", Source: "terraformer",
			Attributes: model.Value(`{"id":"1","name":"Disk","tags":["env:prod"]}`), Config: "resource \"datadog_monitor\" \"_1\" {\n  name = \"Disk\"\n}\n"},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff(inventory.Listing{Types: []string{"aws_db_instance", "datadog_monitor"}}, l); diff != "" {
		t.Error(diff)
	}
	if !secrets.Whole("password-of-db") {
		t.Error("the password is no secret")
	}
}

// States of version 3 mark nothing, and the blocks repeat what they hold.
func TestUnmarked(t *testing.T) {
	secrets := &secret.Set{}
	got, _, err := list(t, fstest.MapFS{
		"rds/terraform.tfstate": {Data: []byte(`{"version":3,"modules":[{"path":["root"],"resources":{
			"aws_db_instance.tfer--db":{"type":"aws_db_instance","primary":{"id":"db","attributes":{"id":"db","identifier":"db","password":"hunter2hunter2","engine":"mysql","manage_master_user_password":"false"}},"provider":"provider.aws"},
			"aws_mq_broker.tfer--mq":{"type":"aws_mq_broker","primary":{"id":"mq","attributes":{"id":"mq","broker_name":"broker","user.#":"1","user.123.username":"user-name","user.123.password":"correct horse"}},"provider":"provider.aws"}}}]}`)},
		"rds/db.tf": {Data: []byte("resource \"aws_db_instance\" \"tfer--db\" {\n  identifier = \"db\"\n  password = \"hunter2hunter2\"\n}\nresource \"aws_mq_broker\" \"tfer--mq\" {\n  broker_name = \"broker\"\n  user {\n    username = \"user-name\"\n    password = \"battery staple\"\n  }\n}\n")},
	}, secrets)
	if err != nil {
		t.Fatal(err)
	}
	want := []model.Object{
		{Provider: "aws", Type: "aws_db_instance", ID: "db", Name: "db", Source: "terraformer", Sensitive: []string{"password"},
			Attributes: model.Value(`{"engine":"mysql","id":"db","identifier":"db","manage_master_user_password":"false"}`), Config: "resource \"aws_db_instance\" \"db\" {\n  identifier = \"db\"\n}\n"},
		{Provider: "aws", Type: "aws_mq_broker", ID: "mq", Name: "mq", Source: "terraformer", Sensitive: []string{"user"},
			Attributes: model.Value(`{"broker_name":"broker","id":"mq"}`), Config: "resource \"aws_mq_broker\" \"mq\" {\n  broker_name = \"broker\"\n}\n"},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	for value, want := range map[string]bool{"hunter2hunter2": true, "correct horse": true, "battery staple": true, "user-name": false, "broker": false} {
		if secrets.Whole(value) != want {
			t.Errorf("%s: %t", value, !want)
		}
	}
}

// Of two folders with the same address, a reference leads into its own; from
// elsewhere it leads nowhere.
func TestSameAddress(t *testing.T) {
	state := func(resources string) *fstest.MapFile {
		return &fstest.MapFile{Data: []byte(`{"version":3,"modules":[{"path":["root"],"resources":{` + resources + `}}]}`)}
	}
	resource := func(address, id string) string {
		return `"` + address + `":{"type":"x_y","primary":{"id":"` + id + `","attributes":{}}}`
	}
	refers := &fstest.MapFile{Data: []byte("resource \"x_y\" \"tfer--b\" {\n  to = \"${x_y.tfer--a.id}\"\n}\n")}
	got, _, err := list(t, fstest.MapFS{
		"1/terraform.tfstate": state(resource("x_y.tfer--a", "a1") + "," + resource("x_y.tfer--b", "b1")), "1/y.tf": refers,
		"2/terraform.tfstate": state(resource("x_y.tfer--a", "a2") + "," + resource("x_y.tfer--b", "b2")), "2/y.tf": refers,
		"3/terraform.tfstate": state(resource("x_y.tfer--b", "b3")), "3/y.tf": refers,
	}, &secret.Set{})
	if err != nil {
		t.Fatal(err)
	}
	var configs []string
	for _, o := range got {
		if o.Config != "" {
			configs = append(configs, strings.Join(strings.Fields(o.Config), " "))
		}
	}
	want := []string{`resource "x_y" "b" { to = "a1" }`, `resource "x_y" "b" { to = "a2" }`, `resource "x_y" "b" { }`}
	if diff := cmp.Diff(want, configs); diff != "" {
		t.Error(diff)
	}
}

func TestErrors(t *testing.T) {
	for name, dir := range map[string]fs.FS{"empty": fstest.MapFS{}, "no state": fstest.MapFS{"a/vpc.tf": &fstest.MapFile{}}, "none": noFiles{}} {
		if _, _, err := list(t, dir, nil); err == nil || userfault.Hint(err) == "" || !strings.Contains(err.Error(), "DIR") {
			t.Errorf("%s: %v", name, err)
		}
	}
	mine := errors.New("mine")
	if _, err := New("DIR", tree(t, "v4.txtar"), &secret.Set{}).List(t.Context(), func(model.Object) error { return mine }); err != mine {
		t.Error(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := New("DIR", tree(t, "v4.txtar"), &secret.Set{}).List(ctx, func(model.Object) error { return nil }); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
}

type noFiles struct{}

func (noFiles) Open(name string) (fs.File, error) { return nil, fs.ErrNotExist }

func TestDecode(t *testing.T) {
	for label, want := range map[string][2]string{
		"tfer--logs":                       {"logs", "logs"},
		"tfer--my-002D-bucket-002E-x":      {"my-bucket.x", "my_bucket_x"},
		"tfer--a-002D--002D-b":             {"a--b", "a_b"},
		"tfer---002F-role":                 {"/role", "role"},
		"tfer--my-CAFE-bucket":             {"my-CAFE-bucket", "my_CAFE_bucket"},
		"tfer--a-0041-b":                   {"a-0041-b", "a_0041_b"},
		"tfer--kept-hyphen-002E-x-1":       {"kept-hyphen.x-1", "kept_hyphen_x_1"},
		"tfer--":                           {"", "this"},
		"tfer---E697A5--E69CAC-":           {"日本", "this"},
		"tfer--1st":                        {"1st", "_1st"},
		"plain":                            {"plain", "plain"},
		"tfer--x-0022--0024--007B-a-007D-": {`x"${a}`, "x_a"},
	} {
		if got := decode(label); got != want[0] || identifier(got) != want[1] {
			t.Errorf("%s: %q, %q", label, got, identifier(got))
		}
	}
}

// What terraformer's own rule makes of a name is read back.
func TestDecodeIsTheInverse(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		name := rapid.String().Draw(t, "name")
		label := prefix
		for _, c := range name {
			if isSafe(c) {
				label += string(c)
			} else {
				label += fmt.Sprintf("-%04X-", string(c))
			}
		}
		if got := decode(label); got != name {
			t.Fatalf("%q from %q", got, label)
		}
		if id := identifier(name); !hclsyntax.ValidIdentifier(id) {
			t.Fatalf("%q is no identifier", id)
		}
	})
}

// Whatever is in the files, configuration that comes out is HCL and literal.
func FuzzList(f *testing.F) {
	dir := tree(f, "default.txtar")
	const at = "generated/aws/vpc/eu-west-1/"
	f.Add(dir[at+"terraform.tfstate"].Data, dir[at+"vpc.tf"].Data)
	f.Fuzz(func(t *testing.T, state, config []byte) {
		got, _, _ := list(t, fstest.MapFS{"terraform.tfstate": {Data: state}, "x.tf": {Data: config}}, &secret.Set{})
		for _, o := range got {
			file, diags := hclsyntax.ParseConfig([]byte(o.Config), "", hcl.InitialPos)
			if diags.HasErrors() {
				t.Fatalf("%s\n%s", diags, o.Config)
			}
			_ = hclsyntax.VisitAll(file.Body.(*hclsyntax.Body), func(n hclsyntax.Node) hcl.Diagnostics {
				if a, ok := n.(*hclsyntax.Attribute); ok && len(a.Expr.Variables()) > 0 {
					t.Fatalf("refers to something:\n%s", o.Config)
				}
				return nil
			})
		}
	})
}
