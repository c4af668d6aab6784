// Package tfquery takes an inventory from `terraform query`: it reads the JSON
// lines that `terraform query -json` prints, from a file or any other reader,
// and it can run the program itself in a working directory.
//
// Before it come a file, a query run of HCP, or the terraform program; after it
// comes package match, since a query does not leave out what is managed.
//
// The lines hold sensitive values in clear, so what is kept of an object
// depends on what is known of its attributes: see kept.
// The command: https://developer.hashicorp.com/terraform/cli/commands/query
package tfquery

import (
	"context"
	"io"

	"github.com/strandline-tf/strandline/internal/fetch/inventory"
	"github.com/strandline-tf/strandline/internal/model"
	"github.com/strandline-tf/strandline/internal/secret"
	"github.com/strandline-tf/strandline/internal/userfault"
)

// name is what the report calls the source.
const name = "terraform-query"

// defaultLimit is how many objects a list block finds that sets no limit. See
// https://developer.hashicorp.com/terraform/language/block/tfquery/list
const defaultLimit = 100

// Source is the recorded output of a query.
type Source struct {
	path    string
	open    func() (io.ReadCloser, error)
	secrets *secret.Set
}

var _ inventory.Source = (*Source)(nil)

// File returns the inventory in the output that open gives; path is what
// errors call it. Sensitive values are added to secrets.
func File(path string, open func() (io.ReadCloser, error), secrets *secret.Set) *Source {
	return &Source{path: path, open: open, secrets: secrets}
}

// Name returns "terraform-query".
func (s *Source) Name() string { return name }

// List hands over what the query found.
func (s *Source) List(ctx context.Context, yield func(model.Object) error) (inventory.Listing, error) {
	in, err := s.open()
	if err != nil {
		return inventory.Listing{}, userfault.Wrap(err, "name a file that exists and may be read: --inventory terraform-query:FILE", "inventory %s can't be opened", s.path)
	}
	defer in.Close()
	return Read(ctx, in, ReadOptions{Name: s.path, Secrets: s.secrets}, yield)
}
