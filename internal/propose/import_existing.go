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

	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"
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
	// configured are the provider blocks, by local name and alias.
	configured map[[2]string]map[string]cty.Value
	unread     bool                      // there is a file that can't be read: it may say anything
	imports    map[[2]string][]*importAt // by type, and id or identity
	pending    []importBlock
	loops      map[string]importAt  // import blocks by type that import nobody knows how many, or what
	locals     map[string]cty.Value // as far as they are literal
	local      map[string]cty.Value // the variable that holds locals
	with       map[string]string    // what resource blocks say of their provider, by address
	blocks     map[string][]piece   // of our files
	own        map[string]string    // texts of resource blocks of our files, by address
}

// piece is a block of one of our files, which is written there in the order of key.
type piece struct{ key, text string }

// readExisting reads a workspace's files. One that can't be parsed counts as
// somebody's.
func readExisting(t Target) *existing {
	e := &existing{known: t.Files != nil, files: map[string]owner{}, taken: map[string]bool{}, declared: map[string]owner{}, variables: map[string]bool{},
		providers: t.Providers, prefixes: map[string]bool{}, configured: map[[2]string]map[string]cty.Value{}, imports: map[[2]string][]*importAt{}, loops: map[string]importAt{}, locals: map[string]cty.Value{}, with: map[string]string{},
		blocks: map[string][]piece{}, own: map[string]string{}}
	for _, a := range t.Addresses {
		e.taken[withoutKey(a)] = true
	}
	for _, name := range slices.SortedFunc(maps.Keys(t.Files), inTurn) {
		if path.Base(name) != name {
			continue
		}
		text := t.Files[name]
		e.files[name] = persons
		if strings.HasSuffix(name, ".json") {
			e.unread = !e.readJSON(name, text) || e.unread
			continue
		}
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
	e.readImports()
	return e
}

// inTurn puts files into the order in which Terraform reads them: those that
// override others come last.
// See https://developer.hashicorp.com/terraform/language/files/override
func inTurn(x, y string) int {
	rank := func(name string) int {
		name = strings.TrimSuffix(strings.TrimSuffix(name, ".json"), ".tf")
		if name == "override" || strings.HasSuffix(name, "_override") {
			return 1
		}
		return 0
	}
	return cmp.Or(rank(x)-rank(y), strings.Compare(x, y))
}

func (e *existing) add(src *source, b *hclsyntax.Block, by owner) {
	key := ""
	switch {
	case b.Type == "resource" && len(b.Labels) == 2:
		key = b.Labels[0] + "." + b.Labels[1]
		e.addResource(key, by)
		e.addProvider(key, providerIn(b.Body))
	case b.Type == "locals":
		e.addLocals(b.Body)
	case b.Type == "import":
		key = e.addImport(src, b, by)
	case b.Type == "variable" && len(b.Labels) == 1:
		key = "var." + b.Labels[0]
		if by == persons {
			e.variables[b.Labels[0]] = true
		}
	case b.Type == "provider" && len(b.Labels) == 1:
		e.addConfiguration(b.Labels[0], readBody(b.Body).members())
	case b.Type == "terraform":
		for _, inner := range b.Body.Blocks {
			if inner.Type == "required_providers" {
				for name, attr := range inner.Body.Attributes {
					v, ok := literal(attr.Expr)
					e.addRequired(name, v, ok)
				}
			}
		}
		e.sortProviders()
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

func (e *existing) addResource(key string, by owner) {
	e.taken[key] = true
	if e.declared[key] != persons {
		e.declared[key] = by
	}
}

// addProvider notes what a resource block says of its provider; one in an
// override file needn't say it again.
func (e *existing) addProvider(key, said string) {
	if said != "" {
		e.with[key] = said
	}
}

// addRequired takes in an entry of required_providers.
func (e *existing) addRequired(name string, v cty.Value, ok bool) {
	source := ""
	if ok && !v.IsNull() && v.Type().IsObjectType() {
		source = textOf(memberOf(v.AsValueMap(), "source"), true)
	}
	e.providers = append(e.providers, Provider{Local: name, Source: cmp.Or(source, "hashicorp/"+name)})
}

func (e *existing) sortProviders() {
	slices.SortStableFunc(e.providers, func(x, y Provider) int { return strings.Compare(x.Local, y.Local) })
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
