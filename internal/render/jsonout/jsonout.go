// Package jsonout writes the report in its published form, as JSON.
//
// Before it comes a finished model.Report, whose struct tags are that form;
// after it come standard output and files. It shows everything the report
// holds and needs nothing of package render. Schema describes that form, from the
// same types.
package jsonout

import (
	"io"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	jsonv1 "github.com/go-json-experiment/json/v1"

	"github.com/strandline-tf/strandline/internal/model"
	"github.com/strandline-tf/strandline/internal/userfault"
)

// Write writes r as one indented object with one newline at its end: fields in
// the order of the model, lists never null, numbers digit for digit, nothing
// escaped for HTML. It streams, so that the text of a large report is never in
// memory as a whole.
//
// It fails where w does, and where a value of r is no JSON.
func Write(w io.Writer, r *model.Report) error {
	// An Encoder, unlike json.MarshalWrite, ends the object with a newline.
	enc := jsontext.NewEncoder(w,
		jsontext.WithIndent("  "),
		jsontext.AllowDuplicateNames(true),
		jsontext.AllowInvalidUTF8(true),
	)
	err := json.MarshalEncode(enc, r,
		json.Deterministic(true),
		// The tags are written for encoding/json: omitempty leaves out a zero number.
		jsonv1.OmitEmptyWithLegacySemantics(true),
	)
	if err != nil {
		return userfault.Wrap(err, "", "the JSON report could not be written")
	}
	return nil
}
