// Package model is what Strandline knows, as plain data: the report and
// everything in it, with the JSON tags of the report's published form, and
// pure functions over it (counting, sorting, ignoring, withholding, judging).
//
// Before it come the fetch packages, which turn the world into these values;
// after it come propose, which adds suggestions, and render, which turns a
// Report into bytes. It imports none of them and knows no wire format.
package model

import "encoding/json"

// Version is the version of the JSON report. Fields are added, never renamed.
const Version = 1

// Value is a JSON value as text, compact, with exact numbers; nil where there
// is no value (which is not the same as null).
type Value = json.RawMessage

// Kind says which command made a report.
type Kind string

// The kind of report that each command makes.
const (
	KindPlan      Kind = "plan"
	KindDrift     Kind = "drift"
	KindUnmanaged Kind = "unmanaged"
	KindAdopt     Kind = "adopt"
)

// Report is the one object that a command produces and every format renders.
// Its JSON form is the program's published interface: field order is fixed,
// lists are sorted and never null.
type Report struct {
	Version     int         `json:"version"`
	Kind        Kind        `json:"kind"`
	GeneratedAt string      `json:"generated_at"` // RFC 3339, UTC
	Commit      string      `json:"commit,omitempty"`
	Repository  string      `json:"repository,omitempty"` // OWNER/NAME
	PullRequest int         `json:"pull_request,omitempty"`
	Show        Show        `json:"show,omitempty"` // set where --show took something out
	Summary     Summary     `json:"summary"`        // of all workspaces
	Workspaces  []Workspace `json:"workspaces"`
	Unmanaged   []Unmanaged `json:"unmanaged"`
	Conflicts   []Conflict  `json:"conflicts"`
	Ignored     []Ignored   `json:"ignored"` // objects in no state; a workspace's own ignored changes stand with it
	Coverage    *Coverage   `json:"coverage,omitempty"`
	Objectives  []Objective `json:"objectives"`
	// Notes are remarks about the report as a whole that are no findings: an
	// ignore pattern past its day, a label that overrides a failure.
	Notes    []string  `json:"notes"`
	Problems []Problem `json:"problems"` // not empty: the report is partial
}

// Summary counts findings. A replace counts once, as a replace.
type Summary struct {
	Import       int `json:"import"`
	Add          int `json:"add"`
	Change       int `json:"change"`
	Replace      int `json:"replace"`
	Destroy      int `json:"destroy"`
	Move         int `json:"move"`
	Forget       int `json:"forget"`
	Read         int `json:"read"`
	Drift        int `json:"drift"`
	Output       int `json:"output"`
	Deferred     int `json:"deferred"`
	Action       int `json:"action"`
	CheckFailed  int `json:"check_failed"`
	PolicyFailed int `json:"policy_failed"`
	Ignored      int `json:"ignored"`
}

// Problem is something that could not be read; the report is partial.
type Problem struct {
	Workspace string `json:"workspace,omitempty"`
	Message   string `json:"message"`
	Hint      string `json:"hint,omitempty"`
}

// Objective is a target that an audit measures itself against.
type Objective struct {
	Name       string  `json:"name"`
	Target     float64 `json:"target"`
	Actual     float64 `json:"actual"`
	BudgetLeft float64 `json:"budget_left"`
}
