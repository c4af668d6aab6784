package tfc_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/strandline-tf/strandline/internal/fetch/tfc"
	standin "github.com/strandline-tf/strandline/internal/standin/tfc"
	"github.com/strandline-tf/strandline/internal/userfault"
)

// stateOf is a state file that tells whose it is.
func stateOf(name string) string {
	return `{"version":4,"terraform_version":"1.11.4","serial":7,"lineage":"` + name + `","outputs":{},"resources":[` +
		`{"mode":"managed","type":"a","name":"b","provider":"provider[\"p\"]","instances":[{"attributes":{"id":"` + name + `"}}]}]}`
}

// collected is what a consumer as EachState's documentation wants it has.
type collected struct {
	mu     sync.Mutex
	states map[string]string // by workspace
	calls  map[string]int
	failed map[string]error
}

// states reads all states, of as many workers as given.
func (w *world) states(ctx context.Context, t *testing.T, workers int) (*collected, error) {
	t.Helper()
	c := &collected{states: map[string]string{}, calls: map[string]int{}, failed: map[string]error{}}
	err := w.client.EachState(ctx, tfc.Filter{Organization: "acme"}, workers, func(ws tfc.Workspace, r io.Reader) error {
		text, err := io.ReadAll(r)
		c.mu.Lock()
		defer c.mu.Unlock()
		c.calls[ws.Name]++
		if err == nil {
			c.states[ws.Name] = string(text)
			if ws.State.Serial != 7 || ws.State.TerraformVersion != "1.11.4" {
				t.Errorf("%s: %+v", ws.Name, ws.State)
			}
		}
		return err
	}, func(ws tfc.Workspace, err error) { c.failed[ws.Name] = err })
	return c, err
}

// asked counts requests by the last part of their path.
func (w *world) asked() map[string]int {
	out := map[string]int{}
	for _, q := range w.Requests() {
		out[q.Path[strings.LastIndex(q.Path, "/")+1:]]++
	}
	return out
}

// Four lists and a download each; a server that includes no states costs one
// request more for each. What has no state costs nothing.
func TestStatesOfAnOrganization(t *testing.T) {
	const n, stateless = 395, 5
	for name, tc := range map[string]struct {
		opts standin.Options
		want map[string]int
	}{
		"included":     {standin.Options{}, map[string]int{"workspaces": 4, "hosted_state": n}},
		"not included": {standin.Options{NoStateInclude: true}, map[string]int{"workspaces": 4, "current-state-version": n, "hosted_state": n}},
	} {
		t.Run(name, func(t *testing.T) {
			w := start(t, tc.opts)
			for i := range n + stateless {
				name := fmt.Sprintf("w-%03d", i)
				if ws := w.org.Workspace(name); i >= stateless {
					setState(t, ws, stateOf(name))
				}
			}
			got, err := w.states(t.Context(), t, 16)
			if err != nil || len(got.failed) > 0 || len(got.states) != n {
				t.Fatalf("%v %v %d", err, got.failed, len(got.states))
			}
			for name, text := range got.states {
				if text != stateOf(name) || got.calls[name] != 1 {
					t.Errorf("%s, called %d times: %s", name, got.calls[name], text)
				}
			}
			if asked := w.asked(); !maps.Equal(asked, tc.want) {
				t.Errorf("asked %v, want %v", asked, tc.want)
			}
		})
	}
}

// As many at a time as asked for, and each workspace by one.
func TestStatesAreReadAtATime(t *testing.T) {
	w := start(t, standin.Options{})
	for i := range 30 {
		name := fmt.Sprintf("w-%02d", i)
		setState(t, w.org.Workspace(name), stateOf(name))
	}
	const workers = 5
	var now, most atomic.Int32
	all := make(chan struct{})
	err := w.client.EachState(t.Context(), tfc.Filter{Organization: "acme"}, workers, func(_ tfc.Workspace, r io.Reader) error {
		if n := now.Add(1); n == workers && most.Swap(n) < n {
			close(all)
		} else if n > workers {
			t.Errorf("%d at a time", n)
		}
		defer now.Add(-1)
		select {
		case <-all:
		case <-time.After(10 * time.Second):
			t.Error("they don't run at a time")
		}
		_, err := io.Copy(io.Discard, r)
		return err
	}, func(ws tfc.Workspace, err error) { t.Error(ws.Name, err) })
	if err != nil || most.Load() != workers {
		t.Errorf("%v, %d at a time", err, most.Load())
	}
}

// What can't be read is listed, with what to do about it; the rest is read.
func TestStatesThatCannotBeRead(t *testing.T) {
	w := start(t, standin.Options{})
	ids := map[string]string{}
	for _, name := range []string{"cut-always", "cut-once", "expired", "gone", "none", "refused", "sound"} {
		ws := w.org.Workspace(name)
		ids[ws.ID()] = name
		if name != "none" {
			v, err := ws.SetState([]byte(stateOf(name)))
			if err != nil {
				t.Fatal(err)
			}
			ids[v.ID()] = name
		}
	}
	var mu sync.Mutex
	seen := map[string]int{}
	w.Fail(func(r *http.Request) (int, bool) {
		parts := strings.Split(r.URL.Path, "/")
		if len(parts) < 3 || parts[len(parts)-1] != "hosted_state" && parts[len(parts)-1] != "current-state-version" {
			return 0, false
		}
		name, download := ids[parts[len(parts)-2]], parts[len(parts)-1] == "hosted_state"
		mu.Lock()
		defer mu.Unlock()
		if download {
			seen[name]++
		}
		switch name {
		case "cut-always":
			return 0, download
		case "cut-once":
			return 0, download && seen[name] == 1
		case "expired":
			return 403, download && seen[name] == 1
		case "gone":
			return 404, download
		case "refused":
			return 403, true
		}
		return 0, false
	})
	got, err := w.states(t.Context(), t, 3)
	if err != nil {
		t.Fatal(err)
	}
	if names := slices.Sorted(maps.Keys(got.states)); !slices.Equal(names, []string{"cut-once", "expired", "sound"}) {
		t.Errorf("read %v", names)
	}
	for name, text := range got.states {
		if text != stateOf(name) {
			t.Errorf("%s: %s", name, text)
		}
	}
	if got.calls["cut-once"] != 2 || got.calls["cut-always"] != 2 || got.calls["expired"] != 1 {
		t.Errorf("called %v", got.calls)
	}
	want := map[string]string{"cut-always": "ended early", "gone": "may not read its state versions", "refused": "may not read its state versions"}
	for name, err := range got.failed {
		if want[name] == "" || !strings.Contains(err.Error(), want[name]) || !strings.Contains(err.Error(), "workspace acme/"+name) || userfault.Hint(err) == "" {
			t.Errorf("%s: %v (%s)", name, err, userfault.Hint(err))
		}
	}
	if len(got.failed) != len(want) {
		t.Errorf("failed: %v", got.failed)
	}
}

// A consumer's error is its workspace's, and costs no second transfer.
func TestAStateThatItsReaderRefuses(t *testing.T) {
	w := start(t, standin.Options{})
	for _, name := range []string{"odd", "sound"} {
		setState(t, w.org.Workspace(name), stateOf(name))
	}
	odd := errors.New("not a state")
	var calls atomic.Int32
	failed := map[string]error{}
	err := w.client.EachState(t.Context(), tfc.Filter{Organization: "acme"}, 1, func(ws tfc.Workspace, r io.Reader) error {
		calls.Add(1)
		if ws.Name == "odd" {
			return odd
		}
		return nil
	}, func(ws tfc.Workspace, err error) { failed[ws.Name] = err })
	if err != nil || calls.Load() != 2 || len(failed) != 1 || failed["odd"] != odd {
		t.Errorf("%v, %d calls, %v", err, calls.Load(), failed)
	}
}

// A reader that takes a broken transfer for the end doesn't make it one.
func TestABrokenTransferIsNoState(t *testing.T) {
	w := start(t, standin.Options{})
	setState(t, w.org.Workspace("net"), stateOf("net"))
	w.Fail(func(r *http.Request) (int, bool) { return 0, strings.HasSuffix(r.URL.Path, "hosted_state") })
	failed := 0
	err := w.client.EachState(t.Context(), tfc.Filter{Organization: "acme"}, 1, func(_ tfc.Workspace, r io.Reader) error {
		_, _ = io.ReadAll(r)
		return nil
	}, func(_ tfc.Workspace, err error) {
		if failed++; !strings.Contains(err.Error(), "ended early") {
			t.Error(err)
		}
	})
	if err != nil || failed != 1 {
		t.Errorf("%v, failed %d", err, failed)
	}
}

// A state reaches its reader while it is still under way, so none is kept.
func TestStatesAreStreamed(t *testing.T) {
	begun := make(chan struct{})
	c, _ := connect(t, func(w http.ResponseWriter, r *http.Request) {
		if strings.HasSuffix(r.URL.Path, "/workspaces") {
			answer(200, oneState)(w, r)
			return
		}
		io.WriteString(w, "the beginning, ")
		w.(http.Flusher).Flush()
		select {
		case <-begun:
			io.WriteString(w, "the end")
		case <-r.Context().Done():
		}
	})
	err := c.EachState(t.Context(), tfc.Filter{Organization: "acme"}, 1, func(_ tfc.Workspace, r io.Reader) error {
		beginning := make([]byte, len("the beginning, "))
		if _, err := io.ReadFull(r, beginning); err != nil {
			return err
		}
		close(begun)
		rest, err := io.ReadAll(r)
		if string(beginning)+string(rest) != "the beginning, the end" {
			t.Errorf("%s%s", beginning, rest)
		}
		return err
	}, func(_ tfc.Workspace, err error) { t.Error(err) })
	if err != nil {
		t.Error(err)
	}
}

// oneState is a list of one workspace with a state.
const oneState = `{"data":[{"id":"ws-1","type":"workspaces","attributes":{"name":"net"},"relationships":{"current-state-version":{"data":{"id":"sv-1","type":"state-versions"}}}}],` +
	`"included":[{"id":"sv-1","type":"state-versions","attributes":{"hosted-state-download-url":"/kept/here"}}]}`

// A server that falls silent in the middle of a state doesn't hold up the rest.
func TestAStateThatStalls(t *testing.T) {
	c, _ := connect(t, func(w http.ResponseWriter, r *http.Request) {
		if strings.HasSuffix(r.URL.Path, "/workspaces") {
			answer(200, oneState)(w, r)
			return
		}
		io.WriteString(w, `{"version":4,`)
		w.(http.Flusher).Flush()
		<-r.Context().Done()
	})
	calls, failed := 0, 0
	err := c.EachState(t.Context(), tfc.Filter{Organization: "acme"}, 1, func(_ tfc.Workspace, r io.Reader) error {
		calls++
		_, err := io.ReadAll(r)
		return err
	}, func(_ tfc.Workspace, err error) {
		if failed++; !strings.Contains(err.Error(), "stalled") {
			t.Error(err)
		}
	})
	if err != nil || calls != 2 || failed != 1 {
		t.Errorf("%v, %d calls, %d failed", err, calls, failed)
	}
}

func TestStatesEndEarly(t *testing.T) {
	t.Run("canceled", func(t *testing.T) {
		w := start(t, standin.Options{})
		for i := range 250 {
			setState(t, w.org.Workspace(fmt.Sprintf("w-%03d", i)), oneResource)
		}
		ctx, cancel := context.WithCancel(t.Context())
		err := w.client.EachState(ctx, tfc.Filter{Organization: "acme"}, 4, func(_ tfc.Workspace, r io.Reader) error {
			cancel()
			_, err := io.ReadAll(r)
			return err
		}, func(ws tfc.Workspace, err error) { t.Error(ws.Name, err) })
		if asked := w.asked(); !errors.Is(err, context.Canceled) || asked["workspaces"] > 1 || asked["hosted_state"] > 10 {
			t.Errorf("%v; asked %v", err, asked)
		}
	})
	t.Run("token refused", func(t *testing.T) {
		w := start(t, standin.Options{})
		for i := range 50 {
			setState(t, w.org.Workspace(fmt.Sprintf("w-%03d", i)), oneResource)
		}
		w.Fail(func(r *http.Request) (int, bool) { return 401, !strings.HasSuffix(r.URL.Path, "/workspaces") })
		err := w.client.EachState(t.Context(), tfc.Filter{Organization: "acme"}, 1, func(tfc.Workspace, io.Reader) error { return nil },
			func(ws tfc.Workspace, err error) { t.Error(ws.Name, err) })
		var un *tfc.Unauthorized
		if !errors.As(err, &un) || len(w.Requests()) > 5 {
			t.Errorf("%v after %d requests", err, len(w.Requests()))
		}
	})
	t.Run("no list", func(t *testing.T) {
		w := start(t, standin.Options{})
		w.Fail(func(*http.Request) (int, bool) { return 404, true })
		if _, err := w.states(t.Context(), t, 1); err == nil || !strings.Contains(err.Error(), "acme") {
			t.Error(err)
		}
	})
}

// The permission that the list tells of saves asking in vain.
func TestStatesThatTheTokenMayNotRead(t *testing.T) {
	asked := 0
	c, _ := connect(t, func(w http.ResponseWriter, r *http.Request) {
		asked++
		answer(200, `{"data":[{"id":"ws-1","type":"workspaces","attributes":{"name":"net","resource-count":3,"permissions":{"can-read-state-versions":false}}}]}`)(w, r)
	})
	var got error
	err := c.EachState(t.Context(), tfc.Filter{Organization: "acme"}, 1, func(tfc.Workspace, io.Reader) error { return nil },
		func(_ tfc.Workspace, err error) { got = err })
	if err != nil || got == nil || !strings.Contains(userfault.Hint(got), "permission to read state versions") || asked != 1 {
		t.Errorf("%v, %v after %d requests", err, got, asked)
	}
}

// State versions name their resources: a page of huge ones is read without.
func TestAPageOfHugeStates(t *testing.T) {
	got := ""
	c, _ := connect(t, func(w http.ResponseWriter, r *http.Request) {
		switch {
		case strings.HasSuffix(r.URL.Path, "/workspaces"):
			blank := ""
			if strings.Contains(r.URL.RawQuery, "state_version") {
				blank = strings.Repeat(" ", 65<<20)
			}
			answer(200, blank+`{"data":[{"id":"ws-1","type":"workspaces","attributes":{"name":"net"},"relationships":{"current-state-version":{"data":{"id":"sv-1","type":"state-versions"}}}}]}`)(w, r)
		case strings.HasSuffix(r.URL.Path, "/current-state-version"):
			answer(200, `{"data":{"id":"sv-1","type":"state-versions","attributes":{"hosted-state-download-url":"/kept/here"}}}`)(w, r)
		default:
			io.WriteString(w, "the state")
		}
	})
	err := c.EachState(t.Context(), tfc.Filter{Organization: "acme"}, 1, func(_ tfc.Workspace, r io.Reader) error {
		text, err := io.ReadAll(r)
		got = string(text)
		return err
	}, func(_ tfc.Workspace, err error) { t.Error(err) })
	if err != nil || got != "the state" {
		t.Errorf("%v: %q", err, got)
	}
}

func TestWorkspaceNamed(t *testing.T) {
	w := start(t, standin.Options{})
	ws := w.org.Workspace("net", standin.InProject("core"), standin.Tags("prod"), standin.WorkingDirectory("live/net"))
	setState(t, ws, oneResource)
	got, err := w.client.WorkspaceNamed(t.Context(), "acme", "net")
	if err != nil || got.ID != ws.ID() || got.Organization != "acme" || got.Project != "core" || got.WorkingDirectory != "live/net" ||
		got.State == nil || got.URL != w.client.Address()+"/app/acme/workspaces/net" {
		t.Errorf("%v %+v", err, got)
	}
	_, err = w.client.WorkspaceNamed(t.Context(), "acme", "n/../et")
	var none *tfc.Unreadable
	if !errors.As(err, &none) || !strings.Contains(err.Error(), "acme/n/../et") {
		t.Error(err)
	}
}
