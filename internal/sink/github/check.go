package github

import (
	"context"
	"fmt"
	"net/http"
	"strings"

	gogithub "github.com/google/go-github/v60/github"

	"github.com/strandline-tf/strandline/internal/userfault"
)

// Limits of check runs; the description of the endpoints names them, see
// https://docs.github.com/en/rest/checks/runs#create-a-check-run
const (
	// MaxCheckSummary is the most that GitHub takes as a check run's summary,
	// in characters; counted in bytes here, of which there are never fewer.
	MaxCheckSummary = 65535
	// annotationsPerCall is how many annotations a request may carry. Those of
	// later requests are added to those there are; none can be taken back.
	annotationsPerCall = 50
)

// Conclusion is what a check run comes to.
type Conclusion string

// The conclusions in use. Where the check is required, Failure and
// ActionRequired keep the pull request from being merged, the others don't:
// https://docs.github.com/en/pull-requests/collaborating-with-pull-requests/collaborating-on-repositories-with-code-quality-features/about-status-checks#check-statuses-and-conclusions
const (
	Success        Conclusion = "success"
	Neutral        Conclusion = "neutral"
	Skipped        Conclusion = "skipped"
	ActionRequired Conclusion = "action_required"
	Failure        Conclusion = "failure"
)

// Check is a finished check run as it should be. Name, HeadSHA and Key say
// which one; there is one for each three of them.
type Check struct {
	Name        string
	HeadSHA     string // the commit, all 40 digits
	Key         string // for example "plan"; its external id
	Run, Digest string // as those of a Comment; without a Digest it is always written
	Conclusion  Conclusion
	Title       string // one line of text
	Summary     string // markdown, at most Room bytes; a hidden marker is put before it
	DetailsURL  string // "": GitHub's own page of the check run
	Annotations []Annotation
}

// Annotation is a remark on one line of a file of the commit. Title is one of
// at most 255 characters, Message of at most 64 KB.
type Annotation struct {
	Path           string // from the repository's root, with slashes
	Line           int    // from 1
	Level          AnnotationLevel
	Title, Message string
}

// AnnotationLevel is how grave an annotation is.
type AnnotationLevel string

// The levels of annotations.
const (
	NoticeLevel  AnnotationLevel = "notice"
	WarningLevel AnnotationLevel = "warning"
	FailureLevel AnnotationLevel = "failure"
)

// Room returns how many bytes a Summary may have beside the marker.
func (c Check) Room() int { return MaxCheckSummary - len(c.marker().String()) - 1 }

func (c Check) marker() marker { return marker{c.Key, c.HeadSHA, c.Run, c.Digest} }

// Check makes the commit's check run of c.Name and c.Key say what c says. It
// belongs to its commit, so it is right whatever the pull request's head is by
// now; but the report of an older run doesn't overwrite that of a newer one.
// The program's own check run is changed in place, or left alone where it says
// so already. Only where it has an annotation that is true no longer, which
// GitHub can't take back, a new one of the same name takes its place.
//
// Only an App's installation token may write check runs. Any other, and one
// without checks: write, gives Refused and no error. A wrong token, a summary
// over Room, a rate limit and trouble on the way are errors.
func (p *Poster) Check(ctx context.Context, c Check) (Result, error) {
	if over := len(c.Summary) - c.Room(); over > 0 {
		return Result{}, userfault.New("this is a defect of strandline; please report it",
			"the check run's summary is %d bytes too long for GitHub's limit of %d", over, MaxCheckSummary)
	}
	result, err := p.check(ctx, c)
	if err == nil {
		return result, nil
	}
	if why := refused(err, "write check runs", "checks: write and to be a workflow's or another App's"); why != "" {
		return Result{Outcome: Refused, Why: why}, nil
	}
	return Result{}, userfault.Wrap(err, hint(err), "can't write the check run %q of commit %s in %s/%s", c.Name, c.HeadSHA, p.owner, p.name)
}

// check is Check before refusals and errors are told to a person.
func (p *Poster) check(ctx context.Context, c Check) (Result, error) {
	own, err := p.ownChecks(ctx, c)
	if err != nil {
		return Result{}, err
	}
	if newer, ok := newest(postedOf(own), c.Run); ok {
		return Result{URL: newer.url, Outcome: Stale,
			Why: fmt.Sprintf("workflow run %s has reported already, this is the older run %s", newer.marker.run, c.Run)}, nil
	}
	if len(own) == 0 {
		return p.createCheck(ctx, c)
	}
	last := own[len(own)-1]
	if last.says(c) {
		return Result{URL: last.url, Outcome: Unchanged}, nil
	}
	missing, ok, err := p.missing(ctx, c, last)
	switch {
	case err != nil:
		return Result{}, err
	case !ok:
		return p.createCheck(ctx, c)
	}
	err = p.updateCheck(ctx, c, last.id, missing)
	if isForeign(err) { // of the workflow bot, which own takes an App for that hasn't been asked
		return p.createCheck(ctx, c)
	}
	return Result{URL: last.url, Outcome: Edited}, err
}

// isForeign recognises "Invalid app_id `1` - check run can only be modified by
// the GitHub App that created it."
func isForeign(err error) bool {
	status, message := answered(err)
	return status == http.StatusForbidden && strings.HasPrefix(message, "Invalid app_id")
}

// createCheck posts a new check run, with all its annotations.
func (p *Poster) createCheck(ctx context.Context, c Check) (Result, error) {
	now, later := batch(c.Annotations)
	conclusion := string(c.Conclusion)
	made, _, err := p.api.Checks.CreateCheckRun(ctx, p.owner, p.name, gogithub.CreateCheckRunOptions{
		Name: c.Name, HeadSHA: c.HeadSHA, DetailsURL: optional(c.DetailsURL), ExternalID: optional(c.Key),
		Conclusion: &conclusion, Output: c.output(now, len(later) == 0),
	})
	if err != nil {
		return Result{}, err
	}
	r := Result{URL: made.GetHTMLURL(), Outcome: Created}
	if len(later) == 0 {
		return r, nil
	}
	return r, p.updateCheck(ctx, c, made.GetID(), later)
}

// updateCheck makes check run id say c, and adds annotations to those it has,
// in as many requests as that takes.
func (p *Poster) updateCheck(ctx context.Context, c Check, id int64, annotations []Annotation) error {
	conclusion := string(c.Conclusion)
	for done := false; !done; {
		var now []Annotation
		now, annotations = batch(annotations)
		done = len(annotations) == 0
		_, _, err := p.api.Checks.UpdateCheckRun(ctx, p.owner, p.name, id, gogithub.UpdateCheckRunOptions{
			Name: c.Name, DetailsURL: optional(c.DetailsURL), ExternalID: optional(c.Key),
			Conclusion: &conclusion, Output: c.output(now, done),
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// batch splits off the annotations of one request.
func batch(annotations []Annotation) (now, later []Annotation) {
	n := min(len(annotations), annotationsPerCall)
	return annotations[:n], annotations[n:]
}

// output is what a request says. Until the last one the marker has no digest:
// where the others fail, the next run finds that the check run doesn't say all.
func (c Check) output(annotations []Annotation, last bool) *gogithub.CheckRunOutput {
	m := c.marker()
	if !last {
		m.digest = ""
	}
	summary := m.String() + "\n" + c.Summary
	out := &gogithub.CheckRunOutput{Title: &c.Title, Summary: &summary}
	for _, a := range annotations {
		level := string(a.Level)
		out.Annotations = append(out.Annotations, &gogithub.CheckRunAnnotation{
			Path: &a.Path, StartLine: &a.Line, EndLine: &a.Line, AnnotationLevel: &level,
			Title: optional(a.Title), Message: &a.Message,
		})
	}
	return out
}

func optional(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}
