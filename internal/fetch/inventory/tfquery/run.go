package tfquery

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/strandline-tf/strandline/internal/fetch/inventory"
	"github.com/strandline-tf/strandline/internal/model"
	"github.com/strandline-tf/strandline/internal/secret"
	"github.com/strandline-tf/strandline/internal/userfault"
)

// manyObjects is the limit of each list block unless Options say otherwise:
// Terraform knows no way to say "all".
const manyObjects = 100_000

// queryFile is what a run writes into the working directory, and removes.
const queryFile = "strandline.tfquery.hcl"

// label is what the labels of its list blocks begin with.
const label = "strandline"

// lockFile is what `terraform init` leaves in a working directory.
const lockFile = ".terraform.lock.hcl"

// Options says what to run, and where.
type Options struct {
	Dir       string      // working directory: a workspace's configuration, whose providers are asked
	Terraform string      // the program; "": terraform, on the PATH of this process
	Env       []string    // its whole environment, NAME=VALUE
	Limit     int         // of objects for each type and provider configuration; 0: 100,000
	Secrets   *secret.Set // gets the sensitive values
}

// Runner is an inventory that `terraform query` makes.
type Runner struct{ o Options }

// Run returns the inventory of all types that the providers of the
// configuration in o.Dir can list without arguments, through each of their
// configurations there. Its query files, if it has any, are run too.
func Run(o Options) *Runner {
	if o.Terraform == "" {
		o.Terraform = "terraform"
	}
	return &Runner{o}
}

// List runs the query, as inventory.Source says. The working directory is left as it was, also where ctx
// ends: a directory that was not initialised is initialised elsewhere.
func (r *Runner) List(ctx context.Context, yield func(model.Object) error) (l inventory.Listing, err error) {
	scratch, err := os.MkdirTemp("", "strandline-query-")
	if err != nil {
		return l, userfault.Wrap(err, "set TMPDIR to a folder that may be written", "terraform query can't be prepared")
	}
	defer os.RemoveAll(scratch)
	tf := &program{o: r.o, scratch: scratch}
	if err := tf.supported(ctx); err != nil {
		return l, err
	}
	if tf.data() {
		defer r.keepOut(lockFile)()
	}
	known, err := tf.schemas(ctx)
	if err != nil {
		return l, err
	}
	_, query, notes, err := QueryFile(r.o.Dir, known, r.o.Limit)
	if err != nil {
		return l, err
	}
	if query == "" {
		l.Notes = append([]string{fmt.Sprintf("no provider of %s can list resources", r.o.Dir)}, notes...)
		return l, nil
	}
	path := filepath.Join(r.o.Dir, queryFile)
	if err := writeOwn(path, query); err != nil {
		return l, err
	}
	defer func() {
		if gone := os.Remove(path); gone != nil && err == nil {
			err = userfault.Wrap(gone, "remove it by hand", "a query file can't be removed")
		}
	}()
	l, err = tf.query(ctx, known, yield)
	l.Notes = append(l.Notes, notes...)
	return l, err
}

// keepOut returns what removes a file from the working directory, unless it is
// there already.
func (r *Runner) keepOut(file string) func() {
	path := filepath.Join(r.o.Dir, file)
	if _, err := os.Lstat(path); !errors.Is(err, fs.ErrNotExist) {
		return func() {}
	}
	return func() { _ = os.Remove(path) } // it may never have come
}

// firstLine marks a query file as ours.
const firstLine = "# Written by strandline for one run of terraform query, and removed after it.\n"

// writeOwn writes path, which may exist only as a leftover of ours.
func writeOwn(path, text string) error {
	old, err := os.ReadFile(path)
	switch {
	case err == nil && strings.HasPrefix(string(old), firstLine):
	case err == nil:
		return userfault.New("rename it: strandline writes a file of this name for the query and removes it", "%s exists", path)
	case !errors.Is(err, fs.ErrNotExist):
		return userfault.Wrap(err, "", "%s can't be read", path)
	}
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		return userfault.Wrap(err, "terraform query reads it from the working directory, which must be writable", "a query file can't be written")
	}
	return nil
}

// lookup returns the value of an environment variable in env.
func lookup(env []string, name string) string {
	for _, e := range slices.Backward(env) {
		if value, ok := strings.CutPrefix(e, name+"="); ok {
			return value
		}
	}
	return ""
}
