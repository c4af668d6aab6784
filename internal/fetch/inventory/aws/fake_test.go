package aws

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/strandline-tf/strandline/internal/fetch/inventory"
	"github.com/strandline-tf/strandline/internal/model"
)

// request is what the fake is asked.
type request struct {
	Action        string // ListResources, GetResource, GetResources
	Region        string
	TypeName      string
	Identifier    string
	ResourceModel string
	NextToken     string
}

// fake answers as AWS does, by answer: a body, or an errorCode.
type fake struct {
	regions string // of DescribeRegions, joined by commas
	answer  func(request) any

	mu    sync.Mutex
	asked []request
}

// errorCode is an error of AWS.
type errorCode struct {
	Type    string `json:"__type"`
	Message string `json:"message"`
}

// raw is an answer as it is.
type raw string

func (f *fake) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	_, scope, _ := strings.Cut(r.Header.Get("Authorization"), "Credential=")
	part := strings.Split(scope, "/")
	if len(part) < 4 {
		w.WriteHeader(http.StatusForbidden)
		return
	}
	switch {
	case part[3] == "sts" && strings.Contains(string(body), "Action=AssumeRole"):
		if strings.Contains(string(body), "forbidden") {
			w.WriteHeader(http.StatusForbidden)
			fmt.Fprint(w, `<ErrorResponse><Error><Code>AccessDenied</Code><Message>not yours</Message></Error></ErrorResponse>`)
			return
		}
		fmt.Fprint(w, `<AssumeRoleResponse><AssumeRoleResult><Credentials><AccessKeyId>ROLE</AccessKeyId><SecretAccessKey>s</SecretAccessKey><SessionToken>t</SessionToken><Expiration>2100-01-01T00:00:00Z</Expiration></Credentials></AssumeRoleResult></AssumeRoleResponse>`)
		return
	case part[3] == "sts":
		account := "111111111111"
		if part[0] == "ROLE" {
			account = "222222222222"
		}
		fmt.Fprintf(w, `<GetCallerIdentityResponse><GetCallerIdentityResult><Arn>arn:aws:iam::%s:user/u</Arn><Account>%[1]s</Account></GetCallerIdentityResult></GetCallerIdentityResponse>`, account)
		return
	case part[3] == "ec2":
		if f.regions == "" {
			w.WriteHeader(http.StatusForbidden)
			fmt.Fprint(w, `<Response><Errors><Error><Code>UnauthorizedOperation</Code><Message>no</Message></Error></Errors></Response>`)
			return
		}
		fmt.Fprint(w, `<DescribeRegionsResponse><regionInfo>`)
		for region := range strings.SplitSeq(f.regions, ",") {
			fmt.Fprintf(w, `<item><regionName>%s</regionName><optInStatus>opted-in</optInStatus></item>`, region)
		}
		fmt.Fprint(w, `</regionInfo></DescribeRegionsResponse>`)
		return
	}
	var q request
	_ = json.Unmarshal(body, &q)
	_, q.Action, _ = strings.Cut(r.Header.Get("X-Amz-Target"), ".")
	q.Region = part[2]
	f.mu.Lock()
	f.asked = append(f.asked, q)
	f.mu.Unlock()
	var a any
	if f.answer != nil {
		a = f.answer(q)
	}
	switch a := a.(type) {
	case nil:
		fmt.Fprint(w, `{"ResourceDescriptions":[],"ResourceTagMappingList":[]}`)
	case raw:
		fmt.Fprint(w, string(a))
	case errorCode:
		w.WriteHeader(http.StatusBadRequest)
		_ = json.NewEncoder(w).Encode(a)
	default:
		_ = json.NewEncoder(w).Encode(a)
	}
}

// times is how often something was asked.
func (f *fake) times(match func(request) bool) int {
	f.mu.Lock()
	defer f.mu.Unlock()
	n := 0
	for _, q := range f.asked {
		if match(q) {
			n++
		}
	}
	return n
}

type m = map[string]any

// page is a page of a list: identifiers and properties in turn.
func page(next string, described ...string) m {
	var all []m
	for i := 0; i < len(described); i += 2 {
		all = append(all, m{"Identifier": described[i], "Properties": described[i+1]})
	}
	return m{"ResourceDescriptions": all, "NextToken": next}
}

// only asks for some types.
func only(types ...string) func(string) bool {
	return func(t string) bool {
		for _, one := range types {
			if t == one {
				return true
			}
		}
		return false
	}
}

// environment is that of a shell with credentials, and no other settings.
func environment(t *testing.T, endpoint string) {
	t.Helper()
	nowhere := t.TempDir() + "/none"
	for name, v := range map[string]string{
		"AWS_ENDPOINT_URL": endpoint, "AWS_ACCESS_KEY_ID": "AKIAEXAMPLE", "AWS_SECRET_ACCESS_KEY": "example-secret-key", "AWS_SESSION_TOKEN": "",
		"AWS_REGION": "us-east-1", "AWS_PROFILE": "", "AWS_CONFIG_FILE": nowhere, "AWS_SHARED_CREDENTIALS_FILE": nowhere, "AWS_EC2_METADATA_DISABLED": "true",
	} {
		t.Setenv(name, v)
	}
}

// collect lists everything from a server.
func collect(t *testing.T, h http.Handler, o Options) ([]model.Object, inventory.Listing, error) {
	t.Helper()
	server := httptest.NewServer(h)
	defer server.Close()
	environment(t, server.URL)
	return drain(t, o)
}

func drain(t *testing.T, o Options) ([]model.Object, inventory.Listing, error) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	defer cancel()
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	s := New(o)
	s.backoff = 10 * time.Millisecond
	var all []model.Object
	listing, err := s.List(ctx, func(o model.Object) error {
		all = append(all, o)
		return nil
	})
	return all, listing, err
}
