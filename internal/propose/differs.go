package propose

import (
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"

	"github.com/strandline-tf/strandline/internal/model"
	"github.com/strandline-tf/strandline/internal/secret"
)

// phase says what became of an element of a list.
type phase byte

const (
	changes phase = iota // it stays, and something in it differs
	goes
	comes
)

// difference is what differs at one place of a resource, and below it: the
// leaves of a change put together again.
type difference struct {
	path   string
	name   string // of the member that it is
	index  int    // of the element that it is, in the list of before or after
	phase  phase
	isItem bool // an element of a list
	whole  bool // what stands here comes or goes as a whole
	leaf   *model.Attribute
	kids   []*difference
}

// differencesOf puts the attributes of a change together; odd are the paths that
// can't be read.
func differencesOf(attributes []model.Attribute) (root *difference, odd []string) {
	root = &difference{}
	for i := range attributes {
		if a := &attributes[i]; !root.add(a) {
			odd = append(odd, a.Path)
		}
	}
	return root, odd
}

// add puts a leaf in its place.
func (d *difference) add(a *model.Attribute) bool {
	steps, diags := hclsyntax.ParseTraversalAbs([]byte(a.Path), "", hcl.InitialPos)
	if diags.HasErrors() || len(steps) > maxNesting {
		return false
	}
	for i := range steps {
		kid := difference{path: a.Path[:steps[i].SourceRange().End.Byte]}
		switch s := steps[i].(type) {
		case hcl.TraverseRoot:
			kid.name = s.Name
		case hcl.TraverseAttr:
			kid.name = s.Name
		case hcl.TraverseIndex:
			if s.Key.Type() == cty.String {
				kid.name = s.Key.AsString()
				break
			}
			n, _ := s.Key.AsBigFloat().Int64()
			kid.isItem, kid.index = true, int(n)
			inElement := a.Element != "" && len(kid.path) >= len(a.Element)
			switch isLast := i == len(steps)-1; {
			case !isLast && !inElement:
			case a.Before == nil && a.After != nil:
				kid.phase = comes
			case a.Before != nil && a.After == nil:
				kid.phase = goes
			}
		default:
			return false
		}
		kid.whole = kid.path == a.Element
		d = d.kid(kid)
	}
	d.leaf = a
	return true
}

// kid returns the part of d that is the same place as k, which may be k.
func (d *difference) kid(k difference) *difference {
	for _, known := range d.kids {
		if known.name == k.name && known.isItem == k.isItem && known.index == k.index && known.phase == k.phase {
			known.whole = known.whole || k.whole
			return known
		}
	}
	d.kids = append(d.kids, &k)
	return &k
}

// leaves returns all leaves at d and below.
func (d *difference) leaves() []*model.Attribute {
	if d.leaf != nil {
		return []*model.Attribute{d.leaf}
	}
	var out []*model.Attribute
	for _, k := range d.kids {
		out = append(out, k.leaves()...)
	}
	return out
}

// isGone reports whether nothing of what stood here is left.
func (d *difference) isGone() bool {
	return (d.leaf != nil || d.whole) && d.all(func(a *model.Attribute) bool { return a.Before != nil && a.After == nil })
}

// isNew reports whether nothing of what stands here was there before.
func (d *difference) isNew() bool {
	return d.all(func(a *model.Attribute) bool { return a.Before == nil && a.After != nil })
}

func (d *difference) all(is func(*model.Attribute) bool) bool {
	return !slices.ContainsFunc(d.leaves(), func(a *model.Attribute) bool { return !is(a) })
}

// withheld says why values at d can't be written, "" if they can.
func (d *difference) withheld() string {
	for _, a := range d.leaves() {
		switch {
		case a.Sensitive:
			return "it is sensitive, so that its value is not written anywhere"
		case a.Unknown:
			return "its value isn't known"
		case strings.Contains(string(a.Before)+string(a.After), secret.Withheld):
			return "its value holds a secret, which is not written anywhere"
		}
	}
	return ""
}

// value returns what differs at d as one value, with what was there before or
// what is there after. Null: nothing. False: no value can be made of it.
func (d *difference) value(side func(*model.Attribute) model.Value) (cty.Value, bool) {
	if d.leaf != nil {
		v := side(d.leaf)
		if v == nil {
			return cty.NullVal(cty.DynamicPseudoType), true
		}
		return valueOf(v)
	}
	members := map[string]cty.Value{}
	var items []cty.Value
	for _, k := range d.kids {
		v, ok := k.value(side)
		if !ok {
			return cty.NilVal, false
		}
		switch {
		case k.isItem && !(v.IsNull() && k.phase != changes):
			items = append(items, v)
		case !k.isItem && !v.IsNull():
			members[k.name] = v
		}
	}
	switch {
	case len(items) > 0:
		return cty.TupleVal(items), len(members) == 0
	case len(members) > 0:
		return cty.ObjectVal(members), true
	}
	return cty.NullVal(cty.DynamicPseudoType), true
}

func before(a *model.Attribute) model.Value { return a.Before }
func after(a *model.Attribute) model.Value  { return a.After }
