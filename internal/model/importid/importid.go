// Package importid knows how things in AWS are called: which Terraform type a
// CloudFormation type is, how Cloud Control identifies it, and how its import
// id is made, both from what an inventory tells and from what a state holds,
// so that the two can be compared. An inventory of AWS asks it what to list
// and which ids to give; matching asks it for the ids of what states manage.
//
// The knowledge is two tables. aws.tsv has a line for each aws_* type, checked
// against the provider's documentation of how it is imported (example is the
// import id given there), with the primary identifier as AWS's schema of the
// resource type has it. awscc.tsv has the other types that Cloud Control
// lists: they are imported as awscc_* by the identifier itself. A new line in
// aws.tsv wants one in testdata/evidence.tsv, which says what the documentation
// says; the tests hold the one to the other.
package importid

import (
	"slices"
	"strings"
)

// Row is one aws_* type.
type Row struct {
	Type           string // aws_s3_bucket
	CloudFormation string // AWS::S3::Bucket
	// Identifier names the properties of the primary identifier in AWS's order;
	// Cloud Control's Identifier is their values, joined by |. A property inside
	// of another is written with a slash: StorageLensConfiguration/Id.
	Identifier []string
	Import     Template // the import id over CloudFormation's properties
	State      Template // the same id over the state's top-level attributes
	Given      []Given  // what ListResources wants to be told; mostly nothing
	// Also are other Terraform types that can manage the same object under the
	// same id: aws_alb for aws_lb, aws_default_vpc for aws_vpc. Lookup finds the
	// row by them too, unless they have one of their own.
	Also     []string
	Scope    Scope
	Taggable bool
	ARNs     []ARNForm // none where it has no ARN of its own
	// Example is an import id from the provider's documentation or, where that
	// has only a placeholder, one of the form that it describes.
	Example string
	Doc     string // the page of the provider's documentation, under resources/
}

// CC is a type that Cloud Control lists and that has no Row. Its import id is
// Cloud Control's Identifier.
type CC struct {
	CloudFormation string // AWS::Lambda::Version
	Type           string // awscc_lambda_version
	Given          []Given
	Scope          Scope
	// AWS is the aws_* type that manages the same objects, "" where there is
	// none. How that is imported isn't known here: compare by ARN, by the
	// state's id, or by what is made of its attributes (see match/ids.tsv).
	AWS string
}

// Given is a property that the ResourceModel of ListResources has to have. One
// with neither Values nor Parents can't be known beforehand: the type can't be
// listed. Several properties that come from the same parent are taken
// together, from one object of it at a time.
type Given struct {
	Property string   // one inside of another is written with a slash: Schema/SchemaArn
	Values   []string // a listing for each; @account stands for the account's id
	Parents  []Parent // a listing for each object of these types; one may be the type itself, which then nests
}

// Parent is where a Given comes from.
type Parent struct {
	CloudFormation string // AWS::EKS::Cluster
	Property       string // of the parent, Name
}

// Scope says in which regions a type has to be listed.
type Scope string

const (
	// Regional types are listed in each region.
	Regional Scope = "regional"
	// Global types are listed once, in us-east-1.
	Global Scope = "global"
	// Anywhere types are listed in each region too, but a region may answer
	// with objects of others: of those with the same id one counts.
	Anywhere Scope = "anywhere"
)

// Lookup finds the row of a Terraform type, or the one that names it in Also.
func Lookup(terraformType string) (Row, bool) {
	return at(tables().rows, tables().byType, terraformType)
}

// ByCloudFormation finds the row of a CloudFormation type.
func ByCloudFormation(cloudFormationType string) (Row, bool) {
	return at(tables().rows, tables().byCloudFormation, cloudFormationType)
}

// All are all rows by type. The slice is the caller's, what its rows hold isn't.
func All() []Row { return slices.Clone(tables().rows) }

// LookupCC finds an awscc_* type.
func LookupCC(terraformType string) (CC, bool) {
	return at(tables().ccs, tables().ccByType, terraformType)
}

// CCByCloudFormation finds the CC of a CloudFormation type.
func CCByCloudFormation(cloudFormationType string) (CC, bool) {
	return at(tables().ccs, tables().ccByCloudFormation, cloudFormationType)
}

// AllCC are all CCs by CloudFormation type. The slice is the caller's.
func AllCC() []CC { return slices.Clone(tables().ccs) }

func at[T any](list []T, index map[string]int, key string) (T, bool) {
	i, ok := index[key]
	if !ok {
		var none T
		return none, false
	}
	return list[i], true
}

// ImportID makes the import id of an object from its properties, by their
// CloudFormation names, and from @account, @region and @partition. It is false
// where a property that the id needs is missing.
func (r Row) ImportID(property func(name string) (string, bool)) (string, bool) {
	return r.Import.Make(property)
}

// FromState makes the import id of a managed resource from the attributes in
// the state: strings as they are, numbers as Terraform prints them. It is often not
// the state's id: a cluster of ECS has its ARN there, and is imported by name.
// False where an attribute is missing.
func (r Row) FromState(attribute func(name string) (string, bool)) (string, bool) {
	return r.State.Make(attribute)
}

// Properties splits an Identifier of Cloud Control into the properties that it
// is made of. Empty ones are left out, as the last ones may be. It is false
// where there are more parts than the type has.
func (r Row) Properties(identifier string) (map[string]string, bool) {
	parts := []string{identifier} // what isn't joined may contain a |
	if len(r.Identifier) > 1 {
		parts = strings.Split(identifier, "|")
	}
	if len(parts) > len(r.Identifier) {
		return nil, false
	}
	properties := make(map[string]string, len(parts))
	for i, value := range parts {
		if value != "" {
			properties[r.Identifier[i]] = value
		}
	}
	return properties, true
}

// Extra are the properties beyond the identifier that the import id is made
// of: where ListResources didn't tell them, GetResource does.
func (r Row) Extra() []string {
	var extra []string
	for _, name := range r.Import.Names() {
		if !strings.HasPrefix(name, "@") && !slices.Contains(r.Identifier, name) {
			extra = append(extra, name)
		}
	}
	return extra
}
