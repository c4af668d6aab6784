package github

import (
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"strings"
)

type label struct {
	id          int64
	name        string
	color       string
	description string
}

// label returns the repository's label of a name, which is made if there is
// none: that is what GitHub does when an issue is labelled.
func (r *Repo) label(name string) *label {
	key := strings.ToLower(name)
	if r.labels[key] == nil {
		r.labels[key] = &label{id: r.s.nextID(), name: name, color: "ededed"}
	}
	return r.labels[key]
}

func (i *issue) labelIndex(name string) int {
	return slices.IndexFunc(i.labels, func(l *label) bool { return strings.EqualFold(l.name, name) })
}

func (i *issue) setLabels(r *Repo, names []string) {
	i.labels = nil
	i.addLabels(r, names)
}

func (i *issue) addLabels(r *Repo, names []string) {
	for _, name := range names {
		if i.labelIndex(name) < 0 {
			i.labels = append(i.labels, r.label(name))
		}
	}
}

// labelNames reads a list whose elements are names or objects with a name.
func labelNames(list []json.RawMessage) ([]string, error) {
	var names []string
	for _, raw := range list {
		var name string
		var in struct{ Name string }
		if json.Unmarshal(raw, &name) != nil {
			if json.Unmarshal(raw, &in) != nil {
				return nil, invalid(fieldError{Resource: "Label", Code: "invalid", Field: "name"})
			}
			name = in.Name
		}
		if strings.TrimSpace(name) == "" {
			return nil, invalid(fieldError{Resource: "Label", Code: "missing_field", Field: "name"})
		}
		if len([]rune(name)) > 50 {
			return nil, invalid(fieldError{Resource: "Label", Code: "custom", Field: "name", Message: "name is too long (maximum is 50 characters)"})
		}
		names = append(names, name)
	}
	return names, nil
}

// issueLabels returns the issue of the path and the labels in the body, which
// is an object with labels or, as older clients send it, a list.
func (c *call) issueLabels() (*issue, []string, error) {
	i := c.repo.issueByParam(c.params["number"])
	if i == nil {
		return nil, nil, notFound()
	}
	var in struct{ Labels []json.RawMessage }
	if json.Unmarshal(c.raw, &in.Labels) != nil {
		if err := c.decode(&in); err != nil {
			return nil, nil, err
		}
	}
	names, err := labelNames(in.Labels)
	return i, names, err
}

func listIssueLabels(c *call) (answer, error) {
	i, _, err := c.issueLabels()
	if err != nil {
		return answer{}, err
	}
	return listed(c, i.labels, c.labelView)
}

func addIssueLabels(c *call) (answer, error) {
	i, names, err := c.issueLabels()
	if err != nil {
		return answer{}, err
	}
	i.addLabels(c.repo, names)
	return ok(c.labelViews(i.labels))
}

func setIssueLabels(c *call) (answer, error) {
	i, names, err := c.issueLabels()
	if err != nil {
		return answer{}, err
	}
	i.setLabels(c.repo, names)
	return ok(c.labelViews(i.labels))
}

func clearIssueLabels(c *call) (answer, error) {
	i, _, err := c.issueLabels()
	if err != nil {
		return answer{}, err
	}
	i.labels = nil
	return noContent()
}

func removeIssueLabel(c *call) (answer, error) {
	i, _, err := c.issueLabels()
	if err != nil {
		return answer{}, err
	}
	at := i.labelIndex(c.params["name"])
	if at < 0 {
		return answer{}, refuse(http.StatusNotFound, "Label does not exist")
	}
	i.labels = slices.Delete(i.labels, at, at+1)
	return ok(c.labelViews(i.labels))
}

func listLabels(c *call) (answer, error) {
	var all []*label
	for _, key := range sortedKeys(c.repo.labels) {
		all = append(all, c.repo.labels[key])
	}
	return listed(c, all, c.labelView)
}

// labelFields is the body of a request to create or edit a label.
type labelFields struct {
	Name        string
	NewName     string `json:"new_name"`
	Color       string
	Description *string
}

func createLabel(c *call) (answer, error) {
	var in labelFields
	if err := c.decode(&in); err != nil {
		return answer{}, err
	}
	if in.Name == "" {
		return answer{}, notSupplied("name")
	}
	if c.repo.labels[strings.ToLower(in.Name)] != nil {
		return answer{}, invalid(fieldError{Resource: "Label", Code: "already_exists", Field: "name"})
	}
	l := c.repo.label(in.Name)
	l.edit(in)
	return created(c.labelView(l))
}

func (l *label) edit(in labelFields) {
	if in.Color != "" {
		l.color = in.Color
	}
	if in.Description != nil {
		l.description = *in.Description
	}
}

// namedLabel returns the label of the path.
func (c *call) namedLabel() (*label, error) {
	if l := c.repo.labels[strings.ToLower(c.params["name"])]; l != nil {
		return l, nil
	}
	return nil, notFound()
}

func getLabel(c *call) (answer, error) {
	l, err := c.namedLabel()
	if err != nil {
		return answer{}, err
	}
	return ok(c.labelView(l))
}

func editLabel(c *call) (answer, error) {
	l, err := c.namedLabel()
	if err != nil {
		return answer{}, err
	}
	var in labelFields
	if err := c.decode(&in); err != nil {
		return answer{}, err
	}
	l.edit(in)
	if in.NewName != "" {
		delete(c.repo.labels, strings.ToLower(l.name))
		l.name = in.NewName
		c.repo.labels[strings.ToLower(l.name)] = l
	}
	return ok(c.labelView(l))
}

func deleteLabel(c *call) (answer, error) {
	l, err := c.namedLabel()
	if err != nil {
		return answer{}, err
	}
	delete(c.repo.labels, strings.ToLower(l.name))
	for _, i := range c.repo.issues {
		i.labels = slices.DeleteFunc(i.labels, func(other *label) bool { return other == l })
	}
	return noContent()
}

func (c *call) labelViews(list []*label) []object {
	out := make([]object, 0, len(list))
	for _, l := range list {
		out = append(out, c.labelView(l))
	}
	return out
}

// labelView is a label (schema label). The description is never null, as the
// schema of a listed pull request has it.
func (c *call) labelView(l *label) object {
	return object{"id": l.id, "node_id": nodeID("Label", l.id), "name": l.name, "color": l.color, "default": false,
		"description": l.description, "url": c.repoURL() + "/labels/" + url.PathEscape(l.name)}
}
