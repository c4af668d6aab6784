package history

import (
	"fmt"
	"math/rand/v2"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/strandline-tf/strandline/internal/model"
	"github.com/strandline-tf/strandline/internal/userfault"
)

const room = 20_000

func on(day int) time.Time { return time.Date(2026, 1, day, 23, 0, 0, 0, time.UTC) }

// workspace is one of the organization acme with drift at addresses.
func workspace(name string, addresses ...string) model.Workspace {
	w := model.NewWorkspace(name)
	w.Organization, w.Status = "acme", model.StatusPlanned
	for _, a := range addresses {
		w.Drift = append(w.Drift, model.Drift{Change: model.Change{Address: a, Type: "aws_x", Action: model.ActionDelete}})
	}
	return *w
}

func unread(name string) model.Workspace {
	w := workspace(name)
	w.Status, w.Checked = model.StatusUnreadable, false
	return w
}

func drift(workspaces ...model.Workspace) *model.Report {
	r := model.NewReport(model.KindDrift, "")
	r.Workspaces = workspaces
	return r
}

// night is one run that finds r: it reads the body that the night before left
// and leaves one.
func night(t testing.TB, body string, r *model.Report, day int, unseen Unseen) (string, Transition) {
	t.Helper()
	b, _, err := Parse(body)
	if err != nil {
		t.Fatal(err)
	}
	says := b.Apply(r, on(day), unseen)
	r.Finish()
	return "above\n" + b.Block(room, model.ShowValues) + "\nbelow", says
}

// known lists a report's findings, each as ADDRESS FIRST-LAST.
func known(r *model.Report) []string {
	out := []string{}
	for _, w := range r.Workspaces {
		for _, d := range w.Drift {
			out = append(out, w.Name+"/"+d.Address+d.Deposed+" "+d.FirstSeen[8:]+"-"+d.LastSeen[8:])
		}
		for _, o := range w.Outputs {
			out = append(out, w.Name+"/"+o.Name+" "+o.FirstSeen[8:]+"-"+o.LastSeen[8:])
		}
	}
	for _, u := range r.Unmanaged {
		last := ""
		if u.LastSeen != "" {
			last = "-" + u.LastSeen[8:]
		}
		out = append(out, u.Type+"."+u.ID+string(u.Identity)+" "+u.FirstSeen[8:]+last)
	}
	for _, c := range r.Conflicts {
		out = append(out, "2 of "+c.Type+"."+c.ID+" "+c.FirstSeen[8:])
	}
	return out
}

func addresses(findings []Finding) string {
	var out []string
	for _, f := range findings {
		out = append(out, strings.TrimPrefix(f.Workspace+"/"+f.Address, "/"))
	}
	return strings.Join(out, " ")
}

func TestNights(t *testing.T) {
	output := workspace("b")
	output.Outputs = []model.Output{{Name: "a.one", Action: model.ActionUpdate}}
	deposed := workspace("a", "a.one")
	deposed.Drift[0].Deposed = "00"
	other := workspace("a", "a.one")
	other.Organization = "umbrella"
	unreadable := workspace("a")
	unreadable.Status = model.StatusUnreadable
	partly := unread("a")
	partly.Drift = workspace("a", "a.two").Drift
	type step struct {
		report        *model.Report
		unseen        Unseen
		want          []string
		isNew, gone   string
		carried       int
		clean, silent bool // silent: the block stays as it is
	}
	for name, steps := range map[string][]step{
		"found, stays, goes, comes back": {
			{report: drift(workspace("a", "a.one")), want: []string{"a/a.one 01-01"}, isNew: "a/a.one"},
			{report: drift(workspace("a", "a.one")), want: []string{"a/a.one 01-02"}, silent: true},
			{report: drift(workspace("a")), want: []string{}, gone: "a/a.one", clean: true},
			{report: drift(workspace("a")), want: []string{}, clean: true, silent: true},
			{report: drift(workspace("a", "a.one")), want: []string{"a/a.one 05-05"}, isNew: "a/a.one"},
		},
		"another comes": {
			{report: drift(workspace("a", "a.one")), want: []string{"a/a.one 01-01"}, isNew: "a/a.one"},
			{report: drift(workspace("a", "a.one", "a.two")), want: []string{"a/a.one 01-02", "a/a.two 02-02"}, isNew: "a/a.two"},
		},
		"told apart by workspace, organization, deposed key and kind": {
			{report: drift(workspace("a", "a.one")), want: []string{"a/a.one 01-01"}, isNew: "a/a.one"},
			{report: drift(workspace("a", "a.one"), workspace("b", "a.one")), want: []string{"a/a.one 01-02", "b/a.one 02-02"}, isNew: "b/a.one"},
			{report: drift(deposed, output), want: []string{"a/a.one00 03-03", "b/a.one 03-03"}, isNew: "a/a.one b/a.one", gone: "a/a.one b/a.one"},
			{report: drift(other), want: []string{"a/a.one 04-04"}, isNew: "a/a.one", gone: "a/a.one b/a.one"},
		},
		"a workspace that can't be read": {
			{report: drift(workspace("a", "a.one"), workspace("b", "a.b")), want: []string{"a/a.one 01-01", "b/a.b 01-01"}, isNew: "a/a.one b/a.b"},
			{report: drift(unread("a"), workspace("b", "a.b")), want: []string{"a/a.one 01-01", "b/a.b 01-02"}, carried: 1, silent: true},
			{report: drift(unread("a"), workspace("b")), want: []string{"a/a.one 01-01"}, carried: 1, gone: "b/a.b"},
			{report: drift(unread("a")), want: []string{"a/a.one 01-01"}, carried: 1, silent: true},
			{report: drift(workspace("a", "a.one")), want: []string{"a/a.one 01-05"}, silent: true},
		},
		"a workspace of which only the status says so": {
			{report: drift(workspace("a", "a.one")), want: []string{"a/a.one 01-01"}, isNew: "a/a.one"},
			{report: drift(unreadable), want: []string{"a/a.one 01-01"}, carried: 1, silent: true},
		},
		"a workspace that is read in part": {
			{report: drift(workspace("a", "a.one", "a.two")), want: []string{"a/a.one 01-01", "a/a.two 01-01"}, isNew: "a/a.one a/a.two"},
			{report: drift(partly), want: []string{"a/a.one 01-01", "a/a.two 01-02"}, carried: 1, silent: true},
		},
		"a workspace that is no more": {
			{report: drift(workspace("a", "a.one"), workspace("b")), want: []string{"a/a.one 01-01"}, isNew: "a/a.one"},
			{report: drift(workspace("b")), unseen: Unseen{Workspaces: true}, want: []string{"a/a.one 01-01"}, carried: 1, silent: true},
			{report: drift(workspace("b")), want: []string{}, gone: "a/a.one", clean: true},
		},
		"a workspace that wasn't asked for": {
			{report: drift(workspace("a", "a.one"), workspace("b")), want: []string{"a/a.one 01-01"}, isNew: "a/a.one"},
			{report: drift(workspace("b")), unseen: Unseen{Workspace: func(_, name string) bool { return name == "a" }},
				want: []string{"a/a.one 01-01"}, carried: 1, silent: true},
			{report: drift(workspace("b")), unseen: Unseen{Workspace: func(_, name string) bool { return name == "c" }}, want: []string{}, gone: "a/a.one", clean: true},
		},
		"outputs": {
			{report: drift(output), want: []string{"b/a.one 01-01"}, isNew: "b/a.one"},
			{report: drift(unread("b")), want: []string{"b/a.one 01-01"}, carried: 1, silent: true},
		},
	} {
		t.Run(name, func(t *testing.T) {
			body := ""
			clean := true
			for i, s := range steps {
				r := copied(s.report)
				after, says := night(t, body, r, i+1, s.unseen)
				if diff := cmp.Diff(s.want, known(r)); diff != "" {
					t.Errorf("night %d (-want +got):\n%s", i+1, diff)
				}
				if addresses(says.New) != s.isNew || addresses(says.Resolved) != s.gone || says.Carried != s.carried ||
					says.IsClean != s.clean || says.WasClean != clean || says.Rebuilt {
					t.Errorf("night %d: %+v", i+1, says)
				}
				if (after == body) != s.silent {
					t.Errorf("night %d: same block: %t, want %t", i+1, after == body, s.silent)
				}
				body, clean = after, says.IsClean
			}
		})
	}
}

// copied keeps the workspaces of a table from being written to.
func copied(r *model.Report) *model.Report {
	out := *r
	out.Workspaces = append([]model.Workspace(nil), r.Workspaces...)
	for i := range out.Workspaces {
		w := &out.Workspaces[i]
		w.Drift, w.Outputs = append([]model.Drift(nil), w.Drift...), append([]model.Output(nil), w.Outputs...)
	}
	return &out
}

// TestSharedKey: two findings that share a key are told apart as long as their
// addresses are kept.
func TestSharedKey(t *testing.T) {
	byKey := map[key]string{}
	for i := 0; ; i++ {
		address := fmt.Sprintf("aws_x.n%d", i)
		e := entry{Kind: KindDrift, Organization: "acme", Workspace: "a", Type: "aws_x", Address: address}
		other, found := byKey[e.key()]
		if !found {
			byKey[e.key()] = address
			continue
		}
		body, _ := night(t, "", drift(workspace("a", address)), 1, Unseen{})
		if _, says := night(t, body, drift(workspace("a", other)), 2, Unseen{}); addresses(says.New) != "a/"+other || addresses(says.Resolved) != "a/"+address {
			t.Errorf("%+v", says)
		}
		return
	}
}

func TestCarriedOver(t *testing.T) {
	body, _ := night(t, "", drift(workspace("a", "a.one")), 1, Unseen{})
	r := drift()
	night(t, body, r, 2, Unseen{Workspaces: true})
	w := &r.Workspaces[0]
	if w.Checked || w.Status != model.StatusUnreadable || w.Organization != "acme" || w.Message == "" || r.Summary.Drift != 1 {
		t.Errorf("%+v", w)
	}
	if d := w.Drift[0]; d.Type != "aws_x" || d.Action != model.ActionDelete || d.Mode != "managed" || d.AffectsPlan != nil {
		t.Errorf("%+v", d)
	}
}

func TestObjects(t *testing.T) {
	objects := func(list ...model.Unmanaged) *model.Report {
		r := model.NewReport(model.KindUnmanaged, "")
		r.Unmanaged = list
		return r
	}
	tokyo := model.Unmanaged{Type: "aws_sqs_queue", ID: "q", Name: "queue", Account: "1", Region: "ap-northeast-1"}
	paris := tokyo
	paris.Region = "eu-west-3"
	byIdentity := model.Unmanaged{Type: "aws_x", Identity: model.Value(`{"b":1}`)}
	body, says := night(t, "", objects(tokyo, paris, byIdentity), 1, Unseen{})
	if len(says.New) != 3 || says.New[2].Address != `aws_x.{"b":1}` || says.New[0].Kind != KindUnmanaged {
		t.Errorf("%+v", says)
	}
	r := objects(tokyo)
	r.Conflicts = []model.Conflict{{Type: "aws_x", ID: "i", Workspaces: []string{"a", "b"}}}
	body, says = night(t, body, r, 2, Unseen{Object: func(typ, account, region string) bool {
		return typ == "aws_sqs_queue" && account == "1" && region == "eu-west-3"
	}})
	want := []string{"aws_sqs_queue.q 01", "aws_sqs_queue.q 01-01", "2 of aws_x.i 02"}
	if diff := cmp.Diff(want, known(r)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if r.Unmanaged[1].Name != "queue" || r.Unmanaged[1].Region != "eu-west-3" {
		t.Errorf("%+v", r.Unmanaged[1])
	}
	if addresses(says.New) != "aws_x.i" || addresses(says.Resolved) != `aws_x.{"b":1}` || says.Carried != 1 {
		t.Errorf("%+v", says)
	}
	// A state that can't be read says nothing about what is in two of them.
	r = objects(tokyo, paris)
	r.Workspaces = []model.Workspace{unread("b")}
	_, says = night(t, body, r, 3, Unseen{})
	if says.Carried != 1 || len(r.Conflicts) != 1 || len(r.Conflicts[0].Workspaces) != 2 || r.Conflicts[0].FirstSeen != "2026-01-02" {
		t.Errorf("%+v %+v", says, r.Conflicts)
	}
	// A check for drift says nothing about objects.
	r = drift(workspace("a", "a.b"))
	body, says = night(t, body, r, 3, Unseen{})
	if len(says.Resolved) != 0 || says.Carried != 3 || len(r.Unmanaged) != 0 || says.IsClean {
		t.Errorf("%+v", says)
	}
	// Nor the other way round.
	if _, says = night(t, body, objects(tokyo, paris), 4, Unseen{}); addresses(says.Resolved) != "aws_x.i" || says.Carried != 1 {
		t.Errorf("%+v", says)
	}
}

func TestDamage(t *testing.T) {
	body, _ := night(t, "", drift(workspace("a", "a.one")), 1, Unseen{})
	block := strings.Split(body, "\n")[1]
	for name, damaged := range map[string]string{
		"no block":            "a person's words",
		"cut":                 block[:len(block)-20],
		"a character":         strings.Replace(block, block[60:61], "!", 1),
		"quoted":              "> " + block,
		"version of long ago": strings.Replace(block, "history 1 ", "history 0 ", 1),
		"no book":             blockStart + "1 " + checksum("AAAA") + " AAAA" + blockEnd,
		"no day":              encode(page{Entries: []entry{{Kind: KindDrift, First: "soon"}}}),
		"no JSON":             encode(page{Entries: []entry{{Kind: KindUnmanaged, First: "2026-01-01", Identity: "{"}}}),
		"odd hashes":          encode(page{Entries: []entry{{Kind: KindDrift, First: "2026-01-01", Hashes: []byte("abcde")}}}),
		"no since":            encode(page{Dropped: 1}),
		"less than nothing":   encode(page{Dropped: -1}),
		"broken, then whole":  block[:50] + blockEnd + "\n" + block,
		"bomb":                encode(page{Since: strings.Repeat("x", maxText)}),
	} {
		t.Run(name, func(t *testing.T) {
			b, isDamaged, err := Parse(damaged)
			if err != nil || !isDamaged {
				t.Fatal(isDamaged, err)
			}
			r := drift(workspace("a", "a.one"), unread("b"))
			says := b.Apply(r, on(2), Unseen{})
			if !says.Rebuilt || says.WasClean || says.IsClean || len(says.New) != 0 || len(r.Notes) != 1 {
				t.Errorf("%+v %q", says, r.Notes)
			}
			if got := r.Workspaces[0].Drift[0].FirstSeen; got != "2026-01-02" {
				t.Errorf("first seen %s", got)
			}
			// What is written then is whole.
			if _, isDamaged, err := Parse(b.Block(room, model.ShowValues)); isDamaged || err != nil {
				t.Error(isDamaged, err)
			}
			// Nothing is said to be clean where nobody looked.
			b, _, _ = Parse(damaged)
			if b.Apply(drift(unread("b")), on(2), Unseen{}).IsClean {
				t.Error("clean")
			}
		})
	}
}

func TestEditsAroundIt(t *testing.T) {
	body, _ := night(t, "", drift(workspace("a", "a.one")), 1, Unseen{})
	forged := encode(page{Entries: []entry{}})
	for name, edited := range map[string]string{
		"GitHub's line ends":    strings.ReplaceAll(body, "\n", "\r\n"),
		"text around it":        "# Mine\n\n  " + strings.ReplaceAll(body, "\n", "  \n") + "\n- [ ] also mine",
		"a forged one below":    body + "\n```\n" + forged + "\n```",
		"not at a line's start": "see " + forged + "\n" + body,
	} {
		r := drift(workspace("a", "a.one"))
		if _, says := night(t, edited, r, 2, Unseen{}); says.Rebuilt || len(says.New) != 0 {
			t.Errorf("%s: %+v", name, says)
		}
	}
}

func TestLaterVersion(t *testing.T) {
	_, _, err := Parse("x\n<!-- strandline-history 2 whatever that may hold -->\n")
	if err == nil || userfault.Hint(err) == "" || !strings.Contains(err.Error(), "later version") {
		t.Error(err)
	}
}

// TestRoom: a book of any size fits into any room that an empty one fits into,
// and knows again what it kept.
func TestRoom(t *testing.T) {
	empty := len((&Book{}).Block(room, model.ShowValues))
	if got := (&Book{}).Block(empty-1, model.ShowValues); got != "" {
		t.Errorf("%q is over the limit", got)
	}
	random := rand.New(rand.NewPCG(1, 2))
	large := func(n int) *model.Report {
		r := drift()
		for i := range n / 10 {
			w := workspace(fmt.Sprintf("service-%03d-prod", i))
			for j := range 10 {
				w.Drift = append(w.Drift, workspace("", fmt.Sprintf("module.net[%d].aws_route.r[%d]", j, random.Int64())).Drift...)
			}
			r.Workspaces = append(r.Workspaces, w)
		}
		return r
	}
	for _, tc := range []struct {
		n, limit      int
		hashed, fewer bool
	}{
		{100, room, false, false},
		{1000, room, false, false},
		{3000, room, true, false},
		{5000, room, true, true},
		{100, 1000, true, false},
		{100, 300, true, true},
		{100, empty + 60, true, true},
	} {
		t.Run(fmt.Sprint(tc.n, " in ", tc.limit), func(t *testing.T) {
			r := large(tc.n)
			b := &Book{}
			b.Apply(copied(r), on(1), Unseen{})
			block := b.Block(tc.limit, model.ShowValues)
			if len(block) > tc.limit || len(block) == 0 || block != b.Block(tc.limit, model.ShowValues) {
				t.Fatalf("%d bytes", len(block))
			}
			back, damaged, err := Parse(block)
			if damaged || err != nil {
				t.Fatal(damaged, err)
			}
			if hashed := len(back.entries) > 0 && back.entries[0].compact(); len(back.entries) > 0 && hashed != tc.hashed {
				t.Errorf("hashed: %t", hashed)
			}
			if (back.dropped > 0) != tc.fewer || back.dropped+len(back.entries) != tc.n {
				t.Errorf("kept %d, dropped %d", len(back.entries), back.dropped)
			}
			// The night after, all is as it was: nothing is new, the day stays, so does the block.
			again := copied(r)
			says := back.Apply(again, on(2), Unseen{})
			if len(says.New)+len(says.Resolved) != 0 || says.WasClean || says.IsClean {
				t.Errorf("%d new, %d resolved", len(says.New), len(says.Resolved))
			}
			for _, w := range again.Workspaces {
				for _, d := range w.Drift {
					if d.FirstSeen != "2026-01-01" || d.LastSeen != "2026-01-02" {
						t.Fatalf("%s: %s %s", d.Address, d.FirstSeen, d.LastSeen)
					}
				}
			}
			if got := back.Block(tc.limit, model.ShowValues); got != block {
				t.Error("the block changed")
			}
		})
	}
}

// TestRoomKeepsTheOldest: what there is no room for is the newest, and nothing
// of it is silently clean.
func TestRoomKeepsTheOldest(t *testing.T) {
	old, recent := make([]string, 50), make([]string, 100)
	for i := range recent {
		recent[i] = fmt.Sprintf("a.recent%d", i)
	}
	for i := range old {
		old[i] = fmt.Sprintf("z.old%d", i)
	}
	b := &Book{}
	b.Apply(drift(workspace("a", old...)), on(1), Unseen{})
	b.Apply(drift(workspace("a", append(recent, old...)...)), on(2), Unseen{})
	block := b.Block(600, model.ShowValues)
	parse := func() *Book {
		b, _, err := Parse(block)
		if err != nil || b.dropped == 0 || b.since != "2026-01-02" {
			t.Fatal(err, b.dropped, b.since)
		}
		return b
	}
	r := drift(workspace("a", append(recent, old...)...))
	parse().Apply(r, on(3), Unseen{})
	for _, d := range r.Workspaces[0].Drift {
		if want := map[byte]string{'a': "2026-01-02", 'z': "2026-01-01"}[d.Address[0]]; d.FirstSeen != want {
			t.Errorf("%s: %s", d.Address, d.FirstSeen)
		}
	}
	// More than there were: some are new, and so all that may be are told.
	r = drift(workspace("a", append(recent, append(old, "b.new")...)...))
	if says := parse().Apply(r, on(3), Unseen{}); len(says.New) != parse().dropped+1 {
		t.Errorf("%d new", len(says.New))
	}
	// Nobody looked: what has no address is still counted, what has no room is noted.
	r = drift(unread("a"))
	known := len(parse().entries)
	b = parse()
	if says := b.Apply(r, on(3), Unseen{}); says.IsClean || says.Carried != known || len(r.Notes) != 1 {
		t.Errorf("%+v %q", says, r.Notes)
	}
	if got := b.Block(600, model.ShowValues); got != block {
		t.Error("the block changed")
	}
	if d := r.Workspaces[0].Drift; len(d) != known || !strings.HasPrefix(d[0].Address, "(address not kept: ") || d[0].Action == "" {
		t.Errorf("%d: %+v", len(d), d[0])
	}
	// What is known by address is gone, but some of the rest may be where nobody looked.
	if says := parse().Apply(drift(workspace("a"), unread("b")), on(3), Unseen{}); says.IsClean || len(says.Resolved) != known {
		t.Errorf("%+v", says)
	}
	// All was looked at and nothing is there: then it is clean.
	if says := parse().Apply(drift(workspace("a")), on(3), Unseen{}); !says.IsClean || len(says.Resolved) != known {
		t.Errorf("%+v", says)
	}
}

// TestCountsTellNoAddress: where addresses aren't told, the block has none.
func TestCountsTellNoAddress(t *testing.T) {
	b := &Book{}
	b.Apply(drift(workspace("a", "aws_x.private")), on(1), Unseen{})
	back, _, err := Parse(b.Block(room, model.ShowCounts))
	if err != nil {
		t.Fatal(err)
	}
	if text := fmt.Sprintf("%+v", back); strings.Contains(text, "private") {
		t.Error(text)
	}
	r := drift(workspace("a", "aws_x.private"))
	if says := back.Apply(r, on(2), Unseen{}); len(says.New) != 0 || r.Workspaces[0].Drift[0].FirstSeen != "2026-01-01" {
		t.Errorf("%+v", says)
	}
}

// TestHostileText: whatever an address holds, the block stays one comment on
// one line and gives the book back.
func TestHostileText(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var w []model.Workspace
		for i, name := range rapid.SliceOfNDistinct(rapid.String(), 0, 4, rapid.ID[string]).Draw(t, "workspaces") {
			w = append(w, workspace(name, rapid.SliceOfDistinct(rapid.OneOf(rapid.String(), rapid.SampledFrom([]string{
				"-->", "--", "a\r\nb", "\xff\xfe", "\xff", "<!-- strandline-history 9", "\u202e"})), rapid.ID[string]).Draw(t, fmt.Sprint(i))...))
		}
		b := &Book{}
		b.Apply(copied(drift(w...)), on(1), Unseen{})
		limit := rapid.IntRange(200, room).Draw(t, "limit")
		block := b.Block(limit, model.ShowValues)
		inner, ok := strings.CutSuffix(strings.TrimPrefix(block, "<!--"), "-->")
		if !ok || len(block) > limit || strings.ContainsAny(block, "\r\n") || strings.Contains(inner, "--") {
			t.Fatalf("%q", block)
		}
		back, damaged, err := Parse("x\r\n" + block + "\r\ny")
		if damaged || err != nil {
			t.Fatal(damaged, err)
		}
		if says := back.Apply(drift(w...), on(2), Unseen{}); len(says.New)+len(says.Resolved) != 0 {
			t.Fatalf("%+v", says)
		}
	})
}

func FuzzParse(f *testing.F) {
	f.Add("")
	f.Add((&Book{entries: []entry{{Kind: KindDrift, Address: "a.b", First: "2026-01-01"}}}).Block(room, model.ShowValues))
	f.Add(blockStart + "1 x y" + blockEnd)
	f.Fuzz(func(t *testing.T, body string) {
		b, damaged, err := Parse(body)
		if err != nil {
			return
		}
		if damaged != b.damaged {
			t.Error(damaged)
		}
		block := b.Block(room, model.ShowValues)
		back, _, err := Parse(block)
		if err != nil {
			t.Fatal(err)
		}
		if len(b.entries) < 100 && !reflect.DeepEqual(back.Block(room, model.ShowValues), block) {
			t.Errorf("%q", body)
		}
	})
}
