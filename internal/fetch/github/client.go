// Package github reads GitHub: which commit a workflow is about, the pull
// request it belongs to, and where the commit's statuses and checks point.
//
// Before it come package config, which knows the repository and the event
// file, and package wire, whose HTTP client carries the token, retries and
// waits for rate limits; after it come package fetch/tfc, which turns target
// URLs into runs, and package sink/github, which writes the comment through
// the same API client.
package github

import (
	"errors"
	"net/http"
	"net/url"
	"regexp"
	"strings"

	gogithub "github.com/google/go-github/v60/github"

	"github.com/strandline-tf/strandline/internal/userfault"
)

// pageSize is the most elements that a list answers at once:
// https://docs.github.com/en/rest/using-the-rest-api/using-pagination-in-the-rest-api
const pageSize = 100

// maxPages bounds every list, so that a server whose pages never end can't
// hold the program. GitHub itself keeps at most 1,000 statuses a commit and
// context, and lists the checks of at most 1,000 suites a commit.
const maxPages = 100

// repositoryName is OWNER/NAME with the characters that GitHub allows in them.
var repositoryName = regexp.MustCompile(`^[A-Za-z0-9_.-]+/[A-Za-z0-9_.-]+$`)

// Client reads one repository. It is safe for concurrent use.
type Client struct {
	api         *gogithub.Client
	owner, name string
}

// New returns a Client for repository (OWNER/NAME) behind apiURL
// ("https://api.github.com", or ".../api/v3" of a GitHub Enterprise Server).
// hc authenticates, retries and waits for rate limits.
func New(hc *http.Client, apiURL, repository string) (*Client, error) {
	base, err := url.Parse(apiURL)
	if err != nil || base.Host == "" || (base.Scheme != "http" && base.Scheme != "https") {
		return nil, userfault.Usage("set GITHUB_API_URL to something like https://api.github.com",
			"the GitHub API address %q is not a URL", apiURL)
	}
	if !repositoryName.MatchString(repository) {
		return nil, userfault.Usage("write it as OWNER/NAME, in --repo or GITHUB_REPOSITORY",
			"%q is not the name of a GitHub repository", repository)
	}
	if !strings.HasSuffix(base.Path, "/") {
		base.Path += "/"
	}
	unmetered := *hc
	unmetered.Transport = hideReset{hc.Transport}
	api := gogithub.NewClient(&unmetered)
	api.BaseURL, api.UserAgent = base, "" // hc says who we are
	c := &Client{api: api}
	c.owner, c.name, _ = strings.Cut(repository, "/")
	return c, nil
}

// API returns the client of GitHub's API that c reads with, for those that
// write.
func (c *Client) API() *gogithub.Client { return c.api }

// hideReset takes the time of the rate limit's reset out of good answers. Until
// that time go-github would refuse to send anything after an answer which says
// that no requests remain; here it is the HTTP client that knows the limits,
// and it waits instead.
type hideReset struct{ next http.RoundTripper }

func (t hideReset) RoundTrip(req *http.Request) (*http.Response, error) {
	next := t.next
	if next == nil {
		next = http.DefaultTransport
	}
	resp, err := next.RoundTrip(req)
	if err == nil && resp.StatusCode < 300 {
		resp.Header.Del("X-RateLimit-Reset")
	}
	return resp, err
}

// fail tells a failed read of what to a person.
func (c *Client) fail(err error, what string) error {
	hint := "is GitHub reachable? https://www.githubstatus.com says whether it is well"
	switch status, _ := refusal(err); status {
	case http.StatusUnauthorized:
		hint = "set GITHUB_TOKEN to a token that this server knows; in a workflow use ${{ github.token }}"
	case http.StatusTooManyRequests:
		hint = "GitHub's rate limit is used up; run again later, or with a token of its own"
	case http.StatusForbidden:
		hint = "give the token (in a workflow: permissions) statuses: read, checks: read and pull-requests: read"
	case http.StatusNotFound, http.StatusUnprocessableEntity:
		hint = "does it exist, and may the token see it? GitHub says 404 for both"
	}
	return userfault.Wrap(err, hint, "can't read %s of %s/%s from GitHub", what, c.owner, c.name)
}

// refusal returns the status and the message with which GitHub refused a
// request; 0 where err is something else. Rate limits, which GitHub tells with
// 403 as well as with 429, are always 429.
func refusal(err error) (status int, message string) {
	var primary *gogithub.RateLimitError
	var secondary *gogithub.AbuseRateLimitError
	var refused *gogithub.ErrorResponse
	switch {
	case errors.As(err, &primary):
		return http.StatusTooManyRequests, primary.Message
	case errors.As(err, &secondary):
		return http.StatusTooManyRequests, secondary.Message
	case errors.As(err, &refused):
		status = refused.Response.StatusCode
		if status == http.StatusForbidden && strings.Contains(strings.ToLower(refused.Message), "rate limit") {
			status = http.StatusTooManyRequests
		}
		return status, refused.Message
	}
	return 0, ""
}
