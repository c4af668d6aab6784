package app

import (
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/strandline-tf/strandline/internal/config"
	"github.com/strandline-tf/strandline/internal/fetch/tfc"
	"github.com/strandline-tf/strandline/internal/match"
	"github.com/strandline-tf/strandline/internal/model"
	"github.com/strandline-tf/strandline/internal/propose"
	"github.com/strandline-tf/strandline/internal/prove"
)

// suggest proposes imports for what is in no state, and counts it for the
// workspaces where it belongs. folder says where a workspace's configuration is
// on this machine, "" where it isn't.
func (p *program) suggest(cfg *config.Config, c *comparison, report *model.Report, folder func(workspace string) string) *propose.Adoption {
	targets := c.targets(folder)
	o := propose.ImportOptions{
		Workspaces: targets,
		Variables:  cfg.Adopt.Sensitive == config.SensitiveVariables,
		Find: func(q propose.Query) (propose.Place, bool) {
			p, ok := c.managed.index.Find(match.Query(q))
			return propose.Place(p), ok
		},
	}
	asked := c.asked(cfg)
	if len(asked) == 1 {
		o.Into = asked[0] // what belongs to no other is for it
	}
	adoption := propose.Imports(report.Unmanaged, o)
	for _, b := range adoption.Batches {
		if c.managed.partial {
			b.Leave("not all states could be read: one of these may manage it, and it must not be imported twice")
		} else if b.Workspace != "" && !slices.Contains(asked, b.Workspace) {
			b.Leave("it belongs to the workspace `" + b.Workspace + "`, which nobody asked for")
		}
	}
	for _, b := range adoption.Batches {
		p.leaveSecrets(b)
	}
	c.recount(report, nil)
	return adoption
}

// recount counts what the report lists, of all workspaces or of some.
func (c *comparison) recount(report *model.Report, of func(workspace string) bool) {
	if c.tally != nil && report.Coverage != nil {
		c.tally.Recount(report.Coverage, report.Unmanaged, of)
	}
}

// leaveSecrets takes out of a batch what could be written only with a value
// that something else marks as secret, and returns what that was, with the
// reason.
func (p *program) leaveSecrets(b *propose.Batch) (left []prove.Left) {
	if p.secrets.Empty() {
		return nil
	}
	for _, r := range b.Resources() {
		what := ""
		switch text := b.Blocks(r.Address); {
		case p.secrets.Text(r.ImportID) != r.ImportID || p.holdsSecret(r.Identity) || p.secrets.Text(string(r.Identity)) != string(r.Identity):
			what = "its id is also a value that is marked as sensitive elsewhere"
		case p.secrets.Text(r.Address) != r.Address:
			what = "its name is also a value that is marked as sensitive elsewhere"
		case p.secrets.Text(text) != text:
			what = "its configuration holds a value that is marked as sensitive"
		default:
			continue
		}
		why := what + ", and would be written down"
		b.Remove(r.Address, why)
		left = append(left, prove.Left{Address: r.Address, Why: why})
	}
	return left
}

// tellSuggestions puts the whole files of each workspace into the report.
func (c *comparison) tellSuggestions(report *model.Report, adoption *propose.Adoption) {
	for _, b := range adoption.Batches {
		if b.Workspace == "" || len(b.Resources()) == 0 {
			continue
		}
		w := c.workspace(b.Workspace)
		w.Suggestions = []model.Suggestion{{Kind: "import", Workspace: b.Workspace, Why: "what belongs to it and is in no state", Files: b.Files(), Verified: "unverified"}}
		report.Workspaces = append(report.Workspaces, *w)
	}
}

// workspace is what a report says of a workspace before anything is found in it.
func (c *comparison) workspace(name string) *model.Workspace {
	w := model.NewWorkspace(name)
	w.Status = model.StatusNoChanges
	w.TerraformVersion = c.managed.versions[name]
	w.Organization, w.Project = c.managed.workspaces[name].Organization, c.managed.workspaces[name].Project
	return w
}

// asked are the states that something may be imported into: those of the
// workspaces that the settings let through. Of a file only its name tells.
// Sorted.
func (c *comparison) asked(cfg *config.Config) []string {
	t := &cfg.TerraformCloud
	return slices.DeleteFunc(c.managed.names(), func(name string) bool {
		filter := tfc.Filter{Workspaces: t.Workspaces}
		w, cloud := c.managed.workspaces[name]
		if cloud {
			filter.Project, filter.Tags = t.Project, t.Tags
		}
		return !filter.Match(tfc.Run{Workspace: name, Project: w.Project, Tags: w.Tags})
	})
}

// targets are the workspaces that objects may belong to, with what is known of
// each.
func (c *comparison) targets(folder func(string) string) []propose.Target {
	profiles := map[string]model.Profile{}
	for _, profile := range c.managed.index.Profiles() {
		profiles[profile.Workspace] = profile
	}
	var out []propose.Target
	for _, name := range c.managed.names() {
		target := propose.Target{Name: name, Profile: profiles[name], Terraform: c.managed.versions[name], Addresses: c.managed.addresses[name]}
		if version := c.managed.workspaces[name].TerraformVersion; strings.HasPrefix(version, "1.") || target.Terraform == "" {
			target.Terraform = version // not a constraint, nor "latest"
		}
		if dir := folder(name); dir != "" {
			target.Files = terraformFiles(dir)
		}
		out = append(out, target)
	}
	return out
}

// folder returns the folder of this machine's checkout in which the workspace
// runs; "" where the checkout isn't known to hold it.
func (c *comparison) folder(cfg *config.Config, here *place, workspace string) string {
	w, cloud := c.managed.workspaces[workspace]
	if state := c.managed.files[workspace]; !cloud && state != "" {
		if dir := filepath.Dir(state); len(terraformFiles(dir)) > 0 {
			return dir
		}
	}
	switch {
	case !cloud, w.Repository == "" && w.WorkingDirectory == "",
		w.Repository != "" && here.repository != "" && !strings.EqualFold(w.Repository, here.repository):
		return ""
	}
	dir := filepath.Join(repositoryRoot(cfg.Dir), filepath.FromSlash(path.Clean("/"+w.WorkingDirectory)))
	if info, err := os.Stat(dir); err != nil || !info.IsDir() {
		return ""
	}
	return dir
}

// repositoryRoot returns the root of the repository that dir is in; dir itself
// where it is in none.
func repositoryRoot(dir string) string {
	for at := dir; ; at = filepath.Dir(at) {
		if _, err := os.Stat(filepath.Join(at, ".git")); err == nil {
			return at
		}
		if at == filepath.Dir(at) {
			return dir
		}
	}
}

// rootOf returns the root of what a workspace's folder is part of: of its
// repository or, where it is in none, the working directory that it is below.
func rootOf(cfg *config.Config, folder string) string {
	root := repositoryRoot(folder)
	if _, err := os.Stat(filepath.Join(root, ".git")); err == nil {
		return root
	}
	if below, err := filepath.Rel(cfg.Dir, folder); err == nil && filepath.IsLocal(below) {
		return cfg.Dir
	}
	return root
}

// maxConfiguration bounds one .tf or .tf.json file, in bytes: far above what
// people write.
const maxConfiguration = 4 << 20

// terraformFiles reads the .tf and .tf.json files of a folder, by base name;
// those that can't be read are there without content.
func terraformFiles(dir string) map[string][]byte {
	files := map[string][]byte{}
	entries, err := os.ReadDir(dir)
	if err != nil {
		return files
	}
	for _, e := range entries {
		if !strings.HasSuffix(e.Name(), ".tf") && !strings.HasSuffix(e.Name(), ".tf.json") {
			continue
		}
		at := filepath.Join(dir, e.Name())
		files[e.Name()] = nil // even one that can't be read is somebody's
		if info, err := os.Stat(at); err == nil && info.Mode().IsRegular() && info.Size() <= maxConfiguration {
			files[e.Name()], _ = os.ReadFile(at)
		}
	}
	return files
}

// names are the names of all states, sorted.
func (m *managed) names() []string {
	var names []string
	for name := range m.versions {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}
