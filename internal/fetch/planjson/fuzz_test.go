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

// allValues returns all values of ws as text, one a line.
func allValues(ws *model.Workspace) []byte {
	var out []byte
	add := func(changes ...model.Change) {
		for _, c := range changes {
			for _, a := range c.Attributes {
				out = append(append(append(append(out, a.Before...), '\n'), a.After...), '\n')
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
		out = append(append(append(append(out, o.Before...), '\n'), o.After...), '\n')
		add(model.Change{Attributes: o.Attributes})
	}
	for _, a := range ws.Actions {
		out = append(append(out, a.Config...), '\n')
	}
	return out
}
