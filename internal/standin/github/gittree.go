package github

import (
	"cmp"
	"maps"
	"net/http"
	"strings"
	"time"
)

func createTree(c *call) (answer, error) {
	var in struct {
		BaseTree string `json:"base_tree"`
		Tree     []struct {
			Path, Mode, Type string
			SHA              *string // null: the file is removed
			Content          *string
		}
	}
	if err := c.decode(&in); err != nil {
		return answer{}, err
	}
	if len(in.Tree) == 0 {
		return answer{}, refuse(http.StatusUnprocessableEntity, "Invalid tree info")
	}
	g := &c.repo.git
	files := fileTree{}
	if in.BaseTree != "" {
		sha := in.BaseTree
		if commit := g.commits[sha]; commit != nil { // GitHub takes a commit, too
			sha = commit.tree
		}
		if g.trees[sha] == nil {
			return answer{}, refuse(http.StatusUnprocessableEntity, "base_tree is not a valid tree oid")
		}
		files = maps.Clone(g.trees[sha])
	}
	for _, e := range in.Tree {
		switch {
		case e.Content != nil:
			files[e.Path] = file{mode: cmp.Or(e.Mode, modeFile), blob: g.blob([]byte(*e.Content))}
		case e.SHA == nil:
			delete(files, e.Path)
		case e.Mode == modeTree && g.trees[*e.SHA] != nil:
			for path, f := range g.trees[*e.SHA] {
				files[e.Path+"/"+path] = f
			}
		case g.blobs[*e.SHA] != nil:
			files[e.Path] = file{mode: cmp.Or(e.Mode, modeFile), blob: *e.SHA}
		default:
			return answer{}, refuse(http.StatusUnprocessableEntity, "tree.sha "+*e.SHA+" is not a valid blob")
		}
	}
	return created(c.treeView(g.tree(files), false))
}

func getTree(c *call) (answer, error) {
	sha := c.params["sha"]
	if at, found := c.repo.resolve(sha); found {
		sha = c.repo.git.commits[at].tree
	}
	if c.repo.git.trees[sha] == nil {
		return answer{}, notFound()
	}
	return ok(c.treeView(sha, c.r.URL.Query().Has("recursive")))
}

// treeView is a tree (schema git-tree): its own entries, or all below it.
func (c *call) treeView(sha string, recursive bool) object {
	g := &c.repo.git
	files := g.trees[sha]
	entries := map[string]object{}
	for path, f := range files {
		if recursive || !strings.Contains(path, "/") {
			entries[path] = object{"path": path, "mode": f.mode, "type": "blob", "sha": f.blob, "size": len(g.blobs[f.blob]),
				"url": c.repoURL() + "/git/blobs/" + f.blob}
		}
		for at := range path {
			if dir := path[:at]; path[at] == '/' && (recursive || !strings.Contains(dir, "/")) && entries[dir] == nil {
				sub := g.tree(files.below(dir))
				entries[dir] = object{"path": dir, "mode": modeTree, "type": "tree", "sha": sub, "url": c.repoURL() + "/git/trees/" + sub}
			}
		}
	}
	list := make([]object, 0, len(entries))
	for _, path := range sortedKeys(entries) {
		list = append(list, entries[path])
	}
	return object{"sha": sha, "url": c.repoURL() + "/git/trees/" + sha, "tree": list, "truncated": false}
}

// below returns the part of a tree in one of its directories.
func (t fileTree) below(dir string) fileTree {
	out := fileTree{}
	for path, f := range t {
		if rest, inside := strings.CutPrefix(path, dir+"/"); inside {
			out[rest] = f
		}
	}
	return out
}

func createGitCommit(c *call) (answer, error) {
	var in struct {
		Message *string
		Tree    string
		Parents []string
	}
	if err := c.decode(&in); err != nil {
		return answer{}, err
	}
	if in.Message == nil {
		return answer{}, notSupplied("message")
	}
	g := &c.repo.git
	if g.trees[in.Tree] == nil {
		return answer{}, refuse(http.StatusUnprocessableEntity, "Tree SHA does not exist")
	}
	for _, p := range in.Parents {
		if g.commits[p] == nil {
			return answer{}, refuse(http.StatusUnprocessableEntity, "Parent SHA does not exist or is not a commit object")
		}
	}
	return created(c.gitCommitView(g.commits[g.commit(in.Tree, in.Parents, *in.Message, c.actor.user, c.s.now())]))
}

func getGitCommit(c *call) (answer, error) {
	commit := c.repo.git.commits[c.params["sha"]]
	if commit == nil {
		return answer{}, notFound()
	}
	return ok(c.gitCommitView(commit))
}

func getCommit(c *call) (answer, error) {
	sha, found := c.repo.resolve(c.params["ref"])
	if !found {
		return answer{}, noCommit(c.params["ref"])
	}
	commit := c.repo.git.commits[sha]
	data := c.gitCommitView(commit)
	url := c.repoURL() + "/commits/" + sha
	inner := object{"url": data["url"], "comment_count": 0}
	for _, key := range []string{"author", "committer", "message", "tree", "verification"} {
		inner[key] = data[key]
	}
	return ok(object{"sha": sha, "node_id": data["node_id"], "url": url, "html_url": data["html_url"], "comments_url": url + "/comments",
		"commit": inner, "author": c.userView(commit.author), "committer": c.userView(commit.author), "parents": data["parents"]})
}

// gitCommitView is a commit as git has it (schema git-commit).
func (c *call) gitCommitView(commit *gitCommit) object {
	who := object{"name": commit.author.login, "email": commit.author.email(), "date": commit.when.Format(time.RFC3339)}
	link := func(sha string) object {
		return object{"sha": sha, "url": c.repoURL() + "/git/commits/" + sha, "html_url": c.webURL() + "/commit/" + sha}
	}
	parents := make([]object, 0, len(commit.parents))
	for _, p := range commit.parents {
		parents = append(parents, link(p))
	}
	v := link(commit.sha)
	v["node_id"], v["author"], v["committer"], v["message"] = nodeID("Commit", commit.sha), who, who, commit.message
	v["tree"] = object{"sha": commit.tree, "url": c.repoURL() + "/git/trees/" + commit.tree}
	v["parents"] = parents
	v["verification"] = object{"verified": false, "reason": "unsigned", "signature": nil, "payload": nil, "verified_at": nil}
	return v
}
