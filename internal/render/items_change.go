package render

import (
	"strings"

	"github.com/strandline-tf/strandline/internal/model"
)

// changeItem is one resource's change: its address, what happens and why, and
// the diff.
func changeItem(c *model.Change, limits Limits) Item {
	it := Item{Line: append(Text{name(c.Address)}, happens(c)...)}
	if why := reason(c); len(why) > 0 {
		it.Line = append(append(it.Line, plain(" · ")), why...)
	}
	it.detail(c, limits)
	return it
}

// happens is what happens to a change's resource, from the verb on.
func happens(c *model.Change) Text {
	var parts []Text
	if did := Did(c); did != "" {
		parts = append(parts, Text{plain(did)})
	}
	if c.PreviousAddress != "" {
		parts = append(parts, Text{plain("moved from "), code(c.PreviousAddress)})
	}
	if c.Import != nil {
		parts = append(parts, imported(c.Import))
	}
	if c.Deposed != "" {
		parts = append(parts, Text{plain("deposed object "), code(c.Deposed)})
	}
	if c.IndexUnknown {
		parts = append(parts, Text{plain("instances known after apply")})
	}
	if len(parts) == 0 {
		return nil
	}
	return append(Text{plain(" ")}, join(", ", parts...)...)
}

func imported(im *model.Import) Text {
	switch {
	case im.ID != "":
		return Text{plain("imported as "), code(im.ID)}
	case len(im.Identity) > 0:
		return Text{plain("imported by identity "), code(InlineValue(im.Identity))}
	case im.Unknown:
		return Text{plain("imported (id known after apply)")}
	}
	return Text{plain("imported")}
}

// detail gives the item the change's diff and generated configuration. What is
// forgotten stays as it is, so there is no diff to show.
func (it *Item) detail(c *model.Change, limits Limits) {
	attributes := c.Attributes
	if c.Action == model.ActionForget {
		attributes = nil
	}
	var hidden []string
	if n := len(attributes); n > 0 {
		hidden = append(hidden, Count(n, "attribute", "attributes"))
	}
	if c.GeneratedConfig != "" {
		hidden = append(hidden, "generated configuration")
	}
	if len(hidden) == 0 {
		return
	}
	it.Hidden = strings.Join(hidden, ", ")
	it.Detail = func() []Block {
		var out []Block
		if len(attributes) > 0 {
			out = append(out, Block{Language: "diff", Lines: DiffLines(c, limits.Lines)})
		}
		if c.GeneratedConfig != "" {
			out = append(out, textBlock("hcl", c.GeneratedConfig, limits))
		}
		return out
	}
}

// textBlock is a text from outside as it is, line by line.
func textBlock(language, text string, limits Limits) Block {
	l := &lines{limit: limits.Lines}
	for line := range strings.SplitSeq(strings.TrimRight(text, "\r\n"), "\n") {
		l.add(Same, 0, Visible(strings.ReplaceAll(strings.TrimSuffix(line, "\r"), "\t", "    ")))
	}
	return Block{Language: language, Lines: l.done()}
}

func deferredSection(w *model.Workspace, limits Limits) Section {
	return Section{
		Kind: KindDeferred, Title: Text{plain("Deferred to a later plan")}, Len: len(w.Deferred), Line: RankLaterLine, Detail: RankLaterDetail,
		Missing: counted("deferred change", "deferred changes"),
		Item: func(i int) Item {
			d := &w.Deferred[i]
			it := changeItem(&d.Change, limits)
			switch {
			case d.DeferredReasonText != "":
				it.Line = append(it.Line, plain(" · deferred: "), words(d.DeferredReasonText))
			case d.DeferredReason != "":
				it.Line = append(it.Line, plain(" · deferred: "), code(d.DeferredReason))
			}
			return it
		},
	}
}

func driftSection(w *model.Workspace, limits Limits) Section {
	return Section{
		Kind: KindDrift, Title: Text{plain("Changed outside Terraform")}, Len: len(w.Drift), Line: RankDriftLine, Detail: RankDriftDiff, Fold: RankDriftFold,
		Missing: counted("drifted resource", "drifted resources"),
		Item:    func(i int) Item { return driftItem(&w.Drift[i], limits) },
	}
}

// driftItem is drift beside the plan that was made with it.
func driftItem(d *model.Drift, limits Limits) Item {
	t := Text{name(d.Address), plain(driftDid(d))}
	switch {
	case d.AffectsPlan == nil:
	case *d.AffectsPlan:
		t = append(t, plain(", which this plan depends on"))
	default:
		t = append(t, plain(", without effect on this plan"))
	}
	if d.PreviousAddress != "" {
		t = append(t, plain(", moved from "), code(d.PreviousAddress))
	}
	if d.FirstSeen != "" {
		t = append(t, plain(", first seen "), dayText(d.FirstSeen))
	}
	return withAdvice(Item{Line: t}, d, limits)
}
