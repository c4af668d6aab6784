package app

import (
	"bytes"
	"context"
	"errors"
	"io"
	"slices"
	"time"

	goversion "github.com/hashicorp/go-version"
	"github.com/spf13/cobra"

	"github.com/strandline-tf/strandline/internal/config"
	"github.com/strandline-tf/strandline/internal/fetch/checkout"
	"github.com/strandline-tf/strandline/internal/history"
	"github.com/strandline-tf/strandline/internal/model"
	"github.com/strandline-tf/strandline/internal/propose"
	"github.com/strandline-tf/strandline/internal/render/shard"
	"github.com/strandline-tf/strandline/internal/sink"
	"github.com/strandline-tf/strandline/internal/userfault"
)

func (p *program) driftCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "drift [[NAME=]FILE...]",
		Short: "Report what changed outside Terraform",
		Long: "Reports what changed outside Terraform, in every workspace asked for, and keeps one issue of it up to\n" +
			"date. Drift comes from HCP Terraform's health assessments or from refresh-only, plan-only runs that it\n" +
			"starts: those queue in the workspace like any run, and never apply anything. Or it comes from files:\n" +
			"`terraform plan -refresh-only -out P`, then `terraform show -json P`.",
		Example: "  strandline drift --org acme\n" +
			"  strandline drift --org acme --workspace 'net-*' --refresh run --open-pr\n" +
			"  strandline drift net=net.json dns=dns.json\n" +
			"  strandline drift --org acme --shard 1/4 --write shard=part-1",
		RunE: func(cmd *cobra.Command, args []string) error {
			cfg, err := p.load(cmd, args)
			if err != nil {
				return err
			}
			return p.drift(cmd.Context(), cfg)
		},
	}
	config.Register(cmd.Flags(), "drift")
	return cmd
}

// drift is the nightly check: each step is a stage of the pipeline.
func (p *program) drift(ctx context.Context, cfg *config.Config) error {
	rules, err := model.ParseIgnore(cfg.Ignore.Path, bytes.NewReader(cfg.Ignore.Data))
	if err != nil {
		return err
	}
	here, err := p.repository(cfg)
	if err != nil {
		return err
	}
	report := model.NewReport(model.KindDrift, p.date(cfg).UTC().Format(time.RFC3339))
	report.Repository = here.repository
	complete, err := p.fetchDrift(ctx, cfg, here, report) // assessments, runs or files -> workspaces
	switch {
	case ctx.Err() != nil:
		interrupted(report)
		complete = false
	case userfault.Code(err) == userfault.CodeUsage:
		return err
	case err != nil:
		report.Problems = append(report.Problems, problems("", err)...)
		complete = false
	}
	configured := p.adviseOnDrift(cfg, report, rules)
	if cfg.Shard.Of > 0 {
		return p.keepShard(ctx, cfg, report, complete)
	}
	return p.concludeDrift(ctx, cfg, here, report, configured, history.Unseen{Workspaces: !complete, Workspace: p.unasked(ctx, cfg, shardSettings(cfg))})
}

// fetchDrift reads drift into the report. complete is false where there may be
// workspaces that it doesn't hold.
func (p *program) fetchDrift(ctx context.Context, cfg *config.Config, here *place, report *model.Report) (complete bool, err error) {
	if len(cfg.Plans) == 0 {
		return p.checkWorkspaces(ctx, cfg, here, report)
	}
	p.readFiles(ctx, cfg, slices.DeleteFunc(slices.Clone(cfg.Plans), func(f config.PlanFile) bool {
		return !model.Shard(cfg.Shard).Holds("", f.Name)
	}), report)
	for i := range report.Workspaces {
		w := &report.Workspaces[i]
		w.Source = model.DriftFromFile
		w.Checked = w.Status != model.StatusUnreadable
		own(cfg, w, nil)
	}
	return true, ctx.Err()
}

// adviseOnDrift judges what was read, one workspace at a time, so that a shard
// says of each what a whole check would. It returns the configuration that the
// advice is about, nil where there is none.
func (p *program) adviseOnDrift(cfg *config.Config, report *model.Report, rules []model.IgnoreRule) *configuration {
	files, err := checkout.ReadTree(cfg.Dir)
	if err != nil {
		p.log.Warn("the configuration can't be read, so nothing is proposed for it", "why", err)
	}
	var c *configuration
	var tree *propose.Tree
	if files != nil {
		tree = propose.NewTree(files.Files)
		c = &configuration{files, tree}
	}
	var notes []string
	for i := range report.Workspaces {
		w := &report.Workspaces[i]
		partly(w)
		w.Drift = slices.DeleteFunc(w.Drift, func(d model.Drift) bool { return !tells(w, &d) })
		if w.Configured != nil && !w.Configured.Refreshed {
			w.Outputs = nil // what the configuration would make of them is no drift
		}
		if !cfg.ComputedDrift {
			w.QuietComputed()
		}
		notes = w.Ignore(rules, p.date(cfg)) // the same for each
		w.IgnoreOutputs(rules, p.date(cfg))
		w.Changes, w.Deferred, w.Actions = nil, nil, nil // of a latest run: another report's subject
		if files != nil {
			p.settle(w, files)
		}
		propose.Drift(w, tree)
	}
	report.Notes = append(report.Notes, notes...)
	return c
}

// drifts is the first version of Terraform that tells drift in a plan. See
// https://github.com/hashicorp/terraform/blob/v1.0/CHANGELOG.md
var drifts = goversion.Must(goversion.NewVersion("0.15.4"))

// partly marks a workspace of which the plan can't tell all: what it doesn't
// show may be there still.
func partly(w *model.Workspace) {
	if !w.Checked {
		return
	}
	made, err := goversion.NewVersion(w.TerraformVersion)
	switch {
	case w.Errored:
		w.Message = "its plan failed part way, so not all of it was looked at"
	case !w.Complete:
		w.Message = "its plan is not complete (-target, say), so not all of it was looked at"
	case err == nil && w.Source == model.DriftFromFile && made.Core().LessThan(drifts):
		w.Message = "its plan is by Terraform " + w.TerraformVersion + ", which tells no drift: 0.15.4 and later do"
	default:
		return
	}
	w.Checked = false
}

// tells reports whether d says that anything changed: an update of which no
// attribute is left, as 1 for 1.0, does not, unless its values were withheld.
func tells(w *model.Workspace, d *model.Drift) bool {
	return d.Action != model.ActionUpdate || len(d.Attributes) > 0 || w.Redacted
}

// settle finds the folder that w runs in, where the checkout may hold it.
func (p *program) settle(w *model.Workspace, files *checkout.Tree) {
	if w.Folder == elsewhere {
		w.Folder = ""
		return
	}
	addresses := make([]string, len(w.Drift))
	for i := range w.Drift {
		addresses[i] = w.Drift[i].Address
	}
	w.Folder, _ = files.Folder(w.Folder, addresses)
}

// keepShard writes the part of the check that this job made, for merge, and
// reports it; what it comes to in the end only merge can tell.
func (p *program) keepShard(ctx context.Context, cfg *config.Config, report *model.Report, complete bool) error {
	unwritten := p.writeShard(cfg, report, complete)
	report.Withhold(p.secrets)
	report.Finish()
	p.complainOf(report)
	if len(report.Problems) > 0 {
		p.code = userfault.CodeIncomplete
	}
	report.Limit(model.Show(cfg.Show))
	err := p.deliver(ctx, cfg, report, func(context.Context) (posted, error) { return posted{}, nil })
	return errors.Join(unwritten, err)
}

// writeShard writes the part as it is before anything is withheld from it.
func (p *program) writeShard(cfg *config.Config, report *model.Report, complete bool) error {
	if len(cloudTokens(cfg)) == 0 && p.secrets.Marked() {
		return userfault.New("set TFE_TOKEN, in the jobs of the shards and of the merge, to the same secret text: the parts are sealed with it",
			"the shard is not written: something in it is marked as sensitive, and without a token no other part could be told to withhold it")
	}
	part := model.Part{Shard: cfg.Shard.Index, Of: cfg.Shard.Of, Partial: !complete, Show: model.Show(cfg.Show), Settings: shardSettings(cfg)}
	for _, w := range cfg.Writes {
		if w.Format != config.FormatShard {
			continue
		}
		err := sink.WriteFile(cfg.Resolve(w.Path), func(out io.Writer) error {
			return shard.Write(out, report, part, p.secrets, cloudTokens(cfg))
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// concludeDrift is what a check of one job and the merging of several have in
// common: what was known before, the verdict, and the report's delivery.
func (p *program) concludeDrift(ctx context.Context, cfg *config.Config, here *place, report *model.Report, configured *configuration, unseen history.Unseen) error {
	report.Withhold(p.secrets)
	var known *memory
	var forgot error
	if ctx.Err() == nil {
		if known, forgot = p.recall(ctx, cfg, here, report.Kind); forgot == nil {
			forgot = known.apply(report, p.date(cfg), unseen)
			report.Notes = append(report.Notes, known.missed(report)...)
		}
	}
	propose.Shared(report.Workspaces) // here, since a shard knows its own only
	report.Finish()
	code, _ := p.verdict(ctx, cfg, here, report)
	p.complainOf(report)
	pull := accepts(cfg, report, configured) // before --show takes values out
	report.Limit(model.Show(cfg.Show))
	p.code = code
	err := p.deliver(ctx, cfg, report, func(ctx context.Context) (posted, error) {
		if ctx.Err() != nil || len(report.Workspaces) == 0 && unseen.Workspaces {
			return posted{}, nil // nothing is known that the issue doesn't say
		}
		url, err := p.keepIssues(ctx, cfg, here, report, known)
		return posted{issue: url}, errors.Join(err, p.keepPull(ctx, cfg, here, pull))
	})
	return errors.Join(forgot, err)
}
