package github

import (
	"encoding/json"
	"io"
	"regexp"
	"strings"

	"github.com/strandline-tf/strandline/internal/userfault"
)

// maxEvent is GitHub's own limit for a payload, in bytes:
// https://docs.github.com/en/webhooks/webhook-events-and-payloads#payload-cap
const maxEvent = 25 << 20

// Event is what started a workflow, as far as it says what a report is about.
// Fields that the kind of event doesn't tell are zero.
type Event struct {
	Name        string // pull_request, merge_group, schedule, …
	Repository  string // OWNER/NAME of the repository whose workflow runs
	PullRequest int
	HeadSHA     string // the commit to report on: never a merge commit that GitHub made up
	// HeadOwner and HeadBranch say where the commit comes from, for
	// Client.PullRequestOf where PullRequest is 0; set for workflow_run.
	HeadOwner, HeadBranch string
	Fork                  bool // the head lives in another repository
	Labels                []string
}

// payload is the parts of the event files that are read; see
// https://docs.github.com/en/webhooks/webhook-events-and-payloads
type payload struct {
	Repository  repository   `json:"repository"`
	PullRequest *pullPayload `json:"pull_request"`
	MergeGroup  *struct {
		HeadSHA string `json:"head_sha"`
	} `json:"merge_group"`
	WorkflowRun *struct {
		HeadSHA        string        `json:"head_sha"`
		HeadBranch     string        `json:"head_branch"`
		HeadRepository repository    `json:"head_repository"`
		PullRequests   []pullPayload `json:"pull_requests"` // empty for forks
	} `json:"workflow_run"`
	Issue *struct {
		Number      int             `json:"number"`
		PullRequest json.RawMessage `json:"pull_request"` // there where the issue is a pull request
		Labels      []label         `json:"labels"`
	} `json:"issue"`
	After string `json:"after"` // push: the new head of the branch
}

type pullPayload struct {
	Number int     `json:"number"`
	Labels []label `json:"labels"`
	Head   struct {
		SHA  string      `json:"sha"`
		Repo *repository `json:"repo"` // null where the fork has been deleted
	} `json:"head"`
	Base struct {
		Repo *repository `json:"repo"`
	} `json:"base"`
}

type repository struct {
	ID       int64  `json:"id"`
	FullName string `json:"full_name"`
}

type label struct {
	Name string `json:"name"`
}

// commitID is a SHA-1 or SHA-256 that is not all zeros, which a push that
// deletes a branch has.
var commitID = regexp.MustCompile(`^0*[1-9a-f][0-9a-f]*$`)

// ReadEvent reads the event file of a workflow (GITHUB_EVENT_PATH) whose event
// is name (GITHUB_EVENT_NAME). Events that name no commit, as schedule and
// workflow_dispatch do, and events it doesn't know give an Event with little
// more than a name. A file that isn't what GitHub writes for name is an error.
func ReadEvent(name string, r io.Reader) (Event, error) {
	const hint = "GITHUB_EVENT_PATH must name the event file that GitHub wrote; or say what to report on with --pr and --commit"
	data, err := io.ReadAll(io.LimitReader(r, maxEvent+1))
	if err != nil {
		return Event{}, userfault.Wrap(err, hint, "can't read the event file of %q", name)
	}
	if len(data) > maxEvent {
		return Event{}, userfault.New(hint, "the event file of %q is larger than %d bytes", name, maxEvent)
	}
	var p payload
	if err := json.Unmarshal(data, &p); err != nil {
		return Event{}, userfault.Wrap(err, hint, "the event file of %q is not the JSON that GitHub writes", name)
	}
	event, ok := p.event(name)
	if !ok {
		return Event{}, userfault.New(hint, "the event file of %q lacks what such an event is about", name)
	}
	return event, nil
}

// event returns what p says as an event called name; false where it lacks
// what makes it one.
func (p *payload) event(name string) (Event, bool) {
	e := Event{Name: name, Repository: p.Repository.FullName}
	switch name {
	case "pull_request", "pull_request_target":
		if p.PullRequest == nil || p.PullRequest.Number <= 0 {
			return Event{}, false
		}
		e.PullRequest, e.HeadSHA = p.PullRequest.Number, p.PullRequest.Head.SHA
		e.Fork = p.PullRequest.fork()
		e.Labels = names(p.PullRequest.Labels)
	case "merge_group":
		if p.MergeGroup == nil {
			return Event{}, false
		}
		e.HeadSHA = p.MergeGroup.HeadSHA
	case "workflow_run":
		if p.WorkflowRun == nil {
			return Event{}, false
		}
		p.workflowRun(&e)
	case "issue_comment":
		if p.Issue == nil || p.Issue.Number <= 0 {
			return Event{}, false
		}
		if len(p.Issue.PullRequest) > 0 && string(p.Issue.PullRequest) != "null" {
			e.PullRequest, e.Labels = p.Issue.Number, names(p.Issue.Labels)
		}
		return e, true
	case "push":
		if commitID.MatchString(p.After) {
			e.HeadSHA = p.After
		}
		return e, true
	default:
		return e, true
	}
	return e, commitID.MatchString(e.HeadSHA)
}

// workflowRun fills e from the run of another workflow. Its pull_requests may
// be of other repositories that share the commit, and of other heads of the
// branch.
func (p *payload) workflowRun(e *Event) {
	run := p.WorkflowRun
	e.HeadSHA, e.HeadBranch = run.HeadSHA, run.HeadBranch
	e.HeadOwner, _, _ = strings.Cut(run.HeadRepository.FullName, "/")
	e.Fork = run.HeadRepository.FullName != "" && !strings.EqualFold(run.HeadRepository.FullName, p.Repository.FullName)
	for _, pr := range run.PullRequests {
		if pr.Base.Repo != nil && pr.Base.Repo.ID != p.Repository.ID {
			continue
		}
		if e.PullRequest == 0 || pr.Head.SHA == run.HeadSHA {
			e.PullRequest = pr.Number
		}
	}
}

// fork reports whether the head lives elsewhere, as far as the event tells.
func (p *pullPayload) fork() bool {
	if p.Base.Repo == nil {
		return false
	}
	return p.Head.Repo == nil || !strings.EqualFold(p.Head.Repo.FullName, p.Base.Repo.FullName)
}

func names(labels []label) []string {
	var out []string
	for _, l := range labels {
		out = append(out, l.Name)
	}
	return out
}
