package propose

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/strandline-tf/strandline/internal/model"
)

// TestImportWorkspacesUnknown chooses among workspaces that not all is known of:
// where nobody knows what one manages, or where, nothing speaks for it.
func TestImportWorkspacesUnknown(t *testing.T) {
	workspace := func(name, account, region string, types ...string) Target {
		return profile(name, account, region, func(p *model.Profile) {
			p.Accounts, p.Regions, p.Types = map[string]int{}, map[string]int{}, map[string]int{}
			if account != "" {
				p.Accounts[account] = 1
			}
			if region != "" {
				p.Regions[region] = 1
			}
			for _, typ := range types {
				p.Types[typ]++
			}
			p.Resources = len(types)
		})
	}
	net := workspace("net", "1", "a", "aws_sqs_queue")
	buckets := workspace("buckets", "", "", "aws_s3_bucket")
	roles := workspace("roles", "1", "", "aws_iam_role")
	monitors := workspace("monitors", "", "", "datadog_monitor")
	empty := workspace("empty", "", "")
	tagged := workspace("tagged", "", "", "aws_s3_bucket")
	tagged.Profile.Tags["team=a"] = 1
	near, far := `aws_sqs_queue x {"account":"1","region":"a"}`, `aws_sqs_queue x {"account":"1","region":"b","tags":{"team":"a"}}`
	for name, tc := range map[string]struct {
		targets   []Target
		line      string
		workspace string
		why       string
	}{
		"known to be there":        {[]Target{net, monitors}, `aws_sns_topic x {"account":"1","region":"a"}`, "net", "`net` is the only workspace with resources in account `1`, `a`"},
		"like one":                 {[]Target{net, monitors}, near, "net", "like `net` in account `1`, `a`: resources of the same type"},
		"nothing but buckets":      {[]Target{net, buckets}, far, "", "no workspace is known to have resources in account `1`, `b`"},
		"like nothing but buckets": {[]Target{net, tagged}, far, "tagged", "like `tagged`: the tag `team=a`"},
		"hardly like":              {[]Target{net, buckets}, `aws_s3_bucket x {"account":"1","region":"b"}`, "", "no workspace is known to have resources in account `1`, `b`"},
		"nothing but roles":        {[]Target{roles, empty}, `aws_sqs_queue x {"region":"b"}`, "", "no workspace is known to have resources in `b`"},
		"a role":                   {[]Target{roles, monitors}, `aws_iam_group x {"account":"1","region":"b"}`, "roles", "`roles` is the only workspace with resources in account `1`"},
		"another provider's":       {[]Target{net, monitors}, far, "", "no workspace has resources in account `1`, `b`"},
		"others' only":             {[]Target{monitors, workspace("more", "", "", "shore_bucket")}, far, "", "no workspace has resources of the provider `aws`"},
		"empty ones":               {[]Target{empty, workspace("void", "", "")}, `aws_sqs_queue x {"name":"x"}`, "", "no workspace has resources of the provider `aws`"},
		"no account, no region":    {[]Target{net, monitors}, `aws_sns_topic x {"name":"x"}`, "", "nothing says which workspace it belongs to"},
		"the only one":             {[]Target{net}, near, "net", "`net` is the only workspace"},
		"the only one, elsewhere":  {[]Target{net}, far, "", "no workspace has resources in account `1`, `b`"},
		"the only one, empty":      {[]Target{empty}, near, "empty", "`empty` is the only workspace"},
		"the only one, of another": {[]Target{monitors}, near, "", "the workspace `monitors` has no provider `aws`: add it to required_providers"},
	} {
		t.Run(name, func(t *testing.T) {
			objects := unmanaged(tc.line)
			Imports(objects, ImportOptions{Workspaces: tc.targets})
			s := objects[0].Suggestion
			if s.Workspace != tc.workspace || s.Why != tc.why {
				t.Errorf("%q: %s, want %q: %s", s.Workspace, s.Why, tc.workspace, tc.why)
			}
			if isLeft := name == "the only one, of another"; isLeft != (s.To == "") {
				t.Errorf("imported as %q", s.To)
			}
		})
	}
}

func TestNamePrefixes(t *testing.T) {
	for _, tc := range []struct {
		id, name string
		want     []string
	}{
		{"shop-prod-api", "", []string{"shop", "shop-prod"}},
		{"/shop/prod/api", "", []string{"shop", "shop/prod"}},
		{"https://sqs.eu-west-1.amazonaws.com/123456789012/jobs", "", nil},
		{"https://sqs.eu-west-1.amazonaws.com/123456789012/shop-jobs", "", []string{"shop"}},
		{"https://sqs.eu-west-1.amazonaws.com/123456789012/shop-jobs", "blog-jobs", []string{"blog"}},
		{"arn:aws:sns:eu-west-1:123456789012:shop-prod-alarms", "", []string{"shop", "shop-prod"}},
		{"arn:aws:elasticloadbalancing:eu-west-1:123456789012:loadbalancer/app/shop-web/50dc6c495c0c9188", "", []string{"shop"}},
		{"arn:aws:ec2:eu-west-1:123456789012:vpc/vpc-0123456789abcdef0", "", nil},
		{"vpc-0123456789abcdef0", "", nil},
	} {
		if diff := cmp.Diff(tc.want, namePrefixes(&model.Object{ID: tc.id, Name: tc.name})); diff != "" {
			t.Errorf("%s: %s", tc.id, diff)
		}
	}
}
