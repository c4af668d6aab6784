package render

import (
	"strconv"
	"strings"

	"github.com/strandline-tf/strandline/internal/model"
)

// Number returns n with its thousands apart: 12,345.
func Number(n int) string {
	s := strconv.Itoa(n)
	for at := len(s) - 3; at > 0 && s[at-1] != '-'; at -= 3 {
		s = s[:at] + "," + s[at:]
	}
	return s
}

// Count returns "1 line" or "2,000 lines".
func Count(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return Number(n) + " " + many
}

// Tally is one counter of a summary in words.
type Tally struct {
	N      int
	Words  string // with the number: "3 changed"
	Strong bool   // a reader must not miss it
}

// Tallies returns the counters of s that are not zero, in words, gravest
// first. A data source that is read changes nothing and is not among them.
func Tallies(s *model.Summary) []Tally {
	all := []struct {
		n         int
		one, many string
		strong    bool
	}{
		{s.Destroy, "destroyed", "destroyed", true},
		{s.Replace, "replaced", "replaced", true},
		{s.PolicyFailed, "policy failed", "policies failed", true},
		{s.CheckFailed, "check failed", "checks failed", true},
		{s.Forget, "forgotten", "forgotten", false},
		{s.Change, "changed", "changed", false},
		{s.Add, "added", "added", false},
		{s.Import, "imported", "imported", false},
		{s.Move, "moved", "moved", false},
		{s.Deferred, "deferred", "deferred", false},
		{s.Action, "action invoked", "actions invoked", false},
		{s.Output, "output changed", "outputs changed", false},
		{s.Drift, "drifted", "drifted", false},
	}
	var out []Tally
	for _, t := range all {
		if t.n > 0 {
			out = append(out, Tally{t.n, Count(t.n, t.one, t.many), t.strong})
		}
	}
	return out
}

// Did says what happens to a change's resource, as in "… is replaced".
func Did(c *model.Change) string {
	switch c.Action {
	case model.ActionCreate:
		return "added"
	case model.ActionRead:
		return "read during apply"
	case model.ActionUpdate:
		return "changed"
	case model.ActionDelete:
		return "destroyed"
	case model.ActionForget:
		return "forgotten: it lives on, unmanaged"
	case model.ActionReplace:
		return strings.TrimSuffix("replaced, "+Order(c), ", ")
	case model.ActionReplaceForget:
		return "replaced: the old object lives on, unmanaged"
	}
	return ""
}

// Order says in which order a replacement happens.
func Order(c *model.Change) string {
	switch c.Order {
	case model.CreateFirst:
		return "created before the old one is destroyed"
	case model.DeleteFirst:
		return "destroyed before the new one is created"
	}
	return ""
}

// StatusWords says in words what became of a workspace's run.
func StatusWords(s model.Status) string {
	switch s {
	case model.StatusPlanned:
		return "planned"
	case model.StatusNoChanges:
		return "no changes"
	case model.StatusApplied:
		return "applied"
	case model.StatusErrored:
		return "errored"
	case model.StatusPolicyFailed:
		return "policy failed"
	case model.StatusAwaiting:
		return "awaiting approval"
	case model.StatusCanceled:
		return "canceled"
	case model.StatusDiscarded:
		return "discarded"
	case model.StatusPending:
		return "pending"
	case model.StatusUnreadable:
		return "unreadable"
	}
	return "unknown"
}

// title names a report by its kind.
func title(k model.Kind) string {
	switch k {
	case model.KindPlan:
		return "Terraform plan"
	case model.KindDrift:
		return "Terraform drift"
	case model.KindUnmanaged:
		return "Unmanaged resources"
	case model.KindAdopt:
		return "Adoption"
	}
	return "Terraform report"
}
