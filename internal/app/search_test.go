package app

import (
	"errors"
	"testing"
	"time"

	"github.com/strandline-tf/strandline/internal/fetch/tfc"
)

func TestSettled(t *testing.T) {
	start := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	run := func(id string, age time.Duration) found {
		return found{run: tfc.Run{ID: id, CreatedAt: start.Add(-age)}}
	}
	for name, tc := range map[string]struct {
		finds *finds
		want  time.Duration // from start, as seen a second time 10 s later
	}{
		"an old run":            {&finds{runs: []found{run("run-a", time.Hour)}}, -time.Hour + settleTime},
		"the newest counts":     {&finds{runs: []found{run("run-a", time.Hour), run("run-b", time.Second)}}, -time.Second + settleTime},
		"a clock that is ahead": {&finds{runs: []found{run("run-a", -time.Hour)}}, settleTime},
		"one that can't be read": {&finds{runs: []found{run("run-a", time.Hour)},
			lost: []lost{{runID: "run-b", err: errors.New("refused")}}}, settleTime},
	} {
		t.Run(name, func(t *testing.T) {
			s := &search{since: map[string]time.Time{}}
			s.settled(tc.finds, start)
			if got := s.settled(tc.finds, start.Add(10*time.Second)).Sub(start); got != tc.want {
				t.Errorf("settled after %s, want %s", got, tc.want)
			}
		})
	}
}

func TestOnce(t *testing.T) {
	err := errors.New("refused")
	got := once([]lost{{runID: "run-a", err: err}, {workspace: "x", err: err}, {runID: "run-a", err: err}, {workspace: "y", err: err}})
	if len(got) != 3 || got[0].runID != "run-a" || got[1].workspace != "x" || got[2].workspace != "y" {
		t.Errorf("got %+v", got)
	}
}
