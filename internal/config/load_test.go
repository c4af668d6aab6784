package config

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/spf13/pflag"

	"github.com/strandline-tf/strandline/internal/userfault"
)

// world is what a configuration is loaded from. Nothing of the machine's own
// environment gets in.
type world struct {
	command string // default plan
	args    []string
	env     []string
	files   map[string]string // by path below the working directory's parent; the working directory is "w"
}

// load returns the configuration, and the directory that is the parent of the
// working directory.
func (w world) load(t *testing.T) (*Config, error) {
	t.Helper()
	root := t.TempDir()
	dir := filepath.Join(root, "w")
	if err := os.MkdirAll(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	for name, text := range w.files {
		path := filepath.Join(root, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if w.command == "" {
		w.command = "plan"
	}
	var env []string
	for _, entry := range w.env {
		env = append(env, strings.ReplaceAll(entry, "ROOT", root))
	}
	fs := pflag.NewFlagSet(w.command, pflag.ContinueOnError)
	Register(fs, w.command)
	if err := fs.Parse(w.args); err != nil {
		return nil, FlagFault(fs, err)
	}
	return Load(fs, w.command, fs.Args(), env, dir)
}

func (w world) mustLoad(t *testing.T) *Config {
	t.Helper()
	c, err := w.load(t)
	if err != nil {
		t.Fatalf("%v (%s)", err, userfault.Hint(err))
	}
	return c
}

func TestDefaults(t *testing.T) {
	got := world{}.mustLoad(t)
	want := &Config{
		Command:        "plan",
		TerraformCloud: TerraformCloud{Default: Host{Address: "https://app.terraform.io", Hostname: "app.terraform.io"}},
		GitHub:         GitHub{APIURL: "https://api.github.com", ServerURL: "https://github.com"},
		Plans:          []PlanFile{},
		Wait:           30 * time.Minute,
		Show:           "values", Format: "text", Post: "auto", Parallel: 8, LogLevel: "info", LogFormat: "text",
	}
	if diff := cmp.Diff(want, got, cmpopts.IgnoreFields(Config{}, "Dir", "Secrets", "given")); diff != "" {
		t.Error(diff)
	}
	for name, given := range got.given {
		if given {
			t.Errorf("%s counts as given", name)
		}
	}
	if !got.Secrets.Empty() {
		t.Error("there are secrets")
	}
}

func TestHelp(t *testing.T) {
	fs := pflag.NewFlagSet("plan", pflag.ContinueOnError)
	Register(fs, "plan")
	help := fs.FlagUsages()
	for _, want := range []string{"--plan-file [NAME=]FILE ", "--wait DURATION ", "(default 30m)", "(default .strandlineignore)", "--no-color  "} {
		if !strings.Contains(help, want) {
			t.Errorf("%q is not in\n%s", want, help)
		}
	}
	if strings.Contains(help, "(default false)") || strings.Contains(help, "token") {
		t.Errorf("what does not belong is in\n%s", help)
	}
}

// Of a flag that holds one value the last one given counts, as everywhere.
func TestLastFlagCounts(t *testing.T) {
	if c := (world{args: []string{"--org=a", "--org=b"}}).mustLoad(t); c.TerraformCloud.Organization != "b" {
		t.Errorf("got %q", c.TerraformCloud.Organization)
	}
}

func TestResolve(t *testing.T) {
	c := Config{Dir: filepath.Join("some", "where")}
	absolute, err := filepath.Abs("x")
	if err != nil {
		t.Fatal(err)
	}
	if got, want := c.Resolve("x/y.json"), filepath.Join("some", "where", "x", "y.json"); got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	if got := c.Resolve(absolute); got != absolute {
		t.Errorf("got %s, want %s", got, absolute)
	}
}

// Flag, action input, environment, file, default: for each kind of setting,
// with each source taken away in turn.
func TestPrecedence(t *testing.T) {
	for _, tc := range []struct {
		name  string
		flag  []string
		input string
		env   string
		file  string
		get   func(*Config) any
		want  [5]any // from flag, input, environment, file, default
	}{
		{"org", []string{"--org=flag"}, "INPUT_ORG=input", "TF_CLOUD_ORGANIZATION=env", "org: file",
			func(c *Config) any { return c.TerraformCloud.Organization }, [5]any{"flag", "input", "env", "file", ""}},
		{"workspace", []string{"--workspace=flag", "--workspace=f*"}, "INPUT_WORKSPACE=input\n in* \n\n", "TF_WORKSPACE=env", "workspace: [file, b]",
			func(c *Config) any { return strings.Join(c.TerraformCloud.Workspaces, " ") }, [5]any{"flag f*", "input in*", "env", "file b", ""}},
		{"repo", []string{"--repo", "f/f"}, "INPUT_REPO=i/i", "GITHUB_REPOSITORY=e/e", "repo: y/y",
			func(c *Config) any { return c.Repo }, [5]any{"f/f", "i/i", "e/e", "y/y", ""}},
		{"no-color", []string{"--no-color=false"}, "INPUT_NO-COLOR=true", "NO_COLOR=0", "no-color: true",
			func(c *Config) any { return c.NoColor }, [5]any{false, true, true, true, false}},
		{"log-level", []string{"--log-level=error"}, "INPUT_LOG_LEVEL=warn", "RUNNER_DEBUG=1", "log-level: error",
			func(c *Config) any { return c.LogLevel }, [5]any{"error", "warn", "debug", "error", "info"}},
		{"wait", []string{"--wait=1s"}, "INPUT_WAIT=2s", "", "wait: 4s",
			func(c *Config) any { return c.Wait.String() }, [5]any{"1s", "2s", "4s", "4s", "30m0s"}},
		{"parallel", []string{"--parallel=1"}, "INPUT_PARALLEL=2", "", "parallel: 4",
			func(c *Config) any { return c.Parallel }, [5]any{1, 2, 4, 4, 8}},
		{"fail-on", []string{"--fail-on=drift,destroy", "--fail-on= checks "}, "INPUT_FAIL-ON=policy, checks\nerrored", "", "fail-on: [changes, 'replace,drift']",
			func(c *Config) any { return strings.Join(c.FailOn, " ") }, [5]any{"drift destroy checks", "policy checks errored", "changes replace drift", "changes replace drift", ""}},
		{"format", []string{"--format=json"}, "INPUT_FORMAT=markdown", "", "format: json",
			func(c *Config) any { return c.Format }, [5]any{"json", "markdown", "json", "json", "text"}},
		{"plan-file", []string{"--plan-file=a=f.json", "p/g.json"}, "INPUT_PLAN-FILE=b=i.json", "", "plan-file: c=y.json",
			func(c *Config) any {
				var s []string
				for _, p := range c.Plans {
					s = append(s, p.Name+"@"+p.Path)
				}
				return strings.Join(s, " ")
			}, [5]any{"a@f.json g@p/g.json", "b@i.json", "c@y.json", "c@y.json", ""}},
	} {
		for i, from := range []string{"flag", "input", "environment", "file", "default"} {
			t.Run(tc.name+" from "+from, func(t *testing.T) {
				var w world
				if i < 1 {
					w.args = tc.flag
				}
				if i < 2 {
					w.env = append(w.env, tc.input)
				}
				if i < 3 {
					w.env = append(w.env, tc.env)
				}
				if i < 4 {
					w.files = map[string]string{"w/.strandline.yml": tc.file + "\n"}
				}
				c := w.mustLoad(t)
				if got := tc.get(c); got != tc.want[i] {
					t.Errorf("got %v, want %v", got, tc.want[i])
				}
				if c.Given(tc.name) != (i < 4) {
					t.Errorf("Given is %v", c.Given(tc.name))
				}
			})
		}
	}
}
