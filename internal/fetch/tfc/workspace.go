package tfc

import (
	"cmp"
	"encoding/json"
	"time"
)

// Workspace is one workspace as the list has it.
type Workspace struct {
	ID           string
	Name         string
	Organization string
	Project      string // name; "" where unknown
	URL          string // of its page
	Tags         []string

	WorkingDirectory string // of the configuration, "" for its root
	TerraformVersion string
	ExecutionMode    string // remote | agent | local; "" where the server doesn't say
	Repository       string // as the version control names it: "acme/network"; "" for none
	Branch           string // "" for the repository's default
	Resources        int    // managed instances in its state

	Locked     bool
	LockedBy   string // in words, "user jane"; "" where the server doesn't say
	LockReason string // as whoever locked it put it

	CurrentRunID string // the newest run that can be applied
	LatestRunID  string // the newest run of any kind

	// Assessed says that health assessments are switched on for the workspace;
	// an organization can switch them on for all of its workspaces besides.
	Assessed   bool
	Assessment *Assessment   // WithAssessment: the current one, nil where there is none
	State      *StateVersion // WithState: the current one, nil where there is none

	projectID string
	// What the server told about it; a zero value where it didn't.
	assessment, state told
	everAssessed      bool
	mayAssess, mayRun *bool
	mayReadState      *bool
}

// told says whether a server's answer had a relationship, and whether that was
// empty.
type told int

const (
	untold   told = iota // not in the answer
	nothing              // there is none
	referred             // there is one, of which the answer has the id only
	included             // there is one, and the answer has it
)

// Stateless reports that the server says that the workspace has no state.
func (w *Workspace) Stateless() bool { return w.state == nothing && w.Resources == 0 }

func (w *Workspace) label() string { return w.Organization + "/" + w.Name }

// Assessment is the result of a health assessment.
type Assessment struct {
	ID        string
	CreatedAt time.Time
	Succeeded bool
	Message   string // why it didn't succeed, where the server says
	Drifted   bool
	Resources int // how many drifted
}

// StateVersion is a version of a workspace's state. Where the server includes
// none in its lists, only ID is set.
type StateVersion struct {
	ID               string
	DownloadURL      string
	Serial           int64
	Size             int64 // in bytes; 0 where the server doesn't say
	CreatedAt        time.Time
	TerraformVersion string // "" until the server has processed the state
}

// workspaceList is a page of the list of workspaces. go-tfe's type for it lacks
// the assessments.
// https://developer.hashicorp.com/terraform/cloud-docs/api-docs/workspaces#list-workspaces
type workspaceList struct {
	Data     []workspaceData `json:"data"`
	Included []struct {
		ID         string          `json:"id"`
		Type       string          `json:"type"`
		Attributes json.RawMessage `json:"attributes"`
	} `json:"included"`
	Meta struct {
		Pagination struct {
			NextPage int `json:"next-page"`
		} `json:"pagination"`
	} `json:"meta"`
}

type workspaceData struct {
	ID         string `json:"id"`
	Attributes struct {
		Name             string   `json:"name"`
		Tags             []string `json:"tag-names"`
		WorkingDirectory string   `json:"working-directory"`
		TerraformVersion string   `json:"terraform-version"`
		ExecutionMode    string   `json:"execution-mode"`
		Resources        int      `json:"resource-count"`
		Repository       *struct {
			Identifier string `json:"identifier"`
			Branch     string `json:"branch"`
		} `json:"vcs-repo"`
		Locked      bool       `json:"locked"`
		LockReason  string     `json:"locked-reason"`
		Assessed    bool       `json:"assessments-enabled"`
		AssessedAt  *time.Time `json:"last-assessment-result-at"`
		Permissions struct {
			QueueRun   *bool `json:"can-queue-run"`
			Assess     *bool `json:"can-manage-assessments"`
			ReadStates *bool `json:"can-read-state-versions"`
		} `json:"permissions"`
	} `json:"attributes"`
	Relationships struct {
		Project    relation `json:"project"`
		LockedBy   relation `json:"locked-by"`
		CurrentRun relation `json:"current-run"`
		LatestRun  relation `json:"latest-run"`
		Assessment relation `json:"current-assessment-result"`
		State      relation `json:"current-state-version"`
	} `json:"relationships"`
}

// relation is a to-one relationship, which an answer may leave out (no Data at
// all), or leave empty (null).
type relation struct {
	Data json.RawMessage `json:"data"`
}

// ref is what a relationship refers to.
type ref struct {
	ID   string `json:"id"`
	Type string `json:"type"`
}

func (r relation) ref() (ref, told) {
	var to ref
	if json.Unmarshal(r.Data, &to) != nil {
		return ref{}, untold // left out, or a list
	}
	if to.ID == "" {
		return ref{}, nothing
	}
	return to, referred
}

// attributes finds what a relationship refers to among what is included, and
// decodes its attributes into v.
func (l *workspaceList) attributes(r relation, v any) (to ref, t told) {
	to, t = r.ref()
	if t != referred {
		return to, t
	}
	for i := range l.Included {
		in := &l.Included[i]
		if in.ID == to.ID && in.Type == to.Type && json.Unmarshal(in.Attributes, v) == nil {
			return to, included
		}
	}
	return to, t
}

// assessmentData are the attributes of an assessment result.
type assessmentData struct {
	CreatedAt time.Time `json:"created-at"`
	Succeeded bool      `json:"succeeded"`
	Message   string    `json:"error-message"`
	Drifted   bool      `json:"drifted"`
	Resources int       `json:"resources-drifted"`
}

func (a assessmentData) named(id string) *Assessment {
	return &Assessment{ID: id, CreatedAt: a.CreatedAt, Succeeded: a.Succeeded, Message: oneLine(a.Message), Drifted: a.Drifted, Resources: a.Resources}
}

// stateData are the attributes of a state version.
type stateData struct {
	DownloadURL      string    `json:"hosted-state-download-url"`
	Serial           int64     `json:"serial"`
	Size             int64     `json:"size"`
	CreatedAt        time.Time `json:"created-at"`
	TerraformVersion string    `json:"terraform-version"`
}

func (s stateData) named(id string) *StateVersion {
	return &StateVersion{id, s.DownloadURL, s.Serial, s.Size, s.CreatedAt, s.TerraformVersion}
}

// workspace makes a Workspace of an element of the list.
func (l *workspaceList) workspace(d *workspaceData) Workspace {
	a, r := &d.Attributes, &d.Relationships
	w := Workspace{
		ID: d.ID, Name: a.Name, Tags: a.Tags, WorkingDirectory: a.WorkingDirectory, TerraformVersion: a.TerraformVersion,
		ExecutionMode: a.ExecutionMode, Resources: a.Resources, Locked: a.Locked, LockReason: oneLine(a.LockReason),
		Assessed: a.Assessed, everAssessed: a.AssessedAt != nil, mayAssess: a.Permissions.Assess, mayRun: a.Permissions.QueueRun,
		mayReadState: a.Permissions.ReadStates,
	}
	if a.Repository != nil {
		w.Repository, w.Branch = a.Repository.Identifier, a.Repository.Branch
	}
	var named struct {
		Name string `json:"name"`
	}
	project, _ := l.attributes(r.Project, &named)
	w.projectID, w.Project = project.ID, named.Name
	if w.Locked {
		w.LockedBy = l.lockedBy(r.LockedBy)
	}
	current, _ := r.CurrentRun.ref()
	latest, _ := r.LatestRun.ref()
	w.CurrentRunID, w.LatestRunID = current.ID, latest.ID

	var assessment assessmentData
	result, t := l.attributes(r.Assessment, &assessment)
	if w.assessment = t; t == included {
		w.Assessment = assessment.named(result.ID)
	}
	var state stateData
	version, t := l.attributes(r.State, &state)
	if w.state = t; t == referred || t == included {
		w.State = state.named(version.ID)
	}
	return w
}

// lockedBy says in words who holds a workspace's lock: "user jane".
func (l *workspaceList) lockedBy(r relation) string {
	var named struct {
		Name     string `json:"name"`
		Username string `json:"username"`
	}
	by, _ := l.attributes(r, &named)
	switch by.Type {
	case "users":
		return "user " + oneLine(cmp.Or(named.Username, by.ID))
	case "teams":
		return "team " + oneLine(cmp.Or(named.Name, by.ID))
	case "runs":
		return "run " + by.ID
	}
	return ""
}
