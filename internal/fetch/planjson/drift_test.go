package planjson_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/strandline-tf/strandline/internal/model"
)

// TestDriftCases runs the cases of testdata/drift: a plan, with what in it is
// real drift and what is noise.
func TestDriftCases(t *testing.T) {
	files, err := filepath.Glob("testdata/drift/*.json")
	if err != nil || len(files) == 0 {
		t.Fatal("no cases", err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".json"), func(t *testing.T) {
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			var c struct {
				Why, Status string
				Real, Noise []string
				Plan        json.RawMessage
			}
			if err := json.Unmarshal(text, &c); err != nil {
				t.Fatal(err)
			}
			if c.Real == nil || c.Why == "" {
				t.Fatal("the case says nothing")
			}
			for _, plan := range []string{string(c.Plan), reversed(t, c.Plan)} {
				wantDrift(t, []byte(plan), slices.Clone(c.Real), slices.Clone(c.Noise))
				ws := decode(t, plan)
				ws.QuietComputed()
				if string(ws.Status) != c.Status {
					t.Errorf("the status is %s, want %s", ws.Status, c.Status)
				}
			}
		})
	}
}

// realDrift is the drift in the corpus that is more than the usual noise, by
// the file's name; all else in it is noise.
var realDrift = map[string][]string{
	"azurerm-firewall-drift.json":     {"azurerm_virtual_network.demo:subnet[0]"},
	"shore-actions-import-drift.json": {"shore_object.gone", "shore_object.web:rule[0]", "shore_object.web:size", "shore_object.web:tags.Owner"},
	"shore-refresh-only.json":         {"shore_object.gone", "shore_object.web:rule[0]", "shore_object.web:size", "shore_object.web:tags.Owner"},
}

func TestDriftOfCorpus(t *testing.T) {
	for _, file := range corpus(t) {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if !json.Valid(text) {
			continue
		}
		ws := decode(t, string(text))
		all := findings(ws)
		ws.QuietComputed()
		var want []string
		for _, f := range all {
			if slices.ContainsFunc(realDrift[filepath.Base(file)], func(r string) bool { return f == r || strings.HasPrefix(f, r+".") }) ||
				strings.HasPrefix(f, "output.") {
				want = append(want, f)
			}
		}
		if got := findings(ws); !slices.Equal(got, want) {
			t.Errorf("%s: got %q, want %q", file, got, want)
		}
		if len(all) != len(findings(ws))+len(ws.Ignored) {
			t.Errorf("%s: %d of %d findings are lost", file, len(all)-len(findings(ws))-len(ws.Ignored), len(all))
		}
	}
}

// TestDriftIsWholeWithoutTheRule: the rule is a step of its own, so who leaves
// it out gets everything that the plan says.
func TestDriftIsWholeWithoutTheRule(t *testing.T) {
	ws := decode(t, `{"format_version":"1.2","resource_drift":[{"address":"x_y.z","type":"x_y","change":{"actions":["update"],
		"before":{"a":null,"etag":"1"},"after":{"a":[],"etag":"2"}}}],"configuration":{"root_module":{"resources":[{"address":"x_y.z","mode":"managed","type":"x_y"}]}}}`)
	if got := findings(ws); !slices.Equal(got, []string{"x_y.z:a", "x_y.z:etag"}) || len(ws.Ignored) != 0 {
		t.Errorf("got %q, ignored %v", got, ws.Ignored)
	}
	ws.Drift[0].Action = model.ActionDelete
	ws.QuietComputed()
	if len(ws.Drift) != 1 || len(ws.Ignored) != 0 {
		t.Error("a resource that is gone is noise")
	}
}

// TestDriftOfHostileConfiguration: blocks nested so that their paths would
// take thousands of times the room of the plan are not spelled out, and what is
// not spelled out counts as set.
func TestDriftOfHostileConfiguration(t *testing.T) {
	const deep = 300
	name := `"` + strings.Repeat("n", 20_000) + `":`
	block := strings.Repeat(`{"a":{},`+name, deep) + `{"a":{}}` + strings.Repeat("}", deep)
	plan := `{"format_version":"1.2","resource_drift":[{"address":"x_y.z","type":"x_y","change":{"actions":["update"],"before":{"etag":"1"},"after":{"etag":"2"}}}],
		"configuration":{"root_module":{"resources":[{"address":"x_y.z","mode":"managed","type":"x_y","expressions":` + block + `}]}}}`
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	ws := decode(t, plan)
	ws.QuietComputed()
	runtime.ReadMemStats(&after)
	if used := after.TotalAlloc - before.TotalAlloc; used > 60*uint64(len(plan)) {
		t.Errorf("%d MB for a plan of %d MB", used>>20, len(plan)>>20)
	}
	if len(ws.Drift) != 1 {
		t.Error("what can't be known was taken for noise")
	}
}
