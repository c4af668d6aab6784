package propose

import (
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"

	"github.com/strandline-tf/strandline/internal/model"
)

// The elements of a set have no order, and those of a list may stand in another
// one in the configuration than in the state. So the block or element that a
// difference is about is found by what it holds.

// isMissing is why no candidate is taken: none is like it.
const isMissing = "none of which holds what was there before"

// candidate is one block, or one element of a list, of the configuration.
type candidate struct {
	at    int // among all
	block *hclsyntax.Block
	expr  hclsyntax.Expression
	taken bool
}

// chooser gives each element that differs its candidate.
type chooser struct {
	candidates []candidate
	unchanged  []model.Leaf
}

// take returns the candidate that holds what one side of d has, or says why
// there is none. It isn't taken again.
func (m *chooser) take(d *difference, side func(*model.Attribute) model.Value) (*candidate, string) {
	want, ok := d.value(side)
	if !ok {
		return nil, isMissing
	}
	var best []*candidate
	most, open := 0, 0
	for i := range m.candidates {
		c := &m.candidates[i]
		if c.taken {
			continue
		}
		n, fits := c.fit(want)
		rest, alsoFits := m.fitsRest(c, d)
		if !fits || !alsoFits {
			continue
		}
		n += rest
		open++
		if n > most {
			best, most = nil, n
		}
		if n == most && n > 0 {
			best = append(best, c)
		}
	}
	switch {
	case len(best) == 0:
		// Of one block that can be, nothing needs to tell it from others.
		if only := m.only(); only != nil && open == 1 && d.phase == changes {
			only.taken = true
			return only, ""
		}
		return nil, isMissing
	case len(best) > 1:
		for _, c := range best {
			if c.at == d.index {
				best[0] = c
			}
		}
		if best[0].at != d.index && d.phase == changes && !best[0].isWritten() {
			return nil, "several of which could be meant"
		}
	}
	best[0].taken = true
	return best[0], ""
}

// only returns the candidate if there is but one.
func (m *chooser) only() *candidate {
	if len(m.candidates) != 1 || m.candidates[0].taken {
		return nil
	}
	return &m.candidates[0]
}

// isWritten reports whether all that the candidate holds is written out, so
// that another one that fits as well is the same.
func (c *candidate) isWritten() bool { return c.expr != nil && isLiteral(c.expr) }

// fitsRest is fit for what is beside the difference in the same element, which
// stays as it is.
func (m *chooser) fitsRest(c *candidate, d *difference) (count int, fits bool) {
	for _, l := range m.unchanged {
		rest, ok := strings.CutPrefix(l.Path, d.path)
		if !ok || rest == "" || rest[0] != '.' {
			continue
		}
		steps, diags := hclsyntax.ParseTraversalAbs([]byte(rest[1:]), "", hcl.InitialPos)
		value, known := valueOf(l.Value)
		if diags.HasErrors() || !known {
			continue
		}
		r := reader{steps: steps}
		want := value
		name := r.next()
		if len(steps) > 1 {
			continue // of deeper ones there is enough in the difference itself
		}
		n, ok := c.fit(cty.ObjectVal(map[string]cty.Value{name: want}))
		if !ok {
			return 0, false
		}
		count += n
	}
	return count, true
}

// fit returns how many values of want the candidate has, as far as it is
// written out. False: it says otherwise of one.
func (c *candidate) fit(want cty.Value) (count int, fits bool) {
	if c.expr != nil {
		return fitExpr(c.expr, want)
	}
	return fitBody(c.block.Body, want)
}

func fitBody(body *hclsyntax.Body, want cty.Value) (count int, fits bool) {
	if want.IsNull() {
		return 0, true
	}
	if !want.Type().IsObjectType() {
		return 0, false
	}
	for name, v := range want.AsValueMap() {
		if attr := body.Attributes[name]; attr != nil {
			n, ok := fitExpr(attr.Expr, v)
			if !ok {
				return 0, false
			}
			count += n
			continue
		}
		blocks, dynamic := blocksOf(body, name)
		if len(blocks) == 0 || dynamic != nil || v.IsNull() {
			continue // a default, or more than can be told
		}
		list := []cty.Value{v}
		if v.Type().IsTupleType() {
			list = v.AsValueSlice()
		}
		for _, e := range list {
			best, any := 0, false
			for _, b := range blocks {
				if n, ok := fitBody(b.Body, e); ok {
					best, any = max(best, n), true
				}
			}
			if !any {
				return 0, false
			}
			count += best
		}
	}
	return count, true
}

func fitExpr(expr hclsyntax.Expression, want cty.Value) (count int, fits bool) {
	expr = argument(expr, "toset", "tolist", "tomap")
	if want.IsNull() {
		lit, ok := literal(expr)
		return 0, !ok || isEmptyValue(lit)
	}
	switch e := expr.(type) {
	case *hclsyntax.ObjectConsExpr:
		if !want.Type().IsObjectType() {
			return 0, false
		}
		for name, v := range want.AsValueMap() {
			item, ok := itemOf(e, name)
			if !ok {
				continue
			}
			n, ok := fitExpr(item.ValueExpr, v)
			if !ok {
				return 0, false
			}
			count += n
		}
		return count, true
	case *hclsyntax.TupleConsExpr:
		if !want.Type().IsTupleType() {
			return 0, false
		}
		for _, v := range want.AsValueSlice() {
			best, any := 0, false
			for _, part := range e.Exprs {
				if n, ok := fitExpr(part, v); ok {
					best, any = max(best, n), true
				}
			}
			if !any {
				return 0, false
			}
			count += best
		}
		return count, true
	}
	lit, ok := literal(expr)
	if !ok {
		return 0, true // it could be
	}
	if !isSameValue(lit, want) {
		return 0, false
	}
	return 1, true
}

// itemOf returns the member of an object by its name.
func itemOf(e *hclsyntax.ObjectConsExpr, name string) (hclsyntax.ObjectConsItem, bool) {
	for _, item := range e.Items {
		if n, ok := itemName(item); ok && n == name {
			return item, true
		}
	}
	return hclsyntax.ObjectConsItem{}, false
}
