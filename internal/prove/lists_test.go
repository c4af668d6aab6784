package prove

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/strandline-tf/strandline/internal/model"
	"github.com/strandline-tf/strandline/internal/propose"
	"github.com/strandline-tf/strandline/internal/testkit/realtf"
)

// TestStaleLists has an inventory whose lists and sets are partly stale: what is
// proven in the end is what is real, and nothing of it ignored.
func TestStaleLists(t *testing.T) {
	for name, blind := range map[string]bool{"schemas known": false, "blind": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			w.blind = blind
			for id, lists := range map[string][2][]string{
				"m1": {{"z", "y"}, {"a", "b"}}, "m2": {{"z", "y"}, {"z"}}, "m3": {{"z"}, {"z", "q"}},
				"m5": {{"a", "b", "c"}, {"c", "x", "a"}}, "m7": {{"a", "c"}, {"d", "c", "b", "a"}},
			} {
				w.shore.Put("shore_database", id, realtf.Object{"engine": "pg", "subnet_ids": lists[0]})
				w.tell("shore_database", id, realtf.Object{"name": id, "engine": "pg", "subnet_ids": lists[1]})
			}
			step := func(days int, class string) realtf.Object { return realtf.Object{"days": days, "class": class} }
			rule := func(prefix string, steps ...any) []any {
				return []any{realtf.Object{"prefix": prefix, "transition": steps}}
			}
			w.shore.Put("shore_bucket", "b", realtf.Object{"lifecycle_rule": rule("x", step(1, "c"), step(2, "d"), step(40, "e"))})
			w.tell("shore_bucket", "b", realtf.Object{"name": "b", "lifecycle_rule": rule("x", step(30, "e"), step(9, "z"), step(1, "c"))})
			w.shore.Put("shore_rule", "g/in/80", realtf.Object{"sources": []any{realtf.Object{"cidr": "1.0.0.0/8"}, realtf.Object{"cidr": "2.0.0.0/8", "description": "two"}}})
			w.tell("shore_rule", "g/in/80", realtf.Object{"group": "g", "direction": "in", "port": "80", "sources": []any{realtf.Object{"cidr": "2.0.0.0/8", "description": "x"}, realtf.Object{"cidr": "9.0.0.0/8"}}})
			r, p, _, b := w.verify(false)
			text := ""
			for _, f := range b.Files() {
				text += f.Content
			}
			if r.Status != NoChanges || r.Import != 7 || strings.Contains(text, "ignore_changes") {
				t.Errorf("%s (%s), %d imported, after %q:\n%s", r.Status, r.Why, r.Import, p.said, text)
			}
			for _, has := range []string{`["a", "b", "c"]`, `["a", "c"]`, `["z"]`, `"e"`, `"d"`, `"two"`} {
				if !strings.Contains(text, has) && !(blind && strings.HasPrefix(has, `["a"`)) { // whose order nothing tells
					t.Errorf("nothing says %s:\n%s", has, text)
				}
			}
		})
	}
}

// TestRebuild takes back what a plan would change.
func TestRebuild(t *testing.T) {
	both := func(path, before, after string) model.Attribute {
		return model.Attribute{Path: path, Before: model.Value(before), After: model.Value(after)}
	}
	in := func(element string, a model.Attribute) model.Attribute { a.Element = element; return a }
	for name, tc := range map[string]struct {
		said      string
		differs   []model.Attribute
		unchanged []model.Leaf
		want      string // "" for that it can't be told
	}{
		"a list, in its order": {said: `["a","b","c"]`, differs: []model.Attribute{both("l[0]", `"x"`, ""), both("l[1]", "", `"b"`), both("l[2]", `"z"`, `"c"`)}, want: `["x","a","z"]`},
		"a set":                {said: `["c","x","a"]`, differs: []model.Attribute{both("l[1]", `"b"`, ""), both("l[2]", "", `"x"`)}, want: `["c","b","a"]`},
		"another type":         {said: `[80,"443"]`, differs: []model.Attribute{both("l[0]", `"22"`, `"80"`), both("l[1]", "", "443")}, want: `["22"]`},
		"all of it":            {said: `["a"]`, differs: []model.Attribute{both("l[0]", "", `"a"`)}, want: `[]`},
		"instead of nothing":   {said: `["a"]`, differs: []model.Attribute{in("l", both("l[0]", "", `"a"`))}, want: `null`},
		"what isn't said":      {said: `["a","b"]`, differs: []model.Attribute{both("l[0]", `"x"`, `"q"`)}},
		"with a null":          {said: `["a","b"]`, differs: []model.Attribute{{Path: "l[0]", Before: model.Value(`"x"`), Null: true}}},
		"within an element":    {said: `[{"g":["b","a"],"n":1},{"n":2}]`, differs: []model.Attribute{both("l[0].g[0]", `"z"`, `"a"`)}, want: `[{"g":["b","z"],"n":1},{"n":2}]`},
		"objects of a set": {said: `[{"n":"two","d":"2"},{"n":"one","d":"1"}]`, differs: []model.Attribute{both("l[0].d", `"9"`, `"1"`)},
			want: `[{"n":"two","d":"2"},{"n":"one","d":"9"}]`},
		"objects of a set, by what stays": {said: `[{"n":"two"},{"n":"one"}]`, differs: []model.Attribute{both("l[0].d", `"9"`, "")},
			unchanged: []model.Leaf{{Path: "l[0].n", Value: model.Value(`"one"`)}}, want: `[{"n":"two"},{"n":"one","d":"9"}]`},
		"objects that look the same": {said: `[{"n":"one","d":"1"},{"n":"two","d":"1"},{"n":"x"}]`, differs: []model.Attribute{both("l[2].d", `"9"`, `"1"`)}},
		"objects that come and go": {said: `[{"n":1},{"n":2}]`, differs: []model.Attribute{in("l[0]", both("l[0].n", "7", "")), in("l[0]", both("l[0].n", "", "1"))},
			want: `[{"n":7},{"n":2}]`},
		"the only block": {said: `[{"z":"q"}]`, differs: []model.Attribute{both("l.z", `"a"`, `"q"`), both("l.x[0]", `"1"`, "")}, want: `[{"z":"a","x":["1"]}]`},
	} {
		t.Run(name, func(t *testing.T) {
			r := rebuilder{}
			for _, l := range tc.unchanged {
				r.unchanged = append(r.unchanged, leaf{steps: stepsOf(l.Path), after: decoded(l.Value)})
			}
			var leaves []leaf
			for _, a := range tc.differs {
				leaves = append(leaves, leafOf(a))
			}
			got, ok := r.at(decoded(model.Value(tc.said)), leaves, 1)
			text, err := json.Marshal(got)
			if err != nil || ok != (tc.want != "") || ok && plain(decoded(text)) != plain(decoded(model.Value(tc.want))) {
				t.Errorf("%v %s", ok, text)
			}
		})
	}
}

// TestListToldAsAWhole leaves a list away that can't be rebuilt, and sets it to
// what the next plan then says; without plans to spare, what stays under
// ignore_changes is never a mixture, and says what it is.
func TestListToldAsAWhole(t *testing.T) {
	for name, tc := range map[string]struct {
		attempts int
		has      []string
	}{
		"plans to spare": {attempts: 5, has: []string{`groups = ["real", "z"]`}},
		"no plan to spare": {attempts: 2, has: []string{`groups = ["a", "b"]`, "ignore_changes = [groups]",
			"# groups isn't what is real, which no plan has told as a whole"}},
	} {
		t.Run(name, func(t *testing.T) {
			o := model.Object{Provider: "aws", Type: "aws_s3_bucket", ID: "a", Name: "a", Attributes: model.Value(`{"groups":["a","b"]}`)}
			objects := []model.Unmanaged{{Type: o.Type, ID: o.ID, Name: o.Name, Object: &o}}
			b := propose.Imports(objects, propose.ImportOptions{Into: "core", Workspaces: []propose.Target{{Name: "core", Terraform: "1.11.4"}}}).Batch("core")
			f := &fake{answer: func(_ int, text string, _ bool) (Outcome, error) {
				switch {
				case strings.Contains(text, "ignore_changes") || strings.Contains(text, `"real"`):
					return Outcome{Plan: imports(text)}, nil
				case strings.Contains(text, "groups"): // as a reference, or a provider, may make of it
					return Outcome{Plan: imports(text, update(model.Attribute{Path: "groups[1]", Before: model.Value(`"real"`), After: model.Value(`"other"`)}))}, nil
				}
				return Outcome{Plan: imports(text, update(model.Attribute{Path: "groups[0]", Before: model.Value(`"real"`), Element: "groups"},
					model.Attribute{Path: "groups[1]", Before: model.Value(`"z"`), Element: "groups"}))}, nil
			}}
			r := Verify(t.Context(), b, f, Options{Objects: objects, Attempts: tc.attempts})
			text := b.Blocks("aws_s3_bucket.a")
			for _, has := range tc.has {
				if r.Status != NoChanges || !strings.Contains(text, has) {
					t.Errorf("%+v; nothing says %s:\n%s", r, has, text)
				}
			}
		})
	}
}

// TestListInFrontOfTheLastPlan sets what is ignored to what is real.
func TestListInFrontOfTheLastPlan(t *testing.T) {
	objects, _, b := told()
	f := &fake{answer: func(n int, text string, _ bool) (Outcome, error) {
		if n == 1 {
			return Outcome{Plan: imports(text, update(model.Attribute{Path: "rule[0].days", Before: model.Value("9"), After: model.Value("1")}))}, nil
		}
		return Outcome{Plan: imports(text)}, nil
	}}
	r := Verify(t.Context(), b, f, Options{Objects: objects, Attempts: 2})
	if text := b.Blocks("aws_s3_bucket.a"); r.Status != NoChanges || !strings.Contains(text, "days = 9") || !strings.Contains(text, "# rule is set to what is real, but there was no plan left to see it") {
		t.Errorf("%+v\n%s", r, text)
	}
}

// TestBlocksToldAsAWhole writes as blocks again what was left away to be told.
func TestBlocksToldAsAWhole(t *testing.T) {
	objects, _, b := told()
	f := &fake{answer: func(_ int, text string, _ bool) (Outcome, error) {
		switch {
		case strings.Contains(text, "days = 9"):
			return Outcome{Plan: imports(text)}, nil
		case strings.Contains(text, "rule {"):
			return Outcome{Plan: imports(text, update(model.Attribute{Path: "rule[3].days", Before: model.Value("9"), After: model.Value("8")}))}, nil
		}
		return Outcome{Plan: imports(text, update(model.Attribute{Path: "rule[0].days", Before: model.Value("9"), Element: "rule"}))}, nil
	}}
	r := Verify(t.Context(), b, f, Options{Objects: objects})
	if text := b.Blocks("aws_s3_bucket.a"); r.Status != NoChanges || r.Plans != 3 || !strings.Contains(text, "rule {") || strings.Contains(text, "ignore_changes") {
		t.Errorf("%+v\n%s", r, text)
	}
}
