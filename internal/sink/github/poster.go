// Package github writes to GitHub: one comment on a pull request, a check run
// on its head commit and its labels, one issue, and one pull request of the
// program's own, each kept up to date.
//
// Before it come packages render and propose, which make bodies and files, and
// package fetch/github, whose API client it writes through. After it comes the
// person who reads what is written.
//
// Read marker.go and identity.go first, then upsert.go for the comment; region.go
// and issue_keep.go for the issue; pull_keep.go for the pull request.
//
// # Which comment is ours
//
// The first line of the body is a hidden marker with a key, the head commit,
// the workflow run and a digest of the report. Anyone who can comment can copy
// it, so it counts only in comments of the program's own author. Who that is
// costs requests, so it is asked only where a comment carries the marker (see
// identity.go). An issue's marker has a counterpart, and what is around the two
// is people's (see region.go).
//
// # Who wins
//
// GitHub has no compare-and-swap, so two runs may both find no comment and
// both make one. Four rules settle it without a lock, whoever comes first:
//
//  1. A report of an older run, or of a commit that is no longer the head,
//     writes nothing.
//  2. Whoever made a comment lists again. Of several own ones the one with the
//     lowest id stays, and its maker never deletes it.
//  3. Whoever has the newest report puts it into the lowest one and deletes
//     the others.
//  4. Whoever has an older one deletes its own, unless it is the lowest.
//
// The maker of a higher id always sees the lower one, since that was there
// before; so the newest report always reaches the comment that stays. The same
// goes for issues and their numbers, but that those can't be deleted: they are
// closed, and lose their marker.
package github

import (
	"context"
	"strings"
	"sync"
	"time"

	gogithub "github.com/google/go-github/v60/github"

	"github.com/strandline-tf/strandline/internal/userfault"
	"github.com/strandline-tf/strandline/internal/wire"
)

// Comment is a comment as it should be. PullRequest and Key say which one;
// there is one for each pair of them.
type Comment struct {
	PullRequest int
	Key         string // for example "plan"
	Head        string // the commit reported on, in full or from 7 digits on; "": not checked against the pull request's head
	Run         string // workflow run and attempt, "1234.1"; "" when not in a workflow
	Digest      string // of the report: the comment is edited only when it or Head differs
	Body        string // markdown, at most Room bytes; the marker is put before it
	EditOnly    bool   // make no comment where there is none: there would be nothing to tell
	Provisional bool   // never take the place of a comment of the same Head, which says more
}

// Room returns how many bytes a Body may have beside the marker.
func (c Comment) Room() int { return MaxBody - len(c.marker().String()) - 1 }

func (c Comment) marker() marker { return marker{c.Key, c.Head, c.Run, c.Digest} }

// Outcome says what became of a comment, a check run, labels, an issue or a pull request.
type Outcome string

// The outcomes of Poster's methods.
const (
	Created   Outcome = "created"
	Edited    Outcome = "edited"
	Unchanged Outcome = "unchanged" // it already says this
	Stale     Outcome = "stale"     // a newer report has gone before
	Refused   Outcome = "refused"   // the token may not
	Absent    Outcome = "absent"    // there was none, and nothing to tell
	Closed    Outcome = "closed"    // an issue whose findings, or a pull request whose changes are gone
	Reopened  Outcome = "reopened"  // an issue that was closed
	Conflict  Outcome = "conflict"  // a person's work is in the way, and was left as it is
)

// Result is what a method of Poster did.
type Result struct {
	URL     string // of what stands there now, "" where there is nothing or it isn't known
	Outcome Outcome
	Why     string // in words, for Stale, Refused and Conflict, and what else was left undone or had to be mended
}

// Poster writes comments, check runs, labels, issues and pull requests in one
// repository. It is safe for concurrent use.
type Poster struct {
	api          *gogithub.Client
	owner, name  string
	installation bool
	pause        time.Duration // beforeAgain, but in tests

	mu sync.Mutex
	us author // whom GitHub takes us for, once known
}

// NewPoster returns a Poster for repository (OWNER/NAME) that writes through
// api (see Client.API of package fetch/github). installation says that the
// token is one of an App's installation (see IsInstallationToken).
func NewPoster(api *gogithub.Client, repository string, installation bool) *Poster {
	p := &Poster{api: api, installation: installation, pause: beforeAgain}
	p.owner, p.name, _ = strings.Cut(repository, "/")
	return p
}

// beforeAgain is how long GitHub gets to recover from trouble of its own.
const beforeAgain = time.Second

// Upsert makes the pull request's comment of c.Key say c.Body: it edits the
// program's own comment in place, or creates it. currentHead reads the pull
// request's head commit; it is called right before the first
// write, and not at all where nothing has to be written. Where GitHub fails
// with a 5xx, all of it is done a second time.
//
// A token that may not write gives Refused and no error: the report belongs
// into the job summary then. A wrong token, a body over Room, a rate limit and
// trouble on the way are errors. Cancelling ctx leaves either the former
// comment or the new one, never a part.
func (p *Poster) Upsert(ctx context.Context, c Comment, currentHead func(context.Context) (sha string, err error)) (Result, error) {
	if over := len(c.Body) - c.Room(); over > 0 {
		return Result{}, userfault.New("this is a defect of strandline; please report it",
			"the comment is %d bytes too long for GitHub's limit of %d", over, MaxBody)
	}
	result, err := p.upsert(ctx, c, currentHead)
	if passing(err) && wire.Sleep(ctx, p.pause) == nil {
		// A POST is never sent again by itself, since GitHub may have done what
		// it then failed to answer: whether it has, this finds out.
		result, err = p.upsert(ctx, c, currentHead)
	}
	if err == nil {
		return result, nil
	}
	if why := refused(err, "comment", "pull-requests: write"); why != "" {
		return Result{Outcome: Refused, Why: why}, nil
	}
	return Result{}, userfault.Wrap(err, hint(err), "can't comment on pull request #%d of %s/%s", c.PullRequest, p.owner, p.name)
}
