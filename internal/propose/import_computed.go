package propose

import (
	_ "embed"
	"slices"
	"strings"
	"sync"

	"github.com/zclconf/go-cty/cty"
)

// computedTable has a line for each type of AWS that there is something to say
// of: the top-level attributes that no configuration may set, as the schema of
// hashicorp/aws 6.66 has them (of the most common types also what 5.99 had),
// but for those that isComputed knows, and pairs A>B of arguments of which,
// where A is there, B must not be. A plan corrects what is wrong (see package
// prove), and a schema at hand counts for more. Each type's page has them under
// "Attribute Reference", see https://registry.terraform.io/providers/hashicorp/aws/latest/docs
//
//go:embed computed.tsv
var computedTable string

// settable says what can't be set in a resource block of one type.
type settable struct {
	computed []string
	instead  [][2]string
}

// unsettable is computedTable by type. It is part of the program, so that it
// can be read is for the tests to hold.
var unsettable = sync.OnceValue(func() map[string]settable {
	out := map[string]settable{}
	for line := range strings.Lines(computedTable) {
		column := strings.Split(strings.TrimSuffix(line, "\n"), "\t")
		if len(column) != 3 {
			continue
		}
		s := settable{computed: strings.Fields(column[1])}
		for _, pair := range strings.Fields(column[2]) {
			a, b, _ := strings.Cut(pair, ">")
			s.instead = append(s.instead, [2]string{a, b})
		}
		out[column[0]] = s
	}
	return out
})

// maySet reports whether an argument may stand in a resource block of a type
// whose schema isn't known, beside what else is told of the object: not what
// the provider alone sets, and not one of two that say the same.
func maySet(typ, name string, members map[string]cty.Value) bool {
	s := unsettable()[typ]
	if isComputed(name) && !isArgument(typ, name) || slices.Contains(s.computed, name) {
		return false
	}
	isThere := func(name string) bool { return !isEmptyValue(memberOf(members, name)) }
	if whole, ok := strings.CutSuffix(name, "_prefix"); ok && strings.HasPrefix(typ, "aws_") && isThere(whole) {
		return false // name_prefix, and the name that came of it
	}
	return !slices.ContainsFunc(s.instead, func(pair [2]string) bool { return pair[1] == name && isThere(pair[0]) })
}

// isArgument reports whether a type wants as an argument what isComputed says
// of others: the ARN of something else, mostly.
func isArgument(typ, name string) bool {
	switch typ {
	case "aws_cloudwatch_event_target", "aws_lakeformation_resource", "aws_notifications_channel_association",
		"aws_sns_topic_data_protection_policy", "aws_sns_topic_policy",
		"awscc_entityresolution_policy_statement", "awscc_notifications_channel_association":
		return name == "arn"
	case "aws_opensearchserverless_collection_group":
		return name == "generation"
	}
	return false
}
