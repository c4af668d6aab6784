package propose

import (
	"fmt"
	"slices"

	"github.com/strandline-tf/strandline/internal/model"
)

// Accepted are all accepts of several workspaces together, for one pull
// request.
type Accepted struct {
	Files map[string][]byte // new content of the files that change, by path from the repository's root
	Done  []Finding         // what Files accept, wholly or in part
	Left  []Finding         // what they don't, or not wholly, and why
}

// Finding is a finding of drift, in the order of its workspace and there of its
// list.
type Finding struct {
	Workspace string
	Address   string
	Why       string // for one that is left
}

// Accept applies the accept suggestions of all workspaces together. A change
// that another workspace contradicts is left out: two want something else at
// the same place, or one that runs in the same folder has no such drift. So ws
// are all workspaces of the repository, also those without any drift.
func Accept(ws []*model.Workspace, tree *Tree) Accepted {
	if tree == nil {
		tree = NewTree(nil)
	}
	// Trying each finding out alone takes as many times as long, and is done
	// only where trying them all out together fails.
	b := bundle{tree: tree}
	for _, w := range ws {
		b.workspaces = append(b.workspaces, findingsOf(w))
	}
	if b.gather(attempt); !b.isSettled() {
		b.items = nil
		b.gather(resolve)
		for !b.isSettled() {
		}
	}
	return b.result()
}

// gather finds out how to accept each finding, and leaves out what can't be
// accepted for the sake of others.
func (b *bundle) gather(how func(*findings, *model.Drift, *Tree) resolution) {
	for _, w := range b.workspaces {
		for i := range w.Drift {
			b.add(w, &w.Drift[i], how(w, &w.Drift[i], b.tree))
		}
	}
	b.dropContradicted()
	b.dropDisagreed()
}

// bundle is the work of Accept.
type bundle struct {
	tree       *Tree
	workspaces []*findings
	items      []*accepted
}

// accepted is one finding with its edits; none once it is left out.
type accepted struct {
	workspace *findings
	drift     *model.Drift
	edits     []edit
	left      []string
}

func (b *bundle) add(w *findings, d *model.Drift, r resolution) {
	a := &accepted{workspace: w, drift: d, edits: r.edits, left: r.left}
	if r.dangling != "" {
		a.drop("it is referred to by what would have to change as well: " + r.dangling)
	}
	b.items = append(b.items, a)
}

func (a *accepted) drop(why string) {
	a.edits = nil
	a.left = append(a.left, why)
}

// dropContradicted leaves out what conflicts with another finding.
func (b *bundle) dropContradicted() {
	var edits []edit
	var of []*accepted
	for _, a := range b.items {
		for _, e := range a.edits {
			edits, of = append(edits, e), append(of, a)
		}
	}
	with := map[*accepted]*accepted{}
	conflicts(edits, func(i, j int) {
		with[of[i]], with[of[j]] = of[j], of[i]
	})
	for _, a := range b.items {
		switch other := with[a]; other {
		case nil:
		case a:
			a.drop("no change could be made that does exactly this")
		default:
			a.drop(fmt.Sprintf("the configuration that it shares with %s in workspace %s would have to say two things at once",
				inCode(other.drift.Address), inCode(other.workspace.Name)))
		}
	}
}

// dropDisagreed leaves out what would change a workspace that runs in the same
// folder and has not drifted in the same way.
func (b *bundle) dropDisagreed() {
	byFolder := map[string][]*findings{}
	for _, w := range b.workspaces {
		if w.Folder != "" {
			byFolder[w.Folder] = append(byFolder[w.Folder], w)
		}
	}
	has := map[*findings]map[edit]bool{}
	for _, a := range b.items {
		if has[a.workspace] == nil {
			has[a.workspace] = map[edit]bool{}
		}
		for _, e := range a.edits {
			has[a.workspace][e] = true
		}
	}
	for _, a := range b.items {
		for _, w := range byFolder[a.workspace.Folder] {
			if slices.ContainsFunc(a.edits, func(e edit) bool { return !has[w][e] }) {
				a.drop(fmt.Sprintf("workspace %s runs the same configuration, and did not drift in the same way", inCode(w.Name)))
				break
			}
		}
	}
}

// isSettled tries all edits out together; what they don't settle is left out,
// and the rest to be tried again.
func (b *bundle) isSettled() bool {
	next, isSound := b.tree.with(b.files())
	settled := true
	for _, a := range b.items {
		if len(a.edits) > 0 && !settles(a.workspace, a.drift, next, isSound) {
			a.drop("no change could be made together with the others")
			settled = false
		}
	}
	return settled
}

// files returns the content of all files that change.
func (b *bundle) files() map[string][]byte {
	var edits []edit
	for _, a := range b.items {
		edits = append(edits, a.edits...)
	}
	files, _ := b.tree.edited(edits) // without conflicts: see dropContradicted
	return files
}

func (b *bundle) result() Accepted {
	out := Accepted{Files: b.files()}
	for _, a := range b.items {
		f := Finding{Workspace: a.workspace.Name, Address: a.drift.Address}
		if len(a.edits) > 0 {
			out.Done = append(out.Done, f)
		}
		if len(a.left) > 0 {
			f.Why = listedLong(a.left)
			out.Left = append(out.Left, f)
		}
	}
	return out
}
