package render

import (
	"slices"

	"github.com/strandline-tf/strandline/internal/model"
)

// uncheckedSection lists what could not be checked, and why.
func uncheckedSection(all []*drifted) []Section {
	list := slices.DeleteFunc(slices.Clone(all), func(x *drifted) bool { return x.checked })
	if len(list) == 0 {
		return nil
	}
	return []Section{{
		Kind: KindProblem, Title: Text{plain("Not checked this time")}, Len: len(list), Line: RankProblem, Detail: RankProblem,
		Missing: counted("workspace that was not checked", "workspaces that were not checked"),
		Item:    func(i int) Item { return list[i].uncheckedItem() },
	}}
}

func (x *drifted) uncheckedItem() Item {
	t := Text{{Style: Name, Text: cut(x.label, maxName), URL: x.w.RunURL}}
	if !hasResult(x.w) {
		t = append(t, plain(": "+StatusWords(x.w.Status)))
	}
	if x.w.Message != "" {
		t = append(t, plain(": "), words(x.w.Message))
	}
	if n := x.w.Summary.Drift + x.w.Summary.Output; n > 0 {
		t = append(t, plain(" · "+Count(n, "finding", "findings")+" kept from before"))
	}
	return Item{Line: t}
}

// item is one resource that drifted.
func (x *drifted) item(d *model.Drift, limits Limits) Item {
	t := append(Text{name(d.Address), plain(driftDid(d))}, x.days(d.FirstSeen, d.LastSeen)...)
	if d.PreviousAddress != "" {
		t = append(t, plain(", moved from "), code(d.PreviousAddress))
	}
	switch gone := d.Action == model.ActionDelete; {
	case d.AffectsPlan == nil:
	case !*d.AffectsPlan:
		t = append(t, plain(" · does not affect the next apply"))
	case gone:
		t = append(t, plain(" · the next apply creates it anew"))
	default:
		t = append(t, plain(" · the next apply puts it back"))
	}
	return withAdvice(Item{Line: t}, d, limits)
}

// days say since when a finding is known and, where it is only carried over,
// when it was last seen: of what was found today that goes without saying.
func (x *drifted) days(first, last string) Text {
	t := since(first)
	if !x.checked && last != "" {
		t = append(t, plain(", last seen "), dayText(last))
	}
	return t
}

// output is one root output that drifted with what it is made of.
func (x *drifted) output(o *model.Output, limits Limits) Item {
	it := Item{Line: append(Text{name(o.Name), plain(outputDid(o))}, x.days(o.FirstSeen, o.LastSeen)...)}
	if len(o.Attributes) > 0 || len(o.Before)+len(o.After) > 0 || o.Sensitive {
		it.Hidden = "its value"
		it.Detail = func() []Block {
			return []Block{{Language: "diff", Lines: outputLines([]model.Output{*o}, limits)}}
		}
	}
	return it
}

func outputDid(o *model.Output) string {
	switch o.Action {
	case model.ActionDelete:
		return " is gone"
	case model.ActionCreate:
		return " appeared"
	}
	return " was changed"
}

// withAdvice gives an item the diff of a drift, and below it what to do.
func withAdvice(it Item, d *model.Drift, limits Limits) Item {
	it.detail(&d.Change, limits)
	if it.Fold = adviceTitle(d.Suggestions); it.Fold != "" {
		it.Folded = func() []Item { return advice(d.Suggestions, limits) }
	}
	return it
}

func driftDid(d *model.Drift) string {
	switch d.Action {
	case model.ActionDelete:
		return " was deleted"
	case model.ActionCreate:
		return " appeared"
	}
	return " was changed"
}
