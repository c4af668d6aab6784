package tfquery

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/strandline-tf/strandline/internal/fetch/inventory"
	"github.com/strandline-tf/strandline/internal/fetch/schema"
	"github.com/strandline-tf/strandline/internal/model"
	"github.com/strandline-tf/strandline/internal/secret"
	"github.com/strandline-tf/strandline/internal/userfault"
)

func recorded(t testing.TB, file string) string {
	t.Helper()
	text, err := os.ReadFile("testdata/" + file)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func collect(t testing.TB, in string, secrets *secret.Set) ([]model.Object, inventory.Listing, error) {
	t.Helper()
	var out []model.Object
	s := File("q.jsonl", func() (io.ReadCloser, error) { return io.NopCloser(strings.NewReader(in)), nil }, secrets)
	l, err := s.List(t.Context(), func(o model.Object) error { out = append(out, o); return nil })
	return out, l, err
}

// Real output, with configuration: everything but what it marks is kept.
func TestGenerated(t *testing.T) {
	secrets := &secret.Set{}
	got, l, err := collect(t, recorded(t, "generated.jsonl"), secrets)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(inventory.Listing{Types: []string{"shore_object"}}, l); diff != "" {
		t.Error(diff)
	}
	if len(got) != 4 {
		t.Fatalf("%d objects", len(got))
	}
	want := model.Object{Type: "shore_object", ID: "obj-orphan", Identity: model.Value(`{"name":"orphan"}`), Name: "orphan", Source: "terraform-query", Sensitive: []string{"secret"},
		Tags: map[string]string{"Env": "prod"}, Attributes: model.Value(`{"id":"obj-orphan","name":"orphan","parent":"obj-web","policy":"{\"a\":1}","rule":[{"cidr":"::/0","port":1}],"size":7,"tags":{"Env":"prod"}}`),
		Config: "resource \"shore_object\" \"all_2\" {\n  provider = shore\n  name     = \"orphan\"\n  parent   = \"obj-web\"\n  policy = jsonencode({\n    a = 1\n  })\n  size = 7\n  tags = {\n    Env = \"prod\"\n  }\n  rule {\n    cidr = \"::/0\"\n    port = 1\n  }\n}"}
	if diff := cmp.Diff(want, got[2]); diff != "" {
		t.Error(diff)
	}
	if got[1].Name != "ev\"il ${1+1}\n%{x}" || got[3].Sensitive != nil {
		t.Errorf("%+v", got)
	}
	if !secrets.Whole("plain-secret-in-state-31337") || !secrets.Whole("orphan-secret") || secrets.Whole("obj-orphan") {
		t.Error(secrets.Masks())
	}
}

// Without configuration nobody knows what is secret: nothing is kept that may be.
func TestPlain(t *testing.T) {
	got, l, err := collect(t, recorded(t, "plain.jsonl"), &secret.Set{})
	if err != nil || len(got) != 4 || len(l.Notes) != 1 || !strings.Contains(l.Notes[0], "of 4 objects only ids") {
		t.Fatal(got, l, err)
	}
	if want := `{"id":"obj-orphan","name":"orphan","tags":{"Env":"prod"}}`; string(got[2].Attributes) != want {
		t.Errorf("%s", got[2].Attributes)
	}
	if text := fmt.Sprintf("%+q", got); strings.Contains(text, "orphan-secret") || strings.Contains(text, "31337") {
		t.Error(text)
	}
}

// What is known to be sensitive is listed, and withheld from everything else,
// though nothing marks it; beside a configuration the marks alone count.
func TestUnmarked(t *testing.T) {
	secrets := &secret.Set{}
	const object = `{"id":"mq","broker_name":"broker-one","user":[{"username":"user-name","password":"password-one"}]}`
	got, _, err := collect(t, line("aws_mq_broker", `{"id":"mq"}`, object, "")+line("aws_mq_broker", `{"id":"mq-2"}`, strings.ReplaceAll(object, "one", "two"), "resource \"aws_mq_broker\" \"b\" {\n  broker_name = \"broker-two\"\n}"), secrets)
	if err != nil || len(got) != 2 {
		t.Fatal(got, err)
	}
	if !slices.Equal(got[0].Sensitive, []string{"user"}) || string(got[0].Attributes) != `{"id":"mq"}` || got[1].Sensitive != nil {
		t.Errorf("%+v", got)
	}
	if !secrets.Whole("password-one") || secrets.Whole("user-name") || secrets.Whole("broker-one") || secrets.Whole("password-two") {
		t.Error(secrets.Masks())
	}
}

// Of what a schema marks within a block only the value is secret, and nothing
// is where it has none.
func TestMarkedBySchema(t *testing.T) {
	known, err := schema.Read([]byte(`{"format_version": "1.0", "provider_schemas": {"registry.terraform.io/strand/shore": {"resource_schemas": {
		"shore_x": {"version": 0, "block": {"block_types": {"login": {"nesting_mode": "list", "block": {"attributes": {
			"user": {"type": "string", "optional": true}, "password": {"type": "string", "optional": true, "sensitive": true}}}}}}}}}}}`), func(string) bool { return true })
	if err != nil {
		t.Fatal(err)
	}
	secrets := &secret.Set{}
	var got []model.Object
	in := line("shore_x", `{"id":1}`, `{"login":[{"user":"user-one"}]}`, "") + line("shore_x", `{"id":2}`, `{"login":[{"user":"user-two","password":"password-two"}]}`, "")
	if _, err := Read(t.Context(), strings.NewReader(in), ReadOptions{Secrets: secrets, Schemas: known}, func(o model.Object) error { got = append(got, o); return nil }); err != nil || len(got) != 2 {
		t.Fatal(got, err)
	}
	if got[0].Sensitive != nil || string(got[0].Attributes) != `{"login":[{"user":"user-one"}]}` || !slices.Equal(got[1].Sensitive, []string{"login"}) || string(got[1].Attributes) != `{}` {
		t.Errorf("%+v", got)
	}
	if secrets.Whole("user-one") || secrets.Whole("user-two") || !secrets.Whole("password-two") {
		t.Error(secrets.Masks())
	}
}

// line is an object as a query prints it.
func line(typ, identity, object, config string) string {
	out, _ := json.Marshal(map[string]any{"@level": "info", "type": "list_resource_found", "list_resource_found": map[string]any{
		"address": "list." + typ + ".a", "resource_type": typ, "identity": json.RawMessage(identity), "resource_object": json.RawMessage(object), "config": config}})
	return string(out) + "\n"
}

func TestMarks(t *testing.T) {
	secrets := &secret.Set{}
	config := `resource "t_x" "a_0" {
  name     = "it is # sensitive"
  password = null # sensitive
  replicas = [
    {
      region = "north-1-of-all"
      token  = null # sensitive
    },
  ]
  keys = {} # sensitive
  empty = null # sensitive
  rule {
    note = "plain-note"
    pin  = null # sensitive
  }
  vault {} # sensitive
}`
	got, _, err := collect(t, line("t_x", `{"id":1}`, `{"name":"it is # sensitive","password":"password-1","replicas":[{"region":"north-1-of-all","token":"token-of-replica"}],
	 "keys":{"k":"key-in-map"},"empty":null,"rule":[{"note":"plain-note","pin":"pin-in-rule"}],"vault":[{"v":"in-the-vault"}],"computed":"computed-secret","id":"x"}`, config), secrets)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"keys", "password", "replicas", "rule", "vault"}, got[0].Sensitive); diff != "" {
		t.Error(diff)
	}
	if want := `{"id":"x","name":"it is # sensitive"}`; string(got[0].Attributes) != want {
		t.Errorf("%s", got[0].Attributes)
	}
	for value, want := range map[string]bool{"password-1": true, "token-of-replica": true, "key-in-map": true, "pin-in-rule": true, "in-the-vault": true, "north-1-of-all": false, "plain-note": false, "x": false} {
		if secrets.Whole(value) != want {
			t.Errorf("%s: %v", value, !want)
		}
	}
	if strings.Contains(got[0].Config, "= null") || strings.Contains(got[0].Config, "{}") || !strings.Contains(got[0].Config, "name") {
		t.Error(got[0].Config)
	}
	// Configuration that isn't what it should be is as good as none.
	for _, config := range []string{"resource \"t_x\" \"a\" {\n a = " + strings.Repeat("[", 1001) + strings.Repeat("]", 1001) + "\n}", "resource {", `resource "other" "a" {}`, `data "t_x" "a" {}`, "x = 1", "resource \"t_x\" \"a\" {\n a = \"${\n}"} {
		got, l, err := collect(t, line("t_x", `{"id":1}`, `{"password":"password-1","id":"x"}`, config), &secret.Set{})
		if err != nil || got[0].Config != "" || string(got[0].Attributes) != `{"id":"x"}` || len(l.Notes) != 1 {
			t.Errorf("%.100s: %+v %+v %v", config, got, l, err)
		}
	}
}

func TestIncomplete(t *testing.T) {
	whole := recorded(t, "generated.jsonl")
	lines := strings.SplitAfter(whole, "\n")
	version, start, found, end := lines[0], lines[1], lines[2], lines[6]
	hundred := strings.Replace(end, `"total":4`, `"total":100`, 1)
	diagnostic := `{"@level":"error","type":"diagnostic","diagnostic":{"severity":"error","summary":"no access","detail":"ask for it","address":"list.shore_object.all"}}` + "\n"
	for _, tc := range []struct {
		name, in string
		objects  int
		problem  string // one, or ""
		note     string // one, or ""
	}{
		{"plain lines between", "Running remotely\n" + version + "{not JSON}\n\n" + start + "{\"a\":1}\n" + found + end, 1, "", ""},
		{"the same twice", start + found + strings.Replace(found, `{"name":"db"}`, `{ "name" : "db" }`, 1) + end, 1, "", ""},
		{"at the limit", start + found + hundred, 1, "", "ended at its limit of 100"},
		{"at a limit of its own", strings.Replace(start, `"address"`, `"limit":4,"address"`, 1) + found + end, 1, "", "ended at its limit of 4"},
		{"of our own, not at the limit", strings.ReplaceAll(start+found+hundred, "object.all", "object.strandline_north"), 1, "", ""},
		{"no end", version + start + found, 1, "list.shore_object.all did not end", ""},
		{"cut in a line", start + end + found[:len(found)/2], 0, "ends in the middle of line 3", ""},
		{"an error", start + found + diagnostic, 1, "no access", ""},
		{"a warning", start + end + strings.ReplaceAll(diagnostic, "error", "warning"), 0, "", "no access"},
		{"a line of another form", start + end + `{"@level":"info","list_resource_found":[]}` + "\n", 0, "line 3 is not as terraform", ""},
		{"nothing to tell it by", start + end + line("shore_object", "null", "null", "") + strings.ReplaceAll(end, "object.all", "object.a"), 0, "line 3: an object without type", ""},
	} {
		t.Run(tc.name, func(t *testing.T) {
			got, l, err := collect(t, tc.in, &secret.Set{})
			if err != nil || len(got) != tc.objects {
				t.Fatalf("%+v %v", got, err)
			}
			var problems []string
			for _, p := range l.Problems {
				problems = append(problems, p.Message)
			}
			for what, pair := range map[string]struct {
				got  []string
				want string
			}{"problems": {problems, tc.problem}, "notes": {l.Notes, tc.note}} {
				if pair.want == "" && len(pair.got) > 0 || pair.want != "" && (len(pair.got) != 1 || !strings.Contains(pair.got[0], pair.want) || !strings.HasPrefix(pair.got[0], "q.jsonl: ")) {
					t.Errorf("%s: %q, want %q", what, pair.got, pair.want)
				}
			}
			if !slices.Contains(l.Types, "shore_object") {
				t.Error(l.Types)
			}
		})
	}
}

func TestErrors(t *testing.T) {
	mine := errors.New("mine")
	for _, in := range []string{"", "Error: no such command\n", `{"a":1}`, "[]"} {
		if _, _, err := collect(t, in, nil); !errors.Is(err, errNoOutput) || userfault.Hint(err) == "" {
			t.Errorf("%q: %v", in, err)
		}
	}
	if _, err := File("q", func() (io.ReadCloser, error) { return nil, mine }, nil).List(t.Context(), nil); !errors.Is(err, mine) {
		t.Error(err)
	}
	if _, err := Read(t.Context(), iotest.ErrReader(mine), ReadOptions{}, nil); !errors.Is(err, mine) {
		t.Error(err)
	}
	whole := recorded(t, "generated.jsonl")
	n := 0
	if _, err := Read(t.Context(), strings.NewReader(whole), ReadOptions{}, func(model.Object) error { n++; return mine }); err != mine || n != 1 {
		t.Error(err, n)
	}
	ctx, cancel := context.WithCancel(t.Context())
	if _, err := Read(ctx, strings.NewReader(whole), ReadOptions{}, func(model.Object) error { cancel(); return nil }); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
	long := io.MultiReader(strings.NewReader(`{"@level":"`), io.LimitReader(zeros{}, maxLine+1), strings.NewReader("\n"+whole))
	l, err := Read(t.Context(), long, ReadOptions{Name: "q"}, func(model.Object) error { n++; return nil })
	if err != nil || n != 5 || len(l.Problems) != 1 || !strings.Contains(l.Problems[0].Message, "line 1 has more than 16 MiB") {
		t.Error(n, l, err)
	}
}

type zeros struct{}

func (zeros) Read(p []byte) (int, error) { clear(p); return len(p), nil }

// Cut or broken anywhere, the output gives no more than it holds, and a lost
// object is told.
func TestBroken(t *testing.T) {
	whole := recorded(t, "generated.jsonl")
	rapid.Check(t, func(rt *rapid.T) {
		at := rapid.IntRange(0, len(whole)-2).Draw(rt, "at")
		got, l, err := collect(t, whole[:at], &secret.Set{})
		if len(got) < 4 && err == nil && len(l.Problems) == 0 && strings.Contains(whole[:at], "list_start") {
			rt.Fatalf("%d objects and no word", len(got))
		}
		broken := []byte(whole)
		broken[at] = rapid.Byte().Draw(rt, "byte")
		if got, _, _ := collect(t, string(broken), &secret.Set{}); len(got) > 4 {
			rt.Fatalf("%d objects", len(got))
		}
	})
}

func FuzzRead(f *testing.F) {
	f.Add([]byte(recorded(f, "generated.jsonl")))
	f.Add([]byte(line("t", `{"a":1}`, `{"x":["y"]}`, "resource \"t\" \"a\" {\n x = [] # sensitive\n}")))
	f.Fuzz(func(t *testing.T, in []byte) {
		secrets := &secret.Set{}
		_, _ = Read(t.Context(), bytes.NewReader(in), ReadOptions{Secrets: secrets}, func(o model.Object) error {
			if o.Type == "" || o.ID == "" && o.Identity == nil || o.Attributes != nil && !json.Valid(o.Attributes) {
				t.Errorf("%+v", o)
			}
			return nil
		})
	})
}
