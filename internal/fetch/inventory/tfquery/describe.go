package tfquery

import (
	"encoding/json"
	"slices"
	"strings"

	"github.com/strandline-tf/strandline/internal/fetch/inventory/details"
	"github.com/strandline-tf/strandline/internal/model"
)

// describe fills in o from its resource_object, which holds secrets in clear.
func (q *reading) describe(o *model.Object, object json.RawMessage) {
	all := details.Members(model.Value(object))
	if o.Provider = q.Schemas.Provider(o.Type); o.Provider == "" {
		o.Provider = prefixProvider(o.Type)
	}
	marks, shown, parsed := configMarks(o.Config, o.Type)
	if !parsed {
		o.Config = ""
	}
	known := q.Schemas.Knows(o.Type)
	for _, path := range q.Schemas.Sensitive(o.Type) {
		if _, ok := details.Find(all[path[0]], path[1:]); ok || len(path) == 1 {
			marks = append(marks, path) // else it has no such value, and what stands beside it is no secret
		}
	}
	var names []string
	for _, path := range marks {
		if !slices.Contains(names, path[0]) {
			names = append(names, path[0])
		}
		q.Secrets.Add(details.Leaves(details.At(all[path[0]], path[1:]))...)
	}
	kept := map[string]json.RawMessage{}
	identity := details.Members(o.Identity)
	for name, value := range all {
		_, identifies := identity[name]
		if kept[name] = value; !known && !shown[name] && !identifies && !slices.Contains(harmless, name) || slices.Contains(names, name) {
			delete(kept, name)
		}
	}
	if all != nil {
		o.Attributes = details.Object(kept)
	}
	if all != nil && !known && !parsed {
		q.bare++
		// Nothing of this is kept, but it must be withheld from everything else.
		more, values := details.Secret(o.Type, model.Value(object))
		names = append(names, more...)
		q.Secrets.Add(values...)
	}
	o.Config = details.Without(o.Config, names)
	for _, name := range names {
		// What is marked and has no value holds no secret and needs no attention.
		if v := all[name]; all == nil || len(v) > 0 && string(v) != "null" || q.Schemas.Requires(o.Type, name) {
			o.Sensitive = append(o.Sensitive, name)
		}
	}
	slices.Sort(o.Sensitive)
	details.Fill(o, o.Attributes)
}

// harmless are attributes that may be kept where nothing says whether they are
// sensitive: they say which object it is and to whom it belongs. Configuration
// that Terraform generates has no computed attributes, so even beside it most
// of these would be missing.
var harmless = []string{"account_id", "arn", "id", "labels", "location", "name", "owner_id", "project", "region", "tags", "tags_all", "vpc_id"}

// hashicorps are prefixes of types whose provider is HashiCorp's own, for
// output that doesn't name the provider.
var hashicorps = []string{"aws", "awscc", "azuread", "azurerm", "google", "kubernetes"}

func prefixProvider(typ string) string {
	prefix, _, _ := strings.Cut(typ, "_")
	if slices.Contains(hashicorps, prefix) {
		return prefix
	}
	return ""
}
