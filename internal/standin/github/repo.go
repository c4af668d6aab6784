package github

import (
	"strconv"
	"strings"
	"time"
)

// Repo is a repository. Its exported methods describe it before a test and
// look at it after; they are safe while the server runs, also within hooks.
type Repo struct {
	s        *Server
	id       int64
	owner    *user
	name     string
	private  bool
	created  time.Time
	noPulls  bool // GitHub Actions may not open pull requests
	noIssues bool // issues are disabled

	lastNumber int
	issues     map[int]*issue // pull requests too
	moved      map[int]string // path of what has been transferred, by its old number; "": deleted
	comments   []*comment     // of all issues, in order
	labels     map[string]*label
	statuses   map[string][]*status // by commit, oldest first
	checks     []*checkRun          // oldest first
	suites     map[string]int64     // check suite by commit and App
	git        gitStore
}

// defaultBranch is every repository's.
const defaultBranch = "main"

func newRepo(s *Server, owner *user, name string) *Repo {
	r := &Repo{
		s: s, id: s.nextID(), owner: owner, name: name, created: s.now(),
		issues: map[int]*issue{}, moved: map[int]string{}, labels: map[string]*label{}, statuses: map[string][]*status{}, suites: map[string]int64{},
		git: newGitStore(),
	}
	first := r.git.commit(r.git.tree(nil), nil, "Initial commit", owner, s.now())
	r.git.refs["heads/"+defaultBranch] = first
	return r
}

// Private makes the repository one that is invisible without a token.
func (r *Repo) Private() {
	r.s.mu.Lock()
	defer r.s.mu.Unlock()
	r.private = true
}

// ForbidActionsPulls takes back the setting by which GITHUB_TOKEN may open
// pull requests.
func (r *Repo) ForbidActionsPulls() {
	r.s.mu.Lock()
	defer r.s.mu.Unlock()
	r.noPulls = true
}

func (r *Repo) fullName() string { return r.owner.login + "/" + r.name }

// nextNumber numbers issues and pull requests, which share one sequence.
func (r *Repo) nextNumber() int {
	r.lastNumber++
	return r.lastNumber
}

// issueByParam returns the issue or pull request of a number, nil for none.
func (r *Repo) issueByParam(n string) *issue {
	i, err := strconv.Atoi(n)
	if err != nil {
		return nil
	}
	return r.issues[i]
}

func (c *call) repoURL() string { return c.api + "/repos/" + c.repo.fullName() }
func (c *call) webURL() string  { return c.s.opts.WebURL + "/" + c.repo.fullName() }

func getRepo(c *call) (answer, error) {
	v := c.repoView(c.repo)
	v["network_count"], v["subscribers_count"] = 0, 0
	return ok(v)
}

// repoView is a repository (schemas repository, minimal-repository).
func (c *call) repoView(r *Repo) object {
	api, web := c.api+"/repos/"+r.fullName(), c.s.opts.WebURL+"/"+r.fullName()
	host := strings.TrimPrefix(strings.TrimPrefix(c.s.opts.WebURL, "https://"), "http://")
	v := object{
		"id": r.id, "node_id": nodeID("Repository", r.id), "name": r.name, "full_name": r.fullName(),
		"owner": c.userView(r.owner), "private": r.private, "fork": false, "description": nil,
		"url": api, "html_url": web, "default_branch": defaultBranch,
		"clone_url": web + ".git", "svn_url": web, "git_url": "git://" + host + "/" + r.fullName() + ".git",
		"ssh_url": "git@" + host + ":" + r.fullName() + ".git", "mirror_url": nil, "homepage": nil, "language": nil,
		"license": nil, "visibility": "public", "size": 0, "archived": false, "disabled": false,
		"created_at": stamp(r.created), "updated_at": stamp(r.created), "pushed_at": stamp(r.created),
		"permissions": c.permissions(), "open_issues": r.openIssues(), "open_issues_count": r.openIssues(),
	}
	if r.private {
		v["visibility"] = "private"
	}
	for _, none := range []string{"forks", "forks_count", "stargazers_count", "watchers", "watchers_count"} {
		v[none] = 0
	}
	for has, it := range map[string]bool{"issues": !r.noIssues, "projects": true, "wiki": true, "downloads": true,
		"pages": false, "discussions": false} {
		v["has_"+has] = it
	}
	for key, path := range map[string]string{
		"archive": "{archive_format}{/ref}", "assignees": "assignees{/user}", "blobs": "git/blobs{/sha}",
		"branches": "branches{/branch}", "collaborators": "collaborators{/collaborator}", "comments": "comments{/number}",
		"commits": "commits{/sha}", "compare": "compare/{base}...{head}", "contents": "contents/{+path}",
		"contributors": "contributors", "deployments": "deployments", "downloads": "downloads", "events": "events",
		"forks": "forks", "git_commits": "git/commits{/sha}", "git_refs": "git/refs{/sha}", "git_tags": "git/tags{/sha}",
		"hooks": "hooks", "issue_comment": "issues/comments{/number}", "issue_events": "issues/events{/number}",
		"issues": "issues{/number}", "keys": "keys{/key_id}", "labels": "labels{/name}", "languages": "languages",
		"merges": "merges", "milestones": "milestones{/number}", "notifications": "notifications{?since,all,participating}",
		"pulls": "pulls{/number}", "releases": "releases{/id}", "stargazers": "stargazers", "statuses": "statuses/{sha}",
		"subscribers": "subscribers", "subscription": "subscription", "tags": "tags", "teams": "teams", "trees": "git/trees{/sha}",
	} {
		v[key+"_url"] = api + "/" + path
	}
	return v
}

func (r *Repo) openIssues() int {
	n := 0
	for _, i := range r.issues {
		if i.state == "open" {
			n++
		}
	}
	return n
}
