package tfc

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"github.com/hashicorp/go-tfe"
	"golang.org/x/sync/errgroup"

	"github.com/strandline-tf/strandline/internal/userfault"
)

// Filter says which runs, or workspaces, are wanted. Empty fields don't narrow.
type Filter struct {
	Organization string
	Commit       string   // of runs: in full, or at least its first 7 characters
	Workspaces   []string // globs as path.Match has them; one has to match the name
	Project      string   // name
	Tags         []string // names; a workspace has to have all of them
}

// narrows reports whether the filter says anything about workspaces.
func (f Filter) narrows() bool { return len(f.Workspaces) > 0 || f.Project != "" || len(f.Tags) > 0 }

// Match reports whether a run, found by whatever way, is wanted. A run whose
// project's name could not be found out is in no project.
func (f Filter) Match(r Run) bool {
	return (f.Organization == "" || f.Organization == r.Organization) &&
		(f.Project == "" || f.Project == r.Project) &&
		(f.Commit == "" || r.OfCommit(f.Commit)) &&
		f.matchName(r.Workspace) && hasAll(r.Tags, f.Tags)
}

func hasAll(have, want []string) bool {
	for _, t := range want {
		if !slices.Contains(have, t) {
			return false
		}
	}
	return true
}

// minCommit is the length from which a beginning of a commit's name counts.
const minCommit = 7

// OfCommit reports whether the run is of the commit: of the one with that name
// or, from 7 characters on, a name that begins so.
func (r Run) OfCommit(commit string) bool {
	return len(commit) >= minCommit && strings.HasPrefix(strings.ToLower(r.Commit), strings.ToLower(commit))
}

// Newest returns the newest run of each workspace, sorted by organization and
// name.
func Newest(runs []Run) []Run {
	newest := map[string]Run{}
	for _, r := range runs {
		key := cmp.Or(r.WorkspaceID, r.Organization+"/"+r.Workspace)
		if have, ok := newest[key]; !ok || cmp.Or(r.CreatedAt.Compare(have.CreatedAt), cmp.Compare(r.ID, have.ID)) > 0 {
			newest[key] = r
		}
	}
	out := make([]Run, 0, len(newest))
	for _, r := range newest {
		out = append(out, r)
	}
	slices.SortFunc(out, func(a, b Run) int {
		return cmp.Or(cmp.Compare(a.Organization, b.Organization), cmp.Compare(a.Workspace, b.Workspace), cmp.Compare(a.ID, b.ID))
	})
	return out
}

// maxTries bounds how many runs of one workspace are read in search of one
// that is of the commit: all listed are, unless the server ignores the search.
const maxTries = 10

// Failed is a run, or a workspace, that should be reported and could not be
// read. Of Run is set what is known: at least the organization, and one of the
// workspace's name and the run's id.
type Failed struct {
	Run Run
	Err error
}

// RunsOfCommit returns the newest run of the commit in each of the
// organization's workspaces that the filter lets through. Each has been read,
// and is itself of the commit. What was found and could not be read is
// returned beside them; err is for what keeps from finding anything at all.
func (c *Client) RunsOfCommit(ctx context.Context, f Filter) (runs []Run, failed []Failed, err error) {
	if len(f.Commit) < minCommit {
		return nil, nil, userfault.Usage("give the commit's whole SHA", "%q is too short to tell a commit", f.Commit)
	}
	listed, failed, err := c.listRuns(ctx, f)
	if err != nil {
		return nil, nil, err
	}
	results := make([]Failed, len(listed))
	var g errgroup.Group
	g.SetLimit(parallel)
	for i, refs := range listed {
		g.Go(func() error {
			results[i] = c.firstOf(ctx, refs, f)
			return nil // it stands in the result
		})
	}
	_ = g.Wait()
	for _, r := range results {
		switch {
		case r.Err != nil:
			failed = append(failed, r)
		case r.Run.ID != "":
			runs = append(runs, r.Run)
		}
	}
	return Newest(runs), failed, ctx.Err()
}

// firstOf reads the runs of one workspace until one is of the commit; the
// result is empty where none is.
func (c *Client) firstOf(ctx context.Context, refs []*tfe.Run, f Filter) Failed {
	for _, ref := range refs[:min(len(refs), maxTries)] {
		run, err := c.Run(ctx, ref.ID)
		if err != nil {
			run = Run{ID: ref.ID, Organization: f.Organization, WorkspaceID: ref.Workspace.ID, Workspace: ref.Workspace.Name}
			if run.Workspace == "" {
				run.Workspace = c.workspaceName(ctx, ref.Workspace.ID)
			}
			return Failed{run, err}
		}
		if run.OfCommit(f.Commit) {
			return Failed{Run: run}
		}
	}
	return Failed{}
}

// workspaceName returns a workspace's name for a report on what could not be
// read, or "".
func (c *Client) workspaceName(ctx context.Context, id string) (name string) {
	_ = c.do(ctx, "read workspace "+id, func(ctx context.Context) error {
		w, err := c.api.Workspaces.ReadByID(ctx, id)
		if err == nil {
			name = w.Name
		}
		return err
	})
	return name
}

// listRuns lists the commit's runs by workspace, newest first.
func (c *Client) listRuns(ctx context.Context, f Filter) (listed [][]*tfe.Run, failed []Failed, err error) {
	var wanted []*tfe.Workspace
	if f.narrows() {
		if wanted, err = c.workspaces(ctx, f); err != nil || len(wanted) == 0 {
			return nil, nil, err
		}
	}
	runs, err := c.organizationRuns(ctx, f)
	if missing(err) {
		// Either the server has no such list, or there is no such
		// organization: listing its workspaces tells.
		if !f.narrows() {
			if wanted, err = c.workspaces(ctx, f); err != nil {
				return nil, nil, err
			}
		}
		runs, failed = c.workspaceRuns(ctx, wanted, f)
		err = ctx.Err()
	}
	if err != nil {
		return nil, nil, err
	}
	return byWorkspace(runs, wanted, f.narrows()), failed, nil
}

// byWorkspace groups runs, and drops those of workspaces that aren't wanted.
func byWorkspace(runs []*tfe.Run, wanted []*tfe.Workspace, narrow bool) [][]*tfe.Run {
	slices.SortStableFunc(runs, func(a, b *tfe.Run) int { return b.CreatedAt.Compare(a.CreatedAt) })
	known := map[string]*tfe.Workspace{}
	for _, w := range wanted {
		known[w.ID] = w
	}
	groups := map[string]int{}
	var out [][]*tfe.Run
	for _, r := range runs {
		if r.Workspace == nil {
			continue
		}
		if w := known[r.Workspace.ID]; w != nil {
			r.Workspace = w // with its name
		} else if narrow {
			continue
		}
		at, ok := groups[r.Workspace.ID]
		if !ok {
			at = len(out)
			groups[r.Workspace.ID] = at
			out = append(out, nil)
		}
		out[at] = append(out[at], r)
	}
	return out
}

// allOperations names every kind of run: a list that isn't asked for plan-only
// runs leaves them out, and those of pull requests are such.
// https://developer.hashicorp.com/terraform/cloud-docs/api-docs/run#list-runs-in-a-workspace
func allOperations() string {
	ops := []tfe.RunOperation{tfe.RunOperationPlanOnly, tfe.RunOperationPlanApply, tfe.RunOperationSavePlan,
		tfe.RunOperationRefreshOnly, tfe.RunOperationDestroy, tfe.RunOperationEmptyApply}
	var names []string
	for _, op := range ops {
		names = append(names, string(op))
	}
	return strings.Join(names, ",")
}

func (c *Client) organizationRuns(ctx context.Context, f Filter) (runs []*tfe.Run, err error) {
	err = c.do(ctx, "list the runs of organization "+f.Organization, func(ctx context.Context) (err error) {
		runs, err = pages(func(l tfe.ListOptions) ([]*tfe.Run, int, error) {
			list, err := c.api.Runs.ListForOrganization(ctx, f.Organization, &tfe.RunListForOrganizationOptions{
				ListOptions: l, Commit: f.Commit, Operation: allOperations()})
			if err != nil || list.PaginationNextPrev == nil {
				return nil, 0, err
			}
			return list.Items, list.NextPage, nil
		})
		return err
	})
	return runs, err
}

// workspaceRuns lists runs workspace by workspace, for servers without
// organization-wide runs. One page is plenty for one commit, and bounds what a
// server sends that ignores the search.
func (c *Client) workspaceRuns(ctx context.Context, all []*tfe.Workspace, f Filter) ([]*tfe.Run, []Failed) {
	lists, errs := make([][]*tfe.Run, len(all)), make([]error, len(all))
	var g errgroup.Group
	g.SetLimit(parallel)
	for i, w := range all {
		g.Go(func() error {
			errs[i] = c.do(ctx, "list the runs of workspace "+f.Organization+"/"+w.Name, func(ctx context.Context) error {
				list, err := c.api.Runs.List(ctx, w.ID, &tfe.RunListOptions{
					ListOptions: tfe.ListOptions{PageSize: pageSize}, Commit: f.Commit, Operation: allOperations()})
				if err != nil {
					return err
				}
				lists[i] = list.Items
				return nil
			})
			return nil // it stands in errs
		})
	}
	_ = g.Wait()
	var failed []Failed
	for i, w := range all {
		if errs[i] != nil {
			failed = append(failed, Failed{Run{Organization: f.Organization, Workspace: w.Name, WorkspaceID: w.ID}, errs[i]})
		}
		for _, r := range lists[i] {
			r.Workspace = w // a list may leave it out
		}
	}
	return slices.Concat(lists...), failed
}
