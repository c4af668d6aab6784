package match

import (
	"slices"

	"github.com/strandline-tf/strandline/internal/model"
)

// Conflicts are the objects that more than one instance manages, sorted by
// type and id: in several states, or twice in one. Workspaces are distinct and
// sorted. Where account or region aren't known, what an id by itself
// tells counts; an object and what a replacement left of it, at one address,
// are no conflict.
func (x *Index) Conflicts() []model.Conflict {
	x.settle()
	out := []model.Conflict{}
	for _, list := range x.primary.lists {
		var first []place // in order, for the groups have none
		groups := map[place][]uint32{}
		tells, everything := unique(x.records[list[0]].id)
		for _, i := range list {
			at, certain := x.told(&x.records[i], tells, everything)
			if !certain {
				continue
			}
			if groups[at] == nil {
				first = append(first, at)
			}
			groups[at] = append(groups[at], i)
		}
		for _, at := range first {
			if c, ok := x.conflict(groups[at]); ok {
				out = append(out, c)
			}
		}
	}
	slices.SortFunc(out, func(a, b model.Conflict) int {
		return slices.Compare([]string{a.Type, a.ID}, []string{b.Type, b.ID})
	})
	return out
}

// conflict is what instances of the same object are, if they are at two addresses.
func (x *Index) conflict(same []uint32) (model.Conflict, bool) {
	c := model.Conflict{}
	addresses := map[[2]string]struct{}{}
	for _, i := range same {
		r := &x.records[i]
		if r.kind.shared {
			continue
		}
		workspace := x.names[r.workspace]
		addresses[[2]string{workspace, r.address}] = struct{}{}
		if c.Type = r.kind.name; !slices.ContainsFunc(same, func(j uint32) bool { return x.records[j].kind != r.kind }) {
			c.Type = r.kind.typ
		}
		c.ID = r.id
		c.Workspaces = append(c.Workspaces, workspace)
	}
	slices.Sort(c.Workspaces)
	c.Workspaces = slices.Compact(c.Workspaces)
	return c, len(addresses) > 1
}

// told is what, besides its id, tells an instance's object from others; false
// where that isn't known.
func (x *Index) told(r *record, idTellsAccount, idTellsAll bool) (at place, certain bool) {
	if !r.kind.aws || idTellsAll || r.kind.anyAccount {
		return at, true // other clouds' ids are taken to be unique: see sharedTypes
	}
	// Nothing known of a whole workspace is as good as the same; several
	// accounts or regions in it, of which any may be meant, are not.
	profile := &x.workspaces[x.names[r.workspace]].profile
	if !idTellsAccount {
		at.account = x.names[r.account]
		certain = at.account != "" || len(profile.Accounts) == 0
	}
	if !r.kind.anyRegion {
		at.region = x.names[r.region]
	}
	return at, (idTellsAccount || certain) && (r.kind.anyRegion || at.region != "" || len(profile.Regions) == 0)
}
