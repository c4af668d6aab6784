package propose

import (
	"slices"
	"sort"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
)

// replace returns the folder with a part of a file replaced.
func (f *folder) replace(src *source, from, to int, part *source) *folder {
	blocks := src.body.Blocks
	first := sort.Search(len(blocks), func(i int) bool { return blocks[i].TypeRange.Start.Byte >= from })
	last := sort.Search(len(blocks), func(i int) bool { return blocks[i].TypeRange.Start.Byte >= to })
	was := &source{path: src.path, text: src.text, body: &hclsyntax.Body{Blocks: blocks[first:last]}}
	was.addUses(was.body)
	out := &folder{f.resources.over(), f.modules.over(), f.variables.over(), f.locals.over(), f.uses.over()}
	isOld := func(of *source, r hcl.Range) bool { return of == src && r.Start.Byte >= from && r.Start.Byte < to }
	old := newFolder()
	old.add(was)
	drop(&out.resources, old.resources, func(p placed) bool { return isOld(p.src, p.block.TypeRange) })
	drop(&out.modules, old.modules, func(p placed) bool { return isOld(p.src, p.block.TypeRange) })
	drop(&out.variables, old.variables, func(p placed) bool { return isOld(p.src, p.block.TypeRange) })
	drop(&out.locals, old.locals, func(l local) bool { return isOld(l.src, l.attr.SrcRange) })
	drop(&out.uses, old.uses, func(u use) bool { return isOld(u.src, u.traversal.SourceRange()) })
	out.add(part)
	return out
}

// drop takes what is old out of the lists of some names.
func drop[T any](from *named[T], names named[T], isOld func(T) bool) {
	for name := range names.own {
		from.own[name] = slices.DeleteFunc(slices.Clone(from.get(name)), isOld)
	}
}

// named are lists by name: own ones, and those of below for other names.
type named[T any] struct{ own, below map[string][]T }

func (n named[T]) get(name string) []T {
	if list, ok := n.own[name]; ok {
		return list
	}
	return n.below[name]
}

func (n *named[T]) add(name string, item T) {
	list, ok := n.own[name]
	if !ok {
		list = slices.Clip(n.below[name])
	}
	n.own[name] = append(list, item)
}

// over returns lists that can be changed without n.
func (n named[T]) over() named[T] {
	if n.below == nil {
		return named[T]{map[string][]T{}, n.own}
	}
	own := make(map[string][]T, len(n.own))
	for name, list := range n.own {
		own[name] = slices.Clip(list)
	}
	return named[T]{own, n.below}
}

// all calls do for each list.
func (n named[T]) all(do func([]T)) {
	for _, list := range n.own {
		do(list)
	}
	for name, list := range n.below {
		if _, replaced := n.own[name]; !replaced {
			do(list)
		}
	}
}
