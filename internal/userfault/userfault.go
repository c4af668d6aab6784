// Package userfault is the error a person reads: what failed, on what, and
// what to do about it, with the exit code that the program ends with.
//
// It is a leaf: every package may return one. Before it comes whatever went
// wrong; after it comes package app, which prints it on standard error (one or
// two lines, never a stack trace) and hands its code to os.Exit.
package userfault

import (
	"errors"
	"fmt"
)

// Exit codes, as the README promises them to users.
const (
	// CodeComplete: the report is complete.
	CodeComplete = 0
	// CodeIncomplete: something could not be done; what could be reported was.
	CodeIncomplete = 1
	// CodeMatched: the report is complete and --fail-on matched.
	CodeMatched = 2
	// CodeUsage: wrong usage or configuration; nothing was contacted or posted.
	CodeUsage = 64
	// CodeInterrupted: a signal ended the work.
	CodeInterrupted = 130
)

// Error is a failure told to a person. What names the failure and its object
// in one line; Hint, if any, says what to do about it in another.
type Error struct {
	What string
	Hint string
	Code int
	Err  error
}

// Error returns the first line: what failed, on what, and why.
func (e *Error) Error() string {
	if e.Err == nil {
		return e.What
	}
	return e.What + ": " + e.Err.Error()
}

// Unwrap returns the cause, so that errors.Is and errors.As see through.
func (e *Error) Unwrap() error { return e.Err }

// New returns a failure of the work itself (exit code 1).
func New(hint, format string, args ...any) *Error {
	return &Error{What: fmt.Sprintf(format, args...), Hint: hint, Code: CodeIncomplete}
}

// Wrap is New with a cause.
func Wrap(err error, hint, format string, args ...any) *Error {
	e := New(hint, format, args...)
	e.Err = err
	return e
}

// Usage returns a failure of usage or configuration (exit code 64).
func Usage(hint, format string, args ...any) *Error {
	e := New(hint, format, args...)
	e.Code = CodeUsage
	return e
}

// Hint returns the hint of the first Error in err's chain, or "".
func Hint(err error) string {
	var e *Error
	if errors.As(err, &e) {
		return e.Hint
	}
	return ""
}

// Code returns the exit code for err: 0 for nil, the code of the first Error
// in its chain, else 1.
func Code(err error) int {
	if err == nil {
		return CodeComplete
	}
	var e *Error
	if errors.As(err, &e) {
		return e.Code
	}
	return CodeIncomplete
}
