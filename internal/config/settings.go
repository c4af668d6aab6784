package config

import (
	"slices"
	"strings"
)

// kind is the type of a setting's value.
type kind int

const (
	kindText     kind = iota
	kindList          // repeatable: a list in the file, one a line as an input
	kindWords         // a list whose items may also be separated by commas
	kindBool          // true | false
	kindInt           // a whole number from min to max
	kindDuration      // a Go duration, not negative
	kindPairs         // KEY=VALUE, repeatable: a mapping in the file, one a line as an input
)

func (k kind) many() bool { return k == kindList || k == kindWords || k == kindPairs }

// setting is one line of the table that everything else is made from.
type setting struct {
	name string // of the flag and of the key in the file
	kind kind
	def  string // default, as a flag would take it
	arg  string // stands for the value in the help
	help string
	// defOf is the default of those commands that have another than def.
	defOf    map[string]string
	env      string   // environment variable that sets it too
	commands []string // that have it; nil: all
	allowed  []string // the only values, if not nil
	pattern  string   // regular expression (the dialect common to Go and JSON Schema) of a value; "": not blank
	form     string   // what pattern asks for, in words: "is not …"
	hint     string   // what to do about a value that is not so
	min, max int
	flagOnly bool // not in the file
}

// Patterns of values. Names of organisations and runs end up in URLs, a key in
// a comment's hidden marker: that is what their patterns guard.
const (
	patternName   = `^[^/\s]+$`
	patternTag    = `^[^,\s]([^,]*[^,\s])?$`
	patternCommit = `^[0-9a-fA-F]{4,64}$`
	patternRepo   = `^[A-Za-z0-9_.-]+/[A-Za-z0-9_.-]+$`
	patternKey    = `^[A-Za-z0-9._/-]{1,64}$`
	patternLabel  = `^[^,\x00-\x1f\s]([^,\x00-\x1f]{0,48}[^,\x00-\x1f\s])?$`
	patternCheck  = `^[^\x00-\x1f\s]([^\x00-\x1f]{0,98}[^\x00-\x1f\s])?$`
	patternPlan   = `^[^=]+(=.+)?$`
	// What names of regions look like: they become part of a host's name.
	region        = `[a-z]{2,5}(-[a-z]+)+-[0-9]+`
	patternShard  = `^[1-9][0-9]{0,3}/[1-9][0-9]{0,3}$`
	patternSource = `^(aws(:` + region + `(\+` + region + `)*)?|terraform-query(:.+)?|terraformer:.+|file:.+)$`
	patternRole   = `^arn:aws[a-z-]*:iam::[0-9]{12}:role/[A-Za-z0-9+=,.@_/-]+$`
	// What GitHub allows as a login and as a team: a mention that could mean
	// anything else must not get out.
	patternOwner  = `@?[A-Za-z0-9][A-Za-z0-9-]*|@[A-Za-z0-9][A-Za-z0-9-]*/[A-Za-z0-9._-]+`
	ownerList     = `\s*(` + patternOwner + `)(\s*,\s*(` + patternOwner + `))*\s*$`
	patternNames  = `^` + ownerList
	patternOwners = `^[^=]+=` + ownerList
	patternRun    = `^run-[A-Za-z0-9_-]+$|^` + patternRunURL
	// The URL of a run, today's and the older form:
	// https://HOST/app/ORG/WORKSPACE/runs/RUN, …/app/ORG/workspaces/WORKSPACE/runs/RUN.
	patternRunURL = `https?://[^/?#\s@]+/app/[^/?#\s]+/(workspaces/)?[^/?#\s]+/runs/run-[A-Za-z0-9_-]+([/?#].*)?$`
	// What path.Match takes: *, ?, [class], \ before a character.
	patternGlob = `^([^\\[]|\\.|\[(\^` + globRange + `|` + globFirst + `)` + globRange + `*\])+$`
	globChar    = `(\\.|[^\\\]-])`
	globRange   = `(` + globChar + `(-` + globChar + `)?)`
	globFirst   = `((\\.|[^\\\]^-])(-` + globChar + `)?)`
)

func formats() []string {
	return []string{FormatText, FormatMarkdown, FormatJSON, FormatHTML, FormatSARIF}
}

// settings returns the table, in the order in which help shows it.
func settings() []setting {
	var (
		plan      = []string{"plan"}
		drift     = []string{"drift"}
		adopt     = []string{"adopt"}
		planned   = []string{"plan", "drift"}
		pulls     = []string{"plan", "unmanaged"} // report on pull requests
		issues    = []string{"drift", "unmanaged", "merge"}
		inventory = []string{"unmanaged", "adopt"}
		cloud     = []string{"plan", "drift", "unmanaged", "adopt"} // read Terraform Cloud
		reports   = []string{"plan", "drift", "unmanaged", "adopt", "merge"}
	)
	return []setting{
		{name: "plan-file", kind: kindList, arg: "[NAME=]FILE", commands: planned, pattern: patternPlan,
			form: "[NAME=]FILE", hint: "name a file that `terraform show -json` wrote, or - for standard input; NAME, up to the first =, is the workspace it stands for",
			help: "read a plan from FILE (plan JSON; - is standard input) as that of workspace NAME; the same as a positional FILE; repeatable"},
		{name: "shard-file", kind: kindList, arg: "FILE", commands: []string{"merge"},
			help: "join this part of a check, a file that --write shard=PATH made, or all that a glob such as parts/* matches; the same as a positional FILE; repeatable"},
		{name: "org", arg: "NAME", env: "TF_CLOUD_ORGANIZATION", commands: cloud, pattern: patternName, form: "the name of an organization",
			help: "Terraform Cloud organization whose workspaces are looked at"},
		{name: "workspace", kind: kindList, arg: "GLOB", env: "TF_WORKSPACE", commands: cloud, pattern: patternGlob,
			form: "a glob", hint: `* stands for any characters, ? for one, [a-c] for one of several; write \[ for a bracket itself`,
			help: "only workspaces whose name matches GLOB; repeatable"},
		{name: "project", arg: "NAME", commands: cloud, help: "only workspaces of this project"},
		{name: "tag", kind: kindList, arg: "TAG", commands: cloud, pattern: patternTag, form: "one tag", hint: "give several tags one by one",
			help: "only workspaces with this tag; repeatable: all of them"},
		{name: "run", kind: kindList, arg: "RUN", commands: plan, pattern: patternRun, form: "the id or the URL of a run",
			hint: "a run's id looks like run-CZcmD7eagjhyX0vN; its page's address will do",
			help: "exactly this run, by id or URL, instead of looking for runs; repeatable"},
		{name: "commit", arg: "SHA", commands: plan, pattern: patternCommit, form: "the SHA of a commit", hint: "4 to 64 hexadecimal digits; a branch or tag won't do",
			help: "runs of this commit (default in an action: the pull request's head)"},
		{name: "refresh", arg: "HOW", def: RefreshAuto, allowed: []string{RefreshAuto, RefreshAssessment, RefreshRun, RefreshLatest}, commands: drift,
			help: "where fresh drift comes from: assessment (HCP's health assessments), run (a refresh-only, plan-only run: it queues, it never applies), " +
				"latest (the last run's plan) or auto (an assessment younger than --max-age, else a run)"},
		{name: "max-age", kind: kindDuration, def: "24h", arg: "DURATION", commands: drift, help: "how old an assessment may be"},
		{name: "wait", kind: kindDuration, def: "30m", arg: "DURATION", commands: cloud,
			help: "how long to wait for runs to appear and to finish; 0: report what is there"},
		{name: "computed-drift", kind: kindBool, def: "false", commands: planned,
			help: "also report as drift what a provider merely computes anew"},
		{name: "state", kind: kindList, arg: "FILE", commands: inventory,
			help: "state file whose resources are managed, beside Terraform Cloud's or instead of them; repeatable"},
		{name: "inventory", kind: kindList, arg: "SOURCE", commands: inventory, pattern: patternSource, form: "an inventory",
			hint: "aws, aws:REGION+REGION, terraform-query, terraform-query:FILE, terraformer:DIR or file:FILE",
			help: "where to look for what exists: aws[:REGION+REGION], terraform-query[:FILE], terraformer:DIR or file:FILE; repeatable"},
		{name: "aws-role", kind: kindList, arg: "ARN", commands: inventory, pattern: patternRole, form: "the ARN of a role",
			hint: "it looks like arn:aws:iam::123456789012:role/audit",
			help: "role to assume for the inventory aws, one for each account; repeatable"},
		{name: "dir", arg: "DIR", def: ".", commands: adopt, help: "folder to write to, with a folder in it for each workspace where there are several"},
		{name: "sensitive", arg: "HOW", def: SensitiveIgnore, allowed: []string{SensitiveIgnore, SensitiveVariables}, commands: inventory,
			help: "what becomes of secret attributes in suggested configuration: ignore (left out, under ignore_changes) or variables"},
		{name: "verify", kind: kindBool, def: "false", commands: adopt, help: "prove what is written by a plan, and repair it until that plan changes nothing"},
		{name: "verify-with", arg: "WHAT", def: VerifyAuto, allowed: []string{VerifyAuto, VerifyLocal, VerifyCloud}, commands: adopt,
			help: "what makes the plan: local (a terraform on this machine), cloud (a speculative run in Terraform Cloud, with the workspace's own credentials) or auto (cloud where the workspace is there, else local)"},
		{name: "ignore", arg: "FILE", def: ".strandlineignore", commands: cloud,
			help: "file of patterns of what to leave out"},
		{name: "show", arg: "LEVEL", def: "values", allowed: []string{"values", "names", "counts"}, commands: reports,
			help: "how much of a change is told: values, names (attribute names only) or counts"},
		{name: "format", arg: "FORMAT", def: FormatText, allowed: formats(), commands: reports,
			help: "what goes to standard output: " + either(formats())},
		{name: "write", kind: kindList, arg: "FORMAT=PATH", commands: reports, pattern: `^(` + strings.Join(append(formats(), FormatShard), "|") + `)=.+$`,
			form: "FORMAT=PATH", hint: "FORMAT is " + either(formats()) + "; with --shard also " + FormatShard,
			help: "also write a report to the file PATH; repeatable"},
		{name: "post", arg: "WHEN", def: PostAuto, allowed: []string{PostAuto, PostAlways, PostNever}, commands: reports,
			help: "post to GitHub: auto (when in GitHub Actions), always or never"},
		{name: "repo", arg: "OWNER/NAME", env: "GITHUB_REPOSITORY", commands: reports, pattern: patternRepo, form: "OWNER/NAME",
			help: "GitHub repository to post to"},
		{name: "pr", kind: kindInt, arg: "N", min: 1, max: 1<<31 - 1, commands: pulls, help: "number of the pull request to post to"},
		{name: "key", arg: "NAME", commands: reports, pattern: patternKey, form: "a key", hint: "up to 64 letters, digits, dots, slashes, hyphens and underscores",
			help: "keep a comment or issue of its own under this name"},
		{name: "issue-per", arg: "WHAT", def: IssuePerRepository, allowed: []string{IssuePerRepository, IssuePerWorkspace}, commands: []string{"drift", "merge"},
			help: "keep one issue for the repository, or one for each workspace"},
		{name: "issue-labels", kind: kindList, arg: "LABEL", commands: issues, pattern: patternLabel, form: "a label", hint: "up to 50 characters, without a comma",
			help: "label to put on the issue; repeatable"},
		{name: "owners", kind: kindPairs, arg: "GLOB=NAMES", commands: issues, pattern: patternOwners, form: "WORKSPACES=NAMES",
			hint: "write the glob of a workspace's name, project:NAME or tag:NAME, then @user or @org/team to mention, or a user without @ to assign",
			help: "who is mentioned (@user, @org/team) or assigned (user) in the issue when a workspace whose name matches GLOB, or that is of project:NAME or has tag:NAME, has findings; repeatable"},
		{name: "open-pr", kind: kindBool, def: "false", commands: []string{"drift", "merge", "adopt"},
			help: "keep one pull request with the changes to the configuration that agree with what is there"},
		{name: "check", arg: "NAME", commands: plan, pattern: patternCheck, form: "the name of a check run", hint: "write up to 100 characters on one line",
			help: "also keep a check run of this name on the commit, with the verdict and annotations on .tf lines"},
		{name: "pr-labels", kind: kindBool, def: "false", commands: plan,
			help: "keep the pull request's labels terraform:destroy, terraform:changes and so on in step with the report; with several keys, set it for one"},
		{name: "fail-on", kind: kindWords, arg: "LIST", commands: reports, allowed: []string{FailChanges, FailDestroy, FailReplace, FailDrift,
			FailUnmanaged, FailPolicy, FailChecks, FailErrored},
			help: "exit with 2 on findings of these kinds, separated by commas: changes, destroy, replace, drift, unmanaged, policy, checks, errored"},
		{name: "override-label", arg: "LABEL", commands: pulls, help: "a pull request with this label is reported as ever, but not failed by --fail-on"},
		// A drift check mostly waits for answers; plans to report may be large.
		{name: "parallel", kind: kindInt, def: "8", defOf: map[string]string{"drift": "32"}, arg: "N", min: 1, max: 64, commands: cloud, help: "how many requests and plans are worked on at once"},
		{name: "shard", arg: "I/N", commands: drift, pattern: patternShard, form: "I/N", hint: "the third of ten jobs is 3/10",
			help: "look at the I-th of N parts of the workspaces only, and write it with --write shard=PATH for the command merge"},
		{name: "config", arg: "PATH", commands: reports, flagOnly: true, help: "configuration file (default .strandline.yml here or in the repository's root)"},
		{name: "log-level", arg: "LEVEL", def: "info", allowed: []string{"debug", "info", "warn", "error"}, help: "least severe log messages to show: debug, info, warn or error"},
		{name: "log-format", arg: "FORMAT", def: "text", allowed: []string{"text", "json"}, help: "format of the log on standard error: text or json"},
		{name: "no-color", kind: kindBool, def: "false", env: "NO_COLOR", help: "no colours on the terminal"},
	}
}

// settingsOf returns those settings that command has.
func settingsOf(command string) []setting {
	table := slices.DeleteFunc(settings(), func(s setting) bool {
		return s.commands != nil && !slices.Contains(s.commands, command)
	})
	for i := range table {
		if def, ok := table[i].defOf[command]; ok {
			table[i].def = def
		}
	}
	return table
}

func find(table []setting, name string) *setting {
	for i := range table {
		if table[i].name == name {
			return &table[i]
		}
	}
	return nil
}

// either lists words for a person: "a, b or c".
func either(words []string) string {
	last := len(words) - 1
	return strings.Join(words[:last], ", ") + " or " + words[last]
}
