package aws

import (
	"slices"
	"strings"

	"github.com/strandline-tf/strandline/internal/model/importid"
)

// target is one type to list.
type target struct {
	importid.Row // of a type without a row: what is known of it; its Import is empty
	// others are Terraform types of the same objects.
	others []string
	told   bool // objects are handed over; else they are listed for their children only
}

// native says whether the type is one of the awscc provider.
func (t *target) native() bool { return t.Row.Doc == "" }

// provider is the provider of the type, as an Object names it.
func (t *target) provider() string {
	if t.native() {
		return "awscc"
	}
	return "aws"
}

// plan is what to list, in which order.
type plan struct {
	// waves are the types by how deep they are nested: those of one need the
	// objects of those before it at most.
	waves [][]*target
	// wanted are the properties of a type that types nested in it ask for.
	wanted map[string][]string
	told   []*target
	// unknown are types that are listed within something that can't be known.
	unknown []string
}

// newPlan makes the plan for the types that are asked for.
func newPlan(asked func(string) bool) *plan {
	all := map[string]*target{}
	var order []*target
	add := func(t *target) {
		all[t.CloudFormation] = t
		order = append(order, t)
	}
	for _, row := range importid.All() {
		add(&target{Row: row, others: row.Also})
	}
	for _, cc := range importid.AllCC() {
		t := &target{Row: importid.Row{Type: cc.Type, CloudFormation: cc.CloudFormation, Given: cc.Given, Scope: cc.Scope}}
		if cc.AWS != "" {
			t.others = []string{cc.AWS}
		}
		add(t)
	}
	p := &plan{wanted: map[string][]string{}}
	depths := map[*target]int{}
	for _, t := range order {
		if !slices.ContainsFunc(append([]string{t.Type}, t.others...), asked) {
			continue
		}
		if unknowable(t, all) {
			p.unknown = append(p.unknown, t.Type)
			continue
		}
		t.told = true
		p.told = append(p.told, t)
		p.depth(t, all, depths)
	}
	for _, t := range order { // the tables' order within a wave
		if depth, needed := depths[t]; needed {
			for len(p.waves) <= depth {
				p.waves = append(p.waves, nil)
			}
			p.waves[depth] = append(p.waves[depth], t)
		}
	}
	return p
}

// unknowable says whether a type is listed within something that can't be
// known: a property that neither has a few values only nor is taken from
// anything, or a type of which the same is true.
func unknowable(t *target, all map[string]*target, above ...*target) bool {
	return slices.ContainsFunc(t.Given, func(g importid.Given) bool {
		return len(g.Values) == 0 && !slices.ContainsFunc(g.Parents, func(p importid.Parent) bool {
			of := all[p.CloudFormation]
			// A type that nests in itself may be listed if it has another parent.
			return of != nil && of != t && !slices.Contains(above, of) && !unknowable(of, all, append(above, t)...)
		})
	})
}

// depth is how many types have to be listed one after another before this one
// can be; they are put in the plan, too.
func (p *plan) depth(t *target, all map[string]*target, depths map[*target]int) int {
	if depth, known := depths[t]; known {
		return depth
	}
	depths[t] = 0 // ends a circle
	deepest := 0
	for _, g := range t.Given {
		for _, parent := range g.Parents {
			if of := all[parent.CloudFormation]; of == nil || unknowable(of, all) {
				continue
			}
			if wanted := p.wanted[parent.CloudFormation]; !slices.Contains(wanted, parent.Property) {
				p.wanted[parent.CloudFormation] = append(wanted, parent.Property)
			}
			if of := all[parent.CloudFormation]; of != t {
				deepest = max(deepest, 1+p.depth(of, all, depths))
			}
		}
	}
	depths[t] = deepest
	return deepest
}

// resource is the last part of a CloudFormation type: Bucket.
func (t *target) resource() string {
	return t.CloudFormation[strings.LastIndexByte(t.CloudFormation, ':')+1:]
}
