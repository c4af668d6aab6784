package model

import (
	"io"
	"regexp"
	"strings"
	"time"

	"github.com/strandline-tf/strandline/internal/userfault"
)

// IgnoreRule is one line of an ignore file.
type IgnoreRule struct {
	File      string // the file's name, for messages
	Line      int    // from 1
	Text      string // the line without its comment, as reports show it
	Negated   bool   // takes back what earlier lines ignore
	Pattern   string // glob over addresses
	Attribute string // glob over attribute paths; "" for whole addresses
	Until     string // last day on which the line counts, as 2027-01-31; "" for ever
	Owner     string
	Reason    string

	address, attribute, object glob
}

// ParseIgnore reads an ignore file: one pattern a line, comments after #.
// name is the file's, for messages; errors are userfault.Errors of usage.
func ParseIgnore(name string, r io.Reader) ([]IgnoreRule, error) {
	data, err := io.ReadAll(r)
	if err != nil {
		return nil, userfault.Wrap(err, "", "%s can't be read", name)
	}
	var rules []IgnoreRule
	number := 0
	for line := range strings.Lines(strings.TrimPrefix(string(data), "\ufeff")) {
		number++
		text, comment := cutComment(strings.TrimSpace(line))
		if text == "" {
			continue
		}
		rule := IgnoreRule{File: name, Line: number, Text: text}
		if err := rule.parse(comment); err != nil {
			return nil, err
		}
		rules = append(rules, rule)
	}
	return rules, nil
}

func (r *IgnoreRule) parse(comment string) error {
	pattern, negated := strings.CutPrefix(r.Text, "!")
	r.Negated = negated
	r.Pattern = strings.TrimSpace(pattern)
	if at := attributeColon(r.Pattern); at >= 0 {
		r.Pattern, r.Attribute = r.Pattern[:at], r.Pattern[at+1:]
		if r.Pattern == "" || r.Attribute == "" {
			return userfault.Usage("write ADDRESS:ATTRIBUTE, with * for any", "%s:%d: `%s` has nothing on one side of the colon", r.File, r.Line, r.Text)
		}
	}
	if r.Pattern == "" {
		return userfault.Usage("write !PATTERN", "%s:%d: nothing follows the !", r.File, r.Line)
	}
	r.address, r.attribute = compileGlob(r.Pattern), compileGlob(steps(r.Attribute))
	r.compileObject()
	return r.annotate(comment)
}

// annotate reads until=, owner= and reason= from a comment. Each value goes up
// to the next of these or to the end.
func (r *IgnoreRule) annotate(comment string) error {
	if day := regexp.MustCompile(`(?i)(?:^|[\s,;])((?:unti?ll?|expires?|expiry)\s*[=:])\s*"?[0-9]`).FindStringSubmatch(comment); day != nil && day[1] != "until=" {
		return userfault.Usage("write the last day as until=2027-01-31", "%s:%d: %s is not known, and the line would ignore for ever", r.File, r.Line, day[1])
	}
	keys := regexp.MustCompile(`(?:^|[\s,;])(until|owner|reason)=`).FindAllStringSubmatchIndex(comment, -1)
	for i, at := range keys {
		end := len(comment)
		if i+1 < len(keys) {
			end = keys[i+1][0]
		}
		v := strings.Trim(comment[at[1]:end], " \t,;")
		if len(v) > 1 && v[0] == '"' && v[len(v)-1] == '"' {
			v = v[1 : len(v)-1]
		}
		switch comment[at[2]:at[3]] {
		case "owner":
			r.Owner = v
		case "reason":
			r.Reason = v
		case "until":
			day, _, _ := strings.Cut(v, " ") // free words may follow
			day = strings.TrimRight(day, ",;.")
			if _, err := time.Parse(time.DateOnly, day); err != nil {
				return userfault.Usage("write the last day as until=2027-01-31", "%s:%d: until=%s is not a day", r.File, r.Line, day)
			}
			r.Until = day
		}
	}
	return nil
}

// cutComment splits a line into what comes before its comment and the comment
// itself. A # begins one at the start of the line or after a space, unless it
// stands in quotes, as in aws_instance.web["number #1"].
func cutComment(line string) (text, comment string) {
	for i := 0; i < len(line); i++ {
		switch line[i] {
		case '"':
			i = closingQuote(line, i)
		case '#':
			if i == 0 || line[i-1] == ' ' || line[i-1] == '\t' {
				return strings.TrimSpace(line[:i]), line[i+1:]
			}
		}
	}
	return line, ""
}

// attributeColon returns where the colon stands that separates an address from
// an attribute, or -1: the first one that is neither in quotes, nor in
// brackets, nor escaped.
func attributeColon(pattern string) int {
	depth := 0
	for i := 0; i < len(pattern); i++ {
		switch pattern[i] {
		case '\\':
			i++
		case '"':
			i = closingQuote(pattern, i)
		case '[':
			depth++
		case ']':
			depth--
		case ':':
			if depth <= 0 {
				return i
			}
		}
	}
	return -1
}

// closingQuote returns where the string that begins at the quote s[at] ends;
// at itself if it doesn't, for then the quote is a character like any other.
func closingQuote(s string, at int) int {
	for i := at + 1; i < len(s); i++ {
		switch s[i] {
		case '\\':
			i++
		case '"':
			return i
		}
	}
	return at
}
