package model

import (
	"crypto/sha256"
	"encoding/binary"
	"iter"
	"slices"
)

// PartVersion is the version of what shards hand to a merge. Shards and merge
// are of one version: what is in between lives for the time of a workflow.
const PartVersion = 1

// Part says what a shard's file is part of: the head of that file.
type Part struct {
	Version int  `json:"strandline_shard"` // PartVersion
	Kind    Kind `json:"kind"`
	Shard   int  `json:"shard"` // from 1
	Of      int  `json:"of"`
	Show    Show `json:"show,omitempty"`
	// Settings are those that all parts of a whole must share, by flag name,
	// as text: which workspaces, what is ignored. No secrets: it isn't sealed.
	Settings map[string]string `json:"settings,omitempty"`
	Sealed   bool              `json:"sealed"` // encrypted; with the secrets that were found
	// Marked says that something in what was read is marked as sensitive, so
	// that other parts may hold it unmarked.
	Marked bool `json:"marked"`
	// Partial says that the shard can't tell which workspaces there are: its
	// job was interrupted, or the list of them was cut short.
	Partial bool `json:"partial"`
}

// Shard is the Index-th (from 1) of Of shards.
type Shard struct{ Index, Of int }

// Holds reports whether a workspace belongs to s. It depends on nothing but the
// names, so that all jobs agree while workspaces come and go; shards differ in
// size by chance only. A Shard of one or none holds everything.
func (s Shard) Holds(organization, workspace string) bool {
	if s.Of <= 1 {
		return true
	}
	sum := sha256.Sum256([]byte(organization + "/" + workspace))
	return int(binary.BigEndian.Uint64(sum[:])%uint64(s.Of)) == s.Index-1
}

// Record is one element of an unfinished report with what its published form
// leaves out but proposing and rendering need; what drift is judged by has
// served by then. Exactly one of Workspace,
// Unmanaged, Conflict, Ignored, Problem and Note is set.
type Record struct {
	Workspace   *Workspace `json:"workspace,omitempty"`
	Folder      string     `json:"folder,omitempty"`       // of Workspace
	LiveModules []string   `json:"live_modules,omitempty"` // of Workspace
	Briefs      []string   `json:"briefs,omitempty"`       // of Workspace.Risks, by index
	Nulls       []int      `json:"nulls,omitempty"`        // which of Workspace's attributes are Null, see attributes

	Unmanaged *Unmanaged `json:"unmanaged,omitempty"`
	Object    *Object    `json:"object,omitempty"` // of Unmanaged

	Conflict *Conflict `json:"conflict,omitempty"`
	Ignored  *Ignored  `json:"ignored,omitempty"`
	Problem  *Problem  `json:"problem,omitempty"`
	Note     string    `json:"note,omitempty"`
}

// Records returns what r, unfinished, is made of, one element at a time, so
// that a large report can be written and read without being there twice. They
// share r's memory. What is of a whole only (when it was made and for what,
// counters, coverage, objectives) is not among them.
func (r *Report) Records() iter.Seq[*Record] {
	return func(yield func(*Record) bool) {
		_ = each(r.Workspaces, func(w *Workspace) bool {
			rec := &Record{Workspace: w, Folder: w.Folder, LiveModules: w.LiveModules}
			for i := range w.Risks {
				rec.Briefs = append(rec.Briefs, w.Risks[i].Brief)
			}
			for i, a := range w.attributes() {
				if a.Null {
					rec.Nulls = append(rec.Nulls, i)
				}
			}
			return yield(rec)
		}) &&
			each(r.Unmanaged, func(u *Unmanaged) bool { return yield(&Record{Unmanaged: u, Object: u.Object}) }) &&
			each(r.Conflicts, func(c *Conflict) bool { return yield(&Record{Conflict: c}) }) &&
			each(r.Ignored, func(i *Ignored) bool { return yield(&Record{Ignored: i}) }) &&
			each(r.Problems, func(p *Problem) bool { return yield(&Record{Problem: p}) }) &&
			each(r.Notes, func(n *string) bool { return yield(&Record{Note: *n}) })
	}
}

// attributes are all of w's, counted through.
func (w *Workspace) attributes() iter.Seq2[int, *Attribute] {
	return func(yield func(int, *Attribute) bool) {
		n := -1
		walk := func(list []Attribute) bool {
			return each(list, func(a *Attribute) bool { n++; return yield(n, a) })
		}
		_ = each(w.Changes, func(c *Change) bool { return walk(c.Attributes) }) &&
			each(w.Drift, func(d *Drift) bool { return walk(d.Attributes) }) &&
			each(w.Deferred, func(d *Deferred) bool { return walk(d.Attributes) }) &&
			each(w.Outputs, func(o *Output) bool { return walk(o.Attributes) })
	}
}

// each calls f with the elements of list until it returns false, and reports
// whether it never did.
func each[T any](list []T, f func(*T) bool) bool {
	for i := range list {
		if !f(&list[i]) {
			return false
		}
	}
	return true
}

// AddRecord adds to r what rec holds. A report that is given the records of
// several, in any order, and finished is the same as one that was made of it
// all. rec is not to be used any more.
func (r *Report) AddRecord(rec *Record) {
	switch {
	case rec.Workspace != nil:
		w := rec.Workspace
		w.Folder, w.LiveModules = rec.Folder, rec.LiveModules
		for i := range min(len(w.Risks), len(rec.Briefs)) {
			w.Risks[i].Brief = rec.Briefs[i]
		}
		for i, a := range w.attributes() {
			_, a.Null = slices.BinarySearch(rec.Nulls, i)
		}
		r.Workspaces = append(r.Workspaces, *w)
	case rec.Unmanaged != nil:
		rec.Unmanaged.Object = rec.Object
		r.Unmanaged = append(r.Unmanaged, *rec.Unmanaged)
	case rec.Conflict != nil:
		r.Conflicts = append(r.Conflicts, *rec.Conflict)
	case rec.Ignored != nil:
		r.Ignored = append(r.Ignored, *rec.Ignored)
	case rec.Problem != nil:
		r.Problems = append(r.Problems, *rec.Problem)
	case rec.Note != "":
		r.Notes = append(r.Notes, rec.Note)
	}
}
