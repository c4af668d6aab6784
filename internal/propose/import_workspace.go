package propose

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/strandline-tf/strandline/internal/model"
)

// How much each sort of likeness counts. What several workspaces have in
// common is shared among them.
const (
	sameNetwork   = 5.0
	sameTag       = 3.0
	samePrefix    = 4.0
	shorterPrefix = 2.0
	neighbour     = 5.0
	sameType      = 1.5

	enough = 2.0 // less says nothing
	margin = 1.5 // so many times as much as the next one
	few    = 3   // what more workspaces than these have, and most of them, tells none from another
)

// resemblance knows what the resources of each workspace have in common.
type resemblance struct {
	targets []Target
	places  map[[3]string][]int // by provider, account and region: which may be meant, in order
	having  map[trait][]int     // which have it
}

// trait is something that resources of a workspace have: a tag, say.
type trait struct{ sort, value string }

func newResemblance(targets []Target) *resemblance {
	r := &resemblance{targets: targets, places: map[[3]string][]int{}, having: map[trait][]int{}}
	for i := range targets {
		p := &targets[i].Profile
		for sort, counts := range map[string]map[string]int{"vpc": p.VPCs, "tag": p.Tags, "prefix": p.Prefixes, "type": p.Types} {
			for value, n := range counts {
				if n > 0 {
					r.having[trait{sort, value}] = append(r.having[trait{sort, value}], i)
				}
			}
		}
		for provider := range providersOf(p) {
			r.having[trait{"provider", provider}] = append(r.having[trait{"provider", provider}], i)
		}
	}
	return r
}

// providersOf are the providers of what a workspace manages, as types begin.
func providersOf(p *model.Profile) map[string]bool {
	out := map[string]bool{}
	for typ, n := range p.Types {
		if n > 0 {
			out[prefixOf(typ)] = true
		}
	}
	return out
}

// prefixOf returns how the types of a type's provider begin.
func prefixOf(typ string) string {
	prefix, _, _ := strings.Cut(typ, "_")
	return prefix
}

// choice is a workspace for an object, and why.
type choice struct {
	workspace string // "" for none
	why       string
}

// likenesses are what workspaces have in common with one object, by the
// workspace's index.
type likenesses struct {
	score   map[int]float64
	reasons map[int][]string
}

func (l *likenesses) add(w int, score float64, reason string) {
	l.score[w] += score
	l.reasons[w] = append(l.reasons[w], reason)
}

// allowed returns the workspaces that manage something of the object's provider,
// in the object's account and region as far as these are known. Of the only
// workspace that there is it isn't asked what it manages.
func (r *resemblance) allowed(o *model.Object) []int {
	key := [3]string{prefixOf(o.Type), o.Account, regionOf(o)}
	if list, ok := r.places[key]; ok {
		return list
	}
	from := r.having[trait{"provider", key[0]}]
	if len(r.targets) == 1 {
		from = []int{0}
	}
	var list []int
	for _, i := range from {
		p := &r.targets[i].Profile
		if (key[1] == "" || len(p.Accounts) == 0 || p.Accounts[key[1]] > 0) && (key[2] == "" || len(p.Regions) == 0 || p.Regions[key[2]] > 0) {
			list = append(list, i)
		}
	}
	r.places[key] = list
	return list
}

// isIn reports whether a workspace is known to have resources where an object
// is. One that has but buckets, say, is allowed anywhere, and known nowhere.
func (r *resemblance) isIn(w int, o *model.Object) bool {
	p, region := &r.targets[w].Profile, regionOf(o)
	return (o.Account == "" || p.Accounts[o.Account] > 0) && (region == "" || p.Regions[region] > 0)
}

// choose finds the workspace that an object belongs to. neighbours counts by
// workspace what it refers to, and what refers to it.
func (r *resemblance) choose(k *known, neighbours map[string]int) choice {
	o := k.object
	list := r.allowed(o)
	if len(list) == 0 {
		provider := prefixOf(o.Type)
		switch {
		case len(r.targets) == 0:
			return choice{why: "no workspace is known that it may belong to"}
		case len(r.targets) > 1 && len(r.having[trait{"provider", provider}]) == 0:
			return choice{why: "no workspace has resources of the provider " + inCode(provider)}
		}
		return choice{why: "no workspace has resources in " + whereabouts(o)}
	}
	l := &likenesses{score: map[int]float64{}, reasons: map[int][]string{}}
	vpc := textOf(memberOf(k.members, "vpc_id"), true)
	if o.Type == "aws_vpc" {
		vpc = o.ID
	}
	r.shared(l, list, sameNetwork, "the same VPC", trait{"vpc", vpc})
	for _, key := range slices.Sorted(maps.Keys(o.Tags)) {
		if tag := key + "=" + o.Tags[key]; key != "Name" {
			r.shared(l, list, sameTag, "the tag "+inCode(tag), trait{"tag", tag})
		}
	}
	for i, prefix := range namePrefixes(o) {
		weight := samePrefix
		if i == 0 {
			weight = shorterPrefix
		}
		r.shared(l, list, weight, "names that begin with "+inCode(prefix), trait{"prefix", prefix})
	}
	for name, n := range neighbours {
		if w, ok := slices.BinarySearchFunc(list, name, func(w int, name string) int { return strings.Compare(r.targets[w].Name, name) }); ok {
			l.add(list[w], neighbour*float64(min(n, 2)), plural(n, "neighbour"))
		}
	}
	r.shared(l, list, sameType, "resources of the same type", trait{"type", o.Type})
	return r.decide(l, list, o)
}

// shared adds what some of the workspaces have in common with the object,
// which says the less the more of them have it.
func (r *resemblance) shared(l *likenesses, list []int, weight float64, reason string, what trait) {
	var with []int
	for _, w := range r.having[what] {
		if _, ok := slices.BinarySearch(list, w); ok {
			with = append(with, w)
		}
	}
	if len(with) > few && len(with) > len(list)/2 {
		return
	}
	for _, w := range with {
		l.add(w, weight/float64(len(with)), reason)
	}
}

func (r *resemblance) decide(l *likenesses, list []int, o *model.Object) choice {
	switch {
	case len(r.targets) == 1:
		return choice{r.targets[0].Name, inCode(r.targets[0].Name) + " is the only workspace"}
	case len(list) == 1:
		return r.decideOnly(l, list[0], o)
	case len(l.score) == 0:
		return choice{why: "no workspace resembles it enough"}
	}
	order := slices.SortedFunc(maps.Keys(l.score), func(a, b int) int {
		return cmp.Or(cmp.Compare(l.score[b], l.score[a]), a-b)
	})
	best := order[0]
	switch {
	case l.score[best] < enough:
		return choice{why: "no workspace resembles it enough"}
	case len(order) > 1 && l.score[best] <= margin*l.score[order[1]]:
		return choice{why: fmt.Sprintf("it may belong to %s (%s) as well as to %s (%s)", inCode(r.targets[best].Name), listed(l.reasons[best]),
			inCode(r.targets[order[1]].Name), listed(l.reasons[order[1]]))}
	}
	return r.like(l, best, o)
}

// decideOnly decides on the one workspace that an object is allowed in. Where
// that is only so because nobody knows where its resources are, being left over
// says nothing, and it has to resemble the object as one of several would.
func (r *resemblance) decideOnly(l *likenesses, w int, o *model.Object) choice {
	where := whereabouts(o)
	switch isIn := r.isIn(w, o); {
	case len(l.reasons[w]) > 0 && (isIn || l.score[w] >= enough):
		return r.like(l, w, o)
	case !isIn:
		return choice{why: "no workspace is known to have resources in " + where}
	case where != "":
		return choice{r.targets[w].Name, inCode(r.targets[w].Name) + " is the only workspace with resources in " + where}
	}
	return choice{why: "nothing says which workspace it belongs to"}
}

// like chooses a workspace for what it has in common with the object.
func (r *resemblance) like(l *likenesses, w int, o *model.Object) choice {
	in := ""
	if where := whereabouts(o); where != "" && r.isIn(w, o) {
		in = " in " + where
	}
	return choice{r.targets[w].Name, "like " + inCode(r.targets[w].Name) + in + ": " + listed(l.reasons[w])}
}

// whereabouts says in words where an object is.
func whereabouts(o *model.Object) string {
	var parts []string
	if o.Account != "" {
		parts = append(parts, "account "+inCode(o.Account))
	}
	if region := regionOf(o); region != "" {
		parts = append(parts, inCode(region))
	}
	return strings.Join(parts, ", ")
}

// namePrefixes returns the first part and the first two parts of an object's
// name, as profiles have them. Of a URL or an ARN only the end is a name: how
// it begins it has in common with all others.
func namePrefixes(o *model.Object) []string {
	_, name := calledByID(cmp.Or(o.Name, o.Tags["Name"], o.ID))
	if isARN(name) || unmistakable.MatchString(name) {
		return nil
	}
	name = strings.TrimLeft(name, "/")
	var out []string
	for i := 0; i < len(name) && len(out) < 2; i++ {
		if i > 0 && strings.IndexByte("-_./", name[i]) >= 0 {
			out = append(out, name[:i])
		}
	}
	return out
}
