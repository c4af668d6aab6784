package contract

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"
)

// options of both directions. Tokens are the stand-in's business; a JSON:API client
// may send back what it was given, and a server what it was sent, so read-only and
// write-only members pass.
func options() *openapi3filter.Options {
	return &openapi3filter.Options{
		AuthenticationFunc:          openapi3filter.NoopAuthenticationFunc,
		ExcludeReadOnlyValidations:  true,
		ExcludeWriteOnlyValidations: true,
		IncludeResponseStatus:       true,
		SkipSettingDefaults:         true,
	}
}

func (m *match) input(r *http.Request) *openapi3filter.RequestValidationInput {
	return &openapi3filter.RequestValidationInput{Request: r, PathParams: m.params, Route: m.route, Options: options()}
}

// checkRequest validates parameters and body, and leaves the body readable.
func (m *match) checkRequest(r *http.Request) error {
	if unknown := m.unknownQuery(r); len(unknown) > 0 {
		return fmt.Errorf("unknown query parameter %s", strings.Join(unknown, ", "))
	}
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return err
	}
	checked := r.Clone(r.Context())
	checked.Body = io.NopCloser(bytes.NewReader(body))
	r.Body = io.NopCloser(bytes.NewReader(body))
	if len(body) == 0 && m.route.Operation.RequestBody == nil {
		checked.Body = http.NoBody
	}
	return openapi3filter.ValidateRequest(context.WithoutCancel(r.Context()), m.input(checked))
}

// unknownQuery returns the query parameters that nobody knows, sorted. The OpenAPI
// validator itself ignores them.
func (m *match) unknownQuery(r *http.Request) []string {
	var unknown []string
	for name := range r.URL.Query() {
		known := false
		for _, parameters := range []openapi3.Parameters{m.route.Operation.Parameters, m.route.PathItem.Parameters} {
			known = known || parameters.GetByInAndName(openapi3.ParameterInQuery, name) != nil
		}
		for _, e := range m.exceptions {
			known = known || slices.ContainsFunc(e.Query, func(pattern string) bool { return matchesWhole(pattern, name) })
		}
		if !known {
			unknown = append(unknown, name)
		}
	}
	slices.Sort(unknown)
	return unknown
}

// checkResponse validates status, media type and body of an answer.
func (m *match) checkResponse(r *http.Request, status int, header http.Header, body []byte) error {
	for _, e := range m.exceptions {
		if slices.Contains(e.Statuses, status) || slices.Contains(e.MediaTypes, mediaType(header)) {
			return nil
		}
	}
	if err := m.checkRedirect(status, header); err != nil {
		return err
	}
	return openapi3filter.ValidateResponse(context.WithoutCancel(r.Context()), &openapi3filter.ResponseValidationInput{
		RequestValidationInput: m.input(r), Status: status, Header: header,
		Body: io.NopCloser(bytes.NewReader(body)), Options: options(),
	})
}

// checkRedirect does what the validator leaves out: a redirect must be foreseen and
// lead somewhere.
func (m *match) checkRedirect(status int, header http.Header) error {
	if status < 300 || status > 399 || status == http.StatusNotModified {
		return nil
	}
	if m.route.Operation.Responses.Status(status) == nil {
		return errors.New("the description has no such redirect here")
	}
	if header.Get("Location") == "" {
		return errors.New("a redirect without Location")
	}
	return nil
}

func mediaType(header http.Header) string {
	kind, _, _ := strings.Cut(header.Get("Content-Type"), ";")
	return strings.TrimSpace(kind)
}
