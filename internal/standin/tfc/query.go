package tfc

import (
	"encoding/json"
	"net/http"
	"time"
)

// NewQuery is a query run that somebody created through the API, as the hook
// of Queries sees it.
type NewQuery struct {
	Org, Workspace string
	// Configuration is the uploaded tar.gz; nil where the query run had none.
	Configuration []byte
}

// Query is what becomes of a query run.
type Query struct {
	// Log is what Terraform printed, without the markers around it.
	Log string
	// Status is "finished" by default. Others are errored and canceled, and
	// pending, queued and running, in which it stays until it is canceled.
	Status string
}

// Queries sets what becomes of query runs (`terraform query`, which takes a
// Terraform newer than the stand-in's): without a hook, the server has none, as
// Terraform Enterprise. It must not call the server.
func (s *Server) Queries(hook func(NewQuery) Query) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.queries = hook
}

// queryRun is a query run. It is pending when it is created; whoever reads it
// sees what became of it.
type queryRun struct {
	ws      *Workspace
	id      string
	config  *configVersion
	created time.Time
	outcome Query
	shown   bool
}

func (q *queryRun) key() string       { return q.id }
func (q *queryRun) scope() *Workspace { return q.ws }

func (q *queryRun) status() string {
	if !q.shown {
		return "pending"
	}
	return q.outcome.Status
}

func (q *queryRun) ended() bool {
	switch q.status() {
	case "finished", "errored", "canceled":
		return true
	}
	return false
}

func (q *queryRun) show(c *call) resource {
	return resource{
		ID: q.id, Type: "queries",
		Attributes: attrs{
			"created-at": stamp(q.created), "source": "tfe-api", "status": q.status(), "status-timestamps": attrs{},
			"terraform-version": q.ws.version, "variables": []attrs{}, "generate-config-out": true,
			"log-read-url": c.s.logURL(c, q.id, q.ended, func() []byte { return []byte(q.outcome.Log) }),
		},
		Relationships: attrs{
			"workspace":             one("workspaces", q.ws.id),
			"configuration-version": one("configuration-versions", q.config.id),
			"created-by":            one("users", creator),
		},
		Links: attrs{"self": "/api/v2/queries/" + q.id},
	}
}

// https://developer.hashicorp.com/terraform/cloud-docs/api-docs/queries#create-a-query-run
func (c *call) createQuery() (answer, error) {
	if c.s.queries == nil {
		return answer{}, errNotFound
	}
	var body struct {
		Data struct {
			Attributes struct {
				Source string `json:"source"`
			} `json:"attributes"`
			Relationships struct {
				Workspace     relation `json:"workspace"`
				ConfigVersion relation `json:"configuration-version"`
			} `json:"relationships"`
		} `json:"data"`
	}
	if err := json.NewDecoder(c.r.Body).Decode(&body); err != nil {
		return answer{}, invalid("malformed body: %v", err)
	}
	w, err := find[*Workspace](c, body.Data.Relationships.Workspace.Data.ID)
	if err == nil {
		err = c.admin()
	}
	if err != nil {
		return answer{}, err
	}
	if body.Data.Attributes.Source == "" {
		return answer{}, invalid("source: can't be blank")
	}
	config, err := c.configFor(w, body.Data.Relationships.ConfigVersion.Data.ID)
	if err != nil {
		return answer{}, err
	}
	q := &queryRun{ws: w, id: c.s.newID("qry"), config: config, created: c.s.opts.Clock()}
	if q.outcome = c.s.queries(NewQuery{Org: w.org.name, Workspace: w.name, Configuration: config.body}); q.outcome.Status == "" {
		q.outcome.Status = "finished"
	}
	w.queries = append(w.queries, q)
	c.s.add(q)
	return c.single(http.StatusCreated, q)
}

func (c *call) readQuery() (answer, error) {
	q, err := find[*queryRun](c, c.r.PathValue("id"))
	if err != nil {
		return answer{}, err
	}
	q.shown = true
	return c.single(http.StatusOK, q)
}

func (c *call) listQueries() (answer, error) {
	w, err := c.workspace()
	if err == nil && c.s.queries == nil {
		err = errNotFound
	}
	if err != nil {
		return answer{}, err
	}
	return list(c, newestFirst(w.queries), true)
}

func (c *call) cancelQuery() (answer, error) {
	q, err := find[*queryRun](c, c.r.PathValue("id"))
	if err == nil {
		err = c.admin()
	}
	if err != nil {
		return answer{}, err
	}
	if q.ended() {
		return answer{}, &failure{http.StatusConflict, "transition not allowed"}
	}
	q.outcome.Status, q.shown = "canceled", true
	return answer{status: http.StatusAccepted}, nil
}
