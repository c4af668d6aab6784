package github

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"

	gogithub "github.com/google/go-github/v60/github"

	"github.com/strandline-tf/strandline/internal/userfault"
)

// badCredentials is what GitHub says to a token that it doesn't know, as
// opposed to none or to one that may not.
const badCredentials = "Bad credentials"

// answered returns the status and the message with which GitHub refused a
// request; 0 where err is something else. Rate limits, which GitHub tells with
// 403 as well as with 429, are always 429.
func answered(err error) (status int, message string) {
	var primary *gogithub.RateLimitError
	var secondary *gogithub.AbuseRateLimitError
	var refused *gogithub.ErrorResponse
	switch {
	case errors.As(err, &primary):
		return http.StatusTooManyRequests, primary.Message
	case errors.As(err, &secondary):
		return http.StatusTooManyRequests, secondary.Message
	case errors.As(err, &refused):
		status = refused.Response.StatusCode
		if status == http.StatusForbidden && strings.Contains(strings.ToLower(refused.Message), "rate limit") {
			status = http.StatusTooManyRequests
		}
		return status, refused.Message
	}
	return 0, ""
}

// passing reports whether err is trouble of GitHub's own that may be over soon:
// a failure, or an answer that broke off.
func passing(err error) bool {
	status, _ := answered(err)
	return errors.Is(err, io.ErrUnexpectedEOF) || status >= http.StatusInternalServerError && status != http.StatusNotImplemented
}

// refused says in words that the token may not do what we want, and what it
// needs; "" where err is something else.
func refused(err error, what, needs string) string {
	status, message := answered(err)
	switch status {
	case http.StatusUnauthorized:
		if message == badCredentials {
			return ""
		}
	case http.StatusForbidden:
		if isLocked(message) {
			return ""
		}
	case http.StatusNotFound:
	default:
		return ""
	}
	return fmt.Sprintf("the token may not %s here (GitHub: %d %s); it needs %s, which a fork's workflow doesn't get", what, status, message, needs)
}

// hint says what to do about err, which is none that refused explains.
func hint(err error) string {
	if h := userfault.Hint(err); h != "" {
		return h
	}
	switch status, message := answered(err); {
	case message == badCredentials:
		return "set GITHUB_TOKEN to a token that this server knows; in a workflow use ${{ github.token }}"
	case isLocked(message):
		return "the conversation is locked: unlock it, or use a token that may write there"
	case status == http.StatusTooManyRequests:
		return "GitHub's rate limit is used up; run again later, or with a token of its own"
	case status == http.StatusGone:
		return "comments are disabled there; use --post never"
	case status == http.StatusUnprocessableEntity:
		return "GitHub does not take it as it is; the full report is in the job summary"
	}
	return "is GitHub reachable? https://www.githubstatus.com says whether it is well; the full report is in the job summary"
}

// isLocked recognises "Unable to create comment because issue is locked."
func isLocked(message string) bool { return strings.Contains(message, "is locked") }
