package propose

import (
	"slices"
	"strconv"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"
	ctyjson "github.com/zclconf/go-cty/cty/json"

	"github.com/strandline-tf/strandline/internal/model"
)

// encoded reconciles the argument of jsonencode with a string of JSON.
func (r *reconciler) encoded(t target, arg hclsyntax.Expression, d *difference) {
	was, ok1 := decoded(d.leaf.Before)
	now, ok2 := decoded(d.leaf.After)
	if !ok1 || !ok2 {
		r.elsewhere(t, d)
		return
	}
	had, inside := len(r.edits), differenceBetween(d.path, was, now)
	if inside != nil {
		r.expression(t.with(arg), inside)
	}
	agrees := inside == nil || len(r.edits) > had
	// jsonencode writes JSON in one way only: compact, members sorted.
	if text, ok := valueOf(d.leaf.After); agrees && !now.IsNull() && textOf(text, ok) != string(jsonOf(now)) {
		r.leave(d, "is written otherwise than `jsonencode` at %s writes the same JSON: a plan may still show that, where the provider doesn't ignore it", t.place())
	}
}

// decoded returns what a string of JSON holds.
func decoded(v model.Value) (cty.Value, bool) {
	s, ok := valueOf(v)
	text := textOf(s, ok)
	if text == "" || s.Type() != cty.String {
		return cty.NilVal, false
	}
	return valueOf(model.Value(text))
}

// differenceBetween is what differs between two values at a path, nil for
// nothing.
func differenceBetween(path string, was, now cty.Value) *difference {
	if isSameValue(was, now) {
		return nil
	}
	d := &difference{path: path}
	switch {
	case !was.IsNull() && !now.IsNull() && was.Type().IsObjectType() && now.Type().IsObjectType():
		for _, name := range memberNames(was, now) {
			if k := differenceBetween(path+"."+name, member(was, name), member(now, name)); k != nil {
				k.name = name
				d.kids = append(d.kids, k)
			}
		}
	case !was.IsNull() && !now.IsNull() && was.Type().IsTupleType() && now.Type().IsTupleType() && was.LengthInt() > 0:
		d.items(was.AsValueSlice(), now.AsValueSlice())
	default:
		d.leaf = leafOf(path, was, now)
	}
	return d
}

// items compares lists: of the same length element by element, others by what
// only one of them has.
func (d *difference) items(was, now []cty.Value) {
	var gone, new []int
	for i := range was {
		if !hasValue(now, was[i]) {
			gone = append(gone, i)
		}
	}
	for i := range now {
		if !hasValue(was, now[i]) {
			new = append(new, i)
		}
	}
	at := func(i int) string { return d.path + "[" + strconv.Itoa(i) + "]" }
	if len(was) == len(now) && slices.Equal(gone, new) {
		for _, i := range gone {
			k := differenceBetween(at(i), was[i], now[i])
			k.isItem, k.index = true, i
			d.kids = append(d.kids, k)
		}
		return
	}
	none := cty.NullVal(cty.DynamicPseudoType)
	for _, i := range gone {
		d.kids = append(d.kids, &difference{path: at(i), isItem: true, index: i, phase: goes, leaf: leafOf(at(i), was[i], none)})
	}
	for _, i := range new {
		d.kids = append(d.kids, &difference{path: at(i), isItem: true, index: i, phase: comes, leaf: leafOf(at(i), none, now[i])})
	}
}

func hasValue(list []cty.Value, v cty.Value) bool {
	return slices.ContainsFunc(list, func(e cty.Value) bool { return isSameValue(e, v) })
}

func leafOf(path string, was, now cty.Value) *model.Attribute {
	return &model.Attribute{Path: path, Before: jsonOf(was), After: jsonOf(now)}
}

// jsonOf is the inverse of valueOf; null is no value.
func jsonOf(v cty.Value) model.Value {
	if v.IsNull() {
		return nil
	}
	out, err := ctyjson.Marshal(v, v.Type())
	if err != nil {
		return nil
	}
	return out
}

// memberNames returns the names of the members of either object, sorted.
func memberNames(a, b cty.Value) []string {
	var out []string
	for _, o := range []cty.Value{a, b} {
		for name := range o.Type().AttributeTypes() {
			out = append(out, name)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// member returns a member of an object, null where it has none of that name.
func member(o cty.Value, name string) cty.Value {
	if !o.Type().HasAttribute(name) {
		return cty.NullVal(cty.DynamicPseudoType)
	}
	return o.GetAttr(name)
}

// heredoc writes text as the heredoc old is written. Where that can't be, it is
// written as a string in quotes.
func heredoc(old, text string) (string, bool) {
	inQuotes, ok := write(cty.StringVal(text))
	if !ok {
		return "", false
	}
	end := ""
	if strings.HasSuffix(old, "\n") {
		end, inQuotes = "\n", inQuotes+"\n"
	}
	head, body, _ := strings.Cut(strings.TrimSuffix(old, "\n"), "\n")
	head = strings.TrimRight(head, "\r")
	marker := strings.TrimLeft(head, "<-")
	indent := ""
	if strings.HasPrefix(head, "<<-") {
		indent = body[:len(body)-len(strings.TrimLeft(body, " \t"))]
	}
	lines := strings.NewReplacer("${", "$${", "%{", "%%{").Replace(text)
	var b strings.Builder
	b.WriteString(head + "\n")
	for line := range strings.Lines(lines) {
		if line != "\n" {
			b.WriteString(indent)
		}
		b.WriteString(line)
	}
	last := body[strings.LastIndexByte(body, '\n')+1:]
	b.WriteString(last)
	out := b.String()
	if strings.ContainsFunc(text, isHidden) || !strings.HasSuffix(text, "\n") || !strings.HasSuffix(last, marker) {
		return inQuotes, true
	}
	expr, diags := hclsyntax.ParseExpression([]byte(out+"\n"), "", hcl.InitialPos)
	if diags.HasErrors() {
		return inQuotes, true
	}
	if v, ok := literal(expr); !ok || !v.RawEquals(cty.StringVal(text)) {
		return inQuotes, true
	}
	return out + end, true
}
