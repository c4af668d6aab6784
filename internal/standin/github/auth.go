package github

import (
	"net/http"
	"strings"
)

// ActionsApp is the App behind the GITHUB_TOKEN of a workflow.
const ActionsApp = "github-actions"

// Identity says whom a token belongs to and what it may do.
type Identity struct {
	// App is the slug of the App whose installation token it is (ActionsApp
	// for GITHUB_TOKEN); it writes as "SLUG[bot]".
	App string
	// User is the login of the person whose personal token it is.
	User string
	// ReadOnly lets the token read only, as GITHUB_TOKEN in a workflow for a
	// fork's pull request.
	ReadOnly bool
	// Outsider is a person without any role in the repositories: comments
	// and opens issues like anybody, and edits what is their own.
	Outsider bool
	// Permissions are those of an installation token as a workflow grants
	// them: "issues", "pull-requests", "contents", "statuses" or "checks" to
	// "read" or "write". One that isn't named is not granted. nil grants all.
	Permissions map[string]string
}

// actor is the owner of a token.
type actor struct {
	Identity
	user *user // whose name is on what the token writes
	app  *app  // nil for a person
}

// user is a person, an organisation or an App's bot.
type user struct {
	id    int64
	login string
	kind  string // User | Bot
}

// app is a GitHub App.
type app struct {
	id   int64
	slug string
	name string
}

// Token makes a token known.
func (s *Server) Token(token string, id Identity) {
	s.mu.Lock()
	defer s.mu.Unlock()
	a := &actor{Identity: id}
	if id.App != "" {
		a.app = s.app(id.App)
		a.user = s.user(id.App + "[bot]")
	} else {
		a.user = s.user(id.User)
	}
	s.tokens[token] = a
}

// User makes a person known, who can then be assigned to issues.
func (s *Server) User(login string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.user(login)
}

// actionsBotID is the id of github-actions[bot], as on https://api.github.com.
const actionsBotID = 41898282

func (s *Server) user(login string) *user {
	if u := s.users[strings.ToLower(login)]; u != nil {
		return u
	}
	u := &user{id: s.nextID(), login: login, kind: "User"}
	if strings.HasSuffix(login, "[bot]") {
		u.kind = "Bot"
	}
	if login == ActionsApp+"[bot]" {
		u.id = actionsBotID
	}
	s.users[strings.ToLower(login)] = u
	return u
}

// actionsAppID is the id of the GitHub Actions App, as on https://api.github.com.
const actionsAppID = 15368

func (s *Server) app(slug string) *app {
	if a := s.apps[slug]; a != nil {
		return a
	}
	a := &app{id: s.nextID(), slug: slug, name: slug}
	if slug == ActionsApp {
		a.id, a.name = actionsAppID, "GitHub Actions"
	}
	s.apps[slug] = a
	return a
}

// tokenOf returns whose token the request carries, nil for an unknown one or
// none.
func (s *Server) tokenOf(r *http.Request) *actor {
	scheme, token, _ := strings.Cut(r.Header.Get("Authorization"), " ")
	switch strings.ToLower(scheme) {
	case "bearer", "token":
		return s.tokens[strings.TrimSpace(token)]
	case "basic":
		_, password, _ := r.BasicAuth()
		return s.tokens[password]
	}
	return nil
}

// allow refuses what the caller may not do on an endpoint.
func (c *call) allow(e *endpoint) error {
	if c.actor == nil && c.r.Header.Get("Authorization") != "" {
		return refuse(http.StatusUnauthorized, msgBadCredentials)
	}
	if c.repo == nil {
		return nil
	}
	write := c.r.Method != http.MethodGet && c.r.Method != http.MethodHead
	switch a := c.actor; {
	case a == nil && c.repo.private:
		return notFound()
	case a == nil && write:
		return refuse(http.StatusUnauthorized, msgNeedsAuth)
	case a == nil:
		return nil
	case a.app == nil:
		return allowUser(c, e, write)
	default:
		return allowApp(c, e, write)
	}
}

func allowUser(c *call, e *endpoint, write bool) error {
	switch a := c.actor; {
	case a.Outsider && c.repo.private:
		return notFound()
	case a.ReadOnly && write:
		return refuse(http.StatusForbidden, msgPersonal)
	case a.Outsider && write && !e.anybody:
		return refuse(http.StatusForbidden, msgRights)
	}
	return nil
}

func allowApp(c *call, e *endpoint, write bool) error {
	a := c.actor
	if !write && !c.repo.private {
		return nil // what is public can be read without any permission
	}
	if write && a.ReadOnly {
		return refuse(http.StatusForbidden, msgIntegration)
	}
	if a.Permissions == nil {
		return nil
	}
	for _, area := range c.areas(e) {
		if got := a.Permissions[area]; got == "write" || got == "read" && !write {
			return nil
		}
	}
	return refuse(http.StatusForbidden, msgIntegration)
}

// areas returns the permissions of which any one opens the endpoint. What
// hangs on a pull request is open to "pull-requests" as well as "issues".
func (c *call) areas(e *endpoint) []string {
	if e.area != "issues" {
		return []string{e.area}
	}
	var i *issue
	if id := c.params["comment_id"]; id != "" {
		if cm := c.repo.comment(id); cm != nil {
			i = cm.issue
		}
	} else {
		i = c.repo.issueByParam(c.params["number"])
	}
	if i != nil && i.pull != nil {
		return []string{"issues", "pull-requests"}
	}
	return []string{"issues"}
}

// mayEdit refuses an edit of what somebody else wrote: that needs a role in
// the repository.
func (c *call) mayEdit(author *user) error {
	if c.actor.user != author && c.actor.Outsider {
		return refuse(http.StatusForbidden, msgRights)
	}
	return nil
}

func getUser(c *call) (answer, error) {
	switch {
	case c.actor == nil:
		return answer{}, refuse(http.StatusUnauthorized, msgNeedsAuth)
	case c.actor.app != nil:
		return answer{}, refuse(http.StatusForbidden, msgIntegration)
	}
	return ok(c.privateUser(c.actor.user))
}
