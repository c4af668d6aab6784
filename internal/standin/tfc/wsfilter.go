package tfc

import (
	"net/url"
	"slices"
	"strings"
)

// matches applies the search and filter parameters of the workspace list.
func (c *call) matches(w *Workspace) bool {
	q := c.r.URL.Query()
	if s := q.Get("search[name]"); s != "" && !strings.Contains(w.name, s) {
		return false
	}
	if s := q.Get("search[wildcard-name]"); s != "" && !wildcard(s, w.name) {
		return false
	}
	if s := q.Get("filter[project][id]"); s != "" && w.project.id != s {
		return false
	}
	if s := q.Get("filter[current-run][status]"); s != "" && !slices.Contains(strings.Split(s, ","), w.currentStatus()) {
		return false
	}
	for tag := range split(q.Get("search[tags]")) {
		if !slices.Contains(w.tags, tag) {
			return false
		}
	}
	for tag := range split(q.Get("search[exclude-tags]")) {
		if slices.Contains(w.tags, tag) {
			return false
		}
	}
	return w.tagged(q)
}

// tagged applies filter[tagged][N][key] and filter[tagged][N][value], all of which
// must match.
func (w *Workspace) tagged(q url.Values) bool {
	effective := w.effective()
	for name, values := range q {
		index, ok := strings.CutPrefix(name, "filter[tagged][")
		index, isKey := strings.CutSuffix(index, "][key]")
		if !ok || !isKey {
			continue
		}
		value, bound := effective[values[0]]
		want := q["filter[tagged]["+index+"][value]"]
		if !bound || (len(want) > 0 && want[0] != value) {
			return false
		}
	}
	return true
}

func (w *Workspace) currentStatus() string {
	id := w.currentRun()
	for _, r := range w.runs {
		if r.id == id {
			return r.status
		}
	}
	return ""
}

// wildcard matches a pattern with * at either or both ends, which is all that the
// service's search knows.
func wildcard(pattern, name string) bool {
	head, tail := strings.HasPrefix(pattern, "*"), strings.HasSuffix(pattern, "*")
	core := strings.Trim(pattern, "*")
	switch {
	case head && tail:
		return strings.Contains(name, core)
	case head:
		return strings.HasSuffix(name, core)
	case tail:
		return strings.HasPrefix(name, core)
	}
	return name == core
}

// split yields the members of a comma-separated list.
func split(list string) func(func(string) bool) {
	return func(yield func(string) bool) {
		for part := range strings.SplitSeq(list, ",") {
			if part != "" && !yield(part) {
				return
			}
		}
	}
}
