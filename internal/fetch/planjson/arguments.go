package planjson

import (
	"maps"
	"slices"
	"strings"

	"github.com/strandline-tf/strandline/internal/model"
)

// arguments gathers what the configuration says about drifted resources. Where
// the drift has been read already, as in the order that Terraform writes, only
// that is kept; where it may still come, everything is.
type arguments struct {
	wanted    map[string]bool // config addresses; nil: all
	types     map[string]bool // their types; nil: all
	resources map[string]*model.Arguments
	given     map[string]map[string]bool // arguments by type
	room      int                        // bytes that paths may still take, see give
}

// choose settles what is gathered, in front of the configuration.
func (x *arguments) choose(d *decoder) {
	x.resources, x.given = map[string]*model.Arguments{}, map[string]map[string]bool{}
	if len(d.ws.Drift) == 0 && !d.head.changes {
		return
	}
	x.wanted, x.types = map[string]bool{}, map[string]bool{}
	for i := range d.ws.Drift {
		x.wanted[model.ConfigAddress(d.ws.Drift[i].Address)] = true
		x.types[d.ws.Drift[i].Type] = true
	}
}

// idle reports whether nothing has to be gathered.
func (x *arguments) idle() bool { return x.wanted != nil && len(x.wanted) == 0 }

// of returns the entry of a resource, nil for one that isn't wanted.
func (x *arguments) of(address string) *model.Arguments {
	if x.wanted != nil && !x.wanted[address] {
		return nil
	}
	a := x.resources[address]
	if a == nil {
		a = &model.Arguments{}
		x.resources[address] = a
	}
	return a
}

// configResource reads a resource block of the module of prefix.
func (d *decoder) configResource(prefix string) error {
	return d.element(func() error {
		at, err := d.value()
		if err != nil {
			return err
		}
		n, err := d.node(at)
		if err != nil || n == nil || n.kind != '{' {
			return err
		}
		d.arguments.reads(prefix, n)
		address, kind := n.text("address"), n.text("type")
		if address != "" && n.text("mode") == "managed" && (d.arguments.types == nil || d.arguments.types[kind]) {
			address = prefix + address
			if a := d.arguments.of(address); a != nil {
				a.Known = true
			}
			d.arguments.room = 1<<20 + 2*len(d.bytes(at))
			d.arguments.give(kind, address, nil, n.member([]byte("expressions")))
		}
		return nil
	})
}

// give notes the arguments that the resource block at address gives within the
// block at path. Where their paths would take many times the room of the text,
// which no real block comes near, everything counts as given. Expressions are as in
// https://developer.hashicorp.com/terraform/internals/json-format#block-expressions-representation
func (x *arguments) give(kind, address string, path []byte, block *node) {
	for _, n := range members(block) {
		if x.room -= len(path) + len(n.key); x.room < 0 {
			x.gives(kind, nil)
			return
		}
		inner := appendKey(slices.Clone(path), n.key)
		switch {
		case n.kind == '[':
			x.has(address, inner)
			for i := range n.kids {
				x.give(kind, address, inner, &n.kids[i])
			}
		case n.kind != '{' || isExpression(&n):
			if value := constantOf(&n); value == nil || !value.null() {
				x.gives(kind, inner)
			}
		default:
			x.has(address, inner)
			x.give(kind, address, inner, &n)
		}
	}
}

// isExpression tells an expression from a block that there can be only one of.
func isExpression(n *node) bool {
	references := n.member([]byte("references"))
	return len(n.kids) == 0 || constantOf(n) != nil || references != nil && references.kind == '['
}

func (x *arguments) has(address string, block []byte) {
	if a := x.of(address); a != nil {
		a.Blocks = append(a.Blocks, string(block))
	}
}

func (x *arguments) gives(kind string, argument []byte) {
	if x.given[kind] == nil {
		x.given[kind] = map[string]bool{}
	}
	x.given[kind][string(argument)] = true
}

// reads notes all attributes that the expressions in n read, which stand in
// the module of prefix.
func (x *arguments) reads(prefix string, n *node) {
	if x.idle() || n.kind != '{' && n.kind != '[' {
		return
	}
	if list := n.member([]byte("references")); list != nil && list.kind == '[' {
		last := ""
		for i := range list.kids {
			if list.kids[i].kind != '"' {
				continue
			}
			reference := string(unquote(list.kids[i].raw))
			// Each reference is followed by what it leads through: a.b.c, a.b.
			if rest, ok := strings.CutPrefix(last, reference); !ok || rest == "" || rest[0] != '.' && rest[0] != '[' {
				x.read(prefix, reference)
			}
			last = reference
		}
	}
	for i := range n.kids {
		x.reads(prefix, &n.kids[i])
	}
}

// read notes one reference, if it is to a managed resource.
func (x *arguments) read(prefix, reference string) {
	kind, rest, ok := strings.Cut(reference, ".")
	switch kind {
	case "var", "local", "module", "data", "each", "count", "path", "terraform", "self", "ephemeral", "action":
		return
	}
	if !ok {
		return
	}
	name := rest
	if i := strings.IndexAny(rest, ".["); i >= 0 {
		name = rest[:i]
	}
	resource := kind + "." + name
	if a := x.of(prefix + resource); a != nil {
		// Without instance keys, and list indexes and map keys as well.
		a.Used = append(a.Used, strings.TrimPrefix(model.ConfigAddress(reference[len(resource):]), "."))
	}
}

// configured returns what was gathered about the resources that drifted.
func (d *decoder) configured() *model.Configured {
	out := &model.Configured{Resources: map[string]*model.Arguments{}, Given: map[string][]string{},
		Computed: map[string][]string{}, Refreshed: !d.head.changes}
	for i := range d.ws.Drift {
		drift := &d.ws.Drift[i]
		if _, met := out.Given[drift.Type]; !met {
			out.Given[drift.Type] = slices.Collect(maps.Keys(d.arguments.given[drift.Type]))
			out.Computed[drift.Type] = d.computed[drift.Type]
		}
		address := model.ConfigAddress(drift.Address)
		a := out.Resources[address]
		if a == nil {
			if a = d.arguments.resources[address]; a == nil {
				a = &model.Arguments{}
			}
			out.Resources[address] = a
		}
		a.Used = append(a.Used, d.relevant.of(&drift.Change)...)
	}
	for _, a := range out.Resources {
		for _, list := range []*[]string{&a.Blocks, &a.Used} {
			slices.Sort(*list)
			*list = slices.Clip(slices.Compact(*list))
		}
	}
	return out
}

// configProvider notes what the configuration of a provider reads.
func (d *decoder) configProvider() error {
	return d.element(func() error {
		at, err := d.value()
		if err != nil || d.arguments.idle() {
			return err
		}
		n, err := d.node(at)
		if err != nil || n == nil {
			return err
		}
		prefix := n.text("module_address")
		if prefix != "" {
			prefix += "."
		}
		d.arguments.reads(prefix, n)
		return nil
	})
}
