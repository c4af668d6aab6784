package github

import (
	"context"
	"fmt"
	"strings"
	"time"
)

// afterCancel is how long the tidying after a new comment may go on once the
// run has been cancelled, so that no second comment stays behind. GitHub kills
// a cancelled step 7.5 s after its first signal:
// https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-cancellation
const afterCancel = 5 * time.Second

// upsert is Upsert before refusals and errors are told to a person.
func (p *Poster) upsert(ctx context.Context, c Comment, currentHead func(context.Context) (string, error)) (Result, error) {
	marked, err := p.find(ctx, c.PullRequest, c.Key)
	if err != nil {
		return Result{}, err
	}
	own, err := p.own(ctx, marked)
	if err != nil {
		return Result{}, err
	}
	if c.EditOnly && len(own) == 0 {
		return Result{Outcome: Absent}, nil
	}
	if newer, ok := newest(own, c.Run); ok {
		return Result{URL: own[0].url, Outcome: Stale, Why: whyNewer(newer, c)}, nil
	}
	if there, ok := c.supersededBy(own); ok {
		return Result{URL: there.url, Outcome: Stale, Why: whySuperseded}, nil
	}
	if len(own) > 0 && own[0].says(c) {
		return p.place(ctx, c, own, 0)
	}
	if c.Head != "" {
		head, err := currentHead(ctx)
		if err != nil {
			return Result{}, err
		}
		if !sameCommit(head, c.Head) {
			r := Result{Outcome: Stale, Why: fmt.Sprintf("the head of the pull request is %s by now, this report is of %s", head, c.Head)}
			if len(own) > 0 {
				r.URL = own[0].url
			}
			return r, nil
		}
	}
	if r, err := p.place(ctx, c, own, 0); err != nil || r.Outcome != Absent {
		return r, err
	}
	if c.EditOnly {
		return Result{Outcome: Absent}, nil
	}
	created, err := p.create(ctx, c)
	if err != nil {
		return Result{}, err
	}
	return p.settle(ctx, c, created), nil
}

// settle looks for own comments made before or at the same time as created,
// and leaves one of them. The report is out by then, so that trouble is told
// in the result and is no error.
func (p *Poster) settle(ctx context.Context, c Comment, created posted) Result {
	ctx, stop := outlive(ctx, afterCancel)
	defer stop()
	r := Result{URL: created.url, Outcome: Created}
	marked, err := p.find(ctx, c.PullRequest, c.Key)
	if err != nil {
		r.Why = "could not look for a second comment: " + err.Error()
		return r
	}
	own := withCreated(by(marked, created.author), created)
	if newer, ok := newest(own, c.Run); ok {
		r = Result{URL: own[0].url, Outcome: Stale, Why: whyNewer(newer, c)}
		if own[0].id != created.id {
			if failed := p.remove(ctx, []posted{created}); failed != "" {
				r.Why += "; " + failed
			}
		}
		return r
	}
	// Only one before ours: whoever made a later one joins it with ours.
	if there, ok := c.supersededBy(before(own, created)); ok {
		r = Result{URL: there.url, Outcome: Stale, Why: whySuperseded}
		if failed := p.remove(ctx, []posted{created}); failed != "" {
			r.Why += "; " + failed
		}
		return r
	}
	placed, err := p.place(ctx, c, own, created.id)
	if err != nil {
		r.Why = "could not join it with an older comment: " + err.Error()
		return r
	}
	return placed
}

// place makes the first of own that still exists say c, and removes the
// others. A comment whose id is created says it already. The outcome is Absent
// where none exists any more.
func (p *Poster) place(ctx context.Context, c Comment, own []posted, created int64) (Result, error) {
	for i, o := range own {
		r := Result{URL: o.url, Outcome: Edited}
		switch {
		case o.id == created:
			r.Outcome = Created
		case o.says(c):
			r.Outcome = Unchanged
		default:
			exists, err := p.edit(ctx, c, o.id)
			if err != nil {
				return Result{}, err
			}
			if !exists {
				continue
			}
		}
		r.Why = p.remove(ctx, own[i+1:])
		return r, nil
	}
	return Result{Outcome: Absent}, nil
}

const whySuperseded = "there is a report of this commit already"

// supersededBy returns the comment that a provisional one has to leave alone.
func (c Comment) supersededBy(own []posted) (there posted, ok bool) {
	for _, o := range own {
		if c.Provisional && o.marker.head == c.Head {
			return o, true
		}
	}
	return posted{}, false
}

func whyNewer(newer posted, c Comment) string {
	return fmt.Sprintf("workflow run %s has reported already, this is the older run %s", newer.marker.run, c.Run)
}

// sameCommit reports whether commit, which a person may have abbreviated as git
// does, is full.
func sameCommit(full, commit string) bool {
	const short = 7 // fewer digits are not sure to be one commit's
	full, commit = strings.ToLower(full), strings.ToLower(commit)
	return full == commit || len(commit) >= short && strings.HasPrefix(full, commit)
}

// outlive returns a context that is cancelled d after ctx is.
func outlive(ctx context.Context, d time.Duration) (context.Context, context.CancelFunc) {
	out, cancel := context.WithCancel(context.WithoutCancel(ctx))
	stop := context.AfterFunc(ctx, func() { time.AfterFunc(d, cancel) })
	return out, func() { stop(); cancel() }
}
