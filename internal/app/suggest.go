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
)

// suggest proposes imports for what is in no state, and counts it for the
// workspaces where it belongs. folder, if not nil, says where a workspace's
// configuration is on this machine; otherwise the checkout tells.
func (c *comparison) suggest(cfg *config.Config, here *place, report *model.Report, folder func(workspace string) string) *propose.Adoption {
	if folder == nil {
		folder = func(workspace string) string { return c.folder(cfg, here, workspace) }
	}
	targets := c.targets(cfg, folder)
	o := propose.ImportOptions{
		Workspaces: targets,
		Variables:  cfg.Adopt.Sensitive == config.SensitiveVariables,
		Find: func(q propose.Query) (propose.Place, bool) {
			p, ok := c.managed.index.Find(match.Query(q))
			return propose.Place(p), ok
		},
	}
	if len(targets) == 1 {
		o.Into = targets[0].Name // there is no other place for it
	}
	adoption := propose.Imports(report.Unmanaged, o)
	match.Assign(report.Coverage, report.Unmanaged)
	return adoption
}

// tellSuggestions puts the whole files of each workspace into the report.
func (c *comparison) tellSuggestions(report *model.Report, adoption *propose.Adoption) {
	for _, b := range adoption.Batches {
		if b.Workspace == "" {
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

// targets are the workspaces that something may be imported into: those whose
// state was read, as far as the settings let them through.
func (c *comparison) targets(cfg *config.Config, folder func(string) string) []propose.Target {
	t := &cfg.TerraformCloud
	filter := tfc.Filter{Workspaces: t.Workspaces, Project: t.Project, Tags: t.Tags}
	profiles := map[string]model.Profile{}
	for _, profile := range c.managed.index.Profiles() {
		profiles[profile.Workspace] = profile
	}
	var out []propose.Target
	for _, name := range c.managed.names() {
		w, cloud := c.managed.workspaces[name]
		if cloud && !filter.Match(tfc.Run{Workspace: name, Project: w.Project, Tags: w.Tags}) {
			continue
		}
		target := propose.Target{Name: name, Profile: profiles[name], Terraform: c.managed.versions[name], Addresses: c.managed.addresses[name]}
		if w.TerraformVersion != "" {
			target.Terraform = w.TerraformVersion
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

// maxConfiguration bounds one .tf file, in bytes: far above what people write.
const maxConfiguration = 4 << 20

// terraformFiles reads the .tf files of a folder, by base name. What can't be
// read isn't there.
func terraformFiles(dir string) map[string][]byte {
	files := map[string][]byte{}
	entries, err := os.ReadDir(dir)
	if err != nil {
		return files
	}
	for _, e := range entries {
		info, err := e.Info()
		if err != nil || !info.Mode().IsRegular() || !strings.HasSuffix(e.Name(), ".tf") || info.Size() > maxConfiguration {
			continue
		}
		if data, err := os.ReadFile(filepath.Join(dir, e.Name())); err == nil {
			files[e.Name()] = data
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
