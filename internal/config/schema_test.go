package config

import (
	"bytes"
	"encoding/json"
	"path"
	"regexp"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"
	"github.com/santhosh-tekuri/jsonschema/v6"
	"pgregory.net/rapid"
)

func compileSchema(t testing.TB) *jsonschema.Schema {
	t.Helper()
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(Schema()))
	if err != nil {
		t.Fatal(err)
	}
	compiler := jsonschema.NewCompiler()
	if err := compiler.AddResource("config.json", doc); err != nil {
		t.Fatal(err)
	}
	schema, err := compiler.Compile("config.json")
	if err != nil {
		t.Fatal(err)
	}
	return schema
}

// valid says what the schema thinks of a file. The file is decoded by the YAML
// library's decoder, as an editor would, and not by this package.
func valid(t testing.TB, schema *jsonschema.Schema, text string) bool {
	t.Helper()
	var v any
	if err := yaml.Unmarshal([]byte(text), &v); err != nil {
		t.Fatalf("%q: %v", text, err)
	}
	data, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	return schema.Validate(doc) == nil
}

// The schema accepts what the loader accepts and refuses what it refuses.
func TestSchemaAgreesWithLoader(t *testing.T) {
	schema := compileSchema(t)
	for text, want := range map[string]bool{
		"":                                       true,
		"# nothing":                              true,
		"org: acme":                              true,
		"org: ''":                                false,
		"org: ' '":                               false,
		"org: a/b":                               false,
		"org: 12":                                false,
		"org: [acme]":                            false,
		"org: {a: b}":                            false,
		"org:":                                   false,
		"project: Core Services":                 true,
		"project: ''":                            false,
		"unknown: 1":                             false,
		"config: x":                              false,
		"token: x":                               false,
		"workspace: net-*":                       true,
		"workspace: [net-*, '[ab]']":             true,
		"workspace: []":                          true,
		"workspace: ['[']":                       false,
		"workspace: ['']":                        false,
		"workspace: [1]":                         false,
		"workspace: [[a]]":                       false,
		"tag: [a, 'k:v', 'a b']":                 true,
		"tag: 'a,b'":                             false,
		"plan-file: plan.json":                   true,
		"plan-file: [net=plan.json, a=b=c, '-']": true,
		"plan-file: '=x'":                        false,
		"plan-file: 'x='":                        false,
		"run: run-CZcmD7eagjhyX0vN":              true,
		"run: [https://h.io/app/o/w/runs/run-1]": true,
		"run: https://h.io/app/o/workspaces/w/runs/run-1/plan?x=y": true,
		"run: https://u:p@h.io/app/o/w/runs/run-1":                 false,
		"run: https://h.io/app/o/runs/run-1":                       false,
		"run: plan-1":                                              false,
		"commit: 4f2c":                                             true,
		"commit: 'main'":                                           false,
		"commit: '1234567'":                                        true,
		"commit: 1234567":                                          false,
		"wait: 30m":                                                true,
		"wait: 1h30m":                                              true,
		"wait: 1.5h":                                               true,
		"wait: .5h":                                                true,
		"wait: '0'":                                                true,
		"wait: 0":                                                  true,
		"wait: 30":                                                 false,
		"wait: '30'":                                               false,
		"wait: -1m":                                                false,
		"wait: true":                                               false,
		"wait: ''":                                                 false,
		"ignore: ''":                                               false,
		"show: names":                                              true,
		"show: Names":                                              false,
		"show: [names]":                                            false,
		"format: json":                                             true,
		"format: xml":                                              false,
		"write: [markdown=a.md, json=b=c.json]":                    true,
		"write: text=a":                                            true,
		"write: a.md":                                              false,
		"write: json=":                                             false,
		"post: never":                                              true,
		"post: false":                                              false,
		"repo: acme/infra":                                         true,
		"repo: acme":                                               false,
		"repo: a/b/c":                                              false,
		"pr: 7":                                                    true,
		"pr: 0":                                                    false,
		"pr: '7'":                                                  false,
		"pr: 7.5":                                                  false,
		"pr: 99999999999":                                          false,
		"key: net/prod-1":                                          true,
		"key: a b":                                                 false,
		"key: " + strings.Repeat("k", 65):                          false,
		"check: Terraform plan":                                    true,
		"check: ''":                                                false,
		"check: ' a'":                                              false,
		"check: \"a\\nb\"":                                         false,
		"check: " + strings.Repeat("k", 101):                       false,
		"pr-labels: true":                                          true,
		"pr-labels: 'true'":                                        false,
		"pr-labels: yes":                                           false,
		"fail-on: destroy":                                         true,
		"fail-on: destroy, replace":                                true,
		"fail-on: ['destroy,replace', drift]":                      true,
		"fail-on: ''":                                              true,
		"fail-on: [all]":                                           false,
		"fail-on: destroy replace":                                 false,
		"override-label: ok to destroy":                            true,
		"parallel: 64":                                             true,
		"parallel: 65":                                             false,
		"parallel: 0x10":                                           true,
		"owners: {net-*: '@acme/net'}":                             true,
		"owners: {'project:core': [alice, '@acme/core']}": true,
		"owners: 'net-*=@acme/net'":                       true,
		"owners: ['net-*=@acme/net, alice']":              true,
		"owners: {net-*: '@acme/net/x'}":                  false,
		"owners: {net-*: 'a b'}":                          false,
		"owners: {net-*: [[a]]}":                          false,
		"owners: {net-*: 'acme/net'}":                     false,
		"owners: '@acme/net'":                             false,
		"refresh: latest":                                 true,
		"refresh: never":                                  false,
		"inventory: ['aws', 'aws:eu-west-1+us-east-1', 'file:x', 'terraformer:generated', terraform-query]": true,
		"inventory: 'aws:everywhere'":                    false,
		"inventory: 'azure'":                             false,
		"inventory: 'file:'":                             false,
		"aws-role: arn:aws:iam::123456789012:role/audit": true,
		"aws-role: audit":                                false,
		"issue-labels: [drift, 'needs work']":            true,
		"issue-labels: 'a,b'":                            false,
		"verify-with: cloud":                             true,
		"log-level: warn":                                true,
		"log-level: warning":                             false,
		"log-format: json":                               true,
		"no-color: true":                                 true,
		"no-color: yes":                                  false,
		"no-color: 1":                                    false,
		"[org]":                                          false,
		"text":                                           false,
	} {
		faults := &problems{}
		parseFile([]byte(text), "f", faults)
		if got := len(*faults) == 0; got != want {
			t.Errorf("%q: the loader says %v, want %v: %v", text, got, want, faults.err())
		}
		if got := valid(t, schema, text); got != want {
			t.Errorf("%q: the schema says %v, want %v", text, got, want)
		}
	}
}

// Every key is described, and the defaults are valid by the schema itself.
func TestSchemaDescribesEveryKey(t *testing.T) {
	var schema struct {
		Properties map[string]struct {
			Description string
			Default     any
		}
	}
	if err := json.Unmarshal(Schema(), &schema); err != nil {
		t.Fatal(err)
	}
	compiled := compileSchema(t)
	for _, s := range settings() {
		p, ok := schema.Properties[s.name]
		if ok == s.flagOnly || !s.flagOnly && p.Description == "" {
			t.Errorf("%s: present is %v, described as %q", s.name, ok, p.Description)
		}
		if s.def != "" && !s.flagOnly && compiled.Validate(map[string]any{s.name: p.Default}) != nil {
			t.Errorf("%s: the default %v is refused", s.name, p.Default)
		}
	}
}

// The pattern for globs is what path.Match takes, which matches them later.
func TestGlobPattern(t *testing.T) {
	pattern := regexp.MustCompile(patternGlob)
	rapid.Check(t, func(t *rapid.T) {
		glob := rapid.StringMatching(`[a*?\[\]^\\-]{1,8}`).Draw(t, "glob")
		_, err := path.Match(glob, "aaa")
		if got := pattern.MatchString(glob); got != (err == nil) {
			t.Fatalf("%q: %v, path.Match says %v", glob, got, err)
		}
	})
}
