package prove

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/strandline-tf/strandline/internal/model"
	"github.com/strandline-tf/strandline/internal/propose"
)

// note says what was done.
func (v *verifier) note(format string, args ...any) {
	text := fmt.Sprintf(format, args...)
	v.result.Repairs = append(v.result.Repairs, text)
	v.log.Debug("repaired what is adopted", "workspace", v.batch.Workspace, "repair", text)
}

// remove takes a resource out of the proposal.
func (v *verifier) remove(address, why string) {
	if !v.batch.Discard(address, why) {
		return
	}
	v.closed[address] = true
	v.result.Left = append(v.result.Left, Left{address, why})
	v.note("%s: left out: %s", address, why)
}

// mend repairs all that one plan complains of, and reports whether it changed
// anything.
func (v *verifier) mend(f *findings) bool {
	v.closed = map[string]bool{}
	for address := range f.elsewhere {
		v.closed[address] = true // left out already
	}
	before := len(v.result.Repairs)
	for _, address := range f.unwritten {
		if !v.closed[address] {
			v.write(address, f)
		}
	}
	for _, x := range f.faults {
		if !v.closed[x.address] {
			v.fix(x)
		}
	}
	for _, c := range f.changes {
		// A plan that failed may tell of a change without its import.
		if !v.closed[c.Address] && (c.Import != nil || !f.faulty(c.Address)) {
			v.settle(c, f.redacted)
		}
	}
	for _, address := range f.missing {
		if !v.closed[address] {
			v.remove(address, "the workspace's state has something at this address already")
		}
	}
	for _, d := range f.lost {
		v.withoutProvider(words(d))
	}
	if len(f.faults)+len(f.foreign) == 0 && len(v.result.Repairs) == before {
		v.leaveUnplanned(f)
	}
	for _, address := range f.deferred {
		if v.left() == 1 && !v.closed[address] {
			v.remove(address, "can't be imported: Terraform postpones it to a later plan")
		}
	}
	return len(v.result.Repairs) > before
}

var addressRE = regexp.MustCompile(`\b[A-Za-z][\w-]*\.[A-Za-z_][\w-]*\b|"([\w-]+)" "([\w-]+)"`)

// fix does something about an error. In front of the last plan everything that
// still fails is left out, or as it was when it could be planned: one error
// makes the plan of all others fail.
func (v *verifier) fix(x fault) {
	r := ruleFor(x.said)
	key := x.address + " " + x.path + " mended"
	again := v.tried[key] > 0
	v.tried[key]++
	switch {
	case v.withoutIdentity(x):
		return
	case r.remedy == takeOut || x.importing:
		v.giveIn(x)
		return
	case v.left() == 1:
		if !v.takeBack(x.address) {
			v.giveIn(x)
		}
		return
	case r.remedy == unlink && !again:
		if n := v.unlink(x); n > 0 {
			v.note("%s: %d references to what can't be referred to written out", x.address, n)
			return
		}
	case r.remedy == require && x.path != "":
		if v.supply(x) {
			return
		}
	case v.guessed[x.address+" "+x.path]:
		if v.guess(x) {
			return
		}
	case (r.remedy == drop || r.remedy == conflict || r.remedy == unclear) && x.path != "" && !again:
		if r.remedy == drop && v.reshape(x) {
			return
		}
		if v.batch.Drop(x.address, x.path) {
			// The other side of a conflict complains, too, and may stay.
			v.closed[x.address] = r.remedy == conflict
			if r.remedy != unclear {
				v.tried[x.address+" "+x.path+" set"]++ // whatever it really is, it may not stand there
			}
			v.note("%s: %s left away: %s", x.address, x.path, words(x.said))
			return
		}
	}
	if (!x.within || !v.regenerate(x.address)) && !v.takeBack(x.address) {
		v.giveIn(x)
	}
}

// giveIn leaves out what an error is about.
func (v *verifier) giveIn(x fault) {
	if x.importing && (x.path == "id" || x.path == "identity") && v.byIdentity(x.address) {
		v.remove(x.address, "only its identity is known, and the Terraform that plans takes none in import blocks (1.12 does)")
		return
	}
	v.remove(x.address, "can't be imported: "+words(x.said))
}

// leaveUnplanned leaves out what a plan lacks that came to an end but for errors
// which don't say what they are about: those of a provider that can't import
// something have no address. What refers to something that is lacking is
// lacking, too, and not to blame.
func (v *verifier) leaveUnplanned(f *findings) {
	if len(f.lost) == 0 {
		return
	}
	lacking := map[string]bool{}
	planned := false
	for _, a := range v.batch.Resources() {
		_, told := f.ours[a.Address]
		if told || f.generated[a.Address] != "" {
			planned = true
		} else {
			lacking[a.Address] = true
		}
	}
	if !planned && (len(lacking) > 1 || ruleFor(f.lost[0]).remedy != takeOut) {
		return // it failed before anything was planned
	}
	refers := map[string]bool{}
	for _, w := range f.written {
		for _, to := range w.references() {
			refers[w.address] = refers[w.address] || to != w.address && lacking[to]
		}
	}
	for _, a := range v.batch.Resources() {
		if lacking[a.Address] && !refers[a.Address] {
			v.giveIn(fault{address: a.Address, said: f.about(a)})
		}
	}
}

// about returns which of the errors that have no address is most likely about a
// resource: the one that tells its id, else the first.
func (f *findings) about(a propose.Adopted) model.Diagnostic {
	for _, d := range f.lost {
		if a.ImportID != "" && strings.Contains(d.Summary+" "+d.Detail, `"`+a.ImportID+`"`) {
			return d
		}
	}
	return f.lost[0]
}

// unlink writes out references to what an error names.
func (v *verifier) unlink(x fault) (n int) {
	var done []string
	for _, m := range addressRE.FindAllStringSubmatch(x.said.Summary+" "+x.said.Detail, -1) {
		to := m[0]
		if m[1] != "" {
			to = m[1] + "." + m[2]
		}
		if !slices.Contains(done, to) {
			done = append(done, to)
			n += v.batch.Literal(to)
		}
	}
	return n
}

// topOf is the top-level argument of a path.
func topOf(path string) string {
	if i := strings.IndexAny(path, ".["); i >= 0 {
		return path[:i]
	}
	return path
}
