package github

import "strconv"

// pullView is a pull request in a list (schema pull-request-simple).
func (c *call) pullView(i *issue) object {
	p, n := i.pull, strconv.Itoa(i.number)
	url, issueURL, web := c.repoURL()+"/pulls/"+n, c.repoURL()+"/issues/"+n, c.issueWebURL(i)
	v := object{
		"id": i.id, "node_id": nodeID("PullRequest", i.id), "number": i.number, "url": url, "html_url": web,
		"diff_url": web + ".diff", "patch_url": web + ".patch", "issue_url": issueURL,
		"commits_url": url + "/commits", "review_comments_url": url + "/comments",
		"review_comment_url": c.repoURL() + "/pulls/comments{/number}", "comments_url": issueURL + "/comments",
		"statuses_url": c.repoURL() + "/statuses/" + p.head(),
		"state":        i.state, "locked": i.locked, "active_lock_reason": nil, "title": i.title, "body": orNull(i.body),
		"user": c.userView(i.user), "author_association": c.association(i.user),
		"labels": c.labelViews(i.labels), "milestone": nil, "draft": p.draft, "auto_merge": nil,
		"requested_reviewers": []object{}, "requested_teams": []object{},
		"created_at": stamp(i.created), "updated_at": stamp(i.updated), "closed_at": stamp(i.closed), "merged_at": stamp(p.merged),
		// The commit that merging would make, which is GITHUB_SHA in a
		// workflow for a pull request.
		"merge_commit_sha": objectName("merge", []byte(p.head())),
		"head":             c.side(c.repo.headRepo(p), p.branch, p.head()),
		"base":             c.side(c.repo, p.base, c.repo.git.refs["heads/"+p.base]),
	}
	c.addAssignees(v, i)
	links := object{}
	for name, href := range map[string]any{"self": url, "html": web, "issue": issueURL, "comments": v["comments_url"],
		"review_comments": v["review_comments_url"], "review_comment": v["review_comment_url"],
		"commits": v["commits_url"], "statuses": v["statuses_url"]} {
		links[name] = object{"href": href}
	}
	v["_links"] = links
	return v
}

// side is the head or the base of a pull request.
func (c *call) side(r *Repo, branch, sha string) object {
	return object{"label": r.owner.login + ":" + branch, "ref": branch, "sha": sha, "user": c.userView(r.owner), "repo": c.repoView(r)}
}

// fullPullView is one pull request (schema pull-request).
func (c *call) fullPullView(i *issue) object {
	v := c.pullView(i)
	added, removed, changed := 0, 0, c.changedFiles(i.pull)
	for _, f := range changed {
		added += f.added
		removed += f.removed
	}
	v["additions"], v["deletions"], v["changed_files"] = added, removed, len(changed)
	v["comments"], v["commits"], v["review_comments"] = c.repo.commentCount(i), len(i.pull.heads), 0
	v["merged"], v["merged_by"], v["mergeable"], v["rebaseable"], v["mergeable_state"] = !i.pull.merged.IsZero(), nil, true, true, "clean"
	v["maintainer_can_modify"] = i.pull.editable
	return v
}
