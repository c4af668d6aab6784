package importid

import (
	"slices"
	"strings"
	"testing"
)

// TestFromARN holds the patterns to ARNs as the Service Authorization
// Reference documents them; what stands for a name there is a name here.
func TestFromARN(t *testing.T) {
	for _, f := range readTestTable(t, "arns.tsv", 4) {
		types, id, ok := FromARN(f[0])
		if !slices.Equal(types, list(f[1], ",")) || id != f[2] || ok != (f[1] != "") {
			t.Errorf("%s: %q, %q, %t, want %s, %s", f[0], types, id, ok, f[1], f[2])
		}
		if kind, ok := Kind(f[0]); !ok || kind != f[3] {
			t.Errorf("%s: kind %s, want %s", f[0], kind, f[3])
		}
	}
}

// oddExamples are rows whose documented import id is an ARN as AWS makes none:
// another service, another spelling.
var oddExamples = []string{
	"aws_comprehend_document_classifier", "aws_ssmcontacts_contact_channel", "aws_workspacesweb_browser_settings",
	"aws_workspacesweb_data_protection_settings", "aws_workspacesweb_identity_provider", "aws_workspacesweb_network_settings",
	"aws_workspacesweb_user_settings",
}

// TestExampleARNs: where a documented import id is an ARN, it is one of its type.
func TestExampleARNs(t *testing.T) {
	for _, row := range All() {
		if _, isARN := splitARN(row.Example); !isARN || len(row.ARNs) == 0 || slices.Contains(oddExamples, row.Type) || strings.Contains(row.Example, ",") {
			continue
		}
		types, id, ok := FromARN(row.Example)
		if !ok || !slices.Contains(types, row.Type) || id != row.Example {
			t.Errorf("%s: %s is %q, %q", row.Type, row.Example, types, id)
		}
	}
}

// TestPatternsAreReached: no pattern is hidden by others that say more.
func TestPatternsAreReached(t *testing.T) {
	for _, row := range All() {
		for _, form := range row.ARNs {
			service, resource, ok := strings.Cut(form.Pattern, ":")
			text := "arn:aws:" + service + ":us-east-1:123456789012:" + strings.NewReplacer("**", "x", "*", "x").Replace(resource)
			if types, _, found := FromARN(text); !ok || !found || !slices.Contains(types, row.Type) {
				t.Errorf("%s: %s is %q", row.Type, text, types)
			}
		}
	}
}

func TestNoARN(t *testing.T) {
	for _, text := range []string{"", "x", "arn", "arn:aws:s3", "arn:aws:s3:::", "arn::s3:::x", "arn:aws::::x", "urn:aws:s3:::x"} {
		if types, id, ok := FromARN(text); ok || types != nil || id != "" {
			t.Errorf("%q: %q, %q", text, types, id)
		}
		if kind, ok := Kind(text); ok || kind != "" {
			t.Errorf("%q: kind %q", text, kind)
		}
	}
}
