package render

import (
	"strings"

	"github.com/strandline-tf/strandline/internal/model"
)

// maxTitleName is how much of a workspace's name a title shows, in bytes.
const maxTitleName = 100

// Title returns the title of the issue that a report keeps: plain text of at
// most 200 bytes with the counts in it, and without any that come and go by
// themselves (what could not be checked), since each change of a title is an
// event that people see.
func Title(r *model.Report) string {
	switch r.Kind {
	case model.KindDrift:
		n := countDrift(r)
		n.unchecked = 0
		t := title(r.Kind)
		if n.workspaces == 1 {
			t += " in " + titleName(r.Workspaces[0].Name)
		}
		return t + ": " + driftTitleWords(n)
	case model.KindUnmanaged:
		t := title(r.Kind) + ": none"
		if n := unmanagedCount(r); n > 0 {
			t = title(r.Kind) + ": " + Number(n) + " in no state"
		}
		if n := len(r.Conflicts); n > 0 {
			t += ", " + Number(n) + " in several states"
		}
		return t
	}
	return title(r.Kind)
}

// Findings counts what the issue that a report keeps is about.
func Findings(r *model.Report) int {
	if r.Kind == model.KindDrift {
		return r.Summary.Drift + r.Summary.Output
	}
	return unmanagedCount(r) + len(r.Conflicts)
}

func driftTitleWords(n driftCounts) string {
	if n.resources+n.outputs == 0 {
		return "none"
	}
	var out []string
	for _, t := range n.words() {
		out = append(out, t[0].Text)
	}
	return strings.Join(out, ", ")
}

// titleName is a name in a title, where GitHub reads backticks as code and
// nothing else as anything.
func titleName(s string) string {
	short := s
	for limit := maxTitleName; len(short) > maxTitleName || limit == maxTitleName; limit /= 2 {
		short = Short(s, limit) // spelled out, a character takes several bytes
	}
	s = short
	for i := range len(s) {
		if !isAlnum(s[i]) && strings.IndexByte("-_.", s[i]) < 0 {
			return "`" + strings.ReplaceAll(s, "`", "'") + "`"
		}
	}
	return s
}
