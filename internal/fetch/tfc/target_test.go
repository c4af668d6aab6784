package tfc

import (
	"strings"
	"testing"
)

func TestParseTarget(t *testing.T) {
	run := Target{Host: "app.terraform.io:443", Organization: "acme", Workspace: "net-prod", RunID: "run-Abc123"}
	onPort := run
	onPort.Host = "tfe.example.test:8443"
	odd := run
	odd.Workspace = "workspaces"
	for _, tc := range []struct {
		raw  string
		want Target
	}{
		{"https://app.terraform.io/app/acme/net-prod/runs/run-Abc123", run},
		{"https://APP.terraform.io:443/app/acme/workspaces/net-prod/runs/run-Abc123/", run},
		{"https://app.terraform.io/app/acme/net-prod/runs/run-Abc123?utm=1#x", run},
		{"https://tfe.example.test:8443/app/acme/net-prod/runs/run-Abc123", onPort},
		{"https://app.terraform.io/app/acme/workspaces/runs/run-Abc123", odd},
		{"https://app.terraform.io/app/acme/aggregated-commit-statuses/acs-x1", Target{Host: "app.terraform.io:443", Organization: "acme", Aggregated: true}},
	} {
		if got, ok := ParseTarget(tc.raw); !ok || got != tc.want {
			t.Errorf("%s: %+v %t", tc.raw, got, ok)
		}
	}
	for _, raw := range []string{
		"", "run-Abc123", "/app/acme/net/runs/run-a", "ftp://h/app/acme/net/runs/run-a", "javascript:alert(1)",
		"https://user:pw@app.terraform.io/app/acme/net/runs/run-a", "https:///app/acme/net/runs/run-a",
		"https://h/app/acme/net/runs/run-a/../../x", "https://h/app/acme/n%2Ft/runs/run-a", "https://h/app/../net/runs/run-a",
		"https://h/app/acme/net/runs/run-", "https://h/app/acme/net/runs/acs-a", "https://h/app/acme/net/runs/run-a%0A",
		"https://h/app/acme/net/runs/run-a/plan", "https://h/x/acme/net/runs/run-a", "https://h/app/-x/net/runs/run-a",
		"https://h/app/acme/aggregated-commit-statuses/run-a", "https://h/app/acme/stacks/aggregated-commit-statuses/acs-a",
		"https://h/app/acme/net/runs/run-a\n", "https://h/app//net/runs/run-a",
		"https://h/app/acme/" + strings.Repeat("n", 129) + "/runs/run-a", "https://h/" + strings.Repeat("x/", 2000) + "app/acme/net/runs/run-a",
	} {
		if got, ok := ParseTarget(raw); ok {
			t.Errorf("%q gives %+v", raw, got)
		}
	}
}

func FuzzParseTarget(f *testing.F) {
	f.Add("https://app.terraform.io/app/acme/net-prod/runs/run-Abc123")
	f.Fuzz(func(t *testing.T, raw string) {
		if got, ok := ParseTarget(raw); ok && (!nameRE.MatchString(got.Organization) || got.Host == "") {
			t.Errorf("%q gives %+v", raw, got)
		}
	})
}
