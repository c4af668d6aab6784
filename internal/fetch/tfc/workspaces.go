package tfc

import (
	"context"
	"fmt"
	"path"
	"strings"

	"github.com/hashicorp/go-tfe"

	"github.com/strandline-tf/strandline/internal/userfault"
)

// pageSize is the most that a page of a list holds, by the API's rules;
// maxPages ends a list that a broken server never ends.
const (
	pageSize = 100
	maxPages = 1000
)

// pages collects all pages of a list. fetch returns one page's items and the
// number of the next page, 0 at the end.
func pages[T any](fetch func(tfe.ListOptions) (items []T, next int, err error)) ([]T, error) {
	var all []T
	for page := 1; ; {
		items, next, err := fetch(tfe.ListOptions{PageNumber: page, PageSize: pageSize})
		if err != nil {
			return nil, err
		}
		all = append(all, items...)
		if next == 0 {
			return all, nil
		}
		if next <= page || next > maxPages {
			return nil, fmt.Errorf("page %d is followed by page %d", page, next)
		}
		page = next
	}
}

func nextPage(p *tfe.Pagination) int {
	if p == nil {
		return 0
	}
	return p.NextPage
}

// workspaces lists the workspaces of an organization that the filter lets
// through, by id and name.
func (c *Client) workspaces(ctx context.Context, f Filter) (all []*tfe.Workspace, err error) {
	err = c.eachWorkspace(ctx, f, nil, func(w Workspace) error {
		all = append(all, &tfe.Workspace{ID: w.ID, Name: w.Name})
		return nil
	})
	return all, err
}

// narrow returns what the server may search for instead of a glob, by parts
// of the name or by its own wildcard form, which knows an asterisk at either
// end and nothing else. Both may give more than the glob does, never less.
func narrow(glob string) (search, wildcard string) {
	inner := strings.TrimSuffix(strings.TrimPrefix(glob, "*"), "*")
	switch {
	case inner == "" || strings.ContainsAny(inner, `*?[\`):
		return "", ""
	case inner == glob:
		return glob, ""
	}
	return "", glob
}

func (f Filter) matchName(name string) bool {
	for _, glob := range f.Workspaces {
		if ok, err := path.Match(glob, name); ok && err == nil {
			return true
		}
	}
	return len(f.Workspaces) == 0
}

// projectID returns the id of a project by its name.
func (c *Client) projectID(ctx context.Context, org, name string) (string, error) {
	list, err := c.listProjects(ctx, org, name)
	if err != nil {
		return "", err
	}
	for _, p := range list {
		if p.Name == name {
			return p.ID, nil
		}
	}
	return "", userfault.New("check --project, and that the token may see the project", "organization %s has no project %q", org, name)
}

// projectName returns a project's name, "" where it can't be found out. An
// organization's projects are listed once, as a run refers to its project by
// id only.
func (c *Client) projectName(ctx context.Context, org, id string) string {
	c.mu.Lock()
	defer c.mu.Unlock()
	names, known := c.projects[org]
	if !known {
		list, err := c.listProjects(ctx, org, "")
		if ctx.Err() != nil {
			return ""
		}
		if err != nil && !missing(err) {
			c.o.Log.WarnContext(ctx, "runs are reported without their projects", "error", err)
		}
		names = map[string]string{}
		for _, p := range list {
			names[p.ID] = p.Name
		}
		c.projects[org] = names
	}
	return names[id]
}

// listProjects lists the projects of an organization; name, if any, narrows
// the list.
func (c *Client) listProjects(ctx context.Context, org, name string) ([]*tfe.Project, error) {
	o := tfe.ProjectListOptions{Name: name}
	var all []*tfe.Project
	err := c.do(ctx, "list the projects of organization "+org, func(ctx context.Context) (err error) {
		all, err = pages(func(l tfe.ListOptions) ([]*tfe.Project, int, error) {
			o.ListOptions = l
			list, err := c.api.Projects.List(ctx, org, &o)
			if err != nil {
				return nil, 0, err
			}
			return list.Items, nextPage(list.Pagination), nil
		})
		return err
	})
	return all, err
}
