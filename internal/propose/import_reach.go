package propose

import (
	"slices"
	"strings"

	"github.com/strandline-tf/strandline/internal/model"
)

// configurationFor returns the provider block of the workspace that an object
// is best imported with, nil for the default that nothing sets up, or why there
// is none. Through one that is for elsewhere, the import would fail or, worse,
// find what is called the same there.
func (b *Batch) configurationFor(o *model.Object, said string) (*configuration, string) {
	list := b.configurationsOf(o)
	hasDefault := slices.ContainsFunc(list, func(c configuration) bool { return c.alias == "" })
	if c := fittest(list, o, regionOf(o), said, false); c != nil || len(list) == 0 {
		return c, ""
	}
	if b.canSayRegion(o) || isPlaced(o) {
		if c := fittest(list, o, "", said, !hasDefault); c != nil {
			return c, ""
		}
	}
	var unknown []string
	only := -1
	for i := range list {
		if list[i].fits(o) == unsaid {
			unknown, only = append(unknown, inCode(list[i].name())), i
		}
	}
	where := *o
	where.Region = regionOf(o)
	switch {
	case !hasDefault && (len(unknown) > 0 || b.managesIn(o)): // the environment may set the default up
		return nil, ""
	case len(unknown) == 1:
		return &list[only], ""
	case len(unknown) > 1:
		return nil, "which provider configuration of the workspace reaches " + whereabouts(&where) + " isn't known: " + listed(unknown) + " may"
	}
	return nil, "no provider configuration of the workspace reaches " + whereabouts(&where)
}

// fittest returns the configuration that fits an object in a region best, nil
// for none. An alias of which nothing is known fits only with unsaidToo: what
// goes without saying is the default.
func fittest(list []configuration, o *model.Object, region, said string, unsaidToo bool) *configuration {
	best, chosen := unfitting, -1
	for i := range list {
		c := &list[i]
		fit := c.fitsIn(o, region)
		switch {
		case fit != unfitting && c.alias != "" && c.name() == said:
			fit = bySource
		case fit == unsaid && c.alias != "" && !unsaidToo:
			continue
		}
		if fit > best {
			best, chosen = fit, i
		}
	}
	if chosen < 0 {
		return nil
	}
	return &list[chosen]
}

// isPlaced reports whether an object can be reached whatever region a provider
// is set up for: Google's takes that for a default only, and ids such as
// REGION/ID say themselves where they are.
func isPlaced(o *model.Object) bool {
	return strings.HasPrefix(o.Type, "google_") ||
		!strings.HasPrefix(o.Type, "aws") && slices.Contains(strings.Split(o.ID, "/"), o.Region)
}

// canSayRegion reports whether an object is of a type that can say in which
// region it is, as those of the AWS provider can since version 6.
// See https://registry.terraform.io/providers/hashicorp/aws/latest/docs/guides/enhanced-region-support
func (b *Batch) canSayRegion(o *model.Object) bool {
	block := b.schema(o.Type)
	return block != nil && block.Attributes["region"] != nil && block.Attributes["region"].Optional && isSameSource(b.sourceOf(o), "hashicorp/aws")
}

// managesIn reports whether the workspace manages something where an object is.
func (b *Batch) managesIn(o *model.Object) bool {
	p, region := &b.target.Profile, regionOf(o)
	return (o.Account == "" || p.Accounts[o.Account] > 0) && (region == "" || p.Regions[region] > 0)
}

// unreached says why no provider of the workspace reaches an object, "" where
// one does or may.
func (b *Batch) unreached(o *model.Object) string {
	_, why := b.configurationFor(o, "")
	return why
}

// reach knows which workspaces reach what. It makes their batches once they are
// asked for: to read a workspace's files takes its time.
type reach struct {
	targets []Target
	batch   func(workspace string) *Batch
	among   map[string]*resemblance // by the names of the workspaces
}

// choose is c, unless its workspace doesn't reach the object and others do:
// then it is the one of these that the object belongs to.
func (r *reach) choose(k *known, c choice) choice {
	if c.workspace == "" || len(r.targets) < 2 || r.batch(c.workspace).unreached(k.object) == "" {
		return c
	}
	var rest []Target
	var names []string
	for _, t := range r.targets {
		if r.batch(t.Name).unreached(k.object) == "" {
			rest, names = append(rest, t), append(names, t.Name)
		}
	}
	if len(rest) == 0 {
		return c
	}
	key := strings.Join(names, "\x00")
	if r.among[key] == nil {
		r.among[key] = newResemblance(rest)
	}
	again := r.among[key].choose(k, nil)
	switch {
	case again.workspace == "":
		again.why = inCode(c.workspace) + " resembles it most, but no provider configuration there reaches " + whereabouts(k.object)
	case len(rest) == 1:
		again.why = inCode(again.workspace) + " is the only workspace with a provider configuration that may reach " + whereabouts(k.object)
	}
	return again
}
