package details

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/strandline-tf/strandline/internal/model"
	"github.com/strandline-tf/strandline/internal/secret"
)

func TestLooksSecret(t *testing.T) {
	for text, want := range map[string]bool{
		"hunter2-and-more": true, "correct-horse-battery-1": true, "blue-green-7": true, "Sup3rS3cretValue01": true, "bGoa+V7g/yqD": true, "correct horse": true,
		"P@sswörd": true, "AKIA1234567890": true, "12345678901234567890": true, "qwertzuiopasdfghjklyxcvb": true, "QwErTzUiOpAsDfGhJkLy": true, "aGVs-bG8_YWJj": true,

		"": false, "hunt3r-": false, "REQUIRED": false, "enabled": false, "customer_id": false, "community": false, "frontend-app": false, "frontendApp": false,
		"db-creds-name": false, "Db_Creds_Name": false, "name-of-the-secret-of-the-database": false, "12345678": false, "--------": false, "........": false,
	} {
		if got := looksSecret(text); got != want {
			t.Errorf("%q: %t", text, got)
		}
	}
}

func TestRegion(t *testing.T) {
	for text, want := range map[string]bool{
		"eu-west-1": true, "us-east-1a": true, "ap-southeast-2": true, "us-gov-west-1": true, "us-iso-east-1": true, "us-isob-east-1": true, "cn-northwest-1": true, "mx-central-1": true, "eusc-de-east-1": true,
		"europe-west1": true, "europe-west12-b": true, "us-central1-a": true, "northamerica-northeast1": true, "australia-southeast2": true, "me-central2": true,

		"correct-horse-battery-1": false, "blue-green-7": false, "eu-west": false, "eu-west-12": false, "eu-west-1ab": false, "europe-west1-": false, "europe-west123": false, "xx-west-1": false, "us-far-1": false,
		"my-eu-west-1": false, "eu-west-1-my": false, "us-gov-gov-west-1": false, "EU-WEST-1": false,
	} {
		if got := region.MatchString(text); got != want {
			t.Errorf("%q: %t", text, got)
		}
	}
}

// TestSpreads: which secrets are withheld wherever else they stand.
func TestSpreads(t *testing.T) {
	for _, tc := range []struct {
		name, typ, attributes string
		names, values         []string
	}{
		{"a passphrase like a region", "aws_db_instance", `{"password":"correct-horse-battery-1"}`, []string{"password"}, []string{"correct-horse-battery-1"}},
		{"by its name alone", "x_y", `{"client_secret":"blue-green-7"}`, []string{"client_secret"}, []string{"blue-green-7"}},
		{"a password that is a region", "aws_db_instance", `{"password":"eu-west-1"}`, []string{"password"}, []string{"eu-west-1"}},
		{"a token that is one, by name", "x_y", `{"token":"eu-west-1","passwords":["us-east-1"],"client_secret_wo":"us-west-2"}`, []string{"client_secret_wo", "passwords", "token"}, []string{"eu-west-1", "us-east-1", "us-west-2"}},
		{"in a map that is marked", "aws_glue_connection", `{"connection_properties":{"REGION":"eu-west-1","PASSWORD":"us-east-1"}}`, []string{"connection_properties"}, []string{"us-east-1"}},
		{"a key that is a region", "x_y", `{"account_key":"eu-west-1"}`, []string{"account_key"}, nil},
		{"words", "x_y", `{"token":"enabled","password":"REQUIRED","license_key":"community","app_key":"frontend-app","secret":"db-creds-name"}`, []string{"app_key", "license_key", "password", "secret", "token"}, nil},
		{"a word that the table marks", "aws_db_instance", `{"password":"REQUIRED"}`, []string{"password"}, []string{"REQUIRED"}},
		{"a column", "x_y", `{"primary_key":"customer_id","secondary_key":"CustomerName"}`, nil, nil},
		{"the keys of an account", "x_y", `{"primary_key":"c2Vjcm+0==","secondary_key":"0123456789abcdef"}`, []string{"primary_key", "secondary_key"}, []string{"0123456789abcdef", "c2Vjcm+0=="}},
	} {
		t.Run(tc.name, func(t *testing.T) { checkSecret(t, tc.typ, tc.attributes, tc.names, tc.values) })
	}
}

func checkSecret(t *testing.T, typ, attributes string, wantNames, wantValues []string) {
	t.Helper()
	names, values := Secret(typ, model.Value(attributes))
	if len(names)+len(wantNames) > 0 && !slices.Equal(names, wantNames) || len(values)+len(wantValues) > 0 && !slices.Equal(values, wantValues) {
		t.Errorf("%q with %q, want %q with %q", names, values, wantNames, wantValues)
	}
}

// TestWithholdWord: a word that is only called as a secret is left out in its
// place and stays everywhere else.
func TestWithholdWord(t *testing.T) {
	secrets := &secret.Set{}
	o := model.Object{Type: "x_y", Attributes: model.Value(`{"license_key":"community","name":"n"}`), Config: "resource \"x_y\" \"b\" {\n  license_key = \"community\"\n  name        = \"n\"\n}\n"}
	WithholdKnown(&o, secrets)
	want := model.Object{Type: "x_y", Sensitive: []string{"license_key"}, Attributes: model.Value(`{"name":"n"}`), Config: "resource \"x_y\" \"b\" {\n  name = \"n\"\n}\n"}
	if diff := cmp.Diff(want, o); diff != "" || !secrets.Empty() {
		t.Error(diff, secrets.Masks())
	}
}
