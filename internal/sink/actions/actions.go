// Package actions tells GitHub Actions what a step found: its outputs, its job
// summary, annotations, and values to mask in the log.
//
// Before it come package render, whose bytes it takes as they are, and package
// config, which knows the files that the runner wants written. After it come
// the runner, which reads workflow commands from every line that a step
// prints, and the workflow's later steps. Since every line is read, package
// actions also has the LogWriter that makes a log safe to print there.
package actions

import (
	"errors"
	"fmt"
	"io"
	"os"
	"regexp"
	"strings"

	"github.com/sethvargo/go-githubactions"

	"github.com/strandline-tf/strandline/internal/userfault"
)

// SummaryLimit is the most that the job summary of one step may hold, in
// bytes: "each step is restricted to a maximum size of 1MiB",
// https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands#step-isolation-and-limits
const SummaryLimit = 1 << 20

// Settings are what the runner hands to a step.
type Settings struct {
	OutputPath  string // GITHUB_OUTPUT
	SummaryPath string // GITHUB_STEP_SUMMARY
	// Commands takes workflow commands: standard error, so that standard
	// output stays the report. Nothing may withhold secrets from it (Mask has
	// to name them) or escape it as a LogWriter does.
	Commands io.Writer
}

// Actions writes for one step.
type Actions struct {
	settings Settings
	action   *githubactions.Action
}

// New returns an Actions that writes where s says.
func New(s Settings) *Actions {
	paths := map[string]string{"GITHUB_OUTPUT": s.OutputPath, "GITHUB_STEP_SUMMARY": s.SummaryPath}
	return &Actions{settings: s, action: githubactions.New(
		githubactions.WithWriter(s.Commands),
		githubactions.WithGetenv(func(name string) string { return paths[name] }),
	)}
}

// outputName is what an action.yml allows as an output's name.
var outputName = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_-]*$`)

// delimiter ends a value in the file of outputs. It is the library's, and
// fixed, so that a value which contains it could go on to set other outputs.
const delimiter = "_GitHubActionsFileCommandDelimeter_"

// SetOutput sets an output of the step; value may have many lines.
func (a *Actions) SetOutput(name, value string) error {
	if a.settings.OutputPath == "" {
		return userfault.New("outputs exist only in GitHub Actions", "can't set output %s: GITHUB_OUTPUT is not set", name)
	}
	if !outputName.MatchString(name) || strings.Contains(value, delimiter) {
		return userfault.New("this value can't be passed on to other steps; read it from the JSON report",
			"can't set output %q: its name or value would be read as something else", name)
	}
	if err := try(func() { a.action.SetOutput(name, value) }); err != nil {
		return userfault.Wrap(err, "is the runner's disk full?", "can't set output %s", name)
	}
	return nil
}

// Summary appends markdown to the job summary. Where it would exceed
// SummaryLimit together with what the step has written there before, nothing
// is written and the error says by how much.
func (a *Actions) Summary(markdown string) error {
	path := a.settings.SummaryPath
	if path == "" {
		return userfault.New("job summaries exist only in GitHub Actions", "can't write the job summary: GITHUB_STEP_SUMMARY is not set")
	}
	size := int64(len(markdown) + len(githubactions.EOF))
	if info, err := os.Stat(path); err == nil {
		size += info.Size()
	}
	if size > SummaryLimit {
		return userfault.New("write the report to a file (--write markdown=PATH) and upload it as an artifact",
			"the job summary would be %d bytes over GitHub's limit of %d", size-SummaryLimit, SummaryLimit)
	}
	if err := try(func() { a.action.AddStepSummary(markdown) }); err != nil {
		return userfault.Wrap(err, "is the runner's disk full?", "can't write the job summary")
	}
	return nil
}

// Mask has the runner replace values with *** in the log from now on. Empty
// ones are passed over. Call it only in GitHub Actions: anywhere else it
// prints the values.
func (a *Actions) Mask(values ...string) error {
	return try(func() {
		for _, v := range values {
			if strings.TrimSpace(v) != "" {
				a.action.AddMask(v)
			}
		}
	})
}

// try runs f, which calls the library, and returns as an error what the
// library panics with where it can't write.
func try(f func()) (err error) {
	defer func() {
		if r := recover(); r != nil {
			var ok bool
			if err, ok = r.(error); !ok {
				err = errors.New(fmt.Sprint(r))
			}
		}
	}()
	f()
	return nil
}
