// Package shard writes what one of several jobs read, for strandline merge to
// make one report of them all.
//
// Before it comes a report on which ignoring and proposing is done and
// withholding is not; after it, in another job, comes fetch/report, which reads
// the file back. A value that is sensitive in one part must be withheld in all,
// and no part knows the others' secrets: so a part holds everything, its
// secrets too, and is sealed for the jobs that have the same Terraform Cloud
// token. Where there is none, it holds what may be seen by anybody.
//
// A file is one line of JSON, a model.Part, and a gzipped stream of JSON
// values, sealed or not: that Part again, so that it can't be changed, then a
// model.Record for each element of the report, the secrets, and an end mark.
package shard

import (
	"compress/gzip"
	encodingjson "encoding/json"
	"io"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	jsonv1 "github.com/go-json-experiment/json/v1"

	"github.com/strandline-tf/strandline/internal/model"
	"github.com/strandline-tf/strandline/internal/secret"
	"github.com/strandline-tf/strandline/internal/userfault"
)

// Write writes r as the part that p names (its kind, version and how it is
// sealed are filled in), with the secrets that were found in reading it. It
// needs an unfinished report, neither withheld nor limited; r stays as it is.
//
// tokens are those of Terraform Cloud: whoever has one of them can read the
// part. Without any, secrets are withheld from what is written, as far as this
// part knows them, and values are left out where p.Show asks for that.
func Write(w io.Writer, r *model.Report, p model.Part, secrets *secret.Set, tokens []string) error {
	p.Version, p.Kind = model.PartVersion, r.Kind
	p.Sealed, p.Marked = len(tokens) > 0, secrets.Marked()
	if err := write(w, r, p, secrets, tokens); err != nil {
		return userfault.Wrap(err, "", "shard %d of %d could not be written", p.Shard, p.Of)
	}
	return nil
}

func write(w io.Writer, r *model.Report, p model.Part, secrets *secret.Set, tokens []string) error {
	head, err := encodingjson.Marshal(p)
	if err != nil {
		return err
	}
	if _, err := w.Write(append(head, '\n')); err != nil {
		return err
	}
	if !p.Sealed {
		return writePayload(w, r, p, secrets)
	}
	sealed, err := secret.Seal(w, tokens)
	if err != nil {
		return err
	}
	if err := writePayload(sealed, r, p, secrets); err != nil {
		return err
	}
	return sealed.Close()
}

// writing are the options that keep a report as it is: values to the byte, and
// what its tags, written for encoding/json, leave out left out.
func writing() json.Options {
	return json.JoinOptions(jsontext.AllowDuplicateNames(true), jsontext.AllowInvalidUTF8(true), jsontext.PreserveRawStrings(true),
		json.Deterministic(true), jsonv1.OmitEmptyWithLegacySemantics(true))
}

// item is one value of the stream; one of its fields is set.
type item struct {
	Part    *model.Part      `json:"part,omitempty"`
	Record  *model.Record    `json:"record,omitempty"`
	Secrets *secret.Contents `json:"secrets,omitempty"`
	End     bool             `json:"end,omitempty"`
}

func writePayload(w io.Writer, r *model.Report, p model.Part, secrets *secret.Set) error {
	z := gzip.NewWriter(w)
	enc := jsontext.NewEncoder(z, writing())
	put := func(i item) error { return json.MarshalEncode(enc, &i, writing()) }
	if err := put(item{Part: &p}); err != nil {
		return err
	}
	for rec := range r.Records() {
		if !p.Sealed {
			open, err := public(rec, secrets, p.Show)
			if err != nil {
				return err
			}
			rec = open
		}
		if err := put(item{Record: rec}); err != nil {
			return err
		}
	}
	if p.Sealed {
		known := secrets.Contents()
		if err := put(item{Secrets: &known}); err != nil {
			return err
		}
	}
	if err := put(item{End: true}); err != nil {
		return err
	}
	return z.Close()
}

// public returns a copy of rec without secrets and, where show says so, without
// values. Addresses stay even where only counts are shown: they are what is
// counted.
func public(rec *model.Record, secrets *secret.Set, show model.Show) (*model.Record, error) {
	text, err := json.Marshal(rec, writing())
	if err != nil {
		return nil, err
	}
	copied := &model.Record{}
	if err := json.Unmarshal(text, copied, jsontext.AllowDuplicateNames(true), jsontext.AllowInvalidUTF8(true)); err != nil {
		return nil, err
	}
	one := &model.Report{}
	one.AddRecord(copied)
	one.Withhold(secrets)
	if show == model.ShowNames || show == model.ShowCounts {
		one.Limit(model.ShowNames)
	}
	for rec := range one.Records() {
		rec.Object = nil // an inventory's own words; no part is asked for suggestions again
		return rec, nil
	}
	return rec, nil
}
