package match

import (
	"encoding/json"
	"hash/maphash"
	"slices"
	"strings"
	"sync"

	"github.com/strandline-tf/strandline/internal/model"
)

// namespace keeps keys apart that are made of the same text.
type namespace byte

const (
	byID       namespace = 'i' // an import id, or the id in a state
	byARN      namespace = 'a'
	byIdentity namespace = 'n'
	own        namespace = 'o' // a part of something that is a resource of its own
	inline     namespace = 'l' // a part that stands within the resource it belongs to
	ownedBy    namespace = 'c' // a thing that a resource made
	defaultOf  namespace = 'd' // a thing that came with a resource
	separate   namespace = 's' // marks a resource some parts of which are resources of their own
)

// key hashes what leads to an instance.
func (x *Index) key(n namespace, kind, text string) uint64 {
	var h maphash.Hash
	h.SetSeed(x.seed)
	h.WriteByte(byte(n))
	h.WriteString(kind)
	h.WriteByte(0)
	h.WriteString(text)
	return h.Sum64()
}

// entry is what Add finds out about one instance.
type entry struct {
	m       model.Managed
	a       attributes
	where   place
	id      string // what tells it from all others of its kind
	primary uint64
	keys    []uint64
	marks   []uint64
	// identity and members are the hashes of its identity and of the names in it.
	identity, members uint64
}

// entries are reused: an instance costs no more than what is kept of it.
var entries = sync.Pool{New: func() any { return &entry{} }}

func (e *entry) reset(m model.Managed) {
	*e = entry{m: m, a: e.a, keys: e.keys[:0], marks: e.marks[:0]}
	e.a.read(m.Attributes)
}

// collect makes all keys under which an object may be looked for.
func (e *entry) collect(x *Index, k *kind) {
	e.where.fill(e.m.ARN)
	if e.where.region == "" && k.aws {
		e.where.region, _ = e.a.text("region")
	}
	if len(e.m.Identity) > 0 {
		if id, at := canonical(e.m.Identity); id.text != "" {
			e.identity, e.members = x.key(byIdentity, k.name, id.text), x.key(byIdentity, "", id.names)
			e.keys = append(e.keys, e.identity)
			e.where.join(at)
		}
	}
	e.id = trimID(e.m.ID)
	if imported := k.importID(e.a.text, e.property, e.m.ID, e.where); imported != "" {
		if e.id != "" && e.id != imported {
			e.keys = append(e.keys, x.key(byID, k.name, e.id))
		}
		e.id = imported
	}
	if e.id != "" {
		e.primary = x.key(byID, k.name, e.id)
		e.keys = append(e.keys, e.primary)
	}
	if name := tail(e.m.ID); name != "" && name != e.id {
		e.keys = append(e.keys, x.key(byID, k.name, name))
	}
	k.furtherIDs(e.a.text, func(kind, id string) {
		if key := x.key(byID, kind, id); !slices.Contains(e.keys, key) {
			e.keys = append(e.keys, key)
		}
	})
	if e.m.ARN != "" {
		e.keys = append(e.keys, x.key(byARN, k.name, trimARN(e.m.ARN)))
	}
	for _, p := range knowledge().parts[k.typ] {
		p.each(e, func(container, text string) {
			e.keys = append(e.keys, x.key(p.how, p.as, text))
			if p.how == own {
				e.marks = append(e.marks, x.key(separate, p.as, container))
			}
		})
	}
	e.rules(x)
}

// importID makes the import id of an object of the kind from attributes as
// Terraform names them or, of awscc, properties; "" where it can't be made.
func (k *kind) importID(attribute, property func(string) (string, bool), id string, at place) string {
	if k.row.Type == "" {
		return ""
	}
	if !k.cc {
		made, _ := k.row.FromState(attribute)
		return made
	}
	parts, _ := k.row.Properties(id)
	made, _ := k.row.ImportID(func(name string) (string, bool) {
		switch name {
		case "@account":
			return at.account, at.account != ""
		case "@region":
			return at.region, at.region != ""
		}
		if v, ok := parts[name]; ok {
			return v, true
		}
		return property(name)
	})
	return made
}

// property looks an attribute up by the name that CloudFormation gives it.
func (e *entry) property(name string) (string, bool) {
	for i, n := range e.a.names {
		if alike(string(n), name) {
			t := text(e.a.values[i])
			return t, t != ""
		}
	}
	return "", false
}

// values are the values at a path, see lookUp.
func (e *entry) values(path string) []any {
	top, rest, _ := strings.Cut(path, ".")
	raw := e.a.raw(top)
	if len(raw) == 0 || string(raw) == "[]" { // most often
		return nil
	}
	var v any
	if t := text(raw); t != "" {
		v = t
	} else if json.Unmarshal(raw, &v) != nil {
		return nil
	}
	return lookUp(v, rest, nil)
}

// identity is an identity in a form that can be compared.
type identity struct{ text, names string }

// canonical takes out of an identity where the object is, and what is null,
// and puts the rest in order.
func canonical(value model.Value) (id identity, at place) {
	var members map[string]any
	if json.Unmarshal(value, &members) != nil {
		return id, at
	}
	at.account, _ = members["account_id"].(string)
	at.region, _ = members["region"].(string)
	names := make([]string, 0, len(members))
	for name, v := range members {
		if v == nil || len(members) > 1 && (name == "account_id" || name == "region") {
			delete(members, name)
			continue
		}
		names = append(names, name)
	}
	if len(names) == 0 {
		return id, at
	}
	slices.Sort(names)
	sorted, _ := json.Marshal(members) // which sorts
	return identity{text: string(sorted), names: strings.Join(names, "\x00")}, at
}

func (p *place) join(o place) {
	if p.account == "" {
		p.account = o.account
	}
	if p.region == "" {
		p.region = o.region
	}
}
