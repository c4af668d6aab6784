package github

import (
	"net/http"
	"strconv"
	"strings"
)

// Lock locks the conversation of an issue or pull request.
func (r *Repo) Lock(number int) {
	r.s.mu.Lock()
	defer r.s.mu.Unlock()
	r.issues[number].locked = true
}

// DisableIssues takes back the setting by which the repository has issues.
// Pull requests are listed as issues all the same.
func (r *Repo) DisableIssues() {
	r.s.mu.Lock()
	defer r.s.mu.Unlock()
	r.noIssues = true
}

// DeleteIssue deletes an issue, as only a person can.
func (r *Repo) DeleteIssue(number int) {
	r.s.mu.Lock()
	defer r.s.mu.Unlock()
	delete(r.issues, number)
	r.moved[number] = ""
}

// TransferIssue moves an issue to another repository, as only a person can.
func (r *Repo) TransferIssue(number int, to *Repo) {
	r.s.mu.Lock()
	defer r.s.mu.Unlock()
	i := r.issues[number]
	delete(r.issues, number)
	i.number = to.nextNumber()
	to.issues[i.number] = i
	r.moved[number] = "/repos/" + to.fullName() + "/issues/" + strconv.Itoa(i.number)
}

// issue returns the issue of the path; nil with the answer where it isn't to
// be had, or is elsewhere by now.
func (c *call) issue() (*issue, answer, error) {
	i := c.repo.issueByParam(c.params["number"])
	if i != nil && (i.pull != nil || !c.repo.noIssues) {
		return i, answer{}, nil
	}
	number, _ := strconv.Atoi(c.params["number"])
	to, was := c.repo.moved[number]
	switch {
	case i != nil:
		return nil, answer{}, refuse(http.StatusGone, msgNoIssues)
	case !was:
		return nil, answer{}, notFound()
	case to == "":
		return nil, answer{}, refuse(http.StatusGone, msgDeleted)
	}
	return nil, answer{status: http.StatusMovedPermanently, header: http.Header{"Location": {c.api + to}},
		body: object{"message": "Moved Permanently", "url": c.api + to, "documentation_url": docs}}, nil
}

// getAssignee says whether somebody can be assigned: here, every person that
// the server knows. https://docs.github.com/en/rest/issues/assignees#check-if-a-user-can-be-assigned
func getAssignee(c *call) (answer, error) {
	if u := c.s.users[strings.ToLower(c.params["login"])]; u == nil || u.kind != "User" {
		return answer{}, notFound()
	}
	return noContent()
}
