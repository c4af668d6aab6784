package config

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"
	"github.com/goccy/go-yaml/token"
)

// fileName is the configuration file's usual name.
const fileName = ".strandline.yml"

// Limits of the configuration file: far above what settings need, far below
// what makes a parser sweat.
const (
	maxFile  = 32 << 10 // bytes
	maxDepth = 32       // of brackets or of indentation
)

// readFile reads the configuration file: the one that was named, or the one
// found under its usual name, which may be missing.
func (c *Config) readFile(explicit []value, faults *problems) source {
	var path, shown string
	if len(explicit) > 0 {
		shown = explicit[0].text
		path = resolve(c.Dir, shown)
	} else if path = lookUp(c.Dir, fileName); path == "" {
		return source{}
	} else {
		shown = c.display(path)
	}
	data, err := readBounded(path, maxFile)
	if err != nil {
		where := shown
		if len(explicit) > 0 {
			where = explicit[0].where + ": " + shown
		}
		faults.add("--config names the configuration file", "%s can't be read: %v", where, err)
		return source{}
	}
	c.File = shown
	given := parseFile(data, shown, faults)
	if from, err := filepath.Rel(c.Dir, filepath.Dir(path)); err == nil && from != "." && len(explicit) == 0 {
		given.rebase(from)
	}
	return given
}

// rebase makes the paths in a file that was found in the repository's root,
// which start there, relative to the working directory.
func (s source) rebase(from string) {
	// What comes before the path in each of these; a file has a path only where
	// something does.
	before := map[string]*regexp.Regexp{
		"ignore": regexp.MustCompile(`^`), "state": regexp.MustCompile(`^`), "shard-file": regexp.MustCompile(`^`), "dir": regexp.MustCompile(`^`),
		"plan-file": regexp.MustCompile(`^([^=]*=)?`), "write": regexp.MustCompile(`^[^=]*=`), "inventory": regexp.MustCompile(`^(file|terraformer|terraform-query):`),
	}
	for name, prefix := range before {
		for i, v := range s[name] {
			at := prefix.FindStringIndex(v.text)
			if at == nil || v.text[at[1]:] == "" || v.text[at[1]:] == "-" || filepath.IsAbs(v.text[at[1]:]) {
				continue
			}
			s[name][i].text = v.text[:at[1]] + filepath.Join(from, v.text[at[1]:])
		}
	}
}

// parseFile reads the settings in a configuration file, each value with its
// place, and checks them. name is the file's, for messages.
func parseFile(data []byte, name string, faults *problems) source {
	f := fileReader{name: name, faults: faults, given: source{}}
	if tooDeep(data) {
		faults.add("settings are one level deep: KEY: VALUE", "%s is nested too deeply", name)
		return f.given
	}
	file, err := parser.ParseBytes(data, 0, parser.AllowDuplicateMapKey())
	if err != nil {
		f.syntax(err)
		return f.given
	}
	if len(file.Docs) > 1 && file.Docs[1].Body != nil {
		f.fault(file.Docs[1].Body, "keep the settings in one document", "a second document begins")
		return f.given
	}
	for _, doc := range file.Docs {
		f.settings(doc.Body)
	}
	return f.given
}

// fileReader walks one file's syntax tree.
type fileReader struct {
	name   string
	faults *problems
	given  source
}

func (f *fileReader) place(n ast.Node) string { return f.at(n.GetToken()) }

func (f *fileReader) at(t *token.Token) string {
	if t == nil || t.Position == nil {
		return f.name
	}
	return fmt.Sprintf("%s:%d:%d", f.name, t.Position.Line, t.Position.Column)
}

func (f *fileReader) fault(n ast.Node, hint, format string, args ...any) {
	f.faults.add(hint, "%s: %s", f.place(n), fmt.Sprintf(format, args...))
}

// syntax tells of a file that is not YAML. Only the parser's own words are
// passed on, not the lines that it would show.
func (f *fileReader) syntax(err error) {
	var located yaml.Error
	if errors.As(err, &located) {
		f.faults.add("", "%s: not valid YAML: %s", f.at(located.GetToken()), located.GetMessage())
		return
	}
	f.faults.add("", "%s: not valid YAML", f.name)
}

func (f *fileReader) settings(body ast.Node) {
	switch body := body.(type) {
	case nil, *ast.NullNode, *ast.CommentGroupNode:
	case *ast.MappingValueNode:
		f.entries([]*ast.MappingValueNode{body})
	case *ast.MappingNode:
		f.entries(body.Values)
	default:
		f.fault(body, "write settings as KEY: VALUE", "holds %s instead of settings", kindOf(body))
	}
}

func (f *fileReader) entries(entries []*ast.MappingValueNode) {
	table := settings()
	seen := map[string]int{}
	for _, entry := range entries {
		if _, ok := entry.Key.(*ast.StringNode); !ok {
			f.fault(entry.Key, "a key is one of the flags' names", "%s can't be a key", kindOf(entry.Key))
			continue
		}
		key := entry.Key.(*ast.StringNode).Value
		s := find(table, key)
		if s == nil || s.flagOnly {
			f.unknown(entry.Key, key, table)
			continue
		}
		if line, again := seen[key]; again {
			f.fault(entry.Key, "a list holds several values", "%s: is set already on line %d", key, line)
			continue
		}
		seen[key] = entry.Key.GetToken().Position.Line
		f.values(s, entry.Value)
	}
}

func (f *fileReader) unknown(n ast.Node, key string, table []setting) {
	if hint := tokenHint(key); hint != "" {
		f.fault(n, hint, "%s can't be set in a file", quote(key))
		return
	}
	var names []string
	for _, s := range table {
		if !s.flagOnly {
			names = append(names, s.name)
		}
	}
	hint := "`strandline schema config` describes the keys there are"
	if near := nearest(key, names); near != "" {
		hint = fmt.Sprintf("did you mean %s?", near)
	}
	f.fault(n, hint, "unknown key %s", quote(key))
}

// values reads what is set for s: one scalar, or for a setting that can be
// repeated also a list of them.
func (f *fileReader) values(s *setting, n ast.Node) {
	if mapping := pairsOf(n); s.kind == kindPairs && mapping != nil {
		f.pairs(s, mapping)
		return
	}
	items := []ast.Node{n}
	if list, ok := n.(*ast.SequenceNode); ok && s.kind.many() {
		items = list.Values
	}
	given := []value{}
	for _, item := range items {
		text, ok := scalar(s, item)
		if !ok {
			f.fault(item, wanted(s), "%s: is %s", s.name, kindOf(item))
			continue
		}
		v := value{text: text, where: f.place(item) + ": " + s.name}
		given = append(given, v)
		verify(source{s.name: {v}}, []setting{*s}, f.faults)
	}
	f.given[s.name] = given
}

// pairsOf returns the entries of a mapping, nil for anything else.
func pairsOf(n ast.Node) []*ast.MappingValueNode {
	switch n := n.(type) {
	case *ast.MappingValueNode:
		return []*ast.MappingValueNode{n}
	case *ast.MappingNode:
		return n.Values
	}
	return nil
}

// pairs reads a mapping whose values are texts or lists of texts, as the
// KEY=VALUE,VALUE that a flag would take.
func (f *fileReader) pairs(s *setting, entries []*ast.MappingValueNode) {
	given := []value{}
	for _, entry := range entries {
		items := []ast.Node{entry.Value}
		if list, ok := entry.Value.(*ast.SequenceNode); ok {
			items = list.Values
		}
		var texts []string
		for _, item := range items {
			text, ok := scalar(s, item)
			if !ok {
				f.fault(item, wanted(s), "%s: is %s", s.name, kindOf(item))
				continue
			}
			texts = append(texts, text)
		}
		key, ok := scalar(s, entry.Key)
		if !ok {
			f.fault(entry.Key, wanted(s), "%s: %s can't be a key", s.name, kindOf(entry.Key))
			continue
		}
		v := value{text: key + "=" + strings.Join(texts, ","), where: f.place(entry.Key) + ": " + s.name}
		given = append(given, v)
		verify(source{s.name: {v}}, []setting{*s}, f.faults)
	}
	f.given[s.name] = given
}

// scalar returns the text of a node of the type that s asks for.
func scalar(s *setting, n ast.Node) (string, bool) {
	switch n := n.(type) {
	case *ast.StringNode:
		return n.Value, s.kind != kindBool && s.kind != kindInt
	case *ast.LiteralNode:
		return n.Value.Value, s.kind != kindBool && s.kind != kindInt
	case *ast.BoolNode:
		return fmt.Sprint(n.Value), s.kind == kindBool
	case *ast.IntegerNode:
		return fmt.Sprint(n.Value), s.kind == kindInt || s.kind == kindDuration
	}
	return "", false
}

// wanted says what s takes, to a person who gave it something else.
func wanted(s *setting) string {
	switch s.kind {
	case kindBool:
		return "write true or false"
	case kindInt:
		return fmt.Sprintf("write a whole number from %d to %d, without quotes", s.min, s.max)
	case kindDuration:
		return "write a number and a unit, as in 90s, 30m or 1h30m, or 0"
	case kindPairs:
		return "write " + s.arg + " pairs, KEY: VALUE or KEY: [VALUE, VALUE]; put what YAML takes for something else in quotes"
	case kindList, kindWords:
		return "write one text or a list of texts; put what YAML takes for something else in quotes"
	}
	return "write a text; put what YAML takes for something else in quotes"
}

// kindOf names the type of a node.
func kindOf(n ast.Node) string {
	switch n.(type) {
	case nil, *ast.NullNode:
		return "empty"
	case *ast.StringNode, *ast.LiteralNode:
		return "a text"
	case *ast.BoolNode:
		return "true or false"
	case *ast.IntegerNode, *ast.FloatNode, *ast.InfinityNode, *ast.NanNode:
		return "a number"
	case *ast.SequenceNode:
		return "a list"
	case *ast.MappingNode, *ast.MappingValueNode:
		return "a mapping"
	case *ast.AnchorNode, *ast.AliasNode, *ast.MergeKeyNode:
		return "an anchor, an alias or a merge, which are not supported"
	}
	return "something that is not supported"
}

// tooDeep reports whether data could make the parser, which is recursive, go
// deeper than any settings do: by brackets, by markers of nested lists on one
// line, or by indentation.
func tooDeep(data []byte) bool {
	for line := range strings.Lines(string(data)) {
		indent := strings.TrimLeft(line, " \t-?:")
		if len(line)-len(indent) > 2*maxDepth && strings.TrimSpace(indent) != "" {
			return true
		}
	}
	depth := 0
	for _, b := range data {
		switch b {
		case '[', '{':
			if depth++; depth > maxDepth {
				return true
			}
		case ']', '}':
			depth = max(0, depth-1)
		}
	}
	return false
}

// plainly takes the operation and the path out of a file's error: messages
// name the path themselves.
func plainly(err error) error {
	var at *fs.PathError
	if errors.As(err, &at) {
		if errors.Is(err, os.ErrNotExist) {
			return fs.ErrNotExist
		}
		return at.Err
	}
	return err
}

func errTooLarge(limit int64) error { return fmt.Errorf("it is larger than %d KiB", limit>>10) }
