package details

import "github.com/hashicorp/hcl/v2/hclsyntax"

// maxDepth is how deep expressions and blocks may be nested: the parser
// recurses, and an input of millions of brackets would end the program.
const maxDepth = 1000

// Deep reports whether HCL tokens are nested deeper than anybody writes, so
// that they must not be parsed.
func Deep(tokens hclsyntax.Tokens) bool {
	depth, operators := 0, 0
	for _, t := range tokens {
		switch t.Type {
		case hclsyntax.TokenOBrace, hclsyntax.TokenOBrack, hclsyntax.TokenOParen, hclsyntax.TokenOQuote, hclsyntax.TokenOHeredoc, hclsyntax.TokenTemplateInterp, hclsyntax.TokenTemplateControl:
			depth++
		case hclsyntax.TokenCBrace, hclsyntax.TokenCBrack, hclsyntax.TokenCParen, hclsyntax.TokenCQuote, hclsyntax.TokenCHeredoc, hclsyntax.TokenTemplateSeqEnd:
			depth--
		case hclsyntax.TokenBang, hclsyntax.TokenMinus, hclsyntax.TokenQuestion:
			operators++
		case hclsyntax.TokenNewline:
			operators = 0
		}
		if depth+operators > maxDepth {
			return true
		}
	}
	return false
}
