package github

import (
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// maxBody is the length of a comment's or an issue's body, in characters; a
// longer one is refused, as in
// https://github.com/telia-oss/github-pr-resource/issues/259
const maxBody = 65536

type comment struct {
	id      int64
	issue   *issue
	user    *user
	app     *app
	body    string
	edits   int
	created time.Time
	updated time.Time
}

// Comment is an issue comment as a test sees it.
type Comment struct {
	ID        int64
	Author    string // login
	App       string // slug of the App that wrote it, "" for a person
	Body      string
	Edits     int // successful edits, those without any effect included
	CreatedAt time.Time
	UpdatedAt time.Time
}

// Comments returns the comments of an issue or pull request, oldest first.
func (r *Repo) Comments(number int) []Comment {
	r.s.mu.Lock()
	defer r.s.mu.Unlock()
	var out []Comment
	for _, cm := range r.comments {
		if cm.issue.number == number {
			v := Comment{ID: cm.id, Author: cm.user.login, Body: cm.body, Edits: cm.edits, CreatedAt: cm.created, UpdatedAt: cm.updated}
			if cm.app != nil {
				v.App = cm.app.slug
			}
			out = append(out, v)
		}
	}
	return out
}

// AddComment writes a comment as somebody: a login, which for an App is
// "SLUG[bot]". It returns the comment's id, 0 where there is no such issue.
func (r *Repo) AddComment(number int, author, body string) int64 {
	r.s.mu.Lock()
	defer r.s.mu.Unlock()
	i := r.issues[number]
	if i == nil {
		return 0
	}
	by := &actor{user: r.s.user(author)}
	if slug, isBot := strings.CutSuffix(author, "[bot]"); isBot {
		by.app = r.s.app(slug)
	}
	return r.addComment(i, by, body).id
}

func (r *Repo) addComment(i *issue, by *actor, body string) *comment {
	now := r.s.now()
	cm := &comment{id: r.s.nextID(), issue: i, user: by.user, app: by.app, body: body, created: now, updated: now}
	r.comments = append(r.comments, cm)
	i.updated = now
	return cm
}

// comment returns the comment of an id, nil for none.
func (r *Repo) comment(id string) *comment {
	n, err := strconv.ParseInt(id, 10, 64)
	if err != nil {
		return nil
	}
	for _, cm := range r.comments {
		if cm.id == n {
			return cm
		}
	}
	return nil
}

func (r *Repo) commentCount(i *issue) int {
	n := 0
	for _, cm := range r.comments {
		if cm.issue == i {
			n++
		}
	}
	return n
}

// checkBody refuses a body that is blank (if it must not be) or too long.
func checkBody(resource, body string, required bool) error {
	message := ""
	switch {
	case required && strings.TrimSpace(body) == "":
		message = "Body cannot be blank"
	case utf8.RuneCountInString(body) > maxBody:
		message = "Body is too long (maximum is 65536 characters)"
	default:
		return nil
	}
	return invalid(fieldError{Resource: resource, Code: "unprocessable", Field: "data", Message: message})
}

func listComments(c *call) (answer, error) {
	i := c.repo.issueByParam(c.params["number"])
	if i == nil {
		return answer{}, notFound()
	}
	since, _ := time.Parse(time.RFC3339, c.r.URL.Query().Get("since"))
	var list []*comment
	for _, cm := range c.repo.comments {
		if cm.issue == i && !cm.updated.Before(since) {
			list = append(list, cm)
		}
	}
	return listed(c, list, c.commentView)
}

func createComment(c *call) (answer, error) {
	i := c.repo.issueByParam(c.params["number"])
	if i == nil {
		return answer{}, notFound()
	}
	if i.locked && (c.actor.app != nil || c.actor.Outsider) { // people with a role may
		return answer{}, refuse(http.StatusForbidden, msgLocked)
	}
	body, err := c.commentBody()
	if err != nil {
		return answer{}, err
	}
	return created(c.commentView(c.repo.addComment(i, c.actor, body)))
}

func (c *call) commentBody() (string, error) {
	var in struct{ Body *string }
	if err := c.decode(&in); err != nil {
		return "", err
	}
	if in.Body == nil {
		return "", notSupplied("body")
	}
	return *in.Body, checkBody("IssueComment", *in.Body, true)
}

func getComment(c *call) (answer, error) {
	cm := c.repo.comment(c.params["comment_id"])
	if cm == nil {
		return answer{}, notFound()
	}
	return ok(c.commentView(cm))
}

func editComment(c *call) (answer, error) {
	cm := c.repo.comment(c.params["comment_id"])
	if cm == nil {
		return answer{}, notFound()
	}
	if err := c.mayEdit(cm.user); err != nil {
		return answer{}, err
	}
	body, err := c.commentBody()
	if err != nil {
		return answer{}, err
	}
	cm.body, cm.updated = body, c.s.now()
	cm.edits++
	return ok(c.commentView(cm))
}

func deleteComment(c *call) (answer, error) {
	cm := c.repo.comment(c.params["comment_id"])
	if cm == nil {
		return answer{}, notFound()
	}
	if err := c.mayEdit(cm.user); err != nil {
		return answer{}, err
	}
	c.repo.comments = slices.DeleteFunc(c.repo.comments, func(other *comment) bool { return other == cm })
	return noContent()
}

// commentView is a comment (schema issue-comment).
func (c *call) commentView(cm *comment) object {
	id := strconv.FormatInt(cm.id, 10)
	url := c.repoURL() + "/issues/comments/" + id
	return object{
		"id": cm.id, "node_id": nodeID("IssueComment", cm.id), "url": url,
		"html_url":  c.issueWebURL(cm.issue) + "#issuecomment-" + id,
		"issue_url": c.repoURL() + "/issues/" + strconv.Itoa(cm.issue.number),
		"user":      c.userView(cm.user), "author_association": c.association(cm.user), "body": cm.body,
		"created_at": stamp(cm.created), "updated_at": stamp(cm.updated),
		"performed_via_github_app": c.appView(cm.app), "reactions": reactions(url),
	}
}

// reactions is a reaction rollup without any reaction.
func reactions(of string) object {
	v := object{"url": of + "/reactions", "total_count": 0}
	for _, kind := range []string{"+1", "-1", "laugh", "confused", "heart", "hooray", "eyes", "rocket"} {
		v[kind] = 0
	}
	return v
}
