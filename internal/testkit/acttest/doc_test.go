// Package acttest tests what surrounds the program when it runs as an action:
// action.yml, the script that installs the binary, the script that builds a
// release, and, under act, the whole of it on a pull request of the stand-ins.
//
// It holds tests only. Those that run workflows want the path of an act binary
// in STRANDLINE_ACT, which .ci/run builds; without it they skip.
package acttest

import (
	"os"
	"path/filepath"
	"testing"
)

// repository is the root of the checkout.
func repository(t *testing.T) string {
	t.Helper()
	root, err := filepath.Abs("../../..")
	if err != nil {
		t.Fatal(err)
	}
	return root
}

func read(t *testing.T, file string) string {
	t.Helper()
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

// script is the path of a script of .github. Reading it here makes the go
// command run the tests anew when it changes, which what bash reads doesn't.
func script(t *testing.T, name string) string {
	t.Helper()
	path := filepath.Join(repository(t), ".github", name)
	read(t, path)
	return path
}
