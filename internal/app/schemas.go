package app

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"

	"github.com/strandline-tf/strandline/internal/fetch/schema"
	"github.com/strandline-tf/strandline/internal/model"
	"github.com/strandline-tf/strandline/internal/propose"
	"github.com/strandline-tf/strandline/internal/prove"
	"github.com/strandline-tf/strandline/internal/userfault"
)

// learn has the providers of a workspace's configuration tell what they know of
// the types that b adopts: what is sensitive, and what may be set. Without a
// terraform that can tell, a plan finds it out, or nobody.
func (p *program) learn(ctx context.Context, b *propose.Batch, planner prove.Planner, at localWorkspace, verify bool) {
	objects := b.Objects()
	types := map[string]bool{}
	for _, o := range objects {
		types[o.Type] = true
	}
	want := func(typ string) bool { return types[typ] }
	var known *schema.Schemas
	var err error
	if local, ok := planner.(*localPlanner); ok {
		known, err = local.schemasWith(ctx, contents(b.Files()), want)
	} else {
		known, err = p.providerSchemas(ctx, at, verify, want)
	}
	if err != nil || known == nil || len(known.Providers.Schemas) == 0 {
		if err != nil && ctx.Err() == nil {
			p.log.Info("what the providers know of their types can't be told", "workspace", b.Workspace, "why", oneLine(err.Error()))
		}
		return
	}
	for _, o := range objects {
		p.secrets.Add(known.Secrets(o)...)
	}
	for _, o := range objects {
		p.guard(o)
	}
	b.Learn(known.Providers)
}

// contents are the contents of files, by path.
func contents(files []model.File) map[string][]byte {
	out := make(map[string][]byte, len(files))
	for _, f := range files {
		out[f.Path] = []byte(f.Content)
	}
	return out
}

// providerSchemas asks the providers of a configuration in its folder, where it
// is initialised, else with mayInit in a copy that is. Nothing is known, and
// nothing wrong, where neither is so.
func (p *program) providerSchemas(ctx context.Context, at localWorkspace, mayInit bool, want func(typ string) bool) (*schema.Schemas, error) {
	folder := filepath.Join(at.Root, filepath.FromSlash(at.Folder))
	terraform, err := exec.LookPath("terraform")
	switch {
	case err != nil && mayInit:
		return nil, userfault.Wrap(err, "install Terraform", "there is no terraform on this machine to ask")
	case err == nil && isInitialized(folder):
		there := &localPlanner{p: p, terraform: terraform, folder: folder, limit: at.Limit,
			env: append(append([]string{}, p.environ...), "TF_IN_AUTOMATION=1", "TF_INPUT=0", "CHECKPOINT_DISABLE=1")}
		known, err := there.schemas(ctx, want)
		if err == nil || !mayInit || ctx.Err() != nil {
			return known, err
		}
	}
	if !mayInit {
		return nil, nil
	}
	at.State = os.DevNull // providers need neither a state nor a backend
	elsewhere, err := p.localPlanner(at)
	if err != nil {
		return nil, err
	}
	defer elsewhere.Close()
	return elsewhere.schemasWith(ctx, nil, want)
}

// isInitialized reports whether `terraform init` has installed providers for a
// folder.
func isInitialized(folder string) bool {
	info, err := os.Stat(filepath.Join(folder, ".terraform", "providers"))
	return err == nil && info.IsDir()
}
