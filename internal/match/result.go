package match

import (
	"cmp"
	"math"
	"slices"

	"github.com/strandline-tf/strandline/internal/model"
)

// Result is what a Judge found.
type Result struct {
	Unmanaged []model.Unmanaged // with their Objects
	Ignored   []model.Ignored   // by a line of the ignore file, or by a rule
	Coverage  model.Coverage
	Notes     []string // lines of the ignore file whose day is past
}

// Result judges what is in no state and counts. Lines of the ignore file come
// before the rules that the program brings: one with ! shows an object that a
// rule would hide. Everything is sorted.
func (j *Judge) Result() Result {
	j.mu.Lock()
	defer j.mu.Unlock()
	out := Result{Unmanaged: []model.Unmanaged{}, Ignored: []model.Ignored{}, Notes: j.notes}
	c := newCounter()
	judge := &judgement{x: j.x, sets: map[string]map[string]struct{}{}}
	found := j.onceEach(j.merged(j.found))
	judge.gather(found)
	byType := map[string][]*rule{}
	for _, f := range found {
		rules, ok := byType[f.Type]
		if !ok {
			for i := range knowledge().rules {
				if r := &knowledge().rules[i]; r.set == "" && r.covers(f) {
					rules = append(rules, r)
				}
			}
			byType[f.Type] = rules
		}
		at := where{f.kind.name, f.at.account, f.region()}
		if i, ok := j.ignored(f, judge, rules); ok {
			out.Ignored = append(out.Ignored, i)
			c.count(at, func(c *model.Covered) { c.Ignored++ })
			continue
		}
		out.Unmanaged = append(out.Unmanaged, f.unmanaged())
		c.count(at, func(c *model.Covered) { c.Unmanaged++ })
	}
	for key, n := range j.unsupported {
		c.count(where{key[0], key[1], key[2]}, func(c *model.Covered) { c.Unsupported += n })
	}
	j.Tally().managed(c, func(string) bool { return true })
	out.Coverage = c.coverage()
	slices.SortFunc(out.Unmanaged, func(a, b model.Unmanaged) int {
		return cmp.Or(cmp.Compare(a.Type, b.Type), cmp.Compare(a.Account, b.Account), cmp.Compare(a.Region, b.Region), cmp.Compare(a.ID, b.ID), cmp.Compare(string(a.Identity), string(b.Identity)))
	})
	slices.SortFunc(out.Ignored, func(a, b model.Ignored) int {
		return cmp.Or(cmp.Compare(a.Type, b.Type), cmp.Compare(a.ID, b.ID), cmp.Compare(a.Reason, b.Reason))
	})
	return out
}

// Tally counts what the states manage, once all objects are judged.
type Tally struct {
	x      *Index
	listed map[string]struct{} // as Judge has it
}

// Tally returns the Judge's tally, which needs nothing of what was found.
func (j *Judge) Tally() Tally { return Tally{j.x, j.listed} }

// managed counts the instances of the states of some workspaces.
func (t Tally) managed(c *counter, of func(workspace string) bool) {
	for i := range t.x.records {
		r := &t.x.records[i]
		if !of(t.x.names[r.workspace]) {
			continue
		}
		region := t.x.names[r.region]
		if r.kind.anyRegion && !r.kind.anyAccount {
			region = ""
		}
		add := func(c *model.Covered) { c.NotListed++ }
		if _, ok := t.listed[r.kind.name]; ok {
			add = func(c *model.Covered) { c.Managed++ }
		}
		c.count(where{r.kind.name, t.x.names[r.account], region}, add)
		c.byWorkspace.count(t.x.names[r.workspace], add)
	}
}

// ignored says why f isn't reported, if it isn't.
func (j *Judge) ignored(f *finding, judge *judgement, rules []*rule) (model.Ignored, bool) {
	i := model.Ignored{Type: f.Type, ID: f.called()}
	if rule := model.IgnoresObject(j.rules, f.Type, append([]string{i.ID}, f.Aliases...)...); rule != nil {
		i.Pattern, i.Reason = rule.Text, rule.Reason
		return i, !rule.Negated
	}
	verdict, reason, ok := judge.explain(f, rules)
	i.Rule, i.Reason = verdict, reason
	return i, ok
}

// called is what f goes by: its id or, where it has none, its identity.
func (f *finding) called() string {
	if f.ID != "" {
		return f.ID
	}
	id, _ := canonical(f.Identity)
	return id.text
}

func (f *finding) region() string {
	if f.kind.anyRegion && !f.kind.anyAccount {
		return "" // where it was listed says nothing
	}
	return f.at.region
}

func (f *finding) unmanaged() model.Unmanaged {
	o := f.Object
	o.Account, o.Region = f.at.account, f.region()
	if o.Tags == nil && len(f.tags) > 0 {
		o.Tags = f.tags
	}
	return model.Unmanaged{
		Provider: o.Provider, Type: o.Type, ID: o.ID, Identity: o.Identity, Name: o.Name,
		Account: o.Account, Region: o.Region, Tags: o.Tags, Source: o.Source, Object: &o,
	}
}

// where something is counted.
type where struct{ typ, account, region string }

// counts are counted by name.
type counts map[string]*model.Covered

func (c counts) count(name string, add func(*model.Covered)) {
	if c[name] == nil {
		c[name] = &model.Covered{}
	}
	add(c[name])
}

// list is sorted by name.
func (c counts) list() []model.CoveredBy {
	out := make([]model.CoveredBy, 0, len(c))
	for name, covered := range c {
		covered.Percent = percent(covered)
		out = append(out, model.CoveredBy{Name: name, Covered: *covered})
	}
	slices.SortFunc(out, func(a, b model.CoveredBy) int { return cmp.Compare(a.Name, b.Name) })
	return out
}

type counter struct {
	all                                      model.Covered
	byType, byAccount, byRegion, byWorkspace counts
}

func newCounter() *counter {
	return &counter{byType: counts{}, byAccount: counts{}, byRegion: counts{}, byWorkspace: counts{}}
}

func (c *counter) count(at where, add func(*model.Covered)) {
	add(&c.all)
	c.byType.count(at.typ, add)
	c.byAccount.count(at.account, add)
	c.byRegion.count(at.region, add)
}

func (c *counter) coverage() model.Coverage {
	c.all.Percent = percent(&c.all)
	return model.Coverage{Covered: c.all, ByType: c.byType.list(), ByAccount: c.byAccount.list(), ByRegion: c.byRegion.list(), ByWorkspace: c.byWorkspace.list()}
}

// percent has one decimal.
func percent(c *model.Covered) float64 {
	if c.Unmanaged == 0 {
		return 100
	}
	return math.Round(1000*float64(c.Managed)/float64(c.Managed+c.Unmanaged)) / 10
}

// Recount counts anew what is in no state, when that list or its suggestions
// have changed. With of it is about some workspaces only: what others manage,
// and what belongs to no workspace (ignored, or of types that can't be listed),
// is left out.
func (t Tally) Recount(c *model.Coverage, unmanaged []model.Unmanaged, of func(workspace string) bool) {
	n := newCounter()
	if of != nil {
		t.managed(n, of)
	} else {
		c.Unmanaged = 0
		n.all = c.Covered
		for _, by := range []struct {
			of []model.CoveredBy
			in counts
		}{{c.ByType, n.byType}, {c.ByAccount, n.byAccount}, {c.ByRegion, n.byRegion}, {c.ByWorkspace, n.byWorkspace}} {
			for _, was := range by.of {
				was.Unmanaged, was.Percent = 0, 0
				if was.Covered != (model.Covered{}) {
					by.in[was.Name] = &was.Covered
				}
			}
		}
	}
	add := func(c *model.Covered) { c.Unmanaged++ }
	for _, u := range unmanaged {
		n.count(where{t.x.kindOf(u.Type).name, u.Account, u.Region}, add)
		if u.Suggestion != nil && u.Suggestion.Workspace != "" {
			n.byWorkspace.count(u.Suggestion.Workspace, add)
		}
	}
	*c = n.coverage()
}
