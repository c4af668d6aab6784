package checkout

import (
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
)

// kinds are the blocks that addresses name, with the number of their labels and
// what an address begins with.
func kinds(keyword string) (labels int, prefix string) {
	switch keyword {
	case "resource":
		return 2, ""
	case "data", "ephemeral", "action":
		return 2, keyword + "."
	case "module", "check", "output":
		return 1, keyword + "."
	case "variable":
		return 1, "var."
	}
	return 0, ""
}

// add takes in the blocks of a file. It works on tokens, so that a file may be
// broken, or nested deeper than a parser could bear: a block keyword at the
// beginning of a line counts, whatever was left open before it.
func (f *folder) add(name string, text []byte) {
	f.files[name] = true
	tokens, _ := hclsyntax.LexConfig(text, name, hcl.InitialPos)
	call := "" // the module block that we are in
	depth := 0
	for i := 0; i < len(tokens); i++ {
		t := &tokens[i]
		switch t.Type {
		case hclsyntax.TokenOBrace, hclsyntax.TokenTemplateInterp, hclsyntax.TokenTemplateControl:
			depth++
		case hclsyntax.TokenCBrace, hclsyntax.TokenTemplateSeqEnd:
			if depth = max(0, depth-1); depth == 0 {
				call = ""
			}
		case hclsyntax.TokenIdent:
			if call != "" && depth == 1 && string(t.Bytes) == "source" && i+1 < len(tokens) && tokens[i+1].Type == hclsyntax.TokenEqual {
				if source, _ := label(tokens[i+2:]); source != "" && f.calls[call] == "" {
					f.calls[call] = source
				}
			}
			if depth > 0 && t.Range.Start.Column > 1 {
				continue
			}
			address, next := head(tokens[i:])
			if address == "" {
				continue
			}
			if _, known := f.blocks[address]; !known {
				f.blocks[address] = place{name, t.Range.Start.Line}
			}
			call, _ = strings.CutPrefix(address, "module.")
			if call == address {
				call = ""
			}
			i += next
			depth = 1
		}
	}
}

// head returns the address of the block that tokens begin with, and the index
// of its brace; "" where they begin with none.
func head(tokens hclsyntax.Tokens) (address string, brace int) {
	labels, prefix := kinds(string(tokens[0].Bytes))
	if labels == 0 {
		return "", 0
	}
	at := 1
	var parts []string
	for range labels {
		text, n := label(tokens[at:])
		if text == "" {
			return "", 0
		}
		parts = append(parts, text)
		at += n
	}
	if at >= len(tokens) || tokens[at].Type != hclsyntax.TokenOBrace {
		return "", 0
	}
	return prefix + strings.Join(parts, "."), at
}

// label returns the plain string or name that tokens begin with, and how many
// tokens it takes.
func label(tokens hclsyntax.Tokens) (text string, n int) {
	switch {
	case len(tokens) > 0 && tokens[0].Type == hclsyntax.TokenIdent:
		return string(tokens[0].Bytes), 1
	case len(tokens) > 2 && tokens[0].Type == hclsyntax.TokenOQuote && tokens[1].Type == hclsyntax.TokenQuotedLit &&
		tokens[2].Type == hclsyntax.TokenCQuote:
		return string(tokens[1].Bytes), 3
	}
	return "", 0
}
