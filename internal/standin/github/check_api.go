package github

import (
	"cmp"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
)

func createCheckRun(c *call) (answer, error) {
	f, err := c.checkFields()
	switch {
	case err != nil:
		return answer{}, err
	case f.Name == "":
		return answer{}, notSupplied("name")
	case f.HeadSHA == "":
		return answer{}, notSupplied("head_sha")
	case c.repo.git.commits[f.HeadSHA] == nil:
		return answer{}, noCommit(f.HeadSHA)
	case f.Output != nil && f.Output.Title == nil:
		return answer{}, notSupplied("title")
	}
	return created(c.checkView(c.repo.addCheckRun(f, c.actor.app)))
}

// checkRun returns the check run of the path.
func (c *call) checkRun() (*checkRun, error) {
	for _, k := range c.repo.checks {
		if strconv.FormatInt(k.id, 10) == c.params["id"] {
			return k, nil
		}
	}
	return nil, notFound()
}

func getCheckRun(c *call) (answer, error) {
	k, err := c.checkRun()
	if err != nil {
		return answer{}, err
	}
	return ok(c.checkView(k))
}

func editCheckRun(c *call) (answer, error) {
	k, err := c.checkRun()
	if err != nil {
		return answer{}, err
	}
	f, err := c.checkFields()
	if err != nil {
		return answer{}, err
	}
	if k.app != c.actor.app {
		return answer{}, refuse(http.StatusForbidden, fmt.Sprintf(
			"Invalid app_id `%d` - check run can only be modified by the GitHub App that created it.", c.actor.app.id))
	}
	k.set(f, c.s.now())
	k.updates++
	return ok(c.checkView(k))
}

// listCheckRuns lists a commit's check runs, by default the latest of each
// name and check suite.
func listCheckRuns(c *call) (answer, error) {
	sha, found := c.repo.resolve(c.params["ref"])
	if !found {
		return answer{}, noCommit(c.params["ref"])
	}
	q := c.r.URL.Query()
	var list []*checkRun
	seen := map[string]bool{}
	for _, k := range slices.Backward(c.repo.checks) { // newest first
		key := fmt.Sprint(k.suite, k.in.Name)
		if k.sha != sha || seen[key] && q.Get("filter") != "all" {
			continue
		}
		seen[key] = true
		if cmp.Or(q.Get("check_name"), k.in.Name) == k.in.Name && cmp.Or(q.Get("status"), k.in.Status) == k.in.Status &&
			cmp.Or(q.Get("app_id"), strconv.FormatInt(k.app.id, 10)) == strconv.FormatInt(k.app.id, 10) {
			list = append(list, k)
		}
	}
	part, header := paginate(c, list)
	views := make([]object, 0, len(part))
	for _, k := range part {
		views = append(views, c.checkView(k))
	}
	return answer{status: http.StatusOK, header: header, body: object{"total_count": len(list), "check_runs": views}}, nil
}

func listAnnotations(c *call) (answer, error) {
	k, err := c.checkRun()
	if err != nil {
		return answer{}, err
	}
	return listed(c, k.notes, func(a Annotation) object {
		return object{"path": a.Path, "start_line": a.StartLine, "end_line": a.EndLine, "start_column": a.StartColumn,
			"end_column": a.EndColumn, "annotation_level": a.Level, "message": a.Message, "title": a.Title,
			"raw_details": a.RawDetails, "blob_href": c.webURL() + "/blob/" + k.sha + "/" + (&url.URL{Path: a.Path}).EscapedPath()}
	})
}

// checkView is a check run (schema check-run).
func (c *call) checkView(k *checkRun) object {
	id := strconv.FormatInt(k.id, 10)
	url := c.repoURL() + "/check-runs/" + id
	web := c.webURL() + "/runs/" + id
	o := k.in.Output
	return object{
		"id": k.id, "node_id": nodeID("CheckRun", k.id), "name": k.in.Name, "head_sha": k.sha, "url": url, "html_url": web,
		"details_url": cmp.Or(k.in.DetailsURL, web), "external_id": k.in.ExternalID,
		"status": k.in.Status, "conclusion": orNull(k.in.Conclusion),
		"started_at": stamp(k.started), "completed_at": stamp(k.completed),
		"output": object{"title": o.Title, "summary": o.Summary, "text": o.Text,
			"annotations_count": len(k.notes), "annotations_url": url + "/annotations"},
		"check_suite": object{"id": k.suite}, "app": c.appView(k.app), "pull_requests": []object{},
	}
}
