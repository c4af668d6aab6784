package aws

import (
	"encoding/json"
	"slices"
	"strings"

	"github.com/strandline-tf/strandline/internal/model/importid"
)

// values are properties by name.
type values map[string]string

// text is the JSON that ListResources takes as ResourceModel; "" for no
// properties. One inside of another is written with a slash.
func (v values) text() string {
	if len(v) == 0 {
		return ""
	}
	all := map[string]any{}
	for name, value := range v {
		at := all
		for outer, inner, nested := strings.Cut(name, "/"); nested; outer, inner, nested = strings.Cut(name, "/") {
			within, ok := at[outer].(map[string]any)
			if !ok {
				within = map[string]any{}
				at[outer] = within
			}
			at, name = within, inner
		}
		at[name] = value
	}
	text, _ := json.Marshal(all) // of strings: it can't fail, and sorts them
	return string(text)
}

// models are the ResourceModels that a type is listed with: one without
// properties where nothing has to be given, none where there are no parents.
func models(given []importid.Given, account string, parents func(cloudFormation string) []values) []values {
	all := []values{{}}
	for len(given) > 0 {
		var choices []values
		if given[0].Values != nil {
			for _, v := range given[0].Values {
				if v == "@account" {
					v = account
				}
				choices = append(choices, values{given[0].Property: v})
			}
			given = given[1:]
		} else {
			of := given[0].Parents[0].CloudFormation
			same := func(g importid.Given) bool { return len(g.Parents) > 0 && g.Parents[0].CloudFormation == of }
			var together, rest []importid.Given
			for _, g := range given {
				if same(g) {
					together = append(together, g)
				} else {
					rest = append(rest, g)
				}
			}
			choices, given = fromParents(together, parents), rest
		}
		all = product(all, choices)
	}
	return all
}

// fromParents takes properties from the same object of a parent type, for each
// object, and for each of the types where there are several.
func fromParents(given []importid.Given, parents func(string) []values) []values {
	var choices []values
	for i, parent := range given[0].Parents {
		for _, object := range parents(parent.CloudFormation) {
			choice := values{}
			for _, g := range given {
				if i < len(g.Parents) && object[g.Parents[i].Property] != "" {
					choice[g.Property] = object[g.Parents[i].Property]
				}
			}
			if len(choice) == len(given) {
				choices = append(choices, choice)
			}
		}
	}
	return choices
}

// product joins each of one list with each of the other.
func product(a, b []values) []values {
	var all []values
	for _, x := range a {
		for _, y := range b {
			joined := values{}
			for _, from := range []values{x, y} {
				for name, v := range from {
					joined[name] = v
				}
			}
			all = append(all, joined)
		}
	}
	return all
}

// nests says whether objects of a type are listed within objects of the same.
func (t *target) nests() bool {
	return slices.ContainsFunc(t.Given, func(g importid.Given) bool {
		return slices.ContainsFunc(g.Parents, func(p importid.Parent) bool { return p.CloudFormation == t.CloudFormation })
	})
}
