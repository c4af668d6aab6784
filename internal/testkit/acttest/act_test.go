package acttest

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"testing"
	"time"
)

// The event that workflows are started with, and whose it is.
const (
	repositoryName = "acme/net"
	pullNumber     = 7
	githubToken    = "ghs_" + "0123456789abcdefghijklmnopqrstuvwxyz"
	tfeToken       = "user.atlasv1." + "0123456789abcdefghijklmnopqrstuvwxyz"
)

// workflow is one run of a workflow under act, on this machine and without
// containers: steps are ordinary processes.
type workflow struct {
	dir     string // checkout that the run starts from
	file    string // of the workflow, relative to dir
	event   string // that starts it; "": pull_request
	job     string
	head    string // commit of the pull request
	payload []byte // of the event; nil: that of the pull request
	vars    map[string]string
	secrets map[string]string
	env     map[string]string // of every step, over the runner's own
	flags   []string          // more, for act
}

// needAct returns the path of act, or skips the test where there is none.
func needAct(t *testing.T) string {
	t.Helper()
	act := os.Getenv("STRANDLINE_ACT")
	if act == "" {
		t.Skip("SKIPPED: no workflow is run: STRANDLINE_ACT doesn't name an act binary (`bash .ci/run` builds one)")
	}
	return act
}

// run runs the workflow and returns its log. The error says that the job
// failed.
func (w workflow) run(t *testing.T) (log string, err error) {
	t.Helper()
	act := needAct(t)
	event := filepath.Join(t.TempDir(), "event.json")
	payload := w.payload
	if payload == nil {
		payload = pullRequestEvent(t, w.head)
	}
	if err := os.WriteFile(event, payload, 0o600); err != nil {
		t.Fatal(err)
	}
	args := []string{cmp.Or(w.event, "pull_request"), "--workflows", w.file, "--job", w.job, "--eventpath", event,
		"--platform", "ubuntu-latest=-self-hosted", "--pull=false", "--no-cache-server",
		"--action-cache-path", t.TempDir(),
		// act reads settings from files of these names otherwise
		"--env-file", os.DevNull, "--secret-file", os.DevNull, "--var-file", os.DevNull, "--input-file", os.DevNull,
		"--env", "GITHUB_REPOSITORY=" + repositoryName, "--env", "GITHUB_RUN_ID=1234"}
	for flag, values := range map[string]map[string]string{"--var": w.vars, "--secret": w.secrets, "--env": w.env} {
		for k, v := range values {
			args = append(args, flag, k+"="+v)
		}
	}
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, act, append(args, w.flags...)...)
	cmd.Dir = w.dir
	cmd.Env = cleanEnvironment()
	cmd.WaitDelay = 10 * time.Second
	out, err := cmd.CombinedOutput()
	return string(out), err
}

// cleanEnvironment is this process's without what a workflow or a developer's
// own settings would add, since act hands its environment on to the steps.
func cleanEnvironment() []string {
	var env []string
	for _, entry := range os.Environ() {
		name, _, _ := strings.Cut(entry, "=")
		outside := false
		for _, prefix := range []string{"ACTIONS_", "GH_", "GITHUB_", "INPUT_", "RUNNER_", "STRANDLINE_", "TF_", "TFE_"} {
			outside = outside || strings.HasPrefix(name, prefix)
		}
		if !outside {
			env = append(env, entry)
		}
	}
	return env
}

// pullRequestEvent is the part of GitHub's event file that a workflow for a
// pull request of this repository's own branch relies on. The merge commit is
// another than the head, as it always is.
func pullRequestEvent(t *testing.T, head string) []byte {
	t.Helper()
	repository := map[string]any{"full_name": repositoryName, "name": "net", "owner": map[string]any{"login": "acme"},
		"default_branch": "main", "html_url": "https://github.com/" + repositoryName}
	event, err := json.Marshal(map[string]any{
		"action": "opened", "number": pullNumber, "repository": repository,
		"pull_request": map[string]any{
			"number": pullNumber, "state": "open", "merge_commit_sha": strings.Repeat("e", 40),
			"html_url": fmt.Sprintf("https://github.com/%s/pull/%d", repositoryName, pullNumber),
			"head":     map[string]any{"sha": head, "ref": "feature", "repo": repository},
			"base":     map[string]any{"sha": strings.Repeat("b", 40), "ref": "main", "repo": repository},
			"labels":   []any{},
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	return event
}

// The action built from the checkout, on a plan file. The Go that the workflow
// sets up on GitHub is here already, so that an action without effect stands in.
func TestActionWithPlanFile(t *testing.T) {
	const file = ".github/workflows/action.yml"
	setupGo := regexp.MustCompile(`actions/setup-go@[0-9a-f]{40}`).FindString(read(t, filepath.Join(repository(t), file)))
	log, err := workflow{dir: repository(t), file: file, job: "plan-file", head: strings.Repeat("a", 40),
		flags: []string{"--matrix", "os:ubuntu-latest", "--use-new-action-cache",
			"--local-repository", setupGo + "=" + filepath.Join(repository(t), "internal/testkit/acttest/testdata/no-action")}}.run(t)
	if err != nil {
		t.Fatalf("the job failed: %v\n%s", err, log)
	}
	if !strings.Contains(log, "strandline built from the checkout") {
		t.Errorf("no word of a build:\n%s", log)
	}
}

// The action by the tag of a release: its binary is downloaded, verified and run.
func TestActionByReleaseTag(t *testing.T) {
	const binary = "#!/bin/bash\necho \"released binary with ${INPUT_COMMAND} $#\"\necho add=5 >>\"$GITHUB_OUTPUT\"\n"
	asset := "strandline_" + runtime.GOOS + "_" + runtime.GOARCH // act tells the steps about this machine
	const steps = `on: pull_request
jobs:
  release:
    runs-on: ubuntu-latest
    steps:
      - id: strandline
        uses: ` + actionRepository + `@` + releaseTag + `
      - run: echo "added $ADD"
        env:
          ADD: ${{ steps.strandline.outputs.add }}
`
	for name, published := range map[string]string{"right checksum": binary, "wrong checksum": binary + "#"} {
		t.Run(name, func(t *testing.T) {
			server, certificate := releases(t, map[string]string{asset: binary, "checksums.txt": checksum(published, asset)})
			dir := t.TempDir()
			if err := os.WriteFile(filepath.Join(dir, "release.yml"), []byte(steps), 0o600); err != nil {
				t.Fatal(err)
			}
			log, err := workflow{dir: dir, file: "release.yml", job: "release", head: strings.Repeat("a", 40),
				env: map[string]string{"GITHUB_SERVER_URL": server, "CURL_CA_BUNDLE": certificate},
				flags: []string{"--use-new-action-cache",
					"--local-repository", actionRepository + "@" + releaseTag + "=" + repository(t)}}.run(t)
			ran := strings.Contains(log, "released binary with plan 0") && strings.Contains(log, "added 5")
			wanted := published == binary
			if ran != wanted || (err == nil) != wanted {
				t.Errorf("binary ran: %v, error %v; want it to run: %v\n%s", ran, err, wanted, log)
			}
			if strings.Contains(log, "wrong checksum") == wanted {
				t.Errorf("the log is not right about the checksum:\n%s", log)
			}
		})
	}
}
