package tfc

import (
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
)

func (c *call) readRun() (answer, error) {
	r, err := find[*Run](c, c.r.PathValue("id"))
	if err != nil {
		return answer{}, err
	}
	return c.single(http.StatusOK, r)
}

func (c *call) listRuns() (answer, error) {
	w, err := c.workspace()
	if err != nil {
		return answer{}, err
	}
	return list(c, c.filtered(w.runs, ""), true)
}

func (c *call) listOrganizationRuns() (answer, error) {
	o, err := c.organization()
	if err != nil {
		return answer{}, err
	}
	if c.s.opts.NoOrganizationRuns {
		return answer{}, errNotFound
	}
	q := c.r.URL.Query()
	names := q.Get("filter[workspace_names]")
	var runs []*Run
	for _, w := range o.workspaces {
		if names != "" && !slices.Contains(strings.Split(names, ","), w.name) {
			continue
		}
		runs = append(runs, w.runs...)
	}
	slices.SortStableFunc(runs, func(a, b *Run) int { return a.spec.CreatedAt.Compare(b.spec.CreatedAt) })
	return list(c, c.filtered(runs, "year"), false)
}

// within applies filter[timeframe]: a year's number, "year" for the last twelve
// months, or all.
func (c *call) within(created time.Time, frame string) bool {
	if year, err := strconv.Atoi(frame); err == nil {
		return created.UTC().Year() == year
	}
	return frame != "year" || created.After(c.s.opts.Clock().AddDate(-1, 0, 0))
}

// filtered applies the parameters that both run lists share, and turns the order
// to newest first; timeframe is the list's default. Plan-only runs are left out unless filter[operation] asks for
// them (API documentation, "List Runs in a Workspace").
func (c *call) filtered(runs []*Run, timeframe string) []*Run {
	q := c.r.URL.Query()
	if asked := q.Get("filter[timeframe]"); asked != "" {
		timeframe = asked
	}
	var out []*Run
	for _, r := range slices.Backward(runs) {
		r.tick(c.s.opts.Clock())
		operation := q.Get("filter[operation]")
		ok := c.within(r.spec.CreatedAt, timeframe)
		ok = ok && (operation == "" && !r.spec.PlanOnly || oneOf(operation, r.operation()))
		ok = ok && (q.Get("filter[status]") == "" || oneOf(q.Get("filter[status]"), r.status))
		ok = ok && (q.Get("filter[source]") == "" || oneOf(q.Get("filter[source]"), r.spec.Source))
		ok = ok && (q.Get("search[commit]") == "" || r.spec.Commit != "" && strings.HasPrefix(r.spec.Commit, q.Get("search[commit]")))
		if groups := q.Get("filter[status_group]"); ok && groups != "" {
			ok = slices.ContainsFunc(strings.Split(groups, ","), func(g string) bool { return inGroup(r.status, g) })
		}
		if text := q.Get("search[basic]"); ok && text != "" && q.Get("search[commit]") == "" {
			ok = strings.Contains(r.id+" "+r.spec.Message+" "+r.spec.Commit, text)
		}
		if ok {
			out = append(out, r)
		}
	}
	return out
}

func oneOf(list, item string) bool { return slices.Contains(strings.Split(list, ","), item) }
