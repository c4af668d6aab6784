package sarif

import (
	"bytes"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/strandline-tf/strandline/internal/model"
	"github.com/strandline-tf/strandline/internal/testkit/golden"
)

// places is a checkout in a test.
type places map[string]int

func (p places) Locate(address string) (file string, line int, ok bool) {
	line, ok = p[address]
	return "envs/net prod/main.tf", line, ok
}

func (p places) File(name string) (file string, ok bool) { return "envs/" + name, name == "dns.tf" }

func compile(t testing.TB) *jsonschema.Schema {
	t.Helper()
	c := jsonschema.NewCompiler()
	c.AssertFormat()
	schema, err := c.Compile("testdata/sarif-schema-2.1.0.json")
	if err != nil {
		t.Fatal(err)
	}
	return schema
}

func written(t testing.TB, schema *jsonschema.Schema, r *model.Report, locate Locator) string {
	t.Helper()
	var b bytes.Buffer
	if err := Write(&b, r, locate); err != nil {
		t.Fatal(err)
	}
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(b.Bytes()))
	if err != nil {
		t.Fatal(err)
	}
	if err := schema.Validate(doc); err != nil {
		t.Errorf("not SARIF: %v\n%s", err, b.String())
	}
	return b.String()
}

// TestSamples: every report makes valid SARIF, with places and without.
func TestSamples(t *testing.T) {
	schema := compile(t)
	paths, err := filepath.Glob("../testdata/*/report.json")
	if err != nil || len(paths) == 0 {
		t.Fatal("no reports", err)
	}
	for _, path := range paths {
		t.Run(filepath.Base(filepath.Dir(path)), func(t *testing.T) {
			r := sample(t, path)
			written(t, schema, r, nil)
			written(t, schema, r, places{"x.r3": 7})
		})
	}
	written(t, schema, &model.Report{}, nil)
	if schema.Validate(map[string]any{"version": "2.1.0", "runs": []any{map[string]any{"results": 1}}}) == nil {
		t.Error("the schema takes anything")
	}
}

func sample(t testing.TB, path string) *model.Report {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	r := &model.Report{}
	if err := json.Unmarshal(data, r); err != nil {
		t.Fatal(err)
	}
	return r
}

// TestResults has reports with a finding of each kind, in several workspaces.
func TestResults(t *testing.T) {
	used := map[string]bool{}
	for name, path := range map[string]string{
		"report": "testdata/report.json", "drift": "../testdata/drift/report.json", "unmanaged": "../testdata/unmanaged/report.json",
	} {
		r := sample(t, path)
		got := written(t, compile(t), r, places{`aws_instance.web["a"]`: 12, "check.health": 3, "aws_security_group.web": 40, "aws_s3_bucket.logs-prod": 50})
		golden.Check(t, "testdata/"+name+".sarif", got)

		// Every finding refers to what its rule says.
		var doc document
		if err := json.Unmarshal([]byte(got), &doc); err != nil {
			t.Fatal(err)
		}
		seen := map[string]bool{}
		for _, x := range doc.Runs[0].Results {
			used[x.RuleID] = true
			if id := doc.Runs[0].Tool.Driver.Rules[x.RuleIndex].ID; id != x.RuleID {
				t.Errorf("%s is rule %s by index", x.RuleID, id)
			}
			if f := x.Fingerprints["strandline/v1"]; seen[f] {
				t.Errorf("%s: two findings have one fingerprint", x.Message.Text)
			} else {
				seen[f] = true
			}
			if x.RuleID == ruleUnmanaged && x.Locations[0].Physical != nil {
				t.Errorf("%s: an object is taken for the resource of that address", x.Message.Text)
			}
		}
	}
	for _, k := range rules() {
		if !used[k.ID] {
			t.Errorf("%s is not tested", k.ID)
		}
	}
}

// TestFingerprints: they stay where lines and values change.
func TestFingerprints(t *testing.T) {
	got := written(t, compile(t), sample(t, "testdata/report.json"), places{`aws_instance.web["a"]`: 12, "check.health": 3})
	again := sample(t, "testdata/report.json")
	again.GeneratedAt = "2027-01-01T00:00:00Z"
	for i := range again.Workspaces {
		again.Workspaces[i].RunURL, again.Workspaces[i].RunID = "https://app.terraform.io/app/o/w/runs/run-2", "run-2"
	}
	if diff := cmp.Diff(fingerprints(t, got), fingerprints(t, written(t, compile(t), again, nil))); diff != "" {
		t.Error(diff)
	}
}

func fingerprints(t *testing.T, doc string) []string {
	t.Helper()
	var d document
	if err := json.Unmarshal([]byte(doc), &d); err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, r := range d.Runs[0].Results {
		out = append(out, r.Fingerprints["strandline/v1"])
	}
	return out
}

type brokenWriter struct{}

func (brokenWriter) Write([]byte) (int, error) { return 0, errors.New("disk full") }

func TestWriteErrors(t *testing.T) {
	if err := Write(brokenWriter{}, &model.Report{}, nil); err == nil || !strings.Contains(err.Error(), "disk full") {
		t.Errorf("got %v", err)
	}
}
