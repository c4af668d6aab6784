// Package app is the program: START HERE. One file a command, and each command
// is an ordered list of stages, named as the folders are: fetch, judge,
// propose, render, sink.
//
// Before it comes cmd/strandline, which owns the process; after it come the
// stages. It is the only package that knows all of them, and it holds no
// logic of theirs: what a plan says is planjson's business, how a comment is
// written is the sink's.
package app

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"runtime/debug"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/strandline-tf/strandline/internal/config"
	"github.com/strandline-tf/strandline/internal/secret"
	"github.com/strandline-tf/strandline/internal/sink/actions"
	"github.com/strandline-tf/strandline/internal/userfault"
	"github.com/strandline-tf/strandline/internal/wire"
)

// program is one run of Strandline with everything it takes from outside.
type program struct {
	environ []string
	stdin   io.Reader
	stdout  io.Writer
	stderr  io.Writer // withholds secrets, and starts no workflow command
	raw     io.Writer // standard error itself, for workflow commands
	secrets *secret.Set
	clock   Clock
	log     *slog.Logger
	code    int // set by commands that end well with a code other than 0
}

// Clock is the time that the program lives in. Sleep returns early, with the
// context's error, when the context ends.
type Clock struct {
	Now   func() time.Time
	Sleep func(context.Context, time.Duration) error
}

// Main runs the program with args (without its name) and the environment as
// os.Environ gives it, and returns the exit code. It never panics: whatever
// goes wrong ends as one or two lines on stderr, without tokens or secrets.
func Main(ctx context.Context, args, environ []string, stdin io.Reader, stdout, stderr io.Writer) (code int) {
	return MainAt(ctx, Clock{time.Now, wire.Sleep}, args, environ, stdin, stdout, stderr)
}

// MainAt is Main with a clock of its own, so that a test need not wait as long
// as the program does.
func MainAt(ctx context.Context, clock Clock, args, environ []string, stdin io.Reader, stdout, stderr io.Writer) (code int) {
	secrets := &secret.Set{}
	errs := secret.NewWriter(actions.NewLogWriter(stderr), secrets)
	p := &program{
		environ: environ, stdin: stdin, stdout: stdout, stderr: errs, raw: stderr,
		secrets: secrets, clock: clock, log: slog.New(slog.DiscardHandler),
	}
	defer func() {
		if r := recover(); r != nil {
			p.complain(userfault.New("this is a defect of strandline: please report it with the command line and --log-level debug",
				"internal error: %v", r))
			p.log.Debug("internal error", "stack", string(debug.Stack()))
			code = userfault.CodeIncomplete
		}
		_ = errs.Flush()
	}()
	if len(args) == 0 {
		if command := config.ActionCommand(environ); command != "" {
			args = []string{command}
		}
	}
	root := p.root()
	root.SetArgs(args)
	err := root.ExecuteContext(ctx)
	if ctx.Err() != nil {
		p.complain(userfault.New("", "interrupted"))
		return userfault.CodeInterrupted
	}
	if err != nil {
		p.complain(err)
		return userfault.Code(err)
	}
	return p.code
}

// root builds the command tree.
func (p *program) root() *cobra.Command {
	root := &cobra.Command{
		Use:   "strandline",
		Short: "What Terraform will change, what changed behind its back, and what it has never heard of",
		Long: "Strandline reports what a pull request will do, from Terraform Cloud (HCP Terraform, Terraform Enterprise)\n" +
			"or plan JSON files, in one comment; what changed outside Terraform, in one issue; and what exists in no\n" +
			"state, with imports that a plan proves. All of it also on the terminal, in the job summary and as JSON.\n" +
			"Terraform Stacks are not covered.",
		SilenceErrors: true,
		SilenceUsage:  true,
		// Of cobra's suggestions; its default of 2 is set only for errors that
		// it makes itself.
		SuggestionsMinimumDistance: 2,
		Version:                    version(),
		Args:                       cobra.ArbitraryArgs,
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) > 0 {
				return unknownCommand(cmd, args[0])
			}
			return cmd.Help()
		},
	}
	root.SetOut(p.stdout)
	root.SetErr(p.stderr)
	root.SetFlagErrorFunc(func(cmd *cobra.Command, err error) error {
		return config.FlagFault(cmd.Flags(), err)
	})
	root.SetVersionTemplate("strandline {{.Version}}\n")
	root.AddCommand(p.planCommand(), p.driftCommand(), p.mergeCommand(), p.unmanagedCommand(), p.adoptCommand(), p.demoCommand(), p.schemaCommand(), p.versionCommand())
	strictHelp(root)
	return root
}

// strictHelp makes cobra's own commands treat a mistyped name as the mistake
// that it is.
func strictHelp(root *cobra.Command) {
	root.SetHelpCommand(&cobra.Command{
		Use:   "help [command]",
		Short: "Help about any command",
		RunE: func(_ *cobra.Command, args []string) error {
			about, rest, err := root.Find(args)
			if err != nil || len(rest) > 0 {
				return unknownCommand(root, args[0])
			}
			return about.Help()
		},
	})
	root.InitDefaultCompletionCmd()
	completion, _, err := root.Find([]string{"completion"})
	if err != nil {
		return
	}
	completion.RunE = func(cmd *cobra.Command, args []string) error {
		if len(args) > 0 {
			return userfault.Usage("see `strandline completion --help` for the shells", "no completion for %q", args[0])
		}
		return cmd.Help()
	}
	completion.Args = cobra.ArbitraryArgs
}

func unknownCommand(cmd *cobra.Command, name string) error {
	hint := "run `strandline help` for the commands"
	if near := cmd.SuggestionsFor(name); len(near) > 0 {
		hint = fmt.Sprintf("did you mean `strandline %s`? %s", near[0], hint)
	}
	return userfault.Usage(hint, "unknown command %q", name)
}

func (p *program) versionCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "version",
		Short: "Print the version",
		Args:  noArguments,
		RunE: func(cmd *cobra.Command, _ []string) error {
			_, err := fmt.Fprintf(p.stdout, "strandline %s\n", version())
			return err
		},
	}
}

// version is the module's version as the Go toolchain stamped it: the tag for
// a release, a pseudo-version for a build from a checkout, (devel) without
// version control.
func version() string {
	info, ok := debug.ReadBuildInfo()
	if !ok || info.Main.Version == "" {
		return "(devel)"
	}
	return info.Main.Version
}

func noArguments(cmd *cobra.Command, args []string) error {
	if len(args) > 0 {
		return userfault.Usage("see `"+cmd.CommandPath()+" --help`", "`%s` takes no arguments, got %q", cmd.CommandPath(), args[0])
	}
	return nil
}

// load reads the settings of a command and sets up the log accordingly.
func (p *program) load(cmd *cobra.Command, args []string) (*config.Config, error) {
	dir, err := os.Getwd()
	if err != nil {
		return nil, userfault.Wrap(err, "run strandline in a directory that exists", "the working directory can't be told")
	}
	cfg, err := config.Load(cmd.Flags(), cmd.Name(), args, p.environ, dir)
	if err != nil {
		return nil, err
	}
	p.secrets.AddToken(cfg.Secrets.Masks()...)
	var level slog.Level
	if err := level.UnmarshalText([]byte(cfg.LogLevel)); err != nil {
		return nil, userfault.Wrap(err, "", "--log-level")
	}
	options := &slog.HandlerOptions{Level: level}
	if cfg.LogFormat == "json" {
		p.log = slog.New(slog.NewJSONHandler(p.stderr, options))
	} else {
		p.log = slog.New(slog.NewTextHandler(p.stderr, options))
	}
	for _, w := range cfg.Warnings {
		if asksCloud(cfg) { // all are about servers and tokens
			p.log.Warn(w)
		}
	}
	return cfg, nil
}

// asksCloud reports whether Terraform Cloud is asked for anything, rather than
// files read.
func asksCloud(cfg *config.Config) bool {
	files := len(cfg.Plans) + len(cfg.ShardFiles) + len(cfg.States)
	return files == 0 || len(cfg.States) > 0 && cfg.TerraformCloud.Organization != ""
}

// complain tells err on standard error in one or two lines.
func (p *program) complain(err error) {
	for _, e := range flatten(err) {
		fmt.Fprintf(p.stderr, "strandline: %s\n", oneLine(e.Error()))
		if hint := userfault.Hint(e); hint != "" {
			fmt.Fprintf(p.stderr, "  %s\n", oneLine(hint))
		}
	}
}

// flatten takes joined errors apart.
func flatten(err error) []error {
	var joined interface{ Unwrap() []error }
	if errors.As(err, &joined) {
		var out []error
		for _, e := range joined.Unwrap() {
			out = append(out, flatten(e)...)
		}
		return out
	}
	return []error{err}
}

func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }
