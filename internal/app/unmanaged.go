package app

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/strandline-tf/strandline/internal/config"
	"github.com/strandline-tf/strandline/internal/fetch/checkout"
	"github.com/strandline-tf/strandline/internal/fetch/tfc"
	"github.com/strandline-tf/strandline/internal/model"
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
	if here.fork && cfg.TerraformCloud.Organization != "" && len(cfg.TerraformCloud.Hosts) == 0 {
		return p.keepsNoSecrets(ctx, cfg, report)
	}
	found, err := p.compare(ctx, cfg, here, report) // inventories against states
	if err != nil && ctx.Err() == nil {
		return err
	}
	if ctx.Err() == nil {
		found.tellSuggestions(report, p.suggest(cfg, found, report, func(workspace string) string {
			dir := found.folder(cfg, here, workspace)
			if len(terraformFiles(dir)) == 0 {
				return "" // whatever the folder is, it isn't the configuration
			}
			return dir
		}))
		if here.pullRequest != 0 {
			found.keepTouched(cfg, report, here.repository, changed)
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
			found.recount(report, nil) // with what is known from before
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
			say := tell
			if len(report.Unmanaged)+len(report.Conflicts) == 0 {
				say = correct // who has nothing to do with it isn't told so
			}
			url, err := p.comment(ctx, cfg, here, report, say)
			return posted{comment: url}, err
		}
		url, err := p.keepIssues(ctx, cfg, here, report, known)
		return posted{issue: url}, err
	})
	return errors.Join(forgot, err)
}

// keepsNoSecrets delivers the reason why there is no report: GitHub gives no
// secrets to the workflow of a fork's pull request.
func (p *program) keepsNoSecrets(ctx context.Context, cfg *config.Config, report *model.Report) error {
	report.Notes = append(report.Notes, noSecrets+"What no state knows can't be told without the states.")
	p.log.Warn(report.Notes[0])
	report.Finish()
	return p.deliver(ctx, cfg, report, func(context.Context) (posted, error) { return posted{}, nil })
}

// keepTouched leaves in the report what belongs to the workspaces whose files a
// pull request changes, or those of modules that they call. The state of a
// --state file is that of the folder that it lies in.
func (c *comparison) keepTouched(cfg *config.Config, report *model.Report, repository string, changed []string) {
	files, err := checkout.Open(cfg.Dir)
	touched := map[string]bool{}
	touch := func(name string, w tfc.Workspace) {
		touched[name] = touches(&w, repository, changed)
		if err != nil || touched[name] || w.Repository != "" && !strings.EqualFold(w.Repository, repository) {
			return
		}
		folder := cmp.Or(strings.TrimPrefix(path.Clean("/"+w.WorkingDirectory), "/"), ".")
		for _, called := range files.Called(folder) {
			touched[name] = touched[name] || slices.ContainsFunc(changed, func(file string) bool { return strings.HasPrefix(file, called+"/") })
		}
	}
	for name, w := range c.managed.workspaces {
		touch(name, w)
	}
	for name, file := range c.managed.files {
		if dir, err := filepath.Rel(repositoryRoot(cfg.Dir), filepath.Dir(file)); err == nil && filepath.IsLocal(dir) {
			touch(name, tfc.Workspace{Repository: repository, WorkingDirectory: filepath.ToSlash(dir)})
		}
	}
	all := len(report.Unmanaged)
	report.Unmanaged = slices.DeleteFunc(report.Unmanaged, func(u model.Unmanaged) bool {
		return u.Suggestion == nil || !touched[u.Suggestion.Workspace]
	})
	report.Workspaces = slices.DeleteFunc(report.Workspaces, func(w model.Workspace) bool { return !touched[w.Name] })
	report.Conflicts = slices.DeleteFunc(report.Conflicts, func(c model.Conflict) bool {
		return !slices.ContainsFunc(c.Workspaces, func(name string) bool { return touched[name] })
	})
	report.Ignored = []model.Ignored{} // nobody can say whose they would be
	c.recount(report, func(workspace string) bool { return touched[workspace] })
	if left := all - len(report.Unmanaged); left > 0 {
		report.Notes = append(report.Notes, fmt.Sprintf("Only what belongs to the workspaces that this pull request touches stands here; %d more in no state.", left))
	}
}
