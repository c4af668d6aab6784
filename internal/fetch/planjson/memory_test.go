package planjson_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/strandline-tf/strandline/internal/fetch/planjson"
	"github.com/strandline-tf/strandline/internal/model"
	"github.com/strandline-tf/strandline/internal/secret"
	"github.com/strandline-tf/strandline/internal/testkit/plangen"
)

// TestDecodeIsStreamed guards what the package is for with generous bounds, on
// a plan of some 30 MB with 500 changes: far less is allocated in all than the
// plan is long, and it takes a fraction of the time of unmarshalling it. (In
// truth it is a tenth of both; docs/benchmarks.md has the figures.)
func TestDecodeIsStreamed(t *testing.T) {
	if testing.Short() {
		t.Skip("it takes some seconds")
	}
	var plan bytes.Buffer
	if err := plangen.Generate(&plan, plangen.Options{Resources: 10_000, Changes: 500}); err != nil {
		t.Fatal(err)
	}
	var ws *model.Workspace
	allocated, took := measure(func() { ws = decodeStream(t, plan.Bytes()) })
	if len(ws.Changes) != 500 {
		t.Fatalf("got %d changes", len(ws.Changes))
	}
	if most := uint64(plan.Len() / 4); allocated > most {
		t.Errorf("a plan of %d bytes takes %d bytes of allocations, want at most %d", plan.Len(), allocated, most)
	}
	for range 4 { // whoever else is at work on the machine may have been in the way
		_, again := measure(func() { decodeStream(t, plan.Bytes()) })
		took = min(took, again)
	}
	_, whole := measure(func() {
		var v any
		if err := json.Unmarshal(plan.Bytes(), &v); err != nil {
			t.Fatal(err)
		}
	})
	if took > whole/4 {
		t.Errorf("it takes %v, and encoding/json %v", took, whole)
	}
}

// TestDecodeManySecrets: ten thousand secrets, each of which has to be looked
// for in several forms in all that is kept, cost memory and time that follow
// their number.
func TestDecodeManySecrets(t *testing.T) {
	const n = 10_000
	var plan strings.Builder
	plan.WriteString(`{"format_version":"1.2","resource_changes":[`)
	for i := range n {
		if i > 0 {
			plan.WriteByte(',')
		}
		fmt.Fprintf(&plan, `{"address":"x.y[%d]","mode":"managed","type":"x","name":"y","index":%[1]d,"change":{"actions":["update"],`+
			`"before":{"note":"old","pw":"p$%06[1]d/old&+"},"after":{"note":"new with p$%06[1]d/new&+ in it","pw":"p$%06[1]d/new&+"},`+
			`"after_unknown":{},"before_sensitive":{"pw":true},"after_sensitive":{"pw":true}}}`, i)
	}
	plan.WriteString("]}")
	var ws *model.Workspace
	allocated, _ := measure(func() { ws = decodeStream(t, []byte(plan.String())) })
	t.Logf("allocated %d MB", allocated/1e6)
	if most := uint64(200 << 20); allocated > most {
		t.Errorf("%d secrets take %d bytes of allocations, want at most %d", 2*n, allocated, most)
	}
	for i := range ws.Changes {
		for _, a := range ws.Changes[i].Attributes {
			if text := string(a.Before) + string(a.After); strings.Contains(text, "p$") {
				t.Fatalf("%s: %s", a.Path, text)
			}
		}
	}
}

func decodeStream(t *testing.T, plan []byte) *model.Workspace {
	ws, err := planjson.Decode(struct{ io.Reader }{bytes.NewReader(plan)}, new(secret.Set))
	if err != nil {
		t.Fatal(err)
	}
	return ws
}

// measure returns how many bytes do allocates in all, and how long it takes.
func measure(do func()) (allocated uint64, took time.Duration) {
	runtime.GC()
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	start := time.Now()
	do()
	took = time.Since(start)
	runtime.ReadMemStats(&after)
	return after.TotalAlloc - before.TotalAlloc, took
}
