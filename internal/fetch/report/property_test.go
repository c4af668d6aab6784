package report_test

import (
	"bytes"
	"context"
	"fmt"
	"path/filepath"
	"reflect"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"github.com/strandline-tf/strandline/internal/fetch/report"
	"github.com/strandline-tf/strandline/internal/model"
	"github.com/strandline-tf/strandline/internal/render/jsonout"
	"github.com/strandline-tf/strandline/internal/secret"
)

// TestMergedIsOne: however a report is split among shards, and whatever is
// secret in which of them, the merged report is that of one job, byte for byte
// and in what isn't published.
func TestMergedIsOne(t *testing.T) {
	dir := t.TempDir()
	rapid.Check(t, func(t *rapid.T) {
		whole := randomReport(t)
		of := rapid.IntRange(1, 4).Draw(t, "of")
		parts, sets := make([]*model.Report, of), make([]*secret.Set, of)
		for i := range parts {
			parts[i], sets[i] = model.NewReport(model.KindDrift, "their own"), &secret.Set{}
		}
		shard := rapid.IntRange(0, of-1)
		for rec := range whole.Records() {
			parts[shard.Draw(t, "shard")].AddRecord(clone(rec))
			if rec.Note != "" || rec.Problem != nil { // may be of all
				parts[shard.Draw(t, "again")].AddRecord(clone(rec))
			}
		}
		for _, s := range rapid.SliceOfN(texts, 0, 5).Draw(t, "secrets") {
			sets[shard.Draw(t, "shard")].Add(s)
		}

		all := &secret.Set{}
		paths := make([]string, of)
		for i := range parts {
			all.Join(sets[i])
			paths[i] = filepath.Join(dir, fmt.Sprint(of-i))
			write(t, paths[i], parts[i], model.Part{Shard: i + 1, Of: of, Settings: map[string]string{"org": "acme"}}, sets[i], "token")
		}
		finish := func(r *model.Report, secrets *secret.Set) string {
			r.GeneratedAt = "2026-01-02T03:04:05Z"
			r.Withhold(secrets)
			r.Finish()
			var b bytes.Buffer
			if err := jsonout.Write(&b, r); err != nil {
				t.Fatal(err)
			}
			return b.String()
		}
		found := &secret.Set{}
		m, err := report.Read(context.Background(), paths, []string{"token"}, found)
		if err != nil {
			t.Fatal(err)
		}
		if m.Partial || len(m.Missing) > 0 || m.Part.Of != of || m.Part.Settings["org"] != "acme" {
			t.Fatalf("%+v", m)
		}
		want, got := finish(whole, all), finish(m.Report, found)
		if want != got {
			t.Fatalf("(-one +merged):\n%s", cmp.Diff(want, got))
		}
		if diff := cmp.Diff(whole, m.Report, cmpopts.EquateEmpty()); diff != "" {
			t.Fatalf("(-one +merged):\n%s", diff)
		}
	})
}

// clone keeps the parts from sharing what AddRecord writes to.
func clone(rec *model.Record) *model.Record {
	out := *rec
	for _, f := range reflect.ValueOf(&out).Elem().Fields() {
		if f.Kind() == reflect.Pointer && !f.IsNil() {
			to := reflect.New(f.Type().Elem())
			to.Elem().Set(f.Elem())
			f.Set(to)
		}
	}
	return &out
}

// texts are those of a report; some are secrets.
var texts = rapid.OneOf(rapid.SampledFrom([]string{"correct-horse", "hunter2", "x-correct-horse-y", "horse-y and more", "", "a<b>&c", "é\u2028\x00", "web[10]", "web[9]"}), rapid.String())

var values = rapid.OneOf(
	rapid.SampledFrom([]string{`null`, `true`, `0`, `12345678901234567890123456789.10`, `"correct-horse"`, `"a<b>\u0026\/c"`, `{"z":1,"a":["hunter2",null,{}]}`, `[]`, `"\ud83d\ude00"`}),
	rapid.Map(rapid.StringMatching(`[a-z"\\]*`), func(s string) string { return fmt.Sprintf("%q", s) }),
)

func randomReport(t *rapid.T) *model.Report {
	r := model.NewReport(model.KindDrift, "")
	for i := range rapid.IntRange(0, 4).Draw(t, "workspaces") {
		w := model.NewWorkspace("")
		fill(t, reflect.ValueOf(w).Elem(), "w")
		w.Name = fmt.Sprint("w", i)
		w.Configured = nil // has served
		r.Workspaces = append(r.Workspaces, *w)
	}
	fill(t, reflect.ValueOf(&r.Unmanaged).Elem(), "unmanaged")
	for i := range r.Unmanaged {
		r.Unmanaged[i].Type = fmt.Sprint(i) // else two may differ in what they aren't sorted by
	}
	fill(t, reflect.ValueOf(&r.Conflicts).Elem(), "conflicts")
	for i := range r.Conflicts {
		r.Conflicts[i].Type = fmt.Sprint(i)
	}
	fill(t, reflect.ValueOf(&r.Ignored).Elem(), "ignored")
	for i := range r.Ignored {
		r.Ignored[i].Type = fmt.Sprint(i)
	}
	fill(t, reflect.ValueOf(&r.Problems).Elem(), "problems")
	r.Notes = rapid.SliceOfN(texts.Filter(func(s string) bool { return s != "" }), 0, 3).Draw(t, "notes")
	return r
}

// fill puts something into every field, or nothing.
func fill(t *rapid.T, v reflect.Value, label string) {
	if v.Type() == reflect.TypeFor[model.Value]() {
		if rapid.Bool().Draw(t, label) {
			v.SetBytes([]byte(values.Draw(t, label)))
		} else if v.IsNil() && label == "Leaf.Value" { // never absent
			v.SetBytes([]byte(`1`))
		}
		return
	}
	switch v.Kind() {
	case reflect.Struct:
		for f, field := range v.Fields() {
			fill(t, field, v.Type().Name()+"."+f.Name)
		}
	case reflect.Pointer:
		if rapid.Bool().Draw(t, label) {
			v.Set(reflect.New(v.Type().Elem()))
			fill(t, v.Elem(), label)
		}
	case reflect.Slice:
		n := rapid.SampledFrom([]int{0, 0, 0, 1, 2}).Draw(t, label)
		v.Set(reflect.MakeSlice(v.Type(), n, n))
		for i := range n {
			fill(t, v.Index(i), label)
		}
	case reflect.Map:
		if s := texts.Draw(t, label); s != "" && v.Type().Elem().Kind() == reflect.String {
			v.Set(reflect.ValueOf(map[string]string{s: texts.Draw(t, label)}))
		}
	case reflect.String:
		v.SetString(texts.Draw(t, label))
	case reflect.Bool:
		v.SetBool(rapid.Bool().Draw(t, label))
	case reflect.Int:
		v.SetInt(int64(rapid.IntRange(0, 9).Draw(t, label)))
	case reflect.Float64:
		v.SetFloat(rapid.Float64Range(0, 100).Draw(t, label))
	default:
		t.Fatalf("%s is a %s", label, v.Type())
	}
}
