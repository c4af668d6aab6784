package model

import (
	"net/netip"
	"regexp"
	"strings"
	"time"
)

// words returns the words of the names in an argument's path.
func words(name string) []string {
	return strings.FieldsFunc(name, func(r rune) bool { return r == '_' || r == '-' || r == stepMark })
}

// isGuarding reports whether a word in an attribute's name says that access or
// security depends on it, or that it tells what runs or is stored. A word too
// many only lets more drift be reported.
func isGuarding(word string) bool {
	switch word {
	case "access", "acl", "acls", "allow", "allowed", "auth", "authentication", "authorization", "certificate", "certificates", "cert",
		"cidr", "cidrs", "code", "content", "credential", "credentials", "deny", "denied", "egress", "encrypted", "encryption", "firewall", "grant", "grants",
		"group", "groups", "iam", "image", "ingress", "key", "keys", "kms", "member", "members", "owner", "owners", "password", "permission",
		"permissions", "policies", "policy", "principal", "principals", "privilege", "privileges", "publicly", "role", "roles",
		"rule", "rules", "secret", "secrets", "security", "source", "ssl", "tls", "token", "tokens", "trust", "trusted", "user", "users":
		return true
	}
	return false
}

// changesByItself reports whether a word in an attribute's name says that its
// value is a trace of what happens, such as a checksum or a time, rather than
// something a person would choose.
func changesByItself(word string) bool {
	switch word {
	case "accessed", "checksum", "crc32c", "current", "digest", "etag", "fingerprint", "generation", "hash", "last", "latest", "md5",
		"metageneration", "modified", "observed", "refreshed", "revision", "sha1", "sha256", "sha512", "timestamp", "updated", "uptime":
		return true
	}
	return false
}

// looksComputed reports whether a's name, or its values, look like what is
// made by machines.
func looksComputed(name string, a *Attribute) bool {
	last := name[strings.LastIndexByte(name, stepMark)+1:]
	switch last {
	case "version_id", "resource_version", "dns_name", "public_dns", "private_dns", "fqdn":
		return true
	}
	for _, word := range words(last) {
		if changesByItself(word) {
			return true
		}
	}
	before, after := scalar(a.Before), scalar(a.After)
	return isMachineMade(before) && (isEmpty(a.After) || isMachineMade(after)) ||
		isEmpty(a.Before) && isMachineMade(after)
}

// hexOrUUID are digests, object ids and UUIDs, also in the quotes of an HTTP
// entity tag.
var hexOrUUID = regexp.MustCompile(`^(W/)?"?([0-9a-fA-F]{16,}|[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12})(-[0-9]+)?"?$`)

// isMachineMade reports whether s is a time, an address of a host, a digest or
// a UUID. 0.0.0.0 and :: are defaults rather than addresses.
func isMachineMade(s string) bool {
	if ip, err := netip.ParseAddr(s); err == nil {
		return !ip.IsUnspecified()
	}
	for _, layout := range []string{time.RFC3339, "2006-01-02T15:04:05.999Z0700", "2006-01-02T15:04:05", time.DateTime, time.RFC1123, time.RFC1123Z,
		"2006-01-02 15:04:05.999999999 -0700 MST"} {
		if _, err := time.Parse(layout, s); err == nil {
			return true
		}
	}
	return hexOrUUID.MatchString(s)
}
