package planjson_test

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/iotest"
	"unicode/utf16"

	"github.com/strandline-tf/strandline/internal/fetch/planjson"
	"github.com/strandline-tf/strandline/internal/secret"
	"github.com/strandline-tf/strandline/internal/testkit/plangen"
)

// TestDecodeWhole runs the cases of testdata/plan: input.json is a plan, in
// whatever form, want.json the workspace.
func TestDecodeWhole(t *testing.T) {
	inputs, err := filepath.Glob("testdata/plan/*/input.json")
	if err != nil || len(inputs) == 0 {
		t.Fatal("no cases", err)
	}
	for _, input := range inputs {
		t.Run(filepath.Base(filepath.Dir(input)), func(t *testing.T) {
			plan, err := os.ReadFile(input)
			if err != nil {
				t.Fatal(err)
			}
			got := pretty(t, decode(t, string(plan)))
			golden(t, filepath.Join(filepath.Dir(input), "want.json"), got)
			for _, r := range []io.Reader{iotest.OneByteReader(bytes.NewReader(plan)), iotest.DataErrReader(bytes.NewReader(plan))} {
				ws, err := planjson.Decode(r, new(secret.Set))
				if err != nil {
					t.Fatal(err)
				}
				if again := pretty(t, ws); !bytes.Equal(got, again) {
					t.Errorf("read in other pieces it is different:\n%s", again)
				}
			}
			if again := pretty(t, decode(t, reversed(t, plan))); !bytes.Equal(got, again) {
				t.Errorf("with the sections in reverse order it is different:\n%s", again)
			}
		})
	}
}

// reversed returns the plan with its top-level sections in reverse order.
func reversed(t *testing.T, plan []byte) string {
	t.Helper()
	dec := json.NewDecoder(bytes.NewReader(plan))
	if _, err := dec.Token(); err != nil {
		t.Fatal(err)
	}
	var out []string
	for dec.More() {
		key, err := dec.Token()
		if err != nil {
			t.Fatal(err)
		}
		var value json.RawMessage
		if err := dec.Decode(&value); err != nil {
			t.Fatal(err)
		}
		name, _ := key.(string)
		out = append([]string{`"` + name + `":` + string(value)}, out...)
	}
	return "{" + strings.Join(out, ",\n") + "}"
}

func gzipped(text string) string {
	var out bytes.Buffer
	w := gzip.NewWriter(&out)
	_, _ = io.WriteString(w, text)
	_ = w.Close()
	return out.String()
}

func utf16le(text string) string {
	out := []byte{0xff, 0xfe}
	for _, c := range utf16.Encode([]rune(text)) {
		out = append(out, byte(c), byte(c>>8))
	}
	return string(out)
}

func TestDecodeRefuses(t *testing.T) {
	const start = `{"format_version":"1.2",`
	deep := strings.Repeat(`[`, 10_000) + strings.Repeat(`]`, 10_000)
	deepObject := strings.Repeat(`{"a":`, 10_000) + "1" + strings.Repeat(`}`, 10_000)
	noop := func(value string) string {
		return planOf(`{"actions":["no-op"],"before":` + value + `,"after":null,"before_sensitive":{"a":true}}`)
	}
	tests := []struct{ name, input, want string }{
		{"empty", "", "empty input at byte 0"},
		{"white space", " \n\t", "empty input at byte 3"},
		{"binary plan", "PK\x03\x04rest", "this is a binary plan file"},
		{"gzip", gzipped("{}"), "compressed with gzip"},
		{"UTF-16", utf16le(`{"format_version":"1.2"}`), "UTF-16"},
		{"text plan", "\nTerraform used the selected providers to generate", "the plan as text"},
		{"text plan with refresh", "aws_x.y: Refreshing state... [id=1]\n", "the plan as text"},
		{"array", "[1]", "a JSON array"},
		{"words", "hello", "this is not JSON"},
		{"log", `{"@level":"info","@message":"Terraform 1.11.4"}` + "\n" + `{"@level":"info"}`, "the log of `terraform plan -json`"},
		{"one line of log", `{"@level":"info"}`, "the log of `terraform plan -json`"},
		{"state file", `{"version":4,"terraform_version":"1.11.4","serial":3,"lineage":"x","resources":[]}`, "a state file"},
		{"state in JSON", `{"format_version":"1.0","values":{"root_module":{}}}`, "a state in JSON"},
		{"schemas", `{"format_version":"1.0","provider_schemas":{}}`, "none of a plan's sections"},
		{"no version", `{"resource_changes":[]}`, "no format_version"},
		{"major 2", `{"format_version":"2.0","resource_changes":[]}`, `unknown format_version "2.0"`},
		{"no number", `{"format_version":"x","resource_changes":[]}`, `unknown format_version "x"`},
		{"major 2 redacted", `{"plan_format_version":"2.0"}`, `unknown plan_format_version "2.0"`},
		{"something behind", start + `"resource_changes":[]} {`, "something follows the plan at byte 47"},
		{"unknown actions", planOf(`{"actions":["delete","forget"]}`), "unknown actions at byte 222: [delete,forget] of test_thing.x"},
		{"no actions", planOf(`{"actions":[]}`), "unknown actions"},
		{"deep, skipped", start + `"prior_state":{"x":` + deep + `}}`, "nested deeper than 1000 levels at byte 1041"},
		{"deep, unknown section", start + `"x":` + deepObject + `}`, "nested deeper than 1000 levels"},
		{"deep modules", start + `"planned_values":` + strings.Repeat(`{"root_module":`, 1) + strings.Repeat(`{"child_modules":[`, 5000), "nested deeper than 1000 levels"},
		{"deep value", noop(deep), "nested deeper than 1000 levels"},
		{"deep change", planOf(`{"actions":["update"],"before":` + deepObject + `,"after":` + deepObject + `}`), "nested deeper than 1000 levels"},
		{"brackets", start + `"prior_state":{"a":[}]}`, "unexpected character at byte 44"},
		{"no colon", start + `"resource_changes" []}`, "unexpected character at byte 43"},
		{"comma too many", start + `"resource_changes":[],}`, "unexpected character"},
		{"comma too many within", planOf(`{"actions":["update"],"before":{"a":1,},"after":null}`), "unexpected character at byte 249: in test_thing.x"},
		{"no number as scalar", start + `"complete":01,"resource_changes":[]}`, "unexpected character"},
		{"no boolean", start + `"complete":1,"resource_changes":[]}`, "true or false is expected"},
		{"address is no string", `{"format_version":"1.2","resource_changes":[{"address":1,"change":{"actions":["create"]}}]}`, "a string is expected"},
		{"changes are no list", start + `"resource_changes":{}}`, "an array is expected"},
		{"control character outside", start + "\x01}", "unexpected character at byte 24"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			ws, err := planjson.Decode(strings.NewReader(test.input), new(secret.Set))
			if err == nil {
				t.Fatalf("no error, but %+v", ws)
			}
			var typed *planjson.Error
			if !errors.As(err, &typed) {
				t.Errorf("the error is a %T", err)
			}
			if !strings.Contains(err.Error(), test.want) {
				t.Errorf("got  %q\nwant %q in it", err, test.want)
			}
		})
	}
}

func TestDecodeNoticesTruncation(t *testing.T) {
	var out bytes.Buffer
	if err := plangen.Generate(&out, plangen.Options{Resources: 60, Changes: 30}); err != nil {
		t.Fatal(err)
	}
	plan := strings.TrimSpace(out.String())
	for at := 1; at < len(plan); at += 997 {
		_, err := planjson.Decode(strings.NewReader(plan[:at]), new(secret.Set))
		var typed *planjson.Error
		if !errors.As(err, &typed) || typed.Reason != "truncated" || typed.Offset != int64(at) {
			t.Fatalf("cut at %d: %v", at, err)
		}
	}
}

func TestDecodePassesOnReadErrors(t *testing.T) {
	cause := errors.New("connection lost")
	r := io.MultiReader(strings.NewReader(`{"format_version":"1.2","x":[`), iotest.ErrReader(cause))
	_, err := planjson.Decode(r, new(secret.Set))
	if !errors.Is(err, cause) || !strings.Contains(err.Error(), "reading stopped at byte 29") {
		t.Errorf("got %v", err)
	}
}

func TestDecodeBoundsOneElement(t *testing.T) {
	huge := io.MultiReader(strings.NewReader(`{"format_version":"1.2","resource_changes":[{"address":"`),
		&endless{left: 70 << 20}, strings.NewReader(`"}]}`))
	_, err := planjson.Decode(huge, new(secret.Set))
	if err == nil || !strings.Contains(err.Error(), "an element larger than 64 MiB begins at byte 44") {
		t.Errorf("got %v", err)
	}
}

// endless is a string of so many letters.
type endless struct{ left int }

func (e *endless) Read(p []byte) (int, error) {
	if e.left == 0 {
		return 0, io.EOF
	}
	n := min(len(p), e.left)
	for i := range p[:n] {
		p[i] = 'x'
	}
	e.left -= n
	return n, nil
}

func TestDecodeToleratesByteOrderMark(t *testing.T) {
	ws := decode(t, "\ufeff"+planOf(`{"actions":["create"],"after":{"a":1}}`))
	if len(ws.Changes) != 1 {
		t.Errorf("got %d changes", len(ws.Changes))
	}
}

func TestDecodeCountsLargePlan(t *testing.T) {
	var out bytes.Buffer
	if err := plangen.Generate(&out, plangen.Options{Resources: 2000, Changes: 500}); err != nil {
		t.Fatal(err)
	}
	var secrets secret.Set
	ws, err := planjson.Decode(&out, &secrets)
	if err != nil {
		t.Fatal(err)
	}
	s := ws.Summary
	if s.Change != 300 || s.Add != 100 || s.Destroy != 50 || s.Replace != 50 || s.Output != 0 {
		t.Errorf("got %+v", s)
	}
	for i := range 2000 {
		if plangen.Secret(i, false) != "" && !secrets.Whole(plangen.Secret(i, false)) && !secrets.Whole(plangen.Secret(i, true)) {
			t.Fatalf("the secret of resource %d was not found", i)
		}
	}
	if !secrets.Whole(plangen.MasterSecret) {
		t.Error("the sensitive variable was not found")
	}
}
