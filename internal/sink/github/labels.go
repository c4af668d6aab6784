package github

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/strandline-tf/strandline/internal/userfault"
)

// Labels brings the labels of pull request number in step: of those it has, it
// gets those of wanted that it lacks, and loses those of unwanted. All others
// stay as they are. Names are compared as GitHub does, whatever the case. It
// makes no request where nothing differs. A label that the repository doesn't
// know is made.
//
// A token that may not label gives Refused and no error.
func (p *Poster) Labels(ctx context.Context, number int, has, wanted, unwanted []string) (Result, error) {
	changed, err := p.label(ctx, number, has, wanted, unwanted)
	switch why := refused(err, "label pull requests", "pull-requests: write, and issues: write to make labels that the repository lacks"); {
	case why != "":
		return Result{Outcome: Refused, Why: why}, nil
	case err != nil:
		return Result{}, userfault.Wrap(err, hint(err), "can't label pull request #%d of %s/%s", number, p.owner, p.name)
	case changed:
		return Result{Outcome: Edited}, nil
	}
	return Result{Outcome: Unchanged}, nil
}

// label is Labels before refusals and errors are told to a person. What warns
// comes before what takes a warning back.
func (p *Poster) label(ctx context.Context, number int, has, wanted, unwanted []string) (changed bool, err error) {
	there := func(name string) bool {
		return slices.ContainsFunc(has, func(h string) bool { return strings.EqualFold(h, name) })
	}
	if add := slices.DeleteFunc(slices.Clone(wanted), there); len(add) > 0 {
		if err := p.addLabels(ctx, number, add); err != nil {
			return false, err
		}
		changed = true
	}
	for _, name := range unwanted {
		if !there(name) {
			continue
		}
		_, err := p.api.Issues.RemoveLabelForIssue(ctx, p.owner, p.name, number, name)
		if status, message := answered(err); status == http.StatusNotFound && strings.HasPrefix(message, "Label does not exist") {
			continue // somebody was faster
		}
		if err != nil {
			return changed, err
		}
		changed = true
	}
	return changed, nil
}

// addLabels sends what GitHub's description has: go-github's AddLabelsToIssue
// sends the list by itself, which only older descriptions allow.
func (p *Poster) addLabels(ctx context.Context, number int, names []string) error {
	path := fmt.Sprintf("repos/%s/%s/issues/%d/labels", p.owner, p.name, number)
	req, err := p.api.NewRequest(http.MethodPost, path, map[string][]string{"labels": names})
	if err != nil {
		return err
	}
	_, err = p.api.Do(ctx, req, nil)
	return err
}
