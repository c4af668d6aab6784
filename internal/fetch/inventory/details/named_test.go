package details

import "testing"

// TestCalledSecret: attributes of types that no table has.
func TestCalledSecret(t *testing.T) {
	for _, tc := range []struct {
		name, typ, attributes string
		attribute             string // the one that is left out, with s3cret-text in it; none for a false positive
	}{
		{"a key of Google's storage", "google_storage_hmac_key", `{"access_id":"GOOG1","secret":"s3cret-text"}`, "secret"},
		{"a client of Google's", "google_iap_client", `{"brand":"b","secret":"s3cret-text"}`, "secret"},
		{"a secret by name and version", "google_cloudfunctions_function", `{"secret_environment_variables":[{"key":"K","secret":"db-pass-1","version":"latest"}],"secret_volumes":[{"mount_path":"/m","secret":"db-pass-1"}]}`, ""},
		{"a volume of Google's", "google_cloud_run_v2_service", `{"template":[{"volumes":[{"name":"v","secret":[{"secret":"db-pass-1","default_mode":420}]}],"containers":[{"env":[{"value_source":[{"secret_key_ref":[{"secret":"db-pass-1"}]}]}]}]}]}`, ""},
		{"beside items", "google_x", `{"from":[{"secret":"db-pass-1","items":[]}]}`, ""},
		{"an object", "kubernetes_service_account", `{"secret":[{"name":"token-x-12345"}]}`, ""},
		{"a manifest's volume", "kubernetes_manifest", `{"manifest":{"kind":"Pod","spec":{"volumes":[{"secret":{"secretName":"db-pass-1","defaultMode":420,"items":[{"key":"tls.crt-1","path":"p"}]}}]}}}`, ""},
		{"a manifest that is a secret", "kubernetes_manifest", `{"manifest":{"kind":"Secret","data":{"name":"s3cret-text"}}}`, "manifest"},
		{"a manifest that is none", "kubernetes_manifest", `{"manifest":{"kind":"ConfigMap","data":{"name":"s3cret-text"}}}`, ""},

		{"a setting with dots", "azurerm_linux_web_app", `{"app_settings":{"db.password":"s3cret-text"}}`, "app_settings"},
		{"a setting with colons", "azurerm_linux_web_app", `{"app_settings":{"Db:Password":"s3cret-text"}}`, "app_settings"},
		{"a setting of something else", "azurerm_linux_web_app", `{"app_settings":{"db.password.policy":"s3cret-text","Db:PasswordLength":"s3cret-text"}}`, ""},

		{"a tunnel's", "cloudflare_tunnel", `{"tunnel_secret":"s3cret-text"}`, "tunnel_secret"},
		{"joined", "ibm_database", `{"adminpassword":"s3cret-text"}`, "adminpassword"},

		{"the id of a role", "vault_approle_auth_backend_role_secret_id", `{"role_name":"r","secret_id":"s3cret-text"}`, "secret_id"},
		{"the id of a token", "nomad_acl_token", `{"secret_id":"s3cret-text"}`, "secret_id"},
		{"the name of a secret", "google_secret_manager_secret", `{"secret_id":"s3cret-text"}`, ""},

		{"sensitive variables", "heroku_app", `{"sensitive_config_vars":{"NAME":"s3cret-text"}}`, "sensitive_config_vars"},
		{"secure variables", "azurerm_container_group", `{"container":[{"secure_environment_variables":{"DB_NAME":"s3cret-text"}}]}`, "container"},
		{"sensitive labels", "google_monitoring_notification_channel", `{"sensitive_labels":[{"type":"s3cret-text"}]}`, "sensitive_labels"},
		{"a chart's values", "helm_release", `{"set":[{"name":"a","value":"plain-text-1"}],"set_sensitive":[{"name":"replica-name-1","value":"s3cret-text"}]}`, "set_sensitive"},
		{"ways to do it", "x_y", `{"secure_boot":"enabled","secure_mode":"strict","sensitive_data_enabled":"yes","secure_url":"https://example.com/1"}`, ""},

		{"the key of a type that is one", "datadog_api_key", `{"name":"n-name-12","key":"s3cret-text"}`, "key"},
		{"of New Relic", "newrelic_api_access_key", `{"key":"s3cret-text"}`, "key"},
		{"of Grafana", "grafana_service_account_token", `{"key":"s3cret-text"}`, "key"},
		{"the key of a secret", "doppler_secret", `{"key":"s3cret-text"}`, ""},
		{"the key of a variable", "gitlab_group_variable", `{"key":"s3cret-text"}`, ""},

		{"a text of Databricks", "databricks_secret", `{"key":"my-key-1","scope":"s","string_value":"s3cret-text"}`, "string_value"},
		{"a string_value of another", "x_parameter", `{"string_value":"s3cret-text"}`, ""},
		{"encrypted", "github_dependabot_secret", `{"secret_name":"my-key-1","encrypted_value":"s3cret-text"}`, "encrypted_value"},
		{"of Vault, a text", "vault_generic_secret", `{"path":"kv/app-1","data_json":"s3cret-text"}`, "data_json"},
		{"of Vault, a map", "vault_kv_secret_v2", `{"path":"kv/app-1","data":{"a":"s3cret-text"}}`, "data"},
		{"an address with a password", "aiven_pg", `{"service_uri":"s3cret-text"}`, "service_uri"},
		{"an address in the table", "digitalocean_database_cluster", `{"uri":"s3cret-text"}`, "uri"},
		{"an address of another", "x_y", `{"uri":"s3cret-text"}`, ""},
		{"keys of a search", "azurerm_search_service", `{"query_keys":[{"name":"n-name-12","key":"s3cret-text"}]}`, "query_keys"},
		{"a document of another", "x_y", `{"data_json":"s3cret-text"}`, ""},

		{"a variable that says so", "tfe_variable", `{"key":"my-key-1","value":"s3cret-text","sensitive":true}`, "value"},
		{"a variable that says so in version 3", "tfe_variable", `{"value":"s3cret-text","sensitive":"true"}`, "value"},
		{"a variable that says no", "tfe_variable", `{"key":"my-key-1","value":"s3cret-text","sensitive":false}`, ""},
		{"an encrypted one", "azurerm_automation_variable_string", `{"value":"s3cret-text","encrypted":true}`, "value"},
		{"a masked one", "gitlab_project_variable", `{"value":"s3cret-text","masked":true}`, "value"},
		{"one of several", "x_y", `{"variable":[{"name":"a","value":"plain-text-1"},{"name":"b","value":"s3cret-text","sensitive":true}]}`, "variable"},
		{"encrypted without a value", "x_disk", `{"name":"s3cret-text","encrypted":true}`, ""},
	} {
		t.Run(tc.name, func(t *testing.T) {
			var names, values []string
			if tc.attribute != "" {
				names, values = []string{tc.attribute}, []string{"s3cret-text"}
			}
			checkSecret(t, tc.typ, tc.attributes, names, values)
		})
	}
	// The object says so: not a matter of looks; but it is of the words in a document.
	checkSecret(t, "tfe_variable", `{"value":"swordfish","sensitive":true}`, []string{"value"}, []string{"swordfish"})
	checkSecret(t, "vault_generic_secret", `{"data_json":"{\"user\":\"admin\",\"name\":\"s3cret-text\"}"}`, []string{"data_json"}, []string{"s3cret-text", `{"user":"admin","name":"s3cret-text"}`})
}

func TestSnake(t *testing.T) {
	for name, want := range map[string]string{
		"client_secret": "client_secret", "clientSecret": "client_secret", "CLIENT_SECRET": "client_secret", "client-secret": "client_secret", "DBPassword": "db_password",
		"db.password": "db_password", "Db:Password": "db_password", "Db__Password": "db_password", "a/b c": "a_b_c", "password:": "password", ".password": "password", "s3Key": "s3_key", "::": "", "": "", "Über": "über",
	} {
		if got := snake(name); got != want {
			t.Errorf("%q: %q, want %q", name, got, want)
		}
	}
}
