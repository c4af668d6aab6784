package acttest

import (
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"
	"github.com/google/go-cmp/cmp"
	"github.com/spf13/pflag"

	"github.com/strandline-tf/strandline/internal/config"
	"github.com/strandline-tf/strandline/internal/model"
)

// metadata is what this test reads of action.yml.
type metadata struct {
	Inputs map[string]struct {
		Description string `yaml:"description"`
		Default     string `yaml:"default"`
	} `yaml:"inputs"`
	Outputs map[string]struct {
		Description string `yaml:"description"`
		Value       string `yaml:"value"`
	} `yaml:"outputs"`
	Runs struct {
		Using string `yaml:"using"`
		Steps []struct {
			ID  string            `yaml:"id"`
			Env map[string]string `yaml:"env"`
			Run string            `yaml:"run"`
		} `yaml:"steps"`
	} `yaml:"runs"`
}

func readMetadata(t *testing.T) metadata {
	t.Helper()
	var m metadata
	if err := yaml.Unmarshal([]byte(read(t, filepath.Join(repository(t), "action.yml"))), &m); err != nil {
		t.Fatal(err)
	}
	return m
}

// Every flag of the commands is an input by the same name, and the other way round.
func TestInputsAreTheFlags(t *testing.T) {
	want := []string{"command", "github-token", "pr-token", "tfe-token", "tfe-address"}
	flags := map[string]bool{}
	for _, command := range []string{"plan", "drift", "merge", "unmanaged", "adopt"} {
		of := pflag.NewFlagSet(command, pflag.ContinueOnError)
		config.Register(of, command)
		of.VisitAll(func(f *pflag.Flag) { flags[f.Name] = true })
	}
	want = slices.AppendSeq(want, maps.Keys(flags))
	slices.Sort(want)
	var got []string
	for name, input := range readMetadata(t).Inputs {
		got = append(got, name)
		if input.Description == "" {
			t.Errorf("input %s has no description", name)
		}
		if flags[name] && input.Default != "" {
			t.Errorf("input %s has the default %q: it would hide the environment and the file", name, input.Default)
		}
	}
	slices.Sort(got)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("inputs (-flags +action.yml):\n%s", diff)
	}
}

// Inputs reach the program through env, all of them, and no expression ever
// becomes part of a script.
func TestInputsPassThroughEnv(t *testing.T) {
	m := readMetadata(t)
	if m.Runs.Using != "composite" {
		t.Errorf("runs using %q, not composite", m.Runs.Using)
	}
	want := map[string]string{"STRANDLINE_BINARY": "${{ steps.install.outputs.binary }}"}
	for name := range m.Inputs {
		variable := "INPUT_" + strings.ToUpper(strings.ReplaceAll(name, "-", "_"))
		want[variable] = "${{ inputs." + name + " }}"
	}
	ran := false
	for _, step := range m.Runs.Steps {
		if strings.Contains(step.Run, "${{") {
			t.Errorf("step %s has an expression in its script: %s", step.ID, step.Run)
		}
		if !strings.HasPrefix(step.Run, "exec ") {
			t.Errorf("step %s doesn't exec, so that a cancelled job only reaches the shell: %s", step.ID, step.Run)
		}
		if step.ID == "run" {
			ran = true
			if diff := cmp.Diff(want, step.Env); diff != "" {
				t.Errorf("env of step run (-wanted +action.yml):\n%s", diff)
			}
		}
	}
	if !ran {
		t.Error("no step has the id run")
	}
}

func TestOutputs(t *testing.T) {
	want := []string{"report", "markdown", "comment-url", "issue-url", "has-changes", "has-destroys",
		"has-drift", "has-unmanaged", "coverage"}
	for _, c := range (model.Summary{}).Counters() {
		want = append(want, c.Name)
	}
	slices.Sort(want)
	var got []string
	for name, output := range readMetadata(t).Outputs {
		got = append(got, name)
		if value := "${{ steps.run.outputs." + name + " }}"; output.Value != value {
			t.Errorf("output %s is %s, not %s", name, output.Value, value)
		}
		if output.Description == "" {
			t.Errorf("output %s has no description", name)
		}
	}
	slices.Sort(got)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("outputs (-promised +action.yml):\n%s", diff)
	}
}
