// Package planjson reads plan JSON, as `terraform show -json` and Terraform
// Cloud give it, into a model.Workspace.
//
// Before it comes an io.Reader: a file, a pipe, an answer of Terraform Cloud.
// After it come propose and render, which see only what really changes.
//
// A plan is read in one pass, whatever the order of its sections. A scanner
// (scan.go, skip.go) walks over the text; most of it, the state before and
// after, is passed over at the speed of memory and only looked into where it
// marks something sensitive. One element of resource_changes is held at a
// time: what changes nothing is dropped at once (changes.go), what changes
// something is parsed (node.go), split into attributes (split.go, list.go)
// and kept in compact form (keep.go). What the configuration says about drifted
// resources is kept for judging their drift (arguments.go). Secrets are collected on the way
// (secrets.go), and withheld from what was kept when all of them are known.
// So memory follows the number of real changes, not the size of the plan.
//
// The format: https://developer.hashicorp.com/terraform/internals/json-format
// and, where that is silent, internal/command/jsonplan of Terraform's source.
package planjson

import (
	"errors"
	"hash/maphash"
	"io"
	"slices"

	"github.com/strandline-tf/strandline/internal/model"
	"github.com/strandline-tf/strandline/internal/secret"
)

// Decode reads one plan JSON document from r, up to its end, and returns what
// it tells: Changes, Drift, Outputs, Deferred, Actions, Checks, the Terraform
// version, whether the plan is complete, errored or redacted, the status that
// follows, and the counters; lists are sorted and never nil. What identifies
// the workspace is left empty. Drift is given as it stands in the plan:
// Workspace.QuietComputed takes out what providers merely compute anew.
//
// Everything that the plan marks sensitive is added to secrets, and withheld
// from the result together with all else that secrets holds.
//
// Format versions 0.1 to 1.x are read, and Terraform Cloud's redacted format.
// Errors are of type *Error; callers say which file or run it was.
func Decode(r io.Reader, secrets *secret.Set) (*model.Workspace, error) {
	d := &decoder{
		scanner: newScanner(r),
		ws:      model.NewWorkspace(""),
		keep:    newKeeper(),
		compare: comparer{maphash.MakeSeed()},
		secrets: secrets,
	}
	if err := d.document(); err != nil {
		return nil, err
	}
	if err := d.head.verdict(); err != nil {
		return nil, err
	}
	d.ws.Changes, d.changes = slices.Concat(d.changes...), nil
	d.ws.LiveModules = d.liveModules()
	d.judgeDrift()
	d.ws.Configured = d.configured()
	d.ws.Redacted = d.head.redacted
	d.ws.Finish()
	if d.ws.Status = status(d.ws); d.ws.Status == model.StatusErrored {
		d.ws.Message = "Terraform met an error while it planned: what it had not come to is not here"
	}
	d.ws.Withhold(secrets)
	return d.ws, nil
}

func status(ws *model.Workspace) model.Status {
	switch {
	case ws.Errored:
		return model.StatusErrored
	case ws.Summary.HasChanges():
		return model.StatusPlanned
	}
	return model.StatusNoChanges
}

// decoder is one document on its way through.
type decoder struct {
	*scanner
	parser  parser
	head    header
	ws      *model.Workspace
	raw     rawChange
	changes [][]model.Change // ws.Changes to be
	keep    *keeper
	compare comparer
	secrets *secret.Set

	variables variables
	live      map[string]struct{} // modules in which something stays; as JSON strings
	relevant  relevance
	arguments arguments
	computed  map[string][]string // by type, as model.Configured has them
}

func (d *decoder) document() error {
	if err := d.begin(); err != nil {
		return err
	}
	if err := d.object(d.section); err != nil {
		return err
	}
	ended, err := d.atEnd()
	if err != nil {
		return err
	}
	if !ended && d.head.logLine {
		return d.head.verdict()
	}
	if !ended {
		return fault(d.offset(), "something follows the plan")
	}
	return nil
}

// section reads one member of the document.
func (d *decoder) section(key []byte) error {
	switch string(key) {
	case "format_version":
		return d.version("format_version", &d.head.format)
	case "plan_format_version":
		d.head.redacted = true
		var redacted string
		return d.version("plan_format_version", &redacted)
	case "terraform_version":
		return d.text(&d.ws.TerraformVersion)
	case "complete":
		return d.flag(&d.ws.Complete)
	case "errored":
		return d.flag(&d.ws.Errored)
	case "resource_changes":
		d.head.planned, d.head.changes = true, true
		return d.array(d.resourceChange)
	case "resource_drift":
		d.head.planned = true
		return d.array(d.resourceDrift)
	case "deferred_changes":
		return d.array(d.deferredChange)
	case "relevant_attributes":
		return d.array(d.relevantAttribute)
	case "output_changes":
		d.head.planned = true
		return d.object(d.outputChange)
	case "action_invocations":
		return d.array(d.invocation)
	case "deferred_action_invocations":
		return d.array(d.deferredInvocation)
	case "checks":
		return d.array(d.check)
	case "planned_values":
		d.head.planned = true
		return d.stateValues()
	case "prior_state":
		d.head.planned = true
		return d.priorState()
	case "variables":
		return d.variableValues()
	case "configuration":
		d.head.planned = true
		return d.configuration()
	case "provider_schemas":
		return d.providerSchemas()
	case "lineage", "serial":
		d.head.stateFile = true
	case "values":
		d.head.stateJSON = true
	case "@level", "@message":
		d.head.logLine = true
	}
	return d.skip()
}

func (d *decoder) version(field string, into *string) error {
	at := d.offset()
	if err := d.text(into); err != nil {
		return err
	}
	return checkFormat(field, *into, at)
}

// element runs walk over the next value and keeps all its text in the buffer
// until walk returns.
func (d *decoder) element(walk func() error) error {
	if d.hold() {
		defer d.release()
	}
	d.parser.reset()
	return walk()
}

// text reads a string; a null is an empty one.
func (d *decoder) text(into *string) error {
	return d.element(func() error {
		p, err := d.value()
		if err != nil {
			return err
		}
		*into, err = d.string(p)
		return err
	})
}

// flag reads a boolean; a null changes nothing.
func (d *decoder) flag(into *bool) error {
	return d.element(func() error {
		p, err := d.value()
		if err != nil {
			return err
		}
		switch string(d.bytes(p)) {
		case "true":
			*into = true
		case "false":
			*into = false
		case "null":
		default:
			return &Error{Offset: p.from, Reason: notPlan, Detail: "true or false is expected"}
		}
		return nil
	})
}

// string returns what a captured string stands for.
func (d *decoder) string(p span) (string, error) {
	raw := d.bytes(p)
	if len(raw) == 0 || raw[0] == 'n' {
		return "", nil
	}
	if raw[0] != '"' {
		return "", &Error{Offset: p.from, Reason: notPlan, Detail: "a string is expected"}
	}
	return string(unquote(raw)), nil
}

// strings fills each target with the captured string beside it.
func (d *decoder) strings(pairs ...stringAt) error {
	for _, pair := range pairs {
		var err error
		if *pair.into, err = d.string(pair.at); err != nil {
			return err
		}
	}
	return nil
}

type stringAt struct {
	into *string
	at   span
}

// node parses a captured value; nil for an empty span.
func (d *decoder) node(p span) (*node, error) { return d.parser.parse(d.bytes(p), p.from) }

// nodes fills each target with the parsed value beside it.
func (d *decoder) nodes(pairs ...nodeAt) error {
	for _, pair := range pairs {
		var err error
		if *pair.into, err = d.node(pair.at); err != nil {
			return err
		}
	}
	return nil
}

type nodeAt struct {
	into **node
	at   span
}

// fields walks over an object and captures the members that into gives a
// place for; the others are passed over.
func (d *decoder) fields(into func(key []byte) *span) error {
	return d.object(func(key []byte) error {
		place := into(key)
		if place == nil {
			return d.skip()
		}
		var err error
		*place, err = d.value()
		return err
	})
}

// asFault gives an error about a resource its address.
func asFault(err error, address string) error {
	var f *Error
	if errors.As(err, &f) && f.Detail == "" {
		f.Detail = "in " + clip(address)
	}
	return err
}
