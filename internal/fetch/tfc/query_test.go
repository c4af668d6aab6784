package tfc_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/strandline-tf/strandline/internal/fetch/tfc"
	standin "github.com/strandline-tf/strandline/internal/standin/tfc"
	"github.com/strandline-tf/strandline/internal/userfault"
)

// queryLog is what `terraform query -json` prints, after plain lines.
const queryLog = "Terraform v1.14.0\nInitializing plugins and modules...\n" +
	`{"@level":"info","@message":"list.shore_bucket.all: Starting query...","type":"list_start","list_start":{"address":"list.shore_bucket.all","resource_type":"shore_bucket"}}` + "\n" +
	`{"@level":"info","type":"list_resource_found","list_resource_found":{"address":"list.shore_bucket.all","display_name":"logs","identity":{"name":"logs"}}}` + "\n" +
	`{"@level":"info","type":"list_complete","list_complete":{"address":"list.shore_bucket.all","resource_type":"shore_bucket","total":1}}` + "\n"

const failedQuery = `{"@level":"error","@message":"Error: No such list resource","type":"diagnostic","diagnostic":{"severity":"error","summary":"No such list resource","detail":"The provider has none."}}` + "\n"

// query runs a query in workspace net, whose query runs come to what is given.
func (w *world) query(ctx context.Context, t *testing.T, clk *clock) (string, error) {
	t.Helper()
	ws := w.named(t, "net")
	w.ForgetRequests()
	archive := packed(t, folder(t, map[string]string{"main.tf": "# nothing\n"}), map[string][]byte{"strandline.tfquery.hcl": []byte("list {}")})
	log, err := w.client.Query(ctx, ws, archive, clk.Now().Add(time.Hour))
	if err != nil {
		return "", err
	}
	defer log.Close()
	text, err := io.ReadAll(log)
	if err != nil {
		t.Fatal(err)
	}
	return string(text), nil
}

func TestQuery(t *testing.T) {
	for _, tc := range []struct {
		name    string
		becomes standin.Query
		want    string // the log
		err     string
	}{
		{"finished", standin.Query{Log: queryLog}, queryLog, ""},
		{"nothing there", standin.Query{Log: "Terraform v1.14.0\n"}, "Terraform v1.14.0\n", ""},
		{"one list failed", standin.Query{Log: queryLog + failedQuery, Status: "errored"}, queryLog + failedQuery, ""},
		{"all failed", standin.Query{Log: "Terraform v1.14.0\n" + failedQuery, Status: "errored"}, "", "ended as errored: No such list resource"},
		{"no log", standin.Query{Status: "errored"}, "", "ended as errored"},
		{"canceled by somebody", standin.Query{Log: queryLog, Status: "canceled"}, "", "ended as canceled"},
		{"queued for ever", standin.Query{Status: "queued"}, "", "still queued when the time was up"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			w, clk := startAt(t, standin.Options{})
			w.org.Workspace("net")
			var asked standin.NewQuery
			w.Queries(func(q standin.NewQuery) standin.Query {
				asked = q
				return tc.becomes
			})
			got, err := w.query(t.Context(), t, clk)
			if got != tc.want {
				t.Errorf("got %q", got)
			}
			if tc.err == "" && err != nil {
				t.Error(err)
			}
			if tc.err != "" {
				notCheckable(t, err, tc.err)
			}
			if files := unpacked(t, strings.NewReader(string(asked.Configuration))); asked.Workspace != "net" || files["strandline.tfquery.hcl"] == "" {
				t.Errorf("asked %s %v", asked.Workspace, files)
			}
			if canceled := w.asked()["cancel"] == 1; canceled != (tc.becomes.Status == "queued") {
				t.Errorf("canceled: %t", canceled)
			}
		})
	}
}

// Where there are no query runs, nothing is uploaded.
func TestNoQueryRuns(t *testing.T) {
	w, clk := startAt(t, standin.Options{})
	w.org.Workspace("net")
	_, err := w.query(t.Context(), t, clk)
	var none *tfc.NoQueryRuns
	if !errors.As(err, &none) || !strings.Contains(err.Error(), "acme/net") || !strings.Contains(userfault.Hint(err), "terraform-query:FILE") {
		t.Errorf("%v (%s)", err, userfault.Hint(err))
	}
	if n := len(w.Requests()); n != 1 {
		t.Errorf("%d requests", n)
	}
}

func TestQueryRefused(t *testing.T) {
	w, clk := startAt(t, standin.Options{})
	w.org.Workspace("net")
	w.Queries(func(standin.NewQuery) standin.Query { return standin.Query{Status: "running"} })
	w.Fail(func(r *http.Request) (int, bool) {
		return 422, r.Method == http.MethodPost && strings.HasSuffix(r.URL.Path, "/queries")
	})
	_, err := w.query(t.Context(), t, clk)
	notCheckable(t, err, "could not be started")
	if !strings.Contains(userfault.Hint(err), "1.14") {
		t.Error(userfault.Hint(err))
	}
	w.Fail(nil)

	ctx, cancel := context.WithCancel(t.Context())
	w.Fail(func(r *http.Request) (int, bool) {
		if r.Method == http.MethodGet && strings.Contains(r.URL.Path, "/queries/") {
			cancel()
		}
		return 0, false
	})
	if _, err := w.query(ctx, t, clk); !errors.Is(err, context.Canceled) || w.asked()["cancel"] != 1 {
		t.Errorf("%v; asked %v", err, w.asked())
	}
}
