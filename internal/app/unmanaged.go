package app

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/spf13/cobra"

	"github.com/strandline-tf/strandline/internal/config"
	"github.com/strandline-tf/strandline/internal/history"
	"github.com/strandline-tf/strandline/internal/match"
	"github.com/strandline-tf/strandline/internal/model"
	"github.com/strandline-tf/strandline/internal/userfault"
)

func (p *program) unmanagedCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "unmanaged",
		Short: "Report what exists in the cloud but in no state, with imports",
		Long: "Compares what exists, as one or several inventories tell it, with what the states of all workspaces of an\n" +
			"organization (and --state files) hold, and suggests for each object in no state how to import it. In a pull\n" +
			"request it comments on what belongs to the workspaces that the pull request touches; otherwise it keeps\n" +
			"one issue up to date. It changes nothing; `strandline adopt` writes the suggestions down.",
		Example: "  strandline unmanaged --org acme --inventory aws\n" +
			"  strandline unmanaged --org acme --inventory aws:eu-west-1 --aws-role arn:aws:iam::123456789012:role/audit\n" +
			"  strandline unmanaged --state terraform.tfstate --inventory file:inventory.json --format markdown",
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := noArguments(cmd, args); err != nil {
				return err
			}
			cfg, err := p.load(cmd, nil)
			if err != nil {
				return err
			}
			return p.unmanaged(cmd.Context(), cfg)
		},
	}
	config.Register(cmd.Flags(), "unmanaged")
	return cmd
}

// unmanaged is the search for what no state knows: each step is a stage of the
// pipeline.
func (p *program) unmanaged(ctx context.Context, cfg *config.Config) error {
	here, changed, err := p.concerned(ctx, cfg) // a pull request, or the whole repository
	if err != nil {
		return err
	}
	report := model.NewReport(model.KindUnmanaged, p.date(cfg).UTC().Format(time.RFC3339))
	report.Repository, report.PullRequest, report.Commit = here.repository, here.pullRequest, here.head
	found, err := p.compare(ctx, cfg, report) // inventories against states
	if err != nil && ctx.Err() == nil {
		return err
	}
	if ctx.Err() == nil {
		found.tellSuggestions(report, found.suggest(cfg, here, report, nil))
		if here.pullRequest != 0 {
			found.keepTouched(report, here.repository, changed)
		}
	}
	report.Withhold(p.secrets)
	var known *memory
	var forgot error
	if ctx.Err() != nil {
		interrupted(report)
	} else if here.pullRequest == 0 {
		if known, forgot = p.recall(ctx, cfg, here, report.Kind); forgot == nil {
			forgot = known.apply(report, p.date(cfg), found.unseen())
		}
	}
	report.Finish()
	code, note := p.verdict(ctx, cfg, here, report)
	p.complainOf(report)
	report.Limit(model.Show(cfg.Show))
	if note != "" {
		report.Notes = append(report.Notes, note)
	}
	p.code = code
	err = p.deliver(ctx, cfg, report, func(ctx context.Context) (posted, error) {
		switch {
		case ctx.Err() != nil:
			return posted{}, nil
		case here.pullRequest != 0:
			url, err := p.comment(ctx, cfg, here, report, tell)
			return posted{comment: url}, err
		}
		url, err := p.keepIssues(ctx, cfg, here, report, known)
		return posted{issue: url}, err
	})
	return errors.Join(forgot, err)
}

// keepTouched leaves in the report what belongs to the workspaces whose files a
// pull request changes.
func (c *comparison) keepTouched(report *model.Report, repository string, changed []string) {
	touched := map[string]bool{}
	for name, w := range c.managed.workspaces {
		touched[name] = touches(&w, repository, changed)
	}
	all := len(report.Unmanaged)
	report.Unmanaged = slices.DeleteFunc(report.Unmanaged, func(u model.Unmanaged) bool {
		return u.Suggestion == nil || !touched[u.Suggestion.Workspace]
	})
	report.Workspaces = slices.DeleteFunc(report.Workspaces, func(w model.Workspace) bool { return !touched[w.Name] })
	if left := all - len(report.Unmanaged); left > 0 {
		report.Notes = append(report.Notes, fmt.Sprintf("Only what belongs to the workspaces that this pull request touches stands here; %d other objects are in no state.", left))
	}
}

// comparison is what became of laying inventories and states side by side.
type comparison struct {
	managed *managed
	listed  map[string]bool // types that were looked for
	regions map[string]bool // that were looked at; nil: all
}

// compare reads states and inventories into the report.
func (p *program) compare(ctx context.Context, cfg *config.Config, report *model.Report) (*comparison, error) {
	rules, err := model.ParseIgnore(cfg.Ignore.Path, bytes.NewReader(cfg.Ignore.Data))
	if err != nil {
		return nil, err
	}
	sources, err := p.sources(cfg)
	if err != nil {
		return nil, err
	}
	held, err := p.readStates(ctx, cfg, report)
	switch {
	case held == nil:
		return nil, err
	case err != nil:
		report.Problems = append(report.Problems, problems("", err)...)
	}
	c := &comparison{managed: held, listed: map[string]bool{}}
	for _, i := range cfg.Inventories {
		for _, region := range i.Regions {
			if c.regions == nil {
				c.regions = map[string]bool{}
			}
			c.regions[region] = true
		}
	}
	judge := held.index.NewJudge(match.Options{Rules: rules, Today: p.date(cfg)})
	for _, source := range sources {
		listing, err := source.List(ctx, func(o model.Object) error {
			judge.Add(o)
			return ctx.Err()
		})
		if err != nil && ctx.Err() == nil {
			report.Problems = append(report.Problems, problems("", userfault.Wrap(err, hint(err), "inventory %s can't be listed", source.Name()))...)
		}
		judge.Listed(listing.Types...)
		for _, t := range listing.Types {
			c.listed[t] = true
		}
		for _, u := range listing.Unsupported {
			judge.Unsupported(u.Type, u.Account, u.Region, u.Count)
		}
		report.Problems = append(report.Problems, listing.Problems...)
		report.Notes = append(report.Notes, listing.Notes...)
	}
	result := judge.Result()
	report.Unmanaged, report.Ignored, report.Coverage = result.Unmanaged, result.Ignored, &result.Coverage
	for i := range report.Unmanaged {
		p.guard(report.Unmanaged[i].Object)
	}
	report.Conflicts = held.index.Conflicts()
	report.Notes = append(report.Notes, result.Notes...)
	return c, ctx.Err()
}

// unseen says which known objects may be there still although they were not
// found: those of types and regions that nothing looked for.
func (c *comparison) unseen() history.Unseen {
	return history.Unseen{Object: func(typ, _, region string) bool {
		return !c.listed[typ] || region != "" && c.regions != nil && !c.regions[region]
	}}
}
