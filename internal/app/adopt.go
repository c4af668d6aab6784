package app

import (
	"cmp"
	"context"
	"errors"
	"io"
	"os"
	"path"
	"path/filepath"
	"strings"
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
	if err := mayOpen(cfg, here); err != nil {
		return err
	}
	if info, err := os.Stat(cfg.Resolve(cfg.Adopt.Dir)); err == nil && !info.IsDir() {
		return userfault.Usage("name a folder, which may be one that is yet to be made", "--dir %s is a file", cfg.Adopt.Dir)
	}
	report := model.NewReport(model.KindAdopt, p.date(cfg).UTC().Format(time.RFC3339))
	report.Repository = here.repository
	ownState(cfg)
	found, err := p.compare(ctx, cfg, here, report) // inventories against states
	if err != nil && ctx.Err() == nil {
		return err
	}
	var adoption *propose.Adoption
	var folder func(workspace string) string
	if ctx.Err() == nil {
		folder = func(workspace string) string { return found.destination(cfg, here, workspace) }
		adoption = p.suggest(cfg, found, report, folder)
		found.leaveOut(cfg, here, report, adoption)
		for _, b := range adoption.Batches {
			if len(b.Objects()) > 0 && ctx.Err() == nil {
				report.Workspaces = append(report.Workspaces, *p.prove(ctx, cfg, found, b, folder(b.Workspace), report))
			}
		}
	}
	if ctx.Err() != nil {
		interrupted(report)
	} else if !cfg.OpenPR {
		err = p.writeAdoption(adoption, folder)
	}
	report.Withhold(p.secrets)
	report.Finish()
	var pull *github.PullRequest
	if cfg.OpenPR && ctx.Err() == nil && !found.managed.partial {
		pull, err = p.adopted(cfg, report, adoption, folder)
	}
	code, _ := p.verdict(ctx, cfg, here, report)
	p.complainOf(report)
	report.Limit(model.Show(cfg.Show))
	p.code = code
	return errors.Join(err, p.deliver(ctx, cfg, report, func(ctx context.Context) (posted, error) {
		return posted{}, p.keepPull(ctx, cfg, here, pull)
	}))
}

// mayOpen refuses --open-pr where no pull request could be opened.
func mayOpen(cfg *config.Config, here *place) error {
	if !cfg.OpenPR {
		return nil
	}
	if !keeping(cfg, here) {
		return userfault.Usage("run it in GitHub Actions, or give --post always, --repo OWNER/NAME and GITHUB_TOKEN", "--open-pr, but nothing is to be posted")
	}
	if inside, err := filepath.Rel(repositoryRoot(cfg.Dir), cfg.Resolve(cfg.Adopt.Dir)); err != nil || !filepath.IsLocal(inside) {
		return userfault.Usage("name a folder of the repository", "--dir %s is outside of the repository, and --open-pr can't change it", cfg.Adopt.Dir)
	}
	return nil
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

// leaveOut takes out of the adoption what had better not be written down, and
// says why.
func (c *comparison) leaveOut(cfg *config.Config, here *place, report *model.Report, adoption *propose.Adoption) {
	for _, b := range adoption.Batches {
		repository := c.managed.workspaces[b.Workspace].Repository
		switch {
		case b.Workspace == "":
			for _, r := range b.Resources() {
				b.Remove(r.Address, r.Why+": name the workspace with --workspace")
			}
			b.Leave("")
		case cfg.OpenPR && !cfg.Given("dir") && repository != "" && !strings.EqualFold(repository, here.repository):
			b.Leave("the configuration of workspace `" + b.Workspace + "` is in the repository " + repository + ": adopt it there")
		}
	}
	if c.managed.partial {
		report.Notes = append(report.Notes, "Nothing is written down: see first that all states can be read.")
	}
}

// writeAdoption writes the files of every workspace to its folder. Those that
// are as they should be are left alone.
func (p *program) writeAdoption(adoption *propose.Adoption, folder func(string) string) error {
	for _, b := range adoption.Batches {
		for _, f := range b.Files() {
			at := filepath.Join(folder(b.Workspace), f.Path)
			if p.secrets.Text(f.Content) != f.Content {
				return secretInFile(b.Workspace, f.Path)
			}
			if was, err := os.ReadFile(at); err == nil && string(was) == f.Content {
				continue
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

// adopted is the pull request with the files of every workspace; nil where
// there are none, and that may be because not all could be looked at.
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
		for _, f := range b.Files() {
			at := filepath.Join(folder(b.Workspace), f.Path)
			name, err := filepath.Rel(root, at)
			if err != nil {
				return nil, userfault.Wrap(err, "--dir names a folder of the repository", "%s can't be part of a pull request", at)
			}
			if p.secrets.Text(f.Content) != f.Content {
				return nil, secretInFile(b.Workspace, f.Path)
			}
			was, err := os.ReadFile(at)
			if err != nil {
				was = nil // there is none: what can't be read counts as a person's, and isn't written
			}
			pr.Files = append(pr.Files, github.File{Path: filepath.ToSlash(name), Was: was, Content: []byte(f.Content)})
		}
		for _, r := range b.Resources() {
			done = append(done, markdown.Finding{Workspace: b.Workspace, Name: r.Address})
		}
	}
	if len(pr.Files) == 0 && len(report.Problems) > 0 {
		return nil, nil
	}
	for i := range report.Unmanaged {
		if u := &report.Unmanaged[i]; u.Suggestion != nil && u.Suggestion.To == "" {
			name := u.Type + "." + cmp.Or(u.ID, u.Name, string(u.Identity))
			left = append(left, markdown.Left{Finding: markdown.Finding{Name: name}, Why: u.Suggestion.Why})
		}
	}
	pr.Body = markdown.Pull("These objects exist and no state knows them. "+proofs(report), done, left, render.Options{Budget: pr.Room()})
	return pr, nil
}

// proofs says what is known of applying what a report suggests, for Markdown.
func proofs(report *model.Report) string {
	text := "Applied, this brings them under Terraform.\n\n"
	for i := range report.Workspaces {
		for _, s := range report.Workspaces[i].Suggestions {
			text += markdown.Proof(&s)
		}
	}
	return text
}

// shown returns a path as the report names it: from the working directory where
// it is below that.
func shown(cfg *config.Config, at string) string {
	if inside, err := filepath.Rel(cfg.Dir, at); err == nil && filepath.IsLocal(inside) {
		return filepath.ToSlash(inside)
	}
	return at
}
