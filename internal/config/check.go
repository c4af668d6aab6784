package config

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// maxQuoted is how many characters of a bad value an error quotes.
const maxQuoted = 80

// check says what is wrong with one value of s and what to do about it; the
// first result is "" when nothing is.
func (s *setting) check(v string) (flaw, hint string) {
	switch {
	case s.kind == kindBool:
		if _, err := strconv.ParseBool(v); err != nil {
			return quote(v) + " is neither true nor false", ""
		}
	case s.kind == kindInt:
		if n, err := strconv.Atoi(v); err != nil || n < s.min || n > s.max {
			return fmt.Sprintf("%s is not a whole number from %d to %d", quote(v), s.min, s.max), ""
		}
	case s.kind == kindDuration:
		if d, err := time.ParseDuration(v); err != nil || d < 0 {
			return quote(v) + " is not a duration", "write a number and a unit, as in 90s, 30m or 1h30m, or 0"
		}
	case s.allowed != nil:
		if !slices.Contains(s.allowed, v) {
			if near := nearest(v, s.allowed); near != "" {
				hint = fmt.Sprintf("did you mean %s?", near)
			}
			return fmt.Sprintf("%s is not one of %s", quote(v), strings.Join(s.allowed, ", ")), hint
		}
	case strings.TrimSpace(v) == "":
		return "is empty", s.hint
	case s.pattern != "" && !regexp.MustCompile(s.pattern).MatchString(v):
		return fmt.Sprintf("%s is not %s", quote(v), s.form), s.hint
	}
	return "", ""
}

// words splits the values of a setting that may be separated by commas.
func words(values []value) []value {
	out := []value{}
	for _, v := range values {
		for word := range strings.SplitSeq(v.text, ",") {
			if word = strings.TrimSpace(word); word != "" {
				out = append(out, value{word, v.where})
			}
		}
	}
	return out
}

// quote makes a value from outside safe to show on one line.
func quote(v string) string {
	if runes := []rune(v); len(runes) > maxQuoted {
		v = string(runes[:maxQuoted]) + "…"
	}
	return strconv.Quote(v)
}
