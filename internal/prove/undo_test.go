package prove

import (
	"strings"
	"testing"

	"github.com/strandline-tf/strandline/internal/model"
	"github.com/strandline-tf/strandline/internal/secret"
)

// TestTakeBack has Terraform refuse what the proof has set in front of the last
// plan: it goes back to what could be planned, and nothing is left out.
func TestTakeBack(t *testing.T) {
	differs := update(model.Attribute{Path: "acl", Before: model.Value(`"real"`), After: model.Value(`"told"`)},
		model.Attribute{Path: "key", Sensitive: true})
	for name, refusal := range map[string]model.Diagnostic{
		"of an argument":  oops("expected acl to be one of", `"acl" isn't`, "aws_s3_bucket.a"),
		"without a place": oops("Bad things", "", "aws_s3_bucket.a"),
		"as a block":      oops("Unsupported argument", `An argument named "acl" is not expected here. Did you mean to define a block of type "acl"?`, "aws_s3_bucket.a"),
	} {
		t.Run(name, func(t *testing.T) {
			objects, adoption, b := told()
			f := &fake{answer: func(_ int, text string, _ bool) (Outcome, error) {
				switch {
				case strings.Contains(text, `= "real"`):
					return Outcome{Diagnostics: []model.Diagnostic{refusal}}, nil
				case !strings.Contains(text, "ignore_changes = [acl, key]"):
					return Outcome{Plan: imports(text, differs)}, nil
				}
				return Outcome{Plan: imports(text)}, nil
			}}
			r := Verify(t.Context(), b, f, Options{Objects: objects, Attempts: 3})
			if text := b.Blocks("aws_s3_bucket.a"); r.Status != NoChanges || r.Import != 2 || r.Plans != 3 || len(adoption.Left) > 0 || !strings.Contains(text, `acl    = "told"`) {
				t.Errorf("%+v\n%s", r, text)
			}
		})
	}
}

// TestTakeBackKeepsSecrets sees that what is known to be secret by now does not
// come back with what could be planned.
func TestTakeBackKeepsSecrets(t *testing.T) {
	known := &secret.Set{}
	objects, _, b := told()
	f := &fake{answer: func(n int, text string, _ bool) (Outcome, error) {
		switch n {
		case 1:
			known.Add("told")
			return Outcome{Plan: imports(text)}, nil
		case 2:
			return Outcome{Diagnostics: []model.Diagnostic{oops("Bad things", "", "aws_s3_bucket.a")}}, nil
		}
		return Outcome{Plan: imports(text)}, nil
	}}
	r := Verify(t.Context(), b, f, Options{Objects: objects, Attempts: 3, Secret: func(s string) bool { return known.Text(s) != s }})
	if text := b.Blocks("aws_s3_bucket.a"); r.Status != NoChanges || r.Import != 2 || strings.Contains(text, `"told"`) || !strings.Contains(text, `"set-outside-terraform"`) {
		t.Errorf("%+v\n%s", r, text)
	}
}

// TestSecretOfTheLastPlan says nothing is proven where there is no plan left to
// prove it without.
func TestSecretOfTheLastPlan(t *testing.T) {
	known := &secret.Set{}
	objects, _, b := told()
	f := &fake{answer: func(_ int, text string, _ bool) (Outcome, error) {
		known.Add("private")
		return Outcome{Plan: imports(text)}, nil
	}}
	r := Verify(t.Context(), b, f, Options{Objects: objects, Attempts: 1, Secret: func(s string) bool { return known.Text(s) != s }})
	if text := b.Blocks("aws_s3_bucket.b"); r.Status != Unverified || r.Why != hiddenLast || strings.Contains(text, `"private"`) || objects[1].Suggestion.Verified != Unverified {
		t.Errorf("%+v\n%s", r, text)
	}
}

// TestNothingLeft says what has been left out, and why.
func TestNothingLeft(t *testing.T) {
	objects, _, b := told()
	f := &fake{answer: func(int, string, bool) (Outcome, error) {
		return Outcome{Diagnostics: []model.Diagnostic{oops("Cannot import non-existent remote object", "", "aws_s3_bucket.a"), oops("Resource Import Not Implemented", "", "aws_s3_bucket.b")}}, nil
	}}
	r := Verify(t.Context(), b, f, Options{Objects: objects})
	want := "nothing is left to import: `aws_s3_bucket.a` can't be imported: Cannot import non-existent remote object; `aws_s3_bucket.b` can't be imported: Resource Import Not Implemented"
	if r.Status != Unverified || r.Why != want {
		t.Errorf("%+v", r)
	}
}

// TestGuess makes up values for required arguments that nobody tells, of the
// kind that Terraform wants, and takes the real ones from the plan.
func TestGuess(t *testing.T) {
	missing := func(name string) model.Diagnostic {
		return oops("Missing required argument", `The argument "`+name+`" is required, but no definition was found.`, "aws_s3_bucket.a")
	}
	objects, adoption, b := told()
	f := &fake{answer: func(n int, text string, generate bool) (Outcome, error) {
		switch {
		case generate && n == 1:
			return Outcome{Diagnostics: []model.Diagnostic{oops("Missing Configuration for Required Attribute", "Must set a configuration value for the password attribute", "aws_s3_bucket.a")}}, nil
		case n == 2:
			return Outcome{Diagnostics: []model.Diagnostic{missing("port"), missing("title")}}, nil
		case strings.Contains(text, `port     = "a"`):
			return Outcome{Diagnostics: []model.Diagnostic{oops("Incorrect attribute value type", `Inappropriate value for attribute "port": a number is required.`, "aws_s3_bucket.a")}}, nil
		case strings.Contains(text, "port     = 0"):
			return Outcome{Plan: imports(text, update(model.Attribute{Path: "port", Before: model.Value("7"), After: model.Value("0")},
				model.Attribute{Path: "title", Sensitive: true}))}, nil
		}
		return Outcome{Plan: imports(text)}, nil
	}}
	b.Regenerate("aws_s3_bucket.a")
	r := Verify(t.Context(), b, f, Options{Objects: objects})
	text := b.Blocks("aws_s3_bucket.a")
	if r.Status != NoChanges || r.Import != 2 || len(adoption.Left) > 0 || !strings.Contains(text, "= 7") || !strings.Contains(text, "# title is secret: its value stays what it is; the one above only stands for it") {
		t.Errorf("%+v\n%s", r, text)
	}
}
