package app

import (
	"context"
	"path"
	"path/filepath"

	"github.com/strandline-tf/strandline/internal/config"
	"github.com/strandline-tf/strandline/internal/fetch/tfc"
	"github.com/strandline-tf/strandline/internal/model"
	"github.com/strandline-tf/strandline/internal/propose"
	"github.com/strandline-tf/strandline/internal/prove"
	"github.com/strandline-tf/strandline/internal/userfault"
)

// prove has the proposal for one workspace, whose configuration is in folder,
// planned and repaired, where --verify asks for it, and says what came of it.
func (p *program) prove(ctx context.Context, cfg *config.Config, c *comparison, b *propose.Batch, folder string, report *model.Report) *model.Workspace {
	w := c.workspace(b.Workspace)
	s := model.Suggestion{Kind: "import", Workspace: b.Workspace, Verified: prove.Unverified, Why: "not proven: --verify has it planned"}
	var planner prove.Planner
	var err error
	if cfg.Adopt.Verify {
		var done func()
		if planner, done, err = p.planner(cfg, c, b.Workspace, folder); err == nil {
			defer done()
		}
	}
	root := rootOf(cfg, folder)
	if inside, outside := filepath.Rel(root, folder); outside == nil {
		p.learn(ctx, b, planner, localWorkspace{Root: root, Folder: filepath.ToSlash(inside), Limit: cfg.Wait}, cfg.Adopt.Verify)
	}
	left := p.leaveSecrets(b)
	switch {
	case len(b.Resources()) == 0:
		s.Why = prove.NothingLeft(left)
	case !cfg.Adopt.Verify:
	case err != nil:
		s.Why = oneLine(err.Error())
		report.Problems = append(report.Problems, problems(b.Workspace, err)...)
	default:
		result := p.verify(ctx, b, planner, report.Unmanaged)
		s.Verified, s.Why = result.Status, result.Why
		w.Changes = remaining(result)
		if (result.Status == prove.Changes || result.Status == prove.Failed) && ctx.Err() == nil {
			report.Problems = append(report.Problems, problems(b.Workspace, userfault.New("what is left is written down all the same, to be mended by hand",
				"the import into workspace %s is not proven: %s", b.Workspace, result.Why))...)
		}
	}
	s.Files = b.Files()
	for i := range s.Files {
		s.Files[i].Path = shown(cfg, filepath.Join(folder, s.Files[i].Path))
	}
	w.Suggestions = []model.Suggestion{s}
	return w
}

// verify has a proposal planned and repaired.
func (p *program) verify(ctx context.Context, b *propose.Batch, planner prove.Planner, objects []model.Unmanaged) prove.Result {
	isSecret := func(text string) bool { return p.secrets.Text(text) != text }
	result := prove.Verify(ctx, b, planner, prove.Options{Objects: objects, Log: p.log, Secret: isSecret})
	// The proof has taken out what a plan tells to be secret. Should anything be
	// left, it isn't written, and what is written then was never planned.
	if left := p.leaveSecrets(b); len(left) > 0 {
		result.Status, result.Why = prove.Unverified, prove.NothingLeft(left)
		if len(b.Resources()) > 0 {
			result.Why = "taken out after the last plan: " + prove.Listed(left)
		}
		b.Verified(result.Status, "")
	}
	return result
}

// remaining are the changes to adopted resources that the last plan still has.
func remaining(r prove.Result) []model.Change {
	if r.Plan == nil {
		return nil
	}
	differs := map[string]bool{}
	for _, d := range r.Differs {
		differs[d.Address] = true
	}
	var out []model.Change
	for _, c := range r.Plan.Changes {
		if differs[c.Address] {
			out = append(out, c)
		}
	}
	return out
}

// planner chooses what makes the plans: a speculative run in Terraform Cloud
// for a workspace that is there, which has its own credentials, else a
// terraform on this machine. done gives back what it holds.
func (p *program) planner(cfg *config.Config, c *comparison, workspace, folder string) (_ prove.Planner, done func(), err error) {
	w, cloud := c.managed.workspaces[workspace]
	root := rootOf(cfg, folder)
	inside, err := filepath.Rel(root, folder)
	if err != nil {
		return nil, nil, userfault.Wrap(err, "--dir names the folder to write to", "the folder of workspace %s can't be planned", workspace)
	}
	inside = filepath.ToSlash(inside)
	if cloud && cfg.Adopt.VerifyWith != config.VerifyLocal {
		if len(terraformFiles(folder)) == 0 {
			return nil, nil, userfault.New("run it in a checkout of the workspace's configuration, or name that folder with --dir",
				"workspace %s can't be planned: there is no configuration of it in %s", workspace, folder)
		}
		if root, inside, err = uploaded(&w, root, inside); err != nil {
			return nil, nil, err
		}
		client, err := p.organization(cfg)
		if err != nil {
			return nil, nil, err
		}
		return p.cloudPlanner(client, w, root, inside, cfg.Wait), func() {}, nil
	}
	if cfg.Adopt.VerifyWith == config.VerifyCloud {
		return nil, nil, userfault.New("name its organization with --org, or verify with a local terraform", "workspace %s is not in Terraform Cloud", workspace)
	}
	local, err := p.localPlanner(localWorkspace{Root: root, Folder: inside, State: c.managed.files[workspace], Limit: cfg.Wait})
	if err != nil {
		return nil, nil, err
	}
	return local, local.Close, nil
}

// uploaded says what a workspace is given of the repository at root, and which
// folder of that it runs in, if its configuration is in the repository's folder
// inside.
func uploaded(w *tfc.Workspace, root, inside string) (from, folder string, err error) {
	switch wants := path.Clean("./" + path.Clean("/" + w.WorkingDirectory)[1:]); wants {
	case ".": // the folder alone is all that it is given
		return filepath.Join(root, filepath.FromSlash(inside)), ".", nil
	case inside:
		return root, inside, nil
	default:
		return "", "", userfault.New("run it in a checkout of the whole repository", "workspace %s runs in %s, and its configuration is in %s of the repository %s",
			w.Name, wants, inside, root)
	}
}
