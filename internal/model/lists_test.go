package model

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/strandline-tf/strandline/internal/secret"
)

// objects is a report of what exists, in no order.
func objects() *Report {
	r := NewReport(KindUnmanaged, "")
	r.Unmanaged = []Unmanaged{
		{Type: "b", ID: "x"}, {Type: "a", Account: "2", ID: "x"}, {Type: "a", Account: "1", Region: "s", ID: "x"}, {Type: "a", Account: "1", Region: "r", ID: "x10"},
		{Type: "a", Account: "1", Region: "r", ID: "x9"}, {Type: "a", Account: "1", Region: "r", Identity: Value(`{"n":2}`)}, {Type: "a", Account: "1", Region: "r", Identity: Value(`{"n":1}`)},
	}
	r.Conflicts = []Conflict{{Type: "b", ID: "x"}, {Type: "a", ID: "x10"}, {Type: "a", ID: "x9"}}
	r.Ignored = []Ignored{{Type: "a", ID: "x10", Pattern: "p"}, {Type: "a", ID: "x9", Rule: RuleOwned}, {Type: "a", ID: "x9", Rule: RuleDefault}}
	r.Coverage = &Coverage{ByType: []CoveredBy{{Name: "b"}, {Name: "a"}}}
	r.Problems = []Problem{{Message: "m", Hint: "b"}, {Message: "m", Hint: "a"}, {Message: "m", Hint: "b"}}
	r.Notes = []string{"b", "a", "b"}
	return r
}

func TestFinishSortsObjects(t *testing.T) {
	r := objects()
	r.Finish()
	var got []string
	for _, u := range r.Unmanaged {
		got = append(got, fmt.Sprint(u.Type, u.Account, u.Region, u.ID, string(u.Identity)))
	}
	for _, c := range r.Conflicts {
		got = append(got, c.Type+c.ID)
		if c.Workspaces == nil {
			t.Error("a list is null")
		}
	}
	for _, i := range r.Ignored {
		got = append(got, i.ID+i.Rule)
	}
	for _, p := range r.Problems {
		got = append(got, p.Hint)
	}
	got = append(got, r.Notes...)
	got = append(got, r.Coverage.ByType[0].Name)
	want := `a1r{"n":1} a1r{"n":2} a1rx9 a1rx10 a1sx a2x bx | ax9 ax10 bx | x9default x9owned x10 | a b | a b | a`
	if diff := cmp.Diff(strings.ReplaceAll(want, "| ", ""), strings.Join(got, " ")); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if r.Coverage.ByRegion == nil || r.Coverage.ByWorkspace == nil {
		t.Error("a list is null")
	}
}

func TestWithholdObjects(t *testing.T) {
	s := &secret.Set{}
	s.Add("correct-horse")
	tags := map[string]string{"correct-horse": "is correct-horse"}
	r := NewReport(KindUnmanaged, "")
	r.Unmanaged = []Unmanaged{{Type: "a", ID: "x/correct-horse", Name: "correct-horse", Identity: Value(`{"k":"correct-horse"}`), Tags: tags,
		Suggestion: &Suggestion{Why: "correct-horse", Files: []File{{Content: "x = \"correct-horse\""}}}}}
	r.Conflicts = []Conflict{{ID: "correct-horse"}}
	r.Ignored = []Ignored{{ID: "correct-horse"}}
	w := NewWorkspace("w")
	w.Drift = []Drift{{Suggestions: []Suggestion{{Why: "correct-horse", Patch: "+ correct-horse"}, {Patch: "+ another"}}}}
	r.Workspaces = []Workspace{*w}
	r.Withhold(s)
	u := r.Unmanaged[0]
	for name, text := range map[string]string{
		"id": u.ID, "name": u.Name, "identity": string(u.Identity), "tag": u.Tags["correct-horse"], "why": u.Suggestion.Why,
		"file": u.Suggestion.Files[0].Content, "conflict": r.Conflicts[0].ID, "ignored": r.Ignored[0].ID,
		"why of a patch": r.Workspaces[0].Drift[0].Suggestions[0].Why,
	} {
		if strings.Contains(text, "correct-horse") || !strings.Contains(text, secret.Withheld) {
			t.Errorf("%s: %s", name, text)
		}
	}
	// A patch with other text in it would not apply.
	if g := r.Workspaces[0].Drift[0].Suggestions; g[0].Patch != "" || g[1].Patch != "+ another" {
		t.Errorf("patches: %+v", g)
	}
	if tags["correct-horse"] != "is correct-horse" {
		t.Error("the inventory's tags changed")
	}
}

func TestLimitObjects(t *testing.T) {
	told := func(show Show) *Report {
		r := objects()
		r.Unmanaged[0] = Unmanaged{Type: "b", ID: "x", Identity: Value(`{}`), Name: "n", Tags: map[string]string{"k": "v"},
			Suggestion: &Suggestion{Kind: "import", To: "b.n", Workspace: "w", Why: "like w in v", Files: []File{{Content: "v"}}, Verified: "unverified"}}
		r.Finish()
		r.Limit(show)
		return r
	}
	r := told(ShowNames)
	want := Unmanaged{Type: "b", ID: "x", Name: "n", Suggestion: &Suggestion{Kind: "import", To: "b.n", Workspace: "w", Files: []File{}, Verified: "unverified"}}
	if diff := cmp.Diff(want, r.Unmanaged[len(r.Unmanaged)-1]); diff != "" || r.Unmanaged[0].Identity == nil {
		t.Errorf("%s %+v", diff, r.Unmanaged[0])
	}
	if r = told(ShowCounts); len(r.Unmanaged)+len(r.Conflicts)+len(r.Ignored) != 0 || r.Unmanaged == nil || r.Coverage == nil {
		t.Errorf("%+v", r)
	}
	if r = told(ShowValues); r.Unmanaged[len(r.Unmanaged)-1].Tags == nil {
		t.Error("tags are gone")
	}
}
