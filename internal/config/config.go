// Package config turns flags, action inputs, the environment and the file
// .strandline.yml into one validated Config. It is the only package that reads
// the environment, and it is handed it as an argument.
//
// Before it comes package app, which declares a command's flags with Register
// and, once they are parsed, calls Load; after it come all the stages of the
// pipeline, each of which is given the part of the Config that concerns it.
//
// Everything is read from one table (settings.go): the flags and their help,
// the inputs, the keys of the file and the JSON Schema of that file are the
// same settings, checked by the same code. A setting is taken from the first
// of these that has it:
//
//	flag, action input, environment, file, default
//
// Whatever is wrong is a userfault.Error with exit code 64 that says where the
// value stands; nothing has been contacted by then. Paths, wherever they are
// set, are relative to the working directory.
package config

import (
	"path/filepath"
	"time"

	"github.com/strandline-tf/strandline/internal/secret"
)

// The formats of a report.
const (
	FormatText     = "text"
	FormatMarkdown = "markdown"
	FormatJSON     = "json"
	FormatHTML     = "html"
	FormatSARIF    = "sarif"
	FormatShard    = "shard" // of a file only: what `merge` reads
)

// Where drift comes from.
const (
	RefreshAuto       = "auto"
	RefreshAssessment = "assessment"
	RefreshRun        = "run"
	RefreshLatest     = "latest"
)

// What becomes of secret attributes in suggested configuration.
const (
	SensitiveIgnore    = "ignore"
	SensitiveVariables = "variables"
)

// What proves an adoption.
const (
	VerifyAuto  = "auto"
	VerifyLocal = "local"
	VerifyCloud = "cloud"
)

// How many issues there are.
const (
	IssuePerRepository = "repository"
	IssuePerWorkspace  = "workspace"
)

// When a report is posted.
const (
	PostAuto   = "auto"   // when in GitHub Actions
	PostAlways = "always" // from anywhere
	PostNever  = "never"
)

// The kinds of findings that --fail-on names.
const (
	FailChanges   = "changes"
	FailDestroy   = "destroy"
	FailReplace   = "replace"
	FailDrift     = "drift"
	FailUnmanaged = "unmanaged"
	FailPolicy    = "policy"
	FailChecks    = "checks"
	FailErrored   = "errored"
)

// Config is everything that a command was told, validated.
type Config struct {
	Command string
	Dir     string // the working directory, which relative paths start from

	Plans          []PlanFile // from --plan-file and FILE arguments, in the order given
	TerraformCloud TerraformCloud
	GitHub         GitHub
	Commit         string        // --commit in lower case; "": found out from the environment
	Wait           time.Duration // 0: report what is there
	Ignore         IgnoreFile

	Refresh       string        // one of the Refresh constants
	MaxAge        time.Duration // of an assessment
	ComputedDrift bool          // report what a provider merely computes anew, too
	Shard         Shard
	ShardFiles    []string // to merge, as given: files or globs

	States      []string    // state files, as given
	Inventories []Inventory // in the order given
	AWSRoles    []string    // ARNs
	Adopt       Adopt

	Issue  Issue
	OpenPR bool

	Show          string  // values | names | counts
	Format        string  // of standard output, one of the Format constants
	Writes        []Write // files to write besides
	Post          string  // one of the Post constants
	Repo          string  // OWNER/NAME, from --repo or GITHUB_REPOSITORY; "" where not known
	PullRequest   int     // --pr; 0: found out from the environment
	Key           string  // "" or --key
	Check         string  // name of the check run to keep; "": none
	PRLabels      bool
	FailOn        []string
	OverrideLabel string
	Parallel      int // 1 to 64

	LogLevel  string // debug | info | warn | error
	LogFormat string // text | json
	NoColor   bool
	Columns   int  // width of the terminal from COLUMNS; 0: not known
	CI        bool // the environment says that no person watches

	SourceDate *time.Time // SOURCE_DATE_EPOCH, in UTC: the time to put into reports
	File       string     // the configuration file that was read; "" for none
	Warnings   []string   // what is allowed but looks like a mistake

	// Secrets holds every token that was found, used or not.
	Secrets *secret.Set

	given map[string]bool
}

// PlanFile is a plan to read from a file.
type PlanFile struct {
	Name string // the workspace it stands for; unique
	Path string // as given; "-" is standard input
}

// Write is a report to write to a file.
type Write struct {
	Format string // one of the Format constants
	Path   string // as given
}

// Shard is one part of a check that several jobs share; zero: all of it.
type Shard struct {
	Index int // from 1
	Of    int
}

// Inventory is one source of what exists.
type Inventory struct {
	Kind    string   // aws | terraform-query | terraformer | file
	Path    string   // file or folder, as given; "" where it has none
	Regions []string // of aws; none: all that are enabled
}

// Adopt is what becomes of suggested configuration.
type Adopt struct {
	Dir        string // as given
	Sensitive  string // one of the Sensitive constants
	Verify     bool
	VerifyWith string // one of the Verify constants
}

// Issue is how findings are kept in issues.
type Issue struct {
	Per    string // one of the IssuePer constants
	Labels []string
	Owners []Owners
}

// Owners are the people to tell about some workspaces.
type Owners struct {
	By      string   // workspace | project | tag
	Pattern string   // of By: a glob as path.Match has them, or a name
	Mention []string // with their @: "@acme/network"
	Assign  []string // logins
}

// IgnoreFile is the ignore file, not yet parsed. Path is "" when there is none.
type IgnoreFile struct {
	Path     string // for messages
	Data     []byte
	Explicit bool // named by a person, rather than found under its usual name
}

// Given reports whether a setting, by its flag's name, was set anywhere: by
// flag, action input, environment or file.
func (c *Config) Given(setting string) bool { return c.given[setting] }

// Resolve returns path as seen from anywhere: relative ones start from Dir.
func (c *Config) Resolve(path string) string { return resolve(c.Dir, path) }

func resolve(dir, path string) string {
	if filepath.IsAbs(path) {
		return path
	}
	return filepath.Join(dir, path)
}
