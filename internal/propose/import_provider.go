package propose

import (
	"cmp"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"

	"github.com/strandline-tf/strandline/internal/model"
)

// Terraform has import blocks since 1.5, and takes an identity in them since
// 1.12. See https://developer.hashicorp.com/terraform/language/block/import
const (
	importBlocks   = 5
	importIdentity = 12
)

// minor returns the second part of a version 1.x; one that isn't known counts
// as known with false.
func minor(version string) (int, bool) {
	part := strings.SplitN(strings.TrimPrefix(version, "v"), ".", 3)
	if len(part) < 2 {
		return 0, false
	}
	n, err := strconv.Atoi(part[1])
	major, err2 := strconv.Atoi(part[0])
	switch {
	case err != nil || err2 != nil:
		return 0, false
	case major > 1:
		return importIdentity, true
	case major < 1:
		return 0, true
	}
	return n, true
}

// refuses says why the workspace's Terraform can't import an object, "" if it
// can.
func (b *Batch) refuses(o *model.Object) string {
	n, ok := minor(b.target.Terraform)
	switch {
	case ok && n < importBlocks:
		return "Terraform " + inCode(b.target.Terraform) + " has no import blocks (1.5 has): write the resource and run `terraform import`, or upgrade first"
	case ok && n < importIdentity && o.ID == "":
		return "only its identity is known, and Terraform " + inCode(b.target.Terraform) + " takes none in import blocks (1.12 does)"
	}
	return cmp.Or(b.lacksProvider(o), b.unreached(o))
}

// byIdentity reports whether an import block names the object's identity.
func (b *Batch) byIdentity(o *model.Object) bool {
	n, ok := minor(b.target.Terraform)
	return len(identityOf(o)) > 0 && (ok && n >= importIdentity || o.ID == "")
}

// identityOf returns what an object's identity is made of, without what is
// null.
func identityOf(o *model.Object) map[string]cty.Value {
	if o.Identity == nil {
		return nil
	}
	v, ok := valueOf(o.Identity)
	if !ok || v.IsNull() || !v.Type().IsObjectType() || isDeep(v, 0) {
		return nil
	}
	out := map[string]cty.Value{}
	for name, m := range v.AsValueMap() {
		if !m.IsNull() {
			out[name] = m
		}
	}
	return out
}

// providerSaid returns the provider that an object's configuration names, if it
// isn't the one that goes without saying. False: it names none, or one that the
// workspace may not have.
func (b *Batch) providerSaid(o *model.Object) (string, bool) {
	if o.Config == "" {
		return "", false
	}
	w, ok := readResource(o.Type, o.Config)
	if !ok || w.provider == nil {
		return "", false
	}
	prefix, _, _ := strings.Cut(o.Type, "_")
	said := text(w.provider)
	return said, said != prefix && slices.ContainsFunc(b.folder.providers, func(p Provider) bool {
		return said == p.Local && p.Alias == "" || said == p.Local+"."+p.Alias
	})
}

// providerFor returns what the blocks of an object have to say of its provider
// where they mean the provider's default: nothing where the configuration has it
// under the name that its types begin with, or where nothing is known.
func (b *Batch) providerFor(o *model.Object) string {
	prefix, _, _ := strings.Cut(o.Type, "_")
	source := b.sourceOf(o)
	if source == "" {
		return ""
	}
	found := ""
	for _, p := range b.folder.providers {
		if p.Alias != "" || !isSameSource(p.Source, source) || !hclsyntax.ValidIdentifier(p.Local) {
			continue
		}
		if p.Local == prefix {
			return ""
		}
		found = p.Local
	}
	return found
}

// sourceOf returns the address of the provider of an object, as far as it is
// known.
func (b *Batch) sourceOf(o *model.Object) string {
	if b.target.Schemas != nil {
		for _, source := range slices.Sorted(maps.Keys(b.target.Schemas.Schemas)) {
			if p := b.target.Schemas.Schemas[source]; p != nil && p.ResourceSchemas[o.Type] != nil {
				return source
			}
		}
	}
	switch {
	case o.Provider == "":
		return b.impliedSource(o)
	case !strings.Contains(o.Provider, "/"):
		return "hashicorp/" + o.Provider
	}
	return o.Provider
}

// official are providers of hashicorp whose types hardly anybody else's are
// named like.
var official = strings.Fields("aws awscc azuread azurerm consul google helm hcp kubernetes nomad random tfe tls vault vsphere")

// impliedSource returns the address of the provider that a type is of by its
// name, "" where that is anybody's guess.
func (b *Batch) impliedSource(o *model.Object) string {
	prefix, _, _ := strings.Cut(o.Type, "_")
	for _, p := range b.folder.providers {
		if p.Local == prefix && p.Alias == "" {
			return p.Source
		}
	}
	if slices.Contains(official, prefix) {
		return "hashicorp/" + prefix
	}
	return ""
}

// isSameSource compares the addresses of providers without their hosts.
func isSameSource(x, y string) bool {
	last := func(s string) string {
		part := strings.Split(strings.ToLower(s), "/")
		if len(part) == 1 {
			part = []string{"hashicorp", part[0]}
		}
		return strings.Join(part[len(part)-2:], "/")
	}
	return last(x) == last(y)
}

// traversalOf parses what is known to be an address.
func traversalOf(address string) hcl.Traversal {
	t, diags := hclsyntax.ParseTraversalAbs([]byte(address), "", hcl.InitialPos)
	if diags.HasErrors() {
		return nil
	}
	return t
}

// isAway reports whether an object is in another region than the provider, and
// of a type that can say so.
func (b *Batch) isAway(o *model.Object) bool {
	if o.Region == "" || !b.canSayRegion(o) {
		return false
	}
	with := b.settingOf(o)
	return with.region != "" && o.Region != with.region && (!with.alias || regionOf(o) != "")
}

// importID returns what an import block takes as id.
func (b *Batch) importID(o *model.Object) string {
	if away := awayID(o); b.isAway(o) {
		return away
	}
	return o.ID
}

// awayID is the import id of an object that isn't where its provider is.
func awayID(o *model.Object) string {
	return strings.TrimSuffix(o.ID, "@"+o.Region) + "@" + o.Region
}
