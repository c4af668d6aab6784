package render_test

import (
	"encoding/json"
	"reflect"
	"strings"

	"pgregory.net/rapid"

	"github.com/strandline-tf/strandline/internal/model"
)

// pieces are what attackers and accidents are made of.
var pieces = []string{
	"@alice", "@org/team", "#1", "GH-1", "o/r#2", "fixes #3", "4f2c9b1e4f2c9b1e4f2c9b1e4f2c9b1e4f2c9b1e", "4f2c9b1",
	"https://evil.example/x", "http://evil.example", "www.evil.example", "a@evil.example", "<https://evil.example>", "mailto:a@b.c",
	"![i](https://evil.example/i.png)", "[l](https://evil.example)", "[full report]", "[full report]: https://evil.example\n",
	"<img src=x onerror=alert(1)>", "<script>alert(1)</script>", "</details>", "<details><summary>", "</summary>", "<!-- c -->", "-->", "<b>", "&lt;b&gt;", "&#64;alice", "&copy;",
	"`", "``", "```", "````", "```diff\n", "\n```\n", "~~~", "\n~~~\n", "|", "\\|", "\\", "\\`", "*", "**b**", "_i_", "~~s~~", "$`x`$", "$$x$$",
	"\n# h\n", "# h", "\n\n", "\n---\n", "\n===\n", "- [ ] task", "1. one", "> quote", "> [!CAUTION]", "    code", "\t", "\r", "\r\n",
	"\u202e", "\u2066", "\u200b", "\u200d", "\ufeff", "\u00a0", "\u2028", "\u3164", "\u2800", "\ufe0f", "\U000e0041", "\x00", "\x07", "\x1b[31m", "\x1b]8;;https://evil.example\x1b\\", "\u009b31m", "\x7f", "\xff", "\xc3",
	"::warning::w", ":smile:", "e\u0301\u0301\u0301\u0301\u0301\u0301\u0301", "日本語", "é", "word", "in-place", "don't", "(404)", " ", "  ", "\"", "'", "${x}", "%{y}", "EOT", "\nEOT\n", "{", "}", "[0]", ".a", "[\"k\"]",
}

// meant are strings that decide how a report is rendered.
var meant = []string{
	"", "create", "update", "delete", "replace", "forget", "replace_forget", "no_op", "read", "create_first", "delete_first",
	"planned", "no_changes", "errored", "policy_failed", "pending", "unreadable", "failed", "passed", "fail", "error", "pass", "unknown",
	"destroy_data", "replace_data", "public_ingress", "plan", "names", "accept", "import", "no_changes", "unverified", "changes",
	"2026-11-02", "2026-11-22T03:04:05Z", "@acme/network", "@acme/net_work_", "@a/_b_", "computed", "default", "assessment", "counts", "warning", "a.b", "a[0].b", "a[0].c", `a["x y"]`, "https://ok.example/run/1",
	"line one\nline two\nline three\n", `{"a":[1,2,{"b":null}]}`,
}

func hostileString() *rapid.Generator[string] {
	return rapid.Custom(func(t *rapid.T) string {
		switch rapid.IntRange(0, 3).Draw(t, "kind") {
		case 0:
			return rapid.SampledFrom(meant).Draw(t, "meant")
		case 1:
			return rapid.String().Draw(t, "any")
		}
		parts := rapid.SliceOfN(rapid.SampledFrom(pieces), 1, 6).Draw(t, "pieces")
		return strings.Join(parts, rapid.SampledFrom([]string{"", " ", "\n"}).Draw(t, "between"))
	})
}

// hostileReport is a report with hostile strings at every position that a
// string or a value can take; found by reflection, so that a new field is
// covered on the day it is added.
func hostileReport() *rapid.Generator[*model.Report] {
	return rapid.Custom(func(t *rapid.T) *model.Report {
		r := &model.Report{}
		fill(t, reflect.ValueOf(r).Elem())
		if kind := rapid.SampledFrom([]model.Kind{"", model.KindPlan, model.KindDrift, model.KindUnmanaged, model.KindAdopt}).Draw(t, "kind"); kind != "" {
			r.Kind = kind
		}
		return r
	})
}

func fill(t *rapid.T, v reflect.Value) {
	switch {
	case v.Type() == reflect.TypeFor[model.Value]():
		v.Set(reflect.ValueOf(hostileValue(t)))
		return
	case v.Kind() == reflect.Pointer:
		if rapid.Bool().Draw(t, "there") {
			v.Set(reflect.New(v.Type().Elem()))
			fill(t, v.Elem())
		}
		return
	}
	switch v.Kind() {
	case reflect.Struct:
		for i := range v.NumField() {
			fill(t, v.Field(i))
		}
	case reflect.Slice:
		n := rapid.IntRange(0, 2).Draw(t, "n")
		v.Set(reflect.MakeSlice(v.Type(), n, n))
		for i := range n {
			fill(t, v.Index(i))
		}
	case reflect.Map:
		v.Set(reflect.MakeMap(v.Type()))
		key, value := reflect.New(v.Type().Key()).Elem(), reflect.New(v.Type().Elem()).Elem()
		fill(t, key)
		fill(t, value)
		v.SetMapIndex(key, value)
	case reflect.String:
		v.SetString(hostileString().Draw(t, "s"))
	case reflect.Bool:
		v.SetBool(rapid.Bool().Draw(t, "b"))
	case reflect.Int:
		v.SetInt(int64(rapid.IntRange(0, 3).Draw(t, "i")))
	case reflect.Float64:
		v.SetFloat(rapid.Float64().Draw(t, "f"))
	default:
		panic("a report has a field of a kind that this test does not know: " + v.Type().String())
	}
}

func hostileValue(t *rapid.T) model.Value {
	s := hostileString().Draw(t, "value")
	text, _ := json.Marshal(s)
	switch rapid.IntRange(0, 5).Draw(t, "value kind") {
	case 0:
		return nil
	case 1:
		return model.Value(`null`)
	case 2: // JSON within a string, as policies have it
		inner, _ := json.Marshal(map[string]any{s: []any{s, 1}})
		outer, _ := json.Marshal(string(inner))
		return outer
	case 3:
		return model.Value(`{"k":` + string(text) + `}`)
	case 4:
		return model.Value(s) // no JSON at all
	}
	return text
}
