package model

// Status is what became of a workspace's run, in one word.
type Status string

// The states of a workspace in a report. Terraform Cloud's planned,
// cost_estimated, policy_checked and policy_override are StatusAwaiting.
const (
	StatusPlanned      Status = "planned"
	StatusNoChanges    Status = "no_changes"
	StatusApplied      Status = "applied"
	StatusErrored      Status = "errored"
	StatusPolicyFailed Status = "policy_failed"
	StatusAwaiting     Status = "awaiting_approval"
	StatusCanceled     Status = "canceled"
	StatusDiscarded    Status = "discarded"
	StatusPending      Status = "pending"
	StatusUnreadable   Status = "unreadable"
)

// Workspace is one workspace with its run and its plan, or one plan file.
// Plan reading fills the second half; Terraform Cloud the first.
type Workspace struct {
	Name             string `json:"name"`
	Organization     string `json:"organization,omitempty"`
	Project          string `json:"project,omitempty"`
	Status           Status `json:"status"`
	Message          string `json:"message,omitempty"` // why, in words, for anything but success
	RunID            string `json:"run_id,omitempty"`
	RunURL           string `json:"run_url,omitempty"`
	TerraformVersion string `json:"terraform_version,omitempty"`
	Redacted         bool   `json:"redacted"` // values were withheld by Terraform Cloud
	Complete         bool   `json:"complete"` // false: targeted, deferred or partial
	Errored          bool   `json:"errored"`  // the plan's own word: planning stopped part way
	Checked          bool   `json:"checked"`  // false: its drift is what was known before, carried over
	// Source and CheckedAt say where drift comes from, and as of when: an
	// assessment of this morning, a run started for it.
	Source    DriftSource `json:"source,omitempty"`
	CheckedAt string      `json:"checked_at,omitempty"` // RFC 3339, UTC
	// Owners are whom the configuration names for this workspace, as GitHub
	// mentions them: "@acme/network". They are the only mentions ever rendered.
	Owners    []string `json:"owners,omitempty"`
	Assignees []string `json:"assignees,omitempty"` // logins to assign an issue to
	Summary   Summary  `json:"summary"`

	Changes     []Change     `json:"changes"`
	Drift       []Drift      `json:"drift"`
	Outputs     []Output     `json:"outputs"`
	Deferred    []Deferred   `json:"deferred"`
	Actions     []Action     `json:"actions"`
	Checks      []Check      `json:"checks"`
	Policies    []Policy     `json:"policies"`
	RunTasks    []RunTask    `json:"run_tasks"`
	Cost        *Cost        `json:"cost,omitempty"`
	Diagnostics []Diagnostic `json:"diagnostics"`
	Risks       []Risk       `json:"risks"`
	Suggestions []Suggestion `json:"suggestions"`
	Ignored     []Ignored    `json:"ignored"`

	// Folder is the folder of the repository in which Terraform runs, with
	// slashes, "." for its root; "" where it isn't known.
	Folder string `json:"-"`

	// Configured is what QuietComputed judges drift by; nil where no plan was
	// read.
	Configured *Configured `json:"-"`

	// LiveModules are the addresses of modules in which some resource stays
	// where it is, changed or not: of what does not change, all that a
	// suggestion must know.
	LiveModules []string `json:"-"`
}

// Ignored is a finding that a pattern of the ignore file kept out: a change or
// drift by Address (and Attribute), or an object in no state by Type and ID.
type Ignored struct {
	Address   string `json:"address,omitempty"`
	Attribute string `json:"attribute,omitempty"`
	Type      string `json:"type,omitempty"`
	ID        string `json:"id,omitempty"`
	Pattern   string `json:"pattern"`        // "" where Rule is set
	Rule      string `json:"rule,omitempty"` // a rule of the program's own that kept it out: RuleComputed, say
	Reason    string `json:"reason,omitempty"`
}

// DriftSource says how drift was found out.
type DriftSource string

// Where drift comes from.
const (
	DriftFromAssessment DriftSource = "assessment" // a health assessment of HCP Terraform
	DriftFromRun        DriftSource = "run"        // a refresh-only, plan-only run started for it
	DriftFromLatest     DriftSource = "latest"     // the workspace's last run
	DriftFromFile       DriftSource = "file"       // a plan file
)

// Rules of the program's own that keep a finding out, see Ignored.Rule.
const (
	RuleComputed = "computed" // drift: a value that the provider merely computes anew
	RuleDefault  = "default"  // unmanaged: what every account has and nobody made
	RuleOwned    = "owned"    // unmanaged: made by something that is managed, or managed elsewhere
)

// Policy is one policy's outcome, from a Sentinel policy check or from a
// policy evaluation (OPA, Sentinel).
type Policy struct {
	Name   string `json:"name"`
	Set    string `json:"set,omitempty"`
	Level  string `json:"level,omitempty"`  // advisory | soft-mandatory | hard-mandatory | mandatory
	Status string `json:"status"`           // passed | failed | errored | overridden
	Output string `json:"output,omitempty"` // the failing rule's own words
}

// Failed reports whether the policy counts as failed in a summary: it failed
// or could not be evaluated, at any level.
func (p *Policy) Failed() bool { return p.Status == "failed" || p.Status == "errored" }

// RunTask is the result of one run task.
type RunTask struct {
	Name        string `json:"name"`
	Status      string `json:"status"` // passed | failed | pending | running | unreachable | errored | canceled
	Message     string `json:"message,omitempty"`
	URL         string `json:"url,omitempty"`
	Enforcement string `json:"enforcement,omitempty"` // advisory | mandatory
	Stage       string `json:"stage,omitempty"`       // pre_plan | post_plan | pre_apply | post_apply
}

// Cost is Terraform Cloud's monthly cost estimate; amounts are decimal strings.
type Cost struct {
	Prior    string `json:"prior"`
	Proposed string `json:"proposed"`
	Delta    string `json:"delta"`
	Currency string `json:"currency"`
}

// Diagnostic is a warning or an error in Terraform's own words.
type Diagnostic struct {
	Severity string `json:"severity"` // error | warning
	Summary  string `json:"summary"`
	Detail   string `json:"detail,omitempty"`
	Address  string `json:"address,omitempty"`
	File     string `json:"file,omitempty"` // relative to the working directory of the run
	Line     int    `json:"line,omitempty"` // from 1
	Snippet  string `json:"snippet,omitempty"`
}

// Risk is one thing a reviewer should see before all else.
type Risk struct {
	Kind    string `json:"kind"` // destroy_data | replace_data | public_ingress | public_access | iam_wildcard
	Address string `json:"address"`
	Path    string `json:"path,omitempty"` // the attribute that shows it
	Message string `json:"message"`        // one line
	Brief   string `json:"-"`              // Message without values, for ShowNames
}

// Suggestion is something to paste or to merge.
type Suggestion struct {
	Kind      string `json:"kind"` // moved | accept | revert | ignore | import
	To        string `json:"to,omitempty"`
	Workspace string `json:"workspace,omitempty"`
	Why       string `json:"why"`
	Files     []File `json:"files"`
	Patch     string `json:"patch,omitempty"`
	Verified  string `json:"verified,omitempty"` // unverified | no_changes | changes | failed
}

// File is a file to write, by a path relative to the working directory.
type File struct {
	Path    string `json:"path"`
	Content string `json:"content"`
}
