package github

import (
	"context"
	"fmt"

	gogithub "github.com/google/go-github/v60/github"
)

// ChangedFiles returns the paths that pull request number n changes, former
// names of renamed files included; of a very large one GitHub tells the first
// 3,000. See https://docs.github.com/en/rest/pulls/pulls#list-pull-requests-files
func (c *Client) ChangedFiles(ctx context.Context, n int) ([]string, error) {
	var paths []string
	o := &gogithub.ListOptions{PerPage: pageSize}
	for {
		files, response, err := c.api.PullRequests.ListFiles(ctx, c.owner, c.name, n, o)
		if err != nil {
			return nil, c.fail(err, fmt.Sprintf("the files of pull request #%d", n))
		}
		for _, f := range files {
			paths = append(paths, f.GetFilename())
			if former := f.GetPreviousFilename(); former != "" {
				paths = append(paths, former)
			}
		}
		if response.NextPage == 0 {
			return paths, nil
		}
		o.Page = response.NextPage
	}
}
