package render

import "github.com/strandline-tf/strandline/internal/model"

// objectTable has a row for each workspace that something should be imported
// into, with how much of what is there it manages now.
func objectTable(r *model.Report, groups []*objectGroup, limits Limits) Table {
	if len(groups) < 2 {
		return Table{}
	}
	covered := map[string]*model.CoveredBy{}
	if r.Coverage != nil {
		for i := range r.Coverage.ByWorkspace {
			covered[r.Coverage.ByWorkspace[i].Name] = &r.Coverage.ByWorkspace[i]
		}
	}
	over := max(0, len(groups)-limits.Rows)
	groups = groups[:len(groups)-over]
	t := Table{Columns: []Column{{Title: "Import into"}, {Title: "In no state"}}}
	for _, g := range groups {
		t.Rows = append(t.Rows, Row{Careful, []Text{{g.name()}, {plain(Number(len(g.objects)))}}})
	}
	t.add(Column{"Managed", true}, func(i int) Text {
		if c := covered[groups[i].workspace]; c != nil {
			return Text{plain(Number(c.Managed))}
		}
		return nil
	})
	t.add(Column{"Types", true}, func(i int) Text { return Text{plain(Number(groups[i].types()))} })
	t.add(Column{"Newest", false}, func(i int) Text {
		if groups[i].newest == "" {
			return nil
		}
		return Text{plain(groups[i].newest)}
	})
	if over > 0 {
		t.More = "and " + Count(over, "more workspace", "more workspaces")
	}
	return t
}

func (g *objectGroup) types() int {
	seen := map[string]bool{}
	for _, u := range g.objects {
		seen[u.Type] = true
	}
	return len(seen)
}
