package app

import (
	"bytes"
	"context"
	"slices"

	"github.com/strandline-tf/strandline/internal/config"
	"github.com/strandline-tf/strandline/internal/fetch/inventory"
	"github.com/strandline-tf/strandline/internal/history"
	"github.com/strandline-tf/strandline/internal/match"
	"github.com/strandline-tf/strandline/internal/model"
	"github.com/strandline-tf/strandline/internal/userfault"
)

// comparison is what became of laying inventories and states side by side.
type comparison struct {
	managed *managed
	tally   *match.Tally // nil where nothing could be compared
	sights  []sight
}

// sight is what one inventory looked at and could see all of: what is known
// from before and wasn't found there is gone.
type sight struct {
	types    map[string]bool
	regions  map[string]bool // nil: all
	accounts map[string]bool // nil: all
}

// compare reads states and inventories into the report. Where the list of
// workspaces can't be read, nothing is known to be managed, and so nothing is
// listed either.
func (p *program) compare(ctx context.Context, cfg *config.Config, here *place, report *model.Report) (*comparison, error) {
	rules, err := model.ParseIgnore(cfg.Ignore.Path, bytes.NewReader(cfg.Ignore.Data))
	if err != nil {
		return nil, err
	}
	c := &comparison{}
	sources, err := p.sources(cfg, here, c)
	if err != nil {
		return nil, err
	}
	held, err := p.readStates(ctx, cfg, report)
	if held == nil {
		return nil, err
	}
	c.managed = held
	if err != nil {
		report.Problems = append(report.Problems, problems("", err)...)
		report.Notes = append(report.Notes, "Without the states of all workspaces nothing can be said of what exists: nothing was compared.")
		return c, ctx.Err()
	}
	if len(c.asked(cfg)) == 0 && !held.missing {
		if err := noWorkspaces(cfg); err != nil {
			report.Problems = append(report.Problems, problems("", err)...)
		}
	}
	judge := held.index.NewJudge(match.Options{Rules: rules, Today: p.date(cfg)})
	for i, source := range sources {
		if err := p.list(ctx, cfg, c, judge, source, cfg.Inventories[i], report); err != nil {
			return c, err
		}
	}
	result := judge.Result()
	tally := judge.Tally()
	c.tally = &tally
	report.Unmanaged, report.Ignored, report.Coverage = result.Unmanaged, result.Ignored, &result.Coverage
	for i := range report.Unmanaged {
		p.guard(report.Unmanaged[i].Object)
	}
	report.Conflicts = held.index.Conflicts()
	report.Notes = append(report.Notes, result.Notes...)
	if held.partial {
		report.Notes = append(report.Notes, "Not all states could be read: what the others manage may stand here as in no state.")
	}
	return c, ctx.Err()
}

// list hands what one inventory tells to the judge. Its error is for settings
// that are wrong, and for the context's end.
func (p *program) list(ctx context.Context, cfg *config.Config, c *comparison, judge *match.Judge, source inventory.Source, from config.Inventory, report *model.Report) error {
	accounts := map[string]bool{}
	listing, err := source.List(ctx, func(o model.Object) error {
		judge.Add(o)
		accounts[o.Account] = true
		return ctx.Err()
	})
	switch {
	case ctx.Err() != nil:
		return ctx.Err()
	case userfault.Code(err) == userfault.CodeUsage:
		return err
	case err != nil:
		report.Problems = append(report.Problems, problems("", err)...)
	}
	judge.Listed(listing.Types...)
	for _, u := range listing.Unsupported {
		judge.Unsupported(u.Type, u.Account, u.Region, u.Count)
	}
	report.Problems = append(report.Problems, listing.Problems...)
	if err == nil { // of what wasn't listed at all, no more is to be said
		report.Notes = append(report.Notes, listing.Notes...)
	}
	if aws := from.Kind == "aws"; err == nil && (aws || len(listing.Problems) == 0) { // aws itself leaves out types that it couldn't list
		s := sight{types: setOf(listing.Types)}
		if aws {
			s.accounts = accounts
			if len(from.Regions) > 0 {
				s.regions = setOf(from.Regions)
			}
		}
		c.sights = append(c.sights, s)
	}
	return nil
}

func setOf(list []string) map[string]bool {
	set := make(map[string]bool, len(list))
	for _, s := range list {
		set[s] = true
	}
	return set
}

// unseen says which known objects may be there still although they were not
// found: those that no inventory looked for where they were.
func (c *comparison) unseen() history.Unseen {
	return history.Unseen{Workspaces: c.managed.partial, Object: func(typ, account, region string) bool {
		return !slices.ContainsFunc(c.sights, func(s sight) bool {
			return s.types[typ] && (region == "" || s.regions == nil || s.regions[region]) && (account == "" || s.accounts == nil || s.accounts[account])
		})
	}}
}
