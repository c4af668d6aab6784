package prove

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"

	"github.com/strandline-tf/strandline/internal/model"
)

// written is an import or resource block of the files that are planned.
type written struct {
	file     string
	address  string
	resource bool // not an import block
	text     string
	block    *hclsyntax.Block
}

type blocks []written

// readBlocks returns the import and resource blocks of files. What can't be
// parsed has none: Terraform will say what is wrong with it.
func readBlocks(files map[string][]byte) blocks {
	var out blocks
	for _, name := range slices.Sorted(maps.Keys(files)) {
		f, diags := hclsyntax.ParseConfig(files[name], name, hcl.InitialPos)
		if diags.HasErrors() {
			continue
		}
		for _, b := range f.Body.(*hclsyntax.Body).Blocks {
			w := written{file: name, block: b, text: string(b.Range().SliceBytes(f.Bytes))}
			switch {
			case b.Type == "resource" && len(b.Labels) == 2:
				w.address, w.resource = b.Labels[0]+"."+b.Labels[1], true
			case b.Type == "import" && b.Body.Attributes["to"] != nil:
				w.address = string(b.Body.Attributes["to"].Expr.Range().SliceBytes(f.Bytes))
			default:
				continue
			}
			out = append(out, w)
		}
	}
	return out
}

// references returns what a block's expressions may refer to: TYPE.NAME, for
// each time that it stands there.
func (w written) references() (out []string) {
	_ = hclsyntax.VisitAll(w.block.Body, func(n hclsyntax.Node) hcl.Diagnostics {
		if e, isReference := n.(*hclsyntax.ScopeTraversalExpr); isReference && len(e.Traversal) > 1 {
			if a, isAttr := e.Traversal[1].(hcl.TraverseAttr); isAttr {
				out = append(out, e.Traversal.RootName()+"."+a.Name)
			}
		}
		return nil
	})
	return out
}

// locate finds the adopted resource, and the argument of it, that an error is
// about; known is false where it is about something else or doesn't say.
func (list blocks) locate(d model.Diagnostic, adopted map[string]bool) (f fault, known bool) {
	f.said = d
	for _, w := range list {
		// A path may begin with the folder that Terraform Cloud runs in.
		inFile := d.File != "" && (d.File == w.file || strings.HasSuffix(d.File, "/"+w.file))
		if r := w.block.Range(); !inFile || d.Line < r.Start.Line || d.Line > w.block.CloseBraceRange.End.Line {
			continue
		}
		if adopted[w.address] {
			f.address, f.within, f.importing, f.path = w.address, w.resource, !w.resource, pathAt(w.block.Body, d.Line)
		}
	}
	switch {
	case adopted[d.Address]:
		if f.address != d.Address {
			f = fault{address: d.Address, said: d}
		}
	case f.address != "":
	case d.Address == "":
		f.address = mentioned(d, adopted)
	}
	if name := argumentOf(d); name != "" && f.address != "" {
		f.path, f.within = named(f.path, name), !f.importing
	}
	return f, f.address != ""
}

// pathAt returns the path of the argument or nested block that stands in a
// line of a body, the innermost; "" for none.
func pathAt(body *hclsyntax.Body, line int) string {
	for name, a := range body.Attributes {
		if r := a.Range(); r.Start.Line <= line && line <= r.End.Line {
			return name
		}
	}
	count := map[string]int{}
	for _, b := range body.Blocks {
		at := fmt.Sprintf("%s[%d]", b.Type, count[b.Type])
		count[b.Type]++
		if b.Range().Start.Line <= line && line <= b.CloseBraceRange.End.Line {
			if inner := pathAt(b.Body, line); inner != "" {
				return at + "." + inner
			}
			return at
		}
	}
	return ""
}

// named puts the name that an error tells and the path of the line that it
// points at together: an argument that is missing is told by its name and the
// line of the block that lacks it.
func named(at, name string) string {
	switch last := at[strings.LastIndex(at, ".")+1:]; {
	case at != "" && last == name:
		return at
	case strings.HasPrefix(last, name+"["): // of blocks that may not stand there
		return at[:strings.LastIndex(at, "[")]
	}
	if strings.HasSuffix(at, "]") {
		return at + "." + name
	}
	if i := strings.LastIndex(at, "."); i >= 0 {
		return at[:i+1] + name
	}
	return name
}

// mentioned returns the adopted resource that an error's words name, the
// longest name of several; "" for none.
func mentioned(d model.Diagnostic, adopted map[string]bool) string {
	text := d.Summary + " " + d.Detail
	addresses := slices.SortedFunc(maps.Keys(adopted), func(x, y string) int {
		return cmp.Or(len(y)-len(x), strings.Compare(x, y))
	})
	for _, a := range addresses {
		typ, name, _ := strings.Cut(a, ".")
		if isWord(text, a) || strings.HasPrefix(d.Summary, "Duplicate resource") && isWord(text, typ) && strings.Contains(text, `"`+name+`"`) {
			return a
		}
	}
	return ""
}

// isWord reports whether word stands in text by itself.
func isWord(text, word string) bool {
	inName := func(s string) bool {
		return s != "" && (s[0] == '_' || s[0] == '-' || '0' <= s[0] && s[0] <= '9' || 'a' <= s[0] && s[0] <= 'z' || 'A' <= s[0] && s[0] <= 'Z')
	}
	for i := 0; ; {
		n := strings.Index(text[i:], word)
		if n < 0 {
			return false
		}
		i += n
		before, after := text[:i], text[i+len(word):]
		if !inName(after) && (before == "" || !inName(before[len(before)-1:]) && before[len(before)-1] != '.') {
			return true
		}
		i += len(word)
	}
}
