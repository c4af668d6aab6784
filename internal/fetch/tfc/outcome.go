package tfc

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
)

// maxOutput is how much of a policy's own words is kept, in bytes.
const maxOutput = 8 << 10

// words returns what an outcome says about why: what the policy printed, or
// its diagnostics, or at least what it is about.
func (o outcome) words() string {
	var lines []string
	for _, v := range o.Output {
		lines = append(lines, words(v))
	}
	for _, d := range o.Diagnostics {
		lines = append(lines, words(d))
		resources, _ := d["resources"].([]any)
		for _, r := range resources {
			if r, ok := r.(map[string]any); ok {
				lines = append(lines, strings.TrimSuffix(fmt.Sprint(r["resource_name"], ": ", words(r)), ": "))
			}
		}
	}
	lines = slices.DeleteFunc(lines, func(l string) bool { return l == "" })
	if len(lines) == 0 {
		return o.Description
	}
	return clip(strings.Join(lines, "\n"))
}

// saying are the fields that hold a message, in the order in which they are
// worth showing.
var saying = [...]string{"print", "msg", "message", "summary", "error_message", "detail"}

// words returns the message in a value of no fixed shape: a string, an object
// with a field that is known to hold one, or its JSON.
func words(v any) string {
	switch v := v.(type) {
	case nil:
		return ""
	case string:
		return strings.TrimSpace(v)
	case map[string]any:
		var out []string
		for _, name := range saying {
			if s, ok := v[name].(string); ok && strings.TrimSpace(s) != "" {
				out = append(out, strings.TrimSpace(s))
			}
		}
		if len(out) > 0 || v["resource_name"] != nil {
			return strings.Join(out, ": ")
		}
	}
	text, err := json.Marshal(v)
	if err != nil {
		return ""
	}
	return string(text)
}

// clip shortens a text to maxOutput, at the end of a line where there is one.
func clip(s string) string {
	s = strings.TrimSpace(s)
	if len(s) <= maxOutput {
		return s
	}
	s = s[:maxOutput]
	if end := strings.LastIndexByte(s, '\n'); end > maxOutput/2 {
		s = s[:end]
	}
	return strings.ToValidUTF8(s, "") + "\n…"
}
