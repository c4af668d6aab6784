package github

import (
	"context"
	"fmt"
	"net/http"
	"strings"

	gogithub "github.com/google/go-github/v60/github"
)

// keepPull is KeepPullRequest before refusals and errors are told to a person.
func (p *Poster) keepPull(ctx context.Context, pr PullRequest) (Result, error) {
	if pr.Base == "" {
		repository, _, err := p.api.Repositories.Get(ctx, p.owner, p.name)
		if err != nil {
			return Result{}, err
		}
		pr.Base = repository.GetDefaultBranch()
	}
	base, err := p.readBranch(ctx, pr.Base, pr.Key)
	if err != nil {
		return Result{}, err
	}
	if !base.exists || pr.Base == pr.Branch {
		return Result{Outcome: Conflict, Why: fmt.Sprintf("there is no branch %s to make a pull request for from %s", pr.Base, pr.Branch)}, nil
	}
	changes, why, err := p.changes(ctx, base, pr.Files)
	if err != nil {
		return Result{}, err
	}
	if why != "" {
		return Result{Outcome: Conflict, Why: fmt.Sprintf("%s in %s: %s", pr.Branch, pr.Base, why)}, nil
	}
	there, err := p.pullsFrom(ctx, pr)
	if err != nil {
		return Result{}, err
	}
	branch, err := p.readBranch(ctx, pr.Branch, pr.Key)
	if err != nil {
		return Result{}, err
	}
	if there.exists && newerRun(there.region.stamp.run, pr.Run) {
		return Result{URL: there.url, Outcome: Stale,
			Why: fmt.Sprintf("workflow run %s has reported already, this is the older run %s", there.region.stamp.run, pr.Run)}, nil
	}
	if len(changes) == 0 {
		return p.endPull(ctx, pr, there, branch)
	}
	digest := digestOf(changes)
	if there.exists && !there.open && !there.merged && there.region.stamp.digest == digest {
		return Result{URL: there.url, Outcome: Conflict,
			Why: "somebody has closed the pull request with these very changes; reopen it, or have others made"}, nil
	}
	pushed, why, err := p.push(ctx, pr, there, base, branch, changes, digest)
	if err != nil || why != "" {
		return Result{URL: there.openURL(), Outcome: Conflict, Why: why}, err
	}
	return p.writePull(ctx, pr, there, digest, pushed)
}

// push brings the changes onto the branch, unless they are there. why says
// that a person's work is in the way.
func (p *Poster) push(ctx context.Context, pr PullRequest, there pull, base, branch branch, changes []change, digest string) (pushed bool, why string, err error) {
	if branch.exists && branch.ours && branch.digest == digest {
		return false, "", nil
	}
	if branch.exists && !branch.ours {
		if there.open && there.region.stamp.digest == digest {
			return false, "", nil // a person goes on from what is wanted still
		}
		return false, fmt.Sprintf("somebody has pushed to %s, so it was left as it is; merge it, or delete it to have it made anew", pr.Branch), nil
	}
	commit, err := p.commit(ctx, pr, base, changes, digest)
	if err != nil {
		return false, "", err
	}
	name := "refs/heads/" + pr.Branch
	ref := &gogithub.Reference{Ref: &name, Object: &gogithub.GitObject{SHA: &commit}}
	if !branch.exists {
		_, _, err = p.api.Git.CreateRef(ctx, p.owner, p.name, ref)
		return true, "", err
	}
	// GitHub moves a branch by force whatever it holds, so we look again, as
	// late as can be.
	now, err := p.head(ctx, pr.Branch)
	if err != nil {
		return false, "", err
	}
	if now != branch.commit {
		return false, fmt.Sprintf("somebody is pushing to %s at this moment; run again", pr.Branch), nil
	}
	_, _, err = p.api.Git.UpdateRef(ctx, p.owner, p.name, ref, true)
	return true, "", err
}

// writePull opens the pull request, or makes the open one say what it should.
func (p *Poster) writePull(ctx context.Context, pr PullRequest, there pull, digest string, pushed bool) (Result, error) {
	if !there.open {
		body := region{}.compose(pr.stamp(digest), pr.Body)
		if err := fitted(body); err != nil {
			return Result{}, err
		}
		made, _, err := p.api.PullRequests.Create(ctx, p.owner, p.name, &gogithub.NewPullRequest{
			Title: &pr.Title, Head: &pr.Branch, Base: &pr.Base, Body: &body})
		if why := pullRefused(err); why != "" {
			return Result{Outcome: Refused, Why: why + fmt.Sprintf("; the changes are on branch %s", pr.Branch)}, nil
		}
		return Result{URL: made.GetHTMLURL(), Outcome: Created}, err
	}
	r := Result{URL: there.url, Outcome: Unchanged}
	if pushed {
		r.Outcome = Edited
	}
	if !there.marked { // a person's, or with a text of a person's
		return r, nil
	}
	edit := gogithub.PullRequest{}
	was := there.region.stamp
	if was.digest != digest || there.region.damaged != "" || there.region.text != withLF(pr.Body) || was.title != titleSum(pr.Title) {
		body := there.region.compose(pr.stamp(digest), pr.Body)
		if err := fitted(body); err != nil {
			return Result{}, err
		}
		edit.Body = &body
	}
	if there.title != pr.Title && titleSum(there.title) == was.title {
		edit.Title = &pr.Title
	}
	if edit.Body == nil && edit.Title == nil {
		return r, nil
	}
	_, _, err := p.api.PullRequests.Edit(ctx, p.owner, p.name, there.number, &edit)
	return Result{URL: there.url, Outcome: Edited, Why: there.region.damaged}, err
}

// endPull closes the pull request that has nothing left to change, and deletes
// the branch where that holds only the program's commit.
func (p *Poster) endPull(ctx context.Context, pr PullRequest, there pull, branch branch) (Result, error) {
	r := Result{URL: there.openURL(), Outcome: Absent}
	if there.open && there.own {
		edit := gogithub.PullRequest{State: gogithub.String("closed")}
		if there.marked { // without a digest, so that the same changes open a new one some day
			edit.Body = gogithub.String(there.region.compose(pr.stamp(""), there.region.text))
		}
		if _, _, err := p.api.PullRequests.Edit(ctx, p.owner, p.name, there.number, &edit); err != nil {
			return Result{}, err
		}
		r.Outcome = Closed
		if pr.Closing != "" {
			r.Why = p.tell(ctx, there.number, Issue{Key: pr.Key, Run: pr.Run, Comment: pr.Closing})
		}
	}
	if !branch.exists || !branch.ours || there.open && !there.own {
		return r, nil
	}
	_, err := p.api.Git.DeleteRef(ctx, p.owner, p.name, "heads/"+pr.Branch)
	if status, message := answered(err); status == http.StatusUnprocessableEntity && strings.Contains(message, "does not exist") {
		err = nil // somebody was faster
	}
	return r, err
}

// pull is the pull request from the branch that counts: an open one before
// closed ones, then the youngest.
type pull struct {
	exists, open, merged bool
	number               int
	url, title           string
	own                  bool // opened by the program
	region               region
	marked               bool // own, with a region that nobody has taken out
}

func (k pull) openURL() string {
	if k.open {
		return k.url
	}
	return ""
}

func (p *Poster) pullsFrom(ctx context.Context, pr PullRequest) (pull, error) {
	list, _, err := p.api.PullRequests.List(ctx, p.owner, p.name, &gogithub.PullRequestListOptions{
		State: "all", Head: p.owner + ":" + pr.Branch, Base: pr.Base, ListOptions: gogithub.ListOptions{PerPage: pageSize}})
	if err != nil {
		return pull{}, err
	}
	var found *gogithub.PullRequest
	for _, k := range list { // the youngest first
		// A head that GitHub can't parse is a filter that it leaves out.
		if k.GetHead().GetRef() != pr.Branch || !strings.EqualFold(k.GetHead().GetUser().GetLogin(), p.owner) {
			continue
		}
		if found == nil || found.GetState() != "open" && k.GetState() == "open" {
			found = k
		}
	}
	if found == nil {
		return pull{}, nil
	}
	out := pull{exists: true, open: found.GetState() == "open", merged: found.MergedAt != nil, number: found.GetNumber(),
		url: found.GetHTMLURL(), title: found.GetTitle()}
	us, err := p.whoami(ctx)
	if err != nil {
		return pull{}, err
	}
	if out.own = authorOf(found.GetUser()) == us; out.own {
		out.region, out.marked = findRegion(found.GetBody(), pr.Key)
	}
	return out, nil
}
