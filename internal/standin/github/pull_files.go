package github

import (
	"net/url"
	"strings"

	"github.com/aymanbagabas/go-udiff"
)

// changedFile is one file that a pull request changes.
type changedFile struct {
	path           string
	status         string // added | modified | removed
	blob           string
	added, removed int // lines
	patch          string
}

// changedFiles compares a pull request's head with its base, by path.
func (c *call) changedFiles(p *pull) []changedFile {
	g := &c.repo.git
	base, head := g.filesAt(g.refs["heads/"+p.base]), c.repo.headRepo(p).git.filesAt(p.head())
	blobs := c.repo.headRepo(p).git.blobs
	paths := map[string]bool{}
	for path := range base {
		paths[path] = true
	}
	for path := range head {
		paths[path] = true
	}
	var out []changedFile
	for _, path := range sortedKeys(paths) {
		before, was := base[path]
		after, is := head[path]
		if was && is && before.blob == after.blob {
			continue
		}
		f := changedFile{path: path, status: "modified", blob: after.blob}
		switch {
		case !was:
			f.status = "added"
		case !is:
			f.status, f.blob = "removed", before.blob
		}
		f.diff(string(g.blobs[before.blob]), string(blobs[after.blob]))
		out = append(out, f)
	}
	return out
}

// diff fills in the patch and what it adds and removes.
func (f *changedFile) diff(before, after string) {
	unified := udiff.Unified("a", "b", before, after)
	at := strings.Index(unified, "@@")
	if at < 0 {
		return // an empty file
	}
	f.patch = strings.TrimSuffix(unified[at:], "\n")
	for _, line := range strings.Split(f.patch, "\n") {
		switch {
		case strings.HasPrefix(line, "+"):
			f.added++
		case strings.HasPrefix(line, "-"):
			f.removed++
		}
	}
}

func listPullFiles(c *call) (answer, error) {
	i, err := c.pull()
	if err != nil {
		return answer{}, err
	}
	head := i.pull.head()
	return listed(c, c.changedFiles(i.pull), func(f changedFile) object {
		path := (&url.URL{Path: f.path}).EscapedPath()
		v := object{"sha": f.blob, "filename": f.path, "status": f.status,
			"additions": f.added, "deletions": f.removed, "changes": f.added + f.removed,
			"blob_url": c.webURL() + "/blob/" + head + "/" + path, "raw_url": c.webURL() + "/raw/" + head + "/" + path,
			"contents_url": c.repoURL() + "/contents/" + path + "?ref=" + head}
		if f.patch != "" {
			v["patch"] = f.patch
		}
		return v
	})
}
