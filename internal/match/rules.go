package match

import (
	"cmp"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/strandline-tf/strandline/internal/model"
)

// rule is a line of rules.tsv: what an unmanaged object looks like that nobody
// has to manage. Its columns are the types, as globs with commas between them;
// the verdict, which is model.RuleDefault, model.RuleOwned or
//
//	set NAME PATH           files the values at PATH, for other lines to ask for
//
// ; when, terms all of which must hold, with & between them; and the reason, in which {PATH}
// stands for a value. A term is one of
//
//	PATH = GLOB|GLOB        some value matches
//	PATH in NAME            some value is in a set, or came with something managed
//	PATH managed TYPE       some value is the id or the ARN of something managed
//	PATH[GLOB] managed TYPE the same of what the first * of GLOB stands for
//	known PATH, no PATH     there is a value; the source knows attributes, but not this one
//	empty PATH              a policy that says nothing
//	apex                    the NS record of a zone's own name
//
// A PATH is an attribute, in others with dots between the names, or @id, @name,
// @arn, tag:GLOB; with | between them any of several. The sets are made in the
// order of the lines, before anything is judged.
type rule struct {
	types   []model.Glob
	verdict string
	set     string
	from    []string
	terms   []term
	reason  string
}

type term struct {
	op    string // = in managed known no empty apex
	paths []string
	globs []model.Glob
	what  string         // a set, a type
	part  *regexp.Regexp // takes the value out of what PATH leads to
}

func (f *facts) readRule(c []string) error {
	r := rule{verdict: c[1], reason: c[3]}
	for _, typ := range strings.Split(c[0], ",") {
		r.types = append(r.types, model.NewGlob(typ))
	}
	if name, isSet := strings.CutPrefix(c[1], "set "); isSet {
		name, path, _ := strings.Cut(name, " ")
		r.verdict, r.set, r.from = "", name, strings.Split(path, "|")
	} else if c[1] != model.RuleDefault && c[1] != model.RuleOwned || c[3] == "" {
		return fmt.Errorf("%q is no verdict, or has no reason", c[1])
	}
	for _, text := range strings.Split(c[2], " & ") {
		t, err := readTerm(text)
		if err != nil {
			return err
		}
		r.terms = append(r.terms, t)
	}
	f.rules = append(f.rules, r)
	return nil
}

func readTerm(text string) (term, error) {
	if text == "apex" {
		return term{op: text}, nil
	}
	for _, op := range []string{"known", "no", "empty"} {
		if path, ok := strings.CutPrefix(text, op+" "); ok {
			return term{op: op, paths: strings.Split(path, "|")}, nil
		}
	}
	for _, op := range []string{"=", "in", "managed"} {
		path, what, ok := strings.Cut(text, " "+op+" ")
		if !ok {
			continue
		}
		t := term{op: op, what: what}
		if op == "=" {
			for _, g := range strings.Split(what, "|") {
				t.globs = append(t.globs, model.NewGlob(g))
			}
		}
		if before, pattern, has := strings.Cut(path, "["); has {
			path = before
			pattern = regexp.QuoteMeta(strings.TrimSuffix(pattern, "]"))
			pattern = strings.Replace(pattern, `\*`, `([^/]+)`, 1)
			t.part = regexp.MustCompile(`^` + strings.ReplaceAll(pattern, `\*`, `.+`) + `$`)
		}
		t.paths = strings.Split(path, "|")
		return t, nil
	}
	return term{}, fmt.Errorf("%q is no term", text)
}

// covers reports whether the rule is about f's type.
func (r *rule) covers(f *finding) bool {
	return slices.ContainsFunc(r.types, func(g model.Glob) bool { return g.Match(f.kind.name) || g.Match(f.Type) })
}

// texts are the values of f at a path of a rule.
func (f *finding) texts(path string) []string {
	switch path {
	case "@id":
		return append([]string{f.ID}, f.Aliases...)
	case "@name":
		return []string{f.Name}
	case "@arn":
		return []string{f.ARN}
	}
	if pattern, ok := strings.CutPrefix(path, "tag:"); ok {
		var out []string
		glob := model.NewGlob(pattern)
		for key, value := range f.tags {
			if glob.Match(key) {
				out = append(out, value)
			}
		}
		slices.Sort(out)
		return out
	}
	if path == "tags" {
		return slices.Sorted(maps.Keys(f.tags))
	}
	var out []string
	for _, v := range f.values(path) {
		if text := scalar(v); text != "" {
			out = append(out, text)
		}
	}
	return out
}

// judgement is what the rules are applied with.
type judgement struct {
	x    *Index
	sets map[string]map[string]struct{}
}

// holds reports whether a term is true of f, and by what managed instance.
func (j *judgement) holds(t *term, f *finding) (by *record, ok bool) {
	switch t.op {
	case "no":
		if f.doc == nil && f.told == nil {
			return nil, false
		}
	case "apex":
		return nil, j.isApex(f)
	}
	for _, path := range t.paths {
		values := f.texts(path)
		switch t.op {
		case "known", "no":
			ok = ok || len(values) > 0
			continue
		case "empty":
			for _, v := range f.values(path) {
				if says := policyText(v); says == "" || says == "{}" {
					return nil, true
				}
			}
			continue
		}
		for _, v := range values {
			if t.part != nil {
				found := t.part.FindStringSubmatch(v)
				if found == nil {
					continue
				}
				v = found[1]
			}
			if by, ok := j.is(t, v, f); ok {
				return by, true
			}
		}
	}
	return nil, ok != (t.op == "no")
}

func (j *judgement) is(t *term, v string, f *finding) (*record, bool) {
	switch t.op {
	case "=":
		return nil, (v != "" || t.what == "") && slices.ContainsFunc(t.globs, func(g model.Glob) bool { return g.Match(v) })
	case "in":
		if _, ok := j.sets[t.what][v]; ok && v != "" {
			return nil, true
		}
		return nil, j.x.at(j.x.key(defaultOf, t.what, v), f.kind, v, f.at, nil) != nil
	}
	by := j.x.locate(j.x.kindOf(t.what), v, f.at)
	return by, by != nil
}

// policyText is a policy as text, "{}" where it has no statement.
func policyText(v any) string {
	if members, ok := v.(map[string]any); ok {
		if len(lookUp(members, "Statement", nil)) == 0 {
			return "{}"
		}
		return "a policy"
	}
	return strings.Join(strings.Fields(scalar(v)), "")
}

// isApex reports whether f is the NS record of its zone's own name.
func (j *judgement) isApex(f *finding) bool {
	zone, name, typ := first(f, "zone_id", "hosted_zone_id"), first(f, "name"), first(f, "type")
	if parts := strings.Split(f.ID, "_"); typ == "" && len(parts) >= 3 {
		zone, name, typ = parts[0], strings.Join(parts[1:len(parts)-1], "_"), parts[len(parts)-1]
	}
	if typ != "NS" {
		return false
	}
	apex := trimID(zone) + " " + strings.ToLower(strings.TrimSuffix(name, "."))
	if _, ok := j.sets["apex"][apex]; ok {
		return true
	}
	return j.x.at(j.x.key(defaultOf, "apex", apex), f.kind, apex, f.at, nil) != nil
}

// gather makes the sets.
func (j *judgement) gather(found []*finding) {
	add := func(set, value string) {
		if value != "" {
			if j.sets[set] == nil {
				j.sets[set] = map[string]struct{}{}
			}
			j.sets[set][value] = struct{}{}
		}
	}
	byKind := map[string][]*finding{}
	for _, f := range found {
		byKind[f.kind.name] = append(byKind[f.kind.name], f)
	}
	for _, zone := range byKind["aws_route53_zone"] {
		add("apex", trimID(zone.ID)+" "+strings.ToLower(strings.TrimSuffix(cmp.Or(first(zone, "name"), zone.Name), ".")))
	}
	for i := range knowledge().rules {
		r := &knowledge().rules[i]
		if r.set == "" {
			continue
		}
		for _, list := range byKind {
			for _, f := range list {
				if !r.covers(f) {
					break
				}
				if _, ok := j.all(r, f); ok {
					for _, path := range r.from {
						for _, v := range f.texts(path) {
							add(r.set, v)
						}
					}
				}
			}
		}
	}
}

// all reports whether all terms of a rule hold.
func (j *judgement) all(r *rule, f *finding) (by *record, ok bool) {
	for i := range r.terms {
		owner, ok := j.holds(&r.terms[i], f)
		if !ok {
			return nil, false
		}
		if owner != nil {
			by = owner
		}
	}
	return by, true
}

// explain finds the rule that keeps f from being reported.
func (j *judgement) explain(f *finding, rules []*rule) (verdict, reason string, ok bool) {
	for _, how := range []namespace{defaultOf, ownedBy} {
		for _, id := range append([]string{f.ID, f.ARN}, f.Aliases...) {
			if id == "" {
				continue
			}
			if by := j.x.at(j.x.key(how, f.kind.name, id), f.kind, id, f.at, nil); by != nil {
				verdict := map[namespace]string{defaultOf: model.RuleDefault, ownedBy: model.RuleOwned}[how]
				return verdict, j.reasonOf(by, how, f.kind.name) + " " + j.x.called(by), true
			}
		}
	}
	for _, r := range rules {
		by, ok := j.all(r, f)
		if !ok {
			continue
		}
		reason := placeholder.ReplaceAllStringFunc(r.reason, func(p string) string {
			if values := f.texts(strings.Trim(p, "{}")); len(values) > 0 {
				return values[0]
			}
			return p
		})
		if by != nil {
			reason += " " + j.x.called(by)
		}
		return r.verdict, reason, true
	}
	return "", "", false
}

var placeholder = regexp.MustCompile(`\{[^}]+\}`)

// called is how a managed instance is named in a reason.
func (x *Index) called(r *record) string {
	return r.address + " (" + x.names[r.workspace] + ")"
}

// reasonOf says what a thing of kind is to the instance that made it.
func (j *judgement) reasonOf(by *record, how namespace, kind string) string {
	for _, p := range knowledge().parts[by.kind.typ] {
		if p.how == how && p.as == kind {
			return p.reason
		}
	}
	return "made by"
}
