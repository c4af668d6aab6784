package propose

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/go-json-experiment/json/jsontext"
	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"pgregory.net/rapid"

	"github.com/strandline-tf/strandline/internal/model"
)

// TestMovedGuards changes one thing at a time in a plan that else gets a
// suggestion.
func TestMovedGuards(t *testing.T) {
	const lines = `
		- module.a.x_y.r one="aa" two="bb"
		+ module.b.x_y.r one="aa" two="bb"`
	for _, tc := range []struct {
		name   string
		change func(w *model.Workspace, from, to *model.Change)
		want   string
	}{
		{"as it is", func(*model.Workspace, *model.Change, *model.Change) {}, "module.a -> module.b"},
		{"redacted", func(w *model.Workspace, _, _ *model.Change) { w.Redacted = true }, ""},
		{"errored", func(w *model.Workspace, _, _ *model.Change) { w.Errored = true }, ""},
		{"deposed", func(_ *model.Workspace, from, _ *model.Change) { from.Deposed = "0badc0de" }, ""},
		{"data", func(_ *model.Workspace, from, to *model.Change) { from.Mode, to.Mode = "data", "data" }, ""},
		{"destroyed though configured", func(_ *model.Workspace, from, _ *model.Change) { from.Reason = "" }, ""},
		{"forgotten", func(_ *model.Workspace, from, _ *model.Change) { from.Action = model.ActionForget }, ""},
		{"replaced", func(_ *model.Workspace, from, _ *model.Change) { from.Action = model.ActionReplace }, ""},
		{"imported", func(_ *model.Workspace, _, to *model.Change) { to.Import = &model.Import{ID: "x"} }, ""},
		{"unknown index", func(_ *model.Workspace, _, to *model.Change) { to.IndexUnknown = true }, ""},
		{"another provider", func(_ *model.Workspace, _, to *model.Change) { to.Provider = "q" }, ""},
		{"an address that is none", func(_ *model.Workspace, from, _ *model.Change) { from.Address = "module.a.x_y.r[" }, ""},
		{"an address of something else", func(_ *model.Workspace, from, _ *model.Change) { from.Name = "s" }, ""},
		{"an index of something else", func(_ *model.Workspace, _, to *model.Change) { to.Index = model.Value("0") }, ""},
		{"the module lives on", func(w *model.Workspace, _, _ *model.Change) { w.LiveModules = []string{"module.a.module.c[0]"} },
			"module.a.x_y.r -> module.b.x_y.r"},
		{"another module lives on", func(w *model.Workspace, _, _ *model.Change) { w.LiveModules = []string{`module.c`, `module.a["x"]`} },
			"module.a -> module.b"},
		{"a module lives on that can't be told", func(w *model.Workspace, _, _ *model.Change) { w.LiveModules = []string{"module."} },
			"module.a.x_y.r -> module.b.x_y.r"},
		{"the resource goes on with other instances", func(_ *model.Workspace, from, _ *model.Change) { from.Reason = "delete_because_each_key" },
			"module.a.x_y.r -> module.b.x_y.r"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			w := parsePlan(t, lines)
			tc.change(w, &w.Changes[0], &w.Changes[1])
			if got := moves(Moved(w)); got != tc.want {
				t.Errorf("got %q, want %q", got, tc.want)
			}
		})
	}
}

// TestMovedText pins all that a suggestion says.
func TestMovedText(t *testing.T) {
	got := Moved(parsePlan(t, `
		- aws_instance.old ami="ami-1" instance_type="t3" tags.Name="a" tags.Env="prod"
		+ aws_instance.new ami="ami-1" instance_type="t3" tags.Name="b" tags.Env="prod"`))
	if len(got) != 1 || len(got[0].Files) != 1 {
		t.Fatalf("%+v", got)
	}
	s := got[0]
	want := model.Suggestion{Kind: "moved", To: "aws_instance.new", Verified: "unverified",
		Why: "`aws_instance.old` and `aws_instance.new`: 3 of 4 comparable attributes are equal (all but tags.Name)"}
	if s.Kind != want.Kind || s.To != want.To || s.Verified != want.Verified || s.Why != want.Why {
		t.Errorf("%+v", s)
	}
	const content = "moved {\n  from = aws_instance.old\n  to   = aws_instance.new\n}\n"
	if s.Files[0] != (model.File{Path: "moved.tf", Content: content}) {
		t.Errorf("%+v", s.Files[0])
	}
}

// hostile are pieces that try to end a string, a template or a line, or hide.
var hostile = []string{`"`, `\`, "${", "%{", "$${", "$", "%", "{", "}", "\n", "\r", "\t", "\x00", "\x1b[31m", "\u202e", "\u2066", "\ufeff",
	"e\u0301", "é", "😀", "\u2028", "]", "[", ".", "`", "/*", "#", "//", "<<EOT\n", "a", " ", "\U000e0041", "\ufffd"}

// TestMovedIsHonest: whatever stands in keys, the HCL of a suggestion names
// exactly the two instances.
func TestMovedIsHonest(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		keys := rapid.Map(rapid.SliceOfN(rapid.SampledFrom(hostile), 0, 8), func(parts []string) string { return strings.Join(parts, "") })
		from, to := change(keys.Draw(t, "module"), keys.Draw(t, "from")), change(keys.Draw(t, "module"), keys.Draw(t, "to"))
		from.Action, from.Reason = model.ActionDelete, "delete_because_each_key"
		to.Action = model.ActionCreate
		for i, path := range []string{"one", "two"} {
			value := model.Value(strconv.Quote(strings.Repeat("v", i+2)))
			from.Attributes = append(from.Attributes, model.Attribute{Path: path, Before: value})
			to.Attributes = append(to.Attributes, model.Attribute{Path: path, After: value})
		}
		got := Moved(&model.Workspace{Changes: []model.Change{from, to}})
		if len(got) == 0 {
			return
		}
		if strings.ContainsAny(got[0].Why+got[0].To, "\n\r\x00\x1b\u202e\u2066\u2028") {
			t.Fatalf("%q", got[0].Why)
		}
		a, b, ok := readMoved([]byte(got[0].Files[0].Content))
		if !ok || !leadsTo(a, from.Address) || !leadsTo(b, to.Address) {
			t.Fatalf("%q -> %q: %s", from.Address, to.Address, got[0].Files[0].Content)
		}
	})
}

// change is an instance with a key in a module with a key, spelled as
// Terraform does (toHCLQuotedString in its internal/addrs/instance_key.go).
func change(module, key string) model.Change {
	quote := func(s string) string {
		s = strings.NewReplacer(`"`, `\"`, `\`, `\\`, "\n", `\n`, "\r", `\r`, "\t", `\t`, "${", "$${", "%{", "%%{").Replace(s)
		return `"` + s + `"`
	}
	path := "module.m[" + quote(module) + "]"
	index, err := jsontext.AppendQuote(nil, key)
	if err != nil {
		panic(err)
	}
	return model.Change{Address: path + ".x_y.r[" + quote(key) + "]", Module: path, Mode: "managed", Type: "x_y", Name: "r", Index: index}
}

func leadsTo(t hcl.Traversal, address string) bool {
	want, diags := hclsyntax.ParseTraversalAbs([]byte(address), "", hcl.InitialPos)
	return !diags.HasErrors() && isSame(t, want)
}

// TestMovedKeys: keys as they occur do get their suggestion.
func TestMovedKeys(t *testing.T) {
	for _, key := range []string{"a", "a b", `say "x"`, "${x}", "%{ if }", "two\nlines", "日本", `back\slash`, ""} {
		from, to := change("m", "old"), change("m", key)
		from.Action, from.Reason, to.Action = model.ActionDelete, "delete_because_each_key", model.ActionCreate
		from.Attributes = []model.Attribute{{Path: "one", Before: model.Value(`"xyz"`)}}
		to.Attributes = []model.Attribute{{Path: "one", After: model.Value(`"xyz"`)}}
		if got := Moved(&model.Workspace{Changes: []model.Change{from, to}}); len(got) != 1 {
			t.Errorf("%q: %d suggestions", key, len(got))
		}
	}
}

// TestMovedMany: the time for n objects of one type stays near n, and what is
// certain is still found.
func TestMovedMany(t *testing.T) {
	const n = 10_000
	for _, tc := range []struct {
		name string
		line func(sign string, i int) string
		want int
	}{
		{"distinct", func(_ string, i int) string {
			return fmt.Sprintf(`input.n="value-%d" input.all="same" input.more="same"`, i)
		}, n},
		{"nearly distinct", func(_ string, i int) string { return fmt.Sprintf(`input.n="value-%d" input.all="same"`, i/10) }, 0},
		{"each a little changed", func(sign string, i int) string {
			return fmt.Sprintf(`input.n="value-%d" input.all="same" input.more="same" input.sign="sign%s"`, i, sign)
		}, 0},
		{"twins", func(string, int) string { return `input.n="same" input.all="same"` }, 0},
	} {
		t.Run(tc.name, func(t *testing.T) {
			var b strings.Builder
			for i := range n {
				fmt.Fprintf(&b, "- x_y.a%d %s\n", i, tc.line("-", i))
				fmt.Fprintf(&b, "+ x_y.b%d %s\n", n-i, tc.line("+", i))
			}
			w := parsePlan(t, b.String())
			start := time.Now()
			got := Moved(w)
			// Quadratic work takes minutes; a machine may be busy.
			if took := time.Since(start); len(got) != tc.want || took > 20*time.Second {
				t.Errorf("%d suggestions, want %d, in %v", len(got), tc.want, took)
			}
			t.Log(time.Since(start))
		})
	}
}

// TestMovedOrder: the order of a plan's elements doesn't decide who belongs to
// whom.
func TestMovedOrder(t *testing.T) {
	const lines = `
		- module.a.x_y.r one="aa" two="bb"
		- x_y.a[0] one="cc" two="dd"
		- x_y.a[1] one="cc" two="ee"
		+ x_y.b["x"] one="cc" two="dd"
		+ x_y.b["y"] one="cc" two="ee"
		+ module.b.x_y.r one="aa" two="bb"`
	sorted := func(w *model.Workspace) string {
		list := strings.Split(moves(Moved(w)), "\n")
		slices.Sort(list)
		return strings.Join(list, "\n")
	}
	want := sorted(parsePlan(t, lines))
	rapid.Check(t, func(t *rapid.T) {
		all := strings.Split(strings.TrimSpace(lines), "\n")
		if got := sorted(parsePlan(t, strings.Join(rapid.Permutation(all).Draw(t, "order"), "\n"))); got != want {
			t.Fatalf("got\n%s\nwant\n%s", got, want)
		}
	})
}
