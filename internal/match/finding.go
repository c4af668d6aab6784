package match

import (
	"encoding/json"
	"slices"
	"strings"

	"github.com/strandline-tf/strandline/internal/model/importid"
)

// decode reads the attributes.
func (f *finding) decode() {
	f.doc = nil
	if len(f.Attributes) > 0 {
		_ = json.Unmarshal(f.Attributes, &f.doc) // what isn't JSON says nothing
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

// values are the values at a path, see lookUp.
func (f *finding) values(path string) []any { return lookUp(f.doc, path, nil) }

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

// keys are under what f is found again.
func (j *Judge) keys(f *finding) []uint64 {
	var out []uint64
	for _, id := range append(append(f.ids(), f.ID), f.Aliases...) {
		if id != "" {
			out = append(out, j.x.key(byID, f.kind.name, trimID(id)))
		}
	}
	if f.ARN != "" {
		out = append(out, j.x.key(byARN, f.kind.name, trimARN(f.ARN)), j.x.key(byID, f.kind.name, f.ARN))
	}
	if id, _ := canonical(f.Identity); id.text != "" {
		out = append(out, j.x.key(byIdentity, f.kind.name, id.text))
	}
	return out
}

func (j *Judge) file(f *finding, keys []uint64) {
	for _, key := range keys {
		if !slices.Contains(j.byKey[key], f) {
			j.byKey[key] = append(j.byKey[key], f)
		}
	}
}

// near reports whether objects with the same name are in the same place, as
// far as that is known.
func (f *finding) near(o *finding) bool {
	agree := func(a, b string) bool { return a == "" || b == "" || a == b }
	sameAccount := f.kind.anyAccount || agree(f.at.account, o.at.account)
	sameRegion := f.kind.anyRegion || agree(f.at.region, o.at.region)
	if sameAccount && sameRegion || f.ID != o.ID {
		return sameAccount && sameRegion
	}
	tells, everything := unique(f.ID)
	return everything || tells && sameRegion
}

// merge adds what o knows of the same object. What both know is told by the
// one whose source, then region, comes first, in whatever order they came.
func (f *finding) merge(o *finding) {
	a, b := f, o
	if slices.Compare([]string{o.Source, o.Region}, []string{f.Source, f.Region}) < 0 {
		a, b = o, f
	}
	m := a.Object
	fill := func(to *string, from string) {
		if *to == "" {
			*to = from
		}
	}
	if b.ID != "" && b.ID != m.ID {
		if m.ID == "" {
			m.ID = b.ID
		} else {
			m.Aliases = append(slices.Clone(m.Aliases), b.ID)
		}
	}
	m.Aliases = append(slices.Clone(m.Aliases), b.Aliases...)
	slices.Sort(m.Aliases)
	m.Aliases = slices.Compact(m.Aliases)
	fill(&m.Provider, b.Provider)
	fill(&m.ARN, b.ARN)
	fill(&m.Name, b.Name)
	fill(&m.Account, b.Account)
	fill(&m.Region, b.Region)
	fill(&m.Config, b.Config)
	if len(m.Identity) == 0 {
		m.Identity = b.Identity
	}
	if len(m.Tags) == 0 {
		m.Tags = b.Tags
	}
	if len(m.Attributes) == 0 {
		m.Attributes, m.Sensitive = b.Attributes, b.Sensitive
	}
	f.Object = m
	at := a.at
	at.join(b.at)
	f.at = at
	f.decode()
}
