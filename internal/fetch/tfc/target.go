package tfc

import (
	"net/url"
	"regexp"
	"strings"

	"github.com/strandline-tf/strandline/internal/wire"
)

// Target is where an address of Terraform Cloud's pages leads: a run, or the
// one status that stands for all runs of a commit in an organization.
type Target struct {
	Host         string // as wire.HostOf returns it
	Organization string
	Workspace    string
	RunID        string
	Aggregated   bool // then Workspace and RunID are empty
}

// maxTarget is the length of the longest address that is looked at, in bytes.
const maxTarget = 2048

var (
	nameRE       = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9_-]{0,127}$`)
	runIDRE      = regexp.MustCompile(`^run-[A-Za-z0-9]{1,64}$`)
	aggregatedRE = regexp.MustCompile(`^acs-[A-Za-z0-9]{1,64}$`)
)

// ParseTarget reads the target of a commit status. Anybody with write access
// can post one, so whatever isn't exactly an address of the known forms gives
// false. The scheme is left out: requests go to the host's configured address.
func ParseTarget(raw string) (Target, bool) {
	if len(raw) > maxTarget {
		return Target{}, false
	}
	u, err := url.Parse(raw)
	if err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Hostname() == "" || u.User != nil || u.Opaque != "" {
		return Target{}, false
	}
	// Of the escaped path: an escape in it is no part of a name.
	parts := strings.Split(strings.TrimSuffix(strings.TrimPrefix(u.EscapedPath(), "/"), "/"), "/")
	if len(parts) < 4 || parts[0] != "app" || !nameRE.MatchString(parts[1]) {
		return Target{}, false
	}
	t := Target{Host: wire.HostOf(u), Organization: parts[1]}
	if len(parts) == 4 && parts[2] == "aggregated-commit-statuses" && aggregatedRE.MatchString(parts[3]) {
		t.Aggregated = true
		return t, true
	}
	if len(parts) == 6 && parts[2] == "workspaces" {
		parts = append(parts[:2:2], parts[3:]...)
	}
	if len(parts) != 5 || parts[3] != "runs" || !nameRE.MatchString(parts[2]) || !runIDRE.MatchString(parts[4]) {
		return Target{}, false
	}
	t.Workspace, t.RunID = parts[2], parts[4]
	return t, true
}
