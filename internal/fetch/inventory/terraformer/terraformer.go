// Package terraformer takes an inventory from what terraformer wrote: its
// folders of states and configuration, in any layout.
//
// Before it comes a folder (generated/{provider}/{service}[/{region}], or
// whatever --path-pattern made); after it comes package match. What exists is
// told by the states; the resource blocks beside them become each object's
// configuration, with references to other files resolved, since the
// suggestions build their own. See
// https://github.com/GoogleCloudPlatform/terraformer
//
// A service that failed is only logged by terraformer, so that absence proves
// nothing.
package terraformer

import (
	"cmp"
	"context"
	"fmt"
	"io/fs"
	"maps"
	"path"
	"slices"

	"github.com/strandline-tf/strandline/internal/fetch/inventory"
	"github.com/strandline-tf/strandline/internal/model"
	"github.com/strandline-tf/strandline/internal/secret"
	"github.com/strandline-tf/strandline/internal/userfault"
)

// name is what the report calls the source.
const name = "terraformer"

// stateFile is what terraformer calls the state of each folder.
const stateFile = "terraform.tfstate"

// Source is one folder that terraformer wrote.
type Source struct {
	path    string
	dir     fs.FS
	secrets *secret.Set
}

var _ inventory.Source = (*Source)(nil)

// New returns the inventory in dir; path is what errors call it. What states
// mark sensitive is added to secrets.
func New(path string, dir fs.FS, secrets *secret.Set) *Source {
	return &Source{path: path, dir: dir, secrets: secrets}
}

// Name returns "terraformer".
func (s *Source) Name() string { return name }

// List hands over what the states hold, folder by folder, each object once. A
// folder whose state is missing or broken is a problem, and its service not
// seen; an error is for a folder without any state.
func (s *Source) List(ctx context.Context, yield func(model.Object) error) (inventory.Listing, error) {
	r := &reading{Source: s, types: map[string]struct{}{}, seen: map[string]struct{}{}, all: index{}}
	folders, err := s.folders()
	if err != nil {
		return inventory.Listing{}, userfault.Wrap(err, "name the folder that terraformer wrote: --inventory terraformer:DIR", "terraformer output %s can't be read", s.path)
	}
	states := 0
	// References lead from one folder to another: first all states, then all blocks.
	for _, f := range folders {
		if err := ctx.Err(); err != nil {
			return r.listing(), err
		}
		if f.state {
			states++
			r.readState(f)
		} else if f.resources() {
			r.problem(f, "there is no "+stateFile, "give terraformer's local output, or copy the state from its bucket beside the .tf files")
		}
	}
	if states == 0 {
		return r.listing(), userfault.New("name the folder that terraformer wrote (generated); it has a terraform.tfstate for each service", "%s holds no output of terraformer", s.path)
	}
	for _, f := range folders {
		if err := r.hand(ctx, f, yield); err != nil {
			return r.listing(), err
		}
	}
	return r.listing(), nil
}

// folder is one folder of the output.
type folder struct {
	path  string   // "." for the root
	state bool     // it has a state
	tf    []string // names of its .tf files
	items []item
	known index
}

// resources reports whether the folder has files that hold resource blocks.
func (f *folder) resources() bool {
	return slices.ContainsFunc(f.tf, func(file string) bool { return !aside[file] })
}

// aside are files in which terraformer writes no resources.
var aside = map[string]bool{"provider.tf": true, "outputs.tf": true, "variables.tf": true}

// folders returns all folders with files of terraformer, sorted.
func (s *Source) folders() ([]*folder, error) {
	found := map[string]*folder{}
	err := fs.WalkDir(s.dir, ".", func(file string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && d.Name() == ".terraform":
			return fs.SkipDir
		case !d.Type().IsRegular() || d.Name() != stateFile && path.Ext(file) != ".tf":
			return nil
		}
		f := found[path.Dir(file)]
		if f == nil {
			f = &folder{path: path.Dir(file), known: index{}}
			found[f.path] = f
		}
		if d.Name() == stateFile {
			f.state = true
		} else {
			f.tf = append(f.tf, d.Name())
		}
		return nil
	})
	return slices.SortedFunc(maps.Values(found), func(a, b *folder) int { return cmp.Compare(a.path, b.path) }), err
}

// reading is the state of one List.
type reading struct {
	*Source
	all      index // of all folders
	types    map[string]struct{}
	seen     map[string]struct{} // keys of objects
	problems []model.Problem
	notes    []string
}

func (r *reading) problem(f *folder, why, hint string) {
	r.problems = append(r.problems, model.Problem{Message: r.secrets.Text(fmt.Sprintf("%s: what terraformer found was not seen: %s", r.name(f), why)), Hint: hint})
}

func (r *reading) note(f *folder, text string) {
	r.notes = append(r.notes, r.secrets.Text(r.name(f)+": "+text))
}

func (r *reading) name(f *folder) string { return path.Join(r.path, f.path) }

func (r *reading) listing() inventory.Listing {
	return inventory.Listing{Types: slices.Sorted(maps.Keys(r.types)), Problems: r.problems, Notes: r.notes}
}
