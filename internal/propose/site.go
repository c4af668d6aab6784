package propose

import (
	"fmt"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"

	"github.com/strandline-tf/strandline/internal/model"
)

// site is where the configuration of one resource stands, with the way there.
type site struct {
	tree *Tree
	placed
	addr address
	// dirs are the folders on the way: the root module's, then that of each
	// module called. calls[i] stands in dirs[i] and calls dirs[i+1].
	dirs  []string
	calls []placed
}

// find returns where the resource of a change is configured, or why that can't
// be told. dir is the folder of the root module.
func (t *Tree) find(dir string, c *model.Change) (*site, string) {
	if t == nil || dir == "" {
		return nil, "which folder of the repository this workspace's configuration is in is not known"
	}
	p := parser{modules: map[string][]module{}}
	addr, ok := p.parse(c)
	if !ok {
		return nil, "its address can't be read"
	}
	s := &site{tree: t, addr: addr, dirs: []string{dir}}
	for _, m := range addr.modules {
		f := t.folder(dir)
		if f == nil {
			return nil, noFolder(dir)
		}
		blocks := f.modules.get(m.name)
		if len(blocks) != 1 {
			return nil, fmt.Sprintf("the call of module %s %s in %s", inCode(m.name), stands(len(blocks)), inCode(dir))
		}
		s.calls = append(s.calls, blocks[0])
		if dir, ok = localSource(dir, blocks[0].block); !ok {
			from := moduleSource(blocks[0].block)
			if from == "" {
				from = "elsewhere"
			}
			return nil, fmt.Sprintf("its block is in a module from %s, called at %s", inCode(from), blocks[0].place())
		}
		s.dirs = append(s.dirs, dir)
	}
	f := t.folder(dir)
	if f == nil {
		return nil, noFolder(dir)
	}
	blocks := f.resources.get(addr.typ + "." + addr.name)
	if len(blocks) != 1 {
		why := fmt.Sprintf("its block %s in %s", stands(len(blocks)), inCode(dir))
		for _, b := range blocks {
			why += ", at " + b.place()
		}
		return nil, why
	}
	s.placed = blocks[0]
	return s, ""
}

func noFolder(dir string) string {
	return fmt.Sprintf("%s holds no configuration that can be read", inCode(dir))
}

// stands says how often something is there that must be there once.
func stands(n int) string {
	if n == 0 {
		return "isn't"
	}
	return fmt.Sprintf("stands %d times", n)
}

// levels is how many blocks on the way can stand for several objects: the
// module calls, and last the resource itself.
func (s *site) levels() int { return len(s.calls) + 1 }

// level returns one of them, with the key of the instance in question.
func (s *site) level(i int) (placed, string) {
	if i < len(s.calls) {
		return s.calls[i], s.addr.modules[i].key
	}
	return s.placed, s.addr.key
}

// shared says what else a change made in dirs[depth] would change, "" for
// nothing. own are the levels of which it concerns the one instance only.
func (s *site) shared(depth int, own levels) string {
	for i := range s.levels() {
		if p, _ := s.level(i); !own.has(i) && isRepeated(p.block.Body) {
			return fmt.Sprintf("it is written once for all instances of %s", inCode(p.name()))
		}
	}
	for _, dir := range s.dirs[1 : depth+1] {
		if callers := s.tree.callers(dir); len(callers) > 1 {
			var places []string
			for _, c := range callers {
				places = append(places, c.place())
			}
			slices.Sort(places)
			return fmt.Sprintf("%s is called %d times (%s), and it is written once for all", inCode(dir), len(callers), listed(places))
		}
	}
	return ""
}

// levels is a set of a site's levels.
type levels uint64

func (l levels) has(i int) bool        { return i < 64 && l&(1<<i) != 0 }
func (l levels) with(i int) levels     { return l | 1<<i }
func (p placed) place() string         { return place(p.src, p.block.DefRange().Start.Line) }
func place(src *source, at int) string { return placeIn(src.path, at) }

// placeIn names a line of a file, however long the file's name is.
func placeIn(file string, line int) string {
	return fmt.Sprintf("%s:%d`", strings.TrimSuffix(inCode(file), "`"), line)
}

// name is how a block is referred to.
func (p placed) name() string {
	name := strings.Join(p.block.Labels, ".")
	if p.block.Type == "module" {
		return "module." + name
	}
	return name
}

// isRepeated reports whether a resource or module block can stand for several
// objects at once.
func isRepeated(body *hclsyntax.Body) bool {
	if attr := body.Attributes["count"]; attr != nil {
		return !isAtMostOne(attr.Expr)
	}
	if attr := body.Attributes["for_each"]; attr != nil {
		v, ok := literal(argument(attr.Expr, "toset"))
		return !ok || v.IsNull() || !v.CanIterateElements() || v.LengthInt() > 1
	}
	return false
}

// isAtMostOne reports whether a count is 0 or 1, whatever it depends on.
func isAtMostOne(expr hclsyntax.Expression) bool {
	switch e := expr.(type) {
	case *hclsyntax.ParenthesesExpr:
		return isAtMostOne(e.Expression)
	case *hclsyntax.ConditionalExpr:
		return isAtMostOne(e.TrueResult) && isAtMostOne(e.FalseResult)
	}
	v, ok := literal(expr)
	return ok && !v.IsNull() && v.Type() == cty.Number && (v.RawEquals(cty.NumberIntVal(0)) || v.RawEquals(cty.NumberIntVal(1)))
}

// argument returns the argument of a call of one of these functions, which
// give back what they get, or expr itself.
func argument(expr hclsyntax.Expression, functions ...string) hclsyntax.Expression {
	for {
		switch e := expr.(type) {
		case *hclsyntax.ParenthesesExpr:
			expr = e.Expression
			continue
		case *hclsyntax.FunctionCallExpr:
			if len(e.Args) == 1 && !e.ExpandFinal && slices.Contains(functions, e.Name) {
				expr = e.Args[0]
				continue
			}
		}
		return expr
	}
}
