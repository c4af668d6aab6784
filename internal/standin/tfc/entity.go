package tfc

import (
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"strings"
)

// entity is anything that the API shows as a resource of its own.
type entity interface {
	// key is its id.
	key() string
	// scope is the workspace whose readers may see it; nil where everyone in
	// the organisation may.
	scope() *Workspace
	// show renders it for the caller.
	show(c *call) resource
}

// add makes e findable by its id.
func (s *Server) add(e entity) { s.entities[e.key()] = e }

// newID makes the next id, which looks random as real ones do and is the same in
// every run of a test.
func (s *Server) newID(prefix string) string {
	s.lastID++
	sum := sha256.Sum256([]byte{byte(s.lastID >> 24), byte(s.lastID >> 16), byte(s.lastID >> 8), byte(s.lastID)})
	return prefix + "-" + hex.EncodeToString(sum[:8])
}

// find returns the entity of that kind and id, or errNotFound, also where the
// caller may not see it.
func find[E entity](c *call, id string) (E, error) {
	e, ok := c.s.entities[id].(E)
	if !ok || (e.scope() != nil && !c.sees(e.scope())) {
		var none E
		return none, errNotFound
	}
	return e, nil
}

// included resolves an include parameter ("plan,configuration_version.ingress_attributes")
// by following relationships, as JSON:API defines it. Names may be written with
// underscores, as the API documentation does, or hyphens, as go-tfe does in places.
func (c *call) included(roots []resource) ([]resource, error) {
	param := c.r.URL.Query().Get("include")
	if param == "" {
		return nil, nil
	}
	var out []resource
	seen := map[string]bool{}
	for path := range strings.SplitSeq(param, ",") {
		names := strings.Split(strings.ReplaceAll(path, "_", "-"), ".")
		if c.s.opts.NoStateInclude && names[0] == "current-state-version" {
			continue
		}
		level := roots
		for _, name := range names {
			var next []resource
			for _, from := range level {
				rel, ok := from.Relationships[name].(attrs)
				if !ok {
					return nil, &failure{http.StatusBadRequest, "Invalid include: " + path}
				}
				for _, to := range linked(rel) {
					e, ok := c.s.entities[to.ID]
					if !ok {
						continue
					}
					shown := e.show(c)
					next = append(next, shown)
					if !seen[to.ID] {
						seen[to.ID] = true
						out = append(out, shown)
					}
				}
			}
			level = next
		}
	}
	return out, nil
}

// linked returns the identifiers that a relationship links to.
func linked(rel attrs) []ref {
	switch data := rel["data"].(type) {
	case ref:
		return []ref{data}
	case []ref:
		return data
	}
	return nil
}

// single answers with e and its includes.
func (c *call) single(status int, e entity) (answer, error) {
	shown := e.show(c)
	included, err := c.included([]resource{shown})
	if err != nil {
		return answer{}, err
	}
	return document(status, shown, included), nil
}

// list answers with one page of the items that the caller may see.
func list[E entity](c *call, items []E, withTotals bool) (answer, error) {
	var visible []E
	for _, e := range items {
		if e.scope() == nil || c.sees(e.scope()) {
			visible = append(visible, e)
		}
	}
	p := pageOf(c.r.URL.Query(), len(visible))
	data := make([]resource, 0, p.to-p.from)
	for _, e := range visible[p.from:p.to] {
		data = append(data, e.show(c))
	}
	included, err := c.included(data)
	if err != nil {
		return answer{}, err
	}
	meta, links := p.describe(c.base, c.r.URL, withTotals)
	doc := attrs{"data": data, "links": links, "meta": attrs{"pagination": meta}}
	if len(included) > 0 {
		doc["included"] = included
	}
	return jsonAnswer(http.StatusOK, mediaType, doc), nil
}
