package propose

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/strandline-tf/strandline/internal/model"
)

// TestImportLacksProvider leaves out what the workspace has no provider for.
func TestImportLacksProvider(t *testing.T) {
	shore := map[string]int{"shore_bucket": 2}
	const required = "terraform {\n required_providers {\n  shore = { source = \"x/shore\" }\n }\n}\n"
	for name, tc := range map[string]struct {
		files    map[string]string // nil: not known
		types    map[string]int
		provider string
		typ      string
		want     string // a part of why it is left out, "" where it isn't
	}{
		"another provider":          {files: map[string]string{"main.tf": required}, typ: "aws_s3_bucket", want: "the workspace `w` has no provider `aws`: add it to required_providers"},
		"by the state alone":        {types: shore, typ: "aws_s3_bucket", want: "no provider `aws`"},
		"by a provider block":       {files: map[string]string{"main.tf": "provider \"shore\" {}\n"}, typ: "aws_s3_bucket", want: "no provider `aws`"},
		"by resources":              {files: map[string]string{"main.tf": "resource \"shore_bucket\" \"x\" {}\n"}, typ: "aws_s3_bucket", want: "no provider `aws`"},
		"by its own name":           {files: map[string]string{"main.tf": required}, typ: "shore_bucket"},
		"under another name":        {files: map[string]string{"main.tf": strings.Replace(required, "shore =", "beach =", 1)}, provider: "x/shore", typ: "shore_bucket"},
		"named, from elsewhere":     {files: map[string]string{"main.tf": strings.Replace(required, "shore =", "beach =", 1)}, provider: "y/shore", typ: "shore_bucket", want: "no provider `y/shore`"},
		"set up, not required":      {files: map[string]string{"main.tf": required + "provider \"aws\" {}\n"}, typ: "aws_s3_bucket"},
		"used, not required":        {files: map[string]string{"main.tf": required + "data \"aws_region\" \"x\" {}\n"}, typ: "aws_s3_bucket"},
		"in the state":              {files: map[string]string{"main.tf": required}, types: map[string]int{"aws_vpc": 1}, typ: "aws_s3_bucket"},
		"an empty folder":           {files: map[string]string{}, typ: "aws_s3_bucket"},
		"an empty folder, not HC's": {files: map[string]string{}, provider: "x/shore", typ: "shore_bucket", want: "no provider `x/shore`"},
		"nothing known":             {typ: "aws_s3_bucket"},
		"a file nobody can read":    {files: map[string]string{"main.tf": required, "more.tf": "{"}, typ: "aws_s3_bucket"},
		"built in":                  {files: map[string]string{"main.tf": required}, typ: "terraform_data"},
	} {
		t.Run(name, func(t *testing.T) {
			target := Target{Name: "w"}
			if tc.types != nil {
				target.Profile = model.Profile{Workspace: "w", Resources: 2, Types: tc.types}
			}
			if tc.files != nil {
				target.Files = map[string][]byte{}
				for name, text := range tc.files {
					target.Files[name] = []byte(text)
				}
			}
			objects := unmanaged(tc.typ + " x")
			objects[0].Object.Provider = tc.provider
			a := Imports(objects, ImportOptions{Into: "w", Workspaces: []Target{target}})
			switch {
			case tc.want == "" && len(a.Left) > 0:
				t.Error(a.Left)
			case tc.want != "" && (len(a.Left) != 1 || !strings.Contains(a.Left[0].Why, tc.want) || len(a.Batch("w").Files()) > 0):
				t.Error(a.Left, a.Batch("w").Files())
			}
		})
	}
}

// TestImportKeepsOwn runs once more over files that have been mended since: they
// stay as they are, byte for byte, and can still be mended.
func TestImportKeepsOwn(t *testing.T) {
	lines := []string{
		`aws_vpc vpc-00000001 {"cidr_block":"10.0.0.0/16"}`,
		`aws_subnet subnet-00000001 {"vpc_id":"vpc-00000001","cidr_block":"10.0.0.0/24","tags":{"Env":"told"},"told":"wrong"}`,
	}
	folder := map[string][]byte{}
	run := func(lines ...string) *Batch {
		return Imports(unmanaged(lines...), ImportOptions{Into: "w", Workspaces: []Target{{Name: "w", Files: folder}}}).Batch("w")
	}
	write := func(b *Batch) {
		for _, f := range b.Files() {
			folder[f.Path] = []byte(f.Content)
		}
	}
	const subnet = "aws_subnet.subnet_00000001"
	b := run(lines...)
	if !b.Drop(subnet, "told") || !b.Set(subnet, "tags.Env", model.Value(`"real"`)) || !b.IgnoreChanges(subnet, "tags", "are set elsewhere") {
		t.Fatal("not mended")
	}
	write(b)
	before := maps.Clone(folder)
	write(run(lines[1], lines[0]))
	if diff := cmp.Diff(before, folder); diff != "" {
		t.Fatal(diff)
	}
	b = run(lines...)
	if r := b.Resources()[0]; !slices.Equal(r.Ignored, []string{"tags"}) {
		t.Errorf("%+v", r)
	}
	if !b.Set(subnet, "cidr_block", model.Value(`"10.0.1.0/24"`)) {
		t.Fatal("can't be mended again")
	}
	text := b.Blocks(subnet)
	for _, want := range []string{"= aws_vpc.vpc_00000001.id\n", `"10.0.1.0/24"`, `Env = "real"`, "# tags are set elsewhere\n"} {
		if !strings.Contains(text, want) {
			t.Errorf("no %s in\n%s", want, text)
		}
	}
	if strings.Contains(text, "told") {
		t.Error(text)
	}
	b = run(lines...)
	if !b.Remove("aws_vpc.vpc_00000001", "gone") || !strings.Contains(b.Blocks(subnet), `"vpc-00000001"`) {
		t.Error(b.Blocks(subnet))
	}
	// An inventory that no longer tells what the block refers to.
	b = run(lines[0], `aws_subnet subnet-00000001`)
	if !b.Drop(subnet, "cidr_block") || !strings.Contains(b.Blocks(subnet), "= aws_vpc.vpc_00000001.id\n") || b.Drop(subnet, "vpc_id.x") {
		t.Error(b.Blocks(subnet))
	}
}

// TestImportDiscard lets go of what an earlier run wrote, but not of what is in
// the state by now.
func TestImportDiscard(t *testing.T) {
	folder := map[string][]byte{}
	for _, managed := range [][]string{nil, {"aws_s3_bucket.logs"}} {
		b := Imports(unmanaged("aws_s3_bucket logs", `aws_s3_bucket data {"bucket":"data"}`),
			ImportOptions{Into: "w", Workspaces: []Target{{Name: "w", Files: folder, Addresses: managed}}}).Batch("w")
		if len(folder) == 0 {
			for _, f := range b.Files() {
				folder[f.Path] = []byte(f.Content)
			}
			continue
		}
		for _, discard := range []bool{false, true} {
			if discard && !b.Discard("aws_s3_bucket.logs", "gone") {
				t.Fatal("not discarded")
			}
			if text := b.Files()[0].Content; !strings.Contains(text, "aws_s3_bucket.logs") {
				t.Error(text)
			}
		}
	}
	b := Imports(unmanaged("aws_s3_bucket logs"), ImportOptions{Into: "w", Workspaces: []Target{{Name: "w", Files: folder}}}).Batch("w")
	if b.Discard("aws_s3_bucket.logs", "gone"); strings.Contains(b.Files()[0].Content, "aws_s3_bucket.logs") {
		t.Error(b.Files()[0].Content)
	}
}

// TestImportUnsettable writes only what can be set where there is no schema to tell.
func TestImportUnsettable(t *testing.T) {
	for line, want := range map[string]string{
		`aws_s3_bucket b {"bucket":"b","bucket_domain_name":"x","bucket_regional_domain_name":"y","hosted_zone_id":"z","arn":"a"}`:                                              "bucket",
		`aws_instance i {"ami":"a","private_dns":"x","private_ip":"10.0.0.1","public_dns":"d","public_ip":"1.2.3.4","instance_state":"r","primary_network_interface_id":"e"}`:   "ami private_ip",
		`aws_lambda_function f {"function_name":"f","invoke_arn":"x","qualified_arn":"q","qualified_invoke_arn":"q","source_code_size":5,"version":"1","last_modified":"2020"}`: "function_name",
		`aws_sqs_queue q {"name":"q","name_prefix":"q","url":"u","redrive_policy":"p"}`:                                                                                         "name redrive_policy",
		`aws_subnet s {"availability_zone":"a","availability_zone_id":"z","vpc_id":"v"}`:                                                                                        "availability_zone vpc_id",
		`aws_subnet s {"availability_zone":"","availability_zone_id":"z"}`:                                                                                                      "availability_zone_id",
		`aws_sns_topic t {"owner":"1","name":"t","arn":"a","fifo_topic":true}`:                                                                                                  "fifo_topic name",
		`aws_sns_topic_policy p {"arn":"a","policy":"p","id":"a"}`:                                                                                                              "arn policy",
		`aws_instance i {"ami":"a","placement_group":"p","placement_group_id":"pg-1"}`:                                                                                          "ami placement_group",
		`aws_fms_policy f {"resource_type":"ResourceTypeList","resource_type_list":["AWS::EC2::VPC"]}`:                                                                          "resource_type_list",
		`aws_ami a {"name":"a","image_location":"1/a","ebs_block_device":[]}`:                                                                                                   "image_location name",
		`aws_route53_record r {"zone_id":"z","fqdn":"f"}`:                                                                                                                       "zone_id",
		`shore_bucket b {"name":"b","name_prefix":"p","url":"u"}`:                                                                                                               "name name_prefix url",
	} {
		b := Imports(unmanaged(line), ImportOptions{}).Batch("")
		src, ok := parse("x.tf", []byte(b.Blocks(b.Resources()[0].Address)))
		if !ok {
			t.Fatal(line)
		}
		if got := strings.Join(slices.Sorted(maps.Keys(src.body.Blocks[1].Body.Attributes)), " "); got != want {
			t.Errorf("%s: %s, want %s", line, got, want)
		}
	}
}

// TestComputedTable holds the table to its form.
func TestComputedTable(t *testing.T) {
	before := ""
	for i, line := range strings.Split(strings.TrimSuffix(computedTable, "\n"), "\n") {
		column := strings.Split(line, "\t")
		if len(column) != 3 || i > 0 && (column[0] <= before || !strings.HasPrefix(column[0], "aws_") || column[1]+column[2] == "") {
			t.Errorf("line %d: %q", i+1, line)
			continue
		}
		if i > 0 {
			before = column[0]
		}
		names := strings.Fields(column[1])
		if i > 0 && (!slices.IsSorted(names) || slices.ContainsFunc(names, isComputed) || len(slices.Compact(slices.Clone(names))) < len(names)) {
			t.Errorf("%s: not sorted, twice, or told by isComputed: %v", column[0], names)
		}
		for _, pair := range strings.Fields(column[2]) {
			if a, b, ok := strings.Cut(pair, ">"); i > 0 && (!ok || a == b || slices.Contains(names, a) || slices.Contains(names, b)) {
				t.Errorf("%s: %s", column[0], pair)
			}
		}
	}
	if len(unsettable()) < 400 {
		t.Error(len(unsettable()))
	}
}

// TestImportNameOfAttributes takes the name that the attributes tell where the
// inventory tells none.
func TestImportNameOfAttributes(t *testing.T) {
	objects := unmanaged(`aws_sqs_queue https://sqs.eu-west-1.amazonaws.com/123456789012/x {"name":"q"}`, `shore_instance i-zz {"other":1}`)
	objects[0].Object.Name = ""
	objects[1].Object.Attributes = model.Value(`{"name":5}`)
	b := Imports(objects, ImportOptions{}).Batch("")
	if got := []string{b.Resources()[0].Address, b.Resources()[1].Address}; !slices.Equal(got, []string{"aws_sqs_queue.q", "shore_instance.i_zz"}) {
		t.Error(got)
	}
}
