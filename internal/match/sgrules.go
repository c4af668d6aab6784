package match

import (
	"slices"
	"strings"
)

// ruleOf is the name under which rules of security groups are parts, whichever
// of the four shapes that Terraform has for them they come in.
const ruleOf = "security group rule"

// rules files the rules of a security group that an instance is or has.
func (e *entry) rules(x *Index) {
	how := own
	direction := ruleTypes[e.m.Type]
	switch e.m.Type {
	case "aws_security_group", "aws_default_security_group":
		how = inline
		group := first(e, "id")
		for _, direction := range []string{"ingress", "egress"} {
			for _, v := range e.values(direction) {
				e.add(x, how, group+" "+direction, contents(element{v}, group))
			}
		}
		return
	case "aws_security_group_rule":
		direction = first(e, "type")
	}
	if direction == "" {
		return
	}
	group := first(e, groupNames...)
	e.add(x, how, group+" "+direction, contents(e, group))
}

// ruleTypes are the types that are a rule, with its direction, which
// aws_security_group_rule tells in an attribute.
var ruleTypes = map[string]string{
	"aws_vpc_security_group_ingress_rule": "ingress", "aws_vpc_security_group_egress_rule": "egress",
	"awscc_ec2_security_group_ingress": "ingress", "awscc_ec2_security_group_egress": "egress",
}

var groupNames = []string{"security_group_id", "group_id"}

func (e *entry) add(x *Index, how namespace, container string, contents []string) {
	for _, c := range contents {
		e.keys = append(e.keys, x.key(how, ruleOf, container+" "+c))
	}
	if how == own {
		e.marks = append(e.marks, x.key(separate, ruleOf, container))
	}
}

// contents says what the rule h of a group allows, one text for each peer, as
// AWS counts rules.
func contents(h holder, group string) []string {
	protocol := first(h, "ip_protocol", "protocol")
	if name, ok := protocols[strings.ToLower(protocol)]; ok {
		protocol = name
	}
	ports := " " + first(h, "from_port") + "-" + first(h, "to_port")
	if protocol == "-1" {
		ports = ""
	}
	var out []string
	for _, name := range peerNames {
		for _, v := range h.values(name) {
			peer := scalar(v)
			if name == "self" {
				if peer != "true" {
					continue
				}
				peer = group
			}
			if _, id, of := strings.Cut(peer, "/sg-"); of { // of another account's, "123456789012/sg-0123"
				peer = "sg-" + id
			}
			if peer != "" {
				out = append(out, strings.ToLower(protocol+ports+" "+peer))
			}
		}
	}
	return out
}

var peerNames = []string{
	"cidr_blocks", "ipv6_cidr_blocks", "prefix_list_ids", "security_groups", "self", "source_security_group_id", // aws_security_group(_rule)
	"cidr_ipv4", "cidr_ipv6", "prefix_list_id", "referenced_security_group_id", // aws_vpc_security_group_*_rule
	"cidr_ip", "source_prefix_list_id", "destination_prefix_list_id", "destination_security_group_id", // CloudFormation
}

// addPeers sorts the peers that the import id of a rule names by the attributes
// that aws_security_group_rule has for them.
func addPeers(to map[string]any, peers []string) {
	for _, peer := range peers {
		switch {
		case peer == "self":
			to["self"] = true
		case strings.Contains(peer, "sg-"):
			add(to, "source_security_group_id", peer)
		case strings.HasPrefix(peer, "pl-"):
			add(to, "prefix_list_ids", peer)
		case strings.Contains(peer, ":"):
			add(to, "ipv6_cidr_blocks", network(peer))
		default:
			add(to, "cidr_blocks", network(peer))
		}
	}
}

// protocols are the names and numbers of one protocol, as EC2 takes both.
var protocols = map[string]string{"all": "-1", "6": "tcp", "17": "udp", "1": "icmp", "58": "icmpv6"}

// first is the first value that one of the paths leads to.
func first(h holder, paths ...string) string {
	for _, path := range paths {
		for _, v := range h.values(path) {
			if s := scalar(v); s != "" {
				return s
			}
		}
	}
	return ""
}

// element is a decoded value as a holder.
type element struct{ v any }

func (e element) values(path string) []any { return lookUp(e.v, path, nil) }

// onceEach leaves out rules of security groups in one shape that stand there
// in another. Terraform's newer types, of one peer each, are kept: an
// aws_security_group_rule is left out when they, or others like it, are all
// that it allows.
func (j *Judge) onceEach(all []*finding) []*finding {
	claimed := map[string][]*finding{}
	claim := func(f *finding, names []string) {
		for _, name := range names {
			claimed[name] = append(claimed[name], f)
		}
	}
	var older []*finding
	for _, f := range all {
		if f.Type == "aws_security_group_rule" {
			older = append(older, f)
		} else if ruleTypes[f.Type] != "" {
			claim(f, append(ruleNames(f), f.ID))
		}
	}
	doubled := map[*finding]bool{}
	for _, f := range older {
		names := ruleNames(f)
		stands := func(name string) bool { return name != "" && slices.ContainsFunc(claimed[name], f.near) }
		doubled[f] = stands(first(f, "security_group_rule_id")) || len(names) > 0 && !slices.ContainsFunc(names, func(name string) bool { return !stands(name) })
		claim(f, names)
	}
	return slices.DeleteFunc(all, func(f *finding) bool { return doubled[f] })
}

// ruleNames are what a rule of a security group is besides its id, one for
// each peer.
func ruleNames(f *finding) []string {
	var out []string
	for _, p := range f.parts() {
		if p.as == ruleOf {
			out = append(out, strings.ToLower(p.id))
		}
	}
	return out
}
