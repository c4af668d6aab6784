package propose

import (
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/hashicorp/hcl/v2/hclwrite"
	"github.com/zclconf/go-cty/cty"
)

// newBlock writes a nested block.
type newBlock struct {
	tree *Tree
	typ  string // of the resource
	// skipped are the members that it leaves out because no block of that name
	// in the tree has them: the provider may not let them be set.
	skipped []string
}

// text writes v as the block that name leads to (disk, or rule.transition),
// without the line break at its end. What is empty in it is left out: providers
// report an empty value for each argument that is not set. False: it can't be
// written.
func (n *newBlock) text(name string, v cty.Value) (string, bool) {
	f := hclwrite.NewEmptyFile()
	if !n.append(f.Body(), name, v) {
		return "", false
	}
	text := f.Bytes()
	_, diags := hclsyntax.ParseConfig(text, "", hcl.InitialPos)
	return strings.TrimSuffix(string(text), "\n"), !diags.HasErrors()
}

func (n *newBlock) append(body *hclwrite.Body, path string, v cty.Value) bool {
	name := path[strings.LastIndexByte(path, '.')+1:]
	if !hclsyntax.ValidIdentifier(name) {
		return false
	}
	isKnown := n.tree.form(n.typ, path) == asBlock
	block := body.AppendNewBlock(name, nil).Body()
	members := v.AsValueMap()
	var nested []string
	for _, name := range memberNames(v, v) {
		m := members[name]
		switch inner := n.tree.form(n.typ, path+"."+name); {
		case isEmptyValue(m):
		case inner == 0 && (isKnown || isComputed(name)):
			n.skipped = append(n.skipped, name)
		case inner != asArgument && areObjects(m):
			nested = append(nested, name)
		case !hclsyntax.ValidIdentifier(name):
			return false
		default:
			if _, ok := write(m); !ok {
				return false
			}
			block.SetAttributeRaw(name, tokensOf(m))
		}
	}
	for _, name := range nested {
		for _, e := range members[name].AsValueSlice() {
			if !n.append(block, path+"."+name, e) {
				return false
			}
		}
	}
	return true
}

// areObjects reports whether v is a list of objects, which within a block are
// blocks again.
func areObjects(v cty.Value) bool {
	return !v.IsNull() && v.Type().IsTupleType() && v.LengthInt() > 0 && !slices.ContainsFunc(v.AsValueSlice(), func(e cty.Value) bool {
		return e.IsNull() || !e.Type().IsObjectType()
	})
}
