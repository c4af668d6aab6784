package propose

import (
	"fmt"
	"slices"

	"github.com/strandline-tf/strandline/internal/model"
)

// Shared adds to the accept suggestions of ws what their patches would do to
// other workspaces that run in the same folder and have not drifted in the same
// way: one alone can't tell. So ws are all workspaces of the repository, also
// those without any drift; of a check that several jobs share, those of all
// jobs. It comes after Drift, once, and before values are taken out.
func Shared(ws []model.Workspace) {
	byFolder := map[string][]*model.Workspace{}
	for i := range ws {
		if w := &ws[i]; w.Folder != "" {
			byFolder[w.Folder] = append(byFolder[w.Folder], w)
		}
	}
	for _, group := range byFolder {
		if len(group) < 2 {
			continue
		}
		// The same patch is the same change to the same files.
		have := map[string]map[*model.Workspace]bool{}
		each(group, func(w *model.Workspace, _ *model.Drift, s *model.Suggestion) {
			if have[s.Patch] == nil {
				have[s.Patch] = map[*model.Workspace]bool{}
			}
			have[s.Patch][w] = true
		})
		each(group, func(_ *model.Workspace, d *model.Drift, s *model.Suggestion) {
			var others []*model.Workspace
			for _, w := range group {
				if !have[s.Patch][w] {
					others = append(others, w)
				}
			}
			if len(others) > 0 {
				s.Why += "; " + concerned(d, others)
			}
		})
	}
}

// each calls do for the accept suggestions that have a patch.
func each(ws []*model.Workspace, do func(*model.Workspace, *model.Drift, *model.Suggestion)) {
	for _, w := range ws {
		for i := range w.Drift {
			d := &w.Drift[i]
			for j := range d.Suggestions {
				if s := &d.Suggestions[j]; s.Kind == "accept" && s.Patch != "" {
					do(w, d, s)
				}
			}
		}
	}
}

// concerned says what the patch that accepts d would do to other workspaces.
func concerned(d *model.Drift, others []*model.Workspace) string {
	var names []string
	known := ""
	for _, w := range others {
		names = append(names, inCode(w.Name))
		if !w.Checked {
			known = ", as far as is known"
		}
	}
	slices.Sort(names)
	who, their := "workspace "+names[0]+" runs", "its"
	if len(names) > 1 {
		who, their = "workspaces "+listed(names)+" run", "their"
	}
	would := "change it there to what it is here"
	if d.Action == model.ActionDelete {
		would = "destroy it there"
	}
	return fmt.Sprintf("but %s the same configuration and did not drift in the same way%s: with the patch, %s next plan would %s", who, known, their, would)
}
