package tfc

import (
	"net/http"
	"strings"
	"time"
)

// Org is an organisation.
type Org struct {
	s          *Server
	name       string
	created    time.Time
	projects   []*Project
	workspaces []*Workspace
}

// defaultProject is the project that every organisation has.
const defaultProject = "Default Project"

// Org returns the organisation of that name, which it makes where there is none.
func (s *Server) Org(name string) *Org {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.org(name)
}

func (s *Server) org(name string) *Org {
	for _, o := range s.orgs {
		if o.name == name {
			return o
		}
	}
	o := &Org{s: s, name: name, created: s.opts.Clock()}
	s.orgs = append(s.orgs, o)
	o.project(defaultProject)
	s.entities[name] = o
	return o
}

func (o *Org) key() string       { return o.name }
func (o *Org) scope() *Workspace { return nil }

func (o *Org) show(c *call) resource {
	manages := c.token.Role != Reader
	return resource{
		ID: o.name, Type: "organizations",
		Attributes: attrs{
			"name": o.name, "external-id": "org-" + o.name, "created-at": stamp(o.created), "email": "admin@example.com",
			"collaborator-auth-policy": "password", "plan-expired": false, "plan-is-trial": false, "plan-is-enterprise": false,
			"plan-identifier": "developer", "cost-estimation-enabled": true, "assessments-enforced": false,
			"aggregated-commit-status-enabled": true, "default-execution-mode": "remote", "saml-enabled": false,
			"permissions": attrs{"can-update": manages, "can-destroy": manages, "can-create-workspace": manages, "can-traverse": true},
		},
		Relationships: attrs{"default-project": one("projects", o.projects[0].id)},
		Links:         attrs{"self": "/api/v2/organizations/" + o.name},
	}
}

// organization finds the organisation named in the path.
func (c *call) organization() (*Org, error) {
	name := c.r.PathValue("org")
	for _, o := range c.s.orgs {
		if o.name == name && c.seesOrg(name) {
			return o, nil
		}
	}
	return nil, errNotFound
}

func (c *call) listOrganizations() (answer, error) {
	q := c.r.URL.Query()
	var out []*Org
	for _, o := range c.s.orgs {
		if c.seesOrg(o.name) && strings.Contains(o.name, q.Get("q")) && strings.Contains(o.name, q.Get("q[name]")) {
			out = append(out, o)
		}
	}
	return list(c, out, true)
}

func (c *call) readOrganization() (answer, error) {
	o, err := c.organization()
	if err != nil {
		return answer{}, err
	}
	return c.single(http.StatusOK, o)
}

// ping is what go-tfe asks first, for the rate limit and version headers.
func (c *call) ping() (answer, error) { return noContent(), nil }
