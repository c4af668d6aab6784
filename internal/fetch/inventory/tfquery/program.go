package tfquery

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"github.com/hashicorp/go-version"

	"github.com/strandline-tf/strandline/internal/fetch/inventory"
	"github.com/strandline-tf/strandline/internal/fetch/schema"
	"github.com/strandline-tf/strandline/internal/model"
	"github.com/strandline-tf/strandline/internal/userfault"
)

// patience is how long an interrupted terraform may take to end its providers.
const patience = 10 * time.Second

// maxSchemas is how many bytes of schemas are read: those of all large clouds
// together have about a tenth of it.
const maxSchemas = 1 << 30

// program is the terraform program in one working directory. The package
// terraform-exec doesn't fit: it refuses TF_VAR_*, TF_WORKSPACE and TF_CLI_ARGS
// in the environment, by which users configure what is run here, and it drops
// resource_object's exact numbers.
type program struct {
	o       Options
	scratch string
	env     []string // beside o.Env
}

// command returns terraform with args, which is interrupted when ctx ends and
// killed when that doesn't help.
func (p *program) command(ctx context.Context, args ...string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, p.o.Terraform, args...)
	cmd.Dir = p.o.Dir
	cmd.Env = append(append(append([]string{}, p.o.Env...), "TF_IN_AUTOMATION=1", "TF_INPUT=0", "CHECKPOINT_DISABLE=1"), p.env...)
	cmd.Cancel = func() error { return cmd.Process.Signal(os.Interrupt) }
	cmd.WaitDelay = patience
	return cmd
}

// output runs terraform and returns what it prints.
func (p *program) output(ctx context.Context, args ...string) ([]byte, error) {
	cmd := p.command(ctx, args...)
	stdout, stderr := &bounded{max: maxSchemas}, &bounded{max: 64 << 10}
	cmd.Stdout, cmd.Stderr = stdout, stderr
	err := p.failure(ctx, cmd.Run(), stdout, stderr, args[0])
	return stdout.kept.Bytes(), err
}

// failure makes an error of how terraform ended.
func (p *program) failure(ctx context.Context, err error, stdout, stderr *bounded, command string) error {
	var exit *exec.ExitError
	switch {
	case ctx.Err() != nil:
		return ctx.Err()
	case err == nil && stdout.over:
		return userfault.New("", "terraform %s in %s printed more than %d MiB", command, p.o.Dir, maxSchemas>>20)
	case err == nil:
		return nil
	case errors.As(err, &exit):
		return userfault.New("run it there by hand to see more", "terraform %s in %s failed: %s", command, p.o.Dir, p.o.Secrets.Text(brief(stderr.kept.String())))
	}
	return userfault.Wrap(err, "install Terraform 1.14 or newer, or record its output and give that: --inventory terraform-query:FILE", "terraform %s can't be run in %s", command, p.o.Dir)
}

// brief returns the gist of Terraform's error text: its first error without the
// frame, in one line.
func brief(text string) string {
	if _, after, ok := strings.Cut(text, "Error: "); ok {
		text = after
		text, _, _ = strings.Cut(text, "╵")
	}
	text = strings.Join(strings.Fields(strings.ReplaceAll(text, "│", " ")), " ")
	const most = 400
	if runes := []rune(text); len(runes) > most {
		text = string(runes[:most]) + "…"
	}
	if text == "" {
		return "it said nothing"
	}
	return text
}

// firstWithQuery is the first version that has the command.
const firstWithQuery = "1.14.0"

// supported reports whether this terraform knows the command query.
func (p *program) supported(ctx context.Context) error {
	out, err := p.output(ctx, "version", "-json")
	if err != nil {
		return err
	}
	var said struct {
		Version string `json:"terraform_version"`
	}
	if json.Unmarshal(out, &said) != nil || said.Version == "" {
		return userfault.New("name the terraform program", "%s doesn't tell its version", p.o.Terraform)
	}
	v, err := version.NewVersion(said.Version)
	if err != nil || v.Core().LessThan(version.Must(version.NewVersion(firstWithQuery))) {
		return userfault.New("install Terraform 1.14 or newer, or use another --inventory: aws, file:FILE, terraformer:DIR",
			"terraform query needs Terraform 1.14, and this is %q", said.Version)
	}
	return nil
}

// data makes terraform keep its data in the scratch folder, unless the working
// directory is initialised or the environment names another. It reports whether it did.
func (p *program) data() bool {
	if lookup(p.o.Env, "TF_DATA_DIR") != "" {
		return false
	}
	if _, err := os.Stat(filepath.Join(p.o.Dir, ".terraform")); err == nil {
		return false
	}
	p.env = append(p.env, "TF_DATA_DIR="+filepath.Join(p.scratch, "data"))
	return true
}

// schemas asks the providers of the configuration what they offer, and
// initialises the working directory where that needs it.
func (p *program) schemas(ctx context.Context) (*schema.Schemas, error) {
	ask := func() ([]byte, error) { return p.output(ctx, "providers", "schema", "-json", "-no-color") }
	var out []byte
	err := errors.New("not initialised") // as data has it, then
	if len(p.env) == 0 {
		out, err = ask()
	}
	if err != nil && ctx.Err() == nil {
		if _, err = p.output(ctx, "init", "-input=false", "-no-color"); err == nil {
			out, err = ask()
		}
	}
	if err != nil {
		return nil, err
	}
	known, err := schema.Read(out, nil)
	if err != nil {
		return nil, userfault.Wrap(err, "", "the schemas that terraform prints in %s can't be read", p.o.Dir)
	}
	return known, nil
}

// query runs the query and reads what it finds as it comes.
func (p *program) query(ctx context.Context, known *schema.Schemas, yield func(model.Object) error) (inventory.Listing, error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	// With -json nothing is written to the file that is named; the configuration
	// comes with each object.
	cmd := p.command(ctx, "query", "-json", "-no-color", "-generate-config-out="+filepath.Join(p.scratch, "generated.tf"))
	stderr := &bounded{max: 64 << 10}
	cmd.Stderr = stderr
	stdout, err := cmd.StdoutPipe()
	if err == nil {
		err = cmd.Start()
	}
	if err != nil {
		return inventory.Listing{}, p.failure(ctx, err, &bounded{}, stderr, "query")
	}
	// A provider that outlives terraform may hold the pipe open.
	defer context.AfterFunc(ctx, func() { time.AfterFunc(patience, func() { stdout.Close() }) })()
	o := ReadOptions{Name: "terraform query in " + p.o.Dir, Limit: p.o.Limit, Secrets: p.o.Secrets, Schemas: known}
	l, err := Read(ctx, stdout, o, yield)
	if err != nil && !errors.Is(err, errNoOutput) {
		cancel()
		go io.Copy(io.Discard, stdout) // so that it can end in order; Wait ends this
		_ = cmd.Wait()                 // it was interrupted
		return l, err
	}
	failed := p.failure(ctx, cmd.Wait(), &bounded{}, stderr, "query")
	switch {
	case failed == nil:
		return l, err
	case ctx.Err() != nil:
		return l, failed
	case len(l.Types) == 0 && len(l.Problems) > 0:
		return l, userfault.New(l.Problems[0].Hint, "%s", l.Problems[0].Message)
	case len(l.Types) == 0:
		return l, failed
	case len(l.Problems) == 0:
		l.Problems = append(l.Problems, model.Problem{Message: failed.Error(), Hint: userfault.Hint(failed)})
	}
	return l, nil
}

// bounded keeps the first max bytes written to it.
type bounded struct {
	kept bytes.Buffer
	max  int
	over bool
}

func (b *bounded) Write(p []byte) (int, error) {
	room := min(len(p), b.max-b.kept.Len())
	b.over = b.over || room < len(p)
	b.kept.Write(p[:room])
	return len(p), nil
}
