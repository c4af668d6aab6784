package model

import (
	"encoding/json"
	"testing"

	"github.com/strandline-tf/strandline/internal/secret"
)

// TestSameJSON: a string of JSON that is only written differently is no drift,
// and one that says anything else is.
func TestSameJSON(t *testing.T) {
	const same = "the same JSON, written differently"
	for _, tc := range []struct{ name, before, after, want string }{
		{"white space", `{"a":1}`, "\n{ \"a\": 1\n}\n", same},
		{"order of members", `{"a":{"b":1,"c":[]}}`, `{"a": {"c": [], "b": 1}}`, same},
		{"escapes", `["<é>"]`, `["\u003c\u00e9>"]`, same},
		{"order of a list", `["a","b"]`, `["b", "a"]`, ""},
		{"value", `{"a":1}`, `{"a": 2}`, ""},
		{"type", `{"a":1}`, `{"a": "1"}`, ""},
		{"null is something", `{"a":null}`, `{}`, ""},
		{"white space within a string", `["a b"]`, `["a  b"]`, ""},
		{"digits past those of a float", `[12345678901234567890]`, `[ 12345678901234567891 ]`, ""},
		{"a member named twice", `{"a":1,"a":2}`, `{"a":2}`, ""},
		{"a list of one", `["a"]`, `"a"`, ""},
		{"more behind it", `{"a":1}`, `{"a":1} {}`, ""},
		{"another kind of space", `{"a":1}`, "\u00a0{\"a\":1}", ""},
		{"no JSON", `{a}`, `{ a }`, ""},
		{"scalars", `1`, ` 1`, ""},
		{"withheld", `{"a":"` + secret.Withheld + `"}`, `{ "a": "` + secret.Withheld + `" }`, ""},
	} {
		t.Run(tc.name, func(t *testing.T) {
			quoted := func(s string) Value { v, _ := json.Marshal(s); return v }
			a := Attribute{Path: "policy", Before: quoted(tc.before), After: quoted(tc.after)}
			w := NewWorkspace("w")
			w.Configured = &Configured{Refreshed: true}
			w.Drift = []Drift{{Change: Change{Address: "x_y.r", Action: ActionUpdate, Attributes: []Attribute{a}}}}
			w.Outputs = []Output{{Name: "o", Action: ActionUpdate, Attributes: []Attribute{a}}}
			w.QuietComputed()
			if (tc.want != "") != (len(w.Drift) == 0) || (tc.want != "") != (len(w.Outputs) == 0) {
				t.Errorf("left: %+v, %+v", w.Drift, w.Outputs)
			}
			for _, i := range w.Ignored {
				if i.Rule != RuleComputed || i.Reason != tc.want || i.Attribute != "policy" {
					t.Errorf("%+v", i)
				}
			}
		})
	}
}

// TestWithholdPatch: what is said of a patch that is left out makes sense
// without it.
func TestWithholdPatch(t *testing.T) {
	s := new(secret.Set)
	s.Add("correct-horse")
	const byHand = "the configuration is to be changed by hand, since the patch for it would show a secret"
	for why, want := range map[string]string{
		"the patch makes the configuration agree with what exists":                                byHand,
		"the patch makes the configuration agree with what exists; what it doesn't change: `a` b": byHand + "; what it doesn't change: `a` b",
		"Terraform then leaves alone, whoever changes it: `a`; so":                                byHand + "; Terraform then leaves alone, whoever changes it: `a`; so",
	} {
		r := NewReport(KindDrift, "")
		w := NewWorkspace("w")
		w.Drift = []Drift{{Suggestions: []Suggestion{{Why: why, Patch: "-a\n password = \"correct-horse\"\n"}}}}
		r.Workspaces = []Workspace{*w}
		r.Withhold(s)
		r.Withhold(s)
		if g := r.Workspaces[0].Drift[0].Suggestions[0]; g.Patch != "" || g.Why != want {
			t.Errorf("%q, %q", g.Why, g.Patch)
		}
	}
}
