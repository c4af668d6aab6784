package github

import (
	"cmp"
	"context"
	"slices"

	gogithub "github.com/google/go-github/v60/github"

	"github.com/strandline-tf/strandline/internal/userfault"
)

// checkRun is a check run on GitHub whose summary begins with a marker.
type checkRun struct {
	posted
	conclusion  string
	annotations int
}

// says reports whether the check run already says what c does. The conclusion
// is apart, since it follows from settings besides the report.
func (k checkRun) says(c Check) bool {
	return c.Digest != "" && k.marker.digest == c.Digest && k.conclusion == string(c.Conclusion)
}

// ownChecks lists the program's own check runs of c's commit, name and key, in
// the order of their ids. It makes one request for each 100 of that name, of
// which a workflow's job may be one, and those that tell who we are (see own).
func (p *Poster) ownChecks(ctx context.Context, c Check) ([]checkRun, error) {
	all := "all" // and not only the latest of the name, which may be a job's
	opts := gogithub.ListCheckRunsOptions{CheckName: &c.Name, Filter: &all, ListOptions: gogithub.ListOptions{PerPage: pageSize}}
	var marked []checkRun
	for range maxPages {
		page, resp, err := p.api.Checks.ListCheckRunsForRef(ctx, p.owner, p.name, c.HeadSHA, &opts)
		if err != nil {
			return nil, err
		}
		if page != nil {
			marked = append(marked, markedChecks(page.CheckRuns, c)...)
		}
		if resp.NextPage == 0 {
			return p.onlyOwn(ctx, marked)
		}
		opts.Page = resp.NextPage
	}
	return nil, userfault.New("is GITHUB_API_URL really GitHub?", "the list of check runs has more than %d pages", maxPages)
}

func markedChecks(runs []*gogithub.CheckRun, c Check) []checkRun {
	var out []checkRun
	for _, k := range runs {
		m, ok := parseMarker(k.GetOutput().GetSummary())
		if !ok || m.key != c.Key {
			continue
		}
		out = append(out, checkRun{
			posted:     posted{id: k.GetID(), url: k.GetHTMLURL(), author: newAuthor(k.GetApp().GetSlug(), true), marker: m},
			conclusion: k.GetConclusion(), annotations: k.GetOutput().GetAnnotationsCount(),
		})
	}
	return out
}

// onlyOwn leaves the program's own of marked, each once, in order.
func (p *Poster) onlyOwn(ctx context.Context, marked []checkRun) ([]checkRun, error) {
	own, err := p.own(ctx, postedOf(marked))
	if err != nil {
		return nil, err
	}
	marked = slices.DeleteFunc(marked, func(k checkRun) bool { return !slices.Contains(own, k.posted) })
	slices.SortFunc(marked, func(a, b checkRun) int { return cmp.Compare(a.id, b.id) })
	return slices.CompactFunc(marked, func(a, b checkRun) bool { return a.id == b.id }), nil
}

func postedOf(runs []checkRun) []posted {
	out := make([]posted, len(runs))
	for i, k := range runs {
		out[i] = k.posted
	}
	return out
}

// missing returns the annotations of c that check run k lacks; false where k
// has one that c has not.
func (p *Poster) missing(ctx context.Context, c Check, k checkRun) ([]Annotation, bool, error) {
	if k.annotations == 0 {
		return c.Annotations, true, nil
	}
	there, err := p.annotationsOf(ctx, k.id)
	if err != nil {
		return nil, false, err
	}
	lacks := slices.Clone(c.Annotations)
	for _, a := range there {
		i := slices.Index(lacks, a)
		if i < 0 {
			return nil, false, nil
		}
		lacks = slices.Delete(lacks, i, i+1)
	}
	return lacks, true, nil
}

func (p *Poster) annotationsOf(ctx context.Context, id int64) ([]Annotation, error) {
	var out []Annotation
	opts := gogithub.ListOptions{PerPage: pageSize}
	for range maxPages {
		page, resp, err := p.api.Checks.ListCheckRunAnnotations(ctx, p.owner, p.name, id, &opts)
		if err != nil {
			return nil, err
		}
		for _, a := range page {
			out = append(out, Annotation{Path: a.GetPath(), Line: a.GetStartLine(), Level: AnnotationLevel(a.GetAnnotationLevel()),
				Title: a.GetTitle(), Message: a.GetMessage()})
		}
		if resp.NextPage == 0 {
			return out, nil
		}
		opts.Page = resp.NextPage
	}
	return nil, userfault.New("is GITHUB_API_URL really GitHub?", "the list of annotations has more than %d pages", maxPages)
}
