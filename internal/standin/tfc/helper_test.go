package tfc_test

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"testing"
	"time"

	tfe "github.com/hashicorp/go-tfe"

	"github.com/strandline-tf/strandline/internal/standin/tfc"
	"github.com/strandline-tf/strandline/internal/testkit/contract"
)

const token = "test-token-of-nobody"

// world is a running stand-in, checked against the official description, with
// HashiCorp's own client connected to it.
type world struct {
	*tfc.Server
	t      *testing.T
	url    string
	client *tfe.Client
}

func start(t *testing.T, opts tfc.Options) *world {
	t.Helper()
	web := httptest.NewUnstartedServer(nil)
	_, port, _ := strings.Cut(web.Listener.Addr().String(), ":")
	if opts.ArchiveURL == "" {
		// Another host name, as in reality: clients drop their token on the way.
		opts.ArchiveURL = "http://localhost:" + port
	}
	s := tfc.New(opts)
	web.Config.Handler = contract.TerraformCloud(t, s)
	web.Start()
	t.Cleanup(func() { web.Close(); s.Close() })
	client, err := tfe.NewClient(&tfe.Config{Address: web.URL, Token: token})
	if err != nil {
		t.Fatal(err)
	}
	return &world{s, t, web.URL, client}
}

// answer is a plain HTTP answer.
type answer struct {
	status int
	header http.Header
	body   string
}

// get sends a GET as curl would, without following redirects.
func (w *world) get(path, bearer string) answer {
	w.t.Helper()
	url := path
	if strings.HasPrefix(path, "/") {
		url = w.url + path
	}
	req, err := http.NewRequestWithContext(w.t.Context(), http.MethodGet, url, nil)
	if err != nil {
		w.t.Fatal(err)
	}
	if bearer != "" {
		req.Header.Set("Authorization", "Bearer "+bearer)
	}
	resp, err := http.DefaultTransport.RoundTrip(req)
	if err != nil {
		w.t.Fatal(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		w.t.Fatal(err)
	}
	return answer{resp.StatusCode, resp.Header, string(body)}
}

// at decodes the body and walks to a value: by keys, or by numbers in lists.
func (a answer) at(t *testing.T, path ...string) any {
	t.Helper()
	var v any
	if err := json.Unmarshal([]byte(a.body), &v); err != nil {
		t.Fatalf("%v in %q", err, a.body)
	}
	for _, step := range path {
		switch node := v.(type) {
		case map[string]any:
			v = node[step]
		case []any:
			i, err := strconv.Atoi(step)
			if err != nil || i >= len(node) {
				t.Fatalf("no %s in %v", step, node)
			}
			v = node[i]
		default:
			t.Fatalf("no %s in %v", step, v)
		}
	}
	return v
}

// clock is a time that tests move.
type clock struct{ now time.Time }

func (c *clock) Now() time.Time { return c.now }

func newClock() *clock { return &clock{time.Date(2026, 3, 4, 5, 6, 7, 0, time.UTC)} }

// terraform is the path of the real binary; the test is skipped without it.
func terraform(t *testing.T) string {
	t.Helper()
	path, err := exec.LookPath("terraform")
	if err != nil && os.Getenv("STRANDLINE_REQUIRE_TERRAFORM") == "1" {
		t.Fatal("no terraform on PATH, and STRANDLINE_REQUIRE_TERRAFORM=1 requires it")
	}
	if err != nil {
		t.Skip("no terraform on PATH: plans can't be really made")
	}
	return path
}

const samplePlan = `{"format_version":"1.2","terraform_version":"1.11.4","variables":{"secret":{"value":"hunter22"}},
"resource_drift":[{"address":"t.d","provider_name":"p/t","change":{"actions":["update"],"before":{"a":1},"after":{"a":2},"after_unknown":{},"before_sensitive":{},"after_sensitive":{}}}],
"resource_changes":[
{"address":"t.a","mode":"managed","type":"t","name":"a","provider_name":"p/t","change":{"actions":["create"],"before":null,"after":{"name":"shown","password":"hunter22","list":[1,{"x":"y"}]},"after_unknown":{"id":true},"before_sensitive":false,"after_sensitive":{"password":true}}},
{"address":"t.b","mode":"managed","type":"t","name":"b","provider_name":"p/t","change":{"actions":["delete","create"],"before":{"name":"old"},"after":{"name":"new"},"after_unknown":{},"before_sensitive":{},"after_sensitive":{},"replace_paths":[["name"]]}},
{"address":"t.c","mode":"managed","type":"t","name":"c","provider_name":"p/t","change":{"actions":["no-op"],"before":{},"after":{},"importing":{"id":"i-1"}}}],
"output_changes":{"o":{"actions":["create"],"before":null,"after":"out","after_unknown":false,"before_sensitive":false,"after_sensitive":false}},
"prior_state":{},"configuration":{"root_module":{}}}`
