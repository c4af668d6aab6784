// Package golden compares what a test got with a file under testdata, and
// rewrites the file when the test runs with -update.
//
// Tests import it; nothing comes before it but the flag, nothing after it but
// the verdict.
package golden

import (
	"flag"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
)

const updateFlag = "update"

var update = flag.Bool(updateFlag, false, "rewrite the golden files under testdata")

// Updating reports whether the test runs with -update.
func Updating() bool { return *update }

// Check fails t where got differs from the file's content, byte for byte. With
// -update it writes the file instead, and makes its folder.
func Check(t testing.TB, path, got string) {
	t.Helper()
	if Updating() {
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Errorf("%v (run the test with -%s to make it)", err, updateFlag)
		return
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s differs (-want +got; -%s rewrites it):\n%s", path, updateFlag, diff)
	}
}
