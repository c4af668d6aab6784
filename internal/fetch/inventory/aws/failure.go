package aws

import (
	"errors"
	"regexp"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/ratelimit"
	"github.com/aws/aws-sdk-go-v2/aws/retry"
	"github.com/aws/smithy-go"

	"github.com/strandline-tf/strandline/internal/secret"
)

// How often and how long a request is tried. Throttling slows all requests to a
// region down, by the SDK's adaptive mode, so that the last attempts come late.
const (
	maxAttempts = 8
	maxBackoff  = 10 * time.Second
)

// newRetryer makes the retries of one client: of one service in one region.
func newRetryer(backoff time.Duration) aws.Retryer {
	return retry.NewAdaptiveMode(func(o *retry.AdaptiveModeOptions) {
		o.StandardOptions = append(o.StandardOptions, func(o *retry.StandardOptions) {
			o.MaxAttempts, o.MaxBackoff = maxAttempts, backoff
			o.RateLimiter = ratelimit.None // its quota of retries is soon used up by parallel requests
			// Everything here only reads: what got no whole answer is asked again.
			o.Retryables = append(o.Retryables, retry.IsErrorRetryableFunc(func(err error) aws.Ternary {
				if err != nil && (throttled(err) || !answered(err)) {
					return aws.TrueTernary
				}
				return aws.UnknownTernary
			}))
		})
	})
}

// answered says whether an error is what a service answered, not that of a
// connection or of an answer that can't be read.
func answered(err error) bool {
	var api smithy.APIError
	return errors.As(err, &api)
}

// throttled says whether a handler passes its service's throttling on under another name.
func throttled(err error) bool {
	var api smithy.APIError
	return errors.As(err, &api) && (strings.Contains(api.ErrorMessage(), "Rate exceeded") || strings.Contains(api.ErrorMessage(), "ThrottlingException"))
}

// kind is what a failed request means for the type that it lists.
type kind int

const (
	failed      kind = iota
	denied           // permissions are missing for the type
	unavailable      // Cloud Control doesn't list the type in this region, or its service isn't in use
	vanished         // what was asked about is gone
	shut             // perhaps nothing can be listed in this region: seen often enough, it is left
	uncounted        // not of ListResources but of the tagging API
)

// kindOf tells the errors apart of ListResources and GetResource:
// https://docs.aws.amazon.com/cloudcontrolapi/latest/APIReference/API_ListResources.html#API_ListResources_Errors
// and https://docs.aws.amazon.com/cloudcontrolapi/latest/APIReference/CommonErrors.html
func kindOf(err error) kind {
	var api smithy.APIError
	if !errors.As(err, &api) {
		return shut
	}
	message := api.ErrorMessage()
	switch api.ErrorCode() {
	case "UnsupportedActionException", "TypeNotFoundException", "PrivateTypeException", "InvalidRequestException", "ValidationException":
		return unavailable
	case "ResourceNotFoundException":
		return vanished
	case "ExpiredToken", "ExpiredTokenException", "InvalidClientTokenId", "UnrecognizedClientException", "InvalidCredentialsException",
		"InvalidSignatureException", "SignatureDoesNotMatch", "IncompleteSignature", "MissingAuthenticationToken", "OptInRequired":
		return shut
	}
	for _, unused := range []string{
		"AWSOrganizationsNotInUse", "SubscriptionRequired", "OptInRequired", "is not subscribed to", "is not enabled", "is not available in this region",
	} {
		if strings.Contains(message, unused) {
			return unavailable
		}
	}
	if !isDenied(api) {
		return failed
	}
	if action(message) == "cloudformation:ListResources" || strings.Contains(message, "service control policy") {
		return shut
	}
	return denied
}

// isDenied says whether permissions are missing, of Cloud Control itself or of
// the service behind a handler, whose error is part of the message then.
func isDenied(api smithy.APIError) bool {
	for _, word := range []string{"AccessDenied", "UnauthorizedOperation", "AuthorizationError", "NotAuthorized", "not authorized to perform"} {
		if strings.Contains(api.ErrorCode(), word) || strings.Contains(api.ErrorMessage(), word) {
			return true
		}
	}
	return false
}

var actionText = regexp.MustCompile(`not authorized to perform:? ([a-z0-9-]+:[A-Za-z0-9]+)`)

// action is the IAM action that a message says isn't allowed, sqs:ListQueues; "" where it names none.
func action(message string) string {
	if m := actionText.FindStringSubmatch(message); m != nil {
		return m[1]
	}
	return ""
}

// maxReason is how much of a message is told, in bytes.
const maxReason = 300

// reason tells an error in one line, without the identifiers of the request.
func reason(err error, secrets *secret.Set) string {
	text := err.Error()
	var api smithy.APIError
	var op *smithy.OperationError
	switch {
	case errors.As(err, &api):
		text = api.ErrorCode()
		if api.ErrorMessage() != "" {
			text += ": " + api.ErrorMessage()
		}
	case errors.As(err, &op):
		text = op.Err.Error()
	}
	text = strings.Join(strings.Fields(strings.ToValidUTF8(secrets.Text(text), "")), " ")
	if len(text) > maxReason {
		text = strings.ToValidUTF8(text[:maxReason], "") + "…"
	}
	return text
}
