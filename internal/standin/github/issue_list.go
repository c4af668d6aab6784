package github

import (
	"cmp"
	"slices"
	"strings"
	"time"
)

// listIssues lists issues and, as GitHub does, pull requests.
func listIssues(c *call) (answer, error) {
	q := c.r.URL.Query()
	since, _ := time.Parse(time.RFC3339, q.Get("since"))
	state := cmp.Or(q.Get("state"), "open")
	var list []*issue
	for _, i := range c.repo.issues {
		if c.repo.noIssues && i.pull == nil {
			continue
		}
		if (state == "all" || i.state == state) && !i.updated.Before(since) &&
			i.hasLabels(q.Get("labels")) && i.isAssigned(q.Get("assignee")) &&
			(q.Get("creator") == "" || strings.EqualFold(q.Get("creator"), i.user.login)) {
			list = append(list, i)
		}
	}
	sortIssues(list, q.Get("sort"), q.Get("direction"), c.repo.commentCount)
	return listed(c, list, c.issueView)
}

// sortIssues sorts by creation, newest first, unless told otherwise.
func sortIssues(list []*issue, by, direction string, comments func(*issue) int) {
	slices.SortFunc(list, func(a, b *issue) int {
		order := 0
		switch by {
		case "updated":
			order = a.updated.Compare(b.updated)
		case "comments":
			order = cmp.Compare(comments(a), comments(b))
		}
		order = cmp.Or(order, cmp.Compare(a.number, b.number))
		if direction != "asc" {
			order = -order
		}
		return order
	})
}

func (i *issue) hasLabels(names string) bool {
	if names == "" {
		return true
	}
	for _, name := range strings.Split(names, ",") {
		if i.labelIndex(name) < 0 {
			return false
		}
	}
	return true
}

func (i *issue) isAssigned(to string) bool {
	switch to {
	case "":
		return true
	case "none":
		return len(i.assignees) == 0
	case "*":
		return len(i.assignees) > 0
	}
	return slices.ContainsFunc(i.assignees, func(u *user) bool { return strings.EqualFold(u.login, to) })
}
