package match

import (
	"encoding/json"
	"slices"
	"strings"

	"github.com/strandline-tf/strandline/internal/model/importid"
)

// decode reads the attributes.
func (f *finding) decode() {
	f.doc, f.told = nil, nil
	if len(f.Attributes) > 0 {
		_ = json.Unmarshal(f.Attributes, &f.doc) // what isn't JSON says nothing
	}
	for i := -1; i < len(f.Aliases) && f.told == nil; i++ {
		id := f.ID
		if i >= 0 {
			id = f.Aliases[i]
		}
		f.told = f.kind.takeApart(id)
	}
	_, where := canonical(f.Identity)
	f.at.join(where)
	f.tags = f.Tags
	for _, path := range []string{"tags_all", "tags"} {
		if len(f.tags) == 0 {
			if members, ok := f.doc.(map[string]any); ok {
				f.tags = tagsOf(members[path])
			}
		}
	}
}

// values are the values at a path, see lookUp: those that the source knows,
// else those that the id tells.
func (f *finding) values(path string) []any {
	if out := lookUp(f.doc, path, nil); len(out) > 0 || f.told == nil {
		return out
	}
	return lookUp(f.told, path, nil)
}

// text is the first value of an attribute or of a property of CloudFormation,
// whose names inside of others are written with slashes.
func (f *finding) text(name string) (string, bool) {
	switch name {
	case "@account":
		return f.at.account, f.at.account != ""
	case "@region":
		return f.at.region, f.at.region != ""
	case "id":
		if v := first(f, "id"); v != "" {
			return v, true
		}
		return f.ID, f.ID != ""
	}
	v := first(f, strings.ReplaceAll(name, "/", "."))
	return v, v != ""
}

// fits keeps from matching an instance whose identity is another one.
func (f *finding) fits(x *Index) func(*record) bool {
	id, _ := canonical(f.Identity)
	if id.text == "" {
		return nil
	}
	value, members := x.key(byIdentity, f.kind.name, id.text), x.key(byIdentity, "", id.names)
	return func(r *record) bool { return r.members != members || r.identity == value }
}

// ids are import ids that f may go by besides its own.
func (f *finding) ids() []string {
	var out []string
	add := func(id string) {
		if id != "" && id != f.ID && !slices.Contains(out, id) {
			out = append(out, id)
		}
	}
	row := f.kind.row
	if row.Type != "" {
		id, _ := row.FromState(f.text)
		add(id)
		add(f.kind.importID(f.text, f.text, f.ID, f.at))
		id, _ = row.ImportID(f.text)
		add(id)
		// Where the source knows an ARN for an id and a name beside it.
		if names := row.State.Names(); f.Name != "" && len(names) == 1 && strings.HasSuffix(names[0], "name") && (f.ID == "" || strings.HasPrefix(f.ID, "arn:")) {
			add(f.Name)
		}
	}
	f.kind.furtherIDs(f.text, func(kind, id string) {
		if kind == f.kind.name {
			add(id)
		}
	})
	for _, arn := range []string{f.ARN, f.ID} {
		types, id, ok := importid.FromARN(arn)
		if ok && slices.ContainsFunc(types, func(typ string) bool { return newKind(typ).name == f.kind.name }) {
			add(id)
		}
	}
	return out
}

// foundPart is a part of something that an object is.
type foundPart struct{ as, container, id string }

// parts are the parts of other things that f is: each must be managed for f to be.
func (f *finding) parts() []foundPart {
	var out []foundPart
	known := false
	for _, p := range knowledge().parts[f.Type] {
		if p.how == own {
			known = true
			p.each(f, func(container, id string) { out = append(out, foundPart{p.as, container, id}) })
		}
	}
	if direction := ruleTypes[f.Type]; direction != "" || f.Type == "aws_security_group_rule" {
		if direction == "" {
			direction = first(f, "type")
		}
		group := first(f, groupNames...)
		container := group + " " + direction
		for _, c := range contents(f, group) {
			out = append(out, foundPart{ruleOf, container, container + " " + c})
		}
		return out
	}
	if len(out) == 0 && f.ID != "" {
		// Nothing is known of it but its id, which is made as those of parts are.
		as := f.kind.name
		if known {
			as = f.Type
		}
		container, _, _ := strings.Cut(f.ID, "/")
		out = append(out, foundPart{as, container, f.ID})
	}
	return out
}
