// Package match tells which of the objects that exist are managed by some
// state, which are not, and which are nobody's to manage: what every account
// has by default and what managed things make themselves. What it knows of
// that is data: parts.tsv says which resources contain or make which others,
// rules.tsv what an unmanaged object looks like that nobody made, ids.tsv by what
// is imported that goes by something else in the state.
//
// Before it come the states (package fetch/statefile) and the inventories
// (package fetch/inventory): the states fill an Index, the objects of the
// inventories are held against it by a Judge, one at a time. After it come
// package propose, which suggests imports, and the report.
//
// Memory follows the number of managed instances, of each of which only hashes,
// its address and where it is are kept, and the objects that are not managed.
package match

import (
	"cmp"
	"hash/maphash"
	"slices"
	"strings"
	"sync"

	"github.com/strandline-tf/strandline/internal/model"
)

// Index knows what the states manage. Its methods but Add are for when the
// last instance was added.
type Index struct {
	seed maphash.Seed
	mu   sync.Mutex

	kinds      map[string]*kind  // by type as written
	names      []string          // workspaces, accounts and regions; names[0] is ""
	numbers    map[string]uint32 // where each stands in names
	records    []record
	primary    postings // one key for each instance: where two meet, there may be a conflict
	other      postings // all other keys that lead to an instance
	marks      map[uint64]struct{}
	workspaces map[string]*workspace
	settled    bool
}

// record is one managed instance.
type record struct {
	address                    string
	kind                       *kind
	workspace, account, region uint32 // in Index.names, 0 where not known
	id                         string // kept only where another instance has the same
	identity                   uint64 // hash of the identity, 0 where it has none
	members                    uint64 // hash of the names in it
}

// NewIndex returns an empty Index.
func NewIndex() *Index {
	return &Index{
		seed: maphash.MakeSeed(), kinds: map[string]*kind{}, names: []string{""}, numbers: map[string]uint32{"": 0},
		primary: newPostings(), other: newPostings(), marks: map[uint64]struct{}{}, workspaces: map[string]*workspace{},
	}
}

// Add files one managed instance. It may be called by several goroutines at
// once; nothing of m is kept but copies.
func (x *Index) Add(m model.Managed) {
	e := entries.Get().(*entry)
	defer entries.Put(e)
	e.reset(m)
	x.mu.Lock()
	k := x.kind(m.Type)
	x.mu.Unlock()
	e.collect(x, k)

	x.mu.Lock()
	defer x.mu.Unlock()
	x.settled = false
	at := uint32(len(x.records))
	x.records = append(x.records, record{
		address: m.Address, kind: k, workspace: x.number(m.Workspace), account: x.number(e.where.account), region: x.number(e.where.region),
		identity: e.identity, members: e.members,
	})
	if e.id != "" {
		if before, taken := x.primary.add(e.primary, at); taken {
			x.records[at].id = strings.Clone(e.id)
			if x.records[before].id == "" {
				x.records[before].id = x.records[at].id
			}
		}
	}
	for _, key := range e.keys {
		if key != e.primary {
			x.other.add(key, at)
		}
	}
	for _, mark := range e.marks {
		x.marks[mark] = struct{}{}
	}
	x.workspace(m.Workspace).add(e, k)
}

// number interns a text. It is called with the lock held.
func (x *Index) number(text string) uint32 {
	n, ok := x.numbers[text]
	if !ok {
		n = uint32(len(x.names))
		text = strings.Clone(text)
		x.names = append(x.names, text)
		x.numbers[text] = n
	}
	return n
}

// settle prepares for reading: instances that don't tell their account or
// region take those of their workspace, where that has only one, and lists of
// instances with the same key are put in an order.
func (x *Index) settle() {
	x.mu.Lock()
	defer x.mu.Unlock()
	if x.settled {
		return
	}
	x.settled = true
	for i := range x.records {
		r := &x.records[i]
		if w := x.workspaces[x.names[r.workspace]]; r.kind.aws {
			if account, only := single(w.profile.Accounts); only && r.account == 0 {
				r.account = x.number(account)
			}
			if region, only := single(w.profile.Regions); only && r.region == 0 && !r.kind.anyRegion {
				r.region = x.number(region)
			}
		}
	}
	for _, p := range []*postings{&x.primary, &x.other} {
		for _, list := range p.lists {
			slices.SortFunc(list, func(a, b uint32) int { return x.order(&x.records[a], &x.records[b]) })
		}
	}
}

func (x *Index) order(a, b *record) int {
	return cmp.Or(cmp.Compare(a.account, b.account), cmp.Compare(x.names[a.workspace], x.names[b.workspace]), cmp.Compare(a.address, b.address))
}

func single(counts map[string]int) (string, bool) {
	for name := range counts {
		return name, len(counts) == 1
	}
	return "", false
}
