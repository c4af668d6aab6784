package propose

import (
	"fmt"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/hashicorp/hcl/v2/hclwrite"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/convert"
	ctyjson "github.com/zclconf/go-cty/cty/json"

	"github.com/strandline-tf/strandline/internal/model"
)

// maxExponent is the binary exponent up to which numbers are written; they
// have no other form in HCL than all of their digits.
const maxExponent = 1 << 12

// valueOf reads a JSON value; an array becomes a tuple, an object an object.
// False: it is no JSON, or holds a number that is too large.
func valueOf(v model.Value) (cty.Value, bool) {
	var out ctyjson.SimpleJSONValue
	if err := out.UnmarshalJSON(v); err != nil {
		return cty.NilVal, false
	}
	return out.Value, isWritable(out.Value)
}

// isWritable reports whether all numbers in v can be written out.
func isWritable(v cty.Value) bool {
	err := cty.Walk(v, func(at cty.Path, v cty.Value) (bool, error) {
		if !v.IsNull() && v.Type() == cty.Number {
			if f := v.AsBigFloat(); f.IsInf() || f.MantExp(nil) > maxExponent || f.MantExp(nil) < -maxExponent {
				return false, at.NewErrorf("too large")
			}
		}
		return true, nil
	})
	return err == nil
}

// write returns v as HCL of one expression. False: no HCL reads back as
// exactly v.
func write(v cty.Value) (string, bool) {
	text := string(tokensOf(v).Bytes())
	expr, diags := hclsyntax.ParseExpression([]byte(text), "", hcl.InitialPos)
	if diags.HasErrors() {
		return "", false
	}
	back, diags := expr.Value(nil)
	return text, !diags.HasErrors() && back.RawEquals(v)
}

// tokensOf is hclwrite.TokensForValue for what that writes so that it reads as
// something else: an object with a member named for, a dollar sign in front of
// an escaped one.
func tokensOf(v cty.Value) hclwrite.Tokens {
	switch {
	case v.IsNull():
	case v.Type().IsTupleType():
		var parts []hclwrite.Tokens
		for it := v.ElementIterator(); it.Next(); {
			_, e := it.Element()
			parts = append(parts, tokensOf(e))
		}
		return hclwrite.TokensForTuple(parts)
	case v.Type().IsObjectType():
		var parts []hclwrite.ObjectAttrTokens
		for it := v.ElementIterator(); it.Next(); {
			name, e := it.Element()
			parts = append(parts, hclwrite.ObjectAttrTokens{Name: nameTokens(name.AsString()), Value: tokensOf(e)})
		}
		return hclwrite.TokensForObject(parts)
	case v.Type() == cty.String:
		return quoted(v.AsString())
	}
	return hclwrite.TokensForValue(v)
}

// nameTokens writes the name of an object's member.
func nameTokens(name string) hclwrite.Tokens {
	switch name {
	case "for", "null", "true", "false":
		return quoted(name)
	}
	if hclsyntax.ValidIdentifier(name) {
		return hclwrite.TokensForIdentifier(name)
	}
	return quoted(name)
}

// quoted writes a string. hclwrite doubles the sign that begins a template,
// which doesn't help where another one stands before it: there both are
// written as what they are in Unicode.
func quoted(s string) hclwrite.Tokens {
	tokens := hclwrite.TokensForValue(cty.StringVal(s))
	at := strings.IndexAny(s, "$%")
	if at < 0 || !strings.Contains(s, "$${") && !strings.Contains(s, "%%{") && !strings.Contains(s, "$%{") && !strings.Contains(s, "%${") {
		return tokens
	}
	var text []byte
	for ; at >= 0; at = strings.IndexAny(s, "$%") {
		text = fmt.Appendf(append(text, inQuotes(s[:at])...), `\u%04x`, s[at])
		s = s[at+1:]
	}
	return hclwrite.Tokens{
		{Type: hclsyntax.TokenOQuote, Bytes: []byte{'"'}},
		{Type: hclsyntax.TokenQuotedLit, Bytes: append(text, inQuotes(s)...)},
		{Type: hclsyntax.TokenCQuote, Bytes: []byte{'"'}},
	}
}

// inQuotes returns what hclwrite writes between the quotes of a string.
func inQuotes(s string) []byte {
	text := hclwrite.TokensForValue(cty.StringVal(s)).Bytes()
	return text[1 : len(text)-1]
}

// literal returns the value of an expression that is written out: no
// reference, function or operator in it but the sign of a number.
func literal(expr hclsyntax.Expression) (cty.Value, bool) {
	if !isLiteral(expr) {
		return cty.NilVal, false
	}
	v, diags := expr.Value(nil)
	return v, !diags.HasErrors() && v.IsWhollyKnown() && isWritable(v)
}

func isLiteral(expr hclsyntax.Expression) bool {
	switch e := expr.(type) {
	case *hclsyntax.LiteralValueExpr:
		return true
	case *hclsyntax.ParenthesesExpr:
		return isLiteral(e.Expression)
	case *hclsyntax.UnaryOpExpr:
		return e.Op == hclsyntax.OpNegate && isLiteral(e.Val)
	case *hclsyntax.TemplateExpr:
		for _, part := range e.Parts {
			if text, ok := part.(*hclsyntax.LiteralValueExpr); !ok || text.Val.Type() != cty.String {
				return false
			}
		}
		return true
	case *hclsyntax.TupleConsExpr:
		for _, part := range e.Exprs {
			if !isLiteral(part) {
				return false
			}
		}
		return true
	case *hclsyntax.ObjectConsExpr:
		for _, item := range e.Items {
			if _, ok := itemName(item); !ok || !isLiteral(item.ValueExpr) {
				return false
			}
		}
		return true
	}
	return false
}

// itemName returns the name of an object's member. False: it is computed.
func itemName(item hclsyntax.ObjectConsItem) (string, bool) {
	key, ok := item.KeyExpr.(*hclsyntax.ObjectConsKeyExpr)
	if !ok {
		return "", false
	}
	if !key.ForceNonLiteral {
		if word := hcl.ExprAsKeyword(key.Wrapped); word != "" {
			return word, true
		}
	}
	v, ok := literal(key.Wrapped)
	text := textOf(v, ok)
	return text, ok && text != ""
}

// textOf returns v if it is a string or a number, else "".
func textOf(v cty.Value, ok bool) string {
	if !ok || v.IsNull() || !v.Type().IsPrimitiveType() {
		return ""
	}
	s, err := convert.Convert(v, cty.String)
	if err != nil || s.IsNull() {
		return ""
	}
	return s.AsString()
}

// isSameValue reports whether two values are the same to Terraform, which
// takes "80" for 80, an absent member for one that is null, and which knows no
// order in sets.
func isSameValue(a, b cty.Value) bool {
	if a.IsNull() || b.IsNull() {
		return a.IsNull() && b.IsNull()
	}
	switch {
	case a.Type().IsPrimitiveType() && b.Type().IsPrimitiveType():
		if a.Type() == cty.String || b.Type() == cty.String {
			return textOf(a, true) == textOf(b, true)
		}
		return a.RawEquals(b)
	case a.Type().IsObjectType() && b.Type().IsObjectType():
		return hasMembersOf(a, b) && hasMembersOf(b, a)
	case a.Type().IsTupleType() && b.Type().IsTupleType():
		if a.LengthInt() != b.LengthInt() {
			return false
		}
		x, y := a.AsValueSlice(), b.AsValueSlice()
		for i := range x {
			if !isSameValue(x[i], y[i]) {
				return false
			}
		}
		return true
	}
	return false
}

// hasMembersOf reports whether all members of b that are not null are in a.
func hasMembersOf(a, b cty.Value) bool {
	for name := range b.Type().AttributeTypes() {
		v := b.GetAttr(name)
		switch {
		case v.IsNull():
		case !a.Type().HasAttribute(name) || !isSameValue(a.GetAttr(name), v):
			return false
		}
	}
	return true
}

// isEmptyValue reports whether a value is what many providers write for none.
func isEmptyValue(v cty.Value) bool {
	switch {
	case v.IsNull():
		return true
	case v.Type() == cty.String:
		return v.AsString() == ""
	case v.Type().IsTupleType(), v.Type().IsObjectType():
		return v.LengthInt() == 0
	}
	return false
}

// isSameContent is isSameValue for values of which lists may be sets.
func isSameContent(a, b cty.Value) bool {
	if a.IsNull() || b.IsNull() || !a.Type().IsTupleType() || !b.Type().IsTupleType() || a.LengthInt() != b.LengthInt() {
		return isSameValue(a, b)
	}
	rest := b.AsValueSlice()
	for _, e := range a.AsValueSlice() {
		i := slices.IndexFunc(rest, func(o cty.Value) bool { return isSameValue(e, o) })
		if i < 0 {
			return false
		}
		rest = slices.Delete(rest, i, i+1)
	}
	return true
}
