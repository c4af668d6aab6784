package github

import (
	"cmp"
	"encoding/json"
	"net/http"
	"slices"
	"strconv"
	"time"
)

type checkRun struct {
	id        int64
	suite     int64
	sha       string
	app       *app
	in        checkFields
	notes     []Annotation
	started   time.Time
	completed time.Time
	updates   int
}

// checkFields is the body of a request to create or update a check run; fields
// that a request leaves out stay as they were.
type checkFields struct {
	Name        string       `json:"name"`
	HeadSHA     string       `json:"head_sha"`
	DetailsURL  string       `json:"details_url"`
	ExternalID  string       `json:"external_id"`
	Status      string       `json:"status"`
	Conclusion  string       `json:"conclusion"`
	StartedAt   *time.Time   `json:"started_at"`
	CompletedAt *time.Time   `json:"completed_at"`
	Output      *checkOutput `json:"output"`
}

type checkOutput struct {
	Title       *string      `json:"title"`
	Summary     *string      `json:"summary"`
	Text        *string      `json:"text"`
	Annotations []Annotation `json:"annotations"`
}

// Annotation is one remark of a check run on lines of a file, as requests
// carry it.
type Annotation struct {
	Path        string  `json:"path"`
	StartLine   int     `json:"start_line"` // from 1
	EndLine     int     `json:"end_line"`
	StartColumn *int    `json:"start_column"`
	EndColumn   *int    `json:"end_column"`
	Level       string  `json:"annotation_level"` // notice | warning | failure
	Message     string  `json:"message"`
	Title       *string `json:"title"`
	RawDetails  *string `json:"raw_details"`
}

// CheckRun is a check run, for AddCheckRun and as CheckRuns returns it.
type CheckRun struct {
	ID                   int64 // given by the repository
	Name                 string
	App                  string // slug; "" for AddCheckRun: github-actions
	Status               string // queued | in_progress | completed; "" for AddCheckRun: completed with a conclusion, else queued
	Conclusion           string // success, failure, …; "" while not completed
	DetailsURL           string
	ExternalID           string
	Title, Summary, Text string
	Annotations          []Annotation
	Updates              int // successful updates through the API
}

// AddCheckRun adds a check run to a commit, which need not be known otherwise,
// and returns its id.
func (r *Repo) AddCheckRun(sha string, in CheckRun) int64 {
	r.s.mu.Lock()
	defer r.s.mu.Unlock()
	r.knowCommit(sha)
	f := checkFields{Name: in.Name, HeadSHA: sha, DetailsURL: in.DetailsURL, ExternalID: in.ExternalID,
		Status: in.Status, Conclusion: in.Conclusion,
		Output: &checkOutput{Title: &in.Title, Summary: &in.Summary, Text: &in.Text, Annotations: in.Annotations}}
	return r.addCheckRun(f, r.s.app(cmp.Or(in.App, ActionsApp))).id
}

// CheckRuns returns the check runs of a commit, oldest first.
func (r *Repo) CheckRuns(sha string) []CheckRun {
	r.s.mu.Lock()
	defer r.s.mu.Unlock()
	var out []CheckRun
	for _, k := range r.checks {
		if k.sha != sha {
			continue
		}
		v := CheckRun{ID: k.id, Name: k.in.Name, App: k.app.slug, Status: k.in.Status, Conclusion: k.in.Conclusion,
			DetailsURL: k.in.DetailsURL, ExternalID: k.in.ExternalID, Annotations: slices.Clone(k.notes), Updates: k.updates}
		v.Title, v.Summary, v.Text = orEmpty(k.in.Output.Title), orEmpty(k.in.Output.Summary), orEmpty(k.in.Output.Text)
		out = append(out, v)
	}
	return out
}

func orEmpty(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}

func (r *Repo) addCheckRun(f checkFields, a *app) *checkRun {
	suite := f.HeadSHA + " " + a.slug
	if r.suites[suite] == 0 {
		r.suites[suite] = r.s.nextID()
	}
	k := &checkRun{id: r.s.nextID(), suite: r.suites[suite], sha: f.HeadSHA, app: a, started: r.s.now()}
	k.in.Status, k.in.Output = "queued", &checkOutput{}
	k.set(f, r.s.now())
	r.checks = append(r.checks, k)
	return k
}

// set takes over what a request says; annotations are added to those there are.
func (k *checkRun) set(f checkFields, now time.Time) {
	k.in.Name = cmp.Or(f.Name, k.in.Name)
	k.in.DetailsURL = cmp.Or(f.DetailsURL, k.in.DetailsURL)
	k.in.ExternalID = cmp.Or(f.ExternalID, k.in.ExternalID)
	k.in.Status = cmp.Or(f.Status, k.in.Status)
	if f.StartedAt != nil {
		k.started = *f.StartedAt
	}
	if f.Conclusion != "" { // a conclusion completes the run by itself
		k.in.Status, k.in.Conclusion, k.completed = "completed", f.Conclusion, now
	} else if f.Status != "" && f.Status != "completed" {
		k.in.Conclusion, k.completed = "", time.Time{}
	}
	if f.CompletedAt != nil {
		k.completed = *f.CompletedAt
	}
	if o := f.Output; o != nil {
		k.in.Output.Title = cmp.Or(o.Title, k.in.Output.Title)
		k.in.Output.Summary = cmp.Or(o.Summary, k.in.Output.Summary)
		k.in.Output.Text = cmp.Or(o.Text, k.in.Output.Text)
		k.notes = append(k.notes, o.Annotations...)
	}
}

// Limits of one request: https://docs.github.com/rest/checks/runs
const (
	maxAnnotations = 50
	maxCheckText   = 65535 // characters, of summary and of text
)

// checkFields reads a request and refuses what GitHub's schema refuses.
func (c *call) checkFields() (checkFields, error) {
	var f checkFields
	if c.actor.app == nil {
		return f, refuse(http.StatusForbidden, msgNeedsApp)
	}
	if err := c.decode(&f); err != nil {
		return f, err
	}
	bad := func(why string) error {
		return refuse(http.StatusUnprocessableEntity, "Invalid request.\n\n"+why)
	}
	conclusions := []string{"", "action_required", "cancelled", "failure", "neutral", "success", "skipped", "timed_out"}
	if !slices.Contains(conclusions, f.Conclusion) {
		return f, bad(f.Conclusion + " is not a member of the conclusions.")
	}
	if f.Status == "completed" && f.Conclusion == "" {
		return f, bad(`"conclusion" wasn't supplied.`)
	}
	if f.Output == nil {
		return f, nil
	}
	if n := len(f.Output.Annotations); n > maxAnnotations {
		return f, bad("No more than 50 items are allowed; " + strconv.Itoa(n) + " were supplied.")
	}
	if f.Output.Summary == nil {
		return f, bad(`"summary" wasn't supplied.`)
	}
	for _, text := range []*string{f.Output.Summary, f.Output.Text} {
		if text != nil && len([]rune(*text)) > maxCheckText {
			return f, bad("Only 65535 characters are allowed; " + strconv.Itoa(len([]rune(*text))) + " were supplied.")
		}
	}
	for _, a := range f.Output.Annotations {
		if a.Path == "" || a.StartLine < 1 || a.EndLine < a.StartLine || a.Message == "" ||
			!slices.Contains([]string{"notice", "warning", "failure"}, a.Level) {
			raw, _ := json.Marshal(a) // a struct of strings and numbers
			return f, bad("annotation is not valid: " + string(raw))
		}
	}
	return f, nil
}
