package app

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"

	"github.com/strandline-tf/strandline/internal/config"
	"github.com/strandline-tf/strandline/internal/history"
	"github.com/strandline-tf/strandline/internal/model"
	"github.com/strandline-tf/strandline/internal/sink/github"
)

// memory is what the standing issues say of earlier runs: one issue for all,
// or with --issue-per workspace one for each workspace. A nil one remembers
// nothing, and no issue is kept.
type memory struct {
	key    string // of the one issue; of the others, what their keys begin with
	issues map[string]*remembered
	split  bool // one issue for each workspace
	fresh  func() (*remembered, error)
}

// remembered is one issue with what this run makes of it.
type remembered struct {
	standing   *github.StandingIssue // nil: there is none yet
	book       *history.Book
	transition history.Transition
	report     *model.Report // of one issue of several: what it is about
	// aside are workspaces that nobody asked for this time: what is known of
	// them stays in the issue, and is not in the report.
	aside []model.Workspace
}

// issueKey tells the issues of one repository apart: by kind, and by --key for
// several on purpose.
func issueKey(cfg *config.Config, kind model.Kind) string {
	if cfg.Key == "" {
		return string(kind)
	}
	return string(kind) + "/" + cfg.Key
}

// perWorkspace stands between an issue's key and the workspace that it is for.
// A --key can't hold it.
const perWorkspace = ":"

// recall reads the standing issues; nil where none are kept.
func (p *program) recall(ctx context.Context, cfg *config.Config, here *place, kind model.Kind) (*memory, error) {
	if !keeping(cfg, here) {
		return nil, nil
	}
	m := &memory{key: issueKey(cfg, kind), issues: map[string]*remembered{}, split: cfg.Issue.Per == config.IssuePerWorkspace}
	standing, err := here.poster(cfg).FindIssues(ctx, func(key string) bool {
		if m.split {
			return strings.HasPrefix(key, m.key+perWorkspace)
		}
		return key == m.key
	})
	if err != nil {
		return nil, err
	}
	for key, issue := range standing {
		book, _, err := history.Parse(issue.Region) // what is damaged the report says itself
		if err != nil {
			return nil, err
		}
		m.issues[key] = &remembered{standing: issue, book: book}
	}
	m.fresh = func() (*remembered, error) {
		book, _, err := history.Parse("")
		return &remembered{book: book}, err
	}
	return m, nil
}

// of returns what is remembered under key.
func (m *memory) of(key string) (*remembered, error) {
	if r := m.issues[key]; r != nil {
		return r, nil
	}
	r, err := m.fresh()
	if err == nil {
		m.issues[key] = r
	}
	return r, err
}

// apply tells the report since when its findings are known, and puts those
// back that could not be looked at this time.
func (m *memory) apply(report *model.Report, now time.Time, unseen history.Unseen) error {
	if m == nil {
		return nil
	}
	if !m.split {
		r, err := m.of(m.key)
		if err == nil {
			read := len(report.Workspaces)
			r.transition = r.book.Apply(report, now, unseen)
			report.Workspaces, r.aside = setAside(report.Workspaces, read, unseen)
		}
		return err
	}
	names := map[string]bool{}
	for i := range report.Workspaces {
		w := &report.Workspaces[i]
		key := m.key + perWorkspace + w.Organization + "/" + w.Name
		names[key] = true
		r, err := m.of(key)
		if err != nil {
			return err
		}
		m.applyOne(r, report, w, now)
	}
	for key, r := range m.issues {
		organization, name, _ := strings.Cut(strings.TrimPrefix(key, m.key+perWorkspace), "/")
		if names[key] || unseen.Workspaces || unseen.Workspace(organization, name) {
			continue // of a workspace that may well be there still
		}
		w := model.NewWorkspace(name)
		w.Organization, w.Status = organization, model.StatusNoChanges
		m.applyOne(r, report, w, now)
	}
	return nil
}

// setAside takes those workspaces that history has put back, from the index
// read on, and that nobody asked for, out of a report.
func setAside(all []model.Workspace, read int, unseen history.Unseen) (asked, aside []model.Workspace) {
	asked = all[:read:read]
	for _, w := range all[read:] {
		if unseen.Workspace(w.Organization, w.Name) {
			aside = append(aside, w)
		} else {
			asked = append(asked, w)
		}
	}
	return asked, aside
}

// missed names the workspaces whose findings went because they are no longer
// there: deleted, or no longer shown to this token.
func (m *memory) missed(report *model.Report) []string {
	if m == nil || m.split {
		return nil
	}
	there := map[string]bool{}
	for i := range report.Workspaces {
		there[report.Workspaces[i].Organization+"/"+report.Workspaces[i].Name] = true
	}
	var notes []string
	for _, r := range m.issues {
		for _, f := range r.transition.Resolved {
			if name := f.Organization + "/" + f.Workspace; f.Workspace != "" && !there[name] {
				there[name] = true
				notes = append(notes, "Workspace "+f.Workspace+" had findings and is no longer listed: it was deleted, or the token may no longer see it.")
			}
		}
	}
	return notes
}

// applyOne is apply for the issue of one workspace.
func (m *memory) applyOne(r *remembered, report *model.Report, w *model.Workspace, now time.Time) {
	one := model.Report{Version: report.Version, Kind: report.Kind, GeneratedAt: report.GeneratedAt, Repository: report.Repository,
		Workspaces: []model.Workspace{*w}}
	r.transition = r.book.Apply(&one, now, history.Unseen{})
	*w = one.Workspaces[0]
	one.Finish()
	r.report = &one
}

// about returns what r's issue is about, in its finished form: the whole
// report with what was set aside, or that of the one workspace.
func (m *memory) about(r *remembered, report *model.Report) *model.Report {
	one := *report
	switch {
	case m.split:
		one = *r.report
		one.Show = report.Show
		for i := range report.Workspaces { // the finished one, as far as --show tells it
			if w := &report.Workspaces[i]; w.Name == one.Workspaces[0].Name && w.Organization == one.Workspaces[0].Organization {
				one.Workspaces = []model.Workspace{*w}
			}
		}
	case len(r.aside) == 0:
		return report
	default:
		rest := model.Report{Workspaces: r.aside}
		rest.Finish()
		rest.Limit(report.Show)
		one.Workspaces = slices.Concat(report.Workspaces, rest.Workspaces)
		slices.SortStableFunc(one.Workspaces, func(a, b model.Workspace) int {
			return cmp.Or(cmp.Compare(a.Name, b.Name), cmp.Compare(a.Organization, b.Organization))
		})
	}
	one.Summary = model.Summary{} // of what --show may have taken out already
	for i := range one.Workspaces {
		one.Summary.Merge(one.Workspaces[i].Summary)
	}
	return &one
}
