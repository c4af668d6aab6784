package app

import (
	"context"
	"errors"
	"strings"
	"sync"
	"time"

	"github.com/strandline-tf/strandline/internal/config"
	"github.com/strandline-tf/strandline/internal/fetch/tfc"
	"github.com/strandline-tf/strandline/internal/model"
	"github.com/strandline-tf/strandline/internal/userfault"
)

// elsewhere is the Folder of a workspace whose configuration is in another
// repository. No folder can be called so.
const elsewhere = "/"

// checkWorkspaces reads the drift of every workspace asked for into the
// report, while the list still comes in: --parallel that have their answer
// ready at a time and, since those mostly wait, as many besides for which
// something has to be started. complete is false where the list was cut short.
func (p *program) checkWorkspaces(ctx context.Context, cfg *config.Config, here *place, report *model.Report) (complete bool, err error) {
	client, err := p.organization(cfg)
	if err != nil {
		return false, err
	}
	t := &cfg.TerraformCloud
	refresh := tfc.Refresh{Mode: tfc.RefreshMode(cfg.Refresh), MaxAge: cfg.MaxAge, Deadline: p.clock.Now().Add(cfg.Wait)}
	var mu sync.Mutex
	check := func(found tfc.Workspace) {
		w, missing := p.checkWorkspace(ctx, client, found, refresh)
		own(cfg, w, found.Tags)
		if found.Repository != "" && here.repository != "" && !strings.EqualFold(found.Repository, here.repository) {
			w.Folder = elsewhere
		}
		mu.Lock()
		defer mu.Unlock()
		report.Workspaces = append(report.Workspaces, *w)
		report.Problems = append(report.Problems, missing...)
	}
	ready := pool[tfc.Workspace]{work: check, limit: cfg.Parallel}
	waiting := pool[tfc.Workspace]{work: check, limit: cfg.Parallel}
	filter := tfc.Filter{Organization: t.Organization, Workspaces: t.Workspaces, Project: t.Project, Tags: t.Tags}
	listed := 0
	err = client.EachWorkspace(ctx, filter, tfc.WithAssessment, func(found tfc.Workspace) error {
		listed++
		switch part := model.Shard(cfg.Shard); {
		case !part.Holds(found.Organization, found.Name):
		case refresh.Mode != tfc.RefreshRun && found.Assessment != nil && p.clock.Now().Sub(found.Assessment.CreatedAt) < cfg.MaxAge:
			ready.add(found)
		default:
			waiting.add(found)
		}
		return ctx.Err()
	})
	ready.wait()
	waiting.wait()
	if err == nil && listed == 0 {
		// A token that may no longer see any gets an empty list, too: what is
		// known of them stays.
		report.Notes = append(report.Notes, "Organization "+t.Organization+" shows no workspaces to this token, so nothing was checked.")
		return false, noWorkspaces(cfg)
	}
	return err == nil && ctx.Err() == nil, err
}

// organization returns the client for the organization that --org names.
func (p *program) organization(cfg *config.Config) (*tfc.Client, error) {
	t := &cfg.TerraformCloud
	if t.Organization == "" {
		return nil, userfault.Usage("name the Terraform Cloud organization with --org, or give files", "nothing tells where to look")
	}
	return p.hosts(cfg).named(t.Default.Address)
}

// noWorkspaces says that nothing is there to be looked at: an error where
// somebody named what should be there.
func noWorkspaces(cfg *config.Config) error {
	t := &cfg.TerraformCloud
	if len(t.Workspaces)+len(t.Tags) == 0 && t.Project == "" {
		return nil
	}
	return userfault.New("see --workspace, --project and --tag; the token may see only some of the workspaces",
		"no workspace of organization %s matches%s", t.Organization, narrowed(t))
}

// checkWorkspace reads the drift of one workspace.
func (p *program) checkWorkspace(ctx context.Context, client *tfc.Client, found tfc.Workspace, refresh tfc.Refresh) (*model.Workspace, []model.Problem) {
	w, err := p.readDrift(ctx, client, found, refresh)
	var missing []model.Problem
	if err != nil {
		w = unreadable(found.Name, err)
		w.Checked = false
		var reason *tfc.NotCheckable
		if errors.As(err, &reason) {
			w.Message = oneLine(reason.Reason)
		}
		switch {
		case ctx.Err() != nil:
			w.Message = "interrupted before it was checked"
		case reason != nil && reason.Lasting:
			// It is so by its settings, and will be so tomorrow: a remark, not
			// a failure of this check.
		default:
			missing = problems(found.Name, err)
		}
	}
	w.Name, w.Organization, w.Project = found.Name, found.Organization, found.Project
	if w.TerraformVersion == "" {
		w.TerraformVersion = found.TerraformVersion
	}
	w.Folder = found.WorkingDirectory
	return w, missing
}

func (p *program) readDrift(ctx context.Context, client *tfc.Client, found tfc.Workspace, refresh tfc.Refresh) (*model.Workspace, error) {
	drift, err := client.OpenDrift(ctx, found, refresh)
	if err != nil {
		return nil, err
	}
	w := model.NewWorkspace(found.Name)
	w.Status = model.StatusNoChanges
	if drift.Plan != nil {
		defer drift.Plan.Close()
		if w, err = p.decode(drift.Plan); err != nil {
			return nil, userfault.Wrap(err, hint(err), "the drift of workspace %s/%s can't be read", found.Organization, found.Name)
		}
	}
	w.Redacted = w.Redacted || drift.Redacted
	w.Source, w.RunID, w.RunURL = drift.Source, drift.RunID, drift.RunURL
	if !drift.At.IsZero() {
		w.CheckedAt = drift.At.UTC().Format(time.RFC3339)
	}
	return w, nil
}
