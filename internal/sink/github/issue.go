package github

import (
	"context"
	"fmt"
	"strings"

	gogithub "github.com/google/go-github/v60/github"

	"github.com/strandline-tf/strandline/internal/userfault"
	"github.com/strandline-tf/strandline/internal/wire"
)

// Issue is an issue as it should be. Key says which one: there is one for each
// in the repository.
type Issue struct {
	Key       string // for example "drift"
	Run       string // workflow run and attempt, "1234.1"; "" when not in a workflow
	Digest    string // of the report; without one the issue is always written
	Title     string // one line of at most 256 characters
	Body      string // markdown, at most Room bytes: the program's region of the body
	Labels    []string
	Assignees []string // logins
	Open      bool     // false: all is clear
	// Comment is markdown for those who follow the issue, "" for none. It is
	// posted where the call changes what an open issue says, closes or reopens
	// it, and not where it creates one, which notifies by itself.
	Comment string
}

// StandingIssue is the program's issue as it stands on GitHub.
type StandingIssue struct {
	Number int
	URL    string // the page for people
	Open   bool
	Title  string
	Body   string // all of it
	Region string // the program's part of Body, with LF; its best guess where Damaged
	// Damaged says in words what somebody's edit did to the region or to the
	// hidden lines around it; "" where nothing is wrong.
	Damaged string

	region     region
	author     author
	labels     []string
	assignees  []string
	repository string // its URL in the API
}

// MaxTitle is the most that GitHub takes as an issue's title, in characters
// ("title is too long (maximum is 256 characters)").
const MaxTitle = 256

// Room returns how many bytes a Body may have beside the marker and what
// people wrote around it in standing, which is nil where there is no issue yet.
func (i Issue) Room(standing *StandingIssue) int {
	var r region
	var assigned []string
	if standing != nil {
		r, assigned = standing.region, standing.region.stamp.assigned
	}
	s := i.stamp()
	s.assigned = union(assigned, i.Assignees)
	return MaxBody - r.frame(s)
}

func (i Issue) stamp() stamp {
	return stamp{key: i.Key, run: i.Run, digest: i.Digest, title: titleSum(i.Title), assigned: i.Assignees}
}

func titleSum(title string) string { return sumOf(strings.TrimSpace(title)) }

// says reports whether the issue already says what i does.
func (s StandingIssue) says(i Issue) bool {
	st := s.region.stamp
	return i.Digest != "" && st.digest == i.Digest && st.title == titleSum(i.Title) && s.Open == i.Open && s.Damaged == ""
}

// FindIssues returns the program's issues, open or closed, by those keys that
// are wanted. It makes one request for each 100 issues and pull requests that
// the token's owner has opened, and at most two to learn who that is. A token
// that may not read issues, and a repository that has none, give none and no
// error: KeepIssue says why.
func (p *Poster) FindIssues(ctx context.Context, wanted func(key string) bool) (map[string]*StandingIssue, error) {
	own, err := p.ownIssues(ctx, wanted)
	if err != nil && issuesRefused(err) == "" {
		return nil, userfault.Wrap(err, hint(err), "can't look for our issues in %s/%s", p.owner, p.name)
	}
	out := map[string]*StandingIssue{}
	for i := range own {
		if s := &own[i]; out[s.region.stamp.key] == nil { // of several, the lowest number stays
			out[s.region.stamp.key] = s
		}
	}
	return out, nil
}

// KeepIssue makes the program's issue of i.Key say i: it is edited in place,
// closed (as completed) where all is clear and reopened where it is not,
// created where there is none and something to tell. standing is what
// FindIssues found; where that says i already, nothing is sent, else the issue is read
// again first.
//
// What people do to it stays: the text around the program's region, another
// title than the program gave it, labels, and assignees that they take away.
// (An edit that GitHub gets within the milliseconds between our reading and our
// writing is lost, since it has no compare-and-swap.) Where the hidden lines
// around the region are damaged, it is rebuilt, and Why says so.
//
// The newest run wins, and of two issues the one with the lower number stays,
// as the package comment has it; the other is closed as not planned, and is the
// program's no more.
//
// The edit comes first and the comment after it, with a mark of its own by which
// it is looked for before it is posted a second time. So a run that dies in
// between has kept the state, and at worst nobody is notified; nobody is twice.
//
// Outcomes are Created, Edited, Closed, Reopened, Unchanged, Stale, Absent
// (clear, and there was none) and Refused: the token may not, or issues are
// disabled. A wrong token, a body over Room, a rate limit and trouble on the way
// are errors. What is left undone once the issue is written, as a comment on one
// that is locked or an owner who can't be assigned, is told in Why.
func (p *Poster) KeepIssue(ctx context.Context, i Issue, standing *StandingIssue) (Result, error) {
	if standing != nil && standing.says(i) {
		return Result{URL: standing.URL, Outcome: Unchanged}, nil
	}
	k := issueKeeper{p: p, i: i}
	result, err := k.keep(ctx)
	if passing(err) && wire.Sleep(ctx, p.pause) == nil {
		result, err = k.keep(ctx) // see Upsert
	}
	if err == nil {
		return result, nil
	}
	if why := issuesRefused(err); why != "" {
		return Result{Outcome: Refused, Why: why}, nil
	}
	return Result{}, userfault.Wrap(err, hint(err), "can't write the issue %q in %s/%s", i.Key, p.owner, p.name)
}

// issuesRefused says in words that there are no issues to be written, "" where
// err is something else.
func issuesRefused(err error) string {
	if gone(err) {
		_, message := answered(err)
		return fmt.Sprintf("issues are disabled in this repository (GitHub: 410 %s); its settings have them under Features", message)
	}
	return refused(err, "write issues", "issues: write")
}

// fitted refuses a body that GitHub would, before it is asked.
func fitted(body string) error {
	if over := len(body) - MaxBody; over > 0 {
		return userfault.New("shorten what people wrote around the report, or run again: somebody may have added text meanwhile",
			"the body is %d bytes too long for GitHub's limit of %d", over, MaxBody)
	}
	return nil
}

func standingOf(issue *gogithub.Issue, r region) StandingIssue {
	s := StandingIssue{Number: issue.GetNumber(), URL: issue.GetHTMLURL(), Open: issue.GetState() != "closed", Title: issue.GetTitle(),
		Body: issue.GetBody(), Region: r.text, Damaged: r.damaged, region: r, author: authorOf(issue.GetUser()), repository: issue.GetRepositoryURL()}
	for _, l := range issue.Labels {
		s.labels = append(s.labels, l.GetName())
	}
	for _, u := range issue.Assignees {
		s.assignees = append(s.assignees, u.GetLogin())
	}
	return s
}
