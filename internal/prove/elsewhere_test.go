package prove

import (
	"strings"
	"testing"

	"github.com/strandline-tf/strandline/internal/model"
	"github.com/strandline-tf/strandline/internal/testkit/realtf"
)

// TestElsewhere leaves out what the plan finds in another place than the
// inventory did.
func TestElsewhere(t *testing.T) {
	attribute := func(path, before string) *model.Change {
		return ptr(update(model.Attribute{Path: path, Before: model.Value(before), Unknown: path == "arn"}, model.Attribute{Path: "acl", Before: model.Value(`"real"`), After: model.Value(`"told"`)}))
	}
	stays := func(path, value string) *model.Change {
		return &model.Change{Address: "aws_s3_bucket.a", Action: model.ActionNoOp, Import: &model.Import{ID: "a"}, Unchanged: []model.Leaf{{Path: path, Value: model.Value(value)}}}
	}
	const said = `resource "aws_s3_bucket" "a" {` + "\n  bucket = \"a\"\n  region = \"north-1\"\n}\n"
	for name, tc := range map[string]struct {
		change    *model.Change
		generated string
		arn       string // the inventory's
		attempts  int
		why       string // "" for that it stays
	}{
		"a region that differs":  {change: attribute("region", `"north-1"`), why: "the plan finds it in north-1, not in south-2: no provider configuration reaches it"},
		"an ARN's region":        {change: attribute("arn", `"arn:aws:x:north-1:1:b/a"`), why: "in north-1, not in south-2"},
		"an ARN's account":       {change: attribute("arn", `"arn:aws:x:south-2:1:b/a"`), why: "in 1, not in 2:"},
		"what stays":             {change: stays("region", `"north-1"`), why: "in north-1, not in south-2"},
		"what was generated":     {generated: said, why: "in north-1, not in south-2"},
		"on the last plan":       {change: stays("region", `"north-1"`), attempts: 1, why: "in north-1, not in south-2"},
		"the same region":        {change: stays("region", `"south-2"`)},
		"a zone of it":           {change: stays("region", `"south-2a"`)},
		"an ARN without either":  {change: stays("arn", `"arn:aws:s3:::a"`)},
		"an ARN that is told so": {change: stays("arn", `"arn:aws:x:south-2:1:b/a"`), arn: "arn:aws:x:south-2:1:b/a"},
		"no ARN at all":          {change: stays("arn", `"https://a"`)},
	} {
		t.Run(name, func(t *testing.T) {
			objects, _, b := told()
			o := objects[0].Object
			o.Region, o.Account, o.ARN = "south-2", "2", tc.arn
			f := &fake{answer: func(n int, text string, _ bool) (Outcome, error) {
				if n > 1 || tc.change == nil {
					return Outcome{Plan: imports(text), Generated: []byte(tc.generated)}, nil
				}
				return Outcome{Plan: imports(text, *tc.change)}, nil
			}}
			r := Verify(t.Context(), b, f, Options{Objects: objects, Attempts: tc.attempts})
			status, left := NoChanges, 0
			if tc.why != "" {
				left = 1
			}
			if tc.attempts == 1 {
				status = Unverified
			}
			if r.Status != status || len(r.Left) != left || left > 0 && !strings.Contains(r.Left[0].Why, tc.why) || len(b.Resources()) != 2-left {
				t.Errorf("%+v", r)
			}
		})
	}
}

// TestTwins imports nothing at two addresses.
func TestTwins(t *testing.T) {
	for first, then := range map[string]string{"north-1": "south-2", "south-2": "north-1"} {
		t.Run(first, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			w.shore.Put("shore_bucket", "b", realtf.Object{"tags": realtf.Object{"a": "x"}})
			for _, region := range []string{first, then} {
				w.tell("shore_bucket", "b", realtf.Object{"name": "b"})
				last := &w.objects[len(w.objects)-1]
				last.Region, last.Object.Region = region, region
			}
			w.tell("shore_role", "b", realtf.Object{"name": "b"}) // the same id, of another type
			w.shore.Put("shore_role", "b", realtf.Object{"policy": "{}"})
			r, _, a, b := w.verify(false)
			if r.Status != NoChanges || r.Import != 2 || len(b.Resources()) != 2 || len(a.Left) != 1 ||
				w.objects[a.Left[0].Object].Region != "south-2" || !strings.Contains(a.Left[0].Why, "the same is imported with the same provider already") {
				t.Errorf("%+v; left out: %+v", r, a.Left)
			}
		})
	}
}

// TestGeneratedElsewhere has Terraform write what is in another region.
func TestGeneratedElsewhere(t *testing.T) {
	w := newWorld(t)
	for _, id := range []string{"b", "c"} {
		w.shore.Put("shore_bucket", id, realtf.Object{})
		w.tell("shore_bucket", id, nil)
	}
	w.objects[1].Region, w.objects[1].Object.Region = "east-3", "east-3"
	r, _, _, b := w.verify(false)
	if r.Status != NoChanges || r.Import != 1 || len(b.Resources()) != 1 || len(r.Left) != 1 ||
		r.Left[0].Why != "the plan finds it in north-1, not in east-3: no provider configuration reaches it" {
		t.Errorf("%+v", r)
	}
}
