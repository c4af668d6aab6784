package acttest

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// The script that builds a release and the one that installs it agree on the
// names of the assets and on the checksums, for every platform.
func TestReleaseIsWhatInstallAsksFor(t *testing.T) {
	assets := buildRelease(t, releaseTag)
	server, certificate := releases(t, assets)
	platforms := []struct{ os, arch, want string }{
		{"Linux", "X64", "linux/amd64"},
		{"Linux", "ARM64", "linux/arm64"},
		{"macOS", "X64", "darwin/amd64"},
		{"macOS", "ARM64", "darwin/arm64"},
		{"Windows", "X64", "windows/amd64"},
		{"Windows", "ARM64", "windows/arm64"},
	}
	if len(assets) != len(platforms)+1 {
		t.Errorf("the release has %d assets, want a binary for each of %d platforms and the checksums", len(assets), len(platforms))
	}
	for _, p := range platforms {
		t.Run(p.want, func(t *testing.T) {
			t.Parallel()
			in := install{ref: releaseTag, path: actionRepository + "/" + releaseTag, os: p.os, arch: p.arch}
			got := in.run(t, server, certificate)
			if got.err != nil {
				t.Fatalf("%v\n%s", got.err, got.output)
			}
			if body := read(t, got.binary); body != p.want {
				t.Errorf("installed %q", body)
			}
			if isExe := filepath.Ext(got.binary) == ".exe"; isExe != (p.os == "Windows") {
				t.Errorf("the binary is %s", got.binary)
			}
		})
	}
}

// A binary that says another version than the tag is no release.
func TestReleaseOfAnotherVersion(t *testing.T) {
	out, err := runBuildRelease(t, t.TempDir(), "v1.2.4-0.20260101000000-aaaaaaaaaaaa+dirty")
	if err == nil || !strings.Contains(out, "not "+releaseTag) {
		t.Errorf("error %v, want one about the version:\n%s", err, out)
	}
}

// buildRelease runs the script with a go command that writes the platform
// instead of a binary, and returns the assets by name.
func buildRelease(t *testing.T, version string) map[string]string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "release assets")
	if out, err := runBuildRelease(t, dir, version); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	assets := map[string]string{}
	for _, e := range entries {
		assets[e.Name()] = read(t, filepath.Join(dir, e.Name()))
	}
	return assets
}

func runBuildRelease(t *testing.T, dir, version string) (output string, err error) {
	t.Helper()
	tools := t.TempDir()
	goTool := `#!/bin/bash
case $1 in
build)
  while [ "$1" != -o ]; do shift; done
  printf %s "$GOOS/$GOARCH" >"$2" ;;
version) printf '\tmod\t` + actionRepository + `\t` + version + `\t\n' ;;
esac
`
	if err := os.WriteFile(filepath.Join(tools, "go"), []byte(goTool), 0o700); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(program(t, "bash"), script(t, "build-release.sh"), releaseTag, dir)
	cmd.Env = append(os.Environ(), "PATH="+tools+string(os.PathListSeparator)+os.Getenv("PATH"))
	out, err := cmd.CombinedOutput()
	return string(out), err
}
