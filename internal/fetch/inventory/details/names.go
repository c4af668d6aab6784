package details

import (
	"strings"
	"sync"
	"unicode"
)

// secretEndings are what the names of attributes with secrets are or end in,
// as providers call them: password of root_password and adminPassword. A name
// that goes on (password_policy, secret_arn, token_type, api_key_id) is another.
var secretEndings = words(`
	password passwords passwd passphrase password_hash admin_pass root_pass
	private_key private_key_pem private_key_pem_pkcs8 private_key_openssh private_key_base64 private_key_content_base64 private_key_data client_key client_key_data
	secret_key secret_key_base secret_access_key access_key primary_key secondary_key
	client_secret client_basic_secret tunnel_secret app_secret application_secret consumer_secret api_secret shared_secret webhook_secret signing_secret hmac_secret jwt_secret token_secret
	secret_string secret_binary secret_data secret_text secret_value secret_json secret_base64 encrypted_value
	auth_token authentication_token tunnel_token access_token refresh_token api_token bearer_token session_token security_token secret_token oauth_token jwt_token bot_token
	registration_token runner_token bootstrap_token join_token deploy_token webhook_token root_token sas_token hec_token
	api_key apikey api_secret_key app_key application_key license_key ingestion_key instrumentation_key account_key service_principal_key service_key integration_key
	shared_key preshared_key pre_shared_key psk auth_key authorization_key authentication_key shared_access_policy_key sas_key
	readonly_key master_key hmac_key mac_key raw_key key_material cak
	shared_access_signature sas_url sas_uri service_uri connection_string connection_strings connection_string_alias
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

// The types of things that are secrets themselves, by what their names end in,
// and what the attributes are called in which those hold them: value of
// doppler_secret, key of datadog_api_key. A key or a secret_id of other types is
// a name. What Vault holds is a document of secrets.
var (
	secretTypes = words(`secret secret_v1 secret_v2 secret_version secret_id password token api_key access_key application_key`)
	contents    = words(`value data payload content plaintext_value string_value`)
	keyTypes    = words(`token api_key access_key application_key`)
	idTypes     = words(`token secret_id`)
)

const vault = "vault_"

// isSecretType reports whether a resource of a type is itself a secret.
func isSecretType(typ string) bool { return endsIn(typ, secretTypes) }

// isContent reports whether it has this attribute for the secret that it is.
func isContent(typ, name string) bool {
	switch name {
	case "key":
		return endsIn(typ, keyTypes)
	case "secret_id":
		return endsIn(typ, idTypes)
	case "data_json":
		return strings.HasPrefix(typ, vault)
	}
	return contents[name] && isSecretType(typ)
}

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
// write-only one (password_wo) is called as the one that it replaces. Of a
// setting's path (github.token, Slack:Token) the last step is a name of its own.
func secretName(name string) bool {
	if i := strings.LastIndexAny(name, ".:"); i >= 0 && secretNames[snake(name[i+1:])] {
		return true
	}
	name = snake(name)
	last := name[strings.LastIndexByte(name, '_')+1:]
	joined := strings.HasSuffix(last, "password") || strings.HasSuffix(last, "passwd") // adminpassword
	if !joined && !lastWords()[last] {
		return false
	}
	name = strings.TrimSuffix(name, "_wo")
	return joined || secretNames[name] || endsIn(name, secretEndings) && !strings.HasPrefix(name, "public_") && !strings.Contains(name, "_public_")
}

// sensitiveName reports whether an attribute (its name as snake returns it) is
// called as holding nothing but secrets, whatever they are called in it:
// sensitive_config_vars, secure_environment_variables.
func sensitiveName(name string) bool {
	return (strings.HasPrefix(name, "sensitive_") || strings.HasPrefix(name, "secure_")) && !endsIn(name, otherEndings)
}

// isPassword reports whether a name (as snake returns it) is that of something
// that can have the shape of anything.
func isPassword(name string) bool {
	name = strings.TrimSuffix(name, "_wo")
	switch last := name[strings.LastIndexByte(name, '_')+1:]; last {
	case "passwords", "passphrase", "pass", "secret", "token":
		return true
	default:
		return strings.HasSuffix(last, "password") || strings.HasSuffix(last, "passwd")
	}
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
// clientSecret, CLIENT_SECRET, client-secret, client.secret and Client::Secret.
func snake(name string) string {
	if strings.IndexFunc(name, func(r rune) bool { return r != '_' && !('a' <= r && r <= 'z') && !('0' <= r && r <= '9') }) < 0 {
		return name
	}
	var b strings.Builder
	letters := []rune(name)
	word := false // the last that was written is of a word
	for i, r := range letters {
		if !unicode.IsLetter(r) && !unicode.IsDigit(r) {
			if word {
				b.WriteByte('_')
			}
			word = false
			continue
		}
		if word && unicode.IsUpper(r) {
			before := letters[i-1]
			ends := unicode.IsUpper(before) && i+1 < len(letters) && unicode.IsLower(letters[i+1]) // the P of DBPassword
			if ends || unicode.IsLower(before) || unicode.IsDigit(before) {
				b.WriteByte('_')
			}
		}
		b.WriteRune(unicode.ToLower(r))
		word = true
	}
	return strings.TrimSuffix(b.String(), "_")
}
