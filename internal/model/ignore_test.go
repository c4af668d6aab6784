package model

import (
	"fmt"
	"regexp"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/strandline-tf/strandline/internal/userfault"
)

func mustParse(t testing.TB, text string) []IgnoreRule {
	t.Helper()
	rules, err := ParseIgnore(".strandlineignore", strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	return rules
}

var ignoreDay = time.Date(2026, 5, 4, 23, 59, 0, 0, time.UTC)

func TestParseIgnore(t *testing.T) {
	for _, tc := range []struct{ in, want string }{
		{"", ""},
		{"# all of it\n\n  \t\n", ""},
		{"module.app.*\r\n", `1 module.app.*`},
		{"\ufeffa.b", `1 a.b`},
		{"!a.b", `1 !a.b`},
		{"*:tags.LastScanned # noise", `1 * : tags.LastScanned`},
		{`a.b["x:y"]`, `1 a.b["x:y"]`},
		{`a.b["x:y"]:tags["k:v"]`, `1 a.b["x:y"] : tags["k:v"]`},
		{`a.b[*:*]`, `1 a.b[*:*]`},
		{`a.b[*]:tags`, `1 a.b[*] : tags`},
		{`a.b\:c`, `1 a.b\:c`},
		{`a.b["say \"hi:\""]:x`, `1 a.b["say \"hi:\""] : x`},
		{`aws_x.odd"name:size`, `1 aws_x.odd"name : size`},
		{`a.b["number #1"]`, `1 a.b["number #1"]`},
		{`a.b["number #1"] # say "hi"`, `1 a.b["number #1"]`},
		{`a.b#c`, `1 a.b#c`},
		{"a # until=2027-01-31", `1 a until=2027-01-31`},
		{"a #until=2027-01-31 owner=Team Net reason=it rains a lot", `1 a until=2027-01-31 owner=Team Net reason=it rains a lot`},
		{`a # reason="it rains", owner=sre, until=2027-01-31 then look again`, `1 a until=2027-01-31 owner=sre reason=it rains`},
		{"a # see reason=x=y", `1 a reason=x=y`},
		{"a # treason=x", `1 a`},
		{"\na\n#\nb # owner=x\n", `2 a; 4 b owner=x`},
	} {
		var got []string
		for _, r := range mustParse(t, tc.in) {
			s := fmt.Sprint(r.Line, " ")
			if r.Negated {
				s += "!"
			}
			s += r.Pattern
			if r.Attribute != "" {
				s += " : " + r.Attribute
			}
			for _, kv := range [][2]string{{"until", r.Until}, {"owner", r.Owner}, {"reason", r.Reason}} {
				if kv[1] != "" {
					s += " " + kv[0] + "=" + kv[1]
				}
			}
			got = append(got, s)
		}
		if g := strings.Join(got, "; "); g != tc.want {
			t.Errorf("%q: got %s, want %s", tc.in, g, tc.want)
		}
	}
}

func TestParseIgnoreErrors(t *testing.T) {
	for _, tc := range []struct{ in, what, hint string }{
		{"a\nb # until=2027-02-30", "f:2: until=2027-02-30 is not a day", "write the last day as until=2027-01-31"},
		{"b # until=tomorrow, owner=x", "f:1: until=tomorrow is not a day", "write the last day as until=2027-01-31"},
		{"b # until=", "f:1: until= is not a day", "write the last day as until=2027-01-31"},
		{"b # owner=x untill=2027-01-31", "f:1: untill= is not known, and the line would ignore for ever", "write the last day as until=2027-01-31"},
		{"b # Until: 2027-01-31", "f:1: Until: is not known, and the line would ignore for ever", "write the last day as until=2027-01-31"},
		{"b: # x", "f:1: `b:` has nothing on one side of the colon", "write ADDRESS:ATTRIBUTE, with * for any"},
		{":tags", "f:1: `:tags` has nothing on one side of the colon", "write ADDRESS:ATTRIBUTE, with * for any"},
		{"! # x", "f:1: nothing follows the !", "write !PATTERN"},
	} {
		_, err := ParseIgnore("f", strings.NewReader(tc.in))
		if err == nil || err.Error() != tc.what || userfault.Hint(err) != tc.hint || userfault.Code(err) != userfault.CodeUsage {
			t.Errorf("%q: got %v (%s), want %s (%s)", tc.in, err, userfault.Hint(err), tc.what, tc.hint)
		}
	}
}

func TestGlob(t *testing.T) {
	for _, tc := range []struct {
		pattern, s string
		want       bool
	}{
		{"a.b", "a.b", true},
		{"a.b", "a.bc", false},
		{"a.b", "module.x.a.b", false},
		{"*", "", true},
		{"*", `module.x["a.b"].y`, true},
		{"module.app.*", `module.app.aws_x.y["k"]`, true},
		{"module.app.*", "module.apps.aws_x.y", false},
		{"*.y", "a.y.y", true},
		{"a*a", "a", false},
		{"a*a", "aa", true},
		{"a*b*c", "aXbXbc", true},
		{"a*b*c", "acb", false},
		{"a*bc*bc", "abc", false},
		{"**", "x", true},
		{`x["*"]`, `x["a]b"]`, true},
		{`x[0]`, `x0`, false},
		{`a\.b`, "a.b", true},
		{`a\*`, "ab", false},
		{`a\*`, "a*", true},
		{`x["a\"b"]`, `x["a\"b"]`, true},
		{`end\`, `end\`, true},
		{"a?", "ab", false},
		{"a*", "b", false},
		{"ab*bc", "abc", false},
	} {
		if got := compileGlob(tc.pattern).match(tc.s); got != tc.want {
			t.Errorf("%q on %q: %v, want %v", tc.pattern, tc.s, got, tc.want)
		}
	}
}

func TestCovers(t *testing.T) {
	for _, tc := range []struct {
		pattern, path string
		want          bool
	}{
		{"tags.Env", "tags.Env", true},
		{`tags["Env"]`, "tags.Env", true},
		{"tags.Env", `tags["Env"]`, true},
		{`tags["a b"]`, `tags["a b"]`, true},
		{"tags.*", `tags["a b"]`, true},
		{`tags["*"]`, "tags.Env", true},
		{`tags["aws:*"]`, `tags["aws:name"]`, true},
		{"tags", "tags.Env", true},
		{"tags", "tags", true},
		{"tags", "tags_all.Env", false},
		{"tags*", "tags_all.Env", true},
		{"tags.a", `tags["a.b"]`, false},
		{"tags.a.b", `tags["a.b"]`, false},
		{`tags.a\.b`, `tags["a.b"]`, true},
		{"ingress", "ingress[0].from_port", true},
		{"ingress[0]", "ingress[0].from_port", true},
		{"ingress[0]", "ingress[01].from_port", false},
		{"ingress[*].from_port", "ingress[12].from_port", true},
		{"*.from_port", "ingress[12].from_port", true},
		{"from_port", "ingress[12].from_port", false},
		{"a.b", "a", false},
		{"*.b", "a.bc.b.d", true},
		{"*.b", "a.bc.d", false},
		{"*b*.c", "b.cc", false},
		{"*aa", "aaa.b", true},
		{"*", "", true},
		{`tags["Env`, "tags.Env", false},
	} {
		r := mustParse(t, "x:"+tc.pattern)[0]
		if got := r.covers(steps(tc.path)); got != tc.want {
			t.Errorf("%q on %q: %v, want %v", tc.pattern, tc.path, got, tc.want)
		}
	}
}

// ignoreCase makes a workspace from lines "ACTION ADDRESS [ATTRIBUTE...]":
// a D before the action makes it drift, a +import or +move adds that.
func ignoreCase(lines string) *Workspace {
	w := NewWorkspace("w")
	w.Status = StatusPlanned
	for line := range strings.SplitSeq(lines, ";") {
		words := strings.Fields(line)
		c := Change{Address: words[1], Attributes: []Attribute{}}
		action, extra, _ := strings.Cut(words[0], "+")
		action, drift := strings.CutPrefix(action, "D")
		c.Action = action
		switch extra {
		case "import":
			c.Import = &Import{ID: "i"}
		case "move":
			c.PreviousAddress = "old"
		}
		for _, path := range words[2:] {
			c.Attributes = append(c.Attributes, Attribute{Path: path})
		}
		if drift {
			w.Drift = append(w.Drift, Drift{Change: c})
		} else {
			w.Changes = append(w.Changes, c)
		}
	}
	return w
}

func describe(w *Workspace) string {
	var out []string
	change := func(prefix string, c *Change) {
		s := prefix + c.Action + " " + c.Address
		for _, a := range c.Attributes {
			s += " " + a.Path
		}
		out = append(out, s)
	}
	for i := range w.Changes {
		change("", &w.Changes[i])
	}
	for i := range w.Drift {
		change("D", &w.Drift[i].Change)
	}
	for _, g := range w.Ignored {
		out = append(out, fmt.Sprintf("-%s %s by %s", g.Address, g.Attribute, g.Pattern))
	}
	return strings.Join(append(out, string(w.Status)), "; ")
}

func TestIgnore(t *testing.T) {
	for _, tc := range []struct{ name, rules, in, want string }{
		{"nothing matches", "c.d\nc.d:x", "update a.b x", "update a.b x; planned"},
		{"whole address", "a.*", "delete a.b x;update c.d y", "update c.d y; -a.b  by a.*; planned"},
		{"whole address, the last", "*", "delete a.b;create c.d", "-a.b  by *; -c.d  by *; no_changes"},
		{"drift", "a.b", "Dupdate a.b x", "-a.b  by a.b; no_changes"},
		{"taken back", "*\n!a.b", "delete a.b;create c.d", "delete a.b; -c.d  by *; planned"},
		{"later wins", "!a.b\n*", "delete a.b", "-a.b  by *; no_changes"},
		{"attribute", "*:x", "update a.b x y", "update a.b y; -a.b x by *:x; planned"},
		{"attribute, the last of an update", "*:x", "update a.b x", "-a.b x by *:x; no_changes"},
		{"attribute, the last of drift", "*:x", "Dupdate a.b x", "-a.b x by *:x; no_changes"},
		{"attribute of a replace", "*:x", "replace a.b x", "replace a.b; -a.b x by *:x; planned"},
		{"attribute of a create", "*:*", "create a.b x", "create a.b; -a.b x by *:*; planned"},
		{"attribute of drift that deletes", "*:*", "Ddelete a.b x", "Ddelete a.b; -a.b x by *:*; no_changes"},
		{"attribute of an update that imports", "*:x", "update+import a.b x", "update a.b; -a.b x by *:x; planned"},
		{"attribute of an update that moves", "*:x", "update+move a.b x", "update a.b; -a.b x by *:x; planned"},
		{"an update without attributes stays", "*:x", "update a.b", "update a.b; planned"},
		{"an import stays", "*:x", "no_op+import a.b", "no_op a.b; planned"},
		{"attribute taken back", "*:tags\n!*:tags.Env", "update a.b tags.Env tags.X", "update a.b tags.Env; -a.b tags.X by *:tags; planned"},
		{"attribute of an ignored address taken back", "a.b\n!a.b:x", "update a.b x y", "update a.b x; -a.b y by a.b; planned"},
		{"… which it doesn't have", "a.b\n!a.b:z", "update a.b x y", "-a.b  by a.b; no_changes"},
		{"address taken back with its attributes", "*:x\n!a.b", "update a.b x;update c.d x", "update a.b x; -c.d x by *:x; planned"},
		{"attributes after the address was taken back", "*\n!a.b\n*:x", "update a.b x y", "update a.b y; -a.b x by *:x; planned"},
		{"until today", "a.b # until=2026-05-04", "update a.b x", "-a.b  by a.b; no_changes"},
		{"until yesterday", "a.b # until=2026-05-03", "update a.b x", "update a.b x; planned"},
		{"taken back until yesterday", "a.b\n!a.b # until=2026-05-03", "update a.b x", "-a.b  by a.b; no_changes"},
		{"an index with a colon", `a.b["x:y"]`, `delete a.b["x:y"];delete a.b["x"]`, `delete a.b["x"]; -a.b["x:y"]  by a.b["x:y"]; planned`},
	} {
		t.Run(tc.name, func(t *testing.T) {
			w := ignoreCase(tc.in)
			w.Ignore(mustParse(t, tc.rules), ignoreDay)
			if got := describe(w); got != tc.want {
				t.Errorf("got  %s\nwant %s", got, tc.want)
			}
			if w.Summary.Ignored != len(w.Ignored) {
				t.Errorf("%d are counted as ignored, %d are listed", w.Summary.Ignored, len(w.Ignored))
			}
		})
	}
}

func TestIgnoreCoversDeferredChanges(t *testing.T) {
	w := NewWorkspace("w")
	w.Deferred = []Deferred{{Change: Change{Address: "a.b", Action: ActionCreate}}, {Change: Change{Address: "c.d", Action: ActionCreate}}}
	w.Ignore(mustParse(t, "a.*"), ignoreDay)
	if len(w.Deferred) != 1 || w.Deferred[0].Address != "c.d" || w.Summary.Deferred != 1 {
		t.Errorf("left: %+v", w.Deferred)
	}
}

func TestIgnoreGivesTheReason(t *testing.T) {
	w := ignoreCase("update a.b x")
	w.Ignore(mustParse(t, "a.b # reason=the scaler sets it"), ignoreDay)
	if len(w.Ignored) != 1 || w.Ignored[0].Reason != "the scaler sets it" {
		t.Errorf("got %+v", w.Ignored)
	}
}

func TestIgnoreNotes(t *testing.T) {
	rules := mustParse(t, "a # until=2026-05-03\nb # until=2026-05-04\n!c # until=2025-01-01")
	got := strings.Join(NewWorkspace("w").Ignore(rules, ignoreDay), "\n")
	want := ".strandlineignore:1: `a` ended on 2026-05-03 and no longer ignores\n" +
		".strandlineignore:3: `!c` ended on 2025-01-01 and no longer takes back"
	if got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

// A status that is not about changes stays what it is.
func TestIgnoreKeepsOtherStatuses(t *testing.T) {
	w := ignoreCase("update a.b x")
	w.Status = StatusErrored
	w.Ignore(mustParse(t, "*"), ignoreDay)
	if w.Status != StatusErrored {
		t.Errorf("status is %s", w.Status)
	}
}

// A glob agrees with the regular expressions that say the same, and reading any
// file ends in rules or in an error.
func FuzzGlob(f *testing.F) {
	f.Add("a*a*a*a*b", strings.Repeat("a", 1000))
	f.Add(`x["*"].y:tags["a:b"] # until=2027-01-31 reason=x`, `x["k"].y`)
	f.Add(`\*\`, `*\`)
	f.Add("!*:a*.b", "a.bc.b.d")
	f.Add("a:*.b*.c", "x[0].b.b.c.d")
	f.Fuzz(func(t *testing.T, file, s string) {
		rules, err := ParseIgnore("f", strings.NewReader(file))
		if err != nil || len(file)+len(s) > 4<<10 {
			return
		}
		for i := range rules {
			agree(t, rules[i].address, s)
			agree(t, rules[i].attribute, steps(s))
		}
	})
}

func agree(t *testing.T, g glob, s string) {
	t.Helper()
	pieces := make([]string, len(g.pieces))
	for i, piece := range g.pieces {
		pieces[i] = regexp.QuoteMeta(piece)
	}
	if !utf8.ValidString(strings.Join(pieces, "*") + "*" + s) {
		return // which regexp knows nothing of
	}
	expr := `(?s)^` + strings.Join(pieces, ".*")
	if got, want := g.match(s), regexp.MustCompile(expr+"$").MatchString(s); got != want {
		t.Errorf("%q on %q: %v, want %v", g.pieces, s, got, want)
	}
	if got, want := g.matchUpTo(s, stepMark), regexp.MustCompile(expr+`(\x00|$)`).MatchString(s); got != want {
		t.Errorf("%q up to a step of %q: %v, want %v", g.pieces, s, got, want)
	}
}

func BenchmarkIgnore(b *testing.B) {
	var text strings.Builder
	for i := range 200 {
		fmt.Fprintf(&text, "module.m%d.*:tags.*\n", i)
	}
	rules := mustParse(b, text.String()+"*:none")
	w := NewWorkspace("w")
	for i := range 10_000 {
		w.Changes = append(w.Changes, Change{Address: fmt.Sprintf("module.m%d.aws_instance.web[%d]", i%300, i), Action: ActionReplace,
			Attributes: []Attribute{{Path: "ami"}, {Path: "user_data"}, {Path: `network[0].ip`}}})
	}
	for b.Loop() {
		w.Ignore(rules, ignoreDay)
	}
}
