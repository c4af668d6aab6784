package aws

import (
	"context"
	"errors"
	"fmt"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/strandline-tf/strandline/internal/fetch/inventory"
	"github.com/strandline-tf/strandline/internal/model"
	"github.com/strandline-tf/strandline/internal/model/importid"
	"github.com/strandline-tf/strandline/internal/secret"
	"github.com/strandline-tf/strandline/internal/userfault"
)

// ids are the types and ids of objects with their account and region, sorted.
func ids(objects []model.Object) []string {
	var all []string
	for _, o := range objects {
		all = append(all, strings.TrimSpace(fmt.Sprintf("%s %s %s %s", o.Type, o.ID, o.Account, o.Region)))
	}
	slices.Sort(all)
	return all
}

func same(t *testing.T, got, want any) {
	t.Helper()
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
}

func TestObjects(t *testing.T) {
	secrets := &secret.Set{}
	f := &fake{answer: func(q request) any {
		switch q.TypeName + " " + q.Region + q.NextToken {
		case "AWS::SQS::Queue us-east-1":
			return page("two", "https://sqs/1", `{"QueueUrl":"https://sqs/1","QueueName":"a","Arn":"arn:aws:sqs:us-east-1:111111111111:a",
				"Tags":[{"Key":"Env","Value":"x"},{"Key":"aws:cloudformation:stack-name","Value":"s"}],"KmsMasterKeyId":null,"DelaySeconds":5}`)
		case "AWS::SQS::Queue us-east-1two":
			return page("", "https://sqs/2", `{"QueueUrl":"https://sqs/2"}`)
		case "AWS::SQS::Queue eu-west-1":
			return page("", "https://sqs/3", `{"QueueUrl":"https://sqs/3","Tags":{"Name":"third"}}`)
		case "AWS::IAM::Role us-east-1":
			return page("", "admin", `{"RoleName":"admin","AssumeRolePolicyDocument":{"Version":"2012-10-17","Statement":[]}}`)
		case "AWS::RDS::DBInstance us-east-1":
			return page("", "db", `{"DBInstanceIdentifier":"db","MasterUserPassword":"correct-horse","Engine":"postgres"}`)
		case "AWS::Deadline::Farm us-east-1":
			return page("", "c1", `{"FarmId":"c1","Ipv6Address":"::1","Arn":"arn:aws:deadline:us-east-1:111111111111:farm/c1"}`)
		}
		return nil
	}}
	objects, listing, err := collect(t, f, Options{
		Regions: []string{"us-east-1", "eu-west-1"}, Secrets: secrets,
		Types: only("aws_sqs_queue", "aws_iam_role", "aws_db_instance", "awscc_deadline_farm"),
	})
	if err != nil {
		t.Fatal(err)
	}
	same(t, ids(objects), []string{
		"aws_db_instance db 111111111111 us-east-1",
		"aws_iam_role admin 111111111111",
		"aws_sqs_queue https://sqs/1 111111111111 us-east-1",
		"aws_sqs_queue https://sqs/2 111111111111 us-east-1",
		"aws_sqs_queue https://sqs/3 111111111111 eu-west-1",
		"awscc_deadline_farm c1 111111111111 us-east-1",
	})
	if len(listing.Problems)+len(listing.Notes) > 0 {
		t.Error(listing.Problems, listing.Notes)
	}
	for _, o := range objects {
		switch o.ID {
		case "https://sqs/1":
			same(t, o, model.Object{
				Provider: "aws", Type: "aws_sqs_queue", ID: o.ID, ARN: "arn:aws:sqs:us-east-1:111111111111:a", Name: "a", Account: "111111111111", Region: "us-east-1",
				Tags: map[string]string{"Env": "x", "aws:cloudformation:stack-name": "s"}, Source: "aws",
				Attributes: model.Value(`{"arn":"arn:aws:sqs:us-east-1:111111111111:a","delay_seconds":5,"queue_name":"a","queue_url":"https://sqs/1","tags":{"Env":"x"}}`),
			})
		case "https://sqs/3":
			same(t, o.Name, "third")
		case "admin":
			same(t, string(o.Attributes), `{"assume_role_policy_document":"{\"Statement\":[],\"Version\":\"2012-10-17\"}","role_name":"admin"}`)
		case "db":
			same(t, string(o.Attributes), `{"db_instance_identifier":"db","engine":"postgres"}`)
			same(t, o.Sensitive, []string{"master_user_password"})
		case "c1":
			same(t, o.Provider, "awscc")
			same(t, string(o.Attributes), `{"arn":"arn:aws:deadline:us-east-1:111111111111:farm/c1","farm_id":"c1","ipv_6_address":"::1"}`)
		}
	}
	if secrets.Text("correct-horse") == "correct-horse" {
		t.Error("the password is not withheld")
	}
	if n := f.times(func(q request) bool { return q.TypeName == "AWS::IAM::Role" }); n == 0 || n > 2 {
		t.Errorf("roles were asked for %d times", n)
	}
}

// TestParents: what is listed within others, three deep, and OUs within OUs.
func TestParents(t *testing.T) {
	lb, listener := "arn:aws:elasticloadbalancing:us-east-1:111111111111:loadbalancer/app/a/1", "arn:aws:elasticloadbalancing:us-east-1:111111111111:listener/app/a/1/2"
	f := &fake{answer: func(q request) any {
		switch q.TypeName + q.ResourceModel {
		case "AWS::ElasticLoadBalancingV2::LoadBalancer":
			return page("", lb, `{"LoadBalancerArn":"`+lb+`","Name":"a"}`)
		case `AWS::ElasticLoadBalancingV2::Listener{"LoadBalancerArn":"` + lb + `"}`:
			return page("", listener, `{}`)
		case `AWS::ElasticLoadBalancingV2::ListenerRule{"ListenerArn":"` + listener + `"}`:
			return page("", listener+"/r", `{"RuleArn":"`+listener+`/r","Priority":1}`)
		case "AWS::Organizations::Organization":
			return page("", "o-1", `{"Id":"o-1","RootId":"r-1"}`)
		case `AWS::Organizations::OrganizationalUnit{"ParentId":"r-1"}`:
			return page("", "ou-1", `{"Id":"ou-1","Name":"x"}`)
		case `AWS::Organizations::OrganizationalUnit{"ParentId":"ou-1"}`:
			return page("", "ou-2", `{"Id":"ou-2","Name":"y"}`)
		}
		return nil
	}}
	objects, listing, err := collect(t, f, Options{Regions: []string{"us-east-1"}, Types: only("aws_lb_listener_rule", "aws_organizations_organizational_unit")})
	if err != nil || len(listing.Problems) > 0 {
		t.Fatal(err, listing.Problems)
	}
	same(t, ids(objects), []string{
		"aws_lb_listener_rule " + listener + "/r 111111111111 us-east-1",
		"aws_organizations_organizational_unit ou-1 111111111111", "aws_organizations_organizational_unit ou-2 111111111111",
	})
	if !slices.Contains(listing.Types, "aws_lb_listener_rule") || slices.Contains(listing.Types, "aws_lb") {
		t.Errorf("types: %v", listing.Types)
	}
}

// TestSeveralParents: a type that is listed within objects of several types,
// and within one that two of them give only once; within pairs of properties
// of the same object; and within what its parent was itself listed within.
func TestSeveralParents(t *testing.T) {
	service, listener := "arn:aws:vpc-lattice:us-east-1:111111111111:service/svc-1", "arn:aws:vpc-lattice:us-east-1:111111111111:service/svc-1/listener/listener-1"
	f := &fake{answer: func(q request) any {
		switch q.TypeName + q.ResourceModel {
		case "AWS::Outposts::Outpost":
			return page("", "arn:op-1", `{"OutpostArn":"arn:op-1","OutpostId":"op-1"}`)
		case "AWS::S3Outposts::Endpoint":
			return page("", "arn:e1", `{"Arn":"arn:e1","OutpostId":"op-1"}`, "arn:e2", `{"Arn":"arn:e2","OutpostId":"op-2"}`)
		case `AWS::S3Outposts::Bucket{"OutpostId":"op-1"}`:
			return page("", "arn:b1", `{"Arn":"arn:b1"}`)
		case `AWS::S3Outposts::Bucket{"OutpostId":"op-2"}`:
			return page("", "arn:b2", `{"Arn":"arn:b2"}`)
		case "AWS::DataZone::Domain":
			return page("", "dzd-1", `{"Id":"dzd-1","RootDomainUnitId":"root"}`)
		case `AWS::DataZone::DomainUnit{"DomainIdentifier":"dzd-1","ParentDomainUnitIdentifier":"root"}`:
			return page("", "dzd-1|unit", `{"DomainId":"dzd-1","Id":"unit"}`)
		case `AWS::DataZone::DomainUnit{"DomainIdentifier":"dzd-1","ParentDomainUnitIdentifier":"unit"}`:
			return page("", "dzd-1|sub", `{"DomainId":"dzd-1","Id":"sub"}`)
		case `AWS::DataZone::Owner{"DomainIdentifier":"dzd-1","EntityIdentifier":"sub","EntityType":"DOMAIN_UNIT"}`:
			return page("", "dzd-1|DOMAIN_UNIT|sub|USER|u", `{"OwnerType":"USER"}`)
		case "AWS::VpcLattice::Service":
			return page("", service, `{"Arn":"`+service+`","Id":"svc-1"}`)
		case `AWS::VpcLattice::Listener{"ServiceIdentifier":"svc-1"}`:
			return page("", listener, `{"Arn":"`+listener+`"}`)
		case `AWS::VpcLattice::Rule{"ListenerIdentifier":"` + listener + `","ServiceIdentifier":"svc-1"}`:
			return page("", listener+"/rule/rule-1", `{"Arn":"`+listener+`/rule/rule-1"}`)
		case "AWS::Glue::Schema":
			return page("", "arn:s", `{"Arn":"arn:s"}`)
		case `AWS::Glue::SchemaVersion{"Schema":{"SchemaArn":"arn:s"}}`:
			return page("", "v1", `{"VersionId":"v1"}`)
		case `AWS::Glue::SchemaVersionMetadata{"SchemaVersionId":"v1"}`:
			return page("", "v1|k|v", `{"Key":"k"}`)
		}
		return nil
	}}
	objects, listing, err := collect(t, f, Options{
		Regions: []string{"us-east-1"}, Types: only("awscc_s3outposts_bucket", "awscc_datazone_domain_unit", "awscc_datazone_owner", "awscc_glue_schema_version_metadata", "awscc_vpclattice_rule"),
	})
	if err != nil || len(listing.Problems) > 0 {
		t.Fatal(err, listing.Problems)
	}
	same(t, ids(objects), []string{
		"awscc_datazone_domain_unit dzd-1|sub 111111111111 us-east-1", "awscc_datazone_domain_unit dzd-1|unit 111111111111 us-east-1",
		"awscc_datazone_owner dzd-1|DOMAIN_UNIT|sub|USER|u 111111111111 us-east-1",
		"awscc_glue_schema_version_metadata v1|k|v 111111111111 us-east-1",
		"awscc_s3outposts_bucket arn:b1 111111111111 us-east-1", "awscc_s3outposts_bucket arn:b2 111111111111 us-east-1",
		"awscc_vpclattice_rule " + listener + "/rule/rule-1 111111111111 us-east-1",
	})
	if n := f.times(func(q request) bool { return strings.Contains(q.ResourceModel, "op-1") }); n != 1 {
		t.Errorf("the buckets of an outpost were listed %d times", n)
	}
}

// TestReadme: it says how many types can't be listed.
func TestReadme(t *testing.T) {
	text, err := os.ReadFile(filepath.FromSlash("../../../../README.md"))
	if err != nil {
		t.Fatal(err)
	}
	rows, unknown := len(importid.All()), newPlan(func(string) bool { return true }).unknown
	for _, want := range []string{fmt.Sprintf(" %d `aws_*` types ", rows), fmt.Sprintf(" but for %d that ", len(unknown))} {
		if !strings.Contains(string(text), want) {
			t.Errorf("no%sin the README: %v", want, unknown)
		}
	}
}

// TestDeniedOnce: a type denied in several regions and accounts is one problem,
// and neither it nor what is listed within it was looked for.
func TestDeniedOnce(t *testing.T) {
	f := &fake{answer: func(q request) any {
		switch q.TypeName {
		case "AWS::ElasticLoadBalancingV2::LoadBalancer":
			return errorCode{"AccessDeniedException", "User: u is not authorized to perform: elasticloadbalancing:DescribeLoadBalancers"}
		case "AWS::EC2::VPC":
			return errorCode{"UnsupportedActionException", "no list handler"}
		case "AWS::SNS::Topic":
			return errorCode{"HandlerInternalFailureException", "boom"}
		}
		return nil
	}}
	_, listing, err := collect(t, f, Options{
		Regions: []string{"us-east-1", "eu-west-1"}, Roles: []string{"arn:aws:iam::222222222222:role/r", "arn:aws:iam::222222222222:role/forbidden"},
		Types: only("aws_lb", "aws_lb_listener", "aws_sqs_queue", "aws_vpc", "aws_sns_topic"),
	})
	if err != nil {
		t.Fatal(err)
	}
	same(t, listing.Types, []string{"aws_sqs_queue"})
	same(t, listing.Notes, []string{"AWS: not offered here by Cloud Control, or of services not in use: aws_vpc"})
	var got []string
	for _, p := range listing.Problems {
		got = append(got, p.Message)
		if p.Hint == "" {
			t.Errorf("%s: no hint", p.Message)
		}
	}
	same(t, got, []string{
		"AWS: access denied, so that these are not listed: aws_lb: AccessDeniedException: User: u is not authorized to perform: elasticloadbalancing:DescribeLoadBalancers",
		"AWS: arn:aws:iam::222222222222:role/forbidden: no access: AccessDenied: not yours",
		"AWS: aws_sns_topic could not be listed to the end in eu-west-1 of account 222222222222, us-east-1 of account 222222222222: HandlerInternalFailureException: boom",
	})
}

// TestClosedRegion: a region where nothing may be listed is one problem, and
// soon left; types that were listed elsewhere were looked for.
func TestClosedRegion(t *testing.T) {
	f := &fake{regions: "us-east-1,eu-south-1", answer: func(q request) any {
		if q.Region == "eu-south-1" {
			return errorCode{"AccessDeniedException", "not authorized to perform: sqs:ListQueues with an explicit deny in a service control policy"}
		}
		return nil
	}}
	_, listing, err := collect(t, f, Options{})
	if err != nil {
		t.Fatal(err)
	}
	if len(listing.Problems) != 1 || !strings.Contains(listing.Problems[0].Message, "nothing could be listed in eu-south-1") {
		t.Errorf("%+v", listing.Problems)
	}
	for _, target := range newPlan(func(string) bool { return true }).told {
		if !slices.Contains(listing.Types, target.Type) {
			t.Errorf("%s was not looked for", target.Type)
		}
	}
	if n := f.times(func(q request) bool { return q.Region == "eu-south-1" }); n > maxShut+perRegion {
		t.Errorf("%d requests to a region that denies everything", n)
	}
}

// TestNothing: what keeps from listing anything is an error.
func TestNothing(t *testing.T) {
	denied := func(request) any {
		return errorCode{"AccessDeniedException", "User: u is not authorized to perform: cloudformation:ListResources"}
	}
	for _, tc := range []struct {
		name string
		o    Options
		code int
		want string
	}{
		{"denied", Options{Regions: []string{"us-east-1"}}, userfault.CodeIncomplete, "cloudformation:ListResources"},
		{"role", Options{Roles: []string{"arn:aws:iam::222222222222:role/forbidden"}}, userfault.CodeIncomplete, "role/forbidden: no access"},
		{"no region", Options{Regions: []string{"example.com/"}}, userfault.CodeUsage, "is no region"},
		{"no role", Options{Roles: []string{"admin"}}, userfault.CodeUsage, "is no role"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			_, _, err := collect(t, &fake{answer: denied}, tc.o)
			if err == nil || !strings.Contains(err.Error(), tc.want) || userfault.Code(err) != tc.code || userfault.Hint(err) == "" {
				t.Errorf("%v (%d)", err, userfault.Code(err))
			}
		})
	}
}

// TestBuckets: each region names all buckets; the region of one is where AWS
// can tell more of it.
func TestBuckets(t *testing.T) {
	f := &fake{answer: func(q request) any {
		switch {
		case q.TypeName != "AWS::S3::Bucket":
			return nil
		case q.Action == "ListResources":
			return page("", "a", `{"BucketName":"a"}`, "b", `{"BucketName":"b"}`, "c", `{"BucketName":"c"}`, "d", `{"BucketName":"d"}`)
		case q.Identifier == "a" && q.Region == "eu-west-1":
			return m{"ResourceDescription": m{"Identifier": "a", "Properties": `{"BucketName":"a","Arn":"arn:aws:s3:::a"}`}}
		case q.Identifier == "b":
			return m{"ResourceDescription": m{"Identifier": "b", "Properties": `{"BucketName":"b","RegionalDomainName":"b.s3.us-east-1.amazonaws.com"}`}}
		case q.Identifier == "d":
			return m{"ResourceDescription": m{"Identifier": "d", "Properties": `{"BucketName":"d","RegionalDomainName":"d.s3.ap-south-1.amazonaws.com"}`}}
		}
		return errorCode{"GeneralServiceException", "PermanentRedirect"}
	}}
	objects, _, err := collect(t, f, Options{Regions: []string{"us-east-1", "eu-west-1"}, Types: only("aws_s3_bucket")})
	if err != nil {
		t.Fatal(err)
	}
	same(t, ids(objects), []string{"aws_s3_bucket a 111111111111 eu-west-1", "aws_s3_bucket b 111111111111 us-east-1", "aws_s3_bucket c 111111111111"})
}

func TestUnsupported(t *testing.T) {
	f := &fake{answer: func(q request) any {
		tagged := func(arns ...string) m {
			var list []m
			for _, arn := range arns {
				list = append(list, m{"ResourceARN": arn, "Tags": []m{}})
			}
			return m{"ResourceTagMappingList": list}
		}
		switch {
		case q.Action != "GetResources":
			return nil
		case q.Region == "eu-west-1":
			return errorCode{"AccessDeniedException", "no"}
		}
		return tagged("arn:aws:sqs:us-east-1:111111111111:a", "arn:aws:deadline:us-east-1:111111111111:farm/c1", "arn:aws:tnb:us-east-1:111111111111:nosuch/1",
			"arn:aws:tnb:us-east-1:111111111111:nosuch/2", "no ARN")
	}}
	_, listing, err := collect(t, f, Options{Regions: []string{"us-east-1", "eu-west-1"}, Types: only("aws_sqs_queue")})
	if err != nil {
		t.Fatal(err)
	}
	same(t, listing.Unsupported, []inventory.Unsupported{{Type: "tnb:nosuch", Account: "111111111111", Region: "us-east-1", Count: 2}})
	if len(listing.Problems) != 1 || !strings.Contains(listing.Problems[0].Message, "eu-west-1") || !strings.Contains(listing.Problems[0].Hint, "tag:GetResources") {
		t.Errorf("%+v", listing.Problems)
	}
}

// TestBroken: answers that are no answers end as problems of their types.
func TestBroken(t *testing.T) {
	f := &fake{answer: func(q request) any {
		switch q.TypeName {
		case "AWS::SQS::Queue":
			return page("again", "https://sqs/1", `{"QueueUrl":"https://sqs/1","DelaySeconds":1}`)
		case "AWS::SNS::Topic":
			return raw(`<html>`)
		case "AWS::EC2::VPC":
			return page("", "vpc-1", `{"VpcId":`)
		}
		return nil
	}}
	objects, listing, err := collect(t, f, Options{Regions: []string{"us-east-1"}, Types: only("aws_sqs_queue", "aws_sns_topic", "aws_vpc", "aws_subnet")})
	if err != nil {
		t.Fatal(err)
	}
	same(t, slices.Compact(ids(objects)), []string{"aws_sqs_queue https://sqs/1 111111111111 us-east-1", "aws_vpc vpc-1 111111111111 us-east-1"})
	same(t, listing.Types, []string{"aws_default_subnet", "aws_default_vpc", "aws_subnet", "aws_vpc"})
	if len(listing.Problems) != 2 || !strings.Contains(listing.Problems[1].Message, errLoop.Error()) {
		t.Errorf("%+v", listing.Problems)
	}
}

// TestRegionsUnknown: without DescribeRegions the configured region is listed, and said to be all.
func TestRegionsUnknown(t *testing.T) {
	_, listing, err := collect(t, &fake{}, Options{Types: only("aws_sqs_queue")})
	if err != nil || len(listing.Problems) != 1 || !strings.Contains(listing.Problems[0].Hint, "ec2:DescribeRegions") {
		t.Error(err, listing.Problems)
	}
}

func TestEnds(t *testing.T) {
	f := &fake{answer: func(q request) any {
		if q.Action != "ListResources" {
			return nil
		}
		return page(q.NextToken+"x", "https://sqs/"+q.NextToken, `{"QueueUrl":"u","DelaySeconds":1}`)
	}}
	server := httptest.NewServer(f)
	defer server.Close()
	environment(t, server.URL)
	enough := errors.New("enough")
	for name, want := range map[string]error{"yield": enough, "cancel": context.Canceled} {
		t.Run(name, func(t *testing.T) {
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			var n, inside atomic.Int32
			_, err := New(Options{Regions: []string{"us-east-1", "eu-west-1"}, Types: only("aws_sqs_queue", "aws_sns_topic", "aws_vpc")}).List(ctx, func(model.Object) error {
				if inside.Add(1) > 1 {
					t.Error("yield was called while it ran")
				}
				defer inside.Add(-1)
				if n.Add(1) < 20 {
					return nil
				}
				if name == "cancel" {
					cancel()
					return nil
				}
				return enough
			})
			if !errors.Is(err, want) || n.Load() != 20 {
				t.Errorf("%v after %d objects", err, n.Load())
			}
		})
	}
}

// TestThrottled: refusals for being too many are waited out.
func TestThrottled(t *testing.T) {
	var refused atomic.Int32
	f := &fake{answer: func(q request) any {
		if q.Action == "ListResources" && refused.Add(1) <= 3 {
			return []errorCode{{"ThrottlingException", "slow down"}, {"GeneralServiceException", "Rate exceeded"}, {"RequestLimitExceeded", ""}}[refused.Load()-1]
		}
		return nil
	}}
	_, listing, err := collect(t, f, Options{Regions: []string{"us-east-1"}, Types: only("aws_sqs_queue")})
	if err != nil || len(listing.Problems) > 0 || len(listing.Types) != 1 || refused.Load() < 4 {
		t.Error(err, listing, refused.Load())
	}
}
