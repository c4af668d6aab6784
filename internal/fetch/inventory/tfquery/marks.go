package tfquery

import (
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"

	"github.com/strandline-tf/strandline/internal/fetch/inventory/details"
)

// sensitiveMark is the comment that Terraform's generated configuration has
// behind what it leaves out. See internal/genconfig of Terraform's source.
const sensitiveMark = "# sensitive"

// configMarks reads a generated resource block: the paths of what it marks
// sensitive, and the top-level attributes and blocks that it shows. parsed is
// false where it is no block of that type, and then nothing is known.
func configMarks(config, typ string) (marks [][]string, shown map[string]bool, parsed bool) {
	if config == "" {
		return nil, nil, false
	}
	tokens, diags := hclsyntax.LexConfig([]byte(config), "", hcl.InitialPos)
	if diags.HasErrors() || details.Deep(tokens) {
		return nil, nil, false
	}
	file, diags := hclsyntax.ParseConfig([]byte(config), "", hcl.InitialPos)
	if diags.HasErrors() {
		return nil, nil, false
	}
	m := marker{lines: map[int]bool{}}
	for _, t := range tokens {
		if t.Type == hclsyntax.TokenComment && strings.TrimSpace(string(t.Bytes)) == sensitiveMark {
			m.lines[t.Range.Start.Line] = true
		}
	}
	body, ok := file.Body.(*hclsyntax.Body)
	if !ok || len(body.Blocks) != 1 || len(body.Attributes) > 0 || body.Blocks[0].Type != "resource" || len(body.Blocks[0].Labels) != 2 || body.Blocks[0].Labels[0] != typ {
		return nil, nil, false
	}
	shown = map[string]bool{}
	for name := range body.Blocks[0].Body.Attributes {
		shown[name] = true
	}
	for _, block := range body.Blocks[0].Body.Blocks {
		shown[block.Type] = true
	}
	m.body(nil, body.Blocks[0].Body)
	return m.marks, shown, true
}

// marker collects the paths of what ends on a marked line.
type marker struct {
	lines map[int]bool
	marks [][]string
}

func (m *marker) body(path []string, body *hclsyntax.Body) {
	for name, a := range body.Attributes {
		m.value(step(path, name), a.Expr, a.SrcRange)
	}
	for _, b := range body.Blocks {
		at := step(path, b.Type)
		if m.lines[b.CloseBraceRange.End.Line] {
			m.marks = append(m.marks, at)
			continue
		}
		m.body(at, b.Body)
	}
}

func (m *marker) value(path []string, e hclsyntax.Expression, of hcl.Range) {
	if m.lines[of.End.Line] {
		m.marks = append(m.marks, path)
		return
	}
	switch e := e.(type) {
	case *hclsyntax.ObjectConsExpr:
		for _, item := range e.Items {
			key, diags := item.KeyExpr.Value(nil)
			if diags.HasErrors() || key.IsNull() || !key.IsKnown() || key.Type() != cty.String {
				continue // generated keys are literal
			}
			m.value(step(path, key.AsString()), item.ValueExpr, item.ValueExpr.Range())
		}
	case *hclsyntax.TupleConsExpr:
		for _, element := range e.Exprs {
			m.value(path, element, element.Range())
		}
	}
}

// step returns path with one more step, in memory of its own.
func step(path []string, name string) []string {
	return append(append(make([]string, 0, len(path)+1), path...), name)
}
