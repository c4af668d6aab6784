package propose

import (
	"maps"
	"slices"

	"github.com/zclconf/go-cty/cty"

	"github.com/strandline-tf/strandline/internal/model"
)

// Configuration is what a batch says of a resource at one time.
type Configuration struct {
	body    *body
	ignored map[string]string
	kept    string
	fresh   bool
}

// Configuration returns what the batch says of a resource now, for Return.
func (b *Batch) Configuration(address string) Configuration {
	r := b.resources[address]
	if r == nil {
		return Configuration{}
	}
	return Configuration{body: r.body, ignored: maps.Clone(r.ignored), kept: r.kept, fresh: r.fresh} // edits clone the body
}

// Return takes back all that was done to a resource since c was what the batch
// said of it.
func (b *Batch) Return(address string, c Configuration) bool {
	r := b.resources[address]
	if r == nil || c.body == nil {
		return false
	}
	r.body, r.ignored, r.kept, r.fresh = c.body, maps.Clone(c.ignored), c.kept, c.fresh
	b.linked = false
	return true
}

// AsBlocks writes an argument that is an object, or a list of them, as nested
// blocks, which without a schema look the same.
func (b *Batch) AsBlocks(address, path string) bool {
	return b.edit(address, path, func(_ *adopted, at *body, steps []step) bool {
		at, name := at.around(steps)
		if at == nil {
			return false
		}
		list := at.named(name)
		if len(list) != 1 || !list[0].isValue() || list[0].value == cty.NilVal {
			return false
		}
		var made []*item
		for _, e := range elementsOf(list[0].value) {
			if e.IsNull() || !e.Type().IsObjectType() {
				return false
			}
			made = append(made, &item{name: name, block: plainBlock(e.AsValueMap())})
		}
		at.without(name)
		at.items = append(at.items, made...)
		return len(made) > 0
	})
}

// AsArgument is the reverse of AsBlocks.
func (b *Batch) AsArgument(address, path string) bool {
	return b.edit(address, path, func(_ *adopted, at *body, steps []step) bool {
		at, name := at.around(steps)
		if at == nil {
			return false
		}
		var made []cty.Value
		for _, it := range at.named(name) {
			if it.block == nil {
				return false
			}
			made = append(made, cty.ObjectVal(it.block.members()))
		}
		at.without(name)
		at.items = append(at.items, &item{name: name, value: cty.TupleVal(made)})
		return len(made) > 0
	})
}

// around returns the body of the block that steps lead into, and the name in
// it that they end with; nil where they end with an index or in a value.
func (b *body) around(steps []step) (*body, string) {
	if len(steps) == 1 {
		return b, steps[0].name
	}
	list := b.named(steps[0].name)
	if len(list) == 0 || list[0].block == nil {
		return nil, ""
	}
	it, rest := chosenBlock(list, steps[1:])
	if it == nil || len(rest) == 0 {
		return nil, ""
	}
	return it.block.around(rest)
}

// ByID writes ids into the import blocks instead of identities, for all
// resources that have one: the workspace is planned with an older Terraform, or
// provider, than its state tells. What has only an identity stays as it is, and
// of those that only their identities tell apart, one stays.
func (b *Batch) ByID() bool {
	if !slices.ContainsFunc(slices.Collect(maps.Values(b.resources)), func(r *adopted) bool { return b.byIdentity(r.object) && r.object.ID != "" }) {
		return false
	}
	b.target.Terraform = beforeIdentity
	b.linked = false
	imported := map[importKey]*model.Object{}
	for _, r := range slices.SortedFunc(maps.Values(b.resources), byAddress) {
		key := b.importKey(r.object)
		if other := imported[key]; other != nil {
			b.Remove(r.address, twice(r.object, other))
			continue
		}
		imported[key] = r.object
	}
	return true
}

// beforeIdentity is the last version of Terraform that takes no identity.
const beforeIdentity = "1.11"
