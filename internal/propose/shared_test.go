package propose

import (
	"testing"

	"github.com/strandline-tf/strandline/internal/model"
)

// TestShared: a suggestion tells which workspaces of the same folder its patch
// would change, and what of.
func TestShared(t *testing.T) {
	const main = "resource \"x_y\" \"r\" {\n  a = 1\n}\n"
	const agrees, differs = "the patch makes the configuration agree with what exists", "same configuration and did not drift in the same way: with the patch, "
	a12, a13 := leafAt("a", "1", "2"), leafAt("a", "1", "3")
	clean := func(name string) *model.Workspace {
		w := driftIn(name, ".", "x_y.r")
		w.Drift = nil
		return w
	}
	unread := clean("w")
	unread.Checked = false
	gone := driftIn("v", ".", "x_y.r")
	gone.Drift[0].Action = model.ActionDelete
	for _, tc := range []struct {
		name string
		ws   []*model.Workspace
		want string // Why of the first finding of the first workspace
	}{
		{"alone", []*model.Workspace{driftIn("v", ".", "x_y.r", a12)}, agrees},
		{"the other is clean", []*model.Workspace{driftIn("v", ".", "x_y.r", a12), clean("w")},
			agrees + "; but workspace `w` runs the " + differs + "its next plan would change it there to what it is here"},
		{"several are", []*model.Workspace{driftIn("v", ".", "x_y.r", a12), clean("x"), driftIn("u", ".", "x_y.r", a12), clean("w")},
			agrees + "; but workspaces `w`, `x` run the " + differs + "their next plan would change it there to what it is here"},
		{"the other was not checked", []*model.Workspace{driftIn("v", ".", "x_y.r", a12), unread},
			agrees + "; but workspace `w` runs the same configuration and did not drift in the same way, as far as is known: with the patch, its next plan would change it there to what it is here"},
		{"the other drifted alike", []*model.Workspace{driftIn("v", ".", "x_y.r", a12), driftIn("w", ".", "x_y.r", a12)}, agrees},
		{"the other drifted otherwise", []*model.Workspace{driftIn("v", ".", "x_y.r", a12), driftIn("w", ".", "x_y.r", a13)},
			agrees + "; but workspace `w` runs the " + differs + "its next plan would change it there to what it is here"},
		{"another folder", []*model.Workspace{driftIn("v", ".", "x_y.r", a12), driftIn("w", "b", "x_y.r", a13)}, agrees},
		{"gone here only", []*model.Workspace{gone, clean("w")},
			"the patch takes it out of the configuration; but workspace `w` runs the " + differs + "its next plan would destroy it there"},
		{"without a patch", []*model.Workspace{driftIn("v", ".", "x_y.s", a12), clean("w")}, "its block isn't in `.`"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			var ws []model.Workspace
			x := tree(main)
			for _, w := range tc.ws {
				Drift(w, x)
				ws = append(ws, *w)
			}
			Shared(ws)
			if got := ws[0].Drift[0].Suggestions[0].Why; got != tc.want {
				t.Errorf("got %q\nwant %q", got, tc.want)
			}
		})
	}
}
