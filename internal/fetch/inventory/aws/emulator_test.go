package aws

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/service/cloudcontrol"
	"github.com/aws/aws-sdk-go-v2/service/cloudcontrol/types"

	"github.com/strandline-tf/strandline/internal/fetch/inventory"
	"github.com/strandline-tf/strandline/internal/secret"
	"github.com/strandline-tf/strandline/internal/testkit/fault"
)

// emulator starts a program of the virtual environment that
// STRANDLINE_EMULATORS names (its bin), and returns its address once it answers.
func emulator(t *testing.T, name string, command func(port string) (args, env []string)) *url.URL {
	t.Helper()
	bin := os.Getenv("STRANDLINE_EMULATORS")
	path, err := exec.LookPath(filepath.Join(bin, name))
	if bin == "" || err != nil {
		const what = "this test needs STRANDLINE_EMULATORS, the bin of a virtual environment with .ci/emulators/requirements.txt"
		if os.Getenv("STRANDLINE_REQUIRE_EMULATORS") == "1" {
			t.Fatal(what + ", and STRANDLINE_REQUIRE_EMULATORS=1 requires it")
		}
		t.Skip("SKIPPED: " + what + "; nothing was tested")
	}
	l, err := net.Listen("tcp", "127.0.0.1:0") // a port that is free, if only for now
	if err != nil {
		t.Fatal(err)
	}
	address := l.Addr().String()
	l.Close()
	args, env := command(address[strings.LastIndexByte(address, ':')+1:])
	c := exec.Command(path, args...)
	var log bytes.Buffer
	c.Stdout, c.Stderr, c.Dir = &log, &log, t.TempDir()
	c.Env = append(os.Environ(), env...)
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = c.Process.Kill()
		_ = c.Wait()
	})
	for deadline := time.Now().Add(time.Minute); time.Now().Before(deadline); time.Sleep(50 * time.Millisecond) {
		if conn, err := net.Dial("tcp", address); err == nil {
			conn.Close()
			return &url.URL{Scheme: "http", Host: address}
		}
	}
	_ = c.Process.Kill()
	_ = c.Wait()
	t.Fatalf("%s doesn't answer:\n%s", name, log.String())
	return nil
}

// body reads a request's body and leaves it there.
func body(r *http.Request) string {
	text, _ := io.ReadAll(r.Body)
	r.Body = io.NopCloser(bytes.NewReader(text))
	return string(text)
}

// paged makes pages of two of the lists that an emulator gives at once.
func paged(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var q struct{ NextToken string }
		_ = json.Unmarshal([]byte(body(r)), &q)
		answer := httptest.NewRecorder()
		next.ServeHTTP(answer, r)
		var list struct {
			ResourceDescriptions []json.RawMessage
			NextToken            string `json:",omitempty"`
		}
		if !strings.HasSuffix(r.Header.Get("X-Amz-Target"), ".ListResources") || json.Unmarshal(answer.Body.Bytes(), &list) != nil {
			w.WriteHeader(answer.Code)
			_, _ = w.Write(answer.Body.Bytes())
			return
		}
		from, _ := strconv.Atoi(q.NextToken)
		to := min(from+2, len(list.ResourceDescriptions))
		if to < len(list.ResourceDescriptions) {
			list.NextToken = strconv.Itoa(to)
		}
		list.ResourceDescriptions = list.ResourceDescriptions[from:to]
		_ = json.NewEncoder(w).Encode(list)
	})
}

// TestEmulators lists an account of emulators, made as testdata/account.tsv
// says, in all regions that there are.
func TestEmulators(t *testing.T) {
	ministack := emulator(t, "ministack", func(port string) ([]string, []string) {
		return nil, []string{"GATEWAY_PORT=" + port, "BIND_HOST=127.0.0.1"}
	})
	moto := emulator(t, "moto_server", func(port string) ([]string, []string) { return []string{"-H", "127.0.0.1", "-p", port}, nil })
	environment(t, "")
	regions := []string{"us-east-1", "eu-west-1"}
	want := makeAccount(t, ministack, regions)
	tagSnapshots(t, moto, regions)

	isList := func(r *http.Request) bool { return strings.HasSuffix(r.Header.Get("X-Amz-Target"), ".ListResources") }
	cloudControl := paged(httputil.NewSingleHostReverseProxy(ministack))
	others := httputil.NewSingleHostReverseProxy(moto)
	proxy := fault.Wrap(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasPrefix(r.Header.Get("X-Amz-Target"), "CloudApiService.") {
			cloudControl.ServeHTTP(w, r)
			return
		}
		others.ServeHTTP(w, r)
	}), fault.Plan{Seed: 1, Rules: []fault.Rule{
		{
			Match:  func(r *http.Request) bool { return isList(r) && strings.Contains(body(r), `"AWS::SNS::Topic"`) },
			Status: http.StatusBadRequest, Body: `{"__type":"AccessDeniedException","message":"User: u is not authorized to perform: sns:ListTopics"}`,
		},
		{Match: isList, Chance: 0.05, Times: 8, Status: http.StatusBadRequest, Body: `{"__type":"ThrottlingException","message":"Rate exceeded"}`},
	}})
	server := httptest.NewServer(proxy)
	defer server.Close()
	t.Setenv("AWS_ENDPOINT_URL", server.URL)

	secrets := &secret.Set{}
	objects, listing, err := drain(t, Options{Regions: regions, Secrets: secrets})
	if err != nil {
		t.Fatal(err)
	}
	got := ids(objects)
	same(t, got, want)
	if proxy.Struck(0) == 0 || proxy.Struck(1) == 0 {
		t.Error("nothing was denied, or nothing throttled")
	}
	if len(listing.Problems) != 1 || !strings.Contains(listing.Problems[0].Message, "aws_sns_topic") {
		t.Errorf("problems: %+v", listing.Problems)
	}
	if slices.Contains(listing.Types, "aws_sns_topic") || !slices.Contains(listing.Types, "aws_sqs_queue") {
		t.Error("what was looked for isn't what was listed")
	}
	same(t, listing.Unsupported, []inventory.Unsupported{
		{Type: "ec2:snapshot", Account: "123456789012", Region: "eu-west-1", Count: 1}, {Type: "ec2:snapshot", Account: "123456789012", Region: "us-east-1", Count: 1},
	})
	for _, o := range objects {
		if strings.Contains(string(o.Attributes), "correct-horse-battery") {
			t.Error("a secret is among the attributes")
		}
		if o.Type == "aws_vpc" && (o.Name != "main" || o.Tags["Name"] != "main") {
			t.Errorf("%+v", o)
		}
	}

	// All that are enabled: only for some types, as moto has many regions.
	some, _, err := drain(t, Options{Types: only("aws_sqs_queue")})
	if err != nil || len(some) != 6 {
		t.Errorf("in all regions: %d queues, %v", len(some), err)
	}
}

// makeAccount creates what the table says, and returns what is to be found of it.
func makeAccount(t *testing.T, ministack *url.URL, regions []string) []string {
	t.Helper()
	table, err := os.ReadFile(filepath.FromSlash("testdata/account.tsv"))
	if err != nil {
		t.Fatal(err)
	}
	var want []string
	for i, line := range strings.Split(strings.TrimSpace(string(table)), "\n") {
		f := strings.Split(line, "\t")
		for _, region := range regions {
			if i == 0 || f[1] != "*" && f[1] != region {
				continue
			}
			c, err := config.LoadDefaultConfig(t.Context(), config.WithRegion(region), config.WithBaseEndpoint(ministack.String()))
			if err != nil {
				t.Fatal(err)
			}
			state := strings.ReplaceAll(f[2], "REGION", region)
			_, err = cloudcontrol.NewFromConfig(c).CreateResource(t.Context(), &cloudcontrol.CreateResourceInput{TypeName: &f[0], DesiredState: &state})
			// The account was empty: what exists was made by a request whose answer
			// got lost, and which the SDK has sent again.
			var exists *types.AlreadyExistsException
			if err != nil && !errors.As(err, &exists) {
				t.Fatal(line, err)
			}
			if f[3] != "-" {
				where := map[bool]string{true: "", false: region}[strings.HasPrefix(f[0], "AWS::IAM::")]
				want = append(want, strings.TrimSpace(strings.ReplaceAll(f[3], "REGION", region)+" 123456789012 "+where))
			}
		}
	}
	slices.SortFunc(want, cmp.Compare)
	return want
}

// tagSnapshots makes a tagged snapshot, which no table covers, of a tagged volume,
// which one does, in each region.
func tagSnapshots(t *testing.T, moto *url.URL, regions []string) {
	t.Helper()
	ask := func(region, form string) string {
		r, _ := http.NewRequestWithContext(t.Context(), http.MethodPost, moto.String(), strings.NewReader(form+"&Version=2016-11-15"))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		r.Header.Set("Authorization", "AWS4-HMAC-SHA256 Credential=AKIAEXAMPLE/20260101/"+region+"/ec2/aws4_request, SignedHeaders=host, Signature=0")
		answer, err := http.DefaultClient.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		defer answer.Body.Close()
		text, err := io.ReadAll(answer.Body)
		if err != nil || answer.StatusCode != http.StatusOK {
			t.Fatal(err, string(text))
		}
		return string(text)
	}
	const tag = "&TagSpecification.1.Tag.1.Key=Env&TagSpecification.1.Tag.1.Value=prod&TagSpecification.1.ResourceType="
	for _, region := range regions {
		_, after, _ := strings.Cut(ask(region, "Action=CreateVolume&Size=1&AvailabilityZone="+region+"a"+tag+"volume"), "<volumeId>")
		volume, _, _ := strings.Cut(after, "<")
		ask(region, "Action=CreateSnapshot&VolumeId="+volume+tag+"snapshot")
	}
}
