package html

import (
	"errors"
	"runtime"
	"strings"
	"testing"

	"github.com/strandline-tf/strandline/internal/model"
	"github.com/strandline-tf/strandline/internal/render"
)

// TestTellsEverything: what a text report says stands in the page, too.
func TestTellsEverything(t *testing.T) {
	got := written(t, sample(t, "../testdata/everything/report.json"))
	for _, want := range []string{
		"<strong>2 destroyed</strong>", "<strong>partial plan</strong>", "deposed object <code>1a2b3c4d</code>", "Deferred to a later plan",
		"moved from <code>x.old</code>", "Changed outside Terraform", "which this plan depends on", "no-public-buckets", "violation: aws_s3_bucket.x",
		`<a href="https://scanner.example/r/1?a=b&amp;c=d" rel="noopener noreferrer"><code class="name">scan</code></a>`,
		"<del>- gone   = {\n</del>", "<b>~ url    = &#34;a&#34; -&gt; &#34;b&#34;\n</b>", "generated configuration",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("lacks %s", want)
		}
	}
	if strings.Contains(got, "ZgotmplZ") {
		t.Error("html/template refused something")
	}
}

// TestTellsDrift: so it is with drift and with what is in no state. A patch
// stands there as it is, to be copied.
func TestTellsDrift(t *testing.T) {
	for path, all := range map[string][]string{
		"../testdata/drift/report.json": {
			"<strong>1 gone</strong>", "health assessment, 2026-11-22 01:02 UTC", "<h2 id=\"report-0\">Not checked this time</h2>",
			`<section class="gone">`, "<code>@acme/network</code>", "<small>What to do: accept, revert, ignore</small>",
			"<ins>&#43;&#43;&#43; b/envs/prod/network.tf\n</ins>", "<ins>&#43;  description = &#34;web servers, see the wiki&#34;   # asked for by the auditors\n</ins>",
			`<h2 id="workspace-3-name">Ignored <small>3 findings in 2 workspaces</small></h2>`, `value="gone"`,
		},
		"../testdata/unmanaged/report.json": {
			"<strong>5 in no state</strong>", `<a href="#workspace-2">No workspace suggested</a>`, "<h3><code>aws_s3_bucket</code> · 2</h3>",
			"name = &#34;we\\&#34;b$${x}&#34;", "AWS::Kendra::Index         -        0            0        0            7",
		},
	} {
		got := written(t, sample(t, path))
		for _, want := range all {
			if !strings.Contains(got, want) {
				t.Errorf("%s: lacks %s", path, want)
			}
		}
	}
}

// TestFindsItsWorkspaces: each row of the table that has details leads to them.
func TestFindsItsWorkspaces(t *testing.T) {
	got := written(t, sample(t, "../testdata/several/report.json"))
	for _, want := range []string{
		`<th scope="row"><a href="#workspace-2"><code>net-prod</code></a></th>`, `id="workspace-2" aria-labelledby="workspace-2-name"`,
		`<th scope="row"><code>quiet</code></th>`, `<option value="workspace-2">net-prod</option>`,
	} {
		if !strings.Contains(got, want) {
			t.Errorf("lacks %s", want)
		}
	}
}

// TestLeavesNothingOut: the page has no budget.
func TestLeavesNothingOut(t *testing.T) {
	r := largeReport(5000, 10)
	got := written(t, r)
	if n := strings.Count(got, `<li class="item">`); n != 5000 {
		t.Errorf("%d of 5000 changes", n)
	}
	if n := strings.Count(got, "attribute_11"); n < 5000-500 { // what is forgotten stays as it is
		t.Errorf("only %d of their attributes", n)
	}
}

// countingWriter keeps nothing but how much it got, and how much memory was in
// use meanwhile.
type countingWriter struct {
	n    int
	peak uint64
}

func (w *countingWriter) Write(p []byte) (int, error) {
	before := w.n
	w.n += len(p)
	if before>>20 != w.n>>20 {
		runtime.GC()
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		w.peak = max(w.peak, m.HeapAlloc)
	}
	return len(p), nil
}

// TestStreams: a page of many megabytes is never in memory.
func TestStreams(t *testing.T) {
	r := largeReport(20000, 4)
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	w := &countingWriter{}
	if err := Write(w, r, render.Options{}); err != nil {
		t.Fatal(err)
	}
	if grown := int(w.peak) - int(m.HeapAlloc); w.n < 12<<20 || grown > w.n/4 {
		t.Errorf("a page of %d bytes took %d bytes of memory", w.n, grown)
	}
	runtime.KeepAlive(r)
}

type brokenWriter struct{}

func (brokenWriter) Write([]byte) (int, error) { return 0, errors.New("disk full") }

func TestWriteErrors(t *testing.T) {
	for _, r := range []*model.Report{{}, largeReport(1000, 1)} {
		if err := Write(brokenWriter{}, r, render.Options{}); err == nil || !strings.Contains(err.Error(), "disk full") {
			t.Errorf("got %v", err)
		}
	}
}

func BenchmarkWrite(b *testing.B) {
	r := largeReport(5000, 10)
	b.ReportAllocs()
	for b.Loop() {
		w := &countingWriter{}
		if err := Write(w, r, render.Options{}); err != nil {
			b.Fatal(err)
		}
		b.SetBytes(int64(w.n))
	}
}
