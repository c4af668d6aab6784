package propose

import (
	"maps"
	"slices"

	tfjson "github.com/hashicorp/terraform-json"

	"github.com/strandline-tf/strandline/internal/model"
)

// Objects returns the objects that the batch adopts, in the order of their
// addresses, and behind them those that Learn may let in. What is changed in
// them counts once Learn is called.
func (b *Batch) Objects() []*model.Object {
	var out []*model.Object
	for _, r := range slices.SortedFunc(maps.Values(b.resources), byAddress) {
		out = append(out, r.object)
	}
	for _, r := range b.waiting {
		out = append(out, r.object)
	}
	return out
}

// Leave takes all out of a batch, for good.
func (b *Batch) Leave(why string) {
	b.waiting = nil // the reasons stand
	for _, r := range b.Resources() {
		b.Remove(r.Address, why)
	}
}

// Learn takes in what the workspace's providers know of their types, and makes
// all configuration anew of that and of what the objects' attributes are now.
// Addresses stay. Repairs of before are forgotten: it is for a batch that
// hasn't been planned yet.
func (b *Batch) Learn(schemas *tfjson.ProviderSchemas) {
	b.target.Schemas = schemas
	b.settings = map[*model.Object]setting{}
	b.schemas, b.secrets, b.linked = map[string]*tfjson.Schema{}, map[string]Variable{}, false
	all := slices.SortedFunc(maps.Values(b.resources), byAddress)
	for _, r := range all {
		r.readMembers()
		b.registry.note(r.known)
	}
	for _, r := range b.waiting {
		r.readMembers()
		b.registry.note(r.known)
	}
	all = append(all, b.admitWaiting()...)
	for _, r := range all {
		r.provider = b.settingOf(r.object).name
		r.body, r.ignored, r.kept, r.refs, r.text = nil, nil, "", nil, nil
		b.configure(r)
		b.keepOwn(r)
	}
	b.suggest("unverified", "")
}
