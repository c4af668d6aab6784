package planjson_test

import (
	"regexp"
	"strconv"
	"strings"
)

// textPlan is what Terraform's own text says of a plan. It is read from what a
// person sees, and shares no code with the package.
type textPlan struct {
	changes map[string]*textChange // by address, with the deposed key where there is one
	outputs map[string]bool        // paths, see normal
	counts  string                 // the words behind "Plan: "
}

type textChange struct {
	action string // as in the model; no_op where only a move or an import is told
	from   string // the previous address
	id     string // of an import
	paths  map[string]bool
}

var (
	heading  = regexp.MustCompile(`^ +# (\S.*?) (will be|must be|is tainted|has moved to|will no longer be)\b(.*)$`)
	deposed  = regexp.MustCompile(`^(.*) \(deposed object (\w+)\)$`)
	moved    = regexp.MustCompile(`^  # \(moved from (.*)\)$`)
	imported = regexp.MustCompile(`^  # \(imported from "(.*)"\)$`)
	itsID    = regexp.MustCompile(`^        id += "(.*)"$`)
	counted  = regexp.MustCompile(`^Plan: (.*)\.$`)
)

// parseText reads the text that `terraform plan -no-color` shows.
func parseText(text string) *textPlan {
	p := &textPlan{changes: map[string]*textChange{}, outputs: map[string]bool{}}
	lines := strings.Split(text, "\n")
	var c *textChange
	for i := 0; i < len(lines); i++ {
		line := lines[i]
		switch {
		case heading.MatchString(line):
			m := heading.FindStringSubmatch(line)
			c = &textChange{action: actionInWords(m[2] + m[3]), paths: map[string]bool{}}
			if m[3] == " imported" {
				c.id = itsID.FindStringSubmatch(lines[i+2])[1]
			}
			address := m[1]
			if m[2] == "has moved to" {
				c.from, address = address, strings.TrimSpace(m[3])
			}
			if d := deposed.FindStringSubmatch(address); d != nil {
				address = d[1] + d[2]
			}
			p.changes[address] = c
		case c != nil && moved.MatchString(line):
			c.from = moved.FindStringSubmatch(line)[1]
		case c != nil && imported.MatchString(line):
			c.id = imported.FindStringSubmatch(line)[1]
		case c != nil && strings.HasSuffix(line, " {") && (strings.Contains(line, `resource "`) || strings.Contains(line, `data "`)):
			body := textValues{lines: lines[i+1:], paths: c.paths}
			body.members("", "    }")
			i += body.at
		case line == "Changes to Outputs:":
			body := textValues{lines: lines[i+1:], paths: p.outputs}
			body.members("", "")
			i += body.at
		case counted.MatchString(line):
			p.counts = counted.FindStringSubmatch(line)[1]
		}
	}
	return p
}

func actionInWords(words string) string {
	for _, w := range []struct{ begin, action string }{
		{"will be created", "create"}, {"will be updated", "update"}, {"will be destroyed", "delete"},
		{"will be read", "read"}, {"will no longer be managed", "forget"}, {"will be replaced", "replace"},
		{"must be replaced", "replace"}, {"is tainted", "replace"},
	} {
		if strings.HasPrefix(words, w.begin) {
			return w.action
		}
	}
	return "no_op"
}

// textValues reads the values below one opening line.
type textValues struct {
	lines []string
	at    int
	paths map[string]bool
}

var (
	marked    = regexp.MustCompile(`^ *(?:(-/\+|\+/-|[-+~]) )?(.*)$`)
	member    = regexp.MustCompile(`^("(?:[^"\\]|\\.)*"|[^\s"#=({\[<]+) += (.*)$`)
	remark    = regexp.MustCompile(` # (forces replacement|whitespace changes)$`)
	ident     = regexp.MustCompile(`^[\pL_][\pL\pN_-]*$`)
	belowList = regexp.MustCompile(`^(.*?(?:\[\])+)(?:\.|\[").*$`)
	index     = regexp.MustCompile(`\[\d+\]`)
)

// normal is the granularity at which paths are compared: a leaf is named down
// to its map keys and list elements, without their indexes, since the report
// matches elements by content and Terraform mostly by position. For the same
// reason, of an object in a list (whose members Terraform may all name where
// the report tells one inserted object) no more than the list is compared.
func normal(path string) string {
	path = index.ReplaceAllString(path, "[]")
	return belowList.ReplaceAllString(path, "$1")
}

// members reads the lines of a container at path up to its end, and adds the
// paths of what changes; it returns how many that were.
func (v *textValues) members(path, end string) int {
	count := 0
	for v.at < len(v.lines) {
		line := v.lines[v.at]
		if line == end || end != "" && strings.HasPrefix(line, end) {
			return count
		}
		v.at++
		m := marked.FindStringSubmatch(line)
		symbol, rest := m[1], m[2]
		if rest == "" || strings.HasPrefix(rest, "#") {
			continue
		}
		here := path + "[]"
		if key := member.FindStringSubmatch(rest); key != nil {
			here, rest = join(path, key[1]), key[2]
		}
		count += v.value(here, symbol, rest, strings.Index(line, strings.TrimLeft(line, " ")))
	}
	return count
}

func join(path, key string) string {
	if name, err := strconv.Unquote(key); err == nil {
		key = name
	}
	if !ident.MatchString(key) {
		return path + "[" + strconv.Quote(key) + "]"
	}
	if path == "" {
		return key
	}
	return path + "." + key
}

// value reads the value that rest begins, at path with a symbol; margin is how
// far its line is indented.
func (v *textValues) value(path, symbol, rest string, margin int) int {
	rest = remark.ReplaceAllString(rest, "")
	closing := map[byte]string{'{': "}", '[': "]", '(': ")", 'T': "EOT"}[rest[len(rest)-1]]
	if closing == "" || closing == "EOT" && !strings.HasSuffix(rest, "<<-EOT") {
		if symbol == "" || rest == "null" || rest == "null -> null" {
			return 0
		}
		return v.changes(path)
	}
	// The end stands where the value does, behind the symbol's two columns.
	if symbol != "" {
		margin += len(symbol) + 1
	}
	end := strings.Repeat(" ", margin) + closing
	if closing == ")" || closing == "EOT" {
		for v.at < len(v.lines) && !strings.HasPrefix(v.lines[v.at], end) {
			v.at++
		}
		v.at++
		if symbol == "" {
			return 0
		}
		return v.changes(path)
	}
	outer := v.paths
	v.paths = map[string]bool{}
	count := v.members(path, end)
	inner := v.paths
	v.paths = outer
	tail := ""
	if v.at < len(v.lines) {
		tail = strings.TrimSuffix(strings.TrimPrefix(v.lines[v.at], end), ",")
		v.at++
	}
	if tail == " -> (known after apply)" || tail == " -> (sensitive value)" {
		return v.changes(path)
	}
	for p := range inner {
		v.paths[p] = true
	}
	if before, _, found := strings.Cut(rest, " -> "); found && before != "" { // a scalar gives way to this
		count += v.changes(path)
	}
	if to, found := strings.CutPrefix(tail, " -> "); found && to != "null" { // this gives way to something
		return count + v.value(path, "~", to, margin-2)
	}
	if count == 0 && symbol != "" && symbol != "~" { // it holds nothing but nulls
		return v.changes(path)
	}
	return count
}

func (v *textValues) changes(path string) int {
	v.paths[normal(path)] = true
	return 1
}
