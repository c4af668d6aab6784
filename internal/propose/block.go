package propose

import (
	"fmt"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/hashicorp/hcl/v2/hclwrite"

	"github.com/strandline-tf/strandline/internal/model"
)

// suggestion is the block as a person gets it. False: it can't be written so
// that Terraform reads the same addresses.
func (b *block) suggestion() (model.Suggestion, bool) {
	content := movedBlock(b.from, b.to)
	from, to, ok := readMoved(content)
	if !ok || !isSame(from, b.from) || !isSame(to, b.to) {
		return model.Suggestion{}, false
	}
	return model.Suggestion{
		Kind:     "moved",
		To:       text(b.to),
		Why:      fmt.Sprintf("`%s` and `%s`: %s", text(b.from), text(b.to), b.likeness()),
		Files:    []model.File{{Path: "moved.tf", Content: string(content)}},
		Verified: "unverified",
	}, true
}

// movedBlock writes a moved block. See
// https://developer.hashicorp.com/terraform/language/block/moved
func movedBlock(from, to hcl.Traversal) []byte {
	f := hclwrite.NewEmptyFile()
	body := f.Body().AppendNewBlock("moved", nil).Body()
	body.SetAttributeTraversal("from", from)
	body.SetAttributeTraversal("to", to)
	return f.Bytes()
}

// readMoved reads a file of one moved block.
func readMoved(content []byte) (from, to hcl.Traversal, ok bool) {
	f, diags := hclsyntax.ParseConfig(content, "moved.tf", hcl.InitialPos)
	if diags.HasErrors() {
		return nil, nil, false
	}
	body, isNative := f.Body.(*hclsyntax.Body)
	if !isNative || len(body.Attributes) != 0 || len(body.Blocks) != 1 || body.Blocks[0].Type != "moved" {
		return nil, nil, false
	}
	ends := [2]hcl.Traversal{}
	for i, name := range []string{"from", "to"} {
		a := body.Blocks[0].Body.Attributes[name]
		if a == nil {
			return nil, nil, false
		}
		if ends[i], diags = hcl.AbsTraversalForExpr(a.Expr); diags.HasErrors() {
			return nil, nil, false
		}
	}
	return ends[0], ends[1], true
}

// isSame reports whether two traversals lead to the same place.
func isSame(a, b hcl.Traversal) bool {
	if len(a) != len(b) {
		return false
	}
	x, y := reader{steps: a}, reader{steps: b}
	for x.at < len(a) {
		at := x.at
		if x.next() != y.next() || x.key() != y.key() || x.at != y.at || x.at == at {
			return false
		}
	}
	return true
}

// likeness is why the pairs belong together, in words.
func (b *block) likeness() string {
	const shown = 3 // paths of what differs
	equal, all := 0, 0
	var differ []string
	for _, p := range b.pairs {
		equal += p.equal
		all += p.equal + p.differ
		for _, path := range differences(p.from, p.to) {
			if len(b.pairs) > 1 {
				path = p.from.change.Name + ": " + path
			}
			differ = append(differ, path)
		}
	}
	var what string
	switch n := len(b.pairs); {
	case b.module && n == 1:
		what = "its one resource has the same address within; "
	case b.module:
		what = fmt.Sprintf("all %d resources have the same addresses within; ", n)
	case n > 1:
		what = fmt.Sprintf("all %d instances have the same keys; ", n)
	}
	switch {
	case all == 0 && b.module:
		return what + "no attribute can be compared"
	case all == 0:
		return what + "no attribute can be compared, but it is the same resource, with count or for_each instead of the other"
	case all == 1:
		return what + "the one comparable attribute is equal"
	case equal == all:
		return what + fmt.Sprintf("all %d comparable attributes are equal", all)
	}
	but := strings.Join(differ[:min(len(differ), shown)], ", ")
	if more := len(differ) - shown; more > 0 {
		but += fmt.Sprintf(" and %d more", more)
	}
	return what + fmt.Sprintf("%d of %d comparable attributes are equal (all but %s)", equal, all, but)
}
