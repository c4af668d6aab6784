package propose

import (
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/strandline-tf/strandline/internal/model"
)

// calledBy returns what an object is called: all of it, and what of that a
// person would say first.
func calledBy(o *model.Object) (all, first string) {
	all = o.Tags["Name"]
	if len(asciiWords(all)) == 0 {
		all = o.Name
	}
	if len(asciiWords(all)) > 0 {
		return withoutARNs(all)
	}
	if o.ID == "" {
		return calledByIdentity(o)
	}
	return calledByID(o.ID)
}

func calledByID(id string) (all, first string) {
	if _, path, ok := strings.Cut(id, "://"); ok && !isARN(id) { // a queue's, say
		return lastPart(path), lastPart(path)
	}
	return withoutARNs(id)
}

// arnWithin finds where ARNs begin in an id that is made of several things.
var arnWithin = regexp.MustCompile(`(?:^|[^A-Za-z0-9])arn:`)

// withoutARNs takes the ARNs in a name, or in an id that is made of several
// things, for what they say of their resource, and for its name.
func withoutARNs(s string) (resources, names string) {
	var all, short []string
	add := func(whole, name string) { all, short = append(all, whole), append(short, name) }
	starts := arnWithin.FindAllStringIndex(s, -1)
	at := 0
	for i, m := range starts {
		begin, end := m[1]-len("arn:"), len(s)
		if i+1 < len(starts) {
			end = starts[i+1][0]
		}
		if n := strings.IndexAny(s[begin:end], ",|; "); n >= 0 {
			end = begin + n
		}
		if arn := strings.TrimRight(s[begin:end], "/:"); isARN(arn) {
			resource := arn[strings.LastIndexByte(arn, ':')+1:]
			add(s[at:begin], s[at:begin])
			add(resource, lastPart(resource))
			at = end
		}
	}
	add(s[at:], s[at:])
	return strings.Join(all, ""), strings.Join(short, "")
}

// calledByIdentity is calledBy for an object of which only the identity is
// known.
func calledByIdentity(o *model.Object) (all, first string) {
	members := map[string]string{}
	for name, v := range identityOf(o) {
		if s := textOf(v, true); len(asciiWords(s)) > 0 {
			members[name] = s
		}
	}
	names := slices.Sorted(maps.Keys(members))
	isWhere := func(name string) bool {
		switch name {
		case "account_id", "region", "project", "subscription_id", "location", "zone", "partition":
			return true
		}
		return false
	}
	if !slices.ContainsFunc(names, func(name string) bool { return !isWhere(name) }) {
		isWhere = func(string) bool { return false } // better than nothing
	}
	names = slices.DeleteFunc(names, isWhere)
	telling := []string{"id", "arn", "name"} // least first
	rank := func(name string) int { return -slices.Index(telling, name) }
	slices.SortStableFunc(names, func(x, y string) int { return rank(x) - rank(y) })
	var alls, firsts []string
	for _, name := range names {
		whole, short := calledByID(members[name])
		if name == "id" {
			short = lastPart(short)
		}
		alls, firsts = append(alls, whole), append(firsts, short)
	}
	if len(names) > 0 && slices.Contains(telling, names[0]) {
		firsts = firsts[:1]
	}
	return strings.Join(alls, "/"), strings.Join(firsts, "/")
}

// lastPart returns the last part of a path that a person may have chosen: shop
// of loadbalancer/app/shop/50dc6c495c0c9188.
func lastPart(path string) string {
	parts := strings.Split(path, "/")
	for i := len(parts) - 1; i > 0; i-- {
		if p := parts[i]; p != "" && !uuid.MatchString(strings.ReplaceAll(p, "-", "_")) && !(machine.MatchString(p) && strings.ContainsAny(p, "0123456789")) {
			return p
		}
	}
	return path
}
