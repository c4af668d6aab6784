package github

import (
	"net/http"
	"net/url"
	"strings"
)

// endpoint is one operation of the API.
type endpoint struct {
	method string
	// path has {name} for one segment and {name...} for all that are left.
	path string
	area string // the permission it needs, as a workflow names it
	do   func(*call) (answer, error)
	// anybody may do it on a public repository, with any token.
	anybody bool
}

// endpoints returns all operations, the first match being the one that counts.
func endpoints() []endpoint {
	const repo = "/repos/{owner}/{repo}"
	const issue = repo + "/issues/{number}"
	return []endpoint{
		{"GET", "/rate_limit", "", getRateLimit, true},
		{"GET", "/user", "", getUser, true},
		{"POST", "/graphql", "", postGraphQL, true},
		{"GET", repo, "metadata", getRepo, false},

		{"GET", repo + "/pulls", "pull-requests", listPulls, false},
		{"POST", repo + "/pulls", "pull-requests", createPull, false},
		{"GET", repo + "/pulls/{number}", "pull-requests", getPull, false},
		{"PATCH", repo + "/pulls/{number}", "pull-requests", editPull, false},
		{"GET", repo + "/pulls/{number}/files", "pull-requests", listPullFiles, false},
		{"GET", repo + "/commits/{sha}/pulls", "pull-requests", listCommitPulls, false},

		{"GET", repo + "/issues/comments/{comment_id}", "issues", getComment, false},
		{"PATCH", repo + "/issues/comments/{comment_id}", "issues", editComment, true},
		{"DELETE", repo + "/issues/comments/{comment_id}", "issues", deleteComment, true},
		{"GET", issue + "/comments", "issues", listComments, false},
		{"POST", issue + "/comments", "issues", createComment, true},
		{"GET", issue + "/labels", "issues", listIssueLabels, false},
		{"POST", issue + "/labels", "issues", addIssueLabels, false},
		{"PUT", issue + "/labels", "issues", setIssueLabels, false},
		{"DELETE", issue + "/labels", "issues", clearIssueLabels, false},
		{"DELETE", issue + "/labels/{name}", "issues", removeIssueLabel, false},
		{"GET", repo + "/issues", "issues", listIssues, false},
		{"POST", repo + "/issues", "issues", createIssue, true},
		{"GET", issue, "issues", getIssue, false},
		{"PATCH", issue, "issues", editIssue, true},
		{"GET", repo + "/assignees/{login}", "metadata", getAssignee, true},
		{"GET", repo + "/labels", "issues", listLabels, false},
		{"POST", repo + "/labels", "issues", createLabel, false},
		{"GET", repo + "/labels/{name}", "issues", getLabel, false},
		{"PATCH", repo + "/labels/{name}", "issues", editLabel, false},
		{"DELETE", repo + "/labels/{name}", "issues", deleteLabel, false},

		{"POST", repo + "/statuses/{sha}", "statuses", createStatus, false},
		{"GET", repo + "/commits/{ref}/statuses", "statuses", listStatuses, false},
		{"GET", repo + "/commits/{ref}/status", "statuses", combinedStatus, false},
		{"POST", repo + "/check-runs", "checks", createCheckRun, false},
		{"GET", repo + "/check-runs/{id}", "checks", getCheckRun, false},
		{"PATCH", repo + "/check-runs/{id}", "checks", editCheckRun, false},
		{"GET", repo + "/check-runs/{id}/annotations", "checks", listAnnotations, false},
		{"GET", repo + "/commits/{ref}/check-runs", "checks", listCheckRuns, false},

		{"GET", repo + "/commits/{ref}", "contents", getCommit, false},
		{"GET", repo + "/contents/{path...}", "contents", getContents, false},
		{"PUT", repo + "/contents/{path...}", "contents", putContents, false},
		{"GET", repo + "/git/ref/{ref...}", "contents", getRef, false},
		{"POST", repo + "/git/refs", "contents", createRef, false},
		{"PATCH", repo + "/git/refs/{ref...}", "contents", updateRef, false},
		{"DELETE", repo + "/git/refs/{ref...}", "contents", deleteRef, false},
		{"POST", repo + "/git/blobs", "contents", createBlob, false},
		{"GET", repo + "/git/blobs/{sha}", "contents", getBlob, false},
		{"POST", repo + "/git/trees", "contents", createTree, false},
		{"GET", repo + "/git/trees/{sha}", "contents", getTree, false},
		{"POST", repo + "/git/commits", "contents", createGitCommit, false},
		{"GET", repo + "/git/commits/{sha}", "contents", getGitCommit, false},
	}
}

// route finds the call's endpoint, checks limits and permissions, and does it.
func (s *Server) route(c *call) (answer, error) {
	c.actor = s.tokenOf(c.r)
	method := c.r.Method
	if method == http.MethodHead {
		method = http.MethodGet
	}
	for i := range s.endpoints {
		e := &s.endpoints[i]
		if e.method != method {
			continue
		}
		params, match := matchPath(e.path, c.r.URL.EscapedPath())
		if !match {
			continue
		}
		c.params = params
		if owner := params["owner"]; owner != "" {
			c.repo = s.repos[strings.ToLower(owner+"/"+params["repo"])]
			if c.repo == nil {
				return answer{}, notFound()
			}
		}
		if e.path != "/rate_limit" {
			if err := s.limits.check(c.r, s.now()); err != nil {
				return answer{}, err
			}
		}
		if err := c.allow(e); err != nil {
			return answer{}, err
		}
		return e.do(c)
	}
	return answer{}, notFound()
}

// matchPath reports whether an escaped path has the form of pattern, and
// returns its parameters, unescaped.
func matchPath(pattern, path string) (map[string]string, bool) {
	want, got := strings.Split(pattern, "/"), strings.Split(strings.TrimSuffix(path, "/"), "/")
	params := map[string]string{}
	for i, w := range want {
		if name, rest := strings.CutSuffix(w, "...}"); rest {
			// Of a repository's root contents nothing is left.
			tail, err := url.PathUnescape(strings.Join(got[min(i, len(got)):], "/"))
			params[name[1:]] = tail
			return params, err == nil
		}
		if i >= len(got) {
			return nil, false
		}
		if !strings.HasPrefix(w, "{") {
			if w != got[i] {
				return nil, false
			}
			continue
		}
		v, err := url.PathUnescape(got[i])
		if err != nil || v == "" {
			return nil, false
		}
		params[strings.Trim(w, "{}")] = v
	}
	return params, len(want) == len(got)
}
