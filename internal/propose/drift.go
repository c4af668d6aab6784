package propose

import (
	"fmt"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"

	"github.com/strandline-tf/strandline/internal/model"
)

// Drift fills the suggestions of each finding of drift in w, in this order:
//
//   - accept: change the configuration so that it agrees with reality. Where
//     the tree holds what decides the value, Patch does it, as a unified diff
//     with paths from the repository's root; Why names the place to look for
//     everything that has no patch.
//   - revert: what an apply would do about it.
//   - ignore: a patch that adds to the resource's ignore_changes; none where
//     the object is gone.
//
// It comes after model.Workspace.QuietComputed and Ignore, for what they take
// out. w.Folder is the folder of the tree that Terraform runs in; where it is "", or
// tree is nil, nothing has a patch. A value that is sensitive or holds a
// withheld secret is never written. A patch may show neighbouring lines of the
// file, so that secrets are to be withheld from w again (model.Report.Withhold).
// What a patch does to other workspaces, Shared tells once all are known.
func Drift(w *model.Workspace, tree *Tree) {
	f := findingsOf(w)
	for i := range w.Drift {
		d := &w.Drift[i]
		d.Suggestions = []model.Suggestion{accept(f, d, tree), revert(f, d)}
		if s, ok := ignore(f, d, tree); ok {
			d.Suggestions = append(d.Suggestions, s)
		}
	}
}

// unverified is what is said of suggestions that nobody has tried.
const unverified = "unverified"

// resolution is how one finding is accepted.
type resolution struct {
	edits   []edit
	changes []rewrite // what the edits come to, once they have been tried out
	left    []string  // what remains, and where to look
	// dangling are references that a removed block leaves behind.
	dangling string
}

// accept suggests how the configuration can be made to agree with a finding.
func accept(w *findings, d *model.Drift, tree *Tree) model.Suggestion {
	s := model.Suggestion{Kind: "accept", To: d.Address, Workspace: w.Name, Files: []model.File{}, Verified: unverified}
	r := resolve(w, d, tree)
	var why []string
	if len(r.edits) > 0 {
		if s.Patch = tree.patch(r.changes); s.Patch == "" {
			why = append(why, "the name of a file to change can't be written in a patch")
		} else if d.Action == model.ActionDelete {
			why = append(why, "the patch takes it out of the configuration")
		} else {
			why = append(why, "the patch makes the configuration agree with what exists")
		}
	}
	if r.dangling != "" {
		why = append(why, "it is referred to by what would have to change as well: "+r.dangling)
	}
	if len(r.left) > 0 {
		if s.Patch != "" {
			why = append(why, "what it doesn't change: "+listedLong(r.left))
		} else {
			why = append(why, listedLong(r.left))
		}
	}
	if len(why) == 0 {
		why = append(why, "the configuration agrees with it already")
	}
	s.Why = strings.Join(why, "; ")
	return s
}

// resolve finds the edits by which one finding is accepted, and tries them out
// as far as that can be done without running Terraform: with them made, the
// files can be parsed and nothing is left to be edited.
func resolve(w *findings, d *model.Drift, tree *Tree) resolution {
	r := attempt(w, d, tree)
	if len(r.edits) == 0 {
		return r
	}
	next, changes, isSound := tree.try(r.edits)
	if !settles(w, d, next, isSound) {
		return resolution{left: append(r.left, "no patch could be made for the rest that does exactly this")}
	}
	r.changes = changes
	return r
}

// settles reports whether tree, the files of which can be parsed if it is sound,
// needs no edits for the finding any more.
func settles(w *findings, d *model.Drift, tree *Tree, isSound bool) bool {
	if !isSound {
		return false
	}
	if d.Action == model.ActionDelete {
		_, why := tree.find(w.Folder, &d.Change)
		return why != "" || len(attempt(w, d, tree).edits) == 0
	}
	return len(attempt(w, d, tree).edits) == 0
}

// attempt is resolve without trying the result out.
func attempt(w *findings, d *model.Drift, tree *Tree) resolution {
	switch {
	case w.Redacted:
		return resolution{left: []string{"Terraform Cloud withheld the values from a token that may only read"}}
	case d.Deposed != "":
		return resolution{left: []string{"it is a deposed object, which no configuration describes"}}
	case d.Mode != "managed":
		return resolution{left: []string{"it is data, which Terraform only reads"}}
	}
	site, why := tree.find(w.Folder, &d.Change)
	if why != "" {
		return resolution{left: []string{why}}
	}
	if d.Action == model.ActionDelete {
		return site.remove()
	}
	rec := reconciler{site: site, drift: d, undone: w.undone(d)}
	rec.run()
	return resolution{edits: rec.edits, left: rec.left}
}

// remove takes the block of an object that is gone out of the configuration,
// or, where the block stands for several, the one element it was made from.
func (s *site) remove() resolution {
	last := len(s.calls)
	f := s.tree.folder(s.dirs[last])
	each := s.block.Body.Attributes["for_each"]
	if each != nil && s.shared(last, levels(0).with(last)) == "" {
		return s.removeElement(each)
	}
	if count := s.block.Body.Attributes["count"]; count != nil {
		return resolution{left: []string{fmt.Sprintf("it is an instance of the block at %s: its count at %s decides how many there are",
			s.place(), place(s.src, count.SrcRange.Start.Line))}}
	}
	if why := s.shared(last, 0); why != "" {
		return resolution{left: []string{fmt.Sprintf("its block is at %s: %s", s.place(), why)}}
	}
	return resolution{
		edits:    []edit{s.src.cut(s.block.Range())},
		dangling: strings.TrimPrefix(f.otherUses(s.name(), hcl.Traversal{}, s.block.Range()), usedElsewhere),
	}
}

// removeElement takes the key of one instance out of for_each.
func (s *site) removeElement(each *hclsyntax.Attribute) resolution {
	key, ok := valueOf(model.Value(s.addr.key))
	if !ok {
		return resolution{left: []string{fmt.Sprintf("it is an instance of the block at %s", s.place())}}
	}
	t := target{src: s.src, expr: argument(each.Expr, "toset"), depth: len(s.calls), own: levels(0).with(len(s.calls))}
	leaf := &model.Attribute{Path: "for_each", Before: jsonOf(key)}
	// for_each is an object, with the key as a member's name, or a set.
	for _, k := range []difference{{name: textOf(key, ok)}, {isItem: true, phase: goes}} {
		k.path, k.leaf = leaf.Path, leaf
		r := reconciler{site: s, drift: &model.Drift{}}
		if r.expression(t, &difference{path: leaf.Path, kids: []*difference{&k}}); len(r.edits) > 0 {
			return resolution{edits: r.edits}
		}
	}
	return resolution{left: []string{fmt.Sprintf("it is the instance %s of the block at %s: its for_each at %s decides that there is one",
		inCode(textOf(key, ok)), s.place(), place(s.src, each.SrcRange.Start.Line))}}
}

// listedLong joins reasons, and counts those that are too many to read.
func listedLong(reasons []string) string {
	const shown = 10
	reasons = slices.Compact(reasons)
	out := strings.Join(reasons[:min(len(reasons), shown)], "; ")
	if more := len(reasons) - shown; more > 0 {
		out += fmt.Sprintf("; and %d more", more)
	}
	return out
}
