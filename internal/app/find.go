package app

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/strandline-tf/strandline/internal/config"
	"github.com/strandline-tf/strandline/internal/fetch/tfc"
	"github.com/strandline-tf/strandline/internal/userfault"
)

// Finding runs takes patience: their statuses may come after the workflow has
// started. It looks again at findEvery until something is there, and once more
// when the newest find is not settleTime old, since the runs of one push start
// together. Where nobody said how long to wait, it gives up after findDefault
// without a sign of a run: most commits of a repository touch no Terraform.
const (
	findEvery   = 5 * time.Second
	settleTime  = 15 * time.Second
	findDefault = 3 * time.Minute
)

// found is a run with the client that reads it.
type found struct {
	client *tfc.Client
	run    tfc.Run
}

// lost is a run or a workspace that should be reported and can't be read.
type lost struct {
	workspace, organization, runID string
	err                            error
}

// finds is what a search brought.
type finds struct {
	runs   []found
	lost   []lost
	looked []string // where, in words
	notes  []string
}

// find returns the runs to report on: those named by --run, else those of the
// commit, from the statuses and checks on it and from --org.
func (p *program) find(ctx context.Context, cfg *config.Config, here *place) (*finds, error) {
	h := p.hosts(cfg)
	if len(cfg.TerraformCloud.Runs) > 0 {
		return p.findNamed(ctx, cfg, h)
	}
	if len(cfg.TerraformCloud.Hosts) == 0 {
		return nil, noToken(cfg.TerraformCloud.Default.Address)
	}
	if here.head == "" {
		return nil, userfault.Usage("give --commit SHA, --run ID, or plan JSON files as arguments", "nothing tells which commit's runs to report on")
	}
	if here.gh == nil && cfg.TerraformCloud.Organization == "" {
		return nil, userfault.Usage("give --org NAME, or --repo OWNER/NAME and GITHUB_TOKEN for the statuses on the commit",
			"nothing tells where the runs of commit %s are", here.head)
	}
	deadline := p.clock.Now().Add(cfg.Wait)
	giveUp := deadline
	if !cfg.Given("wait") {
		giveUp = p.clock.Now().Add(min(cfg.Wait, findDefault))
	}
	s := &search{p: p, cfg: cfg, here: here, hosts: h, read: map[string]*found{}, gone: map[string]lost{}, since: map[string]time.Time{}}
	for {
		f, err := s.round(ctx)
		if err != nil {
			return nil, err
		}
		now := p.clock.Now()
		until := giveUp
		if f.unauthorized() {
			return f, nil // a token doesn't become right by waiting
		}
		if len(f.runs)+len(f.lost) > 0 {
			until = earliest(deadline, s.settled(f, now))
		}
		left := until.Sub(now)
		if left <= 0 {
			return f, nil
		}
		p.log.Info("looking for runs", "commit", here.head, "found", len(f.runs), "left", left.Round(time.Second))
		if err := p.clock.Sleep(ctx, min(findEvery, left)); err != nil {
			return f, err
		}
	}
}

// unauthorized reports whether a host knows nothing of our token.
func (f *finds) unauthorized() bool {
	return slices.ContainsFunc(f.lost, func(l lost) bool {
		var wrong *tfc.Unauthorized
		return errors.As(l.err, &wrong)
	})
}

func earliest(a, b time.Time) time.Time {
	if b.Before(a) {
		return b
	}
	return a
}

// findNamed reads the runs that --run names.
func (p *program) findNamed(ctx context.Context, cfg *config.Config, h *hosts) (*finds, error) {
	f := &finds{}
	known := map[string]bool{}
	for _, named := range cfg.TerraformCloud.Runs {
		if known[named.ID] {
			continue
		}
		known[named.ID] = true
		address := named.Address
		if address == "" {
			address = cfg.TerraformCloud.Default.Address
		}
		client, err := h.named(address)
		if err != nil {
			return nil, err
		}
		run, err := client.Run(ctx, named.ID)
		if err != nil {
			if ctx.Err() != nil {
				return f, ctx.Err()
			}
			f.lost = append(f.lost, lost{workspace: named.Workspace, organization: named.Organization, runID: named.ID, err: err})
			continue
		}
		f.runs = append(f.runs, found{client, run})
	}
	return f, nil
}

// nothingFound says what was looked for and where.
func nothingFound(cfg *config.Config, here *place, f *finds) error {
	t := &cfg.TerraformCloud
	what := "no Terraform Cloud run of commit " + here.head
	if by := narrowed(t); by != "" {
		what += "," + by + ","
	}
	hint := "runs that the API or the CLI starts carry no commit: name them with --run"
	if len(f.notes) > 0 {
		hint = strings.Join(f.notes, " ") + " " + hint
	}
	return userfault.New(hint, "%s was found in %s", strings.TrimSuffix(what, ","), strings.Join(f.looked, " or "))
}

// narrowed says which workspaces are meant: " workspace net-*, project core".
func narrowed(t *config.TerraformCloud) string {
	var words []string
	for _, by := range []struct {
		name   string
		values []string
	}{{"workspace", t.Workspaces}, {"project", nonEmpty(t.Project)}, {"tag", t.Tags}} {
		if len(by.values) > 0 {
			words = append(words, " "+by.name+" "+strings.Join(by.values, ", "))
		}
	}
	return strings.Join(words, ",")
}

func nonEmpty(s string) []string {
	if s == "" {
		return nil
	}
	return []string{s}
}
