package github

import (
	"cmp"
	"net/http"
	"net/url"
	"path"
	"strings"
)

// maxInline is the size in bytes from which a file's content is left out of
// its JSON: https://docs.github.com/rest/repos/contents
const maxInline = 1 << 20

func getContents(c *call) (answer, error) {
	ref := cmp.Or(c.r.URL.Query().Get("ref"), defaultBranch)
	sha, found := c.repo.resolve(ref)
	if !found {
		return answer{}, refuse(http.StatusNotFound, "No commit found for the ref "+ref)
	}
	files := c.repo.git.filesAt(sha)
	at := strings.Trim(c.params["path"], "/")
	if f, isFile := files[at]; isFile {
		content := c.repo.git.blobs[f.blob]
		if strings.Contains(c.r.Header.Get("Accept"), "raw") {
			return answer{status: http.StatusOK, body: content, header: http.Header{"Content-Type": {"application/vnd.github.raw; charset=utf-8"}}}, nil
		}
		v := c.entryView(at, ref, "file", f.blob, len(content))
		v["encoding"], v["content"] = "base64", encodeBase64(content)
		if len(content) > maxInline {
			v["encoding"], v["content"] = "none", ""
		}
		return ok(v)
	}
	inside := files
	if at != "" {
		inside = files.below(at)
	}
	if at != "" && len(inside) == 0 {
		return answer{}, notFound()
	}
	list := []object{}
	for _, e := range c.treeView(c.repo.git.tree(inside), false)["tree"].([]object) {
		kind, size := "dir", 0
		if e["type"] == "blob" {
			kind, size = "file", e["size"].(int)
		}
		list = append(list, c.entryView(path.Join(at, e["path"].(string)), ref, kind, e["sha"].(string), size))
	}
	return ok(list)
}

// entryView is a file or a directory without its content.
func (c *call) entryView(at, ref, kind, sha string, size int) object {
	escaped := (&url.URL{Path: at}).EscapedPath()
	self := c.repoURL() + "/contents/" + escaped + "?ref=" + url.QueryEscape(ref)
	git, html := c.repoURL()+"/git/blobs/"+sha, c.webURL()+"/blob/"+ref+"/"+escaped
	var download any = c.webURL() + "/raw/" + ref + "/" + escaped
	if kind == "dir" {
		git, html, download = c.repoURL()+"/git/trees/"+sha, c.webURL()+"/tree/"+ref+"/"+escaped, nil
	}
	return object{"type": kind, "name": path.Base(at), "path": at, "sha": sha, "size": size, "url": self, "git_url": git,
		"html_url": html, "download_url": download, "_links": object{"self": self, "git": git, "html": html}}
}

func putContents(c *call) (answer, error) {
	var in struct {
		Message, Content *string
		Branch, SHA      string
	}
	if err := c.decode(&in); err != nil {
		return answer{}, err
	}
	switch {
	case in.Message == nil:
		return answer{}, notSupplied("message")
	case in.Content == nil:
		return answer{}, notSupplied("content")
	}
	content, err := decodeBase64(*in.Content)
	if err != nil {
		return answer{}, err
	}
	branch := cmp.Or(in.Branch, defaultBranch)
	head, found := c.repo.git.refs["heads/"+branch]
	if !found {
		return answer{}, refuse(http.StatusNotFound, "Branch "+branch+" not found")
	}
	at := c.params["path"]
	old, exists := c.repo.git.filesAt(head)[at]
	switch {
	case exists && in.SHA == "":
		return answer{}, notSupplied("sha")
	case exists && in.SHA != old.blob:
		return answer{}, refuse(http.StatusConflict, at+" does not match "+in.SHA)
	}
	sha := c.repo.commitFiles(branch, *in.Message, map[string]string{at: string(content)}, c.actor.user)
	c.repo.move("heads/"+branch, sha)
	body := object{
		"content": c.entryView(at, branch, "file", c.repo.git.blob(content), len(content)),
		"commit":  c.gitCommitView(c.repo.git.commits[sha]),
	}
	if exists {
		return ok(body)
	}
	return answer{status: http.StatusCreated, body: body}, nil
}
