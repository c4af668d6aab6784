package app

import (
	"errors"
	"io"
	"os"
	"path/filepath"
	"strconv"

	"github.com/strandline-tf/strandline/internal/config"
	"github.com/strandline-tf/strandline/internal/model"
	"github.com/strandline-tf/strandline/internal/render"
	"github.com/strandline-tf/strandline/internal/render/markdown"
	"github.com/strandline-tf/strandline/internal/sink"
	"github.com/strandline-tf/strandline/internal/sink/actions"
	"github.com/strandline-tf/strandline/internal/userfault"
)

func (p *program) actions(cfg *config.Config) *actions.Actions {
	return actions.New(actions.Settings{OutputPath: cfg.GitHub.OutputPath, SummaryPath: cfg.GitHub.SummaryPath, Commands: p.raw})
}

// tellRunner gives GitHub Actions the job summary, the annotations and the
// action's outputs.
func (p *program) tellRunner(cfg *config.Config, report *model.Report, at posted) error {
	a := p.actions(cfg)
	summary := markdown.Summary(report, render.Options{Budget: actions.SummaryLimit - summaryReserve})
	errs := []error{a.Annotate(p.annotations(report))}
	if cfg.GitHub.SummaryPath != "" {
		errs = append(errs, a.Summary(summary))
	}
	if cfg.GitHub.OutputPath == "" {
		return errors.Join(errs...)
	}
	files, err := keep(cfg, report, summary)
	errs = append(errs, err)
	outputs := append(files,
		[2]string{"comment-url", at.comment},
		[2]string{"issue-url", at.issue})
	if report.Kind != model.KindUnmanaged && report.Kind != model.KindAdopt { // those don't look for drift
		outputs = append(outputs, [2]string{"has-drift", strconv.FormatBool(report.HasDrift())})
	}
	if report.Kind == model.KindPlan { // others don't look for changes
		outputs = append(outputs,
			[2]string{"has-changes", strconv.FormatBool(report.Summary.HasChanges())},
			[2]string{"has-destroys", strconv.FormatBool(destroys(report))})
	}
	if report.Coverage != nil {
		outputs = append(outputs,
			[2]string{"has-unmanaged", strconv.FormatBool(len(report.Unmanaged) > 0 || report.Show == model.ShowCounts && report.Coverage.Unmanaged > 0)},
			[2]string{"coverage", strconv.FormatFloat(report.Coverage.Percent, 'f', -1, 64)})
	}
	for _, c := range report.Summary.Counters() {
		outputs = append(outputs, [2]string{c.Name, strconv.Itoa(*c.Count)})
	}
	for _, o := range outputs {
		if err := a.SetOutput(o[0], o[1]); err != nil { // so would be the others
			errs = append(errs, err)
			break
		}
	}
	return errors.Join(errs...)
}

// destroys reports whether anything would be destroyed. Of a replacement whose
// old object lives on (replace_forget) only the list of changes tells, which
// --show counts leaves out.
func destroys(report *model.Report) bool {
	if report.Show == model.ShowCounts {
		return report.Summary.Destroy > 0 || report.Summary.Replace > 0
	}
	for i := range report.Workspaces {
		for _, c := range report.Workspaces[i].Changes {
			if c.Action == model.ActionDelete || c.Action == model.ActionReplace {
				return true
			}
		}
	}
	return false
}

// summaryReserve is what other steps of the job, or a second use of the
// action, may still write beside the summary of this one. In bytes.
const summaryReserve = 16 << 10

// keep writes the files that the action's outputs report and markdown name, in
// a directory of their own: several steps of a job may use the action.
func keep(cfg *config.Config, report *model.Report, summary string) ([][2]string, error) {
	dir, err := os.MkdirTemp(cfg.GitHub.TempPath, "strandline-")
	if err != nil {
		return nil, userfault.Wrap(err, "RUNNER_TEMP should name a directory that can be written to", "the report's files can't be made")
	}
	asJSON, asMarkdown := filepath.Join(dir, "report.json"), filepath.Join(dir, "report.md")
	err = errors.Join(
		sink.WriteFile(asJSON, func(w io.Writer) error { return renderTo(w, cfg, config.FormatJSON, report, render.Options{}) }),
		sink.WriteFile(asMarkdown, func(w io.Writer) error { _, err := io.WriteString(w, summary); return err }))
	return [][2]string{{"report", asJSON}, {"markdown", asMarkdown}}, err
}

// annotations names what a reviewer must not miss: what could not be read,
// failures, destroyed resources, failed policies and checks.
func (p *program) annotations(report *model.Report) []actions.Annotation {
	var out []actions.Annotation
	add := func(level actions.Level, title, message string) {
		out = append(out, actions.Annotation{Level: level, Title: title, Message: render.Visible(p.secrets.Text(message))})
	}
	for _, x := range report.Problems {
		add(actions.LevelError, "Not in the report", joinWords(x.Workspace, x.Message))
	}
	for i := range report.Workspaces {
		w := &report.Workspaces[i]
		if w.Status == model.StatusErrored || w.Status == model.StatusPolicyFailed {
			add(actions.LevelError, "Terraform run "+string(w.Status), joinWords(w.Name, w.Message))
		}
		for j := range w.Policies {
			if pol := &w.Policies[j]; pol.Failed() {
				add(actions.LevelError, "Policy "+pol.Status, joinWords(w.Name, pol.Name))
			}
		}
		for j := range w.Changes {
			switch c := &w.Changes[j]; c.Action {
			case model.ActionDelete:
				add(actions.LevelWarning, "Destroys", joinWords(w.Name, c.Address))
			case model.ActionReplace:
				add(actions.LevelWarning, "Replaces", joinWords(w.Name, c.Address))
			}
		}
		for j := range w.Checks {
			if c := &w.Checks[j]; c.Failed() {
				add(actions.LevelWarning, "Check "+c.Status, joinWords(w.Name, c.Address))
			}
		}
	}
	return out
}

func joinWords(where, what string) string {
	switch {
	case where == "":
		return what
	case what == "":
		return where
	}
	return where + ": " + what
}
