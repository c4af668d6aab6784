package github

import "strconv"

func (c *call) issueWebURL(i *issue) string {
	kind := "/issues/"
	if i.pull != nil {
		kind = "/pull/"
	}
	return c.webURL() + kind + strconv.Itoa(i.number)
}

// issueView is an issue, or a pull request seen as one (schema issue).
func (c *call) issueView(i *issue) object {
	url := c.repoURL() + "/issues/" + strconv.Itoa(i.number)
	v := object{
		"id": i.id, "node_id": nodeID("Issue", i.id), "number": i.number, "url": url, "html_url": c.issueWebURL(i),
		"repository_url": c.repoURL(), "labels_url": url + "/labels{/name}", "comments_url": url + "/comments",
		"events_url": url + "/events", "timeline_url": url + "/timeline", "reactions": reactions(url),
		"title": i.title, "body": orNull(i.body), "state": i.state, "state_reason": orNull(i.stateReason),
		"user": c.userView(i.user), "author_association": c.association(i.user),
		"labels": c.labelViews(i.labels), "milestone": nil, "locked": i.locked, "active_lock_reason": nil,
		"comments": c.repo.commentCount(i), "created_at": stamp(i.created), "updated_at": stamp(i.updated),
		"closed_at": stamp(i.closed), "closed_by": c.userView(i.closedBy), "performed_via_github_app": c.appView(i.app),
	}
	c.addAssignees(v, i)
	if i.pull != nil {
		web := c.issueWebURL(i)
		v["draft"] = i.pull.draft
		v["pull_request"] = object{"url": c.repoURL() + "/pulls/" + strconv.Itoa(i.number), "html_url": web,
			"diff_url": web + ".diff", "patch_url": web + ".patch", "merged_at": stamp(i.pull.merged)}
	}
	return v
}

func (c *call) addAssignees(v object, i *issue) {
	all := make([]any, 0, len(i.assignees))
	for _, u := range i.assignees {
		all = append(all, c.userView(u))
	}
	v["assignees"], v["assignee"] = all, nil
	if len(all) > 0 {
		v["assignee"] = all[0]
	}
}
