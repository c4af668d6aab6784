package propose

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/strandline-tf/strandline/internal/model"
)

// driftIn is a workspace that runs in folder, with one finding.
func driftIn(name, folder, address string, attributes ...model.Attribute) *model.Workspace {
	w := driftOf(attributes...)
	w.Name, w.Folder = name, folder
	d := &w.Drift[0]
	d.Address = address
	if at := strings.LastIndex(address, ".x_y."); at > 0 {
		d.Module = address[:at]
	}
	d.Name = address[strings.LastIndexByte(address, '.')+1:]
	return w
}

// TestAccept joins findings of several workspaces.
func TestAccept(t *testing.T) {
	const two = "resource \"x_y\" \"r\" {\n  a = 1\n}\nresource \"x_y\" \"s\" {\n  a = 1\n  b = local.b\n}\nlocals {\n  b = 7\n}\n"
	const caller = "module \"m\" {\n  source = \"../m\"\n}\n"
	a12, a13 := leafAt("a", "1", "2"), leafAt("a", "1", "3")
	clean := driftIn("clean", ".", "x_y.r")
	clean.Drift = nil
	gone := driftIn("w", ".", "x_y.s")
	gone.Drift[0].Action = model.ActionDelete
	both := driftIn("w", ".", "x_y.r", a12)
	both.Drift = append(both.Drift, driftIn("", "", "x_y.s", a13, leafAt("b", "7", "8")).Drift...)
	for _, tc := range []struct {
		name  string
		files map[string]string
		ws    []*model.Workspace
		want  map[string]string // replaced in a file: "old -> new", several with a comma
		left  []string
	}{
		{"two in one file", map[string]string{"main.tf": two}, []*model.Workspace{both}, map[string]string{"main.tf": "a = 1->a = 2,a = 1->a = 3,b = 7->b = 8"}, nil},
		{"two workspaces of one folder agree", map[string]string{"main.tf": two},
			[]*model.Workspace{driftIn("v", ".", "x_y.r", a12), driftIn("w", ".", "x_y.r", a12)}, map[string]string{"main.tf": "a = 1->a = 2"}, nil},
		{"two workspaces of one folder contradict", map[string]string{"main.tf": two},
			[]*model.Workspace{driftIn("v", ".", "x_y.r", a12), driftIn("w", ".", "x_y.r", a13)}, nil,
			[]string{"v x_y.r: the configuration that it shares with `x_y.r` in workspace `w`", "w x_y.r: the configuration that it shares with `x_y.r` in workspace `v`"}},
		{"another workspace of the folder is clean", map[string]string{"main.tf": two}, []*model.Workspace{driftIn("v", ".", "x_y.r", a12), clean}, nil,
			[]string{"v x_y.r: workspace `clean` runs the same configuration"}},
		{"workspaces of two folders", map[string]string{"a/main.tf": two, "b/main.tf": two},
			[]*model.Workspace{driftIn("v", "a", "x_y.r", a12), driftIn("w", "b", "x_y.r", a13)},
			map[string]string{"a/main.tf": "a = 1->a = 2", "b/main.tf": "a = 1->a = 3"}, nil},
		{"one module of two folders", map[string]string{"a/main.tf": caller, "b/main.tf": caller, "m/main.tf": two},
			[]*model.Workspace{driftIn("v", "a", "module.m.x_y.r", a12)}, nil,
			[]string{"v module.m.x_y.r: `a` is at `m/main.tf:2`: `m` is called 2 times (`a/main.tf:1`, `b/main.tf:1`)"}},
		{"one module of one folder and of an example", map[string]string{"a/main.tf": caller, "examples/main.tf": caller, "m/main.tf": two},
			[]*model.Workspace{driftIn("v", "a", "module.m.x_y.r", a12)}, map[string]string{"m/main.tf": "a = 1->a = 2"}, nil},
		{"gone", map[string]string{"main.tf": two}, []*model.Workspace{gone}, map[string]string{"main.tf": "resource \"x_y\" \"s\" {\n  a = 1\n  b = local.b\n}\n->"}, nil},
		{"gone, but referred to", map[string]string{"main.tf": two + "output \"s\" {\n  value = x_y.s.a\n}\n"}, []*model.Workspace{gone}, nil,
			[]string{"w x_y.s: it is referred to by what would have to change as well: `main.tf:12`"}},
		{"no tree", nil, []*model.Workspace{driftIn("v", ".", "x_y.r", a12)}, nil, []string{"v x_y.r: `.` holds no configuration"}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			files, want := map[string][]byte{}, map[string]string{}
			for name, text := range tc.files {
				files[name] = []byte(text)
			}
			for name, changes := range tc.want {
				text := tc.files[name]
				for change := range strings.SplitSeq(changes, ",") {
					from, to, _ := strings.Cut(change, "->")
					text = strings.Replace(text, from, to, 1)
				}
				want[name] = text
			}
			all := Accept(tc.ws, NewTree(files))
			got := map[string]string{}
			for name, text := range all.Files {
				got[name] = string(text)
			}
			if !maps.Equal(got, want) {
				t.Errorf("got %q, want %q", got, want)
			}
			if (len(all.Done) > 0) != (len(want) > 0) {
				t.Errorf("done: %+v", all.Done)
			}
			if !slices.EqualFunc(all.Left, tc.left, func(f Finding, want string) bool {
				return strings.HasPrefix(f.Workspace+" "+f.Address+": "+f.Why, want)
			}) {
				t.Errorf("left: %+v, want %q", all.Left, tc.left)
			}
		})
	}
}
