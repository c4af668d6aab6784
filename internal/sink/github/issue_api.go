package github

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"

	gogithub "github.com/google/go-github/v60/github"

	"github.com/strandline-tf/strandline/internal/userfault"
)

// gone reports whether GitHub says 410: what has been deleted, and all issues
// of a repository that has them disabled.
func gone(err error) bool {
	status, _ := answered(err)
	return status == http.StatusGone
}

func byNumber(a, b StandingIssue) int {
	return cmp.Or(cmp.Compare(a.Number, b.Number), cmp.Compare(a.region.stamp.key, b.region.stamp.key))
}

// ownIssues lists the program's own issues of the wanted keys, by number; one
// that carries several of them stands there for each. It asks the list
// and not the search, which lags minutes behind; in the order of creation, so
// that no issue slips from page to page meanwhile.
func (p *Poster) ownIssues(ctx context.Context, wanted func(key string) bool) ([]StandingIssue, error) {
	us, err := p.whoami(ctx)
	if err != nil {
		return nil, err
	}
	opts := gogithub.IssueListByRepoOptions{State: "all", Creator: us.login(), Sort: "created", Direction: "asc",
		ListOptions: gogithub.ListOptions{PerPage: pageSize}}
	var own []StandingIssue
	for range maxPages {
		page, resp, err := p.api.Issues.ListByRepo(ctx, p.owner, p.name, &opts)
		if err != nil {
			return nil, err
		}
		for _, issue := range page {
			if issue.IsPullRequest() || authorOf(issue.GetUser()) != us {
				continue
			}
			for _, key := range keysOf(issue.GetBody()) {
				if wanted(key) {
					r, _ := findRegion(issue.GetBody(), key)
					own = append(own, standingOf(issue, r))
				}
			}
		}
		if resp.NextPage == 0 {
			slices.SortFunc(own, byNumber)
			// A page that is answered again brings the same issues again.
			return slices.CompactFunc(own, func(a, b StandingIssue) bool { return byNumber(a, b) == 0 }), nil
		}
		opts.Page = resp.NextPage
	}
	return nil, userfault.New("is GITHUB_API_URL really GitHub?", "the list of our issues has more than %d pages", maxPages)
}

// createIssue opens the issue, and learns from the answer who we are. why names
// the assignees that GitHub won't have.
func (p *Poster) createIssue(ctx context.Context, i Issue) (created StandingIssue, why string, err error) {
	var r region
	post := func(assignees []string) (*gogithub.Issue, error) {
		s := i.stamp()
		s.assigned = assignees
		body := r.compose(s, i.Body)
		if err := fitted(body); err != nil {
			return nil, err
		}
		answer, _, err := p.api.Issues.Create(ctx, p.owner, p.name, &gogithub.IssueRequest{
			Title: &i.Title, Body: &body, Labels: listed(i.Labels), Assignees: listed(assignees)})
		return answer, err
	}
	wanted, why := atMost(maxAssignees, i.Assignees)
	answer, err := post(wanted)
	if refusesAssignees(err) {
		able, unable := p.assignable(ctx, wanted)
		why = both(why, unable)
		answer, err = post(able)
	}
	if err != nil {
		return StandingIssue{}, "", err
	}
	r, _ = findRegion(answer.GetBody(), i.Key)
	created = standingOf(answer, r)
	if created.Number == 0 || created.author.name == "" {
		return StandingIssue{}, "", errors.New("GitHub's answer to the new issue names neither it nor its author")
	}
	p.remember(created.author)
	return created, why, nil
}

// editIssue makes issue s say i, all in one request; exists is false where it
// is gone.
func (p *Poster) editIssue(ctx context.Context, i Issue, s StandingIssue) (why string, exists bool, err error) {
	stamp := i.stamp()
	fresh, over := atMost(maxAssignees-len(s.assignees), lacking(i.Assignees, s.region.stamp.assigned))
	fresh, refused := p.assignable(ctx, fresh)
	stamp.assigned = union(s.region.stamp.assigned, fresh)
	body := s.region.compose(stamp, i.Body)
	if err := fitted(body); err != nil {
		return "", true, err
	}
	req := gogithub.IssueRequest{Body: &body}
	if s.Title != i.Title && titleSum(s.Title) == s.region.stamp.title {
		req.Title = &i.Title
	}
	if s.Open != i.Open {
		state, reason := "open", "reopened"
		if !i.Open {
			state, reason = "closed", "completed"
		}
		req.State, req.StateReason = &state, &reason
	}
	if len(lacking(i.Labels, s.labels)) > 0 {
		req.Labels = listed(union(s.labels, i.Labels))
	}
	if len(lacking(fresh, s.assignees)) > 0 {
		req.Assignees = listed(union(s.assignees, fresh))
	}
	answer, _, err := p.api.Issues.Edit(ctx, p.owner, p.name, s.Number, &req)
	switch status, _ := answered(err); {
	case status == http.StatusNotFound, status == http.StatusGone:
		return "", false, nil
	case err != nil:
		return "", true, err
	case answer.GetNumber() != s.Number || !strings.EqualFold(answer.GetRepositoryURL(), s.repository):
		return "", false, nil // transferred: a redirect has led to it, where nothing is written
	}
	return both(s.Damaged, both(over, refused)), true, nil
}

// retire closes superfluous issues and takes the marker off them: issues can't
// be deleted. It returns in words what failed.
func (p *Poster) retire(ctx context.Context, issues []StandingIssue, stays int) (failed string) {
	for _, s := range issues {
		body := fmt.Sprintf("%sAnother run has opened #%d at the same time; that one is kept up to date.%s", s.region.before, stays, s.region.after)
		state, reason := "closed", "not_planned"
		_, _, err := p.api.Issues.Edit(ctx, p.owner, p.name, s.Number, &gogithub.IssueRequest{Body: &body, State: &state, StateReason: &reason})
		if status, _ := answered(err); err != nil && status != http.StatusNotFound && status != http.StatusGone {
			failed = both(failed, fmt.Sprintf("could not close the superfluous issue %s: %v", s.URL, err))
		}
	}
	return failed
}

// maxAssignees is how many people an issue can be assigned to:
// https://docs.github.com/en/issues/tracking-your-work-with-issues/using-issues/assigning-issues-and-pull-requests-to-other-github-users
const maxAssignees = 10

// atMost returns the first n of logins, and names the others.
func atMost(n int, logins []string) (first []string, why string) {
	if n = max(n, 0); len(logins) <= n {
		return logins, ""
	}
	return logins[:n], fmt.Sprintf("an issue has at most %d assignees, so %s were left out", maxAssignees, strings.Join(logins[n:], ", "))
}

// refusesAssignees recognises "Validation Failed [{Resource:Issue
// Field:assignees Code:invalid}]".
func refusesAssignees(err error) bool {
	var refused *gogithub.ErrorResponse
	return errors.As(err, &refused) && slices.ContainsFunc(refused.Errors, func(e gogithub.Error) bool {
		return e.Field == "assignees" || e.Field == "assignee"
	})
}

// assignable returns those of logins that can be assigned to issues, and names
// the others.
func (p *Poster) assignable(ctx context.Context, logins []string) (able []string, why string) {
	var unable []string
	for _, login := range logins {
		ok, _, err := p.api.Issues.IsAssignee(ctx, p.owner, p.name, login)
		if ok && err == nil {
			able = append(able, login)
		} else {
			unable = append(unable, login)
		}
	}
	if len(unable) > 0 {
		why = "GitHub won't assign " + strings.Join(unable, ", ") + ", who may have no access to the repository"
	}
	return able, why
}

// lacking returns those of wanted that are not in has, whatever the case.
func lacking(wanted, has []string) []string {
	return slices.DeleteFunc(slices.Clone(wanted), func(w string) bool {
		return slices.ContainsFunc(has, func(h string) bool { return strings.EqualFold(h, w) })
	})
}

func union(a, b []string) []string { return append(slices.Clone(a), lacking(b, a)...) }

// listed is a list as go-github sends it: none at all where it is empty.
func listed(names []string) *[]string {
	if len(names) == 0 {
		return nil
	}
	return &names
}
