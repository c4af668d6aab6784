package model

import (
	"bytes"
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/strandline-tf/strandline/internal/secret"
)

// rewritten returns why a says the same before and after, though written
// differently, or "".
func (a *Attribute) rewritten() string {
	switch {
	case a.stillEmpty():
		return "empty before and after: only the way to say so changed"
	case a.stillSameJSON():
		return "the same JSON, written differently"
	}
	return ""
}

// stillEmpty reports whether a is empty before and after. A key of a map that
// comes with an empty value is something new, though, and so is an empty element
// of a list: within a value, both sides must be there, if only as null.
func (a *Attribute) stillEmpty() bool {
	if a.Sensitive || a.Unknown || !isEmpty(a.Before) || !isEmpty(a.After) {
		return false
	}
	return a.Null || a.Before != nil && a.After != nil || !strings.ContainsAny(a.Path, ".[")
}

func isEmpty(v Value) bool {
	switch string(v) {
	case "", "null", `""`, "[]", "{}":
		return true
	}
	return false
}

// stillSameJSON reports whether a is a string that holds the same object or
// array of JSON before and after. Where part of it is withheld there is no
// telling.
func (a *Attribute) stillSameJSON() bool {
	if a.Sensitive || a.Unknown || strings.Contains(string(a.Before)+string(a.After), secret.Withheld) {
		return false
	}
	before, ok := canonicalJSON(a.Before)
	if !ok {
		return false
	}
	after, ok := canonicalJSON(a.After)
	return ok && bytes.Equal(before, after)
}

// canonicalJSON returns the JSON object or array that a string holds, in the one
// way to write it: without white space, members sorted. Numbers stay as they
// are, since no other way to write them keeps all of their digits. False: it
// holds none, or one whose meaning is open, as of two members of one name.
func canonicalJSON(v Value) (jsontext.Value, bool) {
	if len(v) == 0 || v[0] != '"' {
		return nil, false
	}
	text := strings.Trim(scalar(v), " \t\r\n")
	if !strings.HasPrefix(text, "{") && !strings.HasPrefix(text, "[") {
		return nil, false
	}
	out := jsontext.Value(text)
	err := out.Canonicalize(jsontext.CanonicalizeRawInts(false), jsontext.CanonicalizeRawFloats(false))
	return out, err == nil
}
