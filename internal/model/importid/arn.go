package importid

import (
	"regexp"
	"slices"
	"strings"
	"sync"
)

// ARNForm is how ARNs of a type look, as the Service Authorization Reference
// documents them, and how the import id is read off one.
type ARNForm struct {
	// Pattern is the service and the resource, s3:* or ecs:service/*/*. A * is
	// one or more characters but / and :, ** any one or more.
	Pattern string
	// ID makes the import id from {arn}, @account and @region; it makes none
	// where the id doesn't follow from the ARN.
	ID Template
}

// arn is an ARN in parts: arn:partition:service:region:account:resource.
type arn struct{ partition, service, region, account, resource string }

// splitARN is false where the text is no ARN.
func splitARN(text string) (arn, bool) {
	f := strings.SplitN(text, ":", 6)
	if len(f) != 6 || f[0] != "arn" || f[1] == "" || f[2] == "" || f[5] == "" {
		return arn{}, false
	}
	return arn{partition: f[1], service: f[2], region: f[3], account: f[4], resource: f[5]}, true
}

// resourceOf is the resource of an ARN, and of any other text all of it.
func resourceOf(text string) string {
	if a, ok := splitARN(text); ok {
		return a.resource
	}
	return text
}

// matcher is one ARNForm of one row, ready to be used.
type matcher struct {
	row      int
	form     ARNForm
	pattern  *regexp.Regexp // of the resource
	literals int            // how many bytes of the pattern stand for themselves
}

// matchers are the forms of all rows by service.
var matchers = sync.OnceValue(func() map[string][]matcher {
	all := map[string][]matcher{}
	for i, row := range tables().rows {
		for _, form := range row.ARNs {
			service, resource, _ := strings.Cut(form.Pattern, ":")
			pattern := strings.NewReplacer(`\*\*`, `.+`, `\*`, `[^/:]+`).Replace(regexp.QuoteMeta(resource))
			all[service] = append(all[service], matcher{
				row: i, form: form, pattern: regexp.MustCompile(`(?s)^` + pattern + `$`),
				literals: len(resource) - strings.Count(resource, "*"),
			})
		}
	}
	return all
})

// FromARN finds the types with a Row that an ARN may be of: several where the
// ARNs of different types look alike, as those of metric and composite alarms.
// The id is the import id, "" where it can't be read off the ARN or differs
// between the types. False means that no row covers it; Kind says what it is.
func FromARN(text string) (types []string, id string, ok bool) {
	a, ok := splitARN(text)
	if !ok {
		return nil, "", false
	}
	if a.service == "logs" { // a log group's own ARN has :* at its end, for its streams
		a.resource = strings.TrimSuffix(a.resource, ":*")
		text = strings.TrimSuffix(text, ":*")
	}
	most := -1
	var ids []string
	for _, m := range matchers()[a.service] {
		if m.literals < most || !m.pattern.MatchString(a.resource) {
			continue
		}
		if m.literals > most { // says more about the ARN than those before it
			most, types, ids = m.literals, nil, nil
		}
		made, _ := m.form.ID.Make(a.value(text))
		types, ids = append(types, tables().rows[m.row].Type), append(ids, made)
	}
	slices.Sort(ids)
	if ids = slices.Compact(ids); len(ids) == 1 {
		id = ids[0]
	}
	return types, id, len(types) > 0
}

// value answers the names that the template of an ARNForm may use.
func (a arn) value(text string) func(string) (string, bool) {
	return func(name string) (string, bool) {
		switch name {
		case "arn":
			return text, true
		case "@partition":
			return a.partition, true
		case "@region":
			return a.region, true
		case "@account":
			return a.account, true
		}
		return "", false
	}
}

// nameless are the services whose ARNs have a name where others have the type
// of the resource, with what that would be.
var nameless = map[string]string{
	"codecommit":   "repository",
	"codepipeline": "pipeline",
	"s3":           "bucket",
	"sns":          "topic",
	"sqs":          "queue",
}

// Kind is what an ARN is of, service and type of resource, lambda:function or
// s3:bucket, and the service alone where the ARN doesn't tell more. It is
// false where the text is no ARN.
func Kind(text string) (string, bool) {
	a, ok := splitARN(text)
	if !ok {
		return "", false
	}
	if kind := nameless[a.service]; kind != "" && (a.service != "s3" || a.account == "") {
		return a.service + ":" + kind, true
	}
	resource := strings.TrimPrefix(a.resource, "/")
	if a.service == "wafv2" { // regional/webacl/NAME/ID
		_, resource, _ = strings.Cut(resource, "/")
	}
	if end := strings.IndexAny(resource, "/:"); end > 0 {
		return a.service + ":" + resource[:end], true
	}
	return a.service, true
}
