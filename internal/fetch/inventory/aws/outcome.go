package aws

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"

	"github.com/strandline-tf/strandline/internal/fetch/inventory"
	"github.com/strandline-tf/strandline/internal/model"
	"github.com/strandline-tf/strandline/internal/secret"
)

// failure is one listing that came to nothing, or not to its end.
type failure struct {
	kind               kind
	typ, place, reason string
}

// outcome puts together what became of the listings of all regions and
// accounts. It is safe for concurrent use.
type outcome struct {
	secrets *secret.Set

	mu       sync.Mutex
	done     map[string]bool // types that were listed to the end somewhere
	lost     map[string]bool // types that weren't, somewhere
	absent   map[string]bool // types that aren't offered somewhere
	unnamed  map[string]int  // objects without an import id, by type
	groups   map[group]*told
	problems map[model.Problem]bool
	notes    map[string]bool
	count    map[inventory.Unsupported]int // their Count is 0
}

// group is what is told as one problem.
type group struct {
	kind kind
	what string // of denied: the action, or the type; of shut: the reason; else type and reason
}

// told are the types and places of a group.
type told struct {
	reason        string
	types, places map[string]bool
}

func newOutcome(secrets *secret.Set) *outcome {
	return &outcome{
		secrets: secrets,
		done:    map[string]bool{}, lost: map[string]bool{}, absent: map[string]bool{}, unnamed: map[string]int{}, groups: map[group]*told{},
		problems: map[model.Problem]bool{}, notes: map[string]bool{}, count: map[inventory.Unsupported]int{},
	}
}

// became notes what became of a type in one region.
func (o *outcome) became(typ string, r result) {
	o.set(map[result]map[string]bool{listed: o.done, nowhere: o.absent, partly: o.lost}[r], typ)
}

func (o *outcome) note(text string) { o.set(o.notes, "AWS: "+text) }

func (o *outcome) set(in map[string]bool, key string) {
	o.mu.Lock()
	defer o.mu.Unlock()
	in[key] = true
}

func (o *outcome) problem(message, hint string) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.problems[model.Problem{Message: message, Hint: hint}] = true
}

// nameless counts an object that has no import id.
func (o *outcome) nameless(typ string) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.unnamed[typ]++
}

// unsupported counts an object of a kind that no table covers.
func (o *outcome) unsupported(kind, account, region string) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.count[inventory.Unsupported{Type: kind, Account: account, Region: region}]++
}

// failed notes that a type wasn't listed.
func (o *outcome) failed(f failure) {
	o.set(o.lost, f.typ)
	what := f.typ + "\x00" + f.reason
	if f.kind == denied {
		what = cmp.Or(action(f.reason), f.typ)
	}
	o.add(group{f.kind, what}, f)
}

// shut notes that nothing was listed in a region.
func (o *outcome) shut(f failure) { o.add(group{shut, f.reason}, f) }

// uncounted notes that the tagging API didn't answer.
func (o *outcome) uncounted(f failure) { o.add(group{kind: uncounted}, f) }

func (o *outcome) add(key group, f failure) {
	o.mu.Lock()
	defer o.mu.Unlock()
	g := o.groups[key]
	if g == nil {
		g = &told{reason: f.reason, types: map[string]bool{}, places: map[string]bool{}}
		o.groups[key] = g
	}
	g.types[f.typ], g.places[f.place] = true, true
}

// any says whether any type was listed.
func (o *outcome) any() bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	return len(o.done) > 0
}

// why is one of the reasons why nothing was.
func (o *outcome) why() string {
	o.mu.Lock()
	defer o.mu.Unlock()
	var reasons []string
	for _, g := range o.groups {
		reasons = append(reasons, g.reason)
	}
	if len(reasons) == 0 {
		return "Cloud Control offers none of the types"
	}
	return slices.Min(reasons)
}

// listing is what the report needs of it.
func (o *outcome) listing(p *plan) inventory.Listing {
	o.mu.Lock()
	defer o.mu.Unlock()
	l := inventory.Listing{Notes: slices.Collect(maps.Keys(o.notes)), Problems: slices.Collect(maps.Keys(o.problems))}
	var absent []string
	for _, t := range p.told {
		switch {
		case o.done[t.Type] && !o.lost[t.Type]:
			l.Types = append(append(l.Types, t.Type), t.others...)
		case o.absent[t.Type] && !o.lost[t.Type]:
			absent = append(absent, t.Type)
		}
	}
	if len(absent) > 0 {
		l.Notes = append(l.Notes, fmt.Sprintf("AWS: not offered here by Cloud Control, or of services not in use: %s", some(absent)))
	}
	if len(p.unknown) > 0 {
		l.Notes = append(l.Notes, fmt.Sprintf("AWS: not listed, as what they belong to can't be known beforehand: %s", some(p.unknown)))
	}
	for key, g := range o.groups {
		l.Problems = append(l.Problems, g.problem(key.kind))
	}
	for typ, n := range o.unnamed {
		l.Problems = append(l.Problems, model.Problem{
			Message: fmt.Sprintf("AWS: %d of %s left out: AWS doesn't tell what their import id is made of", n, typ),
			Hint:    "reading them (cloudformation:GetResource, and what the service wants) may not be allowed",
		})
	}
	for u, n := range o.count {
		u.Count = n
		l.Unsupported = append(l.Unsupported, u)
	}
	slices.Sort(l.Types)
	l.Types = slices.Compact(l.Types)
	slices.Sort(l.Notes)
	slices.SortFunc(l.Problems, func(a, b model.Problem) int { return cmp.Compare(a.Message, b.Message) })
	slices.SortFunc(l.Unsupported, func(a, b inventory.Unsupported) int {
		return cmp.Or(cmp.Compare(a.Type, b.Type), cmp.Compare(a.Account, b.Account), cmp.Compare(a.Region, b.Region))
	})
	return l
}

func (g *told) problem(k kind) model.Problem {
	places, types := some(slices.Sorted(maps.Keys(g.places))), some(slices.Sorted(maps.Keys(g.types)))
	switch k {
	case shut:
		return model.Problem{
			Message: fmt.Sprintf("AWS: nothing could be listed in %s: %s", places, g.reason),
			Hint:    "where a region isn't to be used, name the others: --inventory aws:REGION+REGION",
		}
	case uncounted:
		return model.Problem{
			Message: fmt.Sprintf("AWS: what no table covers is not counted in %s: %s", places, g.reason),
			Hint:    "allow tag:GetResources",
		}
	case denied:
		return model.Problem{
			Message: fmt.Sprintf("AWS: access denied, so that these are not listed: %s: %s", types, g.reason),
			Hint:    "allow it to the role, as the managed policy ReadOnlyAccess does",
		}
	}
	return model.Problem{
		Message: fmt.Sprintf("AWS: %s could not be listed to the end in %s: %s", types, places, g.reason),
		Hint:    "run it again; what was listed of it stands in the report",
	}
}

// maxNames is how many names a message has.
const maxNames = 10

// some joins names, the first of them where there are many.
func some(names []string) string {
	if len(names) > maxNames {
		return strings.Join(names[:maxNames], ", ") + fmt.Sprintf(" and %d more", len(names)-maxNames)
	}
	return strings.Join(names, ", ")
}
