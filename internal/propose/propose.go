// Package propose turns what a report has found into something to paste: a
// suggestion with its reason and the HCL that carries it out.
//
// Before it come the fetch packages, which fill a model.Workspace from a plan;
// after it come render, which shows suggestions to a person, and whoever tries
// them out. It sees values only, reads no files and runs nothing, so all that
// it suggests is unverified.
//
// Moved is for refactorings: a resource or a module got another address, and
// Terraform, which goes by addresses, plans to destroy one object and to
// create its twin. It works in this order:
//
//   - object.go picks the deletes and creates that may be two sides of a move
//     and takes their known values apart;
//   - likeness.go compares two objects, identity.go says which attributes
//     tell objects apart, match.go finds who belongs to whom;
//   - settle.go drops pairs that stand or fall with another one;
//   - lift.go joins pairs into one block for a resource or a module;
//   - block.go writes the block, and parses what it wrote.
//
// Drift is for what changed outside Terraform: it suggests to accept it, to
// revert it or to ignore it, and Accept joins all accepts for a pull request.
// They need the configuration's text (Tree), and work in this order:
//
//   - tree.go parses the files, having seen in shallow.go that a parser can
//     bear them; site.go finds the block that an address names, through modules;
//   - differs.go puts the leaves that differ together again; reconcile.go walks
//     over them and the block side by side, expression.go goes into what
//     arguments are set to, follow.go to where they come from, encoded.go into
//     JSON and heredocs, and likest.go finds the element of a list that is meant;
//   - each place to change becomes an edit of some bytes (edit.go), where
//     insert.go, items.go and layout.go know about lines and comments, value.go
//     and blocktext.go about writing HCL, forms.go about how others write it;
//   - drift.go tries the edits out and makes patches of them; revert.go and
//     ignore.go do the other two suggestions, accepts.go all findings together.
//
// Imports is for what exists in the cloud and in no state. It works in this order:
//
//   - import_known.go knows all objects by what others call them, and
//     import_means.go which types of resources the name of an argument means;
//     import_workspace.go finds the workspace of each, import_name.go names,
//     import_existing.go sees what stands in the workspace's folder already;
//   - import_parse.go reads configuration that a source wrote, import_plain.go and
//     import_schema.go make it of attributes, import_secret.go keeps secrets out;
//     it is kept as values (import_body.go) until it is written;
//   - import_link.go makes references of ids and ARNs, import_provider.go knows
//     what a version of Terraform takes, import_files.go writes;
//   - import_repair.go and import_edit.go change what a plan says is not right yet.
//
// A wrong suggestion costs more than a missing one: in doubt there is none.
package propose

import "github.com/strandline-tf/strandline/internal/model"

// Moved suggests a moved block for each resource or module that the plan
// destroys and creates again at another address, in the order of w.Changes.
// It expects w as it was read, before values are withheld across workspaces
// and before --show takes any away; w is not changed.
//
// What a pair must have in common is told at evidence.grade. Plans whose
// values were withheld by Terraform Cloud and plans that errored, which may
// lack any part, get no suggestions.
func Moved(w *model.Workspace) []model.Suggestion {
	if w.Redacted || w.Errored {
		return nil
	}
	c := collect(w.Changes)
	pairs := c.supported(match(c))
	var out []model.Suggestion
	for _, b := range c.settle(pairs, w.LiveModules) {
		if s, ok := b.suggestion(); ok {
			out = append(out, s)
		}
	}
	return out
}
