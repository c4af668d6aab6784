package github

import (
	"cmp"
	"crypto/sha1"
	"encoding/hex"
	"fmt"
	"maps"
	"strings"
	"time"
)

// gitStore holds a repository's git objects, named as git names them:
// https://git-scm.com/book/en/v2/Git-Internals-Git-Objects
type gitStore struct {
	blobs   map[string][]byte
	trees   map[string]fileTree
	commits map[string]*gitCommit
	refs    map[string]string // without "refs/", to a commit
}

// fileTree is a whole tree, by the files' paths.
type fileTree map[string]file

type file struct {
	mode string // 100644, 100755 or 120000
	blob string // SHA
}

type gitCommit struct {
	sha     string
	tree    string
	parents []string
	message string
	author  *user
	when    time.Time
}

// Modes of git's tree entries.
const (
	modeFile = "100644"
	modeTree = "040000"
)

func newGitStore() gitStore {
	return gitStore{blobs: map[string][]byte{}, trees: map[string]fileTree{}, commits: map[string]*gitCommit{}, refs: map[string]string{}}
}

func objectName(kind string, content []byte) string {
	sum := sha1.Sum(fmt.Appendf(nil, "%s %d\x00%s", kind, len(content), content))
	return hex.EncodeToString(sum[:])
}

func (g *gitStore) blob(content []byte) string {
	sha := objectName("blob", content)
	g.blobs[sha] = content
	return sha
}

// tree stores a tree with the trees inside it, and returns its name.
func (g *gitStore) tree(files fileTree) string {
	inside := map[string]fileTree{}
	var keys = map[string]string{} // an entry's name by what git sorts it by
	for path, f := range files {
		name, rest, isDir := strings.Cut(path, "/")
		if !isDir {
			keys[name] = name
			continue
		}
		keys[name+"/"] = name
		if inside[name] == nil {
			inside[name] = fileTree{}
		}
		inside[name][rest] = f
	}
	var content []byte
	for _, key := range sortedKeys(keys) {
		name := keys[key]
		mode, sha := files[name].mode, files[name].blob
		if sub := inside[name]; sub != nil {
			mode, sha = strings.TrimPrefix(modeTree, "0"), g.tree(sub)
		}
		raw, _ := hex.DecodeString(sha) // ours, so hexadecimal
		content = append(fmt.Appendf(content, "%s %s\x00", mode, name), raw...)
	}
	sha := objectName("tree", content)
	g.trees[sha] = fileTree{}
	maps.Copy(g.trees[sha], files)
	return sha
}

// commit stores a commit and returns its name.
func (g *gitStore) commit(tree string, parents []string, message string, author *user, when time.Time) string {
	var b strings.Builder
	fmt.Fprintf(&b, "tree %s\n", tree)
	for _, p := range parents {
		fmt.Fprintf(&b, "parent %s\n", p)
	}
	who := fmt.Sprintf("%s <%s> %d +0000", author.login, author.email(), when.Unix())
	fmt.Fprintf(&b, "author %s\ncommitter %s\n\n%s", who, who, message)
	sha := objectName("commit", []byte(b.String()))
	g.commits[sha] = &gitCommit{sha: sha, tree: tree, parents: parents, message: message, author: author, when: when}
	return sha
}

func (u *user) email() string { return fmt.Sprintf("%d+%s@users.noreply.github.com", u.id, u.login) }

// isAncestor reports whether a commit is another or one of those before it.
func (g *gitStore) isAncestor(ancestor, of string) bool {
	if ancestor == of {
		return true
	}
	c := g.commits[of]
	if c == nil {
		return false
	}
	for _, p := range c.parents {
		if g.isAncestor(ancestor, p) {
			return true
		}
	}
	return false
}

// filesAt returns the files of a commit; they may not be changed.
func (g *gitStore) filesAt(sha string) fileTree {
	if c := g.commits[sha]; c != nil {
		return g.trees[c.tree]
	}
	return nil
}

// change returns a copy of files with some contents set.
func (g *gitStore) change(files fileTree, contents map[string]string) fileTree {
	out := fileTree{}
	maps.Copy(out, files)
	for path, content := range contents {
		out[path] = file{mode: cmp.Or(out[path].mode, modeFile), blob: g.blob([]byte(content))}
	}
	return out
}

// knowCommit makes a commit of a SHA known that somebody else chose: it has
// the files of the default branch.
func (r *Repo) knowCommit(sha string) *gitCommit {
	if c := r.git.commits[sha]; c != nil {
		return c
	}
	base := r.git.refs["heads/"+defaultBranch]
	c := &gitCommit{sha: sha, tree: r.git.commits[base].tree, parents: []string{base}, message: "Change", author: r.owner, when: r.s.now()}
	r.git.commits[sha] = c
	return c
}

// Commit adds a commit with changed files (path to content) to a branch, which
// is begun at the default one where it doesn't exist, and returns its SHA.
func (r *Repo) Commit(branch, message string, files map[string]string) string {
	r.s.mu.Lock()
	defer r.s.mu.Unlock()
	return r.commitFiles(branch, message, files, r.owner)
}

func (r *Repo) commitFiles(branch, message string, files map[string]string, by *user) string {
	ref := "heads/" + branch
	parent := cmp.Or(r.git.refs[ref], r.git.refs["heads/"+defaultBranch])
	tree := r.git.tree(r.git.change(r.git.filesAt(parent), files))
	sha := r.git.commit(tree, []string{parent}, message, by, r.s.now())
	r.git.refs[ref] = sha
	return sha
}

// File returns a file's content on a branch (or at a SHA) and whether it exists.
func (r *Repo) File(ref, path string) (content string, exists bool) {
	r.s.mu.Lock()
	defer r.s.mu.Unlock()
	sha, _ := r.resolve(ref)
	f, exists := r.git.filesAt(sha)[path]
	return string(r.git.blobs[f.blob]), exists
}

// Branches returns the names of the branches, sorted.
func (r *Repo) Branches() []string {
	r.s.mu.Lock()
	defer r.s.mu.Unlock()
	var out []string
	for _, ref := range sortedKeys(r.git.refs) {
		if name, isBranch := strings.CutPrefix(ref, "heads/"); isBranch {
			out = append(out, name)
		}
	}
	return out
}
