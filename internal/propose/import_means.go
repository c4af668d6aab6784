package propose

import (
	"regexp"
	"strings"

	"github.com/strandline-tf/strandline/internal/model"
	"github.com/strandline-tf/strandline/internal/model/importid"
)

// What the name of an argument says about a type.
type meaning byte

const (
	no      meaning = iota
	perhaps         // it ends in the same word, or another service has such a type too: source_group_id, cluster
	surely          // it is the type's name, or an id of it: role, subnet_ids, source_security_group_id
)

// meansType compares the name of an argument with a type of resource of the
// same provider as from.
func meansType(argument, typ, from string) meaning {
	provider, name, ok := strings.Cut(typ, "_")
	if !ok || !strings.HasPrefix(from, provider+"_") || argument == "name" || argument == "id" {
		return no
	}
	stem := meant(argument)
	of, isEnd := strings.CutSuffix(name, "_"+stem)
	switch {
	case stem == name:
		return surely
	case isEnd && isItsOwn(stem, of, provider, strings.TrimPrefix(from, provider+"_")):
		return surely
	case strings.HasSuffix(stem, "_"+name) && (argument == stem+"_id" || argument == stem+"_ids"):
		return surely
	case isEnd, strings.HasSuffix(stem, "_"+name[strings.LastIndexByte(name, '_')+1:]):
		return perhaps
	}
	return no
}

// lone are ends of type names by which everybody means the same type, whatever
// service they are of themselves.
var lone = map[string]string{"bucket": "s3", "log_group": "cloudwatch"}

// aliasServices are those whose types begin in more than one way.
var aliasServices = map[string]string{"db": "rds", "alb": "lb", "sesv2": "ses"}

// isItsOwn reports whether a resource from says no more than the end of a
// type's name because what comes before it goes without saying: its service is
// the same. Nearly every service has clusters, groups, users and repositories,
// and their names are those of their own.
func isItsOwn(stem, of, provider, from string) bool {
	if from == of+"_"+stem {
		return false // how it calls itself, not another one
	}
	if provider == "aws" && lone[stem] == of {
		return true
	}
	service, _, _ := strings.Cut(of, "_")
	user, _, _ := strings.Cut(from, "_")
	if service == user {
		return true
	}
	// Only the whole of such a one: an instance of aws_db_instance has no
	// parameter group of aws_rds_cluster_parameter_group.
	return of == service && canonical(service) == canonical(user)
}

func canonical(service string) string {
	if name, ok := aliasServices[service]; ok {
		return name
	}
	return service
}

// unmistakable is an id such as a cloud makes up: it means one object, in
// whatever argument it stands.
var unmistakable = regexp.MustCompile(`^(?:[a-z]{1,20}-(?:[0-9a-f]{8}|[0-9a-f]{17})|d-[0-9a-f]{10}|Z[0-9A-Z]{9,}|` +
	`(?:[a-z]{2}(?:-[a-z]+)+-[0-9]+:)?[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|[a-z]{2}(?:-[a-z]+)+-[0-9]+_[0-9A-Za-z]{9})$`)

// saysItself reports whether a string is no name that objects of several sorts
// may have: one that a cloud made up, or a path that says what it leads to.
func saysItself(s string) bool {
	return unmistakable.MatchString(s) || strings.HasPrefix(s, "/subscriptions/") || strings.HasPrefix(s, "projects/")
}

// isNear reports whether two objects may be in the same account and, where s is
// but a name, in the same region. Other clouds than AWS have names across those.
func isNear(a, b *model.Object, s string) bool {
	if a.Account != "" && b.Account != "" && a.Account != b.Account {
		return false
	}
	isRegional := func(o *model.Object) bool {
		row, ok := importid.Lookup(o.Type)
		return o.Region != "" && strings.HasPrefix(o.Type, "aws_") && (!ok || row.Scope == importid.Regional)
	}
	return a.Region == b.Region || isARN(s) || saysItself(s) || !isRegional(a) || !isRegional(b)
}

// meant takes off an argument's name what says how a thing is meant: role of
// role_name, subnet of subnet_ids.
func meant(argument string) string {
	for _, ending := range []string{"_ids", "_id", "_arns", "_arn", "_names", "_name"} {
		if stem, ok := strings.CutSuffix(argument, ending); ok {
			return stem
		}
	}
	if strings.HasSuffix(argument, "s") && !strings.HasSuffix(argument, "ss") && !strings.HasSuffix(argument, "us") {
		return strings.TrimSuffix(argument, "s")
	}
	return argument
}
