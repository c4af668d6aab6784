package github

import (
	"context"
	"fmt"
	"strings"

	gogithub "github.com/google/go-github/v60/github"

	"github.com/strandline-tf/strandline/internal/userfault"
)

// PullRequest is what Strandline needs to know of a pull request.
type PullRequest struct {
	Number   int
	HeadSHA  string
	HeadRef  string // branch
	HeadRepo string // OWNER/NAME; "" where the fork has been deleted
	BaseRepo string // OWNER/NAME
	Fork     bool   // the head lives in another repository than the base
	Labels   []string
	State    string // open | closed
	URL      string // the page for people
}

// PullRequest reads pull request number n.
func (c *Client) PullRequest(ctx context.Context, n int) (PullRequest, error) {
	what := fmt.Sprintf("pull request #%d", n)
	pr, _, err := c.api.PullRequests.Get(ctx, c.owner, c.name, n)
	if err != nil {
		return PullRequest{}, c.fail(err, what)
	}
	if pr.GetHead().GetSHA() == "" {
		return PullRequest{}, userfault.New("is GITHUB_API_URL really GitHub?", "GitHub's answer about %s has no head commit", what)
	}
	return pullRequest(pr), nil
}

// PullRequestOf finds the pull request of a branch in a (forked) repository of
// headOwner, which the event of a workflow_run names no pull request for. Of
// several it takes one whose head is sha before others, then an open one
// before closed ones, then the youngest; found is false where there is none.
// A found one whose head is another commit has moved on since.
func (c *Client) PullRequestOf(ctx context.Context, headOwner, branch, sha string) (pr PullRequest, found bool, err error) {
	head := headOwner + ":" + branch
	// Youngest first: https://docs.github.com/en/rest/pulls/pulls#list-pull-requests
	list, _, err := c.api.PullRequests.List(ctx, c.owner, c.name, &gogithub.PullRequestListOptions{
		State: "all", Head: head, ListOptions: gogithub.ListOptions{PerPage: pageSize}})
	if err != nil {
		return PullRequest{}, false, c.fail(err, "the pull requests from "+head)
	}
	best := 0
	for _, candidate := range list {
		// A head that GitHub can't parse is a filter that it leaves out.
		if candidate.GetHead().GetRef() != branch || !strings.EqualFold(candidate.GetHead().GetUser().GetLogin(), headOwner) {
			continue
		}
		rank := 1
		if candidate.GetState() == "open" {
			rank++
		}
		if candidate.GetHead().GetSHA() == sha {
			rank += 2
		}
		if rank > best {
			best, pr, found = rank, pullRequest(candidate), true
		}
	}
	return pr, found, nil
}

func pullRequest(pr *gogithub.PullRequest) PullRequest {
	out := PullRequest{
		Number:   pr.GetNumber(),
		HeadSHA:  pr.GetHead().GetSHA(),
		HeadRef:  pr.GetHead().GetRef(),
		HeadRepo: pr.GetHead().GetRepo().GetFullName(),
		BaseRepo: pr.GetBase().GetRepo().GetFullName(),
		State:    pr.GetState(),
		URL:      pr.GetHTMLURL(),
	}
	out.Fork = !strings.EqualFold(out.HeadRepo, out.BaseRepo)
	for _, l := range pr.Labels {
		out.Labels = append(out.Labels, l.GetName())
	}
	return out
}
