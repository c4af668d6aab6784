package main

import (
	"bytes"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/strandline-tf/strandline/internal/app"
)

// What the README says of commands and settings is what there is.
func TestReadmeNamesEverySetting(t *testing.T) {
	readme, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	var help bytes.Buffer
	for _, command := range []string{"plan", "drift", "merge", "unmanaged", "adopt"} {
		if code := app.Main(t.Context(), []string{command, "--help"}, nil, strings.NewReader(""), &help, &help); code != 0 {
			t.Fatalf("%s: exit code %d: %s", command, code, &help)
		}
	}
	there := map[string]bool{}
	for _, m := range regexp.MustCompile(`(?m)^ +(?:-h, )?--([a-z-]+)`).FindAllStringSubmatch(help.String(), -1) {
		there[m[1]] = true
		if m[1] != "help" && !bytes.Contains(readme, []byte("`--"+m[1])) {
			t.Errorf("README.md does not name --%s", m[1])
		}
	}
	if len(there) < 20 {
		t.Fatalf("only %d flags in the help", len(there))
	}
	for _, m := range regexp.MustCompile("`--([a-z-]+)").FindAllSubmatch(readme, -1) {
		if !there[string(m[1])] {
			t.Errorf("README.md names --%s, which there isn't", m[1])
		}
	}
}
