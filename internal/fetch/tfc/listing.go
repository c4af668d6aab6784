package tfc

import (
	"context"
	"errors"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/strandline-tf/strandline/internal/userfault"
	"github.com/strandline-tf/strandline/internal/wire"
)

// Include says what is wanted of each workspace besides itself; it comes with
// the list, for no more requests.
type Include uint

// What may be included.
const (
	WithAssessment Include = 1 << iota // Workspace.Assessment
	WithState                          // Workspace.State
)

// The names of what is included, as the API's description spells them; where
// a server refuses one, otherSpelling has go-tfe's.
const (
	includeProject    = "project"
	includeLock       = "locked_by"
	includeAssessment = "current_assessment_result"
	includeState      = "current_state_version"
)

var otherSpelling = map[string]string{includeState: "current-state-version"}

// WorkspaceNamed reads the workspace of that name, without its Assessment, and
// of its State the ID only. An Unreadable says that there is none.
func (c *Client) WorkspaceNamed(ctx context.Context, org, name string) (Workspace, error) {
	var got struct {
		Data workspaceData `json:"data"`
	}
	err := c.get(ctx, "read workspace "+org+"/"+name, "organizations/"+url.PathEscape(org)+"/workspaces/"+url.PathEscape(name), nil, &got)
	if err != nil {
		return Workspace{}, err
	}
	w := (&workspaceList{}).workspace(&got.Data)
	c.place(&w, org)
	if w.projectID != "" {
		w.Project = c.projectName(ctx, org, w.projectID)
	}
	return w, nil
}

// place sets what a workspace's own data don't say of it.
func (c *Client) place(w *Workspace, org string) {
	w.Organization = org
	w.URL = c.base.JoinPath("app", org, "workspaces", w.Name).String()
}

// EachWorkspace gives yield each workspace of an organization that the filter
// lets through, in the server's order (by name), while it reads the list: a
// request for a hundred workspaces, narrowed by the server as far as it can.
// No more than a page is kept. An error of yield ends it and is returned.
func (c *Client) EachWorkspace(ctx context.Context, f Filter, with Include, yield func(Workspace) error) error {
	include := []string{includeProject, includeLock}
	if with&WithAssessment != 0 {
		include = append(include, includeAssessment)
	}
	if with&WithState != 0 {
		include = append(include, includeState)
	}
	return c.eachWorkspace(ctx, f, include, func(w Workspace) error {
		if w.Project == "" && w.projectID != "" {
			w.Project = c.projectName(ctx, f.Organization, w.projectID)
		}
		return yield(w)
	})
}

// workspaceQuery are the parameters of the list.
type workspaceQuery struct {
	Page     int    `url:"page[number]"`
	Size     int    `url:"page[size]"`
	Name     string `url:"search[name],omitempty"`
	Wildcard string `url:"search[wildcard-name],omitempty"`
	Tags     string `url:"search[tags],omitempty"`
	Project  string `url:"filter[project][id],omitempty"`
	Include  string `url:"include,omitempty"`
}

func (c *Client) eachWorkspace(ctx context.Context, f Filter, include []string, yield func(Workspace) error) error {
	if f.Organization == "" {
		return userfault.Usage("set --org or TF_CLOUD_ORGANIZATION", "no organization whose workspaces to list")
	}
	q := workspaceQuery{Size: pageSize, Tags: strings.Join(f.Tags, ",")}
	if len(f.Workspaces) == 1 {
		q.Name, q.Wildcard = narrow(f.Workspaces[0])
	}
	if f.Project != "" {
		id, err := c.projectID(ctx, f.Organization, f.Project)
		if err != nil {
			return err
		}
		q.Project = id
	}
	// A workspace made while the list is read moves the last one of a page to
	// the next.
	var before, seen map[string]bool
	for q.Page = 1; ; {
		list, err := c.listWorkspaces(ctx, f.Organization, q, include)
		if err != nil {
			return err
		}
		before, seen = seen, map[string]bool{}
		for i := range list.Data {
			w := list.workspace(&list.Data[i])
			again := before[w.ID]
			seen[w.ID] = true
			if again || !f.matchName(w.Name) || !hasAll(w.Tags, f.Tags) || q.Project != "" && w.projectID != q.Project {
				continue
			}
			c.place(&w, f.Organization)
			if err := yield(w); err != nil {
				return err
			}
		}
		next := list.Meta.Pagination.NextPage
		if next == 0 {
			return ctx.Err()
		}
		if next <= q.Page || next > maxPages {
			return userfault.New("check that "+c.base.String()+" is a Terraform Cloud", "cannot list the workspaces of organization %s: page %d is followed by page %d",
				f.Organization, q.Page, next)
		}
		q.Page = next
	}
}

// listWorkspaces reads one page with what the server knows to include. A
// server refuses (400) what it doesn't know; which of several that is, is found
// out once for the client.
func (c *Client) listWorkspaces(ctx context.Context, org string, q workspaceQuery, include []string) (workspaceList, error) {
	ask := func(size int, include ...string) (list workspaceList, err error) {
		q.Size, q.Include = size, strings.Join(include, ",")
		err = c.get(ctx, "list the workspaces of organization "+org, "organizations/"+url.PathEscape(org)+"/workspaces", q, &list)
		return list, err
	}
	c.mu.Lock()
	known := spell(include, c.includes)
	c.mu.Unlock()
	size := q.Size
	list, err := ask(size, known...)
	// A state version names each resource in it: with a hundred huge ones a page
	// may be too large, and then has to do without.
	var large *wire.TooLarge
	if errors.As(err, &large) {
		stateless := slices.DeleteFunc(slices.Clone(known), func(s string) bool { return s == includeState || s == otherSpelling[includeState] })
		if len(stateless) < len(known) {
			return ask(size, stateless...)
		}
	}
	if !badRequest(err) || len(known) == 0 {
		return list, err
	}
	found := map[string]string{}
	for _, name := range include {
		found[name] = ""
		for _, spelling := range []string{name, otherSpelling[name]} {
			if spelling == "" || found[name] != "" {
				continue
			}
			if _, err := ask(1, spelling); err == nil {
				found[name] = spelling
			} else if !badRequest(err) {
				return workspaceList{}, err
			}
		}
	}
	if list, err = ask(size, spell(include, found)...); err != nil {
		return workspaceList{}, err // so what was included isn't the cause
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	maps.Copy(c.includes, found)
	return list, nil
}

// spell returns the names as the server spells them, without those that it
// doesn't know (""). One that wasn't found out about is taken as it is.
func spell(names []string, found map[string]string) []string {
	var out []string
	for _, name := range names {
		spelling, ok := found[name]
		if !ok {
			spelling = name
		}
		if spelling != "" {
			out = append(out, spelling)
		}
	}
	return out
}

func badRequest(err error) bool {
	var a *answered
	return errors.As(err, &a) && a.status == http.StatusBadRequest
}
