package github

import (
	"context"
	"fmt"
	"slices"
	"strings"
)

// issueKeeper is one call of KeepIssue.
type issueKeeper struct {
	p *Poster
	i Issue
	// tried is what this call has sent a write for, Created or one of the kinds
	// of edit. Where GitHub failed to answer and an issue says it all the same,
	// it was this call that wrote it.
	tried Outcome
}

func (k *issueKeeper) isOurs(key string) bool { return key == k.i.Key }

// keep is KeepIssue before refusals and errors are told to a person.
func (k *issueKeeper) keep(ctx context.Context) (Result, error) {
	own, err := k.p.ownIssues(ctx, k.isOurs)
	if err != nil {
		return Result{}, err
	}
	if newer, ok := newestIssue(own, k.i.Run); ok {
		return k.stale(own[0].URL, newer), nil
	}
	if r, err := k.place(ctx, own, 0); err != nil || r.Outcome != Absent {
		return r, err
	}
	if !k.i.Open {
		return Result{Outcome: Absent}, nil
	}
	k.tried = Created
	created, why, err := k.p.createIssue(ctx, k.i)
	if err != nil {
		return Result{}, err
	}
	r := k.settle(ctx, created)
	r.Why = both(why, r.Why)
	return r, nil
}

func (k *issueKeeper) stale(url string, newer StandingIssue) Result {
	return Result{URL: url, Outcome: Stale,
		Why: fmt.Sprintf("workflow run %s has reported already, this is the older run %s", newer.region.stamp.run, k.i.Run)}
}

// settle looks for own issues made before or at the same time as created, and
// leaves one of them. What fails is told in the result and is no error: the
// report is out by then.
func (k *issueKeeper) settle(ctx context.Context, created StandingIssue) Result {
	ctx, stop := outlive(ctx, afterCancel)
	defer stop()
	r := Result{URL: created.URL, Outcome: Created}
	own, err := k.p.ownIssues(ctx, k.isOurs)
	if err != nil {
		r.Why = "could not look for a second issue: " + err.Error()
		return r
	}
	if !slices.ContainsFunc(own, func(s StandingIssue) bool { return s.Number == created.Number }) {
		own = append(own, created) // a list may lag behind
		slices.SortFunc(own, byNumber)
	}
	if newer, ok := newestIssue(own, k.i.Run); ok {
		r = k.stale(own[0].URL, newer)
		if own[0].Number != created.Number {
			r.Why = both(r.Why, k.p.retire(ctx, []StandingIssue{created}, own[0].Number))
		}
		return r
	}
	placed, err := k.place(ctx, own, created.Number)
	if err != nil {
		r.Why = "could not join it with an older issue: " + err.Error()
		return r
	}
	return placed
}

// place makes the first of own that still exists say what it should, and
// retires the others. The issue of number created says it already. The outcome
// is Absent where none exists any more.
func (k *issueKeeper) place(ctx context.Context, own []StandingIssue, created int) (Result, error) {
	for n, s := range own {
		r := Result{URL: s.URL, Outcome: Created}
		if s.Number != created {
			var exists bool
			var err error
			if r, exists, err = k.write(ctx, s); err != nil {
				return Result{}, err
			} else if !exists {
				continue
			}
		}
		r.Why = both(r.Why, k.p.retire(ctx, own[n+1:], s.Number))
		return r, nil
	}
	return Result{Outcome: Absent}, nil
}

// write makes issue s say what it should, and tells those who follow it. exists
// is false where it is gone.
func (k *issueKeeper) write(ctx context.Context, s StandingIssue) (r Result, exists bool, err error) {
	r = Result{URL: s.URL, Outcome: Unchanged}
	switch {
	case s.says(k.i) && (k.tried == "" || s.region.stamp.run != k.i.Run):
		return r, true, nil
	case s.says(k.i):
		r.Outcome = k.tried // only the answer was lost
	default:
		r.Outcome = Edited
		if s.Open != k.i.Open {
			r.Outcome = map[bool]Outcome{true: Reopened, false: Closed}[k.i.Open]
		}
		k.tried = r.Outcome
		r.Why, exists, err = k.p.editIssue(ctx, k.i, s)
		if err != nil || !exists {
			return Result{}, exists, err
		}
	}
	if k.i.Comment != "" && r.Outcome != Created && (k.i.Open || r.Outcome == Closed) {
		r.Why = both(r.Why, k.p.tell(ctx, s.Number, k.i))
	}
	return r, true, nil
}

// newestIssue returns the issue of the newest run, where that is newer than run.
func newestIssue(issues []StandingIssue, run string) (newer StandingIssue, ok bool) {
	for _, s := range issues {
		if newerRun(s.region.stamp.run, run) {
			newer, ok, run = s, true, s.region.stamp.run
		}
	}
	return newer, ok
}

// tell posts the comment about a change. It comes after the change itself, so
// that trouble is told in words and is no error.
func (p *Poster) tell(ctx context.Context, number int, i Issue) string {
	ctx, stop := outlive(ctx, afterCancel)
	defer stop()
	c := Comment{PullRequest: number, Key: i.Key, Run: i.Run, Digest: i.Digest, Body: i.Comment}
	_, err := p.create(ctx, c)
	if passing(err) {
		if p.told(ctx, c) {
			return ""
		}
		_, err = p.create(ctx, c)
	}
	_, message := answered(err)
	switch {
	case err == nil:
		return ""
	case isLocked(message):
		return "the conversation is locked, so nobody was told by a comment"
	}
	return "could not comment: " + err.Error()
}

// told reports whether GitHub has comment c, though it failed to say so. Where
// that can't be found out, it is taken to have it: nobody is told twice.
func (p *Poster) told(ctx context.Context, c Comment) bool {
	comments, err := p.find(ctx, c.PullRequest, c.Key)
	return err != nil || slices.ContainsFunc(comments, func(o posted) bool { return o.marker == c.marker() })
}

// both joins two remarks.
func both(a, b string) string {
	return strings.Join(slices.DeleteFunc([]string{a, b}, func(s string) bool { return s == "" }), "; ")
}
