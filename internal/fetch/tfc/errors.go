package tfc

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"unicode/utf8"

	"github.com/strandline-tf/strandline/internal/userfault"
	"github.com/strandline-tf/strandline/internal/wire"
)

// Unauthorized says that the host doesn't know the token (401).
type Unauthorized struct{ Host string }

func (e *Unauthorized) Error() string { return e.Host + " does not accept the token (401)" }

// Unreadable says that something exists not at all, or not for this token (403
// and 404: Terraform Cloud tells them apart only sometimes), or that it has no
// JSON plan.
type Unreadable struct {
	Status int // of the answer
	Reason string
}

func (e *Unreadable) Error() string { return e.Reason }

// ErrNotReady says that a plan isn't done yet.
var ErrNotReady = errors.New("the plan is not finished")

// fault returns the userfault for a failed request: err is the cause, status
// the answer's, or 0, and what was tried.
func (c *Client) fault(status int, err error, what string) error {
	what = "cannot " + what
	switch {
	case errors.Is(err, context.Canceled):
		return fmt.Errorf("%s: %w", what, context.Canceled) // nobody's fault
	case status == http.StatusUnauthorized:
		return userfault.Wrap(&Unauthorized{c.base.Host}, "set "+c.host.tokenVariables()+" to a valid token of "+c.base.Host, "%s", what)
	case status == http.StatusForbidden, status == http.StatusNotFound:
		return userfault.Wrap(&Unreadable{status, fmt.Sprintf("%s says it does not exist or the token may not read it (%d)", c.base.Host, status)},
			"check the name, and that the token's team may read it", "%s", what)
	case errors.Is(err, errRateLimited), status == http.StatusTooManyRequests:
		return userfault.Wrap(err, "try again later, or with a smaller --parallel", "%s", what)
	case isMalformed(status, err):
		return userfault.Wrap(errors.New(oneLine(err.Error())), "check that "+c.base.String()+" is a Terraform Cloud, and no proxy answers in its place",
			"%s: its answer is not the API's", what)
	case status >= 400:
		return userfault.Wrap(&answered{c.base.Host, status, err}, "", "%s", what)
	}
	return userfault.Wrap(wire.Redact(err), "check the connection to "+c.base.Host, "%s", what)
}

// answered is any other answer that says no, in the server's words.
type answered struct {
	host   string
	status int
	err    error
}

func (e *answered) Error() string {
	return fmt.Sprintf("%s answered %d: %s", e.host, e.status, oneLine(e.err.Error()))
}

func (e *answered) Unwrap() error { return e.err }

// isMalformed reports whether err, after an answer with status, says that the
// answer could not be decoded, rather than transferred.
func isMalformed(status int, err error) bool {
	var transfer *url.Error
	var large *wire.TooLarge
	return status/100 == 2 && !errors.As(err, &transfer) && !errors.As(err, &large) &&
		!errors.Is(err, wire.ErrStalled) && !errors.Is(err, context.DeadlineExceeded)
}

// missing reports whether err says that the server has no such thing (or no
// such route), which for an extra is no error.
func missing(err error) bool {
	var u *Unreadable
	return errors.As(err, &u)
}

// maxErrorText is how much of a server's words goes into an error, in bytes.
const maxErrorText = 300

// oneLine folds whitespace, and shortens to maxErrorText.
func oneLine(s string) string {
	s = strings.Join(strings.Fields(s), " ")
	if len(s) <= maxErrorText {
		return s
	}
	cut := maxErrorText
	for cut > 0 && !utf8.RuneStart(s[cut]) {
		cut--
	}
	return s[:cut] + "…"
}

// final reports whether asking again can't help.
func final(err error) bool {
	var un *Unauthorized
	return missing(err) || errors.As(err, &un)
}
