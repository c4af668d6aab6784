package github

import (
	"cmp"
	"encoding/json"
	"net/http"
	"strings"
)

func createPull(c *call) (answer, error) {
	if a := c.actor.app; a != nil && a.slug == ActionsApp && c.repo.noPulls {
		return answer{}, refuse(http.StatusForbidden, msgActionsNoPulls)
	}
	var in struct {
		Title, Head, Base, Body string
		Draft                   bool
		Editable                *bool `json:"maintainer_can_modify"`
	}
	if err := c.decode(&in); err != nil {
		return answer{}, err
	}
	if in.Title == "" {
		return answer{}, invalid(fieldError{Resource: "PullRequest", Code: "missing_field", Field: "title"})
	}
	if err := checkBody("PullRequest", in.Body, false); err != nil {
		return answer{}, err
	}
	p := &pull{branch: in.Head, base: in.Base, draft: in.Draft, editable: in.Editable == nil || *in.Editable}
	if owner, branch, named := strings.Cut(in.Head, ":"); named {
		p.branch = branch
		if !strings.EqualFold(owner, c.repo.owner.login) {
			p.fork = c.s.repos[strings.ToLower(owner+"/"+c.repo.name)]
			if p.fork == nil {
				return answer{}, invalid(fieldError{Resource: "PullRequest", Code: "invalid", Field: "head"})
			}
		}
	}
	head := c.repo.headRepo(p).git.refs["heads/"+p.branch]
	base := c.repo.git.refs["heads/"+in.Base]
	switch {
	case head == "":
		return answer{}, invalid(fieldError{Resource: "PullRequest", Code: "invalid", Field: "head"})
	case base == "":
		return answer{}, invalid(fieldError{Resource: "PullRequest", Code: "invalid", Field: "base"})
	case c.repo.git.isAncestor(head, base):
		return answer{}, invalid(fieldError{Resource: "PullRequest", Code: "custom", Message: "No commits between " + in.Base + " and " + in.Head})
	}
	for _, other := range c.repo.issues {
		if o := other.pull; o != nil && other.state == "open" && o.base == p.base && c.repo.headLabel(o) == c.repo.headLabel(p) {
			return answer{}, invalid(fieldError{Resource: "PullRequest", Code: "custom",
				Message: "A pull request already exists for " + c.repo.headLabel(p) + "."})
		}
	}
	p.heads = []string{head}
	i := c.repo.newIssue(in.Title, in.Body, c.actor.user)
	i.pull, i.app = p, c.actor.app
	return created(c.fullPullView(i))
}

func editPull(c *call) (answer, error) {
	i, err := c.pull()
	if err != nil {
		return answer{}, err
	}
	var in struct {
		Title, State, Base string
		Body               json.RawMessage // a string or null; absent: left as it is
	}
	if err := c.decode(&in); err != nil {
		return answer{}, err
	}
	body := i.body
	if len(in.Body) > 0 {
		body = ""
		if json.Unmarshal(in.Body, &body) != nil {
			return answer{}, invalid(fieldError{Resource: "PullRequest", Code: "invalid", Field: "body"})
		}
	}
	if err := checkBody("PullRequest", body, false); err != nil {
		return answer{}, err
	}
	if in.State != "" && in.State != "open" && in.State != "closed" {
		return answer{}, invalid(fieldError{Resource: "PullRequest", Code: "invalid", Field: "state"})
	}
	if in.Base != "" && c.repo.git.refs["heads/"+in.Base] == "" {
		return answer{}, invalid(fieldError{Resource: "PullRequest", Code: "invalid", Field: "base"})
	}
	i.body, i.title, i.pull.base = body, cmp.Or(in.Title, i.title), cmp.Or(in.Base, i.pull.base)
	i.setState(cmp.Or(in.State, i.state), "", c.actor.user, c.s.now())
	i.updated = c.s.now()
	i.edits++
	return ok(c.fullPullView(i))
}
