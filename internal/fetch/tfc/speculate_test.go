package tfc_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/strandline-tf/strandline/internal/fetch/planjson"
	"github.com/strandline-tf/strandline/internal/fetch/tfc"
	"github.com/strandline-tf/strandline/internal/model"
	"github.com/strandline-tf/strandline/internal/secret"
	standin "github.com/strandline-tf/strandline/internal/standin/tfc"
	"github.com/strandline-tf/strandline/internal/testkit/realtf"
	"github.com/strandline-tf/strandline/internal/userfault"
)

// named reads the workspace of that name.
func (w *world) named(t *testing.T, name string) tfc.Workspace {
	t.Helper()
	ws, err := w.client.WorkspaceNamed(t.Context(), "acme", name)
	if err != nil {
		t.Fatal(err)
	}
	return ws
}

// Objects made behind Terraform's back, some with configuration and one
// without, are imported in a plan of the real terraform with the workspace's
// state, in its working directory.
func TestSpeculativeImports(t *testing.T) {
	shore := realtf.NewShore(t)
	shore.Put("shore_bucket", "logs", realtf.Object{"tags": map[string]any{"Env": "prod"}})
	shore.Put("shore_network", "net-0001", realtf.Object{"name": "main", "cidr": "10.0.0.0/16"})
	w := start(t, standin.Options{Terraform: realtf.Terraform(t), Env: append(shore.Env(), "PATH="+os.Getenv("PATH"))})
	ws := w.org.Workspace("net", standin.WorkingDirectory("live/net"))
	const managed = "resource \"shore_role\" \"admin\" {\n  name   = \"admin\"\n  policy = \"{}\"\n}\n"
	root := folder(t, map[string]string{"live/net/main.tf": managed, "shared/providers.tf": realtf.Providers, "live/dns/main.tf": "broken {"})
	if err := os.Symlink("../../shared/providers.tf", root+"/live/net/providers.tf"); err != nil {
		t.Fatal(err)
	}
	before := shore.Dir()
	before.Write(managed)
	before.Apply()
	setState(t, ws, string(before.State()))

	archive := packed(t, root, map[string][]byte{"live/net/imports.tf": []byte(`
import {
  to = shore_bucket.logs
  id = "logs"
}
import {
  to = shore_network.main
  id = "net-0001"
}
resource "shore_bucket" "logs" {
  name = "logs"
  tags = { Env = "prod" }
}
`)})
	run, err := w.client.Speculate(t.Context(), w.named(t, "net"), archive, tfc.SpeculateOptions{GenerateConfig: true})
	if err != nil {
		t.Fatal(err)
	}
	if run.Finished() || !run.PlanOnly || run.URL == "" {
		t.Errorf("%+v", run)
	}
	runs, failed, err := w.client.Wait(t.Context(), []tfc.Run{run}, time.Now().Add(time.Minute), nil)
	if err != nil || len(failed) > 0 {
		t.Fatal(err, failed)
	}
	log, err := w.client.PlanLog(t.Context(), runs[0])
	if err != nil || !runs[0].PlanFinished() {
		t.Fatalf("%v %s %+v", err, runs[0].Status, log)
	}
	body, redacted, err := w.client.OpenPlan(t.Context(), runs[0])
	if err != nil || redacted {
		t.Fatal(err, redacted)
	}
	defer body.Close()
	plan, err := planjson.Decode(body, &secret.Set{})
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]model.Change{}
	for _, c := range plan.Changes {
		got[c.Address] = c
	}
	for _, address := range []string{"shore_bucket.logs", "shore_network.main"} {
		if c := got[address]; c.Import == nil || c.Action != model.ActionNoOp || len(got) != 2 {
			t.Errorf("%s: %+v of %d", address, c, len(got))
		}
	}
	if text := got["shore_network.main"].GeneratedConfig; !strings.Contains(text, `"10.0.0.0/16"`) || got["shore_bucket.logs"].GeneratedConfig != "" {
		t.Errorf("generated %q", text)
	}
	for _, q := range w.Requests() {
		if strings.HasSuffix(q.Path, "/apply") {
			t.Error("an apply", q)
		}
	}
}

// tiny is an archive of one file.
func tiny(t *testing.T) io.ReadSeeker {
	return packed(t, folder(t, map[string]string{"main.tf": "# nothing\n"}), nil)
}

// What was asked for: a configuration and a run that can only be planned.
func TestSpeculativeRunsCannotBeApplied(t *testing.T) {
	w, _ := startAt(t, standin.Options{})
	w.org.Workspace("net", standin.Locked("a migration"))
	var asked standin.NewRun
	w.Planner(func(r standin.NewRun) standin.RunSpec {
		asked = r
		return standin.RunSpec{PlanJSON: []byte(plan)}
	})
	archive := tiny(t)
	if _, err := archive.Seek(0, io.SeekEnd); err != nil { // where its writer left it
		t.Fatal(err)
	}
	run, err := w.client.Speculate(t.Context(), w.named(t, "net"), archive, tfc.SpeculateOptions{Message: "proves", Targets: []string{"a.b"}})
	if err != nil {
		t.Fatal(err)
	}
	if s := asked.Run; !s.PlanOnly || s.AutoApply || s.SavePlan || s.AllowConfigGeneration || s.Message != "proves" || fmt.Sprint(s.TargetAddrs) != "[a.b]" || len(asked.Configuration) == 0 {
		t.Errorf("%+v", s)
	}
	// The configuration doesn't become the workspace's.
	if _, err := w.client.OpenDrift(t.Context(), w.named(t, "net"), tfc.Refresh{Mode: tfc.RefreshRun}); err != nil {
		t.Error(err)
	}
	w.client.Abandon(t.Context(), run)
	w.client.Abandon(t.Context(), tfc.Run{})
}

// An upload is sent again where the archive stumbles, whole.
func TestUploadsAreRepeated(t *testing.T) {
	w, _ := startAt(t, standin.Options{})
	w.org.Workspace("net")
	var got []byte
	w.Planner(func(r standin.NewRun) standin.RunSpec { got = r.Configuration; return standin.RunSpec{} })
	puts := 0
	w.Fail(func(r *http.Request) (int, bool) {
		if r.Method != http.MethodPut {
			return 0, false
		}
		puts++
		if r.ContentLength <= 0 {
			t.Error("an upload of unknown length")
		}
		if puts < 3 {
			_, _ = io.Copy(io.Discard, io.LimitReader(r.Body, 10))
		}
		return 503, puts < 3
	})
	archive := tiny(t)
	if _, err := w.client.Speculate(t.Context(), w.named(t, "net"), archive, tfc.SpeculateOptions{}); err != nil {
		t.Fatal(err)
	}
	if _, err := archive.Seek(0, io.SeekStart); err != nil {
		t.Fatal(err)
	}
	want, err := io.ReadAll(archive)
	if err != nil || string(got) != string(want) || puts != 3 {
		t.Errorf("%v: %d bytes of %d after %d uploads", err, len(got), len(want), puts)
	}
}

// Why there is no run, with what to do about it.
func TestSpeculateRefused(t *testing.T) {
	w, clk := startAt(t, standin.Options{})
	w.AddToken(standin.Token{Secret: "reader-token", Role: standin.Owner})
	w.org.Workspace("net")
	w.org.Workspace("laptop", standin.ExecutionMode("local"))
	refuse := func(method, end string, status int) func() {
		return func() {
			w.Fail(func(r *http.Request) (int, bool) {
				return status, r.Method == method && strings.HasSuffix(r.URL.Path, end)
			})
		}
	}
	for _, tc := range []struct {
		name, workspace string
		archive         io.ReadSeeker
		prepare         func()
		want            string
	}{
		{name: "local execution", workspace: "laptop", want: "execution mode is local"},
		{name: "may not upload", prepare: refuse("POST", "/configuration-versions", 404), want: "may not upload"},
		{name: "may not run", prepare: refuse("POST", "/runs", 403), want: "may not start runs"},
		{name: "run refused", prepare: refuse("POST", "/runs", 422), want: "could not be started"},
		{name: "no archive", archive: strings.NewReader("no tar.gz"), want: "not a gzip file"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			ws := w.named(t, "net")
			if tc.workspace != "" {
				ws = w.named(t, tc.workspace)
			}
			if tc.archive == nil {
				tc.archive = tiny(t)
			}
			if tc.prepare != nil {
				tc.prepare()
			}
			defer w.Fail(nil)
			run, err := w.client.Speculate(t.Context(), ws, tc.archive, tfc.SpeculateOptions{})
			notCheckable(t, err, tc.want)
			if run.ID != "" {
				t.Errorf("%+v", run)
			}
		})
	}
	t.Run("upload fails", func(t *testing.T) {
		ws := w.named(t, "net")
		refuse("PUT", "", 500)()
		defer w.Fail(nil)
		_, err := w.client.Speculate(t.Context(), ws, tiny(t), tfc.SpeculateOptions{})
		if err == nil || !strings.Contains(err.Error(), "localhost") || strings.Contains(err.Error(), "_archivist") || userfault.Hint(err) == "" {
			t.Error(err)
		}
	})
	if len(clk.sleeps) == 0 {
		t.Error("the upload that failed was not repeated")
	}
}

// slowServer answers as a server that takes what was uploaded its time, and makes of
// it what the case says.
func slowServer(t *testing.T, created, uploaded string, statuses ...string) *tfc.Client {
	t.Helper()
	c, _ := connect(t, func(w http.ResponseWriter, r *http.Request) {
		version := func(attributes string) string {
			return `{"data":{"id":"cv-1","type":"configuration-versions","attributes":{` + attributes + `}}}`
		}
		switch {
		case r.Method == http.MethodPut:
			_, _ = io.Copy(io.Discard, r.Body)
		case r.Method == http.MethodPost && strings.HasSuffix(r.URL.Path, "/configuration-versions"):
			answer(201, version(created))(w, r)
		case strings.Contains(r.URL.Path, "/configuration-versions/"):
			status := statuses[0]
			if len(statuses) > 1 {
				statuses = statuses[1:]
			}
			answer(200, version(`"status":"`+status+`",`+uploaded))(w, r)
		case strings.HasSuffix(r.URL.Path, "/runs"):
			answer(201, `{"data":{"id":"run-1","type":"runs","attributes":{"status":"pending","plan-only":true}}}`)(w, r)
		default:
			t.Error(r.Method, r.URL)
		}
	})
	return c
}

func TestWhatBecomesOfAnUpload(t *testing.T) {
	ws := tfc.Workspace{ID: "ws-1", Name: "net", Organization: "acme"}
	const fine = `"speculative":true,"auto-queue-runs":false,"upload-url":"/upload"`
	for _, tc := range []struct {
		name, created, uploaded string
		statuses                []string
		want                    string
	}{
		{"takes its time", fine, `"speculative":true`, []string{"pending", "fetching", "uploaded"}, ""},
		{"for ever", fine, `"speculative":true`, []string{"pending"}, "still pending after 5m0s"},
		{"is refused", fine, `"speculative":true,"error":"too_large","error-message":"512 MB at most"`, []string{"pending", "errored"}, "512 MB at most"},
		{"could be applied", `"speculative":false,"auto-queue-runs":false,"upload-url":"/upload"`, "", nil, "can only be planned"},
		{"starts runs", `"speculative":true,"auto-queue-runs":true,"upload-url":"/upload"`, "", nil, "can only be planned"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			run, err := slowServer(t, tc.created, tc.uploaded, tc.statuses...).Speculate(t.Context(), ws, tiny(t), tfc.SpeculateOptions{})
			if tc.want != "" {
				notCheckable(t, err, tc.want)
			} else if err != nil || run.ID != "run-1" {
				t.Errorf("%v %+v", err, run)
			}
		})
	}
	t.Run("has no address", func(t *testing.T) {
		_, err := slowServer(t, `"speculative":true,"upload-url":""`, "").Speculate(t.Context(), ws, tiny(t), tfc.SpeculateOptions{})
		if err == nil || !strings.Contains(err.Error(), "no valid address") {
			t.Error(err)
		}
	})
}

// A run that nobody waits for any more is canceled.
func TestSpeculateCanceled(t *testing.T) {
	w, _ := startAt(t, standin.Options{})
	w.org.Workspace("net")
	w.Planner(func(standin.NewRun) standin.RunSpec { return standin.RunSpec{Status: "planning"} })
	ws := w.named(t, "net")
	ctx, cancel := context.WithCancel(t.Context())
	run, err := w.client.Speculate(ctx, ws, tiny(t), tfc.SpeculateOptions{})
	if err != nil {
		t.Fatal(err)
	}
	cancel()
	w.client.Abandon(ctx, run)
	if got, err := w.client.Run(t.Context(), run.ID); err != nil || got.Status != "canceled" {
		t.Errorf("%v %s", err, got.Status)
	}
	if _, err := w.client.Speculate(ctx, ws, tiny(t), tfc.SpeculateOptions{}); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
}
