package statefile

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/strandline-tf/strandline/internal/model"
	"github.com/strandline-tf/strandline/internal/secret"
)

// read returns what a state holds, one line an instance.
func read(t *testing.T, state string) (lines []string, info Info, secrets *secret.Set) {
	t.Helper()
	secrets = &secret.Set{}
	info, err := Decode(strings.NewReader(state), secrets, func(m model.Managed) error {
		lines = append(lines, strings.TrimSpace(m.Address+" "+m.Type+" "+m.Provider+" id="+m.ID+" arn="+m.ARN+" "+string(m.Identity)))
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return lines, info, secrets
}

const version4 = `{"version":4,"terraform_version":"1.12.1","serial":7,"lineage":"l-1",
"outputs":{"o":{"value":{"deep":["output-secret"]},"type":"string","sensitive":true},"p":{"value":"not-a-secret"}},
"resources":[
 {"mode":"data","type":"aws_vpc","name":"d","provider":"provider[\"registry.terraform.io/hashicorp/aws\"]","instances":[{"attributes":{"id":"vpc-data"}}]},
 {"instances":[{"index_key":"a \"b\" ${c}","attributes":{"arn":"arn:aws:s3:::x","id":"x","tags":{"id":"not this"}},"identity":{"bucket":"x"}}],
  "module":"module.m[\"k\"]","mode":"managed","type":"aws_s3_bucket","name":"b","provider":"module.m.provider[\"registry.terraform.io/hashicorp/aws\"].eu"},
 {"mode":"managed","type":"aws_db_instance","name":"d","provider":"provider.aws","instances":[
  {"index_key":0,"attributes":{"id":"db-0","password":"attribute-secret","list":["x",{"y":"nested-secret"}]},
   "sensitive_attributes":[[{"type":"get_attr","value":"password"}],[{"type":"get_attr","value":"list"},{"type":"index","value":{"value":1,"type":"number"}},{"type":"get_attr","value":"y"}],[{"type":"get_attr","value":"gone"}]]},
  {"index_key":1,"deposed":"abcd","attributes":{"id":17}},
  {"index_key":2,"attributes_flat":{"id":"db-2","tags.%":"1","tags.a.b":"c"}},
  {"index_key":3,"attributes":null}]}],
"check_results":null}`

func TestVersion4(t *testing.T) {
	lines, info, secrets := read(t, version4)
	want := []string{
		`module.m["k"].aws_s3_bucket.b["a \"b\" $${c}"] aws_s3_bucket registry.terraform.io/hashicorp/aws id=x arn=arn:aws:s3:::x {"bucket":"x"}`,
		`aws_db_instance.d[0] aws_db_instance aws id=db-0 arn=`,
		`aws_db_instance.d[1] aws_db_instance aws id=17 arn=`,
		`aws_db_instance.d[2] aws_db_instance aws id=db-2 arn=`,
		`aws_db_instance.d[3] aws_db_instance aws id= arn=`,
	}
	if diff := cmp.Diff(want, lines); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff(Info{Version: 4, TerraformVersion: "1.12.1", Lineage: "l-1", Serial: 7, Instances: 5}, info); diff != "" {
		t.Error(diff)
	}
	for text, want := range map[string]bool{"output-secret": true, "attribute-secret": true, "nested-secret": true, "not-a-secret": false, "db-0": false, "deep": false} {
		if got := secrets.Whole(text); got != want {
			t.Errorf("%s: secret is %v", text, got)
		}
	}
}

// A path that can't be followed, as into a set, hides what it got to.
func TestMarksThatLeadNowhere(t *testing.T) {
	_, _, secrets := read(t, `{"version":4,"resources":[{"mode":"managed","type":"t","name":"n","instances":[
	 {"attributes":{"set":[{"key":"secret-in-set"}],"other":"other-value"},"sensitive_attributes":[[{"type":"get_attr","value":"set"},{"type":"index","value":{"value":{"key":"secret-in-set"},"type":["object",{"key":"string"}]}}]]}]}]}`)
	if !secrets.Whole("secret-in-set") || secrets.Whole("other-value") {
		t.Error(secrets.Masks())
	}
}

func TestVersion3(t *testing.T) {
	const state = `{"version":3,"terraform_version":"0.11.14","serial":1,"lineage":"l","modules":[
	 {"path":["root"],"outputs":{"o":{"sensitive":true,"type":"string","value":"output-secret"}},"resources":{
	  "aws_s3_bucket.tfer--logs":{"type":"aws_s3_bucket","depends_on":[],"primary":{"id":"logs","attributes":{"arn":"arn:aws:s3:::logs","id":"logs","tags.%":"1","tags.a.b":"c"}},"deposed":[{"id":"old"}],"provider":"provider.aws"},
	  "data.aws_vpc.v":{"type":"aws_vpc","primary":{"id":"vpc-1","attributes":{}},"provider":"provider.aws"}}},
	 {"path":["root","a","b"],"resources":{"aws_sns_topic.t.2":{"type":"aws_sns_topic","primary":{"id":"t","attributes":{}},"provider":"module.a.provider.aws.eu"}}}]}`
	lines, info, secrets := read(t, state)
	want := []string{
		`aws_s3_bucket.tfer--logs aws_s3_bucket aws id=logs arn=arn:aws:s3:::logs`,
		`aws_s3_bucket.tfer--logs aws_s3_bucket aws id=old arn=`,
		`module.a.module.b.aws_sns_topic.t[2] aws_sns_topic aws id=t arn=`,
	}
	if diff := cmp.Diff(want, lines); diff != "" {
		t.Error(diff)
	}
	if info.Version != 3 || info.Instances != 3 || !secrets.Whole("output-secret") {
		t.Errorf("%+v %v", info, secrets.Masks())
	}
}

func TestExpand(t *testing.T) {
	got, err := expand([]byte(`{"id":"x","tags.%":"2","tags.a":"1","tags.b.c":"2","none.%":"0","empty.#":"0","ports.#":"2","ports.0":"80","ports.1":"443",
	 "rule.#":"1","rule.1234.cidrs.#":"1","rule.1234.cidrs.9":"10.0.0.0/8","rule.1234.tags.%":"1","rule.1234.tags.x.y":"z"}`))
	if err != nil {
		t.Fatal(err)
	}
	const want = `{"empty":[],"id":"x","none":{},"ports":["80","443"],"rule":[{"cidrs":["10.0.0.0/8"],"tags":{"x.y":"z"}}],"tags":{"a":"1","b.c":"2"}}`
	if string(got) != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

func TestErrors(t *testing.T) {
	for _, tc := range []struct{ name, in, want string }{
		{"empty", "", "truncated at byte 0"},
		{"cut", version4[:len(version4)-40], "truncated at byte"},
		{"cut in an instance", version4[:strings.Index(version4, "nested-secret")], "truncated at byte"},
		{"no JSON", "Terraform v1.11.4", "not valid JSON"},
		{"no state", `{"format_version":"1.2"}`, "no version"},
		{"a list", `[]`, "not of the form of a state"},
		{"version 2", `{"version":2}`, "version 2, which is not supported"},
		{"version 5", `{"version":5,"resources":[]}`, "version 5"},
		{"huge version", `{"version":99999999999999999999}`, "not a whole number"},
		{"resources of another form", `{"version":4,"resources":"x"}`, "not of the form of a state"},
		{"a resource of another form", `{"version":4,"resources":[5]}`, "not of the form of a state"},
		{"a type of another form", `{"version":4,"resources":[{"type":["x"]}]}`, "not of the form of a state"},
		{"instances of another form", `{"version":4,"resources":[{"mode":"managed","instances":{}}]}`, "not of the form of a state"},
		{"an instance of another form", `{"version":4,"resources":[{"mode":"managed","instances":[5]}]}`, "not of the form of a state"},
		{"attributes of another form", `{"version":4,"resources":[{"mode":"managed","instances":[{"attributes":"x"}]}]}`, "not of the form of a state"},
		{"encrypted", `{"serial":1,"encrypted_data":"x"}`, "encrypted"},
		{"two", `{"version":4}{"version":4}`, "second value"},
		{"trailing", `{"version":4} x`, "not valid JSON"},
		{"a module without a list of names", `{"version":3,"modules":[{"path":"root"}]}`, "path"},
		{"an odd resource", `{"version":3,"modules":[{"path":["root"],"resources":{"a.b":[]}}]}`, "not of the form"},
		{"odd attributes", `{"version":3,"modules":[{"path":["root"],"resources":{"a.b":{"primary":{"attributes":{"a":{}}}}}}]}`, "not of the form"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			_, err := Decode(strings.NewReader(tc.in), &secret.Set{}, func(model.Managed) error { return nil })
			var own *Error
			if !errors.As(err, &own) || !strings.Contains(err.Error(), tc.want) {
				t.Errorf("%v, want %q", err, tc.want)
			}
		})
	}
	mine := errors.New("mine")
	if _, err := Decode(strings.NewReader(version4), &secret.Set{}, func(model.Managed) error { return mine }); err != mine {
		t.Errorf("the callback's error became %v", err)
	}
	if _, err := Decode(iotest.ErrReader(mine), &secret.Set{}, nil); !errors.Is(err, mine) {
		t.Errorf("the reader's error became %v", err)
	}
}

// What PowerShell writes begins with a byte order mark.
func TestByteOrderMark(t *testing.T) {
	if lines, _, _ := read(t, "\ufeff"+version4); len(lines) != 5 {
		t.Errorf("%d instances", len(lines))
	}
}

// Whatever a state is cut down to, and whatever is broken in it, is an error
// or what was said, never a panic.
func TestBroken(t *testing.T) {
	whole, _, _ := read(t, version4)
	rapid.Check(t, func(t *rapid.T) {
		in := []byte(version4)
		if rapid.Bool().Draw(t, "cut") {
			in = in[:rapid.IntRange(0, len(in)-1).Draw(t, "at")]
		} else {
			in[rapid.IntRange(0, len(in)-1).Draw(t, "where")] = rapid.Byte().Draw(t, "byte")
		}
		n := 0
		info, err := Decode(strings.NewReader(string(in)), &secret.Set{}, func(model.Managed) error { n++; return nil })
		if err == nil && n != info.Instances || n > len(whole) {
			t.Fatalf("%d of %d: %v", n, info.Instances, err)
		}
	})
}

// A real state of Terraform 1.12, with identities.
func TestRealState(t *testing.T) {
	f, err := os.Open(filepath.Join("..", "..", "..", "..", "shared", "fixtures", "shore-identity.tfstate"))
	if err != nil {
		t.Skip("the shared fixtures are not there: ", err)
	}
	defer f.Close()
	n := 0
	info, err := Decode(f, &secret.Set{}, func(m model.Managed) error {
		if n++; m.ID == "" && m.Identity == nil {
			t.Errorf("%s has neither id nor identity", m.Address)
		}
		return nil
	})
	if err != nil || n == 0 || info.Version != 4 {
		t.Errorf("%d instances, %+v, %v", n, info, err)
	}
}
