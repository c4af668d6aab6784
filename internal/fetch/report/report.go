// Package report reads back what the jobs of a matrix wrote with --write
// shard=PATH, and makes one unfinished report of it, for strandline merge.
//
// Before it comes render/shard, in those jobs, which documents the format;
// after it the report goes the way that it would have gone in a single job,
// from withholding on.
package report

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/strandline-tf/strandline/internal/model"
	"github.com/strandline-tf/strandline/internal/secret"
	"github.com/strandline-tf/strandline/internal/userfault"
)

// Merged is what the parts are together.
type Merged struct {
	Report *model.Report // of the parts' kind; neither withheld nor finished
	Part   model.Part    // what all parts agree on; its Shard is 0
	// Missing are the shards, from 1, of which nothing could be read. The
	// report has a problem for each.
	Missing []int
	// Partial says that workspaces may be absent from the report although they
	// exist.
	Partial bool
}

// Read reads the files of shards. It adds the secrets that they found to
// secrets, so that the report can be withheld as a whole.
//
// What can't be read of a single file becomes a problem of the report, as does
// a shard without a file. It fails where the files are no parts of one whole
// (of another kind, number or setting, or two different ones for one shard),
// where none of tokens opens one, where no file can be read at all, and when
// ctx ends.
func Read(ctx context.Context, paths, tokens []string, secrets *secret.Set) (*Merged, error) {
	if len(paths) == 0 {
		return nil, userfault.Usage("name the files that the shards wrote with --write shard=PATH", "there is nothing to merge")
	}
	m := &Merged{}
	var unread []error
	files := map[int]*file{} // by shard
	for _, path := range paths {
		f, err := openPart(path)
		if err != nil {
			if damaged := (*damage)(nil); errors.As(err, &damaged) {
				unread = append(unread, damaged.fault(path))
				continue
			}
			return nil, err
		}
		if first, ok := files[f.part.Shard]; ok {
			if err := sameFile(first, f); err != nil {
				return nil, err
			}
			continue
		}
		files[f.part.Shard] = f
	}
	if len(files) == 0 {
		return nil, errors.Join(unread...)
	}
	shards := slices.Sorted(maps.Keys(files))
	first := files[shards[0]]
	for _, n := range shards {
		if err := agree(first, files[n]); err != nil {
			return nil, err
		}
	}
	m.Report = model.NewReport(first.part.Kind, "")
	m.Part = first.part
	m.Part.Shard, m.Part.Partial, m.Part.Marked = 0, false, false
	for _, n := range shards {
		err := m.add(ctx, files[n], tokens, secrets)
		if damaged := (*damage)(nil); errors.As(err, &damaged) {
			unread = append(unread, damaged.fault(files[n].path))
			delete(files, n)
		} else if err != nil {
			return nil, err
		}
	}
	if len(files) == 0 {
		return nil, errors.Join(unread...)
	}
	m.tellMissing(files, unread)
	if len(files) > 1 && m.Part.Marked && !m.Part.Sealed {
		m.Report.Notes = append(m.Report.Notes, "The shards had no Terraform Cloud token to seal their files with. "+
			"A value that one of them marks as sensitive is shown where it turns up unmarked in another.")
	}
	return m, nil
}

// add adds one part to the report, or nothing where it is broken.
func (m *Merged) add(ctx context.Context, f *file, tokens []string, secrets *secret.Set) error {
	part, found := &model.Report{}, &secret.Set{}
	if err := f.read(ctx, tokens, part, found); err != nil {
		return err
	}
	secrets.Join(found)
	for rec := range part.Records() {
		m.Report.AddRecord(rec)
	}
	m.Part.Marked = m.Part.Marked || f.part.Marked
	m.Partial = m.Partial || f.part.Partial
	return nil
}

// tellMissing makes problems of what is not there.
func (m *Merged) tellMissing(files map[int]*file, unread []error) {
	problem := func(err error) {
		m.Report.Problems = append(m.Report.Problems, model.Problem{Message: err.Error(), Hint: userfault.Hint(err)})
	}
	for _, err := range unread {
		problem(err)
	}
	for n := 1; n <= m.Part.Of; n++ {
		if files[n] != nil {
			continue
		}
		m.Missing = append(m.Missing, n)
		m.Partial = true
		problem(userfault.New("look at the job that should have written it, and run it again",
			"shard %d of %d is missing: its workspaces are not in this report", n, m.Part.Of))
	}
}

// sameFile allows a file to be named twice, and a copy of it.
func sameFile(a, b *file) error {
	sumA, err := digest(a.path)
	if err != nil {
		return err
	}
	sumB, err := digest(b.path)
	if err != nil {
		return err
	}
	if !bytes.Equal(sumA, sumB) {
		return userfault.New("name one file for each shard; of a job that ran again, the newer",
			"%s and %s are different files of the same shard, %d of %d", a.path, b.path, b.part.Shard, b.part.Of)
	}
	return nil
}

func digest(path string) ([]byte, error) {
	f, err := os.Open(filepath.Clean(path))
	if err != nil {
		return nil, userfault.Wrap(err, "", "the shard can't be read")
	}
	defer f.Close()
	h := sha256.New()
	if _, err := io.Copy(h, f); err != nil {
		return nil, userfault.Wrap(err, "", "%s can't be read", path)
	}
	return h.Sum(nil), nil
}

// agree fails where a and b are no parts of one whole.
func agree(a, b *file) error {
	const hint = "merge the files of one matrix of one run; its jobs have the same settings but for --shard and --write"
	differ := func(what, forA, forB string) error {
		return userfault.New(hint, "%s and %s don't belong together: %s is %s in one, %s in the other", a.path, b.path, what, forA, forB)
	}
	x, y := &a.part, &b.part
	switch {
	case x.Kind != y.Kind:
		return differ("the command", string(x.Kind), string(y.Kind))
	case x.Of != y.Of:
		return differ("the number of shards", fmt.Sprint(x.Of), fmt.Sprint(y.Of))
	case x.Show != y.Show:
		return differ("--show", string(x.Show), string(y.Show))
	case x.Sealed != y.Sealed:
		return userfault.New("give all jobs of the matrix the same Terraform Cloud token",
			"%s and %s don't belong together: one was written with a Terraform Cloud token and one without", a.path, b.path)
	}
	var names []string
	for name := range x.Settings {
		names = append(names, name)
	}
	for name := range y.Settings {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		if x.Settings[name] != y.Settings[name] {
			return differ("--"+strings.TrimPrefix(name, "--"), fmt.Sprintf("%.80q", x.Settings[name]), fmt.Sprintf("%.80q", y.Settings[name]))
		}
	}
	return nil
}
