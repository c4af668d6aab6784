package internal_test

import (
	"bytes"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"io/fs"
	"maps"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// layer is one line of the table of imports.
type layer struct {
	pkg      string
	may      []string // besides the leaves
	noLeaves bool
}

// folder is one package of the tree.
type folder struct {
	path  string
	files []*source // without tests
	tests []*source
}

type source struct {
	path  string
	ast   *ast.File
	lines int
}

// checker collects what breaks the rules.
type checker struct {
	fset  *token.FileSet
	found []string
}

// check reads the Go files of a tree and returns each breach of the rules, with
// the file and the reason. What a leading dot, testdata or a module of its own
// sets apart is passed over.
func check(tree fs.FS) []string {
	c := &checker{fset: token.NewFileSet()}
	folders := c.read(tree)
	var lines []int
	for _, p := range slices.Sorted(maps.Keys(folders)) {
		f := folders[p]
		for _, s := range append(slices.Clone(f.files), f.tests...) {
			c.finished(s)
		}
		if len(f.files) == 0 {
			continue
		}
		c.imports(f)
		c.comment(f)
		c.state(f)
		for _, s := range f.files {
			lines = append(lines, s.lines)
			if s.lines > maxLines {
				c.add("%s: %d lines, more than %d", s.path, s.lines, maxLines)
			}
			c.noInit(s)
			if !matches(f.path, environmentReaders) {
				c.environment(s)
			}
		}
	}
	slices.Sort(lines)
	if n := len(lines); n > 0 && lines[n/2] >= medianLines {
		c.add("the median file has %d lines, not less than %d", lines[n/2], medianLines)
	}
	return c.found
}

func (c *checker) add(format string, args ...any) {
	c.found = append(c.found, fmt.Sprintf(format, args...))
}

// at is a position for a message.
func (c *checker) at(n ast.Node) string {
	p := c.fset.Position(n.Pos())
	return p.Filename + ":" + strconv.Itoa(p.Line)
}

func (c *checker) read(tree fs.FS) map[string]*folder {
	folders := map[string]*folder{}
	err := fs.WalkDir(tree, ".", func(p string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() {
			_, err := fs.Stat(tree, path.Join(p, "go.mod"))
			if p != "." && (strings.HasPrefix(d.Name(), ".") || d.Name() == "testdata" || err == nil) {
				return fs.SkipDir
			}
			return nil
		}
		if path.Ext(p) != ".go" {
			return nil
		}
		text, err := fs.ReadFile(tree, p)
		if err != nil {
			return err
		}
		file, err := parser.ParseFile(c.fset, p, text, parser.ParseComments|parser.SkipObjectResolution)
		if err != nil {
			c.add("%v", err)
			return nil
		}
		dir := path.Dir(p)
		f := folders[dir]
		if f == nil {
			f = &folder{path: dir}
			folders[dir] = f
		}
		s := &source{path: p, ast: file, lines: bytes.Count(text, []byte("\n"))}
		if strings.HasSuffix(p, "_test.go") {
			f.tests = append(f.tests, s)
		} else {
			f.files = append(f.files, s)
		}
		return nil
	})
	if err != nil {
		c.add("%v", err)
	}
	return folders
}

// matches reports whether a package is one of those that patterns name.
func matches(pkg string, patterns []string) bool {
	return slices.ContainsFunc(patterns, func(p string) bool {
		below, isTree := strings.CutSuffix(p, "...")
		return p == pkg || isTree && strings.HasPrefix(pkg+"/", below)
	})
}

// imports holds a package against the table.
func (c *checker) imports(f *folder) {
	at := slices.IndexFunc(layers, func(l layer) bool { return matches(f.path, []string{l.pkg}) })
	if at < 0 {
		c.add("%s: stands in no layer; give it a place in the table of imports", f.path)
		return
	}
	l := layers[at]
	may := slices.Clone(l.may)
	if !l.noLeaves {
		may = append(may, leaves...)
	}
	for _, s := range f.files {
		for _, i := range s.ast.Imports {
			full, _ := strconv.Unquote(i.Path.Value) // the parser has seen to it
			used, ours := strings.CutPrefix(full, module)
			switch {
			case !ours:
			case matches(used, []string{"internal/testkit/..."}) && !matches(f.path, []string{"internal/testkit/..."}):
				c.add("%s: imports %s: for tests only", s.path, used)
			case !matches(used, may):
				c.add("%s: imports %s; %s may import of ours only %q", s.path, used, f.path, may)
			}
		}
	}
}

var sentence = regexp.MustCompile(`[.!?]["')]*(\s|$)`)

// comment wants one package comment that says more than the name.
func (c *checker) comment(f *folder) {
	var docs []string
	for _, s := range f.files {
		if s.ast.Doc != nil {
			docs = append(docs, s.ast.Doc.Text())
		}
	}
	want := "Package " + f.files[0].ast.Name.Name + " "
	if f.files[0].ast.Name.Name == "main" {
		want = "Command " + path.Base(f.path) + " "
	}
	switch {
	case len(docs) == 0:
		c.add("%s: no package comment", f.path)
	case len(docs) > 1:
		c.add("%s: %d files have a package comment", f.path, len(docs))
	case !strings.HasPrefix(docs[0], want):
		c.add("%s: its package comment should begin with %q", f.path, want)
	case len(sentence.FindAllString(docs[0], -1)) < 2:
		c.add("%s: its package comment should have at least two sentences", f.path)
	}
}

var unfinished = regexp.MustCompile(`\b(TODO|FIXME|XXX)\b`)

func (c *checker) finished(s *source) {
	for _, group := range s.ast.Comments {
		for _, comment := range group.List {
			if word := unfinished.FindString(comment.Text); word != "" {
				c.add("%s: unfinished: %s", c.at(comment), word)
			}
		}
	}
}

func (c *checker) noInit(s *source) {
	for _, d := range s.ast.Decls {
		if f, isFunc := d.(*ast.FuncDecl); isFunc && f.Recv == nil && f.Name.Name == "init" {
			c.add("%s: init runs before main can say anything", c.at(f))
		}
	}
}

// environment finds uses of os.Getenv and its like.
func (c *checker) environment(s *source) {
	name := ""
	for _, i := range s.ast.Imports {
		if i.Path.Value == `"os"` {
			name = "os"
			if i.Name != nil {
				name = i.Name.Name
			}
		}
	}
	ast.Inspect(s.ast, func(n ast.Node) bool {
		sel, isSelector := n.(*ast.SelectorExpr)
		if !isSelector {
			return true
		}
		if x, isName := sel.X.(*ast.Ident); isName && name != "" && x.Name == name &&
			slices.Contains([]string{"Getenv", "LookupEnv", "Environ", "ExpandEnv"}, sel.Sel.Name) {
			c.add("%s: reads the environment", c.at(sel))
		}
		return true
	})
}

// state finds package-level variables that functions change. The package is
// type-checked by itself, without what it imports: that is enough to tell its
// own variables from local ones.
func (c *checker) state(f *folder) {
	info := &types.Info{Uses: map[*ast.Ident]types.Object{}}
	conf := types.Config{Error: func(error) {}}
	var files []*ast.File
	for _, s := range f.files {
		files = append(files, s.ast)
		c.locks(s)
	}
	pkg, _ := conf.Check(f.path, c.fset, files, info) // its imports are errors, as expected
	changed := func(at ast.Node, e ast.Expr) {
		id := root(e)
		if id == nil {
			return
		}
		if v, isVar := info.Uses[id].(*types.Var); isVar && v.Parent() == pkg.Scope() {
			c.add("%s: changes %s, which is state of the whole package", c.at(at), id.Name)
		}
	}
	for _, file := range files {
		ast.Inspect(file, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.AssignStmt:
				for _, e := range n.Lhs {
					changed(n, e)
				}
			case *ast.IncDecStmt:
				changed(n, n.X)
			case *ast.RangeStmt:
				if n.Tok == token.ASSIGN {
					changed(n, n.Key)
				}
			case *ast.UnaryExpr:
				// The address of an element is how a table is read without
				// copying; that of a whole variable is there to set it.
				if id, isName := n.X.(*ast.Ident); isName && n.Op == token.AND {
					changed(n, id)
				}
			case *ast.CallExpr:
				if f, isName := n.Fun.(*ast.Ident); isName && len(n.Args) > 0 && slices.Contains([]string{"delete", "clear", "copy"}, f.Name) {
					changed(n, n.Args[0])
				}
			}
			return true
		})
	}
}

// locks finds package-level variables of types that exist to be changed.
func (c *checker) locks(s *source) {
	for _, d := range s.ast.Decls {
		g, isGen := d.(*ast.GenDecl)
		if !isGen || g.Tok != token.VAR {
			continue
		}
		for _, spec := range g.Specs {
			v := spec.(*ast.ValueSpec)
			if sel, isSelector := v.Type.(*ast.SelectorExpr); isSelector {
				if x, isName := sel.X.(*ast.Ident); isName && (x.Name == "sync" || x.Name == "atomic") {
					c.add("%s: %s is a %s.%s, state of the whole package", c.at(v), v.Names[0].Name, x.Name, sel.Sel.Name)
				}
			}
		}
	}
}

// root is the variable that an expression leads into, nil for none.
func root(e ast.Expr) *ast.Ident {
	switch e := e.(type) {
	case *ast.Ident:
		return e
	case *ast.IndexExpr:
		return root(e.X)
	case *ast.SelectorExpr:
		return root(e.X)
	case *ast.StarExpr:
		return root(e.X)
	case *ast.ParenExpr:
		return root(e.X)
	}
	return nil
}
