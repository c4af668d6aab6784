package github_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	gogithub "github.com/google/go-github/v60/github"

	"github.com/strandline-tf/strandline/internal/sink/github"
	"github.com/strandline-tf/strandline/internal/userfault"
)

// canned returns a Poster that talks to a server which no well-behaved
// stand-in is.
func canned(t *testing.T, answer http.HandlerFunc) *github.Poster {
	t.Helper()
	server := httptest.NewServer(answer)
	t.Cleanup(server.Close)
	base, err := url.Parse(server.URL + "/api/v3/")
	if err != nil {
		t.Fatal(err)
	}
	api := gogithub.NewClient(server.Client())
	api.BaseURL = base
	return github.NewPoster(api, "acme/net", true)
}

func head(context.Context) (string, error) { return "abc", nil }

var comment = github.Comment{PullRequest: 7, Key: "plan", Head: "abc", Run: "1.1", Digest: "d", Body: "b"}

func TestPagesWithoutEndAreAnError(t *testing.T) {
	requests := 0
	p := canned(t, func(w http.ResponseWriter, r *http.Request) {
		requests++
		w.Header().Set("Link", `<https://api.github.com/x?page=2>; rel="next"`)
		_, _ = w.Write([]byte(`[{"id":1,"user":{"login":"github-actions[bot]","type":"Bot"},"body":"<!-- strandline key=plan -->"}, null, {}]`))
	})
	_, err := p.Upsert(t.Context(), comment, head)
	if err == nil || !strings.Contains(err.Error(), "more than") || !strings.Contains(userfault.Hint(err), "GITHUB_API_URL") {
		t.Errorf("error %v, hint %q", err, userfault.Hint(err))
	}
	if requests > 100 {
		t.Errorf("%d requests", requests)
	}
}

func TestEmptyAnswerToANewComment(t *testing.T) {
	p := canned(t, func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodPost {
			w.WriteHeader(http.StatusCreated)
			return
		}
		_, _ = w.Write([]byte(`[]`))
	})
	if r, err := p.Upsert(t.Context(), comment, head); err == nil {
		t.Errorf("result %+v, want an error", r)
	}
}

func TestGraphQLOfAnEnterpriseServer(t *testing.T) {
	var asked string
	p := canned(t, func(w http.ResponseWriter, r *http.Request) {
		if strings.HasSuffix(r.URL.Path, "/graphql") {
			asked = r.URL.Path
			_, _ = w.Write([]byte(`{"data":{"viewer":{"login":"acme-bot"}}}`)) // without the suffix
			return
		}
		_, _ = w.Write([]byte(`[{"id":1,"html_url":"u","user":{"login":"Acme-Bot[bot]","type":"Bot"},"body":"<!-- strandline key=plan head=abc run=1.1 digest=d -->\nb"}]`))
	})
	r, err := p.Upsert(t.Context(), comment, head)
	if err != nil || r.Outcome != github.Unchanged || r.URL != "u" {
		t.Errorf("result %+v, %v", r, err)
	}
	if asked != "/api/graphql" {
		t.Errorf("asked %s, want /api/graphql", asked)
	}
}
