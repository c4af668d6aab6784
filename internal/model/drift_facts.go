package model

import "strings"

// driftFacts is what Configured knows about one drifted resource, ready to be
// looked up.
type driftFacts struct {
	*typeFacts
	known        bool // its configuration is
	blocks, used argumentSet
}

// typeFacts is what Configured and the table of what opens access know about a
// type.
type typeFacts struct {
	given, computedOnly argumentSet
	opens               []*accessRule
}

// factsOf returns the facts for c; types keeps those of the types met so far.
func (x *Configured) factsOf(c *Change, types map[string]*typeFacts) *driftFacts {
	kind := types[c.Type]
	if kind == nil {
		kind = &typeFacts{given: argumentSet{}, computedOnly: argumentSet{}}
		kind.given.add(x.Given[c.Type])
		kind.computedOnly.add(x.Computed[c.Type])
		for i := range accessRules {
			if anyGlob(accessRules[i].types, c.Type) {
				kind.opens = append(kind.opens, &accessRules[i])
			}
		}
		types[c.Type] = kind
	}
	f := &driftFacts{typeFacts: kind, blocks: argumentSet{}, used: argumentSet{}}
	if a := x.Resources[ConfigAddress(c.Address)]; a != nil {
		f.known = a.Known
		f.blocks.add(a.Blocks)
		f.used.add(a.Used)
	}
	return f
}

// outsideBlocks reports whether a is an argument of the resource itself, or of
// a block that is in the configuration and that did not come or go.
func (f *driftFacts) outsideBlocks(a *Attribute, name string) bool {
	at := strings.LastIndexByte(name, stepMark)
	return at < 0 || a.Element == "" && f.blocks[name[:at]]
}
