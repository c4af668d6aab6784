package tfquery

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/strandline-tf/strandline/internal/fetch/inventory"
	"github.com/strandline-tf/strandline/internal/model"
	"github.com/strandline-tf/strandline/internal/secret"
	"github.com/strandline-tf/strandline/internal/userfault"
)

// fakeVariable makes this test binary play terraform: its value is the folder
// of what it answers, and where it writes down what it was asked.
const fakeVariable = "STRANDLINE_TEST_TERRAFORM"

func TestMain(m *testing.M) {
	if dir := os.Getenv(fakeVariable); dir != "" {
		os.Exit(fake(dir, os.Args[1:]))
	}
	os.Exit(m.Run())
}

// fake plays terraform 1.14: it answers with the files of dir, and fails where
// the real one would.
func fake(dir string, args []string) int {
	answer := func(file string) int {
		text, err := os.ReadFile(filepath.Join(dir, file))
		if err != nil {
			fmt.Fprintf(os.Stderr, "╷\n│ Error: no %s\n│ \n│ at all\n╵\n", file)
			return 1
		}
		_, _ = os.Stdout.Write(text)
		return 0
	}
	data := os.Getenv("TF_DATA_DIR")
	if data == "" {
		data = ".terraform"
	}
	log, _ := os.OpenFile(filepath.Join(dir, "log"), os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	fmt.Fprintln(log, strings.Join(args, " "))
	if _, err := os.Stat(data); err != nil && (args[0] == "providers" || args[0] == "query") {
		fmt.Fprintln(os.Stderr, "Error: Required plugins are not installed")
		return 1
	}
	switch args[0] {
	case "version":
		return answer("version.json")
	case "init":
		_ = os.Mkdir(data, 0o700)
		_ = os.WriteFile(lockFile, []byte("# lock"), 0o600)
		return 0
	case "providers":
		return answer("schemas.json")
	case "query":
		text, err := os.ReadFile(queryFile)
		if err != nil {
			return 3
		}
		_ = os.WriteFile(filepath.Join(dir, "query.hcl"), text, 0o600)
		if code := answer("query.jsonl"); code != 0 {
			return code
		}
		if _, err := os.Stat(filepath.Join(dir, "hang")); err == nil {
			interrupted := make(chan os.Signal, 1)
			signal.Notify(interrupted, os.Interrupt)
			select {
			case <-interrupted:
				_ = os.WriteFile(filepath.Join(dir, "interrupted"), nil, 0o600)
			case <-time.After(time.Minute):
			}
			return 1
		}
		if _, err := os.Stat(filepath.Join(dir, "fail")); err == nil {
			fmt.Fprintln(os.Stderr, "Error: no orphan-secret for you")
			return 1
		}
	}
	return 0
}

// terraform returns a Runner of a working directory and a fake terraform, both
// to be written to.
func terraform(t *testing.T, secrets *secret.Set) (r *Runner, work, answers string) {
	t.Helper()
	work, answers = t.TempDir(), t.TempDir()
	for from, to := range map[string]string{"version.json": "version.json", "schemas.json": "schemas.json", "generated.jsonl": "query.jsonl"} {
		write(t, filepath.Join(answers, to), recorded(t, from))
	}
	write(t, filepath.Join(work, "main.tf"), `
terraform {
  required_providers {
    sea = {
      source = "Strand/shore"
    }
  }
}
provider "sea" {}
provider "sea" {
  alias = "north"
}
`)
	return Run(Options{Dir: work, Terraform: os.Args[0], Env: append(os.Environ(), fakeVariable+"="+answers, "GORACE=atexit_sleep_ms=0"), Secrets: secrets}), work, answers
}

func write(t *testing.T, path, text string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

func read(t *testing.T, path ...string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(path...))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// files are the names in a folder.
func files(t *testing.T, dir string) string {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, e := range entries {
		names = append(names, e.Name())
	}
	return strings.Join(names, " ")
}

const wantQuery = firstLine + `list "null_thing" "strandline" {
  provider         = null
  include_resource = true
  limit            = 100000
}
list "shore_object" "strandline" {
  provider         = sea
  include_resource = true
  limit            = 100000
}
list "shore_object" "strandline_north" {
  provider         = sea.north
  include_resource = true
  limit            = 100000
}
`

func TestRun(t *testing.T) {
	secrets := &secret.Set{}
	r, work, answers := terraform(t, secrets)
	var got []model.Object
	l, err := r.List(t.Context(), func(o model.Object) error { got = append(got, o); return nil })
	if err != nil {
		t.Fatal(err)
	}
	want := inventory.Listing{Types: []string{"shore_object"}, Notes: []string{"2 types were not looked for, since listing them needs arguments: shore_child, shore_flat"}}
	if diff := cmp.Diff(want, l); diff != "" {
		t.Error(diff)
	}
	if len(got) != 4 || got[2].Provider != "strand/shore" || string(got[2].Attributes) != `{"id":"obj-orphan","name":"orphan","parent":"obj-web","policy":"{\"a\":1}","rule":[{"cidr":"::/0","port":1}],"size":7,"tags":{"Env":"prod"}}` {
		t.Errorf("%+v", got)
	}
	if !secrets.Whole("orphan-secret") {
		t.Error(secrets.Masks())
	}
	if diff := cmp.Diff(wantQuery, read(t, answers, "query.hcl")); diff != "" {
		t.Error(diff)
	}
	if got := files(t, work); got != "main.tf" {
		t.Errorf("left behind: %s", got)
	}
	log := read(t, answers, "log")
	if !strings.HasPrefix(log, "version -json\ninit -input=false -no-color\nproviders schema -json -no-color\nquery -json -no-color -generate-config-out=") {
		t.Error(log)
	}
}

// The schemas tell what is sensitive where the output has no configuration.
func TestRunKnowsSchemas(t *testing.T) {
	r, _, answers := terraform(t, &secret.Set{})
	write(t, filepath.Join(answers, "query.jsonl"), recorded(t, "plain.jsonl"))
	var got []model.Object
	l, err := r.List(t.Context(), func(o model.Object) error { got = append(got, o); return nil })
	if err != nil || len(l.Notes) != 1 || len(got) != 4 || !strings.Contains(string(got[2].Attributes), `"size":7`) || strings.Contains(string(got[2].Attributes), "secret") {
		t.Errorf("%+v %+v %v", got, l, err)
	}
}

// An initialised directory is not initialised again, and its files stay.
func TestRunInitialised(t *testing.T) {
	r, work, answers := terraform(t, nil)
	if err := os.Mkdir(filepath.Join(work, ".terraform"), 0o700); err != nil {
		t.Fatal(err)
	}
	write(t, filepath.Join(work, lockFile), "# theirs")
	write(t, filepath.Join(work, queryFile), firstLine+"# of a run that was killed")
	if _, err := r.List(t.Context(), func(model.Object) error { return nil }); err != nil {
		t.Fatal(err)
	}
	if got := files(t, work); got != ".terraform "+lockFile+" main.tf" || strings.Contains(read(t, answers, "log"), "init") || read(t, work, lockFile) != "# theirs" {
		t.Error(got, read(t, answers, "log"))
	}
}

func TestRunErrors(t *testing.T) {
	for _, tc := range []struct {
		name  string
		setup func(t *testing.T, work, answers string)
		want  string // of the error, or of a problem
		found int
	}{
		{"old", func(t *testing.T, _, answers string) {
			write(t, filepath.Join(answers, "version.json"), `{"terraform_version":"1.13.5"}`)
		}, `needs Terraform 1.14, and this is "1.13.5"`, 0},
		{"no version", func(t *testing.T, _, answers string) { write(t, filepath.Join(answers, "version.json"), `?`) }, "doesn't tell its version", 0},
		{"no schemas", func(t *testing.T, _, answers string) { os.Remove(filepath.Join(answers, "schemas.json")) }, "terraform providers in", 0},
		{"odd schemas", func(t *testing.T, _, answers string) { write(t, filepath.Join(answers, "schemas.json"), `{}`) }, "can't be read", 0},
		{"no query", func(t *testing.T, _, answers string) { os.Remove(filepath.Join(answers, "query.jsonl")) }, "failed: no query.jsonl at all", 0},
		{"somebody's file", func(t *testing.T, work, _ string) { write(t, filepath.Join(work, queryFile), `list "a" "b" {}`) }, queryFile + " exists", 0},
		{"fails in the end", func(t *testing.T, _, answers string) { write(t, filepath.Join(answers, "fail"), "") }, "failed: no (sensitive value) for you", 4},
		{"refused", func(t *testing.T, _, answers string) {
			write(t, filepath.Join(answers, "query.jsonl"), `{"@level":"error","type":"diagnostic","diagnostic":{"severity":"error","summary":"no credentials","detail":"log in"}}`+"\n")
			write(t, filepath.Join(answers, "fail"), "")
		}, "no credentials", 0},
	} {
		t.Run(tc.name, func(t *testing.T) {
			r, work, answers := terraform(t, &secret.Set{})
			tc.setup(t, work, answers)
			before := files(t, work)
			found := 0
			l, err := r.List(t.Context(), func(model.Object) error { found++; return nil })
			if tc.found > 0 && err == nil && len(l.Problems) == 1 {
				err = errors.New(l.Problems[0].Message)
			} else if userfault.Hint(err) == "" && tc.name != "odd schemas" {
				t.Error("no hint")
			}
			if err == nil || !strings.Contains(err.Error(), tc.want) || found != tc.found {
				t.Errorf("%d objects, %v, want %q", found, err, tc.want)
			}
			if got := files(t, work); got != before {
				t.Errorf("left behind: %s", got)
			}
		})
	}
	r := Run(Options{Dir: t.TempDir(), Terraform: filepath.Join(t.TempDir(), "none")})
	if _, err := r.List(t.Context(), nil); !errors.Is(err, os.ErrNotExist) {
		t.Error(err)
	}
}

// Interrupted, terraform is interrupted too, and nothing stays behind; the same
// where whoever takes the objects wants no more.
func TestRunInterrupted(t *testing.T) {
	mine := errors.New("mine")
	for _, refuse := range []bool{false, true} {
		r, work, answers := terraform(t, nil)
		write(t, filepath.Join(answers, "hang"), "")
		ctx, cancel := context.WithCancel(t.Context())
		found := 0
		_, err := r.List(ctx, func(model.Object) error {
			if found++; found < 4 {
				return nil
			}
			if refuse {
				return mine
			}
			time.AfterFunc(100*time.Millisecond, cancel)
			return nil
		})
		cancel()
		if want := map[bool]error{false: context.Canceled, true: mine}[refuse]; !errors.Is(err, want) {
			t.Errorf("%v, want %v", err, want)
		}
		if got := files(t, work); got != "main.tf" {
			t.Errorf("left behind: %s", got)
		}
		if !refuse {
			read(t, answers, "interrupted")
		}
	}
}
