package github

import (
	"cmp"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"
)

// pull is what a pull request has beside an issue.
type pull struct {
	branch   string
	fork     *Repo // the head's repository; nil: the base's own
	base     string
	heads    []string // SHAs pushed, the newest last
	draft    bool
	editable bool // maintainer_can_modify
	merged   time.Time
}

// PR describes a pull request to open.
type PR struct {
	Title  string            // "" for "Change BRANCH"
	Body   string            //
	Branch string            // "" for "feature"
	Base   string            // "" for main
	Head   string            // SHA of 40 hexadecimal digits; "" for that of a new commit with Files
	Fork   string            // login whose fork the branch lives in; "" for none
	Author string            // login; "" for the fork's or the repository's owner
	Labels []string          //
	Files  map[string]string // what the head changes, path to content
	Draft  bool
}

// PullRequest is a pull request as a test sees it.
type PullRequest struct {
	Number int
	repo   *Repo
}

// PullRequest opens a pull request.
func (r *Repo) PullRequest(in PR) *PullRequest {
	r.s.mu.Lock()
	defer r.s.mu.Unlock()
	p := &pull{branch: cmp.Or(in.Branch, "feature"), base: cmp.Or(in.Base, defaultBranch), draft: in.Draft}
	if in.Fork != "" {
		p.fork = r.s.repo(in.Fork + "/" + r.name)
	}
	author := r.author(cmp.Or(in.Author, in.Fork))
	i := r.newIssue(cmp.Or(in.Title, "Change "+p.branch), in.Body, author)
	i.pull = p
	i.setLabels(r, in.Labels)
	files := in.Files
	if files == nil {
		files = map[string]string{"main.tf": "# " + i.title + "\n"}
	}
	r.push(p, in.Head, files, author)
	return &PullRequest{Number: i.number, repo: r}
}

// Push puts a new head on the pull request's branch: sha, or where that is ""
// a new commit that changes files. It returns the head's SHA.
func (p *PullRequest) Push(sha string, files map[string]string) string {
	p.repo.s.mu.Lock()
	defer p.repo.s.mu.Unlock()
	i := p.repo.issues[p.Number]
	i.updated = p.repo.s.now()
	return p.repo.push(i.pull, sha, files, i.user)
}

// Merge puts what a pull request that isn't a fork's changes onto its base, as
// a merge commit, and closes it.
func (p *PullRequest) Merge() {
	r := p.repo
	r.s.mu.Lock()
	defer r.s.mu.Unlock()
	i, g, now := r.issues[p.Number], &r.git, r.s.now()
	base := g.refs["heads/"+i.pull.base]
	start := g.commits[i.pull.head()].parents[0]
	files := maps.Clone(g.filesAt(base))
	before, after := g.filesAt(start), g.filesAt(i.pull.head())
	for path, f := range after {
		if before[path] != f {
			files[path] = f
		}
	}
	for path := range before {
		if _, is := after[path]; !is {
			delete(files, path)
		}
	}
	g.refs["heads/"+i.pull.base] = g.commit(g.tree(files), []string{base, i.pull.head()}, "Merge", i.user, now)
	i.setState("closed", "", r.owner, now)
	i.pull.merged = now
}

// Pull returns a pull request by its number, for what a test does to one that
// it hasn't opened itself.
func (r *Repo) Pull(number int) *PullRequest { return &PullRequest{Number: number, repo: r} }

// Issue returns an issue or pull request; the zero Issue where there is none.
func (r *Repo) Issue(number int) Issue {
	r.s.mu.Lock()
	defer r.s.mu.Unlock()
	if i := r.issues[number]; i != nil {
		return i.describe()
	}
	return Issue{}
}

// Head returns the SHA of the pull request's head.
func (p *PullRequest) Head() string {
	p.repo.s.mu.Lock()
	defer p.repo.s.mu.Unlock()
	return p.repo.issues[p.Number].pull.head()
}

func (p *pull) head() string { return p.heads[len(p.heads)-1] }

// push adds a head. The base repository knows a fork's commits too, through
// refs/pull/N/head.
func (r *Repo) push(p *pull, sha string, files map[string]string, by *user) string {
	parent := r.git.refs["heads/"+p.base]
	if len(p.heads) > 0 {
		parent = p.head()
	}
	tree := r.git.tree(r.git.change(r.git.filesAt(parent), files))
	if sha == "" {
		sha = r.git.commit(tree, []string{parent}, "Change "+strconv.Itoa(len(p.heads)+1), by, r.s.now())
	} else if r.git.commits[sha] == nil {
		r.git.commits[sha] = &gitCommit{sha: sha, tree: tree, parents: []string{parent}, message: "Change", author: by, when: r.s.now()}
	}
	p.heads = append(p.heads, sha)
	if p.fork == nil {
		r.git.refs["heads/"+p.branch] = sha
		return sha
	}
	fork := &p.fork.git
	maps.Copy(fork.blobs, r.git.blobs)
	maps.Copy(fork.trees, r.git.trees)
	maps.Copy(fork.commits, r.git.commits)
	fork.refs["heads/"+p.branch] = sha
	return sha
}

// PullRequests returns the numbers of the pull requests, in order.
func (r *Repo) PullRequests() []int {
	r.s.mu.Lock()
	defer r.s.mu.Unlock()
	var out []int
	for n := 1; n <= r.lastNumber; n++ {
		if i := r.issues[n]; i != nil && i.pull != nil {
			out = append(out, n)
		}
	}
	return out
}

// headLabel is OWNER:BRANCH of a pull request's head.
func (r *Repo) headLabel(p *pull) string { return r.headRepo(p).owner.login + ":" + p.branch }

func (r *Repo) headRepo(p *pull) *Repo {
	if p.fork != nil {
		return p.fork
	}
	return r
}

func (c *call) pull() (*issue, error) {
	i := c.repo.issueByParam(c.params["number"])
	if i == nil || i.pull == nil {
		return nil, notFound()
	}
	return i, nil
}

func getPull(c *call) (answer, error) {
	i, err := c.pull()
	if err != nil {
		return answer{}, err
	}
	return ok(c.fullPullView(i))
}

func listPulls(c *call) (answer, error) {
	q := c.r.URL.Query()
	state := cmp.Or(q.Get("state"), "open")
	head := q.Get("head")
	if !strings.Contains(head, ":") {
		head = "" // GitHub ignores a head that doesn't name its owner
	}
	var list []*issue
	for _, i := range c.repo.issues {
		p := i.pull
		if p != nil && (state == "all" || i.state == state) &&
			(head == "" || strings.EqualFold(head, c.repo.headLabel(p))) && (q.Get("base") == "" || q.Get("base") == p.base) {
			list = append(list, i)
		}
	}
	direction := q.Get("direction")
	if direction == "" && q.Get("sort") != "" && q.Get("sort") != "created" {
		direction = "asc"
	}
	sortIssues(list, q.Get("sort"), direction, c.repo.commentCount)
	return listed(c, list, c.pullView)
}

// listCommitPulls lists the pull requests that a commit was pushed to. Those of
// forks are not among them: https://github.com/google/go-github/issues/2241
func listCommitPulls(c *call) (answer, error) {
	var list []*issue
	for _, i := range c.repo.issues {
		if i.pull != nil && i.pull.fork == nil && slices.Contains(i.pull.heads, c.params["sha"]) {
			list = append(list, i)
		}
	}
	if list == nil && c.repo.git.commits[c.params["sha"]] == nil {
		return answer{}, noCommit(c.params["sha"])
	}
	sortIssues(list, "", "", nil)
	return listed(c, list, c.pullView)
}
