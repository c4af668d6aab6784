package jsonout

import (
	"bytes"
	"encoding/json"
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/strandline-tf/strandline/internal/model"
)

func compile(t testing.TB, text []byte) *jsonschema.Schema {
	t.Helper()
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	if err := c.AddResource("report.json", doc); err != nil {
		t.Fatal(err)
	}
	s, err := c.Compile("report.json")
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// validate says what is wrong with a report as Write writes it.
func validate(t testing.TB, s *jsonschema.Schema, r *model.Report) error {
	t.Helper()
	var b bytes.Buffer
	if err := Write(&b, r); err != nil {
		t.Fatal(err)
	}
	doc, err := jsonschema.UnmarshalJSON(&b)
	if err != nil {
		t.Fatal(err)
	}
	return s.Validate(doc)
}

// TestSamplesAreValid holds every report that the formats are tested with
// against the published schema and against one that takes no other field.
func TestSamplesAreValid(t *testing.T) {
	open, strict := compile(t, Schema()), compile(t, newSchema(true))
	paths, err := filepath.Glob("../testdata/*/report.json")
	if err != nil || len(paths) == 0 {
		t.Fatal("no reports", err)
	}
	for _, path := range paths {
		data, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		r := &model.Report{}
		if err := json.Unmarshal(data, r); err != nil {
			t.Fatal(path, err)
		}
		for _, s := range []*jsonschema.Schema{open, strict} {
			if err := validate(t, s, r); err != nil {
				t.Errorf("%s: %v", path, err)
			}
		}
	}
}

// TestSchemaFollowsModel: a report with something in every field is valid, and
// each of its fields is known to the schema.
func TestSchemaFollowsModel(t *testing.T) {
	r := &model.Report{}
	fillAll(reflect.ValueOf(r).Elem())
	r.Version, r.Kind, r.Show = model.Version, model.KindPlan, model.ShowNames
	r.Ignored[0].Rule = model.RuleOwned
	for i := range r.Workspaces {
		w := &r.Workspaces[i]
		w.Source, w.Ignored[0].Rule = model.DriftFromRun, model.RuleComputed
		w.Status, w.Risks[0].Kind, w.Outputs[0].Action = model.StatusPlanned, model.RiskWildcard, model.ActionCreate
		for _, c := range []*model.Change{&w.Changes[0], &w.Drift[0].Change, &w.Deferred[0].Change} {
			c.Action, c.Order = model.ActionReplace, model.CreateFirst
		}
	}
	if err := validate(t, compile(t, newSchema(true)), r); err != nil {
		t.Error(err)
	}

	var doc map[string]any
	var b bytes.Buffer
	if err := Write(&b, r); err != nil {
		t.Fatal(err)
	}
	for name, change := range map[string]func(report, workspace, change map[string]any){
		"unknown field":        func(_, _, c map[string]any) { c["of_tomorrow"] = 1 },
		"missing list":         func(_, w, _ map[string]any) { delete(w, "changes") },
		"null list":            func(_, w, _ map[string]any) { w["drift"] = nil },
		"missing counter":      func(r, _, _ map[string]any) { delete(r["summary"].(map[string]any), "add") },
		"missing in embedded":  func(_, w, _ map[string]any) { delete(w["drift"].([]any)[0].(map[string]any), "attributes") },
		"unknown action":       func(_, _, c map[string]any) { c["action"] = "explode" },
		"number for a string":  func(_, _, c map[string]any) { c["address"] = 1 },
		"negative counter":     func(r, _, _ map[string]any) { r["summary"].(map[string]any)["add"] = -1 },
		"version of tomorrow":  func(r, _, _ map[string]any) { r["version"] = 2 },
		"null where it is not": func(_, w, _ map[string]any) { w["complete"] = nil },
	} {
		if err := json.Unmarshal(b.Bytes(), &doc); err != nil {
			t.Fatal(err)
		}
		w := doc["workspaces"].([]any)[0].(map[string]any)
		change(doc, w, w["changes"].([]any)[0].(map[string]any))
		if err := compile(t, newSchema(true)).Validate(doc); err == nil {
			t.Errorf("%s: is taken", name)
		}
		if err := compile(t, Schema()).Validate(doc); (err == nil) != (name == "unknown field") {
			t.Errorf("%s: the published schema says %v", name, err)
		}
	}
}

// fillAll puts something into every field that is published.
func fillAll(v reflect.Value) {
	if v.Type() == reflect.TypeFor[model.Value]() {
		v.SetBytes([]byte(`{"k":[1,null]}`))
		return
	}
	switch v.Kind() {
	case reflect.Struct:
		for i := range v.NumField() {
			if v.Type().Field(i).Tag.Get("json") != "-" {
				fillAll(v.Field(i))
			}
		}
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		fillAll(v.Elem())
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 1, 1))
		fillAll(v.Index(0))
	case reflect.Map:
		v.Set(reflect.ValueOf(map[string]string{"a": "b"}))
	case reflect.String:
		v.SetString("x")
	case reflect.Bool:
		v.SetBool(true)
	case reflect.Int:
		v.SetInt(1)
	case reflect.Float64:
		v.SetFloat(0.5)
	}
}

// TestFieldsAreDescribed: each type and field is, and nothing else.
func TestFieldsAreDescribed(t *testing.T) {
	want := map[string]bool{}
	var visit func(reflect.Type)
	visit = func(typ reflect.Type) {
		switch typ.Kind() {
		case reflect.Slice, reflect.Pointer, reflect.Map:
			visit(typ.Elem())
		case reflect.Struct:
			want[typ.Name()] = true
			for i := range typ.NumField() {
				f := typ.Field(i)
				name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
				if name == "-" {
					continue
				}
				if name != "" {
					want[typ.Name()+"."+name] = true
				}
				visit(f.Type)
			}
		}
	}
	visit(reflect.TypeFor[model.Report]())
	got := map[string]bool{}
	for name, w := range parseFields() {
		got[name] = w.description != ""
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("fields.tsv (-want +got):\n%s", diff)
	}
}

// TestEnumsFollowModel: what the model has constants for is what may stand
// there.
func TestEnumsFollowModel(t *testing.T) {
	byPrefix := constants(t)
	for field, prefixes := range map[string][]string{
		"Report.kind": {"Kind"}, "Workspace.status": {"Status"}, "Change.action": {"Action"}, "Risk.kind": {"Risk"},
		"Report.show": {"ShowNames", "ShowCounts"}, "Change.order": {"DeleteFirst", "CreateFirst"},
		"Workspace.source": {"DriftFrom"}, "Ignored.rule": {"Rule"},
	} {
		var want []string
		for name, value := range byPrefix {
			if slices.ContainsFunc(prefixes, func(p string) bool { return strings.HasPrefix(name, p) }) {
				want = append(want, value)
			}
		}
		got := parseFields()[field].enum
		slices.Sort(want)
		slices.Sort(got)
		if diff := cmp.Diff(want, got); diff != "" || len(want) == 0 {
			t.Errorf("%s (-model +schema):\n%s", field, diff)
		}
	}
}

// constants are the model's exported string constants.
func constants(t *testing.T) map[string]string {
	t.Helper()
	out := map[string]string{}
	paths, err := filepath.Glob("../../model/*.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range paths {
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(file, func(n ast.Node) bool {
			if v, ok := n.(*ast.ValueSpec); ok && len(v.Names) == 1 && len(v.Values) == 1 && v.Names[0].IsExported() {
				if lit, ok := v.Values[0].(*ast.BasicLit); ok && lit.Kind == token.STRING {
					out[v.Names[0].Name], _ = strconv.Unquote(lit.Value)
				}
			}
			return true
		})
	}
	if len(out) == 0 {
		t.Fatal("no constants", slices.Collect(maps.Keys(out)))
	}
	return out
}

// TestSchemaIsStable: the same bytes each time, for those who keep a copy.
func TestSchemaIsStable(t *testing.T) {
	if !bytes.Equal(Schema(), Schema()) {
		t.Error("two schemas differ")
	}
	if !bytes.HasSuffix(Schema(), []byte("}\n")) || !json.Valid(Schema()) {
		t.Error("no JSON document")
	}
}
