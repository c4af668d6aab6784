package render

import (
	"strings"
	"time"
)

// dayOf returns the day of a moment that the model holds as 2026-01-02 or in
// RFC 3339; "" where it is neither.
func dayOf(at string) string {
	if len(at) < len(time.DateOnly) {
		return ""
	}
	day, rest := at[:len(time.DateOnly)], at[len(time.DateOnly):]
	if rest != "" && rest[0] != 'T' {
		return ""
	}
	if _, err := time.Parse(time.DateOnly, day); err != nil {
		return ""
	}
	return day
}

// dayText is a day in a line. What is none stands as it came.
func dayText(at string) Span {
	if day := dayOf(at); day != "" {
		return plain(day)
	}
	return code(at)
}

// since ends a line with the day that something was first seen.
func since(at string) Text {
	if at == "" {
		return nil
	}
	return Text{plain(", since "), dayText(at)}
}

// minuteText is a moment (RFC 3339) to the minute, in UTC.
func minuteText(at string) Span {
	t, err := time.Parse(time.RFC3339, at)
	if err != nil {
		return code(at)
	}
	return plain(t.UTC().Format("2006-01-02 15:04 UTC"))
}

// newest returns the latest day of n moments, "" where none is known.
func newest(n int, at func(i int) string) string {
	out := ""
	for i := range n {
		if day := dayOf(at(i)); strings.Compare(day, out) > 0 {
			out = day
		}
	}
	return out
}
