package github

import (
	"encoding/json"
	"errors"
	"net/http"
	"strconv"
	"time"
)

// Messages of the real service, word for word.
const (
	msgBadCredentials = "Bad credentials"
	msgNeedsAuth      = "Requires authentication"
	msgNotFound       = "Not Found"
	msgIntegration    = "Resource not accessible by integration"
	msgPersonal       = "Resource not accessible by personal access token"
	msgRights         = "Must have admin rights to Repository."
	msgNeedsApp       = "You must authenticate via a GitHub App."
	msgActionsNoPulls = "GitHub Actions is not permitted to create or approve pull requests."
	msgLocked         = "Unable to create comment because issue is locked."
	msgNoIssues       = "Issues are disabled for this repo"
	msgDeleted        = "This issue was deleted"
	msgValidation     = "Validation Failed"
	msgSecondary      = "You have exceeded a secondary rate limit. Please wait a few minutes before you try again."
	msgPrimary        = "API rate limit exceeded for installation."
)

const docs = "https://docs.github.com/rest"

// apiError is an answer that refuses.
type apiError struct {
	status     int
	message    string
	docs       string       // "" means docs
	fields     []fieldError // of a validation error
	retryAfter time.Duration
}

// fieldError is one element of a validation error's list.
type fieldError struct {
	Resource string `json:"resource"`
	Code     string `json:"code"` // missing_field | invalid | already_exists | unprocessable | custom
	Field    string `json:"field"`
	Message  string `json:"message,omitempty"`
}

func (e *apiError) Error() string { return e.message }

func (e *apiError) answer() answer {
	if e.docs == "" {
		e.docs = docs
	}
	body := object{"message": e.message, "documentation_url": e.docs, "status": strconv.Itoa(e.status)}
	if e.fields != nil {
		body["errors"] = e.fields
	}
	a := answer{status: e.status, body: body, header: http.Header{}}
	if e.retryAfter > 0 {
		a.header.Set("Retry-After", strconv.Itoa(int(e.retryAfter/time.Second)))
	}
	return a
}

// asAPIError returns err as an answer; an error that is none of ours is a
// fault of the server.
func asAPIError(err error) *apiError {
	var e *apiError
	if errors.As(err, &e) {
		return e
	}
	return &apiError{status: http.StatusInternalServerError, message: "Server Error"}
}

func refuse(status int, message string) error { return &apiError{status: status, message: message} }

func notFound() error { return refuse(http.StatusNotFound, msgNotFound) }

func noCommit(sha string) error {
	return refuse(http.StatusUnprocessableEntity, "No commit found for SHA: "+sha)
}

func invalid(fields ...fieldError) error {
	return &apiError{status: http.StatusUnprocessableEntity, message: msgValidation, fields: fields}
}

// notSupplied is GitHub's answer to a body without a required field.
func notSupplied(field string) error {
	return refuse(http.StatusUnprocessableEntity, "Invalid request.\n\n\""+field+"\" wasn't supplied.")
}

// decode reads the request's body, a JSON object, into v. An empty one leaves
// v as it is.
func (c *call) decode(v any) error {
	if len(c.raw) == 0 {
		return nil
	}
	err := json.Unmarshal(c.raw, v)
	var wrongType *json.UnmarshalTypeError
	switch {
	case errors.As(err, &wrongType):
		return refuse(http.StatusUnprocessableEntity, "Invalid request.\n\nFor '"+wrongType.Field+"', "+wrongType.Value+" is not a "+wrongType.Type.String()+".")
	case err != nil:
		return refuse(http.StatusBadRequest, "Problems parsing JSON")
	}
	return nil
}
