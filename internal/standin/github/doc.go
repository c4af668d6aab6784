// Package github is an in-memory GitHub: the part of its REST API that deals
// with pull requests, issues, comments, labels, statuses, check runs, files and
// git objects, behaving as the real one does, limits and refusals included.
//
// It stands at the far end of the program: the reader's and the writer's
// requests end here in tests and in the demo. To prove anything it shares
// no code with them; it follows GitHub's own OpenAPI description
// (https://github.com/github/rest-api-description) and, where that is silent,
// answers of the real service as quoted beside the code.
//
// A test makes a Server, describes a repository with its builders, serves it
// with httptest and looks at what is left:
//
//	s := github.New(github.Options{})
//	s.Token("t", github.Identity{App: github.ActionsApp})
//	repo := s.Repo("acme/net")
//	pr := repo.PullRequest(github.PR{Branch: "feature"})
//	api := httptest.NewServer(s)
//	…
//	repo.Comments(pr.Number)
//
// Read server.go for what a test can see and set, serve.go and route.go for how
// a request passes through, auth.go for who may do what, then one file a resource.
package github
