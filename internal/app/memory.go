package app

import (
	"context"
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
	report     *model.Report // what the issue is about, once the report is finished
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
			r.transition = r.book.Apply(report, now, unseen)
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
		if names[key] || unseen.Workspaces {
			continue // of a workspace that may well be there still
		}
		organization, name, _ := strings.Cut(strings.TrimPrefix(key, m.key+perWorkspace), "/")
		w := model.NewWorkspace(name)
		w.Organization, w.Status = organization, model.StatusNoChanges
		m.applyOne(r, report, w, now)
	}
	return nil
}

// applyOne is apply for the issue of one workspace.
func (m *memory) applyOne(r *remembered, report *model.Report, w *model.Workspace, now time.Time) {
	one := model.Report{Version: report.Version, Kind: report.Kind, GeneratedAt: report.GeneratedAt, Repository: report.Repository,
		Workspaces: []model.Workspace{*w}}
	r.transition = r.book.Apply(&one, now, history.Unseen{})
	*w = one.Workspaces[0]
	r.report = &one
}

// about returns what the issue of key is about, in its finished form: the
// whole report, or its workspace.
func (m *memory) about(r *remembered, report *model.Report) *model.Report {
	if !m.split {
		return report
	}
	one := *r.report
	for i := range report.Workspaces { // the finished one, as far as --show tells it
		if w := &report.Workspaces[i]; w.Name == one.Workspaces[0].Name && w.Organization == one.Workspaces[0].Organization {
			one.Workspaces = []model.Workspace{*w}
		}
	}
	one.Finish()
	one.Show = report.Show
	return &one
}
