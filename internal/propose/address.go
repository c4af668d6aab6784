package propose

import (
	"math/big"
	"strconv"
	"strings"

	"github.com/go-json-experiment/json/jsontext"
	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/hashicorp/hcl/v2/hclwrite"
	"github.com/zclconf/go-cty/cty"

	"github.com/strandline-tf/strandline/internal/model"
)

// address is the address of a managed resource instance, taken apart. Keys
// are JSON (a string or a number), "" for none.
type address struct {
	text           string
	modules        []module
	typ, name, key string
}

// module is one step of a module path.
type module struct {
	name, key string
	end       int // how many steps of the whole traversal lead here
}

// is reports whether two steps have the same name and key.
func (m module) is(other module) bool { return m.name == other.name && m.key == other.key }

// parser takes addresses apart. Most of a plan's are in few modules and have
// plain keys, so that HCL's own parser, which takes its time, is asked for each
// module once, and for the whole address only where it could be odd.
type parser struct {
	modules map[string][]module // by the address of the module
}

// parse takes the address of a change apart. False: it is no address of a
// resource, or not the one that the change's other fields tell.
func (p *parser) parse(c *model.Change) (address, bool) {
	if a, ok := p.plain(c); ok {
		return a, true
	}
	t, diags := hclsyntax.ParseTraversalAbs([]byte(c.Address), "", hcl.InitialPos)
	if diags.HasErrors() {
		return address{}, false
	}
	a, r := address{text: c.Address}, reader{steps: t}
	a.modules = r.modules()
	a.typ, a.name, a.key = r.next(), r.next(), r.key()
	ok := r.at == len(t) && a.typ == c.Type && a.name == c.Name && a.typ != "" && a.name != "" && a.key == string(c.Index)
	return a, ok
}

// plain is parse for an address that reads just as the change's fields do.
func (p *parser) plain(c *model.Change) (address, bool) {
	rest := c.Address
	a := address{text: c.Address, typ: c.Type, name: c.Name, key: string(c.Index)}
	if c.Module != "" {
		var known bool
		if a.modules, known = p.modules[c.Module]; !known {
			if t, diags := hclsyntax.ParseTraversalAbs([]byte(c.Module), "", hcl.InitialPos); !diags.HasErrors() {
				if r := (reader{steps: t}); r.peek() == "module" {
					if a.modules = r.modules(); r.at != len(t) {
						a.modules = nil
					}
				}
			}
			p.modules[c.Module] = a.modules
		}
		var ok bool
		if rest, ok = strings.CutPrefix(rest, c.Module+"."); !ok || a.modules == nil {
			return address{}, false
		}
	}
	if !hclsyntax.ValidIdentifier(c.Type) || !hclsyntax.ValidIdentifier(c.Name) || c.Type == "module" {
		return address{}, false
	}
	// In JSON and in HCL alike a string without these is what it says.
	if strings.ContainsAny(a.key, "\\$%") {
		return address{}, false
	}
	want := c.Type + "." + c.Name
	if a.key != "" {
		want += "[" + a.key + "]"
	}
	return a, rest == want
}

// full is the address as a traversal.
func (a *address) full() hcl.Traversal {
	t, _ := hclsyntax.ParseTraversalAbs([]byte(a.text), "", hcl.InitialPos) // parsed, or known to parse
	return t
}

// reader walks over the steps of a traversal.
type reader struct {
	steps hcl.Traversal
	at    int
}

// peek returns the name that the next step has, "" for a key or the end.
func (r *reader) peek() string {
	if r.at == len(r.steps) {
		return ""
	}
	switch s := r.steps[r.at].(type) {
	case hcl.TraverseRoot:
		return s.Name
	case hcl.TraverseAttr:
		return s.Name
	}
	return ""
}

func (r *reader) next() string {
	name := r.peek()
	if name != "" {
		r.at++
	}
	return name
}

// modules takes the steps of a module path.
func (r *reader) modules() []module {
	var out []module
	for r.peek() == "module" {
		r.at++
		m := module{name: r.next()}
		if m.name == "" {
			break // nothing that follows makes sense of it
		}
		m.key = r.key()
		m.end = r.at
		out = append(out, m)
	}
	return out
}

// key takes the next step if it is a key, and returns it as JSON.
func (r *reader) key() string {
	if r.at == len(r.steps) {
		return ""
	}
	index, ok := r.steps[r.at].(hcl.TraverseIndex)
	if !ok {
		return ""
	}
	r.at++
	if index.Key.Type() == cty.Number {
		n := index.Key.AsBigFloat()
		if i, exact := n.Int64(); exact == big.Exact {
			return strconv.FormatInt(i, 10)
		}
		return n.Text('f', -1)
	}
	quoted, err := jsontext.AppendQuote(nil, index.Key.AsString())
	if err != nil { // invalid UTF-8, which HCL's parser lets nobody write
		return ""
	}
	return string(quoted)
}

// modulePath returns the first n steps of the module path, as a key for maps.
func (a *address) modulePath(n int) string {
	var b strings.Builder
	for _, m := range a.modules[:n] {
		b.WriteString(m.name + "[" + m.key + "]\n") // JSON holds no line break
	}
	return b.String()
}

// resource returns the resource without its instance's key, as a key for maps.
func (a *address) resource() string {
	return a.modulePath(len(a.modules)) + "\n" + a.typ + "\n" + a.name
}

// sameWithin reports whether a and b name the same instance within whatever
// module they are in.
func (a *address) sameWithin(b *address) bool {
	return a.typ == b.typ && a.name == b.name && a.key == b.key
}

// tail returns how many steps at the end of both module paths are the same.
func (a *address) tail(b *address) int {
	n := 0
	for n < len(a.modules) && n < len(b.modules) &&
		a.modules[len(a.modules)-1-n].is(b.modules[len(b.modules)-1-n]) {
		n++
	}
	return n
}

// moduleSteps is the traversal of the first n modules.
func (a *address) moduleSteps(n int) hcl.Traversal { return a.full()[:a.modules[n-1].end] }

// resourceSteps is the traversal without the instance's key.
func (a *address) resourceSteps() hcl.Traversal {
	t := a.full()
	if a.key != "" {
		t = t[:len(t)-1]
	}
	return t
}

// text writes a traversal as HCL.
func text(t hcl.Traversal) string { return string(hclwrite.TokensForTraversal(t).Bytes()) }
