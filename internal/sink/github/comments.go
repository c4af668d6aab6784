package github

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"

	gogithub "github.com/google/go-github/v60/github"

	"github.com/strandline-tf/strandline/internal/userfault"
)

// pageSize is the most comments that a list answers at once; maxPages bounds a
// list whose pages never end, so that a server can't hold the program.
const (
	pageSize = 100
	maxPages = 100
)

// posted is a comment on GitHub that begins with a marker.
type posted struct {
	id     int64
	url    string // the page for people
	author author
	marker marker
}

// says reports whether the comment already says what c does.
func (p posted) says(c Comment) bool {
	return p.marker.head == c.Head && p.marker.digest == c.Digest
}

// newest returns the comment of the newest run, where that is newer than run.
func newest(comments []posted, run string) (newer posted, ok bool) {
	for _, c := range comments {
		if newerRun(c.marker.run, run) {
			newer, ok, run = c, true, c.marker.run
		}
	}
	return newer, ok
}

// by returns the comments of one author.
func by(comments []posted, a author) []posted {
	return slices.DeleteFunc(slices.Clone(comments), func(c posted) bool { return c.author != a })
}

// withCreated returns comments with created among them, which a list that lags
// behind may lack, in the order of their ids.
func withCreated(comments []posted, created posted) []posted {
	if !slices.ContainsFunc(comments, func(c posted) bool { return c.id == created.id }) {
		comments = append(comments, created)
		slices.SortFunc(comments, byID)
	}
	return comments
}

// before returns those of comments, which are in the order of their ids, that
// were made before created.
func before(comments []posted, created posted) []posted {
	for i, c := range comments {
		if c.id >= created.id {
			return comments[:i]
		}
	}
	return comments
}

func byID(a, b posted) int { return cmp.Compare(a.id, b.id) }

// find lists the comments of pull request number whose marker has key,
// whoever wrote them, in the order of their ids. It makes one request for each
// 100 comments.
func (p *Poster) find(ctx context.Context, number int, key string) ([]posted, error) {
	var out []posted
	opts := gogithub.IssueListCommentsOptions{ListOptions: gogithub.ListOptions{PerPage: pageSize}}
	for range maxPages {
		comments, resp, err := p.api.Issues.ListComments(ctx, p.owner, p.name, number, &opts)
		if err != nil {
			return nil, err
		}
		for _, c := range comments {
			m, ok := parseMarker(c.GetBody())
			// A page that is answered again brings the same comments again.
			if !ok || m.key != key || slices.ContainsFunc(out, func(o posted) bool { return o.id == c.GetID() }) {
				continue
			}
			out = append(out, fromAPI(c, m))
		}
		if resp.NextPage == 0 {
			slices.SortFunc(out, byID)
			return out, nil
		}
		opts.Page = resp.NextPage
	}
	return nil, userfault.New("is GITHUB_API_URL really GitHub?", "the list of comments has more than %d pages", maxPages)
}

func fromAPI(c *gogithub.IssueComment, m marker) posted {
	return posted{id: c.GetID(), url: c.GetHTMLURL(), author: authorOf(c.GetUser()), marker: m}
}

// create posts c as a new comment, and learns from the answer who we are.
func (p *Poster) create(ctx context.Context, c Comment) (posted, error) {
	answer, _, err := p.api.Issues.CreateComment(ctx, p.owner, p.name, c.PullRequest, c.request())
	if err != nil {
		return posted{}, err
	}
	created := fromAPI(answer, c.marker())
	if created.id == 0 || created.author.name == "" {
		return posted{}, errors.New("GitHub's answer to the new comment names neither it nor its author")
	}
	p.remember(created.author)
	return created, nil
}

// edit makes comment id say c; false where it doesn't exist any more.
func (p *Poster) edit(ctx context.Context, c Comment, id int64) (exists bool, err error) {
	_, _, err = p.api.Issues.EditComment(ctx, p.owner, p.name, id, c.request())
	if status, _ := answered(err); status == http.StatusNotFound {
		return false, nil
	}
	return err == nil, err
}

// remove deletes comments. It returns in words what failed, "" where nothing
// did: the comment that counts is written by then, and the next run tries
// again.
func (p *Poster) remove(ctx context.Context, comments []posted) string {
	var failed []string
	for _, c := range comments {
		_, err := p.api.Issues.DeleteComment(ctx, p.owner, p.name, c.id)
		if status, _ := answered(err); err != nil && status != http.StatusNotFound {
			failed = append(failed, fmt.Sprintf("could not delete the superfluous comment %s: %v", c.url, err))
		}
	}
	return strings.Join(failed, "; ")
}

func (c Comment) request() *gogithub.IssueComment {
	body := c.marker().String() + "\n" + c.Body
	return &gogithub.IssueComment{Body: &body}
}
