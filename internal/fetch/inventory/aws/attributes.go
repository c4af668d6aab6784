package aws

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws/arn"

	"github.com/strandline-tf/strandline/internal/model"
	"github.com/strandline-tf/strandline/internal/secret"
)

// attributes turns properties into attributes of a Terraform resource. Names
// are changed by rule: for awscc_* that is how its provider makes them; for
// aws_* it is right for most, and what it isn't right for has a name that the
// provider doesn't know.
type attributes struct {
	native  bool
	secrets *secret.Set
}

// of returns the attributes as a JSON object, nil where there are none, and
// the names of those that are left out as they hold something secret.
func (a attributes) of(cloudFormation string, properties map[string]any, tagged map[string]string) (model.Value, []string) {
	all := map[string]any{}
	var sensitive []string
	for name, v := range properties {
		to := snake(name, a.native)
		switch {
		case v == nil:
		case isTags(name) && !a.native:
			own := maps.Clone(tagged)
			maps.DeleteFunc(own, func(key, _ string) bool { return strings.HasPrefix(key, "aws:") }) // only AWS can set those
			all["tags"] = own
		case isTags(name):
			all[to] = a.convert(name, v)
		case a.hide(cloudFormation+"."+name, v):
			sensitive = append(sensitive, to)
		default:
			all[to] = a.convert(name, v)
		}
	}
	slices.Sort(sensitive)
	if len(all) == 0 {
		return nil, sensitive
	}
	text, _ := json.Marshal(all) // of what was JSON: it can't fail
	return text, sensitive
}

// convert changes the names inside of a property.
func (a attributes) convert(name string, v any) any {
	switch v := v.(type) {
	case []any:
		list := make([]any, 0, len(v))
		for _, e := range v {
			list = append(list, a.convert(name, e))
		}
		return list
	case map[string]any:
		if isPolicy(v) {
			text, _ := json.Marshal(v)
			return string(text) // both providers have policies as JSON in a string
		}
		object, free := map[string]any{}, isFree(name, v)
		for key, e := range v {
			to := key
			if !free {
				to = snake(key, a.native)
			}
			if e != nil {
				object[to] = a.convert(key, e)
			}
		}
		return object
	}
	return v
}

// isPolicy says whether an object is an IAM policy document.
func isPolicy(v map[string]any) bool {
	_, version := v["Version"]
	_, statement := v["Statement"]
	return version && statement
}

// isFree says whether the names in an object are somebody's own, and no properties.
func isFree(name string, v map[string]any) bool {
	for _, suffix := range []string{"Variables", "Parameters", "Tags", "Map", "Labels", "Headers"} {
		if strings.HasSuffix(name, suffix) {
			return true
		}
	}
	for key := range v {
		if key == "" || key[0] < 'A' || key[0] > 'Z' || strings.ContainsAny(key, "_-./: ") {
			return true
		}
	}
	return false
}

// hide says whether there is something secret in a property, and makes it known as such.
func (a attributes) hide(name string, v any) bool {
	switch v := v.(type) {
	case string:
		if !isSecret(name) || v == "" || arn.IsARN(v) {
			return false
		}
		a.secrets.Add(v)
		return true
	case []any:
		found := false
		for _, e := range v {
			found = a.hide(name, e) || found
		}
		return found
	case map[string]any:
		found := false
		for key, e := range v {
			found = a.hide(key, e) || found
		}
		if key, ok := v["Name"].(string); ok { // environments: [{"Name": "DB_PASSWORD", "Value": …}]
			found = a.hide(key, v["Value"]) || found
		}
		return found
	}
	return false
}

// isSecret says by a property's name whether its value is secret. What
// CloudFormation itself calls write-only never comes back.
func isSecret(name string) bool {
	if name == "AWS::SSM::Parameter.Value" { // sensitive in the provider
		return true
	}
	words := snake(name[strings.LastIndexByte(name, '.')+1:], false)
	for _, suffix := range []string{
		"_arn", "_arns", "_id", "_ids", "_name", "_names", "_policy", "_type", "_version", "_length", "_enabled", "_status",
		"_url", "_uri", "_path", "_location", "_date", "_at", "_age", "_method", "_mode", "_source",
	} {
		if strings.HasSuffix(words, suffix) {
			return false
		}
	}
	for _, word := range []string{"password", "passphrase", "passwd", "secret", "private_key", "auth_token", "access_token", "api_key", "credential", "shared_key"} {
		if strings.Contains(words, word) {
			return true
		}
	}
	return false
}

// isTags says whether a property holds the tags: Tags, HostedZoneTags.
func isTags(name string) bool { return strings.HasSuffix(name, "Tags") }

// tags are the tags, from a map or from a list of keys and values; nil where
// the properties don't have them.
func tags(properties map[string]any) map[string]string {
	names := slices.DeleteFunc(slices.Collect(maps.Keys(properties)), func(name string) bool { return !isTags(name) })
	slices.SortFunc(names, func(a, b string) int { return len(a) - len(b) }) // Tags comes first
	for _, name := range names {
		switch v := properties[name].(type) {
		case map[string]any:
			return tagMap(v)
		case []any:
			return tagList(v)
		}
	}
	return nil
}

func tagMap(v map[string]any) map[string]string {
	all := map[string]string{}
	for key, value := range v {
		if text, ok := value.(string); ok {
			all[key] = text
		}
	}
	return all
}

func tagList(v []any) map[string]string {
	all := map[string]string{}
	for _, e := range v {
		tag, _ := e.(map[string]any)
		for _, form := range [][2]string{{"Key", "Value"}, {"TagKey", "TagValue"}, {"key", "value"}} {
			if key, ok := tag[form[0]].(string); ok {
				all[key], _ = tag[form[1]].(string)
			}
		}
	}
	return all
}
