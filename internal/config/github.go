package config

import "strconv"

// GitHub is how to reach GitHub and, in a workflow, what it tells of itself.
// See https://docs.github.com/actions/reference/workflows-and-actions/variables
type GitHub struct {
	Token     string // "" where there is none
	PRToken   string // for pull requests that are opened; Token where there is no other
	APIURL    string // without a slash at its end
	ServerURL string // without a slash at its end

	Actions     bool   // running in GitHub Actions
	Repository  string // OWNER/NAME of the workflow's repository
	EventName   string
	EventPath   string // file with the event's payload
	SHA         string // for pull_request events the merge commit, not the head
	Ref         string
	RunID       int64 // 0 outside a workflow
	RunAttempt  int   // from 1; 0 outside a workflow
	Workspace   string
	OutputPath  string // file to append outputs to
	SummaryPath string // file to append the job summary to
	TempPath    string // folder for files of this job
}

func (g *GitHub) read(c *Config, env environment, faults *problems) {
	g.Token = env.input("github-token")
	if g.Token == "" {
		g.Token = env.get("GITHUB_TOKEN", "GH_TOKEN")
	}
	if g.PRToken = env.input("pr-token"); g.PRToken == "" {
		g.PRToken = env.get("STRANDLINE_PR_TOKEN")
	}
	c.Secrets.AddToken(g.Token, g.PRToken, env.get("STRANDLINE_PR_TOKEN"), env.get("GITHUB_TOKEN"), env.get("GH_TOKEN"))
	if g.PRToken == "" {
		g.PRToken = g.Token
	}
	server := func(name, otherwise string) string {
		text := env.get(name)
		if text == "" {
			return otherwise
		}
		if u := c.address(text, name, faults); u != nil {
			return u.String()
		}
		return ""
	}
	g.APIURL = server("GITHUB_API_URL", "https://api.github.com")
	g.ServerURL = server("GITHUB_SERVER_URL", "https://github.com")
	number := func(name string) int64 {
		text := env.get(name)
		if text == "" {
			return 0
		}
		n, err := strconv.ParseInt(text, 10, 64)
		if err != nil || n < 1 {
			faults.add("GitHub Actions sets it; elsewhere leave it unset", "%s: %s is not a number from 1", name, quote(text))
		}
		return n
	}
	g.RunID, g.RunAttempt = number("GITHUB_RUN_ID"), int(number("GITHUB_RUN_ATTEMPT"))
	g.Actions = env.get("GITHUB_ACTIONS") == "true"
	g.Repository = env.get("GITHUB_REPOSITORY")
	g.EventName, g.EventPath = env.get("GITHUB_EVENT_NAME"), env.get("GITHUB_EVENT_PATH")
	g.SHA, g.Ref = env.get("GITHUB_SHA"), env.get("GITHUB_REF")
	g.Workspace = env.get("GITHUB_WORKSPACE")
	g.OutputPath, g.SummaryPath = env.get("GITHUB_OUTPUT"), env.get("GITHUB_STEP_SUMMARY")
	g.TempPath = env.get("RUNNER_TEMP")
}

// ActionCommand returns the input that names the command, which the action
// runs the program without arguments for; "" where there is none.
func ActionCommand(environ []string) string {
	return newEnvironment(environ).input("command")
}
