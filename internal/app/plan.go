package app

import (
	"bytes"
	"context"
	"errors"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/strandline-tf/strandline/internal/config"
	"github.com/strandline-tf/strandline/internal/model"
	"github.com/strandline-tf/strandline/internal/propose"
	"github.com/strandline-tf/strandline/internal/userfault"
)

func (p *program) planCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "plan [[NAME=]FILE...]",
		Short: "Report what Terraform will do",
		Long: "Reports what Terraform will do: the runs of a commit or of a pull request in Terraform Cloud, or\n" +
			"plan JSON files as `terraform show -json` writes them (- is standard input). NAME= names the\n" +
			"workspace that a file stands for.",
		Example: "  terraform show -json tfplan | strandline plan -\n" +
			"  strandline plan net=net.json dns=dns.json --format markdown\n" +
			"  strandline plan --org acme --commit 4f2c0e1\n" +
			"  strandline plan --run https://app.terraform.io/app/acme/net-prod/runs/run-abc",
		RunE: func(cmd *cobra.Command, args []string) error {
			cfg, err := p.load(cmd, args)
			if err != nil {
				return err
			}
			return p.plan(cmd.Context(), cfg)
		},
	}
	config.Register(cmd.Flags(), "plan")
	return cmd
}

// plan is the main job: each step is a stage of the pipeline.
func (p *program) plan(ctx context.Context, cfg *config.Config) error {
	rules, err := model.ParseIgnore(cfg.Ignore.Path, bytes.NewReader(cfg.Ignore.Data))
	if err != nil {
		return err
	}
	here, err := p.locate(ctx, cfg) // which pull request, which commit
	if err != nil {
		return err
	}
	report := model.NewReport(model.KindPlan, p.date(cfg).UTC().Format(time.RFC3339))
	report.Commit, report.Repository, report.PullRequest = here.head, here.repository, here.pullRequest
	say, err := p.fetch(ctx, cfg, here, report) // runs or files -> workspaces
	switch {
	case ctx.Err() != nil:
		say = interrupted(report)
	case userfault.Code(err) == userfault.CodeUsage:
		return err
	case err != nil: // reported like all else that could not be read
		report.Problems = append(report.Problems, problems("", err)...)
	}
	p.judge(cfg, report, rules)
	if say == partial {
		return p.leave(ctx, cfg, here, report)
	}
	code, note := p.verdict(ctx, cfg, here, report)
	p.complainOf(report)
	report.Limit(model.Show(cfg.Show))
	if note != "" {
		report.Notes = append(report.Notes, note)
	}
	p.code = code
	return p.deliver(ctx, cfg, report, func(ctx context.Context) (posted, error) {
		url, err := p.comment(ctx, cfg, here, report, say)
		return posted{comment: url}, errors.Join(err, p.checkRun(ctx, cfg, here, report, say), p.keepLabels(ctx, cfg, here, report, say))
	})
}

// noSecrets begins the reason why there is no report on a fork's pull request.
const noSecrets = "Nothing could be read: this pull request comes from a fork, and GitHub gives its workflows no secrets, " +
	"so there is no Terraform Cloud token. "

// fetch reads the plans into the report and says what there is to announce.
func (p *program) fetch(ctx context.Context, cfg *config.Config, here *place, report *model.Report) (announcement, error) {
	if len(cfg.Plans) > 0 {
		p.readFiles(ctx, cfg, cfg.Plans, report)
		return tell, ctx.Err()
	}
	if here.fork && len(cfg.TerraformCloud.Hosts) == 0 {
		// GitHub gives no secrets to a fork's workflow.
		report.Notes = append(report.Notes, noSecrets+"The plans are in Terraform Cloud.")
		p.log.Warn(report.Notes[0])
		return silent, nil
	}
	start := p.clock.Now()
	f, err := p.find(ctx, cfg, here)
	if err != nil {
		return silent, err
	}
	report.Notes = append(report.Notes, f.notes...)
	if len(f.runs)+len(f.lost) == 0 {
		err := nothingFound(cfg, here, f)
		if namedExplicitly(cfg) || here.pullRequest == 0 && here.event == "" {
			return correct, err
		}
		said := oneLine(err.Error())
		report.Notes = append(report.Notes, strings.ToUpper(said[:1])+said[1:])
		p.log.Info(oneLine(err.Error()), "hint", userfault.Hint(err))
		return correct, nil
	}
	return tell, p.readRuns(ctx, cfg, f, start.Add(cfg.Wait), report)
}

// complainOf tells on standard error what is missing from the report.
func (p *program) complainOf(report *model.Report) {
	for _, problem := range report.Problems {
		p.complain(userfault.New(problem.Hint, "%s", problem.Message))
	}
}

// namedExplicitly reports whether a person named what to look for, rather
// than where: to find nothing is a failure then.
func namedExplicitly(cfg *config.Config) bool {
	return cfg.Given("commit") || cfg.Given("workspace") || cfg.Given("project") || cfg.Given("tag")
}

// judge turns what was read into what is reported. Its order matters: what is
// ignored is not judged, and what judging says is withheld like all else.
func (p *program) judge(cfg *config.Config, report *model.Report, rules []model.IgnoreRule) {
	var notes []string
	for i := range report.Workspaces {
		w := &report.Workspaces[i]
		if !cfg.ComputedDrift {
			w.QuietComputed()
		}
		notes = w.Ignore(rules, p.date(cfg)) // the same for each
		w.Judge()
		w.Suggestions = append(w.Suggestions, propose.Moved(w)...)
	}
	report.Notes = append(report.Notes, notes...)
	report.Withhold(p.secrets)
	report.Finish()
}

// date is the time that a report is made at: SOURCE_DATE_EPOCH where set.
func (p *program) date(cfg *config.Config) time.Time {
	if cfg.SourceDate != nil {
		return *cfg.SourceDate
	}
	return p.clock.Now()
}
