// Package file reads an inventory that anything may have written: a JSON array
// or JSON lines of objects, as the README describes them under "Inventory from
// a file".
//
// Before it comes whatever can list resources; after it comes package match.
// The file is read as a stream, one element at a time, so that memory does not
// follow its length.
package file

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/strandline-tf/strandline/internal/fetch/inventory"
	"github.com/strandline-tf/strandline/internal/model"
	"github.com/strandline-tf/strandline/internal/secret"
	"github.com/strandline-tf/strandline/internal/userfault"
)

// hint is told with every error about the contents.
const hint = `an inventory is a JSON array, or JSON lines, of {"type": "aws_s3_bucket", "id": "logs", …}; see file:FILE in the README`

// maxElement is how many bytes one element may have.
const maxElement = 64 << 20

// checkEvery is after how many elements the context is asked.
const checkEvery = 1024

// Source is an inventory in a file.
type Source struct {
	name    string
	open    func() (io.ReadCloser, error)
	secrets *secret.Set
}

var _ inventory.Source = (*Source)(nil)

// New returns the inventory that open gives; name is what errors call it. The
// values of what elements name as sensitive are added to secrets.
func New(name string, open func() (io.ReadCloser, error), secrets *secret.Set) *Source {
	return &Source{name: name, open: open, secrets: secrets}
}

// Name returns "file".
func (s *Source) Name() string { return "file" }

// List hands over the objects in the file's order, repeated ones too. An element
// that can't be used is a problem; where the file is no JSON, an error ends it.
// Both name the element, its line and the byte offset.
func (s *Source) List(ctx context.Context, yield func(model.Object) error) (inventory.Listing, error) {
	in, err := s.open()
	if err != nil {
		return inventory.Listing{}, userfault.Wrap(err, "name a file that exists and may be read: --inventory file:FILE", "inventory %s can't be opened", s.name)
	}
	defer in.Close()
	buffered := bufio.NewReader(in)
	if mark, _ := buffered.Peek(3); bytes.Equal(mark, []byte("\ufeff")) {
		_, _ = buffered.Discard(len(mark)) // was just peeked at
	}
	limited := &limited{ctx: ctx, r: buffered}
	d := &decoder{
		json:    jsontext.NewDecoder(limited, jsontext.AllowDuplicateNames(true), jsontext.AllowInvalidUTF8(true)),
		in:      limited,
		known:   map[string]string{},
		types:   map[string]struct{}{},
		secrets: s.secrets,
	}
	err = d.all(func(o model.Object) error {
		if d.elements%checkEvery == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		return yield(o)
	})
	listing := inventory.Listing{Types: slices.Sorted(maps.Keys(d.types))}
	for _, fault := range d.faults {
		listing.Problems = append(listing.Problems, model.Problem{Message: "inventory " + s.name + ": " + fault, Hint: hint})
	}
	if more := d.faulty - len(d.faults); more > 0 {
		listing.Problems = append(listing.Problems, model.Problem{Message: fmt.Sprintf("inventory %s: %d more elements can't be used", s.name, more), Hint: hint})
	}
	if err == nil && d.elements == 0 {
		listing.Notes = []string{"inventory " + s.name + " holds no objects"}
	}
	return listing, s.explain(d, err)
}

// explain says where in the file err came up.
func (s *Source) explain(d *decoder, err error) error {
	var refused *refusal
	switch {
	case err == nil:
		return nil
	case errors.As(err, &refused):
		return refused.err
	case d.in.err != nil:
		return userfault.Wrap(d.in.err, "", "inventory %s can't be read", s.name)
	case errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, io.EOF):
		return userfault.New("whatever wrote it was cut short: write it again", "inventory %s: %s: the file ends in the middle", s.name, d.place())
	}
	return userfault.New(hint, "inventory %s: %s: not valid JSON", s.name, d.place())
}

// place names the current position: where the next token begins.
func (d *decoder) place() string {
	unread := d.json.UnreadBuffer()
	next := bytes.TrimLeft(unread, " \t\r\n,")
	line := d.in.lines - int64(bytes.Count(next, []byte("\n"))) + 1
	return fmt.Sprintf("element %d (line %d, byte %d)", max(d.elements, 1), line, d.json.InputOffset()+int64(len(unread)-len(next)))
}

// limited reads on as long as an element isn't too long and nobody
// interrupts, and counts lines.
type limited struct {
	ctx   context.Context
	r     io.Reader
	read  int64 // bytes
	lines int64 // ends of lines
	start int64 // where the current element begins
	err   error // why reading failed
}

func (l *limited) Read(p []byte) (int, error) {
	if l.err == nil {
		l.err = l.ctx.Err()
	}
	if l.err == nil && l.read-l.start > maxElement {
		l.err = fmt.Errorf("the element at byte %d has more than %d MiB", l.start, maxElement>>20)
	}
	if l.err != nil {
		return 0, l.err
	}
	n, err := l.r.Read(p)
	l.read += int64(n)
	l.lines += int64(bytes.Count(p[:n], []byte("\n")))
	if err != nil && err != io.EOF {
		l.err = err
	}
	return n, err
}
