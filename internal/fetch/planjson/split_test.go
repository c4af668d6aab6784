package planjson_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/strandline-tf/strandline/internal/fetch/planjson"
	"github.com/strandline-tf/strandline/internal/model"
	"github.com/strandline-tf/strandline/internal/secret"
)

var update = flag.Bool("update", false, "write the golden files")

// planOf returns a plan whose one resource changes as the change
// representation says.
func planOf(change string) string {
	return `{"format_version":"1.2","terraform_version":"1.11.4","resource_changes":[{"address":"test_thing.x","mode":"managed",` +
		`"type":"test_thing","name":"x","provider_name":"registry.terraform.io/hashicorp/test","change":` + change + `}]}`
}

func decode(t *testing.T, plan string) *model.Workspace {
	t.Helper()
	ws, err := planjson.Decode(strings.NewReader(plan), new(secret.Set))
	if err != nil {
		t.Fatal(err)
	}
	return ws
}

func pretty(t *testing.T, v any) []byte {
	t.Helper()
	var out bytes.Buffer
	enc := json.NewEncoder(&out)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	if err := enc.Encode(v); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// brief is an attribute as the golden files have it.
type brief struct {
	Path    string      `json:"path"`
	Before  model.Value `json:"before,omitzero"`
	After   model.Value `json:"after,omitzero"`
	Flags   string      `json:"flags,omitempty"`
	Element string      `json:"element,omitempty"`
	Stays   model.Value `json:"stays,omitzero"` // of an unchanged leaf, which has only this
}

func briefly(c *model.Change) []brief {
	out := []brief{}
	for _, a := range c.Attributes {
		var flags []string
		for name, is := range map[string]bool{"unknown": a.Unknown, "sensitive": a.Sensitive, "forces": a.ForcesReplacement} {
			if is {
				flags = append(flags, name)
			}
		}
		slices.Sort(flags)
		out = append(out, brief{a.Path, a.Before, a.After, strings.Join(flags, " "), a.Element, nil})
	}
	for _, l := range c.Unchanged {
		out = append(out, brief{Path: l.Path, Stays: l.Value})
	}
	return out
}

// TestSplit runs the cases of testdata/split: input.json is a change
// representation, want.json its attributes and unchanged leaves. A new case is a new folder.
func TestSplit(t *testing.T) {
	inputs, err := filepath.Glob("testdata/split/*/input.json")
	if err != nil || len(inputs) == 0 {
		t.Fatal("no cases", err)
	}
	for _, input := range inputs {
		t.Run(filepath.Base(filepath.Dir(input)), func(t *testing.T) {
			change, err := os.ReadFile(input)
			if err != nil {
				t.Fatal(err)
			}
			ws := decode(t, planOf(string(change)))
			if len(ws.Changes) != 1 {
				t.Fatalf("got %d changes", len(ws.Changes))
			}
			got := pretty(t, briefly(&ws.Changes[0]))
			golden(t, filepath.Join(filepath.Dir(input), "want.json"), got)
		})
	}
}

func golden(t *testing.T, file string, got []byte) {
	t.Helper()
	if *update {
		if err := os.WriteFile(file, got, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err, "(-update writes it)")
	}
	if diff := cmp.Diff(string(want), string(got)); diff != "" {
		t.Errorf("%s (-want +got):\n%s", file, diff)
	}
}
