package app

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"sync"

	"github.com/strandline-tf/strandline/internal/config"
	"github.com/strandline-tf/strandline/internal/fetch/inventory"
	"github.com/strandline-tf/strandline/internal/fetch/inventory/tfquery"
	"github.com/strandline-tf/strandline/internal/fetch/tfc"
	"github.com/strandline-tf/strandline/internal/model"
	"github.com/strandline-tf/strandline/internal/userfault"
)

// querySource is the inventory that `terraform query` makes of all that the
// providers of the workspaces asked for can list: of workspaces of Terraform
// Cloud as query runs there, with their own credentials; else on this machine,
// in the folders of the state files or, where these have no configuration, in
// the working directory.
type querySource struct {
	p   *program
	cfg *config.Config
	c   *comparison // complete once List is called
	// folder is that of a workspace in this checkout, "" for none.
	folder func(workspace string) string

	asking sync.Mutex // providers are large, and terraform installs them for one workspace after another
}

// queryable is a workspace of Terraform Cloud with its folder in this checkout.
type queryable struct {
	tfc.Workspace
	folder string
}

// Name returns "terraform-query".
func (*querySource) Name() string { return "terraform-query" }

// List queries as inventory.Source says.
func (s *querySource) List(ctx context.Context, yield func(model.Object) error) (inventory.Listing, error) {
	if s.cfg.TerraformCloud.Organization == "" {
		return s.local(ctx, yield)
	}
	var all []queryable
	var absent []string
	asked := s.c.asked(s.cfg)
	for _, name := range asked {
		w, cloud := s.c.managed.workspaces[name]
		if !cloud {
			continue
		}
		folder := s.folder(name)
		if folder == "" && len(asked) == 1 && w.Repository == "" && w.WorkingDirectory == "" {
			folder = s.cfg.Dir // nothing says that it isn't the one that is meant
		}
		if len(terraformFiles(folder)) == 0 {
			absent = append(absent, name)
			continue
		}
		all = append(all, queryable{w, folder})
	}
	if len(all) == 0 {
		return inventory.Listing{}, userfault.New("run it in a checkout of their repository, or give what `terraform query -json` prints: --inventory terraform-query:FILE",
			"terraform query needs the configuration of the workspaces, and here is that of none of those asked for")
	}
	l, err := s.cloud(ctx, all, yield)
	if len(absent) > 0 && err == nil {
		l.Notes = append(l.Notes, "Not queried, since their configuration isn't in this checkout: "+someOf(absent)+".")
	}
	return l, err
}

// someOf lists names, of many only the first.
func someOf(names []string) string {
	const most = 10
	if len(names) <= most {
		return strings.Join(names, ", ")
	}
	return fmt.Sprintf("%s and %d more", strings.Join(names[:most], ", "), len(names)-most)
}

// local queries on this machine, in one folder after another.
func (s *querySource) local(ctx context.Context, yield func(model.Object) error) (inventory.Listing, error) {
	var folders []string
	for _, name := range s.c.asked(s.cfg) {
		if dir := s.folder(name); dir != "" && !slices.Contains(folders, dir) {
			folders = append(folders, dir)
		}
	}
	if len(folders) == 0 {
		folders = []string{s.cfg.Dir}
	}
	var all []queried
	for _, dir := range folders {
		l, err := tfquery.Run(tfquery.Options{Dir: dir, Env: s.p.environ, Secrets: s.p.secrets}).List(ctx, yield)
		if ctx.Err() != nil {
			return inventory.Listing{}, ctx.Err()
		}
		all = append(all, queried{"", l, err})
	}
	return joined(all)
}

// cloud queries in Terraform Cloud, in several workspaces at a time.
func (s *querySource) cloud(ctx context.Context, all []queryable, yield func(model.Object) error) (inventory.Listing, error) {
	client, err := s.p.organization(s.cfg)
	if err != nil {
		return inventory.Listing{}, err
	}
	var one sync.Mutex // yields, and nobody else
	out := make([]queried, len(all))
	work := &pool[int]{limit: s.cfg.Parallel, work: func(i int) {
		if ctx.Err() != nil {
			return
		}
		l, err := s.query(ctx, client, all[i], func(o model.Object) error {
			one.Lock()
			defer one.Unlock()
			return yield(o)
		})
		out[i] = queried{all[i].Name, l, err}
	}}
	for i := range all {
		work.add(i)
	}
	work.wait()
	if ctx.Err() != nil {
		return inventory.Listing{}, ctx.Err()
	}
	return joined(out)
}

// query has one workspace queried.
func (s *querySource) query(ctx context.Context, client *tfc.Client, w queryable, yield func(model.Object) error) (l inventory.Listing, err error) {
	at := localWorkspace{Root: rootOf(s.cfg, w.folder), Limit: s.cfg.Wait}
	inside, err := filepath.Rel(at.Root, w.folder)
	if err != nil {
		return l, userfault.Wrap(err, "", "workspace %s can't be queried", w.Name)
	}
	at.Folder = filepath.ToSlash(inside)
	root, folder, err := uploaded(&w.Workspace, at.Root, at.Folder)
	if err != nil {
		return l, err
	}
	files := map[string][]byte{}
	var notes []string
	s.asking.Lock()
	known, untold := s.p.providerSchemas(ctx, at, true, nil)
	s.asking.Unlock()
	if untold == nil {
		var name, text string
		if name, text, notes, err = tfquery.QueryFile(w.folder, known, 0); err != nil {
			return l, err
		}
		if text != "" {
			files[name] = []byte(text)
		}
	}
	if own, _ := filepath.Glob(filepath.Join(w.folder, "*.tfquery.hcl")); len(own)+len(files) == 0 {
		return l, nothingToList(w.Name, untold)
	}
	archive, done, err := packed(root, folder, files)
	if err != nil {
		return l, err
	}
	defer done()
	log, err := client.Query(ctx, w.Workspace, archive, s.p.clock.Now().Add(s.cfg.Wait))
	if err != nil {
		return l, err
	}
	defer log.Close()
	l, err = tfquery.Read(ctx, log, tfquery.ReadOptions{Name: "the query run of workspace " + w.Name, Secrets: s.p.secrets, Schemas: known}, yield)
	l.Notes = append(l.Notes, notes...)
	return l, err
}

// nothingToList says why there is no list block to run.
func nothingToList(workspace string, untold error) error {
	const hint = "have Terraform 1.14 or newer on this machine, which tells what the providers can list, or write list blocks into a .tfquery.hcl of that folder"
	if untold != nil {
		return userfault.Wrap(untold, hint, "workspace %s has no list blocks, and what its providers can list isn't known", workspace)
	}
	return userfault.New(hint, "workspace %s has no list blocks, and its providers list nothing that the terraform on this machine knows of", workspace)
}

// queried is what came of querying one folder or workspace.
type queried struct {
	workspace string
	inventory.Listing
	err error
}

// joined is what several queries list. Its error is for where none could be
// made.
func joined(all []queried) (out inventory.Listing, err error) {
	var lost []error
	var failures []model.Problem
	var remarks []string
	for _, q := range all {
		for _, problem := range q.Problems {
			problem.Workspace = q.workspace
			out.Problems = append(out.Problems, problem)
		}
		out.Types, out.Notes = append(out.Types, q.Types...), append(out.Notes, q.Notes...)
		if q.err == nil {
			continue
		}
		var none *tfc.NoQueryRuns
		if errors.As(q.err, &none) { // it is so of all
			return out, q.err
		}
		lost = append(lost, q.err)
		var reason *tfc.NotCheckable
		if errors.As(q.err, &reason) && reason.Lasting { // by its settings, and so tomorrow: no failure of this run
			remarks = append(remarks, "Not queried: "+oneLine(q.err.Error())+".")
			continue
		}
		failures = append(failures, problems(q.workspace, q.err)...)
	}
	slices.Sort(out.Types)
	out.Types = slices.Compact(out.Types)
	if len(lost) == len(all) {
		return out, errors.Join(lost...)
	}
	out.Problems, out.Notes = append(out.Problems, failures...), append(out.Notes, remarks...)
	return out, nil
}
