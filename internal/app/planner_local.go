package app

import (
	"bytes"
	"context"
	"errors"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	tfjson "github.com/hashicorp/terraform-json"

	"github.com/strandline-tf/strandline/internal/fetch/schema"
	"github.com/strandline-tf/strandline/internal/model"
	"github.com/strandline-tf/strandline/internal/prove"
	"github.com/strandline-tf/strandline/internal/userfault"
)

// localWorkspace is a configuration on this machine.
type localWorkspace struct {
	Root   string        // of the repository, or of whatever the configuration refers to by relative paths
	Folder string        // working directory within Root, with slashes; "." for Root itself
	State  string        // a state file to plan against; "": the state of the configuration's own backend
	Limit  time.Duration // for each plan
}

// localPlanner plans with the terraform program, in a copy of the repository:
// nothing is ever written where the copy was made from, state is read without
// a lock, and nothing is applied. It runs the program itself, since the package
// terraform-exec refuses TF_VAR_*, TF_WORKSPACE and TF_CLI_ARGS in the
// environment, by which users configure what is run here.
type localPlanner struct {
	p           *program
	terraform   string
	scratch     string // removed by Close
	folder      string // the working directory's copy
	env         []string
	limit       time.Duration
	initialized bool
	plain       bool              // init knows no -json, which came with Terraform 1.9
	covered     map[string][]byte // what the files of the last plan stand in place of; nil for nothing
}

// Names of files in the copy.
const (
	planFile      = "strandline.tfplan"
	generatedFile = "strandline_generated.tf"
	overrideFile  = "strandline_override.tf"
)

// localBackend overrides whatever backend or cloud block there is.
const localBackend = "terraform {\n  backend \"local\" {}\n}\n"

// terraformPatience is how long an interrupted terraform may take to end.
const terraformPatience = 10 * time.Second

// localPlanner copies a configuration. Close removes the copy.
func (p *program) localPlanner(w localWorkspace) (_ *localPlanner, err error) {
	l := &localPlanner{p: p, limit: w.Limit, covered: map[string][]byte{}}
	if l.terraform, err = exec.LookPath("terraform"); err != nil {
		return nil, userfault.Wrap(err, "install Terraform 1.5 or newer, or adopt without --verify", "a proof needs the terraform program")
	}
	if err := needTempOutside(w.Root); err != nil {
		return nil, err
	}
	if l.scratch, err = os.MkdirTemp("", "strandline-proof-"); err != nil {
		return nil, userfault.Wrap(err, "set TMPDIR to a folder that may be written", "a proof can't be prepared")
	}
	if err := l.prepare(w); err != nil {
		l.Close()
		return nil, err
	}
	return l, nil
}

// Close removes the copy.
func (l *localPlanner) Close() { _ = os.RemoveAll(l.scratch) }

func (l *localPlanner) prepare(w localWorkspace) error {
	tree := filepath.Join(l.scratch, "tree")
	if err := copyTree(w.Root, tree); err != nil {
		return userfault.Wrap(err, "a proof is made in a copy of it, in TMPDIR", "%s can't be copied", w.Root)
	}
	from := filepath.Join(w.Root, filepath.FromSlash(w.Folder))
	l.folder = filepath.Join(tree, filepath.FromSlash(w.Folder))
	data := filepath.Join(l.scratch, "data")
	if err := errors.Join(os.MkdirAll(l.folder, 0o700), os.Mkdir(data, 0o700)); err != nil {
		return userfault.Wrap(err, "", "a proof can't be prepared")
	}
	l.env = append(append(l.env, l.p.environ...), "TF_IN_AUTOMATION=1", "TF_INPUT=0", "CHECKPOINT_DISABLE=1", "TF_DATA_DIR="+data)
	if w.State == "" {
		// What `terraform init -backend-config` and `workspace select` left.
		for _, name := range []string{"terraform.tfstate", "environment"} {
			if err := copyFile(filepath.Join(from, ".terraform", name), filepath.Join(data, name)); err != nil && !errors.Is(err, fs.ErrNotExist) {
				return userfault.Wrap(err, "", "a proof can't be prepared")
			}
		}
		return nil
	}
	l.env = append(l.env, "TF_WORKSPACE=default")
	state := filepath.Join(l.folder, "terraform.tfstate")
	if err := os.Remove(state); err != nil && !errors.Is(err, fs.ErrNotExist) { // it may be a link
		return userfault.Wrap(err, "", "a proof can't be prepared")
	}
	if err := copyFile(w.State, state); err != nil {
		return userfault.Wrap(err, "name a file that can be read with --state", "a proof can't be prepared")
	}
	if err := os.WriteFile(filepath.Join(l.folder, overrideFile), []byte(localBackend), 0o600); err != nil {
		return userfault.Wrap(err, "", "a proof can't be prepared")
	}
	return nil
}

// Plan plans with files, as prove.Planner says.
func (l *localPlanner) Plan(ctx context.Context, files map[string][]byte, generate bool) (out prove.Outcome, err error) {
	ctx, cancel := l.limited(ctx)
	defer cancel()
	if out.Diagnostics, err = l.ready(ctx, files); err != nil || len(out.Diagnostics) > 0 {
		return out, err
	}
	args := []string{"plan", "-json", "-input=false", "-no-color", "-lock=false", "-out=" + planFile}
	if generate {
		args = append(args, "-generate-config-out="+generatedFile)
	}
	said, failed := l.run(ctx, args...)
	out.Diagnostics = l.diagnostics(said)
	if ctx.Err() != nil {
		return out, l.ended(ctx)
	}
	generated, _ := os.ReadFile(filepath.Join(l.folder, generatedFile)) // it is written only where asked for
	out.Generated = []byte(l.p.secrets.Text(string(generated)))
	if _, err := os.Stat(filepath.Join(l.folder, planFile)); err != nil {
		if failed != nil && len(out.Diagnostics) == 0 {
			return out, failed
		}
		return out, nil
	}
	shown, err := l.run(ctx, "show", "-json", "-no-color", planFile)
	if err != nil {
		return out, err
	}
	if out.Plan, err = l.p.decode(bytes.NewReader(shown)); err != nil {
		return out, userfault.Wrap(err, hint(err), "the plan of a proof can't be read")
	}
	out.Generated = []byte(l.p.secrets.Text(string(generated))) // now that the plan's are known
	return out, nil
}

// schemasWith makes the copy ready for files and asks for schemas.
func (l *localPlanner) schemasWith(ctx context.Context, files map[string][]byte, want func(typ string) bool) (*schema.Schemas, error) {
	limited, cancel := l.limited(ctx)
	defer cancel()
	wrong, err := l.ready(limited, files)
	if err != nil {
		return nil, err
	}
	if len(wrong) > 0 {
		return nil, userfault.New("run `terraform init` there by hand to see more", "terraform init failed: %s", oneLine(wrong[0].Summary+": "+wrong[0].Detail))
	}
	return l.schemas(ctx, want)
}

// schemas asks the providers of the configuration, which is initialised, what
// they know of the types that want says yes to, as schema.Read does.
func (l *localPlanner) schemas(ctx context.Context, want func(typ string) bool) (*schema.Schemas, error) {
	ctx, cancel := l.limited(ctx)
	defer cancel()
	said, err := l.run(ctx, "providers", "schema", "-json", "-no-color")
	if err != nil {
		return nil, err
	}
	known, err := schema.Read(said, want)
	if err != nil {
		return nil, userfault.Wrap(err, "", "the schemas that terraform prints can't be read")
	}
	return known, nil
}

// limited gives terraform the time that there is for a plan.
func (l *localPlanner) limited(ctx context.Context) (context.Context, context.CancelFunc) {
	if l.limit <= 0 {
		return context.WithCancel(ctx)
	}
	return context.WithTimeout(ctx, l.limit)
}

// ready places files and sees that the copy is initialised. The diagnostics
// are those of init.
func (l *localPlanner) ready(ctx context.Context, files map[string][]byte) ([]model.Diagnostic, error) {
	if err := l.place(files); err != nil {
		return nil, userfault.Wrap(err, "", "a proof can't be prepared")
	}
	if l.initialized {
		return nil, nil
	}
	wrong, err := l.init(ctx)
	l.initialized = err == nil && len(wrong) == 0
	return wrong, err
}

// place writes the files of a plan into the copy, and takes out those of the
// plan before it, with what that left.
func (l *localPlanner) place(files map[string][]byte) error {
	root, err := os.OpenRoot(l.folder)
	if err != nil {
		return err
	}
	defer root.Close()
	for _, name := range []string{planFile, generatedFile} {
		if err := root.Remove(name); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	for name, was := range l.covered {
		if was == nil {
			err = root.Remove(filepath.FromSlash(name))
		} else {
			err = root.WriteFile(filepath.FromSlash(name), was, 0o600)
		}
		if err != nil {
			return err
		}
		delete(l.covered, name)
	}
	for name, text := range files {
		at := filepath.FromSlash(name)
		was, err := root.ReadFile(at)
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
		if err := root.WriteFile(at, text, 0o600); err != nil {
			return err
		}
		l.covered[name] = was
	}
	return nil
}

// init initialises the copy. Errors in the configuration, which Terraform finds
// here already, are diagnostics; all others are about this machine, the
// backend or the registry.
func (l *localPlanner) init(ctx context.Context) ([]model.Diagnostic, error) {
	args := []string{"init", "-input=false", "-no-color"}
	if !l.plain {
		args = append(args, "-json")
	}
	said, err := l.run(ctx, args...)
	if err == nil || ctx.Err() != nil {
		return nil, err
	}
	if !l.plain && strings.Contains(err.Error(), "flag provided but not defined") {
		l.plain = true
		return l.init(ctx)
	}
	var about []model.Diagnostic
	for _, d := range l.diagnostics(said) {
		if d.Severity != "error" {
			continue
		}
		if d.Address != "" || d.File != "" {
			about = append(about, d)
		} else if len(about) == 0 {
			err = userfault.New("run `terraform init` there by hand to see more", "terraform init failed: %s", oneLine(d.Summary+": "+d.Detail))
		}
	}
	if len(about) > 0 {
		return about, nil
	}
	return nil, err
}

// run runs terraform and returns its standard output. Of its error output no
// more than the gist is told, and no secret.
func (l *localPlanner) run(ctx context.Context, args ...string) ([]byte, error) {
	cmd := exec.CommandContext(ctx, l.terraform, args...)
	cmd.Dir, cmd.Env = l.folder, l.env
	cmd.Cancel = func() error { return cmd.Process.Signal(os.Interrupt) }
	cmd.WaitDelay = terraformPatience
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	err := cmd.Run()
	if ctx.Err() != nil {
		return stdout.Bytes(), l.ended(ctx)
	}
	if err != nil {
		gist := l.p.secrets.Text(oneLine(strings.NewReplacer("╷", "", "│", "", "╵", "").Replace(stderr.String())))
		const most = 400
		if len(gist) > most {
			gist = strings.ToValidUTF8(gist[:most], "") + "…"
		}
		err = userfault.New("run it in the workspace's folder by hand to see more", "terraform %s failed: %s", args[0], gist)
	}
	return stdout.Bytes(), err
}

// ended says why a plan was not waited for.
func (l *localPlanner) ended(ctx context.Context) error {
	if errors.Is(ctx.Err(), context.DeadlineExceeded) {
		return userfault.New("see --wait", "terraform had not planned after %s", l.limit)
	}
	return ctx.Err()
}

// diagnostics reads Terraform's machine-readable output.
func (l *localPlanner) diagnostics(said []byte) []model.Diagnostic {
	var out []model.Diagnostic
	for line := range bytes.Lines(said) {
		m, err := tfjson.UnmarshalLogMessage(line)
		if err != nil {
			continue // a provider's print, say
		}
		if m, ok := m.(tfjson.DiagnosticLogMessage); ok {
			d := model.Diagnostic{Severity: string(m.Severity), Summary: l.p.secrets.Text(m.Summary),
				Detail: l.p.secrets.Text(m.Detail), Address: m.Address}
			if m.Range != nil {
				d.File, d.Line = filepath.ToSlash(m.Range.Filename), m.Range.Start.Line
			}
			out = append(out, d)
		}
	}
	return out
}
