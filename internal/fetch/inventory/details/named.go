package details

import (
	"bytes"
	"encoding/json"
	"strings"
	"sync"
	"unicode"

	"github.com/strandline-tf/strandline/internal/model"
)

// secretEndings are what the names of attributes with secrets are or end in,
// as providers call them: password of root_password and adminPassword. A name
// that goes on (password_policy, secret_arn, token_type, api_key_id) is another.
var secretEndings = words(`
	password passwords passwd passphrase password_hash admin_pass
	private_key private_key_pem private_key_pem_pkcs8 private_key_openssh private_key_base64 private_key_content_base64 private_key_data client_key client_key_data
	secret_key secret_key_base secret_access_key access_key primary_key secondary_key
	client_secret app_secret application_secret consumer_secret api_secret shared_secret webhook_secret signing_secret hmac_secret jwt_secret token_secret
	secret_string secret_binary secret_data secret_text secret_value secret_json secret_base64
	auth_token access_token refresh_token api_token bearer_token session_token security_token secret_token oauth_token jwt_token bot_token
	registration_token runner_token bootstrap_token join_token deploy_token webhook_token root_token sas_token hec_token
	api_key apikey api_secret_key app_key application_key license_key ingestion_key instrumentation_key account_key service_principal_key
	shared_key preshared_key pre_shared_key psk auth_key authorization_key authentication_key shared_access_policy_key sas_key
	readonly_key master_key hmac_key mac_key raw_key key_material cak
	shared_access_signature sas_url sas_uri connection_string connection_strings connection_string_alias
	kubeconfig kubeconfig_raw kube_config_raw kube_admin_config_raw pfx_blob
	auth_string auth_code authorization_code basic_auth_credentials credentials_json credentials_map service_account_key service_account_json
	protected_settings protected_parameters`)

// secretNames are what such names are, but don't end in: a client_token only
// keeps a request from being made twice, an image_pull_secret is a name.
var secretNames = words(`secret token`)

// otherEndings are what the members of an object with such a name end in that
// are no secret themselves: {"password": [{"id": …, "value": …}]}.
var otherEndings = words(`id ids arn arns name names type version region location path url uri endpoint length policy algorithm enabled count
	namespace date at size expiration expiry ttl description`)

// secretTypes are what the names of types end in that are secrets themselves,
// and contents the attributes in which they hold them: value of doppler_secret.
var (
	secretTypes = words(`secret secret_v1 secret_version password token api_key`)
	contents    = words(`value data payload content plaintext_value`)
)

// isSecretType reports whether a resource of a type is itself a secret.
func isSecretType(typ string) bool { return endsIn(typ, secretTypes) }

// userNamed are attributes whose members users name.
var userNamed = []string{"labels", "tags", "tags_all"}

// words splits a list.
func words(list string) map[string]bool {
	out := map[string]bool{}
	for _, w := range strings.Fields(list) {
		out[w] = true
	}
	return out
}

// secretName reports whether an attribute of this name holds a secret. A
// write-only one (password_wo) is called as the one that it replaces.
func secretName(name string) bool {
	name = snake(name)
	if !lastWords()[name[strings.LastIndexByte(name, '_')+1:]] {
		return false
	}
	name = strings.TrimSuffix(name, "_wo")
	return secretNames[name] || endsIn(name, secretEndings) && !strings.HasPrefix(name, "public_") && !strings.Contains(name, "_public_")
}

// endsIn reports whether name is, or ends in, one of endings.
func endsIn(name string, endings map[string]bool) bool {
	for {
		if endings[name] {
			return true
		}
		_, rest, more := strings.Cut(name, "_")
		if !more {
			return false
		}
		name = rest
	}
}

// lastWords are the last words of secretEndings and secretNames, which most
// names don't end in.
var lastWords = sync.OnceValue(func() map[string]bool {
	out := map[string]bool{"wo": true}
	for _, names := range []map[string]bool{secretEndings, secretNames} {
		for name := range names {
			out[name[strings.LastIndexByte(name, '_')+1:]] = true
		}
	}
	return out
})

// snake returns a name in the style of Terraform: client_secret for
// clientSecret, CLIENT_SECRET and client-secret.
func snake(name string) string {
	if strings.IndexFunc(name, func(r rune) bool { return r == '-' || unicode.IsUpper(r) }) < 0 {
		return name
	}
	var b strings.Builder
	letters := []rune(name)
	for i, r := range letters {
		switch {
		case r == '-':
			r = '_'
		case i > 0 && unicode.IsUpper(r):
			before := letters[i-1]
			ends := unicode.IsUpper(before) && i+1 < len(letters) && unicode.IsLower(letters[i+1]) // the P of DBPassword
			if ends || unicode.IsLower(before) || unicode.IsDigit(before) {
				b.WriteByte('_')
			}
		}
		b.WriteRune(unicode.ToLower(r))
	}
	return b.String()
}

// named appends the secrets in v, which is called name; within says that all of
// it is secret for the name of what it is in.
func named(typ, name string, v any, within bool, to []string) []string {
	_, isText := v.(string)
	switch n := snake(name); {
	case (n == "primary_key" || n == "secondary_key") && !isText:
		within = false // the columns of a table
	case n == "secret" && (strings.HasPrefix(typ, "google_") || strings.HasPrefix(typ, "kubernetes_")):
		within = false // refers to one by its name
	default:
		within = secretName(name) || within && !endsIn(n, otherEndings)
	}
	return textsOf(typ, v, within, to)
}

// textsOf appends the secrets in v: all of its texts where it is secret itself,
// else those of what in it is called so.
func textsOf(typ string, v any, secret bool, to []string) []string {
	switch v := v.(type) {
	case string:
		if secret {
			if isSecretText(v) {
				to = append(to, v)
			}
			return to
		}
		if document, ok := decodeDocument(v); ok {
			to = textsOf(typ, document, false, to)
		}
	case json.Number:
		if secret && v != "0" {
			to = append(to, v.String())
		}
	case []any:
		for _, e := range v {
			to = textsOf(typ, e, secret, to)
		}
	case map[string]any:
		for name, e := range v {
			to = named(typ, name, e, secret, to)
		}
	}
	return to
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
// and policies are.
func decodeDocument(s string) (any, bool) {
	if s = strings.TrimSpace(s); s == "" || s[0] != '{' && s[0] != '[' || !hasSecretName(model.Value(s)) {
		return nil, false
	}
	in := json.NewDecoder(strings.NewReader(s))
	in.UseNumber()
	var v any
	return v, in.Decode(&v) == nil
}

// hasSecretName reports whether any member in v, or of a document within it,
// may be called as a secret. It spares most objects from being decoded.
func hasSecretName(v model.Value) bool {
	if bytes.Contains(v, []byte(`\u`)) {
		return true // a name may be spelled so
	}
	for rest := []byte(v); len(rest) > 0; {
		text, after, _ := bytes.Cut(rest, []byte(`"`))
		next := 0
		for next < len(after) && after[next] <= ' ' {
			next++
		}
		if next < len(after) && after[next] == ':' && secretName(string(bytes.TrimSuffix(text, []byte(`\`)))) {
			return true
		}
		rest = after
	}
	return false
}
