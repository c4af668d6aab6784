package propose

import (
	"maps"
	"slices"
	"strings"
)

// link finds the references anew, where anything has changed since the last
// time. What would close a circle stays a literal.
func (b *Batch) link() {
	if b.linked {
		return
	}
	b.linked = true
	order := slices.SortedFunc(maps.Values(b.resources), byAddress)
	for _, r := range order {
		r.refs, r.text = nil, nil
		if r.body != nil {
			r.body.strings(func(name, s string, document bool) {
				key := [2]string{name, s}
				if _, seen := r.refs[key]; seen || len(s) < 2 {
					return
				}
				if ref, ok := b.reference(r, name, s, document); ok {
					if r.refs == nil {
						r.refs = references{}
					}
					r.refs[key] = ref
				}
			})
		}
	}
	state := map[*adopted]visit{}
	for _, r := range order {
		b.cutCircles(r, state)
	}
}

// reference returns what to write for a string in an argument of r.
func (b *Batch) reference(r *adopted, name, s string, document bool) (reference, bool) {
	if r.members != nil && name != "" && s == r.arn {
		return reference{}, false
	}
	k, attribute := b.registry.called(r.known, name, s, document, b.refersTo)
	if k != nil {
		if isARN(s) && k.stateID() == s && !document {
			attribute = b.arnOrID(k.object.Type, name, attribute)
		}
		return reference{k.own.address, attribute}, b.has(k.object.Type, attribute)
	}
	p, attribute := b.registry.managed(r.known, name, s, document, b.Workspace)
	if p.Address == "" || b.Workspace == "" || strings.HasPrefix(p.Address, "module.") || b.literal[p.Address] || traversalOf(p.Address) == nil ||
		b.folder.known && b.folder.declared[withoutKey(p.Address)] == 0 {
		return reference{}, false
	}
	return reference{p.Address, attribute}, b.has(p.Type, attribute)
}

// refersTo reports whether an object can be referred to from this batch.
func (b *Batch) refersTo(k *known) bool {
	return k.own != nil && k.own.body != nil && b.resources[k.own.address] == k.own && !b.literal[k.own.address]
}

// arnOrID returns the attribute by which a person would refer, in an argument,
// to a resource whose id is its ARN.
func (b *Batch) arnOrID(typ, argument, attribute string) string {
	block := b.schema(typ)
	switch {
	case block == nil:
	case attribute == "id" && (strings.HasSuffix(argument, "_arn") || strings.HasSuffix(argument, "_arns")) && block.Attributes["arn"] != nil:
		return "arn"
	case block.Attributes[attribute] == nil:
		return "id"
	}
	return attribute
}

// has reports whether a type has an attribute, as far as its schema is known.
func (b *Batch) has(typ, attribute string) bool {
	block := b.schema(typ)
	if block == nil {
		return true
	}
	a := block.Attributes[attribute]
	return a != nil && !a.Sensitive && !a.WriteOnly
}

// visit says how far a walk along references has come.
type visit byte

const (
	underway visit = iota + 1
	done
)

// cutCircles follows the references of r, and takes those out that lead back to
// where the walk came from.
func (b *Batch) cutCircles(r *adopted, state map[*adopted]visit) {
	if state[r] != 0 {
		return
	}
	state[r] = underway
	keys := slices.SortedFunc(maps.Keys(r.refs), func(x, y [2]string) int {
		return strings.Compare(x[0]+"\x00"+x[1], y[0]+"\x00"+y[1])
	})
	for _, key := range keys {
		to := b.resources[r.refs[key].to]
		if to == nil {
			continue
		}
		if state[to] == underway {
			delete(r.refs, key)
			continue
		}
		b.cutCircles(to, state)
	}
	state[r] = done
}
