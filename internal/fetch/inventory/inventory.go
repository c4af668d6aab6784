// Package inventory says what a source of existing objects is. The sources
// themselves are its subpackages: aws asks AWS, tfquery runs or reads
// `terraform query`, terraformer reads what terraformer wrote, file reads a
// list that anything may have made.
//
// Before it come credentials, files and programs; after it comes package match,
// which looks each object up among what the states manage.
package inventory

import (
	"context"

	"github.com/strandline-tf/strandline/internal/model"
)

// Source is one place that can tell what exists.
type Source interface {
	// Name is what the report calls the source: aws, terraform-query,
	// terraformer or file.
	Name() string
	// List hands every object to yield, one after another and never two at
	// once, and stops at the first error that yield returns. What could not be
	// listed stands in the Listing's Problems; an error is for what keeps from
	// listing anything at all. Even beside an error the Listing is valid for
	// what was handed over.
	List(ctx context.Context, yield func(model.Object) error) (Listing, error)
}

// Listing says what a source looked for, and what it could not see.
type Listing struct {
	// Types are the Terraform types that were looked for, found or not: of
	// these, what is missing does not exist.
	Types []string
	// Unsupported counts objects that exist and whose type the source can't
	// list, by what their own API calls the type (ec2:vpc-block-public-access).
	Unsupported []Unsupported
	Problems    []model.Problem // what could not be listed: the report is partial
	Notes       []string        // remarks that are no failure: a list that may have been cut short
}

// Unsupported is how many objects there are of a type that can't be listed.
type Unsupported struct {
	Type, Account, Region string
	Count                 int
}
