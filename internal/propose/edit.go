package propose

import (
	"bytes"
	"cmp"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2/hclwrite"
)

// edit replaces bytes of one file. Edits of the same file compose: they are
// made against the file as it is, whatever others there are.
type edit struct {
	path       string
	start, end int // bytes from start up to end; the same: something is put in
	text       string
	// about names what the edit decides: two edits about the same that differ
	// contradict each other.
	about string
}

// conflicts reports whether e and o can't both be made.
func (e edit) conflicts(o edit) bool {
	if e.path != o.path || e == o {
		return false
	}
	if e.about == o.about {
		return true
	}
	if e.start == e.end || o.start == o.end {
		// Something put in: not into what is taken out.
		return e.start > o.start && e.start < o.end || o.start > e.start && o.start < e.end
	}
	return e.start < o.end && o.start < e.end
}

// rank is the order of what is put in at the same place: a block, which a blank
// line sets off, comes last.
func (e edit) rank() int {
	if strings.HasPrefix(e.text, "\n") {
		return 1
	}
	return 0
}

// hasConflict reports whether any two of the edits conflict.
func hasConflict(edits []edit) bool {
	found := false
	conflicts(edits, func(_, _ int) { found = true })
	return found
}

// conflicts calls do for pairs of edits that conflict, at least one pair for
// each edit that conflicts with any.
func conflicts(edits []edit, do func(i, j int)) {
	order := make([]int, len(edits))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(i, j int) int {
		a, b := &edits[i], &edits[j]
		return cmp.Or(strings.Compare(a.path, b.path), cmp.Compare(a.start, b.start), cmp.Compare(a.end, b.end))
	})
	type decision struct{ path, about string }
	decided := map[decision]int{}
	furthest := -1 // of those so far the one that reaches furthest
	for _, i := range order {
		e := edits[i]
		if j, known := decided[decision{e.path, e.about}]; known && edits[j] != e {
			do(j, i)
		} else {
			decided[decision{e.path, e.about}] = i
		}
		if furthest >= 0 && edits[furthest].conflicts(e) {
			do(furthest, i)
		}
		if furthest < 0 || edits[furthest].path != e.path || e.end > edits[furthest].end {
			furthest = i
		}
	}
}

// apply makes edits, all of one file and without conflicts. Where the file is in
// the canonical format, so is the result.
func apply(text []byte, isCanonical, isCRLF bool, edits []edit) []byte {
	edits = slices.Clone(edits)
	slices.SortStableFunc(edits, func(a, b edit) int {
		return cmp.Or(cmp.Compare(a.start, b.start), cmp.Compare(a.end, b.end), cmp.Compare(a.rank(), b.rank()))
	})
	edits = slices.Compact(edits)
	var out []byte
	at := 0
	for _, e := range edits {
		out = append(out, text[at:e.start]...)
		added := e.text
		if isCRLF {
			added = strings.ReplaceAll(added, "\n", "\r\n")
		}
		out = append(out, added...)
		at = e.end
	}
	out = append(out, text[at:]...)
	if isCanonical {
		out = hclwrite.Format(out)
	}
	return out
}

// byFile splits edits by the file that they are of.
func byFile(edits []edit) map[string][]edit {
	out := map[string][]edit{}
	for _, e := range edits {
		out[e.path] = append(out[e.path], e)
	}
	return out
}

// edited returns the content of the files that edits change. False: some of
// them conflict.
func (t *Tree) edited(edits []edit) (map[string][]byte, bool) {
	if hasConflict(edits) {
		return nil, false
	}
	out := map[string][]byte{}
	for name, list := range byFile(edits) {
		was := t.files[name]
		if text := apply(was, t.isCanonical(name), bytes.Contains(was, []byte("\r\n")), list); !bytes.Equal(text, was) {
			out[name] = text
		}
	}
	return out, true
}

// isCanonical reports whether a file is in the canonical format.
func (t *Tree) isCanonical(name string) bool {
	is, known := t.canonical[name]
	if !known {
		is = bytes.Equal(hclwrite.Format(t.files[name]), t.files[name])
		t.canonical[name] = is
	}
	return is
}
