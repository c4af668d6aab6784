package propose

import (
	"cmp"
	"maps"
	"path"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
)

// Tree is the Terraform configuration of a repository. It parses files when
// they are first asked for, and each of them once, so that one Tree serves all
// workspaces of a run. It is not safe for concurrent use.
type Tree struct {
	files   map[string][]byte
	names   map[string][]string // by folder: its .tf files, sorted
	inputs  map[string][]string // by folder: the files that set variables of a root module there; of several, the last one counts
	sources map[string]*source  // by path; nil for one that can't be parsed
	folders map[string]*folder
	// replaced are folders that are otherwise than their files: see try.
	replaced map[string]*folder
	calls    map[string][]placed // by folder: the module blocks that call it, in any folder
	forms    map[[2]string]form  // by type of resource and name of an argument
	// canonical files are as hclwrite.Format writes them.
	canonical map[string]bool
}

// NewTree returns the tree of files, which are named by their path from the
// repository's root, with slashes. What isn't a .tf file, or one from which
// Terraform reads variables unasked, is passed over. A .tf file that can't be
// parsed is as if it weren't there; a file of variables that can't be read, also
// one whose content is nil, may set any.
func NewTree(files map[string][]byte) *Tree {
	t := &Tree{files: files, names: map[string][]string{}, inputs: map[string][]string{}, sources: map[string]*source{},
		folders: map[string]*folder{}, canonical: map[string]bool{}}
	for name := range files {
		if path.Clean(name) != name || path.IsAbs(name) || strings.HasPrefix(name, "../") {
			continue
		}
		switch dir := path.Dir(name); {
		case path.Ext(name) == ".tf":
			t.names[dir] = append(t.names[dir], name)
		case inputRank(name) > 0:
			t.inputs[dir] = append(t.inputs[dir], name)
		}
	}
	for _, list := range t.names {
		slices.Sort(list)
	}
	for _, list := range t.inputs {
		slices.SortFunc(list, func(a, b string) int { return cmp.Or(cmp.Compare(inputRank(a), inputRank(b)), cmp.Compare(a, b)) })
	}
	return t
}

// source is one parsed file.
type source struct {
	path   string
	text   []byte
	body   *hclsyntax.Body
	tokens hclsyntax.Tokens
	uses   []use
	bounds []int // of its parts: see part. nil: not looked for yet
	crlf   byte  // see isCRLF. 0: not looked for yet
}

// placed is a block and the file it stands in.
type placed struct {
	src   *source
	block *hclsyntax.Block
}

// folder is the module that the files of one directory make up.
type folder struct {
	resources named[placed] // by type.name
	modules   named[placed]
	variables named[placed]
	locals    named[local]
	uses      named[use]
}

func newFolder() *folder {
	blocks := func() named[placed] { return named[placed]{own: map[string][]placed{}} }
	return &folder{blocks(), blocks(), blocks(), named[local]{own: map[string][]local{}}, named[use]{own: map[string][]use{}}}
}

// local is the definition of a local value.
type local struct {
	src  *source
	attr *hclsyntax.Attribute
}

// use is a place where an expression refers to something.
type use struct {
	src       *source
	name      string // its first two steps: var.x, local.x, aws_instance.web
	traversal hcl.Traversal
}

// folder returns the module in a directory, nil where there is none.
func (t *Tree) folder(dir string) *folder {
	if f := t.replaced[dir]; f != nil {
		return f
	}
	if f, known := t.folders[dir]; known {
		return f
	}
	var f *folder
	for _, name := range t.names[dir] {
		src := t.source(name)
		if src == nil {
			continue
		}
		if f == nil {
			f = newFolder()
		}
		f.add(src)
	}
	t.folders[dir] = f
	return f
}

// source returns a parsed file, nil for one that can't be parsed.
func (t *Tree) source(name string) *source {
	src, known := t.sources[name]
	if !known {
		src, _ = parse(name, t.files[name])
		t.sources[name] = src
	}
	return src
}

// parse reads a file that is fit for a parser.
func parse(name string, text []byte) (*source, bool) {
	tokens, diags := hclsyntax.LexConfig(text, name, hcl.InitialPos)
	if diags.HasErrors() || !isShallow(tokens) {
		return nil, false
	}
	parsed, diags := hclsyntax.ParseConfig(text, name, hcl.InitialPos)
	if diags.HasErrors() {
		return nil, false
	}
	body, ok := parsed.Body.(*hclsyntax.Body)
	if !ok {
		return nil, false
	}
	src := &source{path: name, text: text, body: body, tokens: tokens}
	src.addUses(body)
	return src, true
}

func (f *folder) add(src *source) {
	for _, b := range src.body.Blocks {
		p := placed{src, b}
		switch {
		case b.Type == "resource" && len(b.Labels) == 2:
			name := b.Labels[0] + "." + b.Labels[1]
			f.resources.add(name, p)
		case b.Type == "module" && len(b.Labels) == 1:
			f.modules.add(b.Labels[0], p)
		case b.Type == "variable" && len(b.Labels) == 1:
			f.variables.add(b.Labels[0], p)
		case b.Type == "locals":
			for name, attr := range b.Body.Attributes {
				f.locals.add(name, local{src, attr})
			}
		}
	}
	for _, u := range src.uses {
		f.uses.add(u.name, u)
	}
}

// addUses notes what the expressions of a body refer to.
func (s *source) addUses(body *hclsyntax.Body) {
	for _, attr := range body.Attributes {
		for _, t := range attr.Expr.Variables() {
			r := reader{steps: t}
			root, name := r.next(), r.next()
			if name != "" {
				s.uses = append(s.uses, use{s, root + "." + name, t})
			}
		}
	}
	for _, b := range body.Blocks {
		s.addUses(b.Body)
	}
}

// callers returns the module blocks, in any folder but those of examples and
// tests, that call the module in dir.
func (t *Tree) callers(dir string) []placed {
	if t.calls == nil {
		t.calls = map[string][]placed{}
		for from := range t.names {
			f := t.folder(from)
			if f == nil || isExample(from) {
				continue
			}
			f.modules.all(func(blocks []placed) {
				for _, p := range blocks {
					if to, ok := localSource(from, p.block); ok {
						t.calls[to] = append(t.calls[to], p)
					}
				}
			})
		}
	}
	return t.calls[dir]
}

// isExample reports whether what a folder holds is there to be read or tested,
// and not to be applied.
func isExample(dir string) bool {
	return slices.ContainsFunc(strings.Split(dir, "/"), func(name string) bool {
		switch name {
		case "example", "examples", "test", "tests":
			return true
		}
		return false
	})
}

// localSource returns the folder that a module block calls, if that is one of
// the repository.
func localSource(from string, call *hclsyntax.Block) (dir string, ok bool) {
	source := moduleSource(call)
	if !strings.HasPrefix(source, "./") && !strings.HasPrefix(source, "../") {
		return "", false
	}
	dir = path.Join(from, source)
	return dir, dir != ".." && !strings.HasPrefix(dir, "../")
}

// moduleSource returns the source of a module block, "" where it is no plain
// string.
func moduleSource(call *hclsyntax.Block) string {
	attr := call.Body.Attributes["source"]
	if attr == nil {
		return ""
	}
	v, ok := literal(attr.Expr)
	return textOf(v, ok)
}

// with returns the tree with other content in some files, without parsing
// the rest again. False: what is new can't be parsed.
func (t *Tree) with(files map[string][]byte) (*Tree, bool) {
	out := &Tree{files: maps.Clone(t.files), names: t.names, inputs: t.inputs, sources: maps.Clone(t.sources), folders: maps.Clone(t.folders),
		calls: t.calls, forms: t.forms, canonical: maps.Clone(t.canonical)}
	isSound := true
	for name, text := range files {
		out.files[name] = text
		delete(out.sources, name)
		delete(out.canonical, name)
		delete(out.folders, path.Dir(name))
		isSound = isSound && out.source(name) != nil
	}
	return out, isSound
}
