package tfc

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/go-tfe"

	"github.com/strandline-tf/strandline/internal/model"
)

func TestSentinelPolicies(t *testing.T) {
	output := "\x02Sentinel Result: false\n\n## Policy 1: guard/tags (soft-mandatory)\n\nResult: false\n\nPrint messages:\n\nno tags\n\n## Policy 2: names (advisory)\n\nResult: true\n\n## Policy 3: guard/odd (hard-mandatory)\n\nError: import failed\n\x03"
	fromOutput := []model.Policy{
		{Name: "tags", Set: "guard", Level: "soft-mandatory", Status: "failed", Output: "Print messages:\n\nno tags"},
		{Name: "names", Level: "advisory", Status: "passed"},
		{Name: "odd", Set: "guard", Level: "hard-mandatory", Status: "errored", Output: "Error: import failed"},
	}
	overridden := append([]model.Policy(nil), fromOutput...)
	overridden[0].Status = "overridden"
	result := func(v any) *tfe.PolicyResult { return &tfe.PolicyResult{Sentinel: v} }
	sets := func(policies ...any) *tfe.PolicyResult {
		return result(map[string]any{"data": map[string]any{"guard": map[string]any{"policies": policies}}})
	}
	for _, tc := range []struct {
		name   string
		check  tfe.PolicyCheck
		output string
		want   []model.Policy
	}{
		{"output alone", tfe.PolicyCheck{Status: tfe.PolicySoftFailed}, output, fromOutput},
		{"overridden", tfe.PolicyCheck{Status: tfe.PolicyOverridden}, output, overridden},
		{"result of an unknown shape", tfe.PolicyCheck{Status: tfe.PolicySoftFailed, Result: result([]any{1})}, output, fromOutput},
		{"policy as an object", tfe.PolicyCheck{Status: tfe.PolicyHardFailed, Result: sets(map[string]any{
			"policy": map[string]any{"name": "ports", "enforcement-level": "hard-mandatory"}, "result": false, "trace": map[string]any{"description": "No open ports"},
		})}, "", []model.Policy{{Name: "ports", Set: "guard", Level: "hard-mandatory", Status: "failed", Output: "No open ports"}}},
		{"policy that errored", tfe.PolicyCheck{Status: tfe.PolicyErrored, Result: sets(map[string]any{
			"policy": "guard/x", "result": false, "error": "undefined", "allowed-failure": true,
		})}, "", []model.Policy{{Name: "x", Set: "guard", Level: "advisory", Status: "errored", Output: "undefined"}}},
		{"nothing known", tfe.PolicyCheck{Status: tfe.PolicyPasses, Scope: "workspace"}, "",
			[]model.Policy{{Name: "Sentinel policies", Set: "workspace", Status: "passed"}}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			if diff := cmp.Diff(tc.want, sentinelPolicies(&tc.check, tc.output)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestLongOutputIsShortened(t *testing.T) {
	if got := clip(strings.Repeat("a line of output\n", 10000)); len(got) > maxOutput+10 || !strings.HasSuffix(got, "output\n…") {
		t.Errorf("%d bytes, ending in %q", len(got), got[len(got)-20:])
	}
	if got := oneLine(strings.Repeat("ü\n", maxErrorText)); len(got) > maxErrorText+3 || strings.ContainsRune(got, '�') {
		t.Errorf("%q", got)
	}
}
