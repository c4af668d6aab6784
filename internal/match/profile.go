package match

import (
	"encoding/json"
	"slices"
	"strings"

	"github.com/strandline-tf/strandline/internal/model"
)

// distinct is how many values of one sort a profile counts: what comes after
// them in a workspace that big says nothing new.
const distinct = 200

// workspace is what is known of one workspace as a whole.
type workspace struct {
	profile model.Profile
}

// workspace is called with the lock held.
func (x *Index) workspace(name string) *workspace {
	w := x.workspaces[name]
	if w == nil {
		name = strings.Clone(name)
		w = &workspace{profile: model.Profile{
			Workspace: name, Accounts: map[string]int{}, Regions: map[string]int{}, Tags: map[string]int{},
			Prefixes: map[string]int{}, VPCs: map[string]int{}, Services: map[string]int{}, Types: map[string]int{},
		}}
		x.workspaces[name] = w
	}
	return w
}

// Profiles are the profiles of all workspaces, by name.
func (x *Index) Profiles() []model.Profile {
	x.mu.Lock()
	defer x.mu.Unlock()
	out := make([]model.Profile, 0, len(x.workspaces))
	for _, w := range x.workspaces {
		out = append(out, w.profile)
	}
	slices.SortFunc(out, func(a, b model.Profile) int { return strings.Compare(a.Workspace, b.Workspace) })
	return out
}

func (w *workspace) add(e *entry, k *kind) {
	p := &w.profile
	p.Resources++
	count(p.Types, k.typ, len(p.Types)+1)
	if !k.aws {
		return
	}
	count(p.Accounts, e.where.account, len(p.Accounts)+1)
	if !k.anyRegion {
		count(p.Regions, e.where.region, len(p.Regions)+1)
	}
	service, _, _ := strings.Cut(k.typ[strings.IndexByte(k.typ, '_')+1:], "_")
	count(p.Services, service, len(p.Services)+1)
	vpc, _ := e.a.text("vpc_id")
	if k.name == "aws_vpc" {
		vpc = e.m.ID
	}
	count(p.VPCs, vpc, distinct)
	raw := e.a.raw("tags_all")
	if len(raw) <= len(`{}`) {
		raw = e.a.raw("tags")
	}
	tagged := ""
	if len(raw) > len(`{}`) && raw[0] == '{' {
		var tags attributes
		tags.read(raw)
		for i, name := range tags.names {
			switch value := text(tags.values[i]); {
			case string(name) == "Name":
				tagged = value
			case value != "":
				count(p.Tags, string(name)+"="+value, distinct)
			}
		}
	}
	name, _ := e.a.text("name")
	for _, candidate := range []string{tagged, e.id} {
		if name == "" {
			name = candidate
		}
	}
	for _, prefix := range Prefixes(name) {
		count(p.Prefixes, prefix, distinct)
	}
}

// count counts name in counts, which shall not become larger than limit.
func count(counts map[string]int, name string, limit int) {
	if name == "" {
		return
	}
	if _, ok := counts[name]; ok {
		counts[name]++
	} else if len(counts) < limit {
		counts[strings.Clone(name)] = 1
	}
}

// Prefixes are the first part and the first two parts of a name, as profiles
// count them: shop and shop-prod of shop-prod-api. A name of one part, or one
// that AWS made up, has none.
func Prefixes(name string) []string {
	if strings.HasPrefix(name, "arn:") || madeUp.MatchString(name) {
		return nil
	}
	name = strings.TrimLeft(name, "/")
	var out []string
	for i := 0; i < len(name) && len(out) < 2; i++ {
		if strings.IndexByte("-_./", name[i]) >= 0 && i > 0 {
			out = append(out, name[:i])
		}
	}
	return out
}

// tagsOf reads tags as AWS has them, a list of keys and values, or as
// Terraform does, an object.
func tagsOf(v any) map[string]string {
	out := map[string]string{}
	switch v := v.(type) {
	case map[string]any:
		for key, value := range v {
			out[key] = scalar(value)
		}
	case []any:
		for _, element := range v {
			var tag struct{ Key, Value string }
			if raw, err := json.Marshal(element); err == nil && json.Unmarshal(raw, &tag) == nil && tag.Key != "" {
				out[tag.Key] = tag.Value
			}
		}
	}
	return out
}
