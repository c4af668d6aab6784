package importid

import (
	"fmt"
	"strings"
)

// A Template makes an id from named values. In it
//
//	{Name}         is a value, {Bucket/Name} one inside of another
//	{A|B|"text"}   is the first of them that there is
//	{Name:func}    is a value changed by a function, see below
//	[...]          is left out where a value in it is missing
//
// and all else stands for itself. A value that is missing elsewhere means that
// there is no id. The functions, none of which ever fails:
//
//	name   what follows the last / or : (of an ARN, mostly the name; of a name, the name)
//	tail   an ARN without what stands before the first / or : of its resource
//	1 … 9  the n-th part of an ARN's resource, or of a value that is no ARN; / and : part them
//	dns    a domain name as Terraform writes it: no final dot, lower case, \052 is *
//	-X     the value, but none at all where it is X
//
// Names that begin with @ are no properties but say where an object is:
// @partition (aws, aws-cn, …), @region and @account.
type Template struct {
	text  string
	parts []part
}

// part is a literal, or a placeholder with its alternatives, or a group that may be left out.
type part struct {
	literal      string
	alternatives []value
	optional     []part
}

// value is one alternative of a placeholder: a literal where name is "".
type value struct{ name, function, literal string }

// String is the template as the table has it.
func (t Template) String() string { return t.text }

// Names are the values that the template may ask for, in order, each once,
// those with @ included.
func (t Template) Names() []string {
	var names []string
	seen := map[string]bool{}
	var walk func(parts []part)
	walk = func(parts []part) {
		for _, p := range parts {
			for _, v := range p.alternatives {
				if v.name != "" && !seen[v.name] {
					seen[v.name] = true
					names = append(names, v.name)
				}
			}
			walk(p.optional)
		}
	}
	walk(t.parts)
	return names
}

// Make fills the template in. It is false where a value is missing, or empty.
func (t Template) Make(get func(name string) (string, bool)) (string, bool) {
	if len(t.parts) == 0 {
		return "", false
	}
	return fill(t.parts, get)
}

func fill(parts []part, get func(string) (string, bool)) (string, bool) {
	if len(parts) == 1 && parts[0].alternatives != nil {
		return first(parts[0].alternatives, get) // most are this: no need to build
	}
	var b strings.Builder
	for _, p := range parts {
		switch {
		case p.optional != nil:
			text, _ := fill(p.optional, get)
			b.WriteString(text)
		case p.alternatives != nil:
			text, ok := first(p.alternatives, get)
			if !ok {
				return "", false
			}
			b.WriteString(text)
		default:
			b.WriteString(p.literal)
		}
	}
	return b.String(), true
}

func first(alternatives []value, get func(string) (string, bool)) (string, bool) {
	for _, v := range alternatives {
		if v.name == "" {
			return v.literal, true
		}
		if text, ok := get(v.name); ok {
			if text = apply(v.function, text); text != "" {
				return text, true
			}
		}
	}
	return "", false
}

// apply is a function of a template, "" being the one that changes nothing.
func apply(function, text string) string {
	switch {
	case function == "":
		return text
	case function == "name":
		return text[strings.LastIndexAny(text, "/:")+1:]
	case function == "tail":
		resource := resourceOf(text)
		return resource[strings.IndexAny(resource, "/:")+1:]
	case function == "dns":
		return strings.ToLower(strings.ReplaceAll(strings.TrimSuffix(text, "."), `\052`, "*"))
	case function[0] == '-':
		if text == function[1:] {
			return ""
		}
		return text
	}
	segments := strings.FieldsFunc(resourceOf(text), func(r rune) bool { return r == '/' || r == ':' })
	if n := int(function[0] - '0'); n <= len(segments) {
		return segments[n-1]
	}
	return ""
}

// known says whether apply knows a function.
func known(function string) bool {
	switch function {
	case "", "name", "tail", "dns":
		return true
	}
	return len(function) > 1 && function[0] == '-' || len(function) == 1 && '1' <= function[0] && function[0] <= '9'
}

// ParseTemplate reads a template, as the tables have them.
func ParseTemplate(text string) (Template, error) {
	parts, rest, err := parseParts(text, false)
	if err == nil && rest != "" {
		err = fmt.Errorf("%q is left over", rest)
	}
	if err != nil {
		return Template{}, fmt.Errorf("template %s: %w", text, err)
	}
	return Template{text: text, parts: parts}, nil
}

// parseParts reads parts up to the end of the text or, in a group, up to its
// closing bracket, and returns what follows it.
func parseParts(text string, inGroup bool) ([]part, string, error) {
	var parts []part
	for text != "" {
		switch text[0] {
		case '[':
			group, rest, err := parseParts(text[1:], true)
			if err != nil {
				return nil, "", err
			}
			parts, text = append(parts, part{optional: group}), rest
		case ']':
			if !inGroup {
				return nil, "", fmt.Errorf("] without [")
			}
			return parts, text[1:], nil
		case '{':
			inner, rest, closed := strings.Cut(text[1:], "}")
			alternatives, err := parseAlternatives(inner)
			if err != nil || !closed {
				return nil, "", fmt.Errorf("placeholder {%s: %v", inner, err)
			}
			parts, text = append(parts, part{alternatives: alternatives}), rest
		default:
			end := strings.IndexAny(text, "[]{")
			if end < 0 {
				end = len(text)
			}
			parts, text = append(parts, part{literal: text[:end]}), text[end:]
		}
	}
	if inGroup {
		return nil, "", fmt.Errorf("[ without ]")
	}
	return parts, "", nil
}

func parseAlternatives(text string) ([]value, error) {
	var values []value
	for _, alternative := range strings.Split(text, "|") {
		if literal, isLiteral := strings.CutPrefix(alternative, `"`); isLiteral {
			values = append(values, value{literal: strings.TrimSuffix(literal, `"`)})
			continue
		}
		name, function, _ := strings.Cut(alternative, ":")
		if name == "" || !known(function) {
			return nil, fmt.Errorf("%q is no value, or its function is unknown", alternative)
		}
		values = append(values, value{name: name, function: function})
	}
	return values, nil
}
