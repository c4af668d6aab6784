package model

import (
	"fmt"
	"slices"
	"strings"
	"sync"
)

// accessRule recognises, by a value, that something is opened.
type accessRule struct {
	kind   string
	types  []string // globs over the resource type
	paths  []string // globs over the attribute path
	values []string // any of these
	// where are conditions on leaves beside the one that matches (.name), or
	// on top of the resource (name): any of the values, which must be known.
	where map[string][]string
	// has are prefixes of paths that must be there.
	has     string
	message string // %s is the value
}

// everywhere is the whole of the internet, in the spellings of the providers.
var everywhere = []string{"0.0.0.0/0", "::/0", "*", "Internet", "internet", "Any", "any"}

const openIngress = "lets in traffic from everywhere (%s)"

// accessRules is the table of what opens access, by the arguments that the
// providers' documentation of each resource names.
var accessRules = []accessRule{
	{RiskPublicIngress, []string{"aws_security_group", "aws_default_security_group"},
		[]string{"ingress[*].cidr_blocks[*]", "ingress[*].ipv6_cidr_blocks[*]"}, everywhere, nil, "", openIngress},
	{RiskPublicIngress, []string{"aws_security_group_rule"}, []string{"cidr_blocks[*]", "ipv6_cidr_blocks[*]"}, everywhere,
		map[string][]string{"type": {"ingress"}}, "", openIngress},
	{RiskPublicIngress, []string{"aws_vpc_security_group_ingress_rule"}, []string{"cidr_ipv4", "cidr_ipv6"}, everywhere, nil, "", openIngress},
	// source_ranges is for ingress only; a rule that denies has no allow block.
	{RiskPublicIngress, []string{"google_compute_firewall"}, []string{"source_ranges[*]"}, everywhere, nil, "allow[", openIngress},
	{RiskPublicIngress, []string{"azurerm_network_security_rule"}, []string{"source_address_prefix", "source_address_prefixes[*]"}, everywhere,
		map[string][]string{"direction": {"Inbound"}, "access": {"Allow"}}, "", openIngress},
	{RiskPublicIngress, []string{"azurerm_network_security_group"}, []string{"security_rule[*].source_address_prefix"}, everywhere,
		map[string][]string{".direction": {"Inbound"}, ".access": {"Allow"}}, "", openIngress},
	{RiskPublicIngress, []string{"digitalocean_firewall"}, []string{"inbound_rule[*].source_addresses[*]"}, everywhere, nil, "", openIngress},
	{RiskPublicIngress, []string{"azurerm_*_firewall_rule"}, []string{"end_ip_address"}, []string{"255.255.255.255"},
		map[string][]string{"start_ip_address": {"0.0.0.0"}}, "", "lets in traffic from everywhere (0.0.0.0 to %s)"},
	{RiskPublicIngress, []string{"google_sql_database_instance"}, []string{"settings[*].ip_configuration[*].authorized_networks[*].value"}, everywhere, nil, "", openIngress},
	{RiskPublicIngress, []string{"aws_eks_cluster"}, []string{"vpc_config[*].public_access_cidrs[*]"}, everywhere,
		map[string][]string{"vpc_config[0].endpoint_public_access": {"true"}}, "", "opens the cluster's endpoint to everywhere (%s)"},

	{RiskPublicAccess, []string{"aws_s3_bucket", "aws_s3_bucket_acl", "aws_s3_object"}, []string{"acl"},
		[]string{"public-read", "public-read-write", "authenticated-read"}, nil, "", "makes it public (acl %s)"},
	{RiskPublicAccess, []string{"aws_s3_bucket_public_access_block", "aws_s3_account_public_access_block", "aws_s3_directory_bucket_access_point*"},
		[]string{"block_public_acls", "block_public_policy", "ignore_public_acls", "restrict_public_buckets"}, []string{"false"}, nil, "", "lifts a block of public access"},
	{RiskPublicAccess, []string{"aws_db_instance", "aws_rds_cluster_instance", "aws_rds_cluster", "aws_redshift_cluster", "aws_redshiftserverless_workgroup",
		"aws_dms_replication_instance", "aws_mq_broker", "aws_neptune_cluster_instance"},
		[]string{"publicly_accessible"}, []string{"true"}, nil, "", "makes it reachable from the internet"},
	{RiskPublicAccess, []string{"aws_lambda_function_url"}, []string{"authorization_type"}, []string{"NONE"}, nil, "", "lets everybody call it (authorization_type %s)"},
	{RiskPublicAccess, []string{"google_*_iam_member", "google_*_iam_binding", "google_*_access_control", "google_*_object_acl", "google_*_bucket_acl"},
		[]string{"member", "members[*]", "entity", "role_entity[*]"},
		[]string{"allUsers", "allAuthenticatedUsers", "READER:allUsers", "OWNER:allUsers", "READER:allAuthenticatedUsers"}, nil, "", "grants access to everybody (%s)"},
	{RiskPublicAccess, []string{"azurerm_storage_container"}, []string{"container_access_type"}, []string{"blob", "container"}, nil, "", "makes it public (container_access_type %s)"},

	{RiskWildcard, []string{"aws_iam_*_policy_attachment", "aws_iam_policy_attachment", "aws_iam_role", "aws_ssoadmin_managed_policy_attachment"},
		[]string{"policy_arn", "managed_policy_arns[*]", "managed_policy_arn"},
		[]string{"arn:aws:iam::aws:policy/AdministratorAccess", "arn:aws-cn:iam::aws:policy/AdministratorAccess", "arn:aws-us-gov:iam::aws:policy/AdministratorAccess"},
		nil, "", "grants every permission (AdministratorAccess)"},
	{RiskWildcard, []string{"google_*_iam_member", "google_*_iam_binding"}, []string{"role"}, []string{"roles/owner", "roles/editor"}, nil, "", "grants nearly every permission (%s)"},
	{RiskWildcard, []string{"azurerm_role_assignment"}, []string{"role_definition_name"}, []string{"Owner", "User Access Administrator"}, nil, "", "grants every permission (%s)"},
}

// rulesByValue is accessRules by the values that they go by: hardly any value
// of a plan is one of those.
var rulesByValue = sync.OnceValue(func() map[string][]*accessRule {
	out := map[string][]*accessRule{}
	for i := range accessRules {
		for _, v := range accessRules[i].values {
			out[v] = append(out[v], &accessRules[i])
		}
	}
	return out
})

// matches reports whether r, which goes by the value at path, applies there.
func (r *accessRule) matches(resourceType, path string, known func() map[string]string) bool {
	if !anyGlob(r.types, resourceType) || !anyGlob(r.paths, path) {
		return false
	}
	for name, allowed := range r.where {
		v, ok := known()[sibling(path, name)]
		if !ok || !slices.Contains(allowed, v) {
			return false
		}
	}
	if r.has == "" {
		return true
	}
	for p := range known() {
		if strings.HasPrefix(p, r.has) {
			return true
		}
	}
	return false
}

// risk puts the rule's message together, with the ports where they are known.
func (r *accessRule) risk(path, value string, known map[string]string) Risk {
	message := r.message
	brief, _, _ := strings.Cut(message, " (")
	if strings.Contains(message, "%s") {
		message = fmt.Sprintf(message, value)
	}
	if r.kind == RiskPublicIngress {
		message += portsOf(path, known)
	}
	return Risk{Kind: r.kind, Message: message, Brief: brief}
}

// portsOf tells which ports a rule is for, from the leaves beside its address
// range; "" where that isn't known.
func portsOf(path string, known map[string]string) string {
	at := func(name string) string {
		if v, ok := known[sibling(path, "."+name)]; ok {
			return v
		}
		return known[name]
	}
	protocol := at("protocol")
	if protocol == "" {
		protocol = at("ip_protocol")
	}
	if protocol == "-1" {
		return ", all ports"
	}
	from, to := at("from_port"), at("to_port")
	if port := at("destination_port_range"); port != "" {
		from, to = port, port
	}
	switch {
	case from == "" || to == "":
		return ""
	case from == "*":
		return ", all ports"
	case from == to:
		return strings.TrimSuffix(", "+protocol, ", ") + " port " + from
	}
	return strings.TrimSuffix(", "+protocol, ", ") + " ports " + from + " to " + to
}

// sibling returns the path of the leaf name beside path within the innermost
// block that path is in, for ".name", or name itself.
func sibling(path, name string) string {
	rest, isSibling := strings.CutPrefix(name, ".")
	if !isSibling {
		return name
	}
	// cidr_blocks[0] of ingress[1].cidr_blocks[0] is within ingress[1].
	path = strings.TrimRight(path, "0123456789]")
	path = strings.TrimSuffix(path, "[")
	if i := strings.LastIndexByte(path, '.'); i >= 0 {
		return path[:i+1] + rest
	}
	return rest
}

func anyGlob(patterns []string, s string) bool {
	for _, p := range patterns {
		if p == s || strings.Contains(p, "*") && compileGlob(p).match(s) {
			return true
		}
	}
	return false
}
