package model

import (
	"bytes"
	"io"
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/strandline-tf/strandline/internal/secret"
)

// Withhold takes every secret of s out of the report's text: values, import
// ids, generated configuration, messages. Addresses and attribute names stay.
// It is called once all that a report is made of has been read, since a value
// that one workspace marks sensitive may stand unmarked in another.
func (r *Report) Withhold(s *secret.Set) {
	for i := range r.Workspaces {
		r.Workspaces[i].Withhold(s)
	}
	for i := range r.Unmanaged {
		r.Unmanaged[i].withhold(s)
	}
	for i := range r.Conflicts {
		texts(s, &r.Conflicts[i].ID)
	}
	if c := r.Coverage; c != nil {
		for _, by := range [][]CoveredBy{c.ByType, c.ByAccount, c.ByRegion, c.ByWorkspace} {
			for i := range by {
				texts(s, &by[i].Name)
			}
		}
	}
	for i := range r.Ignored {
		texts(s, &r.Ignored[i].ID)
	}
	for i := range r.Problems {
		p := &r.Problems[i]
		texts(s, &p.Message, &p.Hint)
	}
	for i := range r.Notes {
		texts(s, &r.Notes[i])
	}
}

// Withhold does for one workspace what Report.Withhold does for all.
func (w *Workspace) Withhold(s *secret.Set) {
	texts(s, &w.Message)
	for i := range w.Changes {
		w.Changes[i].withhold(s)
	}
	for i := range w.Drift {
		d := &w.Drift[i]
		d.withhold(s)
		for j := range d.Suggestions {
			d.Suggestions[j].withhold(s)
		}
	}
	for i := range w.Deferred {
		w.Deferred[i].withhold(s)
	}
	for i := range w.Outputs {
		w.Outputs[i].withhold(s)
	}
	for i := range w.Actions {
		w.Actions[i].Config = withheld(s, w.Actions[i].Config)
	}
	for i := range w.Checks {
		for j := range w.Checks[i].Problems {
			texts(s, &w.Checks[i].Problems[j])
		}
	}
	for i := range w.Policies {
		texts(s, &w.Policies[i].Output)
	}
	for i := range w.RunTasks {
		texts(s, &w.RunTasks[i].Message, &w.RunTasks[i].URL)
	}
	for i := range w.Diagnostics {
		d := &w.Diagnostics[i]
		texts(s, &d.Summary, &d.Detail, &d.Snippet)
	}
	for i := range w.Risks {
		texts(s, &w.Risks[i].Message)
	}
	for i := range w.Suggestions {
		w.Suggestions[i].withhold(s)
	}
}

// withhold drops a patch that shows a secret, in the lines around the change
// say: with other text in it, it would not apply. What Why says of the patch,
// which comes first, goes with it.
func (g *Suggestion) withhold(s *secret.Set) {
	texts(s, &g.Why)
	if s.Text(g.Patch) != g.Patch {
		g.Patch = ""
		said, rest, more := strings.Cut(g.Why, "; ")
		if !strings.HasPrefix(said, "the patch ") {
			rest, more = g.Why, true
		}
		g.Why = "the configuration is to be changed by hand, since the patch for it would show a secret"
		if more {
			g.Why += "; " + rest
		}
	}
	for i := range g.Files {
		texts(s, &g.Files[i].Content)
	}
}

// withhold leaves the names of tags, which are names, and Object, which is for
// making suggestions and never rendered.
func (u *Unmanaged) withhold(s *secret.Set) {
	texts(s, &u.ID, &u.Name, &u.Account, &u.Region)
	u.Identity = withheld(s, u.Identity)
	if len(u.Tags) > 0 {
		tags := make(map[string]string, len(u.Tags)) // Object may share it
		for name, value := range u.Tags {
			tags[name] = s.Text(value)
		}
		u.Tags = tags
	}
	if u.Suggestion != nil {
		u.Suggestion.withhold(s)
	}
}

// withhold also drops the unchanged leaves that are secrets as a whole: they
// are there to tell something, and nothing may be judged by them.
func (c *Change) withhold(s *secret.Set) {
	texts(s, &c.GeneratedConfig)
	if c.Import != nil {
		texts(s, &c.Import.ID)
		c.Import.Identity = withheld(s, c.Import.Identity)
	}
	withholdAttributes(s, c.Attributes)
	c.Unchanged = filter(c.Unchanged, func(l *Leaf) bool {
		was := l.Value
		l.Value = withheld(s, was)
		return isWithheld(l.Value, was)
	})
}

func (o *Output) withhold(s *secret.Set) {
	before, after := withheld(s, o.Before), withheld(s, o.After)
	if isWithheld(before, o.Before) || isWithheld(after, o.After) {
		o.Sensitive = true
		before, after = nil, nil
	}
	o.Before, o.After = before, after
	withholdAttributes(s, o.Attributes)
}

// withholdAttributes makes an attribute sensitive where one of its values as a
// whole is a secret, and withholds secrets within longer values.
func withholdAttributes(s *secret.Set, attributes []Attribute) {
	for i := range attributes {
		a := &attributes[i]
		before, after := withheld(s, a.Before), withheld(s, a.After)
		if isWithheld(before, a.Before) || isWithheld(after, a.After) {
			a.Sensitive = true
			before, after = nil, nil
		}
		a.Before, a.After = before, after
	}
}

func isWithheld(now, was Value) bool {
	return string(now) == `"`+secret.Withheld+`"` && string(was) != string(now)
}

func texts(s *secret.Set, fields ...*string) {
	for _, f := range fields {
		*f = s.Text(*f)
	}
}

// withheld returns v with the secrets in its strings and numbers withheld;
// object keys are names and stay. v itself is not changed.
func withheld(s *secret.Set, v Value) Value {
	if len(v) == 0 || s.Empty() || isClean(s, v) {
		return v
	}
	dec := jsontext.NewDecoder(bytes.NewReader(v), jsontext.AllowDuplicateNames(true), jsontext.AllowInvalidUTF8(true))
	var out bytes.Buffer
	enc := jsontext.NewEncoder(&out, jsontext.AllowDuplicateNames(true), jsontext.AllowInvalidUTF8(true))
	for {
		isKey := false
		if kind, n := dec.StackIndex(dec.StackDepth()); kind == '{' {
			isKey = n%2 == 0
		}
		tok, err := dec.ReadToken()
		if err == io.EOF {
			return bytes.TrimSuffix(out.Bytes(), []byte("\n"))
		}
		if err != nil {
			// Not JSON, so it can't be searched either: nothing of it may pass.
			return Value(`"` + secret.Withheld + `"`)
		}
		if !isKey && (tok.Kind() == '"' || tok.Kind() == '0') {
			if text := tok.String(); s.Text(text) != text {
				tok = jsontext.String(s.Text(text))
			}
		}
		if err := enc.WriteToken(tok); err != nil {
			return Value(`"` + secret.Withheld + `"`)
		}
	}
}

// isClean reports whether v is a scalar that holds no secret: most values are,
// and there are many.
func isClean(s *secret.Set, v Value) bool {
	var text string
	switch v[0] {
	case '{', '[':
		return false
	case '"':
		var room [256]byte // most fit
		unquoted, err := jsontext.AppendUnquote(room[:0], v)
		if err != nil {
			return false
		}
		text = string(unquoted)
	default:
		text = string(v)
	}
	return s.Text(text) == text
}
