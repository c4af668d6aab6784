package app

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"

	"github.com/strandline-tf/strandline/internal/config"
	"github.com/strandline-tf/strandline/internal/fetch/statefile"
	"github.com/strandline-tf/strandline/internal/fetch/tfc"
	"github.com/strandline-tf/strandline/internal/match"
	"github.com/strandline-tf/strandline/internal/model"
	"github.com/strandline-tf/strandline/internal/secret"
	"github.com/strandline-tf/strandline/internal/userfault"
)

// managed is what the states hold, over all workspaces together.
type managed struct {
	index *match.Index

	mu         sync.Mutex
	workspaces map[string]tfc.Workspace // of Terraform Cloud, by name
	versions   map[string]string        // Terraform's, by the state's name
	addresses  map[string][]string      // of the root module's resources, by the state's name
	files      map[string]string        // paths of --state files, by the state's name
	partial    bool                     // some state could not be read
	missing    bool                     // a workspace was named that there isn't
}

// readStates reads the states of the organization's workspaces and of --state
// files into an index. What can't be read is a problem of the report: objects
// that only it manages look unmanaged then.
func (p *program) readStates(ctx context.Context, cfg *config.Config, report *model.Report) (*managed, error) {
	m := &managed{index: match.NewIndex(), workspaces: map[string]tfc.Workspace{}, versions: map[string]string{}, addresses: map[string][]string{}, files: map[string]string{}}
	if cfg.TerraformCloud.Organization == "" && len(cfg.States) == 0 {
		return nil, userfault.Usage(`name the organization with --org, or state files with --state; where nothing is managed yet, a file that holds {"version": 4} says so`, "nothing tells what is managed")
	}
	lose := func(name string, err error) {
		m.mu.Lock()
		defer m.mu.Unlock()
		m.partial = true
		report.Problems = append(report.Problems, problems(name, err)...)
	}
	for i, name := range stateNames(cfg.States) {
		m.files[name] = cfg.Resolve(cfg.States[i])
		if err := p.readStateFile(cfg, m, name, cfg.States[i]); err != nil {
			lose(name, err)
		}
	}
	if cfg.TerraformCloud.Organization == "" {
		return m, ctx.Err()
	}
	client, err := p.organization(cfg)
	if err != nil {
		return nil, err
	}
	// All workspaces of the organization, whatever --workspace says: what one
	// manages is unmanaged to none.
	filter := tfc.Filter{Organization: cfg.TerraformCloud.Organization}
	err = client.EachState(ctx, filter, cfg.Parallel, func(w tfc.Workspace, state io.Reader) error {
		m.mu.Lock()
		m.workspaces[w.Name] = w
		m.mu.Unlock()
		// Held until it is whole: a transfer that breaks off is begun again,
		// and what was added to the index can't be taken back.
		whole, err := io.ReadAll(state)
		if err != nil {
			return err
		}
		if err := p.readState(m, w.Name, bytes.NewReader(whole)); err != nil {
			return userfault.Wrap(err, "see the workspace's states", "the state of workspace %s/%s can't be read", w.Organization, w.Name)
		}
		return nil
	}, func(w tfc.Workspace, err error) {
		m.mu.Lock()
		m.workspaces[w.Name] = w
		m.mu.Unlock()
		lose(w.Name, err)
	})
	if err != nil {
		m.partial = true
		return m, err
	}
	for _, name := range cfg.TerraformCloud.Workspaces {
		err := m.addEmpty(ctx, client, cfg.TerraformCloud.Organization, name)
		var gone *tfc.Unreadable
		if errors.As(err, &gone) && gone.Status == http.StatusNotFound { // no state of it can be missing
			m.missing = true
			err = userfault.New("see --workspace; the token may see only some of the workspaces", "organization %s has no workspace %s", cfg.TerraformCloud.Organization, name)
			report.Problems = append(report.Problems, problems(name, err)...)
		} else if err != nil {
			lose(name, err)
		}
	}
	return m, ctx.Err()
}

// addEmpty adds a workspace that --workspace names and that has no state yet:
// it manages nothing, and may adopt all the same.
func (m *managed) addEmpty(ctx context.Context, client *tfc.Client, organization, name string) error {
	if _, known := m.workspaces[name]; known || strings.ContainsAny(name, `*?[\`) {
		return nil
	}
	w, err := client.WorkspaceNamed(ctx, organization, name)
	if err != nil {
		return err
	}
	m.workspaces[name], m.versions[name] = w, w.TerraformVersion
	return nil
}

func (p *program) readStateFile(cfg *config.Config, m *managed, name, path string) error {
	f, err := os.Open(cfg.Resolve(path))
	if err != nil {
		return userfault.Wrap(err, "--state names a file that `terraform state pull` wrote", "the state can't be read")
	}
	defer f.Close()
	if info, err := f.Stat(); err == nil && info.IsDir() {
		return userfault.New("--state names a file that `terraform state pull` wrote", "the state can't be read: %s is a folder", path)
	}
	if err := p.readState(m, name, f); err != nil {
		return userfault.Wrap(err, "a state is what `terraform state pull` prints", "the state %s can't be read", path)
	}
	return nil
}

// readState adds one state to the index. It is safe for concurrent use.
func (p *program) readState(m *managed, name string, state io.Reader) error {
	own := &secret.Set{}
	var roots []string
	info, err := statefile.Decode(state, own, func(r model.Managed) error {
		r.Workspace = name
		m.index.Add(r)
		root, _, _ := strings.Cut(r.Address, "[")
		if !strings.HasPrefix(root, "module.") && (len(roots) == 0 || roots[len(roots)-1] != root) {
			roots = append(roots, root)
		}
		return nil
	})
	p.secrets.Join(own)
	m.mu.Lock()
	defer m.mu.Unlock()
	m.versions[name], m.addresses[name] = info.TerraformVersion, roots
	return err
}

// stateNames names state files as workspaces: by their base name or, where that
// is Terraform's own, by their folder; where two would be called the same, by
// their path.
func stateNames(paths []string) []string {
	names := make([]string, len(paths))
	for i, path := range paths {
		names[i] = strings.TrimSuffix(filepath.Base(path), ".tfstate")
		// Terraform calls them all so: it is the folder that tells.
		if folder := filepath.Base(filepath.Dir(path)); names[i] == "terraform" && folder != "." && folder != string(filepath.Separator) {
			names[i] = folder
		}
	}
	out := slices.Clone(names)
	for i := range names {
		if same := slices.DeleteFunc(slices.Clone(names), func(n string) bool { return n != names[i] }); len(same) > 1 {
			out[i] = filepath.ToSlash(strings.TrimSuffix(paths[i], ".tfstate"))
		}
	}
	return out
}
