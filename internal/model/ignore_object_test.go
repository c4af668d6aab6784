package model

import (
	"strings"
	"testing"
	"time"
)

// The last line that covers an object counts, a line with a type and nothing
// else all objects of the type, whether it ignores or takes back.
func TestIgnoresObject(t *testing.T) {
	for _, tc := range []struct{ file, object, want string }{
		{"aws_s3_bucket", "aws_s3_bucket logs", "aws_s3_bucket"},
		{"aws_s3_bucket", "aws_s3_bucket_policy logs", ""},
		{"aws_s3_bucket", "aws_s3_bucket a.b", "aws_s3_bucket"},
		{"*\n!aws_s3_bucket", "aws_s3_bucket logs", "!aws_s3_bucket"},
		{"*\n!aws_s3_bucket", "aws_s3_bucket_policy logs", "*"},
		{"*\n!aws_s3_bucket.*", "aws_s3_bucket logs", "!aws_s3_bucket.*"},
		{"*\n!aws_s3_bucket.logs", "aws_s3_bucket other", "*"},
		{"!aws_s3_bucket\naws_s3_bucket.logs", "aws_s3_bucket logs", "aws_s3_bucket.logs"},
		{"aws_s3_bucket.a\\.b", "aws_s3_bucket a.b", `aws_s3_bucket.a\.b`},
	} {
		rules, err := ParseIgnore(".strandlineignore", strings.NewReader(tc.file))
		if err != nil {
			t.Fatal(err)
		}
		active, _ := Active(rules, time.Time{})
		typ, id, _ := strings.Cut(tc.object, " ")
		got := ""
		if r := IgnoresObject(active, typ, id); r != nil {
			got = r.Text
		}
		if got != tc.want {
			t.Errorf("%q on %s: %q, want %q", tc.file, tc.object, got, tc.want)
		}
	}
}
