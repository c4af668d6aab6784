package model

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/strandline-tf/strandline/internal/secret"
)

func TestCountsAsTheReportPromises(t *testing.T) {
	w := NewWorkspace("w")
	w.Changes = []Change{
		{Address: "a.create", Action: ActionCreate},
		{Address: "a.update", Action: ActionUpdate, PreviousAddress: "a.was"},
		{Address: "a.replace", Action: ActionReplace},
		{Address: "a.replace_forget", Action: ActionReplaceForget},
		{Address: "a.delete", Action: ActionDelete},
		{Address: "a.forget", Action: ActionForget},
		{Address: "data.a.read", Action: ActionRead},
		{Address: "a.import", Action: ActionNoOp, Import: &Import{ID: "x"}},
		{Address: "a.move", Action: ActionNoOp, PreviousAddress: "a.old"},
		{Address: "a.imported_and_changed", Action: ActionUpdate, Import: &Import{ID: "y"}},
	}
	w.Drift = []Drift{{}}
	w.Outputs = []Output{{}, {}}
	w.Deferred = []Deferred{{}}
	w.Actions = []Action{{}}
	w.Checks = []Check{{Status: "pass"}, {Status: "fail", Problems: []string{"one", "two"}}, {Status: "error"}, {Status: "unknown"}}
	w.Policies = []Policy{{Status: "passed"}, {Status: "failed"}, {Status: "errored"}, {Status: "overridden"}}
	w.Ignored = []Ignored{{}, {}, {}}
	w.Count()
	want := Summary{Import: 2, Add: 1, Change: 2, Replace: 2, Destroy: 1, Move: 2, Forget: 1, Read: 1, Drift: 1,
		Output: 2, Deferred: 1, Action: 1, CheckFailed: 2, PolicyFailed: 2, Ignored: 3}
	if w.Summary != want {
		t.Errorf("got  %+v\nwant %+v", w.Summary, want)
	}
	var sum Summary
	sum.Merge(want)
	sum.Merge(want)
	for i, c := range sum.Counters() {
		if *c.Count != 2**want.Counters()[i].Count {
			t.Errorf("%s: %d after merging twice", c.Name, *c.Count)
		}
	}
}

func TestCountersAreNamedAsInTheReport(t *testing.T) {
	var s Summary
	for i, c := range s.fields() {
		*c.Count = i + 1
	}
	b, err := json.Marshal(s)
	if err != nil {
		t.Fatal(err)
	}
	var got map[string]int
	if err := json.Unmarshal(b, &got); err != nil {
		t.Fatal(err)
	}
	if len(got) != len(s.fields()) {
		t.Fatalf("%d counters in the report, %d in Counters", len(got), len(s.fields()))
	}
	for _, c := range s.Counters() {
		if got[c.Name] != *c.Count {
			t.Errorf("%s is %d in the report, %d in Counters", c.Name, got[c.Name], *c.Count)
		}
	}
}

func TestReadingDataChangesNothing(t *testing.T) {
	if (&Summary{Read: 3, Drift: 2, CheckFailed: 1}).HasChanges() {
		t.Error("reads, drift and checks count as changes")
	}
	for _, s := range []Summary{{Import: 1}, {Add: 1}, {Change: 1}, {Replace: 1}, {Destroy: 1}, {Move: 1}, {Forget: 1}, {Output: 1}, {Deferred: 1}} {
		if !s.HasChanges() {
			t.Errorf("%+v counts as no changes", s)
		}
	}
}

func TestFinishedReportHasNoNullLists(t *testing.T) {
	r := NewReport(KindPlan, "2026-01-02T03:04:05Z")
	r.Workspaces = []Workspace{{
		Name: "w", Changes: []Change{{}}, Drift: []Drift{{}}, Outputs: []Output{{}}, Deferred: []Deferred{{}},
		Checks: []Check{{}}, Suggestions: []Suggestion{{}},
	}}
	r.Finish()
	b, err := json.Marshal(r)
	if err != nil {
		t.Fatal(err)
	}
	// affects_plan is the one field that says something by being null.
	if s := strings.ReplaceAll(string(b), `"affects_plan":null`, ""); strings.Contains(s, "null") {
		t.Errorf("null in %s", s)
	}
}

func TestFinishSorts(t *testing.T) {
	r := NewReport(KindPlan, "")
	r.Workspaces = []Workspace{{Name: "b"}, {Name: "a", Organization: "z"}, {Name: "a", Organization: "y"}}
	for _, address := range []string{"x.y[10]", "x.y[9]", "x.a", "module.m.x.y", `x.y["a"]`, "x.y"} {
		r.Workspaces[0].Changes = append(r.Workspaces[0].Changes, Change{Address: address})
	}
	r.Finish()
	if r.Workspaces[0].Organization != "y" || r.Workspaces[1].Organization != "z" {
		t.Error("workspaces are not sorted by name, then organisation")
	}
	var got []string
	for _, c := range r.Workspaces[2].Changes {
		got = append(got, c.Address)
	}
	want := []string{"module.m.x.y", "x.a", "x.y", `x.y["a"]`, "x.y[9]", "x.y[10]"}
	if !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

func TestCompareAddressIsATotalOrder(t *testing.T) {
	all := []string{"", "a", "a1", "a01", "a10", "a2", "b", "a1b", "a1.5", "a[0]", "a[00]"}
	for _, a := range all {
		for _, b := range all {
			if got, back := compareAddress(a, b), compareAddress(b, a); got != -back || (got == 0) != (a == b) {
				t.Errorf("compare(%q, %q) = %d, the other way %d", a, b, got, back)
			}
		}
	}
}

func TestWithholdReachesEveryText(t *testing.T) {
	const hidden = "correct-horse-battery"
	s := &secret.Set{}
	s.Add(hidden)
	in := "before " + hidden + " after"
	quoted := Value(`{"key ` + hidden + `":["` + in + `",1]}`)
	change := Change{
		Address: "a.b", GeneratedConfig: in, Unchanged: []Leaf{{Path: "u", Value: quoted}, {Path: "v", Value: Value(`"` + hidden + `"`)}}, Import: &Import{ID: in, Identity: quoted},
		Attributes: []Attribute{{Path: "inside", Before: Value(`"` + in + `"`), After: Value("1")}, {Path: "whole", Before: Value("1"), After: Value(`"` + hidden + `"`)}},
	}
	r := NewReport(KindPlan, "")
	r.Notes = []string{in}
	r.Problems = []Problem{{Message: in, Hint: in}}
	r.Workspaces = []Workspace{{
		Name: "w", Message: in, Changes: []Change{change},
		Outputs:  []Output{{Name: "o", Before: quoted, After: quoted}, {Name: "whole", After: Value(`"` + hidden + `"`)}},
		Actions:  []Action{{Config: quoted}},
		Checks:   []Check{{Problems: []string{in}}},
		Policies: []Policy{{Output: in}}, RunTasks: []RunTask{{Message: in, URL: in}},
		Diagnostics: []Diagnostic{{Summary: in, Detail: in, Snippet: in}},
		Risks:       []Risk{{Message: in}},
		Suggestions: []Suggestion{{Why: in, Patch: in, Files: []File{{Content: in}}}},
	}}
	r.Finish()
	r.Withhold(s)
	b, err := json.Marshal(r)
	if err != nil {
		t.Fatal(err)
	}
	// Object keys are names and stay; nothing else does.
	if rest := strings.ReplaceAll(string(b), "key "+hidden, ""); strings.Contains(rest, hidden) {
		t.Errorf("the secret survives in %s", rest)
	}
	attributes := r.Workspaces[0].Changes[0].Attributes
	if a := attributes[0]; a.Sensitive || string(a.Before) != `"before (sensitive value) after"` {
		t.Errorf("a value that contains a secret: %+v", a)
	}
	if a := attributes[1]; !a.Sensitive || a.Before != nil || a.After != nil {
		t.Errorf("a value that is a secret: %+v", a)
	}
	if o := r.Workspaces[0].Outputs; o[0].Sensitive || !o[1].Sensitive || o[1].After != nil {
		t.Errorf("outputs: %+v", o)
	}
	if u := r.Workspaces[0].Changes[0].Unchanged; len(u) != 1 || u[0].Path != "u" {
		t.Errorf("an unchanged value that is a secret stays: %+v", u)
	}
}

func TestWithheldKeepsNumbersExact(t *testing.T) {
	s := &secret.Set{}
	s.Add("555512121212")
	for in, want := range map[string]string{
		`{"a":98765678901234567890123.50,"b":[null,true,""]}`: `{"a":98765678901234567890123.50,"b":[null,true,""]}`,
		`[555512121212]`:             `["(sensitive value)"]`,
		`not json, but 555512121212`: `"(sensitive value)"`,
	} {
		if got := string(withheld(s, Value(in))); got != want {
			t.Errorf("withheld(%s) = %s, want %s", in, got, want)
		}
	}
}

func TestLimit(t *testing.T) {
	const value = "a-telling-value"
	build := func() *Report {
		r := NewReport(KindPlan, "")
		r.Problems = []Problem{{Workspace: "w", Message: value}}
		r.Workspaces = []Workspace{{
			Name: "w",
			Changes: []Change{{Address: "a.b", Action: ActionUpdate, GeneratedConfig: value, Import: &Import{ID: value}, Unchanged: []Leaf{{Path: "u", Value: Value(`"` + value + `"`)}},
				Attributes: []Attribute{{Path: "tags.Env", Before: Value(`"` + value + `"`)}}}},
			Outputs:     []Output{{Name: "o", After: Value(`"` + value + `"`), Attributes: []Attribute{{Path: "o", After: Value(`"` + value + `"`)}}}},
			Actions:     []Action{{Config: Value(`{"a":"` + value + `"}`)}},
			Checks:      []Check{{Address: "check.c", Status: "fail", Problems: []string{value}}},
			Policies:    []Policy{{Name: "p", Output: value}},
			RunTasks:    []RunTask{{Name: "t", Message: value}},
			Diagnostics: []Diagnostic{{Severity: "error", Summary: "s", Detail: value, Snippet: value}},
			Risks:       []Risk{{Kind: "public_ingress", Address: "a.b", Message: value, Brief: "open"}},
			Suggestions: []Suggestion{{Kind: "moved", Why: value}},
		}}
		r.Finish()
		return r
	}
	for _, tc := range []struct {
		level     Show
		has, lack []string
	}{
		{ShowValues, []string{value, "tags.Env", "a.b"}, nil},
		{ShowNames, []string{"tags.Env", "a.b", "check.c", "open"}, []string{"before", "after"}},
		{ShowCounts, []string{`"change":1`}, []string{"tags.Env", "a.b", "check.c"}},
	} {
		r := build()
		if tc.level != ShowValues {
			r.Problems[0].Message = "could not be read"
		}
		r.Limit(tc.level)
		b, err := json.Marshal(r)
		if err != nil {
			t.Fatal(err)
		}
		if tc.level != ShowValues {
			tc.lack = append(tc.lack, value)
		}
		for _, s := range tc.has {
			if !strings.Contains(string(b), s) {
				t.Errorf("%s: lacks %q in %s", tc.level, s, b)
			}
		}
		for _, s := range tc.lack {
			if strings.Contains(string(b), s) {
				t.Errorf("%s: tells %q in %s", tc.level, s, b)
			}
		}
	}
}
