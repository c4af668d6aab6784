package propose

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"

	"github.com/strandline-tf/strandline/internal/model"
	"github.com/strandline-tf/strandline/internal/model/importid"
)

// configuration is a provider block of a root module, as far as it is literal.
type configuration struct {
	local, alias string
	region       string            // "" where not known
	allowed      []string          // accounts, nil for any
	role         string            // the account of the role that it assumes, "" where not known
	tags         map[string]string // what it gives to all resources
}

// addConfiguration takes a provider block in. One in an override file adds to
// the block that it overrides.
func (e *existing) addConfiguration(local string, members map[string]cty.Value) {
	key := [2]string{local, textOf(memberOf(members, "alias"), true)}
	merged := maps.Clone(e.configured[key])
	if merged == nil {
		merged = map[string]cty.Value{}
	}
	maps.Copy(merged, members)
	e.configured[key] = merged
}

// configurations are the provider blocks, the one that is a provider's default
// before its others.
func (e *existing) configurations() []configuration {
	var out []configuration
	for key, members := range e.configured {
		c := configuration{local: key[0], alias: key[1], region: textOf(memberOf(members, "region"), true)}
		for _, id := range elementsOf(memberOf(members, "allowed_account_ids")) {
			c.allowed = append(c.allowed, textOf(id, true))
		}
		for _, name := range []string{"assume_role_with_web_identity", "assume_role"} { // with both, the second is assumed last
			for _, block := range elementsOf(memberOf(members, name)) {
				c.role = accountOf(block)
			}
		}
		for _, block := range elementsOf(memberOf(members, "default_tags")) {
			c.tags = textsIn(block, "tags")
		}
		out = append(out, c)
	}
	slices.SortFunc(out, func(x, y configuration) int {
		return cmp.Or(strings.Compare(x.local, y.local), strings.Compare(x.alias, y.alias))
	})
	return out
}

// accountOf returns the account of the role that a block assumes, "" where it
// doesn't say.
func accountOf(block cty.Value) string {
	if block.IsNull() || !block.Type().IsObjectType() {
		return ""
	}
	part := strings.Split(textOf(memberOf(block.AsValueMap(), "role_arn"), true), ":")
	if len(part) < 6 || part[0] != "arn" {
		return ""
	}
	return part[4]
}

// textsIn returns the strings that a member of an object holds by name.
func textsIn(o cty.Value, name string) map[string]string {
	out := map[string]string{}
	if o.IsNull() || !o.Type().IsObjectType() {
		return out
	}
	m := memberOf(o.AsValueMap(), name)
	if m.IsNull() || !m.Type().IsObjectType() {
		return out
	}
	for name, v := range m.AsValueMap() {
		out[name] = textOf(v, true)
	}
	return out
}

// How well a configuration fits an object, worst first.
const (
	unfitting    = iota
	unsaid       // nothing speaks for or against it
	byAccount    // it is for the object's account, and may be for its region
	byRegion     // it is for the object's region, and may be for its account
	byAccountToo // it is for both, or for the account where the object has no region
	bySource     // the object's configuration names it
)

// fits says how well a configuration fits an object.
func (c *configuration) fits(o *model.Object) int { return c.fitsIn(o, regionOf(o)) }

// fitsIn is fits for an object that is in a region, "" for any.
func (c *configuration) fitsIn(o *model.Object, region string) int {
	told := false
	if o.Account != "" {
		if c.role != "" && c.role != o.Account || len(c.allowed) > 0 && !slices.Contains(c.allowed, o.Account) {
			return unfitting
		}
		told = c.role != "" || len(c.allowed) > 0
	}
	switch {
	case region != "" && c.region != "" && c.region != region:
		return unfitting
	case told && (region == "" || c.region == region):
		return byAccountToo
	case region != "" && c.region == region:
		return byRegion
	case told:
		return byAccount
	}
	return unsaid
}

// regionOf returns the one region in which an object can be reached, "" where
// any will do.
func regionOf(o *model.Object) string {
	if row, ok := importid.Lookup(o.Type); ok && row.Scope == importid.Global {
		return ""
	}
	return o.Region
}

// setting is the provider that an object is imported with.
type setting struct {
	name   string            // what the blocks of the object say of it, "" for nothing
	alias  bool              // it is not the provider's default
	region string            // "" where not known
	tags   map[string]string // what it gives to all resources
}

// settingOf returns the provider that an object is imported with.
func (b *Batch) settingOf(o *model.Object) setting {
	if o.Config == "" {
		return b.findSetting(o)
	}
	s, known := b.settings[o] // to parse takes its time
	if !known {
		s = b.findSetting(o)
		b.settings[o] = s
	}
	return s
}

func (b *Batch) findSetting(o *model.Object) setting {
	out := setting{name: b.providerFor(o), region: b.region}
	said, isSaid := b.providerSaid(o)
	isConfigured := false
	for _, c := range b.configurationsOf(o) {
		if c.alias == "" {
			out.region, out.tags = cmp.Or(c.region, b.region), c.tags
		}
		isConfigured = isConfigured || c.alias != "" && c.name() == said
	}
	if isSaid && !isConfigured {
		out.name, out.alias = said, strings.Contains(said, ".")
	}
	if c, _ := b.configurationFor(o, said); c != nil && c.alias != "" {
		return setting{name: c.name(), alias: true, region: cmp.Or(c.region, o.Region), tags: c.tags}
	}
	return out
}

// name is what a resource block says of the configuration.
func (c *configuration) name() string {
	if c.alias == "" {
		return c.local
	}
	return c.local + "." + c.alias
}

// configurationsOf returns what the workspace configures of an object's
// provider.
func (b *Batch) configurationsOf(o *model.Object) []configuration {
	if len(b.configurations) == 0 {
		return nil
	}
	prefix, _, _ := strings.Cut(o.Type, "_")
	source := b.sourceOf(o)
	return slices.DeleteFunc(slices.Clone(b.configurations), func(c configuration) bool {
		from := "hashicorp/" + c.local
		for _, p := range b.folder.providers {
			if p.Local == c.local && p.Alias == "" {
				from = p.Source
			}
		}
		return !hclsyntax.ValidIdentifier(c.local) || c.alias != "" && !hclsyntax.ValidIdentifier(c.alias) ||
			source == "" && c.local != prefix || source != "" && !isSameSource(from, source)
	})
}
