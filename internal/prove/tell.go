package prove

import (
	"fmt"
	"slices"
	"strings"

	"github.com/strandline-tf/strandline/internal/model"
)

// giveUp says what stands in the way.
func (v *verifier) giveUp(f *findings) {
	switch {
	case len(f.foreign) > 0:
		v.end(Failed, "the workspace's own configuration can't be planned: "+words(f.foreign[0]))
	case len(f.faults) > 0:
		v.end(Failed, f.faults[0].address+": "+words(f.faults[0].said))
	case len(f.lost) > 0:
		v.end(Failed, words(f.lost[0]))
	case f.broken:
		v.end(Failed, "Terraform made no plan and didn't say why")
	default:
		v.end(Changes, "")
	}
}

// tell finishes the result and writes it into the suggestions.
func (v *verifier) tell(objects []model.Unmanaged) {
	r := &v.result
	slices.SortFunc(r.Differs, func(x, y Difference) int { return strings.Compare(x.Address, y.Address) })
	slices.SortFunc(r.Left, func(x, y Left) int { return strings.Compare(x.Address, y.Address) })
	differs := map[string]bool{}
	for _, d := range r.Differs {
		differs[d.Address] = true
	}
	switch {
	case r.Status == NoChanges || r.Status == Changes:
		r.Why = r.summary() + v.valuesGiven()
	case r.Status == Unverified && r.Why == "":
		r.Why = NothingLeft(r.Left)
	}
	v.batch.Verified(r.Status, "")
	if r.Status != Changes {
		return
	}
	for _, a := range v.batch.Resources() {
		if a.Object < len(objects) && objects[a.Object].Suggestion != nil && !differs[a.Address] && !a.NeedsConfig {
			objects[a.Object].Suggestion.Verified = NoChanges
		}
	}
}

// valuesGiven says which variables a plan needs a value for, as it was given
// one here.
func (v *verifier) valuesGiven() string {
	var names []string
	for _, variable := range v.batch.Variables() {
		if variable.Required {
			names = append(names, "`"+variable.Name+"`")
		}
	}
	switch len(names) {
	case 0:
		return ""
	case 1:
		return "; given a value for the variable " + names[0]
	}
	return "; given values for the variables " + strings.Join(names, ", ")
}

// NothingLeft says that all has been left out of a proposal, and why.
func NothingLeft(left []Left) string {
	if len(left) == 0 {
		return "nothing is left to import"
	}
	return "nothing is left to import: " + Listed(left)
}

// Listed says what has been left out, and why, of the first few.
func Listed(left []Left) string {
	var said []string
	for i, l := range left {
		if i == 5 {
			said = append(said, fmt.Sprintf("and %d more", len(left)-i))
			break
		}
		said = append(said, "`"+l.Address+"` "+l.Why)
	}
	return strings.Join(said, "; ")
}

// summary is what the last plan does, in Terraform's order.
func (r *Result) summary() string {
	text := fmt.Sprintf("%d to import, %d to add, %d to change, %d to destroy", r.Import, r.Add+r.Replace, r.Change, r.Destroy+r.Replace)
	for i, d := range r.Differs {
		if i == 5 {
			text += fmt.Sprintf("; and %d more", len(r.Differs)-i)
			break
		}
		text += "; " + d.String()
	}
	switch {
	case r.Pending == 1:
		text += "; the workspace has another pending change"
	case r.Pending > 1:
		text += fmt.Sprintf("; the workspace has %d other pending changes", r.Pending)
	}
	return text
}

// String names what would change, without values.
func (d Difference) String() string {
	var paths []string
	for _, a := range d.Attributes {
		paths = append(paths, a.Path)
	}
	if len(paths) == 0 {
		return d.Address + " would not only be imported (" + strings.ReplaceAll(d.Action, "_", " ") + ")"
	}
	return d.Address + " would change in " + strings.Join(paths, ", ")
}
