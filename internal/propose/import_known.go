package propose

import (
	"cmp"
	"slices"
	"strings"

	"github.com/zclconf/go-cty/cty"

	"github.com/strandline-tf/strandline/internal/model"
	"github.com/strandline-tf/strandline/internal/model/importid"
)

// Query asks which managed resource an id or an ARN belongs to. Account and
// Region are "" where not known; Type is "" for any type, then ID is an ARN.
type Query struct{ Type, ID, Account, Region string }

// Place is where a resource instance is managed.
type Place struct{ Workspace, Address, Type string }

// known is one object that may be adopted.
type known struct {
	index   int // of Unmanaged
	object  *model.Object
	members map[string]cty.Value // its attributes
	arn     string
	ids     []string // what other resources may call it
	own     *adopted // nil as long as it isn't adopted
}

// registry finds objects by what others call them.
type registry struct {
	byText map[string][]*known
	find   func(Query) (Place, bool)
	types  map[string][]string // of managed resources: by last word, sorted
}

func newRegistry(find func(Query) (Place, bool), targets []Target) *registry {
	r := &registry{byText: map[string][]*known{}, find: find, types: map[string][]string{}}
	seen := map[string]bool{}
	for i := range targets {
		for typ := range targets[i].Profile.Types {
			if !seen[typ] {
				seen[typ] = true
				last := typ[strings.LastIndexByte(typ, '_')+1:]
				r.types[last] = append(r.types[last], typ)
			}
		}
	}
	for _, list := range r.types {
		slices.Sort(list)
	}
	return r
}

// add makes an object known.
func (r *registry) add(index int, o *model.Object) *known {
	k := &known{index: index, object: o, arn: o.ARN}
	k.readMembers()
	r.note(k)
	return k
}

// readMembers takes in the attributes that the object has now.
func (k *known) readMembers() {
	k.members = nil
	if k.object.Attributes == nil {
		return
	}
	if v, ok := valueOf(k.object.Attributes); ok && !v.IsNull() && v.Type().IsObjectType() && !isDeep(v, 0) {
		k.members = v.AsValueMap()
	}
}

// note lets an object be found by what is known of it.
func (r *registry) note(k *known) {
	if k.arn == "" {
		k.arn = textOf(memberOf(k.members, "arn"), true)
	}
	if isArgument(k.object.Type, "arn") {
		k.arn = "" // it is that of something else
	}
	for _, text := range append([]string{k.object.ID, textOf(memberOf(k.members, "id"), true), textOf(memberOf(k.members, "name"), true), k.arn}, k.object.Aliases...) {
		if text != "" && !slices.Contains(k.ids, text) {
			k.ids = append(k.ids, text)
			r.byText[text] = append(r.byText[text], k)
		}
	}
}

// named is the object with a name, which its attributes may have where the
// inventory itself tells none.
func (k *known) named() *model.Object {
	name := memberOf(k.members, "name")
	if k.object.Name != "" || name.IsNull() || name.Type() != cty.String {
		return k.object
	}
	o := *k.object
	o.Name = name.AsString()
	return &o
}

// stateID is the attribute id as a state would have it, "" where not known.
func (k *known) stateID() string {
	if id := textOf(memberOf(k.members, "id"), true); id != "" {
		return id
	}
	if len(k.object.Aliases) > 0 {
		return k.object.Aliases[0]
	}
	return k.object.ID
}

// crowd is how many objects may be called the same before none of them is
// taken for what is meant.
const crowd = 100

// called returns the object, and its attribute, that a string in an argument
// of from means; only objects count that may says yes to. Where several may be
// meant, none is.
func (r *registry) called(from *known, argument, s string, document bool, may func(*known) bool) (*known, string) {
	var found *known
	var attribute string
	if len(r.byText[s]) > crowd {
		return nil, ""
	}
	for _, k := range r.byText[s] {
		if k == from || !may(k) || !isNear(from.object, k.object, s) {
			continue
		}
		name := k.attributeFor(argument, s, document, from.object.Type)
		if name == "" {
			continue
		}
		if found != nil {
			return nil, ""
		}
		found, attribute = k, name
	}
	return found, attribute
}

// attributeFor returns the attribute of k that an argument of another resource
// is set to with s, "" where the argument means something else.
func (k *known) attributeFor(argument, s string, document bool, from string) string {
	if isARN(s) {
		byARN := arnAttribute(k.object.Type)
		switch {
		case k.arn == s:
			return cmp.Or(byARN, "arn")
		case k.stateID() != s, isArgument(k.object.Type, "arn"):
			return ""
		case byARN != "":
			return byARN
		case !document:
			return "id"
		}
		return ""
	}
	if document {
		return ""
	}
	has := func(name string) bool { return textOf(memberOf(k.members, name), true) == s }
	if fits := meansType(argument, k.object.Type, from); fits == no || fits == perhaps && (!saysItself(s) || has("name")) {
		return ""
	}
	for _, name := range []string{meant(argument), "name", "id"} {
		if strings.HasSuffix(argument, "_id") || strings.HasSuffix(argument, "_ids") {
			break
		}
		if name != "id" && has(name) {
			return name
		}
	}
	switch {
	case k.stateID() == s:
		return "id"
	case has(argument):
		return argument
	}
	return ""
}

// isARN reports whether a string is an ARN or like one.
func isARN(s string) bool {
	return strings.HasPrefix(s, "arn:") && strings.Count(s, ":") >= 4
}

// managed returns the resource instance of a workspace, or with "" of any,
// that a string in an argument means, and its attribute.
func (r *registry) managed(from *known, argument, s string, document bool, workspace string) (Place, string) {
	if r.find == nil {
		return Place{}, ""
	}
	q := Query{ID: s, Account: from.object.Account, Region: from.object.Region}
	if isARN(s) { // which says itself where it is
		if p, ok := r.find(Query{ID: s}); ok && (workspace == "" || p.Workspace == workspace) {
			return p, cmp.Or(arnAttribute(p.Type), "arn")
		}
		return Place{}, ""
	}
	if document {
		return Place{}, ""
	}
	stem := meant(argument)
	var found Place
	var attribute string
	for _, typ := range r.types[stem[strings.LastIndexByte(stem, '_')+1:]] {
		fits := meansType(argument, typ, from.object.Type)
		if fits == no || fits == perhaps && !saysItself(s) {
			continue
		}
		q.Type = typ
		p, ok := r.find(q)
		if !ok || workspace != "" && p.Workspace != workspace {
			continue
		}
		if found.Address != "" && found != p {
			return Place{}, ""
		}
		found, attribute = p, idAttribute(typ)
	}
	return found, attribute
}

// idAttribute returns the attribute that holds what others call a resource of
// a type by.
func idAttribute(typ string) string {
	if row, ok := importid.Lookup(typ); ok {
		if names := row.State.Names(); len(names) == 1 && row.State.String() == "{"+names[0]+"}" {
			return names[0]
		}
	}
	return "id"
}

// arnAttribute returns the attribute of a type that is known to hold its ARN,
// "" where none is.
func arnAttribute(typ string) string {
	if name := idAttribute(typ); strings.HasSuffix(name, "arn") {
		return name
	}
	return ""
}
