package match_test

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/strandline-tf/strandline/internal/fetch/statefile"
	"github.com/strandline-tf/strandline/internal/match"
	"github.com/strandline-tf/strandline/internal/model"
	"github.com/strandline-tf/strandline/internal/secret"
)

// fleet generates an organisation: resources over workspaces, and what exists.
type fleet struct{ workspaces, each int }

// object is the n-th resource of workspace w: what it is called, everywhere.
type object struct{ typ, id, arn, account, region, attributes string }

// state writes the state of one workspace, as Terraform does.
func (f fleet) state(out *bytes.Buffer, w int) {
	out.WriteString(`{"version":4,"terraform_version":"1.11.4","serial":42,"lineage":"4f0cdb43-1d5e-4d2c-9f0e-7a1f6d2c9b11","outputs":{},"resources":[`)
	for n := range f.each {
		o := f.object(w, n)
		if n > 0 {
			out.WriteByte(',')
		}
		fmt.Fprintf(out, "\n    {\"module\": \"module.m%d\", \"mode\": \"managed\", \"type\": %q, \"name\": \"r%d\", \"provider\": \"provider[\\\"registry.terraform.io/hashicorp/aws\\\"]\",\n"+
			"      \"instances\": [{\"schema_version\": 0, \"attributes\": %s, \"sensitive_attributes\": [], \"private\": \"bnVsbA==\", \"dependencies\": [\"module.m0.aws_vpc.main\"]}]}", n%7, o.typ, n, o.attributes)
	}
	out.WriteString("],\"check_results\":null}\n")
}

// hex is a number as ids have it, with 17 digits.
func hex(n int) string {
	const zeros = "00000000000000000"
	s := strconv.FormatInt(int64(n), 16)
	return zeros[len(s):] + s
}

// object is made without fmt, whose time would count as that of matching.
func (f fleet) object(w, n int) object {
	i := w*f.each + n
	number := strconv.Itoa(i)
	o := object{account: strconv.Itoa(100_000_000_000 + w/20), region: []string{"eu-west-1", "us-east-1", "ap-northeast-1"}[w%3]}
	tags := `"tags":{"Name":"n` + number + `","Env":"prod"},"tags_all":{"Name":"n` + number + `","Env":"prod","Owner":"team-` + strconv.Itoa(w%50) + `","ManagedBy":"terraform"}}`
	called := func() string { return `{"id":"` + o.id + `","arn":"` + o.arn + `",` }
	switch n % 5 {
	case 0:
		o.typ, o.id = "aws_instance", "i-"+hex(i)
		o.arn = "arn:aws:ec2:" + o.region + ":" + o.account + ":instance/" + o.id
		o.attributes = called() + `"ami":"ami-0123456789abcdef0","instance_type":"t3.small","vpc_security_group_ids":["sg-` + hex(w) + `"],"subnet_id":"subnet-` + hex(w) + `","root_block_device":[{"volume_id":"vol-` + hex(i) + `","volume_size":20}],"ebs_block_device":[],"primary_network_interface_id":"eni-` + hex(i) + `",` + tags
	case 1:
		o.typ, o.id = "aws_s3_bucket", "acme-"+number
		o.arn = "arn:aws:s3:::" + o.id
		o.attributes = called() + `"bucket":"` + o.id + `","region":"` + o.region + `","versioning":[{"enabled":true,"mfa_delete":false}],"policy":"","acl":null,` + tags
	case 2: // the same names in every account
		o.typ, o.id = "aws_iam_role", "role-"+strconv.Itoa(w%20)+"-"+strconv.Itoa(n)
		o.arn = "arn:aws:iam::" + o.account + ":role/" + o.id
		o.attributes = called() + `"name":"` + o.id + `","path":"/","assume_role_policy":"{\"Statement\":[{\"Action\":\"sts:AssumeRole\",\"Effect\":\"Allow\"}]}","managed_policy_arns":["arn:aws:iam::aws:policy/ReadOnlyAccess"],"inline_policy":[],` + tags
	case 3:
		o.typ, o.id = "aws_security_group", "sg-"+hex(i)
		o.arn = "arn:aws:ec2:" + o.region + ":" + o.account + ":security-group/" + o.id
		o.attributes = called() + `"name":"sg` + number + `","vpc_id":"vpc-` + hex(w) + `","ingress":[{"from_port":443,"to_port":443,"protocol":"tcp","cidr_blocks":["10.0.0.0/8"],"ipv6_cidr_blocks":[],"prefix_list_ids":[],"security_groups":[],"self":false,"description":""}],"egress":[],` + tags
	default:
		o.typ, o.id = "aws_cloudwatch_log_group", "/app/"+strconv.Itoa(w%20)+"/"+strconv.Itoa(n)
		o.arn = "arn:aws:logs:" + o.region + ":" + o.account + ":log-group:" + o.id
		o.attributes = called() + `"name":"` + o.id + `","retention_in_days":30,"kms_key_id":"",` + tags
	}
	return o
}

// run reads all states, two at a time, and judges as many objects, one in
// twenty of which no state has.
func (f fleet) run(tb testing.TB) match.Result {
	x := match.NewIndex()
	var group errgroup.Group
	group.SetLimit(2)
	buffers := sync.Pool{New: func() any { return &bytes.Buffer{} }}
	for w := range f.workspaces {
		group.Go(func() error {
			text := buffers.Get().(*bytes.Buffer)
			defer buffers.Put(text)
			text.Reset()
			f.state(text, w)
			_, err := statefile.Decode(io.Reader(text), &secret.Set{}, func(m model.Managed) error {
				m.Workspace = "workspace-" + strconv.Itoa(w)
				x.Add(m)
				return nil
			})
			return err
		})
	}
	if err := group.Wait(); err != nil {
		tb.Fatal(err)
	}
	j := x.NewJudge(match.Options{})
	j.Listed("aws_instance", "aws_s3_bucket", "aws_iam_role", "aws_security_group", "aws_cloudwatch_log_group")
	for w := range f.workspaces {
		for n := range f.each {
			o := f.object(w, n)
			if (n+w)%20 == 7 {
				o.attributes = strings.ReplaceAll(o.attributes, o.id, o.id+"-by-hand")
				o.id += "-by-hand"
			}
			j.Add(model.Object{Provider: "aws", Type: o.typ, ID: o.id, Account: o.account, Region: o.region, Source: "aws", Attributes: model.Value(o.attributes)})
		}
	}
	return j.Result()
}

// STRANDLINE_FLEET=1000000 go test ./internal/match -run Fleet -v
func TestFleet(t *testing.T) {
	size := 20_000
	if n, err := strconv.Atoi(os.Getenv("STRANDLINE_FLEET")); err == nil {
		size = n
	}
	f := fleet{workspaces: max(size/500, 1), each: 500}
	begin := time.Now()
	r := f.run(t)
	t.Logf("%d instances and objects: %s, peak %s", size, time.Since(begin).Round(time.Millisecond), peak())
	if c := r.Coverage; c.Managed != size || c.Unmanaged+c.Ignored != size/20 {
		t.Errorf("%+v", c.Covered)
	}
}

// peak is the most memory that the process had, where the system tells.
func peak() string {
	status, _ := os.ReadFile("/proc/self/status")
	for line := range strings.Lines(string(status)) {
		if v, ok := strings.CutPrefix(line, "VmHWM:"); ok {
			return strings.TrimSpace(v)
		}
	}
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return fmt.Sprint(m.Sys)
}
