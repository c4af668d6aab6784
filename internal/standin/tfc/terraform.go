package tfc

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/hashicorp/hcl/v2/hclwrite"
	"github.com/zclconf/go-cty/cty"
)

// Files that the stand-in adds to a configuration: the override makes
// Terraform keep its state in the working directory, whatever backend or cloud block
// the configuration has; the others are the run's own.
const (
	overrideFile  = "zz_standin_override.tf"
	override      = "terraform {\n  backend \"local\" {}\n}\n"
	variablesFile = "zz_standin.auto.tfvars"
	planFile      = "standin.tfplan"
	generatedFile = "zz_standin_generated.tf"
	stateFile     = "terraform.tfstate"
)

// job is one use of the terraform binary: a private copy of a configuration with the
// workspace's state, and the log of what ran in it.
type job struct {
	binary string
	env    []string
	dir    string // where Terraform runs
	log    bytes.Buffer
	json   bool // log in JSON lines
}

// fill puts a configuration into a directory.
type fill func(dir string) error

// plan lets the terraform binary plan a run in the background.
func (s *Server) plan(r *Run, configure fill) {
	if s.opts.Terraform == "" {
		r.fail("the stand-in has no terraform binary")
		return
	}
	if s.closed {
		return
	}
	j, err := s.prepare(r.ws, r.spec, configure)
	if err != nil {
		r.fail(err.Error())
		return
	}
	spec := r.spec
	r.done = make(chan struct{})
	s.work.Go(func() {
		defer close(r.done)
		ctx, done := s.turn()
		defer done()
		if !s.begin(r) {
			return
		}
		out := j.plan(ctx, spec)
		s.mu.Lock()
		defer s.mu.Unlock()
		if final[r.status] { // canceled meanwhile
			return
		}
		r.plan.generated = out.generated
		r.settle(out.spec)
		r.move(r.status, s.opts.Clock())
	})
}

// turn waits for a free slot and returns a context with the time limit.
func (s *Server) turn() (context.Context, func()) {
	ctx, cancel := context.WithTimeout(s.ctx, s.opts.PlanTimeout)
	select {
	case s.slots <- struct{}{}:
		return ctx, func() { <-s.slots; cancel() }
	case <-ctx.Done():
		return ctx, cancel
	}
}

// begin moves a waiting run to planning; false: it was canceled while it waited.
func (s *Server) begin(r *Run) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if final[r.status] {
		return false
	}
	r.move("planning", s.opts.Clock())
	return true
}

// fail ends the run with a message in its log.
func (r *Run) fail(message string) {
	r.settle(RunSpec{Status: "errored", NoPlanJSON: true, Log: message + "\n"})
}

// prepare makes the directory that a job runs in.
func (s *Server) prepare(w *Workspace, spec RunSpec, configure fill) (*job, error) {
	root, err := os.MkdirTemp("", "standin-tfc-")
	if err != nil {
		return nil, err
	}
	s.tempDirs = append(s.tempDirs, root)
	if err := configure(root); err != nil {
		return nil, err
	}
	j := &job{binary: s.opts.Terraform, dir: filepath.Join(root, filepath.FromSlash(w.workingDir)), json: !s.opts.PlainLogs}
	j.env = slices.Concat(s.opts.Env, []string{
		"HOME=" + root, "TF_IN_AUTOMATION=1", "TF_INPUT=0", "CHECKPOINT_DISABLE=1",
		"TFC_RUN_ID=standin", "TF_WORKSPACE=default",
	})
	variables := map[string]string{}
	for _, v := range w.variables {
		switch {
		case v.Category == "env":
			j.env = append(j.env, v.Key+"="+v.Value)
		case v.HCL:
			variables[v.Key] = v.Value
		default:
			variables[v.Key] = string(hclwrite.TokensForValue(cty.StringVal(v.Value)).Bytes())
		}
	}
	for key, value := range spec.Variables {
		variables[key] = value
	}
	var tfvars strings.Builder
	for key, value := range variables {
		fmt.Fprintf(&tfvars, "%s = %s\n", key, value)
	}
	files := map[string][]byte{overrideFile: []byte(override), variablesFile: []byte(tfvars.String())}
	if v := w.state(); v != nil {
		files[stateFile] = v.body
	}
	for name, body := range files {
		if err := os.WriteFile(filepath.Join(j.dir, name), body, 0o600); err != nil {
			return nil, err
		}
	}
	return j, nil
}

// outcome is what a plan came to.
type outcome struct {
	spec      RunSpec
	generated bool
}

func (j *job) plan(ctx context.Context, spec RunSpec) outcome {
	errored := func() outcome {
		return outcome{spec: RunSpec{Status: "errored", NoPlanJSON: true, Log: j.log.String()}}
	}
	if j.init(ctx) != nil {
		return errored()
	}
	args := []string{"plan", "-input=false", "-lock=false", "-out=" + planFile}
	args = append(args, planArgs(spec)...)
	failed := j.run(ctx, &j.log, append(args, j.format())...) != nil
	var show bytes.Buffer
	if _, err := os.Stat(filepath.Join(j.dir, planFile)); err != nil || j.run(ctx, &show, "show", "-json", planFile) != nil {
		return errored()
	}
	result := spec
	result.PlanJSON, result.Log = show.Bytes(), j.log.String()
	if failed { // since Terraform 1.6 a plan with errors may leave a file behind
		result = RunSpec{Status: "errored", PlanJSON: result.PlanJSON, Log: result.Log}
	}
	_, err := os.Stat(filepath.Join(j.dir, generatedFile))
	return outcome{result, err == nil}
}

func planArgs(spec RunSpec) []string {
	var args []string
	for flag, on := range map[string]bool{
		"-refresh-only":                         spec.RefreshOnly,
		"-destroy":                              spec.IsDestroy,
		"-generate-config-out=" + generatedFile: spec.AllowConfigGeneration,
	} {
		if on {
			args = append(args, flag)
		}
	}
	for _, addr := range spec.TargetAddrs {
		args = append(args, "-target="+addr)
	}
	for _, addr := range spec.ReplaceAddrs {
		args = append(args, "-replace="+addr)
	}
	return args
}

// format is the flag that makes the log what the workspace's setting says.
func (j *job) format() string {
	if j.json {
		return "-json"
	}
	return "-no-color"
}

// init begins the log as the real service does: a few lines of plain text, also
// where JSON lines follow.
func (j *job) init(ctx context.Context) error {
	var text bytes.Buffer
	if err := j.run(ctx, &text, "version"); err == nil {
		version, _, _ := strings.Cut(text.String(), "\n\n")
		j.log.WriteString(strings.TrimSpace(version) + "\n")
	}
	j.log.WriteString("Initializing plugins and modules...\n")
	text.Reset()
	err := j.run(ctx, &text, "init", "-input=false", "-no-color")
	if err != nil {
		j.log.Write(text.Bytes())
	}
	return err
}

// run runs terraform once. What it prints on standard error joins the log.
func (j *job) run(ctx context.Context, stdout *bytes.Buffer, args ...string) error {
	cmd := exec.CommandContext(ctx, j.binary, args...)
	cmd.Dir, cmd.Env, cmd.Stdout = j.dir, j.env, stdout
	cmd.Stderr = stdout
	if args[0] == "show" {
		cmd.Stderr = &j.log
	}
	cmd.Cancel = func() error { return cmd.Process.Signal(os.Interrupt) }
	cmd.WaitDelay = 2 * time.Second // then it is killed
	if err := cmd.Run(); err != nil {
		return fmt.Errorf("terraform %s: %w: %s", args[0], err, strings.TrimSpace(stdout.String()))
	}
	return nil
}
