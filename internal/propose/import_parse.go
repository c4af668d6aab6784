package propose

import (
	"bytes"
	"regexp"
	"slices"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/function"
	"github.com/zclconf/go-cty/cty/function/stdlib"
)

// markedSensitive is the comment that Terraform puts behind the null that it
// writes instead of a sensitive value.
var markedSensitive = regexp.MustCompile(`= null # sensitive[ \t\r]*(?:\n|$)`)

// written is a resource block that somebody else wrote.
type written struct {
	body      *body
	provider  hcl.Traversal // what it says of its provider, nil for nothing
	sensitive []string      // top-level arguments that are left out for being sensitive
}

// readResource reads the one resource block in text. What isn't a value (a
// reference, say, to what is not adopted with it) is left out of it, and so are
// arguments that are null and those that Terraform itself takes, but for the
// provider. False: it is none.
func readResource(typ, text string) (*written, bool) {
	src, ok := parse("config.tf", []byte(text))
	if !ok || len(src.body.Attributes) > 0 {
		return nil, false
	}
	var block *hclsyntax.Block
	for _, b := range src.body.Blocks {
		switch {
		case b.Type == "import": // terraform query writes them side by side
		case b.Type != "resource" || len(b.Labels) != 2 || b.Labels[0] != typ || block != nil:
			return nil, false
		default:
			block = b
		}
	}
	if block == nil {
		return nil, false
	}
	out := &written{}
	for name, attr := range block.Body.Attributes {
		switch name {
		case "provider":
			out.provider, _ = hcl.AbsTraversalForExpr(attr.Expr)
		case "count", "for_each", "depends_on":
		default:
			if !src.hasMark(attr.SrcRange) {
				continue
			}
			out.sensitive = append(out.sensitive, name)
		}
		delete(block.Body.Attributes, name)
	}
	kept := block.Body.Blocks[:0]
	for _, b := range block.Body.Blocks {
		switch b.Type {
		case "lifecycle", "connection", "provisioner", "timeouts":
		default:
			if src.hasMark(b.Range()) {
				out.sensitive = append(out.sensitive, b.Type)
				continue
			}
			kept = append(kept, b)
		}
	}
	kept = slices.DeleteFunc(kept, func(b *hclsyntax.Block) bool { return slices.Contains(out.sensitive, b.Type) })
	slices.Sort(out.sensitive)
	out.sensitive = slices.Compact(out.sensitive)
	block.Body.Blocks = kept
	out.body = readBody(block.Body)
	return out, true
}

// hasMark reports whether a value within r, or at its end, is left out for
// being sensitive.
func (s *source) hasMark(r hcl.Range) bool {
	end := r.End.Byte
	if i := bytes.IndexByte(s.text[end:], '\n'); i >= 0 {
		end += i + 1
	} else {
		end = len(s.text)
	}
	return markedSensitive.Match(s.text[r.Start.Byte:end])
}

func readBody(in *hclsyntax.Body) *body {
	out := &body{}
	for name, attr := range in.Attributes {
		if v, ok := valueIn(attr.Expr); ok && !v.IsNull() {
			out.items = append(out.items, &item{name: name, value: v})
		}
	}
	for _, b := range in.Blocks {
		if len(b.Labels) == 0 && b.Type != "dynamic" {
			out.items = append(out.items, &item{name: b.Type, block: readBody(b.Body)})
		}
	}
	out.sort()
	return out
}

// valueIn returns what an expression stands for, if it needs no other thing
// than itself for that.
func valueIn(expr hclsyntax.Expression) (cty.Value, bool) {
	guard := &costs{}
	if diags := hclsyntax.Walk(expr, guard); diags.HasErrors() || guard.tooMuch {
		return cty.NilVal, false
	}
	v, diags := expr.Value(&hcl.EvalContext{Functions: map[string]function.Function{"jsonencode": stdlib.JSONEncodeFunc}})
	if diags.HasErrors() || !v.IsWhollyKnown() || v.IsMarked() || !isWritable(v) || isDeep(v, 0) {
		return cty.NilVal, false
	}
	return v, true
}

// costs finds out what may take long to evaluate, however short it is: loops,
// and documents within documents, each of which doubles the backslashes.
type costs struct {
	calls   int // within each other
	tooMuch bool
}

// Enter implements hclsyntax.Walker.
func (c *costs) Enter(node hclsyntax.Node) hcl.Diagnostics {
	switch node.(type) {
	case *hclsyntax.ForExpr:
		c.tooMuch = true
	case *hclsyntax.FunctionCallExpr:
		c.calls++
		c.tooMuch = c.tooMuch || c.calls > 2
	}
	return nil
}

// Exit implements hclsyntax.Walker.
func (c *costs) Exit(node hclsyntax.Node) hcl.Diagnostics {
	if _, ok := node.(*hclsyntax.FunctionCallExpr); ok {
		c.calls--
	}
	return nil
}
