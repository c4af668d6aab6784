package github

import (
	"encoding/base64"
	"net/http"
	"slices"
	"strings"
)

// ref returns a ref's name without "refs/" and whether it exists.
func (c *call) ref(name string) (string, bool) {
	name = strings.TrimPrefix(name, "refs/")
	_, found := c.repo.git.refs[name]
	return name, found
}

func getRef(c *call) (answer, error) {
	name, found := c.ref(c.params["ref"])
	if !found {
		return answer{}, notFound()
	}
	return ok(c.refView(name))
}

func createRef(c *call) (answer, error) {
	var in struct{ Ref, SHA string }
	if err := c.decode(&in); err != nil {
		return answer{}, err
	}
	name, exists := c.ref(in.Ref)
	switch {
	case !strings.HasPrefix(in.Ref, "refs/") || strings.Count(in.Ref, "/") < 2:
		return answer{}, refuse(http.StatusUnprocessableEntity, "Reference name must start with 'refs' and contain at least two slashes.")
	case exists:
		return answer{}, refuse(http.StatusUnprocessableEntity, "Reference already exists")
	case c.repo.git.commits[in.SHA] == nil:
		return answer{}, refuse(http.StatusUnprocessableEntity, "Object does not exist")
	}
	c.repo.git.refs[name] = in.SHA
	return created(c.refView(name))
}

func updateRef(c *call) (answer, error) {
	var in struct {
		SHA   string
		Force bool
	}
	if err := c.decode(&in); err != nil {
		return answer{}, err
	}
	name, exists := c.ref(c.params["ref"])
	switch {
	case !exists:
		return answer{}, refuse(http.StatusUnprocessableEntity, "Reference does not exist")
	case c.repo.git.commits[in.SHA] == nil:
		return answer{}, refuse(http.StatusUnprocessableEntity, "Object does not exist")
	case !in.Force && !c.repo.git.isAncestor(c.repo.git.refs[name], in.SHA):
		return answer{}, refuse(http.StatusUnprocessableEntity, "Update is not a fast forward")
	}
	c.repo.move(name, in.SHA)
	return ok(c.refView(name))
}

// move sets a ref, and with a branch the heads of its open pull requests.
func (r *Repo) move(name, sha string) {
	r.git.refs[name] = sha
	for _, i := range r.issues {
		if p := i.pull; p != nil && p.fork == nil && i.state == "open" && "heads/"+p.branch == name {
			p.heads = append(p.heads, sha)
		}
	}
}

func deleteRef(c *call) (answer, error) {
	name, exists := c.ref(c.params["ref"])
	if !exists {
		return answer{}, refuse(http.StatusUnprocessableEntity, "Reference does not exist")
	}
	delete(c.repo.git.refs, name)
	now := c.s.now()
	for _, i := range c.repo.issues { // GitHub closes what has lost its branch
		if p := i.pull; p != nil && p.fork == nil && "heads/"+p.branch == name {
			i.setState("closed", "", c.actor.user, now)
		}
	}
	return noContent()
}

func createBlob(c *call) (answer, error) {
	var in struct {
		Content  *string
		Encoding string
	}
	if err := c.decode(&in); err != nil {
		return answer{}, err
	}
	if in.Content == nil {
		return answer{}, notSupplied("content")
	}
	content := []byte(*in.Content)
	if in.Encoding == "base64" {
		var err error
		if content, err = decodeBase64(*in.Content); err != nil {
			return answer{}, err
		}
	}
	sha := c.repo.git.blob(content)
	return created(object{"sha": sha, "url": c.repoURL() + "/git/blobs/" + sha})
}

// decodeBase64 reads base64 with or without line breaks.
func decodeBase64(s string) ([]byte, error) {
	content, err := base64.StdEncoding.DecodeString(strings.Join(strings.Fields(s), ""))
	if err != nil {
		return nil, refuse(http.StatusUnprocessableEntity, "content is not valid Base64")
	}
	return content, nil
}

// encodeBase64 writes base64 as GitHub does, in lines of 60 characters.
func encodeBase64(content []byte) string {
	var b strings.Builder
	for line := range slices.Chunk([]byte(base64.StdEncoding.EncodeToString(content)), 60) {
		b.Write(line)
		b.WriteByte('\n')
	}
	return b.String()
}

func getBlob(c *call) (answer, error) {
	sha := c.params["sha"]
	content, found := c.repo.git.blobs[sha]
	if !found {
		return answer{}, notFound()
	}
	return ok(object{"sha": sha, "node_id": nodeID("Blob", sha), "size": len(content), "url": c.repoURL() + "/git/blobs/" + sha,
		"content": encodeBase64(content), "encoding": "base64"})
}

func (c *call) refView(name string) object {
	sha := c.repo.git.refs[name]
	return object{"ref": "refs/" + name, "node_id": nodeID("Ref", name), "url": c.repoURL() + "/git/refs/" + name,
		"object": object{"type": "commit", "sha": sha, "url": c.repoURL() + "/git/commits/" + sha}}
}
