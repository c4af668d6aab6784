package realtf

import (
	"encoding/json"
	"errors"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// Shore is a cloud of the test provider: a directory of objects, one JSON file
// each, in which things can be made to happen behind Terraform's back. The
// provider's types are in internal/testkit/testprovider.
type Shore struct {
	t       testing.TB
	objects string
	config  string
}

// Object is what the cloud knows of one thing: its attributes, by the names
// that they have in Terraform. One that a test makes needs no "id" and nothing
// that is computed.
type Object map[string]any

// NewShore returns an empty cloud, gone when the test ends. It skips the test
// where terraform or the provider's modules can't be had (see the package
// comment).
func NewShore(t testing.TB) *Shore {
	t.Helper()
	Terraform(t)
	return &Shore{t: t, objects: t.TempDir(), config: install(t)}
}

// Dir returns a working directory whose configurations may use the provider;
// it begins with the file providers.tf, see [Providers]. Several directories of one cloud
// are several workspaces of one account.
func (s *Shore) Dir() *Dir {
	s.t.Helper()
	d := New(s.t)
	d.env = s.Env()
	d.WriteFile("providers.tf", Providers)
	return d
}

// Env is what terraform needs in its environment ("KEY=value") to find the
// provider and the provider its objects, wherever terraform is run from.
func (s *Shore) Env() []string {
	return []string{"TF_CLI_CONFIG_FILE=" + s.config, "SHORE_DIRECTORY=" + s.objects}
}

// Providers is the part of a configuration that asks for the provider.
const Providers = `terraform {
  required_providers {
    shore = { source = "` + source + `" }
  }
}
`

// Path returns the directory of the objects.
func (s *Shore) Path() string { return s.objects }

// Put makes an object of a type such as "shore_bucket", or replaces it. For
// types whose ids are made of their attributes, as with a bucket's name, id is
// that: "logs", or "web/in/443" for a rule.
func (s *Shore) Put(typ, id string, o Object) {
	s.t.Helper()
	text, err := json.MarshalIndent(o, "", "  ")
	if err != nil {
		s.t.Fatal(err)
	}
	file := s.file(typ, id)
	if err := os.MkdirAll(filepath.Dir(file), 0o750); err != nil {
		s.t.Fatal(err)
	}
	if err := os.WriteFile(file, append(text, '\n'), 0o600); err != nil {
		s.t.Fatal(err)
	}
}

// Get returns an object as its file has it.
func (s *Shore) Get(typ, id string) Object {
	s.t.Helper()
	text, err := os.ReadFile(s.file(typ, id))
	if err != nil {
		s.t.Fatal(err)
	}
	var o Object
	if err := json.Unmarshal(text, &o); err != nil {
		s.t.Fatal(err)
	}
	return o
}

// Edit changes an object behind Terraform's back.
func (s *Shore) Edit(typ, id string, change func(Object)) {
	s.t.Helper()
	o := s.Get(typ, id)
	change(o)
	s.Put(typ, id, o)
}

// Remove removes an object behind Terraform's back.
func (s *Shore) Remove(typ, id string) {
	s.t.Helper()
	if err := os.Remove(s.file(typ, id)); err != nil {
		s.t.Fatal(err)
	}
}

// IDs returns the ids of all objects of a type, sorted by the names of their files.
func (s *Shore) IDs(typ string) []string {
	s.t.Helper()
	entries, err := os.ReadDir(filepath.Join(s.objects, typ))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		s.t.Fatal(err)
	}
	var ids []string
	for _, e := range entries {
		name, isObject := strings.CutSuffix(e.Name(), ".json")
		if !isObject {
			continue
		}
		id, err := url.PathUnescape(name)
		if err != nil {
			s.t.Fatal(err)
		}
		ids = append(ids, id)
	}
	return ids
}

// file is where the provider keeps an object.
func (s *Shore) file(typ, id string) string {
	return filepath.Join(s.objects, typ, url.PathEscape(id)+".json")
}
