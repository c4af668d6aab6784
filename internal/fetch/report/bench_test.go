package report_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/strandline-tf/strandline/internal/model"
)

// BenchmarkRead reads a part of 1,000 workspaces with 100 findings each, as a
// single file and sealed.
func BenchmarkRead(b *testing.B) {
	r, secrets := part("w")
	for i := range 1000 {
		w := model.NewWorkspace(fmt.Sprint("w", i))
		for j := range 100 {
			w.Drift = append(w.Drift, model.Drift{Change: model.Change{Address: fmt.Sprintf("aws_x.y[%d]", j), Attributes: []model.Attribute{
				{Path: "user_data", Before: model.Value(`"` + strings.Repeat("#!/bin/sh ", 100) + `"`), After: model.Value(fmt.Sprint(i * j))}}}})
		}
		r.Workspaces = append(r.Workspaces, *w)
	}
	path := filepath.Join(b.TempDir(), "x")
	write(b, path, r, model.Part{Shard: 1, Of: 1}, secrets, "token")
	info, err := os.Stat(path)
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	b.ReportMetric(float64(info.Size()), "bytes/file")
	for b.Loop() {
		if m, _, err := read([]string{path}, "token"); err != nil || len(m.Report.Workspaces) != 1001 {
			b.Fatal(err)
		}
	}
}
