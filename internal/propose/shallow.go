package propose

import (
	"bytes"

	"github.com/hashicorp/hcl/v2/hclsyntax"
)

// maxNesting is how deep expressions and blocks may lie within each other, and
// how many operators one of them may have. HCL's parser calls itself for each;
// no configuration that a person keeps comes near, and a file made to exhaust
// the stack, which would end the whole program, isn't parsed.
const maxNesting = 250

// open is a bracket, quote or template that has not been closed yet.
type open struct {
	lines     bool // a line break in it ends an expression
	operators int  // since its last comma or such a line break
}

// isShallow reports whether HCL's parser can bear the tokens.
func isShallow(tokens hclsyntax.Tokens) bool {
	stack := []open{{lines: true}}
	total := 0 // operators of the whole stack
	for i := range tokens {
		at := &stack[len(stack)-1]
		switch t := &tokens[i]; t.Type {
		case hclsyntax.TokenTemplateControl:
			// Directives of a template nest without a bracket that says so.
			at.operators++
			total++
			stack = append(stack, open{})
		case hclsyntax.TokenOBrace, hclsyntax.TokenOBrack, hclsyntax.TokenOParen, hclsyntax.TokenOQuote,
			hclsyntax.TokenOHeredoc, hclsyntax.TokenTemplateInterp:
			stack = append(stack, open{lines: t.Type == hclsyntax.TokenOBrace})
		case hclsyntax.TokenCBrace, hclsyntax.TokenCBrack, hclsyntax.TokenCParen, hclsyntax.TokenCQuote,
			hclsyntax.TokenCHeredoc, hclsyntax.TokenTemplateSeqEnd:
			if len(stack) > 1 {
				total -= at.operators
				stack = stack[:len(stack)-1]
			}
		case hclsyntax.TokenComma, hclsyntax.TokenNewline, hclsyntax.TokenComment:
			if t.Type == hclsyntax.TokenComma || at.lines && bytes.HasSuffix(t.Bytes, []byte("\n")) {
				total -= at.operators
				at.operators = 0
			}
		default:
			if isOperator(t.Type) {
				at.operators++
				total++
			}
		}
		if len(stack)+total > maxNesting {
			return false
		}
	}
	return true
}

func isOperator(t hclsyntax.TokenType) bool {
	switch t {
	case hclsyntax.TokenQuestion, hclsyntax.TokenBang, hclsyntax.TokenMinus, hclsyntax.TokenPlus, hclsyntax.TokenStar,
		hclsyntax.TokenSlash, hclsyntax.TokenPercent, hclsyntax.TokenAnd, hclsyntax.TokenOr, hclsyntax.TokenEqualOp,
		hclsyntax.TokenNotEqual, hclsyntax.TokenLessThan, hclsyntax.TokenLessThanEq, hclsyntax.TokenGreaterThan,
		hclsyntax.TokenGreaterThanEq:
		return true
	}
	return false
}
