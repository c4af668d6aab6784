package tfc

import (
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/strandline-tf/strandline/internal/model"
)

// The logs were written by Terraform 1.11.4, for three kinds of reader, except
// for module.log.
func TestParseLog(t *testing.T) {
	check := model.Diagnostic{Severity: "warning", Summary: "Check block assertion failed", Detail: "The password is not the other one.",
		File: "main.tf", Line: 8, Snippet: `    condition     = var.pw == "other"`}
	short := model.Diagnostic{Severity: "error", Summary: "Resource precondition failed",
		Detail: "Too short: it has to have more than 100 characters.\nAsk the platform team.",
		File:   "main.tf", Line: 17, Snippet: `      condition     = length(var.pw) > 100`}
	for file, want := range map[string][]model.Diagnostic{
		"structured.log": {check, short},
		"terminal.log":   {check, short},
		"nocolor.log":    {check, short},
		"module.log": {{Severity: "error", Summary: "creating S3 Bucket (logs): BucketAlreadyExists",
			Detail:  "Error: this is a line of the detail, no second error.",
			Address: `module.a["x"].aws_s3_bucket.logs`, File: "modules/a/main.tf", Line: 12, Snippet: `resource "aws_s3_bucket" "logs" {`}},
	} {
		t.Run(file, func(t *testing.T) {
			log, err := os.ReadFile("testdata/log/" + file)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(want, parseLog(log)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestParseLogOfAnything(t *testing.T) {
	for name, log := range map[string]string{
		"empty":     "",
		"framing":   "\x02\x03",
		"binary":    "\x00\xff\xfe{\x02│╷╵",
		"not json":  "{\n{]\n{\"type\":\"diagnostic\"}\n{\"type\":\"diagnostic\",\"diagnostic\":7}\n",
		"open box":  "╷\n│\n",
		"no errors": "Refreshing state...\nPlan: 1 to add\n",
	} {
		if got := parseLog([]byte(log)); len(got) > 0 {
			t.Errorf("%s: %+v", name, got)
		}
	}
	if got := parseLog([]byte(strings.Repeat("Error: x\n", 3*maxDiagnostics))); len(got) != maxDiagnostics {
		t.Errorf("%d diagnostics are kept", len(got))
	}
}

func FuzzParseLog(f *testing.F) {
	for _, file := range []string{"structured.log", "terminal.log", "nocolor.log", "module.log"} {
		log, err := os.ReadFile("testdata/log/" + file)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(log)
	}
	f.Fuzz(func(t *testing.T, log []byte) {
		for _, d := range parseLog(log) {
			if d.Severity == "" || d.Summary == "" {
				t.Errorf("%+v", d)
			}
		}
	})
}
