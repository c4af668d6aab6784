package github_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/strandline-tf/strandline/internal/sink/github"
	standin "github.com/strandline-tf/strandline/internal/standin/github"
	"github.com/strandline-tf/strandline/internal/userfault"
)

func TestLabels(t *testing.T) {
	for _, tt := range []struct {
		name                       string
		has, wanted, unwanted, end []string
		outcome                    github.Outcome
		requests                   string
	}{
		{"first", []string{"infra"}, []string{"tf:a", "tf:b"}, []string{"tf:c"}, []string{"infra", "tf:a", "tf:b"},
			github.Edited, "POST labels"},
		{"in step", []string{"infra", "TF:A"}, []string{"tf:a"}, []string{"tf:c"}, []string{"infra", "TF:A"}, github.Unchanged, ""},
		{"true no longer", []string{"tf:a", "infra", "TF:c"}, []string{"tf:a"}, []string{"tf:b", "tf:c"}, []string{"tf:a", "infra"},
			github.Edited, "DELETE labels/tf:c"},
		{"both", []string{"tf:c", "tf:other"}, []string{"tf:a"}, []string{"tf:b", "tf:c"}, []string{"tf:other", "tf:a"},
			github.Edited, "POST labels, DELETE labels/tf:c"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			w := newWorld(t)
			pr := w.repo.PullRequest(standin.PR{Branch: "labelled", Labels: tt.has})
			r, err := w.client(workflowToken).Labels(t.Context(), pr.Number, tt.has, tt.wanted, tt.unwanted)
			if err != nil {
				t.Fatal(err)
			}
			w.want(r, tt.outcome)
			w.wantShape(tt.requests)
			got := w.repo.Labels(pr.Number)
			slices.Sort(got)
			slices.Sort(tt.end)
			if !slices.Equal(got, tt.end) {
				t.Errorf("labels %q, want %q", got, tt.end)
			}
		})
	}
}

func TestLabelThatSomebodyElseRemoved(t *testing.T) {
	w := newWorld(t)
	r, err := w.client(workflowToken).Labels(t.Context(), w.pr.Number, []string{"tf:a"}, nil, []string{"tf:a"})
	if err != nil {
		t.Fatal(err)
	}
	w.want(r, github.Unchanged)
}

func TestLabelsRefused(t *testing.T) {
	w := newWorld(t)
	r, err := w.client(forkToken).Labels(t.Context(), w.pr.Number, nil, []string{"tf:a"}, nil)
	if err != nil {
		t.Fatal(err)
	}
	w.want(r, github.Refused)
	if !strings.Contains(r.Why, "label") || !strings.Contains(r.Why, "pull-requests: write") {
		t.Error(r.Why)
	}
	w.server.Fail(func(*http.Request) (int, string, bool) { return http.StatusGone, `{"message":"gone"}`, true })
	_, err = w.client(workflowToken).Labels(t.Context(), w.pr.Number, nil, []string{"tf:a"}, nil)
	if err == nil || userfault.Hint(err) == "" || !strings.Contains(err.Error(), "label") {
		t.Errorf("error %v, hint %q", err, userfault.Hint(err))
	}
}
