package planjson

import "fmt"

// Reasons that several places give, and that callers may want to tell apart.
const (
	truncated = "truncated"
	tooDeep   = "nested deeper than 1000 levels"
	notPlan   = "not plan JSON"
)

// hintShow is what to do about input that is some other output of Terraform.
const hintShow = "write the plan with `terraform plan -out=FILE`, then run `terraform show -json FILE`"

// Error says why the input could not be read as plan JSON. It quotes nothing
// of the input but addresses and words of Terraform's own.
type Error struct {
	Offset int64  // where in the input, in bytes from 0
	Reason string // in plain words: "truncated"
	Detail string // more about it, or ""
	Hint   string // what to do about it, or ""
	Err    error  // the reader's error, or nil
}

// Error returns the reason with the offset, as in "truncated at byte 17".
func (e *Error) Error() string {
	text := fmt.Sprintf("%s at byte %d", e.Reason, e.Offset)
	if e.Detail != "" {
		text += ": " + e.Detail
	}
	if e.Err != nil {
		text += ": " + e.Err.Error()
	}
	return text
}

// Unwrap returns the reader's error, if that is the cause.
func (e *Error) Unwrap() error { return e.Err }

func fault(offset int64, reason string) *Error {
	return &Error{Offset: offset, Reason: reason}
}

func readFault(offset int64, err error) *Error {
	return &Error{Offset: offset, Reason: "reading stopped", Err: err}
}

// foreignInput returns the error for input that is something else than plan
// JSON: what it is, in words, and what to do.
func foreignInput(detail, hint string) *Error {
	return &Error{Reason: notPlan, Detail: detail, Hint: hint}
}
