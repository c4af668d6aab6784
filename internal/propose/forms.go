package propose

import "github.com/hashicorp/hcl/v2/hclsyntax"

// form says how a name is written in a resource.
type form byte

const (
	asArgument form = iota + 1 // name = …
	asBlock                    // name { … }
)

// form returns how resources of a type write a name in this tree, 0 where none
// does. The name of an argument in a nested block follows the block's and a
// dot.
func (t *Tree) form(typ, name string) form {
	if t.forms == nil {
		t.forms = map[[2]string]form{}
		for dir := range t.names {
			if f := t.folder(dir); f != nil {
				f.resources.all(func(blocks []placed) {
					for _, p := range blocks {
						t.addForms(p.block.Labels[0], "", p.block.Body)
					}
				})
			}
		}
	}
	return t.forms[[2]string{typ, name}]
}

func (t *Tree) addForms(typ, prefix string, body *hclsyntax.Body) {
	for name := range body.Attributes {
		t.forms[[2]string{typ, prefix + name}] = asArgument
	}
	for _, b := range body.Blocks {
		name, inner := b.Type, b.Body
		if name == "dynamic" && len(b.Labels) == 1 {
			name = b.Labels[0]
			if content, _ := blocksOf(inner, "content"); len(content) == 1 {
				inner = content[0].Body
			}
		}
		t.forms[[2]string{typ, prefix + name}] = asBlock
		t.addForms(typ, prefix+name+".", inner)
	}
}
