package propose

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"maps"
	"path"
	"slices"
	"strconv"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"

	"github.com/strandline-tf/strandline/internal/model"
)

// A file that adopt wrote begins with these lines; the second ends in a digest
// of what comes after them. Once somebody has changed the file, it fits no
// longer, and the file is theirs.
const (
	headerLine = "# Written by strandline adopt, which leaves it alone once it was changed.\n"
	digestLine = "# strandline:"
)

// withHeader makes a file of what it shall hold.
func withHeader(content string) string {
	return headerLine + digestLine + digestOf(content) + "\n\n" + content
}

// withoutHeader returns what a file holds. False: it isn't as adopt wrote it.
func withoutHeader(text string) (string, bool) {
	rest, ok1 := strings.CutPrefix(text, headerLine)
	rest, ok2 := strings.CutPrefix(rest, digestLine)
	digest, content, ok3 := strings.Cut(rest, "\n\n")
	return content, ok1 && ok2 && ok3 && digest == digestOf(content)
}

func digestOf(content string) string {
	sum := sha256.Sum256([]byte(content))
	return hex.EncodeToString(sum[:8])
}

// owner is who wrote something.
type owner byte

const (
	persons owner = iota + 1
	ours
)

// existing is what stands in a workspace's folder already.
type existing struct {
	known     bool // whether anything is known of it
	files     map[string]owner
	taken     map[string]bool  // addresses, without the keys of instances
	declared  map[string]owner // addresses of resource blocks
	variables map[string]bool  // names that persons gave
	providers []Provider
	prefixes  map[string]bool // how the types begin that persons' blocks use or set up
	unread    bool            // there is a file that can't be read: it may say anything
	imports   map[[2]string]*importAt
	blocks    map[string][]piece // of our files
	own       map[string]string  // texts of resource blocks of our files, by address
}

// importAt is an import block.
type importAt struct {
	address, file string
	ours          bool
}

// piece is a block of one of our files, which is written there in the order of key.
type piece struct{ key, text string }

// readExisting reads a workspace's files. One that can't be parsed counts as
// somebody's.
func readExisting(t Target) *existing {
	e := &existing{known: t.Files != nil, files: map[string]owner{}, taken: map[string]bool{}, declared: map[string]owner{}, variables: map[string]bool{},
		providers: t.Providers, prefixes: map[string]bool{}, imports: map[[2]string]*importAt{}, blocks: map[string][]piece{}, own: map[string]string{}}
	for _, a := range t.Addresses {
		e.taken[withoutKey(a)] = true
	}
	for _, name := range slices.Sorted(maps.Keys(t.Files)) {
		if path.Base(name) != name {
			continue
		}
		text := t.Files[name]
		e.files[name] = persons
		src, ok := parse(name, text)
		if _, untouched := withoutHeader(string(text)); untouched && ok {
			e.files[name] = ours
		}
		e.unread = e.unread || !ok || text == nil
		if ok {
			for _, b := range src.body.Blocks {
				e.add(src, b, e.files[name])
			}
		}
	}
	return e
}

func (e *existing) add(src *source, b *hclsyntax.Block, by owner) {
	key := ""
	switch {
	case b.Type == "resource" && len(b.Labels) == 2:
		key = b.Labels[0] + "." + b.Labels[1]
		e.taken[key] = true
		if e.declared[key] != persons {
			e.declared[key] = by
		}
	case b.Type == "import":
		key = e.addImport(src, b, by)
	case b.Type == "variable" && len(b.Labels) == 1:
		key = "var." + b.Labels[0]
		if by == persons {
			e.variables[b.Labels[0]] = true
		}
	case b.Type == "terraform":
		e.addProviders(b)
	}
	if by == persons {
		e.addPrefixes(b)
	}
	if by == ours {
		r := b.Range()
		end := b.CloseBraceRange.End.Byte
		text := string(src.text[r.Start.Byte:end]) + "\n"
		e.blocks[src.path] = append(e.blocks[src.path], piece{key, text})
		if b.Type == "resource" {
			e.own[key] = text
		}
	}
}

// addImport notes an import block and returns its key among pieces.
func (e *existing) addImport(src *source, b *hclsyntax.Block, by owner) string {
	to, id, identity := b.Body.Attributes["to"], b.Body.Attributes["id"], b.Body.Attributes["identity"]
	if to == nil {
		return ""
	}
	t, diags := hcl.AbsTraversalForExpr(to.Expr)
	if diags.HasErrors() {
		return ""
	}
	at := &importAt{address: text(t), file: src.path, ours: by == ours}
	if id != nil {
		if v, ok := literal(id.Expr); ok && textOf(v, ok) != "" {
			e.noteImport([2]string{t.RootName(), textOf(v, ok)}, at)
		}
	}
	if identity != nil {
		if v, ok := literal(identity.Expr); ok && !v.IsNull() && v.Type().IsObjectType() {
			e.noteImport([2]string{t.RootName(), string(jsonOf(v))}, at)
		}
	}
	return "import " + at.address
}

func (e *existing) noteImport(key [2]string, at *importAt) {
	if known := e.imports[key]; known == nil || known.ours {
		e.imports[key] = at
	}
}

// importOf returns the block that imports an object, nil for none.
func (e *existing) importOf(o *model.Object) *importAt {
	for _, id := range append([]string{o.ID}, o.Aliases...) {
		if at := e.imports[[2]string{o.Type, id}]; at != nil && id != "" {
			return at
		}
	}
	if members := identityOf(o); len(members) > 0 {
		return e.imports[[2]string{o.Type, string(jsonOf(cty.ObjectVal(members)))}]
	}
	return nil
}

// addProviders reads required_providers, where nobody has told of providers.
func (e *existing) addProviders(b *hclsyntax.Block) {
	for _, inner := range b.Body.Blocks {
		if inner.Type != "required_providers" {
			continue
		}
		for name, attr := range inner.Body.Attributes {
			source := ""
			if v, ok := literal(attr.Expr); ok && !v.IsNull() && v.Type().IsObjectType() {
				source = textOf(memberOf(v.AsValueMap(), "source"), true)
			}
			e.providers = append(e.providers, Provider{Local: name, Source: cmp.Or(source, "hashicorp/"+name)})
		}
	}
	slices.SortFunc(e.providers, func(x, y Provider) int { return strings.Compare(x.Local, y.Local) })
}

// fileFor returns the name under which a file can be written: its own, or one
// that no person has taken.
func (e *existing) fileFor(base string) string {
	name := base + ".tf"
	for n := 1; e.files[name] == persons; n++ {
		name = base + "_adopted.tf"
		if n > 1 {
			name = base + "_adopted_" + strconv.Itoa(n) + ".tf"
		}
	}
	return name
}

// withoutKey takes the key off the address of an instance.
func withoutKey(address string) string {
	if strings.HasPrefix(address, "module.") {
		return address
	}
	whole, _, _ := strings.Cut(address, "[")
	return whole
}
