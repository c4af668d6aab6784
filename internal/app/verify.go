package app

import (
	"context"
	"path"
	"path/filepath"

	"github.com/strandline-tf/strandline/internal/config"
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
	if cfg.Adopt.Verify {
		planner, done, err := p.planner(cfg, c, b.Workspace, folder)
		if err != nil {
			s.Why = oneLine(err.Error())
			report.Problems = append(report.Problems, problems(b.Workspace, err)...)
		} else {
			result := prove.Verify(ctx, b, planner, prove.Options{Objects: report.Unmanaged, Log: p.log})
			done()
			p.leaveSecrets(b) // Terraform may have written some of it
			s.Verified, s.Why = result.Status, result.Why
			w.Changes = remaining(result)
			if (result.Status == prove.Changes || result.Status == prove.Failed) && ctx.Err() == nil {
				report.Problems = append(report.Problems, problems(b.Workspace, userfault.New("what is left is written down all the same, to be mended by hand",
					"the import into workspace %s is not proven: %s", b.Workspace, result.Why))...)
			}
		}
	}
	s.Files = b.Files()
	for i := range s.Files {
		s.Files[i].Path = shown(cfg, filepath.Join(folder, s.Files[i].Path))
	}
	w.Suggestions = []model.Suggestion{s}
	return w
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
	root := repositoryRoot(folder)
	inside, err := filepath.Rel(root, folder)
	if err != nil {
		return nil, nil, userfault.Wrap(err, "--dir names the folder to write to", "the folder of workspace %s can't be planned", workspace)
	}
	inside = filepath.ToSlash(inside)
	if cloud && cfg.Adopt.VerifyWith != config.VerifyLocal {
		switch wants := path.Clean("./" + path.Clean("/" + w.WorkingDirectory)[1:]); {
		case len(terraformFiles(folder)) == 0:
			return nil, nil, userfault.New("run it in a checkout of the workspace's configuration, or name that folder with --dir",
				"workspace %s can't be planned: there is no configuration of it in %s", workspace, folder)
		case wants == ".": // the folder alone is what the workspace is given
			root, inside = folder, "."
		case wants != inside:
			return nil, nil, userfault.New("run it in a checkout of the whole repository", "workspace %s can't be planned: it runs in %s, and %s is %s of its repository",
				workspace, wants, folder, inside)
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
