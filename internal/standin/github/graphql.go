package github

import (
	"net/http"
	"strings"
)

// postGraphQL answers one query, viewer { login }: the one by which an
// installation token learns its own name ("SLUG[bot]"), since GET /user is
// refused to it. See
// https://github.com/marocchino/sticky-pull-request-comment/pull/332 and
// https://github.com/fullsend-ai/fullsend/pull/1953
func postGraphQL(c *call) (answer, error) {
	if c.actor == nil {
		return answer{}, refuse(http.StatusUnauthorized, msgNeedsAuth)
	}
	var in struct{ Query string }
	if err := c.decode(&in); err != nil {
		return answer{}, err
	}
	_, selection, _ := strings.Cut(in.Query, "{")
	if strings.Join(strings.Fields(selection), "") != "viewer{login}}" {
		return ok(object{"errors": []object{{"type": "UNSUPPORTED", "message": "only viewer { login } is answered here"}}})
	}
	return ok(object{"data": object{"viewer": object{"login": c.actor.user.login}}})
}
