package propose

import (
	"maps"
	"slices"
	"strings"

	"github.com/zclconf/go-cty/cty"

	"github.com/strandline-tf/strandline/internal/model"
	"github.com/strandline-tf/strandline/internal/model/importid"
)

// withTags adds the tags that an inventory tells beside an object's attributes,
// which a plan would else take off it. Where the attributes tell tags of any
// sort, they know better: tags_all holds what the provider adds by itself, too.
func (b *Batch) withTags(o *model.Object, members map[string]cty.Value) map[string]cty.Value {
	if len(o.Tags) == 0 || members == nil || slices.Contains(o.Sensitive, "tags") || !b.takesTags(o.Type) {
		return members
	}
	for _, name := range []string{"tags", "tags_all", "labels"} {
		if !memberOf(members, name).IsNull() {
			return members
		}
	}
	byDefault := b.settingOf(o).tags
	own := map[string]cty.Value{}
	for key, value := range o.Tags {
		if given, ok := byDefault[key]; strings.HasPrefix(key, "aws:") || ok && given == value {
			continue // nobody but AWS can set it, or the provider does
		}
		own[key] = cty.StringVal(value)
	}
	if len(own) == 0 {
		return members
	}
	members = maps.Clone(members)
	members["tags"] = cty.ObjectVal(own)
	return members
}

// takesTags reports whether resources of a type have an argument that holds
// their tags by name.
func (b *Batch) takesTags(typ string) bool {
	if block := b.schema(typ); block != nil {
		a := block.Attributes["tags"]
		return a != nil && (a.Optional || a.Required) && a.AttributeType != cty.NilType && a.AttributeType.Equals(cty.Map(cty.String))
	}
	row, ok := importid.Lookup(typ)
	if !ok || !strings.HasPrefix(typ, "aws_") {
		return false
	}
	return row.Taggable != isTaggedOtherwise(typ)
}

// lacksTags reports whether resources of a type are known to have no such
// argument, though the object itself may have tags.
func (b *Batch) lacksTags(typ string) bool {
	_, known := importid.Lookup(typ)
	return known && !b.takesTags(typ)
}

// isTaggedOtherwise reports whether hashicorp/aws has tags for a type that
// CloudFormation has none for, or the other way round, by its schemas of 5.99
// and 6.66; most types of the second sort got tags in between.
func isTaggedOtherwise(typ string) bool {
	switch typ {
	case "aws_config_config_rule", "aws_directory_service_directory", "aws_dms_certificate", "aws_docdb_event_subscription", "aws_ec2_fleet",
		"aws_elastic_beanstalk_application", "aws_glue_catalog_database", "aws_iam_instance_profile", "aws_iam_policy",
		"aws_inspector_assessment_template", "aws_launch_template", "aws_spot_fleet_request",
		"aws_vpc_security_group_egress_rule", "aws_vpc_security_group_ingress_rule":
		return true
	case "aws_appconfig_extension_association", "aws_appsync_domain_name", "aws_autoscaling_group", "aws_cloudfront_function",
		"aws_cloudfront_key_value_store", "aws_cloudwatch_dashboard", "aws_config_conformance_pack", "aws_config_organization_conformance_pack",
		"aws_db_proxy_default_target_group", "aws_docdb_global_cluster", "aws_dx_gateway", "aws_ec2_traffic_mirror_filter_rule",
		"aws_elasticache_global_replication_group", "aws_guardduty_publishing_destination", "aws_kinesis_stream_consumer",
		"aws_neptune_global_cluster", "aws_redshiftserverless_snapshot", "aws_s3_access_point", "aws_s3_directory_bucket",
		"aws_s3tables_table_bucket", "aws_securityhub_account", "aws_ses_configuration_set", "aws_ses_domain_identity", "aws_ses_email_identity":
		return true
	}
	return false
}
