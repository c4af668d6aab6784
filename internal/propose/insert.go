package propose

import (
	"fmt"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
)

// unit is what hclwrite.Format indents by.
const unit = "  "

func about(what string, at int, names ...string) string {
	return fmt.Sprintf("%s %d %q", what, at, names)
}

// addArgument adds an argument to a block: behind those it has, or first.
func (s *source) addArgument(in *hclsyntax.Block, name, text string) []edit {
	var last hcl.Range
	for _, attr := range in.Body.Attributes {
		if len(in.Body.Blocks) > 0 && attr.SrcRange.Start.Byte > in.Body.Blocks[0].TypeRange.Start.Byte {
			continue
		}
		if attr.SrcRange.End.Byte > last.End.Byte {
			last = attr.SrcRange
		}
	}
	return s.addLine(in, last, name+" = "+text, "", about("set", in.OpenBraceRange.Start.Byte, name))
}

// addLine puts text on a line of its own into a block: behind what spans after,
// or first where that is nothing. between stands in front of it.
func (s *source) addLine(in *hclsyntax.Block, after hcl.Range, text, between, what string) []edit {
	open, end := in.OpenBraceRange.End.Byte, in.CloseBraceRange.Start.Byte
	at := after.End.Byte
	if at == 0 {
		at, between = open, ""
	}
	base := s.indent(in.TypeRange.Start.Byte)
	line := base + unit + strings.ReplaceAll(text, "\n", "\n"+base+unit)
	if lineEnd, _, ok := s.lineEnd(at); ok && lineEnd < end && s.text[lineEnd] != '}' {
		next := s.nextLine(lineEnd)
		return []edit{{s.path, next, next, between + line + "\n", what}}
	}
	text = "\n" + between + line
	// A block on one line is opened up.
	inner := strings.TrimRight(string(s.text[open:end]), " \t")
	first := open + len(inner) - len(strings.TrimLeft(inner, " \t"))
	stop := open + len(inner)
	edits := []edit{{s.path, stop, stop, text, what}, {s.path, stop, end, "\n" + base, about("close", open)}}
	if first < stop {
		edits = append(edits, edit{s.path, open, first, "\n" + base + unit, about("open", open)})
	}
	if stop == end { // the two would be put in at the same place, in any order
		edits[0].text += "\n" + base
		edits = append(edits[:1], edits[2:]...)
	}
	return edits
}

// addBlock adds a nested block: behind last, or behind all else.
func (s *source) addBlock(in *hclsyntax.Block, last *hclsyntax.Block, text, what string) []edit {
	var after hcl.Range
	if last != nil {
		after = last.Range()
	} else {
		for _, attr := range in.Body.Attributes {
			if attr.SrcRange.End.Byte > after.End.Byte {
				after = attr.SrcRange
			}
		}
		for _, b := range in.Body.Blocks {
			if b.Range().End.Byte > after.End.Byte {
				after = b.Range()
			}
		}
	}
	return s.addLine(in, after, text, "\n", what)
}
