package details

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/strandline-tf/strandline/internal/model"
	"github.com/strandline-tf/strandline/internal/model/importid"
	"github.com/strandline-tf/strandline/internal/secret"
)

func TestTable(t *testing.T) {
	lines := strings.Split(strings.TrimSuffix(sensitiveTable, "\n"), "\n")
	if lines[0] != "type\tsensitive" {
		t.Errorf("the first line is %q", lines[0])
	}
	lines = lines[1:]
	typ, path := regexp.MustCompile(`^[a-z]+(_[a-z0-9]+)+$`), regexp.MustCompile(`^[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)*$`)
	var types []string
	aws := 0
	for _, line := range lines {
		name, rest, ok := strings.Cut(line, "\t")
		paths := strings.Split(rest, " ")
		if !ok || !typ.MatchString(name) || slices.ContainsFunc(paths, func(p string) bool { return !path.MatchString(p) }) {
			t.Errorf("%q is not TYPE, tab, paths", line)
		}
		if !slices.IsSorted(paths) || len(slices.Compact(slices.Clone(paths))) != len(paths) {
			t.Errorf("%s: its paths are not sorted", name)
		}
		if types = append(types, name); strings.HasPrefix(name, "aws_") {
			aws++
		}
	}
	if !slices.IsSorted(types) || len(slices.Compact(slices.Clone(types))) != len(types) {
		t.Error("the types are not sorted")
	}
	if aws < 100 {
		t.Errorf("%d types of AWS", aws)
	}
	for _, row := range importid.All() {
		also := strings.Replace(row.Type, "aws_lb", "aws_alb", 1) // another name of the same type
		if diff := cmp.Diff(marked()[row.Type], marked()[also]); also != row.Type && diff != "" {
			t.Errorf("%s and %s: %s", row.Type, also, diff)
		}
	}
}

func TestSecret(t *testing.T) {
	for _, tc := range []struct {
		name, typ, attributes string
		names, values         []string
	}{
		{"nothing", "x_y", ``, nil, nil},
		{"no object", "x_y", `["password"]`, nil, nil},
		{"top level", "aws_db_instance", `{"identifier":"db","password":"hunter2hunter2","password_wo":null,"username":"admin"}`, []string{"password"}, []string{"hunter2hunter2"}},
		{"as in version 3", "aws_db_instance", `{"password":"","manage_master_user_password":"true","port":"5432"}`, nil, nil},
		{"nested", "aws_mq_broker", `{"broker_name":"b","user":[{"username":"u","password":"p-one"},{"username":"v"},{"username":"w","password":"p-two"}]}`, []string{"user"}, []string{"p-one", "p-two"}},
		{"nested without a value", "aws_mq_broker", `{"user":[{"username":"u","password":""}],"ldap_server_metadata":[]}`, nil, nil},
		{"nested in a single object", "aws_lb_listener", `{"default_action":{"type":"authenticate-oidc","authenticate_oidc":{"client_id":"c","client_secret":"s-s-s"}}}`, []string{"default_action"}, []string{"s-s-s"}},
		{"by another name of the type", "aws_alb_listener", `{"default_action":[{"authenticate_oidc":[{"client_secret":"s-s-s"}]}]}`, []string{"default_action"}, []string{"s-s-s"}},
		{"a document in place of a block", "aws_mq_broker", `{"user":"[{\"password\":\"p\"}]"}`, []string{"user"}, []string{`[{"password":"p"}]`}},
		{"a map", "random_password", `{"result":"r-r-r","length":16,"special":true,"keepers":{"a":"b"}}`, []string{"result"}, []string{"r-r-r"}},
		{"a parameter", "aws_ssm_parameter", `{"type":"SecureString","value":"v-v-v"}`, []string{"value"}, []string{"v-v-v"}},
		{"a parameter that everybody may read", "aws_ssm_parameter", `{"type":"String","value":"vpc-0123456789"}`, []string{"value"}, nil},
		{"what is public all the same", "aws_s3_object_copy", `{"kms_key_id":"arn:aws:kms:r:1:key/k","customer_key":"eu-west-1"}`, []string{"customer_key", "kms_key_id"}, nil},
		{"the table alone decides", "aws_sqs_queue", `{"name":"q","token":"t-t-t","policy":"{\"password\":\"x\"}"}`, nil, nil},
		{"a lambda's environment is not marked", "aws_lambda_function", `{"environment":[{"variables":{"DB_PASSWORD":"swordfish99"}}]}`, nil, nil},
		{"a type of AWS that nobody knows", "aws_new_thing", `{"admin_password":"a-a-a-a1","endpoint":"e"}`, []string{"admin_password"}, []string{"a-a-a-a1"}},
		{"awscc", "awscc_rds_db_cluster", `{"master_user_password":"a-a-a-a1"}`, []string{"master_user_password"}, []string{"a-a-a-a1"}},
		{"by name, nested", "shore_database", `{"name":"main","password":"correct horse battery","replicas":[{"region":"south-1","token":"staple staple"},{"region":"south-1"}]}`,
			[]string{"password", "replicas"}, []string{"correct horse battery", "staple staple"}},
		{"by name, in a list", "x_y", `{"passwords":["p-one-001","p-two-002",""]}`, []string{"passwords"}, []string{"p-one-001", "p-two-002"}},
		{"by name, an object", "azuread_application", `{"password":[{"display_name":"d","key_id":"k","value":"v-v-v-v1","end_date":"2030"}]}`, []string{"password"}, []string{"v-v-v-v1"}},
		{"by name, a number", "x_y", `{"password":12345678901234567890,"token":0,"api_key":true}`, []string{"password"}, []string{"12345678901234567890"}},
		{"by name, in a document", "x_y", `{"settings":"{\"adminPassword\":\"a-a-a-a1\",\"size\":\"s\"}"}`, []string{"settings"}, []string{"a-a-a-a1"}},
		{"by name, escaped", "x_y", `{"pass\u0077ord":"a-a-a-a1"}`, []string{"password"}, []string{"a-a-a-a1"}},
		{"by name, environment", "x_y", `{"environment":{"DB_PASSWORD":"a-a-a-a1","LEVEL":"debug"}}`, []string{"environment"}, []string{"a-a-a-a1"}},
		{"asterisks", "x_y", `{"password":"********"}`, []string{"password"}, nil},
		{"references", "x_y", `{"password":"arn:aws:secretsmanager:r:1:secret:s","token":"${var.token}","api_key":"{{resolve:secretsmanager:s}}","client_secret":"projects/p/secrets/s/versions/1","secret_key":"https://v.vault.azure.net/secrets/s"}`, nil, nil},
		{"a key of a table", "google_bigquery_table", `{"table_constraints":[{"primary_key":[{"columns":["id"]}]}]}`, nil, nil},
		{"a secret by its name", "google_cloud_run_service", `{"env":[{"value_source":{"secret_key_ref":{"secret":"db-password","version":"1"}}}]}`, nil, nil},
		{"a key of an account", "azurerm_cosmosdb_account", `{"primary_key":"k3k+k-k==","location":"eu"}`, []string{"primary_key"}, []string{"k3k+k-k=="}},
		{"a type that is a secret", "doppler_secret", `{"name":"DB","value":"v-v-v-v1","project":"p"}`, []string{"value"}, []string{"v-v-v-v1"}},
		{"a type that holds one", "google_secret_manager_secret", `{"secret_id":"s","replication":[{"auto":[{}]}]}`, nil, nil},
		{"a value of any type", "x_y", `{"value":"v-v-v","data":"d"}`, nil, nil},
		{"tags", "x_y", `{"tags":{"token":"t-t-t"},"labels":{"password":"x-x-x"}}`, nil, nil},
		{"table and name", "azurerm_linux_virtual_machine", `{"admin_password":"a-a-a-a1","custom_data":"IyEvYmluL3No","size":"s"}`, []string{"admin_password", "custom_data"}, []string{"IyEvYmluL3No", "a-a-a-a1"}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			names, values := Secret(tc.typ, model.Value(tc.attributes))
			if len(names)+len(tc.names) > 0 && !slices.Equal(names, tc.names) || len(values)+len(tc.values) > 0 && !slices.Equal(values, tc.values) {
				t.Errorf("%q with %q, want %q with %q", names, values, tc.names, tc.values)
			}
		})
	}
}

func TestSecretName(t *testing.T) {
	for name, want := range map[string]bool{
		"password": true, "root_password": true, "adminPassword": true, "DBPassword": true, "DB_PASSWORD": true, "db-password": true, "password_wo": true,
		"private_key": true, "tls_private_key_pem": true, "ca_private_key_pem_wo": true, "secret_access_key": true, "primary_access_key": true, "storage_account_key": true,
		"client_secret": true, "clientSecret": true, "secret": true, "secret_string": true, "token": true, "auth_token": true, "oauth_refresh_token": true, "APIKey": true, "api_key": true,
		"primary_connection_string": true, "connection_string": true, "bgp_auth_key": true, "kube_config_raw": true, "passphrase": true,
		"adminpassword": true, "bypassword": true, "rootpasswd": true, "root_pass": true, "tunnel_secret": true, "tunnel_token": true, "authentication_token": true, "client_basic_secret": true,
		"service_key": true, "integration_key": true, "encrypted_value": true, "db.password": true, "Db:Password": true, "spring.datasource.token": true, "Slack:Token": true, "Db__Password": true, "my password": true,

		"secret_id": false, "secret_arn": false, "secret_name": false, "secretArn": false, "master_user_secret_kms_key_id": false, "image_pull_secret": false,
		"password_policy": false, "password_length": false, "minimum_password_length": false, "password_wo_version": false, "password_data": false,
		"token_type": false, "client_token": false, "creation_token": false, "http_tokens": false, "lock_token": false, "tokens": false, "token_endpoint": false,
		"key_id": false, "public_key": false, "public_access_key": false, "kms_key": false, "key": false, "hash_key": false, "api_key_id": false, "api_key_source": false, "ssh_key": false,
		"access_key_id": false, "private_key_id": false, "username": false, "passive": false, "compass": false, "by_pass": false, "passwordless": false,
		"db.password.length": false, "Db:PasswordPolicy": false, "client.token.type": false, "image.pull_secret": false, "tunnel_token_ttl": false, ":": false, "": false, "_wo": false,
	} {
		if got := secretName(name); got != want {
			t.Errorf("%q: %t", name, got)
		}
	}
}

func TestWithholdKnown(t *testing.T) {
	secrets := &secret.Set{}
	o := model.Object{Type: "aws_mq_broker", Sensitive: []string{"z"}, Attributes: model.Value(`{"broker_name":"broker-one","user":[{"username":"user-name","password":"password-one"}]}`),
		Config: "resource \"aws_mq_broker\" \"b\" {\n  broker_name = \"broker-one\"\n  user {\n    username = \"user-name\"\n    password = \"password-two\"\n  }\n}\n"}
	WithholdKnown(&o, secrets)
	want := model.Object{Type: "aws_mq_broker", Sensitive: []string{"user", "z"}, Attributes: model.Value(`{"broker_name":"broker-one"}`),
		Config: "resource \"aws_mq_broker\" \"b\" {\n  broker_name = \"broker-one\"\n}\n"}
	if diff := cmp.Diff(want, o); diff != "" {
		t.Error(diff)
	}
	if !secrets.Whole("password-one") || !secrets.Whole("password-two") || secrets.Whole("user-name") || secrets.Whole("broker-one") {
		t.Error(secrets.Masks())
	}
	// In the configuration alone; what refers elsewhere stays.
	o = model.Object{Type: "x_y", Config: "resource \"x_y\" \"b\" {\n  api_key  = \"key-of-api-1\"\n  password = var.password\n  settings = jsonencode({ token = \"token-in-settings-1\", other = var.x })\n}\n"}
	WithholdKnown(&o, secrets)
	want = model.Object{Type: "x_y", Sensitive: []string{"api_key", "settings"}, Config: "resource \"x_y\" \"b\" {\n  password = var.password\n}\n"}
	if diff := cmp.Diff(want, o); diff != "" {
		t.Error(diff)
	}
	if !secrets.Whole("key-of-api-1") || !secrets.Whole("token-in-settings-1") {
		t.Error(secrets.Masks())
	}
	kept := model.Object{Type: "aws_sqs_queue", Attributes: model.Value(`{ "name" : "q" }`), Config: "not { HCL"}
	o = kept
	WithholdKnown(&o, nil)
	if diff := cmp.Diff(kept, o); diff != "" {
		t.Error(diff)
	}
}

func TestAt(t *testing.T) {
	for _, tc := range []struct {
		value string
		path  []string
		want  []string
	}{
		{`"v"`, nil, []string{"v"}},
		{`[{"region":"r","token":"t"},{"region":"s"}]`, []string{"token"}, []string{"t"}},
		{`[{"region":"r","token":"t"},{"region":"s"}]`, []string{"0", "token"}, []string{"t"}},
		{`[{"in":[{"token":"t"}]},{"in":[]}]`, []string{"in", "token"}, []string{"t"}},
		{`{"0":"t","1":"u"}`, []string{"0"}, []string{"t"}},
		{`[{"region":"r"}]`, []string{"token"}, []string{"r"}},
		{`"text"`, []string{"token"}, []string{"text"}},
		{`null`, []string{"token"}, nil},
		{`[]`, []string{"token"}, nil},
	} {
		if got := Leaves(model.Value(At([]byte(tc.value), tc.path))); !slices.Equal(got, tc.want) {
			t.Errorf("%s at %q: %q, want %q", tc.value, tc.path, got, tc.want)
		}
	}
}

func BenchmarkSecret(b *testing.B) {
	attributes := model.Value(`{"id":"i-0123456789abcdef0","name":"web","size":"small","subnet_id":"subnet-1","disk":[{"size":10,"kind":"ssd"},{"size":20}],"tags":{"Env":"prod","Team":"core"}}`)
	b.ReportAllocs()
	for b.Loop() {
		if names, _ := Secret("shore_instance", attributes); names != nil {
			b.Fatal(names)
		}
	}
}
