package report

import (
	"bufio"
	"compress/gzip"
	"context"
	encodingjson "encoding/json"
	"errors"
	"io"
	"os"
	"path/filepath"
	"reflect"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/strandline-tf/strandline/internal/model"
	"github.com/strandline-tf/strandline/internal/secret"
	"github.com/strandline-tf/strandline/internal/userfault"
)

// Limits of what is taken for a shard, so that a broken or hostile file ends in
// an error and not in all memory being used.
const (
	maxHead   = 1 << 20 // of the first line, in bytes; settings are in it
	maxShards = 10_000  // a matrix has at most 256 jobs
	maxText   = 8 << 30 // of what a file holds when it is inflated, in bytes
)

// file is a shard's file of which the head has been read.
type file struct {
	path string
	part model.Part
	head int64 // length of the first line
}

// damage is what is wrong with a single file.
type damage struct{ err error }

func (d *damage) Error() string { return d.err.Error() }
func (d *damage) Unwrap() error { return d.err }

// fault tells d to a person.
func (d *damage) fault(path string) error {
	return userfault.Wrap(d.err, "run the job that wrote it again, or look at how its file was handed on", "the shard %s can't be read", path)
}

func damaged(text string) error { return &damage{errors.New(text)} }

// openPart reads the head of a shard's file.
func openPart(path string) (*file, error) {
	opened, err := os.Open(filepath.Clean(path))
	if err != nil {
		return nil, &damage{withoutPath(err)}
	}
	defer opened.Close()
	line, err := bufio.NewReader(io.LimitReader(opened, maxHead)).ReadBytes('\n')
	if err != nil && err != io.EOF {
		return nil, &damage{withoutPath(err)}
	}
	f := &file{path: path, head: int64(len(line))}
	var of struct { // what each version's head begins with
		Version int `json:"strandline_shard"`
	}
	const notOurs = "it is no file that --write shard=PATH made"
	switch {
	case len(line) == 0:
		return nil, damaged("it is empty")
	case encodingjson.Unmarshal(line, &of) != nil, of.Version == 0:
		return nil, damaged(notOurs)
	case of.Version != model.PartVersion:
		return nil, userfault.New("run the same version of strandline in all jobs",
			"%s was written by another version of strandline (shard format %d, this one reads %d)", path, of.Version, model.PartVersion)
	case encodingjson.Unmarshal(line, &f.part) != nil:
		return nil, damaged(notOurs)
	case err == io.EOF:
		return nil, damaged("it is cut short")
	case f.part.Of < 1, f.part.Of > maxShards, f.part.Shard < 1, f.part.Shard > f.part.Of:
		return nil, damaged("it says that it is no shard of any number of shards")
	}
	return f, nil
}

// withoutPath returns what is wrong with a file: its name is said already.
func withoutPath(err error) error {
	var path *os.PathError
	if errors.As(err, &path) {
		return path.Err
	}
	return err
}

// item is one value of the stream; see render/shard.
type item struct {
	Part    *model.Part      `json:"part"`
	Record  *model.Record    `json:"record"`
	Secrets *secret.Contents `json:"secrets"`
	End     bool             `json:"end"`
}

// read adds what f holds to r and secrets.
func (f *file) read(ctx context.Context, tokens []string, r *model.Report, secrets *secret.Set) error {
	opened, err := os.Open(filepath.Clean(f.path))
	if err != nil {
		return &damage{withoutPath(err)}
	}
	defer opened.Close()
	if _, err := opened.Seek(f.head, io.SeekStart); err != nil {
		return &damage{withoutPath(err)}
	}
	var stored io.Reader = bufio.NewReader(opened)
	if f.part.Sealed {
		stored, err = secret.Open(stored, tokens)
		switch {
		case errors.Is(err, secret.ErrOtherToken) && len(tokens) == 0:
			return userfault.New("give this job the same TFE_TOKEN as the jobs of the shards", "%s is sealed, and there is no Terraform Cloud token to open it with", f.path)
		case errors.Is(err, secret.ErrOtherToken):
			return userfault.New("give this job the same TFE_TOKEN as the jobs of the shards", "%s was sealed with another Terraform Cloud token", f.path)
		case err != nil:
			return broken(err)
		}
	}
	text, err := gzip.NewReader(stored)
	if err != nil {
		return broken(err)
	}
	dec := jsontext.NewDecoder(&limited{text, maxText}, jsontext.AllowDuplicateNames(true), jsontext.AllowInvalidUTF8(true))
	for first := true; ; first = false {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		var i item
		if err := json.UnmarshalDecode(dec, &i); err != nil {
			return broken(err)
		}
		if first && (i.Part == nil || !reflect.DeepEqual(*i.Part, f.part)) {
			return damaged("its first line was changed")
		}
		switch {
		case i.Record != nil:
			r.AddRecord(i.Record)
		case i.Secrets != nil:
			secrets.AddContents(*i.Secrets)
		case i.End:
			return ended(dec, stored)
		}
	}
}

// ended checks that nothing follows the end mark: a sum over all of the file
// comes after it.
func ended(dec *jsontext.Decoder, stored io.Reader) error {
	if _, err := dec.ReadToken(); err != io.EOF {
		return broken(err)
	}
	if n, err := io.Copy(io.Discard, stored); n > 0 || err != nil {
		return broken(err)
	}
	return nil
}

// broken is a file of which the payload can't be read. A decoder's own words
// may quote it, so they aren't passed on; of one that is sealed, all that is
// known is that it isn't what was written.
func broken(err error) error {
	if errors.Is(err, errTooLarge) {
		return &damage{errTooLarge}
	}
	return damaged("it is damaged, or cut short")
}

var errTooLarge = errors.New("it holds more than any report does")

// limited is a reader that fails after n bytes, where io.LimitReader ends.
type limited struct {
	r io.Reader
	n int64
}

func (l *limited) Read(p []byte) (int, error) {
	n, err := l.r.Read(p)
	if l.n -= int64(n); l.n < 0 {
		return 0, errTooLarge
	}
	return n, err
}
