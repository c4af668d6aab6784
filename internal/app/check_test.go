package app

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/strandline-tf/strandline/internal/config"
	"github.com/strandline-tf/strandline/internal/model"
	"github.com/strandline-tf/strandline/internal/sink/github"
	"github.com/strandline-tf/strandline/internal/userfault"
)

// reported makes a report of workspaces: "STATUS [COUNTER...]", or "problem".
func reported(workspaces ...string) *model.Report {
	r := model.NewReport(model.KindPlan, "")
	for _, text := range workspaces {
		if text == "problem" {
			r.Problems = append(r.Problems, model.Problem{Message: "p"})
			continue
		}
		fields := strings.Fields(text)
		w := model.NewWorkspace("w")
		w.Status = model.Status(fields[0])
		for _, counter := range fields[1:] {
			if err := json.Unmarshal([]byte(`{"`+counter+`":1}`), &r.Summary); err != nil {
				panic(err) // a mistake in the table
			}
		}
		r.Workspaces = append(r.Workspaces, *w)
	}
	return r
}

func TestConclusion(t *testing.T) {
	const complete, incomplete, matched = userfault.CodeComplete, userfault.CodeIncomplete, userfault.CodeMatched
	for _, tt := range []struct {
		name   string
		code   int
		failOn string
		report *model.Report
		say    announcement
		want   github.Conclusion
	}{
		{"clean", complete, "", reported("no_changes"), tell, github.Success},
		{"changes are no failure", complete, "", reported("planned destroy"), tell, github.Success},
		{"a match is", matched, "destroy", reported("planned destroy"), tell, github.Failure},
		{"a match that a label overrides is not", complete, "destroy", reported("planned destroy"), tell, github.Success},
		{"errored, and nobody minds", complete, "", reported("planned", "errored"), tell, github.Neutral},
		{"errored, and somebody minds", matched, "errored", reported("planned", "errored"), tell, github.Failure},
		{"policy failed, and nobody minds", complete, "destroy", reported("policy_failed policy_failed"), tell, github.Neutral},
		{"canceled", complete, "", reported("canceled"), tell, github.Neutral},
		{"discarded", complete, "", reported("discarded"), tell, github.Neutral},
		{"awaiting approval", complete, "destroy", reported("awaiting_approval add"), tell, github.Success},
		{"pending", complete, "", reported("pending"), tell, github.Neutral},
		{"pending at a gate", complete, "destroy", reported("pending"), tell, github.ActionRequired},
		{"unreadable", incomplete, "", reported("unreadable", "problem"), tell, github.Neutral},
		{"unreadable at a gate", incomplete, "destroy", reported("unreadable", "problem"), tell, github.ActionRequired},
		{"a part unreadable at a gate", incomplete, "destroy", reported("no_changes", "problem"), tell, github.ActionRequired},
		{"nothing found, and that is a failure", incomplete, "destroy", reported("problem"), correct, github.ActionRequired},
		{"nothing to report on", complete, "destroy", reported(), correct, github.Skipped},
	} {
		cfg := &config.Config{}
		if tt.failOn != "" {
			cfg.FailOn = []string{tt.failOn}
		}
		if got := conclusion(cfg, tt.code, tt.report, tt.say); got != tt.want {
			t.Errorf("%s: %s, want %s", tt.name, got, tt.want)
		}
	}
}

func TestLabelsOf(t *testing.T) {
	for _, tt := range []struct {
		name             string
		report           *model.Report
		wanted, unwanted string
	}{
		{"clean", reported("no_changes"), "no-changes", "errored destroy replace policy-failed drift changes"},
		{"drift alone", reported("no_changes drift"), "drift no-changes", "errored destroy replace policy-failed changes"},
		{"grave", reported("planned destroy replace"), "destroy replace changes", "errored policy-failed drift no-changes"},
		{"harmless", reported("planned add"), "changes", "errored destroy replace policy-failed drift no-changes"},
		{"policy", reported("policy_failed policy_failed", "planned add"), "policy-failed changes", "errored destroy replace drift no-changes"},
		{"mandatory policy without outcomes", reported("policy_failed"), "policy-failed no-changes", "errored destroy replace drift changes"},
		// What isn't known takes no warning back.
		{"errored", reported("errored", "planned add"), "errored changes", "no-changes"},
		{"pending", reported("pending", "no_changes"), "", "no-changes"},
		{"problem", reported("no_changes", "problem"), "", "no-changes"},
		{"canceled", reported("canceled"), "", "no-changes"},
		// Nothing at all is known, too.
		{"no workspaces", reported(), "", "errored destroy replace policy-failed drift changes no-changes"},
	} {
		wanted, unwanted := labelsOf(tt.report)
		for got, want := range map[*[]string]string{&wanted: tt.wanted, &unwanted: tt.unwanted} {
			if diff := cmp.Diff(want, strings.ReplaceAll(strings.Join(*got, " "), "terraform:", "")); diff != "" {
				t.Errorf("%s: %s", tt.name, diff)
			}
		}
	}
}
