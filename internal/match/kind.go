package match

import (
	"strings"
	"sync"

	"github.com/strandline-tf/strandline/internal/model/importid"
)

// kind is what a type says of its objects. Types that manage the same objects
// have kinds of the same name.
type kind struct {
	name string // aws_lb for aws_alb; of awscc_* the aws_* type where there is one
	typ  string // as written
	row  importid.Row
	aws  bool // of the provider aws or awscc
	cc   bool // of awscc: its id is Cloud Control's
	// Neither an object's account nor its region tell it from others.
	anyAccount, anyRegion bool
	shared                bool // ids that several objects have, or that are no object's: never a conflict
}

// kind returns the kind of a type. It is called with the lock held.
func (x *Index) kind(typ string) *kind {
	k := x.kinds[typ]
	if k == nil {
		k = newKind(strings.Clone(typ))
		x.kinds[k.typ] = k
	}
	return k
}

func newKind(typ string) *kind {
	k := &kind{name: typ, typ: typ, cc: strings.HasPrefix(typ, "awscc_")}
	k.aws = k.cc || strings.HasPrefix(typ, "aws_")
	if cc, ok := importid.LookupCC(typ); ok && cc.AWS != "" {
		k.name = cc.AWS
	} else if row, ok := families().awscc[squeeze(typ)]; ok && k.cc {
		k.name = row.Type
	}
	if row, ok := importid.Lookup(k.name); ok {
		k.row = row
		k.anyRegion = row.Scope != importid.Regional
	}
	if name, ok := families().same[k.name]; ok {
		k.name = name
	}
	for _, prefix := range globalPrefixes {
		k.anyRegion = k.anyRegion || strings.HasPrefix(k.name, prefix)
	}
	k.anyAccount = k.name == "aws_s3_bucket" || strings.HasPrefix(k.name, "aws_s3_bucket_")
	k.anyRegion = k.anyRegion || k.anyAccount
	k.shared = strings.HasSuffix(typ, "_accepter") // the other side of a connection: both sides' states hold its id
	for _, pattern := range sharedTypes {
		k.shared = k.shared || typ == pattern || strings.HasSuffix(pattern, "_") && strings.HasPrefix(typ, pattern)
	}
	return k
}

// globalPrefixes begin the types of services without regions, which a source
// may list in any region.
var globalPrefixes = []string{
	"aws_account_", "aws_budgets_", "aws_ce_", "aws_cloudfront_", "aws_globalaccelerator_", "aws_iam_", "aws_organizations_",
	"aws_route53_", "aws_shield_", "aws_waf_",
}

// sharedTypes are types, and with a _ at the end beginnings of types, whose ids
// tell no two objects apart: not of any cloud, or only within a server that
// the state doesn't name, or made up by the provider (the time, a name).
var sharedTypes = []string{
	"null_", "random_", "time_", "terraform_", "tls_", "local_", "template_", "archive_", "external_", "http_", "cloudinit_",
	"kubernetes_", "kubectl_", "helm_", "postgresql_", "mysql_", "vault_", "consul_", "nomad_", "rabbitmq_", "kafka_", "docker_", "ansible_",
	"aws_acm_certificate_validation", "aws_iam_policy_attachment", "aws_autoscaling_attachment", "aws_lambda_invocation",
	"aws_ec2_instance_state", "aws_snapshot_create_volume_permission", "aws_ecs_tag",
}

// family is what follows from importid's tables on which types are one.
type family struct {
	same  map[string]string       // type -> the name of its kind, where that is another
	awscc map[string]importid.Row // squeezed awscc_* type -> the row of the same CloudFormation type
}

var families = sync.OnceValue(func() family {
	f := family{awscc: map[string]importid.Row{}, same: map[string]string{
		"aws_s3_bucket_object": "aws_s3_object", "aws_alb_target_group_attachment": "aws_lb_target_group_attachment",
		"aws_alb_listener_certificate": "aws_lb_listener_certificate",
	}}
	for _, row := range importid.All() {
		// AWS::S3::Bucket is awscc_s3_bucket: where awscc puts more underscores
		// is of no interest.
		f.awscc[squeeze("awscc"+strings.TrimPrefix(row.CloudFormation, "AWS"))] = row
		for _, also := range row.Also {
			f.same[also] = row.Type
		}
	}
	for typ, name := range f.same { // a row may be named by another: neptune's by rds's
		if further, ok := f.same[name]; ok {
			f.same[typ] = further
		}
	}
	return f
})

// squeeze makes the spellings of a name one: VpcId, vpc_id and vpcid.
func squeeze(name string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '_' || r == ':':
			return -1
		case 'A' <= r && r <= 'Z':
			return r + 'a' - 'A'
		}
		return r
	}, name)
}

// alike reports whether a and b are spellings of one name.
func alike(a, b string) bool {
	i, j := 0, 0
	for {
		for i < len(a) && a[i] == '_' {
			i++
		}
		for j < len(b) && b[j] == '_' {
			j++
		}
		if i == len(a) || j == len(b) {
			return i == len(a) && j == len(b)
		}
		if a[i]|0x20 != b[j]|0x20 { // letters of either case; what else it makes equal occurs in no name
			return false
		}
		i, j = i+1, j+1
	}
}
