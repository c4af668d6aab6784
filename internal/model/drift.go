package model

import (
	"slices"
	"strings"
	"sync"
)

// QuietComputed takes out of w's drift what is no drift to a person, lists it
// in w.Ignored under RuleComputed with the reason, and counts w again. Whoever
// wants to see everything doesn't call it. It comes before Ignore.
//
// An attribute of a resource that was updated is taken out where it
//
//   - only changes its way of being empty: null, "", [] and {} are the same;
//   - is a string of JSON, before and after, that only changes its way of being
//     written: white space, escapes and the order of an object's members;
//   - repeats, with the provider's defaults merged in, a tag or label that
//     stands in the report anyway: tags_all, effective_labels;
//   - was computed anew by the provider: see computed.
//
// An update of which nothing is left goes altogether, a resource that is gone
// never does. In a refresh-only plan, outputs that only follow a change of the
// first two kinds go too.
func (w *Workspace) QuietComputed() {
	drifted, had := len(w.Drift) > 0, len(w.Ignored)
	planned := map[string]*Change{}
	if drifted {
		for i := range w.Changes {
			if c := &w.Changes[i]; c.Deposed == "" {
				planned[c.Address] = c
			}
		}
	}
	types := map[string]*typeFacts{}
	w.Drift = filter(w.Drift, func(d *Drift) bool { return w.quiet(&d.Change, planned[d.Address], types) })
	if drifted && w.Configured != nil && w.Configured.Refreshed {
		w.Outputs = filter(w.Outputs, w.quietOutput)
	}
	w.Configured = nil // it has served
	if len(w.Ignored) == had {
		return
	}
	w.Count()
	if w.Status == StatusPlanned && !w.Summary.HasChanges() {
		w.Status = StatusNoChanges
	}
}

// quiet takes out of c what QuietComputed says and reports whether nothing is
// left. planned is what the plan does to the same resource, or nil.
func (w *Workspace) quiet(c, planned *Change, types map[string]*typeFacts) bool {
	if c.Action != ActionUpdate || len(c.Attributes) == 0 {
		return false
	}
	j := &driftJudge{Change: c, planned: planned, decided: w.Complete && !w.Errored}
	if w.Configured != nil {
		j.decided = j.decided && !w.Configured.Refreshed
		j.facts = sync.OnceValue(func() *driftFacts { return w.Configured.factsOf(c, types) })
	}
	kept := []Attribute{}
	for i := range c.Attributes {
		a := &c.Attributes[i]
		reason := j.reason(a)
		if reason == "" {
			kept = append(kept, *a)
			continue
		}
		w.Ignored = append(w.Ignored, Ignored{Address: c.Address, Attribute: a.Path, Rule: RuleComputed, Reason: reason})
	}
	c.Attributes = kept
	return len(kept) == 0
}

// quietOutput reports whether an output only changes its way of being empty or
// of being written.
func (w *Workspace) quietOutput(o *Output) bool {
	if len(o.Attributes) == 0 {
		return false
	}
	var ignored []Ignored
	for i := range o.Attributes {
		a := &o.Attributes[i]
		reason := a.rewritten()
		if reason == "" {
			return false
		}
		ignored = append(ignored, Ignored{Address: "output." + o.Name, Attribute: a.Path, Rule: RuleComputed, Reason: reason})
	}
	w.Ignored = append(w.Ignored, ignored...)
	return true
}

// driftJudge judges the attributes of one drifted resource.
type driftJudge struct {
	*Change
	planned *Change
	decided bool               // what the plan does about drift shows what Terraform would do
	facts   func() *driftFacts // nil where no plan was read; many resources never need them
}

// reason returns why a is no drift, or "".
func (j *driftJudge) reason(a *Attribute) string {
	if reason := a.rewritten(); reason != "" {
		return reason
	}
	if original := j.repeats(a); original != "" {
		return "repeats " + original
	}
	return j.computed(a)
}

// repeats returns the path of the tag or label that a repeats, or "". The
// names are those of the AWS and the Google provider:
// https://registry.terraform.io/providers/hashicorp/aws/latest/docs/guides/resource-tagging
// https://registry.terraform.io/providers/hashicorp/google/latest/docs/guides/provider_reference#default_labels
func (j *driftJudge) repeats(a *Attribute) string {
	for _, pair := range [][2]string{{"tags_all", "tags"}, {"terraform_labels", "labels"}, {"effective_labels", "labels"},
		{"effective_annotations", "annotations"}} {
		rest, ok := strings.CutPrefix(a.Path, pair[0])
		if !ok || rest != "" && rest[0] != '.' && rest[0] != '[' {
			continue
		}
		for i := range j.Attributes {
			b := &j.Attributes[i]
			if b.Path == pair[1]+rest && !b.Sensitive && !a.Sensitive &&
				string(b.Before) == string(a.Before) && string(b.After) == string(a.After) {
				return b.Path
			}
		}
	}
	return ""
}

// computed returns why a was computed anew by the provider rather than changed
// by somebody, or "".
//
// A schema that lets no configuration set a settles it. Without schemas, the
// configuration must have the resource, but the argument neither there nor in
// another resource of the type, since then it can be set; and a must have had
// a value, which only the provider can have given. A block that is not in the
// configuration proves nothing: dynamic blocks never are.
//
// What remains to be ruled out is a default of the provider, which looks the
// same but which Terraform would restore. A plan shows that by restoring it. A
// refresh-only plan shows nothing, so there a's name or its values must look
// like what machines make.
//
// Never computed anew: what something else reads, for its change goes on from
// there; what access and security depend on; switches (true or false); the
// identity of the object; and what is sensitive.
func (j *driftJudge) computed(a *Attribute) string {
	if j.facts == nil {
		return ""
	}
	f, name := j.facts(), argumentOf(a.Path)
	if name == "" || f.used.touches(name) || a.guards(name, f.opens) {
		return ""
	}
	if f.computedOnly.covers(name) {
		return "computed by the provider: its schema lets no configuration set it"
	}
	if !f.known || f.given.touches(name) || !f.outsideBlocks(a, name) ||
		isSwitch(a) || !j.hadValue(a, name) {
		return ""
	}
	const unset = "computed by the provider: not set in the configuration, read by nothing in it, "
	switch {
	case !j.decided:
		if looksComputed(name, a) {
			return unset + "and of a kind that changes by itself"
		}
	case !j.restores(name):
		return unset + "and the plan leaves it as it is"
	}
	return ""
}

// hadValue reports whether a, or another part of the same list, had a value
// that is now gone or another: what only comes was put there by somebody. What
// is sensitive has none to judge by.
func (j *driftJudge) hadValue(a *Attribute, name string) bool {
	if !isEmpty(a.Before) {
		return true
	}
	if !strings.HasSuffix(a.Path, "]") {
		return false
	}
	return slices.ContainsFunc(j.Attributes, func(b Attribute) bool {
		return !isEmpty(b.Before) && argumentOf(b.Path) == name
	})
}

// restores reports whether the plan changes the argument, other than to what
// the provider will compute.
func (j *driftJudge) restores(name string) bool {
	return j.planned != nil && slices.ContainsFunc(j.planned.Attributes, func(b Attribute) bool {
		if b.Unknown {
			return false
		}
		other := argumentOf(b.Path)
		return within(other, name) || within(name, other)
	})
}

// isSwitch reports whether a is or was true or false.
func isSwitch(a *Attribute) bool {
	return slices.ContainsFunc([]Value{a.Before, a.After}, func(v Value) bool { return string(v) == "true" || string(v) == "false" })
}

// guards reports whether a matters to access or security, or is the object's
// identity: by its name, by one of the rules for what opens access, or as a
// document.
func (a *Attribute) guards(name string, opens []*accessRule) bool {
	if name == "id" || name == "arn" || name == "unique_id" || slices.ContainsFunc(words(name), isGuarding) {
		return true
	}
	return slices.ContainsFunc(opens, func(r *accessRule) bool { return anyGlob(r.paths, a.Path) }) ||
		!isEmpty(a.Before) && strings.HasPrefix(strings.TrimSpace(scalar(a.Before)), "{")
}
