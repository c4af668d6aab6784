package terraformer

import (
	"fmt"
	"io/fs"
	"path"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/hashicorp/hcl/v2/hclwrite"
	"github.com/zclconf/go-cty/cty"

	"github.com/strandline-tf/strandline/internal/fetch/inventory/details"
	"github.com/strandline-tf/strandline/internal/model"
)

// maxFile is how many bytes of a .tf file are read.
const maxFile = 64 << 20

// blocks are the resource blocks of one folder.
type blocks struct {
	known   resolver
	regions map[string]string // of the providers' configurations, by the provider's name
	at      map[string]block
}

// block is one resource block, to be read and to be written.
type block struct {
	read  *hclsyntax.Body
	write *hclwrite.Block
}

// readBlocks reads the .tf files of f. Without a block an object has its
// attributes all the same, so a broken file is a note.
func (r *reading) readBlocks(f *folder) *blocks {
	out := &blocks{known: resolver{f.known, r.all}, regions: map[string]string{}, at: map[string]block{}}
	for _, name := range f.tf {
		text, err := r.readFile(path.Join(f.path, name))
		if err != nil {
			r.note(f, name+" can't be read: its configuration is not used")
			continue
		}
		tokens, diags := hclsyntax.LexConfig(text, name, hcl.InitialPos)
		if diags.HasErrors() || details.Deep(tokens) {
			r.note(f, name+" is not valid HCL: its configuration is not used")
			continue
		}
		read, diags := hclsyntax.ParseConfig(text, name, hcl.InitialPos)
		write, more := hclwrite.ParseConfig(text, name, hcl.InitialPos)
		if diags.HasErrors() || more.HasErrors() {
			r.note(f, name+" is not valid HCL: its configuration is not used")
			continue
		}
		writable := write.Body().Blocks()
		for i, b := range read.Body.(*hclsyntax.Body).Blocks {
			switch {
			case b.Type == "resource" && len(b.Labels) == 2:
				out.at[b.Labels[0]+"."+b.Labels[1]] = block{b.Body, writable[i]}
			case b.Type == "provider" && len(b.Labels) == 1 && b.Body.Attributes["region"] != nil:
				if v, diags := b.Body.Attributes["region"].Expr.Value(nil); !diags.HasErrors() && v.Type() == cty.String && v.IsKnown() && !v.IsNull() {
					out.regions[b.Labels[0]] = v.AsString()
				}
			}
		}
	}
	return out
}

func (r *reading) readFile(name string) ([]byte, error) {
	info, err := fs.Stat(r.dir, name)
	if err != nil {
		return nil, err
	}
	if info.Size() > maxFile {
		return nil, fmt.Errorf("more than %d MiB", maxFile>>20)
	}
	return fs.ReadFile(r.dir, name)
}

// describe gives o its resource block, with a readable label and literals only.
func (b *blocks) describe(o *model.Object, label string) {
	found, ok := b.at[o.Type+"."+label]
	if !ok {
		return
	}
	attributes := b.known.of(o.Type + "." + label)
	o.Attributes = typed(o.Attributes, found.read)
	b.literal(found.read, found.write.Body(), attributes)
	found.write.SetLabels([]string{o.Type, identifier(decode(label))})
	out := hclwrite.NewEmptyFile()
	out.Body().AppendBlock(found.write)
	o.Config = string(hclwrite.Format(out.Bytes()))
}
