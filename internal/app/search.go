package app

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/strandline-tf/strandline/internal/config"
	"github.com/strandline-tf/strandline/internal/fetch/tfc"
)

// search is a search for the runs of one commit, over several rounds.
type search struct {
	p     *program
	cfg   *config.Config
	here  *place
	hosts *hosts
	read  map[string]*found    // by run id; nil: not wanted
	gone  map[string]lost      // by run id
	since map[string]time.Time // by run id: when it was started, or seen first
}

func (s *search) filter(organization string) tfc.Filter {
	t := &s.cfg.TerraformCloud
	return tfc.Filter{Organization: organization, Commit: s.here.head, Workspaces: t.Workspaces, Project: t.Project, Tags: t.Tags}
}

// round looks once everywhere.
func (s *search) round(ctx context.Context) (*finds, error) {
	f := &finds{}
	organizations := map[string]*tfc.Client{} // to ask for the runs of the commit
	var failures []error
	if name := s.cfg.TerraformCloud.Organization; name != "" {
		client, err := s.hosts.named(s.cfg.TerraformCloud.Default.Address)
		if err != nil {
			return nil, err
		}
		organizations[name] = client
	}
	runs := map[*tfc.Client][]tfc.Run{}
	if s.here.gh != nil {
		if err := s.statuses(ctx, f, runs, organizations); err != nil {
			failures = append(failures, err)
		}
	}
	for name, client := range organizations {
		f.looked = append(f.looked, fmt.Sprintf("organization %s on %s", name, client.Address()))
		got, failed, err := client.RunsOfCommit(ctx, s.filter(name))
		if err != nil {
			failures = append(failures, err)
		}
		runs[client] = append(runs[client], got...)
		for _, x := range failed {
			f.lost = append(f.lost, lost{x.Run.Workspace, x.Run.Organization, x.Run.ID, x.Err})
		}
	}
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	for client, list := range runs {
		for _, run := range tfc.Newest(list) {
			f.runs = append(f.runs, found{client, run})
		}
	}
	slices.Sort(f.looked)
	f.lost = once(f.lost)
	// One source that fails is not the end where another has found something:
	// what it would have told is missing, and said to be.
	if len(f.runs)+len(f.lost) == 0 && len(failures) > 0 {
		return nil, errors.Join(failures...)
	}
	for _, err := range failures {
		f.lost = append(f.lost, lost{err: err})
	}
	return f, nil
}

// once drops what was lost in two ways: a run that a status led to, and that
// its organization listed.
func once(list []lost) []lost {
	known := map[string]bool{}
	return slices.DeleteFunc(list, func(l lost) bool {
		again := l.runID != "" && known[l.runID]
		known[l.runID] = true
		return again
	})
}

// statuses follows the statuses and checks on the commit: to runs, which must
// themselves be of the commit since anyone with write access can post a
// status, and to organizations.
func (s *search) statuses(ctx context.Context, f *finds, runs map[*tfc.Client][]tfc.Run, organizations map[string]*tfc.Client) error {
	f.looked = append(f.looked, "the statuses and checks on "+s.here.repository+"@"+s.here.head)
	targets, err := s.here.gh.Targets(ctx, s.here.head)
	if err != nil {
		return err
	}
	f.notes = append(f.notes, targets.Notes...)
	for _, t := range targets.List {
		target, ok := tfc.ParseTarget(t.URL)
		if !ok {
			continue
		}
		client, err := s.hosts.of(t.URL)
		switch {
		case err != nil:
			return err
		case client == nil:
			f.notes = append(f.notes, fmt.Sprintf("The status %q leads to the host %s and there is no token for it.", t.Context, hostName(t.URL)))
		case target.Aggregated:
			if _, named := organizations[target.Organization]; !named {
				organizations[target.Organization] = client
			}
		default:
			if got := s.follow(ctx, client, target); got != nil {
				runs[client] = append(runs[client], got.run)
			}
			if l, isLost := s.gone[target.RunID]; isLost {
				f.lost = append(f.lost, l)
			}
		}
	}
	return nil
}

// follow reads the run that a status leads to, once; nil where it is not
// wanted or not to be had.
func (s *search) follow(ctx context.Context, client *tfc.Client, t tfc.Target) *found {
	if got, known := s.read[t.RunID]; known {
		return got
	}
	want := s.filter(t.Organization)
	run, err := client.Run(ctx, t.RunID)
	switch {
	case err != nil:
		// By its name it may not be wanted anyhow.
		if (tfc.Filter{Workspaces: want.Workspaces}).Match(tfc.Run{Workspace: t.Workspace}) {
			s.gone[t.RunID] = lost{t.Workspace, t.Organization, t.RunID, err}
		}
		if ctx.Err() == nil {
			s.read[t.RunID] = nil
		}
		return nil
	case !run.OfCommit(s.here.head):
		s.p.log.Warn("a status leads to a run of another commit; passed over", "run", run.ID, "workspace", run.Workspace, "commit", run.Commit)
		s.read[t.RunID] = nil
		return nil
	case !want.Match(run):
		s.read[t.RunID] = nil
		return nil
	}
	s.read[t.RunID] = &found{client, run}
	return s.read[t.RunID]
}

// settled returns when all runs of the push should be there: some time after
// the newest of those found was started or, where that can't be read, was seen
// first. A server's clock that is ahead must not hold us up, either.
func (s *search) settled(f *finds, now time.Time) time.Time {
	var newest time.Time
	since := func(id string, started time.Time) {
		if s.since[id].IsZero() {
			s.since[id] = earliest(started, now)
		}
		if s.since[id].After(newest) {
			newest = s.since[id]
		}
	}
	for _, r := range f.runs {
		since(r.run.ID, r.run.CreatedAt)
	}
	for _, l := range f.lost {
		since(l.runID+" "+l.workspace, now)
	}
	return newest.Add(settleTime)
}
