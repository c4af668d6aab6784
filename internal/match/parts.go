package match

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"strings"
	"sync"
)

//go:embed parts.tsv
var partsTable string

//go:embed rules.tsv
var rulesTable string

//go:embed ids.tsv
var idsTable string

// part is a line of parts.tsv: what a resource of one type contains or makes.
type part struct {
	how    namespace
	as     string // the type of the part
	list   string // the attribute that has the parts, "" where the resource is one itself
	id     []piece
	reason string // how an object that is such a thing is explained
}

// piece of an id is a literal or a placeholder: {a|b} is the first of the
// attributes that there is, {a,b} all of them. A name that begins with a dot is
// of the element of the list, and a dot alone is the element.
type piece struct {
	literal string
	names   []string
	all     bool
}

// facts are the tables.
type facts struct {
	parts map[string][]part   // by the type of the resource
	ids   map[string][]idForm // by type
	rules []rule
}

// knowledge is read when first asked for. It is part of the program, so a line
// that can't be read is a bug, which the tests find.
var knowledge = sync.OnceValue(func() facts {
	f, err := readFacts(partsTable, rulesTable, idsTable)
	if err != nil {
		panic("match: " + err.Error())
	}
	return f
})

func readFacts(parts, rules, ids string) (facts, error) {
	f := facts{parts: map[string][]part{}, ids: map[string][]idForm{}}
	err := lines(parts, 6, func(c []string) error {
		how := map[string]namespace{"own": own, "inline": inline, "owned": ownedBy, "default": defaultOf}[c[1]]
		if how == 0 {
			return fmt.Errorf("%q is nothing that a part can be", c[1])
		}
		id, err := readPieces(c[4])
		if err != nil {
			return err
		}
		for _, typ := range strings.Split(c[0], ",") {
			f.parts[typ] = append(f.parts[typ], part{how: how, as: c[2], list: c[3], id: id, reason: c[5]})
		}
		return nil
	})
	if err != nil {
		return f, fmt.Errorf("parts.tsv: %w", err)
	}
	if err := lines(rules, 4, f.readRule); err != nil {
		return f, fmt.Errorf("rules.tsv: %w", err)
	}
	if err := lines(ids, 5, f.readID); err != nil {
		return f, fmt.Errorf("ids.tsv: %w", err)
	}
	return f, nil
}

// lines calls yield with the columns of each line, but for the first, which
// names them, and comments.
func lines(table string, columns int, yield func([]string) error) error {
	for i, line := range strings.Split(strings.TrimSuffix(table, "\n"), "\n") {
		if i == 0 || strings.HasPrefix(line, "#") {
			continue
		}
		c := strings.Split(line, "\t")
		if len(c) != columns {
			return fmt.Errorf("line %d: %d columns, not %d", i+1, len(c), columns)
		}
		if err := yield(c); err != nil {
			return fmt.Errorf("line %d: %w", i+1, err)
		}
	}
	return nil
}

func readPieces(text string) ([]piece, error) {
	var out []piece
	for text != "" {
		literal, rest, open := strings.Cut(text, "{")
		if literal != "" {
			out = append(out, piece{literal: literal})
		}
		if !open {
			break
		}
		names, after, closed := strings.Cut(rest, "}")
		if !closed || names == "" {
			return nil, fmt.Errorf("%q has no end", rest)
		}
		p := piece{names: strings.Split(names, "|")}
		if strings.Contains(names, ",") {
			p = piece{names: strings.Split(names, ","), all: true}
		}
		out, text = append(out, p), after
	}
	if len(out) == 0 {
		return nil, fmt.Errorf("no id")
	}
	return out, nil
}

// holder is something with attributes: an instance in a state or an object.
type holder interface{ values(path string) []any }

// each calls yield with the id of each part that h has, and with what the
// first placeholder gave: the id of what contains it.
func (p *part) each(h holder, yield func(container, id string)) {
	if p.list == "" {
		p.build(h, nil, p.id, "", "", yield)
		return
	}
	for _, element := range h.values(p.list) {
		if element == "" || element == false {
			continue
		}
		p.build(h, element, p.id, "", "", yield)
	}
}

func (p *part) build(h holder, element any, rest []piece, container, id string, yield func(container, id string)) {
	if len(rest) == 0 {
		yield(container, id)
		return
	}
	if rest[0].names == nil {
		p.build(h, element, rest[1:], container, id+rest[0].literal, yield)
		return
	}
	for _, name := range rest[0].names {
		found := false
		for _, v := range resolve(h, element, name) {
			s := scalar(v)
			if s == "" {
				continue
			}
			found = true
			if container == "" {
				p.build(h, element, rest[1:], s, id+s, yield)
			} else {
				p.build(h, element, rest[1:], container, id+s, yield)
			}
		}
		if found && !rest[0].all {
			return
		}
	}
}

func resolve(h holder, element any, name string) []any {
	switch {
	case name == ".":
		return lookUp(element, "", nil)
	case name[0] == '.':
		return lookUp(element, name[1:], nil)
	}
	return h.values(name)
}

// lookUp appends the values at a path into v to out: names with dots between
// them; of a list, those of each of its elements. Names are compared without
// underscores and capitals.
func lookUp(v any, path string, out []any) []any {
	switch v := v.(type) {
	case []any:
		for _, element := range v {
			out = lookUp(element, path, out)
		}
	case map[string]any:
		if path == "" {
			return append(out, v)
		}
		name, rest, _ := strings.Cut(path, ".")
		if exact, ok := v[name]; ok {
			return lookUp(exact, rest, out)
		}
		for key, inner := range v {
			if alike(key, name) {
				return lookUp(inner, rest, out)
			}
		}
	case nil:
	default:
		if path == "" {
			return append(out, v)
		}
	}
	return out
}

// scalar is a decoded value as text, "" for what is no string, number or boolean.
func scalar(v any) string {
	switch v := v.(type) {
	case string:
		return v
	case bool:
		return fmt.Sprint(v)
	case float64:
		b, _ := json.Marshal(v)
		return string(b)
	}
	return ""
}
