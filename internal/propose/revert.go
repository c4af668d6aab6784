package propose

import (
	"fmt"
	"strings"

	"github.com/strandline-tf/strandline/internal/model"
)

// revert says what an apply would do about a finding.
func revert(w *findings, d *model.Drift) model.Suggestion {
	s := model.Suggestion{Kind: "revert", To: d.Address, Workspace: w.Name, Files: []model.File{}}
	planned := w.change(d)
	var why []string
	switch {
	case d.AffectsPlan != nil && !*d.AffectsPlan:
		s.Why = "an apply would not revert it: nothing in the plan changes it back"
		return s
	case planned != nil:
		why = append(why, "an apply "+carriedOut(planned))
	case d.Action == model.ActionDelete:
		why = append(why, "an apply creates it again, if it is still in the configuration")
	default:
		why = append(why, "an apply sets back what the configuration decides: "+setBack(d.Attributes)+"; whether it can be done in place, a plan tells")
	}
	if others := w.reverted - 1; others > 0 {
		why = append(why, fmt.Sprintf("the same apply reverts %s in this workspace", plural(others, "other finding")))
	}
	s.Why = strings.Join(why, "; ")
	return s
}

// carriedOut says what an apply does with a resource.
func carriedOut(c *model.Change) string {
	switch c.Action {
	case model.ActionCreate:
		return "creates it again"
	case model.ActionDelete:
		return "destroys it"
	case model.ActionForget:
		return "removes it from the state and leaves the object alone"
	case model.ActionReplace, model.ActionReplaceForget:
		what := "replaces it"
		var forced []string
		for i := range c.Attributes {
			if c.Attributes[i].ForcesReplacement {
				forced = append(forced, inCode(c.Attributes[i].Path))
			}
		}
		if len(forced) > 0 {
			what += ", which " + listed(forced) + " forces"
		}
		return what
	}
	return "changes it in place: " + listed(changed(c.Attributes, func(a *model.Attribute) (was, now model.Value) { return a.Before, a.After }))
}

// setBack lists drifted attributes with what they would be again.
func setBack(attributes []model.Attribute) string {
	return listed(changed(attributes, func(a *model.Attribute) (was, now model.Value) { return a.After, a.Before }))
}

// changed says of attributes from what to what they change.
func changed(attributes []model.Attribute, sides func(*model.Attribute) (was, now model.Value)) []string {
	var out []string
	for i := range attributes {
		a := &attributes[i]
		was, now := sides(a)
		switch {
		case a.Sensitive || a.Unknown:
			out = append(out, inCode(a.Path))
		case was == nil:
			out = append(out, fmt.Sprintf("%s to %s again", inCode(a.Path), short(now)))
		case now == nil:
			out = append(out, fmt.Sprintf("%s from %s to none", inCode(a.Path), short(was)))
		default:
			out = append(out, fmt.Sprintf("%s from %s to %s", inCode(a.Path), short(was), short(now)))
		}
	}
	return out
}

// short shows a value as JSON, or its beginning.
func short(v model.Value) string {
	const longest = 40 // runes
	if r := []rune(string(v)); len(r) > longest {
		return inCode(string(r[:longest]) + "…")
	}
	return inCode(string(v))
}

func plural(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}
