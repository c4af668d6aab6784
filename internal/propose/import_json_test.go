package propose

import (
	"strings"
	"testing"
)

// TestImportJSON adopts into a folder whose configuration is JSON.
func TestImportJSON(t *testing.T) {
	for name, tc := range map[string]struct {
		file     string
		override string
		want     string // in the blocks of the one object, or why it is left out
	}{
		"a name":              {file: `{"resource":{"aws_s3_bucket":{"logs":{"bucket":"x"}}}}`, want: "to = aws_s3_bucket.logs_4fb697 id"},
		"in lists":            {file: `[{"resource":[{"aws_s3_bucket":[{"logs":[{"bucket":"x"}]}]}]}]`, want: "to = aws_s3_bucket.logs_4fb697 id"},
		"no name":             {file: `{"resource":{"aws_s3_bucket":{"//":"logs"}},"//":{"resource":{"aws_s3_bucket":{"logs":{}}}}}`, want: "to = aws_s3_bucket.logs id"},
		"an import":           {file: `{"import":{"to":"aws_s3_bucket.mine","id":"logs"}}`, want: "it is in the configuration already: `aws_s3_bucket.mine`, imported in `main.tf.json`"},
		"an import, wrapped":  {file: `{"import":[{"to":"${aws_s3_bucket.mine}","id":"logs"}]}`, want: "it is in the configuration already"},
		"an import of others": {file: `{"import":[{"to":"aws_s3_bucket.mine","id":"${var.id}"}]}`, want: "to = aws_s3_bucket.logs id"},
		"another provider":    {file: `{"terraform":{"required_providers":{"shore":{"source":"x/shore"}}}}`, want: "the workspace `w` has no provider `aws`"},
		"another, in use":     {file: `{"data":{"shore_image":{"x":{}}}}`, want: "the workspace `w` has no provider `aws`"},
		"under another name":  {file: `{"terraform":[{"required_providers":[{"cloud":{"source":"hashicorp/aws"}}]}]}`, want: "provider = cloud id"},
		"an alias": {file: `{"provider":{"aws":[{"region":"eu-west-1"},{"alias":"b","region":"us-east-1","assume_role":{"role_arn":"arn:aws:iam::1:role/x"}}]}}`,
			want: "provider = aws.b id"},
		"overridden": {file: `{"provider":{"aws":{"alias":"b","region":"eu-west-1"}}}`, override: `{"provider":{"aws":{"alias":"b","region":"us-east-1"}}}`,
			want: "provider = aws.b id"},
		"a template":      {file: `{"provider":{"aws":{"alias":"b","region":"${var.region}"}}}`, want: "to = aws_s3_bucket.logs id"},
		"a variable":      {file: `{"variable":{"logs_bucket":{}}}`, want: "bucket = var.bucket_logs_bucket"},
		"broken":          {file: `{"terraform":{"required_providers":{"shore":{}}},`, want: "to = aws_s3_bucket.logs id"},
		"not even close":  {file: "terraform {}", want: "to = aws_s3_bucket.logs id"},
		"no object":       {file: "5", want: "to = aws_s3_bucket.logs id"},
		"deep":            {file: strings.Repeat("[", 1<<20), want: "to = aws_s3_bucket.logs id"},
		"of wrong shapes": {file: `{"resource":5,"import":[null,{"to":"a b"},{}],"provider":{"aws":[null,7]},"variable":[[]],"terraform":{"required_providers":[3]}}`, want: "to = aws_s3_bucket.logs id"},
	} {
		t.Run(name, func(t *testing.T) {
			objects := unmanaged(`aws_s3_bucket logs {"region":"us-east-1","tags":{"a":"b"}}`)
			objects[0].Object.Sensitive, objects[0].Object.Provider = []string{"bucket"}, "hashicorp/aws"
			folder := map[string][]byte{"main.tf.json": []byte(tc.file)}
			if tc.override != "" {
				folder["a_override.tf.json"] = []byte(tc.override)
			}
			a := Imports(objects, ImportOptions{Into: "w", Variables: true, Workspaces: []Target{{Name: "w", Files: folder}}})
			got := objects[0].Suggestion.Why
			if b := a.Batch("w"); len(a.Left) == 0 {
				got = strings.Join(strings.Fields(b.Blocks(b.Resources()[0].Address)), " ")
				if unread := name == "broken" || name == "not even close" || name == "no object" || name == "deep"; b.folder.unread != unread {
					t.Error("unread:", b.folder.unread)
				}
			}
			if !strings.Contains(got, tc.want) {
				t.Errorf("no %s in %s", tc.want, got)
			}
		})
	}
	// What adopt writes doesn't meet the file, and it can be referred to.
	objects := unmanaged(`aws_s3_bucket_policy logs {"bucket":"logs"}`)
	find := func(q Query) (Place, bool) {
		return Place{"w", "aws_s3_bucket.x", "aws_s3_bucket"}, q.ID == "logs" && q.Type == "aws_s3_bucket"
	}
	target := profile("w", "", "", nil)
	target.Profile.Types["aws_s3_bucket"] = 1
	target.Files = map[string][]byte{"s3.tf.json": []byte(`{"resource":{"aws_s3_bucket":{"x":{}}}}`)}
	b := Imports(objects, ImportOptions{Into: "w", Find: find, Workspaces: []Target{target}}).Batch("w")
	if files := b.Files(); len(files) != 2 || files[1].Path != "s3.tf" || !strings.Contains(files[1].Content, "= aws_s3_bucket.x.") {
		t.Error(files)
	}
}
