package propose

import (
	"slices"
	"strings"
)

// No schema says which attributes can't be changed in place, so names must
// tell. Too long a list costs a suggestion now and then; too short a one makes
// a wrong one. Nothing here is ever written to.

// identifying are the last words of names of attributes that tell objects
// apart or force replacement where they differ: bucket_prefix, subnet_id.
var identifying = [...]string{
	"account", "arn", "block", "blocks", "bucket", "cidr", "cluster", "domain", "email", "engine", "group", "host", "hostname",
	"id", "identifier", "key", "location", "name", "namespace", "port", "prefix", "principal", "project", "protocol",
	"region", "role", "suffix", "user", "username", "zone",
}

// identifyingWhole are names that do so as a whole, with all that is in them:
// the first of a path. The last three exist to force replacement.
var identifyingWhole = [...]string{"direction", "family", "kind", "type", "keepers", "triggers", "triggers_replace"}

// free are attributes that hold what people like, with names of their choice.
var free = [...]string{"annotations", "default_tags", "labels", "tags", "tags_all"}

// naming are attributes that name an object of any type.
var naming = [...]string{"cidr_block", "identifier", "metadata[0].name", "name"}

// identifies reports whether two objects with different values at path are
// two objects.
func identifies(path string) bool {
	for part := range strings.FieldsFuncSeq(path, func(r rune) bool { return r == '.' || r == '[' || r == ']' }) {
		if slices.Contains(free[:], part) {
			return false
		}
	}
	if slices.Contains(identifyingWhole[:], firstName(path)) {
		return true
	}
	last := lastName(path)
	return slices.Contains(identifying[:], last[strings.LastIndexByte(last, '_')+1:])
}

// names reports whether the value at path is an object's own name: equal ones
// are the best evidence there is.
func names(typ, path string) bool {
	if slices.Contains(naming[:], path) {
		return true
	}
	words := stem(path)
	return len(words) > 0 && endsIn(strings.Split(typ, "_"), words)
}

// namesParent reports whether path says which object a resource is a part of,
// as the names of type and attribute tell: security_group_id of an
// aws_security_group_rule, bucket of an aws_s3_bucket_policy.
func namesParent(typ, path string) bool {
	words, of := stem(path), strings.Split(typ, "_")
	if len(words) == 0 || endsIn(of, words) {
		return false
	}
	for _, w := range words {
		if !slices.Contains(of, w) {
			return false
		}
	}
	return true
}

// stem returns the words of an attribute of the resource itself, without
// those that say how it points: bucket_arn is [bucket]; nil for other paths.
func stem(path string) []string {
	if firstName(path) != path {
		return nil
	}
	words := strings.Split(path, "_")
	for len(words) > 0 && slices.Contains([]string{"arn", "id", "identifier", "name"}, words[len(words)-1]) {
		words = words[:len(words)-1]
	}
	return words
}

func endsIn(list, tail []string) bool {
	return len(tail) <= len(list) && slices.Equal(list[len(list)-len(tail):], tail)
}

// firstName returns the name that path begins with.
func firstName(path string) string {
	if i := strings.IndexAny(path, ".["); i >= 0 {
		return path[:i]
	}
	return path
}

// lastName returns the last name of path, without the index behind it.
func lastName(path string) string {
	if i := strings.LastIndexByte(path, '['); i > 0 && strings.HasSuffix(path, "]") {
		path = path[:i]
	}
	return path[strings.LastIndexByte(path, '.')+1:]
}
