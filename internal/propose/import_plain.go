package propose

import (
	"slices"

	"github.com/hashicorp/hcl/v2/hclsyntax"
	tfjson "github.com/hashicorp/terraform-json"
	"github.com/zclconf/go-cty/cty"

	"github.com/strandline-tf/strandline/internal/model"
)

// plainBody makes a body of attributes whose schema isn't known: lists of
// objects are blocks, which they are in most providers, what is empty is left
// out, and so is what no configuration may set.
func plainBody(o *model.Object, members map[string]cty.Value) *body {
	out := &body{}
	for _, name := range memberNames(cty.ObjectVal(members), cty.ObjectVal(members)) {
		v := members[name]
		switch {
		case !maySet(o.Type, name, members), isEmptyValue(v), name == "timeouts", !hclsyntax.ValidIdentifier(name):
		case name == "region" && textOf(v, true) == o.Region:
		case isReserved(name):
		case areObjects(v):
			for _, e := range v.AsValueSlice() {
				out.items = append(out.items, &item{name: name, block: plainBlock(e.AsValueMap())})
			}
		default:
			out.items = append(out.items, &item{name: name, value: v})
		}
	}
	out.sort()
	return out
}

func plainBlock(members map[string]cty.Value) *body {
	out := &body{}
	for name, v := range members {
		switch {
		case isEmptyValue(v), !hclsyntax.ValidIdentifier(name):
		case areObjects(v):
			for _, e := range v.AsValueSlice() {
				out.items = append(out.items, &item{name: name, block: plainBlock(e.AsValueMap())})
			}
		default:
			out.items = append(out.items, &item{name: name, value: v})
		}
	}
	out.sort()
	return out
}

// isReserved reports whether a resource block means something of its own by a
// name.
func isReserved(name string) bool {
	switch name {
	case "count", "for_each", "provider", "depends_on", "lifecycle", "connection", "provisioner", "dynamic":
		return true
	}
	return false
}

// shapePlain sets the body where no schema says what is right.
func (b *Batch) shapePlain(r *adopted, plain *body, sensitive []string) {
	r.body, r.ignored = plain, map[string]string{}
	members := plain.members()
	plain.items = slices.DeleteFunc(plain.items, func(it *item) bool { return !maySet(r.object.Type, it.name, members) || isReserved(it.name) })
	for _, name := range sensitive {
		if !hclsyntax.ValidIdentifier(name) || !maySet(r.object.Type, name, nil) || isReserved(name) || name == "tags" && b.lacksTags(r.object.Type) {
			continue
		}
		plain.without(name)
		r.ignored[name] = whySecret
		if b.variables {
			plain.items = append(plain.items, &item{name: name, variable: b.variableFor(r, name, &tfjson.SchemaAttribute{AttributeType: cty.DynamicPseudoType, Optional: true})})
			r.ignored[name] = whySecretVariable
		}
	}
	plain.sort()
}
