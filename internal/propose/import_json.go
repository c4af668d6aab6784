package propose

import (
	"bytes"
	"errors"
	"io"
	"strings"

	"github.com/go-json-experiment/json/jsontext"
	"github.com/zclconf/go-cty/cty"

	"github.com/strandline-tf/strandline/internal/model"
)

// readJSON takes in what a .tf.json file declares; adopt never writes one, so
// that it is always a person's. False: it can't be read.
// See https://developer.hashicorp.com/terraform/language/syntax/json
func (e *existing) readJSON(name string, text []byte) bool {
	if !isShallowJSON(text) {
		return false
	}
	root, ok := valueOf(model.Value(text))
	if !ok || !isBody(root) {
		return false
	}
	eachBlock(root, nil, 0, func(_ []string, top map[string]cty.Value) {
		each := func(typ string, labels int, do func(label []string, members map[string]cty.Value)) {
			eachBlock(memberOf(top, typ), nil, labels, do)
		}
		each("resource", 2, func(label []string, members map[string]cty.Value) {
			e.addResource(label[0]+"."+label[1], persons)
			if memberOf(members, "provider").IsNull() {
				e.addPrefix(label[0])
			}
			e.addProvider(label[0]+"."+label[1], referenceIn(members, "provider"))
		})
		each("data", 2, func(label []string, members map[string]cty.Value) {
			if memberOf(members, "provider").IsNull() {
				e.addPrefix(label[0])
			}
		})
		each("variable", 1, func(label []string, _ map[string]cty.Value) { e.variables[label[0]] = true })
		each("provider", 1, func(label []string, members map[string]cty.Value) {
			e.prefixes[label[0]] = true
			e.addConfiguration(label[0], literals(members))
		})
		each("import", 0, func(_ []string, members map[string]cty.Value) {
			to := referenceIn(members, "to")
			if t := traversalOf(to); t != nil && !t.IsRelative() {
				typ, inModule := typeIn(namesIn(t))
				e.noteImports(typ, literals(members), &importAt{address: to, file: name, provider: referenceIn(members, "provider"), inModule: inModule})
			}
		})
		each("terraform", 0, func(_ []string, members map[string]cty.Value) {
			eachBlock(memberOf(members, "required_providers"), nil, 0, func(_ []string, required map[string]cty.Value) {
				for name, v := range required {
					e.addRequired(name, v, true)
				}
			})
			e.sortProviders()
		})
	})
	return true
}

// referenceIn returns what a member refers to, which may be written as a template.
func referenceIn(members map[string]cty.Value, name string) string {
	to := textOf(memberOf(members, name), true)
	if inner, ok := strings.CutPrefix(to, "${"); ok {
		return strings.TrimSuffix(inner, "}")
	}
	return to
}

// isShallowJSON reports whether text is JSON that lies no deeper within itself
// than whoever reads it can bear.
func isShallowJSON(text []byte) bool {
	dec := jsontext.NewDecoder(bytes.NewReader(text), jsontext.AllowDuplicateNames(true))
	for n := 0; ; n++ {
		if _, err := dec.ReadToken(); err != nil {
			return n > 0 && errors.Is(err, io.EOF) && dec.StackDepth() == 0
		}
		if dec.StackDepth() > maxNesting {
			return false
		}
	}
}

// isBody reports whether a value can be what stands in a file or a block.
func isBody(v cty.Value) bool {
	return !v.IsNull() && (v.Type().IsObjectType() || v.Type().IsTupleType())
}

// eachBlock calls do with each block of a type that has so many labels: the
// members of an object are labels, and wherever there may be several blocks
// there may be a list of them.
func eachBlock(v cty.Value, label []string, labels int, do func(label []string, members map[string]cty.Value)) {
	switch {
	case v.IsNull():
	case v.Type().IsTupleType():
		for it := v.ElementIterator(); it.Next(); {
			_, e := it.Element()
			eachBlock(e, label, labels, do)
		}
	case !v.Type().IsObjectType():
	case labels == 0:
		do(label, v.AsValueMap())
	default:
		for _, name := range memberNames(v, v) {
			if name != "//" { // a comment
				eachBlock(v.GetAttr(name), append(label[:len(label):len(label)], name), labels-1, do)
			}
		}
	}
}

// literals leaves out what isn't known before Terraform runs: strings that are
// templates.
func literals(members map[string]cty.Value) map[string]cty.Value {
	out := map[string]cty.Value{}
	for name, v := range members {
		isTemplate := false
		eachString(name, v, true, func(_, s string, _ bool) {
			isTemplate = isTemplate || strings.Contains(s, "${") || strings.Contains(s, "%{")
		})
		if !isTemplate {
			out[name] = v
		}
	}
	return out
}
