package render

import (
	"cmp"
	"slices"

	"github.com/strandline-tf/strandline/internal/model"
)

// ignoredSections show what a workspace ignores: what a provider merely computed
// anew, which is no decision of the team's, apart from the rest.
func ignoredSections(w *model.Workspace, limits Limits) []Section {
	var patterns, computed []*model.Ignored
	for i := range w.Ignored {
		if g := &w.Ignored[i]; g.Rule == model.RuleComputed {
			computed = append(computed, g)
		} else {
			patterns = append(patterns, g)
		}
	}
	section := func(list []*model.Ignored, one, many, why string) Section {
		item := func() Item { return ignoredItem(Text{plain(Count(len(list), one, many) + why)}, list, limits) }
		return single(KindIgnored, len(list), "ignored "+one, "ignored "+many, item, RankNote, RankNote)
	}
	return []Section{
		section(patterns, "finding", "findings", " ignored by pattern"),
		section(computed, "value", "values", " that providers merely computed anew (--computed-drift shows them)"),
	}
}

func ignoredItem(line Text, list []*model.Ignored, limits Limits) Item {
	return Item{Line: line, Hidden: "which and why", Detail: func() []Block {
		l := &lines{limit: limits.Lines}
		for _, g := range list {
			l.add(Same, 0, ignoredLine(g))
		}
		return []Block{{Language: "text", Lines: l.done()}}
	}}
}

func ignoredLine(g *model.Ignored) string {
	what := g.Address
	if what == "" {
		what = g.Type + "." + g.ID
	}
	if g.Attribute != "" {
		what += ":" + g.Attribute
	}
	s := Short(what, maxName)
	if g.Rule == "" || g.Pattern != "" {
		s += "  by " + Short(g.Pattern, maxName)
	}
	if g.Reason != "" {
		s += "  (" + Short(g.Reason, maxWords) + ")"
	}
	return s
}

// ignoredObjects are the objects in no state that were kept out, by the rule or
// the pattern that did it, the one that did most first.
func ignoredObjects(r *model.Report, limits Limits) Section {
	by := map[[2]string][]*model.Ignored{}
	for i := range r.Ignored {
		g := &r.Ignored[i]
		key := [2]string{g.Rule, g.Pattern}
		by[key] = append(by[key], g)
	}
	keys := make([][2]string, 0, len(by))
	for key := range by {
		keys = append(keys, key)
	}
	slices.SortFunc(keys, func(a, b [2]string) int {
		return cmp.Or(cmp.Compare(len(by[b]), len(by[a])), cmp.Compare(a[0], b[0]), cmp.Compare(a[1], b[1]))
	})
	return Section{
		Kind: KindIgnored, Len: len(keys), Line: RankNote, Detail: RankNote,
		Missing: counted("reason to ignore objects", "reasons to ignore objects"),
		Item: func(i int) Item {
			list := by[keys[i]]
			t := append(Text{plain(Count(len(list), "object", "objects") + " ")}, ruleWords(keys[i][0], keys[i][1])...)
			if limits.Standing { // instances of a group that scales come and go
				return Item{Line: t}
			}
			return ignoredItem(t, list, limits)
		},
	}
}

// ruleWords say why objects are ignored.
func ruleWords(rule, pattern string) Text {
	switch rule {
	case model.RuleDefault:
		return Text{plain("that every account has and nobody made")}
	case model.RuleOwned:
		return Text{plain("made by something that is managed, or managed elsewhere")}
	case "":
		return Text{plain("by pattern "), code(pattern)}
	}
	return Text{plain("by rule "), code(rule)}
}
