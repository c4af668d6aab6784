// Package checkout knows where in a repository's .tf files a resource, module,
// check, variable or output stands, and which folder a workspace's configuration
// is in.
//
// Before it comes the directory that a workflow checked out; after it come the
// formats that point at lines, such as SARIF, and propose, which suggests
// changes to the files (ReadTree). A checkout is a stranger's pull request:
// files are only split into tokens, never parsed in depth or evaluated, what is
// too large or too much is passed over, and symbolic links are not followed.
package checkout

import (
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/strandline-tf/strandline/internal/userfault"
)

// Limits of what is read; what is over them is as if it weren't there.
const (
	maxFiles    = 20_000   // .tf files and files of variables
	maxFolders  = 100_000  // looked into
	maxFileSize = 1 << 20  // bytes of one file; configuration is written by hand
	maxTotal    = 64 << 20 // bytes of all files
)

// Index is what is known of a repository. Paths in it are relative to the
// repository's root, with slashes.
type Index struct {
	folders map[string]*folder
	roots   []string // folders that a plan may be made in, sorted
}

// folder is what the .tf files of one directory define.
type folder struct {
	files  map[string]bool   // by name
	blocks map[string]place  // by address within the module: aws_x.y, data.x.y, module.a, check.c, var.v, output.o
	calls  map[string]string // by name of the module call: its source
}

type place struct {
	file string
	line int // from 1
}

// Open reads the .tf files of the repository that dir is in, or of dir where it
// is in none. It fails where dir can't be read at all.
func Open(dir string) (*Index, error) {
	return open(dir, nil)
}

// open is Open. With keep it also reads the files of variables, and gives it all
// that it reads: nil for such a file that is there, but not read.
func open(dir string, keep func(name string, text []byte)) (*Index, error) {
	dir = repository(dir)
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, userfault.Wrap(err, "run strandline in the checkout", "the .tf files of %s can't be read", dir)
	}
	defer root.Close()
	x := &Index{folders: map[string]*folder{}}
	if err := x.read(root.FS(), keep); err != nil {
		return nil, userfault.Wrap(err, "run strandline in the checkout", "the .tf files of %s can't be read", dir)
	}
	x.findRoots()
	return x, nil
}

// repository returns the root of the repository that dir is in, or dir.
func repository(dir string) string {
	at, err := filepath.Abs(dir)
	if err != nil {
		return dir
	}
	for ; ; at = filepath.Dir(at) {
		if _, err := os.Lstat(filepath.Join(at, ".git")); err == nil {
			return at
		}
		if at == filepath.Dir(at) {
			return dir
		}
	}
}

// read walks the tree. Folders whose name begins with a dot are Terraform's
// and git's own. WalkDir doesn't follow symbolic links, and neither is a file
// one.
func (x *Index) read(tree fs.FS, keep func(name string, text []byte)) error {
	files, folders, total := 0, 0, 0
	return fs.WalkDir(tree, ".", func(name string, d fs.DirEntry, err error) error {
		switch {
		case err != nil && name == ".":
			return err
		case err != nil:
			return nil // what can't be read has no lines to point at
		case d.IsDir():
			if folders++; folders > maxFolders {
				return fs.SkipAll
			}
			if name != "." && strings.HasPrefix(d.Name(), ".") {
				return fs.SkipDir
			}
			return nil
		}
		isVariables := keep != nil && isVariables(d.Name())
		if path.Ext(name) != ".tf" && !isVariables {
			return nil
		}
		var text []byte
		if d.Type().IsRegular() {
			text = readFile(tree, name)
		}
		if total += len(text); total > maxTotal {
			text = nil
		}
		if text == nil && !isVariables {
			return nil
		}
		if files++; files > maxFiles {
			return fs.SkipAll
		}
		if !isVariables {
			x.folder(path.Dir(name)).add(name, text)
		}
		if keep != nil {
			keep(name, text)
		}
		return nil
	})
}

// isVariables reports whether Terraform reads variables from a file of this name
// in the folder that it runs in without being told to:
// https://developer.hashicorp.com/terraform/language/values/variables#variable-definitions-tfvars-files
func isVariables(name string) bool {
	name = strings.TrimSuffix(name, ".json")
	return name == "terraform.tfvars" || strings.HasSuffix(name, ".auto.tfvars")
}

// readFile returns the content of a file, nil where it can't be read or is too
// large.
func readFile(tree fs.FS, name string) []byte {
	f, err := tree.Open(name)
	if err != nil {
		return nil
	}
	defer f.Close()
	text, err := io.ReadAll(io.LimitReader(f, maxFileSize+1))
	if err != nil || len(text) > maxFileSize {
		return nil
	}
	return text
}

func (x *Index) folder(dir string) *folder {
	f := x.folders[dir]
	if f == nil {
		f = &folder{files: map[string]bool{}, blocks: map[string]place{}, calls: map[string]string{}}
		x.folders[dir] = f
	}
	return f
}

// findRoots tells the folders that plans are made in from those that are there
// to be called. The repository's own root may be both.
func (x *Index) findRoots() {
	called := map[string]bool{}
	for dir, f := range x.folders {
		for _, source := range f.calls {
			if to, ok := local(dir, source); ok && to != "." && to != dir {
				called[to] = true
			}
		}
	}
	for dir := range x.folders {
		if !called[dir] {
			x.roots = append(x.roots, dir)
		}
	}
	slices.Sort(x.roots)
}

// local returns the folder that a module's source names within the repository.
func local(dir, source string) (to string, ok bool) {
	if !strings.HasPrefix(source, "./") && !strings.HasPrefix(source, "../") {
		return "", false
	}
	to = path.Join(dir, source)
	return to, to != ".." && !strings.HasPrefix(to, "../")
}
