// Package realtf runs the real terraform for tests, so that what is tested is
// what Terraform writes and not what we believe it writes.
//
// Before it comes a configuration made of terraform_data resources, which need
// no provider and so no network; after it come plan and state as JSON, for any
// package that reads them. Without a terraform on PATH a test skips, and says
// so, except where STRANDLINE_REQUIRE_TERRAFORM=1 makes that a failure, as in
// continuous integration.
package realtf

import (
	"bytes"
	"context"
	"os"
	"os/exec"
	"path/filepath"
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
}

// New returns an empty working directory, or skips the test (see the package
// comment).
func New(t testing.TB) *Dir {
	t.Helper()
	bin, err := exec.LookPath("terraform")
	if err != nil {
		if os.Getenv("STRANDLINE_REQUIRE_TERRAFORM") == "1" {
			t.Fatal("terraform is not on PATH, and STRANDLINE_REQUIRE_TERRAFORM=1 requires it")
		}
		t.Skip("SKIPPED: this test needs terraform on PATH; nothing was tested")
	}
	return &Dir{t: t, path: t.TempDir(), bin: bin}
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
	cmd.Env = append(os.Environ(), "TF_CLI_CONFIG_FILE="+os.DevNull, "TF_IN_AUTOMATION=1", "TF_INPUT=0",
		"TF_WORKSPACE=", "TF_CLI_ARGS=", "CHECKPOINT_DISABLE=1")
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	if err := cmd.Run(); err != nil {
		return append(stdout.Bytes(), stderr.Bytes()...), err
	}
	return stdout.Bytes(), nil
}

// Apply initialises the directory and applies the configuration.
func (d *Dir) Apply(args ...string) {
	d.t.Helper()
	d.Run("init", "-no-color")
	d.Run(append([]string{"apply", "-auto-approve", "-no-color"}, args...)...)
}

// Plan initialises the directory, plans, and returns the plan as JSON and as
// the text that Terraform shows.
func (d *Dir) Plan(args ...string) (planJSON, text []byte) {
	d.t.Helper()
	d.Run("init", "-no-color")
	d.Run(append([]string{"plan", "-no-color", "-out=tfplan"}, args...)...)
	return d.Run("show", "-json", "tfplan"), d.Run("show", "-no-color", "tfplan")
}
