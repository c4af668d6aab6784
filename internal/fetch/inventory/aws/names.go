package aws

import "strings"

// asOne are names that count as one word.
var asOne = strings.NewReplacer("CloudFormation", "Cloudformation", "CloudFront", "Cloudfront", "CloudWatch", "Cloudwatch",
	"CNAMEs", "Cnames", "FSx", "Fsx", "OTel", "Otel")

// snake writes a property's name as an attribute's: DBInstanceArn is
// db_instance_arn. A digit after a small letter begins a word where native is
// set, as the awscc provider has it (ipv_6_cidr_block), and else does not
// (ipv6_cidr_block):
// https://github.com/hashicorp/terraform-provider-awscc/blob/main/internal/naming/attribute.go
func snake(name string, native bool) string {
	name = asOne.Replace(name)
	var b strings.Builder
	for i := range len(name) {
		c := name[i]
		if i > 0 && begins(name, i, native) {
			b.WriteByte('_')
		}
		if upper(c) {
			c += 'a' - 'A'
		}
		b.WriteByte(c)
	}
	return b.String()
}

// begins says whether a word begins at a place that isn't the first.
func begins(name string, i int, native bool) bool {
	before, c := name[i-1], name[i]
	switch {
	case upper(c) && upper(before): // the last capital of several begins a word: DBInstance
		return i+1 < len(name) && lower(name[i+1])
	case upper(c):
		return lower(before) || digit(before)
	case digit(c):
		return native && lower(before)
	}
	return native && lower(c) && digit(before)
}

func upper(c byte) bool { return 'A' <= c && c <= 'Z' }
func lower(c byte) bool { return 'a' <= c && c <= 'z' }
func digit(c byte) bool { return '0' <= c && c <= '9' }
