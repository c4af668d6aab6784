package match

import (
	"sort"
	"strings"

	"github.com/strandline-tf/strandline/internal/model/importid"
)

// Query is what to look for in the states. Account and Region are empty where
// not known.
type Query struct {
	Type string // "": any, then ID has to be an ARN
	ID   string // an import id, the id that a state holds, or an ARN
	// Account and Region tell objects with the same name apart.
	Account, Region string
}

// Place is where something is managed.
type Place struct {
	Workspace, Address, Type string
}

// Find tells where an object is managed, as what refers to it names it. Of
// several places, as in a conflict, it is always the same one.
func (x *Index) Find(q Query) (Place, bool) {
	x.settle()
	isARN := strings.HasPrefix(q.ID, "arn:")
	at := place{account: q.Account, region: q.Region}
	if isARN {
		at.fill(q.ID)
	}
	var candidates []*kind
	if q.Type != "" {
		candidates = []*kind{x.kindOf(q.Type)}
	} else if types, _, ok := importid.FromARN(q.ID); ok {
		for _, typ := range types {
			candidates = append(candidates, x.kindOf(typ))
		}
	}
	for _, k := range candidates {
		if r := x.locate(k, q.ID, at); r != nil {
			return x.place(r), true
		}
	}
	if q.Type == "" && isARN {
		return x.anyWithARN(q.ID)
	}
	return Place{}, false
}

// anyWithARN looks an ARN up that no table knows the type of.
func (x *Index) anyWithARN(arn string) (Place, bool) {
	x.mu.Lock()
	kinds := make([]*kind, 0, len(x.kinds))
	for _, k := range x.kinds {
		kinds = append(kinds, k)
	}
	x.mu.Unlock()
	sort.Slice(kinds, func(i, j int) bool { return kinds[i].typ < kinds[j].typ })
	for _, k := range kinds {
		if r := x.at(x.key(byARN, k.name, trimARN(arn)), k, arn, place{}, nil); r != nil {
			return x.place(r), true
		}
	}
	return Place{}, false
}

func (x *Index) kindOf(typ string) *kind {
	x.mu.Lock()
	defer x.mu.Unlock()
	return x.kind(typ)
}

func (x *Index) place(r *record) Place {
	return Place{Workspace: x.names[r.workspace], Address: r.address, Type: r.kind.typ}
}

// locate finds the instance of a kind that goes by id, which may be an ARN.
func (x *Index) locate(k *kind, id string, at place) *record {
	if id == "" {
		return nil
	}
	if r := x.at(x.key(byID, k.name, trimID(id)), k, id, at, nil); r != nil {
		return r
	}
	if !strings.HasPrefix(id, "arn:") {
		return nil
	}
	at.fill(id)
	if r := x.at(x.key(byARN, k.name, trimARN(id)), k, id, at, nil); r != nil {
		return r
	}
	types, made, _ := importid.FromARN(id)
	for _, typ := range types {
		if made != "" && made != id && x.kindOf(typ).name == k.name {
			return x.at(x.key(byID, k.name, made), k, made, at, nil)
		}
	}
	return nil
}

// at finds the first instance under a key that may be where the object is
// and that fits, if fits is given.
func (x *Index) at(key uint64, k *kind, id string, at place, fits func(*record) bool) *record {
	account, isKnown := x.numbers[at.account] // not known: no instance is there
	anyAccount := k.anyAccount || at.account == ""
	for _, p := range []*postings{&x.primary, &x.other} {
		var one [1]uint32
		list := p.get(key, &one)
		if len(list) == 0 {
			continue
		}
		group := list
		if !anyAccount {
			// The list is in the order of accounts: those that aren't known first.
			upTo := func(account uint32) int {
				return sort.Search(len(list), func(i int) bool { return x.records[list[i]].account > account })
			}
			group = list[:upTo(0)]
			if isKnown {
				if r := x.within(list[upTo(account-1):upTo(account)], k, id, at, fits); r != nil {
					return r
				}
			}
		}
		if r := x.within(group, k, id, at, fits); r != nil {
			return r
		}
		if !anyAccount {
			if tells, _ := unique(id); tells {
				if r := x.within(list, k, id, at, fits); r != nil {
					return r
				}
			}
		}
	}
	return nil
}

// within finds the first of list that is in the right region.
func (x *Index) within(list []uint32, k *kind, id string, at place, fits func(*record) bool) *record {
	region, isKnown := x.numbers[at.region]
	for _, i := range list {
		r := &x.records[i]
		if fits != nil && !fits(r) {
			continue
		}
		if at.region == "" || k.anyRegion || r.region == 0 || isKnown && r.region == region {
			return r
		}
		if _, tells := unique(id); tells {
			return r
		}
	}
	return nil
}
