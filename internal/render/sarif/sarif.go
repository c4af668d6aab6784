// Package sarif writes what a reviewer must not miss as SARIF, the format that
// GitHub's code scanning and editors show beside the lines of the code:
// destroyed and replaced resources, risks, failed policies and checks, drift,
// what is in no state, and what went wrong.
//
// Before it come a finished model.Report and, for the lines, whatever knows the
// checkout; after it come standard output and files. The format is SARIF 2.1.0,
// https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/sarif-v2.1.0-errata01-os-complete.html,
// whose sections the comments here name.
package sarif

import (
	"io"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/strandline-tf/strandline/internal/model"
	"github.com/strandline-tf/strandline/internal/render"
	"github.com/strandline-tf/strandline/internal/userfault"
)

// Locator knows where in a checkout things stand. Paths are relative to the
// repository's root, with slashes; lines count from 1.
type Locator interface {
	// Locate returns where the block that an address names stands.
	Locate(address string) (file string, line int, ok bool)
	// File returns the path of a file that Terraform named relative to the
	// folder it ran in.
	File(name string) (file string, ok bool)
}

// The document, as far as it is used here; §3.13 and on.
type (
	document struct {
		Schema  string `json:"$schema"`
		Version string `json:"version"`
		Runs    []run  `json:"runs"`
	}
	run struct {
		Tool        tool         `json:"tool"`
		Invocations []invocation `json:"invocations"`
		Automation  automation   `json:"automationDetails"`
		ColumnKind  string       `json:"columnKind"`
		Results     []result     `json:"results"`
	}
	tool struct {
		Driver driver `json:"driver"`
	}
	driver struct {
		Name           string `json:"name"`
		InformationURI string `json:"informationUri"`
		Rules          []rule `json:"rules"`
	}
	invocation struct {
		Successful    bool           `json:"executionSuccessful"`
		Notifications []notification `json:"toolExecutionNotifications,omitempty"`
	}
	notification struct {
		Level   string  `json:"level"`
		Message message `json:"message"`
	}
	automation struct {
		ID string `json:"id"`
	}
	message struct {
		Text     string `json:"text"`
		Markdown string `json:"markdown,omitempty"`
	}
)

// Write writes the findings of r as one SARIF document. Without a place in a
// file (locate is nil, or knows none) a finding names the resource only.
//
// It fails only where w does.
func Write(w io.Writer, r *model.Report, locate Locator) error {
	c := &collector{report: r, locate: locate, rules: rules()}
	c.workspaces()
	doc := document{
		Schema:  "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json",
		Version: "2.1.0",
		Runs: []run{{
			Tool:        tool{driver{"Strandline", "https://github.com/strandline-tf/strandline", c.rules}},
			Invocations: []invocation{c.invocation()},
			// What ends in a slash is the category only; runs of a category follow each other.
			Automation: automation{"strandline/" + render.Visible(string(r.Kind)) + "/"},
			ColumnKind: "utf16CodeUnits",
			Results:    c.results,
		}},
	}
	enc := jsontext.NewEncoder(w, jsontext.WithIndent("  "))
	if err := json.MarshalEncode(enc, &doc); err != nil {
		return userfault.Wrap(err, "", "the SARIF report could not be written")
	}
	return nil
}
