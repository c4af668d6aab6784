package propose

import (
	"strings"

	"github.com/hashicorp/hcl/v2/hclsyntax"

	"github.com/strandline-tf/strandline/internal/model"
)

// lacksProvider says that the workspace has no provider for an object, "" where
// it has one or where that isn't known. Terraform would look for one by the
// type's name, and where there is none, or none that anybody has set up, nothing
// in the folder could be planned any more. Where a configuration names no
// provider at all, it may do so: it knows those of hashicorp by their names.
// See https://developer.hashicorp.com/terraform/language/providers/requirements
func (b *Batch) lacksProvider(o *model.Object) string {
	prefix, _, _ := strings.Cut(o.Type, "_")
	if prefix == "terraform" || b.schema(o.Type) != nil { // terraform_data is built in
		return ""
	}
	source := b.sourceOf(o)
	declared := b.folder.prefixes
	for _, p := range b.folder.providers {
		if p.Local == prefix || source != "" && isSameSource(p.Source, source) {
			return ""
		}
	}
	manages := map[string]bool{}
	for typ := range b.target.Profile.Types {
		p, _, _ := strings.Cut(typ, "_")
		manages[p] = true
	}
	switch {
	case declared[prefix], manages[prefix], b.folder.unread, !b.folder.known && len(b.folder.providers)+len(manages) == 0:
		return ""
	case len(b.folder.providers)+len(declared)+len(manages) > 0:
	case source == "" || strings.HasPrefix(strings.TrimPrefix(source, "registry.terraform.io/"), "hashicorp/"):
		return ""
	}
	name := prefix
	if strings.Contains(source, "/") && !strings.HasPrefix(source, "hashicorp/") {
		name = source
	}
	return "the workspace " + inCode(b.Workspace) + " has no provider " + inCode(name) + ": add it to required_providers"
}

// addPrefixes notes how the types begin that somebody's configuration has a
// provider for without saying where from.
func (e *existing) addPrefixes(b *hclsyntax.Block) {
	switch {
	case b.Type == "provider" && len(b.Labels) == 1:
		e.prefixes[b.Labels[0]] = true
	case (b.Type == "resource" || b.Type == "data") && len(b.Labels) == 2 && b.Body.Attributes["provider"] == nil:
		e.addPrefix(b.Labels[0])
	}
}

func (e *existing) addPrefix(typ string) {
	prefix, _, _ := strings.Cut(typ, "_")
	e.prefixes[prefix] = true
}
