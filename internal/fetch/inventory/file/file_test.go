package file

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/strandline-tf/strandline/internal/fetch/inventory"
	"github.com/strandline-tf/strandline/internal/model"
	"github.com/strandline-tf/strandline/internal/secret"
	"github.com/strandline-tf/strandline/internal/userfault"
)

func list(in io.Reader, secrets *secret.Set) ([]model.Object, inventory.Listing, error) {
	var out []model.Object
	s := New("inv.json", func() (io.ReadCloser, error) { return io.NopCloser(in), nil }, secrets)
	l, err := s.List(context.Background(), func(o model.Object) error { out = append(out, o); return nil })
	return out, l, err
}

const one = `{"provider":"aws","type":"aws_s3_bucket","id":"logs","identity":{"bucket":"logs"},"name":"Logs","account":"1","region":"eu-west-1",
 "tags":{"Env":"prod","None":null},"attributes":{"bucket":"logs","n":12345678901234567890},"arn":"arn:aws:s3:::logs","config":"resource \"a\" \"b\" {}\n","more":[1,{}]}`

func TestList(t *testing.T) {
	want := model.Object{Provider: "aws", Type: "aws_s3_bucket", ID: "logs", Identity: model.Value(`{"bucket":"logs"}`), Name: "Logs", Account: "1", Region: "eu-west-1",
		Tags: map[string]string{"Env": "prod", "None": ""}, Attributes: model.Value(`{"bucket":"logs","n":12345678901234567890}`), ARN: "arn:aws:s3:::logs",
		Config: "resource \"a\" \"b\" {}\n", Source: "file"}
	line := strings.ReplaceAll(one, "\n", "")
	other := model.Object{Type: "x\"${y}\u202e\n", Identity: model.Value(`{"k":null}`), Source: "file"}
	const hostile = `{"type":"x\"${y}\u202e\n","identity":{"k":null},"tags":null,"id":null}`
	for name, in := range map[string]string{
		"array":                                  "[" + one + "," + hostile + "," + one + "]",
		"lines":                                  line + "\n\n" + hostile + "\r\n" + line + "\n",
		"a mark at the start and no end of line": "\ufeff" + line + "\n" + hostile + "\n" + line,
		"pages of arrays":                        "[" + one + "][" + hostile + "] [] [" + one + "]",
	} {
		t.Run(name, func(t *testing.T) {
			got, l, err := list(iotest.OneByteReader(strings.NewReader(in)), &secret.Set{})
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff([]model.Object{want, other, want}, got); diff != "" {
				t.Error(diff)
			}
			if diff := cmp.Diff(inventory.Listing{Types: []string{"aws_s3_bucket", other.Type}}, l); diff != "" {
				t.Error(diff)
			}
		})
	}
	for _, in := range []string{"", " \n", "[]"} {
		if got, l, err := list(strings.NewReader(in), nil); err != nil || got != nil || len(l.Notes) != 1 {
			t.Errorf("%q: %v %+v %v", in, got, l, err)
		}
	}
}

func TestSensitive(t *testing.T) {
	secrets := &secret.Set{}
	got, _, err := list(strings.NewReader(`{"type":"t","id":"i","sensitive":["password","rule[0].token"],"attributes":{"password":"hunter2-and-more","name":"n","rule":[{"token":"token-in-rule"}]},
	 "config":"resource \"t\" \"n\" {\n  name     = \"n\"\n  password = \"hunter2-and-more\"\n  rule {\n    token = \"token-in-rule\"\n  }\n}\n"}
	 {"type":"t","id":"j","sensitive":["password"],"config":"not { HCL hunter2-and-more"}`), secrets)
	if err != nil {
		t.Fatal(err)
	}
	want := []model.Object{
		{Type: "t", ID: "i", Sensitive: []string{"password", "rule"}, Attributes: model.Value(`{"name":"n"}`), Config: "resource \"t\" \"n\" {\n  name = \"n\"\n}\n", Source: "file"},
		{Type: "t", ID: "j", Sensitive: []string{"password"}, Source: "file"},
	}
	for i := range got { // the layout of what is left is nobody's promise
		got[i].Config = strings.ReplaceAll(got[i].Config, "name     =", "name =")
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if !secrets.Whole("hunter2-and-more") || !secrets.Whole("token-in-rule") {
		t.Error(secrets.Masks())
	}
}

// What is wrong with one element is told, and the others are read.
func TestPassesOver(t *testing.T) {
	const good = `{"type":"t","id":"i"}`
	got, l, err := list(strings.NewReader(`[`+good+`, {"type":"t","tags":[1,{"a":[2]}],"id":"x"}, [[1],`+good+`], 7, null, {"id":{"a":1}}, `+good+`] {"type":"t","id":9007199254740993}`), &secret.Set{})
	if err != nil || len(got) != 3 || got[2].ID != "9007199254740993" {
		t.Errorf("%+v %v", got, err)
	}
	var said []string
	for _, p := range l.Problems {
		said = append(said, p.Message)
	}
	want := []string{"inventory inv.json: element 2 (line 1, byte 42): tags is an array, not an object", "inventory inv.json: element 3 (line 1, byte 69): an array where an object is expected",
		"inventory inv.json: element 4 (line 1, byte 97): a number where an object is expected", "inventory inv.json: element 5 (line 1, byte 100): null where an object is expected",
		"inventory inv.json: element 6 (line 1, byte 119): id is an object, not a string"}
	if diff := cmp.Diff(want, said); diff != "" {
		t.Error(diff)
	}
	if _, l, _ = list(strings.NewReader(strings.Repeat("7\n", 100)), nil); len(l.Problems) != maxFaults+1 || !strings.Contains(l.Problems[maxFaults].Message, "80 more") {
		t.Errorf("%d problems", len(l.Problems))
	}
}

// A state without identities may know an object by what its identity tells.
func TestIdentityTells(t *testing.T) {
	got, _, err := list(strings.NewReader(`{"type":"aws_s3_bucket","identity":{"bucket":"logs"}} {"type":"x_y","identity":{"id":"a"}} {"type":"aws_sns_topic","identity":{"arn":"arn:aws:sns:eu-west-1:1:t"}}`), nil)
	if err != nil || got[0].ID != "logs" || got[1].ID != "a" || got[2].ARN != "arn:aws:sns:eu-west-1:1:t" || got[2].Region != "eu-west-1" {
		t.Errorf("%+v %v", got, err)
	}
}

// Of a path into an attribute only what it leads to is a secret; all of the
// attribute is left out.
func TestSensitivePaths(t *testing.T) {
	secrets := &secret.Set{}
	got, _, err := list(strings.NewReader(`{"type":"shore_x","id":"i","sensitive":["replicas[0].code","settings[\"a.b\"]","nodes.0.pin","absent[0].x","[","."],
	 "attributes":{"replicas":[{"region":"south-1","code":"code-of-one"},{"region":"south-2"}],"settings":{"a.b":"setting-one","c":"setting-two"},"nodes":[{"zone":"zone-one","pin":"pin-of-node"}]}}`), secrets)
	if err != nil {
		t.Fatal(err)
	}
	want := []model.Object{{Type: "shore_x", ID: "i", Sensitive: []string{"absent", "nodes", "replicas", "settings"}, Attributes: model.Value(`{}`), Source: "file"}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	for value, want := range map[string]bool{"code-of-one": true, "setting-one": true, "pin-of-node": true, "south-1": false, "south-2": false, "setting-two": false, "zone-one": false} {
		if secrets.Whole(value) != want {
			t.Errorf("%s: %t", value, !want)
		}
	}
}

// What is known to be sensitive is withheld though nobody marks it.
func TestUnmarked(t *testing.T) {
	secrets := &secret.Set{}
	got, _, err := list(strings.NewReader(`{"type":"aws_db_instance","id":"db","sensitive":["username"],"attributes":{"identifier":"db","password":"hunter2hunter2","username":"admin-user","password_wo_version":1,"master_user_secret":[{"secret_arn":"arn:aws:secretsmanager:r:1:secret:s"}]}}
	 {"type":"shore_database","id":"s","attributes":{"password_policy":"strong-policy","replicas":[{"region":"south-1","token":"staple staple"}]}}`), secrets)
	if err != nil {
		t.Fatal(err)
	}
	want := []model.Object{
		{Type: "aws_db_instance", ID: "db", Sensitive: []string{"password", "username"}, Attributes: model.Value(`{"identifier":"db","master_user_secret":[{"secret_arn":"arn:aws:secretsmanager:r:1:secret:s"}],"password_wo_version":1}`), Source: "file"},
		{Type: "shore_database", ID: "s", Sensitive: []string{"replicas"}, Attributes: model.Value(`{"password_policy":"strong-policy"}`), Source: "file"},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	for value, want := range map[string]bool{"hunter2hunter2": true, "admin-user": true, "staple staple": true, "south-1": false, "strong-policy": false} {
		if secrets.Whole(value) != want {
			t.Errorf("%s: %t", value, !want)
		}
	}
}

func TestErrors(t *testing.T) {
	const good = "{\"type\":\"t\",\"id\":\"i\"}\n"
	for _, tc := range []struct{ name, in, want string }{
		{"no type", good + `{"id":"x"}`, "element 2 (line 2, byte 32): it has no type"},
		{"empty identity", good + good + "\n" + `{"type":"x","identity":{ }}`, "element 3 (line 4, byte 72): it has neither id nor identity"},
		{"no id", good + good + "\n" + `{"type":"x","identity":null}`, "element 3 (line 4, byte 73): it has neither id nor identity"},
		{"id a boolean", `[{"type":"t","id":true}]`, "element 1 (line 1, byte 22): id is a boolean, not a string"},
		{"type a list", `{"type":["t"]}`, "type is an array, not a string"},
		{"tags a list", `{"type":"t","tags":[]}`, "tags is an array, not an object"},
		{"tag a number", `{"tags":{"a":1}}`, "a value of tags is a number, not a string"},
		{"identity text", `{"identity":"x"}`, "identity is a string, not an object"},
		{"attributes a boolean", `{"attributes":true}`, "attributes is a boolean, not an object"},
		{"sensitive numbers", `{"sensitive":[1]}`, "sensitive holds a number"},
		{"an array inside", `[[` + good + `]]`, "element 1 (line 1, byte 2): an array where"},
		{"a number inside", "[" + good + ",7]", "element 2 (line 2, byte 24): a number where"},
		{"text", `"x"`, "a string where"},
		{"no JSON", "Name,Type", "not valid JSON"},
		{"cut", "[" + good, "element 1 (line 2, byte 23): the file ends in the middle"},
		{"cut inside", good + good[:12], "element 2 (line 2, byte 34): the file ends in the middle"},
		{"closed twice", "[" + good + "]]", "not valid JSON"},
		{"trailing", "[" + good + "] x", "not valid JSON"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			_, l, err := list(strings.NewReader(tc.in), &secret.Set{})
			if len(l.Problems) == 1 && err == nil {
				err = userfault.New(l.Problems[0].Hint, "%s", l.Problems[0].Message)
			}
			if err == nil || !strings.Contains(err.Error(), "inv.json: "+"element ") || !strings.Contains(err.Error(), tc.want) || userfault.Hint(err) == "" {
				t.Errorf("%v (%s), want %q", err, userfault.Hint(err), tc.want)
			}
		})
	}
	mine := errors.New("mine")
	if _, _, err := list(iotest.ErrReader(mine), nil); !errors.Is(err, mine) {
		t.Error(err)
	}
	s := New("inv.json", func() (io.ReadCloser, error) { return nil, mine }, nil)
	if _, err := s.List(t.Context(), nil); !errors.Is(err, mine) {
		t.Error(err)
	}
	s = New("inv.json", func() (io.ReadCloser, error) { return io.NopCloser(strings.NewReader(good + good)), nil }, nil)
	n := 0
	if _, err := s.List(t.Context(), func(model.Object) error { n++; return mine }); err != mine || n != 1 {
		t.Error(n, err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := s.List(ctx, func(model.Object) error { return nil }); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
}

// An element that never ends is an error and no full memory.
func TestEndless(t *testing.T) {
	_, _, err := list(io.MultiReader(strings.NewReader(`{"type":"`), endless{}), nil)
	if err == nil || !strings.Contains(err.Error(), "more than 64 MiB") {
		t.Error(err)
	}
}

type endless struct{}

func (endless) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = 'x'
	}
	return len(p), nil
}

// What can be said is read as it was said.
func TestRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var want []model.Object
		var in bytes.Buffer
		enc := json.NewEncoder(&in)
		for range rapid.IntRange(1, 4).Draw(t, "n") {
			text := func(name string) string { return rapid.String().Draw(t, name) }
			o := model.Object{Type: "t" + text("type"), ID: "i" + text("id"), Name: text("name"), Region: text("region"), ARN: text("arn"), Source: "file"}
			o.Tags = map[string]string{text("key"): text("value")}
			if err := enc.Encode(o); err != nil {
				t.Fatal(err)
			}
			want = append(want, o)
		}
		got, _, err := list(&in, &secret.Set{})
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Fatal(diff)
		}
	})
}

func FuzzList(f *testing.F) {
	f.Add([]byte("[" + one + "]"))
	f.Add([]byte(`{"type":"t","id":"i","sensitive":["a"],"attributes":{"a":[1,"x"]},"config":"resource \"t\" \"n\" {\n a = 1\n}"}`))
	f.Fuzz(func(t *testing.T, in []byte) {
		secrets := &secret.Set{}
		got, _, _ := list(bytes.NewReader(in), secrets)
		for _, o := range got {
			if o.Type == "" || o.ID == "" && o.Identity == nil {
				t.Errorf("%+v", o)
			}
			for name := range o.Sensitive {
				var all map[string]any
				if json.Unmarshal(o.Attributes, &all) == nil {
					if _, there := all[o.Sensitive[name]]; there {
						t.Errorf("%+v", o)
					}
				}
			}
		}
	})
}

func BenchmarkList(b *testing.B) {
	var in bytes.Buffer
	for i := range 100_000 {
		fmt.Fprintf(&in, `{"provider":"aws","type":"aws_s3_bucket","id":"bucket-%d","name":"bucket-%d","account":"123456789012","region":"eu-west-1","tags":{"Env":"prod","Team":"core"},"attributes":{"bucket":"bucket-%d","arn":"arn:aws:s3:::bucket-%d"}}`+"\n", i, i, i, i)
	}
	b.SetBytes(int64(in.Len()))
	b.ReportAllocs()
	for b.Loop() {
		s := New("inv.json", func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(in.Bytes())), nil }, nil)
		n := 0
		if _, err := s.List(b.Context(), func(model.Object) error { n++; return nil }); err != nil || n != 100_000 {
			b.Fatal(n, err)
		}
	}
}
