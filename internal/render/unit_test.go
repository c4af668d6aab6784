package render

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/strandline-tf/strandline/internal/model"
)

func TestVisible(t *testing.T) {
	for in, want := range map[string]string{
		"plain ASCII ~":                   "plain ASCII ~",
		"日本語 é е́":                        "日本語 é е́",
		"a\nb\r\tc":                       `a\nb\r\tc`,
		"\x00\x1b[31m\x7f":                `\u{0000}\u{001B}[31m\u{007F}`,
		"\u009b\u0085":                    `\u{009B}\u{0085}`,
		"a\u202eb\u2066\ufeff":            `a\u{202E}b\u{2066}\u{FEFF}`,
		"\u00a0\u3000\u2028":              `\u{00A0}\u{3000}\u{2028}`,
		"\u3164\u2800\ufe0f":              `\u{3164}\u{2800}\u{FE0F}`,
		"\U000e0041":                      `\u{E0041}`,
		"\xff\xc3x\ufffd":                 `\x{FF}\x{C3}x` + "\ufffd",
		"e\u0301\u0301\u0301\u0301\u0301": "e\u0301\u0301\u0301\u0301" + `\u{0301}`,
	} {
		if got := Visible(in); got != want {
			t.Errorf("%q: got %q, want %q", in, got, want)
		}
	}
}

func TestVisibleIsStable(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := rapid.String().Draw(t, "s")
		if once := Visible(s); Visible(once) != once {
			t.Fatalf("%q is not stable: %q", s, once)
		}
	})
}

func TestSteps(t *testing.T) {
	for path, want := range map[string]string{
		"tags.Env":                      "tags|Env",
		`tags["a.b"].c`:                 `tags|"a.b"|c`,
		`t["a\"]b"][0].x`:               `t|"a\"]b"|#0|x`,
		"rule[10][2]":                   "rule|#10|#2",
		"":                              "",
		"rule[x]":                       "rule[x]",
		`t["open`:                       `t["open`,
		"a..b":                          "a..b",
		"a.":                            "a.",
		strings.Repeat("a.", 100) + "a": strings.Repeat("a.", 100) + "a",
	} {
		var got []string
		for _, s := range steps(path) {
			if s.index {
				s.key = "#" + s.key
			}
			got = append(got, s.key)
		}
		if strings.Join(got, "|") != want {
			t.Errorf("%q: got %q", path, got)
		}
	}
}

func TestSafeURL(t *testing.T) {
	for in, want := range map[string]string{
		"https://app.terraform.io/app/a/b/runs/run-1": "https://app.terraform.io/app/a/b/runs/run-1",
		"http://tfe.local:8443/x?a=b&c=d#e":           "http://tfe.local:8443/x?a=b&c=d#e",
		"https://x.example/a b|c)>\"'`<\\":            "https://x.example/a%20b%7Cc%29%3E%22%27%60%3C%5C",
		"javascript:alert(1)":                         "",
		"data:text/html,x":                            "",
		"https://github.com@evil.example/":            "",
		"//evil.example":                              "",
		"https:///path":                               "",
		"https://ev\u202eil.example/":                 "",
		"https://x<y.example/":                        "",
		"https://x.example/\n":                        "",
		"":                                            "",
	} {
		if got := SafeURL(in); got != want {
			t.Errorf("%q: got %q, want %q", in, got, want)
		}
	}
}

func TestNumber(t *testing.T) {
	for n, want := range map[int]string{0: "0", 999: "999", 1000: "1,000", 1234567: "1,234,567", -1234: "-1,234", -123: "-123"} {
		if got := Number(n); got != want {
			t.Errorf("%d: %s", n, got)
		}
	}
}

// TestPair: the pieces make both texts again, and don't cut a character.
func TestPair(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		gen := rapid.OneOf(rapid.String(), rapid.StringOfN(rapid.SampledFrom([]rune("aéё")), 0, 5, -1))
		before, after := gen.Draw(t, "before"), gen.Draw(t, "after")
		p := newPair(before, after)
		if p.prefix+p.before+p.suffix != before || p.prefix+p.after+p.suffix != after {
			t.Fatalf("%+v is not %q -> %q", p, before, after)
		}
		for _, s := range []string{p.prefix, p.before, p.after, p.suffix} {
			if !utf8.ValidString(s) {
				t.Fatalf("%+v cuts a character", p)
			}
		}
	})
}

// TestOneCharacterIsFindable: wherever one character of a long value changes,
// both sides of it are in the diff.
func TestOneCharacterIsFindable(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := []rune(rapid.StringOfN(rapid.RuneFrom([]rune("abcdefgh \n{}\"")), 1, 3000, -1).Draw(t, "text"))
		at := rapid.IntRange(0, len(text)-1).Draw(t, "at")
		before := string(text)
		text[at] = 'Ω'
		lines := DiffLines(update(model.Attribute{Path: "x", Before: quoteJSON(before), After: quoteJSON(string(text))}), 60)
		for _, l := range lines {
			if strings.Contains(l.Text, "Ω") && l.Op != Note {
				return
			}
		}
		t.Fatalf("not to be found in %q", lines)
	})
}

func update(attributes ...model.Attribute) *model.Change {
	return &model.Change{Action: model.ActionUpdate, Attributes: attributes}
}

func quoteJSON(s string) model.Value {
	return model.Value(`"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`, "\n", `\n`).Replace(s) + `"`)
}

func TestDiffLinesLimit(t *testing.T) {
	attributes := make([]model.Attribute, 100)
	for i := range attributes {
		attributes[i] = model.Attribute{Path: "a" + Number(i), After: model.Value("1")}
	}
	got := DiffLines(update(attributes...), 10)
	if len(got) != 11 || got[10] != (Line{Note, "90 more lines left out"}) {
		t.Errorf("got %d lines, the last %+v", len(got), got[len(got)-1])
	}
}

// TestDeepJSON: text that would grow without bound by indentation is not taken
// for JSON, and neither is what only begins as it.
func TestDeepJSON(t *testing.T) {
	for s, want := range map[string]bool{
		`{"a":[1]}`: true, `[]`: true, ` {"a":1} `: true,
		strings.Repeat("[", 5000) + strings.Repeat("]", 5000): false,
		`{"a":1} trailing`: false, `{"a":`: false, `"text"`: false, `12`: false, ``: false,
		"[" + strings.Repeat(" ", maxJSONSize) + "]": false,
	} {
		if got := prettyJSON(s) != ""; got != want {
			t.Errorf("%.40q: %t", s, got)
		}
	}
}

func TestDeepPath(t *testing.T) {
	deep := strings.Repeat("a.", 20000) + "a"
	got := DiffLines(&model.Change{Action: model.ActionCreate, Attributes: []model.Attribute{{Path: deep, After: model.Value("1")}}}, 0)
	if len(got) != 1 {
		t.Errorf("%d lines", len(got))
	}
}

// TestOddPaths: attributes below one element whose paths are none, or that say
// they belong to an element that they don't.
func TestOddPaths(t *testing.T) {
	var attributes []model.Attribute
	var unchanged []model.Leaf
	odd := []string{"a[0].b", "a[0]..c", "a[0]", "a[0]" + strings.Repeat(".d", 100), "a[0].e", "", "[0]", "[0].x"}
	for _, path := range odd {
		unchanged = append(unchanged, model.Leaf{Path: path, Value: model.Value("1")})
		for _, element := range append(odd, "a", "b", "a[0].b.c") {
			attributes = append(attributes, model.Attribute{Path: path, After: model.Value("1"), Element: element})
		}
	}
	for _, action := range []string{model.ActionUpdate, model.ActionCreate, model.ActionDelete} {
		if got := DiffLines(&model.Change{Action: action, Attributes: attributes, Unchanged: unchanged}, 0); len(got) < len(attributes) {
			t.Errorf("%s: %d lines for %d attributes: %v", action, len(got), len(attributes), got)
		}
	}
}

func TestTallies(t *testing.T) {
	s := model.Summary{Import: 1, Add: 2, Change: 3, Replace: 4, Destroy: 5, Move: 6, Forget: 7, Read: 8, Drift: 9, Output: 10,
		Deferred: 11, Action: 12, CheckFailed: 13, PolicyFailed: 1, Ignored: 2}
	var got []string
	for _, x := range Tallies(&s) {
		got = append(got, x.Words)
	}
	want := []string{"5 destroyed", "4 replaced", "1 policy failed", "13 checks failed", "7 forgotten", "3 changed", "2 added", "1 imported",
		"6 moved", "11 deferred", "12 actions invoked", "10 outputs changed", "9 drifted"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestMostToSee(t *testing.T) {
	workspaces := []model.Workspace{
		{Name: "quiet", Status: model.StatusNoChanges},
		{Name: "errored", Status: model.StatusErrored},
		{Name: "changes", Status: model.StatusPlanned, Summary: model.Summary{Change: 1}},
		{Name: "destroys", Status: model.StatusPlanned, Summary: model.Summary{Destroy: 1}},
	}
	if diff := cmp.Diff([]int{1, 3}, mostToSee(workspaces, 2)); diff != "" {
		t.Error(diff)
	}
	table := newTable(&model.Report{Workspaces: workspaces}, Limits{Rows: 2})
	if len(table.Rows) != 2 || table.More != "and 2 more workspaces" {
		t.Errorf("%+v", table)
	}
}

// What differs only in what is withheld is not called the same.
func TestOnlyWithheldDiffers(t *testing.T) {
	for text, want := range map[string]string{
		"pre (sensitive value) post":                  `a = "pre (sensitive value) post"   # differs in what is withheld`,
		`{"k":"(sensitive value)","longer":"and so"}`: `a = "{\"k\":\"(sensitive value)\",\"longer\":\"and so\"}"   # differs in what is withheld`,
		"one\n(sensitive value)\nthree\n":             "a = (28 characters)   # differs in what is withheld",
	} {
		l := &lines{}
		l.changedString(0, "a = ", text, text, "")
		if len(l.out) != 1 || l.out[0].Text != want || l.out[0].Op != Alter {
			t.Errorf("%q: %+v", text, l.out)
		}
	}
	l := &lines{}
	l.changedString(0, "a = ", `{"k":"(sensitive value)"}`, `{"k": "(sensitive value)"}`, "")
	if !strings.Contains(l.out[0].Text, "but for what is withheld") {
		t.Errorf("%+v", l.out)
	}
}
