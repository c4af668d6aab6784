package checkout

import (
	"maps"
	"path"
	"slices"
	"strings"
)

// maxModules is how many modules deep an address is followed; Terraform has no
// limit, but sources may lead in a circle.
const maxModules = 32

// Locate returns the file and line (from 1) of the block that an address names:
// a resource's, a data source's, a check's, a variable's or an output's. Inside
// a module that comes from elsewhere it is the line that calls the module.
//
// Which folder a plan was made in is not known here. Where several have a block
// of that address there is no telling which one is meant, and ok is false.
func (x *Index) Locate(address string) (file string, line int, ok bool) {
	steps := split(address)
	if len(steps) < 2 {
		return "", 0, false
	}
	var found []place
	for _, dir := range x.roots {
		if p, ok := x.follow(dir, steps); ok {
			found = append(found, p)
		}
	}
	if len(found) != 1 {
		return "", 0, false
	}
	return found[0].file, found[0].line, true
}

// File returns the path in the repository of a file that Terraform named
// relative to the folder it ran in. ok is false where there is none, or several.
func (x *Index) File(name string) (file string, ok bool) {
	if name == "" || path.IsAbs(name) {
		return "", false
	}
	for _, dir := range x.roots {
		at := path.Join(dir, name)
		if f := x.folders[path.Dir(at)]; f == nil || !f.files[at] || at == file {
			continue
		}
		if file != "" {
			return "", false
		}
		file = at
	}
	return file, file != ""
}

// Called returns the folders of this repository that a folder's module calls
// lead to, directly or through others, sorted.
func (x *Index) Called(folder string) []string {
	seen := map[string]bool{}
	open := []string{folder}
	for len(open) > 0 {
		dir := open[0]
		open = open[1:]
		f := x.folders[dir]
		if f == nil {
			continue
		}
		for _, source := range f.calls {
			if to, ok := local(dir, source); ok && !seen[to] {
				seen[to] = true
				open = append(open, to)
			}
		}
	}
	delete(seen, folder)
	return slices.Sorted(maps.Keys(seen))
}

// follow looks a block up from one folder on.
func (x *Index) follow(dir string, steps []string) (place, bool) {
	for range maxModules {
		f := x.folders[dir]
		if f == nil {
			return place{}, false
		}
		if len(steps) < 2 || steps[0] != "module" {
			p, ok := f.blocks[inModule(steps)]
			return p, ok
		}
		name := steps[1]
		call, ok := f.blocks["module."+name]
		if steps = steps[2:]; !ok || len(steps) == 0 {
			return call, ok
		}
		to, isLocal := local(dir, f.calls[name])
		if !isLocal {
			return call, true
		}
		dir = to
	}
	return place{}, false
}

// inModule is an address without its modules as blocks are known by.
func inModule(steps []string) string {
	n := 2
	if len(steps) > 0 && (steps[0] == "data" || steps[0] == "ephemeral" || steps[0] == "action") {
		n = 3
	}
	if len(steps) < n {
		return ""
	}
	return strings.Join(steps[:n], ".")
}

// split returns the names of an address without its indexes.
func split(address string) []string {
	var b strings.Builder
	for at := 0; at < len(address); {
		if address[at] != '[' {
			b.WriteByte(address[at])
			at++
			continue
		}
		n := indexLength(address[at:])
		if n == 0 {
			return nil
		}
		at += n
	}
	return strings.Split(b.String(), ".")
}

// indexLength returns the length of the index that s begins with, [0] or
// ["key"]; 0 where it doesn't end.
func indexLength(s string) int {
	inString := false
	for i := 1; i < len(s); i++ {
		switch {
		case inString && s[i] == '\\':
			i++
		case s[i] == '"':
			inString = !inString
		case s[i] == ']' && !inString:
			return i + 1
		}
	}
	return 0
}
