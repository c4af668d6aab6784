package model

import (
	"fmt"
	"strings"
	"time"
)

// IgnoresObject looks for the last of rules, which Active gives, that covers
// an object in no state, and returns it, or nil. What the rule says, to ignore
// or to take back, its Negated tells.
//
// For objects the whole line is one pattern over TYPE.ID, colons included:
// lines of driftctl's .driftignore work, with dots escaped or not. A line that
// is a type and nothing else covers all objects of that type, after ! too, as
// there: its documentation has * and !aws_s3_bucket for all but the buckets.
// An object that goes by several ids is covered by each.
func IgnoresObject(rules []*IgnoreRule, typ string, ids ...string) *IgnoreRule {
	for i := len(rules) - 1; i >= 0; i-- {
		r := rules[i]
		if len(r.object.pieces) == 1 && r.object.match(typ) {
			return r
		}
		for _, id := range ids {
			if r.object.match(typ + "." + id) {
				return r
			}
		}
	}
	return nil
}

// Active are the rules that count on the day of today, in their order, and a
// note for each of the others: the file it stands in, the line, and that it
// ended.
func Active(rules []IgnoreRule, today time.Time) (active []*IgnoreRule, notes []string) {
	day := today.Format(time.DateOnly)
	for i := range rules {
		r := &rules[i]
		if r.Until == "" || r.Until >= day {
			active = append(active, r)
			continue
		}
		effect := "ignores"
		if r.Negated {
			effect = "takes back"
		}
		notes = append(notes, fmt.Sprintf("%s:%d: `%s` ended on %s and no longer %s", r.File, r.Line, r.Text, r.Until, effect))
	}
	return active, notes
}

// compileObject compiles the rule's line as a pattern over TYPE.ID.
func (r *IgnoreRule) compileObject() {
	r.object = compileGlob(strings.TrimSpace(strings.TrimPrefix(r.Text, "!")))
}

// Glob is a pattern as ignore files have them: * matches any characters.
type Glob struct{ compiled glob }

// NewGlob compiles a pattern; every text is one.
func NewGlob(pattern string) Glob { return Glob{compileGlob(pattern)} }

// Match reports whether g matches all of s.
func (g Glob) Match(s string) bool { return g.compiled.match(s) }
