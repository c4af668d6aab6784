package jsonout

import (
	"bytes"
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"github.com/strandline-tf/strandline/internal/model"
)

func TestWrite(t *testing.T) {
	r := &model.Report{Version: 1, Kind: model.KindPlan, Workspaces: []model.Workspace{{
		Name: "a<b>&c",
		Changes: []model.Change{{
			Address: "x.y", Index: model.Value(`0`), Attributes: []model.Attribute{
				{Path: "n", Before: model.Value(`12345678901234567890123456789.10`), After: model.Value(`null`)},
				{Path: "o", After: model.Value(`{"z":1,"a":[]}`)},
			},
		}},
		Drift: []model.Drift{{}},
	}}}
	var b bytes.Buffer
	if err := Write(&b, r); err != nil {
		t.Fatal(err)
	}
	got := b.String()
	for _, want := range []string{
		`"name": "a<b>&c"`, // not escaped for HTML
		`12345678901234567890123456789.10`,
		`"after": null`,
		`"affects_plan": null`, // the one null that means something
		`"problems": []`, `"outputs": []`, `"suggestions": []`,
		"\"after\": {\n", // values are indented like the rest
	} {
		if !strings.Contains(got, want) {
			t.Errorf("lacks %s:\n%s", want, got)
		}
	}
	for _, not := range []string{`"commit"`, `"pull_request"`, `"cost"`, `"show"`, `"identity"`, "\n\n"} {
		if strings.Contains(got, not) {
			t.Errorf("should not have %s:\n%s", not, got)
		}
	}
	if !strings.HasSuffix(got, "}\n") {
		t.Errorf("ends in %q", got[len(got)-5:])
	}
	if strings.Index(got, `"z": 1`) > strings.Index(got, `"a": []`) {
		t.Error("the members of a value changed places")
	}
	// What is written reads back as the same report.
	var back model.Report
	if err := json.Unmarshal(b.Bytes(), &back); err != nil {
		t.Fatal(err)
	}
	var again bytes.Buffer
	if err := Write(&again, &back); err != nil {
		t.Fatal(err)
	}
	if again.String() != got {
		t.Errorf("a round trip changed the report:\n%s\n%s", got, again.String())
	}
}

func TestWriteAgreesWithStructTags(t *testing.T) {
	// The published form is what encoding/json makes of the tags, but for nil lists.
	r := &model.Report{Version: 1, Unmanaged: []model.Unmanaged{{Tags: map[string]string{"b": "1", "a": "2"}}}}
	var b bytes.Buffer
	if err := Write(&b, r); err != nil {
		t.Fatal(err)
	}
	std, err := json.MarshalIndent(r, "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	if want := strings.ReplaceAll(string(std), "null", "[]") + "\n"; b.String() != want {
		t.Errorf("got\n%s\nwant\n%s", b.String(), want)
	}
}

type brokenWriter struct{}

func (brokenWriter) Write([]byte) (int, error) { return 0, errors.New("disk full") }

func TestWriteErrors(t *testing.T) {
	if err := Write(brokenWriter{}, &model.Report{}); err == nil || !strings.Contains(err.Error(), "disk full") {
		t.Errorf("got %v", err)
	}
	bad := &model.Report{Workspaces: []model.Workspace{{Changes: []model.Change{{Index: model.Value(`{`)}}}}}
	if err := Write(&bytes.Buffer{}, bad); err == nil {
		t.Error("a value that is no JSON was written")
	}
}
