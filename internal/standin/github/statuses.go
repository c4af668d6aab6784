package github

import (
	"cmp"
	"net/http"
	"slices"
	"strings"
	"time"
	"unicode/utf8"
)

type status struct {
	id          int64
	sha         string
	state       string
	context     string
	description string
	targetURL   string
	creator     *user
	created     time.Time
}

// Status is a commit status, for AddStatus and as Statuses returns it.
type Status struct {
	State       string // error | failure | pending | success
	Context     string
	Description string
	TargetURL   string
	Creator     string // login; "" for AddStatus: the repository's owner
}

// AddStatus sets a status of a commit, which need not be known otherwise.
func (r *Repo) AddStatus(sha string, in Status) {
	r.s.mu.Lock()
	defer r.s.mu.Unlock()
	r.knowCommit(sha)
	r.addStatus(sha, in, r.author(in.Creator))
}

// Statuses returns all statuses that a commit was ever given, oldest first.
func (r *Repo) Statuses(sha string) []Status {
	r.s.mu.Lock()
	defer r.s.mu.Unlock()
	var out []Status
	for _, st := range r.statuses[sha] {
		out = append(out, Status{State: st.state, Context: st.context, Description: st.description,
			TargetURL: st.targetURL, Creator: st.creator.login})
	}
	return out
}

func (r *Repo) addStatus(sha string, in Status, by *user) *status {
	st := &status{id: r.s.nextID(), sha: sha, state: in.State, context: cmp.Or(in.Context, "default"), description: in.Description,
		targetURL: in.TargetURL, creator: by, created: r.s.now()}
	r.statuses[sha] = append(r.statuses[sha], st)
	return st
}

// maxDescription is the length of a status's description, in characters.
const maxDescription = 140

func createStatus(c *call) (answer, error) {
	var in struct {
		State       string
		Context     string
		Description *string
		TargetURL   *string `json:"target_url"`
	}
	if err := c.decode(&in); err != nil {
		return answer{}, err
	}
	sha := c.params["sha"]
	if c.repo.git.commits[sha] == nil {
		return answer{}, noCommit(sha)
	}
	if !slices.Contains([]string{"error", "failure", "pending", "success"}, in.State) {
		return answer{}, invalid(fieldError{Resource: "Status", Code: "custom", Field: "state", Message: "state is not included in the list"})
	}
	st := Status{State: in.State, Context: in.Context}
	if in.Description != nil {
		st.Description = *in.Description
	}
	if in.TargetURL != nil {
		st.TargetURL = *in.TargetURL
	}
	if utf8.RuneCountInString(st.Description) > maxDescription {
		return answer{}, invalid(fieldError{Resource: "Status", Code: "custom", Field: "description",
			Message: "description is too long (maximum is 140 characters)"})
	}
	v := c.statusView(c.repo.addStatus(sha, st, c.actor.user))
	return created(v)
}

// listStatuses lists all statuses of a commit, newest first.
func listStatuses(c *call) (answer, error) {
	sha, found := c.repo.resolve(c.params["ref"])
	if !found {
		return answer{}, notFound()
	}
	list := slices.Clone(c.repo.statuses[sha])
	slices.Reverse(list)
	return listed(c, list, c.statusView)
}

// combinedStatus shows the latest status of each context.
func combinedStatus(c *call) (answer, error) {
	sha, found := c.repo.resolve(c.params["ref"])
	if !found {
		return answer{}, notFound()
	}
	latest := map[string]*status{}
	for _, st := range c.repo.statuses[sha] {
		latest[st.context] = st
	}
	var list []*status
	state := "success"
	for _, context := range sortedKeys(latest) {
		st := latest[context]
		list = append(list, st)
		switch {
		case st.state == "error" || st.state == "failure":
			state = "failure"
		case st.state == "pending" && state == "success":
			state = "pending"
		}
	}
	if len(list) == 0 {
		state = "pending"
	}
	part, header := paginate(c, list)
	views := make([]object, 0, len(part))
	for _, st := range part {
		v := c.statusView(st)
		delete(v, "creator")
		views = append(views, v)
	}
	url := c.repoURL() + "/commits/" + sha
	return answer{status: http.StatusOK, header: header, body: object{"state": state, "statuses": views, "sha": sha, "total_count": len(list),
		"repository": c.repoView(c.repo), "commit_url": url, "url": url + "/status"}}, nil
}

// statusView is a commit status (schema status).
func (c *call) statusView(st *status) object {
	return object{"id": st.id, "node_id": nodeID("StatusContext", st.id), "url": c.repoURL() + "/statuses/" + st.sha,
		"avatar_url": c.userView(st.creator).(object)["avatar_url"], "state": st.state, "context": st.context,
		"description": orNull(st.description), "target_url": orNull(st.targetURL), "creator": c.userView(st.creator),
		"created_at": stamp(st.created), "updated_at": stamp(st.created)}
}

// resolve returns the commit that a ref names: a SHA, a branch, or either of
// them spelled out (heads/main, refs/heads/main).
func (r *Repo) resolve(ref string) (sha string, found bool) {
	if r.git.commits[ref] != nil {
		return ref, true
	}
	ref = strings.TrimPrefix(ref, "refs/")
	for _, name := range []string{ref, "heads/" + ref, "tags/" + ref} {
		if sha, found := r.git.refs[name]; found {
			return sha, true
		}
	}
	return "", false
}
