package tfc_test

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"errors"
	"io"
	"strings"
	"testing"

	tfe "github.com/hashicorp/go-tfe"

	"github.com/strandline-tf/strandline/internal/standin/tfc"
)

// archive makes a tar.gz of files, and of links: names that end in "@".
func archive(t *testing.T, files map[string]string) *bytes.Buffer {
	t.Helper()
	var out bytes.Buffer
	zip := gzip.NewWriter(&out)
	to := tar.NewWriter(zip)
	for name, text := range files {
		h := &tar.Header{Name: name, Typeflag: tar.TypeReg, Size: int64(len(text)), Mode: 0o600}
		if link, ok := strings.CutSuffix(name, "@"); ok {
			h = &tar.Header{Name: link, Typeflag: tar.TypeSymlink, Linkname: text}
			text = ""
		}
		if err := to.WriteHeader(h); err != nil {
			t.Fatal(err)
		}
		if _, err := io.WriteString(to, text); err != nil {
			t.Fatal(err)
		}
	}
	if err := errors.Join(to.Close(), zip.Close()); err != nil {
		t.Fatal(err)
	}
	return &out
}

// upload gives the workspace a configuration.
func (w *world) upload(ws *tfc.Workspace, files map[string]string) *tfe.ConfigurationVersion {
	w.t.Helper()
	cv, err := w.client.ConfigurationVersions.Create(w.t.Context(), ws.ID(), tfe.ConfigurationVersionCreateOptions{AutoQueueRuns: tfe.Bool(false), Speculative: tfe.Bool(true)})
	if err != nil {
		w.t.Fatal(err)
	}
	if err := w.client.ConfigurationVersions.UploadTarGzip(w.t.Context(), cv.UploadURL, archive(w.t, files)); err != nil {
		w.t.Fatal(err)
	}
	return cv
}

func TestQueryRuns(t *testing.T) {
	w := start(t, tfc.Options{})
	ws, ctx := w.Org("acme").Workspace("a"), t.Context()
	create := func() (*tfe.QueryRun, error) {
		return w.client.QueryRuns.Create(ctx, tfe.QueryRunCreateOptions{Source: tfe.QueryRunSourceAPI, Workspace: &tfe.Workspace{ID: ws.ID()},
			ConfigurationVersion: w.upload(ws, map[string]string{"a.tfquery.hcl": "list {}"})})
	}
	if _, err := create(); !errors.Is(err, tfe.ErrResourceNotFound) {
		t.Errorf("without a hook: %v", err)
	}
	status := ""
	w.Queries(func(q tfc.NewQuery) tfc.Query {
		if q.Org != "acme" || q.Workspace != "a" || len(q.Configuration) == 0 {
			t.Errorf("%+v", q)
		}
		return tfc.Query{Log: "found\n", Status: status}
	})
	q, err := create()
	if err != nil || q.Status != tfe.QueryRunPending {
		t.Fatal(err, q)
	}
	log, err := w.client.QueryRuns.Logs(ctx, q.ID)
	if err != nil {
		t.Fatal(err)
	}
	if text, err := io.ReadAll(log); err != nil || !strings.Contains(string(text), "found\n") {
		t.Errorf("%v %q", err, text)
	}
	if q, err = w.client.QueryRuns.Read(ctx, q.ID); err != nil || q.Status != tfe.QueryRunFinished {
		t.Error(err, q)
	}
	if err := w.client.QueryRuns.Cancel(ctx, q.ID); err == nil {
		t.Error("a query run that has ended was canceled")
	}
	status = "running"
	if q, err = create(); err != nil {
		t.Fatal(err)
	}
	if err := w.client.QueryRuns.Cancel(ctx, q.ID); err != nil {
		t.Error(err)
	}
	list, err := w.client.QueryRuns.List(ctx, ws.ID(), nil)
	if err != nil || len(list.Items) != 2 || list.Items[0].Status != tfe.QueryRunCanceled {
		t.Errorf("%v %+v", err, list)
	}
}

// Links of an upload are links; none leads out of it.
func TestUploadedLinks(t *testing.T) {
	for name, tc := range map[string]struct{ link, want string }{
		"inside":  {"shared/main.tf", ""},
		"outside": {"../../../../../../etc/hostname", "a link that leads out of the configuration"},
	} {
		t.Run(name, func(t *testing.T) {
			w := start(t, tfc.Options{Terraform: terraform(t)})
			ws := w.Org("acme").Workspace("a")
			cv := w.upload(ws, map[string]string{"main.tf@": tc.link, "shared/main.tf": "resource \"terraform_data\" \"x\" {}\n"})
			run, err := w.client.Runs.Create(t.Context(), tfe.RunCreateOptions{Workspace: &tfe.Workspace{ID: ws.ID()}, ConfigurationVersion: cv, PlanOnly: tfe.Bool(true)})
			if err != nil {
				t.Fatal(err)
			}
			done := w.finished(run.ID)
			if log := w.log(done.Plan.ID); (done.Status == tfe.RunErrored) != (tc.want != "") || !strings.Contains(log, tc.want) {
				t.Errorf("%s: %s", done.Status, log)
			}
			if tc.want == "" && done.Plan.ResourceAdditions != 1 {
				t.Errorf("%+v", done.Plan)
			}
		})
	}
}
