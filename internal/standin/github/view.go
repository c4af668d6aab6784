package github

import (
	"encoding/base64"
	"fmt"
	"strings"
	"time"
)

// stamp is a timestamp as GitHub writes it, nil for none.
func stamp(t time.Time) any {
	if t.IsZero() {
		return nil
	}
	return t.UTC().Format(time.RFC3339)
}

// orNull is s, or null where there is none.
func orNull(s string) any {
	if s == "" {
		return nil
	}
	return s
}

func nodeID(kind string, id any) string {
	return base64.StdEncoding.EncodeToString(fmt.Appendf(nil, "%s:%v", kind, id))
}

// userView is a user as other objects hold it (schema simple-user); null for none.
func (c *call) userView(u *user) any {
	if u == nil {
		return nil
	}
	path := strings.NewReplacer("[", "%5B", "]", "%5D").Replace(u.login)
	api := c.api + "/users/" + path
	html := c.s.opts.WebURL + "/" + path
	if slug, isBot := strings.CutSuffix(u.login, "[bot]"); isBot {
		html = c.s.opts.WebURL + "/apps/" + slug
	}
	return object{
		"login": u.login, "id": u.id, "node_id": nodeID("User", u.id), "type": u.kind, "site_admin": false,
		"avatar_url": fmt.Sprintf("%s/avatars/%d", c.s.opts.WebURL, u.id), "gravatar_id": "",
		"url": api, "html_url": html, "user_view_type": "public",
		"followers_url": api + "/followers", "following_url": api + "/following{/other_user}",
		"gists_url": api + "/gists{/gist_id}", "starred_url": api + "/starred{/owner}{/repo}",
		"subscriptions_url": api + "/subscriptions", "organizations_url": api + "/orgs", "repos_url": api + "/repos",
		"events_url": api + "/events{/privacy}", "received_events_url": api + "/received_events",
	}
}

// privateUser is a user as they see themselves (schema private-user).
func (c *call) privateUser(u *user) object {
	v := c.userView(u).(object)
	born := stamp(time.Unix(0, 0))
	for _, unset := range []string{"name", "company", "email", "hireable", "bio", "location"} {
		v[unset] = nil
	}
	for _, none := range []string{"followers", "following", "public_gists", "public_repos", "collaborators",
		"disk_usage", "owned_private_repos", "private_gists", "total_private_repos"} {
		v[none] = 0
	}
	v["blog"], v["created_at"], v["updated_at"] = "", born, born
	v["two_factor_authentication"], v["user_view_type"] = true, "private"
	return v
}

// appView is an App (schema integration); null for none.
func (c *call) appView(a *app) any {
	if a == nil {
		return nil
	}
	born := stamp(time.Unix(0, 0))
	return object{
		"id": a.id, "slug": a.slug, "node_id": nodeID("App", a.id), "name": a.name, "description": "",
		"owner": c.userView(c.s.user("github")), "client_id": fmt.Sprintf("Iv1.%d", a.id),
		"external_url": "https://help.github.com/en/actions", "html_url": c.s.opts.WebURL + "/apps/" + a.slug,
		"created_at": born, "updated_at": born,
		"permissions": object{"checks": "write", "contents": "write", "issues": "write", "metadata": "read",
			"pull_requests": "write", "statuses": "write"},
		"events": []string{"check_run", "pull_request"},
	}
}

// association is a user's author_association.
func (c *call) association(u *user) string {
	switch {
	case u == c.repo.owner:
		return "OWNER"
	case u.kind == "Bot" && u.id != actionsBotID, c.s.outsider(u):
		return "NONE"
	}
	return "CONTRIBUTOR"
}

// outsider reports whether all of the user's tokens are an outsider's.
func (s *Server) outsider(u *user) bool {
	found := false
	for _, a := range s.tokens {
		if a.user == u {
			if !a.Outsider {
				return false
			}
			found = true
		}
	}
	return found
}

// permissions is what the caller may do with the repository.
func (c *call) permissions() object {
	push := c.actor != nil && !c.actor.ReadOnly && !c.actor.Outsider
	return object{"admin": false, "maintain": false, "push": push, "triage": push, "pull": true}
}
