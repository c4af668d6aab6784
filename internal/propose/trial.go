package propose

import (
	"bytes"
	"cmp"
	"path"
	"slices"
	"strings"

	"github.com/aymanbagabas/go-udiff"
	"github.com/hashicorp/hcl/v2/hclwrite"
)

// This file tries edits out. A folder may hold thousands of blocks, each with a
// finding of its own, so that only the part of a file that edits are in is
// formatted, parsed and compared: what blank lines set off from the rest.

// rewrite is what becomes of the bytes of a file from from up to to.
type rewrite struct {
	path     string
	from, to int
	text     []byte
}

// try returns the tree with edits made, as far as a site can be found and
// attempted in it, and what changes in its files. False: some of the edits
// conflict, or what is new can't be parsed.
func (t *Tree) try(edits []edit) (*Tree, []rewrite, bool) {
	if hasConflict(edits) {
		return nil, nil, false
	}
	var changes []rewrite
	for name, list := range byFile(edits) {
		if c := t.rewrite(name, list); !bytes.Equal(c.text, t.files[name][c.from:c.to]) {
			changes = append(changes, c)
		}
	}
	slices.SortFunc(changes, func(a, b rewrite) int { return cmp.Compare(a.path, b.path) })
	if next, ok := t.withParts(changes); ok {
		return next, changes, true
	}
	files := map[string][]byte{}
	for _, c := range changes {
		was := t.files[c.path]
		files[c.path] = slices.Concat(was[:c.from], c.text, was[c.to:])
	}
	next, isSound := t.with(files)
	return next, changes, isSound
}

// rewrite makes edits, all of one file and without conflicts.
func (t *Tree) rewrite(name string, edits []edit) rewrite {
	text, isCanonical := t.files[name], t.isCanonical(name)
	if src := t.sources[name]; src != nil {
		from, to := src.part(edits)
		// What is canonical only because of what stands before it is not what
		// formatting makes of it alone.
		if part := text[from:to]; !isCanonical || bytes.Equal(hclwrite.Format(part), part) {
			moved := slices.Clone(edits)
			for i := range moved {
				moved[i].start -= from
				moved[i].end -= from
			}
			c := rewrite{name, from, to, apply(part, isCanonical, src.isCRLF(), moved)}
			if to == len(text) || len(c.text) == 0 || endsBlank(c.text) {
				return c
			}
		}
	}
	return rewrite{name, 0, len(text), apply(text, isCanonical, bytes.Contains(text, []byte("\r\n")), edits)}
}

// withParts is with for changes of parts of files. False: a file is changed as
// a whole, is none of a module, or can't be parsed then.
func (t *Tree) withParts(changes []rewrite) (*Tree, bool) {
	out := *t
	out.replaced = map[string]*folder{}
	for _, c := range changes {
		dir := path.Dir(c.path)
		src, f := t.sources[c.path], t.folder(dir)
		if src == nil || f == nil || path.Ext(c.path) != ".tf" || c.from == 0 && c.to == len(src.text) || len(src.body.Attributes) > 0 {
			return nil, false
		}
		// Ranges of the part are not to be taken for such of the file.
		part, ok := parse(c.path+"\x00", c.text)
		if !ok || len(part.body.Attributes) > 0 {
			return nil, false
		}
		part.path = c.path
		if out.replaced[dir] != nil {
			f = out.replaced[dir]
		}
		out.replaced[dir] = f.replace(src, c.from, c.to, part)
	}
	return &out, true
}

// around is how many lines of a file are compared before and behind what
// changes: more than a patch shows.
const around = 30

// patch writes changes as git and patch read them, "" where a file has a name
// that these would have to be told in quotes.
func (t *Tree) patch(changes []rewrite) string {
	var b strings.Builder
	for _, c := range changes {
		end := ""
		if strings.ContainsAny(c.path, `"\`) || inCode(c.path) != "`"+c.path+"`" {
			return ""
		}
		if strings.Contains(c.path, " ") {
			end = "\t" // where the name ends
		}
		text := t.files[c.path]
		from, to := c.from, c.to
		for range around {
			from = bytes.LastIndexByte(text[:max(from-1, 0)], '\n') + 1
			if n := bytes.IndexByte(text[to:], '\n'); n >= 0 {
				to += n + 1
			} else {
				to = len(text)
			}
		}
		was := string(text[from:to])
		now := string(text[from:c.from]) + string(c.text) + string(text[c.to:to])
		u, err := udiff.ToUnifiedDiff("a/"+c.path+end, "b/"+c.path+end, was, udiff.Lines(was, now), udiff.DefaultContextLines)
		if err != nil {
			return "" // never: the edits are consistent
		}
		before := bytes.Count(text[:from], []byte("\n"))
		for _, h := range u.Hunks {
			h.FromLine += before
			h.ToLine += before
		}
		b.WriteString(u.String())
	}
	return b.String()
}
