package github

import (
	"context"
	"fmt"
	"net/http"
	"time"

	gogithub "github.com/google/go-github/v60/github"

	"github.com/strandline-tf/strandline/internal/userfault"
)

// Target is where a commit status or a check run of a commit points.
type Target struct {
	URL       string    // as given by whoever posted it: not to be trusted
	Context   string    // a status's context, or a check run's name
	State     string    // a status's state, or a check run's conclusion (status while it has none)
	App       string    // slug of the App behind a check run; "" for statuses
	UpdatedAt time.Time // zero where GitHub doesn't tell
}

// Targets is what Client.Targets found.
type Targets struct {
	List []Target // only those that have a URL; statuses first
	// Notes say, in words for a person, what the token may not read. With a
	// note, List may lack targets that exist.
	Notes []string
}

// Targets returns where the statuses and check runs of a commit point: the
// latest status of each context, the latest check run of each name. It makes
// one request for each 100 of either. Where the token may read only one of
// the two, that one is returned with a note; where it may read neither, an
// error.
func (c *Client) Targets(ctx context.Context, sha string) (Targets, error) {
	var found Targets
	var failed error
	for _, source := range []struct {
		what, permission string
		list             func(context.Context, string) ([]Target, error)
	}{
		{"commit statuses", "statuses: read", c.statuses},
		{"check runs", "checks: read", c.checkRuns},
	} {
		targets, err := source.list(ctx, sha)
		found.List = append(found.List, targets...)
		if err == nil {
			continue
		}
		err = c.fail(err, fmt.Sprintf("the %s of commit %s", source.what, sha))
		status, message := refusal(err)
		if status != http.StatusForbidden && status != http.StatusNotFound {
			return Targets{}, err
		}
		failed = err
		found.Notes = append(found.Notes, fmt.Sprintf("The %s could not be read (GitHub: %d %s); the token needs %s.",
			source.what, status, message, source.permission))
	}
	if len(found.Notes) > 1 {
		return Targets{}, failed
	}
	return found, nil
}

// statuses lists https://docs.github.com/en/rest/commits/statuses#get-the-combined-status-for-a-specific-reference
func (c *Client) statuses(ctx context.Context, sha string) ([]Target, error) {
	var out []Target
	err := pages(func(page gogithub.ListOptions) (*gogithub.Response, error) {
		combined, resp, err := c.api.Repositories.GetCombinedStatus(ctx, c.owner, c.name, sha, &page)
		if err != nil {
			return nil, err
		}
		for _, s := range combined.Statuses {
			if s.GetTargetURL() == "" {
				continue
			}
			out = append(out, Target{URL: s.GetTargetURL(), Context: s.GetContext(), State: s.GetState(),
				UpdatedAt: s.GetUpdatedAt().Time})
		}
		return resp, nil
	})
	return out, err
}

// checkRuns lists https://docs.github.com/en/rest/checks/runs#list-check-runs-for-a-git-reference
func (c *Client) checkRuns(ctx context.Context, sha string) ([]Target, error) {
	var out []Target
	err := pages(func(page gogithub.ListOptions) (*gogithub.Response, error) {
		runs, resp, err := c.api.Checks.ListCheckRunsForRef(ctx, c.owner, c.name, sha,
			&gogithub.ListCheckRunsOptions{ListOptions: page})
		if err != nil {
			return nil, err
		}
		if runs == nil { // an answer of null
			return resp, nil
		}
		for _, r := range runs.CheckRuns {
			if r.GetDetailsURL() == "" {
				continue
			}
			t := Target{URL: r.GetDetailsURL(), Context: r.GetName(), State: r.GetConclusion(),
				App: r.GetApp().GetSlug(), UpdatedAt: r.GetCompletedAt().Time}
			if t.State == "" {
				t.State = r.GetStatus()
			}
			if t.UpdatedAt.IsZero() {
				t.UpdatedAt = r.GetStartedAt().Time
			}
			out = append(out, t)
		}
		return resp, nil
	})
	return out, err
}

// pages calls list for one page after another, until the answer names no next
// one.
func pages(list func(gogithub.ListOptions) (*gogithub.Response, error)) error {
	page := gogithub.ListOptions{PerPage: pageSize}
	for range maxPages {
		resp, err := list(page)
		if err != nil || resp.NextPage == 0 {
			return err
		}
		page.Page = resp.NextPage
	}
	return userfault.New("is GITHUB_API_URL really GitHub?", "the list has more than %d pages", maxPages)
}
