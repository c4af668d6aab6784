// Package realtf runs the real terraform for tests, so that what is tested is
// what Terraform writes and not what we believe it writes.
//
// Before it comes a configuration, made of terraform_data resources, which need
// no provider and so no network, or of those of the test provider, [Shore];
// after it come plan and state as JSON, for any package that reads them.
// Without a terraform on PATH a test skips, and says so, except where
// STRANDLINE_REQUIRE_TERRAFORM=1 makes that a failure, as in continuous integration.
package realtf

import (
	"bytes"
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

// limit is the time that one run of terraform may take. Those of
// terraform_data take well under a second on an idle machine.
const limit = 2 * time.Minute

// Dir is a working directory of terraform, gone when its test ends.
type Dir struct {
	t    testing.TB
	path string
	bin  string
	env  []string // beside this process's
}

// New returns an empty working directory, or skips the test (see the package
// comment).
func New(t testing.TB) *Dir {
	t.Helper()
	return &Dir{t: t, path: t.TempDir(), bin: Terraform(t), env: []string{"TF_CLI_CONFIG_FILE=" + os.DevNull}}
}

// Terraform returns the path of the terraform binary, or skips the test (see
// the package comment).
func Terraform(t testing.TB) string {
	t.Helper()
	bin, err := exec.LookPath("terraform")
	if err != nil {
		missing(t, "terraform on PATH")
	}
	return bin
}

// missing skips the test for want of something, or fails it where that has to
// be there.
func missing(t testing.TB, what string) {
	t.Helper()
	if os.Getenv("STRANDLINE_REQUIRE_TERRAFORM") == "1" {
		t.Fatalf("this test needs %s, and STRANDLINE_REQUIRE_TERRAFORM=1 requires it", what)
	}
	t.Skipf("SKIPPED: this test needs %s; nothing was tested", what)
}

// Path returns the directory.
func (d *Dir) Path() string { return d.path }

// Write replaces the configuration, main.tf, by config.
func (d *Dir) Write(config string) {
	d.t.Helper()
	d.WriteFile("main.tf", config)
}

// WriteFile writes a file at a path relative to the directory.
func (d *Dir) WriteFile(name, content string) {
	d.t.Helper()
	file := filepath.Join(d.path, name)
	if err := os.MkdirAll(filepath.Dir(file), 0o750); err != nil {
		d.t.Fatal(err)
	}
	if err := os.WriteFile(file, []byte(content), 0o600); err != nil {
		d.t.Fatal(err)
	}
}

// ReadFile returns a file by its path relative to the directory.
func (d *Dir) ReadFile(name string) []byte {
	d.t.Helper()
	content, err := os.ReadFile(filepath.Join(d.path, name))
	if err != nil {
		d.t.Fatal(err)
	}
	return content
}

// Run runs terraform and returns its standard output; a failure ends the test.
func (d *Dir) Run(args ...string) []byte {
	d.t.Helper()
	out, err := d.Try(args...)
	if err != nil {
		d.t.Fatalf("terraform %s: %v\n%s", strings.Join(args, " "), err, out)
	}
	return out
}

// Try runs terraform and returns its standard output, or, where it fails, its
// output and error output with the error.
func (d *Dir) Try(args ...string) ([]byte, error) {
	ctx, cancel := context.WithTimeout(d.t.Context(), limit)
	defer cancel()
	cmd := exec.CommandContext(ctx, d.bin, args...)
	cmd.Dir = d.path
	cmd.Env = slices.Concat(os.Environ(), d.env, []string{"TF_IN_AUTOMATION=1", "TF_INPUT=0",
		"TF_WORKSPACE=", "TF_CLI_ARGS=", "CHECKPOINT_DISABLE=1"})
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	if err := cmd.Run(); err != nil {
		return append(stdout.Bytes(), stderr.Bytes()...), err
	}
	return stdout.Bytes(), nil
}

// Init initialises the directory, as Apply and Plan do by themselves.
func (d *Dir) Init() {
	d.t.Helper()
	d.Run("init", "-no-color")
}

// Apply initialises the directory and applies the configuration.
func (d *Dir) Apply(args ...string) {
	d.t.Helper()
	d.Init()
	d.Run(append([]string{"apply", "-auto-approve", "-no-color"}, args...)...)
}

// Plan initialises the directory, plans, and returns the plan as JSON and as
// the text that Terraform shows.
func (d *Dir) Plan(args ...string) (planJSON, text []byte) {
	d.t.Helper()
	d.Init()
	d.Run(append([]string{"plan", "-no-color", "-out=tfplan"}, args...)...)
	return d.Run("show", "-json", "tfplan"), d.Run("show", "-no-color", "tfplan")
}

// Drift plans only to refresh: what changed behind Terraform's back is in the
// plan's resource_drift.
func (d *Dir) Drift(args ...string) (planJSON, text []byte) {
	d.t.Helper()
	return d.Plan(append([]string{"-refresh-only"}, args...)...)
}

// State returns the state file, as Terraform keeps it and Terraform Cloud
// serves it.
func (d *Dir) State() []byte {
	d.t.Helper()
	return d.ReadFile("terraform.tfstate")
}

// Schemas returns the schemas of the configuration's providers as JSON. The
// directory has to be initialised.
func (d *Dir) Schemas() []byte {
	d.t.Helper()
	return d.Run("providers", "schema", "-json")
}
