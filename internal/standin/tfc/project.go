package tfc

import (
	"net/http"
	"slices"
	"strings"
	"time"
)

// Project is a project of an organisation.
type Project struct {
	id, name string
	org      *Org
	created  time.Time
	bindings map[string]string
}

// Project returns the project of that name, which it makes where there is none.
func (o *Org) Project(name string) *Project {
	o.s.mu.Lock()
	defer o.s.mu.Unlock()
	return o.project(name)
}

func (o *Org) project(name string) *Project {
	for _, p := range o.projects {
		if p.name == name {
			return p
		}
	}
	p := &Project{id: o.s.newID("prj"), name: name, org: o, created: o.s.opts.Clock(), bindings: map[string]string{}}
	o.projects = append(o.projects, p)
	o.s.add(p)
	return p
}

// ID is the project's id ("prj-…").
func (p *Project) ID() string { return p.id }

// Bind sets a tag binding, which the project's workspaces inherit.
func (p *Project) Bind(key, value string) *Project {
	p.org.s.mu.Lock()
	defer p.org.s.mu.Unlock()
	p.bindings[key] = value
	return p
}

func (p *Project) key() string       { return p.id }
func (p *Project) scope() *Workspace { return nil }

func (p *Project) show(*call) resource {
	count := 0
	for _, w := range p.org.workspaces {
		if w.project == p {
			count++
		}
	}
	return resource{
		ID: p.id, Type: "projects",
		Attributes: attrs{
			"name": p.name, "description": "", "created-at": stamp(p.created), "workspace-count": count, "team-count": 0,
			"permissions": attrs{"can-read": true, "can-update": true},
		},
		Relationships: attrs{"organization": one("organizations", p.org.name)},
		Links:         attrs{"self": "/api/v2/projects/" + p.id},
	}
}

func (c *call) listProjects() (answer, error) {
	o, err := c.organization()
	if err != nil {
		return answer{}, err
	}
	projects := o.projects
	if names := c.r.URL.Query().Get("filter[names]"); names != "" {
		projects = nil
		for _, p := range o.projects {
			if slices.Contains(strings.Split(names, ","), p.name) {
				projects = append(projects, p)
			}
		}
	}
	return list(c, projects, true)
}

func (c *call) project() (*Project, error) {
	p, err := find[*Project](c, c.r.PathValue("id"))
	if err == nil && !c.seesOrg(p.org.name) {
		err = errNotFound
	}
	return p, err
}

func (c *call) readProject() (answer, error) {
	p, err := c.project()
	if err != nil {
		return answer{}, err
	}
	return c.single(http.StatusOK, p)
}

func (c *call) listProjectBindings() (answer, error) {
	p, err := c.project()
	if err != nil {
		return answer{}, err
	}
	return unpaged(c, bindings("tag-bindings", p.bindings, p.id, nil))
}
