package propose

import (
	"cmp"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2/hclsyntax"
	tfjson "github.com/hashicorp/terraform-json"

	"github.com/strandline-tf/strandline/internal/model"
)

// ImportOptions say what imports are suggested for.
type ImportOptions struct {
	Workspaces []Target                  // all that are known, in any order
	Into       string                    // the one workspace to adopt into; "" for each object the one that it belongs to
	Variables  bool                      // secret arguments become variables
	Find       func(Query) (Place, bool) // what is managed; nil where nothing is
}

// Target is a workspace, with what is known of it; all but the name may be
// missing.
type Target struct {
	Name      string
	Profile   model.Profile
	Terraform string     // its version, 1.11.4; "" where not known
	Providers []Provider // that its configuration names; nil where not known
	Schemas   *tfjson.ProviderSchemas
	Files     map[string][]byte // .tf and .tf.json files of its working directory, by base name
	Addresses []string          // of resources in its state and configuration
}

// Provider is a provider as a configuration names it.
type Provider struct{ Local, Alias, Source string } // aws, tokyo, hashicorp/aws (with or without a host)

// Adoption is what Imports suggests: for each workspace a Batch, which can be
// mended.
type Adoption struct {
	Batches []*Batch // by workspace; that of "" holds what belongs to none for sure
	Left    []Left   // by object
	objects []model.Unmanaged
}

// Left is an object that is not adopted.
type Left struct {
	Object int // index of the object
	Why    string
}

// Batch returns what a workspace adopts, nil for nothing.
func (a *Adoption) Batch(workspace string) *Batch {
	i, ok := slices.BinarySearchFunc(a.Batches, workspace, func(b *Batch, name string) int { return strings.Compare(b.Workspace, name) })
	if !ok {
		return nil
	}
	return a.Batches[i]
}

// Imports suggests how to bring objects under Terraform's control, and sets
// their Suggestion. It keeps objects, for what the Adoption's methods change.
// Two runs over the same objects, in whatever order, give the same.
func Imports(objects []model.Unmanaged, o ImportOptions) *Adoption {
	a := &Adoption{objects: objects}
	targets := slices.Clone(o.Workspaces)
	slices.SortFunc(targets, func(x, y Target) int { return strings.Compare(x.Name, y.Name) })
	reg := newRegistry(o.Find, targets)
	all := make([]*known, len(objects))
	for i := range objects {
		all[i] = reg.add(i, objectOf(&objects[i]))
	}
	slices.SortStableFunc(all, func(x, y *known) int {
		return cmp.Or(strings.Compare(x.object.Type, y.object.Type), strings.Compare(x.object.ID, y.object.ID),
			strings.Compare(string(x.object.Identity), string(y.object.Identity)),
			strings.Compare(x.object.Account, y.object.Account), strings.Compare(x.object.Region, y.object.Region))
	})
	regions := reachOf(targets, o.Into)
	chosen := settleWorkspaces(all, reg, newResemblance(targets))
	byWorkspace := map[string][]*known{}
	batches := map[string]*Batch{}
	batch := func(name string) *Batch {
		if batches[name] == nil {
			t, ok := targetOf(targets, name)
			if !ok {
				t = Target{Name: name}
			}
			batches[name] = newBatch(a, t, reg, o.Variables)
		}
		return batches[name]
	}
	reaching := &reach{targets: targets, batch: batch, among: map[string]*resemblance{}}
	for _, k := range all {
		chosen[k] = reaching.choose(k, chosen[k])
		c := chosen[k]
		if o.Into != "" {
			if why := elsewhere(k, c, o.Into, targets, regions); why != "" {
				a.leave(k, why)
				continue
			}
			if c.workspace == "" {
				chosen[k] = choice{o.Into, inCode(o.Into) + " is the workspace that adopts, and nothing says that it belongs to another"}
			}
			c.workspace = o.Into
		}
		if why := unfit(k.object); why != "" {
			a.leave(k, why)
			continue
		}
		byWorkspace[c.workspace] = append(byWorkspace[c.workspace], k)
	}
	if _, ok := targetOf(targets, o.Into); !ok && o.Into != "" {
		targets = append(targets, Target{Name: o.Into})
	}
	for name, list := range byWorkspace {
		b := batch(name)
		b.adopt(list, chosen)
		a.Batches = append(a.Batches, b)
	}
	slices.SortFunc(a.Batches, func(x, y *Batch) int { return strings.Compare(x.Workspace, y.Workspace) })
	a.sortLeft()
	for _, b := range a.Batches {
		b.suggest("unverified", "")
	}
	return a
}

// leave notes that an object isn't adopted.
func (a *Adoption) leave(k *known, why string) {
	a.Left = append(a.Left, Left{k.index, why})
	a.objects[k.index].Suggestion = &model.Suggestion{Kind: "import", Why: why, Files: []model.File{}, Verified: "unverified"}
}

func (a *Adoption) sortLeft() {
	slices.SortFunc(a.Left, func(x, y Left) int { return x.Object - y.Object })
}

func targetOf(targets []Target, name string) (Target, bool) {
	i := slices.IndexFunc(targets, func(t Target) bool { return t.Name == name })
	if i < 0 {
		return Target{}, false
	}
	return targets[i], true
}

// objectOf returns what an inventory told of u, or what of that is in u itself.
func objectOf(u *model.Unmanaged) *model.Object {
	if u.Object != nil {
		return u.Object
	}
	return &model.Object{Provider: u.Provider, Type: u.Type, ID: u.ID, Identity: u.Identity, Name: u.Name,
		Account: u.Account, Region: u.Region, Tags: u.Tags, Source: u.Source}
}

// unfit says why an object can't be imported whatever the workspace is, "" if
// it can.
func unfit(o *model.Object) string {
	provider, name, ok := strings.Cut(o.Type, "_")
	switch {
	case !hclsyntax.ValidIdentifier(o.Type), !ok, provider == "", name == "", strings.Trim(o.Type, "abcdefghijklmnopqrstuvwxyz0123456789_") != "":
		return "its type is none that Terraform has"
	case o.ID == "" && len(identityOf(o)) == 0:
		return "the inventory knows neither its import id nor its identity"
	}
	return ""
}

// settleWorkspaces finds a workspace for each object: first by what the object
// itself has in common with those that are managed, then by its neighbours
// among the objects that now have one.
func settleWorkspaces(all []*known, reg *registry, r *resemblance) map[*known]choice {
	chosen := make(map[*known]choice, len(all))
	managed := map[*known]map[string]int{}
	links := map[*known][]*known{}
	anybody := func(*known) bool { return true }
	for _, k := range all {
		seen := map[string]bool{}
		each := func(name, s string, document bool) {
			if len(s) < 2 || seen[s] {
				return
			}
			seen[s] = true
			if other, _ := reg.called(k, name, s, document, anybody); other != nil {
				links[k] = append(links[k], other)
				links[other] = append(links[other], k)
			} else if p, _ := reg.managed(k, name, s, document, ""); p.Address != "" {
				if managed[k] == nil {
					managed[k] = map[string]int{}
				}
				managed[k][p.Workspace]++
			}
		}
		for name, v := range k.members {
			if !isFreeText(name) && (!isComputed(name) || isArgument(k.object.Type, name)) {
				eachString(name, v, false, each)
			}
		}
		chosen[k] = r.choose(k, managed[k])
	}
	for range 3 {
		next := map[*known]choice{}
		for k, others := range links {
			if chosen[k].workspace != "" {
				continue
			}
			near := map[string]int{}
			for name, n := range managed[k] {
				near[name] = n
			}
			for _, other := range others {
				if name := chosen[other].workspace; name != "" {
					near[name]++
				}
			}
			if c := r.choose(k, near); c.workspace != "" {
				next[k] = c
			}
		}
		for k, c := range next {
			chosen[k] = c
		}
	}
	return chosen
}

// reachOf are the regions that the configuration of a workspace sets providers
// up for, whatever it manages there already.
func reachOf(targets []Target, workspace string) map[string]bool {
	regions := map[string]bool{}
	if t, ok := targetOf(targets, workspace); ok && workspace != "" {
		for _, c := range readExisting(t).configurations() {
			regions[c.region] = true
		}
	}
	return regions
}

// elsewhere says why an object is not for the one workspace that adopts, "" if
// it may be. reach is what reachOf says of that workspace.
func elsewhere(k *known, c choice, into string, targets []Target, reach map[string]bool) string {
	if c.workspace == into {
		return ""
	}
	if c.workspace != "" {
		return "it belongs to the workspace " + inCode(c.workspace) + ": " + c.why
	}
	t, ok := targetOf(targets, into)
	p := &t.Profile
	o, region := k.object, regionOf(k.object)
	if ok && o.Account != "" && len(p.Accounts) > 0 && p.Accounts[o.Account] == 0 ||
		ok && region != "" && len(p.Regions) > 0 && p.Regions[region] == 0 && !reach[region] {
		return "the workspace " + inCode(into) + " has no resources in " + whereabouts(o)
	}
	return ""
}
