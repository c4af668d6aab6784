package secret

import (
	"encoding/base64"
	"encoding/json"
	"html"
	"net/url"
	"strings"
)

// forms returns the spellings of v under which it may turn up in text.
func forms(v string) []string {
	out := []string{v, html.EscapeString(v), url.QueryEscape(v), url.PathEscape(v)}
	for _, escapeHTML := range []bool{false, true} {
		var b strings.Builder
		enc := json.NewEncoder(&b)
		enc.SetEscapeHTML(escapeHTML)
		if enc.Encode(v) == nil {
			quoted := strings.TrimSuffix(b.String(), "\n")
			inner := quoted[1 : len(quoted)-1]
			// Twice: JSON within a JSON string, as an IAM policy holds it.
			again, _ := json.Marshal(inner)
			out = append(out, inner, string(again[1:len(again)-1]))
		}
	}
	out = append(out, base64Forms(v)...)
	return out
}

// base64Forms returns what v looks like within the base64 form of any text
// that contains it. Where v begins at offset 1 or 2 of a group of three bytes,
// its first and last characters mix with its neighbours' bits and are left out.
func base64Forms(v string) []string {
	var out []string
	for shift := range 3 {
		padded := strings.Repeat("\x00", shift) + v
		whole := len(padded) / 3 * 3
		for _, enc := range []*base64.Encoding{base64.RawStdEncoding, base64.RawURLEncoding} {
			inner := enc.EncodeToString([]byte(padded[:whole]))
			if shift > 0 {
				inner = inner[shift+1:]
			}
			if shift == 0 {
				out = append(out, enc.EncodeToString([]byte(v)))
			}
			if len(inner) >= minInside {
				out = append(out, inner)
			}
		}
	}
	return out
}
