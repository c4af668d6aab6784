package propose

import (
	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"

	"github.com/strandline-tf/strandline/internal/model"
)

// findings are the findings of one workspace, with what many of them ask for
// worked out once: a workspace may have thousands, all of one block.
type findings struct {
	*model.Workspace
	planned  map[string][]*model.Change // by address
	reverted int                        // how many an apply reverts, as far as is known
	blocks   map[string]*ignoring       // by the address of the block
}

// ignoring is what the findings of one block come to in its ignore_changes,
// which is one list for all instances.
type ignoring struct {
	drift   []*model.Drift // but for what is gone
	entries []hcl.Traversal
	what    string // the entries, in words
	done    map[*hclsyntax.Block]ignoreAdvice
}

func findingsOf(w *model.Workspace) *findings {
	f := &findings{Workspace: w, planned: make(map[string][]*model.Change, len(w.Changes)), blocks: map[string]*ignoring{}}
	for i := range w.Changes {
		c := &w.Changes[i]
		f.planned[c.Address] = append(f.planned[c.Address], c)
	}
	for i := range w.Drift {
		d := &w.Drift[i]
		if d.AffectsPlan == nil || *d.AffectsPlan {
			f.reverted++
		}
		if d.Action == model.ActionDelete {
			continue
		}
		address := model.ConfigAddress(d.Address)
		if f.blocks[address] == nil {
			f.blocks[address] = &ignoring{done: map[*hclsyntax.Block]ignoreAdvice{}}
		}
		f.blocks[address].drift = append(f.blocks[address].drift, d)
	}
	return f
}

// undone returns the paths of the drift that the plan changes again.
func (f *findings) undone(d *model.Drift) map[string]bool {
	out := map[string]bool{}
	for _, c := range f.planned[d.Address] {
		if c.Deposed != "" {
			continue
		}
		for j := range c.Attributes {
			if !c.Attributes[j].Unknown {
				out[c.Attributes[j].Path] = true
			}
		}
	}
	return out
}

// change returns the plan's change of the object of a finding, nil for none.
func (f *findings) change(d *model.Drift) *model.Change {
	var out *model.Change
	for _, c := range f.planned[d.Address] {
		if c.Deposed == d.Deposed {
			out = c
		}
	}
	return out
}

// ignoring returns what is to be ignored of the block of a finding that isn't
// gone.
func (f *findings) ignoring(d *model.Drift) *ignoring {
	b := f.blocks[model.ConfigAddress(d.Address)]
	if b.entries == nil && b.drift != nil {
		var attributes []model.Attribute
		for _, d := range b.drift {
			attributes = append(attributes, d.Attributes...)
		}
		b.drift, b.entries = nil, ignored(attributes)
		names := make([]string, len(b.entries))
		for i, e := range b.entries {
			names[i] = inCode(text(e))
		}
		b.what = listed(names)
	}
	return b
}
