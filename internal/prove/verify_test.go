package prove

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/strandline-tf/strandline/internal/model"
	"github.com/strandline-tf/strandline/internal/propose"
	"github.com/strandline-tf/strandline/internal/secret"
)

// fake answers each plan by what it is given.
type fake struct {
	plans  int
	answer func(n int, text string, generate bool) (Outcome, error)
}

func (f *fake) Plan(_ context.Context, files map[string][]byte, generate bool) (Outcome, error) {
	f.plans++
	var all strings.Builder
	for _, text := range files {
		all.Write(text)
	}
	return f.answer(f.plans, all.String(), generate)
}

// told are two buckets, the second of which refers to the first.
func told() ([]model.Unmanaged, *propose.Adoption, *propose.Batch) {
	var objects []model.Unmanaged
	for _, o := range []struct{ id, attributes string }{
		{"a", `{"bucket": "a", "acl": "told", "tags": {"Env": "told"}, "rule": [{"days": 1}], "key": "k", "partner": null}`},
		{"b", `{"bucket": "b", "acl": "private"}`},
	} {
		objects = append(objects, model.Unmanaged{Type: "aws_s3_bucket", ID: o.id, Name: o.id, Object: &model.Object{
			Provider: "aws", Type: "aws_s3_bucket", ID: o.id, Name: o.id, Attributes: model.Value(o.attributes)}})
	}
	a := propose.Imports(objects, propose.ImportOptions{Into: "core", Workspaces: []propose.Target{{Name: "core", Terraform: "1.11.4"}}})
	return objects, a, a.Batch("core")
}

// imports is a plan that imports what has an import block in text, and changes
// what changes names.
func imports(text string, changes ...model.Change) *model.Workspace {
	w := model.NewWorkspace("")
	w.Complete = true
	for _, name := range []string{"a", "b"} {
		address := "aws_s3_bucket." + name
		if strings.Contains(text, "to = "+address+"\n") && !slices.ContainsFunc(changes, func(c model.Change) bool { return c.Address == address }) {
			w.Changes = append(w.Changes, model.Change{Address: address, Action: model.ActionNoOp, Import: &model.Import{ID: name}})
		}
	}
	w.Changes = append(w.Changes, changes...)
	return w
}

func update(attributes ...model.Attribute) model.Change {
	return model.Change{Address: "aws_s3_bucket.a", Action: model.ActionUpdate, Import: &model.Import{ID: "a"}, Attributes: attributes}
}

func oops(summary, detail, address string) model.Diagnostic {
	return model.Diagnostic{Severity: "error", Summary: summary, Detail: detail, Address: address}
}

// TestRepairs answers the first plan with something to repair, and the next by
// whether has and hasNot hold for the configuration.
func TestRepairs(t *testing.T) {
	const a = "aws_s3_bucket.a"
	val := func(s string) model.Value { return model.Value(s) }
	for name, tc := range map[string]struct {
		change      *model.Change
		diagnostic  model.Diagnostic
		another     model.Diagnostic
		redacted    bool
		has, hasNot string
		left        string
	}{
		"told otherwise":       {change: ptr(update(model.Attribute{Path: "acl", Before: val(`"real"`), After: val(`"told"`)})), has: `= "real"`, hasNot: `acl    = "told"`},
		"told too much":        {change: ptr(update(model.Attribute{Path: "acl", After: val(`"told"`)})), hasNot: "acl "},
		"a null told too much": {change: ptr(update(model.Attribute{Path: "acl", Before: val("null"), After: val(`"told"`)})), hasNot: "acl "},
		"told too little":      {change: ptr(update(model.Attribute{Path: "policy", Before: val(`"real"`)})), has: `policy`},
		"a member of a map":    {change: ptr(update(model.Attribute{Path: "tags.Env", Before: val(`"real"`), After: val(`"told"`)})), has: `Env = "real"`},
		"a member too little":  {change: ptr(update(model.Attribute{Path: `tags["a b"]`, Before: val(`"real"`)})), has: `"a b" = "real"`},
		"a member too much":    {change: ptr(update(model.Attribute{Path: "tags.Env", After: val(`"told"`)})), hasNot: "Env"},
		"a whole map":          {change: ptr(update(model.Attribute{Path: "labels.x", Before: val(`"1"`), Element: "labels"}, model.Attribute{Path: `labels["y z"]`, Before: val(`"2"`), Element: "labels"})), has: `"y z" = "2"`},
		"a whole list":         {change: ptr(update(model.Attribute{Path: "list[0].n", Before: val(`1`), Element: "list"}, model.Attribute{Path: "list[1].n", Before: val(`2`), Element: "list"})), has: `n = 2`},
		"sensitive":            {change: ptr(update(model.Attribute{Path: "key", Sensitive: true})), has: "ignore_changes", hasNot: ""},
		"sensitive within":     {change: ptr(update(model.Attribute{Path: "rule[0].token", Sensitive: true})), has: "ignore_changes"},
		"withheld":             {change: ptr(update(model.Attribute{Path: "acl", Before: val(`"x ` + secret.Withheld + `"`), After: val(`"told"`)})), has: "ignore_changes", hasNot: secret.Withheld},
		"redacted":             {change: ptr(update(model.Attribute{Path: "acl"})), redacted: true, has: "ignore_changes"},
		"unknown only":         {change: ptr(update(model.Attribute{Path: "acl", Before: val(`"real"`), Unknown: true})), has: `"real"`},
		"forces replacement":   {change: ptr(model.Change{Address: a, Action: model.ActionReplace, Import: &model.Import{}, Attributes: []model.Attribute{{Path: "acl", Before: val(`"real"`), After: val(`"told"`), ForcesReplacement: true}, {Path: "id", Unknown: true}}}), has: `"real"`, hasNot: "ignore_changes"},
		"created":              {change: &model.Change{Address: a, Action: model.ActionCreate}, left: "would create it"},
		"not there":            {change: &model.Change{Address: "aws_s3_bucket.none", Action: model.ActionCreate}, left: ""},
		"not expected":         {diagnostic: oops("Unsupported argument", `An argument named "acl" is not expected here.`, a), hasNot: "acl "},
		"not expected, sdk":    {diagnostic: oops("Value for unconfigurable attribute", `Can't configure a value for "acl": its value will be decided automatically.`, a), hasNot: "acl "},
		"in conflict": {diagnostic: oops("Conflicting configuration arguments", `"acl": conflicts with key`, a),
			another: oops("Conflicting configuration arguments", `"key": conflicts with acl`, a), hasNot: "acl ", has: "key"},
		"two not expected": {diagnostic: oops("Unsupported argument", `An argument named "key" is not expected here.`, a),
			another: oops("Unsupported argument", `An argument named "acl" is not expected here.`, a), hasNot: "acl "},
		"an element too much": {change: ptr(update(model.Attribute{Path: "rule[0].days", After: val("1"), Element: "rule[0]"})), hasNot: "rule {"},
		"no such object":      {diagnostic: oops("Cannot import non-existent remote object", `While attempting to import an existing object to "aws_s3_bucket.a", the provider detected that no object exists with the given id.`, ""), left: "can't be imported: Cannot import non-existent"},
		"no import":           {diagnostic: oops("resource aws_s3_bucket doesn't support import", "", a), left: "doesn't support import"},
		"twice":               {diagnostic: oops("Duplicate resource \"aws_s3_bucket\" configuration", `A aws_s3_bucket resource named "a" was already declared at main.tf:3,1-2.`, ""), left: "Duplicate resource"},
		"by line":             {diagnostic: model.Diagnostic{Severity: "error", Summary: "Incorrect attribute value type", File: "stacks/core/s3.tf", Line: 6}, hasNot: "told\"\n  bucket"},
	} {
		t.Run(name, func(t *testing.T) {
			objects, adoption, b := told()
			f := &fake{answer: func(n int, text string, _ bool) (Outcome, error) {
				w := imports(text)
				w.Redacted = tc.redacted
				switch {
				case n > 1:
				case tc.diagnostic.Summary != "":
					w.Errored, w.Changes = true, nil
					return Outcome{Plan: w, Diagnostics: []model.Diagnostic{tc.diagnostic, tc.another}}, nil
				case tc.change != nil:
					w = imports(text, *tc.change)
					w.Redacted = tc.redacted
				}
				return Outcome{Plan: w}, nil
			}}
			r := Verify(t.Context(), b, f, Options{Objects: objects})
			text := b.Blocks(a)
			want := 2
			if tc.left != "" {
				want = 1
				if len(adoption.Left) != 1 || len(r.Left) != 1 || !strings.Contains(adoption.Left[0].Why, tc.left) {
					t.Errorf("left out: %+v, not for %q", adoption.Left, tc.left)
				}
			}
			if r.Status != NoChanges || r.Import != want || r.Plans > 2 || r.Plans != f.plans {
				t.Errorf("%+v", r)
			}
			if !strings.Contains(text, tc.has) || tc.hasNot != "" && strings.Contains(text, tc.hasNot) {
				t.Errorf("not with %q and without %q:\n%s", tc.has, tc.hasNot, text)
			}
		})
	}
}

func ptr[T any](v T) *T { return &v }

func TestVerifyEnds(t *testing.T) {
	stubborn := update(model.Attribute{Path: "acl", Before: model.Value(`"real"`), After: model.Value(`"told"`)})
	other := model.Change{Address: "aws_s3_bucket.theirs", Action: model.ActionUpdate}
	for name, tc := range map[string]struct {
		answer      func(n int, text string, generate bool) (Outcome, error)
		attempts    int
		status, why string
		plans       int
		a, b        string // what the suggestions say
		pending     int
		differs     string
		left        int
	}{
		"clean beside pending changes": {answer: func(_ int, text string, _ bool) (Outcome, error) { return Outcome{Plan: imports(text, other)}, nil },
			status: NoChanges, why: "2 to import, 0 to add, 0 to change, 0 to destroy; the workspace has another pending change", plans: 1, a: NoChanges, b: NoChanges, pending: 1},
		"never clean": {answer: func(_ int, text string, _ bool) (Outcome, error) { return Outcome{Plan: imports(text, stubborn)}, nil },
			status: Changes, why: "2 to import, 0 to add, 1 to change, 0 to destroy; aws_s3_bucket.a would change in acl", plans: 3, a: Changes, b: NoChanges, differs: "aws_s3_bucket.a"},
		"one attempt": {answer: func(_ int, text string, _ bool) (Outcome, error) { return Outcome{Plan: imports(text, stubborn)}, nil },
			attempts: 1, status: Changes, why: "would change in acl", plans: 1, a: Changes, b: NoChanges, differs: "aws_s3_bucket.a"},
		"the workspace's own error": {answer: func(int, string, bool) (Outcome, error) {
			return Outcome{Diagnostics: []model.Diagnostic{{Severity: "error", Summary: "No value for required variable", Detail: "It is not set.", File: "variables.tf", Line: 1}}}, nil
		}, status: Failed, why: "own configuration can't be planned: No value for required variable: It is not set.", plans: 1, a: Failed, b: Failed},
		"no planner": {answer: func(int, string, bool) (Outcome, error) { return Outcome{}, errors.New("no terraform") },
			status: Failed, why: "no terraform", plans: 1, a: Failed, b: Failed},
		"nothing said": {answer: func(int, string, bool) (Outcome, error) { return Outcome{}, nil },
			status: Failed, why: "didn't say why", plans: 3, a: Failed, b: Failed},
		"a fails without a word": {answer: func(_ int, text string, _ bool) (Outcome, error) {
			if strings.Contains(text, "to = aws_s3_bucket.a\n") {
				return Outcome{Diagnostics: []model.Diagnostic{{Severity: "error", Summary: "Plugin did not respond"}}}, nil
			}
			return Outcome{Plan: imports(text)}, nil
		}, status: NoChanges, why: "1 to import", plans: 3, a: Unverified, b: NoChanges, left: 1},
		"a is in the state already": {answer: func(_ int, text string, _ bool) (Outcome, error) {
			w := imports(text)
			w.Changes = slices.DeleteFunc(w.Changes, func(c model.Change) bool { return c.Address == "aws_s3_bucket.a" })
			return Outcome{Plan: w}, nil
		}, status: NoChanges, why: "1 to import", plans: 2, a: Unverified, b: NoChanges, left: 1},
		"an error that stays": {answer: func(_ int, text string, _ bool) (Outcome, error) {
			if strings.Contains(text, "to = aws_s3_bucket.a\n") {
				return Outcome{Diagnostics: []model.Diagnostic{oops("expected acl to be one of", "", "aws_s3_bucket.a")}}, nil
			}
			return Outcome{Plan: imports(text)}, nil
		}, status: NoChanges, why: "1 to import", plans: 2, a: Unverified, b: NoChanges, left: 1},
	} {
		t.Run(name, func(t *testing.T) {
			objects, adoption, b := told()
			f := &fake{answer: tc.answer}
			r := Verify(t.Context(), b, f, Options{Attempts: tc.attempts, Objects: objects})
			if r.Status != tc.status || !strings.Contains(r.Why, tc.why) || r.Plans != tc.plans || f.plans != tc.plans || r.Pending != tc.pending {
				t.Errorf("%+v", r)
			}
			if got := []string{objects[0].Suggestion.Verified, objects[1].Suggestion.Verified}; got[0] != tc.a || got[1] != tc.b {
				t.Errorf("the suggestions say %q, not %q and %q", got, tc.a, tc.b)
			}
			var differs []string
			for _, d := range r.Differs {
				differs = append(differs, d.Address)
			}
			if strings.Join(differs, " ") != tc.differs || len(adoption.Left) != tc.left {
				t.Errorf("differs: %q; left out: %v", differs, adoption.Left)
			}
		})
	}
}

// TestVerifyInterrupted sees that nothing is planned again once the context ends.
func TestVerifyInterrupted(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	_, _, b := told()
	f := &fake{answer: func(_ int, text string, _ bool) (Outcome, error) {
		cancel()
		return Outcome{Plan: imports(text)}, nil
	}}
	if r := Verify(ctx, b, f, Options{}); r.Status != Unverified || !strings.Contains(r.Why, "interrupted") || f.plans != 1 {
		t.Errorf("%+v", r)
	}
}

func TestLocate(t *testing.T) {
	adopted := map[string]bool{"aws_x.a": true, "aws_x.ab": true}
	list := readBlocks(map[string][]byte{"x.tf": []byte(`import {
  to = aws_x.a
  id = "a"
}
resource "aws_x" "a" {
  name = "a"
  disk {
    size = 1
  }
  disk {
    size = 2
    part {
      n = 1
    }
  }
}
resource "aws_x" "theirs" {
  name = "t"
}
`)})
	for _, tc := range []struct {
		d             model.Diagnostic
		address, path string
		within        bool
	}{
		{model.Diagnostic{File: "x.tf", Line: 2}, "aws_x.a", "to", false},
		{model.Diagnostic{File: "core/x.tf", Line: 6}, "aws_x.a", "name", true},
		{model.Diagnostic{File: "x.tf", Line: 11}, "aws_x.a", "disk[1].size", true},
		{model.Diagnostic{File: "x.tf", Line: 13}, "aws_x.a", "disk[1].part[0].n", true},
		{model.Diagnostic{File: "x.tf", Line: 12, Summary: "Missing required argument", Detail: `The argument "kind" is required`}, "aws_x.a", "disk[1].part[0].kind", true},
		{model.Diagnostic{File: "x.tf", Line: 5, Summary: "Missing required argument", Detail: `The argument "kind" is required`}, "aws_x.a", "kind", true},
		{model.Diagnostic{File: "x.tf", Line: 11, Summary: "Unsupported argument", Detail: `An argument named "size" is not expected here.`}, "aws_x.a", "disk[1].size", true},
		{model.Diagnostic{File: "x.tf", Line: 18}, "", "", false},
		{model.Diagnostic{File: "ax.tf", Line: 6}, "", "", false},
		{model.Diagnostic{Detail: "object aws_x.ab is gone"}, "aws_x.ab", "", false},
		{model.Diagnostic{Detail: "object module.m.aws_x.ab is gone"}, "", "", false},
		{model.Diagnostic{Detail: "aws_x.abc is gone"}, "", "", false},
		{model.Diagnostic{Address: "aws_x.theirs", Detail: "not aws_x.a"}, "", "", false},
	} {
		t.Run(fmt.Sprintf("%s:%d %s", tc.d.File, tc.d.Line, tc.d.Detail), func(t *testing.T) {
			f, known := list.locate(tc.d, adopted)
			if f.address != tc.address || known != (tc.address != "") || known && (f.path != tc.path || f.within != tc.within) {
				t.Errorf("%+v", f)
			}
		})
	}
}

// TestProviderThatIsNotThere leaves out what needs a provider that can't be
// installed, and nothing where everything needs it.
func TestProviderThatIsNotThere(t *testing.T) {
	for _, said := range []string{
		"terraform init failed: Failed to query available provider packages: Could not retrieve the list of available versions for provider hashicorp/tide: no such host",
		"registry registry.terraform.io does not have a provider named\nregistry.terraform.io/hashicorp/tide",
	} {
		for _, asDiagnostic := range []bool{false, true} {
			objects, _, _ := told()
			objects = append(objects, model.Unmanaged{Type: "tide_pool", ID: "c", Object: &model.Object{Type: "tide_pool", ID: "c", Attributes: model.Value(`{"name":"c"}`)}})
			a := propose.Imports(objects, propose.ImportOptions{Into: "core", Workspaces: []propose.Target{{Name: "core"}}})
			f := &fake{answer: func(_ int, text string, _ bool) (Outcome, error) {
				if !strings.Contains(text, "tide_pool") {
					return Outcome{Plan: imports(text)}, nil
				}
				if asDiagnostic {
					return Outcome{Diagnostics: []model.Diagnostic{oops("Failed to install", said, "")}}, nil
				}
				return Outcome{}, errors.New(said)
			}}
			r := Verify(context.Background(), a.Batch("core"), f, Options{Objects: objects})
			if r.Status != NoChanges || r.Import != 2 || len(r.Left) != 1 || !strings.Contains(r.Left[0].Why, "hashicorp/tide") || f.plans != 2 {
				t.Errorf("%+v", r)
			}
			all := &fake{answer: func(int, string, bool) (Outcome, error) {
				return Outcome{}, errors.New("for provider hashicorp/aws: no such host")
			}}
			if r := Verify(context.Background(), a.Batch("core"), all, Options{}); r.Status != Failed || len(r.Left) != 0 {
				t.Errorf("%+v", r)
			}
		}
	}
}

// TestEarlierRunInTheWay has what an earlier run wrote for an object that can't
// be imported: it goes.
func TestEarlierRunInTheWay(t *testing.T) {
	objects, _, first := told()
	folder := map[string][]byte{}
	for _, f := range first.Files() {
		folder[f.Path] = []byte(f.Content)
	}
	b := propose.Imports(objects, propose.ImportOptions{Into: "core", Workspaces: []propose.Target{{Name: "core", Files: folder}}}).Batch("core")
	f := &fake{answer: func(n int, text string, _ bool) (Outcome, error) {
		if strings.Contains(text, "aws_s3_bucket.a\n") || strings.Contains(text, `"aws_s3_bucket" "a"`) {
			return Outcome{Diagnostics: []model.Diagnostic{oops("Cannot import non-existent remote object", "", "aws_s3_bucket.a")}}, nil
		}
		return Outcome{Plan: imports(text)}, nil
	}}
	if r := Verify(context.Background(), b, f, Options{Objects: objects}); r.Status != NoChanges || r.Import != 1 || len(r.Left) != 1 {
		t.Errorf("%+v", r)
	}
}
