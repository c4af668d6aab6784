package aws

import (
	"bytes"
	"encoding/json"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	awsarn "github.com/aws/aws-sdk-go-v2/aws/arn"
	"github.com/aws/aws-sdk-go-v2/service/cloudcontrol/types"

	"github.com/strandline-tf/strandline/internal/model"
	"github.com/strandline-tf/strandline/internal/model/importid"
)

// facts are what is known of one object.
type facts struct {
	*target
	at         *place
	identifier string         // Cloud Control's
	parts      values         // the properties that it is made of, where the type has a row
	within     values         // the properties that its list was asked with
	properties map[string]any // by CloudFormation's names; numbers as json.Number
}

// read reads a description. Properties that are no JSON object are none.
func (p *place) read(t *target, within values, d types.ResourceDescription) facts {
	f := facts{target: t, at: p, identifier: aws.ToString(d.Identifier), within: within}
	if !t.native() {
		f.parts, _ = t.Properties(f.identifier)
	}
	in := json.NewDecoder(bytes.NewReader([]byte(aws.ToString(d.Properties))))
	in.UseNumber()
	if in.Decode(&f.properties) != nil {
		f.properties = nil
	}
	return f
}

// value is a property as text; one inside of another is written with a slash.
func (f facts) value(name string) (string, bool) {
	switch name {
	case "@account":
		return f.at.account.id, true
	case "@region":
		return f.at.region, true
	case "@partition":
		return f.at.account.partition, true
	}
	var at any = f.properties
	for step := range strings.SplitSeq(name, "/") {
		object, _ := at.(map[string]any)
		at = object[step]
	}
	switch v := at.(type) {
	case string:
		return v, true
	case json.Number:
		return v.String(), true
	case bool:
		return map[bool]string{true: "true", false: "false"}[v], true
	}
	for _, from := range []values{f.parts, f.within} {
		if v := from[name]; v != "" {
			return v, true
		}
	}
	return "", false
}

// bare says whether nothing but the identifier is known.
func (f facts) bare() bool {
	if f.native() {
		return len(f.properties) <= 1+strings.Count(f.identifier, "|")
	}
	for name := range f.properties {
		if !slices.ContainsFunc(f.Identifier, func(id string) bool { return id == name || strings.HasPrefix(id, name+"/") }) {
			return false
		}
	}
	return true
}

// arn is the object's ARN, "" where it isn't told.
func (f facts) arn() string {
	for _, name := range []string{"Arn", "ARN", f.resource() + "Arn", f.resource() + "ARN"} {
		if v, ok := f.value(name); ok && awsarn.IsARN(v) {
			return v
		}
	}
	if awsarn.IsARN(f.identifier) {
		return f.identifier
	}
	return ""
}

// name is what a person calls it: the tag, else the property.
func (f facts) name(tags map[string]string) string {
	if tags["Name"] != "" {
		return tags["Name"]
	}
	for _, name := range []string{f.resource() + "Name", "Name", f.resource() + "Identifier"} {
		if v, ok := f.value(name); ok {
			return v
		}
	}
	return ""
}

// home is the region of something that is listed in several, "" for none, or
// where it isn't known. Only the region of a bucket tells more than its name.
func (f facts) home(detailed bool) string {
	domain, _ := f.value("RegionalDomainName") // NAME.s3.REGION.amazonaws.com
	if _, after, ok := strings.Cut(domain, ".s3."); ok {
		region, _, _ := strings.Cut(after, ".amazonaws.")
		return region
	}
	if detailed && strings.HasPrefix(f.CloudFormation, "AWS::S3::") {
		return f.at.region
	}
	return ""
}

// object is what is handed over; false where it has no import id.
func (f facts) object() (model.Object, bool) {
	o := model.Object{
		Provider: f.provider(), Type: f.Type, ARN: f.arn(), Account: f.at.account.id, Region: f.at.region, Source: "aws",
		ID: f.identifier,
	}
	if !f.native() {
		o.ID, _ = f.ImportID(f.value)
	}
	if f.Scope == importid.Global {
		o.Region = ""
	}
	o.Tags = tags(f.properties)
	o.Name = f.name(o.Tags)
	a := attributes{native: f.native(), secrets: f.at.o.Secrets}
	o.Attributes, o.Sensitive = a.of(f.CloudFormation, f.properties, o.Tags)
	return o, o.ID != ""
}
