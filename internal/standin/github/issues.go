package github

import (
	"cmp"
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"time"
	"unicode/utf8"
)

// maxTitle is the length of an issue's title, in characters.
const maxTitle = 256

// issue is an issue or, with pull set, a pull request.
type issue struct {
	id          int64
	number      int
	title       string
	body        string
	state       string // open | closed
	stateReason string // completed | not_planned | duplicate | reopened, or ""
	user        *user
	app         *app
	labels      []*label
	assignees   []*user
	closedBy    *user
	edits       int
	created     time.Time
	updated     time.Time
	closed      time.Time
	pull        *pull
	locked      bool
}

// Issue describes an issue, for AddIssue, and is what Issues returns.
type Issue struct {
	Number      int // given by the repository
	Title       string
	Body        string
	State       string // open | closed; "" for AddIssue: open
	StateReason string
	Author      string // login; "" for AddIssue: the repository's owner
	Labels      []string
	Assignees   []string
	Edits       int // successful edits through the API
}

// AddIssue opens an issue and returns its number.
func (r *Repo) AddIssue(in Issue) int {
	r.s.mu.Lock()
	defer r.s.mu.Unlock()
	i := r.newIssue(in.Title, in.Body, r.author(in.Author))
	i.setLabels(r, in.Labels)
	for _, login := range in.Assignees {
		i.assignees = append(i.assignees, r.s.user(login))
	}
	if in.State == "closed" {
		i.setState("closed", cmp.Or(in.StateReason, "completed"), i.user, r.s.now())
	}
	return i.number
}

func (r *Repo) author(login string) *user {
	if login == "" {
		return r.owner
	}
	return r.s.user(login)
}

// Issues returns the issues that are no pull requests, by number.
func (r *Repo) Issues() []Issue {
	r.s.mu.Lock()
	defer r.s.mu.Unlock()
	var out []Issue
	for n := 1; n <= r.lastNumber; n++ {
		if i := r.issues[n]; i != nil && i.pull == nil {
			out = append(out, i.describe())
		}
	}
	return out
}

// Labels returns the names of the labels of an issue or pull request.
func (r *Repo) Labels(number int) []string {
	r.s.mu.Lock()
	defer r.s.mu.Unlock()
	if i := r.issues[number]; i != nil {
		return i.describe().Labels
	}
	return nil
}

func (i *issue) describe() Issue {
	v := Issue{Number: i.number, Title: i.title, Body: i.body, State: i.state, StateReason: i.stateReason,
		Author: i.user.login, Edits: i.edits}
	for _, l := range i.labels {
		v.Labels = append(v.Labels, l.name)
	}
	for _, u := range i.assignees {
		v.Assignees = append(v.Assignees, u.login)
	}
	return v
}

func (r *Repo) newIssue(title, body string, by *user) *issue {
	now := r.s.now()
	i := &issue{id: r.s.nextID(), number: r.nextNumber(), title: title, body: body, state: "open", user: by, created: now, updated: now}
	r.issues[i.number] = i
	return i
}

func (i *issue) setState(state, reason string, by *user, now time.Time) {
	if i.state == "open" && state == "closed" {
		i.closed, i.closedBy, i.stateReason = now, by, cmp.Or(reason, "completed")
	}
	if i.state == "closed" && state == "open" {
		i.closed, i.closedBy, i.stateReason = time.Time{}, nil, "reopened"
	}
	i.state = state
}

// issueFields is the body of a request to create or edit an issue. Titles may
// be numbers, labels names or objects.
type issueFields struct {
	Title       json.RawMessage
	Body        *string
	State       *string
	StateReason *string `json:"state_reason"`
	Labels      []json.RawMessage
	Assignee    *string
	Assignees   []string
}

func (c *call) issueFields() (issueFields, string, error) {
	var in issueFields
	if err := c.decode(&in); err != nil {
		return in, "", err
	}
	title := ""
	if len(in.Title) > 0 && json.Unmarshal(in.Title, &title) != nil {
		title = string(in.Title)
	}
	if utf8.RuneCountInString(title) > maxTitle {
		return in, "", invalid(fieldError{Resource: "Issue", Code: "custom", Field: "title", Message: "title is too long (maximum is 256 characters)"})
	}
	if in.Body != nil {
		if err := checkBody("Issue", *in.Body, false); err != nil {
			return in, "", err
		}
	}
	if in.Assignee != nil && *in.Assignee != "" {
		in.Assignees = append(in.Assignees, *in.Assignee)
	}
	for _, login := range in.Assignees {
		if c.s.users[strings.ToLower(login)] == nil {
			return in, "", invalid(fieldError{Resource: "Issue", Code: "invalid", Field: "assignees"})
		}
	}
	return in, title, nil
}

func createIssue(c *call) (answer, error) {
	if c.repo.noIssues {
		return answer{}, refuse(http.StatusGone, msgNoIssues)
	}
	in, title, err := c.issueFields()
	if err != nil {
		return answer{}, err
	}
	if strings.TrimSpace(title) == "" {
		return answer{}, invalid(fieldError{Resource: "Issue", Code: "missing_field", Field: "title"})
	}
	names, err := labelNames(in.Labels)
	if err != nil {
		return answer{}, err
	}
	i := c.repo.newIssue(title, "", c.actor.user)
	i.app = c.actor.app
	if in.Body != nil {
		i.body = *in.Body
	}
	if !c.actor.Outsider { // whose labels and assignees are dropped silently
		i.setLabels(c.repo, names)
		c.assign(i, in.Assignees)
	}
	return created(c.issueView(i))
}

func (c *call) assign(i *issue, logins []string) {
	i.assignees = nil
	for _, login := range logins {
		if u := c.s.user(login); !slices.Contains(i.assignees, u) {
			i.assignees = append(i.assignees, u)
		}
	}
}

func editIssue(c *call) (answer, error) {
	i, elsewhere, err := c.issue()
	if i == nil {
		return elsewhere, err
	}
	if err := c.mayEdit(i.user); err != nil {
		return answer{}, err
	}
	in, title, err := c.issueFields()
	if err != nil {
		return answer{}, err
	}
	names, err := labelNames(in.Labels)
	if err != nil {
		return answer{}, err
	}
	if in.State != nil && *in.State != "open" && *in.State != "closed" {
		return answer{}, invalid(fieldError{Resource: "Issue", Code: "invalid", Field: "state"})
	}
	if title != "" {
		i.title = title
	}
	if in.Body != nil {
		i.body = *in.Body
	}
	now := c.s.now()
	if in.State != nil {
		reason := ""
		if in.StateReason != nil {
			reason = *in.StateReason
		}
		i.setState(*in.State, reason, c.actor.user, now)
	}
	if in.Labels != nil && !c.actor.Outsider {
		i.setLabels(c.repo, names)
	}
	if in.Assignees != nil && !c.actor.Outsider {
		c.assign(i, in.Assignees)
	}
	i.updated = now
	i.edits++
	return ok(c.issueView(i))
}

func getIssue(c *call) (answer, error) {
	i, elsewhere, err := c.issue()
	if i == nil {
		return elsewhere, err
	}
	return ok(c.issueView(i))
}
