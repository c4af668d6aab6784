package planjson_test

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/strandline-tf/strandline/internal/fetch/planjson"
	"github.com/strandline-tf/strandline/internal/model"
	"github.com/strandline-tf/strandline/internal/secret"
	"github.com/strandline-tf/strandline/internal/testkit/plangen"
)

// secretEverywhere holds one secret in all that a plan can tell of a change and
// that isn't a value of it.
const secretEverywhere = `{"format_version":"1.2","resource_changes":[{"address":"a.b","type":"a","name":"b","change":{
"actions":["update"],"before":{"name":"hidden-secret","pw":"hidden-secret","l":[{"n":1,"copy":"hidden-secret"}]},
"after":{"name":"hidden-secret","pw":"hidden-secret","l":[{"n":2,"copy":"hidden-secret"}]},
"before_sensitive":{"pw":true},"after_sensitive":{"pw":true},"generated_config":"pw = \"hidden-secret\"",
"importing":{"id":"x/hidden-secret","identity":{"id":"hidden-secret"}}}}],
"checks":[{"address":{"to_display":"check.c","kind":"check"},"status":"fail","instances":[{"problems":[{"message":"hidden-secret is bad"}]}]}]}`

// FuzzDecode: whatever the input, there is an error or a workspace that is
// valid JSON and holds no secret of 8 bytes or more; never a panic.
func FuzzDecode(f *testing.F) {
	cases, err := filepath.Glob("testdata/*/*/input.json")
	if err != nil {
		f.Fatal(err)
	}
	for _, file := range append(cases, corpus(f)...) {
		text, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		if strings.Contains(file, "split") {
			text = []byte(planOf(string(text)))
		}
		if len(text) < 100_000 {
			f.Add(text)
		}
	}
	var plan bytes.Buffer
	if err := plangen.Generate(&plan, plangen.Options{Resources: 10, Changes: 5}); err != nil {
		f.Fatal(err)
	}
	f.Add(plan.Bytes())
	f.Add([]byte(secretEverywhere))
	f.Fuzz(func(t *testing.T, input []byte) {
		var secrets secret.Set
		ws, err := planjson.Decode(bytes.NewReader(input), &secrets)
		if err != nil {
			if ws != nil || err.Error() == "" {
				t.Errorf("got %v and %v", ws, err)
			}
			return
		}
		text, err := json.Marshal(ws)
		if err != nil {
			t.Fatal(err)
		}
		for _, s := range secrets.Masks() {
			if s != secret.Withheld && strings.Contains(string(allValues(ws)), s) && !strings.Contains(secret.Withheld, s) {
				t.Errorf("the secret %q is in %s", s, text)
			}
		}
	})
}

// allValues returns all of ws that isn't a name, one text a line.
func allValues(ws *model.Workspace) []byte {
	var out []byte
	text := func(texts ...string) {
		for _, s := range texts {
			out = append(append(out, s...), '\n')
		}
	}
	value := func(values ...model.Value) {
		for _, v := range values {
			out = append(append(out, v...), '\n')
		}
	}
	add := func(changes ...model.Change) {
		for _, c := range changes {
			text(c.GeneratedConfig)
			if c.Import != nil {
				text(c.Import.ID)
				value(c.Import.Identity)
			}
			for _, a := range c.Attributes {
				value(a.Before, a.After)
			}
			for _, l := range c.Unchanged {
				value(l.Value)
			}
		}
	}
	add(ws.Changes...)
	for _, d := range ws.Drift {
		add(d.Change)
	}
	for _, d := range ws.Deferred {
		add(d.Change)
	}
	for _, o := range ws.Outputs {
		value(o.Before, o.After)
		add(model.Change{Attributes: o.Attributes})
	}
	for _, a := range ws.Actions {
		value(a.Config)
	}
	for _, c := range ws.Checks {
		text(c.Problems...)
	}
	return out
}
