package realtf

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/hashicorp/hcl/v2/hclwrite"
	"github.com/rogpeppe/go-internal/lockedfile"
	"github.com/zclconf/go-cty/cty"
)

// Where a filesystem mirror has the provider; the address is the one in the
// provider's own main.go.
const (
	source  = "terraform.test/strandline/shore"
	version = "1.0.0"
)

// What is in the folder of a build.
const (
	mirror     = "mirror"
	configFile = "terraform.tfrc"
)

// buildLimit is the time that building the provider may take: a minute with
// all that it needs to be downloaded and compiled, two seconds later.
const buildLimit = 5 * time.Minute

// errNoModules says that what the provider is made of can't be had.
var errNoModules = errors.New("the modules of the test provider, which can't be downloaded")

// install returns the file for TF_CLI_CONFIG_FILE that makes terraform take the
// test provider, and no other, from a filesystem mirror.
//
// The provider is built when a test first asks for it, and kept in the user's
// cache directory under a digest of its sources for all later tests of all
// packages. That the digest is taken here has a second use: go test notes which
// files a test opens, and so runs it anew when the provider changes.
func install(t testing.TB) string {
	t.Helper()
	cache, err := os.UserCacheDir()
	if err != nil {
		t.Fatal(err)
	}
	sources := sourceDir()
	digest, err := digestOf(sources)
	if err != nil {
		t.Fatal(err)
	}
	kept := filepath.Join(cache, "strandline-testprovider")
	home := filepath.Join(kept, digest)
	there := func() bool {
		now := time.Now()
		return os.Chtimes(home, now, now) == nil // which tells discardOld that it is of use
	}
	if !there() {
		if err := os.MkdirAll(kept, 0o750); err != nil {
			t.Fatal(err)
		}
		unlock, err := lockedfile.MutexAt(filepath.Join(kept, "lock")).Lock()
		if err != nil {
			t.Fatal(err)
		}
		defer unlock()
	}
	if !there() { // nor made by another process while this one waited
		discardOld(kept)
		ctx, cancel := context.WithTimeout(t.Context(), buildLimit)
		defer cancel()
		err := build(ctx, sources, home)
		if errors.Is(err, errNoModules) {
			missing(t, err.Error())
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	return filepath.Join(home, configFile)
}

// sourceDir is the provider's folder, beside this one.
func sourceDir() string {
	_, file, _, _ := runtime.Caller(0)
	return filepath.Join(filepath.Dir(filepath.Dir(file)), "testprovider")
}

// digestOf tells one set of sources, and one compiler, from another.
func digestOf(dir string) (string, error) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return "", err
	}
	h := sha256.New()
	fmt.Fprintln(h, runtime.Version(), runtime.GOOS, runtime.GOARCH)
	for _, e := range entries {
		if e.IsDir() || strings.HasSuffix(e.Name(), "_test.go") {
			continue
		}
		content, err := os.ReadFile(filepath.Join(dir, e.Name()))
		if err != nil {
			return "", err
		}
		fmt.Fprintln(h, e.Name(), len(content))
		h.Write(content)
	}
	return hex.EncodeToString(h.Sum(nil)[:8]), nil
}

// build makes home, with the provider in a mirror and the file that names it,
// or leaves no home at all.
func build(ctx context.Context, sources, home string) error {
	work, err := os.MkdirTemp(filepath.Dir(home), "new-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(work) // gone already where all went well
	binary := filepath.Join(work, mirror, filepath.FromSlash(source), version, runtime.GOOS+"_"+runtime.GOARCH,
		"terraform-provider-shore_v"+version)
	if runtime.GOOS == "windows" {
		binary += ".exe"
	}
	if out, err := golang(ctx, sources, "mod", "download"); err != nil {
		return fmt.Errorf("%w: %w\n%s", errNoModules, err, out)
	}
	if out, err := golang(ctx, sources, "build", "-buildvcs=false", "-ldflags=-s -w", "-o", binary, "."); err != nil {
		return fmt.Errorf("building the test provider: %w\n%s", err, out)
	}
	if err := os.WriteFile(filepath.Join(work, configFile), cliConfig(filepath.Join(home, mirror)), 0o600); err != nil {
		return err
	}
	return os.Rename(work, home)
}

func golang(ctx context.Context, dir string, args ...string) ([]byte, error) {
	cmd := exec.CommandContext(ctx, "go", args...)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "GOWORK=off", "GOFLAGS=")
	return cmd.CombinedOutput()
}

// discardOld removes builds of sources that nobody has worked with of late.
func discardOld(kept string) {
	entries, _ := os.ReadDir(kept) // what can't be listed can't be removed either
	for _, e := range entries {
		if info, err := e.Info(); err == nil && e.IsDir() && time.Since(info.ModTime()) > 7*24*time.Hour {
			os.RemoveAll(filepath.Join(kept, e.Name()))
		}
	}
}

// cliConfig leaves no other way of installing providers than the mirror, so
// that no test goes out to a registry.
func cliConfig(path string) []byte {
	f := hclwrite.NewEmptyFile()
	installation := f.Body().AppendNewBlock("provider_installation", nil).Body()
	installation.AppendNewBlock("filesystem_mirror", nil).Body().SetAttributeValue("path", cty.StringVal(path))
	return f.Bytes()
}
