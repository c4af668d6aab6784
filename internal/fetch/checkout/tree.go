package checkout

import (
	"io/fs"
	"path"
	"path/filepath"
	"slices"
	"strings"
)

// Tree is the text of a repository's .tf files, and of the files beside them that
// set variables, for whoever suggests changes to them.
type Tree struct {
	// Root is the folder of the repository that was asked for, with slashes,
	// "." for the repository's own root.
	Root string
	// Files are the .tf files of all folders, and those from which Terraform
	// reads variables unasked: terraform.tfvars, *.auto.tfvars, and the same as
	// .json. They are named by their path from the repository's root, with
	// slashes. Nil is the content of a file of variables that is there but not
	// read: a link, or one that is too large.
	Files map[string][]byte

	index *Index
}

// ReadTree reads the Files of the repository that dir is in, or of dir
// where it is in none, with the limits of Open. It fails where dir can't be
// read at all.
func ReadTree(dir string) (*Tree, error) {
	t := &Tree{Root: within(repository(dir), dir), Files: map[string][]byte{}}
	x, err := open(dir, func(name string, text []byte) { t.Files[name] = text })
	t.index = x
	return t, err
}

// within returns the folder of root that dir is, with slashes.
func within(root, dir string) string {
	at, err := filepath.Abs(dir)
	if err != nil {
		return "."
	}
	if root, err = filepath.Abs(root); err != nil {
		return "."
	}
	rel, err := filepath.Rel(root, at)
	if err != nil || !fs.ValidPath(filepath.ToSlash(rel)) {
		return "."
	}
	return filepath.ToSlash(rel)
}

// Folder returns the folder that a workspace's configuration is in: its working
// directory as Terraform Cloud names it ("" for none), a path from the
// repository's root; else Root, if that declares all of the addresses that can
// be told, else the one other folder that declares most of them. Addresses are
// those of resource instances. ok is false where no folder does, or several do
// as well.
func (t *Tree) Folder(workingDirectory string, addresses []string) (folder string, ok bool) {
	if dir := path.Clean(strings.Trim(filepath.ToSlash(workingDirectory), "/")); workingDirectory != "" && dir != "." {
		return dir, t.index.folders[dir] != nil
	}
	declares := func(dir string) int {
		n := 0
		for _, a := range addresses {
			if p, ok := t.index.follow(dir, split(a)); ok && p.file != "" {
				n++
			}
		}
		return n
	}
	if t.index.folders[t.Root] != nil && declares(t.Root) == len(addresses) {
		return t.Root, true
	}
	most, found := 0, []string(nil)
	for _, dir := range t.index.roots {
		switch n := declares(dir); {
		case n > most:
			most, found = n, []string{dir}
		case n == most && n > 0:
			found = append(found, dir)
		}
	}
	if len(found) > 1 && slices.Contains(found, t.Root) {
		return t.Root, true
	}
	if len(found) != 1 {
		return "", false
	}
	return found[0], true
}
