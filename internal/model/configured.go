package model

import "strings"

// Configured is what a plan knows about where the values of its drifted
// resources come from: which arguments the configuration gives, and what reads
// their attributes. QuietComputed judges by it.
//
// Attributes are named by their path without list indexes: "rule.port" is the
// argument port of each block rule.
type Configured struct {
	// Resources are by ConfigAddress.
	Resources map[string]*Arguments

	// Given are the arguments that some resource of a type gives, by type, with
	// all that is in their values; "" is all of them.
	Given map[string][]string

	// Computed are the attributes that no configuration can set, by resource
	// type, where the plan brings its providers' schemas along.
	Computed map[string][]string

	// Refreshed says that the plan is refresh-only: it can't tell which drift
	// Terraform would undo.
	Refreshed bool
}

// Arguments is what the configuration says about one resource.
type Arguments struct {
	Known  bool     // it has a block there, and the plan has its configuration; else only Used counts
	Blocks []string // nested blocks it has; dynamic ones are not in a plan's configuration
	Used   []string // attributes that something reads; "" is the resource as a whole
}

// ConfigAddress returns the address of the resource block that an instance
// comes from: module.a["x"].aws_instance.web[0] without its instance keys.
func ConfigAddress(address string) string {
	if strings.IndexByte(address, '[') < 0 {
		return address
	}
	var b strings.Builder
	for i := 0; i < len(address); i++ {
		if address[i] != '[' {
			b.WriteByte(address[i])
			continue
		}
		i = instanceKeyEnd(address, i)
	}
	return b.String()
}

// instanceKeyEnd returns the index of the bracket that closes the one at i, or
// of the last byte.
func instanceKeyEnd(address string, i int) int {
	if strings.HasPrefix(address[i:], `["`) {
		i = closingQuote(address, i+1)
	}
	if n := strings.IndexByte(address[min(i, len(address)):], ']'); n >= 0 {
		return i + n
	}
	return len(address) - 1
}

// argumentOf returns an attribute's path, in any of its spellings, without
// list indexes and with each step after the first marked, as steps does it.
func argumentOf(path string) string {
	var b strings.Builder
	for name := range strings.SplitSeq(steps(path), string(stepMark)) {
		if name == "" || name[0] == '[' {
			continue
		}
		if b.Len() > 0 {
			b.WriteByte(stepMark)
		}
		b.WriteString(name)
	}
	return b.String()
}

// within reports whether inner is outer or in it.
func within(inner, outer string) bool {
	rest, ok := strings.CutPrefix(inner, outer)
	return ok && (rest == "" || outer == "" || rest[0] == stepMark)
}

// argumentSet holds arguments, as true, and what they are in, as false.
type argumentSet map[string]bool

func (s argumentSet) add(paths []string) {
	for _, path := range paths {
		a := argumentOf(path)
		s[a] = true
		for at := strings.LastIndexByte(a, stepMark); at >= 0; at = strings.LastIndexByte(a[:at], stepMark) {
			if _, known := s[a[:at]]; !known {
				s[a[:at]] = false
			}
		}
	}
}

// covers reports whether a is or is in one of s.
func (s argumentSet) covers(a string) bool {
	if s[a] || s[""] {
		return true
	}
	for at, c := range []byte(a) {
		if c == stepMark && s[a[:at]] {
			return true
		}
	}
	return false
}

// touches reports whether a is, is in, or holds one of s.
func (s argumentSet) touches(a string) bool {
	_, holds := s[a]
	return holds || s.covers(a)
}
