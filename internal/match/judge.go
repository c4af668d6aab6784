package match

import (
	"strings"
	"sync"
	"time"

	"github.com/strandline-tf/strandline/internal/model"
)

// Options are what a Judge goes by besides the states.
type Options struct {
	Rules []model.IgnoreRule // of the ignore file
	Today time.Time          // rules whose day is past don't count
}

// Judge holds what exists against what is managed. It keeps what isn't.
type Judge struct {
	x     *Index
	rules []*model.IgnoreRule
	notes []string

	mu          sync.Mutex
	listed      map[string]struct{} // names of kinds
	unsupported map[[3]string]int
	found       []*finding // in the order in which they came; an object that came several times, each time
}

// finding is an object that no state has.
type finding struct {
	model.Object
	kind *kind
	at   place
	doc  any               // the attributes, decoded
	told map[string]any    // attributes that its id tells
	tags map[string]string // also those that stand only in the attributes

	tells struct { // what unique says of id, once it was asked
		id                  string
		account, everything bool
	}
}

// NewJudge returns a Judge. No instance may be added to the Index after it.
func (x *Index) NewJudge(o Options) *Judge {
	x.settle()
	j := &Judge{x: x, listed: map[string]struct{}{}, unsupported: map[[3]string]int{}}
	j.rules, j.notes = model.Active(o.Rules, o.Today)
	return j
}

// Listed says that objects of these types were looked for, found or not.
func (j *Judge) Listed(types ...string) {
	for _, typ := range types {
		k := j.x.kindOf(typ)
		j.mu.Lock()
		j.listed[k.name] = struct{}{}
		j.mu.Unlock()
	}
}

// Unsupported counts n objects that exist and that nothing can list, of a type
// by any name.
func (j *Judge) Unsupported(typ, account, region string, n int) {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.unsupported[[3]string{typ, account, region}] += n
}

// Add judges one object. It may be called by several goroutines at once. An
// object may come several times, from one source or several: it counts once,
// with all that they know.
func (j *Judge) Add(o model.Object) {
	k := j.x.kindOf(o.Type)
	at := place{account: o.Account, region: o.Region}
	at.fill(o.ARN)
	at.fill(o.ID)
	if j.x.manages(&o, k, at) {
		return
	}
	f := &finding{Object: o, kind: k, at: at}
	f.decode()
	if j.x.managesByContent(f) {
		return
	}
	j.mu.Lock()
	defer j.mu.Unlock()
	j.found = append(j.found, f)
}

// manages looks an object up by what it is called: by its identity, else its
// id, else its ARN.
func (x *Index) manages(o *model.Object, k *kind, at place) bool {
	var value, members uint64
	if len(o.Identity) > 0 {
		if id, where := canonical(o.Identity); id.text != "" {
			at.join(where)
			value, members = x.key(byIdentity, k.name, id.text), x.key(byIdentity, "", id.names)
			if x.at(value, k, id.text, at, nil) != nil {
				return true
			}
		}
	}
	// Both have an identity of the same form, and another one: another object.
	fits := func(r *record) bool { return members == 0 || r.members != members || r.identity == value }
	for i := -1; i < len(o.Aliases); i++ {
		id := o.ID
		if i >= 0 {
			id = o.Aliases[i]
		}
		if id != "" && x.at(x.key(byID, k.name, trimID(id)), k, id, at, fits) != nil {
			return true
		}
	}
	for _, arn := range []string{o.ARN, o.ID} {
		if strings.HasPrefix(arn, "arn:") && x.at(x.key(byARN, k.name, trimARN(arn)), k, arn, at, fits) != nil {
			return true
		}
	}
	return false
}

// managesByContent looks an object up by ids that its attributes or its ARN
// make, and as a part of something managed.
func (x *Index) managesByContent(f *finding) bool {
	for _, id := range f.ids() {
		if x.at(x.key(byID, f.kind.name, trimID(id)), f.kind, id, f.at, f.fits(x)) != nil {
			return true
		}
	}
	parts := f.parts()
	for _, p := range parts {
		if x.at(x.key(own, p.as, p.id), f.kind, p.id, f.at, nil) != nil {
			continue
		}
		_, apart := x.marks[x.key(separate, p.as, p.container)]
		if apart || x.at(x.key(inline, p.as, p.id), f.kind, p.id, f.at, nil) == nil {
			return false
		}
	}
	return len(parts) > 0
}
