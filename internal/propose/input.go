package propose

import (
	"bytes"
	"fmt"
	"maps"
	"path"
	"slices"
	"strings"

	"github.com/go-json-experiment/json/jsontext"
	"github.com/hashicorp/hcl/v2/hclsyntax"
)

// inputRank orders the files from which Terraform reads variables unasked, the
// last of which to set one counts; 0 for other files. Within a rank it is the
// name:
// https://developer.hashicorp.com/terraform/language/values/variables#variable-definition-precedence
func inputRank(name string) int {
	switch name = path.Base(name); {
	case name == "terraform.tfvars":
		return 1
	case name == "terraform.tfvars.json":
		return 2
	case strings.HasSuffix(name, ".auto.tfvars"), strings.HasSuffix(name, ".auto.tfvars.json"):
		return 3
	}
	return 0
}

// input is a literal in a file that sets a variable of a root module.
type input struct {
	src  *source
	attr *hclsyntax.Attribute
}

// input returns what sets a variable of the root module in dir. why says where
// it is set, or may be, if that is no place to change it; with neither, no file
// sets it. What a workspace of Terraform Cloud or a command line sets is not
// known here.
func (t *Tree) input(dir, variable string) (in input, why string) {
	for _, name := range slices.Backward(t.inputs[dir]) {
		if strings.HasSuffix(name, ".json") {
			line, isSound := memberLine(t.files[name], variable)
			switch {
			case !isSound:
				return in, mayBeSet(name)
			case line > 0:
				return in, "which is set at " + placeIn(name, line)
			}
			continue
		}
		src := t.source(name)
		if src == nil || t.files[name] == nil {
			return in, mayBeSet(name)
		}
		if attr := src.body.Attributes[variable]; attr != nil {
			if other := t.confidential(dir, src); other != "" {
				return in, fmt.Sprintf("which is set at %s, beside %s: no patch shows that file", place(src, attr.SrcRange.Start.Line), other)
			}
			return input{src, attr}, ""
		}
	}
	return in, ""
}

func mayBeSet(file string) string {
	return fmt.Sprintf("which may be set in %s, which can't be read", inCode(file))
}

// confidential says what else a file of variables sets that a patch may not
// show: what is sensitive, or what no variable declares, so that nothing tells.
func (t *Tree) confidential(dir string, src *source) string {
	f := t.folder(dir)
	for _, name := range slices.Sorted(maps.Keys(src.body.Attributes)) {
		switch {
		case f == nil || len(f.variables.get(name)) == 0:
			return inCode("var."+name) + ", which isn't declared"
		case slices.ContainsFunc(f.variables.get(name), isSensitive):
			return inCode("var."+name) + ", which is sensitive"
		}
	}
	return ""
}

// isSensitive reports whether a variable is declared sensitive, or may be.
func isSensitive(variable placed) bool {
	attr := variable.block.Body.Attributes["sensitive"]
	if attr == nil {
		return false
	}
	lit, ok := literal(attr.Expr)
	return textOf(lit, ok) != "false"
}

// memberLine returns the line (from 1) on which an object of JSON has a member,
// 0 where it has none. isSound is false where text is no such object.
func memberLine(text []byte, name string) (line int, isSound bool) {
	dec := jsontext.NewDecoder(bytes.NewReader(text))
	if open, err := dec.ReadToken(); err != nil || open.Kind() != '{' {
		return 0, false
	}
	for dec.PeekKind() == '"' {
		key, err := dec.ReadToken()
		if err != nil {
			return 0, false
		}
		if key.String() == name {
			line = bytes.Count(text[:dec.InputOffset()], []byte("\n")) + 1
		}
		if err := dec.SkipValue(); err != nil {
			return 0, false
		}
	}
	_, err := dec.ReadToken()
	return line, err == nil
}
