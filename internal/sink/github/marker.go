package github

import (
	"fmt"
	"net/url"
	"strconv"
	"strings"
)

// MaxBody is the most that GitHub takes as a comment's body, in characters
// ("body is too long (maximum is 65536 characters)"). It is counted in bytes
// here, of which there are never fewer.
const MaxBody = 65536

// The hidden first line of a comment, by which the program knows it again.
// It holds fields separated by spaces, each NAME=VALUE with an escaped value.
const (
	markerStart = "<!-- strandline "
	markerEnd   = " -->"
)

// marker is what a comment's first line says.
type marker struct {
	key, head, run, digest string
}

func (m marker) String() string {
	return fmt.Sprintf("%skey=%s head=%s run=%s digest=%s%s",
		markerStart, escape(m.key), escape(m.head), escape(m.run), escape(m.digest), markerEnd)
}

// parseMarker reads the marker that body begins with; false where it begins
// with anything else.
func parseMarker(body string) (marker, bool) {
	line, _, _ := strings.Cut(body, "\n")
	line = strings.TrimSuffix(line, "\r") // GitHub's editor leaves these
	fields, rest, ok := cutFields(line, markerStart)
	key, has := fields["key"]
	if !ok || !has || rest != "" {
		return marker{}, false
	}
	return marker{key, fields["head"], fields["run"], fields["digest"]}, true
}

// cutFields reads the fields of the marker that begins with start and that
// text begins with, and returns them with the text after it; false where text
// begins with anything else. Fields that nobody knows may be of a later version.
func cutFields(text, start string) (fields map[string]string, after string, ok bool) {
	rest, ok := strings.CutPrefix(text, start)
	if !ok {
		return nil, "", false
	}
	inside, after, ok := strings.Cut(rest, markerEnd)
	if !ok || strings.ContainsAny(inside, "\r\n<") {
		return nil, "", false
	}
	fields = map[string]string{}
	for field := range strings.FieldsSeq(inside) {
		name, escaped, _ := strings.Cut(field, "=")
		value, err := url.PathUnescape(escaped)
		if err != nil {
			return nil, "", false
		}
		fields[name] = value
	}
	return fields, after, true
}

// escape percent-encodes all of v but letters, digits and a few harmless
// characters, and every hyphen that follows one: no value can then hold a
// space, "--" or ">", and end the marker.
func escape(v string) string {
	var b strings.Builder
	for i := range len(v) {
		c := v[i]
		switch {
		case 'a' <= c && c <= 'z', 'A' <= c && c <= 'Z', '0' <= c && c <= '9',
			c == '.', c == '_', c == '/', c == ':',
			c == '-' && i > 0 && v[i-1] != '-':
			b.WriteByte(c)
		default:
			fmt.Fprintf(&b, "%%%02X", c)
		}
	}
	return b.String()
}

// newerRun reports whether workflow run a ("ID.ATTEMPT") is newer than b: by
// the id, a number that grows, then by the attempt. Where either is no
// workflow run, neither is newer.
func newerRun(a, b string) bool {
	idA, attemptA, okA := parseRun(a)
	idB, attemptB, okB := parseRun(b)
	if !okA || !okB {
		return false
	}
	if idA != idB {
		return idA > idB
	}
	return attemptA > attemptB
}

func parseRun(run string) (id, attempt uint64, ok bool) {
	first, second, _ := strings.Cut(run, ".")
	id, err := strconv.ParseUint(first, 10, 64)
	if err != nil {
		return 0, 0, false
	}
	if second != "" {
		attempt, err = strconv.ParseUint(second, 10, 64)
	}
	return id, attempt, err == nil
}
