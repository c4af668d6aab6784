package propose

import (
	"maps"
	"slices"
	"strconv"
	"strings"

	tfjson "github.com/hashicorp/terraform-json"
	"github.com/zclconf/go-cty/cty"

	"github.com/strandline-tf/strandline/internal/model"
	"github.com/strandline-tf/strandline/internal/secret"
)

// Batch is what one workspace adopts. Its methods take an address as Resources
// has it and report whether they could do what they say; where not, nothing
// has changed. It is not safe for concurrent use.
type Batch struct {
	Workspace string

	adoption  *Adoption
	target    Target
	registry  *registry
	folder    *existing
	variables bool
	resources map[string]*adopted // by address
	literal   map[string]bool     // addresses that nothing refers to, by request
	secrets   map[string]Variable // by name
	discarded map[string]bool     // addresses whose blocks of an earlier run go
	schemas   map[string]*tfjson.Schema
	linked    bool   // references are those of the bodies
	region    string // the one that most of its resources are in

	waiting []*adopted // what is left out as long as nobody knows that types can say where they are

	configurations []configuration           // of the folder's providers
	settings       map[*model.Object]setting // what settingOf has found out
}

// Variable stands for a secret argument.
type Variable struct {
	Name, Type string // Type: string, number, bool or any
	Required   bool   // it has no default
	Any        string // HCL of some value that it may have
	About      string // the argument that it is for
}

// adopted is one object on its way into a workspace.
type adopted struct {
	*known
	address  string
	why      string
	provider string            // what import and resource block say of it; "" for nothing
	body     *body             // nil where Terraform is to write it
	kept     string            // the resource block of an earlier run, as long as nothing of it is changed; "" for none
	fresh    bool              // what it wrote in an earlier run is of no use
	ignored  map[string]string // for ignore_changes, and why
	refs     references
	text     *blocks // what write has made of it; nil where anything has changed since
}

// Adopted tells of one object that a batch adopts.
type Adopted struct {
	Object      int // index of the object
	Address     string
	ImportID    string      // what the import block says, "" for an identity
	Identity    model.Value // the same
	Why         string      // why this workspace
	File        string      // base name of the file of its resource block; "" where NeedsConfig
	NeedsConfig bool        // there is only an import block, and Terraform is to generate the rest
	Ignored     []string    // top-level arguments under ignore_changes
}

func newBatch(a *Adoption, t Target, reg *registry, variables bool) *Batch {
	folder := readExisting(t)
	return &Batch{Workspace: t.Name, adoption: a, target: t, registry: reg, folder: folder, variables: variables,
		configurations: folder.configurations(), settings: map[*model.Object]setting{},
		resources: map[string]*adopted{}, literal: map[string]bool{}, secrets: map[string]Variable{}, discarded: map[string]bool{}, schemas: map[string]*tfjson.Schema{}}
}

// adopt takes objects in.
func (b *Batch) adopt(list []*known, chosen map[*known]choice) {
	if b.region = most(b.target.Profile.Regions); b.region == "" {
		counts := map[string]int{}
		for _, k := range list {
			if k.object.Region != "" {
				counts[k.object.Region]++
			}
		}
		b.region = most(counts)
	}
	all := make([]*adopted, len(list))
	for i, k := range list {
		all[i] = &adopted{known: k, why: chosen[k].why}
	}
	for _, r := range b.admit(all) {
		b.configure(r)
		b.keepOwn(r)
	}
}

func byAddress(x, y *adopted) int { return strings.Compare(x.address, y.address) }

func (b *Batch) take(r *adopted) {
	b.resources[r.address] = r
	r.own = r
}

// name gives each of the resources the best name that none of the others has,
// nor any that is in the workspace already.
func (b *Batch) name(open []*adopted) {
	namings := make([]nameChoice, len(open))
	short, full, only := map[string]int{}, map[string]int{}, map[string]int{}
	for i, r := range open {
		n := nameOf(r.named())
		namings[i] = n
		short[r.object.Type+"."+n.short]++
		full[r.object.Type+"."+n.full]++
		only[r.object.Type+"."+n.only]++
	}
	free := func(address string) bool { return b.resources[address] == nil && !b.folder.taken[address] }
	for i, r := range open {
		typ, n := r.object.Type+".", namings[i]
		switch {
		case short[typ+n.short] == 1 && full[typ+n.short] <= 1 && free(typ+n.short):
			r.address = typ + n.short
		case full[typ+n.full] == 1 && short[typ+n.full] <= 1 && free(typ+n.full):
			r.address = typ + n.full
		case only[typ+n.only] == 1 && free(typ+n.only):
			r.address = typ + n.only
		default:
			r.address = typ + n.place
		}
		for k := 2; !free(r.address); k++ { // a digest in vain
			r.address = typ + n.place + "_" + strconv.Itoa(k)
		}
		b.take(r)
	}
}

// schema returns what is known of a type, nil for nothing.
func (b *Batch) schema(typ string) *tfjson.SchemaBlock {
	s, ok := b.schemas[typ]
	if !ok {
		if b.target.Schemas != nil {
			for _, source := range slices.Sorted(maps.Keys(b.target.Schemas.Schemas)) {
				if p := b.target.Schemas.Schemas[source]; p != nil && p.ResourceSchemas[typ] != nil {
					s = p.ResourceSchemas[typ]
					break
				}
			}
		}
		b.schemas[typ] = s
	}
	if s == nil {
		return nil
	}
	return s.Block
}

// configure makes the body of a resource of what the source told.
func (b *Batch) configure(r *adopted) {
	o := r.object
	if w, ok := readResource(o.Type, o.Config); o.Config != "" && ok {
		b.shape(r, w.body, w.body.members(), append(slices.Clone(o.Sensitive), w.sensitive...))
		return
	}
	// What Cloud Control calls a property is often not what Terraform calls it:
	// without a schema to tell, nothing is better than a guess.
	if r.members == nil || b.schema(o.Type) == nil && o.Source == "aws" {
		return
	}
	members := b.withTags(o, r.members)
	b.shape(r, plainBody(o, members), members, o.Sensitive)
}

// shape sets the body of r: what the schema lets through of members, or where
// there is none, plain.
func (b *Batch) shape(r *adopted, plain *body, members map[string]cty.Value, sensitive []string) bool {
	if r.members == nil {
		r.members = members
		b.registry.note(r.known)
	}
	for name, v := range members {
		eachString(name, v, false, func(_, s string, _ bool) {
			if strings.Contains(s, secret.Withheld) {
				sensitive = append(slices.Clip(sensitive), name)
			}
		})
	}
	block := b.schema(r.object.Type)
	if block == nil {
		b.shapePlain(r, plain, sensitive)
		return true
	}
	s := &shaper{block: block, sensitive: sensitive, region: b.settingOf(r.object).region}
	if b.isAway(r.object) {
		members = maps.Clone(members)
		members["region"] = cty.StringVal(r.object.Region)
	}
	if b.variables {
		s.variable = func(argument string, a *tfjson.SchemaAttribute) string { return b.variableFor(r, argument, a) }
	}
	made := s.shape(members)
	if len(s.missing) > 0 {
		return false
	}
	r.body, r.ignored = made, s.ignored
	return true
}

// needsConfig reports whether r has no configuration: neither here nor in one
// of our files, from an earlier run.
func (b *Batch) needsConfig(r *adopted) bool {
	return r.body == nil && (r.fresh || b.folder.declared[r.address] != ours)
}

// most returns what is counted most often, "" for nothing.
func most(counts map[string]int) string {
	best := ""
	for _, name := range slices.Sorted(maps.Keys(counts)) {
		if counts[name] > counts[best] {
			best = name
		}
	}
	return best
}

// variableFor returns the name of the variable for a secret argument.
func (b *Batch) variableFor(r *adopted, argument string, a *tfjson.SchemaAttribute) string {
	_, name, _ := strings.Cut(r.address, ".")
	last := r.object.Type[strings.LastIndexByte(r.object.Type, '_')+1:]
	about := r.address + "." + argument
	free := func(name string) bool {
		return !b.folder.variables[name] && (b.secrets[name].Name == "" || b.secrets[name].About == about)
	}
	short := name + "_" + argument
	name = short
	if !free(name) {
		name = last + "_" + short
	}
	for k := 2; !free(name); k++ {
		name = r.object.Type + "_" + short + "_" + strconv.Itoa(k)
	}
	example, _ := write(placeholderFor(a))
	b.secrets[name] = Variable{Name: name, Type: typeWord(a), Required: a.Required, Any: example, About: about}
	return name
}
