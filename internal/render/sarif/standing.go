package sarif

import (
	"strings"

	"github.com/strandline-tf/strandline/internal/model"
	"github.com/strandline-tf/strandline/internal/render"
)

// drift tells of what changed outside Terraform. What is gone is an error: it
// is missed already.
func (c *collector) drift(w *model.Workspace) {
	for i := range w.Drift {
		d := &w.Drift[i]
		f := finding{rule: ruleDrift, address: d.Address, also: []string{d.Deposed}}
		did := " was changed outside Terraform"
		if d.Action == model.ActionDelete {
			did = " was deleted outside Terraform"
			f.level = levelError
		}
		f.text = append(render.Text{code(d.Address), plain(did)}, c.in(w, " in workspace ")...)
		if d.FirstSeen != "" {
			f.text = append(f.text, plain(", first seen "), code(d.FirstSeen))
		}
		if paths := paths(d.Attributes); paths != "" && d.Action != model.ActionDelete {
			f.text = append(f.text, plain(": "), code(paths))
		}
		c.add(w, f)
	}
	for i := range w.Outputs {
		o := &w.Outputs[i]
		f := finding{rule: ruleDrift, address: "output." + o.Name}
		f.text = append(render.Text{plain("Output "), code(o.Name), plain(" drifted")}, c.in(w, " in workspace ")...)
		c.add(w, f)
	}
}

// paths names what changed of a resource.
func paths(attributes []model.Attribute) string {
	names := make([]string, len(attributes))
	for i := range attributes {
		names[i] = attributes[i].Path
	}
	return render.Short(strings.Join(names, ", "), maxSaid)
}

// unmanaged tells of the objects that are in no state. They stand in no file,
// so they are placed by name only.
func (c *collector) unmanaged() {
	for i := range c.report.Unmanaged {
		u := &c.report.Unmanaged[i]
		id := u.ID
		if id == "" {
			id = string(u.Identity)
		}
		f := finding{rule: ruleUnmanaged, object: true, address: u.Type + "." + id, also: []string{u.Account, u.Region}}
		f.text = render.Text{code(f.address), plain(" exists, but in no state")}
		if g := u.Suggestion; g != nil && g.To != "" {
			f.text = append(f.text, plain("; import it as "), code(g.To))
			if g.Workspace != "" {
				f.text = append(f.text, plain(" in workspace "), code(g.Workspace))
			}
		}
		c.add(&model.Workspace{}, f)
	}
}

// conflicts tells of the objects that several states manage.
func (c *collector) conflicts() {
	for i := range c.report.Conflicts {
		k := &c.report.Conflicts[i]
		f := finding{rule: ruleConflict, object: true, address: k.Type + "." + k.ID}
		f.text = render.Text{code(f.address), plain(" is managed by several workspaces: "), code(render.Short(strings.Join(k.Workspaces, ", "), maxSaid))}
		c.add(&model.Workspace{}, f)
	}
}
