package app

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/strandline-tf/strandline/internal/model"
	"github.com/strandline-tf/strandline/internal/secret"
)

// What is a secret elsewhere is taken out of all that configuration and
// addresses are made of.
func TestGuard(t *testing.T) {
	const word = "correct-horse-battery"
	p := &program{secrets: &secret.Set{}}
	p.secrets.Add(word)
	tags := map[string]string{"Name": word}
	o := model.Object{Type: "t", ID: "i", Name: word + " 1", Tags: tags, Attributes: model.Value(`{"a":"` + word + `","b":1}`), Config: "# " + word}
	p.guard(&o)
	want := model.Object{Type: "t", ID: "i", Attributes: model.Value(`{"b":1}`), Sensitive: []string{"a", "tags"}}
	if diff := cmp.Diff(want, o); diff != "" || len(tags) != 1 {
		t.Error(diff, tags)
	}
	o = model.Object{Type: "t", ID: "i", Name: "n", Tags: map[string]string{"a": "b"}, Sensitive: []string{"x"}}
	want = o
	p.guard(&o)
	if diff := cmp.Diff(want, o); diff != "" {
		t.Error(diff)
	}
}
