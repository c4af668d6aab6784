package planjson_test

import (
	"bytes"
	"io"
	"testing"

	"github.com/strandline-tf/strandline/internal/fetch/planjson"
	"github.com/strandline-tf/strandline/internal/secret"
	"github.com/strandline-tf/strandline/internal/testkit/plangen"
)

// BenchmarkDecode reads the plan that docs/benchmarks.md is about:
//
//	go test -run '^$' -bench Decode ./internal/fetch/planjson
func BenchmarkDecode(b *testing.B) {
	var plan bytes.Buffer
	if err := plangen.Generate(&plan, plangen.Large()); err != nil {
		b.Fatal(err)
	}
	b.SetBytes(int64(plan.Len()))
	b.ReportAllocs()
	for b.Loop() {
		// A plain Reader, so that nothing can take a shortcut.
		r := struct{ io.Reader }{bytes.NewReader(plan.Bytes())}
		ws, err := planjson.Decode(r, new(secret.Set))
		if err != nil {
			b.Fatal(err)
		}
		if len(ws.Changes) != plangen.Large().Changes {
			b.Fatalf("got %d changes", len(ws.Changes))
		}
	}
}
