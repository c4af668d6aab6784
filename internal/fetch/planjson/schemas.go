package planjson

import (
	"slices"

	"github.com/strandline-tf/strandline/internal/model"
)

// providerSchemas reads the schemas that come with a redacted plan, and notes
// the attributes that no configuration can set, of the types that drifted or
// may turn out to. The format is that of
// https://developer.hashicorp.com/terraform/cli/commands/providers/schema
func (d *decoder) providerSchemas() error {
	return d.object(func([]byte) error {
		return d.object(func(key []byte) error {
			if string(key) == "resource_schemas" {
				return d.object(func(kind []byte) error { return d.resourceSchema(string(kind)) })
			}
			return d.skip()
		})
	})
}

func (d *decoder) resourceSchema(kind string) error {
	if d.head.changes && !slices.ContainsFunc(d.ws.Drift, func(drift model.Drift) bool { return drift.Type == kind }) {
		return d.skip()
	}
	return d.element(func() error {
		at, err := d.value()
		if err != nil {
			return err
		}
		n, err := d.node(at)
		if err != nil || n == nil {
			return err
		}
		if d.computed == nil {
			d.computed = map[string][]string{}
		}
		room := 1<<20 + 2*len(d.bytes(at))
		d.computedOnly(kind, nil, n.member([]byte("block")), &room)
		return nil
	})
}

// computedOnly notes the computed attributes of a block, or of a nested
// attribute's type, that stands at path, as long as their paths have room.
func (d *decoder) computedOnly(kind string, path []byte, block *node, room *int) {
	for _, attribute := range members(block.member([]byte("attributes"))) {
		if *room -= len(path) + len(attribute.key); *room < 0 {
			return
		}
		inner := appendKey(slices.Clone(path), attribute.key)
		set := attribute.member([]byte("optional")).isTrue() || attribute.member([]byte("required")).isTrue()
		if attribute.member([]byte("computed")).isTrue() && !set {
			d.computed[kind] = append(d.computed[kind], d.keep.intern(inner))
			continue
		}
		d.computedOnly(kind, inner, attribute.member([]byte("nested_type")), room)
	}
	for _, nested := range members(block.member([]byte("block_types"))) {
		if *room -= len(path) + len(nested.key); *room < 0 {
			return
		}
		d.computedOnly(kind, appendKey(slices.Clone(path), nested.key), nested.member([]byte("block")), room)
	}
}
