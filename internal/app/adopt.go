package app

import (
	"context"
	"errors"
	"io"
	"os"
	"path"
	"path/filepath"
	"time"

	"github.com/spf13/cobra"

	"github.com/strandline-tf/strandline/internal/config"
	"github.com/strandline-tf/strandline/internal/model"
	"github.com/strandline-tf/strandline/internal/propose"
	"github.com/strandline-tf/strandline/internal/render"
	"github.com/strandline-tf/strandline/internal/render/markdown"
	"github.com/strandline-tf/strandline/internal/sink"
	"github.com/strandline-tf/strandline/internal/sink/github"
	"github.com/strandline-tf/strandline/internal/userfault"
)

func (p *program) adoptCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "adopt",
		Short: "Write import blocks and configuration for what is in no state, and prove them",
		Long: "Finds what `strandline unmanaged` finds, and writes for it import blocks and configuration: into the folders\n" +
			"of the workspaces in this checkout, into --dir, or with --open-pr into a pull request. What a person wrote is\n" +
			"never changed, and to run it again gives the same. With --verify a plan proves that importing changes nothing;\n" +
			"what such a plan would change is mended, at most five times. It never applies anything.",
		Example: "  strandline adopt --state terraform.tfstate --inventory file:inventory.json --verify\n" +
			"  strandline adopt --org acme --workspace net-prod --inventory aws:eu-west-1 --verify --open-pr",
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := noArguments(cmd, args); err != nil {
				return err
			}
			cfg, err := p.load(cmd, nil)
			if err != nil {
				return err
			}
			return p.adopt(cmd.Context(), cfg)
		},
	}
	config.Register(cmd.Flags(), "adopt")
	return cmd
}

// adopt brings in what is in no state: each step is a stage of the pipeline.
func (p *program) adopt(ctx context.Context, cfg *config.Config) error {
	here, err := p.repository(cfg)
	if err != nil {
		return err
	}
	if cfg.OpenPR && !keeping(cfg, here) {
		return userfault.Usage("run it in GitHub Actions, or give --post always, --repo OWNER/NAME and GITHUB_TOKEN", "--open-pr, but nothing is to be posted")
	}
	report := model.NewReport(model.KindAdopt, p.date(cfg).UTC().Format(time.RFC3339))
	report.Repository = here.repository
	ownState(cfg)
	found, err := p.compare(ctx, cfg, report) // inventories against states
	if err != nil && ctx.Err() == nil {
		return err
	}
	var pull *github.PullRequest
	if ctx.Err() == nil {
		folder := func(workspace string) string { return found.destination(cfg, here, workspace) }
		adoption := found.suggest(cfg, here, report, folder)
		for _, b := range adoption.Batches {
			if b.Workspace != "" && ctx.Err() == nil {
				report.Workspaces = append(report.Workspaces, *p.prove(ctx, cfg, found, b, folder(b.Workspace), report))
			}
		}
		found.leaveUnplaced(report, adoption)
		if cfg.OpenPR {
			pull, err = p.adopted(cfg, report, adoption, folder)
		} else if ctx.Err() == nil {
			err = p.writeAdoption(cfg, adoption, folder)
		}
	}
	if ctx.Err() != nil {
		interrupted(report)
	}
	report.Withhold(p.secrets)
	report.Finish()
	code, _ := p.verdict(ctx, cfg, here, report)
	p.complainOf(report)
	report.Limit(model.Show(cfg.Show))
	p.code = code
	return errors.Join(err, p.deliver(ctx, cfg, report, func(ctx context.Context) (posted, error) {
		if ctx.Err() != nil {
			return posted{}, nil
		}
		return posted{}, p.keepPull(ctx, cfg, here, pull)
	}))
}

// ownState takes the state in the folder that is written to for what is managed,
// where nothing else tells.
func ownState(cfg *config.Config) {
	if cfg.TerraformCloud.Organization != "" || len(cfg.States) > 0 {
		return
	}
	state := filepath.Join(cfg.Adopt.Dir, "terraform.tfstate")
	if _, err := os.Stat(cfg.Resolve(state)); err == nil {
		cfg.States = []string{state}
	}
}

// destination is the folder that a workspace's files are written to: its own
// in this checkout, unless --dir says otherwise.
func (c *comparison) destination(cfg *config.Config, here *place, workspace string) string {
	if !cfg.Given("dir") {
		if dir := c.folder(cfg, here, workspace); dir != "" {
			return dir
		}
	}
	dir := cfg.Resolve(cfg.Adopt.Dir)
	if len(c.managed.versions) > 1 {
		dir = filepath.Join(dir, filepath.FromSlash(path.Clean("/"+workspace)))
	}
	return dir
}

// leaveUnplaced says of what belongs to no workspace for sure why it is left.
func (c *comparison) leaveUnplaced(report *model.Report, adoption *propose.Adoption) {
	b := adoption.Batch("")
	if b == nil {
		return
	}
	for _, r := range b.Resources() {
		b.Remove(r.Address, "which workspace it belongs to isn't clear: name one with --workspace")
	}
}

// writeAdoption writes the files of every workspace to its folder.
func (p *program) writeAdoption(cfg *config.Config, adoption *propose.Adoption, folder func(string) string) error {
	for _, b := range adoption.Batches {
		for _, f := range b.Files() {
			at := filepath.Join(folder(b.Workspace), f.Path)
			if p.secrets.Text(f.Content) != f.Content {
				return secretInFile(b.Workspace, f.Path)
			}
			if err := os.MkdirAll(filepath.Dir(at), 0o755); err != nil {
				return userfault.Wrap(err, "--dir names the folder to write to", "the folder for %s can't be made", f.Path)
			}
			if err := sink.WriteFile(at, func(w io.Writer) error { _, err := io.WriteString(w, f.Content); return err }); err != nil {
				return err
			}
			p.log.Info("written", "workspace", b.Workspace, "file", at)
		}
	}
	return nil
}

// secretInFile says that a file is not written: names and ids are written as
// they are, and one of these is a secret elsewhere.
func secretInFile(workspace, file string) error {
	return userfault.New("an object's name or id is also a value that a state or an inventory marks as sensitive: leave it out with .strandlineignore",
		"%s of workspace %s is not written, since a secret would stand in it", file, workspace)
}

// adopted is the pull request with the files of every workspace.
func (p *program) adopted(cfg *config.Config, report *model.Report, adoption *propose.Adoption, folder func(string) string) (*github.PullRequest, error) {
	key := issueKey(cfg, report.Kind)
	pr := &github.PullRequest{
		Key: key, Run: workflowRun(cfg), Branch: "strandline/" + key,
		Title:   "Import what is in no state",
		Message: "Import what is in no state\n\nImport blocks and configuration for objects that exist and that no state knows.",
		Closing: "Nothing is left to import.",
	}
	root := repositoryRoot(cfg.Dir)
	var done []markdown.Finding
	var left []markdown.Left
	for _, b := range adoption.Batches {
		dir := folder(b.Workspace)
		for _, f := range b.Files() {
			if p.secrets.Text(f.Content) != f.Content {
				return nil, secretInFile(b.Workspace, f.Path)
			}
			at := filepath.Join(dir, f.Path)
			name, err := filepath.Rel(root, at)
			if err != nil {
				name = f.Path
			}
			was, err := os.ReadFile(at)
			if err != nil {
				was = nil
			}
			pr.Files = append(pr.Files, github.File{Path: filepath.ToSlash(name), Was: was, Content: []byte(f.Content)})
		}
		for _, r := range b.Resources() {
			done = append(done, markdown.Finding{Workspace: b.Workspace, Name: r.Address})
		}
	}
	for _, l := range adoption.Left {
		u := &report.Unmanaged[l.Object]
		left = append(left, markdown.Left{Finding: markdown.Finding{Name: u.Type + "." + u.ID}, Why: l.Why})
	}
	pr.Body = markdown.Pull("These objects exist and no state knows them. Applied, this brings them under Terraform without changing them.",
		done, left, render.Options{Budget: pr.Room()})
	return pr, nil
}
