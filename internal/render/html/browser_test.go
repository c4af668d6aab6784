package html

import (
	"context"
	"encoding/json"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

// browser is a page in a headless Chromium, opened from a file.
type browser struct {
	t   *testing.T
	ctx context.Context

	mu       sync.Mutex
	said     []string // errors and warnings on the console
	requests []string // for anything but the page itself
}

// open writes a page to a file and opens it. It skips where there is no
// Chromium, except where STRANDLINE_REQUIRE_CHROMIUM=1 makes that a failure.
func open(t *testing.T, doc string) *browser {
	t.Helper()
	chromium := ""
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome", "google-chrome-stable"} {
		if found, err := exec.LookPath(name); err == nil {
			chromium = found
			break
		}
	}
	if chromium == "" {
		if os.Getenv("STRANDLINE_REQUIRE_CHROMIUM") == "1" {
			t.Fatal("no Chromium on PATH")
		}
		t.Skip("SKIPPED: no chromium, chromium-browser or google-chrome on PATH, so the HTML page is not tried in a browser")
	}
	file := filepath.Join(t.TempDir(), "report with space.html")
	if err := os.WriteFile(file, []byte(doc), 0o600); err != nil {
		t.Fatal(err)
	}
	// Not t.TempDir: the browser's last process may still write to it.
	profile, err := os.MkdirTemp("", "strandline-chromium-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(profile) })
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Minute)
	t.Cleanup(cancel)
	ctx, cancel = chromedp.NewExecAllocator(ctx, append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.ExecPath(chromium), chromedp.NoSandbox, chromedp.DisableGPU, chromedp.WindowSize(1200, 900),
		chromedp.Flag("disable-quic", true), chromedp.Flag("disable-component-update", true),
		chromedp.UserDataDir(profile), chromedp.WSURLReadTimeout(time.Minute))...)
	t.Cleanup(cancel)
	// A browser newer than the library sends events that the library can't read.
	ctx, cancel = chromedp.NewContext(ctx, chromedp.WithErrorf(func(string, ...any) {}))
	t.Cleanup(cancel)
	b := &browser{t: t, ctx: ctx}
	t.Cleanup(func() { _ = chromedp.Cancel(ctx) }) // waits for the browser to end
	chromedp.ListenTarget(ctx, b.listen)
	b.do(log.Enable(), network.Enable(), chromedp.Navigate((&url.URL{Scheme: "file", Path: file}).String()))
	return b
}

func (b *browser) listen(event any) {
	b.mu.Lock()
	defer b.mu.Unlock()
	switch e := event.(type) {
	case *runtime.EventConsoleAPICalled:
		b.said = append(b.said, fmt.Sprint("console: ", e.Type))
	case *runtime.EventExceptionThrown:
		b.said = append(b.said, e.ExceptionDetails.Error())
	case *log.EventEntryAdded:
		b.said = append(b.said, e.Entry.Text)
	case *network.EventRequestWillBeSent:
		if e.Type != network.ResourceTypeDocument && e.Request.URL != "data:," {
			b.requests = append(b.requests, e.Request.URL)
		}
	}
}

func (b *browser) do(actions ...chromedp.Action) {
	b.t.Helper()
	if err := chromedp.Run(b.ctx, actions...); err != nil {
		b.t.Fatal(err)
	}
}

// eval runs script in the page, waits for it and stores what it returns.
func eval[T any](b *browser, script string) T {
	b.t.Helper()
	var out T
	b.do(chromedp.Evaluate(script, &out, func(p *runtime.EvaluateParams) *runtime.EvaluateParams { return p.WithAwaitPromise(true) }))
	return out
}

// matches waits until the page says how many findings match.
func (b *browser) matches(want string) {
	b.t.Helper()
	got := ""
	for range 100 {
		if got = eval[string](b, `document.getElementById('matches').textContent`); got == want {
			return
		}
		time.Sleep(20 * time.Millisecond)
	}
	b.t.Fatalf("the page says %q, want %q", got, want)
}

func (b *browser) silent() {
	b.t.Helper()
	b.mu.Lock()
	defer b.mu.Unlock()
	if len(b.said) > 0 || len(b.requests) > 0 {
		b.t.Errorf("on the console: %q; requested: %q", b.said, b.requests)
	}
}

const visible = `[...document.querySelectorAll('.item')].filter((i) => i.checkVisibility()).length`

func TestBrowserFinds(t *testing.T) {
	b := open(t, written(t, largeReport(500, 5)))
	b.matches("500 findings")
	for _, c := range []struct {
		name, script, want string
		visible            int
	}{
		{"an address", `words.value = 'M3 web[7]'`, "1 of 500 findings", 1},
		{"a value", `words.value = '"after 98 11"'`, "5 of 500 findings", 5},
		{"an action", `words.value = ''; document.querySelector('[value=destroy]').click()`, "50 of 500 findings", 50},
		{"two actions", `document.querySelector('[value=replace]').click()`, "100 of 500 findings", 100},
		{"a workspace", `of.value = 'workspace-2'`, "20 of 500 findings", 20},
		{"all of it", `words.value = 'web[7]'`, "1 of 500 findings", 1},
		{"nothing", `words.value = 'nowhere'`, "0 of 500 findings", 0},
	} {
		eval[any](b, c.script+`; words.dispatchEvent(new Event('input', {bubbles: true})); null`)
		b.matches(c.want)
		if n := eval[int](b, visible); n != c.visible {
			t.Errorf("%s: %d findings are visible, want %d", c.name, n, c.visible)
		}
	}
	if !eval[bool](b, `document.getElementById('none').checkVisibility()`) {
		t.Error("nothing is said of there being nothing")
	}
	// Clear, by keyboard.
	b.do(chromedp.Focus("#clear"), chromedp.KeyEvent("\r"))
	b.matches("500 findings")
	eval[any](b, `of.value = 'workspace-1'; of.dispatchEvent(new Event('change', {bubbles: true})); null`)
	b.matches("100 of 500 findings")
	eval[any](b, `document.getElementById('open').click(); null`)
	time.Sleep(200 * time.Millisecond)
	if n := eval[int](b, `document.querySelectorAll('details[open]').length`); n != 90 {
		t.Errorf("%d of 90 details are open", n) // of what is forgotten there are none
	}
	b.silent()
}

func TestBrowserReadsWithoutScript(t *testing.T) {
	doc, _, found := strings.Cut(written(t, largeReport(20, 2)), "<script>")
	if !found {
		t.Fatal("there is no script to take away")
	}
	b := open(t, doc)
	if eval[bool](b, `document.getElementById('find').checkVisibility()`) {
		t.Error("there is a form that does nothing")
	}
	if n := eval[int](b, visible); n != 20 {
		t.Errorf("%d of 20 findings are visible", n)
	}
	// A summary is the browser's own button.
	eval[any](b, `document.querySelector('#workspace-1 summary').focus(); null`)
	b.do(chromedp.KeyEvent("\r"))
	if !eval[bool](b, `document.querySelector('#workspace-1 pre').checkVisibility({contentVisibilityAuto: false})`) {
		t.Error("the details can't be opened by keyboard")
	}
	b.silent()
}

// TestBrowserScrolls: with 5,000 changes nothing keeps the page from answering.
func TestBrowserScrolls(t *testing.T) {
	b := open(t, written(t, largeReport(5000, 10)))
	b.matches("5,000 findings")
	// The best of a few: the machine may do much else at the time.
	var got scrolling
	for range 4 {
		if got = eval[scrolling](b, scroll); got.smooth() {
			break
		}
	}
	load := eval[float64](b, `performance.getEntriesByType('navigation')[0].loadEventEnd`)
	t.Logf("loaded in %.0f ms; %d screens scrolled, %d frames over 50 ms; longest task %.0f ms", load, got.Frames, got.Slow, got.Long)
	if load > 10_000 || !got.smooth() || got.Frames < 100 {
		t.Errorf("too slow: loaded in %.0f ms, %+v", load, got)
	}
	b.silent()
}

// scrolling is what it took to scroll through the page, a screen each frame.
type scrolling struct {
	Frames, Slow int     // of them over 50 ms
	Long         float64 // the longest task, in milliseconds
}

func (s scrolling) smooth() bool { return s.Slow <= s.Frames/20 && s.Long <= 150 }

const scroll = `(async () => {
	let long = 0;
	const observer = new PerformanceObserver((l) => { for (const e of l.getEntries()) long = Math.max(long, e.duration); });
	observer.observe({type: 'longtask'});
	const frame = () => new Promise((done) => requestAnimationFrame(done));
	scrollTo(0, 0);
	let frames = 0, slow = 0, last = await frame();
	for (let y = 0; y < document.documentElement.scrollHeight; y += 900) {
		scrollTo(0, y);
		const now = await frame();
		frames++;
		if (now - last > 50) slow++;
		last = now;
	}
	await new Promise((done) => setTimeout(done, 100));
	observer.disconnect();
	return {Frames: frames, Slow: slow, Long: long};
})()`

// TestBrowserAxe: the accessibility checker axe-core has nothing to complain
// of, in light and dark, wide and narrow, closed and open. STRANDLINE_AXE is
// the path of its axe.min.js.
func TestBrowserAxe(t *testing.T) {
	path := os.Getenv("STRANDLINE_AXE")
	if path == "" {
		t.Skip("SKIPPED: STRANDLINE_AXE names no axe.min.js (npm package axe-core), so the HTML page is not checked for accessibility")
	}
	axe, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range samples(t) {
		t.Run(filepath.Base(filepath.Dir(file)), func(t *testing.T) {
			b := open(t, written(t, sample(t, file)))
			b.do(page.SetBypassCSP(true), page.Reload())
			eval[any](b, string(axe)+"; null")
			for _, scheme := range []string{"light", "dark"} {
				for _, width := range []int64{1200, 360} {
					b.do(emulation.SetEmulatedMedia().WithFeatures([]*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}}),
						emulation.SetDeviceMetricsOverride(width, 900, 1, false))
					b.check(fmt.Sprint(scheme, " ", width, " closed"))
					eval[any](b, `for (const d of document.querySelectorAll('details')) d.open = true; null`)
					b.check(fmt.Sprint(scheme, " ", width, " open"))
				}
			}
		})
	}
}

// check runs axe in the page.
func (b *browser) check(when string) {
	b.t.Helper()
	type violation struct {
		ID    string
		Help  string
		Nodes []struct {
			HTML           string
			FailureSummary string
		}
	}
	got := eval[struct{ Violations []violation }](b, `axe.run(document, {resultTypes: ['violations']})`)
	for _, v := range got.Violations {
		text, _ := json.MarshalIndent(v.Nodes[:min(3, len(v.Nodes))], "", " ")
		b.t.Errorf("%s: %s: %s (%d times)\n%s", when, v.ID, v.Help, len(v.Nodes), strings.TrimSpace(string(text)))
	}
}
