package model

import (
	"slices"
	"strconv"
	"strings"
	"time"
)

// Ignore takes out of w what rules ignore on the day of today, lists it in
// w.Ignored (which Finish sorts) and counts w again; a planned workspace of
// which no change is left has no changes. It returns a note for each rule that
// is past its day, whatever w holds: the same notes for every workspace.
//
// Later rules win. One without an attribute covers a change, drift or deferred
// change with all its attributes. One with an attribute covers that attribute
// and what is in it: an update of which nothing else is left goes with it, but
// it never hides that something is created, replaced, deleted, imported or
// moved.
func (w *Workspace) Ignore(rules []IgnoreRule, today time.Time) (notes []string) {
	active, notes := Active(rules, today)
	before := len(w.Ignored)
	w.Changes = filter(w.Changes, func(c *Change) bool { return w.ignore(c, active) })
	w.Drift = filter(w.Drift, func(d *Drift) bool { return w.ignore(&d.Change, active) })
	w.Deferred = filter(w.Deferred, func(d *Deferred) bool { return w.ignore(&d.Change, active) })
	w.Count()
	if len(w.Ignored) > before && w.Status == StatusPlanned && !w.Summary.HasChanges() {
		w.Status = StatusNoChanges
	}
	return notes
}

// IgnoreOutputs is Ignore for w's root outputs, as whole ones and under the
// addresses output.NAME. Only drift's are ignored, which follow resources: what
// a plan does to outputs is what somebody asked for. Its notes are Ignore's.
func (w *Workspace) IgnoreOutputs(rules []IgnoreRule, today time.Time) {
	active, _ := Active(rules, today)
	w.Outputs = filter(w.Outputs, func(o *Output) bool { return w.ignore(&Change{Address: "output." + o.Name, Action: o.Action}, active) })
	w.Count()
}

// filter removes, in place, the elements that drop says to.
func filter[T any](list []T, drop func(*T) bool) []T {
	kept := list[:0]
	for i := range list {
		if !drop(&list[i]) {
			kept = append(kept, list[i])
		}
	}
	clear(list[len(kept):])
	return kept
}

// ignore takes what rules ignore out of c and reports whether nothing is left.
func (w *Workspace) ignore(c *Change, rules []*IgnoreRule) bool {
	var whole *IgnoreRule     // the last rule for all of c
	var partial []*IgnoreRule // the rules for attributes after it, last first
	for _, r := range slices.Backward(rules) {
		if !r.address.match(c.Address) {
			continue
		}
		if r.Attribute == "" {
			whole = r
			break
		}
		partial = append(partial, r)
	}
	if whole == nil && len(partial) == 0 {
		return false
	}
	ignored := whole != nil && !whole.Negated
	kept := []Attribute{}
	var out []Ignored
	for _, a := range c.Attributes {
		r, path := whole, steps(a.Path)
		if at := slices.IndexFunc(partial, func(r *IgnoreRule) bool { return r.covers(path) }); at >= 0 {
			r = partial[at]
		}
		if r == nil || r.Negated {
			kept = append(kept, a)
			continue
		}
		out = append(out, Ignored{Address: c.Address, Attribute: a.Path, Pattern: r.Text, Reason: r.Reason})
	}
	if ignored && len(kept) == 0 {
		w.Ignored = append(w.Ignored, Ignored{Address: c.Address, Pattern: whole.Text, Reason: whole.Reason})
		return true
	}
	if len(out) == 0 {
		return false
	}
	w.Ignored = append(w.Ignored, out...)
	c.Attributes = kept
	return len(kept) == 0 && c.Action == ActionUpdate && c.Import == nil && c.PreviousAddress == ""
}

// covers reports whether the rule's attribute pattern matches path, in the
// form of steps, or something that path is in: tags covers tags.Env.
func (r *IgnoreRule) covers(path string) bool { return r.attribute.matchUpTo(path, stepMark) }

// stepMark begins a step of a path in the form that steps gives it. It can't
// occur in a path, whose quoted keys escape it.
const stepMark = '\x00'

// steps returns an attribute path, or a pattern of one, with each step after
// the first marked and keys without quotes: tags["Env"] and tags.Env become
// the same, tags.a.b and tags["a.b"] do not.
func steps(path string) string {
	var b strings.Builder
	for i := 0; i < len(path); i++ {
		switch c := path[i]; {
		case c == '.':
			b.WriteByte(stepMark)
		case c == '\\' && i+1 < len(path): // of a pattern: the glob's business
			b.WriteString(path[i : i+2])
			i++
		case strings.HasPrefix(path[i:], `["`):
			b.WriteByte(stepMark)
			end := closingQuote(path, i+1)
			if !strings.HasPrefix(path[end:], `"]`) || end == i+1 {
				b.WriteByte(c)
				continue
			}
			key := path[i+2 : end]
			if unquoted, err := strconv.Unquote(`"` + key + `"`); err == nil {
				key = unquoted
			}
			b.WriteString(key)
			i = end + 1
		case c == '[':
			b.WriteByte(stepMark)
			b.WriteByte(c)
		default:
			b.WriteByte(c)
		}
	}
	return b.String()
}
