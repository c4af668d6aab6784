package match

import (
	"bytes"
	"cmp"
	"maps"
	"slices"
)

// merged makes one finding of those that are the same object, whatever the
// order in which they came: what several know, the first by prefer tells.
func (j *Judge) merged(all []*finding) []*finding {
	all = slices.Clone(all)
	slices.SortFunc(all, prefer)
	out := make([]*finding, 0, len(all))
	byKey := make(map[uint64][]*finding, len(all))
	for _, f := range all {
		keys := j.keys(f)
		known := sameAs(f, byKey, keys)
		if known == nil {
			known = &finding{}
			*known = *f // Result may be asked for again
			out = append(out, known)
		} else {
			known.merge(f)
			keys = append(keys, j.keys(known)...)
		}
		for _, key := range keys {
			if !slices.Contains(byKey[key], known) {
				byKey[key] = append(byKey[key], known)
			}
		}
	}
	return out
}

// sameAs is the finding under one of the keys that is the same object as f.
func sameAs(f *finding, byKey map[uint64][]*finding, keys []uint64) *finding {
	for _, key := range keys {
		for _, known := range byKey[key] {
			if known.near(f) {
				return known
			}
		}
	}
	return nil
}

// prefer puts in order what tells the same object: of the provider aws before
// awscc, by its own name before another (aws_lb before aws_alb), by source and
// region, and what is left by all that they say.
func prefer(a, b *finding) int {
	if order := cmp.Or(
		after(a.kind.cc, b.kind.cc), after(a.Type != a.kind.name, b.Type != b.kind.name),
		cmp.Compare(a.Type, b.Type), cmp.Compare(a.Source, b.Source), cmp.Compare(a.Region, b.Region), cmp.Compare(a.Account, b.Account),
		after(a.ID == "", b.ID == ""), cmp.Compare(a.ID, b.ID),
	); order != 0 {
		return order // most often, and cheap
	}
	return cmp.Or(
		cmp.Compare(a.ARN, b.ARN), bytes.Compare(a.Identity, b.Identity),
		after(a.Name == "", b.Name == ""), cmp.Compare(a.Name, b.Name), cmp.Compare(a.Config, b.Config),
		bytes.Compare(a.Attributes, b.Attributes), slices.Compare(sortedTags(a.Tags), sortedTags(b.Tags)),
		slices.Compare(a.Sensitive, b.Sensitive), slices.Compare(a.Aliases, b.Aliases),
	)
}

// after puts what is true behind what isn't.
func after(a, b bool) int {
	switch {
	case a == b:
		return 0
	case a:
		return 1
	}
	return -1
}

func sortedTags(tags map[string]string) []string {
	out := make([]string, 0, 2*len(tags))
	for _, key := range slices.Sorted(maps.Keys(tags)) {
		out = append(out, key, tags[key])
	}
	return out
}

// keys are under what f is found again.
func (j *Judge) keys(f *finding) []uint64 {
	var out []uint64
	for _, id := range append(append(f.ids(), f.ID), f.Aliases...) {
		if id != "" {
			out = append(out, j.x.key(byID, f.kind.name, trimID(id)))
		}
	}
	if f.ARN != "" {
		out = append(out, j.x.key(byARN, f.kind.name, trimARN(f.ARN)), j.x.key(byID, f.kind.name, f.ARN))
	}
	if id, _ := canonical(f.Identity); id.text != "" {
		out = append(out, j.x.key(byIdentity, f.kind.name, id.text))
	}
	return out
}

// near reports whether objects with the same name are in the same place, as
// far as that is known.
func (f *finding) near(o *finding) bool {
	sameAccount := f.kind.anyAccount || agree(f.at.account, o.at.account)
	sameRegion := f.kind.anyRegion || agree(f.at.region, o.at.region)
	if sameAccount && sameRegion || f.ID != o.ID {
		return sameAccount && sameRegion
	}
	if f.tells.id != f.ID { // asked of as many as there are accounts with the same name
		f.tells.id = f.ID
		f.tells.account, f.tells.everything = unique(f.ID)
	}
	return f.tells.everything || f.tells.account && sameRegion
}

// agree reports whether two accounts or regions may be the same.
func agree(a, b string) bool { return a == "" || b == "" || a == b }

// merge adds what o, which comes after f, knows of the same object. Of its
// names the smallest counts.
func (f *finding) merge(o *finding) {
	m := &f.Object
	if o.ID != "" && o.ID != m.ID {
		if m.ID == "" {
			m.ID = o.ID
		} else {
			m.Aliases = append(slices.Clone(m.Aliases), o.ID)
		}
	}
	m.Aliases = append(slices.Clone(m.Aliases), o.Aliases...)
	slices.Sort(m.Aliases)
	m.Aliases = slices.Compact(m.Aliases)
	if m.Name == "" || o.Name != "" && o.Name < m.Name {
		m.Name = o.Name
	}
	m.Provider = cmp.Or(m.Provider, o.Provider)
	m.ARN = cmp.Or(m.ARN, o.ARN)
	m.Account = cmp.Or(m.Account, o.Account)
	m.Region = cmp.Or(m.Region, o.Region)
	m.Config = cmp.Or(m.Config, o.Config)
	if len(m.Identity) == 0 {
		m.Identity = o.Identity
	}
	if len(m.Tags) == 0 {
		m.Tags = o.Tags
	}
	if len(m.Attributes) == 0 {
		m.Attributes, m.Sensitive = o.Attributes, o.Sensitive
	}
	f.at.join(o.at)
	f.decode()
}
