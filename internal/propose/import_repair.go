package propose

import (
	"maps"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	tfjson "github.com/hashicorp/terraform-json"
	"github.com/zclconf/go-cty/cty"

	"github.com/strandline-tf/strandline/internal/model"
)

// Resources tells of all that the batch adopts, by address.
func (b *Batch) Resources() []Adopted {
	var out []Adopted
	for _, r := range slices.SortedFunc(maps.Values(b.resources), byAddress) {
		a := Adopted{Object: r.index, Address: r.address, Why: r.why, NeedsConfig: b.needsConfig(r), Ignored: slices.Sorted(maps.Keys(r.ignored))}
		if b.byIdentity(r.object) {
			a.Identity = jsonOf(cty.ObjectVal(identityOf(r.object)))
		} else {
			a.ImportID = b.importID(r.object)
		}
		if !a.NeedsConfig {
			a.File = b.folder.fileFor(serviceOf(r.object.Type))
		}
		out = append(out, a)
	}
	return out
}

// edit changes the body of a resource, or not at all.
func (b *Batch) edit(address, path string, do func(r *adopted, at *body, steps []step) bool) bool {
	r := b.resources[address]
	steps, ok := stepsOf(path)
	if r == nil || r.body == nil || !ok {
		return false
	}
	changed := r.body.clone()
	if !do(r, changed, steps) {
		return false
	}
	changed.sort()
	r.body, r.kept = changed, ""
	b.linked = false
	return true
}

// Value returns what a resource says of a top-level argument, and of blocks of
// one name a list; nil where it says nothing. False: something of it is no plain
// value, but stands for one.
func (b *Batch) Value(address, name string) (model.Value, bool) {
	r := b.resources[address]
	if r == nil || r.body == nil {
		return nil, false
	}
	at := &body{items: r.body.named(name)}
	if !at.isPlain() {
		return nil, false
	}
	return jsonOf(memberOf(at.members(), name)), true
}

// HasBlocks reports whether a resource has blocks of a name.
func (b *Batch) HasBlocks(address, name string) bool {
	r := b.resources[address]
	return r != nil && r.body != nil && slices.ContainsFunc(r.body.named(name), func(it *item) bool { return it.block != nil })
}

// isPlain reports whether all arguments of a body are plain values.
func (b *body) isPlain() bool {
	return !slices.ContainsFunc(b.items, func(it *item) bool { return it.block != nil && !it.block.isPlain() || it.block == nil && !it.isValue() })
}

// Drop takes out what stands at a path, spelled as in model.Attribute: an
// argument, a member, an element or a block.
func (b *Batch) Drop(address, path string) bool {
	return b.edit(address, path, func(_ *adopted, at *body, steps []step) bool { return at.drop(steps) })
}

// Set sets what stands at a path to a JSON value; what isn't there is added.
func (b *Batch) Set(address, path string, v model.Value) bool {
	value, ok := valueOf(v)
	if !ok || isDeep(value, 0) {
		return false
	}
	if value.IsNull() {
		return b.Drop(address, path)
	}
	return b.edit(address, path, func(r *adopted, at *body, steps []step) bool {
		return at.set(steps, value, b.schema(r.object.Type))
	})
}

// IgnoreChanges puts a top-level argument under ignore_changes; of a path only
// the first step counts. why ends the sentence that the argument's name begins.
func (b *Batch) IgnoreChanges(address, attribute, why string) bool {
	r := b.resources[address]
	steps, ok := stepsOf(attribute)
	if r == nil || r.body == nil || !ok || !hclsyntax.ValidIdentifier(steps[0].name) {
		return false
	}
	if block := b.schema(r.object.Type); block != nil && block.Attributes[steps[0].name] == nil && block.NestedBlocks[steps[0].name] == nil {
		return false
	}
	if r.ignored == nil {
		r.ignored = map[string]string{}
	}
	r.ignored[steps[0].name], r.kept, r.text = why, "", nil
	return true
}

// Replace takes the configuration of a resource from a resource block that
// Terraform has generated.
func (b *Batch) Replace(address, config string) bool {
	r := b.resources[address]
	if r == nil {
		return false
	}
	w, ok := readResource(r.object.Type, config)
	if !ok || !b.shape(r, w.body, w.body.members(), append(slices.Clone(r.object.Sensitive), w.sensitive...)) {
		return false
	}
	r.kept = ""
	b.linked = false
	return true
}

// Regenerate leaves a resource's configuration to Terraform to write.
func (b *Batch) Regenerate(address string) bool {
	r := b.resources[address]
	if r == nil {
		return false
	}
	r.body, r.ignored, r.kept, r.fresh = nil, nil, "", true
	b.linked = false
	return true
}

// Literal writes out what refers to a resource, adopted or managed, and
// returns how many references that were.
func (b *Batch) Literal(address string) int {
	b.link()
	n := 0
	for _, r := range b.resources {
		for _, ref := range r.refs {
			if ref.to == address {
				n++
			}
		}
	}
	for _, r := range b.resources {
		r.forget(address)
	}
	b.literal[address] = true
	b.linked = false
	return n
}

// Remove leaves a resource out.
func (b *Batch) Remove(address, why string) bool {
	r := b.resources[address]
	if r == nil {
		return false
	}
	delete(b.resources, address)
	for _, other := range b.resources {
		other.forget(address)
	}
	r.own = nil
	b.adoption.leave(r.known, why)
	b.adoption.sortLeft()
	b.linked = false
	return true
}

// Discard is Remove for a resource that stands in the way of all others: what an
// earlier run wrote for it goes, too, unless the state has the resource.
func (b *Batch) Discard(address, why string) bool {
	if !b.Remove(address, why) {
		return false
	}
	if !slices.Contains(b.target.Addresses, address) {
		b.discarded[address] = true
	}
	return true
}

// Placeholder gives a value that is secret, or that nobody knows, to a
// top-level argument that needs one.
func (b *Batch) Placeholder(address, attribute string) bool {
	return b.edit(address, attribute, func(r *adopted, at *body, steps []step) bool {
		name := steps[0].name
		s := shaper{ignored: map[string]string{}}
		if b.variables {
			s.variable = func(argument string, a *tfjson.SchemaAttribute) string { return b.variableFor(r, argument, a) }
		}
		a := requiredString()
		if block := b.schema(r.object.Type); block != nil {
			if block.Attributes[name] == nil {
				return false
			}
			whole := *block.Attributes[name]
			whole.Required = true
			a = &whole
		}
		at.without(name)
		at.items = append(at.items, s.withhold(name, a))
		if r.ignored == nil {
			r.ignored = map[string]string{}
		}
		maps.Copy(r.ignored, s.ignored)
		return len(steps) == 1 && hclsyntax.ValidIdentifier(name)
	})
}

// Verified sets what has been found out about the batch, one of the values
// that a Suggestion's Verified may have, in the suggestions of all of its
// objects, and writes them anew. why, which may be "", is added to why each
// object belongs here.
func (b *Batch) Verified(status, why string) { b.suggest(status, why) }

// suggest sets the suggestions of the batch's objects.
func (b *Batch) suggest(status, why string) {
	for _, r := range b.resources {
		unknown := ""
		if b.needsConfig(r) {
			unknown = "its configuration isn't known: `terraform plan -generate-config-out=generated.tf` writes it"
		}
		reasons := slices.DeleteFunc([]string{r.why, unknown, why}, func(s string) bool { return s == "" })
		b.adoption.objects[r.index].Suggestion = &model.Suggestion{Kind: "import", To: r.address, Workspace: b.Workspace,
			Why: strings.Join(reasons, "; "), Files: b.filesOf(r.address), Verified: status}
	}
}

// step is one part of a path: a name, or an index.
type step struct {
	name  string
	index int // -1 for a name
}

// stepsOf takes a path apart.
func stepsOf(path string) ([]step, bool) {
	t, diags := hclsyntax.ParseTraversalAbs([]byte(path), "", hcl.InitialPos)
	if diags.HasErrors() || len(t) > maxNesting {
		return nil, false
	}
	var out []step
	for _, s := range t {
		switch s := s.(type) {
		case hcl.TraverseRoot:
			out = append(out, step{s.Name, -1})
		case hcl.TraverseAttr:
			out = append(out, step{s.Name, -1})
		case hcl.TraverseIndex:
			if s.Key.Type() == cty.String {
				out = append(out, step{s.Key.AsString(), -1})
				continue
			}
			n, accuracy := s.Key.AsBigFloat().Int64()
			if accuracy != 0 || n < 0 || n > 1<<20 {
				return nil, false
			}
			out = append(out, step{"", int(n)})
		default:
			return nil, false
		}
	}
	return out, true
}
