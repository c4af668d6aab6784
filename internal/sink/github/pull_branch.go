package github

import (
	"context"
	"encoding/base64"
	"fmt"
	"net/http"
	"net/url"
	"path"
	"strings"
	"unicode/utf8"

	gogithub "github.com/google/go-github/v60/github"

	"github.com/strandline-tf/strandline/internal/userfault"
)

// Git's modes: https://docs.github.com/en/rest/git/trees#create-a-tree
const (
	modeFile       = "100644"
	modeExecutable = "100755"
)

// The lines at the end of a commit's message by which the program knows it
// again. The tree is what it made: who amends the commit makes another.
const (
	trailerKey    = "Strandline-Key: "
	trailerDigest = "Strandline-Digest: "
	trailerTree   = "Strandline-Tree: "
)

// branch is the head of a branch.
type branch struct {
	exists       bool
	commit, tree string // their SHAs
	ours         bool   // a commit of the program with the key in question
	digest       string // of its changes
}

// head returns the commit that a branch points at, "" where there is no such
// branch.
func (p *Poster) head(ctx context.Context, name string) (string, error) {
	ref, _, err := p.api.Git.GetRef(ctx, p.owner, p.name, "heads/"+name)
	if status, _ := answered(err); status == http.StatusNotFound {
		return "", nil
	}
	return ref.GetObject().GetSHA(), err
}

func (p *Poster) readBranch(ctx context.Context, name, key string) (branch, error) {
	sha, err := p.head(ctx, name)
	if err != nil || sha == "" {
		return branch{}, err
	}
	commit, _, err := p.api.Git.GetCommit(ctx, p.owner, p.name, sha)
	if err != nil {
		return branch{}, err
	}
	b := branch{exists: true, commit: sha, tree: commit.GetTree().GetSHA()}
	trailers := map[string]string{}
	for line := range strings.Lines(commit.GetMessage()) {
		for _, name := range []string{trailerKey, trailerDigest, trailerTree} {
			if value, ok := strings.CutPrefix(strings.TrimRight(line, "\r\n"), name); ok {
				trailers[name] = value
			}
		}
	}
	unescaped, err := url.PathUnescape(trailers[trailerKey])
	b.ours = err == nil && trailers[trailerKey] != "" && unescaped == key && trailers[trailerTree] == b.tree && len(commit.Parents) == 1
	b.digest = trailers[trailerDigest]
	return b, nil
}

// commit makes the commit of changes on top of base, and returns its SHA.
func (p *Poster) commit(ctx context.Context, pr PullRequest, base branch, changes []change, digest string) (string, error) {
	entries := make([]*gogithub.TreeEntry, 0, len(changes))
	for _, c := range changes {
		entry := gogithub.TreeEntry{Path: &c.Path, Mode: &c.mode, Type: gogithub.String("blob")}
		switch {
		case c.Content == nil: // an entry without content takes the file away
		case utf8.Valid(c.Content):
			entry.Content = gogithub.String(string(c.Content))
		default:
			blob, _, err := p.api.Git.CreateBlob(ctx, p.owner, p.name, &gogithub.Blob{
				Content: gogithub.String(base64.StdEncoding.EncodeToString(c.Content)), Encoding: gogithub.String("base64")})
			if err != nil {
				return "", err
			}
			entry.SHA = blob.SHA
		}
		entries = append(entries, &entry)
	}
	tree, _, err := p.api.Git.CreateTree(ctx, p.owner, p.name, base.tree, entries)
	if err != nil {
		return "", err
	}
	message := fmt.Sprintf("%s\n\n%s%s\n%s%s\n%s%s\n", strings.TrimSpace(pr.Message),
		trailerKey, escape(pr.Key), trailerDigest, digest, trailerTree, tree.GetSHA())
	commit, _, err := p.api.Git.CreateCommit(ctx, p.owner, p.name, &gogithub.Commit{
		Message: &message, Tree: &gogithub.Tree{SHA: tree.SHA}, Parents: []*gogithub.Commit{{SHA: &base.commit}}}, nil)
	return commit.GetSHA(), err
}

// changes returns those of files that the base doesn't hold as wanted. why says
// that it holds something else than they are made from.
func (p *Poster) changes(ctx context.Context, base branch, files []File) (out []change, why string, err error) {
	look := p.looker(base.tree)
	for _, f := range files {
		entry, err := look(ctx, f.Path)
		if err != nil {
			return nil, "", err
		}
		isFile := entry.mode == modeFile || entry.mode == modeExecutable
		switch {
		case entry.mode == "" && f.Content == nil, isFile && f.Content != nil && entry.sha == blobName(f.Content):
			continue // it is as wanted already
		case entry.mode == "" && f.Was == nil:
			out = append(out, change{f, modeFile})
		case isFile && f.Was != nil && entry.sha == blobName(f.Was):
			out = append(out, change{f, entry.mode})
		case entry.mode == "":
			return nil, fmt.Sprintf("%s is not there any more", f.Path), nil
		case f.Was == nil:
			return nil, fmt.Sprintf("%s is there already", f.Path), nil
		default:
			return nil, fmt.Sprintf("%s is not what the change was made from", f.Path), nil
		}
	}
	return out, "", nil
}

// entry is a tree's entry; the zero entry is none.
type entry struct{ mode, sha string }

// looker returns a function that finds a path in a tree, folder by folder, so
// that the size of the repository doesn't count. What stands where a folder
// would have to be is found in its place.
func (p *Poster) looker(root string) func(ctx context.Context, path string) (entry, error) {
	folders := map[string]map[string]entry{}
	list := func(ctx context.Context, sha string) (map[string]entry, error) {
		if folders[sha] != nil {
			return folders[sha], nil
		}
		tree, _, err := p.api.Git.GetTree(ctx, p.owner, p.name, sha, false)
		if err != nil {
			return nil, err
		}
		if tree.GetTruncated() {
			return nil, userfault.New("change such files by hand", "a folder has more files than GitHub lists")
		}
		folders[sha] = map[string]entry{}
		for _, e := range tree.Entries {
			folders[sha][e.GetPath()] = entry{e.GetMode(), e.GetSHA()}
		}
		return folders[sha], nil
	}
	return func(ctx context.Context, file string) (entry, error) {
		folder := root
		for _, name := range strings.Split(path.Dir(file), "/") {
			if name == "." {
				break
			}
			entries, err := list(ctx, folder)
			if err != nil {
				return entry{}, err
			}
			e := entries[name]
			if e.mode != "040000" {
				return e, nil
			}
			folder = e.sha
		}
		entries, err := list(ctx, folder)
		return entries[path.Base(file)], err
	}
}
