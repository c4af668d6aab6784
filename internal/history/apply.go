package history

import (
	"fmt"
	"reflect"
	"time"

	"github.com/strandline-tf/strandline/internal/model"
)

// Unseen says what a run did not look at beside the workspaces that its report
// marks as not checked, so that nothing known of it seems to be gone. The zero
// value: all was looked at.
type Unseen struct {
	// Workspaces says that workspaces may be absent from the report although
	// they exist: the list of them was cut short, or a shard is missing. Of
	// objects, that not all states could be read: one that is new may be managed
	// by those, and is taken out of the report.
	Workspaces bool
	// Workspace reports whether a workspace that is absent from the report was
	// not asked for, so that its absence says nothing. nil: all were.
	Workspace func(organization, workspace string) bool
	// Object reports whether objects of a type, account and region (both "" where
	// there is none or it wasn't kept) were not listed. nil: all were.
	Object func(typ, account, region string) bool
}

// Transition is what changed since the run before.
type Transition struct {
	// New are the findings that were not known. A finding that was resolved and
	// comes back is new. In the order of the report.
	New []Finding
	// Resolved are the findings that are gone, or whose workspace is.
	Resolved []Finding
	// Carried counts the known findings that were not looked for this time.
	Carried int
	// WasClean and IsClean say whether nothing was, and is, known to be wrong.
	WasClean, IsClean bool
	// Rebuilt says that the block was damaged: which findings are new can't be
	// told, and New is empty.
	Rebuilt bool
}

// Apply tells r since when its findings are known, and b of what r found.
//
// FirstSeen and LastSeen are days (2006-01-02, UTC), so that a report doesn't
// change within a day. What b knows of workspaces that could not be read (not
// Checked, or unreadable) is put back into them, with the days on which it was
// first seen and, as far as b knows, last; the same goes for what unseen says.
// A report of drift says nothing of objects and one of unmanaged objects
// nothing of drift: what b knows of them stays.
//
// r is to be withheld before, since what stands in it becomes b's, and to be
// finished after.
func (b *Book) Apply(r *model.Report, now time.Time, unseen Unseen) Transition {
	a := &application{book: b, report: r, unseen: unseen, day: now.UTC().Format(time.DateOnly),
		known: map[key][]int{}, matched: make([]bool, len(b.entries)), same: !b.damaged}
	for i := range b.entries {
		k := b.entries[i].key()
		a.known[k] = append(a.known[k], i)
	}
	a.says.Rebuilt = b.damaged
	a.says.WasClean = len(b.entries) == 0 && b.dropped == 0 && !b.damaged
	a.seeAll()
	a.keepRest()
	a.close()
	return a.says
}

// application is an Apply on its way.
type application struct {
	book   *Book
	report *model.Report
	unseen Unseen
	day    string

	known   map[key][]int // entries by key
	matched []bool        // by entry: found again
	unread  bool          // something was not looked at
	same    bool          // nothing that the block tells has changed

	next    []entry
	unknown []Finding // not in the book
	says    Transition
}

func (a *application) looksForDrift() bool   { return a.report.Kind != model.KindUnmanaged }
func (a *application) looksForObjects() bool { return a.report.Kind != model.KindDrift }

// seeAll goes through what the report found.
func (a *application) seeAll() {
	if a.looksForDrift() {
		for i := range a.report.Workspaces {
			w := &a.report.Workspaces[i]
			for j := range w.Drift {
				d := &w.Drift[j]
				d.FirstSeen, d.LastSeen = a.see(driftEntry(w, d)), a.day
			}
			for j := range w.Outputs {
				o := &w.Outputs[j]
				o.FirstSeen, o.LastSeen = a.see(outputEntry(w, o)), a.day
			}
		}
	}
	if a.looksForObjects() {
		a.seeObjects()
		for i := range a.report.Conflicts {
			c := &a.report.Conflicts[i]
			c.FirstSeen = a.see(conflictEntry(c))
		}
	}
}

// seeObjects is seeAll for what is in no state.
func (a *application) seeObjects() {
	all := a.report.Unmanaged
	a.report.Unmanaged = all[:0]
	for _, u := range all {
		e := unmanagedEntry(&u)
		if e.valid(); a.unseen.Workspaces && a.find(&e) < 0 {
			continue
		}
		u.FirstSeen = a.see(e)
		a.report.Unmanaged = append(a.report.Unmanaged, u)
	}
	if n := len(all) - len(a.report.Unmanaged); n > 0 {
		a.report.Notes = append(a.report.Notes, fmt.Sprintf("%d more objects are in none of the states that could be read. They are new, and one of the other states may manage them: they are left out until all can be read.", n))
	}
}

// see notes that e is there and returns since when it is known.
func (a *application) see(e entry) string {
	e.valid()
	e.First, e.Last = a.day, a.day
	if i := a.find(&e); i >= 0 {
		old := a.book.entries[i]
		a.matched[i] = true
		e.First = old.First
		undated := e
		undated.Last = old.Last
		a.same = a.same && (old.compact() || reflect.DeepEqual(undated, old))
	} else {
		if a.book.dropped > 0 { // it may be one of those
			e.First = a.book.since
		}
		a.unknown = append(a.unknown, e.finding())
		a.same = false
	}
	a.next = append(a.next, e)
	return e.First
}

// find returns the entry of the book that e is, or -1.
func (a *application) find(e *entry) int {
	found := -1
	for _, i := range a.known[e.key()] {
		switch old := &a.book.entries[i]; {
		case a.matched[i]:
		case !old.compact() && old.identity() == e.identity():
			return i
		case old.compact() && found < 0:
			found = i
		}
	}
	return found
}

// keepRest decides what becomes of known findings that the report lacks.
func (a *application) keepRest() {
	workspaces := map[place]int{}
	for i := range a.report.Workspaces {
		w := &a.report.Workspaces[i]
		at := place{w.Organization, w.Name}
		if _, twice := workspaces[at]; !twice {
			workspaces[at] = i
		}
		if w.Status == model.StatusUnreadable {
			w.Checked = false
		}
		a.unread = a.unread || !w.Checked
	}
	a.unread = a.unread || a.unseen.Workspaces || a.unseen.Object != nil
	for i := range a.book.entries {
		e := &a.book.entries[i]
		switch {
		case a.matched[i]:
			continue
		case e.ofObject() && !a.looksForObjects(), !e.ofObject() && !a.looksForDrift():
		case e.Kind == KindUnmanaged && a.unseen.Object != nil && a.unseen.Object(e.Type, e.Account, e.Region),
			e.Kind == KindConflict && a.unread:
			e.restoreObject(a.report)
		case !e.ofObject() && a.restore(e, workspaces):
		default:
			a.says.Resolved = append(a.says.Resolved, e.finding())
			a.same = false
			continue
		}
		a.says.Carried++
		a.next = append(a.next, *e)
	}
}

// restore puts e back into its workspace, where that was not read.
func (a *application) restore(e *entry, workspaces map[place]int) bool {
	i, ok := workspaces[e.workspace()]
	if !ok {
		if !a.unseen.Workspaces && (a.unseen.Workspace == nil || !a.unseen.Workspace(e.Organization, e.Workspace)) {
			return false
		}
		a.unread = true
		w := model.NewWorkspace(e.Workspace)
		w.Organization, w.Status, w.Checked = e.Organization, model.StatusUnreadable, false
		w.Message = "not looked at this time; what is known of it is from before"
		i = len(a.report.Workspaces)
		workspaces[e.workspace()] = i
		a.report.Workspaces = append(a.report.Workspaces, *w)
	}
	w := &a.report.Workspaces[i]
	if w.Checked {
		return false
	}
	e.restore(w)
	return true
}

// close makes what was found the book's and says what that means.
func (a *application) close() {
	b := a.book
	missed := max(b.dropped-len(a.unknown), 0) // known, without room, and not found again
	if len(a.unknown) > b.dropped && !b.damaged {
		a.says.New = a.unknown
	}
	if !a.unread {
		missed = 0 // all was looked at: they are gone
	}
	a.note(missed)
	forgot := b.damaged && a.unread // what is wrong where nobody looked
	a.says.IsClean = len(a.next) == 0 && missed == 0 && !forgot
	if a.same && b.dropped == missed {
		return // the block stays as it is, with the days when all was last seen
	}
	b.entries, b.dropped, b.damaged = a.next, missed, false
}

// note says in the report what the book doesn't know.
func (a *application) note(missed int) {
	if a.book.damaged {
		a.report.Notes = append(a.report.Notes, "What was known from earlier runs stood in the issue and is damaged or gone; it starts anew. "+
			"Findings count as first seen today, and which of them are new can't be told.")
	}
	if missed > 0 {
		a.report.Notes = append(a.report.Notes, fmt.Sprintf("%d more findings are known from earlier runs, and were not found this time, "+
			"when not all could be looked at. There was no room to remember which they are.", missed))
	}
}
