package plangen_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"testing"

	tfjson "github.com/hashicorp/terraform-json"

	"github.com/strandline-tf/strandline/internal/testkit/plangen"
)

var largePlan = flag.String("large-plan", "", "write the large plan of the benchmarks to this `file`")

// TestWriteLargePlan writes the plan that whole-process figures are taken on:
//
//	go test -run TestWriteLargePlan ./internal/testkit/plangen -large-plan=/tmp/plan.json
//
// The flag stands behind the package, whose own it is.
func TestWriteLargePlan(t *testing.T) {
	if *largePlan == "" {
		t.Skip("no -large-plan given")
	}
	f, err := os.Create(*largePlan)
	if err != nil {
		t.Fatal(err)
	}
	if err := plangen.Generate(f, plangen.Large()); err != nil {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
}

func TestGenerateMakesThePlanAskedFor(t *testing.T) {
	var first, second bytes.Buffer
	for _, w := range []*bytes.Buffer{&first, &second} {
		if err := plangen.Generate(w, plangen.Options{Resources: 500, Changes: 100}); err != nil {
			t.Fatal(err)
		}
	}
	if !bytes.Equal(first.Bytes(), second.Bytes()) {
		t.Error("two runs differ")
	}
	var plan tfjson.Plan
	if err := json.Unmarshal(first.Bytes(), &plan); err != nil {
		t.Fatal(err)
	}
	changes := 0
	for _, c := range plan.ResourceChanges {
		if !c.Change.Actions.NoOp() {
			changes++
		}
	}
	if len(plan.ResourceChanges) != 500 || changes != 100 {
		t.Errorf("got %d resource changes, of which %d change something; want 500 and 100", len(plan.ResourceChanges), changes)
	}
}
