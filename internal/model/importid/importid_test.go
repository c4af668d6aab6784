package importid

import (
	"bufio"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

func TestLookup(t *testing.T) {
	for _, tc := range []struct{ typ, want string }{
		{"aws_lb", "aws_lb"},
		{"aws_alb", "aws_lb"},
		{"aws_default_vpc", "aws_vpc"},
		{"aws_neptune_cluster", "aws_neptune_cluster"}, // has a row, though aws_rds_cluster names it
		{"aws_nosuch", ""},
		{"", ""},
	} {
		row, ok := Lookup(tc.typ)
		if row.Type != tc.want || ok != (tc.want != "") {
			t.Errorf("%s: %s, %t", tc.typ, row.Type, ok)
		}
	}
	if row, ok := ByCloudFormation("AWS::S3::Bucket"); !ok || row.Type != "aws_s3_bucket" || row.Doc != "s3_bucket" || row.Scope != Anywhere {
		t.Errorf("AWS::S3::Bucket: %+v", row)
	}
	if cc, ok := CCByCloudFormation("AWS::BedrockAgentCore::Gateway"); !ok || cc.Type != "awscc_bedrockagentcore_gateway" || cc.AWS != "aws_bedrockagentcore_gateway" {
		t.Errorf("AWS::BedrockAgentCore::Gateway: %+v", cc)
	}
	if cc, ok := CCByCloudFormation("AWS::Lex::Bot"); !ok || cc.AWS != "aws_lexv2models_bot" {
		t.Errorf("AWS::Lex::Bot, which is of the second version: %+v", cc)
	}
	if cc, ok := LookupCC("awscc_bedrockagentcore_gateway"); !ok || cc.CloudFormation != "AWS::BedrockAgentCore::Gateway" {
		t.Errorf("awscc_bedrockagentcore_gateway: %+v", cc)
	}
	if _, ok := LookupCC("awscc_s3_bucket"); ok {
		t.Error("awscc_s3_bucket, though there is aws_s3_bucket")
	}
}

// TestOthersCantChange: what All gives is the caller's.
func TestOthersCantChange(t *testing.T) {
	All()[0].Type, AllCC()[0].Type = "changed", "changed"
	if All()[0].Type == "changed" || AllCC()[0].Type == "changed" {
		t.Error("the table was changed")
	}
}

func TestProperties(t *testing.T) {
	for _, tc := range []struct {
		typ, identifier string
		want            map[string]string // nil: refused
	}{
		{"aws_s3_bucket", "logs", map[string]string{"BucketName": "logs"}},
		{"aws_s3_bucket", "a|b", map[string]string{"BucketName": "a|b"}},
		{"aws_eks_addon", "prod|vpc-cni", map[string]string{"ClusterName": "prod", "AddonName": "vpc-cni"}},
		{"aws_eks_addon", "prod|vpc-cni|x", nil},
		{"aws_eks_addon", "prod", map[string]string{"ClusterName": "prod"}},
		{"aws_route53_record", "a.example.com|Z1|A|", map[string]string{"Name": "a.example.com", "HostedZoneId": "Z1", "Type": "A"}},
		{"aws_s3_bucket", "", map[string]string{}},
	} {
		row, _ := Lookup(tc.typ)
		got, ok := row.Properties(tc.identifier)
		if !maps.Equal(got, tc.want) || ok != (tc.want != nil) {
			t.Errorf("%s, %s: %q, %t", tc.typ, tc.identifier, got, ok)
		}
	}
}

// TestIDs are the cases that one documented example doesn't show.
func TestIDs(t *testing.T) {
	for _, tc := range []struct{ typ, properties, attributes, want string }{
		{"aws_api_gateway_base_path_mapping", "DomainName=example.com BasePath=(none)", "domain_name=example.com base_path=", "example.com/"},
		{"aws_cloudwatch_event_rule", "Arn=arn:aws:events:us-east-1:123456789012:rule/nightly EventBusName=default", "name=nightly event_bus_name=default", "default/nightly"},
		{"aws_ecs_service", "Cluster=prod ServiceArn=arn:aws:ecs:us-east-1:123456789012:service/web", "cluster=prod name=web", "prod/web"},
		{"aws_lambda_function_event_invoke_config", "FunctionName=f Qualifier=$LATEST", "function_name=f", "f"},
		{"aws_lambda_function_url", "FunctionArn=arn:aws:lambda:us-east-1:123456789012:function:f:live", "function_name=f qualifier=live", "f/live"},
		{"aws_route", "RouteTableId=rtb-1 CidrBlock=::/0", "route_table_id=rtb-1 destination_ipv6_cidr_block=::/0", "rtb-1_::/0"},
		{"aws_route53_record", `HostedZoneId=Z1 Name=\052.example.com. Type=A`, "zone_id=Z1 name=* fqdn=*.example.com type=A", "Z1_*.example.com_A"},
		{"aws_scheduler_schedule", "Name=s", "name=s group_name=default", "default/s"},
	} {
		row, _ := Lookup(tc.typ)
		if id, ok := row.ImportID(from(pairs(tc.properties))); !ok || id != tc.want {
			t.Errorf("%s from %s: %s, want %s", tc.typ, tc.properties, id, tc.want)
		}
		if id, ok := row.FromState(from(pairs(tc.attributes))); !ok || id != tc.want {
			t.Errorf("%s from %s: %s, want %s", tc.typ, tc.attributes, id, tc.want)
		}
	}
}

func TestExtra(t *testing.T) {
	for typ, want := range map[string][]string{
		"aws_s3_bucket":               nil,
		"aws_route_table_association": {"SubnetId", "RouteTableId"},
		"aws_s3_access_point":         nil, // the account is known anyway
	} {
		row, _ := Lookup(typ)
		if got := row.Extra(); !slices.Equal(got, want) {
			t.Errorf("%s: %q, want %q", typ, got, want)
		}
	}
}

// listedBySchemaOnly are types that AWS's schemas say can be listed without
// further properties, though the table of the awscc provider's documentation
// doesn't have them as such.
const listedBySchemaOnly = `bedrockagent_flow budgets_budget cloudfront_distribution codebuild_report_group codebuild_source_credential codecommit_repository
cognito_user_pool config_configuration_recorder config_delivery_channel dax_parameter_group dms_replication_subnet_group dms_replication_task
directory_service_directory dlm_lifecycle_policy emrcontainers_virtual_cluster glue_classifier glue_security_configuration imagebuilder_component
kinesis_video_stream mq_broker docdb_cluster_parameter_group docdb_subnet_group route53_query_log sagemaker_endpoint_configuration
sagemaker_notebook_instance sagemaker_notebook_instance_lifecycle_configuration securityhub_automation_rule service_discovery_http_namespace
service_discovery_private_dns_namespace service_discovery_public_dns_namespace ses_receipt_rule_set vpclattice_target_group workspaces_workspace`

// TestAgainstAWSCC: each row without Given is listable, and every listable type
// has a row or a CC.
func TestAgainstAWSCC(t *testing.T) {
	file, err := os.Open(filepath.FromSlash("../../../../shared/data/awscc-types.tsv"))
	if err != nil {
		t.Skip("the table of awscc types isn't there: ", err)
	}
	defer file.Close()
	listable := map[string]bool{}
	for s := bufio.NewScanner(file); s.Scan(); {
		f := strings.Split(s.Text(), "\t")
		if len(f) != 5 || f[4] != "yes" {
			continue
		}
		listable[f[0]] = true
		_, isRow := ByCloudFormation(f[0])
		if cc, isCC := CCByCloudFormation(f[0]); !isRow && (!isCC || cc.Type != f[1]) {
			t.Errorf("%s: out of reach", f[0])
		}
	}
	if len(listable) < 1000 {
		t.Fatalf("%d listable types", len(listable))
	}
	excused := strings.Fields(listedBySchemaOnly)
	for _, row := range All() {
		ok := listable[row.CloudFormation] || row.Given != nil
		if ok == slices.Contains(excused, row.Doc) {
			t.Errorf("%s: listable %t, excused %t", row.CloudFormation, ok, !ok)
		}
	}
}
