package tfc

import (
	"context"
	"math/rand/v2"
	"slices"
	"time"

	"golang.org/x/sync/errgroup"
)

// How often runs are asked after: soon at first, then ever more rarely.
const (
	pollFirst = 2 * time.Second
	pollMax   = 30 * time.Second
	pollGrow  = 1.5
)

// settle is how long a plan-only run may stay in a status that it should only
// pass through before it counts as finished in it.
const settle = 15 * time.Second

// Wait polls the runs that have not finished, all of them in one loop, until
// all have or the deadline is reached, and returns all runs, in the order
// given, as they were seen last. Runs that can no longer be read are returned
// beside them, with the error; passing failures are not: the run is asked for
// again. changed, if not nil, is told of every new status. The error is the
// context's; runs is valid even then.
func (c *Client) Wait(ctx context.Context, runs []Run, deadline time.Time, changed func(Run)) (_ []Run, failed []Failed, _ error) {
	runs = slices.Clone(runs)
	since := make([]time.Time, len(runs)) // when the status was first seen
	for i := range since {
		since[i] = c.o.Now()
	}
	gone := make([]error, len(runs))
	for interval := pollFirst; ; interval = min(time.Duration(float64(interval)*pollGrow), pollMax) {
		var open []int
		for i := range runs {
			waiting := !runs[i].Finished() || runs[i].passing() && c.o.Now().Sub(since[i]) < settle
			if gone[i] == nil && waiting {
				open = append(open, i)
			}
		}
		left := deadline.Sub(c.o.Now())
		if len(open) == 0 || left <= 0 {
			return collect(runs, gone)
		}
		// Up to a fifth is chance, so that parallel jobs don't poll in step.
		if err := c.o.Sleep(ctx, min(interval-rand.N(interval/5), left)); err != nil {
			kept, failed, _ := collect(runs, gone)
			return kept, failed, err
		}
		for _, i := range c.poll(ctx, runs, gone, open) {
			since[i] = c.o.Now()
			if changed != nil {
				changed(runs[i])
			}
		}
		if err := ctx.Err(); err != nil {
			kept, failed, _ := collect(runs, gone)
			return kept, failed, err
		}
	}
}

// poll reads the open runs again and returns which of them have a new status.
func (c *Client) poll(ctx context.Context, runs []Run, gone []error, open []int) (news []int) {
	was := make([]string, len(runs))
	var g errgroup.Group
	g.SetLimit(parallel)
	for _, i := range open {
		was[i] = runs[i].Status
		g.Go(func() error {
			got, err := c.Run(ctx, runs[i].ID)
			switch {
			case err == nil:
				runs[i] = got
			case final(err):
				gone[i] = err
			}
			return nil // what passes is tried again
		})
	}
	_ = g.Wait()
	for _, i := range open {
		if runs[i].Status != was[i] {
			news = append(news, i)
		}
	}
	return news
}

func collect(runs []Run, gone []error) (kept []Run, failed []Failed, _ error) {
	for i, r := range runs {
		if gone[i] != nil {
			failed = append(failed, Failed{r, gone[i]})
			continue
		}
		kept = append(kept, r)
	}
	return kept, failed, nil
}
