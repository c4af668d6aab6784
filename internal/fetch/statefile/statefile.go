// Package statefile reads Terraform's state files as streams: which objects
// they manage, one instance at a time.
//
// Before it come Terraform Cloud's state downloads, files of --state and what
// terraformer writes; after it comes package match, which keeps of each
// instance a compact key. So memory follows the largest single resource, not
// the state.
//
// Versions 3 (up to Terraform 0.11, and terraformer) and 4 are read. The
// formats: internal/states/statefile of Terraform's source, see
// https://github.com/hashicorp/terraform/tree/main/internal/states/statefile
package statefile

import (
	"bufio"
	"errors"
	"fmt"
	"io"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/strandline-tf/strandline/internal/model"
	"github.com/strandline-tf/strandline/internal/secret"
)

// Info is what a state file says of itself.
type Info struct {
	Version          int // of the format, 3 or 4
	TerraformVersion string
	Lineage          string
	Serial           int64
	Instances        int // managed ones: how often yield was called
}

// Error says why the input could not be read as a state. It quotes nothing of
// the input.
type Error struct {
	Offset int64  // where in the input, in bytes from 0
	Reason string // in plain words: "truncated"
	Hint   string // what to do about it, or ""
	Err    error  // the reader's error, or nil
}

// Error returns the reason with the offset, as in "truncated at byte 17".
func (e *Error) Error() string { return fmt.Sprintf("%s at byte %d", e.Reason, e.Offset) }

// Unwrap returns the reader's error, if that is the cause.
func (e *Error) Unwrap() error { return e.Err }

// Decode reads one state file from r, up to its end, and hands every instance
// of a managed resource to yield, deposed ones too, in the file's order. Of
// each, Workspace is left empty, and Attributes and Identity are valid only
// until yield returns. An error of yield ends the reading and is returned as
// it is; all others are of type *Error.
//
// What the state marks sensitive, in outputs and attributes, is added to
// secrets before the instance is handed over.
func Decode(r io.Reader, secrets *secret.Set, yield func(model.Managed) error) (Info, error) {
	source := &heard{r: withoutMark(r)}
	d := &decoder{
		// The program's own reading of a file needs no more order than this.
		json:    jsontext.NewDecoder(source, jsontext.AllowDuplicateNames(true), jsontext.AllowInvalidUTF8(true)),
		secrets: secrets,
		yield:   yield,
	}
	err := d.state()
	var refused *refusal
	var own *Error
	switch {
	case err == nil, errors.As(err, &own):
	case errors.As(err, &refused):
		err = refused.err
	case errors.Is(err, errShape):
		err = d.fault(errShape.Error(), "a state is what `terraform state pull` prints")
	case source.err != nil:
		err = &Error{Offset: d.json.InputOffset(), Reason: "could not be read", Err: source.err}
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		err = &Error{Offset: source.n, Reason: "truncated", Hint: "the file or the download ended early: fetch it again"}
	default:
		err = &Error{Offset: d.json.InputOffset(), Reason: "not valid JSON", Hint: "a state is what `terraform state pull` prints"}
	}
	return d.info, err
}

// withoutMark passes over a byte order mark, which some shells put before what
// they redirect.
func withoutMark(r io.Reader) io.Reader {
	b := bufio.NewReader(r)
	if start, err := b.Peek(3); err == nil && string(start) == "\ufeff" {
		_, _ = b.Discard(3) // they are there
	}
	return b
}

// heard remembers how much was read of a reader, and how that failed.
type heard struct {
	r   io.Reader
	n   int64
	err error // other than io.EOF
}

func (h *heard) Read(p []byte) (int, error) {
	n, err := h.r.Read(p)
	h.n += int64(n)
	if err != nil && err != io.EOF {
		h.err = err
	}
	return n, err
}

// refusal carries an error of yield past those of the decoder.
type refusal struct{ err error }

func (r *refusal) Error() string { return r.err.Error() }

type decoder struct {
	json    *jsontext.Decoder
	secrets *secret.Set
	yield   func(model.Managed) error
	info    Info
}

// state walks over the document. Its shape tells the versions apart, so that
// their order does not matter: version 4 has resources, version 3 modules.
func (d *decoder) state() error {
	seen := false
	err := members(d.json, func(key string) error {
		switch key {
		case "version":
			seen = true
			return d.number(&d.info.Version)
		case "terraform_version":
			return d.text(&d.info.TerraformVersion)
		case "lineage":
			return d.text(&d.info.Lineage)
		case "serial":
			return d.number(&d.info.Serial)
		case "outputs":
			return d.outputs()
		case "resources":
			return elements(d.json, d.resource)
		case "modules":
			return elements(d.json, d.module)
		case "encrypted_data":
			return d.fault("an encrypted state", "give the state decrypted, as `tofu state pull` prints it")
		}
		return d.json.SkipValue()
	})
	if err != nil {
		return err
	}
	switch {
	case !seen:
		return d.fault("not a state: it has no version", "a state is what `terraform state pull` prints")
	case d.info.Version != 3 && d.info.Version != 4:
		return d.fault(fmt.Sprintf("a state of version %d, which is not supported", d.info.Version), "versions 3 and 4 are: `terraform state pull` with a newer Terraform upgrades older ones")
	}
	if _, err := d.json.ReadToken(); err != io.EOF {
		if err != nil {
			return err
		}
		return d.fault("a second value begins", "give each state in a file of its own")
	}
	return nil
}

func (d *decoder) fault(reason, hint string) error {
	return &Error{Offset: d.json.InputOffset(), Reason: reason, Hint: hint}
}

// hand gives one instance to yield.
func (d *decoder) hand(m model.Managed) error {
	d.info.Instances++
	if err := d.yield(m); err != nil {
		return &refusal{err}
	}
	return nil
}
