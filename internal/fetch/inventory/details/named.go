package details

import (
	"bytes"
	"encoding/json"
	"strings"

	"github.com/strandline-tf/strandline/internal/model"
)

// finding is a text that is a secret where it stands.
type finding struct {
	text   string
	marked bool // by the table or by the object itself, not only by what it is called
	strict bool // it is called a password: its shape says nothing
}

// place says what is known of a value from what it stands in.
type place struct {
	typ    string
	secret bool // all of it is one, but for members that are called as something else
	every  bool // those too
	marked bool // as of finding
	strict bool
	refers bool // what is called secret in it is the name of one
}

// named appends the secrets in v, which is called name and stands beside others.
func named(name string, v any, beside map[string]any, p place, to []finding) []finding {
	n := snake(name)
	text, isText := v.(string)
	switch {
	case flagged(name, v, beside):
		p.secret, p.every, p.marked = true, true, true
	case p.every:
	case (n == "primary_key" || n == "secondary_key") && (!isText || isColumn(text)):
		p.secret = false // the columns of a table
	case n == "secret" && isReference(v, beside, p):
		p.secret = false
	case secretName(name) || n == setSensitive:
		p.secret = true
	case sensitiveName(n):
		// A map of them; but a text may be how something is done: secure_boot = "on".
		p.every = !isText || strings.HasPrefix(n, "sensitive_") || looksSecret(text)
		p.secret = p.secret || p.every
	case endsIn(n, otherEndings):
		p.secret = false
	}
	p.strict = p.strict || isPassword(n)
	p.refers = p.refers || referring[n]
	return textsOf(v, p, to)
}

// textsOf appends the secrets in v: all of its texts where it is secret itself,
// else those of what in it is called so.
func textsOf(v any, p place, to []finding) []finding {
	switch v := v.(type) {
	case string:
		if p.secret {
			if !isSecretText(v) {
				return to
			}
			to = append(to, finding{v, p.marked, p.strict})
		}
		if p.secret && !p.every {
			return to
		}
		if document, ok := decodeDocument(v, p.every); ok {
			p.marked = false // its words may stand anywhere
			to = textsOf(document, p, to)
		}
	case json.Number:
		if p.secret && v != "0" {
			to = append(to, finding{v.String(), p.marked, p.strict})
		}
	case []any:
		for _, e := range v {
			to = textsOf(e, p, to)
		}
	case map[string]any:
		for name, e := range v {
			to = named(name, e, v, p, to)
		}
	}
	return to
}

// setSensitive is the block in which helm_release has values that are secret.
const setSensitive = "set_sensitive"

// flags are members by which an object says of its value that it is secret.
var flags = words(`sensitive encrypted masked`)

// manifestKind is what a manifest of Kubernetes calls itself that holds secrets.
const manifestKind = "Secret"

// flagged reports whether v is marked by what stands beside it.
func flagged(name string, v any, beside map[string]any) bool {
	switch name {
	case "value", "value_wo":
		for flag := range flags {
			if set := beside[flag]; set == true || set == "true" {
				return true
			}
		}
	case "data", "stringData":
		return beside["kind"] == manifestKind
	}
	return false
}

// referring are members of types of Google and Kubernetes in which what is
// called secret is the name of one.
var referring = words(`secret_key_ref secret_ref env env_from value_from value_source volume volumes projected secret_volumes secret_environment_variables`)

// isReference reports whether v, which is called secret, says which one: an
// object that names it, or a name, which stands in certain members or beside
// the version or the items that are wanted of it. google_storage_hmac_key has
// an attribute of that name that is one.
func isReference(v any, beside map[string]any, p place) bool {
	if !strings.HasPrefix(p.typ, "google_") && !strings.HasPrefix(p.typ, "kubernetes_") {
		return false
	}
	if _, isText := v.(string); !isText || p.refers {
		return true
	}
	for _, of := range []string{"version", "versions", "items"} {
		if _, there := beside[of]; there {
			return true
		}
	}
	return false
}

// isSecretText reports whether the text of an attribute that is called as a
// secret is one, and neither a boolean, as states of version 3 write them, nor
// a reference to where the secret is kept.
func isSecretText(s string) bool {
	switch s = strings.TrimSpace(s); strings.ToLower(s) {
	case "", "0", "true", "false", "null", "none":
		return false
	}
	for _, prefix := range []string{"arn:", "${", "{{", "@Microsoft.KeyVault(", "vault:", "op://"} {
		if strings.HasPrefix(s, prefix) {
			return false
		}
	}
	return !(strings.HasPrefix(s, "projects/") && strings.Contains(s, "/secrets/")) && !strings.Contains(s, ".vault.azure.net/")
}

// decodeDocument reads a text that is an object or a list in JSON, as settings
// and policies are, where anything in it may be secret or all of it is.
func decodeDocument(s string, all bool) (any, bool) {
	if s = strings.TrimSpace(s); s == "" || s[0] != '{' && s[0] != '[' || !all && !hasSecretName(model.Value(s)) {
		return nil, false
	}
	in := json.NewDecoder(strings.NewReader(s))
	in.UseNumber()
	var v any
	return v, in.Decode(&v) == nil
}

// hasSecretName reports whether any member in v, or of a document within it,
// may be called as a secret or say that another is one. It spares most objects
// from being decoded.
func hasSecretName(v model.Value) bool {
	if bytes.Contains(v, []byte(`\u`)) || bytes.Contains(v, []byte(`"`+manifestKind)) {
		return true // a name may be spelled so
	}
	for rest := []byte(v); len(rest) > 0; {
		text, after, _ := bytes.Cut(rest, []byte(`"`))
		next := 0
		for next < len(after) && after[next] <= ' ' {
			next++
		}
		if next < len(after) && after[next] == ':' {
			if name := string(bytes.TrimSuffix(text, []byte(`\`))); flags[name] || name == setSensitive || secretName(name) || sensitiveName(snake(name)) {
				return true
			}
		}
		rest = after
	}
	return false
}
